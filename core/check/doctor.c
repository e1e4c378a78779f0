/* SPDX-License-Identifier: MIT */
#include "core/check/doctor.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/paths.h"
#include "core/base/settings.h"
#include "core/base/translate.h"
#include "core/check/check.h"
#include "core/code/courier.h"
#include "core/db/pg_program.h"
#include "core/db/rows.h"
#include "core/intake/format.h"
#include "core/people/pin.h"
#include "core/site/journal_key.h"
#include "core/site/seal_outside.h"
#include "core/site/site.h"
#include "core/site/writer_slot.h"

enum { SKEW_MS = 2000, LOW_BYTES = 1 << 30, NO_BYTES = 1 << 27 };

/* --- settings and key file ------------------------------------------------------------------------------ */

void doctor_settings(struct findings *findings)
{
    GError *unset = NULL, *unkeyed = NULL;
    struct pepper pepper;
    g_autofree char *path = paths_config("packline.conf");
    if (settings_check_file(NULL, &unset))
        findings_add(findings, FINDING_OK, "settings", NULL, _("configuration file %s"), path);
    findings_error(findings, "settings", unset);
    g_autofree char *timer = setting_host("timer", NULL, NULL);
    findings_add(findings, FINDING_OK, "settings", NULL, _("commands that write without a badge here: %s"),
                 timer && timer[0] ? timer : _("none"));
    if (pepper_load(NULL, &pepper, &unkeyed))
        findings_add(findings, FINDING_OK, "settings", NULL, "%s", _("the key file of the PINs is there"));
    findings_error(findings, "settings", unkeyed);
}

/* --- one value of the database -------------------------------------------------------------------------- */

struct probe {
    const char *what; /* for people */
    struct sql sql;
    const char *want; /* NULL: any */
    enum finding_level otherwise;
    const char *mend; /* N_() */
};

static void read_text(struct rows *rows, void *text)
{
    *(char **)text = g_strdup(rows_text(rows, 0));
}

static void probe(struct findings *findings, struct db *db, const struct probe *probe)
{
    GError *error = NULL;
    g_autofree char *value = NULL;
    rows_first(db_query(db, &probe->sql, DB_NO_ARGS, &error), read_text, &value, &error);
    if (findings_error(findings, "database", error))
        return;
    gboolean fine = !probe->want || (value && g_ascii_strcasecmp(value, probe->want) == 0);
    findings_add(findings, fine ? FINDING_OK : probe->otherwise, "database", fine ? NULL : _(probe->mend), "%s %s",
                 probe->what, value ? value : "-");
}

static const struct probe SQLITE_PROBES[] = {
    {"SQLite", {"doctor_sqlite_version", "SELECT sqlite_version()"}, NULL, FINDING_OK, NULL},
    {"journal_mode", {"doctor_journal_mode", "SELECT journal_mode FROM pragma_journal_mode"}, "wal", FINDING_BAD,
     N_("Run packline init once; it switches the database to WAL.")},
    {"synchronous", {"doctor_synchronous", "SELECT synchronous FROM pragma_synchronous"}, "2", FINDING_BAD,
     N_("Nothing is safe without FULL; check the SQLite build.")},
    {"foreign_keys", {"doctor_foreign_keys", "SELECT foreign_keys FROM pragma_foreign_keys"}, "1", FINDING_BAD,
     N_("Check the SQLite build.")},
};

static const struct probe POSTGRES_PROBES[] = {
    {"PostgreSQL", {"doctor_pg_version", "SELECT current_setting('server_version')"}, NULL, FINDING_OK, NULL},
    {"fsync", {"doctor_pg_fsync", "SELECT current_setting('fsync')"}, "on", FINDING_BAD,
     N_("Set fsync = on in postgresql.conf: without it a power cut loses or destroys work.")},
    {"full_page_writes", {"doctor_pg_pages", "SELECT current_setting('full_page_writes')"}, "on", FINDING_BAD,
     N_("Set full_page_writes = on in postgresql.conf.")},
    {"synchronous_commit", {"doctor_pg_commit", "SELECT current_setting('synchronous_commit')"}, "on", FINDING_BAD,
     N_("Set synchronous_commit = on: what the screen says is saved must be saved.")},
    {"server_encoding", {"doctor_pg_encoding", "SELECT current_setting('server_encoding')"}, "UTF8", FINDING_BAD,
     N_("Make the database anew with ENCODING 'UTF8'.")},
    {"superuser", {"doctor_pg_super", "SELECT current_setting('is_superuser')"}, "off", FINDING_WARN,
     N_("Give packline a role of its own without superuser rights.")},
};

/* --- clock ---------------------------------------------------------------------------------------------- */

static gboolean read_ms(struct findings *findings, struct db *db, const struct sql *sql, int64_t *ms)
{
    GError *error = NULL;
    db_get_ints(db, sql, DB_NO_ARGS, ms, 1, &error);
    return !findings_error(findings, "clock", error);
}

static void clock_skew(struct findings *findings, struct db *db)
{
    static const struct sql NOW = {"doctor_pg_now",
                                   "SELECT CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"};
    int64_t server = 0, before = clock_now(NULL);
    if (!read_ms(findings, db, &NOW, &server))
        return;
    int64_t here = (before + clock_now(NULL)) / 2;
    findings_add(findings, llabs(here - server) <= SKEW_MS ? FINDING_OK : FINDING_BAD, "clock",
                 _("Let both machines set their clocks by NTP (systemd-timesyncd or chrony)."),
                 _("this machine is %+lld ms from the server"), (long long)(here - server));
}

/* A journal row from the future means that this clock, or the one of the station that wrote it, is wrong. */
static void clock_journal(struct findings *findings, struct db *db)
{
    static const struct sql LAST = {"doctor_journal_last", "SELECT COALESCE(MAX(at), 0) FROM journal"};
    int64_t last = 0, now = clock_now(NULL);
    if (!read_ms(findings, db, &LAST, &last))
        return;
    gboolean fine = last <= now + SKEW_MS;
    findings_add(
        findings, fine ? FINDING_OK : FINDING_BAD, "clock", _("Correct this machine's clock; let it be set by NTP."),
        fine ? _("the clock is not behind the journal (%lld s)") : _("the journal is ahead of this clock by %lld s"),
        (long long)(fine ? now - last : last - now) / 1000);
}

/* --- number ranges -------------------------------------------------------------------------------------- */

struct numbers_left {
    struct findings *findings;
    guint ranges;
};

static void read_left(struct rows *rows, void *data)
{
    struct numbers_left *all = data;
    int64_t left = rows_int(rows, 2);
    enum finding_level low = left > 0 ? FINDING_WARN : FINDING_BAD;
    findings_add(all->findings, left >= rows_int(rows, 3) ? FINDING_OK : low, "numbers",
                 _("Ask the courier for numbers; packline import ranges FILE."), _("%s (%s): %lld waybill numbers left"),
                 rows_text(rows, 0), number_kind_label(rows_text(rows, 1)), (long long)left);
    all->ranges++;
}

static void numbers(struct findings *findings, struct db *db)
{
    static const struct sql LEFT = {
        "doctor_numbers",
        "SELECT courier, kind, CAST(SUM(CASE WHEN source = 'range' THEN last - next + 1 ELSE (SELECT COUNT(*) "
        "FROM waybill w WHERE w.range_id = r.id AND w.state = 'free') END) AS BIGINT), MAX(low_mark) "
        "FROM waybill_range r WHERE active = 1 GROUP BY courier, kind ORDER BY courier, kind"};
    GError *error = NULL;
    struct numbers_left all = {findings, 0};
    rows_each(db_query(db, &LEFT, DB_NO_ARGS, &error), read_left, &all, &error);
    if (!findings_error(findings, "numbers", error) && all.ranges == 0)
        findings_add(findings, FINDING_WARN, "numbers",
                     _("packline import ranges FILE, for couriers whose numbers are ours to give."), "%s",
                     _("no number ranges are there yet"));
}

/* --- the floor ------------------------------------------------------------------------------------------ */

static void invariants(struct findings *findings, struct db *db)
{
    guint violations = 0;
    GError *error = NULL;
    check_quick(db, clock_now(NULL), &violations, &error);
    if (!findings_error(findings, "floor", error))
        findings_add(findings, violations ? FINDING_BAD : FINDING_OK, "floor",
                     _("packline check says which; keep the database file as it is and call for help."),
                     _("quick look at the invariants: %u violations"), violations);
}

static void writers(struct findings *findings, struct db *db)
{
    GError *error = NULL;
    int held = writer_slots_held(db, &error);
    if (!findings_error(findings, "floor", error))
        findings_add(findings, held < WRITER_SLOTS_MANY ? FINDING_OK : FINDING_WARN, "floor",
                     _("packline station list shows by whom; end what is not needed, or packline station free."),
                     _("%d of %d writer slots are held"), held, ID_WRITERS);
}

static void read_copy(struct rows *rows, void *data)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(rows_text(rows, 1));
    g_autofree char *at = zone ? clock_format(zone, rows_int(rows, 0), "%Y-%m-%d %H:%M") : g_strdup("?");
    if (rows_int(rows, 0))
        findings_add(data, FINDING_WARN, "floor", _("Work on the floor itself; from a copy nothing is printed or exported."),
                     _("this is a copy of the floor as it was on %s"), at);
}

static void copy(struct findings *findings, struct db *db)
{
    static const struct sql COPY = {"doctor_copy", "SELECT " COPY_OF("w.id") ", w.time_zone FROM warehouse w WHERE w.active = 1"};
    GError *error = NULL;
    rows_each(db_query(db, &COPY, DB_NO_ARGS, &error), read_copy, findings, &error);
    findings_error(findings, "floor", error);
}

struct backup_state {
    int64_t at, since, hours;
    GTimeZone *zone;
};

static void read_backup(struct rows *rows, void *data)
{
    struct backup_state *state = data;
    *state = (struct backup_state){rows_int(rows, 0), rows_int(rows, 1), rows_is_null(rows, 2) ? setting_default_int("backup_max_hours")
                                   : g_ascii_strtoll(rows_text(rows, 2), NULL, 10),
                                   g_time_zone_new_identifier(rows_text(rows, 3))};
}

/* A backup on a server is made and brought back by its own programs. */
static void backup_programs(struct findings *findings)
{
    static const char *const NEEDED[] = {"pg_dump", "pg_restore", "psql"};
    for (size_t i = 0; i < G_N_ELEMENTS(NEEDED); i++) {
        g_autofree char *path = pg_program(NEEDED[i]);
        if (!path)
            findings_add(findings, FINDING_WARN, "backup", _("Install the package postgresql-client."),
                         _("the program %s is not on this machine: no backup can be made or brought back"), NEEDED[i]);
    }
}

static const char *backup_mend(void)
{
    static const char TIMER[] = "/etc/systemd/system/timers.target.wants/packline-backup.timer";
    return g_file_test(TIMER, G_FILE_TEST_IS_SYMLINK)
               ? _("systemctl status packline-backup says why its timer made none; packline backup makes one now.")
               : _("packline backup makes one; systemctl enable --now packline-backup.timer does it every night.");
}

static void backups(struct findings *findings, struct db *db)
{
    static const struct sql BACKUP = {
        "doctor_backup", "SELECT " BACKUP_OF("w.id") ", " BACKUP_SINCE ", (SELECT s.value FROM setting s WHERE s.warehouse_id = w.id "
                         "AND s.name = 'backup_max_hours'), w.time_zone FROM warehouse w WHERE w.active = 1 AND w.is_demo = 0 "
                         "AND " COPY_OF("w.id") " = 0"};
    GError *error = NULL;
    struct backup_state state = {.at = 0};
    int found = rows_first(db_query(db, &BACKUP, DB_NO_ARGS, &error), read_backup, &state, &error);
    int64_t limit = backup_limit(clock_now(NULL), state.hours);
    gboolean fine = (state.at ? state.at : state.since) >= limit;
    g_autofree char *at = found > 0 && state.at && state.zone ? clock_format(state.zone, state.at, "%Y-%m-%d %H:%M")
                                                             : g_strdup(_("never made"));
    if (!findings_error(findings, "backup", error) && found > 0)
        findings_add(findings, fine ? FINDING_OK : FINDING_WARN, "backup", backup_mend(), _("last good backup: %s"), at);
    if (found > 0 && db_engine_of(db) == DB_POSTGRES)
        backup_programs(findings);
    g_clear_pointer(&state.zone, g_time_zone_unref);
}

static void read_seal_to(struct rows *rows, void *place)
{
    *(char **)place = g_strdup(rows_text(rows, 0));
}

static void second_place(struct findings *findings, struct db *db, gboolean wanted)
{
    static const struct sql PLACE = {"doctor_seal_to", "SELECT value FROM setting WHERE name = 'seal_to' AND value <> ''"};
    GError *error = NULL;
    char *place = NULL;
    if (rows_first(db_query(db, &PLACE, DB_NO_ARGS, &error), read_seal_to, &place, &error) >= 0 && place)
        seal_place_check(place, &error);
    if (findings_error(findings, "journal", error))
        ; /* said */
    else if (place)
        findings_add(findings, FINDING_OK, "journal", NULL, _("each day's seal goes to %s as well"), place);
    else if (wanted)
        findings_add(findings, FINDING_WARN, "journal",
                     _("packline settings seal_to syslog, or a file on another host: who cuts the journal's end off is found out by it."),
                     "%s", _("the daily seals stand in the database alone"));
    g_free(place);
}

/* On this machine whoever gets in finds it too. */
static void first_key(struct findings *findings, struct db *db)
{
    GError *error = NULL;
    struct journal_key key;
    journal_key_load(db, &key, &error);
    if (findings_error(findings, "journal", error))
        return;
    g_autofree char *path = journal_key_path(key.mark);
    gboolean is_here = key.epoch > 0 && g_file_test(path, G_FILE_TEST_EXISTS);
    if (key.epoch == 0)
        findings_add(findings, FINDING_WARN, "journal",
                     _("It gets one with the next seal, if the configuration directory can be written."), "%s",
                     _("the journal has no key yet: who may write the database could rewrite it"));
    else
        findings_add(findings, is_here ? FINDING_WARN : FINDING_OK, "journal",
                     _("Keep it elsewhere, and take it away here; packline check --journal-key FILE wants it back for a look."),
                     is_here ? _("the journal's first key is still here: %s") : _("the journal's first key (floor %s) is not on this machine"),
                     is_here ? path : key.mark);
}

/* A demo floor and a copy are nobody's books: nothing is asked of them. */
static void journal(struct findings *findings, struct db *db)
{
    static const struct sql IS_REAL = {"doctor_is_real", "SELECT COUNT(*) FROM warehouse w WHERE w.active = 1 AND w.is_demo = 0 AND "
                                                         COPY_OF("w.id") " = 0"};
    GError *error = NULL;
    int64_t real = 0;
    db_get_ints(db, &IS_REAL, DB_NO_ARGS, &real, 1, &error);
    if (findings_error(findings, "journal", error))
        return;
    if (real)
        first_key(findings, db);
    second_place(findings, db, real != 0);
}

/* Of a floor that is older than its history: how much of it is taken over, as long as that is not all. */
static void history(struct findings *findings, struct db *db)
{
    static const struct sql TAKEN_OVER = {
        "doctor_history", "SELECT (SELECT COUNT(*) FROM shipment s WHERE EXISTS (SELECT 1 FROM difference d WHERE d.subject_id = "
                          "s.id)), (SELECT COUNT(*) FROM shipment) WHERE NOT EXISTS "
                          "(SELECT 1 FROM counter WHERE name = 'history' AND value >= 2)"};
    GError *error = NULL;
    int64_t count[2] = {0, 0};
    db_get_ints(db, &TAKEN_OVER, DB_NO_ARGS, count, 2, &error);
    if (!findings_error(findings, "floor", error) && count[1] > 0)
        findings_add(findings, FINDING_WARN, "floor",
                     _("packline init goes on with it; else everybody waits for it at the next scan."),
                     _("this floor is older than its history: %lld of %lld shipments are taken over"), (long long)count[0],
                     (long long)count[1]);
}

static void schema(struct findings *findings, const char *url)
{
    GError *error = NULL;
    g_autoptr(db) db = db_open(url, DB_USE, &error);
    if (findings_error(findings, "database", error))
        return;
    findings_add(findings, FINDING_OK, "database", NULL, "%s", _("the schema is this program's"));
    copy(findings, db);
    history(findings, db);
    backups(findings, db);
    journal(findings, db);
    clock_journal(findings, db);
    numbers(findings, db);
    invariants(findings, db);
    writers(findings, db);
}

void doctor_database(struct findings *findings, const char *url)
{
    GError *error = NULL;
    g_autoptr(db) db = db_open(url, DB_INSPECT, &error);
    if (findings_error(findings, "database", error))
        return;
    gboolean sqlite = db_engine_of(db) == DB_SQLITE;
    findings_add(findings, FINDING_OK, "database", NULL, "%s", url);
    const struct probe *probes = sqlite ? SQLITE_PROBES : POSTGRES_PROBES;
    for (guint i = 0; i < (sqlite ? G_N_ELEMENTS(SQLITE_PROBES) : G_N_ELEMENTS(POSTGRES_PROBES)); i++)
        probe(findings, db, &probes[i]);
    if (!sqlite)
        clock_skew(findings, db);
    schema(findings, url);
}

/* --- disk ----------------------------------------------------------------------------------------------- */

static void free_space(struct findings *findings, const char *dir)
{
    struct statvfs info;
    if (statvfs(dir, &info) != 0)
        return;
    if (info.f_flag & ST_RDONLY)
        findings_add(findings, FINDING_BAD, "disk", _("Mount it writable, or move the database elsewhere."),
                     _("%s is on a file system that is mounted read-only"), dir);
    guint64 bytes = (guint64)info.f_bavail * info.f_frsize;
    g_autofree char *size = g_format_size(bytes);
    findings_add(findings, bytes < NO_BYTES ? FINDING_BAD : bytes < LOW_BYTES ? FINDING_WARN : FINDING_OK, "disk",
                 _("Free space, or move the database to a larger disk."), _("%s free in %s"), size, dir);
}

static void private_to_us(struct findings *findings, const char *path, const char *mend)
{
    struct stat info;
    if (stat(path, &info) == 0)
        findings_add(findings, info.st_mode & 077 ? FINDING_WARN : FINDING_OK, "disk", mend, _("%s has mode %04o"), path,
                     info.st_mode & 07777U);
}

/* The path, or as much of it as is there. Takes it over. */
static char *existing_part(char *path)
{
    while (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_autofree char *below = path;
        path = g_path_get_dirname(below);
    }
    return path;
}

void doctor_disk(struct findings *findings, const char *url)
{
    if (g_str_has_prefix(url, "sqlite:")) {
        const char *path = url + strlen("sqlite:");
        g_autofree char *dir = g_path_get_dirname(path);
        free_space(findings, dir);
        private_to_us(findings, dir, _("chmod 0700: whoever may write the database may rewrite everything."));
        private_to_us(findings, path, _("chmod 0600: names and addresses are in it."));
    } else {
        g_autofree char *state = existing_part(paths_state(""));
        free_space(findings, state);
    }
}

/* --- couriers and shops --------------------------------------------------------------------------------- */

void doctor_couriers(struct findings *findings)
{
    GError *error = NULL;
    g_autoptr(courier_list) couriers = couriers_load(NULL, &error);
    if (!findings_error(findings, "couriers", error))
        findings_add(findings, FINDING_OK, "couriers", NULL, _("%u couriers are described"), couriers_count(couriers));
}

void doctor_shops(struct findings *findings)
{
    GError *error = NULL;
    g_autoptr(GPtrArray) formats = shop_formats_load(NULL, &error);
    if (!findings_error(findings, "shops", error))
        findings_add(findings, FINDING_OK, "shops", NULL, _("%u shop formats are described"), formats->len);
}

/* --- printers ------------------------------------------------------------------------------------------- */

gboolean doctor_printers(const char *url, doctor_printer_visit fn, void *data)
{
    static const struct sql PRINTERS = {
        "doctor_printers", "SELECT name, uri, host, state, state_text FROM printer WHERE active = 1 ORDER BY name"};
    g_autoptr(db) db = db_open(url, DB_USE, NULL);
    struct rows *rows = db ? db_query(db, &PRINTERS, DB_NO_ARGS, NULL) : NULL;
    int more;
    while ((more = rows_next(rows, NULL)) > 0) {
        const struct doctor_printer printer = {rows_text(rows, 0), rows_text(rows, 1), rows_text(rows, 2),
                                               rows_text(rows, 3), rows_text(rows, 4)};
        fn(&printer, data);
    }
    return more == 0;
}

/* SPDX-License-Identifier: MIT
 *
 * The journal's key, attacked: rows of other days given to somebody else with every hash made anew, the end cut off, a writer
 * erased, seals taken away. What rings, with the first key and without, and what is said of what can't be proven.
 */
#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/check/check.h"
#include "core/check/doctor.h"
#include "core/db/rows.h"
#include "core/site/first_rows.h"
#include "core/site/journal.h"
#include "core/site/journal_key.h"
#include "core/site/seal.h"
#include "core/site/seal_outside.h"
#include "core/site/site_setting.h"
#include "core/view/alerts.h"
#include "tests/support/clock_manual.h"
#include "tests/support/testdb.h"

#define DAY_MS INT64_C(86400000)
#define NOW_MS INT64_C(1800000000000)

struct room {
    struct testdb *test;
    struct clock_manual clock;
    struct db *db;
    GString *said;  /* "check: what" and "check told" lines of the last look */
    char *key_path; /* where the program has put the first key */
};

/* Somebody sets something, twice, and ends. */
static void work(struct room *room, const char *name)
{
    GError *error = NULL;
    struct site *site = site_open(room->test->url, name, &room->clock.clock, &error);
    g_assert_no_error(error);
    const struct actor by = {.person_id = site->system_person_id};
    for (int i = 0; i < 2; i++)
        g_assert_true(site_setting_set(site, &by, "labels_per_cups_job", i ? "20" : "30", &error));
    site_close(site);
}

/* Work on three days; the key is of the second, which closes the first. */
static void room_open(struct room *room, struct testdb *test)
{
    static const struct site_names NAMES = {"TY", "Taoyuan", "Asia/Taipei", "OWN", "Own", FALSE};
    struct journal_key key;
    GError *error = NULL;
    *room = (struct room){.test = test, .said = g_string_new(NULL)};
    clock_manual_init(&room->clock, NOW_MS);
    g_assert_true(site_create(test->url, &NAMES, &room->clock.clock, &error));
    room->db = testdb_open(test);
    for (int day = 0; day < 3; day++, room->clock.now_utc_ms += DAY_MS)
        work(room, "import");
    room->clock.now_utc_ms -= DAY_MS;
    g_assert_true(journal_key_load(room->db, &key, &error));
    g_assert_cmpint(key.epoch, ==, 2);
    room->key_path = journal_key_path(key.mark);
    testdb_script(room->db, test->engine == DB_SQLITE
                                ? "DROP TRIGGER journal_no_update; DROP TRIGGER journal_no_delete; DROP TRIGGER seal_no_update; "
                                  "DROP TRIGGER seal_no_delete"
                                : "ALTER TABLE journal DISABLE TRIGGER USER; ALTER TABLE seal DISABLE TRIGGER USER");
}

static void room_close(struct room *room)
{
    db_close(room->db);
    unlink(room->key_path);
    g_free(room->key_path);
    g_string_free(room->said, TRUE);
}

static void note(const struct check_info *info, const char *what, void *data)
{
    struct room *room = data;
    g_string_append_printf(room->said, "%s: %s\n", info->name, what);
}

static void note_told(const struct check_info *info, guint violations, const char *told, void *data)
{
    struct room *room = data;
    (void)violations;
    if (told)
        g_string_append_printf(room->said, "%s told %s\n", info->name, told);
}

static enum err look(struct room *room, const char *key, const char *seals)
{
    const struct check_way way = {.depth = CHECK_NORMAL, .now_utc_ms = room->clock.now_utc_ms, .journal_key = key, .seals = seals,
                                  .report = note, .done = note_told, .data = room};
    GError *error = NULL;
    guint violations = 0;
    g_string_truncate(room->said, 0);
    check_run(room->db, &way, &violations, &error);
    enum err code = err_code(error);
    g_clear_error(&error);
    return code;
}

static void is_said(const struct room *room, const char *words, gboolean wanted)
{
    if ((strstr(room->said->str, words) != NULL) != wanted)
        g_error("'%s' is %s:\n%s", words, wanted ? "not said" : "said", room->said->str);
}
#define SAYS(room, words) is_said(room, words, TRUE)
#define IS_SILENT(room, words) is_said(room, words, FALSE)

/* --- who may write the database, and has this program's source ------------------------------------------- */

struct row {
    int writer;
    int64_t sequence;
    struct journal_row row;
    char *texts[5];
    void *seals;
    unsigned char hash[SITE_HASH_BYTES];
};

static void read_row(struct rows *rows, void *data)
{
    struct row *row = data;
    size_t length = 0;
    const void *seals = rows_is_null(rows, 16) ? NULL : rows_blob(rows, 16, &length);
    row->writer = (int)rows_int(rows, 0);
    row->sequence = rows_int(rows, 1);
    for (int i = 0; i < 5; i++)
        row->texts[i] = g_strdup(rows_text(rows, (const int[]){4, 5, 7, 8, 15}[i]));
    row->seals = g_memdup2(seals, length);
    row->row = (struct journal_row){.at = rows_int(rows, 2), .event_key = rows_int(rows, 3), .event = row->texts[0],
                                    .machine = row->texts[1], .subject_id = rows_int(rows, 6), .from_state = row->texts[2],
                                    .to_state = row->texts[3], .shipment_id = rows_int(rows, 9), .version = rows_int(rows, 10),
                                    .code = (int)rows_int(rows, 14), .detail = row->texts[4], .seals = row->seals,
                                    .actor = {.person_id = rows_int(rows, 11), .approver_id = rows_int(rows, 12),
                                              .station_id = rows_int(rows, 13)},
                                    .seals_length = length};
}

static void clear_row(gpointer data)
{
    struct row *row = data;
    for (int i = 0; i < 5; i++)
        g_free(row->texts[i]);
    g_free(row->seals);
}

static void forge(struct room *room, const struct sql *sql, const struct db_value *args, size_t count)
{
    GError *error = NULL;
    db_exec(room->db, sql, args, count, NULL, &error);
    g_assert_no_error(error);
}

static GArray *all_rows(struct room *room)
{
    static const struct sql ROWS = {
        "forge_rows", "SELECT writer, sequence, at, event_key, event, machine, subject_id, from_state, to_state, shipment_id, version, "
                      "person_id, approver_id, station_id, code, detail, seals FROM journal ORDER BY writer, sequence"};
    GError *error = NULL;
    GArray *all = rows_list(db_query(room->db, &ROWS, DB_NO_ARGS, &error), sizeof(struct row), read_row, &error);
    g_assert_no_error(error);
    g_array_set_clear_func(all, clear_row);
    return all;
}

/* Every hash of every row, and the head of each writer. */
static void forge_chain(struct room *room, GArray *all)
{
    static const struct sql HASH = {"forge_hash", "UPDATE journal SET hash = $3 WHERE writer = $1 AND sequence = $2"};
    static const struct sql HEAD = {"forge_head", "UPDATE writer SET head = $2, sequence = $3 WHERE slot = $1"};
    static const unsigned char zero[SITE_HASH_BYTES];
    for (guint i = 0; i < all->len; i++) {
        struct row *row = &g_array_index(all, struct row, i), *last = i ? row - 1 : NULL;
        journal_hash(last && last->writer == row->writer ? last->hash : zero, row->writer, row->sequence, &row->row, row->hash);
        forge(room, &HASH, DB_ARGS(row->writer, row->sequence, db_blob(row->hash, sizeof row->hash)));
        forge(room, &HEAD, DB_ARGS(row->writer, db_blob(row->hash, sizeof row->hash), row->sequence));
    }
}

static void read_heads(struct rows *rows, void *heads)
{
    g_ptr_array_add(heads, g_strdup(rows_text(rows, 0)));
    g_ptr_array_add(heads, g_strdup(rows_text(rows, 1)));
}

static const struct row *row_of(const GArray *all, const char *head)
{
    g_auto(GStrv) part = g_strsplit(head, ":", 3);
    for (guint i = 0; i < all->len; i++) {
        const struct row *row = &g_array_index(all, struct row, i);
        if (row->writer == atoi(part[0]) && row->sequence == g_ascii_strtoll(part[1], NULL, 10))
            return row;
    }
    return NULL;
}

/* Every seal, but for the code that its key made. */
static void forge_seals(struct room *room, const GArray *all)
{
    static const struct sql HEADS = {"forge_heads", "SELECT sealed_on, heads FROM seal ORDER BY sealed_on"};
    static const struct sql SEAL = {"forge_seal", "UPDATE seal SET heads = $2, hash = $3 WHERE sealed_on = $1"};
    unsigned char before[SITE_HASH_BYTES] = {0}, hash[SITE_HASH_BYTES];
    g_autoptr(GPtrArray) seals = g_ptr_array_new_with_free_func(g_free);
    g_assert_true(rows_each(db_query(room->db, &HEADS, DB_NO_ARGS, NULL), read_heads, seals, NULL));
    for (guint i = 0; i < seals->len; i += 2) {
        g_auto(GStrv) heads = g_strsplit(seals->pdata[i + 1], ";", -1);
        g_autoptr(GString) forged = g_string_new(NULL);
        for (guint j = 0; heads[j] && heads[j][0]; j++) {
            char hex[2 * SITE_HASH_BYTES + 1];
            const struct row *row = row_of(all, heads[j]);
            sodium_bin2hex(hex, sizeof hex, row->hash, sizeof row->hash);
            g_string_append_printf(forged, "%d:%" G_GINT64_FORMAT ":%s;", row->writer, row->sequence, hex);
        }
        seal_hash(before, forged->str, hash);
        forge(room, &SEAL, DB_ARGS(g_ascii_strtoll(seals->pdata[i], NULL, 10), forged->str, db_blob(hash, sizeof hash)));
        memcpy(before, hash, sizeof before);
    }
}

/* The code of what was written since the last seal, by the key that stands in the database. */
static void forge_codes(struct room *room, const GArray *all, int64_t sealed)
{
    static const struct sql CODE = {"forge_code", "UPDATE writer SET mac = $2 WHERE slot = $1"};
    unsigned char own[JOURNAL_KEY_BYTES], mac[JOURNAL_KEY_BYTES];
    struct journal_key key;
    g_assert_true(journal_key_load(room->db, &key, NULL));
    journal_key_of_writer(key.key, 0, own);
    journal_key_begin(own, mac);
    for (guint i = 0; i < all->len; i++)
        if (g_array_index(all, struct row, i).writer == 0 && g_array_index(all, struct row, i).sequence > sealed)
            journal_key_row(own, g_array_index(all, struct row, i).hash, mac);
    forge(room, &CODE, DB_ARGS(0, db_blob(mac, sizeof mac)));
}

/* Gives the row of writer 0 to somebody else, and makes all anew that a hash needs. */
static void give_away(struct room *room, int64_t sequence, gboolean with_key, int64_t sealed)
{
    static const struct sql GIVE = {"forge_person", "UPDATE journal SET person_id = 77 WHERE writer = 0 AND sequence = $1"};
    forge(room, &GIVE, DB_ARGS(sequence));
    g_autoptr(GArray) all = all_rows(room);
    forge_chain(room, all);
    forge_seals(room, all);
    if (with_key)
        forge_codes(room, all, sealed);
    look(room, NULL, NULL);
    IS_SILENT(room, "journal-chain:");
    IS_SILENT(room, "journal-head:");
    IS_SILENT(room, "seals:"); /* so far the forger has thought of everything */
}

static int64_t sealed_rows(struct room *room)
{
    static const struct sql HEADS = {"sealed_heads", "SELECT heads, '' FROM seal ORDER BY sealed_on DESC LIMIT 1"};
    g_autoptr(GPtrArray) heads = g_ptr_array_new_with_free_func(g_free);
    g_assert_true(rows_each(db_query(room->db, &HEADS, DB_NO_ARGS, NULL), read_heads, heads, NULL));
    return g_ascii_strtoll(strchr(heads->pdata[0], ':') + 1, NULL, 10);
}

/* --- the attacks ------------------------------------------------------------------------------------------ */

static void untouched_is_silent(struct testdb *test)
{
    struct room room;
    room_open(&room, test);
    g_assert_cmpint(look(&room, NULL, NULL), ==, ERR_NONE);
    IS_SILENT(&room, "journal-keys:");
    SAYS(&room, "journal-keys told sealed up to 2027-01-17");
    SAYS(&room, "can be proven only after the next seal");
    g_assert_cmpint(testdb_int(room.db, "SELECT COUNT(*) FROM seal WHERE mac IS NOT NULL"), ==, 2);
    room_close(&room);
}

/* With the key of today, and without; of a day of before the key, and of one after it. */
static void yesterday_is_out_of_reach(struct testdb *test)
{
    for (int with_key = 0; with_key < 2; with_key++) {
        struct testdb *own = testdb_new(test->engine);
        struct room room;
        room_open(&room, own);
        int64_t sealed = sealed_rows(&room);
        give_away(&room, with_key ? 2 : sealed, with_key, sealed);
        SAYS(&room, "journal-keys: day=");
        room_close(&room);
        testdb_free(own);
    }
}

/* The first key is kept elsewhere: without it the sealed days can't be proven, and that is said; with it they ring. */
static void first_key_elsewhere(struct testdb *test)
{
    struct room room;
    GError *error = NULL;
    room_open(&room, test);
    g_autofree char *elsewhere = g_build_filename(test->dir, "first-key", NULL), *text = NULL;
    g_assert_true(g_file_get_contents(room.key_path, &text, NULL, &error));
    g_assert_true(g_file_set_contents(elsewhere, text, -1, &error));
    g_assert_cmpint(unlink(room.key_path), ==, 0);
    int64_t sealed = sealed_rows(&room);
    give_away(&room, sealed, TRUE, sealed);
    IS_SILENT(&room, "journal-keys:");
    SAYS(&room, "which only the first key proves (--journal-key); it is not here");
    look(&room, elsewhere, NULL);
    SAYS(&room, "journal-keys: day=");
    room_close(&room);
}

/* Without the key of today not even today; with it, that is what can't be proven. */
static void today(struct testdb *test)
{
    struct room room;
    room_open(&room, test);
    int64_t sealed = sealed_rows(&room), last = testdb_int(room.db, "SELECT sequence FROM writer WHERE slot = 0");
    g_assert_cmpint(last, >, sealed);
    give_away(&room, last, FALSE, sealed);
    SAYS(&room, "journal-keys: writer=0 rows since the seal");
    give_away(&room, last, TRUE, sealed);
    IS_SILENT(&room, "journal-keys:");
    SAYS(&room, "can be proven only after the next seal");
    room_close(&room);
}

static void cut_tail(struct testdb *test)
{
    static const struct sql CUT = {"forge_cut", "DELETE FROM journal WHERE writer = 0 AND sequence > $1"};
    struct room room;
    room_open(&room, test);
    int64_t sealed = sealed_rows(&room);
    forge(&room, &CUT, DB_ARGS(sealed));
    g_autoptr(GArray) all = all_rows(&room);
    forge_chain(&room, all);
    look(&room, NULL, NULL);
    IS_SILENT(&room, "journal-head:");
    IS_SILENT(&room, "seals:");
    SAYS(&room, "journal-keys: writer=0 rows since the seal");
    room_close(&room);
}

/* One that has written since the seal only: no seal names it. */
static void erased_writer(struct testdb *test)
{
    struct room room;
    GError *error = NULL;
    room_open(&room, test);
    int64_t before = testdb_int(room.db, "SELECT COUNT(*) FROM writer");
    GPtrArray *others = g_ptr_array_new_with_free_func((GDestroyNotify)site_close);
    for (int64_t i = 0; i <= before; i++) { /* so that one of them has to have a slot that is new */
        g_ptr_array_add(others, site_open(test->url, "other", &room.clock.clock, &error));
        g_assert_no_error(error);
    }
    work(&room, "import");
    g_ptr_array_unref(others);
    int64_t writers = testdb_int(room.db, "SELECT COUNT(*) FROM writer");
    g_assert_cmpint(writers, >, before);
    g_assert_cmpint(look(&room, NULL, NULL), ==, ERR_NONE);
    IS_SILENT(&room, "journal-keys:");
    testdb_script(room.db, "DELETE FROM journal WHERE writer = (SELECT MAX(slot) FROM writer); "
                           "DELETE FROM writer WHERE slot = (SELECT MAX(slot) FROM writer)");
    look(&room, NULL, NULL);
    IS_SILENT(&room, "seals:");
    g_autofree char *missed = g_strdup_printf("journal-keys: writers=%d counted=%d", (int)writers - 1, (int)writers);
    SAYS(&room, missed);
    room_close(&room);
}

static void deleted_seals(struct testdb *test)
{
    struct room room;
    room_open(&room, test);
    testdb_script(room.db, "DELETE FROM seal WHERE sealed_on = (SELECT MAX(sealed_on) FROM seal)");
    look(&room, NULL, NULL);
    SAYS(&room, "journal-keys: seals=1 keys=2");
    testdb_script(room.db, "UPDATE journal_key SET epoch = 1; UPDATE writer SET epoch = 1");
    look(&room, NULL, NULL);
    SAYS(&room, "the key of now does not follow from the first");
    testdb_script(room.db, "DELETE FROM journal_key");
    look(&room, NULL, NULL);
    SAYS(&room, "journal-keys: key=gone");
    room_close(&room);
}

/* --- the second place ------------------------------------------------------------------------------------- */

static void set(struct room *room, const char *name, const char *value)
{
    struct site *site = site_open(room->test->url, "import", &room->clock.clock, NULL);
    const struct actor by = {.person_id = site->system_person_id};
    g_assert_true(site_setting_set(site, &by, name, value, NULL));
    site_close(site);
}

/* What was cut off with all it did is named by the seal outside; and what came after it can't be proven, which is said. */
static void second_place(struct testdb *test)
{
    struct room room;
    room_open(&room, test);
    g_autofree char *place = g_build_filename(test->dir, "seals", NULL), *text = NULL;
    set(&room, "seal_to", place);
    work(&room, "import");
    work(&room, "import");
    g_assert_true(g_file_get_contents(place, &text, NULL, NULL));
    g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
    g_assert_cmpint(g_strv_length(lines), ==, 3); /* both seals, once, and the end */
    g_assert_cmpint(look(&room, NULL, place), ==, ERR_NONE);
    IS_SILENT(&room, "seals-outside:");
    SAYS(&room, "seals-outside told compared with 2 seals from outside, the last of 20270117; what came after it can't be proven");
    testdb_script(room.db, "DELETE FROM seal WHERE sealed_on = (SELECT MAX(sealed_on) FROM seal)");
    look(&room, NULL, place);
    SAYS(&room, "seals-outside: day=20270117 was sealed and is not here");
    g_autofree char *after_full = g_strconcat("packline-seal floor=4f1c da", text, NULL);
    g_assert_true(g_file_set_contents(place, after_full, -1, NULL));
    look(&room, NULL, place);
    SAYS(&room, "seals-outside: day=20270117 was sealed and is not here"); /* and that of the first line is compared */
    SAYS(&room, "compared with 2 seals");
    g_assert_true(g_file_set_contents(place, "x packline-seal floor=other day=20270117 hash=00\n", -1, NULL));
    look(&room, NULL, place);
    SAYS(&room, "no seal of it is in the file");
    room_close(&room);
}

/* It is no reason to stop a floor: it is tried again, and lies there once when it gets there. */
static gboolean is_alerted(struct room *room)
{
    gboolean found = FALSE;
    struct site *site = site_open_as(SITE_STATION, room->test->url, "bench", &room->clock.clock, NULL);
    g_autoptr(GArray) alerts = alerts_load(site, 20, NULL);
    for (guint i = 0; i < alerts->len; i++)
        found |= g_array_index(alerts, struct alert, i).kind == ALERT_SEAL;
    site_close(site);
    return found;
}

static gboolean doctor_says(const struct room *room, const char *words)
{
    g_autoptr(findings) findings = findings_new();
    doctor_database(findings, room->test->url);
    g_autofree char *text = findings_text(findings);
    return strstr(text, words) != NULL;
}

static void second_place_away(struct testdb *test)
{
    struct room room;
    room_open(&room, test);
    g_autofree char *dir = g_build_filename(test->dir, "mounted", NULL), *place = g_build_filename(dir, "seals", NULL), *text = NULL;
    set(&room, "seal_to", place);
    work(&room, "import");
    g_assert_cmpint(testdb_int(room.db, "SELECT sent_on FROM journal_key"), ==, 0);
    room.clock.now_utc_ms += 120000;
    g_assert_true(is_alerted(&room));
    g_assert_true(doctor_says(&room, "PL-0841"));
    g_assert_cmpint(g_mkdir_with_parents(dir, 0700), ==, 0);
    work(&room, "import");
    g_assert_cmpint(testdb_int(room.db, "SELECT sent_on FROM journal_key"), ==, 20270117);
    g_assert_false(is_alerted(&room));
    g_assert_true(doctor_says(&room, "goes to"));
    g_assert_true(g_file_get_contents(place, &text, NULL, NULL));
    g_assert_cmpint(seal_place_check("seals", NULL), ==, FALSE);
    g_assert_cmpint(seal_place_check("/dev/null", NULL), ==, FALSE);
    room_close(&room);
}

/* --- the key's file --------------------------------------------------------------------------------------- */

static void bad_key_files(struct testdb *test)
{
    static const char *const BAD[] = {"", "packline-journal-key", "packline-journal-key other 00\n",
                                      "packline-journal-key other 0000000000000000000000000000000000000000000000000000000000000000\n"};
    struct room room;
    room_open(&room, test);
    g_autofree char *path = g_build_filename(test->dir, "key", NULL);
    g_assert_cmpint(look(&room, path, NULL), ==, ERR_JOURNAL_KEY);
    for (size_t i = 0; i < G_N_ELEMENTS(BAD); i++) {
        g_assert_true(g_file_set_contents(path, BAD[i], -1, NULL));
        g_assert_cmpint(look(&room, path, NULL), ==, ERR_JOURNAL_KEY);
        g_assert_cmpint(unlink(room.key_path), ==, 0);
        g_assert_true(g_file_set_contents(room.key_path, BAD[i], -1, NULL));
        g_assert_cmpint(look(&room, NULL, NULL), ==, ERR_NONE); /* where nobody has named it, it stops no backup */
        SAYS(&room, "can't be used");
    }
    room_close(&room);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/journal-key/untouched", untouched_is_silent);
    testdb_add("/journal-key/yesterday", yesterday_is_out_of_reach);
    testdb_add("/journal-key/first-key-elsewhere", first_key_elsewhere);
    testdb_add("/journal-key/today", today);
    testdb_add("/journal-key/cut-tail", cut_tail);
    testdb_add("/journal-key/erased-writer", erased_writer);
    testdb_add("/journal-key/deleted-seals", deleted_seals);
    testdb_add("/journal-key/second-place", second_place);
    testdb_add("/journal-key/second-place-away", second_place_away);
    testdb_add("/journal-key/bad-key-files", bad_key_files);
    return g_test_run();
}

/* SPDX-License-Identifier: MIT */
#include "core/backup/restoring.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/check/check.h"
#include "core/db/rows.h"
#include "core/site/record.h"
#include "core/site/site.h"
#include "core/site/writer_slot.h"

enum { FLOOR, UNTIL, HEADS, IS_KNOWN, DIGEST_SHOWN = 16 };

static const struct sql SQL[] = {
    [FLOOR] = {"restore_floor", "SELECT id, name, time_zone, " COPY_OF("warehouse.id") " FROM warehouse WHERE active = 1 "
                                "ORDER BY id LIMIT 1"},
    [UNTIL] = {"restore_until", "SELECT COALESCE(MAX(at), 0) FROM journal"},
    [HEADS] = {"restore_heads", "SELECT slot, sequence, head FROM writer ORDER BY slot"},
    [IS_KNOWN] = {"restore_person", "SELECT id FROM person WHERE id = $1"},
};

/* --- what a database says of itself ---------------------------------------------------------------------- */

struct heads {
    GChecksum *sum;
    int64_t rows;
};

static void add_head(struct rows *rows, void *data)
{
    struct heads *heads = data;
    int64_t numbers[] = {rows_int(rows, 0), rows_int(rows, 1)};
    size_t length = 0;
    const void *head = rows_blob(rows, 2, &length);
    g_checksum_update(heads->sum, (const guchar *)numbers, sizeof numbers);
    g_checksum_update(heads->sum, head, (gssize)length);
    heads->rows += numbers[1];
}

static char *read_heads(struct db *db, GError **error)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    struct heads heads = {sum, 0};
    if (!rows_each(db_query(db, &SQL[HEADS], DB_NO_ARGS, error), add_head, &heads, error))
        return NULL;
    return g_strdup_printf("rows=%" G_GINT64_FORMAT " heads=%.*s", heads.rows, DIGEST_SHOWN, g_checksum_get_string(sum));
}

struct found {
    struct restore_floor *floor;
    int64_t copy_of_at;
};

static void read_floor(struct rows *rows, void *data)
{
    struct found *found = data;
    found->floor->warehouse_id = rows_int(rows, 0);
    found->floor->name = g_strdup(rows_text(rows, 1));
    found->floor->zone = g_strdup(rows_text(rows, 2));
    found->copy_of_at = rows_int(rows, 3);
}

gboolean restore_floor_read(struct db *db, struct restore_floor *floor, GError **error)
{
    struct found found = {floor, 0};
    *floor = (struct restore_floor){.warehouse_id = 0};
    int got = rows_first(db_query(db, &SQL[FLOOR], DB_NO_ARGS, error), read_floor, &found, error);
    if (got == 0)
        return err_set(error, ERR_DB_NOT_A_FLOOR, "-");
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    const struct site site = {.copy_of_at = found.copy_of_at, .zone = utc};
    return got > 0 && site_is_floor(&site, error) && db_get_ints(db, &SQL[UNTIL], DB_NO_ARGS, &floor->until, 1, error) > 0 &&
           (floor->heads = read_heads(db, error));
}

void restore_floor_clear(struct restore_floor *floor)
{
    g_clear_pointer(&floor->name, g_free);
    g_clear_pointer(&floor->zone, g_free);
    g_clear_pointer(&floor->heads, g_free);
}

/* --- may it be ------------------------------------------------------------------------------------------- */

gboolean restore_nobody_works(GArray *writer_slots, GError **error)
{
    for (guint i = 0; i < writer_slots->len; i++) {
        const struct writer_slot *slot = &g_array_index(writer_slots, struct writer_slot, i);
        g_autofree char *place = slot->held ? writer_slot_place(slot) : NULL;
        if (slot->held)
            return err_set(error, ERR_RESTORE_BUSY, slot->name, place);
    }
    return TRUE;
}

gboolean restore_refuse(const struct restore *restore, GError *failure, GError **error)
{
    switch ((int)err_code(failure)) {
    case ERR_DB_SCHEMA_OLD:
    case ERR_DB_SCHEMA_NEWER:
    case ERR_DB_SCHEMA_CHANGED:
        err_set(error, ERR_RESTORE_SCHEMA, restore->call->file, failure->message);
        break;
    case ERR_DB_DAMAGED:
    case ERR_DB_OPEN: /* pages that are not what they should be */
    case ERR_DB_FULL:
    case ERR_DB_SQL:
        err_set(error, ERR_BACKUP_BAD, restore->call->file, failure->message);
        break;
    case ERR_DB_NOT_A_FLOOR:
        err_set(error, ERR_DB_NOT_A_FLOOR, restore->call->file);
        break;
    default:
        g_propagate_error(error, g_error_copy(failure));
    }
    g_error_free(failure);
    return FALSE;
}

struct looking {
    struct restore *restore;
    char *damage;
};

static void note_violation(const struct check_info *info, const char *what, void *data)
{
    struct looking *looking = data;
    if (info->invariant == 1 && !looking->damage)
        looking->damage = g_strdup_printf("%s %s", info->name, what);
}

gboolean restore_check(struct restore *restore, struct db *db, guint *violations, GError **error)
{
    struct looking looking = {restore, NULL};
    gboolean looked = check_run(db, &(struct check_way){.depth = CHECK_NORMAL, .now_utc_ms = clock_now(restore->call->clock),
                                                        .report = note_violation, .data = &looking},
                                violations, error);
    gboolean whole = looked && (!looking.damage || err_set(error, ERR_BACKUP_BAD, restore->call->file, looking.damage));
    g_free(looking.damage);
    return whole;
}

static gboolean is_of_engine(const struct restore *restore, gboolean sqlite, GError **error)
{
    static const char *const MAGIC[] = {"PGDMP", "SQLite format 3"};
    char begin[16] = "";
    FILE *file = fopen(restore->file, "re");
    size_t length = file ? fread(begin, 1, sizeof begin - 1, file) : 0;
    if (file)
        fclose(file);
    else
        return err_set(error, ERR_FILE_READ, restore->call->file, g_strerror(ENOENT));
    for (int i = 0; i < 2; i++)
        if (length >= strlen(MAGIC[i]) && strncmp(begin, MAGIC[i], strlen(MAGIC[i])) == 0)
            return i == (int)sqlite || err_set(error, ERR_RESTORE_KIND, restore->call->file, i ? "SQLite" : "PostgreSQL");
    return err_set(error, ERR_DB_NOT_A_FLOOR, restore->call->file);
}

static gboolean is_same_floor(const struct restore *restore, GError **error)
{
    return !restore->here_warehouse_id || restore->here_warehouse_id == restore->warehouse_id ||
           err_set(error, ERR_RESTORE_OTHER, restore->call->file, restore->look.warehouse);
}

struct restore *restore_open(const struct restore_call *call, GError **error)
{
    g_autoptr(restore) restore = g_new0(struct restore, 1);
    gboolean sqlite = g_str_has_prefix(call->url, "sqlite:");
    restore->call = call;
    restore->way = sqlite ? &RESTORE_FILE : &RESTORE_SERVER;
    restore->file = g_canonicalize_filename(call->file, NULL);
    gboolean good = is_of_engine(restore, sqlite, error) && restore->way->look(restore, error) && is_same_floor(restore, error);
    return good ? g_steal_pointer(&restore) : NULL;
}

const struct restore_look *restore_looked(const struct restore *restore)
{
    return &restore->look;
}

void restore_free(struct restore *restore)
{
    if (!restore)
        return;
    if (restore->staged)
        restore_unstage(restore);
    g_free(restore->file);
    g_free(restore->place);
    g_free(restore->staged);
    g_free(restore->kept_as);
    g_free(restore->look.warehouse);
    g_free(restore->look.zone);
    g_free(restore->heads);
    g_free(restore->here_heads);
    g_free(restore);
}

void restore_name_old(struct restore *restore, int name_length)
{
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *stamp = g_date_time_format(now, "%Y%m%dT%H%M%S");
    g_free(restore->kept_as);
    restore->kept_as = g_strdup_printf("%.*s.before-restore-%s.%03dZ", name_length, restore->place, stamp,
                                       g_date_time_get_microsecond(now) / 1000);
}

/* --- the journal ----------------------------------------------------------------------------------------- */

/* Somebody who came to the floor later is not known there. */
static int64_t known_person(struct site *site, int64_t person_id)
{
    int64_t known = 0;
    db_get_ints(site->db, &SQL[IS_KNOWN], DB_ARGS(person_id), &known, 1, NULL);
    return known ? known : site->system_person_id;
}

static gboolean nothing_more(struct site *site, void *data, GError **error)
{
    (void)site, (void)data, (void)error;
    return TRUE;
}

gboolean restore_note(struct restore *restore, const char *url, int64_t person_id, GError **error)
{
    struct site *site = site_open_as(SITE_RESCUE, url, "restore", restore->call->clock, error);
    if (!site)
        return FALSE;
    g_autofree char *name = g_path_get_basename(restore->file);
    g_autofree char *detail = g_strdup_printf("%s until=%" G_GINT64_FORMAT " %s in place of until=%" G_GINT64_FORMAT " %s", name,
                                              restore->look.until, restore->heads, restore->look.here_until,
                                              restore->here_heads ? restore->here_heads : "-");
    const struct actor by = {.person_id = known_person(site, person_id)};
    const struct record record = {.event = "restore", .detail = detail};
    gboolean noted = site_record(site, &by, &record, nothing_more, NULL, error);
    site_close(site);
    return noted;
}

gboolean restore_do(struct restore *restore, int64_t person_id, struct restored *restored, GError **error)
{
    *restored = (struct restored){.kept = NULL, .violations = restore->look.violations};
    return restore->way->put(restore, person_id, restored, error);
}

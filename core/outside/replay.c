/* SPDX-License-Identifier: MIT */
#include "core/outside/replay.h"

#include <string.h>

#include "core/apply/history.h"
#include "core/apply/store.h"
#include "core/apply/subject.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/id.h"
#include "core/db/part.h"
#include "core/db/rows.h"
#include "core/outside/copied.h"
#include "core/site/site.h"

enum { HOUSE, OWNER, BEGINS, FIRST, BEGUN, WORK, ADOPTED, STANDING, NOT_FREE, RANGE, ADOPT, STRANGERS, UNBORN, MARK, MADE };

static const struct sql SQL[] = {
    [HOUSE] = {"replay_house", "SELECT id, time_zone FROM warehouse WHERE active = 1 ORDER BY id LIMIT 1"},
    [OWNER] = {"replay_owner", "SELECT id FROM owner WHERE active = 1 ORDER BY id LIMIT 1"},
    [BEGINS] = {"replay_begins", "SELECT COALESCE(MAX(at), 0) FROM journal WHERE event = 'history-begin' AND seals IS NULL"},
    [FIRST] = {"replay_first", "SELECT COALESCE(MIN(at), 0) FROM journal"},
    [BEGUN] = {"replay_begun", "SELECT COUNT(*) FROM counter WHERE name = 'history' AND value >= 2"},
    [WORK] = {"replay_work", "SELECT (SELECT COUNT(*) FROM journal) + (SELECT COUNT(*) FROM event) + "
                             "3 * (SELECT COUNT(*) FROM difference)"},
    [ADOPTED] = {"replay_adopted", "SELECT id, range_id, serial FROM waybill WHERE source = 'order' AND range_id IS NOT NULL"},
    [STANDING] = {"replay_standing", "SELECT d.subject_id, d.event_key, d.content, n.event_key, n.content FROM difference d "
                                     "LEFT JOIN difference n ON n.subject_id = d.subject_id AND n.version = d.version + 1 "
                                     "WHERE d.subject_id > $1 AND LENGTH(d.content) = " LENGTH_OF_DIGEST
                                     " ORDER BY d.subject_id, d.version LIMIT $2"},
    /* on the copy */
    [NOT_FREE] = {"replay_not_free", "DELETE FROM waybill WHERE id {in:$1}"},
    [RANGE] = {"replay_cursor", "UPDATE waybill_range SET next = first + $2 WHERE id = $1"},
    [ADOPT] = {"replay_adopt", "UPDATE waybill SET range_id = $2, serial = $3 WHERE id = $1 "
                               "AND EXISTS (SELECT 1 FROM waybill_range r WHERE r.id = $2 AND r.next > $3)"},
    /* versions of a recipient that nothing names yet, or any more */
    [STRANGERS] = {"replay_strangers", "DELETE FROM recipient WHERE id NOT IN (SELECT recipient_id FROM sales_order) "
                                       "AND id NOT IN (SELECT recipient_id FROM shipment) "
                                       "AND id NOT IN (SELECT recipient_id FROM waybill WHERE recipient_id IS NOT NULL)"},
    [UNBORN] = {"replay_unborn", "DELETE FROM waybill_range WHERE " ID_MADE_AT("id") " > $1 AND next = first "
                                 "AND NOT EXISTS (SELECT 1 FROM waybill w WHERE w.range_id = waybill_range.id)"},
    [MARK] = {"replay_mark", "INSERT INTO counter (warehouse_id, name, value) VALUES ($1, 'copy', $2)"},
    [MADE] = {"replay_made", "SELECT (SELECT COUNT(*) FROM shipment), (SELECT COUNT(*) FROM event)"},
};

/* A number that came with an order, and its place in a range that came to it later: of that no event of its own tells. */
struct adopted {
    int64_t id, range_id, serial;
};

struct replay {
    const struct replay_call *call;
    struct replay_made *made;
    struct db *part;
    struct site site; /* the copy's house, as far as rows are stored */
    GTimeZone *zone;
    GArray *adopted; /* struct adopted */
    const struct cut *cut;
    uint64_t done, of;
    GError *failure; /* a fault of the history */
};

static void go_on(guint64 rows, void *data)
{
    struct replay *replay = data;
    replay->done += rows;
    if (replay->call->on_progress)
        replay->call->on_progress(MIN(replay->done, replay->of), replay->of, replay->call->data);
}

/* --- when ------------------------------------------------------------------------------------------------- */

static void read_house(struct rows *rows, void *data)
{
    struct replay *replay = data;
    replay->site.warehouse_id = rows_int(rows, 0);
    replay->zone = g_time_zone_new_identifier(rows_text(rows, 1));
    if (!replay->zone)
        replay->zone = g_time_zone_new_utc();
}

static gboolean load_house(struct replay *replay, struct db *from, GError **error)
{
    g_clear_pointer(&replay->zone, g_time_zone_unref);
    int found = rows_first(db_query(from, &SQL[HOUSE], DB_NO_ARGS, error), read_house, replay, error);
    if (found > 0)
        found = db_get_ints(from, &SQL[OWNER], DB_NO_ARGS, &replay->site.owner_id, 1, error);
    return found > 0 || (found == 0 && err_set(error, ERR_DB_NOT_A_FLOOR, replay->call->from_url));
}

static gboolean load_until(struct replay *replay, GError **error)
{
    int64_t at = clock_parse(replay->zone, replay->call->until);
    replay->made->until_utc_ms = at;
    return (at > 0 && at <= clock_now(replay->call->clock)) || err_set(error, ERR_COPY_TIME, replay->call->until);
}

/* Of a floor that is older than its history, what was before is not there to be folded. */
static gboolean has_history(struct replay *replay, struct db *from, GError **error)
{
    int64_t begins = 0, first = 0, begun = 0;
    if (db_get_ints(from, &SQL[BEGINS], DB_NO_ARGS, &begins, 1, error) < 0 ||
        db_get_ints(from, &SQL[FIRST], DB_NO_ARGS, &first, 1, error) < 0 ||
        db_get_ints(from, &SQL[BEGUN], DB_NO_ARGS, &begun, 1, error) < 0)
        return FALSE;
    int64_t earliest = begins ? begins : first;
    if (begun && replay->made->until_utc_ms >= earliest)
        return TRUE;
    g_autofree char *since = clock_format(replay->zone, begun ? earliest : clock_now(replay->call->clock), "%Y-%m-%d %H:%M:%S");
    return err_set(error, ERR_COPY_EARLY, since);
}

/* --- what is stored --------------------------------------------------------------------------------------- */

static void note_id(const struct row *row, void *ids)
{
    int64_t id = column_int(&table_of(row->table)->columns[0], row);
    g_array_append_val(ids, id);
}

/* A number of a list is there as a free one. */
static gboolean store_subjects(const struct dossier *own, const GArray *ids, void *data, GError **error)
{
    struct replay *replay = data;
    g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(int64_t));
    row_each(own, TABLE_WAYBILL, note_id, numbers);
    g_autofree char *list = db_id_list((const int64_t *)(const void *)numbers->data, numbers->len);
    go_on(ids->len, replay);
    return (numbers->len == 0 || db_exec(replay->part, &SQL[NOT_FREE], DB_ARGS(list), NULL, error)) &&
           dossier_store_all(own, &replay->site, error);
}

/* --- what stands ------------------------------------------------------------------------------------------ */

/* Shipments that were over when the history began, of which it keeps a digest alone: they are taken as they stand, or, of one
 * that an event has changed after the instant, as that event found it. */
struct found {
    struct replay *replay;
    struct db *from;
    GArray *ids; /* of those as they stand */
};

static gboolean store_whole(struct replay *replay, const GByteArray *whole, int64_t id, GError **error)
{
    g_autoptr(dossier) own = dossier_new();
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_array_append_val(ids, id);
    if (!difference_fold(&(struct fold){own, own}, whole->data, whole->len, id, ""))
        return err_set(error, ERR_COPY_TANGLED, replay->call->until, "what stood before an event can't be read");
    return store_subjects(own, ids, replay, error);
}

static gboolean store_found(struct found *found, GError **error)
{
    g_autoptr(dossier) dossier = dossier_new();
    gboolean done = subjects_read(dossier, found->from, (const int64_t *)(const void *)found->ids->data, found->ids->len, error);
    g_autoptr(GPtrArray) subjects = rows_by_subject(dossier);
    for (guint i = 0; done && i < subjects->len; i++) {
        const GPtrArray *rows = subjects->pdata[i];
        g_autoptr(GByteArray) whole = subject_whole(rows);
        done = store_whole(found->replay, whole, row_id(rows->pdata[0]), error);
    }
    g_array_set_size(found->ids, 0);
    return done;
}

static gboolean store_before(struct found *found, struct rows *rows, GError **error)
{
    struct difference_parts parts;
    size_t length = 0;
    const void *bytes = rows_blob(rows, 4, &length);
    if (!difference_parts(bytes, length, &parts) || !parts.before)
        return err_set(error, ERR_COPY_TANGLED, found->replay->call->until, "what stood before an event is missing");
    g_autoptr(GByteArray) whole = g_byte_array_append(g_byte_array_new(), parts.before, (guint)parts.before_length);
    return store_whole(found->replay, whole, rows_int(rows, 0), error);
}

static gboolean find_standing(struct rows *rows, void *data, GError **error)
{
    enum { AT_ONCE = 400 };
    struct found *found = data;
    struct difference_parts parts;
    size_t length = 0;
    int64_t id = rows_int(rows, 0);
    const void *bytes = rows_blob(rows, 2, &length);
    if (!difference_parts(bytes, length, &parts) || !parts.digest || !cut_keeps(found->replay->cut, rows_int(rows, 1)))
        return TRUE;
    if (!rows_is_null(rows, 3))
        return cut_keeps(found->replay->cut, rows_int(rows, 3)) || store_before(found, rows, error);
    g_array_append_val(found->ids, id);
    return found->ids->len < AT_ONCE || store_found(found, error);
}

static gboolean bring_standing(struct replay *replay, struct db *from, GError **error)
{
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    const struct rows_pages pages = {&SQL[STANDING], 1, NULL, 0};
    struct found found = {replay, from, ids};
    return rows_paged(from, &pages, find_standing, &found, error) && (ids->len == 0 || store_found(&found, error));
}

/* --- what is taken over ----------------------------------------------------------------------------------- */

static void read_adopted(struct rows *rows, void *data)
{
    *(struct adopted *)data = (struct adopted){rows_int(rows, 0), rows_int(rows, 1), rows_int(rows, 2)};
}

static gboolean take_over(struct db *from, struct replay *replay, GError **error)
{
    const struct copied copied = {.cut = replay->cut, .until_utc_ms = replay->made->until_utc_ms,
                                  .with_recipients = replay->call->with_recipients, .on_rows = go_on, .data = replay};
    g_clear_pointer(&replay->adopted, g_array_unref);
    replay->adopted = rows_list(db_query(from, &SQL[ADOPTED], DB_NO_ARGS, error), sizeof(struct adopted), read_adopted, error);
    return replay->adopted && copied_bring(from, replay->part, &copied, error) && bring_standing(replay, from, error);
}

struct taking_over {
    struct replay *replay;
    struct db *from;
};

static gboolean take_over_work(struct db *db, void *data, GError **error)
{
    struct taking_over *taking = data;
    (void)db;
    return take_over(taking->from, taking->replay, error);
}

/* All that is read of the floor is read here, as it is at one moment. */
static gboolean read_floor(struct db *from, void *data, GError **error)
{
    struct replay *replay = data;
    int64_t work = 0;
    if (!load_house(replay, from, error) || !load_until(replay, error) || !has_history(replay, from, error) ||
        db_get_ints(from, &SQL[WORK], DB_NO_ARGS, &work, 1, error) < 0)
        return FALSE;
    replay->done = 0;
    replay->of = (uint64_t)work;
    g_autoptr(cut) cut = cut_find(from, replay->made->until_utc_ms, replay->call->until, error);
    replay->cut = cut;
    go_on(replay->of / 4, replay);
    gboolean taken = cut && db_transaction(replay->part, take_over_work, &(struct taking_over){replay, from}, error);
    replay->cut = NULL;
    return taken;
}

/* --- what is folded --------------------------------------------------------------------------------------- */

static void note_fault(int64_t subject_id, int64_t version, const char *what, void *data)
{
    struct replay *replay = data;
    g_autofree char *fault =
        g_strdup_printf("subject %" G_GINT64_FORMAT " version %" G_GINT64_FORMAT " %s", subject_id, version, what);
    if (!replay->failure)
        err_set(&replay->failure, ERR_COPY_TANGLED, replay->call->until, fault);
}

static gboolean store_shared(struct replay *replay, const struct dossier *shared, GError **error)
{
    for (EACH_ROW(number_range, range, shared, 0))
        if (!db_exec(replay->part, &SQL[RANGE], DB_ARGS(range->id, range->next), NULL, error))
            return FALSE;
    if (!dossier_store_all(shared, &replay->site, error))
        return FALSE;
    for (guint i = 0; i < replay->adopted->len; i++) {
        const struct adopted *one = &g_array_index(replay->adopted, struct adopted, i);
        if (!db_exec(replay->part, &SQL[ADOPT], DB_ARGS(one->id, one->range_id, one->serial), NULL, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean finish(struct replay *replay, GError **error)
{
    int64_t made[2];
    if (!db_exec(replay->part, &SQL[STRANGERS], DB_NO_ARGS, NULL, error) ||
        !db_exec(replay->part, &SQL[UNBORN], DB_ARGS(replay->made->until_utc_ms), NULL, error) ||
        !db_exec(replay->part, &SQL[MARK], DB_ARGS(replay->site.warehouse_id, replay->made->until_utc_ms), NULL, error) ||
        db_get_ints(replay->part, &SQL[MADE], DB_NO_ARGS, made, 2, error) < 0)
        return FALSE;
    replay->made->shipments = made[0];
    replay->made->events = made[1];
    return TRUE;
}

static gboolean fold(struct db *part, void *data, GError **error)
{
    struct replay *replay = data;
    const struct history history = {.subjects = store_subjects, .fault = note_fault, .data = replay};
    g_autoptr(dossier) shared = dossier_new();
    if (!history_fold(part, &history, shared, error))
        return FALSE;
    if (replay->failure) {
        g_propagate_error(error, g_steal_pointer(&replay->failure));
        return FALSE;
    }
    return store_shared(replay, shared, error) && finish(replay, error);
}

/* --- the file --------------------------------------------------------------------------------------------- */

static gboolean make(struct replay *replay, GError **error)
{
    g_autoptr(db) from = db_open(replay->call->from_url, DB_USE, error);
    if (!from)
        return FALSE;
    db_set_patience(from, 0);
    gboolean read = db_snapshot(from, read_floor, replay, error);
    g_clear_pointer(&from, db_close); /* it is needed no longer, and its log may go into it */
    return read && db_transaction(replay->part, fold, replay, error);
}

gboolean replay_floor(const struct replay_call *call, struct replay_made *made, GError **error)
{
    struct replay replay = {.call = call, .made = made};
    const char *path = call->to_url + strlen("sqlite:");
    if (!g_str_has_prefix(call->to_url, "sqlite:") || !path[0])
        return err_set(error, ERR_COPY_PLACE, call->to_url);
    replay.part = replay.site.db = db_part_open(path, error);
    if (!replay.part)
        return FALSE;
    gboolean done = make(&replay, error);
    if (done)
        done = db_part_keep(replay.part, path, error);
    else
        db_part_drop(replay.part, path);
    g_clear_pointer(&replay.zone, g_time_zone_unref);
    g_clear_pointer(&replay.adopted, g_array_unref);
    g_clear_error(&replay.failure);
    return done;
}

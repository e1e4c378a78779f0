/* SPDX-License-Identifier: MIT
 *
 * The open walk: what its picks are judged by is loaded when it is opened, of all that are to be picked, and kept (kept.h). A
 * walk goes from one order of a batch to another, and back; none of them is loaded on the way. What others do to one of them
 * is found by the pick that would rest on it; or before, when the screen looks what has changed.
 */
#include "core/act/act.h"
#include "core/apply/apply.h"
#include "core/base/translate.h"
#include "core/flow/progress.h"
#include "core/station/inner.h"

struct member {
    int64_t shipment_id, version, batch_id;
};

#define MEMBER(COLUMN, PARSED)                                                                                         \
    COLUMN("s.id, ", shipment_id)                                                                                      \
    COLUMN("s.version, ", version)                                                                                     \
    COLUMN("COALESCE(s.batch_id, 0)", batch_id)

ROWS_READER(read_member, struct member, MEMBER)

/* Of the batch $1, or the one shipment $2. */
static const struct inquiry MEMBERS = {
    {"walk_members", "SELECT " COLUMNS_OF(MEMBER) " FROM shipment s WHERE s.id {among:SELECT id FROM shipment WHERE batch_id = $1 "
                     "AND state IN ('batched', 'picking') UNION ALL SELECT CAST($2 AS BIGINT)}"},
    sizeof(struct member), read_member};

/* Of batches, before it is known that one is scanned. */
#define MEMBERS_OF(batches)                                                                                            \
    "SELECT " COLUMNS_OF(MEMBER) " FROM shipment s WHERE s.batch_id " batches " AND s.state IN ('batched', 'picking', 'picked')"
static const struct inquiry MEMBERS_NAMED = {
    {"walk_members_named", MEMBERS_OF("{among:SELECT b.id FROM batch b WHERE b.warehouse_id = $1 "
                                      "AND b.owner_id IN (SELECT id FROM owner) AND b.number = $2}")},
    sizeof(struct member), read_member};
static const struct inquiry MEMBERS_BY_ID = {{"walk_members_by_id", MEMBERS_OF("= $1")}, sizeof(struct member), read_member};

void walk_ask_scanned(struct station *station, const struct scan *scan)
{
    if (scan->flags & SCAN_CODE && scan->code.kind == CODE_BATCH)
        station_ask(station, &MEMBERS_BY_ID, DB_ARGS(scan->code.id));
    else
        station_ask(station, &MEMBERS_NAMED, DB_ARGS(station->site->warehouse_id, scan->text));
}

GArray *walk_members(struct station *station, int64_t batch_id)
{
    const GArray *asked = NULL;
    if (station_has_asked(station, &MEMBERS_BY_ID))
        asked = station_answers(station, &MEMBERS_BY_ID, DB_ARGS(batch_id), NULL);
    else if (station->scanned && station_has_asked(station, &MEMBERS_NAMED))
        asked = station_answers(station, &MEMBERS_NAMED, DB_ARGS(station->site->warehouse_id, station->scanned), NULL);
    GArray *members = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (guint i = 0; asked && i < asked->len; i++) {
        const struct member *member = &g_array_index(asked, struct member, i);
        if (member->batch_id == batch_id)
            g_array_append_val(members, member->shipment_id);
    }
    if (members->len == 0)
        g_clear_pointer(&members, g_array_unref);
    return members;
}

void walk_ask(struct station *station)
{
    station_ask(station, &MEMBERS, DB_ARGS(station->work.batch_id, station->work.shipment_id));
}

static gboolean open(struct station *station, GError **error)
{
    const struct work *work = &station->work;
    g_autoptr(GArray) members = work->batch_id ? walk_members(station, work->batch_id) : NULL;
    const struct event next = {.kind = EV_PICK, .actor = station->actor, .batch_id = work->batch_id, .members = members,
                               .shipment_id = work->shipment_id};
    return flow_open(station->site, &next, error);
}

static gboolean is_kept(const struct station *station)
{
    const struct work *work = &station->work;
    return work->batch_id ? flow_opened_batch(station->site, work->batch_id)
                          : flow_opened(station->site, work->shipment_id) != NULL;
}

static gboolean is_as_kept(const struct station *station, const GArray *members)
{
    for (guint i = 0; i < members->len; i++) {
        const struct member *member = &g_array_index(members, struct member, i);
        const struct dossier *dossier = flow_opened(station->site, member->shipment_id);
        struct progress now;
        if (!dossier || !progress_read(dossier, member->shipment_id, &now) || now.version != member->version)
            return FALSE;
    }
    return TRUE;
}

gboolean walk_load(struct station *station, GError **error)
{
    const struct work *work = &station->work;
    const GArray *members = station_answers(station, &MEMBERS, DB_ARGS(work->batch_id, work->shipment_id), error);
    return members && ((is_kept(station) && is_as_kept(station, members)) || open(station, error));
}

/* With what is drawn of it. */
static gboolean load(struct db *db, void *data, GError **error)
{
    struct station *station = data;
    (void)db;
    pick_ask_current(station, station->work.batch_id, station->work.shipment_id);
    view_ask(station);
    gboolean done = open(station, error);
    station_read_asked(station);
    return done;
}

gboolean walk_open(struct station *station, GError **error)
{
    return is_kept(station) || db_snapshot(station->site->db, load, station, error);
}

/* --- all of it at once --------------------------------------------------------------------------------------- */

static const struct sql OPEN_TASKS = {
    "pick_open_tasks", "SELECT t.id, t.shipment_id, t.quantity - t.picked FROM pick_task t JOIN shipment s ON s.id = t.shipment_id "
                       "WHERE t.open = 1 AND (s.batch_id = $1 OR s.id = $2) AND " NOT_STOPPED " ORDER BY t.id"};

static void read_open_task(struct rows *rows, void *data)
{
    *(struct event *)data = (struct event){.kind = EV_PICK, .task_id = rows_int(rows, 0),
                                           .shipment_id = rows_int(rows, 1), .quantity = rows_int(rows, 2)};
}

static GArray *open_tasks(struct station *station, GError **error)
{
    return rows_list(db_query(station->site->db, &OPEN_TASKS,
                              DB_ARGS(station->work.batch_id, station->work.shipment_id), error),
                     sizeof(struct event), read_open_task, error);
}

gboolean walk_whole(struct station *station, G_GNUC_UNUSED const char *none, struct plan *plan, GError **error)
{
    if (station->work.step != STEP_PICK || !site_setting_int(station->site, "pick_list_whole", 0))
        return refuse(plan, ERR_SCAN_NOT_NOW, "whole");
    int ours = work_still_ours(station, plan, error);
    struct flow_tally tally = {0};
    if (ours <= 0)
        return ours == 0;
    station_forget(station);
    if (!flow_do_all(station->site, station->actor, open_tasks(station, error), NULL, NULL, &tally, error))
        return FALSE;
    if (tally.done == 0 && tally.refused)
        return plan_not_done(plan, &tally.first);
    plan_say(plan, PLAN_OK, tally.refused ? _("%u lines picked, the rest not") : _("The whole list: %u lines picked"),
             (unsigned)tally.done);
    if (tally.refused == 0)
        station_leave(station, STEP_IDLE);
    return outcome_check(&tally.first, &plan->error), TRUE; /* some of it is done: what is not is told beside */
}

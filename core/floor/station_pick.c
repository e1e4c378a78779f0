/* SPDX-License-Identifier: MIT
 *
 * The pick step of a station: one line at a time in walk order, bin, product, and the tote it goes to.
 */
#include <string.h>

#include "core/base/clean.h"
#include "core/base/translate.h"
#include "core/floor/station_inner.h"

enum { CURRENT, OF_PRODUCT, TOTE_OF, TOTE_HOLDER, MEMBERS, BATCH_FACTS, OWN_BATCH, FREE_BATCH, OWN_SHIPMENT, FREE_SHIPMENT, OPEN_TASKS, TASK_ROW };

#define STOPPED                                                                                                        \
    "NOT EXISTS (SELECT 1 FROM block b WHERE b.shipment_id = s.id AND b.cleared_at IS NULL "                           \
    "AND b.kind IN ('unpaid', 'held', 'address', 'unmapped', 'missing', 'cancelled'))"
#define TASK_COLUMNS                                                                                                   \
    "SELECT t.id, t.shipment_id, t.line_id, t.product_id, t.location_id, t.lot_id, t.quantity, t.picked, s.slot, "     \
    "l.code, p.sku, COALESCE(lot.code, ''), o.external_id, p.has_lots FROM pick_task t "                               \
    "JOIN shipment s ON s.id = t.shipment_id JOIN sales_order o ON o.id = s.order_id "                                 \
    "JOIN location l ON l.id = t.location_id JOIN product p ON p.id = t.product_id "                                   \
    "LEFT JOIN lot ON lot.id = t.lot_id WHERE t.open = 1 AND "
#define BATCH_TASKS                                                                                                    \
    "t.shipment_id IN (SELECT id FROM shipment WHERE batch_id = $1 AND state IN ('batched', 'picking')) AND " STOPPED
#define SHIPMENT_TASKS "t.shipment_id = $1 AND " STOPPED
#define WALK " ORDER BY t.skipped, l.walk_order, l.code, p.sku, s.slot, t.id LIMIT 1"

static const struct sql SQL[] = {
    [CURRENT] = {"pick_current_batch", TASK_COLUMNS BATCH_TASKS WALK},
    [OF_PRODUCT] = {"pick_current_batch_product", TASK_COLUMNS BATCH_TASKS " AND t.product_id = $2" WALK},
    [TOTE_OF] = {"pick_tote_of", "SELECT u.tote_id FROM tote_use u WHERE u.shipment_id = $1 ORDER BY u.at DESC LIMIT 1"},
    [TOTE_HOLDER] = {"pick_tote_holder", "SELECT u.shipment_id, o.external_id FROM tote_use u JOIN shipment s ON s.id = "
                                         "u.shipment_id JOIN sales_order o ON o.id = s.order_id WHERE u.tote_id = $1"},
    [MEMBERS] = {"pick_members", "SELECT COUNT(*) FROM shipment WHERE batch_id = $1"},
    [BATCH_FACTS] = {"pick_batch_facts", "SELECT b.number, b.state, COALESCE(b.person_id, 0), COALESCE(p.name, '') "
                                         "FROM batch b LEFT JOIN person p ON p.id = b.person_id WHERE b.id = $1"},
    [OWN_BATCH] = {"pick_own_batch", "SELECT id FROM batch WHERE warehouse_id = $1 AND person_id = $2 "
                                     "AND state IN ('running', 'ready') "
                                     "ORDER BY CASE state WHEN 'running' THEN 0 ELSE 1 END, cut_off_at, id LIMIT 1"},
    [FREE_BATCH] = {"pick_free_batch", "SELECT id FROM batch WHERE warehouse_id = $1 AND person_id IS NULL "
                                       "AND state = 'ready' ORDER BY CASE WHEN cut_off_at = 0 THEN 1 ELSE 0 END, "
                                       "cut_off_at, id LIMIT 1"},
    [OWN_SHIPMENT] = {"pick_own_shipment", "SELECT s.id FROM shipment s WHERE s.warehouse_id = $1 AND s.person_id = $2 "
                                           "AND s.batch_id IS NULL AND s.state IN ('picking', 'ready') AND " STOPPED
                                           " ORDER BY CASE s.state WHEN 'picking' THEN 0 ELSE 1 END, s.cut_off_at, s.id LIMIT 1"},
    [FREE_SHIPMENT] = {"pick_free_shipment", "SELECT s.id FROM shipment s WHERE s.warehouse_id = $1 AND s.state = 'ready' "
                                             "AND s.person_id IS NULL AND s.batch_id IS NULL AND " STOPPED
                                             " ORDER BY s.priority DESC, s.cut_off_at, s.id LIMIT 1"},
    [OPEN_TASKS] = {"pick_open_tasks", "SELECT t.id, t.shipment_id, t.quantity - t.picked FROM pick_task t "
                                       "JOIN shipment s ON s.id = t.shipment_id WHERE t.open = 1 AND "
                                       "(s.batch_id = $1 OR s.id = $2) AND " STOPPED " ORDER BY t.id"},
    [TASK_ROW] = {"pick_task_row", TASK_COLUMNS "t.id = $1"},
};

static const struct sql OF_SHIPMENT[] = {
    {"pick_current_shipment", TASK_COLUMNS SHIPMENT_TASKS WALK},
    {"pick_current_shipment_product", TASK_COLUMNS SHIPMENT_TASKS " AND t.product_id = $2" WALK},
};

/* --- the current line ------------------------------------------------------------------------------------- */

static int read_task(struct rows *rows, struct pick_at *at, GError **error)
{
    memset(at, 0, sizeof *at);
    int found = rows ? rows_next(rows, error) : -1;
    if (found <= 0)
        return found;
    int64_t *const numbers[] = {&at->task_id, &at->shipment_id, &at->line_id,  &at->product_id, &at->location_id,
                                &at->lot_id,  &at->quantity,    &at->picked,   &at->slot};
    for (int i = 0; i < (int)G_N_ELEMENTS(numbers); i++)
        *numbers[i] = rows_int(rows, i);
    clean_copy(at->bin, sizeof at->bin, rows_text(rows, 9));
    clean_copy(at->sku, sizeof at->sku, rows_text(rows, 10));
    clean_copy(at->lot, sizeof at->lot, rows_text(rows, 11));
    clean_copy(at->order, sizeof at->order, rows_text(rows, 12));
    at->has_lots = rows_int(rows, 13) != 0;
    rows_close(rows);
    return 1;
}

int pick_current(struct station *station, struct pick_at *at, GError **error)
{
    struct db *db = station->site->db;
    return read_task(station->batch_id ? db_query(db, &SQL[CURRENT], DB_ARGS(db_int(station->batch_id)), error)
                                       : db_query(db, &OF_SHIPMENT[0], DB_ARGS(db_int(station->shipment_id)), error),
                     at, error);
}

static int line_of_product(struct station *station, int64_t product_id, struct pick_at *at, GError **error)
{
    struct db *db = station->site->db;
    return read_task(
        station->batch_id
            ? db_query(db, &SQL[OF_PRODUCT], DB_ARGS(db_int(station->batch_id), db_int(product_id)), error)
            : db_query(db, &OF_SHIPMENT[1], DB_ARGS(db_int(station->shipment_id), db_int(product_id)), error),
        at, error);
}

static gboolean tote_of(struct station *station, int64_t shipment_id, int64_t *tote_id, GError **error)
{
    *tote_id = 0;
    return db_get_ints(station->site->db, &SQL[TOTE_OF], DB_ARGS(db_int(shipment_id)), tote_id, 1, error) >= 0;
}

/* A batch of several shipments needs a tote for each. */
static gboolean needs_totes(struct station *station, gboolean *needs, GError **error)
{
    int64_t members = 0;
    if (station->batch_id && db_get_ints(station->site->db, &SQL[MEMBERS], DB_ARGS(db_int(station->batch_id)), &members,
                                         1, error) < 0)
        return FALSE;
    *needs = members > 1;
    return TRUE;
}

gboolean pick_totes(struct station *station, int64_t shipment_id, gboolean *needs, gboolean *has, GError **error)
{
    int64_t tote_id = 0;
    gboolean done = needs_totes(station, needs, error) && tote_of(station, shipment_id, &tote_id, error);
    *has = tote_id != 0;
    return done;
}

/* --- scans -------------------------------------------------------------------------------------------------- */

static void plan_pick(struct station *station, const struct pick_at *at, int64_t quantity, int64_t tote_id,
                      struct plan *plan)
{
    struct event *event = plan_event(station, plan, EV_PICK);
    event->shipment_id = at->shipment_id;
    event->task_id = at->task_id;
    event->quantity = quantity;
    event->tote_id = tote_id;
    plan->undo = *event;
    plan->undo.kind = EV_UNPICK;
    plan->undo.key = 0;
    g_snprintf(plan->text, sizeof plan->text, "%s %d/%d", at->sku, (int)(at->picked + quantity), (int)at->quantity);
}

static gboolean product_scanned(struct station *station, const struct thing *thing, struct pick_at *at,
                                struct plan *plan, GError **error)
{
    int64_t tote_id = 0;
    gboolean needs = FALSE;
    if (station->paper && thing->id != at->product_id && line_of_product(station, thing->id, at, error) < 0)
        return FALSE;
    if (!needs_totes(station, &needs, error) || !tote_of(station, at->shipment_id, &tote_id, error))
        return FALSE;
    if (thing->id != at->product_id)
        refuse(plan, ERR_PICK_PRODUCT, thing->name, at->sku);
    else if (!station->paper && station->bin_id != at->location_id)
        refuse(plan, ERR_PICK_BIN, thing->name, at->bin);
    else if (at->has_lots && thing->lot_id && thing->lot_id != at->lot_id)
        refuse(plan, ERR_PICK_LOT, thing->name, at->lot);
    else if (needs && !tote_id && !station->paper)
        refuse(plan, ERR_TOTE_FIRST, NULL);
    else
        plan_pick(station, at, thing->quantity, tote_id, plan);
    return TRUE;
}

static void bin_scanned(struct station *station, const struct thing *thing, const struct pick_at *at, struct plan *plan)
{
    if (thing->id != at->location_id) {
        refuse(plan, ERR_PICK_BIN, thing->name, at->bin);
        return;
    }
    station->bin_id = thing->id;
    plan_say(plan, PLAN_OK, _("Bin %s"), thing->name);
}

static gboolean tote_scanned(struct station *station, const struct thing *thing, const struct pick_at *at,
                             struct plan *plan, GError **error)
{
    int64_t shipment_id = station->tote_owed ? station->tote_owed : at->shipment_id;
    struct rows *rows = db_query(station->site->db, &SQL[TOTE_HOLDER], DB_ARGS(db_int(thing->id)), error);
    int found = rows ? rows_next(rows, error) : -1;
    if (found < 0)
        return FALSE;
    if (found && rows_int(rows, 0) != shipment_id) {
        refuse(plan, ERR_PICK_TOTE, thing->name, rows_text(rows, 1), at->order[0] ? at->order : "-");
        rows_close(rows);
        return TRUE;
    }
    if (found) {
        station->tote_owed = 0;
        plan_say(plan, PLAN_OK, _("Tote %s"), thing->name);
        rows_close(rows);
        return TRUE;
    }
    struct event *event = plan_event(station, plan, EV_TOTE);
    event->shipment_id = shipment_id;
    event->tote_id = thing->id;
    g_snprintf(plan->text, sizeof plan->text, _("Tote %s"), thing->name);
    return TRUE;
}

gboolean pick_plan(struct station *station, const struct thing *thing, struct plan *plan, GError **error)
{
    struct pick_at at;
    int found = pick_current(station, &at, error);
    if (found < 0)
        return FALSE;
    if (thing->kind == THING_TOTE && (found || station->tote_owed))
        return tote_scanned(station, thing, &at, plan, error);
    if (thing->kind == THING_BATCH)
        return pick_open_batch(station, thing->id, plan, error);
    if (!found || station->tote_owed)
        refuse(plan, ERR_SCAN_NOT_NOW, thing->name);
    else if (thing->kind == THING_BIN)
        bin_scanned(station, thing, &at, plan);
    else if (thing->kind == THING_PRODUCT)
        return product_scanned(station, thing, &at, plan, error);
    else if (thing->kind == THING_LOT)
        refuse(plan, thing->id == at.lot_id ? ERR_SCAN_NOT_NOW : ERR_PICK_LOT, thing->name, at.lot);
    else
        refuse(plan, ERR_SCAN_NOT_NOW, thing->name);
    return TRUE;
}

gboolean pick_after(struct station *station, const struct event *event, struct answer *answer, GError **error)
{
    struct pick_at at;
    gboolean needs = FALSE;
    if (event->kind == EV_TOTE || event->kind == EV_UNPICK)
        station->tote_owed = 0;
    struct rows *rows = db_query(station->site->db, &SQL[TASK_ROW], DB_ARGS(db_int(event->task_id)), error);
    int open = read_task(rows, &at, error);
    if (open < 0 || !needs_totes(station, &needs, error))
        return FALSE;
    if (event->kind == EV_PICK && open == 0 && needs && !station->paper)
        station->tote_owed = event->shipment_id;
    int left = pick_current(station, &at, error);
    if (left == 0 && !station->tote_owed) {
        clean_copy(answer->text, sizeof answer->text, _("All picked: bring it to the packing bench"));
        station_leave(station, STEP_IDLE);
    }
    return left >= 0;
}

/* --- by keys ---------------------------------------------------------------------------------------------------- */

/* The count of the current line is set, not added: "3 put away" of 5 leaves a line of 2. */
gboolean pick_quantity_plan(struct station *station, const char *argument, struct plan *plan, GError **error)
{
    struct pick_at at;
    gint64 count = 0;
    int64_t tote_id = 0;
    int found = station->step == STEP_PICK ? pick_current(station, &at, error) : 0;
    if (found < 0)
        return FALSE;
    if (!found) {
        refuse(plan, ERR_SCAN_NOT_NOW, "quantity");
        return TRUE;
    }
    char limit[24];
    g_snprintf(limit, sizeof limit, "%d", (int)at.quantity);
    if (!g_ascii_string_to_signed(argument, 10, 0, 1000000, &count, NULL) || count <= at.picked || count > at.quantity)
        refuse(plan, ERR_FLOW_QUANTITY, argument, at.sku, limit);
    else if (!station->paper && station->bin_id != at.location_id)
        refuse(plan, ERR_PICK_BIN, "-", at.bin);
    else if (!tote_of(station, at.shipment_id, &tote_id, error))
        return FALSE;
    else
        plan_pick(station, &at, count - at.picked, tote_id, plan);
    return TRUE;
}

static gboolean plan_task(struct station *station, enum event_kind kind, const char *reason, struct plan *plan,
                          GError **error)
{
    struct pick_at at;
    int found = station->step == STEP_PICK ? pick_current(station, &at, error) : 0;
    if (found < 0)
        return FALSE;
    if (!found) {
        refuse(plan, ERR_SCAN_NOT_NOW, kind == EV_SKIP ? "skip" : "short");
        return TRUE;
    }
    struct event *event = plan_event(station, plan, kind);
    event->shipment_id = at.shipment_id;
    event->task_id = at.task_id;
    event->reason = reason;
    g_snprintf(plan->text, sizeof plan->text, kind == EV_SKIP ? _("%s comes last") : _("%s is short; the bin will be counted"),
               at.sku);
    return TRUE;
}

gboolean pick_short_plan(struct station *station, const char *reason, struct plan *plan, GError **error)
{
    return plan_task(station, EV_SHORT, reason, plan, error);
}

gboolean pick_skip_plan(struct station *station, struct plan *plan, GError **error)
{
    return plan_task(station, EV_SKIP, NULL, plan, error);
}

static GArray *open_tasks(struct station *station, GError **error)
{
    struct rows *rows = db_query(station->site->db, &SQL[OPEN_TASKS],
                                 DB_ARGS(db_int(station->batch_id), db_int(station->shipment_id)), error);
    GArray *events = g_array_new(FALSE, TRUE, sizeof(struct event));
    int more = rows ? 0 : -1;
    while (rows && (more = rows_next(rows, error)) > 0) {
        struct event event = {.key = flow_key(station->site), .kind = EV_PICK, .actor = station->actor,
                              .task_id = rows_int(rows, 0), .shipment_id = rows_int(rows, 1),
                              .quantity = rows_int(rows, 2)};
        g_array_append_val(events, event);
    }
    if (more == 0)
        return events;
    g_array_unref(events);
    return NULL;
}

gboolean pick_whole(struct station *station, struct plan *plan, GError **error)
{
    if (station->step != STEP_PICK || !site_setting_int(station->site, "pick_list_whole", 0)) {
        refuse(plan, ERR_SCAN_NOT_NOW, "whole");
        return TRUE;
    }
    GArray *events = open_tasks(station, error);
    if (!events)
        return FALSE;
    struct outcome *outcomes = g_new0(struct outcome, events->len + 1);
    gboolean done =
        flow_apply(station->site, (const struct event *)(void *)events->data, events->len, outcomes, error);
    guint picked = 0;
    for (guint i = 0; i < events->len; i++)
        picked += outcomes[i].verdict == VERDICT_DONE;
    if (done && picked < events->len)
        refuse(plan, outcomes[picked].code, outcomes[picked].text);
    else
        plan_say(plan, PLAN_OK, _("The whole list: %u lines picked"), picked);
    if (done && picked == events->len)
        station_leave(station, STEP_IDLE);
    g_free(outcomes);
    g_array_unref(events);
    return done;
}

/* --- opening work ------------------------------------------------------------------------------------------------- */

static gboolean take_batch(struct station *station, int64_t batch_id, GError **error)
{
    struct outcome outcome;
    struct event event = {.kind = EV_BATCH_ASSIGN, .actor = station->actor, .batch_id = batch_id,
                          .person_id = station->actor.person_id};
    return station_apply(station, &event, &outcome, error);
}

gboolean pick_open_batch(struct station *station, int64_t batch_id, struct plan *plan, GError **error)
{
    struct rows *rows = db_query(station->site->db, &SQL[BATCH_FACTS], DB_ARGS(db_int(batch_id)), error);
    int found = rows ? rows_next(rows, error) : -1;
    if (found <= 0)
        return FALSE;
    char number[32], owner[96];
    enum state state = flow_state_parse(rows_text(rows, 1));
    int64_t person_id = rows_int(rows, 2);
    clean_copy(number, sizeof number, rows_text(rows, 0));
    clean_copy(owner, sizeof owner, rows_text(rows, 3));
    rows_close(rows);
    if (state != ST_READY && state != ST_RUNNING) {
        refuse(plan, ERR_FLOW_STATE, number, flow_state_label(state), "");
        return TRUE;
    }
    if (person_id && person_id != station->actor.person_id && !role_may(station->role, MAY_LEAD)) {
        refuse(plan, ERR_BATCH_OWNED, number, owner);
        return TRUE;
    }
    if (person_id && person_id != station->actor.person_id) {
        station->question = ASKED_TAKE_OVER;
        station->asked_id = batch_id;
        plan_say(plan, PLAN_ASK, _("Batch %s belongs to %s. Confirm to take it over."), number, owner);
        return TRUE;
    }
    if (!person_id && !take_batch(station, batch_id, error))
        return FALSE;
    station_leave(station, STEP_PICK);
    station->batch_id = batch_id;
    plan_say(plan, PLAN_OK, _("Batch %s"), number);
    return TRUE;
}

gboolean pick_open_shipment(struct station *station, int64_t shipment_id, struct plan *plan, GError **error)
{
    struct shipment_facts facts;
    if (station_shipment(station, shipment_id, &facts, error) <= 0)
        return FALSE;
    if (facts.batch_id && (facts.state == ST_BATCHED || facts.state == ST_PICKING))
        return pick_open_batch(station, facts.batch_id, plan, error);
    struct pick_at at;
    station_leave(station, STEP_PICK);
    station->shipment_id = shipment_id;
    int found = pick_current(station, &at, error);
    if (found < 0)
        return FALSE;
    if (found == 0) {
        station_leave(station, STEP_IDLE);
        /* the flow words it: not released, blocked, picked already, gone */
        plan_event(station, plan, EV_PICK)->shipment_id = shipment_id;
        return TRUE;
    }
    plan_say(plan, PLAN_OK, _("Order %s"), facts.order);
    return TRUE;
}

/* Own unfinished work first, then what is assigned, then the most urgent that nobody has. */
gboolean pick_get_work(struct station *station, struct plan *plan, GError **error)
{
    struct db *db = station->site->db;
    int64_t warehouse = station->site->warehouse_id, me = station->actor.person_id, id = 0;
    int found = db_get_ints(db, &SQL[OWN_BATCH], DB_ARGS(db_int(warehouse), db_int(me)), &id, 1, error);
    if (found == 0)
        found = db_get_ints(db, &SQL[FREE_BATCH], DB_ARGS(db_int(warehouse)), &id, 1, error);
    if (found != 0)
        return found > 0 && pick_open_batch(station, id, plan, error);
    found = db_get_ints(db, &SQL[OWN_SHIPMENT], DB_ARGS(db_int(warehouse), db_int(me)), &id, 1, error);
    if (found == 0)
        found = db_get_ints(db, &SQL[FREE_SHIPMENT], DB_ARGS(db_int(warehouse)), &id, 1, error);
    if (found < 0)
        return FALSE;
    if (found == 0) {
        refuse(plan, ERR_NO_WORK, NULL);
        return TRUE;
    }
    struct outcome outcome;
    struct event event = {.kind = EV_ASSIGN, .actor = station->actor, .shipment_id = id, .person_id = me};
    return station_apply(station, &event, &outcome, error) && pick_open_shipment(station, id, plan, error);
}

/* SPDX-License-Identifier: MIT
 *
 * What a picker works on: a batch or an order that is opened, taken over, or handed out.
 */
#include "core/base/clean.h"
#include "core/base/translate.h"
#include "core/db/rows.h"
#include "core/station/inner.h"

enum { OWN_BATCH, FREE_BATCH, OWN_SHIPMENT, FREE_SHIPMENT };

#define SOME_TO_PICK                                                                                                   \
    "EXISTS (SELECT 1 FROM shipment s JOIN pick_task t ON t.shipment_id = s.id WHERE s.batch_id = b.id "              \
    "AND s.state IN ('batched', 'picking') AND t.open = 1 AND " NOT_STOPPED ")"
#define HAS_TASK "EXISTS (SELECT 1 FROM pick_task t WHERE t.shipment_id = s.id AND t.open = 1)"

struct batch_facts {
    int64_t id, person_id; /* 0: nobody's */
    enum state state;
    char number[72], owner[96];
};

#define BATCH(COLUMN, PARSED)                                                                                          \
    COLUMN("b.id, ", id)                                                                                               \
    COLUMN("b.number, ", number)                                                                                       \
    PARSED("b.state, ", state, flow_state_parse)                                                                       \
    COLUMN("COALESCE(b.person_id, 0), ", person_id)                                                                    \
    COLUMN("COALESCE(p.name, '')", owner)

ROWS_READER(read_batch, struct batch_facts, BATCH)

#define BATCH_THAT "SELECT " COLUMNS_OF(BATCH) " FROM batch b LEFT JOIN person p ON p.id = b.person_id WHERE "

static const struct inquiry BATCH_FACTS = {{"pick_batch_facts", BATCH_THAT "b.id = $1"}, sizeof(struct batch_facts), read_batch};
static const struct inquiry BATCH_NAMED = {
    {"pick_batch_named", BATCH_THAT "b.warehouse_id = $1 AND b.owner_id IN (SELECT id FROM owner) AND b.number = $2"},
    sizeof(struct batch_facts), read_batch};

static const struct sql SQL[] = {
    [OWN_BATCH] = {"pick_own_batch", "SELECT b.id FROM batch b WHERE b.warehouse_id = $1 AND b.person_id = $2 "
                                     "AND b.state IN ('running', 'ready') AND " BATCH_IS_OPEN("b") " AND " SOME_TO_PICK
                                     " ORDER BY CASE b.state WHEN 'running' THEN 0 ELSE 1 END, " DUE("b") ", b.id LIMIT 1"},
    [FREE_BATCH] = {"pick_free_batch", "SELECT b.id, " DUE("b") " FROM batch b WHERE b.warehouse_id = $1 "
                                       "AND b.person_id IS NULL AND b.state IN ('running', 'ready') "
                                       "AND " BATCH_IS_OPEN("b")
                                       " AND " SOME_TO_PICK " ORDER BY " DUE("b") ", b.id LIMIT 1"},
    [OWN_SHIPMENT] = {"pick_own_shipment",
                      "SELECT s.id FROM shipment s WHERE s.warehouse_id = $1 AND s.person_id = $2 "
                      "AND s.batch_id IS NULL AND s.state IN ('picking', 'packing', 'ready') "
                      "AND " SHIPMENT_IS_OPEN("s") " AND " HAS_TASK
                      " AND " NOT_STOPPED " ORDER BY CASE s.state WHEN 'ready' THEN 1 ELSE 0 END, " DUE("s") ", s.id LIMIT 1"},
    [FREE_SHIPMENT] = {"pick_free_shipment",
                       "SELECT s.id, " DUE("s") ", s.priority, s.version FROM shipment s WHERE s.warehouse_id = $1 "
                       "AND s.state IN ('picking', 'packing', 'ready') AND " SHIPMENT_IS_OPEN("s")
                       " AND s.person_id IS NULL AND s.batch_id IS NULL AND " HAS_TASK " AND " NOT_STOPPED
                       " ORDER BY s.priority DESC, " DUE("s") ", s.id LIMIT 1"},
};

/* --- opening work --------------------------------------------------------------------------------------- */

/* A batch or a shipment becomes the work here. 1; 0: nothing is to be walked for; -1: failed. */
static int start(struct station *station, int64_t batch_id, int64_t shipment_id, GError **error)
{
    struct pick_at at;
    station_leave(station, STEP_PICK);
    station->work.batch_id = batch_id;
    station->work.shipment_id = shipment_id;
    station->expected_of = 0;
    if (!walk_open(station, error))
        return -1;
    int found = pick_current(station, &at, error);
    if (found == 0)
        station_leave(station, STEP_IDLE);
    return found;
}

static gboolean start_batch(struct station *station, int64_t batch_id, const char *number, struct plan *plan,
                            GError **error)
{
    int found = start(station, batch_id, 0, error);
    if (found > 0)
        return plan_say(plan, PLAN_OK, _("Batch %s"), number);
    return found == 0 && refuse(plan, ERR_BATCH_WAITS, number);
}

/* What was assigned is this person's, also where nothing of it can be picked. */
static gboolean open_taken(struct station *station, const struct event *event, struct plan *plan, GError **error)
{
    if (event->kind == EV_BATCH_ASSIGN)
        return work_open_batch(station, event->batch_id, plan, error) && plan_done_but(plan, _("It is yours"));
    const struct shipment_facts *facts = station_shipment(station, event->shipment_id, error);
    int found = facts ? start(station, 0, facts->id, error) : -1;
    if (found < 0)
        return FALSE;
    plan_say(plan, PLAN_OK, _("Order %s"), facts->order);
    return found > 0 || err_set(&plan->error, ERR_ORDER_WAITS, facts->order) || TRUE;
}

gboolean work_take_batch(struct station *station, int64_t batch_id, struct plan *plan, GError **error)
{
    struct outcome outcome;
    g_autoptr(GArray) members = walk_members(station, batch_id);
    struct event event = {.kind = EV_BATCH_ASSIGN, .actor = station->actor, .batch_id = batch_id, .members = members,
                          .person_id = station->actor.person_id};
    if (!station_apply(station, &event, &outcome, error))
        return FALSE;
    return outcome.verdict == VERDICT_DONE ? open_taken(station, &event, plan, error) : plan_not_done(plan, &outcome);
}

static int batch_load(struct station *station, int64_t batch_id, struct batch_facts *batch, GError **error)
{
    const struct db_value args[] = {db_int(station->site->warehouse_id), db_text(station->scanned)};
    int found = station->scanned && station_has_asked(station, &BATCH_NAMED)
                    ? station_answer(station, &BATCH_NAMED, args, G_N_ELEMENTS(args), batch, error)
                    : 0;
    if (found < 0 || (found > 0 && batch->id == batch_id))
        return found;
    return station_answer(station, &BATCH_FACTS, DB_ARGS(batch_id), batch, error);
}

gboolean work_open_batch(struct station *station, int64_t batch_id, struct plan *plan, GError **error)
{
    struct batch_facts batch;
    int found = batch_load(station, batch_id, &batch, error);
    if (found <= 0)
        return found == 0 && refuse(plan, ERR_FLOW_UNKNOWN, _("batch"));
    if (batch.state != ST_READY && batch.state != ST_RUNNING)
        return refuse(plan, ERR_FLOW_STATE, batch.number, flow_state_label(batch.state), flow_event_label(EV_PICK));
    if (batch.person_id == 0)
        return work_take_batch(station, batch_id, plan, error);
    if (batch.person_id == station->actor.person_id)
        return start_batch(station, batch_id, batch.number, plan, error);
    if (!role_may(station->role, MAY_LEAD))
        return refuse(plan, ERR_BATCH_OWNED, batch.number, batch.owner);
    station->question = ASKED_TAKE_OVER;
    station->asked_id = batch_id;
    return plan_say(plan, PLAN_ASK, _("Batch %s belongs to %s. Confirm to take it over."), batch.number, batch.owner);
}

static gboolean start_shipment(struct station *station, const struct shipment_facts *facts, struct plan *plan,
                               GError **error)
{
    int found = start(station, 0, facts->id, error);
    if (found > 0)
        return plan_say(plan, PLAN_OK, _("Order %s"), facts->order);
    if (found == 0) /* the flow words it: not released, blocked, picked already, gone */
        plan_event(station, plan, EV_PICK)->shipment_id = facts->id;
    return found == 0;
}

gboolean work_take_shipment(struct station *station, int64_t shipment_id, struct plan *plan, GError **error)
{
    struct outcome outcome;
    struct event event = {.kind = EV_ASSIGN, .actor = station->actor, .shipment_id = shipment_id,
                          .person_id = station->actor.person_id};
    if (!station_apply(station, &event, &outcome, error))
        return FALSE;
    return outcome.verdict == VERDICT_DONE ? open_taken(station, &event, plan, error) : plan_not_done(plan, &outcome);
}

static gboolean ask_for_shipment(struct station *station, const struct shipment_facts *facts, struct plan *plan)
{
    station->question = ASKED_TAKE_ORDER;
    station->asked_id = facts->id;
    return plan_say(plan, PLAN_ASK, _("%s is picking order %s. Confirm to take it over."), facts->owner, facts->order);
}

/* Who opens an order works it: nobody else is handed it. Somebody's running work asks first. */
gboolean work_open_shipment(struct station *station, int64_t shipment_id, struct plan *plan, GError **error)
{
    const struct shipment_facts *facts = station_shipment(station, shipment_id, error);
    if (!facts)
        return FALSE;
    if (facts->batch_id && (facts->state == ST_BATCHED || facts->state == ST_PICKING))
        return work_open_batch(station, facts->batch_id, plan, error);
    gboolean to_pick = (facts->state == ST_READY || facts->state == ST_PICKING) && !shipment_stopped_by(facts);
    if (!to_pick || facts->person_id == station->actor.person_id)
        return start_shipment(station, facts, plan, error);
    return facts->person_id && facts->state == ST_PICKING ? ask_for_shipment(station, facts, plan)
                                                          : work_take_shipment(station, shipment_id, plan, error);
}

void work_ask_batch(struct station *station, int64_t batch_id)
{
    station_ask(station, &BATCH_FACTS, DB_ARGS(batch_id));
}

void work_ask_scanned(struct station *station, const struct scan *scan)
{
    if (scan->flags & SCAN_CODE && scan->code.kind == CODE_BATCH)
        work_ask_batch(station, scan->code.id);
    else
        station_ask(station, &BATCH_NAMED, DB_ARGS(station->site->warehouse_id, scan->text));
    walk_ask_scanned(station, scan);
}

void work_ask_owner(struct station *station)
{
    if (station->work.batch_id)
        work_ask_batch(station, station->work.batch_id);
    else if (station->work.shipment_id)
        station_ask(station, &SHIPMENT_FACTS, DB_ARGS(station->work.shipment_id));
}

/* The batch that is worked here, or the shipment as if it were one. */
static int owner_of_work(struct station *station, struct batch_facts *work, GError **error)
{
    if (station->work.batch_id)
        return batch_load(station, station->work.batch_id, work, error);
    const struct shipment_facts *facts = station_shipment(station, station->work.shipment_id, error);
    if (!facts)
        return -1;
    work->person_id = facts->person_id;
    clean_copy(work->number, sizeof work->number, facts->order);
    clean_copy(work->owner, sizeof work->owner, facts->owner);
    return 1;
}

/* Work that was given to somebody else meanwhile ends here, and the person is told. */
int work_still_ours(struct station *station, struct plan *plan, GError **error)
{
    struct batch_facts work = {0};
    if (!station->work.batch_id && !station->work.shipment_id)
        return 1;
    if (owner_of_work(station, &work, error) < 0)
        return -1;
    if (work.person_id == 0 || work.person_id == station->actor.person_id)
        return 1;
    station_leave(station, STEP_IDLE);
    plan->before = NULL; /* not even the right scan leads back there */
    refuse(plan, ERR_WORK_TAKEN, work.number, work.owner);
    return 0;
}

/* A pick that was undone after the walk had ended: the station is back at it. */
gboolean work_resume(struct station *station, int64_t shipment_id, GError **error)
{
    struct plan plan = {.kind = PLAN_OK};
    gboolean done = work_open_shipment(station, shipment_id, &plan, error);
    g_clear_error(&plan.error);
    return done;
}

/* --- get work ------------------------------------------------------------------------------------------- */

static int one_id(struct station *station, int sql, int64_t *id, GError **error)
{
    return db_get_ints(station->site->db, &SQL[sql], DB_ARGS(station->site->warehouse_id, station->actor.person_id), id,
                       1, error);
}

/* What nobody has: the batch due first, unless an order outside of batches is more urgent. 1 taken, 0 somebody else was
 * quicker, -1 failed; *none when there is nothing. */
static int take_free(struct station *station, gboolean *none, struct plan *plan, GError **error)
{
    struct db *db = station->site->db;
    int64_t warehouse = station->site->warehouse_id, batch[2] = {0, 0}, order[4] = {0, 0, 0, 0};
    if (db_get_ints(db, &SQL[FREE_BATCH], DB_ARGS(warehouse), batch, 2, error) < 0 ||
        db_get_ints(db, &SQL[FREE_SHIPMENT], DB_ARGS(warehouse), order, 4, error) < 0)
        return -1;
    *none = batch[0] == 0 && order[0] == 0;
    gboolean order_first = order[0] && (batch[0] == 0 || order[2] > 0 || order[1] < batch[1]);
    struct outcome outcome;
    struct event event = {.kind = EV_BATCH_ASSIGN, .actor = station->actor, .batch_id = batch[0],
                          .person_id = station->actor.person_id};
    if (order_first)
        event = (struct event){.kind = EV_ASSIGN, .actor = station->actor, .shipment_id = order[0],
                               .version = order[3], .person_id = station->actor.person_id};
    if (*none)
        return 1;
    if (!station_apply(station, &event, &outcome, error))
        return -1;
    gboolean quicker = outcome.verdict == VERDICT_CONFLICT || outcome.code == ERR_BATCH_OWNED ||
                       outcome.code == ERR_FLOW_STATE;
    if (outcome.verdict == VERDICT_DONE)
        return open_taken(station, &event, plan, error) ? 1 : -1;
    if (!quicker)
        plan_not_done(plan, &outcome);
    return quicker ? 0 : 1;
}

/* Own unfinished work first, then what is assigned, then the most urgent that nobody has. */
gboolean work_get(struct station *station, struct plan *plan, GError **error)
{
    enum { TRIES = 8 };
    int64_t id = 0;
    int found = one_id(station, OWN_BATCH, &id, error);
    if (found != 0)
        return found > 0 && work_open_batch(station, id, plan, error);
    found = one_id(station, OWN_SHIPMENT, &id, error);
    if (found != 0)
        return found > 0 && work_open_shipment(station, id, plan, error);
    for (int try = 0; try < TRIES; try++) {
        gboolean none = FALSE;
        int taken = take_free(station, &none, plan, error);
        if (taken < 0)
            return FALSE;
        if (taken > 0 && !none)
            return TRUE;
        if (none)
            break;
    }
    return refuse(plan, ERR_NO_WORK, NULL);
}

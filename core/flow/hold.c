/* SPDX-License-Identifier: MIT */
#include "core/flow/hold.h"

#include "core/db/rows.h"

enum rank { LOCK_SHIPMENT, LOCK_BATCH, LOCK_TOTE, LOCK_PRODUCT };

enum { MEMBERS, OF_JOBS, BATCHES_OF_SHIPMENTS, BATCH_OF_PICK, PRODUCTS_OF_TASKS, PRODUCTS_OF_SHIPMENTS };

static const struct sql SQL[] = {
    [MEMBERS] = {"hold_members", "SELECT id FROM shipment WHERE batch_id IN ({ids:$1}) "
                                 "AND state IN ('batched', 'picking', 'picked')"},
    [OF_JOBS] = {"hold_shipments_of_jobs", "SELECT shipment_id FROM job WHERE id IN ({ids:$1}) AND shipment_id IS NOT NULL"},
    [BATCHES_OF_SHIPMENTS] = {"hold_batches", "SELECT DISTINCT batch_id FROM shipment WHERE id IN ({ids:$1}) "
                                              "AND batch_id IS NOT NULL"},
    /* one pick writes its batch's row when it is the first of the batch, or may be the last one of its shipment */
    [BATCH_OF_PICK] = {"hold_batch_of_pick",
                       "SELECT s.batch_id FROM shipment s JOIN batch b ON b.id = s.batch_id WHERE s.id IN ({ids:$1}) AND "
                       "(b.state = 'ready' OR s.state = 'packing' OR (SELECT COUNT(*) FROM pick_task t "
                       "WHERE t.shipment_id = s.id AND t.open = 1) < 2)"},
    [PRODUCTS_OF_TASKS] = {"hold_products_of_tasks", "SELECT DISTINCT product_id FROM pick_task WHERE id IN ({ids:$1})"},
    [PRODUCTS_OF_SHIPMENTS] = {"hold_products", "SELECT DISTINCT product_id FROM shipment_line WHERE shipment_id IN ({ids:$1})"},
};

/* --- lists ------------------------------------------------------------------------------------------------ */

static void add(GArray *things, enum rank rank, int64_t id)
{
    struct db_advisory thing = {(int)rank, id};
    if (id)
        g_array_append_val(things, thing);
}

/* What a statement finds by a list of ids. */
static gboolean add_found(struct db *db, GArray *things, enum rank rank, int statement, const GArray *ids, GError **error)
{
    if (ids->len == 0)
        return TRUE;
    g_autofree char *list = db_id_list((const int64_t *)(const void *)ids->data, ids->len);
    struct rows *rows = db_query(db, &SQL[statement], DB_ARGS(list), error);
    int more;
    while ((more = rows_next(rows, error)) > 0)
        add(things, rank, rows_int(rows, 0));
    return more == 0;
}

/* The ids that an event has for a statement; 0: it has none. */
typedef int64_t (*id_of)(const struct event *ev);

static int64_t batch_with_members(const struct event *ev)
{
    return ev->kind == EV_BATCH_ASSIGN || ev->kind == EV_BATCH_CANCEL ? ev->batch_id : 0;
}

static int64_t job(const struct event *ev)
{
    return flow_event_machine(ev->kind) == MACHINE_JOB ? ev->job_id : 0;
}

static int64_t shipment_that_picks(const struct event *ev)
{
    return ev->kind == EV_PICK ? ev->shipment_id : 0;
}

static int64_t shipment_that_settles(const struct event *ev)
{
    gboolean settles = ev->kind == EV_UNPICK || ev->kind == EV_SHORT || ev->kind == EV_CANCEL ||
                       ev->kind == EV_CANCEL_LINE || ev->kind == EV_UNBATCH;
    return settles ? ev->shipment_id : 0;
}

static int64_t shipment_that_may_settle(const struct event *ev)
{
    return ev->kind == EV_PICK ? ev->shipment_id : shipment_that_settles(ev);
}

static int64_t task(const struct event *ev)
{
    return ev->kind == EV_PICK || ev->kind == EV_UNPICK || ev->kind == EV_SHORT ? ev->task_id : 0;
}

static int64_t shipment_with_goods(const struct event *ev)
{
    gboolean all = ev->kind == EV_RELEASE || ev->kind == EV_CLOSE || ev->kind == EV_CLOSE_SPLIT || ev->kind == EV_OUT ||
                   ev->kind == EV_CANCEL || ev->kind == EV_CANCEL_LINE;
    return all ? ev->shipment_id : 0;
}

static gboolean add_of_events(struct db *db, GArray *things, enum rank rank, int statement, const struct event *events,
                              size_t n, id_of id, GError **error)
{
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (size_t i = 0; i < n; i++) {
        int64_t one = id(&events[i]);
        if (one)
            g_array_append_val(ids, one);
    }
    return add_found(db, things, rank, statement, ids, error);
}

/* --- the order -------------------------------------------------------------------------------------------- */

static gboolean lock(struct db *db, GArray *things, GError **error)
{
    gboolean done = db_advisory_lock(db, (struct db_advisory *)(void *)things->data, things->len, error);
    g_array_set_size(things, 0);
    return done;
}

static gboolean add_shipments(struct db *db, GArray *things, const struct event *events, size_t n, GError **error)
{
    for (size_t i = 0; i < n; i++)
        if (flow_event_machine(events[i].kind) == MACHINE_SHIPMENT)
            add(things, LOCK_SHIPMENT, events[i].shipment_id);
    return add_of_events(db, things, LOCK_SHIPMENT, MEMBERS, events, n, batch_with_members, error) &&
           add_of_events(db, things, LOCK_SHIPMENT, OF_JOBS, events, n, job, error);
}

static gboolean add_rest(struct db *db, GArray *things, const struct event *events, size_t n, GError **error)
{
    for (size_t i = 0; i < n; i++) {
        const struct event *ev = &events[i];
        if (ev->kind == EV_BATCH || flow_event_machine(ev->kind) == MACHINE_BATCH)
            add(things, LOCK_BATCH, ev->batch_id);
        if (ev->kind == EV_PICK || ev->kind == EV_TOTE)
            add(things, LOCK_TOTE, ev->tote_id);
        if (ev->kind == EV_RECEIVE || ev->kind == EV_ADJUST || ev->kind == EV_MOVE)
            add(things, LOCK_PRODUCT, ev->product_id);
    }
    return (n > 1 || add_of_events(db, things, LOCK_BATCH, BATCH_OF_PICK, events, n, shipment_that_picks, error)) &&
           add_of_events(db, things, LOCK_BATCH, BATCHES_OF_SHIPMENTS, events, n,
                         n == 1 ? shipment_that_settles : shipment_that_may_settle, error) &&
           add_of_events(db, things, LOCK_PRODUCT, PRODUCTS_OF_TASKS, events, n, task, error) &&
           add_of_events(db, things, LOCK_PRODUCT, PRODUCTS_OF_SHIPMENTS, events, n, shipment_with_goods, error);
}

/* Shipments come first: which batch and which goods they have is read when nobody else can change it. */
gboolean flow_hold(struct db *db, const struct event *events, size_t n, GError **error)
{
    g_autoptr(GArray) things = g_array_new(FALSE, FALSE, sizeof(struct db_advisory));
    return add_shipments(db, things, events, n, error) && lock(db, things, error) &&
           add_rest(db, things, events, n, error) && lock(db, things, error);
}

gboolean flow_hold_known(struct db *db, const struct event *ev, int64_t product_id, GError **error)
{
    struct db_advisory things[] = {{LOCK_SHIPMENT, ev->shipment_id}, {LOCK_TOTE, ev->kind == EV_PICK ? ev->tote_id : 0},
                                   {LOCK_PRODUCT, product_id}};
    return db_advisory_lock(db, things, G_N_ELEMENTS(things), error);
}

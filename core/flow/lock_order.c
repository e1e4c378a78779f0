/* SPDX-License-Identifier: MIT
 *
 * What events lock before they look at anything, so that no two ever wait for each other: shipments, then batches, totes,
 * products (for all of their stock), print jobs, each by id. Everything is locked before the first row is written; ranges
 * and numbers come after, and who has them waits for nobody any more. What an effect touches is asserted to be locked.
 */
#include "core/flow/transition.h"

enum rank { LOCK_SHIPMENT, LOCK_BATCH, LOCK_TOTE, LOCK_PRODUCT, LOCK_JOB };

enum { MEMBERS, BATCH_OF_SHIPMENT, TASK_PRODUCT, SHIPMENT_PRODUCTS };

static const struct sql SQL[] = {
    [MEMBERS] = {"lock_members", "SELECT id FROM shipment WHERE batch_id = $1 AND state IN ('batched', 'picking', 'picked')"},
    /* a pick writes its batch's row when it is the first of the batch, or may be the last one of its shipment */
    [BATCH_OF_SHIPMENT] = {"lock_batch",
                           "SELECT s.batch_id FROM shipment s JOIN batch b ON b.id = s.batch_id WHERE s.id = $1 AND "
                           "(CAST($2 AS BIGINT) = 1 OR b.state = 'ready' OR (SELECT COUNT(*) FROM pick_task t "
                           "WHERE t.shipment_id = s.id AND t.open = 1) < 2)"},
    [TASK_PRODUCT] = {"lock_task_product", "SELECT product_id FROM pick_task WHERE id = $1"},
    [SHIPMENT_PRODUCTS] = {"lock_products", "SELECT DISTINCT product_id FROM shipment_line WHERE shipment_id = $1"},
};

static void add(GArray *things, enum rank rank, int64_t id)
{
    struct db_advisory thing = {(int)rank, id};
    if (id)
        g_array_append_val(things, thing);
}

static gboolean add_found(struct db *db, GArray *things, enum rank rank, int sql, const struct db_value *args, size_t n,
                          GError **error)
{
    struct rows *rows = db_query(db, &SQL[sql], args, n, error);
    int more;
    while ((more = rows_next(rows, error)) > 0)
        add(things, rank, rows_int(rows, 0));
    return more == 0;
}

static gboolean add_subject(struct db *db, GArray *things, const struct event *ev, GError **error)
{
    if (flow_event_machine(ev->kind) == MACHINE_SHIPMENT)
        add(things, LOCK_SHIPMENT, ev->shipment_id);
    return (ev->kind != EV_BATCH_ASSIGN && ev->kind != EV_BATCH_CANCEL) ||
           add_found(db, things, LOCK_SHIPMENT, MEMBERS, DB_ARGS(ev->batch_id), error);
}

static gboolean add_batch(struct db *db, GArray *things, const struct event *ev, gboolean alone, GError **error)
{
    gboolean may_settle = ev->kind == EV_PICK || ev->kind == EV_UNPICK || ev->kind == EV_SHORT || ev->kind == EV_CANCEL ||
                          ev->kind == EV_CANCEL_LINE || ev->kind == EV_UNBATCH;
    if (ev->kind == EV_BATCH || flow_event_machine(ev->kind) == MACHINE_BATCH)
        add(things, LOCK_BATCH, ev->batch_id);
    return !may_settle || add_found(db, things, LOCK_BATCH, BATCH_OF_SHIPMENT,
                                    DB_ARGS(ev->shipment_id, !alone || ev->kind != EV_PICK), error);
}

static gboolean add_products(struct db *db, GArray *things, const struct event *ev, GError **error)
{
    if (ev->kind == EV_PICK || ev->kind == EV_UNPICK || ev->kind == EV_SHORT)
        return add_found(db, things, LOCK_PRODUCT, TASK_PRODUCT, DB_ARGS(ev->task_id), error);
    if (ev->kind == EV_RECEIVE || ev->kind == EV_ADJUST || ev->kind == EV_MOVE)
        add(things, LOCK_PRODUCT, ev->product_id);
    gboolean all = ev->kind == EV_RELEASE || ev->kind == EV_CLOSE || ev->kind == EV_CLOSE_SPLIT || ev->kind == EV_OUT ||
                   ev->kind == EV_CANCEL || ev->kind == EV_CANCEL_LINE;
    return !all || add_found(db, things, LOCK_PRODUCT, SHIPMENT_PRODUCTS, DB_ARGS(ev->shipment_id), error);
}

static gboolean lock_rest(struct db *db, GArray *things, const struct event *events, size_t n, GError **error)
{
    gboolean done = TRUE;
    for (size_t i = 0; done && i < n; i++) {
        const struct event *ev = &events[i];
        if (ev->kind == EV_PICK || ev->kind == EV_TOTE)
            add(things, LOCK_TOTE, ev->tote_id);
        if (flow_event_machine(ev->kind) == MACHINE_JOB && n > 1) /* one alone waits for its row */
            add(things, LOCK_JOB, ev->job_id);
        done = add_batch(db, things, ev, n == 1, error) && add_products(db, things, ev, error);
    }
    return done && db_advisory_lock(db, (struct db_advisory *)(void *)things->data, things->len, error);
}

/* Shipments come first: which batch and which goods they have is read when nobody else can change it. */
gboolean flow_lock(struct db *db, const struct event *events, size_t n, GError **error)
{
    g_autoptr(GArray) things = g_array_new(FALSE, FALSE, sizeof(struct db_advisory));
    gboolean done = TRUE;
    for (size_t i = 0; done && i < n; i++)
        done = add_subject(db, things, &events[i], error);
    done = done && db_advisory_lock(db, (struct db_advisory *)(void *)things->data, things->len, error);
    g_array_set_size(things, 0);
    done = done && lock_rest(db, things, events, n, error);
    return done;
}

/* SPDX-License-Identifier: MIT */
#include "core/apply/hold.h"

#include "core/db/rows.h"

enum rank { LOCK_SHIPMENT, LOCK_BATCH, LOCK_TOTE, LOCK_PRODUCT };

enum { SHIPMENTS, BATCHES, BATCHES_OF_MANY, PRODUCTS };

/* One pick writes its batch's row when it is the first of the batch, or may be the last one of its shipment; many may be. */
#define BATCH_OF_PICK                                                                                                  \
    "SELECT s.batch_id FROM shipment s JOIN batch b ON b.id = s.batch_id WHERE s.id {in:$3} AND "                \
    "(b.state = 'ready' OR s.state = 'packing' OR (SELECT COUNT(*) FROM pick_task t "                                  \
    "WHERE t.shipment_id = s.id AND t.open = 1) < 2)"
#define BATCHES_OF(ids) "SELECT batch_id FROM shipment WHERE id {in:" ids "} AND batch_id IS NOT NULL"
#define LOCK(found) "SELECT id{lock:id} FROM (" found " ORDER BY 1) AS found"

/* $1 are ids that are known, $2 and $3 those of what has some. */
static const struct sql SQL[] = {
    [SHIPMENTS] = {"hold_shipments", LOCK("SELECT id FROM shipment WHERE id {in:$1} "
                                          "UNION SELECT id FROM shipment WHERE batch_id {in:$2} "
                                          "AND state IN ('batched', 'picking', 'picked') "
                                          "UNION SELECT shipment_id FROM job WHERE id {in:$3} AND shipment_id IS NOT NULL")},
    [BATCHES] = {"hold_batches", LOCK("SELECT id FROM batch WHERE id {in:$1} UNION " BATCHES_OF("$2")
                                      " UNION " BATCH_OF_PICK)},
    [BATCHES_OF_MANY] = {"hold_batches_of_many", LOCK("SELECT id FROM batch WHERE id {in:$1} UNION " BATCHES_OF("$2")
                                                      " UNION " BATCHES_OF("$3"))},
    [PRODUCTS] = {"hold_products", LOCK("SELECT id FROM product WHERE id {in:$1} "
                                        "UNION SELECT product_id FROM shipment_line WHERE shipment_id {in:$2} "
                                        "UNION SELECT product_id FROM pick_task WHERE id {in:$3}")},
};

/* --- lists ------------------------------------------------------------------------------------------------ */

static void add(GArray *things, enum rank rank, int64_t id)
{
    struct db_advisory thing = {(int)rank, id};
    if (id)
        g_array_append_val(things, thing);
}

/* The ids that an event has for a statement; 0: it has none. */
typedef int64_t (*id_of)(const struct event *ev);

static int64_t of_shipment(const struct event *ev)
{
    return flow_event_machine(ev->kind) == MACHINE_SHIPMENT ? ev->shipment_id : 0;
}

static int64_t batch_with_members(const struct event *ev)
{
    return ev->kind == EV_BATCH_ASSIGN || ev->kind == EV_BATCH_CANCEL ? ev->batch_id : 0;
}

static int64_t job(const struct event *ev)
{
    return flow_event_machine(ev->kind) == MACHINE_JOB ? ev->job_id : 0;
}

static int64_t batch(const struct event *ev)
{
    return ev->kind == EV_BATCH || flow_event_machine(ev->kind) == MACHINE_BATCH ? ev->batch_id : 0;
}

static int64_t shipment_that_picks(const struct event *ev)
{
    return ev->kind == EV_PICK ? ev->shipment_id : 0;
}

static int64_t shipment_that_settles(const struct event *ev)
{
    gboolean settles = ev->kind == EV_UNPICK || ev->kind == EV_SHORT || ev->kind == EV_CANCEL ||
                       ev->kind == EV_CANCEL_LINE || ev->kind == EV_UNBATCH || ev->kind == EV_FOLLOW;
    return settles ? ev->shipment_id : 0;
}

static int64_t tote(const struct event *ev)
{
    return ev->kind == EV_PICK || ev->kind == EV_TOTE ? ev->tote_id : 0;
}

static int64_t product(const struct event *ev)
{
    return ev->kind == EV_RECEIVE || ev->kind == EV_ADJUST || ev->kind == EV_MOVE ? ev->product_id : 0;
}

static int64_t shipment_with_goods(const struct event *ev)
{
    gboolean all = ev->kind == EV_RELEASE || ev->kind == EV_CLOSE || ev->kind == EV_CLOSE_SPLIT || ev->kind == EV_OUT ||
                   ev->kind == EV_CANCEL || ev->kind == EV_CANCEL_LINE;
    return all ? ev->shipment_id : 0;
}

static int64_t task(const struct event *ev)
{
    return ev->kind == EV_PICK || ev->kind == EV_UNPICK || ev->kind == EV_SHORT ? ev->task_id : 0;
}

/* --- the order -------------------------------------------------------------------------------------------- */

static GArray *ids_of(const struct event *events, size_t n, id_of id)
{
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (size_t i = 0; id && i < n; i++) {
        int64_t one = id(&events[i]);
        if (one)
            g_array_append_val(ids, one);
    }
    return ids;
}

static char *list_of(const GArray *ids)
{
    return db_id_list((const int64_t *)(const void *)ids->data, ids->len);
}

static int64_t only(const GArray *ids)
{
    return ids->len ? g_array_index(ids, int64_t, 0) : 0;
}

static gboolean lock_known(struct db *db, enum rank rank, const GArray *ids, GError **error)
{
    g_autoptr(GArray) things = g_array_new(FALSE, FALSE, sizeof(struct db_advisory));
    for (guint i = 0; i < ids->len; i++)
        add(things, rank, g_array_index(ids, int64_t, i));
    return db_advisory_lock(db, (struct db_advisory *)(void *)things->data, things->len, error);
}

/* A rank's locks: of ids that are known, and of those that a statement finds besides. */
struct rank_locks {
    enum rank rank;
    id_of known, by, by_other;
    int statement;
};

static gboolean lock_rank(struct db *db, const struct rank_locks *locks, const struct event *events, size_t n, GError **error)
{
    g_autoptr(GArray) known = ids_of(events, n, locks->known);
    g_autoptr(GArray) by = ids_of(events, n, locks->by);
    g_autoptr(GArray) by_other = ids_of(events, n, locks->by_other);
    if (by->len == 0 && by_other->len == 0)
        return lock_known(db, locks->rank, known, error);
    if (known->len <= 1 && by->len <= 1 && by_other->len <= 1)
        return db_advisory_find_one(db, (int)locks->rank, &SQL[locks->statement],
                                    DB_ARGS(only(known), only(by), only(by_other)), error);
    g_autofree char *list = list_of(known);
    g_autofree char *list_by = list_of(by);
    g_autofree char *list_by_other = list_of(by_other);
    return db_advisory_find(db, (int)locks->rank, &SQL[locks->statement], DB_ARGS(list, list_by, list_by_other), error);
}

/* Shipments come first: which batch and which goods they have is read when nobody else can change it. A statement sees
 * what is so when those before it have their locks. */
gboolean flow_hold(struct db *db, const struct event *events, size_t n, GError **error)
{
    const struct rank_locks ranks[] = {
        {LOCK_SHIPMENT, of_shipment, batch_with_members, job, SHIPMENTS},
        {LOCK_BATCH, batch, shipment_that_settles, shipment_that_picks, n == 1 ? BATCHES : BATCHES_OF_MANY},
        {LOCK_TOTE, tote, NULL, NULL, 0},
        {LOCK_PRODUCT, product, shipment_with_goods, task, PRODUCTS},
    };
    gboolean done = TRUE;
    for (size_t i = 0; done && i < G_N_ELEMENTS(ranks); i++)
        done = lock_rank(db, &ranks[i], events, n, error);
    return done;
}

gboolean flow_hold_known(struct db *db, const struct event *ev, int64_t batch_id, int64_t product_id, GError **error)
{
    struct db_advisory things[] = {{LOCK_SHIPMENT, ev->shipment_id}, {LOCK_BATCH, batch_id}, {LOCK_TOTE, tote(ev)},
                                   {LOCK_PRODUCT, product_id}};
    return db_advisory_lock(db, things, G_N_ELEMENTS(things), error);
}

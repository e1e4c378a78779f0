/* SPDX-License-Identifier: MIT */
#include "core/act/allocate.h"

#include "core/act/act.h"
#include "core/db/rows.h"
#include "core/goods/stock.h"
#include "core/site/site.h"

/* --- what is left ----------------------------------------------------------------------------------------- */

static void give_back(GHashTable *free_stock, const GArray *wants, guint count)
{
    for (guint i = 0; i < count; i++) {
        const struct want *want = &g_array_index(wants, struct want, i);
        *(int64_t *)g_hash_table_lookup(free_stock, &want->product_id) += want->quantity;
    }
}

gboolean allocate_take(GHashTable *free_stock, const GArray *wants)
{
    for (guint i = 0; i < wants->len; i++) {
        const struct want *want = &g_array_index(wants, struct want, i);
        int64_t *left = g_hash_table_lookup(free_stock, &want->product_id);
        if (!left || *left < want->quantity) {
            give_back(free_stock, wants, i);
            return FALSE;
        }
        *left -= want->quantity;
    }
    return TRUE;
}

gboolean allocate_covers(GHashTable *free_stock, const GArray *wants)
{
    gboolean covers = allocate_take(free_stock, wants);
    if (covers)
        give_back(free_stock, wants, wants->len);
    return covers;
}

/* --- who waits -------------------------------------------------------------------------------------------- */

/* New shipments and those that went short, unless something else stops their release; a row for each open line. $2:
 * also the short ones, which is no use while nothing lies free. */
#define WAITING                                                                                                        \
    "SELECT s.id, s.version, CASE WHEN k.id IS NULL THEN 0 ELSE 1 END, l.product_id, l.quantity - l.picked "           \
    "FROM shipment s JOIN sales_order o ON o.id = s.order_id LEFT JOIN block k ON k.shipment_id = s.id "               \
    "AND k.kind = 'short' AND k.cleared_at IS NULL "                                                                   \
    "JOIN shipment_line l ON l.shipment_id = s.id AND l.state = 'open' "                                               \
    "WHERE s.warehouse_id = $1 AND s.state IN ('new', 'ready', 'batched', 'picking', 'picked', 'packing') "            \
    "AND " SHIPMENT_IS_OPEN("s") " "                                                                                   \
    "AND NOT EXISTS (SELECT 1 FROM block b WHERE b.shipment_id = s.id AND b.cleared_at IS NULL "                       \
    "AND b.kind NOT IN ('short', 'changed')) "                                                                         \
    "AND (s.state = 'new' AND k.id IS NULL OR CAST($2 AS BIGINT) = 1 AND k.id IS NOT NULL) "

enum { ALL, OF_PRODUCT };

static const struct sql SQL[] = {
    [ALL] = {"allocate_all", WAITING "ORDER BY " PROMISE_FIRST},
    [OF_PRODUCT] = {"allocate_of_product",
                    WAITING "AND s.id {among:SELECT w.shipment_id FROM shipment_line w WHERE w.product_id = $3 "
                            "AND w.state = 'open'} ORDER BY " PROMISE_FIRST},
};

struct waiting {
    int64_t id, version;
    gboolean is_short;
};

/* A look at everybody who waits, in the order of their promises. */
struct plan {
    GHashTable *free_stock;
    GHashTable *refused;      /* shipment id -> enum err: what the flow has refused already */
    struct waiting shipment;  /* the one whose lines are being read */
    GArray *wants;            /* of it: struct want */
    GArray *winners, *losers; /* struct waiting; losers have no block yet */
    size_t still_short, stopped;
};

static void settle(struct plan *plan)
{
    if (plan->wants->len == 0)
        return;
    enum err refusal = GPOINTER_TO_UINT(g_hash_table_lookup(plan->refused, &plan->shipment.id));
    if (refusal != ERR_NONE && refusal != ERR_SHORT_STOCK)
        plan->stopped++;
    else if (refusal == ERR_NONE && allocate_take(plan->free_stock, plan->wants))
        g_array_append_val(plan->winners, plan->shipment);
    else if (plan->shipment.is_short)
        plan->still_short++;
    else
        g_array_append_val(plan->losers, plan->shipment);
    g_array_set_size(plan->wants, 0);
}

static void read_line(struct rows *rows, void *data)
{
    struct plan *plan = data;
    const struct want want = {rows_int(rows, 3), rows_int(rows, 4)};
    if (rows_int(rows, 0) != plan->shipment.id)
        settle(plan);
    plan->shipment = (struct waiting){rows_int(rows, 0), rows_int(rows, 1), rows_int(rows, 2) != 0};
    g_array_append_val(plan->wants, want);
}

static gboolean look(struct site *site, int64_t product_id, struct plan *plan, GError **error)
{
    g_clear_pointer(&plan->free_stock, g_hash_table_unref);
    g_array_set_size(plan->winners, 0);
    g_array_set_size(plan->losers, 0);
    plan->still_short = plan->stopped = 0;
    if (!(plan->free_stock = stock_free(site, error)))
        return FALSE;
    gboolean any = g_hash_table_size(plan->free_stock) > 0;
    const struct db_value args[] = {db_int(site->warehouse_id), db_int(any), db_int(product_id)};
    struct rows *rows = product_id ? db_query(site->db, &SQL[OF_PRODUCT], args, 3, error)
                                   : db_query(site->db, &SQL[ALL], args, 2, error);
    if (!rows_each(rows, read_line, plan, error))
        return FALSE;
    settle(plan);
    return TRUE;
}

/* --- what they get ---------------------------------------------------------------------------------------- */

struct call {
    struct site *site;
    struct actor actor;
    struct plan plan;
    struct allocation *result;
};

static gboolean count_release(const struct event *event, const struct outcome *outcome, void *data, GError **error)
{
    struct call *call = data;
    (void)error;
    if (outcome->verdict == VERDICT_DONE)
        call->result->released++;
    else
        g_hash_table_insert(call->plan.refused, g_memdup2(&event->shipment_id, sizeof event->shipment_id),
                            GUINT_TO_POINTER(outcome->code));
    return TRUE;
}

static gboolean count_block(const struct event *event, const struct outcome *outcome, void *data, GError **error)
{
    struct call *call = data;
    (void)event, (void)error;
    call->result->short_of_stock += outcome->verdict == VERDICT_DONE;
    return TRUE;
}

/* By the version each was looked at: who was changed by somebody else meanwhile is left alone. */
static gboolean apply_all(struct call *call, enum event_kind kind, const GArray *shipments, flow_each count,
                          GError **error)
{
    GArray *events = g_array_sized_new(FALSE, FALSE, sizeof(struct event), shipments->len);
    for (guint i = 0; i < shipments->len; i++) {
        const struct waiting *shipment = &g_array_index(shipments, struct waiting, i);
        struct event event = {.kind = kind, .shipment_id = shipment->id, .version = shipment->version,
                              .block = BLOCK_SHORT /* what EV_BLOCK puts */};
        g_array_append_val(events, event);
    }
    return flow_do_all(call->site, call->actor, events, count, call, NULL, error);
}

/* What the flow refuses is not asked for again, and what was meant for it goes to the next: until nothing is
 * refused. */
static gboolean release_all(struct call *call, int64_t product_id, GError **error)
{
    guint refused;
    do {
        refused = g_hash_table_size(call->plan.refused);
        if (!look(call->site, product_id, &call->plan, error) ||
            !apply_all(call, EV_RELEASE, call->plan.winners, count_release, error))
            return FALSE;
    } while (g_hash_table_size(call->plan.refused) > refused);
    return TRUE;
}

gboolean allocate(struct site *site, struct actor actor, int64_t product_id, struct allocation *result, GError **error)
{
    struct call call = {.site = site, .actor = actor, .result = result};
    call.plan.refused = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    call.plan.wants = g_array_new(FALSE, FALSE, sizeof(struct want));
    call.plan.winners = g_array_new(FALSE, FALSE, sizeof(struct waiting));
    call.plan.losers = g_array_new(FALSE, FALSE, sizeof(struct waiting));
    gboolean done = release_all(&call, product_id, error) &&
                    apply_all(&call, EV_BLOCK, call.plan.losers, count_block, error);
    result->still_short += call.plan.still_short;
    result->stopped += call.plan.stopped;
    g_clear_pointer(&call.plan.free_stock, g_hash_table_unref);
    g_hash_table_unref(call.plan.refused);
    g_array_unref(call.plan.wants);
    g_array_unref(call.plan.winners);
    g_array_unref(call.plan.losers);
    return done;
}

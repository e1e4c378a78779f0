/* SPDX-License-Identifier: MIT */
#include "core/act/orders.h"

#include <string.h>

#include "core/act/act.h"
#include "core/base/clean.h"
#include "core/base/error.h"
#include "core/db/rows.h"
#include "core/site/site.h"

enum { FIND, IS_FREE, LINES_OF };

static const struct sql SQL[] = {
    [FIND] = {"orders_find",
              "SELECT s.id, s.state, o.id, sh.code, o.external_id FROM sales_order o JOIN shop sh ON sh.id = o.shop_id "
              "JOIN shipment s ON s.order_id = o.id WHERE o.external_id = $2 AND o.warehouse_id = $1 "
              "AND (CAST($3 AS TEXT) = '' OR sh.code = $3) ORDER BY o.id, "
              "CASE WHEN " SHIPMENT_IS_OPEN("s") " THEN 0 ELSE 1 END, s.id DESC"},
    [LINES_OF] = {"orders_lines_of", "SELECT l.id FROM shipment_line l JOIN product p ON p.id = l.product_id "
                                     "WHERE l.shipment_id = $1 AND p.sku = $2 AND l.state <> 'cancelled' ORDER BY l.id"},
    [IS_FREE] = {"orders_is_free", "SELECT COUNT(*) FROM shipment s WHERE s.id = $1 AND s.state = 'new' AND NOT EXISTS "
                                   "(SELECT 1 FROM block k WHERE k.shipment_id = s.id AND k.cleared_at IS NULL)"},
};

/* Reads all hits: the first row of the first order is the one meant, if there is no second order. -1 failed. */
static int read_hits(struct rows *rows, struct order_hit *hit, GString *shops, GError **error)
{
    int64_t order_id = 0;
    int orders = 0, more = -1;
    while ((more = rows_next(rows, error)) > 0) {
        if (rows_int(rows, 2) == order_id)
            continue;
        order_id = rows_int(rows, 2);
        g_string_append_printf(shops, "%s%s", orders ? ", " : "", rows_text(rows, 3));
        if (orders++ > 0)
            continue;
        hit->shipment_id = rows_int(rows, 0);
        hit->state = flow_state_parse(rows_text(rows, 1));
        ROWS_COPY(hit->shop, rows, 3);
        ROWS_COPY(hit->order, rows, 4);
    }
    return more < 0 ? -1 : orders;
}

gboolean order_find(struct site *site, const char *number, const char *shop, struct order_hit *hit, GError **error)
{
    g_autoptr(GString) shops = g_string_new(NULL);
    memset(hit, 0, sizeof *hit);
    int orders = read_hits(db_query(site->db, &SQL[FIND], DB_ARGS(site->warehouse_id, number, shop ? shop : ""), error),
                           hit, shops, error);
    if (orders == 0)
        err_set(error, ERR_ORDER_UNKNOWN, number);
    else if (orders > 1)
        err_set(error, ERR_ORDER_AMBIGUOUS, number, shops->str);
    return orders == 1;
}

static gboolean release_freed(struct site *site, const struct event *unblock, gboolean *released, GError **error)
{
    const struct event release = {.key = flow_key(site), .kind = EV_RELEASE, .actor = unblock->actor,
                                  .shipment_id = unblock->shipment_id};
    struct outcome outcome;
    if (!flow_apply(site, &release, 1, &outcome, error))
        return FALSE;
    if (released)
        *released = outcome.verdict == VERDICT_DONE;
    return order_follow_up(site, &release, &outcome, NULL, error);
}

gboolean order_follow_up(struct site *site, const struct event *event, const struct outcome *outcome, gboolean *released,
                         GError **error)
{
    int64_t is_free = 0;
    if (event->kind == EV_RELEASE && outcome->code == ERR_SHORT_STOCK)
        return flow_do(site,
                       (struct event){.kind = EV_BLOCK, .actor = event->actor, .shipment_id = event->shipment_id,
                                      .block = BLOCK_SHORT},
                       NULL, error);
    if (event->kind != EV_UNBLOCK || outcome->verdict != VERDICT_DONE)
        return TRUE;
    if (db_get_ints(site->db, &SQL[IS_FREE], DB_ARGS(event->shipment_id), &is_free, 1, error) < 0)
        return FALSE;
    return !is_free || release_freed(site, event, released, error);
}

static gboolean act(struct site *site, struct event event, gboolean *released, GError **error)
{
    struct outcome outcome;
    event.key = flow_key(site);
    return flow_apply(site, &event, 1, &outcome, error) && order_follow_up(site, &event, &outcome, released, error) &&
           outcome_check(&outcome, error);
}

gboolean order_unblock(struct site *site, struct actor actor, int64_t shipment_id, enum block block, gboolean *released,
                       GError **error)
{
    return act(site, (struct event){.kind = EV_UNBLOCK, .actor = actor, .shipment_id = shipment_id, .block = block},
               released, error);
}

gboolean order_release(struct site *site, struct actor actor, int64_t shipment_id, GError **error)
{
    return act(site, (struct event){.kind = EV_RELEASE, .actor = actor, .shipment_id = shipment_id}, NULL, error);
}

gboolean order_cancel_line(struct site *site, struct actor actor, const struct order_hit *hit, const char *sku,
                           const char *reason, GError **error)
{
    g_autoptr(GArray) ids = rows_ints(db_query(site->db, &SQL[LINES_OF], DB_ARGS(hit->shipment_id, sku), error), error);
    struct event event = {.kind = EV_CANCEL_LINE, .actor = actor, .shipment_id = hit->shipment_id, .reason = reason};
    gboolean done = ids && ids->len > 0;
    if (ids && ids->len == 0)
        err_set(error, ERR_ORDER_LINE, sku, hit->order);
    for (guint i = 0; done && i < ids->len; i++) {
        event.line_id = g_array_index(ids, int64_t, i);
        done = flow_do(site, event, NULL, error);
    }
    return done;
}

/* SPDX-License-Identifier: MIT */
#include "core/act/allocate.h"

#include "core/db/db.h"
#include "core/flow/flow.h"
#include "core/site/site.h"

enum { OF_PRODUCT, READY };

static const struct sql SQL[] = {
    [OF_PRODUCT] = {"waiting_for_product",
                    "SELECT DISTINCT s.priority, s.cut_off_at, s.id FROM shipment_line l "
                    "JOIN shipment s ON s.id = l.shipment_id WHERE l.product_id = $1 AND l.state = 'open' "
                    "AND s.state IN ('new', 'ready', 'batched', 'picking', 'picked', 'packing') "
                    "ORDER BY s.priority DESC, s.cut_off_at, s.id"},
    [READY] = {"waiting_ready",
               "SELECT s.priority, s.cut_off_at, s.id FROM shipment s WHERE s.warehouse_id = $1 AND s.state = 'new' AND "
               "s.state NOT IN ('outbound', 'cancelled') AND NOT EXISTS (SELECT 1 FROM block b WHERE b.shipment_id = s.id AND b.cleared_at IS NULL) "
               "ORDER BY s.priority DESC, s.cut_off_at, s.id LIMIT $2"},
};

static GArray *ids_of(struct rows *rows, GError **error)
{
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    int more;
    while ((more = rows_next(rows, error)) > 0) {
        int64_t id = rows_int(rows, 2);
        g_array_append_val(ids, id);
    }
    if (more == 0)
        return ids;
    g_array_unref(ids);
    return NULL;
}

GArray *waiting_ready(struct site *site, int64_t limit, GError **error)
{
    return ids_of(db_query(site->db, &SQL[READY], DB_ARGS(db_int(site->warehouse_id), db_int(limit)), error), error);
}

static gboolean put_short(struct site *site, struct actor actor, const struct outcome *outcomes, size_t n,
                          struct waiting_result *result, GError **error)
{
    GArray *events = g_array_new(FALSE, TRUE, sizeof(struct event));
    for (size_t i = 0; i < n; i++) {
        result->released += outcomes[i].verdict == VERDICT_DONE;
        if (outcomes[i].code != ERR_SHORT_STOCK)
            continue;
        struct event event = {.key = flow_key(site), .kind = EV_BLOCK, .actor = actor,
                              .shipment_id = outcomes[i].shipment_id, .block = BLOCK_SHORT};
        g_array_append_val(events, event);
    }
    struct outcome *blocked = g_new0(struct outcome, events->len + 1);
    gboolean done = flow_apply(site, (const struct event *)(void *)events->data, events->len, blocked, error);
    result->short_of_stock += events->len;
    result->stopped += n;
    g_free(blocked);
    g_array_unref(events);
    return done;
}

gboolean waiting_release(struct site *site, struct actor actor, const int64_t *shipment_ids, size_t n,
                         struct waiting_result *result, GError **error)
{
    struct waiting_result sums = {0};
    struct event *events = g_new0(struct event, n + 1);
    struct outcome *outcomes = g_new0(struct outcome, n + 1);
    for (size_t i = 0; i < n; i++)
        events[i] = (struct event){.key = flow_key(site), .kind = EV_RELEASE, .actor = actor,
                                   .shipment_id = shipment_ids[i]};
    gboolean done = flow_apply(site, events, n, outcomes, error) && put_short(site, actor, outcomes, n, &sums, error);
    sums.stopped -= sums.released + sums.short_of_stock;
    if (result)
        *result = sums;
    g_free(events);
    g_free(outcomes);
    return done;
}

gboolean waiting_for_product(struct site *site, struct actor actor, int64_t product_id, struct waiting_result *result,
                             GError **error)
{
    GArray *ids = ids_of(db_query(site->db, &SQL[OF_PRODUCT], DB_ARGS(db_int(product_id)), error), error);
    gboolean done = ids && waiting_release(site, actor, (const int64_t *)(void *)ids->data, ids->len, result, error);
    if (ids)
        g_array_unref(ids);
    return done;
}

/* SPDX-License-Identifier: MIT */
#include "core/act/goods.h"

#include <string.h>

#include "core/act/act.h"
#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/db/rows.h"
#include "core/goods/place.h"
#include "core/goods/product.h"
#include "core/goods/stock.h"
#include "core/site/record.h"
#include "core/site/site.h"

enum { HAS_LOTS, LOT_EXPIRES, TASKS, LIST };

static const struct sql SQL[] = {
    [HAS_LOTS] = {"goods_has_lots", "SELECT CASE WHEN has_lots = 1 THEN 1 ELSE 0 END FROM product WHERE id = $1"},
    [LOT_EXPIRES] = {"goods_lot_expires", "SELECT expires_on FROM lot WHERE id = $1"},
    [TASKS] = {"goods_tasks",
               "SELECT t.id, t.shipment_id, t.quantity - t.picked FROM pick_task t "
               "JOIN shipment s ON s.id = t.shipment_id JOIN sales_order o ON o.id = s.order_id "
               "WHERE t.location_id = $1 AND t.product_id = $2 AND t.lot_id = $3 AND t.open = 1 "
               "ORDER BY " PROMISE_LAST ", t.id DESC"},
    [LIST] = {"goods_list",
              "SELECT p.sku, p.name, l.code, l.kind, COALESCE(lot.code, ''), COALESCE(lot.expires_on, 0), s.on_hand, "
              "s.reserved, CASE WHEN EXISTS (SELECT 1 FROM count_task c WHERE c.warehouse_id = $1 "
              "AND c.location_id = s.location_id AND c.product_id = s.product_id AND c.done_at IS NULL) THEN 1 ELSE 0 END "
              "FROM product p JOIN stock s ON s.product_id = p.id AND s.warehouse_id = p.warehouse_id "
              "AND s.owner_id = p.owner_id JOIN location l ON l.id = s.location_id LEFT JOIN lot ON lot.id = s.lot_id "
              "WHERE p.warehouse_id = $1 AND p.owner_id = $2 AND (CAST($3 AS TEXT) = '' OR p.sku = $3) AND s.on_hand > 0 "
              "ORDER BY p.sku, l.walk_order, l.code, s.lot_id"},
};

struct finding {
    struct site *site;
    const struct goods_act *act;
    struct event event;
};

static gboolean find_place(struct site *site, const char *code, int64_t *id, GError **error)
{
    struct place_row row;
    if (!code)
        return TRUE;
    if (place_find(site, code, &row, error) <= 0)
        return FALSE;
    *id = row.id;
    return TRUE;
}

/* Makes the lot, or it is the one that is there: then with the same date. */
static gboolean receive_lot(struct finding *finding, GError **error)
{
    const struct goods_act *act = finding->act;
    int64_t expires_on = 0;
    finding->event.lot_id = product_lot(finding->site, finding->event.product_id, act->lot, act->expires_on, error);
    if (!finding->event.lot_id ||
        db_get_ints(finding->site->db, &SQL[LOT_EXPIRES], DB_ARGS(finding->event.lot_id), &expires_on, 1, error) < 0)
        return FALSE;
    if (act->expires_on == 0 || act->expires_on == expires_on)
        return TRUE;
    g_autofree char *date = g_strdup_printf("%d", (int)expires_on);
    return err_set(error, ERR_LOT_EXPIRY, act->sku, act->lot, expires_on ? date : _("never"));
}

static gboolean find_lot(struct finding *finding, GError **error)
{
    const struct goods_act *act = finding->act;
    struct event *event = &finding->event;
    int64_t has_lots = 0;
    gboolean named = act->lot && act->lot[0];
    if (db_get_ints(finding->site->db, &SQL[HAS_LOTS], DB_ARGS(event->product_id), &has_lots, 1, error) < 0)
        return FALSE;
    if (!has_lots != !named)
        return err_set(error, named ? ERR_STOCK_NO_LOTS : ERR_STOCK_LOT, act->sku);
    if (named && act->kind == GOODS_RECEIVE)
        return receive_lot(finding, error);
    if (!named)
        return TRUE;
    event->lot_id = product_lot_find(finding->site, event->product_id, act->lot, error);
    if (event->lot_id == 0)
        err_set(error, ERR_LOT_UNKNOWN, act->sku, act->lot);
    return event->lot_id > 0;
}

/* A count is an adjustment by what is missing or too much. */
static gboolean find_difference(struct finding *finding, GError **error)
{
    const struct event *event = &finding->event;
    struct stock_level level;
    if (finding->act->kind != GOODS_COUNT)
        return TRUE;
    if (finding->act->quantity < 0)
        return err_set(error, ERR_STOCK_COUNT);
    if (!stock_level(finding->site, event->product_id, event->from_id, event->lot_id, &level, error))
        return FALSE;
    finding->event.quantity = finding->act->quantity - level.on_hand;
    return TRUE;
}

static gboolean find_work(struct site *site, void *data, GError **error)
{
    struct finding *finding = data;
    struct event *event = &finding->event;
    (void)site;
    event->lot_id = 0;
    event->quantity = finding->act->quantity;
    event->product_id = product_find(finding->site, finding->act->sku, error);
    if (event->product_id == 0)
        err_set(error, ERR_PRODUCT_UNKNOWN, finding->act->sku);
    return event->product_id > 0 && find_place(finding->site, finding->act->from, &event->from_id, error) &&
           find_place(finding->site, finding->act->to, &event->to_id, error) && find_lot(finding, error) &&
           find_difference(finding, error);
}

/* A lot may be new. */
static gboolean find_all(struct finding *finding, GError **error)
{
    static const struct record RECORD = {.event = "lot-new", .is_of_said = TRUE};
    return site_record(finding->site, &finding->event.actor, &RECORD, find_work, finding, error);
}

struct giving_up {
    GArray *events;
    int64_t too_many;
};

static void add_short(struct rows *rows, void *data)
{
    struct giving_up *up = data;
    const struct event event = {.kind = EV_SHORT, .task_id = rows_int(rows, 0), .shipment_id = rows_int(rows, 1),
                                .reason = "count"};
    if (up->too_many > 0)
        g_array_append_val(up->events, event);
    up->too_many -= rows_int(rows, 2);
}

static GArray *shorts_there(struct site *site, const struct event *count, int64_t too_many, GError **error)
{
    g_autoptr(GArray) events = g_array_new(FALSE, TRUE, sizeof(struct event));
    struct giving_up up = {events, too_many};
    struct rows *rows =
        db_query(site->db, &SQL[TASKS], DB_ARGS(count->from_id, count->product_id, count->lot_id), error);
    return rows_each(rows, add_short, &up, error) ? g_steal_pointer(&events) : NULL;
}

/* Fewer lie there than are promised: so many pick lines are short there that the rest can be had. */
static gboolean count_below_promises(struct finding *finding, struct goods_done *done, GError **error)
{
    struct site *site = finding->site;
    const struct event *count = &finding->event;
    struct stock_level level;
    if (!stock_level(site, count->product_id, count->from_id, count->lot_id, &level, error))
        return FALSE;
    struct flow_tally tally = {0};
    GArray *events = shorts_there(site, count, level.reserved - finding->act->quantity, error);
    gboolean good = flow_do_all(site, count->actor, events, NULL, NULL, &tally, error);
    done->moved += tally.done;
    return good && find_all(finding, error) && flow_do(site, finding->event, NULL, error);
}

static gboolean apply(struct finding *finding, struct goods_done *done, GError **error)
{
    g_autoptr(GError) refusal = NULL;
    if (flow_do(finding->site, finding->event, NULL, &refusal))
        return TRUE;
    if (finding->act->kind == GOODS_COUNT && err_code(refusal) == ERR_STOCK_NEGATIVE)
        return count_below_promises(finding, done, error);
    g_propagate_error(error, g_steal_pointer(&refusal));
    return FALSE;
}

gboolean goods_act(struct site *site, struct actor actor, const struct goods_act *act, struct goods_done *done,
                   GError **error)
{
    static const enum event_kind KINDS[] = {[GOODS_RECEIVE] = EV_RECEIVE, [GOODS_ADJUST] = EV_ADJUST,
                                            [GOODS_MOVE] = EV_MOVE, [GOODS_COUNT] = EV_ADJUST};
    struct finding finding = {.site = site, .act = act,
                              .event = {.kind = KINDS[act->kind], .actor = actor, .reason = act->reason}};
    *done = (struct goods_done){0};
    if (act->kind == GOODS_COUNT && (!act->reason || !act->reason[0]))
        finding.event.reason = "count";
    if (!find_all(&finding, error))
        return FALSE;
    if (act->kind == GOODS_MOVE && finding.event.from_id == finding.event.to_id)
        return err_set(error, ERR_STOCK_SAME_PLACE, act->to);
    if (!apply(&finding, done, error))
        return FALSE;
    done->change = finding.event.quantity;
    return allocate(site, actor, finding.event.product_id, &done->waiting, error);
}

gboolean stock_list(struct site *site, const char *sku, stock_line_fn each, void *data, GError **error)
{
    struct rows *rows =
        db_query(site->db, &SQL[LIST], DB_ARGS(site->warehouse_id, site->owner_id, sku ? sku : ""), error);
    int more;
    while ((more = rows_next(rows, error)) > 0) {
        struct stock_line line = {.sku = rows_text(rows, 0), .name = rows_text(rows, 1), .place = rows_text(rows, 2),
                                  .kind = rows_text(rows, 3), .lot = rows_text(rows, 4),
                                  .expires_on = (int)rows_int(rows, 5), .on_hand = rows_int(rows, 6),
                                  .reserved = rows_int(rows, 7), .to_count = rows_int(rows, 8) != 0};
        each(&line, data);
    }
    return more == 0;
}

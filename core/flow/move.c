/* SPDX-License-Identifier: MIT
 *
 * Goods in the dossier: a move has two ends, and an end outside the house (supplier, customer, loss) has no stock. What a
 * shipment holds in totes and at benches goes along.
 */
#include <string.h>

#include "core/base/clock.h"
#include "core/base/id.h"
#include "core/flow/decision.h"

static gboolean is_outside(const struct house *house, int64_t location_id)
{
    return location_id == house->supplier_id || location_id == house->customer_id || location_id == house->loss_id;
}

static const struct stock *stock_at(const struct decision *d, int64_t product_id, int64_t location_id, int64_t lot_id)
{
    for (EACH_ROW(stock, stock, d->dossier, product_id))
        if (stock->location_id == location_id && stock->lot_id == lot_id)
            return stock;
    return NULL;
}

static const char *sku_of(const struct decision *d, int64_t product_id)
{
    const struct product *product = product_find(d->dossier, product_id);
    return product ? product->sku : "?";
}

gboolean goods_too_few(struct decision *d, int64_t product_id, int64_t location_id, int64_t there, GError **error)
{
    const struct location *location = location_find(d->dossier, location_id);
    char left[24];
    g_snprintf(left, sizeof left, "%" G_GINT64_FORMAT, MAX(there, 0));
    return err_set(error, ERR_STOCK_NEGATIVE, sku_of(d, product_id), location ? location->code : "?", left);
}

/* Takes pieces, and reservations, from a place that has so many; less than nothing is given back to it. */
static gboolean take(struct decision *d, const struct moving *move, int64_t quantity, int64_t reserved, GError **error)
{
    const struct stock *stock = stock_at(d, move->product_id, move->from_id, move->lot_id);
    if (!stock || stock->on_hand - quantity < stock->reserved - reserved || stock->reserved < reserved)
        return goods_too_few(d, move->product_id, move->from_id, stock ? stock->on_hand - stock->reserved : 0, error);
    struct stock *taken = stock_edit(d->dossier, stock);
    taken->on_hand -= quantity;
    taken->reserved -= reserved;
    return TRUE;
}

static void put(struct decision *d, const struct moving *move)
{
    const struct stock *stock = stock_at(d, move->product_id, move->to_id, move->lot_id);
    struct stock *to = stock ? stock_edit(d->dossier, stock) : stock_add(d->dossier, 0, move->product_id);
    to->location_id = move->to_id;
    to->lot_id = move->lot_id;
    to->on_hand += move->quantity;
    to->reserved += move->reserve_again ? move->quantity : 0;
}

/* --- what a shipment holds ------------------------------------------------------------------------------ */

/* The event's tote may be one that a kept dossier has not heard of. */
static gboolean is_held_at(const struct decision *d, int64_t location_id)
{
    const struct location *location = location_find(d->dossier, location_id);
    return location_id == d->house->bench_id || location_id == d->ev->tote_id ||
           (location && (strcmp(location->kind, "tote") == 0 || strcmp(location->kind, "bench") == 0));
}

static void hold(struct decision *d, const struct moving *move, int64_t location_id, int64_t change)
{
    if (!d->ship || !(dossier_parts(d->dossier) & NEED_HELD) || !is_held_at(d, location_id))
        return;
    for (EACH_ROW(held, held, d->dossier, d->ship->id))
        if (held->product_id == move->product_id && held->lot_id == move->lot_id && held->location_id == location_id) {
            held_edit(d->dossier, held)->quantity += change;
            return;
        }
    struct held *held = held_add(d->dossier, 0, d->ship->id);
    held->product_id = move->product_id;
    held->lot_id = move->lot_id;
    held->location_id = location_id;
    held->quantity = change;
}

int64_t goods_held(const struct decision *d, int64_t product_id, int64_t lot_id, int64_t location_id)
{
    int64_t quantity = 0;
    for (EACH_ROW(held, held, d->dossier, d->ship->id))
        if (held->product_id == product_id && held->lot_id == lot_id &&
            (location_id == 0 || held->location_id == location_id))
            quantity += held->quantity;
    return quantity;
}

gboolean goods_move(struct decision *d, const struct moving *move, GError **error)
{
    const struct goods_move row = {
        .id = id_part(d->ev->key, d->moves++), .product_id = move->product_id, .lot_id = move->lot_id, .quantity = move->quantity,
        .from_id = move->from_id, .to_id = move->to_id, .shipment_id = d->ship ? d->ship->id : 0,
        .event_key = d->ev->key, .person_id = d->ev->actor.person_id, .at = d->now, .kind = move->kind,
        .reason = dossier_text(d->dossier, move->reason)};
    g_assert(move->quantity > 0 && move->from_id != move->to_id);
    if (!is_outside(d->house, move->from_id) &&
        !take(d, move, move->quantity, move->was_reserved ? move->quantity : 0, error))
        return FALSE;
    if (!is_outside(d->house, move->to_id))
        put(d, move);
    hold(d, move, move->from_id, -move->quantity);
    hold(d, move, move->to_id, move->quantity);
    goods_note(d->dossier, &row);
    return TRUE;
}

gboolean goods_reserve(struct decision *d, int64_t product_id, int64_t location_id, int64_t lot_id, int64_t quantity,
                       GError **error)
{
    const struct moving at = {.product_id = product_id, .from_id = location_id, .lot_id = lot_id};
    return take(d, &at, 0, -quantity, error);
}

/* --- what lies free ------------------------------------------------------------------------------------- */

static gboolean is_doubted(const struct decision *d, const struct stock *stock)
{
    for (EACH_ROW(count_task, count, d->dossier, stock->product_id))
        if (count->location_id == stock->location_id && count->done_at == 0)
            return TRUE;
    return FALSE;
}

/* What can be promised today: it lies in a bin in use, has not expired, and the books are not doubted. */
static gboolean lies_free(const struct decision *d, const struct stock *stock, int64_t today)
{
    const struct location *place = location_find(d->dossier, stock->location_id);
    const struct lot *lot = lot_find(d->dossier, stock->lot_id);
    return stock->on_hand > stock->reserved && place && place->active && strcmp(place->kind, "bin") == 0 &&
           (!lot || lot->expires_on == 0 || lot->expires_on >= today) && !is_doubted(d, stock);
}

static int64_t expiry(const struct decision *d, const struct stock *stock)
{
    enum { NEVER = 99991231 };
    const struct lot *lot = lot_find(d->dossier, stock->lot_id);
    return lot && lot->expires_on ? lot->expires_on : NEVER;
}

static int by_expiry_and_walk(const void *a, const void *b, void *data)
{
    const struct decision *d = data;
    const struct stock *one = *(const struct stock *const *)a, *two = *(const struct stock *const *)b;
    const struct location *here = location_find(d->dossier, one->location_id);
    const struct location *there = location_find(d->dossier, two->location_id);
    const int64_t order[][2] = {{expiry(d, one), expiry(d, two)}, {here->walk_order, there->walk_order},
                                {here->id, there->id}, {one->lot_id, two->lot_id}};
    for (size_t i = 0; i < G_N_ELEMENTS(order); i++)
        if (order[i][0] != order[i][1])
            return order[i][0] < order[i][1] ? -1 : 1;
    return 0;
}

GPtrArray *goods_free(struct decision *d, int64_t product_id)
{
    GPtrArray *places = g_ptr_array_new();
    int today = clock_civil_date(d->house->zone, d->now);
    for (EACH_ROW(stock, stock, d->dossier, product_id))
        if (lies_free(d, stock, today))
            g_ptr_array_add(places, (gpointer)(uintptr_t)stock);
    g_ptr_array_sort_with_data(places, by_expiry_and_walk, d);
    return places;
}

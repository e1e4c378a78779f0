/* SPDX-License-Identifier: MIT
 *
 * Pack: every unit is counted into the open parcel; closing the box gives it its waybill and writes the print job.
 */
#include "core/base/translate.h"
#include "core/flow/decision.h"
#include "core/flow/progress.h"

/* --- parcels and what is in them ------------------------------------------------------------------------ */

static const struct parcel *open_parcel(const struct decision *d)
{
    const struct parcel *first = NULL;
    for (EACH_ROW(parcel, parcel, d->dossier, d->ship->id))
        if (parcel->state == ST_OPEN && (!first || parcel->number < first->number))
            first = parcel;
    return first;
}

const struct parcel *pack_open_parcel(struct decision *d)
{
    const struct parcel *open = open_parcel(d);
    int64_t last = 0;
    if (open)
        return open;
    for (EACH_ROW(parcel, parcel, d->dossier, d->ship->id))
        last = MAX(last, parcel->number);
    struct parcel *made = parcel_add(d->dossier, decision_id(d), d->ship->id);
    made->number = last + 1;
    made->state = ST_OPEN;
    made->generation = 1;
    return made;
}

static const struct content *content_of(const struct decision *d, int64_t parcel_id, int64_t line_id, int64_t lot_id)
{
    for (EACH_ROW(content, content, d->dossier, parcel_id))
        if (content->line_id == line_id && content->lot_id == lot_id)
            return content;
    return NULL;
}

static void sum_add(GArray *sums, int64_t product_id, int64_t lot_id, int64_t quantity)
{
    for (guint i = 0; i < sums->len; i++) {
        struct goods_sum *sum = &g_array_index(sums, struct goods_sum, i);
        if (sum->product_id == product_id && sum->lot_id == lot_id) {
            sum->quantity += quantity;
            return;
        }
    }
    const struct goods_sum sum = {product_id, lot_id, quantity};
    g_array_append_val(sums, sum);
}

static int compare_sums(gconstpointer one, gconstpointer other)
{
    const struct goods_sum *a = one, *b = other;
    int64_t differ = a->product_id != b->product_id ? a->product_id - b->product_id : a->lot_id - b->lot_id;
    return (differ > 0) - (differ < 0);
}

GArray *parcel_goods(const struct decision *d, int64_t parcel_id)
{
    GArray *sums = g_array_new(FALSE, FALSE, sizeof(struct goods_sum));
    for (EACH_ROW(content, content, d->dossier, parcel_id)) {
        const struct line *line = line_find(d->dossier, content->line_id);
        if (content->quantity > 0 && line)
            sum_add(sums, line->product_id, content->lot_id, content->quantity);
    }
    g_array_sort(sums, compare_sums);
    return sums;
}

/* --- count ---------------------------------------------------------------------------------------------- */

static gboolean in_range(struct decision *d, int64_t most, GError **error)
{
    char limit[48];
    g_snprintf(limit, sizeof limit, "%" G_GINT64_FORMAT " / %" G_GINT64_FORMAT, d->line->packed, d->line->quantity);
    return line_takes(d, most, ERR_PACK_OVER, limit, error);
}

gboolean pack_guard(struct decision *d, GError **error)
{
    return line_named(d, d->ev->line_id, error) && in_range(d, d->line->picked - d->line->packed, error);
}

/* How much of the line's product the shipment holds here of a lot; *only gets the lot where it holds one alone. */
static int64_t lot_held(const struct decision *d, int64_t lot_id, int64_t *only)
{
    int64_t quantity = 0;
    int lots = 0;
    *only = 0;
    for (EACH_ROW(held, held, d->dossier, d->ship->id)) {
        if (held->product_id != d->line->product_id || held->quantity <= 0)
            continue;
        if (held->lot_id == lot_id)
            quantity += held->quantity;
        lots += lots == 0 || held->lot_id != *only;
        *only = held->lot_id;
    }
    if (lots != 1)
        *only = 0;
    return quantity;
}

int64_t goods_boxed(const struct decision *d, int64_t product_id, int64_t lot_id, gboolean closed)
{
    int64_t quantity = 0;
    for (EACH_ROW(parcel, parcel, d->dossier, d->ship->id)) {
        if (parcel->state != ST_PACKED && parcel->state != ST_LABELLED && (closed || parcel->state != ST_OPEN))
            continue;
        for (EACH_ROW(content, content, d->dossier, parcel->id)) {
            const struct line *line = line_find(d->dossier, content->line_id);
            if (content->lot_id == lot_id && line && line->product_id == product_id)
                quantity += content->quantity;
        }
    }
    return quantity;
}

/* The lot of a tracked product: the one scanned, or the only one that was picked. */
static gboolean choose_lot(struct decision *d, int64_t *lot_id, GError **error)
{
    int64_t only = 0;
    *lot_id = d->line->has_lots ? d->ev->lot_id : 0;
    if (!d->line->has_lots)
        return TRUE;
    if (!decision_has(d, NEED_HELD))
        return FALSE;
    int64_t held = lot_held(d, *lot_id, &only);
    if (*lot_id == 0) {
        *lot_id = only;
        return only != 0 || err_set(error, ERR_PACK_LOT, d->line->sku);
    }
    return d->ev->kind != EV_PACK || goods_boxed(d, d->line->product_id, *lot_id, FALSE) + d->ev->quantity <= held ||
           err_set(error, ERR_PACK_LOT_NOT_PICKED, d->line->sku, d->ship->order);
}

static gboolean count(struct decision *d, int64_t parcel_id, int64_t lot_id, int64_t change, GError **error)
{
    const struct content *content = content_of(d, parcel_id, d->line->id, lot_id);
    decision_note(d, "%s %+" G_GINT64_FORMAT, d->line->sku, change);
    if (change < 0 && (!content || content->quantity + change < 0)) /* in a closed box, or of another lot */
        return err_set(error, ERR_UNDO_NOTHING);
    struct content *counted = content ? content_edit(d->dossier, content) : content_add(d->dossier, 0, parcel_id);
    counted->line_id = d->line->id;
    counted->lot_id = lot_id;
    counted->quantity += change;
    line_edit(d->dossier, d->line)->packed += change;
    return TRUE;
}

gboolean pack_effect(struct decision *d, GError **error)
{
    int64_t lot_id = 0;
    if (!choose_lot(d, &lot_id, error))
        return FALSE;
    d->made_id = pack_open_parcel(d)->id;
    return count(d, d->made_id, lot_id, d->ev->quantity, error) &&
           (d->line->packed < d->line->quantity || decision_fire(d, MACHINE_LINE, d->line->id, EV_PACK, error));
}

gboolean unpack_effect(struct decision *d, GError **error)
{
    int64_t lot_id = 0;
    if (!line_named(d, d->ev->line_id, error) || !in_range(d, d->line->packed, error) || !choose_lot(d, &lot_id, error))
        return FALSE;
    d->made_id = pack_open_parcel(d)->id;
    if ((d->line->state == ST_PACKED && !decision_fire(d, MACHINE_LINE, d->line->id, EV_UNPACK, error)) ||
        !count(d, d->made_id, lot_id, -d->ev->quantity, error))
        return FALSE;
    decision_derive(d);
    return TRUE;
}

/* --- close ---------------------------------------------------------------------------------------------- */

gboolean close_guard(struct decision *d, GError **error)
{
    int64_t left = progress_to_pack(d->dossier, d->ship->id);
    if (progress_in_box(d->dossier, d->ship->id) == 0)
        return err_set(error, ERR_PACK_NOTHING);
    if (left > 0 && d->ev->kind != EV_CLOSE_SPLIT) {
        char text[24];
        g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, left);
        return err_set(error, ERR_PACK_INCOMPLETE, d->ship->order, text);
    }
    if (d->ev->weight_g <= 0 && house_setting(d->house, "weight_required", 0))
        return err_set(error, ERR_PACK_WEIGHT);
    return TRUE;
}

/* The last unit closes the box, unless it has to be weighed first. */
gboolean close_is_next(const struct decision *d, struct event *close)
{
    gboolean weighed = close->weight_g > 0 || !house_setting(d->house, "weight_required", 0);
    return weighed && progress_to_pack(d->dossier, d->ship->id) == 0 && progress_in_box(d->dossier, d->ship->id) > 0;
}

static int compare_held(gconstpointer one, gconstpointer other)
{
    const struct held *a = *(const struct held *const *)one, *b = *(const struct held *const *)other;
    const int64_t differ[] = {a->location_id - b->location_id, a->product_id - b->product_id, a->lot_id - b->lot_id};
    for (size_t i = 0; i < G_N_ELEMENTS(differ); i++)
        if (differ[i])
            return differ[i] < 0 ? -1 : 1;
    return 0;
}

/* What the shipment holds, place by place: the same order however long the dossier was kept. Caller frees. */
static GPtrArray *held_in_order(const struct decision *d)
{
    GPtrArray *rows = g_ptr_array_new();
    for (EACH_ROW(held, held, d->dossier, d->ship->id))
        g_ptr_array_add(rows, (gpointer)(uintptr_t)held);
    g_ptr_array_sort(rows, compare_held);
    return rows;
}

static gboolean to_bench(struct decision *d, const struct held *held, int64_t quantity, GError **error)
{
    const struct moving move = {.product_id = held->product_id, .lot_id = held->lot_id, .quantity = quantity,
                                .from_id = held->location_id, .to_id = d->house->bench_id, .kind = "pack"};
    return goods_move(d, &move, error);
}

/* How much of a row's goods is among the sums; taken off there. */
static int64_t take_sum(GArray *sums, const struct held *held)
{
    for (guint i = 0; i < sums->len; i++) {
        struct goods_sum *sum = &g_array_index(sums, struct goods_sum, i);
        if (sum->product_id == held->product_id && sum->lot_id == held->lot_id) {
            int64_t taken = MIN(sum->quantity, held->quantity);
            sum->quantity -= taken;
            return taken;
        }
    }
    return 0;
}

/* Totes that are empty then are free for the next. */
gboolean pack_out_of_totes(struct decision *d, int64_t parcel_id, GError **error)
{
    g_autoptr(GArray) goods = parcel_id ? parcel_goods(d, parcel_id) : NULL;
    gboolean left = FALSE;
    if (!decision_has(d, NEED_HELD))
        return FALSE;
    g_autoptr(GPtrArray) rows = held_in_order(d);
    for (guint i = 0; i < rows->len; i++) {
        const struct held *held = rows->pdata[i];
        if (held->location_id == d->house->bench_id || held->quantity <= 0)
            continue;
        int64_t wanted = goods ? take_sum(goods, held) : held->quantity;
        if (wanted > 0 && !to_bench(d, held, wanted, error))
            return FALSE;
        left = left || held->quantity > 0;
    }
    if (!left)
        totes_free(d, d->ship->id);
    return TRUE;
}

gboolean pack_line_out_of_totes(struct decision *d, const struct line *line, GError **error)
{
    int64_t left = line->picked;
    if (left > 0 && !decision_has(d, NEED_HELD))
        return FALSE;
    g_autoptr(GPtrArray) rows = held_in_order(d);
    for (guint i = 0; i < rows->len; i++) {
        const struct held *held = rows->pdata[i];
        int64_t wanted = MIN(left, held->quantity);
        if (held->product_id != line->product_id || held->location_id == d->house->bench_id || wanted <= 0)
            continue;
        left -= wanted;
        if (!to_bench(d, held, wanted, error))
            return FALSE;
    }
    return TRUE;
}

/* A box that was opened again, or goes without a part of the order, is not what its paper may list. */
static gboolean label_box(struct decision *d, const struct parcel *parcel, gboolean reopened, GError **error)
{
    enum label_when when = reopened || d->to == ST_PACKING ? LABEL_REPACKED : LABEL_CLOSED;
    const struct waybill *waybill = label_assign(d, parcel, error);
    GError *failure = NULL;
    if (!waybill)
        return FALSE;
    if (label_print(d, waybill, when, &failure))
        return TRUE;
    if (failure && err_code(failure) == ERR_PRINTER_NONE) { /* the goods are in the box all the same; the paper is owed */
        g_error_free(failure);
        return TRUE;
    }
    if (failure)
        g_propagate_error(error, failure);
    return FALSE;
}

gboolean close_effect(struct decision *d, GError **error)
{
    const struct parcel *parcel = pack_open_parcel(d);
    gboolean reopened = parcel->packed_at != 0;
    d->made_id = parcel->id;
    if (!pack_out_of_totes(d, parcel->id, error))
        return FALSE;
    struct parcel *closed = parcel_edit(d->dossier, parcel);
    closed->packed_by = d->ev->actor.person_id;
    closed->packed_at = d->now;
    closed->weight_g = d->ev->weight_g;
    if (!decision_fire(d, MACHINE_PARCEL, parcel->id, EV_CLOSE, error))
        return FALSE;
    decision_derive(d);
    return cancel_leavings(d, error) && label_box(d, parcel, reopened, error);
}

/* Of a split, the box closed last; one at a time. */
gboolean reopen_guard(struct decision *d, GError **error)
{
    return progress_in_box(d->dossier, d->ship->id) == 0 || err_set(error, ERR_PACK_OPEN, d->ship->order);
}

gboolean reopen_effect(struct decision *d, GError **error)
{
    const struct parcel *last = NULL;
    for (EACH_ROW(parcel, parcel, d->dossier, d->ship->id))
        if (parcel->state == ST_PACKED && (!last || parcel->number > last->number))
            last = parcel;
    if (!decision_named(last, _("parcel"), error))
        return FALSE;
    d->made_id = last->id;
    return decision_fire(d, MACHINE_PARCEL, last->id, EV_REOPEN, error);
}

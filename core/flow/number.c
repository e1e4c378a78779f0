/* SPDX-License-Identifier: MIT
 *
 * Where a waybill's number comes from: the order's own, or the next of the courier's source. A source is a row of a table;
 * a courier's own service would be one more. Every number below a range's cursor is a waybill row and so has exactly one
 * fate; a range ends and never starts again.
 */
#include <string.h>

#include "core/code/courier.h"
#include "core/flow/decision.h"

/* A number that is being looked for. */
struct taking {
    struct decision *d;
    const struct courier *courier;
    const char *kind;
};

/* "cod" where the courier keeps them apart. */
static const char *kind_of(const struct courier *courier, gboolean cod)
{
    if (cod && g_strv_contains((const char *const *)courier->kinds, "cod"))
        return "cod";
    return courier->kinds[0];
}

static gboolean is_for(const struct taking *taking, const struct number_range *range, enum number_source source)
{
    return strcmp(range->courier, taking->courier->code) == 0 && strcmp(range->source, number_source_name(source)) == 0 &&
           (strcmp(range->kind, taking->kind) == 0 || strcmp(range->kind, "any") == 0);
}

static void none_left(const struct taking *taking, GError **error)
{
    err_set(error, ERR_WAYBILL_NONE, courier_label(taking->courier), number_kind_label(taking->kind));
}

static struct waybill *add_number(const struct taking *taking, const char *number, enum number_source source)
{
    struct decision *d = taking->d;
    struct waybill *waybill = waybill_add(d->dossier, decision_id(d), 0);
    waybill->courier = dossier_text(d->dossier, taking->courier->code);
    waybill->service = d->ship->service;
    waybill->kind = dossier_text(d->dossier, taking->kind);
    waybill->source = dossier_text(d->dossier, number_source_name(source));
    waybill->number = dossier_text(d->dossier, number);
    waybill->state = ST_FREE;
    waybill->void_reason = waybill->order = "";
    waybill->changed_at = d->now;
    return waybill;
}

/* The row of a number that exists, whosever it is. */
static const struct waybill *number_row(const struct taking *taking, const char *number)
{
    return waybill_numbered(taking->d->dossier, taking->courier->code, number);
}

/* --- of a range ----------------------------------------------------------------------------------------- */

/* The first that has one left. */
static const struct number_range *range_with_next(const struct taking *taking)
{
    const struct number_range *first = NULL;
    for (EACH_ROW(number_range, range, taking->d->dossier, 0))
        if (is_for(taking, range, NUMBER_RANGE) && range->next <= range->last && (!first || range->id < first->id))
            first = range;
    return first;
}

/* A number of ours that an order had brought before its range came to it: its row is the serial's one fate, and the
 * range goes on behind it. One that stands in a list, or waits for its own order, is refused. */
static gboolean adopt(const struct taking *taking, const struct waybill *row, const struct number_range *range, int64_t serial,
                      GError **error)
{
    if (row->range_id != 0 || row->state == ST_FREE)
        return err_set(error, ERR_WAYBILL_TWICE, row->number);
    struct waybill *adopted = waybill_edit(taking->d->dossier, row);
    adopted->range_id = range->id;
    adopted->serial = serial;
    return TRUE;
}

static const struct waybill *take_range(const struct taking *taking, GError **error)
{
    struct decision *d = taking->d;
    const struct number_range *range;
    while ((range = range_with_next(taking))) {
        int64_t serial = range->next;
        if (serial >= range->looked_to) { /* nobody has looked yet whether an order brought it */
            d->missing |= NEED_NUMBERS;
            return NULL;
        }
        g_autofree char *number = courier_make_number(taking->courier, range->prefix, (int)range->width, serial, error);
        if (!number)
            return NULL;
        number_range_edit(d->dossier, range)->next++;
        const struct waybill *row = number_row(taking, number);
        if (row && !adopt(taking, row, range, serial, error))
            return NULL;
        if (row)
            continue;
        struct waybill *made = add_number(taking, number, NUMBER_RANGE);
        made->range_id = range->id;
        made->serial = serial;
        return made;
    }
    none_left(taking, error);
    return NULL;
}

/* --- of a list, of the order ---------------------------------------------------------------------------- */

/* Lists of the kind itself before those of any; numbers in the order they came. */
static const struct waybill *take_list(const struct taking *taking, GError **error)
{
    const struct waybill *first = NULL;
    const struct number_range *of = NULL;
    for (EACH_ROW(waybill, waybill, taking->d->dossier, 0)) {
        const struct number_range *range = number_range_find(taking->d->dossier, waybill->range_id);
        if (waybill->state != ST_FREE || !range || !is_for(taking, range, NUMBER_LIST))
            continue;
        gboolean any = strcmp(range->kind, "any") == 0, first_any = of && strcmp(of->kind, "any") == 0;
        if (!first || any < first_any || (any == first_any && (range->id < of->id || (range == of && waybill->id < first->id)))) {
            first = waybill;
            of = range;
        }
    }
    if (!first)
        none_left(taking, error);
    return first;
}

/* It comes with the order, and has not come. */
static const struct waybill *take_none(const struct taking *taking, GError **error)
{
    err_set(error, ERR_WAYBILL_PENDING, taking->d->ship->order);
    return NULL;
}

/* Where a courier's numbers come from. */
static const struct source {
    const struct waybill *(*take)(const struct taking *taking, GError **error);
    gboolean ours; /* the next one stands in for an order's number that was used up */
} SOURCES[] = {
    [NUMBER_RANGE] = {take_range, TRUE},    [NUMBER_LIST] = {take_list, TRUE},     [NUMBER_ORDER] = {take_none, FALSE},
    [NUMBER_EXTERNAL] = {take_none, FALSE}, [NUMBER_PENDING] = {take_none, FALSE},
};

/* A number that came with the order. It may have been taken for this parcel before and be free again. *used_up: the
 * shipment has had it, and the courier has numbers of ours: one of those is next. */
static const struct waybill *take_given(const struct taking *taking, const char *number, gboolean *used_up, GError **error)
{
    const struct courier *courier = taking->courier;
    if (!courier_check(courier, number, error))
        return NULL;
    const struct waybill *row = number_row(taking, number);
    if (!row)
        return add_number(taking, number, courier->source == NUMBER_EXTERNAL ? NUMBER_EXTERNAL : NUMBER_ORDER);
    if (row->state == ST_FREE && row->parcel_id == 0 && row->range_id == 0)
        return row;
    *used_up = row->of_shipment == taking->d->ship->id && SOURCES[courier->source].ours;
    if (!*used_up)
        err_set(error, ERR_WAYBILL_TWICE, number);
    return NULL;
}

const struct waybill *number_take(struct decision *d, gboolean cod, GError **error)
{
    const char *code = d->ship->courier;
    const struct courier *courier = couriers_get(d->house->couriers, code);
    if (!courier) {
        err_set(error, ERR_COURIER_UNKNOWN, code[0] ? code : "?");
        return NULL;
    }
    if (!decision_has(d, NEED_NUMBERS))
        return NULL;
    const struct taking taking = {d, courier, kind_of(courier, cod)};
    if (d->ship->order_number[0]) {
        gboolean used_up = FALSE;
        g_autofree char *number = courier_bare_number(courier, d->ship->order_number);
        const struct waybill *given = take_given(&taking, number, &used_up, error);
        if (given || !used_up)
            return given;
    }
    return SOURCES[courier->source].take(&taking, error);
}

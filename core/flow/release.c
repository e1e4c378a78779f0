/* SPDX-License-Identifier: MIT
 *
 * Release, and what stands before it: blocks, lines that were mapped late, changes made in the shop.
 */
#include "core/base/clock.h"
#include "core/base/translate.h"
#include "core/code/courier.h"
#include "core/flow/decision.h"

/* Whether the courier takes it, as its file says. */
static gboolean courier_guard(struct decision *d, GError **error)
{
    const struct shipment *ship = d->ship;
    const struct courier *courier = couriers_get(d->house->couriers, ship->courier);
    if (!courier)
        return err_set(error, ERR_COURIER_UNKNOWN, ship->courier[0] ? ship->courier : "-");
    const struct recipient *to = decision_named(recipient_find(d->dossier, ship->recipient_id), _("order"), error);
    if (!to)
        return FALSE;
    const struct delivery delivery = {.name = to->name, .address = to->address, .postcode = to->postcode,
                                      .store_code = to->store_code, .cod_minor = ship->cod_minor,
                                      .currency = ship->currency};
    const char *fault = courier_fault(courier, &delivery);
    return !fault || err_set(error, ERR_COURIER_FAULT, ship->order, courier_label(courier), fault);
}

gboolean release_guard(struct decision *d, GError **error)
{
    for (EACH_ROW(line, line, d->dossier, d->ship->id))
        if (line->state != ST_CANCELLED)
            return courier_guard(d, error);
    return err_set(error, ERR_FLOW_EMPTY, d->ship->order);
}

/* All lines or none: a shipment that is short by one line keeps nothing from others. */
gboolean release_effect(struct decision *d, GError **error)
{
    gboolean more = FALSE;
    for (EACH_ROW(line, line, d->dossier, d->ship->id)) {
        if (line->state != ST_OPEN)
            continue;
        more = TRUE;
        if (!pick_reserve_line(d, line, error))
            return FALSE;
    }
    if (d->from == ST_PICKED) /* goods came for a split before it was packed: it goes whole after all */
        d->to = more ? ST_PICKING : ST_PICKED;
    if (d->blocks & BLOCK_SHORT)
        block_clear(d, BLOCK_SHORT);
    return TRUE;
}

/* --- blocks --------------------------------------------------------------------------------------------- */

void block_put(struct decision *d, enum block block, const char *reason)
{
    if (d->blocks & (unsigned)block)
        return;
    struct block_row *row = block_row_add(d->dossier, decision_id(d), d->ship->id);
    row->kind = flow_block_name(block);
    row->reason = dossier_text(d->dossier, reason);
    row->person_id = d->ev->actor.person_id;
    row->at = d->now;
    d->blocks |= (unsigned)block;
}

void block_clear(struct decision *d, enum block block)
{
    for (EACH_ROW(block_row, row, d->dossier, d->ship->id)) {
        if (row->cleared_at != 0 || flow_block_parse(row->kind) != block)
            continue;
        struct block_row *cleared = block_row_edit(d->dossier, row);
        cleared->cleared_at = d->now;
        cleared->cleared_by = d->ev->actor.person_id;
    }
    d->blocks &= ~(unsigned)block;
}

static gboolean note_kind(struct decision *d, GError **error)
{
    const char *name = flow_block_name(d->ev->block);
    decision_note(d, "%s", name);
    return name[0] || err_set(error, ERR_COMMAND_ARGUMENT, flow_event_word(d->ev->kind), err_word(N_("a kind of block")));
}

gboolean block_effect(struct decision *d, GError **error)
{
    if (!note_kind(d, error))
        return FALSE;
    block_put(d, d->ev->block, d->ev->reason);
    return TRUE;
}

gboolean unblock_effect(struct decision *d, GError **error)
{
    if (!note_kind(d, error))
        return FALSE;
    block_clear(d, d->ev->block);
    return TRUE;
}

/* --- what the shop says --------------------------------------------------------------------------------- */

void shipment_sums_write(struct decision *d)
{
    struct shipment *ship = shipment_edit(d->dossier, d->ship);
    ship->lines = ship->units = 0;
    for (EACH_ROW(line, line, d->dossier, ship->id)) {
        ship->lines += line->state != ST_CANCELLED;
        ship->units += line->state != ST_CANCELLED ? line->quantity : 0;
    }
}

static gboolean has_line_for(const struct decision *d, const struct wanted *wanted)
{
    for (EACH_ROW(line, line, d->dossier, d->ship->id))
        if (line->order_line_id == wanted->order_line_id && line->product_id == wanted->product_id)
            return TRUE;
    return FALSE;
}

static void add_line(struct decision *d, const struct wanted *wanted)
{
    struct line *line = line_add(d->dossier, decision_id(d), d->ship->id);
    line->order_line_id = wanted->order_line_id;
    line->product_id = wanted->product_id;
    line->state = ST_OPEN;
    line->quantity = wanted->quantity;
    line->sku = "";
}

/* Lines for what the order wants and has none for yet. FALSE: something of it is not mapped. */
static gboolean add_lines(struct decision *d)
{
    gboolean mapped = TRUE;
    for (EACH_ROW(wanted, wanted, d->dossier, d->ship->order_id)) {
        mapped = mapped && wanted->mapped;
        if (wanted->product_id && !has_line_for(d, wanted))
            add_line(d, wanted);
    }
    shipment_sums_write(d);
    return mapped;
}

static void put_birth_blocks(struct decision *d)
{
    const struct event *ev = d->ev;
    g_autofree char *presale_on = clock_date_text((int)ev->presale_on);
    for (unsigned n = 0; n < BLOCK_COUNT; n++) {
        enum block block = (enum block)(1u << n);
        if ((unsigned)ev->block & (unsigned)block)
            block_put(d, block, block == BLOCK_ADDRESS ? ev->text : block == BLOCK_PRESALE ? presale_on : "");
    }
}

gboolean shipment_make_effect(struct decision *d, GError **error)
{
    const struct event *ev = d->ev;
    struct shipment *ship = shipment_add(d->dossier, ev->key, 0);
    (void)error;
    ship->order_id = ev->order_id;
    ship->recipient_id = ev->recipient_id;
    ship->courier = dossier_text(d->dossier, ev->courier);
    ship->service = dossier_text(d->dossier, ev->service);
    ship->currency = dossier_text(d->dossier, ev->currency);
    ship->cod_minor = ev->cod_minor;
    ship->cut_off_at = ev->cut_off_at;
    ship->order = ship->order_number = "";
    d->ship = ship;
    d->made_id = ship->id;
    put_birth_blocks(d);
    if (!add_lines(d))
        block_put(d, BLOCK_UNMAPPED, "");
    return TRUE;
}

gboolean fill_effect(struct decision *d, GError **error)
{
    (void)error;
    if (add_lines(d)) {
        block_clear(d, BLOCK_UNMAPPED);
        block_clear(d, BLOCK_MISSING);
    }
    return TRUE;
}

static gboolean has_live_waybill(const struct decision *d)
{
    for (EACH_ROW(parcel, parcel, d->dossier, d->ship->id)) {
        const struct waybill *live = label_live(d, parcel->id);
        if (live && live->state != ST_OUT)
            return TRUE;
    }
    return FALSE;
}

/* The address and the COD amount are on the paper: once a waybill lives, a change blocks until a lead renews it. */
gboolean change_effect(struct decision *d, GError **error)
{
    const struct event *ev = d->ev;
    struct shipment *ship = shipment_edit(d->dossier, d->ship);
    (void)error;
    ship->recipient_id = ev->recipient_id ? ev->recipient_id : ship->recipient_id;
    ship->courier = ev->courier ? dossier_text(d->dossier, ev->courier) : ship->courier;
    ship->service = ev->service ? dossier_text(d->dossier, ev->service) : ship->service;
    ship->cod_minor = ev->cod_minor;
    if (d->from == ST_NEW) /* what is in work keeps the pick-up it was promised to */
        ship->cut_off_at = ev->cut_off_at;
    if (has_live_waybill(d))
        block_put(d, BLOCK_CHANGED, "");
    return TRUE;
}

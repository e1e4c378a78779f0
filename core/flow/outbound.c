/* SPDX-License-Identifier: MIT
 *
 * Outbound: parcels are scanned out under a courier's manifest; handing it over closes it.
 */
#include "core/base/translate.h"
#include "core/flow/decision.h"

static const struct waybill *applied(const struct decision *d, int64_t parcel_id)
{
    const struct waybill *live = label_live(d, parcel_id);
    return live && live->state == ST_APPLIED ? live : NULL;
}

static const struct parcel *parcel_named(struct decision *d, GError **error)
{
    const struct parcel *parcel = parcel_find(d->dossier, d->ev->parcel_id);
    return decision_named(parcel && parcel->shipment_id == d->ship->id ? parcel : NULL, _("parcel"), error);
}

gboolean out_guard(struct decision *d, GError **error)
{
    const struct manifest *manifest = manifest_find(d->dossier, d->ev->manifest_id);
    const struct parcel *parcel = parcel_named(d, error);
    if (!parcel)
        return FALSE;
    const struct waybill *on_it = applied(d, parcel->id);
    if (parcel->state == ST_LABELLED && on_it && label_is_stale(d, on_it)) /* it says what the order does not say any more */
        return err_set(error, ERR_LABEL_CHANGED, d->ship->order, on_it->number);
    if (manifest && manifest->state != ST_OPEN)
        return err_set(error, ERR_DOCK_CLOSED, manifest->number);
    if (manifest && g_strcmp0(manifest->courier, d->ship->courier) != 0)
        return err_set(error, ERR_DOCK_COURIER, d->ship->order, d->ship->courier, manifest->courier);
    if (parcel->state == ST_LABELLED) /* all that is wrong with the parcel itself comes first: none is opened for it then */
        return manifest || err_set(error, ERR_DOCK_NONE);
    const char *act = decision_last_act(d);
    return parcel->state == ST_OUT ? err_set(error, ERR_DOCK_OUT, d->ship->order, act)
                                   : err_set(error, ERR_FLOW_STATE, d->ship->order, flow_state_word(parcel->state), act);
}

static gboolean goods_leave(struct decision *d, int64_t parcel_id, GError **error)
{
    g_autoptr(GArray) goods = parcel_goods(d, parcel_id);
    gboolean done = TRUE;
    for (guint i = 0; done && i < goods->len; i++) {
        const struct goods_sum *sum = &g_array_index(goods, struct goods_sum, i);
        const struct moving move = {.product_id = sum->product_id, .lot_id = sum->lot_id, .quantity = sum->quantity,
                                    .from_id = d->house->bench_id, .to_id = d->house->customer_id, .kind = "outbound"};
        done = goods_move(d, &move, error);
    }
    return done;
}

gboolean out_effect(struct decision *d, GError **error)
{
    const struct parcel *parcel = parcel_named(d, error);
    const struct waybill *waybill = parcel ? decision_named(applied(d, parcel->id), _("waybill"), error) : NULL;
    if (!waybill)
        return FALSE;
    d->made_id = parcel->id;
    if (!goods_leave(d, parcel->id, error) || !decision_fire(d, MACHINE_WAYBILL, waybill->id, EV_OUT, error) ||
        !decision_fire(d, MACHINE_PARCEL, parcel->id, EV_OUT, error))
        return FALSE;
    struct parcel *out = parcel_edit(d->dossier, parcel);
    out->manifest_id = d->ev->manifest_id;
    out->out_at = d->now;
    decision_derive(d);
    return TRUE;
}

/* The first parcel of a courier goes out under the manifest that was opened for it. */
gboolean out_is_next(const struct decision *d, struct event *out)
{
    out->manifest_id = d->made_id;
    return TRUE;
}

/* --- handover ------------------------------------------------------------------------------------------- */

/* Two docks may open the same courier's at once: the second one works under the first one's. */
gboolean manifest_open_effect(struct decision *d, GError **error)
{
    if (!d->ev->courier || !d->ev->courier[0])
        return err_set(error, ERR_COURIER_UNKNOWN, "-");
    for (EACH_ROW(manifest, open, d->dossier, 0)) {
        if (open->state != ST_OPEN || g_strcmp0(open->courier, d->ev->courier) != 0)
            continue;
        d->made_id = open->id;
        decision_note(d, "%s %s", open->number, open->courier);
        return TRUE;
    }
    struct manifest *made = manifest_add(d->dossier, d->ev->key, 0);
    made->number = house_next_number(d, "manifest", 'M');
    made->courier = dossier_text(d->dossier, d->ev->courier);
    made->state = ST_OPEN;
    made->opened_by = d->ev->actor.person_id;
    made->opened_at = d->now;
    d->made_id = made->id;
    decision_note(d, "%s %s", made->number, made->courier);
    return TRUE;
}

gboolean manifest_close_effect(struct decision *d, GError **error)
{
    struct manifest *closed = manifest_edit(d->dossier, (const struct manifest *)(const void *)d->subject);
    (void)error;
    closed->closed_by = d->ev->actor.person_id;
    closed->closed_at = d->now;
    decision_note(d, "%s", closed->number);
    return TRUE;
}

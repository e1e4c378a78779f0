/* SPDX-License-Identifier: MIT
 *
 * Cancel, at each stage up to outbound: reservations are given back, what was picked lies at the packing bench to be put
 * away, waybills are void and say so at every scan.
 */
#include "core/base/translate.h"
#include "core/flow/decision.h"
#include "core/flow/progress.h"

static void empty_boxes_of(struct decision *d, const struct line *line)
{
    for (EACH_ROW(parcel, parcel, d->dossier, d->ship->id))
        for (EACH_ROW(content, content, d->dossier, parcel->id))
            if (content->line_id == line->id && content->quantity != 0)
                content_edit(d->dossier, content)->quantity = 0;
}

static gboolean cancel_one_line(struct decision *d, const struct line *line, GError **error)
{
    if (!pick_release_line(d, line, error) || !decision_fire(d, MACHINE_LINE, line->id, EV_CANCEL_LINE, error))
        return FALSE;
    empty_boxes_of(d, line);
    struct line *cancelled = line_edit(d->dossier, line);
    cancelled->packed = cancelled->picked = 0;
    return TRUE;
}

static gboolean cancel_box(struct decision *d, const struct parcel *box, GError **error)
{
    if (box->state == ST_OUT)
        return err_set(error, ERR_FLOW_OUTBOUND, d->ship->order, decision_last_act(d));
    return label_void(d, box->id, EV_CANCEL, d->ev->reason ? d->ev->reason : VOID_CANCELLED, error) &&
           decision_fire(d, MACHINE_PARCEL, box->id, EV_CANCEL, error);
}

static gboolean is_empty(const struct decision *d, const struct parcel *parcel)
{
    for (EACH_ROW(content, content, d->dossier, parcel->id))
        if (content->quantity > 0)
            return FALSE;
    return TRUE;
}

static gboolean cancel_parcels(struct decision *d, gboolean only_emptied, GError **error)
{
    for (EACH_ROW(parcel, parcel, d->dossier, d->ship->id)) {
        gboolean meant = only_emptied ? parcel->state == ST_PACKED && is_empty(d, parcel) : parcel->state != ST_VOID;
        if (meant && !cancel_box(d, parcel, error))
            return FALSE;
    }
    return TRUE;
}

gboolean cancel_leavings(struct decision *d, GError **error)
{
    if (d->to != ST_PACKED && d->to != ST_LABELLED && d->to != ST_OUTBOUND)
        return TRUE;
    for (EACH_ROW(parcel, parcel, d->dossier, d->ship->id))
        if (parcel->state == ST_OPEN && is_empty(d, parcel) && !cancel_box(d, parcel, error))
            return FALSE;
    return pack_out_of_totes(d, 0, error);
}

gboolean cancel_effect(struct decision *d, GError **error)
{
    if (!cancel_parcels(d, FALSE, error) || !pack_out_of_totes(d, 0, error))
        return FALSE;
    for (EACH_ROW(line, line, d->dossier, d->ship->id))
        if (line->state != ST_CANCELLED && !cancel_one_line(d, line, error))
            return FALSE;
    return batch_leave_cancelled(d, error);
}

/* --- one line ------------------------------------------------------------------------------------------- */

/* Whether some of the line is on its way out. */
static gboolean some_has_gone(const struct decision *d)
{
    for (EACH_ROW(parcel, parcel, d->dossier, d->ship->id)) {
        if (parcel->state != ST_LABELLED && parcel->state != ST_OUT)
            continue;
        for (EACH_ROW(content, content, d->dossier, parcel->id))
            if (content->line_id == d->line->id && content->quantity > 0)
                return TRUE;
    }
    return FALSE;
}

/* What is on its way out stays what it is; the rest of such a line may be cut off. */
gboolean cancel_line_guard(struct decision *d, GError **error)
{
    if (!line_named(d, d->ev->line_id, error))
        return FALSE;
    return d->line->state != ST_PACKED || !some_has_gone(d) ||
           err_set(error, ERR_FLOW_STATE, d->ship->order, flow_state_word(ST_LABELLED), decision_last_act(d));
}

static gboolean cut_line(struct decision *d, const struct line *line, GError **error)
{
    if (!pick_release_line(d, line, error) || !decision_fire(d, MACHINE_LINE, line->id, EV_SPLIT, error))
        return FALSE;
    struct line *cut = line_edit(d->dossier, line);
    cut->quantity = cut->picked = cut->packed;
    return TRUE;
}

static gboolean is_waiting(const struct decision *d)
{
    for (EACH_ROW(line, line, d->dossier, d->ship->id))
        if (line->state == ST_OPEN)
            return TRUE;
    return FALSE;
}

static gboolean is_on_paper(const struct decision *d)
{
    for (EACH_ROW(parcel, parcel, d->dossier, d->ship->id)) {
        const struct waybill *live = label_live(d, parcel->id);
        if (live && (live->state == ST_ASSIGNED || live->state == ST_PRINTED))
            return TRUE;
    }
    return FALSE;
}

/* After a line is gone: boxes it alone was in are void, paper that lists it has to be renewed, and the shipment is what
 * the rest adds up to. */
static gboolean settle_without_line(struct decision *d, GError **error)
{
    if (!cancel_parcels(d, TRUE, error))
        return FALSE;
    shipment_sums_write(d);
    decision_derive(d);
    if (d->to == ST_CANCELLED)
        return cancel_parcels(d, FALSE, error) && pack_out_of_totes(d, 0, error) && batch_leave_cancelled(d, error);
    if (!cancel_leavings(d, error))
        return FALSE;
    if ((d->blocks & BLOCK_SHORT) && !is_waiting(d))
        block_clear(d, BLOCK_SHORT);
    if (is_on_paper(d))
        block_put(d, BLOCK_CHANGED, "");
    return batch_settle(d, error);
}

gboolean cancel_line_effect(struct decision *d, GError **error)
{
    gboolean gone = some_has_gone(d);
    decision_note(d, "%s", d->line->sku);
    return pack_line_out_of_totes(d, d->line, error) &&
           (gone ? cut_line(d, d->line, error) : cancel_one_line(d, d->line, error)) && settle_without_line(d, error);
}

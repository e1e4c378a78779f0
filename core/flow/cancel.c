/* SPDX-License-Identifier: MIT
 *
 * Cancel, at each stage up to outbound: reservations are given back, what was picked lies at the packing bench to be put
 * away, waybills are void and say so at every scan.
 */
#include "core/base/translate.h"
#include "core/flow/decision.h"

enum { PARCELS, EMPTIED, GONE, LIVE, WAITING, LINE_RESET, LINE_CUT, CONTENT_RESET, BATCH_LEAVE };

static const struct sql SQL[] = {
    [PARCELS] = {"cancel_parcels", "SELECT id, state FROM parcel WHERE shipment_id = $1 AND state <> 'void' ORDER BY id"},
    [EMPTIED] = {"cancel_emptied_parcels",
                 "SELECT id, state FROM parcel p WHERE p.shipment_id = $1 AND p.state = 'packed' AND NOT EXISTS "
                 "(SELECT 1 FROM parcel_line pl WHERE pl.parcel_id = p.id AND pl.quantity > 0) ORDER BY id"},
    [GONE] = {"cancel_line_gone", "SELECT COUNT(*) FROM parcel_line pl JOIN parcel p ON p.id = pl.parcel_id "
                                  "WHERE pl.line_id = $1 AND pl.quantity > 0 AND p.state IN ('labelled', 'out')"},
    [LIVE] = {"cancel_live_waybills", "SELECT COUNT(*) FROM waybill w JOIN parcel p ON p.id = w.parcel_id "
                                      "WHERE p.shipment_id = $1 AND w.state IN ('assigned', 'printed')"},
    [WAITING] = {"cancel_lines_waiting",
                 "SELECT COUNT(*) FROM shipment_line WHERE shipment_id = $1 AND state = 'open'"},
    [LINE_RESET] = {"cancel_line_reset", "UPDATE shipment_line SET packed = 0, picked = 0 WHERE id = $1"},
    [LINE_CUT] = {"cancel_line_cut", "UPDATE shipment_line SET quantity = packed, picked = packed WHERE id = $1"},
    [CONTENT_RESET] = {"cancel_content_reset", "UPDATE parcel_line SET quantity = 0 WHERE line_id = $1"},
    [BATCH_LEAVE] = {"cancel_batch_leave", "UPDATE shipment SET batch_id = NULL, slot = 0 WHERE id = $1"},
};

static gboolean cancel_one_line(struct decision *d, const struct line *line, GError **error)
{
    return pick_release_line(d, line, error) && decision_fire(d, MACHINE_LINE, line->id, EV_CANCEL_LINE, error) &&
           db_exec(d->db, &SQL[CONTENT_RESET], DB_ARGS(line->id), NULL, error) &&
           db_exec(d->db, &SQL[LINE_RESET], DB_ARGS(line->id), NULL, error);
}

static gboolean cancel_if_live(struct decision *d, const void *item, GError **error)
{
    const struct line *line = item;
    return line->state == ST_CANCELLED || cancel_one_line(d, line, error);
}

struct box {
    int64_t id;
    enum state state;
};

static void read_box(struct rows *rows, void *data)
{
    *(struct box *)data = (struct box){rows_int(rows, 0), flow_state_parse(rows_text(rows, 1))};
}

static gboolean cancel_box(struct decision *d, const void *item, GError **error)
{
    const struct box *box = item;
    if (box->state == ST_OUT) {
        g_autofree char *act = decision_last_act(d);
        return err_set(error, ERR_FLOW_OUTBOUND, d->ship.order, act);
    }
    return label_void(d, box->id, EV_CANCEL, d->ev->reason ? d->ev->reason : _("cancelled"), error) &&
           decision_fire(d, MACHINE_PARCEL, box->id, EV_CANCEL, error);
}

static gboolean cancel_parcels(struct decision *d, int sql, GError **error)
{
    struct rows *rows = db_query(d->db, &SQL[sql], DB_ARGS(d->ship.id), error);
    return decision_each(d, rows_list(rows, sizeof(struct box), read_box, error), cancel_box, error);
}

static gboolean leave_batch(struct decision *d, GError **error)
{
    int64_t batch_id = d->ship.batch_id;
    return batch_id == 0 ||
           (db_exec(d->db, &SQL[BATCH_LEAVE], DB_ARGS(d->ship.id), NULL, error) && batch_settle(d, batch_id, error));
}

gboolean cancel_effect(struct decision *d, GError **error)
{
    decision_note(d, "%s", d->ev->reason ? d->ev->reason : "");
    return cancel_parcels(d, PARCELS, error) && pack_out_of_totes(d, NULL, error) &&
           decision_each(d, lines_load(d, error), cancel_if_live, error) && leave_batch(d, error);
}

/* Whether some of the line is on its way out. */
static gboolean some_has_gone(struct decision *d, int64_t line_id, gboolean *gone, GError **error)
{
    int64_t boxes = 0;
    gboolean done = named_ints(d, &SQL[GONE], DB_ARGS(line_id), &boxes, 1, _("line"), error);
    *gone = boxes > 0;
    return done;
}

/* What is on its way out stays what it is; the rest of such a line may be cut off. */
gboolean cancel_line_guard(struct decision *d, GError **error)
{
    gboolean gone = FALSE;
    if (!line_load(d, d->ev->line_id, error) || !some_has_gone(d, d->line.id, &gone, error))
        return FALSE;
    gone = gone && d->line.state == ST_PACKED;
    if (gone) {
        g_autofree char *act = decision_last_act(d);
        err_set(error, ERR_FLOW_STATE, d->ship.order, flow_state_label(ST_LABELLED), act);
    }
    return !gone;
}

static gboolean cut_line(struct decision *d, const struct line *line, GError **error)
{
    return pick_release_line(d, line, error) && decision_fire(d, MACHINE_LINE, line->id, EV_SPLIT, error) &&
           db_exec(d->db, &SQL[LINE_CUT], DB_ARGS(line->id), NULL, error);
}

/* After a line is gone: boxes it alone was in are void, paper that lists it has to be renewed, and the shipment is what
 * the rest adds up to. */
static gboolean settle_without_line(struct decision *d, GError **error)
{
    int64_t live = 0, waiting = 0;
    if (!cancel_parcels(d, EMPTIED, error) || !shipment_sums_write(d, error) || !decision_derive(d, error))
        return FALSE;
    if (d->to == ST_CANCELLED)
        return cancel_parcels(d, PARCELS, error) && pack_out_of_totes(d, NULL, error) && leave_batch(d, error);
    return named_ints(d, &SQL[LIVE], DB_ARGS(d->ship.id), &live, 1, _("shipment"), error) &&
           named_ints(d, &SQL[WAITING], DB_ARGS(d->ship.id), &waiting, 1, _("shipment"), error) &&
           (waiting > 0 || !(d->ship.blocks & BLOCK_SHORT) || block_clear(d, BLOCK_SHORT, error)) &&
           (live == 0 || block_put(d, BLOCK_CHANGED, "", error)) &&
           (d->ship.batch_id == 0 || batch_settle(d, d->ship.batch_id, error));
}

gboolean cancel_line_effect(struct decision *d, GError **error)
{
    gboolean gone = FALSE;
    if (!some_has_gone(d, d->line.id, &gone, error))
        return FALSE;
    decision_note(d, "%s", d->line.sku);
    return pack_line_out_of_totes(d, &d->line, error) &&
           (gone ? cut_line(d, &d->line, error) : cancel_one_line(d, &d->line, error)) && settle_without_line(d, error);
}

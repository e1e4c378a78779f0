/* SPDX-License-Identifier: MIT
 *
 * Cancel, at each stage up to outbound: reservations are given back, what was picked lies at the packing bench to be put
 * away, waybills are void and say so at every scan.
 */
#include "core/base/translate.h"
#include "core/floor/tx.h"

enum { PARCELS, LINE_RESET, CONTENT_RESET, BATCH_LEAVE };

static const struct sql SQL[] = {
    [PARCELS] = {"cancel_parcels", "SELECT id, state FROM parcel WHERE shipment_id = $1 AND state <> 'void' ORDER BY id"},
    [LINE_RESET] = {"cancel_line_reset", "UPDATE shipment_line SET packed = 0, picked = 0 WHERE id = $1"},
    [CONTENT_RESET] = {"cancel_content_reset", "UPDATE parcel_line SET quantity = 0 WHERE line_id = $1"},
    [BATCH_LEAVE] = {"cancel_batch_leave", "UPDATE shipment SET batch_id = NULL, slot = 0 WHERE id = $1"},
};

static gboolean cancel_one_line(struct tx *tx, const struct tx_line *line, GError **error)
{
    return pick_release_line(tx, line, error) && tx_fire(tx, MACHINE_LINE, line->id, EV_CANCEL_LINE, error) &&
           db_exec(tx->db, &SQL[CONTENT_RESET], DB_ARGS(db_int(line->id)), NULL, error) &&
           db_exec(tx->db, &SQL[LINE_RESET], DB_ARGS(db_int(line->id)), NULL, error);
}

static gboolean cancel_lines(struct tx *tx, GError **error)
{
    GArray *lines = tx_lines_load(tx, error);
    gboolean done = lines != NULL;
    for (guint i = 0; done && i < lines->len; i++) {
        const struct tx_line *line = &g_array_index(lines, struct tx_line, i);
        done = line->state == ST_CANCELLED || cancel_one_line(tx, line, error);
    }
    if (lines)
        g_array_unref(lines);
    return done;
}

struct box {
    int64_t id;
    enum state state;
};

static GArray *boxes_load(struct tx *tx, GError **error)
{
    struct rows *rows = db_query(tx->db, &SQL[PARCELS], DB_ARGS(db_int(tx->ship.id)), error);
    if (!rows)
        return NULL;
    GArray *boxes = g_array_new(FALSE, FALSE, sizeof(struct box));
    int more;
    while ((more = rows_next(rows, error)) > 0) {
        struct box box = {rows_int(rows, 0), flow_state_parse(rows_text(rows, 1))};
        g_array_append_val(boxes, box);
    }
    if (more == 0)
        return boxes;
    g_array_unref(boxes);
    return NULL;
}

static gboolean cancel_parcels(struct tx *tx, GError **error)
{
    GArray *boxes = boxes_load(tx, error);
    gboolean done = boxes != NULL;
    for (guint i = 0; done && i < boxes->len; i++) {
        const struct box *box = &g_array_index(boxes, struct box, i);
        if (box->state == ST_OUT) {
            char *act = tx_last_act(tx);
            err_set(error, ERR_FLOW_OUTBOUND, tx_order(tx), act);
            g_free(act);
            done = FALSE;
        }
        done = done && label_void(tx, box->id, EV_CANCEL, tx->ev->reason ? tx->ev->reason : _("cancelled"), error) &&
               tx_fire(tx, MACHINE_PARCEL, box->id, EV_CANCEL, error);
    }
    if (boxes)
        g_array_unref(boxes);
    return done;
}

gboolean cancel_effect(struct tx *tx, GError **error)
{
    int64_t batch_id = tx->ship.batch_id;
    tx_note(tx, "%s", tx->ev->reason ? tx->ev->reason : "");
    return cancel_parcels(tx, error) && pack_out_of_totes(tx, NULL, error) && cancel_lines(tx, error) &&
           (batch_id == 0 || (db_exec(tx->db, &SQL[BATCH_LEAVE], DB_ARGS(db_int(tx->ship.id)), NULL, error) &&
                              batch_settle(tx, batch_id, error)));
}

gboolean cancel_line_effect(struct tx *tx, GError **error)
{
    struct tx_line line;
    if (!tx_line_load(tx, tx->ev->line_id, &line, error))
        return FALSE;
    tx_note(tx, "%s", line.sku);
    return pack_line_out_of_totes(tx, &line, error) && cancel_one_line(tx, &line, error) &&
           shipment_sums_write(tx, error) && tx_derive(tx, error);
}

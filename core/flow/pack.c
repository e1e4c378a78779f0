/* SPDX-License-Identifier: MIT
 *
 * Pack: every unit is counted into the open parcel; closing the box gives it its waybill and writes the print job.
 */
#include "core/base/translate.h"
#include "core/flow/decision.h"

enum { PARCEL_OPEN, PARCEL_INSERT, CONTENT_ADD, CONTENT_TAKE, CONTENT_OF, LOT_BOXED, LINE_PACKED, PARCEL_STAMP,
       WAS_CLOSED, TO_SCAN, PARCEL_PACKED };

static const struct sql SQL[] = {
    [PARCEL_OPEN] = {"parcel_open", "SELECT id FROM parcel WHERE shipment_id = $1 AND state = 'open' ORDER BY number LIMIT 1"},
    [PARCEL_INSERT] = {"parcel_insert", "INSERT INTO parcel (id, shipment_id, number, state) VALUES ($1, $2, "
                                        "(SELECT COALESCE(MAX(number), 0) + 1 FROM parcel WHERE shipment_id = $2), 'open')"},
    [CONTENT_ADD] = {"parcel_content_add",
                     "INSERT INTO parcel_line (parcel_id, line_id, lot_id, quantity) VALUES ($1, $2, $3, $4) "
                     "ON CONFLICT (parcel_id, line_id, lot_id) DO UPDATE SET quantity = parcel_line.quantity + "
                     "excluded.quantity"},
    [CONTENT_TAKE] = {"parcel_content_take", "UPDATE parcel_line SET quantity = quantity + $4 WHERE parcel_id = $1 "
                                             "AND line_id = $2 AND lot_id = $3 AND quantity + $4 >= 0"},
    [LOT_BOXED] = {"parcel_lot_boxed",
                   "SELECT CAST(COALESCE(SUM(pl.quantity), 0) AS BIGINT) FROM shipment_line l JOIN parcel_line pl "
                   "ON pl.line_id = l.id JOIN parcel p ON p.id = pl.parcel_id WHERE l.shipment_id = $1 "
                   "AND l.product_id = $2 AND pl.lot_id = $3 AND p.state IN ('open', 'packed', 'labelled')"},
    [CONTENT_OF] = {"parcel_content",
                    "SELECT l.product_id, pl.lot_id, CAST(SUM(pl.quantity) AS BIGINT) FROM parcel_line pl "
                    "JOIN shipment_line l ON l.id = pl.line_id WHERE pl.parcel_id = $1 AND pl.quantity > 0 "
                    "GROUP BY l.product_id, pl.lot_id ORDER BY l.product_id, pl.lot_id"},
    [LINE_PACKED] = {"line_packed", "UPDATE shipment_line SET packed = packed + $2 WHERE id = $1"},
    [PARCEL_STAMP] = {"parcel_stamp", "UPDATE parcel SET packed_by = $2, packed_at = $3, weight_g = $4 WHERE id = $1"},
    [WAS_CLOSED] = {"parcel_was_closed", "SELECT CASE WHEN packed_at IS NULL THEN 0 ELSE 1 END FROM parcel WHERE id = $1"},
    [TO_SCAN] = {"shipment_to_scan", "SELECT CAST(COALESCE(SUM(" LINE_TO_PACK "), 0) AS BIGINT), "
                                     "(SELECT CAST(COALESCE(SUM(pl.quantity), 0) AS BIGINT) FROM parcel p JOIN parcel_line pl "
                                     "ON pl.parcel_id = p.id WHERE p.shipment_id = $1 AND p.state = 'open') "
                                     "FROM shipment_line WHERE shipment_id = $1 AND state <> 'cancelled'"},
    [PARCEL_PACKED] = {"parcel_packed", "SELECT id FROM parcel WHERE shipment_id = $1 AND state = 'packed' "
                                        "ORDER BY number DESC LIMIT 1"},
};

int64_t pack_open_parcel(struct decision *d, GError **error)
{
    int64_t id = 0;
    int found = db_get_ints(d->db, &SQL[PARCEL_OPEN], DB_ARGS(d->ship.id), &id, 1, error);
    if (found != 0)
        return found > 0 ? id : 0;
    id = site_id(d->site);
    return db_exec(d->db, &SQL[PARCEL_INSERT], DB_ARGS(id, d->ship.id), NULL, error) ? id : 0;
}

/* --- count ---------------------------------------------------------------------------------------------- */

static gboolean in_range(struct decision *d, int64_t most, GError **error)
{
    char limit[48];
    g_snprintf(limit, sizeof limit, "%" G_GINT64_FORMAT " / %" G_GINT64_FORMAT, d->line.packed, d->line.quantity);
    return line_takes(d, most, ERR_PACK_OVER, limit, error);
}

gboolean pack_guard(struct decision *d, GError **error)
{
    return line_load(d, d->ev->line_id, error) && in_range(d, d->line.picked - d->line.packed, error);
}

/* How much of a line's product the shipment holds here by lot, and how much of that lies in its boxes already. */
static gboolean lots_held(struct decision *d, const struct line *line, int64_t lot_id, int64_t *lot_held, int64_t *only,
                          GError **error)
{
    g_autoptr(GArray) held = stock_held_for(d->site, d->ship.id, error);
    int lots = 0;
    *lot_held = *only = 0;
    for (guint i = 0; held && i < held->len; i++) {
        const struct stock_held *row = &g_array_index(held, struct stock_held, i);
        if (row->product_id != line->product_id)
            continue;
        if (row->lot_id == lot_id)
            *lot_held += row->quantity;
        lots += lots == 0 || row->lot_id != *only;
        *only = row->lot_id;
    }
    if (lots != 1)
        *only = 0;
    return held != NULL;
}

/* The lot of a tracked product: the one scanned, or the only one that was picked. */
static gboolean choose_lot(struct decision *d, const struct line *line, int64_t *lot_id, GError **error)
{
    int64_t held = 0, only = 0, boxed = 0;
    *lot_id = line->has_lots ? d->ev->lot_id : 0;
    if (!line->has_lots)
        return TRUE;
    if (!lots_held(d, line, *lot_id, &held, &only, error))
        return FALSE;
    if (*lot_id == 0) {
        *lot_id = only;
        if (only == 0)
            err_set(error, ERR_PACK_LOT, line->sku);
        return only != 0;
    }
    if (d->ev->kind != EV_PACK)
        return TRUE;
    if (!named_ints(d, &SQL[LOT_BOXED], DB_ARGS(d->ship.id, line->product_id, *lot_id), &boxed, 1, _("lot"), error))
        return FALSE;
    gboolean picked = boxed + d->ev->quantity <= held;
    return picked || err_set(error, ERR_PACK_LOT_NOT_PICKED, line->sku, d->ship.order);
}

static gboolean count(struct decision *d, const struct line *line, int64_t parcel_id, int64_t lot_id, int64_t change,
                      GError **error)
{
    int64_t changed = 0;
    decision_note(d, "%s %+" G_GINT64_FORMAT, line->sku, change);
    if (!db_exec(d->db, &SQL[change > 0 ? CONTENT_ADD : CONTENT_TAKE], DB_ARGS(parcel_id, line->id, lot_id, change),
                 &changed, error))
        return FALSE;
    if (changed != 1) { /* what is in a closed box, or of another lot, is not taken out of this one */
        return err_set(error, ERR_UNDO_NOTHING);
    }
    return db_exec(d->db, &SQL[LINE_PACKED], DB_ARGS(line->id, change), NULL, error);
}

gboolean pack_effect(struct decision *d, GError **error)
{
    int64_t lot_id = 0;
    if (!choose_lot(d, &d->line, &lot_id, error))
        return FALSE;
    d->made_id = pack_open_parcel(d, error);
    return d->made_id && count(d, &d->line, d->made_id, lot_id, d->ev->quantity, error) &&
           (d->line.packed + d->ev->quantity < d->line.quantity || decision_fire(d, MACHINE_LINE, d->line.id, EV_PACK, error));
}

gboolean unpack_effect(struct decision *d, GError **error)
{
    int64_t lot_id = 0;
    if (!line_load(d, d->ev->line_id, error) || !in_range(d, d->line.packed, error) ||
        !choose_lot(d, &d->line, &lot_id, error))
        return FALSE;
    d->made_id = pack_open_parcel(d, error);
    return d->made_id && (d->line.state != ST_PACKED || decision_fire(d, MACHINE_LINE, d->line.id, EV_UNPACK, error)) &&
           count(d, &d->line, d->made_id, lot_id, -d->ev->quantity, error) && decision_derive(d, error);
}

/* --- close ---------------------------------------------------------------------------------------------- */

gboolean close_guard(struct decision *d, GError **error)
{
    int64_t n[2] = {0, 0};
    if (!named_ints(d, &SQL[TO_SCAN], DB_ARGS(d->ship.id), n, 2, _("shipment"), error))
        return FALSE;
    if (n[1] == 0)
        return err_set(error, ERR_PACK_NOTHING);
    if (n[0] > 0 && d->ev->kind != EV_CLOSE_SPLIT) {
        char left[24];
        g_snprintf(left, sizeof left, "%" G_GINT64_FORMAT, n[0]);
        return err_set(error, ERR_PACK_INCOMPLETE, d->ship.order, left);
    }
    if (d->ev->weight_g <= 0 && site_setting_int(d->site, "weight_required", 0))
        return err_set(error, ERR_PACK_WEIGHT);
    return TRUE;
}

static void read_content(struct rows *rows, void *data)
{
    *(struct stock_held *)data = (struct stock_held){rows_int(rows, 0), rows_int(rows, 1), 0, rows_int(rows, 2)};
}

GArray *parcel_content(struct decision *d, int64_t parcel_id, GError **error)
{
    return rows_list(db_query(d->db, &SQL[CONTENT_OF], DB_ARGS(parcel_id), error), sizeof(struct stock_held),
                     read_content, error);
}

static gboolean to_bench(struct decision *d, struct stock_held *held, int64_t quantity, GError **error)
{
    const struct stock_move move = {.product_id = held->product_id, .lot_id = held->lot_id, .quantity = quantity,
                                    .from_id = held->location_id, .to_id = d->site->bench_id, .kind = "pack"};
    held->quantity -= quantity;
    return decision_move(d, move, error);
}

/* Totes that are empty then are free for the next. */
gboolean pack_out_of_totes(struct decision *d, GArray *content, GError **error)
{
    g_autoptr(GArray) held = stock_held_for(d->site, d->ship.id, error);
    gboolean done = held != NULL, left = FALSE;
    for (guint i = 0; done && i < held->len; i++) {
        struct stock_held *row = &g_array_index(held, struct stock_held, i);
        if (row->location_id == d->site->bench_id)
            continue;
        int64_t wanted = content ? 0 : row->quantity;
        for (guint k = 0; content && k < content->len; k++) {
            struct stock_held *part = &g_array_index(content, struct stock_held, k);
            if (part->product_id == row->product_id && part->lot_id == row->lot_id) {
                wanted = MIN(part->quantity, row->quantity);
                part->quantity -= wanted;
            }
        }
        done = wanted == 0 || to_bench(d, row, wanted, error);
        left = left || row->quantity > 0;
    }
    return done && (left || totes_free(d, d->ship.id, error));
}

gboolean pack_line_out_of_totes(struct decision *d, const struct line *line, GError **error)
{
    struct stock_held content = {.product_id = line->product_id, .quantity = line->picked};
    g_autoptr(GArray) held = line->picked ? stock_held_for(d->site, d->ship.id, error) : NULL;
    gboolean done = held != NULL || line->picked == 0;
    for (guint i = 0; done && held && content.quantity > 0 && i < held->len; i++) {
        struct stock_held *row = &g_array_index(held, struct stock_held, i);
        int64_t wanted = MIN(content.quantity, row->quantity);
        if (row->product_id != line->product_id || row->location_id == d->site->bench_id)
            continue;
        content.quantity -= wanted;
        done = to_bench(d, row, wanted, error);
    }
    return done;
}

/* A box that was opened again, or goes without a part of the order, is not what its paper may list. */
static gboolean label_box(struct decision *d, int64_t parcel_id, gboolean reopened, GError **error)
{
    int64_t waybill_id = 0;
    enum label_when when = reopened || d->to == ST_PACKING ? LABEL_REPACKED : LABEL_CLOSED;
    return label_assign(d, parcel_id, &waybill_id, error) && label_print(d, waybill_id, when, error);
}

gboolean close_effect(struct decision *d, GError **error)
{
    int64_t parcel_id = pack_open_parcel(d, error), reopened = 0;
    g_autoptr(GArray) content = parcel_id ? parcel_content(d, parcel_id, error) : NULL;
    d->made_id = parcel_id;
    return content && pack_out_of_totes(d, content, error) &&
           named_ints(d, &SQL[WAS_CLOSED], DB_ARGS(parcel_id), &reopened, 1, _("parcel"), error) &&
           db_exec(d->db, &SQL[PARCEL_STAMP], DB_ARGS(parcel_id, d->ev->actor.person_id, d->now, d->ev->weight_g), NULL,
                   error) &&
           decision_fire(d, MACHINE_PARCEL, parcel_id, EV_CLOSE, error) && decision_derive(d, error) &&
           label_box(d, parcel_id, reopened != 0, error);
}

/* Of a split, the box closed last; one at a time. */
gboolean reopen_guard(struct decision *d, GError **error)
{
    int64_t n[2] = {0, 0};
    if (!named_ints(d, &SQL[TO_SCAN], DB_ARGS(d->ship.id), n, 2, _("shipment"), error))
        return FALSE;
    if (n[1] > 0)
        err_set(error, ERR_PACK_OPEN, d->ship.order);
    return n[1] == 0;
}

gboolean reopen_effect(struct decision *d, GError **error)
{
    return named_ints(d, &SQL[PARCEL_PACKED], DB_ARGS(d->ship.id), &d->made_id, 1, _("parcel"), error) &&
           decision_fire(d, MACHINE_PARCEL, d->made_id, EV_REOPEN, error);
}

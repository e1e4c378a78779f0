/* SPDX-License-Identifier: MIT
 *
 * Release, and what stands before it: blocks, lines that were mapped late, changes made in the shop.
 */
#include "core/base/translate.h"
#include "core/code/courier.h"
#include "core/flow/decision.h"

enum { DELIVERY, BLOCK_INSERT, BLOCK_CLEAR, LINE_INSERT, PARTS_MISSING, SHIPMENT_SUMS, SHIPMENT_CHANGE,
       UNMAPPED_LEFT, LIVE_WAYBILLS };

static const struct sql SQL[] = {
    [DELIVERY] = {"release_delivery", "SELECT r.name, r.address, r.postcode, r.store_code, s.cod_minor, s.currency "
                                      "FROM shipment s JOIN recipient r ON r.id = s.recipient_id WHERE s.id = $1"},
    [BLOCK_INSERT] = {"block_insert", "INSERT INTO block (id, shipment_id, kind, reason, person_id, at) "
                                      "VALUES ($1, $2, $3, $4, $5, $6) "
                                      "ON CONFLICT (shipment_id, kind) WHERE cleared_at IS NULL DO NOTHING"},
    [BLOCK_CLEAR] = {"block_clear", "UPDATE block SET cleared_at = $3, cleared_by = $4 "
                                    "WHERE shipment_id = $1 AND kind = $2 AND cleared_at IS NULL"},
    [LINE_INSERT] = {"shipment_line_insert",
                     "INSERT INTO shipment_line (id, shipment_id, order_line_id, product_id, state, quantity) "
                     "VALUES ($1, $2, $3, $4, 'open', $5)"},
    [PARTS_MISSING] = {"shipment_parts_missing",
                       "SELECT ol.id, lp.product_id, ol.quantity * lp.quantity FROM order_line ol "
                       "JOIN listing_part lp ON lp.listing_id = ol.listing_id "
                       "WHERE ol.order_id = $1 AND ol.kind = 'goods' AND ol.cancelled_at IS NULL AND NOT EXISTS "
                       "(SELECT 1 FROM shipment_line sl WHERE sl.order_line_id = ol.id AND sl.product_id = lp.product_id) "
                       "ORDER BY ol.line_no, lp.product_id"},
    [SHIPMENT_SUMS] = {"shipment_sums_write",
                       "UPDATE shipment SET lines = (SELECT COUNT(*) FROM shipment_line WHERE shipment_id = $1 "
                       "AND state <> 'cancelled'), units = (SELECT COALESCE(CAST(SUM(quantity) AS BIGINT), 0) "
                       "FROM shipment_line WHERE shipment_id = $1 AND state <> 'cancelled') WHERE id = $1"},
    [SHIPMENT_CHANGE] = {"shipment_change",
                         "UPDATE shipment SET recipient_id = $2, courier = $3, service = $4, cod_minor = $5 WHERE id = $1"},
    [UNMAPPED_LEFT] = {"shipment_unmapped_left",
                       "SELECT COUNT(*) FROM order_line ol JOIN listing li ON li.id = ol.listing_id "
                       "WHERE ol.order_id = $1 AND ol.kind = 'goods' AND ol.cancelled_at IS NULL "
                       "AND li.mapped_at IS NULL"},
    [LIVE_WAYBILLS] = {"shipment_live_waybills",
                       "SELECT COUNT(*) FROM waybill w JOIN parcel p ON p.id = w.parcel_id "
                       "WHERE p.shipment_id = $1 AND " WAYBILL_IS_LIVE("w")},
};

/* Whether the courier takes it, as its file says. */
static gboolean courier_guard(struct decision *d, GError **error)
{
    const struct courier *courier = couriers_get(d->site->couriers, d->ship.courier);
    if (!courier)
        return err_set(error, ERR_COURIER_UNKNOWN, d->ship.courier[0] ? d->ship.courier : "-");
    struct rows *rows = db_query(d->db, &SQL[DELIVERY], DB_ARGS(d->ship.id), error);
    int found = rows_next(rows, error);
    if (found == 0)
        err_set(error, ERR_FLOW_UNKNOWN, _("order"));
    if (found <= 0)
        return FALSE;
    const struct delivery delivery = {.name = rows_text(rows, 0),
                                      .address = rows_text(rows, 1),
                                      .postcode = rows_text(rows, 2),
                                      .store_code = rows_text(rows, 3),
                                      .cod_minor = rows_int(rows, 4),
                                      .currency = rows_text(rows, 5)};
    const char *fault = courier_fault(courier, &delivery);
    rows_close(rows);
    if (fault)
        err_set(error, ERR_COURIER_FAULT, d->ship.order, courier_label(courier), fault);
    return fault == NULL;
}

gboolean release_guard(struct decision *d, GError **error)
{
    g_autoptr(GArray) lines = lines_load(d, error);
    if (!lines)
        return FALSE;
    gboolean any = FALSE;
    for (guint i = 0; i < lines->len; i++)
        any = any || g_array_index(lines, struct line, i).state != ST_CANCELLED;
    if (!any)
        err_set(error, ERR_FLOW_EMPTY, d->ship.order);
    return any && courier_guard(d, error);
}

gboolean block_clear(struct decision *d, enum block block, GError **error)
{
    d->ship.blocks &= ~(unsigned)block;
    return db_exec(d->db, &SQL[BLOCK_CLEAR],
                   DB_ARGS(d->ship.id, flow_block_name(block), d->now, d->ev->actor.person_id), NULL, error);
}

/* All lines or none: a shipment that is short by one line keeps nothing from others. */
gboolean release_effect(struct decision *d, GError **error)
{
    g_autoptr(GArray) lines = lines_load(d, error);
    gboolean done = lines != NULL, more = FALSE;
    for (guint i = 0; done && i < lines->len; i++) {
        const struct line *line = &g_array_index(lines, struct line, i);
        if (line->state == ST_OPEN)
            done = more = pick_reserve_line(d, line, error);
    }
    if (d->ship.state == ST_PICKED) /* goods came for a split before it was packed: it goes whole after all */
        d->to = more ? ST_PICKING : ST_PICKED;
    return done && (!(d->ship.blocks & BLOCK_SHORT) || block_clear(d, BLOCK_SHORT, error));
}

gboolean block_put(struct decision *d, enum block block, const char *reason, GError **error)
{
    return db_exec(d->db, &SQL[BLOCK_INSERT],
                   DB_ARGS(site_id(d->site), d->ship.id, flow_block_name(block), reason ? reason : "",
                           d->ev->actor.person_id, d->now),
                   NULL, error);
}

static gboolean note_kind(struct decision *d, GError **error)
{
    const char *name = flow_block_name(d->ev->block);
    decision_note(d, "%s", name);
    return name[0] || err_set(error, ERR_COMMAND_ARGUMENT, flow_event_label(d->ev->kind), _("a kind of block"));
}

gboolean block_effect(struct decision *d, GError **error)
{
    return note_kind(d, error) && block_put(d, d->ev->block, d->ev->reason, error);
}

gboolean unblock_effect(struct decision *d, GError **error)
{
    return note_kind(d, error) && block_clear(d, d->ev->block, error);
}

gboolean shipment_sums_write(struct decision *d, GError **error)
{
    return db_exec(d->db, &SQL[SHIPMENT_SUMS], DB_ARGS(d->ship.id), NULL, error);
}

struct part {
    int64_t order_line_id, product_id, quantity;
};

static void read_part(struct rows *rows, void *data)
{
    *(struct part *)data = (struct part){rows_int(rows, 0), rows_int(rows, 1), rows_int(rows, 2)};
}

static gboolean insert_line(struct decision *d, const void *item, GError **error)
{
    const struct part *part = item;
    return db_exec(d->db, &SQL[LINE_INSERT],
                   DB_ARGS(site_id(d->site), d->ship.id, part->order_line_id, part->product_id, part->quantity), NULL,
                   error);
}

gboolean fill_effect(struct decision *d, GError **error)
{
    int64_t left = 0;
    struct rows *rows = db_query(d->db, &SQL[PARTS_MISSING], DB_ARGS(d->ship.order_id), error);
    return decision_each(d, rows_list(rows, sizeof(struct part), read_part, error), insert_line, error) &&
           shipment_sums_write(d, error) &&
           named_ints(d, &SQL[UNMAPPED_LEFT], DB_ARGS(d->ship.order_id), &left, 1, _("order"), error) &&
           (left > 0 || (block_clear(d, BLOCK_UNMAPPED, error) && block_clear(d, BLOCK_MISSING, error)));
}

/* The address and the COD amount are on the paper: once a waybill lives, a change blocks until a lead renews it. */
gboolean change_effect(struct decision *d, GError **error)
{
    const struct event *ev = d->ev;
    int64_t live = 0;
    if (!db_exec(d->db, &SQL[SHIPMENT_CHANGE],
                 DB_ARGS(d->ship.id, ev->recipient_id ? ev->recipient_id : d->ship.recipient_id,
                         ev->courier ? ev->courier : d->ship.courier, ev->service ? ev->service : d->ship.service,
                         ev->cod_minor),
                 NULL, error) ||
        !named_ints(d, &SQL[LIVE_WAYBILLS], DB_ARGS(d->ship.id), &live, 1, _("shipment"), error))
        return FALSE;
    return live == 0 || block_put(d, BLOCK_CHANGED, "", error);
}

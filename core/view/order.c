/* SPDX-License-Identifier: MIT */
#include "core/view/order.h"

#include <string.h>

#include "core/db/rows.h"
#include "core/site/site.h"

enum { HEAD, LINES, BLOCKS, EVENTS };

static const struct sql SQL[] = {
    [HEAD] =
        {"order_head",
         "SELECT s.version, s.cut_off_at, s.cod_minor, o.ordered_at, o.external_id, sh.name, s.courier, "
         "s.service, "
         "COALESCE(b.number, ''), COALESCE(p.name, ''), s.currency, r.name, r.phone_tail, r.county, "
         "r.district, "
         "r.store_code, r.store_name, r.buyer_note, r.seller_remark, s.state, "
         "COALESCE((SELECT w.number FROM parcel c JOIN waybill w ON w.parcel_id = c.id AND w.generation = "
         "c.generation WHERE c.shipment_id = s.id AND w.state <> 'void' ORDER BY c.number DESC LIMIT 1), "
         "''), "
         "COALESCE((SELECT w.state FROM parcel c JOIN waybill w ON w.parcel_id = c.id AND w.generation = "
         "c.generation WHERE c.shipment_id = s.id AND w.state <> 'void' ORDER BY c.number DESC LIMIT 1), '') "
         "FROM shipment s JOIN sales_order o ON o.id = s.order_id JOIN shop sh ON sh.id = o.shop_id "
         "JOIN recipient r ON r.id = s.recipient_id LEFT JOIN batch b ON b.id = s.batch_id "
         "LEFT JOIN person p ON p.id = s.person_id WHERE s.id = $1"},
    [LINES] =
        {"order_lines",
         "SELECT d.sku, d.name, COALESCE((SELECT MIN(c.code) FROM pick_task t JOIN location c ON c.id = "
         "t.location_id WHERE t.line_id = l.id AND t.open = 1), ''), l.state, l.quantity, l.picked, l.packed, l.id "
         "FROM shipment_line l JOIN product d ON d.id = l.product_id WHERE l.shipment_id = $1 ORDER BY l.id"},
    [BLOCKS] = {"order_blocks",
                "SELECT k.kind, k.reason, p.name, k.at FROM block k JOIN person p ON p.id = k.person_id "
                "WHERE k.shipment_id = $1 AND k.cleared_at IS NULL ORDER BY k.at"},
    [EVENTS] = {"order_events",
                "SELECT j.at, j.event, COALESCE(p.name, ''), COALESCE(st.name, ''), j.to_state, j.code, j.event_key, j.machine FROM "
                "journal j "
                "LEFT JOIN person p ON p.id = j.person_id LEFT JOIN station st ON st.id = j.station_id "
                "WHERE j.shipment_id = $1 ORDER BY j.at DESC, j.sequence DESC LIMIT 200"},
};

static void read_head(struct rows *rows, void *data)
{
    struct order_view *view = data;
    view->version = rows_int(rows, 0);
    view->cut_off_at = rows_int(rows, 1);
    view->cod_minor = rows_int(rows, 2);
    view->ordered_at = rows_int(rows, 3);
    ROWS_COPY(view->order, rows, 4);
    ROWS_COPY(view->shop, rows, 5);
    ROWS_COPY(view->courier, rows, 6);
    ROWS_COPY(view->service, rows, 7);
    ROWS_COPY(view->batch, rows, 8);
    ROWS_COPY(view->person, rows, 9);
    ROWS_COPY(view->currency, rows, 10);
    ROWS_COPY(view->recipient, rows, 11);
    ROWS_COPY(view->phone_tail, rows, 12);
    g_snprintf(view->district, sizeof view->district, "%s%s", rows_text(rows, 13), rows_text(rows, 14));
    if (rows_text(rows, 15)[0])
        g_snprintf(view->store, sizeof view->store, "%s %s", rows_text(rows, 15), rows_text(rows, 16));
    ROWS_COPY(view->buyer_note, rows, 17);
    ROWS_COPY(view->seller_remark, rows, 18);
    view->state = flow_state_parse(rows_text(rows, 19));
    ROWS_COPY(view->waybill, rows, 20);
    ROWS_COPY(view->waybill_state, rows, 21);
}

static void read_line(struct rows *rows, void *data)
{
    struct order_view *view = data;
    if (view->line_count == ORDER_LINES) {
        view->lines_more++;
        return;
    }
    struct order_line *line = &view->lines[view->line_count++];
    ROWS_COPY(line->sku, rows, 0);
    ROWS_COPY(line->name, rows, 1);
    ROWS_COPY(line->bin, rows, 2);
    line->state = flow_state_parse(rows_text(rows, 3));
    line->quantity = rows_int(rows, 4);
    line->picked = rows_int(rows, 5);
    line->packed = rows_int(rows, 6);
    line->id = rows_int(rows, 7);
}

static void read_block(struct rows *rows, void *data)
{
    struct order_view *view = data;
    if (view->block_count == ORDER_BLOCKS)
        return;
    struct order_block *block = &view->blocks[view->block_count++];
    block->kind = flow_block_parse(rows_text(rows, 0));
    ROWS_COPY(block->reason, rows, 1);
    ROWS_COPY(block->person, rows, 2);
    block->at = rows_int(rows, 3);
}

static void read_event(struct rows *rows, void *data)
{
    struct order_view *view = data;
    int64_t key = rows_int(rows, 6);
    struct order_event *event = view->event_count ? &view->events[view->event_count - 1] : NULL;
    gboolean again = event && event->key == key;
    if (again ? strcmp(rows_text(rows, 7), "shipment") != 0 : view->event_count == ORDER_EVENTS)
        return;
    if (!again)
        event = &view->events[view->event_count++];
    event->key = key;
    event->at = rows_int(rows, 0);
    event->kind = flow_event_parse(rows_text(rows, 1));
    ROWS_COPY(event->person, rows, 2);
    ROWS_COPY(event->station, rows, 3);
    event->to = flow_state_parse(rows_text(rows, 4));
    event->code = (enum err)rows_int(rows, 5);
}

static gboolean each(struct db *db, int statement, struct order_view *view, rows_fn read, GError **error)
{
    return rows_each(db_query(db, &SQL[statement], DB_ARGS(db_int(view->shipment_id)), error), read, view, error);
}

int order_view_load(struct site *site, int64_t shipment_id, struct order_view *view, GError **error)
{
    memset(view, 0, sizeof *view);
    view->shipment_id = shipment_id;
    int found = rows_first(db_query(site->db, &SQL[HEAD], DB_ARGS(db_int(shipment_id)), error), read_head, view, error);
    if (found <= 0)
        return found;
    gboolean done = each(site->db, LINES, view, read_line, error) &&
                    each(site->db, BLOCKS, view, read_block, error) &&
                    each(site->db, EVENTS, view, read_event, error);
    return done ? 1 : -1;
}

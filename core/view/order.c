/* SPDX-License-Identifier: MIT */
#include "core/view/order.h"

#include <string.h>

#include "core/db/rows.h"
#include "core/site/site.h"

#define LAST_WAYBILL(column)                                                                                           \
    "COALESCE((SELECT w." column " FROM parcel c JOIN waybill w ON w.parcel_id = c.id AND w.generation = c.generation " \
    "WHERE c.shipment_id = s.id AND w.state <> 'void' ORDER BY c.number DESC LIMIT 1), '')"
#define OPEN_BIN                                                                                                       \
    "COALESCE((SELECT MIN(c.code) FROM pick_task t JOIN location c ON c.id = t.location_id "                           \
    "WHERE t.line_id = l.id AND t.open = 1), '')"

#define HEAD(COLUMN, PARSED)                                                                                           \
    COLUMN("o.ordered_at, ", ordered_at)                                                                               \
    COLUMN("COALESCE(p.name, ''), ", person)                                                                           \
    COLUMN("r.phone_tail, ", phone_tail)                                                                               \
    COLUMN(LAST_WAYBILL("number") ", ", waybill)                                                                       \
    COLUMN(LAST_WAYBILL("state"), waybill_state)

#define LINES(COLUMN, PARSED)                                                                                          \
    COLUMN("l.id, ", id)                                                                                               \
    COLUMN("d.sku, ", sku)                                                                                             \
    COLUMN("d.name, ", name)                                                                                           \
    COLUMN(OPEN_BIN ", ", bin)                                                                                         \
    PARSED("l.state, ", state, flow_state_parse)                                                                       \
    COLUMN("l.quantity, ", quantity)                                                                                   \
    COLUMN("l.picked, ", picked)                                                                                       \
    COLUMN("l.packed", packed)

#define BLOCKS(COLUMN, PARSED)                                                                                         \
    PARSED("k.kind, ", kind, flow_block_parse)                                                                         \
    COLUMN("k.reason, ", reason)                                                                                       \
    COLUMN("p.name, ", person)                                                                                         \
    COLUMN("k.at", at)

ROWS_READER(read_head, struct order_view, HEAD)
ROWS_READER(take_line, struct order_line, LINES)
ROWS_READER(take_block, struct order_block, BLOCKS)

enum { SQL_HEAD, SQL_LINES, SQL_BLOCKS, SQL_EVENTS };

static const struct sql SQL[] = {
    [SQL_HEAD] = {"order_head", "SELECT " COLUMNS_OF(HEAD) " FROM shipment s JOIN sales_order o ON o.id = s.order_id "
                                "JOIN recipient r ON r.id = s.recipient_id LEFT JOIN person p ON p.id = s.person_id "
                                "WHERE s.id = $1"},
    [SQL_LINES] = {"order_lines", "SELECT " COLUMNS_OF(LINES) " FROM shipment_line l "
                                  "JOIN product d ON d.id = l.product_id WHERE l.shipment_id = $1 ORDER BY l.id"},
    [SQL_BLOCKS] = {"order_blocks", "SELECT " COLUMNS_OF(BLOCKS) " FROM block k JOIN person p ON p.id = k.person_id "
                                    "WHERE k.shipment_id = $1 AND k.cleared_at IS NULL ORDER BY k.at"},
    [SQL_EVENTS] = {"order_events", "SELECT j.at, j.event, COALESCE(p.name, ''), COALESCE(st.name, ''), j.to_state, "
                                    "j.code, j.event_key, j.machine FROM journal j LEFT JOIN person p ON p.id = j.person_id "
                                    "LEFT JOIN station st ON st.id = j.station_id WHERE j.shipment_id = $1 "
                                    "AND j.event NOT LIKE 'job-%' AND j.event <> 'shipment-make' ORDER BY j.at DESC, j.sequence DESC LIMIT 200"},
};

static void read_line(struct rows *rows, void *data)
{
    struct order_view *view = data;
    if (view->line_count == ORDER_LINES)
        view->lines_more++;
    else
        take_line(rows, &view->lines[view->line_count++]);
}

static void read_block(struct rows *rows, void *data)
{
    struct order_view *view = data;
    if (view->block_count < ORDER_BLOCKS)
        take_block(rows, &view->blocks[view->block_count++]);
}

/* One event has one row here, of its shipment where it moved that. */
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
    return rows_each(db_query(db, &SQL[statement], DB_ARGS(view->ship.id), error), read, view, error);
}

int order_view_load(struct site *site, int64_t shipment_id, struct order_view *view, GError **error)
{
    memset(view, 0, sizeof *view);
    int found = shipment_facts_load(site->db, shipment_id, &view->ship, error);
    if (found <= 0)
        return found;
    gboolean done =
        each(site->db, SQL_HEAD, view, read_head, error) && each(site->db, SQL_LINES, view, read_line, error) &&
        each(site->db, SQL_BLOCKS, view, read_block, error) && each(site->db, SQL_EVENTS, view, read_event, error);
    return done ? 1 : -1;
}

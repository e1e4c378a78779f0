/* SPDX-License-Identifier: MIT
 *
 * What is expected at a bench: the codes of the open order's products and the lines that want a piece, read once an order. A
 * scan of one of them is not looked up: the event that comes of it is judged, and stored against the versions, as any
 * other. Whatever else is scanned or done goes the long way.
 */
#include <string.h>

#include "core/base/clean.h"
#include "core/station/inner.h"

enum { CODES_MAX = 200 };

#define EXPECTED(COLUMN, PARSED)                                                                                       \
    COLUMN("c.code, ", code)                                                                                           \
    COLUMN("p.sku, ", sku)                                                                                             \
    COLUMN("c.quantity, ", quantity)                                                                                   \
    COLUMN("p.id, ", product_id)                                                                                       \
    COLUMN("l.id, ", line_id)                                                                                          \
    COLUMN("l.picked, ", picked)                                                                                       \
    COLUMN("l.packed, ", packed)                                                                                       \
    COLUMN("l.quantity", wanted)

ROWS_READER(read_expected, struct expected, EXPECTED)

/* A code that is a lot's or another product's as well is a question, and not for here; nor are goods by lots. */
static const struct inquiry CODES = {
    {"station_expected", "SELECT " COLUMNS_OF(EXPECTED) " FROM shipment_line l JOIN product p ON p.id = l.product_id "
                         "JOIN product_code c ON c.product_id = p.id WHERE l.shipment_id = $1 AND l.state <> 'cancelled' "
                         "AND p.active = 1 AND NOT EXISTS (SELECT 1 FROM lot x WHERE x.product_id = p.id) "
                         "AND NOT EXISTS (SELECT 1 FROM lot x WHERE x.code = c.code) AND NOT EXISTS (SELECT 1 FROM product x "
                         "WHERE x.warehouse_id = p.warehouse_id AND x.sku = c.code AND x.id <> p.id) ORDER BY l.id LIMIT $2"},
    sizeof(struct expected), read_expected};

void expected_ask(struct station *station)
{
    if (station->expected_of != station->work.shipment_id)
        station_ask(station, &CODES, DB_ARGS(station->work.shipment_id, (int64_t)CODES_MAX));
}

void expected_take(struct station *station)
{
    int64_t shipment_id = station->work.shipment_id;
    if (station->expected_of == shipment_id)
        return;
    const GArray *codes = station_answers(station, &CODES, DB_ARGS(shipment_id, (int64_t)CODES_MAX), NULL);
    g_array_set_size(station->expected, 0);
    if (codes)
        g_array_append_vals(station->expected, codes->data, codes->len);
    station->expected_of = codes ? shipment_id : 0;
}

const struct expected *expected_find(const struct station *station, const struct scan *scan)
{
    gboolean plain = scan->flags & SCAN_PLAIN && !(scan->flags & (SCAN_CODE | SCAN_GS1));
    if (!plain || station->work.shipment_id == 0 || station->expected_of != station->work.shipment_id)
        return NULL;
    for (guint i = 0; i < station->expected->len; i++) {
        const struct expected *one = &g_array_index(station->expected, struct expected, i);
        if (strcmp(one->code, scan->text) == 0 && one->packed + one->quantity <= one->picked)
            return one;
    }
    return NULL;
}

/* A line may have several codes. */
void expected_count(struct station *station, const struct event *event, const struct outcome *outcome)
{
    gboolean counts = event->kind == EV_PACK || event->kind == EV_UNPACK;
    if (!counts || outcome->verdict != VERDICT_DONE || outcome->repeated || event->shipment_id != station->expected_of)
        station->expected_of = 0;
    for (guint i = 0; i < station->expected->len; i++) {
        struct expected *one = &g_array_index(station->expected, struct expected, i);
        if (one->line_id == event->line_id)
            one->packed += event->kind == EV_PACK ? event->quantity : -event->quantity;
    }
}

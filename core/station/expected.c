/* SPDX-License-Identifier: MIT
 *
 * What is expected: at a bench the codes of the open order's products and the lines that want a piece, read once an order,
 * and the label of a box that is closed; on a walk the codes of the product that the picker stands at. A scan of one of them is
 * not looked up: the event that comes of it is judged, and stored against the versions, as any other. Whatever else is
 * scanned or done goes the long way.
 */
#include <string.h>

#include "core/apply/apply.h"
#include "core/base/clean.h"
#include "core/flow/progress.h"
#include "core/station/inner.h"

enum { CODES_MAX = 2000 };

/* A code of the open order, and the line that takes its pieces. */
struct expected {
    char code[72], sku[72];
    int64_t quantity; /* pieces the code counts */
    int64_t product_id, line_id;
};

#define EXPECTED(COLUMN, PARSED)                                                                                       \
    COLUMN("c.code, ", code)                                                                                           \
    COLUMN("p.sku, ", sku)                                                                                             \
    COLUMN("c.quantity, ", quantity)                                                                                   \
    COLUMN("p.id, ", product_id)                                                                                       \
    COLUMN("l.id", line_id)

ROWS_READER(read_expected, struct expected, EXPECTED)

/* A code that is a lot's or another product's as well is a question, and not for here; nor are goods by lots. */
#define CODES_OF(lines)                                                                                                \
    "SELECT " COLUMNS_OF(EXPECTED) " FROM " lines " JOIN product p ON p.id = l.product_id "                            \
    "JOIN product_code c ON c.product_id = p.id WHERE p.active = 1 "                                                   \
    "AND NOT EXISTS (SELECT 1 FROM lot x WHERE x.product_id = p.id) "                                                  \
    "AND NOT EXISTS (SELECT 1 FROM lot x WHERE x.code = c.code) AND NOT EXISTS (SELECT 1 FROM product x "              \
    "WHERE x.warehouse_id = p.warehouse_id AND x.sku = c.code AND x.id <> p.id) AND "

static const struct inquiry CODES = {
    {"station_expected", CODES_OF("shipment_line l") "l.shipment_id = $1 AND l.state <> 'cancelled' ORDER BY l.id LIMIT $2"},
    sizeof(struct expected), read_expected};
/* Here the product stands for its line. */
static const struct inquiry CODES_OF_PRODUCT = {
    {"station_expected_of_product", CODES_OF("(SELECT id, id AS product_id FROM product) l") "l.id = $1 LIMIT $2"},
    sizeof(struct expected), read_expected};

GArray *expected_new(void)
{
    return g_array_new(FALSE, FALSE, sizeof(struct expected));
}

/* What the codes are of: at a bench the shipment, on a walk the line's product; 0: nothing. */
static int64_t subject(const struct station *station, const struct inquiry **codes)
{
    gboolean walks = station->work.step == STEP_PICK, packs = station->work.step == STEP_PACK;
    *codes = walks ? &CODES_OF_PRODUCT : &CODES;
    if (walks)
        return station->stand.task_id ? station->stand.product_id : 0;
    return packs ? station->work.shipment_id : 0;
}

/* The goods of a walk may be the same for long. */
void expected_ask(struct station *station)
{
    const struct inquiry *codes;
    int64_t id = subject(station, &codes);
    if (id && (station->expected_of != id || codes == &CODES_OF_PRODUCT))
        station_ask(station, codes, DB_ARGS(id, (int64_t)CODES_MAX));
}

void expected_take(struct station *station)
{
    const struct inquiry *which;
    int64_t id = subject(station, &which);
    gboolean can_ask = db_engine_of(station->site->db) == DB_SQLITE && station->expected_of != id;
    if (!id || !(station_has_asked(station, which) || can_ask))
        return;
    const GArray *codes = station_answers(station, which, DB_ARGS(id, (int64_t)CODES_MAX), NULL);
    g_array_set_size(station->expected, 0);
    if (codes)
        g_array_append_vals(station->expected, codes->data, codes->len);
    station->expected_of = codes ? id : 0;
}

static gboolean is_plain(const struct scan *scan)
{
    return scan->flags & SCAN_PLAIN && !(scan->flags & (SCAN_CODE | SCAN_GS1));
}

static void become_product(struct thing *thing, const struct expected *one)
{
    *thing = (struct thing){.kind = THING_PRODUCT, .id = one->product_id, .line_id = one->line_id, .quantity = one->quantity};
    clean_copy(thing->name, sizeof thing->name, one->sku);
}

/* A line may have several codes, and a product several lines. */
static gboolean find_product(const struct station *station, const struct dossier *dossier, const char *text, struct thing *thing)
{
    for (guint i = 0; i < station->expected->len; i++) {
        const struct expected *one = &g_array_index(station->expected, struct expected, i);
        struct progress_line line;
        if (strcmp(one->code, text) != 0 || !progress_line(dossier, one->line_id, &line) ||
            line.packed + one->quantity > line.picked)
            continue;
        become_product(thing, one);
        return TRUE;
    }
    return FALSE;
}

static gboolean find_label(const struct dossier *dossier, int64_t shipment_id, const char *text, struct thing *thing)
{
    *thing = (struct thing){.kind = THING_WAYBILL, .id = progress_awaits(dossier, shipment_id, text)};
    clean_copy(thing->name, sizeof thing->name, text);
    return thing->id != 0;
}

/* A picker stands at the bin of the line, and its goods go where they are known to go. */
static gboolean find_pick(const struct station *station, const char *text, struct thing *thing)
{
    const struct pick_at *stand = &station->stand;
    const struct work *work = &station->work;
    gboolean stands = stand->task_id && station->expected_of == stand->product_id && work->bin_id == stand->location_id &&
                      !work->paper && !work->tote_owed;
    for (guint i = 0; stands && i < station->expected->len; i++) {
        const struct expected *one = &g_array_index(station->expected, struct expected, i);
        if (strcmp(one->code, text) != 0)
            continue;
        become_product(thing, one);
        return TRUE;
    }
    return FALSE;
}

gboolean expected_find(const struct station *station, const struct scan *scan, struct thing *thing)
{
    int64_t shipment_id = station->work.shipment_id;
    if (!is_plain(scan))
        return FALSE;
    if (station->work.step == STEP_PICK)
        return find_pick(station, scan->text, thing);
    const struct dossier *dossier = bench_facts(station, shipment_id) ? flow_opened(station->site, shipment_id) : NULL;
    if (!dossier)
        return FALSE;
    if (station->work.step == STEP_LABEL)
        return find_label(dossier, shipment_id, scan->text, thing);
    return station->expected_of == shipment_id && find_product(station, dossier, scan->text, thing);
}

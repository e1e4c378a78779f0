/* SPDX-License-Identifier: MIT */
#include "core/station/resolve.h"

#include <string.h>

#include "core/base/clean.h"
#include "core/base/error.h"
#include "core/code/courier.h"
#include "core/code/scan.h"
#include "core/db/rows.h"
#include "core/flow/flow.h"
#include "core/site/site.h"

enum { ORDER_BY_ID, SHIPMENT_BY_ID, BATCH_BY_ID, PLACE_BY_ID, PERSON_BY_ID };
enum { ORDERS = PERSON_BY_ID + 1, BATCHES, PLACES, PRODUCTS, WAYBILLS, BADGES, LOTS };

/* Without statistics SQLite takes an index that begins with the warehouse for a good one, and reads all of it: a plus
 * keeps a term out of indexes, and what an index holds in between is named.
 *
 * The shipment an order's number means: the one still in work, else the latest. */
#define SHIPMENT_OF "FROM shipment s JOIN sales_order o ON o.id = s.order_id WHERE "
#define SHIPMENT_FIRST                                                                                                 \
    " ORDER BY CASE WHEN " SHIPMENT_IS_OPEN("s") " THEN 0 ELSE 1 END, s.id DESC LIMIT 1"

/* Columns of all: kind, id, quantity, name. */
static const struct sql SQL[] = {
    [ORDER_BY_ID] = {"resolve_order_id", "SELECT 1, s.id, 1, o.external_id " SHIPMENT_OF "s.order_id = $1" SHIPMENT_FIRST},
    [SHIPMENT_BY_ID] = {"resolve_shipment_id", "SELECT 1, s.id, 1, o.external_id " SHIPMENT_OF "s.id = $1"},
    [BATCH_BY_ID] = {"resolve_batch_id", "SELECT 2, id, 1, number FROM batch WHERE id = $1"},
    [PLACE_BY_ID] = {"resolve_place_id", "SELECT CASE WHEN kind = 'tote' THEN 4 ELSE 8 END, id, 1, code FROM location "
                                         "WHERE id = $1 AND kind IN ('tote', 'bin')"},
    [PERSON_BY_ID] = {"resolve_person_id", "SELECT 128, id, 1, name FROM person WHERE id = $1 AND active = 1"},
    [ORDERS] = {"resolve_orders", "SELECT 1, s.id, 1, o.external_id " SHIPMENT_OF
                                  "+o.warehouse_id = $1 AND o.external_id = $2" SHIPMENT_FIRST},
    [BATCHES] = {"resolve_batches", "SELECT 2, id, 1, number FROM batch WHERE warehouse_id = $1 "
                                    "AND owner_id IN (SELECT id FROM owner) AND number = $2"},
    [PLACES] = {"resolve_places", "SELECT CASE WHEN kind = 'tote' THEN 4 ELSE 8 END, id, 1, code FROM location "
                                  "WHERE warehouse_id = $1 AND code = $2 AND kind IN ('tote', 'bin') AND active = 1"},
    [PRODUCTS] = {"resolve_products",
                  "SELECT 16, p.id, c.quantity, p.sku FROM product_code c JOIN product p ON p.id = c.product_id "
                  "WHERE c.warehouse_id = $1 AND c.owner_id IN (SELECT id FROM owner) AND c.code = $2 "
                  "AND p.active = 1 UNION "
                  "SELECT 16, p.id, 1, p.sku FROM product p WHERE p.warehouse_id = $1 AND p.sku = $2 AND p.active = 1"},
    [WAYBILLS] = {"resolve_waybills", "SELECT 64, id, 1, number FROM waybill WHERE number = $2 AND warehouse_id = $1 "
                                      "AND state <> 'free'"},
    [BADGES] = {"resolve_badges",
                "SELECT 128, id, 1, name FROM person WHERE warehouse_id = $1 AND badge = $2 AND active = 1"},
    [LOTS] = {"resolve_lots", "SELECT 32, l.id, l.product_id, l.code FROM lot l JOIN product p ON p.id = l.product_id "
                              "WHERE +p.warehouse_id = $1 AND l.code = $2"},
};

static void read_thing(struct rows *rows, void *data)
{
    struct thing *thing = data;
    thing->kind = (enum thing_kind)rows_int(rows, 0);
    thing->id = rows_int(rows, 1);
    thing->quantity = rows_int(rows, 2);
    ROWS_COPY(thing->name, rows, 3);
    if (thing->kind == THING_LOT)
        thing->lot_id = thing->id;
}

static gboolean by_id(struct site *site, GArray *things, int sql, int64_t id, GError **error)
{
    return rows_append(db_query(site->db, &SQL[sql], DB_ARGS(id), error), things, read_thing, error);
}

static gboolean by_text(struct site *site, GArray *things, int sql, const char *text, GError **error)
{
    return rows_append(db_query(site->db, &SQL[sql], DB_ARGS(site->warehouse_id, text), error), things, read_thing,
                       error);
}

static gboolean internal(struct site *site, const struct code *code, GArray *things, GError **error)
{
    static const struct {
        enum code_kind kind;
        int sql;
    } TABLE[] = {{CODE_ORDER, ORDER_BY_ID}, {CODE_SHIPMENT, SHIPMENT_BY_ID}, {CODE_BATCH, BATCH_BY_ID},
                 {CODE_TOTE, PLACE_BY_ID},  {CODE_BIN, PLACE_BY_ID},         {CODE_PERSON, PERSON_BY_ID}};
    if (code->kind == CODE_COMMAND) {
        struct thing thing = {.kind = THING_COMMAND, .card = code->card};
        clean_copy(thing.name, sizeof thing.name, card_name(code->card));
        g_array_append_val(things, thing);
        return TRUE;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(TABLE); i++)
        if (TABLE[i].kind == code->kind)
            return by_id(site, things, TABLE[i].sql, code->id, error);
    return TRUE;
}

/* A GTIN may be kept with or without its leading zeros: EAN-13 as 13 digits, UPC-A as 12. */
static gboolean gtin(struct site *site, const char *digits, GArray *things, GError **error)
{
    for (int skip = 0; skip <= 2 && things->len == 0; skip++) {
        if (skip > 0 && digits[skip - 1] != '0')
            break;
        if (!by_text(site, things, PRODUCTS, digits + skip, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean elements(struct site *site, const struct gs1 *gs1, GArray *things, GError **error)
{
    if (gs1->sscc[0] && !by_text(site, things, WAYBILLS, gs1->sscc, error))
        return FALSE;
    if (gs1->gtin[0] && !gtin(site, gs1->gtin, things, error))
        return FALSE;
    g_autoptr(GArray) lots = g_array_new(FALSE, TRUE, sizeof(struct thing));
    if (gs1->lot[0] && !by_text(site, lots, LOTS, gs1->lot, error))
        return FALSE;
    for (guint i = 0; i < things->len; i++) {
        struct thing *thing = &g_array_index(things, struct thing, i);
        if (thing->kind != THING_PRODUCT)
            continue;
        if (gs1->count > 0)
            thing->quantity = gs1->count;
        for (guint k = 0; k < lots->len; k++)
            if (g_array_index(lots, struct thing, k).quantity == thing->id)
                thing->lot_id = g_array_index(lots, struct thing, k).id;
    }
    if (!gs1->gtin[0])
        g_array_append_vals(things, lots->data, lots->len);
    return TRUE;
}

/* A waybill number as it is stored may be less than what was scanned or typed: blanks of print, a postcode in front. */
static gboolean bare_numbers(struct site *site, const struct scan *scan, GArray *things, GError **error)
{
    const struct courier *couriers[SCAN_COURIERS_MAX];
    guint count = scan_couriers(scan, site->couriers, couriers);
    g_autofree char *last = g_strdup(scan->text);
    for (guint i = 0; i < count; i++) {
        char *bare = courier_bare_number(couriers[i], scan->text);
        gboolean known = strcmp(bare, last) == 0 || strcmp(bare, scan->text) == 0;
        g_free(last);
        last = bare;
        if (!known && !by_text(site, things, WAYBILLS, bare, error))
            return FALSE;
    }
    return TRUE;
}

/* The plain text as a name of the wanted kinds, or else of all the others. */
static gboolean names(struct site *site, const struct scan *scan, unsigned wanted, gboolean others, GArray *things,
                      GError **error)
{
    static const struct {
        unsigned kinds;
        int sql;
    } TABLE[] = {{THING_PRODUCT, PRODUCTS}, {THING_SHIPMENT, ORDERS}, {THING_WAYBILL, WAYBILLS},
                 {THING_TOTE | THING_BIN, PLACES}, {THING_BATCH, BATCHES}, {THING_LOT, LOTS}, {THING_PERSON, BADGES}};
    struct rows *asked[G_N_ELEMENTS(TABLE)] = {NULL};
    gboolean good = TRUE, waybills = FALSE;
    for (size_t i = 0; good && scan->flags & SCAN_PLAIN && i < G_N_ELEMENTS(TABLE); i++) {
        if (((TABLE[i].kinds & wanted) == 0) != others)
            continue;
        asked[i] = db_ask(site->db, &SQL[TABLE[i].sql], DB_ARGS(site->warehouse_id, scan->text), error);
        good = asked[i] != NULL;
        waybills = waybills || TABLE[i].sql == WAYBILLS;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(TABLE); i++) {
        good = good && (!asked[i] || rows_append(asked[i], things, read_thing, error));
        rows_close(asked[i]);
    }
    return good && (!waybills || bare_numbers(site, scan, things, error));
}

/* How many of the kinds there are, and the first of them. */
static int choose(const GArray *things, unsigned kinds, struct thing *thing)
{
    int found = 0;
    for (guint i = 0; i < things->len; i++) {
        const struct thing *each = &g_array_index(things, struct thing, i);
        if (each->kind & kinds && found++ == 0)
            *thing = *each;
    }
    return found;
}

int resolve_scan(struct site *site, const struct scan *scan, unsigned wanted, struct thing *thing, GError **error)
{
    g_autoptr(GArray) things = g_array_new(FALSE, TRUE, sizeof(struct thing));
    if ((scan->flags & SCAN_CODE && !internal(site, &scan->code, things, error)) ||
        (scan->flags & SCAN_GS1 && !elements(site, &scan->gs1, things, error)) ||
        !names(site, scan, wanted, FALSE, things, error))
        return -1;
    int found = choose(things, wanted, thing);
    if (found > 0)
        return found;
    return names(site, scan, wanted, TRUE, things, error) ? choose(things, ~0u, thing) : -1;
}

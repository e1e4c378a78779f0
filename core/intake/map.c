/* SPDX-License-Identifier: MIT */
#include "core/intake/map.h"

#include <string.h>

#include "core/act/act.h"
#include "core/act/allocate.h"
#include "core/base/error.h"
#include "core/db/rows.h"
#include "core/goods/product.h"
#include "core/intake/promise.h"
#include "core/intake/shop.h"
#include "core/site/record.h"
#include "core/site/site.h"
#include "core/table/value.h"

enum { UNMAPPED_LIST, IDENT_FIND, LISTING_MAP, PARTS_DELETE, WAITING_FOR };

static const struct sql SQL[] = {
    [UNMAPPED_LIST] = {"map_unmapped",
                       "SELECT l.id, s.code, l.shop_sku, l.title, l.variant, (SELECT COUNT(*) FROM shipment h "
                       "WHERE h.state = 'new' AND h.order_id {among:SELECT o.order_id FROM order_line o "
                       "WHERE o.listing_id = l.id AND o.cancelled_at IS NULL}) FROM listing l "
                       "JOIN shop s ON s.id = l.shop_id WHERE l.mapped_at IS NULL AND s.warehouse_id = $1 "
                       "AND s.owner_id = $2 AND (s.code = $3 OR $3 = '') ORDER BY s.code, l.id"},
    [IDENT_FIND] = {"map_ident", "SELECT id FROM listing WHERE shop_id = $1 AND ident = $2"},
    [LISTING_MAP] = {"map_listing", "UPDATE listing SET mapped_at = $2 WHERE id = $1"},
    [PARTS_DELETE] = {"map_parts_delete", "DELETE FROM listing_part WHERE listing_id = $1"},
    [WAITING_FOR] = {"map_waiting",
                     "SELECT DISTINCT s.id FROM order_line o JOIN shipment s ON s.order_id = o.order_id "
                     "WHERE o.listing_id = $1 AND o.cancelled_at IS NULL AND s.state = 'new' AND s.id > $2 "
                     "ORDER BY s.id LIMIT 200"},
};

static void unmapped_free(void *data)
{
    struct unmapped *row = data;
    g_free(row->shop);
    g_free(row->sku);
    g_free(row->title);
    g_free(row->variant);
    g_free(row);
}

static void add_unmapped(struct rows *rows, void *data)
{
    struct unmapped *row = g_new0(struct unmapped, 1);
    row->listing_id = rows_int(rows, 0);
    row->shop = g_strdup(rows_text(rows, 1));
    row->sku = g_strdup(rows_text(rows, 2));
    row->title = g_strdup(rows_text(rows, 3));
    row->variant = g_strdup(rows_text(rows, 4));
    row->orders = rows_int(rows, 5);
    g_ptr_array_add(data, row);
}

GPtrArray *map_list(struct site *site, const char *shop, GError **error)
{
    g_autoptr(GPtrArray) list = g_ptr_array_new_with_free_func(unmapped_free);
    struct rows *rows =
        db_query(site->db, &SQL[UNMAPPED_LIST], DB_ARGS(site->warehouse_id, site->owner_id, shop ? shop : ""), error);
    return rows_each(rows, add_unmapped, list, error) ? g_steal_pointer(&list) : NULL;
}

int64_t map_find(struct site *site, const char *code, const char *ident, GError **error)
{
    struct shop shop;
    int64_t id = 0;
    if (!shop_known(site, code, &shop, error))
        return 0;
    if (db_get_ints(site->db, &SQL[IDENT_FIND], DB_ARGS(shop.id, ident), &id, 1, error) == 0)
        err_set(error, ERR_LISTING_UNKNOWN, code, ident);
    return id;
}

#define PART_MAX 10000 /* pieces of one product in a listing */

gboolean map_parse_part(struct site *site, const char *text, struct listing_part *part, GError **error)
{
    const char *star = strrchr(text, '*');
    int64_t quantity = 1;
    gboolean counted = star && value_integer(star + 1, &quantity);
    g_autofree char *sku = counted ? g_strndup(text, (gsize)(star - text)) : g_strdup(text);
    int64_t id = product_find(site, sku, error);
    if (id > 0 && counted && (quantity < 1 || quantity > PART_MAX)) {
        err_set(error, ERR_FLOW_QUANTITY, star + 1, sku, G_STRINGIFY(PART_MAX));
        id = -1;
    }
    if (id == 0)
        err_set(error, ERR_PRODUCT_UNKNOWN, sku);
    *part = (struct listing_part){id, counted ? quantity : 1};
    return id > 0;
}

struct mapping {
    int64_t listing_id;
    const struct listing_part *parts;
    size_t count;
};

static gboolean write_parts(struct site *site, void *data, GError **error)
{
    const struct mapping *mapping = data;
    gboolean done =
        db_exec(site->db, &SQL[LISTING_MAP], DB_ARGS(mapping->listing_id, site_now(site)), NULL, error) &&
        db_exec(site->db, &SQL[PARTS_DELETE], DB_ARGS(mapping->listing_id), NULL, error);
    for (size_t i = 0; done && i < mapping->count; i++)
        done = listing_part_add(site, mapping->listing_id, &mapping->parts[i], error);
    return done;
}

static void read_waiting(struct rows *rows, void *data)
{
    *(struct event *)data = (struct event){.kind = EV_FILL, .shipment_id = rows_int(rows, 0)};
}

/* The shipments that wait for the listing, some at a time, by id. */
static gboolean fill_waiting(struct site *site, struct actor actor, int64_t listing_id, uint64_t *filled, GError **error)
{
    struct flow_tally tally = {0};
    gboolean done = TRUE, more = TRUE;
    for (int64_t after = 0; done && more;) {
        GArray *events = rows_list(db_query(site->db, &SQL[WAITING_FOR], DB_ARGS(listing_id, after), error),
                                   sizeof(struct event), read_waiting, error);
        more = events && events->len > 0;
        after = more ? g_array_index(events, struct event, events->len - 1).shipment_id : after;
        done = flow_do_all(site, actor, events, NULL, NULL, &tally, error);
    }
    *filled += tally.done;
    return done;
}

gboolean map_set(struct site *site, struct actor actor, int64_t listing_id, const struct listing_part *parts,
                 size_t count, struct map_result *result, GError **error)
{
    struct mapping mapping = {listing_id, parts, count};
    const struct record record = {.event = "listing-map", .subject_id = listing_id, .is_heard = TRUE, .said = SAID_LISTING};
    struct allocation allocation = {0};
    *result = (struct map_result){0};
    gboolean done = site_record(site, &actor, &record, write_parts, &mapping, error) &&
                    fill_waiting(site, actor, listing_id, &result->filled, error) &&
                    (!site_setting_int(site, "release_at_import", 1) ||
                     intake_release_waiting(site, actor, &allocation, error));
    result->released = allocation.released;
    return done;
}

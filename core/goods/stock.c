/* SPDX-License-Identifier: MIT */
#include "core/goods/stock.h"

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/db/rows.h"
#include "core/site/site.h"

enum { LEVEL, FREE };

#define KEY "warehouse_id = $1 AND owner_id = $2 AND product_id = $3 AND location_id = $4 AND lot_id = $5"

/* What of stock s can be promised on a day: it lies in a bin in use, has not expired, and the books are not doubted. */
#define LIES_FREE(day)                                                                                                 \
    "FROM stock s JOIN location l ON l.id = s.location_id LEFT JOIN lot ON lot.id = s.lot_id "                         \
    "WHERE s.warehouse_id = $1 AND s.owner_id = $2 AND s.on_hand > s.reserved AND l.kind = 'bin' AND l.active = 1 "     \
    "AND (lot.expires_on IS NULL OR lot.expires_on = 0 OR lot.expires_on >= " day ") "                                 \
    "AND NOT EXISTS (SELECT 1 FROM count_task c WHERE c.warehouse_id = s.warehouse_id "                                \
    "AND c.location_id = s.location_id AND c.product_id = s.product_id AND c.done_at IS NULL) "

static const struct sql SQL[] = {
    [LEVEL] = {"stock_level", "SELECT on_hand, reserved FROM stock WHERE " KEY},
    [FREE] = {"stock_free", "SELECT s.product_id, CAST(SUM(s.on_hand - s.reserved) AS BIGINT) " LIES_FREE("$3")
                            "GROUP BY s.product_id"},
};

gboolean stock_level(struct site *site, int64_t product_id, int64_t location_id, int64_t lot_id,
                     struct stock_level *level, GError **error)
{
    int64_t numbers[2] = {0, 0};
    int found = db_get_ints(site->db, &SQL[LEVEL],
                            DB_ARGS(site->warehouse_id, site->owner_id, product_id, location_id, lot_id), numbers, 2, error);
    *level = (struct stock_level){numbers[0], numbers[1]};
    return found >= 0;
}

static void add_free(struct rows *rows, void *data)
{
    int64_t *pair = g_new(int64_t, 2);
    pair[0] = rows_int(rows, 0);
    pair[1] = rows_int(rows, 1);
    g_hash_table_insert(data, pair, pair + 1);
}

GHashTable *stock_free(struct site *site, GError **error)
{
    g_autoptr(GHashTable) free_of = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    int today = clock_civil_date(site->zone, site_now(site));
    struct rows *rows = db_query(site->db, &SQL[FREE], DB_ARGS(site->warehouse_id, site->owner_id, today), error);
    return rows_each(rows, add_free, free_of, error) ? g_steal_pointer(&free_of) : NULL;
}

/* SPDX-License-Identifier: MIT */
#include "core/view/stock.h"

#include <string.h>

#include "core/db/rows.h"
#include "core/site/site.h"

enum { DAY_MS = 86400000 };

#define SUM(of, from) "CAST(COALESCE((SELECT SUM(" of ") FROM " from "), 0) AS BIGINT), "
#define HERE "s.warehouse_id = $1 AND s.owner_id = $2 AND s.product_id = p.id"
#define IN_BINS "stock s JOIN location l ON l.id = s.location_id WHERE " HERE " AND l.kind = 'bin'"

#define ROW(COLUMN, PARSED)                                                                                            \
    COLUMN("p.id, ", product_id)                                                                                       \
    COLUMN(SUM("s.on_hand", IN_BINS), on_hand)                                                                         \
    COLUMN(SUM("s.reserved", "stock s WHERE " HERE), reserved)                                                         \
    COLUMN(SUM("w.quantity - w.picked", "shipment_line w WHERE w.product_id = p.id AND w.state = 'open'"), wanted)     \
    COLUMN("p.safety_stock, ", safety_stock)                                                                           \
    COLUMN("p.expected_sales, ", expected_sales)                                                                       \
    COLUMN("p.sku, ", sku)                                                                                             \
    COLUMN("p.name", name)

ROWS_READER(take_row, struct stock_row, ROW)

enum { ROWS, SOLD };

static const struct sql SQL[] = {
    [ROWS] = {"stock_view_rows", "SELECT " COLUMNS_OF(ROW) " FROM product p WHERE p.warehouse_id = $1 "
                                 "AND p.owner_id = $2 AND p.active = 1 AND p.sku >= $3 AND (lower(p.sku) LIKE $4 ESCAPE '!' "
                                 "OR lower(p.name) LIKE $4 ESCAPE '!') ORDER BY p.sku LIMIT 101"},
    [SOLD] = {"stock_view_sold", "SELECT m.at, m.quantity FROM stock_move m WHERE m.product_id = $1 AND m.id >= $2 "
                                 "AND m.kind = 'outbound'"},
};

static gboolean load_sold(struct site *site, struct stock_row *row, GError **error)
{
    int64_t now = site_now(site), total = 0;
    struct rows *rows =
        db_query(site->db, &SQL[SOLD], DB_ARGS(row->product_id, id_floor(now - (int64_t)STOCK_DAYS * DAY_MS)), error);
    int more;
    while ((more = rows_next(rows, error)) > 0) {
        int64_t days_ago = (now - rows_int(rows, 0)) / DAY_MS;
        if (days_ago < 0 || days_ago >= STOCK_DAYS)
            continue;
        row->sold[STOCK_DAYS - 1 - days_ago] += rows_int(rows, 1);
        total += rows_int(rows, 1);
    }
    int64_t free_now = MAX(row->on_hand - row->reserved, 0);
    row->days_left = total > 0 ? (int)MIN(free_now * STOCK_DAYS / total, 999) : -1;
    return more == 0;
}

static void read_row(struct rows *rows, void *data)
{
    struct stock_view *view = data;
    view->more = view->count == STOCK_WINDOW;
    if (!view->more)
        take_row(rows, &view->rows[view->count++]);
}

struct stock_view *stock_view_load(struct site *site, const char *from, const char *search, GError **error)
{
    g_autofree struct stock_view *view = g_new0(struct stock_view, 1);
    g_autofree char *pattern = db_pattern(search);
    struct rows *rows =
        db_query(site->db, &SQL[ROWS], DB_ARGS(site->warehouse_id, site->owner_id, from, pattern), error);
    gboolean done = rows_each(rows, read_row, view, error);
    for (int i = 0; done && i < view->count; i++)
        done = load_sold(site, &view->rows[i], error);
    return done ? g_steal_pointer(&view) : NULL;
}

/* SPDX-License-Identifier: MIT
 *
 * Products with what is on hand, reserved and free, and what left a day, as the stock screen shows them: one
 * window, paged by SKU.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

struct site;

enum { STOCK_WINDOW = 100, STOCK_DAYS = 30 };

struct stock_row {
    int64_t product_id, on_hand, reserved, wanted, safety_stock, expected_sales;
    int64_t sold[STOCK_DAYS]; /* pieces that left a day, the last one is today */
    char sku[72], name[160];
    int days_left; /* of cover at the last 30 days' rate; -1 when nothing left the house */
};

struct stock_view {
    struct stock_row rows[STOCK_WINDOW];
    int count;
    gboolean more; /* after these */
};

/* Products whose SKU is at or after `from` in byte order and holds `search` ("" all) in SKU or name. All of one
 * moment inside of a db_snapshot(). NULL with *error on failure. Caller frees. */
struct stock_view *stock_view_load(struct site *site, const char *from, const char *search, GError **error);

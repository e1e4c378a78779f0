/* SPDX-License-Identifier: MIT
 *
 * core/goods: what lies where.
 *
 * The stock: what the ledger's moves add up to, place by place, and how much of it is reserved. Events move it
 * (core/flow/move.c); here it is looked at. Quantities are pieces.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

struct site;

/* What the books say of one place; zeroes where they say nothing. */
struct stock_level {
    int64_t on_hand, reserved;
};
gboolean stock_level(struct site *site, int64_t product_id, int64_t location_id, int64_t lot_id,
                     struct stock_level *level, GError **error);

/* Every product that can be promised today (it lies in a bin in use, has not expired, and no count task doubts the books),
 * and how many pieces of it: ids to int64_t. NULL with *error. */
GHashTable *stock_free(struct site *site, GError **error);

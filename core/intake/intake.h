/* SPDX-License-Identifier: MIT
 *
 * core/intake: a shop's file becomes orders.
 *
 * What an import of orders works with, and what it counts. Rows add up: read = accepted + changed + same + rejected.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/flow/flow.h"
#include "core/intake/draft.h"
#include "core/intake/listing.h"

struct import_orders;
struct site;
struct zip_table;

enum intake_fate { FATE_NEW, FATE_CHANGED, FATE_SAME, FATE_REJECTED, FATE_COUNT };

struct intake_tally {
    uint64_t rows_read;
    uint64_t rows[FATE_COUNT], orders[FATE_COUNT];
    uint64_t reject_rows[REJECT_COUNT], reject_orders[REJECT_COUNT]; /* by the order's first reason */
    GHashTable *document_orders;                                     /* kind -> count, as GUINT_TO_POINTER */
    uint64_t negative_rows;
    uint64_t lines, service_lines, unmapped_lines;
    uint64_t products_made;
    uint64_t blocks[BLOCK_COUNT]; /* by tally_block() */
    uint64_t released;
    uint64_t rounded, phones_lost, unreadable; /* orders with the draft's flags */
};

/* Where blocks of a kind are counted in blocks[]. */
static inline unsigned tally_block(enum block block)
{
    return (unsigned)g_bit_nth_lsf((gulong)block, -1);
}

/* An order the shop has changed, and what came of it. */
struct intake_change {
    const char *external_id;
    unsigned parts;      /* 1 << enum draft_part */
    const char *outcome; /* translated, one line; "" when only stored */
};

/* What stores drafts; who imports is the program itself. */
struct intake {
    struct site *site;
    const struct import_orders *import; /* what was asked for */
    const struct zip_table *zips;
    int64_t shop_id;
    const char *default_courier; /* of orders that name none; "" */
    gboolean has_addresses;      /* the file has a column for them: an order without one is stopped */
    struct listing_book book;
    struct intake_tally *tally;
    GHashTable *free_stock;      /* stock_free() before it began; NULL: nothing is released at import */
};

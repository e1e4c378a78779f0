/* SPDX-License-Identifier: MIT
 *
 * Listings: what a shop calls its goods, and the products each stands for. A listing is made when an order first names
 * it; one whose SKU is a product's SKU is mapped at once, others wait for a person (map.h). A book remembers the
 * listings of one shop during an import; its memory is bounded by the shop's catalogue, not by its orders.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

struct db;
struct draft_line;
struct site;

struct listing_part {
    int64_t product_id, quantity;
};

struct listing {
    int64_t id;
    gboolean mapped;
    GArray *parts;    /* struct listing_part, by product */
    uint64_t checked; /* the round it was last found unmapped in */
};

struct listing_book {
    struct site *site;
    int64_t shop_id;
    gboolean create_products;
    GHashTable *by_ident;
    uint64_t round;
    uint64_t products_made;
};

void listing_book_init(struct listing_book *book, struct site *site, int64_t shop_id, gboolean create_products);
void listing_book_clear(struct listing_book *book);

/* Begins a transaction: what was unmapped is asked for again, once. */
void listing_book_round(struct listing_book *book);

/* After a rollback: what was made in the transaction is not there any more. */
void listing_book_forget(struct listing_book *book);

/* The listing of a line, made when missing. Inside a transaction. Borrowed from the book. An unmapped one is locked
 * against being mapped until the transaction ends, so that no order is stored as unmapped behind the mapping's back. */
const struct listing *listing_get(struct listing_book *book, const struct draft_line *line, GError **error);

/* What the listing stands for, too; so many more of a product that it has already. Inside a transaction. */
gboolean listing_part_add(struct site *site, int64_t listing_id, const struct listing_part *part, GError **error);

/* Looks only: whether the line's listing is there and mapped. -1 failed. */
int listing_is_mapped(struct listing_book *book, const struct draft_line *line, GError **error);

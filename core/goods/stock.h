/* SPDX-License-Identifier: MIT
 *
 * core/goods: what lies where.
 *
 * The stock ledger and its cache. A move has two ends; an end outside the house (supplier, customer, loss) has no
 * cached stock. Everything here runs inside the caller's transaction, which has locked the products it moves
 * (db_advisory_lock()). Quantities are pieces, above 0.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

struct site;

struct stock_move {
    int64_t product_id, lot_id, quantity, from_id, to_id;
    gboolean was_reserved;  /* the goods leave a bin where a pick task had reserved them */
    gboolean reserve_again; /* the goods go back to a bin and are reserved there for the task they were picked for */
    const char *kind;       /* as in table stock_move */
    const char *reason;     /* "" or NULL: none */
    int64_t shipment_id, person_id, event_key;
};

/* Writes the ledger row and moves the cache. ERR_STOCK_NEGATIVE when the books have not that many free. */
gboolean stock_move(struct site *site, const struct stock_move *move, GError **error);

/* One place where a product lies free. */
struct stock_place {
    int64_t location_id, lot_id, free;
};

/* Where a product lies free in bins: first expiring first, then in walk order. Expired lots and bins with an open count
 * task for the product are left out. Caller frees the array of struct stock_place. NULL with *error on failure. */
GArray *stock_places(struct site *site, int64_t product_id, GError **error);

/* What the books say of one place; zeroes where they say nothing. */
struct stock_level {
    int64_t on_hand, reserved;
};
gboolean stock_level(struct site *site, int64_t product_id, int64_t location_id, int64_t lot_id,
                     struct stock_level *level, GError **error);

/* Every product that lies free at such places, and how many pieces of it: ids to int64_t. NULL with *error. */
GHashTable *stock_free(struct site *site, GError **error);

gboolean stock_reserve(struct site *site, int64_t product_id, const struct stock_place *place, int64_t quantity,
                       GError **error);
gboolean stock_unreserve(struct site *site, int64_t product_id, int64_t location_id, int64_t lot_id, int64_t quantity,
                         GError **error);

/* What of a shipment's goods lies where inside the house now: struct stock_held rows, by location. */
struct stock_held {
    int64_t product_id, lot_id, location_id, quantity;
};
GArray *stock_held_for(struct site *site, int64_t shipment_id, GError **error);

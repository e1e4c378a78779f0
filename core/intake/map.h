/* SPDX-License-Identifier: MIT
 *
 * Mapping listings to products. A listing is mapped once; every order that waits for it gets its lines, and those that
 * wait for nothing else are released. Mapping again holds for orders that come later.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/intake/listing.h"
#include "core/site/actor.h"

struct site;

struct unmapped {
    int64_t listing_id;
    char *shop, *sku, *title, *variant;
    int64_t orders; /* that wait for it */
};

/* All listings that wait, by shop and age; shop NULL: of every shop. GPtrArray of struct unmapped, freed with it. NULL
 * with *error. */
GPtrArray *map_list(struct site *site, const char *shop, GError **error);

/* The listing a shop's SKU (or "~title|variant") stands for. 0 with ERR_SHOP_UNKNOWN or ERR_LISTING_UNKNOWN. */
int64_t map_find(struct site *site, const char *shop, const char *ident, GError **error);

struct map_result {
    uint64_t filled;   /* orders that got lines by it */
    uint64_t released; /* of them and others that could go on */
};

/* Maps it. Not inside a transaction. */
gboolean map_set(struct site *site, struct actor actor, int64_t listing_id, const struct listing_part *parts,
                 size_t count, struct map_result *result, GError **error);

/* "SKU" or "SKU*3" as a part. ERR_PRODUCT_UNKNOWN. */
gboolean map_parse_part(struct site *site, const char *text, struct listing_part *part, GError **error);

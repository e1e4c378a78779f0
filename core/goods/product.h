/* SPDX-License-Identifier: MIT
 *
 * Products and the codes they are scanned by. Everything here runs inside the caller's transaction. SKUs and codes are
 * compared byte for byte.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

struct site;

struct product {
    int64_t id;
    const char *sku, *name; /* borrowed */
    int64_t weight_g, safety_stock, expected_sales;
    gboolean has_lots;
};

/* The product's id; 0: there is none; -1: failed, *error set. */
int64_t product_find(struct site *site, const char *sku, GError **error);

/* Adds it, and its SKU as a code that counts one. The id; 0 with *error on failure. */
int64_t product_add(struct site *site, const struct product *product, GError **error);

/* Writes everything but the SKU anew. */
gboolean product_update(struct site *site, const struct product *product, GError **error);

/* A code that counts quantity pieces. ERR_PRODUCT_CODE_TAKEN when it is another product's, or begins like packline's
 * own codes. */
gboolean product_code_set(struct site *site, int64_t product_id, const char *code, int64_t quantity, GError **error);

/* A lot of a product: its id; 0: there is none; -1: failed, *error set. */
int64_t product_lot_find(struct site *site, int64_t product_id, const char *code, GError **error);

/* The lot of a product, made when missing; expires_on is a civil date, 0: does not expire. 0 with *error on failure. */
int64_t product_lot(struct site *site, int64_t product_id, const char *code, int expires_on, GError **error);

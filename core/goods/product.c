/* SPDX-License-Identifier: MIT */
#include "core/goods/product.h"

#include "core/base/error.h"
#include "core/db/db.h"
#include "core/site/said.h"
#include "core/site/site.h"

enum { PRODUCT_FIND, PRODUCT_INSERT, PRODUCT_UPDATE, CODE_INSERT, LOT_FIND, LOT_INSERT };

static const struct sql SQL[] = {
    [PRODUCT_FIND] = {"product_find", "SELECT id FROM product WHERE warehouse_id = $1 AND owner_id = $2 AND sku = $3"},
    [PRODUCT_INSERT] = {"product_insert",
                        "INSERT INTO product (id, warehouse_id, owner_id, sku, name, weight_g, has_lots, safety_stock, "
                        "expected_sales) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)"},
    [PRODUCT_UPDATE] = {"product_update",
                        "UPDATE product SET name = $2, weight_g = $3, has_lots = $4, safety_stock = $5, "
                        "expected_sales = $6, active = 1 WHERE id = $1"},
    [CODE_INSERT] = {"product_code_insert",
                     "INSERT INTO product_code (warehouse_id, owner_id, code, product_id, quantity) "
                     "VALUES ($1, $2, $3, $4, $5) ON CONFLICT (warehouse_id, owner_id, code) DO UPDATE SET "
                     "quantity = excluded.quantity WHERE product_code.product_id = excluded.product_id"},
    [LOT_FIND] = {"lot_find", "SELECT id FROM lot WHERE product_id = $1 AND code = $2"},
    [LOT_INSERT] = {"lot_insert", "INSERT INTO lot (id, product_id, code, expires_on) VALUES ($1, $2, $3, $4) "
                                  "ON CONFLICT (product_id, code) DO NOTHING"},
};

int64_t product_find(struct site *site, const char *sku, GError **error)
{
    int64_t id = 0;
    int found =
        db_get_ints(site->db, &SQL[PRODUCT_FIND], DB_ARGS(site->warehouse_id, site->owner_id, sku), &id, 1, error);
    return found < 0 ? -1 : id;
}

int64_t product_add(struct site *site, const struct product *product, GError **error)
{
    int64_t id = site_id(site);
    said_note(site, SAID_PRODUCT, id);
    if (!db_exec(site->db, &SQL[PRODUCT_INSERT],
                 DB_ARGS(id, site->warehouse_id, site->owner_id, product->sku, product->name, product->weight_g,
                         product->has_lots ? 1 : 0, product->safety_stock, product->expected_sales),
                 NULL, error) ||
        !product_code_set(site, id, product->sku, 1, error))
        return 0;
    return id;
}

gboolean product_update(struct site *site, const struct product *product, GError **error)
{
    said_note(site, SAID_PRODUCT, product->id);
    return db_exec(site->db, &SQL[PRODUCT_UPDATE],
                   DB_ARGS(product->id, product->name, product->weight_g, product->has_lots ? 1 : 0,
                           product->safety_stock, product->expected_sales),
                   NULL, error);
}

gboolean product_code_set(struct site *site, int64_t product_id, const char *code, int64_t quantity, GError **error)
{
    int64_t written = 0;
    if (g_str_has_prefix(code, "//"))
        return err_set(error, ERR_PRODUCT_CODE_TAKEN, code);
    if (!db_exec(site->db, &SQL[CODE_INSERT], DB_ARGS(site->warehouse_id, site->owner_id, code, product_id, quantity),
                 &written, error))
        return FALSE;
    said_note(site, SAID_CODES, product_id);
    if (written == 0) /* it is another product's */
        err_set(error, ERR_PRODUCT_CODE_TAKEN, code);
    return written > 0;
}

int64_t product_lot_find(struct site *site, int64_t product_id, const char *code, GError **error)
{
    int64_t id = 0;
    return db_get_ints(site->db, &SQL[LOT_FIND], DB_ARGS(product_id, code), &id, 1, error) < 0 ? -1 : id;
}

int64_t product_lot(struct site *site, int64_t product_id, const char *code, int expires_on, GError **error)
{
    int64_t made = 0;
    if (!db_exec(site->db, &SQL[LOT_INSERT], DB_ARGS(site_id(site), product_id, code, expires_on), &made, error))
        return 0;
    int64_t id = product_lot_find(site, product_id, code, error);
    if (made)
        said_note(site, SAID_LOT, id);
    return MAX(id, 0);
}

/* SPDX-License-Identifier: MIT
 *
 * Imports of products, stock and number ranges: plain tables with the columns named here (English or Chinese, any
 * order, CSV or TSV, encodings as for orders). A row is a transaction of its own; a file that comes again adds nothing;
 * what a file has no column for stays as it is.
 *
 *     products  sku* name* code case_code case_quantity weight_g lots safety_stock expected_sales
 *     stock     sku* bin* quantity* walk_order lot expires_on      the counted level, not a difference
 *     ranges    courier* prefix first last kind low_mark           or: courier* number* kind, for issued lists
 */
#pragma once

#include <glib.h>

#include "core/intake/intake.h"

struct report;
struct site;

enum goods_kind { GOODS_PRODUCTS, GOODS_STOCK, GOODS_RANGES, GOODS_KIND_COUNT };

/* "products"; GOODS_KIND_COUNT when unknown. */
enum goods_kind goods_kind_parse(const char *name);

struct goods_import {
    enum goods_kind kind;
    const char *path;
    gboolean dry_run; /* judges rows by what is stored: not by rows far above them in the file */
    struct report *report; /* rejected rows; may be NULL */
    void (*on_progress)(uint64_t rows, uint64_t total, void *data); /* may be NULL */
    void *data;
};

/* Fills rows_read and rows[] of the tally; after stock, released counts the orders that could go on. FALSE with *error
 * when the file or the database can't be used. */
gboolean goods_import(struct site *site, const struct goods_import *import, struct intake_tally *tally, GError **error);

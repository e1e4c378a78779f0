/* SPDX-License-Identifier: MIT
 *
 * Shops, and the files that were imported for them.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

struct intake_tally;
struct site;
struct source;

struct shop {
    int64_t id; /* 0: there is none */
    char format[48];
};

/* By its code. FALSE only on failure; shop->id is 0 when there is none. */
gboolean shop_find(struct site *site, const char *code, struct shop *shop, GError **error);

/* The same, and it must be there: ERR_SHOP_UNKNOWN. */
gboolean shop_known(struct site *site, const char *code, struct shop *shop, GError **error);

/* Makes it. ERR_SHOP_NAME for a code that is none. In a transaction of its own. */
gboolean shop_make(struct site *site, const char *code, const char *format, struct shop *shop, GError **error);

/* The file, in one of the encodings or, with NULL, of those in use here. max_mb holds where the site has set none. */
struct source *import_open(const struct site *site, const char *path, char *const *encodings, int max_mb,
                           GError **error);

/* The row of a file's import. kind: "orders", "products", "stock", "ranges"; digest is the file's. */
int64_t import_begin(struct site *site, int64_t shop_id, const char *kind, const char *digest, GError **error);
gboolean import_end(struct site *site, int64_t import_id, const struct intake_tally *tally, GError **error);

/* SPDX-License-Identifier: MIT
 *
 * The import of a shop's order file from its beginning to its end: reading, storing, releasing, counting.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/intake/intake.h"

struct report;
struct site;

struct import_orders {
    const char *path;
    const char *shop;      /* code; made when missing */
    const char *format;    /* NULL: the shop's, else recognised by the header */
    gboolean dry_run;
    gboolean create_products;
    struct report *report; /* rejected rows; may be NULL */
    void (*on_change)(const struct intake_change *change, void *data);   /* may be NULL */
    void (*on_progress)(uint64_t rows, uint64_t total, void *data);      /* once a chunk; may be NULL */
    void *data;
};

struct import_result {
    struct intake_tally tally;
    char format[48], encoding[16];
    uint64_t bad_bytes;
    int64_t took_ms;
};

/* FALSE with *error when the file or the database can't be read or used; result holds what was done so far and must be
 * cleared all the same. */
gboolean import_orders(struct site *site, const struct import_orders *import, struct import_result *result,
                       GError **error);
void import_result_clear(struct import_result *result);

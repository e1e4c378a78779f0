/* SPDX-License-Identifier: MIT
 *
 * What has left goes back to its shop: order, courier, number, once each. A day's export can be had again by its date.
 */
#ifndef CORE_INTAKE_EXPORT_H
#define CORE_INTAKE_EXPORT_H

#include <glib.h>
#include <stdint.h>
#include <stdio.h>

struct site;

struct export_call {
    const char *shop; /* NULL: all shops */
    int date;         /* 0: what was never exported, which then counts as exported today; else what was exported on that
                       * civil date, again */
    FILE *file;       /* NULL: count only */
};

/* Writes shop,order,courier,service,number,shipped_at rows as CSV with a header. Rows are marked as exported before they
 * are written: what got lost on the way can be had again by its date. *rows counts them. */
gboolean export_shipped(struct site *site, const struct export_call *call, uint64_t *rows, GError **error);

#endif

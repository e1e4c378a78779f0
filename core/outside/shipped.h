/* SPDX-License-Identifier: MIT
 *
 * core/outside: what leaves for others.
 *
 * What has left goes back to its shop: order, courier, number, once each. A day's export can be had again by its date.
 */
#pragma once

#include <glib.h>
#include <stdint.h>
#include <stdio.h>

struct site;

/* A parcel that left; borrowed for the call. */
struct export_row {
    const char *shop, *order, *courier, *service, *number;
    const char *shipped_at; /* "2026-11-22 14:03:00", the warehouse's time */
};

struct export_call {
    const char *shop; /* NULL: all shops */
    int date;         /* 0: what was never exported, which then counts as exported today; else what was exported on that
                       * civil date, again */
    FILE *file;       /* NULL: none is written */
    void (*on_row)(const struct export_row *row, void *data); /* may be NULL */
    void *data;
};

/* Writes shop,order,courier,service,number,shipped_at rows as CSV with a header. Rows are marked as exported before
 * they are written: what got lost on the way (ERR_EXPORT_WRITE) can be had again by its date. *rows counts them. */
gboolean export_shipped(struct site *site, const struct export_call *call, uint64_t *rows, GError **error);

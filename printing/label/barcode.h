/* SPDX-License-Identifier: MIT
 *
 * Barcodes as modules. The only file beside barcode.c that knows what a symbol is; the only one with zint.h
 * is barcode.c. Whatever zint warns about is an error here: a label that may not scan is not printed.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/print/label_data.h"

/* rows is 1 for a linear symbol: its height is the box's. The quiet zone is not among the modules and must be
 * left white around them: quiet_x modules left and right, quiet_y above and below. */
struct barcode {
    int columns, rows;
    int quiet_x, quiet_y;
    int stride; /* bytes a row; the module of column c is bit c % 8 of byte c / 8, 1 is black */
    uint8_t modules[];
};

/* Text is UTF-8; for GS1-128 in brackets: "[00]095287654321012346". Code 128 takes printable ASCII only.
 * Caller frees with g_free(). NULL with ERR_BARCODE. */
struct barcode *barcode_encode(enum label_symbology symbology, const char *text, GError **error);

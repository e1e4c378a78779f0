/* SPDX-License-Identifier: MIT
 *
 * The header row of a shop's file, matched with a format's columns.
 */
#pragma once

#include <glib.h>

#include "core/intake/format.h"

struct table_reader;

enum { FIELD_COLUMNS = 4 };

/* Where the fields stand in one file: column numbers from 0 in order of choice, -1 ends. */
struct column_map {
    int columns[FIELD_COUNT][FIELD_COLUMNS];
    unsigned matched; /* columns of the file that mean something */
};

/* Matches the reader's current row as the header. FALSE with ERR_IMPORT_FORMAT when required columns are missing;
 * path is for the message. */
gboolean shop_format_match(const struct shop_format *format, const struct table_reader *header, const char *path,
                           struct column_map *map, GError **error);

/* How well the header fits: its signature (none: the required columns), then how many columns it understands. 0: not at
 * all. */
unsigned shop_format_score(const struct shop_format *format, const struct table_reader *header);

/* SPDX-License-Identifier: MIT
 *
 * core/table: a file to cells, cells to values; pure.
 *
 * Rows of a CSV or TSV text (UTF-8, see decode.h), one at a time, in constant memory: line breaks inside quotes,
 * doubled quotes, CR, LF and CRLF ends, blank rows skipped but counted. Quoting is libcsv's. A row larger than ROW_MAX
 * is refused: that is a quotation mark which never closes.
 */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/autoptr.h"

#define TABLE_ROW_MAX_KB 1024
enum { TABLE_ROW_MAX = TABLE_ROW_MAX_KB << 10 };

struct table_options {
    char delimiter; /* 0: found from the first row among , TAB ; | */
    char quote;     /* 0: no quoting, as in Amazon's flat files */
};

/* Appends the next piece of text to chunk (empty when called). 1: there may be more, 0: the end, -1: *error is set. */
typedef int (*table_fill)(void *data, GString *chunk, GError **error);

struct table_reader;

struct table_reader *table_reader_new(const struct table_options *options, table_fill fill, void *data);
void table_reader_free(struct table_reader *reader);
DEFINE_AUTOPTR(table_reader, table_reader_free)

/* Goes to the next row that is not blank. 1: it is there; 0: the end; -1: *error is set. */
int table_next(struct table_reader *reader, GError **error);

/* Of the current row: its number as a spreadsheet shows it (the first row is 1), the line of the file it begins on. */
uint64_t table_row(const struct table_reader *reader);
uint64_t table_line(const struct table_reader *reader);

/* Its cells, borrowed until the next row. One beyond the last reads as "". */
unsigned table_cells(const struct table_reader *reader);
const char *table_cell(const struct table_reader *reader, unsigned n, size_t *length);

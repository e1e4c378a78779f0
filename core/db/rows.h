/* SPDX-License-Identifier: MIT
 *
 * From the rows of a query to what the program works with. Each takes what db_query() or db_claim() has returned, NULL too
 * (a query that failed, whose *error is set already), reads it to its end and closes it.
 */
#ifndef CORE_DB_ROWS_H
#define CORE_DB_ROWS_H

#include "core/base/clean.h"
#include "core/db/db.h"

/* Takes over what is wanted of the current row. Starts no statement that is still open outside. */
typedef void (*rows_fn)(struct rows *rows, void *data);

/* Calls fn for every row, in order. FALSE with *error on failure; fn may have been called by then. */
gboolean rows_each(struct rows *rows, rows_fn fn, void *data, GError **error);

/* Calls fn for the first row. 1: there was one; 0: there is none; -1: failed. */
int rows_first(struct rows *rows, rows_fn fn, void *data, GError **error);

/* Appends an item to the list for every row: zeroed, and filled by fn, whose data it is. */
gboolean rows_append(struct rows *rows, GArray *list, rows_fn fn, GError **error);

/* The same with a new list of items of `size` bytes, which the caller frees; NULL with *error on failure. */
GArray *rows_list(struct rows *rows, size_t size, rows_fn fn, GError **error);

/* A list of int64_t: the first column. */
GArray *rows_ints(struct rows *rows, GError **error);

/* A text column into an array of char, as much of it as fits in whole characters. */
#define ROWS_COPY(to, rows, column) clean_copy((to), sizeof(to), rows_text((rows), (column)))

#endif

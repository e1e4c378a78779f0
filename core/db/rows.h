/* SPDX-License-Identifier: MIT
 *
 * From the rows of a query to what the program works with. Each takes what db_query(), db_ask() or db_claim() returned,
 * NULL too (a query that failed, whose *error is set already), reads it to its end and closes it.
 */
#pragma once

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

/* Reads what may be too much for one answer, page by page. The statement's rows are in the order of their first `keys` columns,
 * ids or numbers above 0, and it takes those of the row before, how many, and more: "... WHERE (a, b) > ($1, $2) ... ORDER BY
 * a, b LIMIT $3". Other statements may run in between. 0 keys: it takes only more, and is read at once. */
typedef gboolean (*rows_try)(struct rows *rows, void *data, GError **error);
struct rows_pages {
    const struct sql *sql;
    size_t keys; /* 0 to 2 */
    const struct db_value *more;
    size_t more_count; /* 4 at most */
};
gboolean rows_paged(struct db *db, const struct rows_pages *pages, rows_try fn, void *data, GError **error);

/* "%text%" in lower case for lower(column) LIKE $n ESCAPE '!': a search for 100% means that. Caller frees. */
char *db_pattern(const char *text);

/* A text column into an array of char, as much of it as fits in whole characters. */
#define ROWS_COPY(to, rows, column) clean_copy((to), sizeof(to), rows_text((rows), (column)))

/* --- columns -------------------------------------------------------------------------------------------- */

/* A column list: what is selected and the member it is read into stand in one row, and both the SELECT list and its
 * reader, a rows_fn, come of it:
 *
 *     #define TOTES(COLUMN, PARSED)             \
 *         COLUMN("t.id, ", id)                  \
 *         PARSED("t.state, ", state, state_of)  \
 *         COLUMN("t.code", code)
 *
 *     "SELECT " COLUMNS_OF(TOTES) " FROM tote t WHERE t.id = $1"
 *     ROWS_READER(read_tote, struct tote, TOTES)
 *
 * A COLUMN is read by the member's type: int64_t, int, an array of char (as much as fits), char * (a copy, the item's
 * own), const char * (borrowed until the next row). A PARSED text goes through a function first. Members that no row
 * names stay as they are. */
#define COLUMNS_OF(LIST) LIST(COLUMNS_TEXT, COLUMNS_TEXT_PARSED)

#define ROWS_READER(name, type, LIST)                                                                                  \
    static void name(struct rows *rows, void *data)                                                                    \
    {                                                                                                                  \
        type *item = data;                                                                                             \
        int column = 0;                                                                                                \
        LIST(COLUMNS_READ, COLUMNS_READ_PARSED)                                                                        \
        (void)column;                                                                                                  \
    }

#define COLUMNS_TEXT(sql, member) sql
#define COLUMNS_TEXT_PARSED(sql, member, parse) sql
#define COLUMNS_READ(sql, member)                                                                                      \
    ROWS_READ_BY_TYPE(item->member)(rows, column++, &item->member, sizeof(item->member));
#define COLUMNS_READ_PARSED(sql, member, parse) item->member = parse(rows_text(rows, column++));

#define ROWS_READ_BY_TYPE(member)                                                                                      \
    _Generic((member), int64_t: rows_read_int64, int: rows_read_int, const char *: rows_read_borrowed,                 \
             char *: _Generic(&(member), char **: rows_read_own, default: rows_read_chars))

void rows_read_int64(struct rows *rows, int column, void *to, size_t size);
void rows_read_int(struct rows *rows, int column, void *to, size_t size);
void rows_read_borrowed(struct rows *rows, int column, void *to, size_t size);
void rows_read_own(struct rows *rows, int column, void *to, size_t size);
void rows_read_chars(struct rows *rows, int column, void *to, size_t size);

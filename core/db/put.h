/* SPDX-License-Identifier: MIT
 *
 * Private to core/db: the writes of db_put() that wait, in the order in which each was first seen.
 */
#pragma once

#include "core/db/engine.h"

/* Of an INSERT on SQLite, which has no arrays: so many rows a statement. */
enum { PUT_ROWS = 16 };

struct db_put {
    const struct sql *sql;
    size_t count;   /* of a row's parameters */
    gboolean must;  /* each has to change its row */
    GArray *values; /* struct db_value; texts and blobs are db->put_bytes' */
};

void puts_init(struct db *db);
void puts_free(struct db *db);
void puts_forget(struct db *db);
void puts_add(struct db *db, const struct sql *sql, const struct db_value *args, size_t count, gboolean must);
gboolean puts_are_many(const struct db *db);

const struct db_value *put_row(const struct db_put *put, size_t row);
size_t put_rows(const struct db_put *put);
gboolean put_is_insert(const struct sql *sql);

/* The statement of many rows whose parameters are arrays, one a column; and of so many rows, for an INSERT. Caller frees. */
char *put_text_of_arrays(const struct sql *sql, size_t count);
char *put_text_of_rows(const struct sql *sql, size_t count, size_t rows);

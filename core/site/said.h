/* SPDX-License-Identifier: MIT
 *
 * What was said: the rows that people, shops and managers gave, and which no event computes. Who writes one notes it; the
 * journal's row of that transaction then seals the row as it stands, so that check compares the newest seal with the row of
 * today.
 *
 * seals = a list of: table's number (1 byte), key (8 bytes, the lowest first), a digest of 8 bytes for each group of its
 * columns. Digest = the first 8 bytes of BLAKE2b-128(salt || table, group, key, then the columns' values as text, each ended by
 * 0x1F, a NULL by 0x1E); zeros where there is no row. Rows that share a key (an order's lines) are one after the other, by
 * their own.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/db/db.h"

struct site;

/* Their numbers stand in journals and are never used again. */
enum said {
    SAID_NOTHING,
    SAID_WAREHOUSE,
    SAID_OWNER,
    SAID_SETTING,
    SAID_PRINTER,
    SAID_STATION,
    SAID_PERSON,
    SAID_LOCATION,
    SAID_RANGE,
    SAID_SHOP,
    SAID_PRODUCT,
    SAID_CODES, /* a product's */
    SAID_LOT,
    SAID_LISTING,
    SAID_PARTS, /* a listing's */
    SAID_RECIPIENT,
    SAID_ORDER,
    SAID_LINES,     /* an order's */
    SAID_FORGOTTEN, /* a remark whose words were erased */
    SAID_BEGINNING, /* what stood when a subject's history began */
    SAID_COUNT
};

enum { SAID_GROUPS = 3, SAID_DIGEST = 8, SAID_SALT = 16 };

struct said_row {
    int64_t key;
    const char *name; /* where the key is made of one: borrowed; else NULL */
    gboolean erased;
    unsigned char digests[SAID_GROUPS][SAID_DIGEST];
};

const char *said_table(enum said said);
/* What a group of columns says ("address"); NULL past the last. */
const char *said_group(enum said said, guint n);

/* The row of a key was written, or the rows of the name or code. Noting one that is not there, or twice, does no harm. */
void said_note(struct site *site, enum said said, int64_t key);
gboolean said_note_named(struct site *site, enum said said, const char *name, GError **error);

gboolean said_is_noted(const struct site *site); /* anything, since it was last taken */

/* Appends the seal of what was noted since, as it stands now. */
gboolean said_take(struct site *site, GByteArray *seals, GError **error);

/* Appends the seal of rows that share a key, from what is inserted: each the key, the salt where there is one, and the columns
 * in the order of the table (said.c); those that are not inserted and come last are NULL. */
void said_values(GByteArray *seals, enum said said, const struct db_value *values, size_t rows, size_t width);

typedef gboolean (*said_fn)(enum said said, const struct said_row *row, void *data, GError **error);

/* Every row of a table as it stands, in no order. */
gboolean said_each(struct db *db, enum said said, said_fn fn, void *data, GError **error);

/* Some thousand rows, of keys after the given one, in no order. *last gets the key it came to; INT64_MAX: to the end. */
gboolean said_page(struct db *db, enum said said, int64_t after, int64_t *last, said_fn fn, void *data, GError **error);

void said_append(GByteArray *seals, enum said said, const struct said_row *row);

/* Calls fn for each of the seals. FALSE when it did, or when these are none. */
gboolean seals_each(const void *seals, size_t length, said_fn fn, void *data, GError **error);

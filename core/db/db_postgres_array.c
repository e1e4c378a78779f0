/* SPDX-License-Identifier: MIT */
#include "core/db/db_postgres_array.h"

#include <endian.h>
#include <string.h>

/* Of pg_type, where they have stood since the beginning. */
enum { BYTEA = 17, INT8 = 20, TEXT = 25, BYTEAS = 1001, TEXTS = 1009, INT8S = 1016 };

static void append_int32(GByteArray *out, int32_t number)
{
    uint32_t big = htobe32((uint32_t)number);
    g_byte_array_append(out, (const guint8 *)&big, sizeof big);
}

static void append_element(GByteArray *out, const struct db_value *value)
{
    uint64_t number = htobe64((uint64_t)value->number);
    size_t length = value->type == DB_INT ? sizeof number : value->type == DB_TEXT ? strlen(value->bytes) : (size_t)value->number;
    if (value->type == DB_NULL) {
        append_int32(out, -1);
        return;
    }
    append_int32(out, (int32_t)length);
    g_byte_array_append(out, value->type == DB_INT ? (const guint8 *)&number : (const guint8 *)value->bytes, (guint)length);
}

/* Of the elements; of nothing but NULLs that of numbers, which references are. */
static unsigned array_type(const struct db_put *put, size_t column, unsigned *element)
{
    static const unsigned ELEMENTS[] = {[DB_NULL] = INT8, [DB_INT] = INT8, [DB_TEXT] = TEXT, [DB_BLOB] = BYTEA};
    static const unsigned ARRAYS[] = {[DB_NULL] = INT8S, [DB_INT] = INT8S, [DB_TEXT] = TEXTS, [DB_BLOB] = BYTEAS};
    size_t row = 0;
    while (row + 1 < put_rows(put) && put_row(put, row)[column].type == DB_NULL)
        row++;
    enum db_type type = put_row(put, row)[column].type;
    *element = ELEMENTS[type];
    return ARRAYS[type];
}

GByteArray *postgres_array(const struct db_put *put, size_t column, unsigned *type)
{
    GByteArray *out = g_byte_array_new();
    unsigned element;
    *type = array_type(put, column, &element);
    append_int32(out, 1);
    append_int32(out, 1);
    append_int32(out, (int32_t)element);
    append_int32(out, (int32_t)put_rows(put));
    append_int32(out, 1);
    for (size_t row = 0; row < put_rows(put); row++)
        append_element(out, &put_row(put, row)[column]);
    return out;
}

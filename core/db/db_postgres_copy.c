/* SPDX-License-Identifier: MIT */
#include "core/db/db_postgres_copy.h"

#include <libpq-fe.h>
#include <string.h>

#include "core/db/db_postgres_link.h"

enum { COPY_CHUNK = 64 * 1024 };

static void append_text(GString *out, const char *text)
{
    static const char SPECIAL[] = "\\\b\f\n\r\t\v", LETTER[] = "\\bfnrtv";
    for (const char *p = text; *p; p++) {
        const char *special = strchr(SPECIAL, *p);
        if (special)
            g_string_append_c(out, '\\');
        g_string_append_c(out, special ? LETTER[special - SPECIAL] : *p);
    }
}

/* A loop of its own: printf() took a fifth of an import's time. */
static void append_number(GString *out, int64_t number)
{
    char digits[20];
    size_t at = sizeof digits;
    uint64_t left = number < 0 ? -(uint64_t)number : (uint64_t)number;
    do
        digits[--at] = (char)('0' + left % 10);
    while ((left /= 10) > 0);
    if (number < 0)
        digits[--at] = '-';
    g_string_append_len(out, digits + at, (gssize)(sizeof digits - at));
}

static void append_value(GString *out, const struct db_value *value)
{
    switch (value->type) {
    case DB_NULL:
        g_string_append(out, "\\N");
        break;
    case DB_INT:
        append_number(out, value->number);
        break;
    case DB_TEXT:
        append_text(out, value->bytes);
        break;
    case DB_BLOB:
        g_string_append(out, "\\\\x");
        for (int64_t i = 0; i < value->number; i++)
            g_string_append_printf(out, "%02x", (unsigned)(unsigned char)value->bytes[i]);
        break;
    }
}

gboolean copy_put_rows(struct link *link, const struct db_value *values, size_t rows, size_t columns)
{
    g_autoptr(GString) chunk = g_string_sized_new(COPY_CHUNK + 4096);
    gboolean sent = TRUE;
    for (size_t i = 0; i < rows && sent; i++) {
        for (size_t j = 0; j < columns; j++) {
            append_value(chunk, &values[i * columns + j]);
            g_string_append_c(chunk, j + 1 < columns ? '\t' : '\n');
        }
        if (chunk->len >= COPY_CHUNK || i + 1 == rows) {
            sent = PQputCopyData(link->conn, chunk->str, (int)chunk->len) == 1 && link_flush(link);
            g_string_truncate(chunk, 0);
        }
    }
    return sent;
}

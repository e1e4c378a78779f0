/* SPDX-License-Identifier: MIT
 *
 * Writes that are alike go together: many rows of one statement are one statement of many rows. On PostgreSQL any of them,
 * by arrays; on SQLite inserts, sixteen rows at a time.
 */
#include "core/db/put.h"

#include <string.h>

/* So many rows wait at most: who writes more has the server work meanwhile. */
enum { ROWS_MAX = 1000 };

static void put_clear(gpointer data)
{
    g_array_unref(((struct db_put *)data)->values);
}

void puts_init(struct db *db)
{
    db->puts = g_array_new(FALSE, FALSE, sizeof(struct db_put));
    g_array_set_clear_func(db->puts, put_clear);
    db->put_bytes = g_string_chunk_new(4096);
}

void puts_free(struct db *db)
{
    g_array_unref(db->puts);
    g_string_chunk_free(db->put_bytes);
}

void puts_forget(struct db *db)
{
    g_array_set_size(db->puts, 0);
    g_string_chunk_clear(db->put_bytes);
    db->put_rows = 0;
}

static struct db_put *put_of(struct db *db, const struct sql *sql, size_t count, gboolean must)
{
    for (guint i = 0; i < db->puts->len; i++) {
        struct db_put *put = &g_array_index(db->puts, struct db_put, i);
        if (put->sql == sql && put->must == must)
            return put;
    }
    struct db_put put = {sql, count, must, g_array_new(FALSE, FALSE, sizeof(struct db_value))};
    g_array_append_val(db->puts, put);
    return &g_array_index(db->puts, struct db_put, db->puts->len - 1);
}

void puts_add(struct db *db, const struct sql *sql, const struct db_value *args, size_t count, gboolean must)
{
    struct db_put *put = put_of(db, sql, count, must);
    g_assert(put->count == count);
    for (size_t i = 0; i < count; i++) {
        struct db_value value = args[i];
        if (value.type == DB_TEXT)
            value.bytes = g_string_chunk_insert(db->put_bytes, value.bytes);
        else if (value.type == DB_BLOB)
            value.bytes = g_string_chunk_insert_len(db->put_bytes, value.bytes ? value.bytes : "", (gssize)value.number);
        g_array_append_val(put->values, value);
    }
    db->put_rows++;
}

gboolean puts_are_many(const struct db *db)
{
    return db->put_rows >= ROWS_MAX;
}

const struct db_value *put_row(const struct db_put *put, size_t row)
{
    return &g_array_index(put->values, struct db_value, row * put->count);
}

size_t put_rows(const struct db_put *put)
{
    return put->count ? put->values->len / put->count : 0;
}

/* --- texts ------------------------------------------------------------------------------------------------ */

/* "u.c1, u.c2" in place of "$1, $2". */
static void append_by_column(GString *out, const char *text)
{
    for (const char *at; (at = strchr(text, '$')); text = at + 1) {
        g_string_append_len(out, text, at - text);
        g_string_append(out, "u.c");
    }
    g_string_append(out, text);
}

static void append_rows(GString *out, size_t count)
{
    g_string_append(out, "unnest(");
    for (size_t i = 1; i <= count; i++)
        g_string_append_printf(out, "%s$%zu", i > 1 ? ", " : "", i);
    g_string_append(out, ") AS u(");
    for (size_t i = 1; i <= count; i++)
        g_string_append_printf(out, "%sc%zu", i > 1 ? ", " : "", i);
    g_string_append_c(out, ')');
}

gboolean put_is_insert(const struct sql *sql)
{
    return g_str_has_prefix(sql->text, "INSERT");
}

char *put_text_of_arrays(const struct sql *sql, size_t count)
{
    GString *out = g_string_new(NULL);
    const char *from = g_str_has_prefix(sql->text, "DELETE") ? " USING " : " FROM ";
    const char *split = strstr(sql->text, put_is_insert(sql) ? " VALUES (" : " WHERE ");
    g_assert(split);
    g_autofree char *head = g_strndup(sql->text, (gsize)(split - sql->text));
    append_by_column(out, head);
    if (put_is_insert(sql)) {
        const char *values = split + strlen(" VALUES ("), *end = strchr(values, ')');
        g_autofree char *list = g_strndup(values, (gsize)(end - values));
        g_string_append(out, " SELECT ");
        append_by_column(out, list);
        split = end + 1;
    }
    g_string_append(out, from);
    append_rows(out, count);
    if (put_is_insert(sql))
        g_string_append(out, " WHERE TRUE"); /* or ON CONFLICT is read as a join's */
    append_by_column(out, split);
    return g_string_free(out, FALSE);
}

char *put_text_of_rows(const struct sql *sql, size_t count, size_t rows)
{
    const char *values = strstr(sql->text, " VALUES (") + strlen(" VALUES "), *end = strchr(values, ')') + 1;
    GString *out = g_string_new_len(sql->text, values - sql->text);
    g_autofree char *row = g_strndup(values, (gsize)(end - values));
    for (size_t i = 0; i < rows; i++) {
        g_string_append(out, i ? ", " : "");
        for (const char *p = row; *p;) {
            char *after = NULL;
            if (*p != '$') {
                g_string_append_c(out, *p++);
                continue;
            }
            g_string_append_printf(out, "$%" G_GUINT64_FORMAT, g_ascii_strtoull(p + 1, &after, 10) + i * count);
            p = after;
        }
    }
    return g_string_free(g_string_append(out, end), FALSE);
}

/* --- the rows ---------------------------------------------------------------------------------------------- */

static gboolean put_rest(struct db *db, const struct db_put *put, size_t from, GError **error)
{
    gboolean good = TRUE;
    for (size_t i = from; good && i < put_rows(put); i++)
        good = put->must ? db_must_change(db, put->sql, put_row(put, i), put->count, 1, error)
                         : db_exec(db, put->sql, put_row(put, i), put->count, NULL, error);
    return good;
}

static gboolean put_one(struct db *db, const struct db_put *put, GError **error)
{
    GError *failure = NULL;
    size_t done = 0;
    if (put_rows(put) > 1 && !db->engine->put(db, put, &done, &failure))
        return db_fail(db, failure, error);
    return put_rest(db, put, done, error);
}

gboolean db_put_all(struct db *db, GError **error)
{
    gboolean good = TRUE;
    if (db->put_rows == 0)
        return TRUE;
    db->put_rows = 0; /* they are on their way: what sends them finds none */
    for (guint i = 0; good && i < db->puts->len; i++)
        good = put_one(db, &g_array_index(db->puts, struct db_put, i), error);
    puts_forget(db);
    return good;
}

gboolean db_put(struct db *db, const struct sql *sql, const struct db_value *args, size_t count, gboolean must,
                GError **error)
{
    g_assert(db->state == DB_WRITING);
    if (db->failure) {
        g_propagate_error(error, g_error_copy(db->failure));
        return FALSE;
    }
    puts_add(db, sql, args, count, must);
    return !puts_are_many(db) || db_put_all(db, error);
}

/* SPDX-License-Identifier: MIT */
#include "core/db/rows.h"

#include <string.h>

gboolean rows_each(struct rows *rows, rows_fn fn, void *data, GError **error)
{
    int more;
    while ((more = rows_next(rows, error)) > 0)
        fn(rows, data);
    return more == 0;
}

int rows_first(struct rows *rows, rows_fn fn, void *data, GError **error)
{
    int found = rows_next(rows, error);
    if (found > 0) {
        fn(rows, data);
        rows_close(rows);
    }
    return found;
}

gboolean rows_append(struct rows *rows, GArray *list, rows_fn fn, GError **error)
{
    int more;
    size_t size = g_array_get_element_size(list);
    g_autofree void *item = g_malloc(size);
    while ((more = rows_next(rows, error)) > 0) {
        memset(item, 0, size);
        fn(rows, item);
        g_array_append_vals(list, item, 1);
    }
    return more == 0;
}

GArray *rows_list(struct rows *rows, size_t size, rows_fn fn, GError **error)
{
    g_autoptr(GArray) list = g_array_new(FALSE, FALSE, (guint)size);
    return rows_append(rows, list, fn, error) ? g_steal_pointer(&list) : NULL;
}

enum { PAGE = 4000 };

/* *count rows are given to fn; last gets the keys of the last. */
static gboolean read_page(struct rows *rows, size_t keys, int64_t *last, int *count, rows_try fn, void *data, GError **error)
{
    int more;
    while ((more = rows_next(rows, error)) > 0) {
        for (size_t i = 0; i < keys; i++)
            last[i] = rows_int(rows, (int)i);
        ++*count;
        if (!fn(rows, data, error)) {
            rows_close(rows);
            return FALSE;
        }
    }
    return more == 0;
}

gboolean rows_paged(struct db *db, const struct rows_pages *pages, rows_try fn, void *data, GError **error)
{
    int64_t last[2] = {0, 0};
    int count;
    g_assert(pages->keys <= 2 && pages->more_count <= 4);
    do {
        struct db_value args[8];
        size_t n = 0;
        for (; n < pages->keys; n++)
            args[n] = db_int(last[n]);
        if (pages->keys)
            args[n++] = db_int(PAGE);
        for (size_t i = 0; i < pages->more_count; i++)
            args[n++] = pages->more[i];
        count = 0;
        if (!read_page(db_query(db, pages->sql, args, n, error), pages->keys, last, &count, fn, data, error))
            return FALSE;
    } while (pages->keys && count == PAGE);
    return TRUE;
}

static void read_int(struct rows *rows, void *data)
{
    *(int64_t *)data = rows_int(rows, 0);
}

GArray *rows_ints(struct rows *rows, GError **error)
{
    return rows_list(rows, sizeof(int64_t), read_int, error);
}

void rows_read_int64(struct rows *rows, int column, void *to, size_t size)
{
    (void)size;
    *(int64_t *)to = rows_int(rows, column);
}

void rows_read_int(struct rows *rows, int column, void *to, size_t size)
{
    (void)size;
    *(int *)to = (int)rows_int(rows, column);
}

void rows_read_borrowed(struct rows *rows, int column, void *to, size_t size)
{
    (void)size;
    *(const char **)to = rows_text(rows, column);
}

void rows_read_own(struct rows *rows, int column, void *to, size_t size)
{
    (void)size;
    *(char **)to = g_strdup(rows_text(rows, column));
}

void rows_read_chars(struct rows *rows, int column, void *to, size_t size)
{
    clean_copy(to, size, rows_text(rows, column));
}

char *db_pattern(const char *text)
{
    g_autofree char *folded = g_ascii_strdown(text, -1);
    GString *out = g_string_new("%");
    for (const char *p = folded; *p; p++) {
        if (*p == '%' || *p == '_' || *p == '!')
            g_string_append_c(out, '!');
        g_string_append_c(out, *p);
    }
    return g_string_free(g_string_append_c(out, '%'), FALSE);
}

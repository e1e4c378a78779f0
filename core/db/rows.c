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

/* SPDX-License-Identifier: MIT */
#include "core/db/rows.h"

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

struct growing {
    GArray *list;
    rows_fn fn;
};

static void append(struct rows *rows, void *data)
{
    struct growing *growing = data;
    guint last = growing->list->len;
    g_array_set_size(growing->list, last + 1);
    growing->fn(rows, growing->list->data + last * g_array_get_element_size(growing->list));
}

GArray *rows_list(struct rows *rows, size_t size, rows_fn fn, GError **error)
{
    struct growing growing = {g_array_new(FALSE, TRUE, (guint)size), fn};
    if (rows_each(rows, append, &growing, error))
        return growing.list;
    g_array_unref(growing.list);
    return NULL;
}

static void read_int(struct rows *rows, void *data)
{
    *(int64_t *)data = rows_int(rows, 0);
}

GArray *rows_ints(struct rows *rows, GError **error)
{
    return rows_list(rows, sizeof(int64_t), read_int, error);
}

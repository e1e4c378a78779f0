/* SPDX-License-Identifier: MIT */
#include "core/flow/subject_rows.h"

#include <string.h>

#include "core/flow/difference.h"

static int compare_keys(const struct table *table, const struct row *one, const struct row *other)
{
    int order = 0;
    for (size_t i = 0; order == 0 && i < table->keys; i++) {
        const struct column *column = &table->columns[i];
        int64_t a = column->kind == COLUMN_TEXT ? 0 : column_int(column, one);
        int64_t b = column->kind == COLUMN_TEXT ? 0 : column_int(column, other);
        order = column->kind == COLUMN_TEXT ? strcmp(column_text(column, one), column_text(column, other)) : (a > b) - (a < b);
    }
    return order;
}

static int compare_rows(const void *a, const void *b)
{
    const struct row *one = *(const struct row *const *)a, *other = *(const struct row *const *)b;
    return one->table != other->table ? (one->table > other->table ? 1 : -1) : compare_keys(table_of(one->table), one, other);
}

struct gathering {
    const struct dossier *dossier;
    const struct row *subject; /* NULL: what is nobody's */
    GPtrArray *rows;
    GHashTable *lists; /* of rows, by their subject */
};

static void gather(const struct row *row, void *data)
{
    struct gathering *gathering = data;
    if (table_is_shared(row->table) ? !gathering->subject : row_subject(gathering->dossier, row) == gathering->subject)
        g_ptr_array_add(gathering->rows, (gpointer)(uintptr_t)row);
}

static void gather_by_subject(const struct row *row, void *data)
{
    struct gathering *gathering = data;
    const struct row *subject = row_subject(gathering->dossier, row);
    GPtrArray *rows = subject ? g_hash_table_lookup(gathering->lists, subject) : NULL;
    if (!subject)
        return;
    if (!rows) {
        rows = g_ptr_array_new();
        g_hash_table_insert(gathering->lists, (gpointer)(uintptr_t)subject, rows);
        g_ptr_array_add(gathering->rows, rows);
    }
    g_ptr_array_add(rows, (gpointer)(uintptr_t)row);
}

static void gather_all(struct gathering *gathering, gboolean shared, row_fn fn)
{
    for (int i = 0; i < TABLE_COUNT; i++)
        if (table_of((enum table_id)i)->number != 0 && table_is_shared((enum table_id)i) == shared)
            row_each(gathering->dossier, (enum table_id)i, fn, gathering);
}

GPtrArray *rows_of(const struct dossier *dossier, const struct row *subject)
{
    struct gathering gathering = {.dossier = dossier, .subject = subject, .rows = g_ptr_array_new()};
    gather_all(&gathering, subject == NULL, gather);
    g_ptr_array_sort(gathering.rows, compare_rows);
    return gathering.rows;
}

static void list_free(gpointer list)
{
    g_ptr_array_unref(list);
}

GPtrArray *rows_by_subject(const struct dossier *dossier)
{
    g_autoptr(GHashTable) lists = g_hash_table_new(NULL, NULL);
    struct gathering gathering = {.dossier = dossier, .rows = g_ptr_array_new_with_free_func(list_free), .lists = lists};
    gather_all(&gathering, FALSE, gather_by_subject);
    for (guint i = 0; i < gathering.rows->len; i++)
        g_ptr_array_sort(gathering.rows->pdata[i], compare_rows);
    return gathering.rows;
}

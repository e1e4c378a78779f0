/* SPDX-License-Identifier: MIT
 *
 * What a transaction has locked: PostgreSQL's advisory locks, taken in one order by everybody. SQLite has one writer;
 * there only the order is looked at.
 */
#include <stdlib.h>

#include "core/db/engine.h"

static int by_order(const void *a, const void *b)
{
    const struct db_advisory *one = a, *two = b;
    if (one->rank != two->rank)
        return one->rank < two->rank ? -1 : 1;
    return one->id < two->id ? -1 : one->id > two->id;
}

gboolean db_advisory_locked(const struct db *db, int64_t id)
{
    for (guint i = 0; i < db->locked->len; i++)
        if (g_array_index(db->locked, struct db_advisory, i).id == id)
            return TRUE;
    return FALSE;
}

/* Remembers the new ones and writes them as "1,2,3". */
static char *note_new(struct db *db, const struct db_advisory *things, size_t n)
{
    GString *list = g_string_new(NULL);
    for (size_t i = 0; i < n; i++) {
        if (things[i].id == 0 || db_advisory_locked(db, things[i].id))
            continue;
        g_assert(db->locked->len == 0 ||
                 by_order(&g_array_index(db->locked, struct db_advisory, db->locked->len - 1), &things[i]) < 0);
        g_array_append_val(db->locked, things[i]);
        g_string_append_printf(list, "%s%" G_GINT64_FORMAT, list->len ? "," : "", things[i].id);
    }
    return g_string_free(list, FALSE);
}

gboolean db_advisory_lock(struct db *db, struct db_advisory *things, size_t n, GError **error)
{
    g_assert(db->state == DB_WRITING);
    if (n > 1)
        qsort(things, n, sizeof *things, by_order);
    g_autofree char *list = note_new(db, things, n);
    int more = 0;
    if (list[0] && db->engine->advisory.text) {
        struct rows *rows = db_query(db, &db->engine->advisory, DB_ARGS(list), error);
        do
            more = rows_next(rows, error);
        while (more > 0);
    }
    return more == 0;
}

/* SPDX-License-Identifier: MIT
 *
 * Writes that have to change the rows they are for, or the transaction fails.
 */
#include <string.h>

#include "core/db/engine.h"

static char *insist(struct db *db, const struct sql *sql, size_t count)
{
    return db->engine->insist(sql->text, count + 1, ERR_DB_SERIALIZE);
}

static char *insist_on_writer(struct db *db, const struct sql *sql, size_t count)
{
    return db->engine->insist(sql->text, count + 1, ERR_WRITER_LOST);
}

static int64_t count_rows(struct rows *rows, GError **error)
{
    int64_t count = 0;
    int more;
    while ((more = rows_next(rows, error)) > 0)
        count++;
    return more < 0 ? -1 : count;
}

static gboolean count_changed(struct db *db, const struct sql *sql, const struct db_value *args, size_t count,
                              int64_t rows, enum err otherwise, GError **error)
{
    GError *failure = NULL;
    int64_t changed = 0;
    if (g_str_has_prefix(sql->text, "SELECT"))
        changed = count_rows(db_query(db, sql, args, count, error), error);
    else if (!db_exec(db, sql, args, count, &changed, error))
        changed = -1;
    if (changed < 0 || changed == rows)
        return changed >= 0;
    err_set(&failure, otherwise);
    return db_fail(db, failure, error);
}

static gboolean must_change(struct db *db, const struct sql *sql, const struct db_value *args, size_t count,
                            int64_t rows, enum err otherwise, GError **error)
{
    GError *failure = NULL;
    g_assert(db->state == DB_WRITING);
    if (!db->engine->insist)
        return count_changed(db, sql, args, count, rows, otherwise, error);
    if (!db_usable(db, error))
        return FALSE;
    g_autofree struct db_value *all = g_new(struct db_value, count + 1);
    memcpy(all, args, count * sizeof *args);
    all[count] = db_int(rows);
    struct rows *made = db_statement_made(db, sql, DB_MADE_MUST, otherwise == ERR_WRITER_LOST ? insist_on_writer : insist,
                                          count, &failure);
    return (made && db->engine->run(made, all, count + 1, NULL, &failure)) || db_fail(db, failure, error);
}

gboolean db_must_change(struct db *db, const struct sql *sql, const struct db_value *args, size_t count, int64_t rows,
                        GError **error)
{
    return must_change(db, sql, args, count, rows, ERR_DB_SERIALIZE, error);
}

gboolean db_must_find(struct db *db, const struct sql *sql, const struct db_value *args, size_t count, GError **error)
{
    return must_change(db, sql, args, count, 1, ERR_WRITER_LOST, error);
}

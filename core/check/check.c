/* SPDX-License-Identifier: MIT */
#include "core/check/check.h"

#include <string.h>

#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/check/check_table.h"
#include "core/db/db.h"

struct run {
    struct checker checker;
    guint *violations;
};

const struct check_info *check_at(guint n)
{
    const struct check *check = check_table_at(n);
    return check ? &check->info : NULL;
}

void checker_report(struct checker *checker, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    g_autofree char *what = g_strdup_vprintf(format, list);
    va_end(list);
    const struct check_way *way = checker->way;
    if (checker->found++ < CHECK_ROWS && way->report)
        way->report(&checker->check->info, what, way->data);
}

void checker_tell(struct checker *checker, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    g_free(checker->told);
    checker->told = g_strdup_vprintf(format, list);
    va_end(list);
}

static char *row_text(struct rows *rows, char **names)
{
    GString *text = g_string_new(NULL);
    for (int i = 0; names[i]; i++)
        g_string_append_printf(text, "%s%s=%s", i ? " " : "", names[i], rows_text(rows, i));
    return g_string_free(text, FALSE);
}

static gboolean run_statement(struct checker *checker, GError **error)
{
    const struct check *check = checker->check;
    const struct db_value now[] = {db_int(checker->way->now_utc_ms)};
    g_autoptr(rows) rows = db_query(checker->db, &check->sql, now, check->takes_now ? 1 : 0, error);
    g_auto(GStrv) names = g_strsplit(check->columns, " ", -1);
    int more;
    while ((more = rows_next(rows, error)) > 0 && checker->found < CHECK_ROWS) {
        if (check->holds && check->holds(rows))
            continue;
        g_autofree char *what = row_text(rows, names);
        checker_report(checker, "%s", what);
    }
    return more >= 0;
}

static gboolean concerns(const struct run *run, const struct check *check)
{
    unsigned engine = db_engine_of(run->checker.db) == DB_SQLITE ? ON_SQLITE : ON_POSTGRES;
    enum check_depth depth = run->checker.way->depth;
    if (check->instead_from <= depth && check->instead_from)
        return FALSE;
    return check->info.depth <= depth && (check->engines == ON_BOTH || check->engines == engine);
}

static gboolean run_all(struct db *db, void *data, GError **error)
{
    struct run *run = data;
    (void)db;
    *run->violations = 0;
    for (guint i = 0; check_table_at(i); i++) {
        const struct check *check = check_table_at(i);
        if (!concerns(run, check))
            continue;
        run->checker.check = check;
        run->checker.found = 0;
        gboolean looked = check->run ? check->run(&run->checker, error) : run_statement(&run->checker, error);
        g_autofree char *told = g_steal_pointer(&run->checker.told);
        if (!looked)
            return FALSE;
        *run->violations += run->checker.found;
        const struct check_way *way = run->checker.way;
        if (way->done)
            way->done(&check->info, run->checker.found, told, way->data);
    }
    return TRUE;
}

gboolean check_run(struct db *db, const struct check_way *way, guint *violations, GError **error)
{
    struct run run = {.checker = {.db = db, .way = way}, .violations = violations};
    return db_snapshot(db, run_all, &run, error);
}

gboolean check_run_inside(struct db *db, const struct check_way *way, guint *violations, GError **error)
{
    struct run run = {.checker = {.db = db, .way = way}, .violations = violations};
    return run_all(db, &run, error);
}

gboolean check_quick(struct db *db, int64_t now_utc_ms, guint *violations, GError **error)
{
    return check_run(db, &(struct check_way){.depth = CHECK_FAST, .now_utc_ms = now_utc_ms}, violations, error);
}

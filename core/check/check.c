/* SPDX-License-Identifier: MIT */
#include "core/check/check.h"

#include <string.h>

#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/check/check_table.h"
#include "core/db/db.h"

struct run {
    struct checker checker;
    enum check_depth depth;
    check_done done;
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
    if (checker->found++ < CHECK_ROWS && checker->report)
        checker->report(&checker->check->info, what, checker->data);
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
    const struct db_value now[] = {db_int(checker->now_utc_ms)};
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
    if (check->instead_from <= run->depth && check->instead_from)
        return FALSE;
    return check->info.depth <= run->depth && (check->engines == ON_BOTH || check->engines == engine);
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
        if (run->done)
            run->done(&check->info, run->checker.found, told, run->checker.data);
    }
    return TRUE;
}

static struct run run_of(struct db *db, enum check_depth depth, int64_t now_utc_ms, check_report report, check_done done,
                         void *data, guint *violations)
{
    return (struct run){.checker = {.db = db, .report = report, .data = data, .now_utc_ms = now_utc_ms},
                        .depth = depth, .done = done, .violations = violations};
}

gboolean check_run(struct db *db, enum check_depth depth, int64_t now_utc_ms, check_report report, check_done done,
                   void *data, guint *violations, GError **error)
{
    struct run run = run_of(db, depth, now_utc_ms, report, done, data, violations);
    return db_snapshot(db, run_all, &run, error);
}

gboolean check_run_inside(struct db *db, enum check_depth depth, int64_t now_utc_ms, check_report report, check_done done,
                          void *data, guint *violations, GError **error)
{
    struct run run = run_of(db, depth, now_utc_ms, report, done, data, violations);
    return run_all(db, &run, error);
}

gboolean check_quick(struct db *db, int64_t now_utc_ms, guint *violations, GError **error)
{
    return check_run(db, CHECK_FAST, now_utc_ms, NULL, NULL, NULL, violations, error);
}

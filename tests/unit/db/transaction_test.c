/* SPDX-License-Identifier: MIT
 *
 * Transactions, savepoints, advisory locks and snapshots mean the same on both engines.
 */
#include <string.h>

#include "core/base/error.h"
#include "tests/support/testdb.h"

static const struct sql COUNT = {"count", "SELECT COUNT(*) FROM owner"};
static const struct sql ADD = {"add", "INSERT INTO owner (id, code, name) VALUES ($1, $2, '')"};

static gboolean add(struct db *db, int64_t id, const char *code, GError **error)
{
    return db_exec(db, &ADD, DB_ARGS(id, code), NULL, error);
}

static int64_t count(struct db *db)
{
    return testdb_int(db, COUNT.text);
}

static gboolean fill(struct db *db, void *data, GError **error)
{
    for (int64_t id = 1; id <= GPOINTER_TO_INT(data); id++) {
        char code[24];
        g_snprintf(code, sizeof code, "%" G_GINT64_FORMAT, id);
        if (!add(db, id, code, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean add_and_refuse(struct db *db, void *data, GError **error)
{
    (void)data;
    g_assert_true(add(db, 1, "a", error));
    err_set(error, ERR_SCAN_UNKNOWN, "x");
    return FALSE;
}

/* Waits for the answer. */
static gboolean add_asked(struct db *db, int64_t id, const char *code)
{
    int64_t changed;
    return db_exec(db, &ADD, DB_ARGS(id, code), &changed, NULL);
}

static gboolean add_twice_and_go_on(struct db *db, void *data, GError **error)
{
    (void)data;
    (void)error;
    g_assert_true(add_asked(db, 1, "a"));
    g_assert_false(add_asked(db, 1, "b"));
    g_assert_false(add_asked(db, 2, "c"));
    return TRUE;
}

/* Whether each went well is not asked. */
static gboolean add_twice_unasked(struct db *db, void *data, GError **error)
{
    (void)error;
    for (int64_t id = 1; id <= GPOINTER_TO_INT(data); id++) {
        char code[24];
        g_snprintf(code, sizeof code, "%" G_GINT64_FORMAT, id);
        add(db, id, code, NULL);
    }
    add(db, 1, "twice", NULL);
    return TRUE;
}

static gboolean ask_after_adding_twice(struct db *db, void *data, GError **error)
{
    int64_t n;
    add_twice_unasked(db, data, NULL);
    g_assert_cmpint(db_get_ints(db, &COUNT, DB_NO_ARGS, &n, 1, error), ==, -1);
    return TRUE;
}

/* It is told at the latest by the next question or at the end, and nothing of it is kept. */
static void failed_unasked(struct testdb *test)
{
    static const db_work WORKS[] = {add_twice_unasked, ask_after_adding_twice};
    static const int COUNTS[] = {1, 62, 63, 64, 65, 200};
    struct db *db = testdb_open(test);
    for (size_t i = 0; i < G_N_ELEMENTS(WORKS) * G_N_ELEMENTS(COUNTS); i++) {
        GError *error = NULL;
        int n = COUNTS[i / G_N_ELEMENTS(WORKS)];
        g_assert_false(db_transaction(db, WORKS[i % G_N_ELEMENTS(WORKS)], GINT_TO_POINTER(n), &error));
        g_assert_error(error, ERR, ERR_DB_CONSTRAINT);
        g_clear_error(&error);
        g_assert_cmpint(count(db), ==, 0);
    }
    db_close(db);
}

static void rolled_back(struct testdb *test)
{
    GError *error = NULL;
    struct db *db = testdb_open(test);
    g_assert_false(db_transaction(db, add_and_refuse, NULL, &error));
    g_assert_error(error, ERR, ERR_SCAN_UNKNOWN);
    g_clear_error(&error);
    g_assert_cmpint(count(db), ==, 0);
    g_assert_false(db_transaction(db, add_twice_and_go_on, NULL, &error));
    g_assert_error(error, ERR, ERR_DB_CONSTRAINT);
    g_clear_error(&error);
    g_assert_cmpint(count(db), ==, 0);
    g_assert_true(db_transaction(db, fill, GINT_TO_POINTER(3), &error));
    g_assert_cmpint(count(db), ==, 3);
    db_close(db);
}

static gboolean add_second(struct db *db, void *data, GError **error)
{
    return add(db, 2, data, error);
}

static gboolean add_third_and_refuse(struct db *db, void *data, GError **error)
{
    (void)data;
    g_assert_true(add(db, 3, "third", error));
    err_set(error, ERR_SCAN_UNKNOWN, "x");
    return FALSE;
}

static gboolean nested(struct db *db, void *data, GError **error)
{
    (void)data;
    GError *inner = NULL;
    g_assert_true(add(db, 1, "a", error));
    char taken[] = "a", free_code[] = "b";
    g_assert_false(db_savepoint(db, add_second, taken, &inner));
    g_assert_error(inner, ERR, ERR_DB_CONSTRAINT);
    g_clear_error(&inner);
    g_assert_false(db_savepoint(db, add_third_and_refuse, NULL, &inner));
    g_assert_error(inner, ERR, ERR_SCAN_UNKNOWN);
    g_clear_error(&inner);
    g_assert_cmpint(count(db), ==, 1);
    return db_savepoint(db, add_second, free_code, error);
}

static void savepoints(struct testdb *test)
{
    GError *error = NULL;
    struct db *db = testdb_open(test);
    g_assert_true(db_transaction(db, nested, NULL, &error));
    g_assert_no_error(error);
    g_assert_cmpint(count(db), ==, 2);
    db_close(db);
}

/* What the server has noted for this connection, which is nothing on SQLite. */
static int64_t locks(struct db *db, int64_t held)
{
    if (db_engine_of(db) != DB_POSTGRES)
        return held;
    return testdb_int(db, "SELECT COUNT(*) FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()");
}

static gboolean lock_and_refuse(struct db *db, void *data, GError **error)
{
    (void)data;
    g_assert_true(db_advisory_lock(db, &(struct db_advisory){3, 1}, 1, error));
    g_assert_true(db_advisory_locked(db, 1));
    g_assert_cmpint(locks(db, 4), ==, 4);
    err_set(error, ERR_SCAN_UNKNOWN, "x");
    return FALSE;
}

static gboolean lock_some(struct db *db, void *data, GError **error)
{
    struct db_advisory things[] = {{2, 5}, {1, 9}, {1, 0}, {1, 3}, {2, 5}}, again = {1, 9};
    GError *inner = NULL;
    (void)data;
    g_assert_true(db_advisory_lock(db, things, G_N_ELEMENTS(things), error));
    g_assert_true(db_advisory_lock(db, &again, 1, error));
    g_assert_cmpint(locks(db, 3), ==, 3);
    g_assert_false(db_savepoint(db, lock_and_refuse, NULL, &inner));
    g_clear_error(&inner);
    g_assert_false(db_advisory_locked(db, 1));
    g_assert_true(db_advisory_locked(db, 3) && db_advisory_locked(db, 5) && db_advisory_locked(db, 9));
    g_assert_cmpint(locks(db, 3), ==, 3);
    return TRUE;
}

static void advisory_locks(struct testdb *test)
{
    GError *error = NULL;
    struct db *db = testdb_open(test);
    g_assert_true(db_transaction(db, lock_some, NULL, &error));
    g_assert_no_error(error);
    g_assert_false(db_advisory_locked(db, 3));
    g_assert_cmpint(locks(db, 0), ==, 0);
    db_close(db);
}

static gboolean write_in_snapshot(struct db *db, void *data, GError **error)
{
    (void)data;
    return add(db, 9, "nine", error);
}

struct view {
    struct db *other;
    int64_t before, after;
};

static gboolean look_twice(struct db *db, void *data, GError **error)
{
    struct view *view = data;
    view->before = count(db);
    g_assert_true(add(view->other, 77, "other", error));
    view->after = count(db);
    return TRUE;
}

static void snapshots(struct testdb *test)
{
    GError *error = NULL;
    struct db *db = testdb_open(test);
    struct view view = {.other = testdb_open(test)};
    g_assert_true(db_snapshot(db, look_twice, &view, &error));
    g_assert_cmpint(view.before, ==, 0);
    g_assert_cmpint(view.after, ==, 0);
    g_assert_cmpint(count(db), ==, 1);
    g_assert_false(db_snapshot(db, write_in_snapshot, NULL, &error));
    g_assert_error(error, ERR, ERR_DB_SQL);
    g_clear_error(&error);
    g_assert_cmpint(count(db), ==, 1);
    db_close(view.other);
    db_close(db);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/transaction/rolled-back", rolled_back);
    testdb_add("/transaction/failed-unasked", failed_unasked);
    testdb_add("/transaction/savepoints", savepoints);
    testdb_add("/transaction/advisory-locks", advisory_locks);
    testdb_add("/transaction/snapshots", snapshots);
    return g_test_run();
}

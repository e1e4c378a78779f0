/* SPDX-License-Identifier: MIT
 *
 * Writes of one statement that are sent as one of many rows: what they leave is what they would have left one by one.
 */
#include <string.h>

#include "core/base/error.h"
#include "core/db/rows.h"
#include "tests/support/testdb.h"

enum { ROWS = 1234 }; /* more than wait at once, and no multiple of what goes together */

static const struct sql ADD = {"put_add", "INSERT INTO thing (id, name, bytes, other) VALUES ($1, $2, $3, $4)"};
static const struct sql ADD_UP = {"put_add_up", "INSERT INTO thing (id, name, bytes, other) VALUES ($1, $2, $3, $4) "
                                                "ON CONFLICT (id) DO UPDATE SET other = thing.other + excluded.other"};
static const struct sql MOVE = {"put_move", "UPDATE thing SET other = other + $1, name = $2 WHERE id = $3 AND name = $4"};
static const struct sql REMOVE = {"put_remove", "DELETE FROM thing WHERE id = $1 AND name = $2"};
static const struct sql COUNT = {"put_count", "SELECT COUNT(*) FROM thing"};

static struct db *open_with_table(struct testdb *test)
{
    struct db *db = testdb_open(test);
    testdb_script(db, test->engine == DB_SQLITE
                          ? "CREATE TABLE thing (id INTEGER PRIMARY KEY, name TEXT, bytes BLOB, other INTEGER)"
                          : "CREATE TABLE thing (id BIGINT PRIMARY KEY, name TEXT, bytes BYTEA, other INTEGER)");
    return db;
}

static char *name_of(int64_t id)
{
    return g_strdup_printf("%s{\"%" G_GINT64_FORMAT "\", NULL}", id % 3 ? "" : "名", id);
}

static gboolean add_all(struct db *db, const struct sql *sql, GError **error)
{
    gboolean done = TRUE;
    for (int64_t i = 1; done && i <= ROWS; i++) {
        const unsigned char bytes[3] = {0, (unsigned char)i, 255};
        g_autofree char *name = name_of(i);
        done = db_put(db, sql, DB_ARGS(i, name, i % 5 ? db_blob(bytes, i % 7 ? sizeof bytes : 0) : db_null(), db_ref(i % 2 ? i : 0)),
                      FALSE, error);
    }
    return done;
}

static gboolean adds(struct db *db, void *data, GError **error)
{
    int64_t n = 0;
    (void)data;
    if (!add_all(db, &ADD, error) || db_get_ints(db, &COUNT, DB_NO_ARGS, &n, 1, error) < 0)
        return FALSE;
    g_assert_cmpint(n, ==, ROWS); /* whoever asks sees them */
    return TRUE;
}

static gboolean adds_up(struct db *db, void *data, GError **error)
{
    (void)data;
    return add_all(db, &ADD_UP, error);
}

static gboolean moves(struct db *db, void *data, GError **error)
{
    const int64_t *wrong = data;
    gboolean done = TRUE;
    for (int64_t i = 1; done && i <= 100; i++) {
        g_autofree char *name = name_of(i == *wrong ? -1 : i);
        done = db_put(db, &MOVE, DB_ARGS(1000, "moved", i, name), TRUE, error);
    }
    return done;
}

static gboolean removes(struct db *db, void *data, GError **error)
{
    gboolean done = TRUE;
    (void)data;
    for (int64_t i = 1; done && i <= 50; i++)
        done = db_put(db, &REMOVE, DB_ARGS(i, "moved"), TRUE, error);
    return done;
}

static void row_by_row(struct db *db)
{
    for (int64_t i = 1; i <= ROWS; i++) {
        static const struct sql ONE = {"put_one", "SELECT name, bytes, COALESCE(other, 0) FROM thing WHERE id = $1"};
        g_autoptr(rows) rows = db_query(db, &ONE, DB_ARGS(i), NULL);
        g_autofree char *name = name_of(i);
        size_t length;
        g_assert_cmpint(rows_next(rows, NULL), ==, 1);
        g_assert_cmpstr(rows_text(rows, 0), ==, name);
        g_assert_cmpint(rows_is_null(rows, 1), ==, i % 5 == 0);
        const unsigned char *bytes = rows_blob(rows, 1, &length);
        g_assert_cmpint((int64_t)length, ==, i % 5 && i % 7 ? 3 : 0);
        g_assert_true(length == 0 || bytes[1] == (unsigned char)i);
        g_assert_cmpint(rows_int(rows, 2), ==, i % 2 ? i : 0);
    }
}

static void many(struct testdb *test)
{
    struct db *db = open_with_table(test);
    int64_t none = 0;
    g_assert_true(db_transaction(db, adds, NULL, NULL));
    row_by_row(db);
    g_assert_true(db_transaction(db, moves, &none, NULL));
    g_assert_cmpint(testdb_int(db, "SELECT COUNT(*) FROM thing WHERE name = 'moved'"), ==, 100);
    g_assert_cmpint(testdb_int(db, "SELECT SUM(other) FROM thing WHERE name = 'moved'"), ==, 50 * 1000 + 2500);
    g_assert_true(db_transaction(db, removes, NULL, NULL));
    g_assert_cmpint(testdb_int(db, "SELECT COUNT(*) FROM thing"), ==, ROWS - 50);
    g_assert_true(db_transaction(db, adds_up, NULL, NULL));
    g_assert_cmpint(testdb_int(db, "SELECT COUNT(*) FROM thing"), ==, ROWS);
    g_assert_cmpint(testdb_int(db, "SELECT other FROM thing WHERE id = 1233"), ==, 2466);
    db_close(db);
}

/* One that changes no row takes the others along; so does one that breaks a constraint. */
static void one_fails(struct testdb *test)
{
    struct db *db = open_with_table(test);
    int64_t wrong = 57;
    GError *error = NULL;
    g_assert_true(db_transaction(db, adds, NULL, NULL));
    g_assert_false(db_transaction(db, moves, &wrong, &error));
    g_assert_error(error, ERR, ERR_DB_SERIALIZE);
    g_clear_error(&error);
    g_assert_cmpint(testdb_int(db, "SELECT COUNT(*) FROM thing WHERE name = 'moved'"), ==, 0);
    g_assert_false(db_transaction(db, adds, NULL, &error));
    g_assert_error(error, ERR, ERR_DB_CONSTRAINT);
    g_clear_error(&error);
    row_by_row(db);
    db_close(db);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/put/many", many);
    testdb_add("/put/one-fails", one_fails);
    return g_test_run();
}

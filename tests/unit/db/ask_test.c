/* SPDX-License-Identifier: MIT
 *
 * Questions that are sent without waiting: each gets its own rows, in whatever order they are read, for one wait.
 */
#include "core/base/error.h"
#include "core/db/rows.h"
#include "tests/support/testdb.h"

enum { COUNT, FIND, ALL, WRONG, DIE, ADD, ADD_RETURNING, MARK };

static const struct sql SQL[] = {
    [COUNT] = {"count", "SELECT COUNT(*) FROM owner"},
    [FIND] = {"find", "SELECT id FROM owner WHERE code = $1"},
    [ALL] = {"all", "SELECT id FROM owner WHERE id < $1 ORDER BY id"},
    [WRONG] = {"wrong", "SELECT abs(CAST($1 AS BIGINT) - 9223372036854775807 - 1)"}, /* too much when $1 is 0 */
    [DIE] = {"die", "SELECT pg_terminate_backend(pg_backend_pid())"},
    [ADD] = {"add", "INSERT INTO owner (id, code, name) VALUES ($1, $2, '')"},
    [ADD_RETURNING] = {"add_returning", "INSERT INTO owner (id, code, name) VALUES ($1, $2, '') RETURNING id"},
    [MARK] = {"mark", "UPDATE owner SET name = $2 WHERE id = $1"},
};

static int64_t one(struct rows *rows, GError **error)
{
    int64_t value = rows_next(rows, error) == 1 ? rows_int(rows, 0) : -1;
    rows_close(rows);
    return value;
}

static struct db *open_with_two(struct testdb *test)
{
    struct db *db = testdb_open(test);
    testdb_script(db, "INSERT INTO owner (id, code, name) VALUES (1, 'a', ''), (2, 'b', '')");
    return db;
}

/* The second is not read, the third is read first. */
static gboolean ask_three(struct db *db, void *data, GError **error)
{
    uint64_t before = db_round_trips(db);
    struct rows *count = db_ask(db, &SQL[COUNT], DB_NO_ARGS, error);
    struct rows *found = db_ask(db, &SQL[FIND], DB_ARGS("b"), error);
    struct rows *all = db_ask(db, &SQL[ALL], DB_ARGS(100), error);
    g_assert_cmpuint(db_round_trips(db), ==, before);
    rows_close(found);
    found = db_ask(db, &SQL[FIND], DB_ARGS("none"), error); /* the same statement again */
    g_autoptr(GArray) ids = rows_ints(all, error);
    g_assert_cmpuint(ids->len, ==, 2);
    g_assert_cmpint(g_array_index(ids, int64_t, 1), ==, 2);
    g_assert_cmpint(one(count, error), ==, 2);
    g_assert_cmpint(rows_next(found, error), ==, 0);
    g_assert_cmpuint(db_round_trips(db) - before, ==, db_engine_of(db) == DB_POSTGRES);
    (void)data;
    return TRUE;
}

static void outstanding(struct testdb *test)
{
    GError *error = NULL;
    struct db *db = open_with_two(test);
    for (int i = 0; i < 2; i++) {
        g_assert_true(db_snapshot(db, ask_three, NULL, &error));
        g_assert_true(db_transaction(db, ask_three, NULL, &error));
    }
    g_assert_no_error(error);
    db_close(db);
}

/* Writes go between, a statement that waits brings all along, and what it brought is kept until it is read. */
static gboolean ask_between(struct db *db, void *data, GError **error)
{
    int64_t *id = data, changed;
    g_autofree char *code = g_strdup_printf("%" G_GINT64_FORMAT, ++*id);
    g_autofree char *second = g_strdup_printf("%" G_GINT64_FORMAT "-2", *id);
    struct rows *before = db_ask(db, &SQL[FIND], DB_ARGS("b"), error);
    g_assert_true(db_exec(db, &SQL[ADD], DB_ARGS(*id, code), NULL, error));
    struct rows *added = db_ask(db, &SQL[ADD_RETURNING], DB_ARGS(*id + 1000, second), error);
    struct rows *all = db_ask(db, &SQL[ALL], DB_ARGS(3), error);
    g_assert_cmpint(one(added, error), ==, *id + 1000);
    g_assert_true(db_exec(db, &SQL[MARK], DB_ARGS(*id + 1000, "x"), &changed, error));
    g_assert_cmpint(changed, ==, 1);
    g_assert_cmpint(one(all, error), ==, 1);
    g_assert_cmpint(one(before, error), ==, 2);
    before = db_ask(db, &SQL[FIND], DB_ARGS("b"), error); /* neither read nor closed */
    return before != NULL;
}

static void between_writes(struct testdb *test)
{
    GError *error = NULL;
    int64_t id = 10;
    struct db *db = open_with_two(test);
    for (int i = 0; i < 3; i++)
        g_assert_true(db_transaction(db, ask_between, &id, &error));
    g_assert_no_error(error);
    g_assert_cmpint(testdb_int(db, SQL[COUNT].text), ==, 2 + 3 * 2);
    db_close(db);
}

/* More than a link takes without being settled. */
static gboolean ask_and_write_much(struct db *db, void *data, GError **error)
{
    struct rows *count = db_ask(db, &SQL[COUNT], DB_NO_ARGS, error);
    for (int64_t i = 0; i < GPOINTER_TO_INT(data); i++) {
        g_autofree char *code = g_strdup_printf("%2000d", (int)i);
        struct rows *added = db_ask(db, &SQL[ADD_RETURNING], DB_ARGS(i + 10, code), error);
        rows_close(added);
    }
    struct rows *all = db_ask(db, &SQL[ALL], DB_ARGS(100000), error);
    g_autoptr(GArray) ids = rows_ints(all, error);
    g_assert_nonnull(ids);
    g_assert_cmpint(one(count, error), >=, 0);
    return TRUE;
}

static void much(struct testdb *test)
{
    static const int COUNTS[] = {1, 251, 252, 253, 254, 255, 256, 257, 258, 1000};
    struct db *db = testdb_open(test);
    for (size_t i = 0; i < G_N_ELEMENTS(COUNTS); i++) {
        GError *error = NULL;
        g_assert_true(db_transaction(db, ask_and_write_much, GINT_TO_POINTER(COUNTS[i]), &error));
        g_assert_no_error(error);
        testdb_script(db, "DELETE FROM owner");
    }
    db_close(db);
}

static gboolean ask_wrong(struct db *db, void *data, GError **error)
{
    GError *first = NULL, *later = NULL;
    struct rows *count = db_ask(db, &SQL[COUNT], DB_NO_ARGS, error);
    struct rows *wrong = db_ask(db, &SQL[WRONG], DB_ARGS(0), error);
    struct rows *all = db_ask(db, &SQL[ALL], DB_ARGS(100), error);
    g_assert_cmpint(one(count, error), ==, 2);
    g_assert_cmpint(rows_next(wrong, &first), ==, -1);
    g_assert_error(first, ERR, ERR_DB_SQL);
    if (db_engine_of(db) == DB_POSTGRES) {
        g_assert_cmpint(rows_next(all, &later), ==, -1);
        g_assert_cmpstr(later->message, ==, first->message);
    }
    g_clear_error(&first);
    g_clear_error(&later);
    (void)data;
    db_exec(db, &SQL[MARK], DB_ARGS(1, "x"), NULL, NULL);
    return TRUE;
}

/* Nobody reads what has failed; what was asked before it is read. */
static gboolean leave_wrong(struct db *db, void *data, GError **error)
{
    struct rows *count = db_ask(db, &SQL[COUNT], DB_NO_ARGS, error);
    struct rows *wrong = db_ask(db, &SQL[WRONG], DB_ARGS(0), error);
    g_assert_cmpint(one(count, error), ==, 2);
    if (db_engine_of(db) == DB_SQLITE) /* it runs when it is read */
        rows_next(wrong, NULL);
    (void)data;
    return TRUE;
}

static gboolean ask_later(struct db *db, void *data, GError **error)
{
    (void)data;
    return one(db_ask(db, &SQL[ALL], DB_ARGS(100), error), error) == 1;
}

static void failed(struct testdb *test)
{
    static const db_work WORKS[] = {ask_wrong, leave_wrong};
    struct db *db = open_with_two(test);
    for (size_t i = 0; i < 2 * G_N_ELEMENTS(WORKS); i++) {
        GError *error = NULL;
        gboolean (*run)(struct db *, db_work, void *, GError **) = i & 1 ? db_snapshot : db_transaction;
        g_assert_false(run(db, WORKS[i / 2], NULL, &error));
        g_assert_error(error, ERR, ERR_DB_SQL);
        g_clear_error(&error);
        g_assert_true(run(db, ask_later, NULL, &error)); /* prepared anew, when it was not */
        g_assert_no_error(error);
    }
    g_assert_cmpint(testdb_int(db, "SELECT COUNT(*) FROM owner WHERE name = 'x'"), ==, 0);
    db_close(db);
}

static gboolean mark_second(struct db *db, void *data, GError **error)
{
    (void)data;
    return db_exec(db, &SQL[MARK], DB_ARGS(2, "x"), NULL, error);
}

/* Where the server has skipped the preparation of what came after the failure. */
static gboolean add_twice_and_mark(struct db *db, void *data, GError **error)
{
    db_exec(db, &SQL[ADD], DB_ARGS(1, "c"), NULL, NULL);
    mark_second(db, data, NULL);
    (void)error;
    return TRUE;
}

static void skipped_preparation(struct testdb *test)
{
    GError *error = NULL;
    struct db *db = open_with_two(test);
    g_assert_false(db_transaction(db, add_twice_and_mark, NULL, &error));
    g_assert_error(error, ERR, ERR_DB_CONSTRAINT);
    g_clear_error(&error);
    g_assert_true(db_transaction(db, mark_second, NULL, &error));
    g_assert_no_error(error);
    g_assert_cmpint(testdb_int(db, "SELECT COUNT(*) FROM owner WHERE name = 'x'"), ==, 1);
    db_close(db);
}

/* Asked inside of a savepoint that is undone, and read after it. */
static gboolean ask_and_refuse(struct db *db, void *data, GError **error)
{
    struct rows **all = data;
    *all = db_ask(db, &SQL[ALL], DB_ARGS(100), error);
    return FALSE;
}

static gboolean ask_around(struct db *db, void *data, GError **error)
{
    struct rows *count = db_ask(db, &SQL[COUNT], DB_NO_ARGS, error), *all = NULL;
    (void)data;
    g_assert_false(db_savepoint(db, ask_and_refuse, &all, error));
    g_assert_cmpint(one(all, error), ==, 1);
    g_assert_cmpint(one(count, error), ==, 2);
    return TRUE;
}

static void in_savepoint(struct testdb *test)
{
    GError *error = NULL;
    struct db *db = open_with_two(test);
    g_assert_true(db_transaction(db, ask_around, NULL, &error));
    g_assert_no_error(error);
    db_close(db);
}

static gboolean ask_and_die(struct db *db, void *data, GError **error)
{
    int *calls = data;
    struct rows *count = db_ask(db, &SQL[COUNT], DB_NO_ARGS, error);
    if (++*calls == 1)
        g_assert_nonnull(db_ask(db, &SQL[DIE], DB_NO_ARGS, error));
    struct rows *all = db_ask(db, &SQL[ALL], DB_ARGS(100), error);
    return one(all, error) == 1 && one(count, error) == 2;
}

/* It runs again on a new link, and nothing of the old one is left. */
static void lost(struct testdb *test)
{
    GError *error = NULL;
    int calls = 0;
    struct db *db = open_with_two(test);
    if (test->engine == DB_POSTGRES) {
        g_assert_true(db_transaction(db, ask_and_die, &calls, &error));
        g_assert_no_error(error);
        g_assert_cmpint(calls, ==, 2);
    }
    db_close(db);
}

struct kept {
    struct rows *rows;
    int tries;
    int64_t counted;
};

static gboolean ask_and_lose(struct db *db, void *data, GError **error)
{
    struct kept *kept = data;
    g_autoptr(GError) told = NULL;
    if (kept->tries++ == 0) {
        kept->rows = db_ask(db, &SQL[COUNT], DB_NO_ARGS, error);
        return one(db_query(db, &SQL[DIE], DB_NO_ARGS, error), error) >= 0;
    }
    g_assert_cmpint(rows_next(kept->rows, &told), ==, -1);
    g_assert_nonnull(told);
    rows_close(kept->rows);
    kept->counted = one(db_query(db, &SQL[COUNT], DB_NO_ARGS, error), error);
    return kept->counted >= 0;
}

/* Whoever asked still has the rows when the link is another one: they are closed, and the statement is used again. */
static void kept_over_a_link(struct testdb *test)
{
    GError *error = NULL;
    struct kept kept = {NULL, 0, 0};
    if (test->engine == DB_SQLITE) {
        g_test_skip("SQLite has no link to lose");
        return;
    }
    struct db *db = open_with_two(test);
    g_assert_true(db_snapshot(db, ask_and_lose, &kept, &error));
    g_assert_no_error(error);
    g_assert_cmpint(kept.tries, ==, 2);
    g_assert_cmpint(kept.counted, ==, 2);
    db_close(db);
}

static void alone(struct testdb *test)
{
    GError *error = NULL;
    struct db *db = open_with_two(test);
    g_assert_cmpint(one(db_ask(db, &SQL[COUNT], DB_NO_ARGS, &error), &error), ==, 2);
    g_assert_no_error(error);
    g_assert_null(db_ask(db, &SQL[ADD_RETURNING], DB_ARGS(3, "c"), &error));
    g_assert_error(error, ERR, ERR_DB_SQL);
    g_clear_error(&error);
    db_close(db);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/ask/outstanding", outstanding);
    testdb_add("/ask/between-writes", between_writes);
    testdb_add("/ask/much", much);
    testdb_add("/ask/failed", failed);
    testdb_add("/ask/skipped-preparation", skipped_preparation);
    testdb_add("/ask/in-savepoint", in_savepoint);
    testdb_add("/ask/lost", lost);
    testdb_add("/ask/kept-over-a-link", kept_over_a_link);
    testdb_add("/ask/alone", alone);
    return g_test_run();
}

/* SPDX-License-Identifier: MIT
 *
 * A write that has to find its rows as they were read: when it does not, nothing of its transaction is kept.
 */
#include "core/base/error.h"
#include "tests/support/testdb.h"

static const struct sql ADD = {"add", "INSERT INTO owner (id, code, name) VALUES ($1, $2, 'old')"};
static const struct sql SWAP = {"swap", "UPDATE owner SET name = $3 WHERE id = $1 AND name = $2"};
static const struct sql SWAP_ALL = {"swap_all", "UPDATE owner SET name = $3 WHERE id {in:$1} AND name = $2"};
static const struct sql ADD_NEW = {"add_new", "INSERT INTO owner (id, code, name) VALUES ($1, $2, 'old') "
                                              "ON CONFLICT DO NOTHING"};
static const struct sql REMOVE = {"remove", "DELETE FROM owner WHERE name = $1"};

struct swap {
    const char *from;
    int calls;
    gboolean plain_first, saved; /* inside of a savepoint */
};

static gboolean swap_in(struct db *db, void *data, GError **error)
{
    const struct swap *swap = data;
    return db_must_change(db, &SWAP, DB_ARGS(1, swap->from, "new"), 1, error);
}

/* What it says is not looked at, and more is written after it. */
static gboolean swap_and_go_on(struct db *db, void *data, GError **error)
{
    struct swap *swap = data;
    swap->calls++;
    if (swap->plain_first && !db_exec(db, &SWAP, DB_ARGS(2, "none", "new"), NULL, error))
        return FALSE;
    if (swap->saved)
        db_savepoint(db, swap_in, swap, NULL);
    else
        swap_in(db, swap, NULL);
    db_exec(db, &SWAP, DB_ARGS(2, "old", "new"), NULL, NULL);
    db_exec(db, &ADD, DB_ARGS(swap->calls + 10, "x"), NULL, NULL);
    return TRUE;
}

static int64_t count(struct db *db, const char *name)
{
    g_autofree char *text = g_strdup_printf("SELECT COUNT(*) FROM owner WHERE name = '%s'", name);
    return testdb_int(db, text);
}

static struct db *open_with_two(struct testdb *test)
{
    struct db *db = testdb_open(test);
    testdb_script(db, "INSERT INTO owner (id, code, name) VALUES (1, 'a', 'old'), (2, 'b', 'old')");
    return db;
}

/* As often as it is tried for any other conflict, the first time and when the statement was run before. */
static void missed(struct testdb *test)
{
    struct db *db = open_with_two(test);
    for (int i = 0; i < 8; i++) {
        GError *error = NULL;
        struct swap swap = {.from = "other", .plain_first = i & 1, .saved = i & 2};
        g_assert_false(db_transaction(db, swap_and_go_on, &swap, &error));
        g_assert_error(error, ERR, ERR_DB_SERIALIZE);
        g_clear_error(&error);
        g_assert_cmpint(swap.calls, ==, 4);
        g_assert_cmpint(count(db, "old"), ==, 2);
        g_assert_cmpint(count(db, "new"), ==, 0);
    }
    db_close(db);
}

static void found(struct testdb *test)
{
    GError *error = NULL;
    struct db *db = open_with_two(test);
    struct swap swap = {.from = "old", .plain_first = TRUE};
    g_assert_true(db_transaction(db, swap_and_go_on, &swap, &error));
    g_assert_no_error(error);
    g_assert_cmpint(swap.calls, ==, 1);
    g_assert_cmpint(count(db, "new"), ==, 2);
    db_close(db);
}

static gboolean several_kinds(struct db *db, void *data, GError **error)
{
    (void)data;
    return db_must_change(db, &SWAP_ALL, DB_ARGS("[1,2,3]", "old", "new"), 2, error) &&
           db_must_change(db, &ADD_NEW, DB_ARGS(3, "c"), 1, error) &&
           db_must_change(db, &ADD_NEW, DB_ARGS(3, "c"), 0, error) &&
           db_must_change(db, &REMOVE, DB_ARGS("new"), 2, error);
}

static void kinds(struct testdb *test)
{
    GError *error = NULL;
    struct db *db = open_with_two(test);
    g_assert_true(db_transaction(db, several_kinds, NULL, &error));
    g_assert_no_error(error);
    g_assert_cmpint(testdb_int(db, "SELECT COUNT(*) FROM owner"), ==, 1);
    db_close(db);
}

static gboolean add_one_twice(struct db *db, void *data, GError **error)
{
    int *calls = data;
    ++*calls;
    return db_must_change(db, &ADD, DB_ARGS(1, "x"), 1, error);
}

/* Any other failure of it is what it is with db_exec(). */
static void other_failure(struct testdb *test)
{
    GError *error = NULL;
    int calls = 0;
    struct db *db = open_with_two(test);
    g_assert_false(db_transaction(db, add_one_twice, &calls, &error));
    g_assert_error(error, ERR, ERR_DB_CONSTRAINT);
    g_assert_cmpint(calls, ==, 1);
    g_clear_error(&error);
    db_close(db);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/must-change/missed", missed);
    testdb_add("/must-change/found", found);
    testdb_add("/must-change/kinds", kinds);
    testdb_add("/must-change/other-failure", other_failure);
    return g_test_run();
}

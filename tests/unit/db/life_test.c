/* SPDX-License-Identifier: MIT
 *
 * A life is seen by every other connection for as long as its own is open, and no longer.
 */
#include "core/db/life.h"

#include "core/base/error.h"
#include "tests/support/testdb.h"

enum { PATIENCE_S = 30 };

static int64_t begin(struct db *db)
{
    GError *error = NULL;
    int64_t life = db_life_begin(db, &error);
    g_assert_no_error(error);
    g_assert_cmpint(life, >, 0);
    return life;
}

static gboolean lived(struct db *db, int64_t life)
{
    GError *error = NULL;
    const int64_t lives[] = {0, life, life + 2};
    gboolean seen[G_N_ELEMENTS(lives)];
    g_assert_true(db_lives(db, lives, seen, G_N_ELEMENTS(lives), &error));
    g_assert_no_error(error);
    g_assert_false(seen[0]);
    g_assert_false(seen[2]);
    return seen[1];
}

/* A server needs a moment to see that a connection is gone. */
static void ends_soon(struct db *db, int64_t life)
{
    int64_t until = g_get_monotonic_time() + PATIENCE_S * G_USEC_PER_SEC;
    while (lived(db, life) && g_get_monotonic_time() < until)
        g_thread_yield();
    g_assert_false(lived(db, life));
}

static void ends_with_its_connection(struct testdb *test)
{
    struct db *one = testdb_open(test), *other = testdb_open(test);
    int64_t first = begin(one), second = begin(one);
    g_assert_cmpint(first, !=, second);
    g_assert_true(lived(one, second));
    g_assert_true(lived(other, first));
    g_assert_true(lived(other, second));
    g_assert_false(lived(other, 8));
    db_close(one);
    ends_soon(other, first);
    ends_soon(other, second);
    db_close(other);
}

/* At once, or when the server has noticed that the connection before is gone. */
static void goes_on_when_opened_anew(struct testdb *test)
{
    GError *error = NULL;
    struct db *one = testdb_open(test), *other = testdb_open(test);
    int64_t life = begin(one);
    g_assert_true(db_reconnect(one, &error));
    g_assert_no_error(error);
    if (test->engine == DB_SQLITE)
        g_assert_true(lived(other, life));
    begin(one);
    db_close(one);
    ends_soon(other, life);
    db_close(other);
}

static gboolean begin_and_fail(struct db *db, void *data, GError **error)
{
    int64_t *life = data;
    *life = db_life_begin(db, error);
    err_set(error, ERR_DB_FULL, "");
    return FALSE;
}

/* A transaction that is undone does not undo it. */
static void outlives_a_transaction(struct testdb *test)
{
    struct db *one = testdb_open(test), *other = testdb_open(test);
    int64_t life = 0;
    g_assert_false(db_transaction(one, begin_and_fail, &life, NULL));
    g_assert_true(lived(other, life));
    db_close(one);
    db_close(other);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/life/ends_with_its_connection", ends_with_its_connection);
    testdb_add("/life/goes_on_when_opened_anew", goes_on_when_opened_anew);
    testdb_add("/life/outlives_a_transaction", outlives_a_transaction);
    return g_test_run();
}

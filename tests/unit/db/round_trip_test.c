/* SPDX-License-Identifier: MIT
 *
 * What a transaction costs on a network: how often its connection waits for the server.
 */
#include "core/base/error.h"
#include "core/db/rows.h"
#include "tests/support/testdb.h"

static const struct sql ADD = {"add", "INSERT INTO owner (id, code, name) VALUES ($1, $2, '')"};
static const struct sql COUNT = {"count", "SELECT COUNT(*) FROM owner"};

static gboolean add_two(struct db *db, void *data, GError **error)
{
    int64_t *id = data;
    for (int i = 0; i < 2; i++) {
        g_autofree char *code = g_strdup_printf("%" G_GINT64_FORMAT, ++*id);
        if (!db_exec(db, &ADD, DB_ARGS(*id, code), NULL, error))
            return FALSE;
    }
    return TRUE;
}

static gboolean add_two_and_count(struct db *db, void *data, GError **error)
{
    int64_t n;
    return add_two(db, data, error) && db_get_ints(db, &COUNT, DB_NO_ARGS, &n, 1, error) == 1;
}

static uint64_t cost(struct db *db, db_work work, int64_t *id)
{
    uint64_t before = db_round_trips(db);
    g_assert_true(db_transaction(db, work, id, NULL));
    return db_round_trips(db) - before;
}

/* Where every statement is prepared first, and where it was before. */

static void counted(struct testdb *test)
{
    struct db *db = testdb_open(test);
    int64_t id = 0, n;
    const uint64_t once = test->engine == DB_POSTGRES;
    for (int i = 0; i < 2; i++) {
        g_assert_cmpuint(cost(db, add_two, &id), ==, once);
        g_assert_cmpuint(cost(db, add_two_and_count, &id), ==, 2 * once);
    }
    uint64_t before = db_round_trips(db);
    g_assert_cmpint(db_get_ints(db, &COUNT, DB_NO_ARGS, &n, 1, NULL), ==, 1);
    g_assert_cmpint(n, ==, 8);
    g_assert_cmpuint(db_round_trips(db) - before, ==, once);
    g_assert_true(db_reconnect(db, NULL));
    g_assert_cmpuint(db_round_trips(db), >=, before);
    db_close(db);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/round-trips/counted", counted);
    return g_test_run();
}

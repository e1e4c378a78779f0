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

static gboolean count_in(struct db *db, void *data, GError **error)
{
    return db_get_ints(db, &COUNT, DB_NO_ARGS, data, 1, error) == 1;
}

/* Nobody waits for a snapshot to end, and nothing of it stands in the way of what comes after. */
static void snapshots(struct testdb *test)
{
    struct db *db = testdb_open(test);
    const uint64_t once = test->engine == DB_POSTGRES;
    int64_t id = 0, n = 0;
    for (int i = 0; i < 3; i++) {
        uint64_t before = db_round_trips(db);
        g_assert_true(db_snapshot(db, count_in, &n, NULL));
        g_assert_cmpint(n, ==, 2 * i);
        g_assert_cmpuint(db_round_trips(db) - before, ==, once);
        g_assert_cmpuint(cost(db, add_two, &id), ==, once);
    }
    g_assert_true(db_snapshot(db, count_in, &n, NULL));
    g_assert_true(db_reconnect(db, NULL));
    db_close(db);
}

/* What is asked outside of a transaction travels together too; not read, it is in nobody's way. */
static void asked_outside(struct testdb *test)
{
    static const struct sql OTHER = {"other", "SELECT MAX(id) FROM owner"};
    struct db *db = testdb_open(test);
    int64_t id = 0;
    add_two(db, &id, NULL);
    uint64_t before = db_round_trips(db);
    struct rows *count = db_ask(db, &COUNT, DB_NO_ARGS, NULL), *other = db_ask(db, &OTHER, DB_NO_ARGS, NULL);
    g_assert_cmpint(rows_next(count, NULL), ==, 1);
    g_assert_cmpint(rows_next(other, NULL), ==, 1);
    g_assert_cmpint(rows_int(count, 0) + rows_int(other, 0), ==, 4);
    g_assert_cmpuint(db_round_trips(db) - before, ==, test->engine == DB_POSTGRES);
    rows_close(count);
    rows_close(other);
    rows_close(db_ask(db, &COUNT, DB_NO_ARGS, NULL));
    cost(db, add_two, &id);
    db_close(db);
}

struct ahead {
    struct rows *rows;
    unsigned calls;
    gboolean wrong; /* what is asked fails */
};

static void ask_ahead(struct db *db, void *data)
{
    static const struct sql WRONG = {"wrong", "SELECT id / (id - id) FROM owner"};
    struct ahead *ahead = data;
    ahead->calls++;
    ahead->rows = db_ask(db, ahead->wrong ? &WRONG : &COUNT, DB_NO_ARGS, NULL);
}

static gboolean add_again(struct db *db, void *data, GError **error)
{
    (void)data;
    return db_exec(db, &ADD, DB_ARGS(1, "twice"), NULL, error);
}

static gboolean move_none(struct db *db, void *data, GError **error)
{
    static const struct sql MOVE = {"move", "UPDATE owner SET name = 'x' WHERE id = $1"};
    (void)data;
    return db_must_find(db, &MOVE, DB_ARGS(-1), error);
}

/* Rows that travel with the commit are as they are after it; when it fails, so do they; when they fail, it does not. */
static void asked_after(struct testdb *test)
{
    struct db *db = testdb_open(test);
    struct ahead ahead = {.calls = 0};
    int64_t id = 0;
    GError *error = NULL;
    const unsigned asks = test->engine == DB_POSTGRES;
    db_ask_after(db, ask_ahead, &ahead);
    g_assert_cmpuint(cost(db, add_two, &id), ==, asks);
    g_assert_cmpuint(ahead.calls, ==, asks);
    if (asks) {
        uint64_t before = db_round_trips(db);
        g_assert_cmpint(rows_next(ahead.rows, NULL), ==, 1);
        g_assert_cmpint(rows_int(ahead.rows, 0), ==, 2);
        g_assert_cmpuint(db_round_trips(db), ==, before);
    }
    g_assert_false(db_transaction(db, add_again, NULL, &error)); /* the rows of the one before are closed by it */
    g_assert_error(error, ERR, ERR_DB_CONSTRAINT);
    g_clear_error(&error);
    if (asks)
        g_assert_cmpint(rows_next(ahead.rows, NULL), ==, -1);
    g_assert_false(db_transaction(db, move_none, NULL, &error));
    g_assert_error(error, ERR, ERR_WRITER_LOST);
    g_clear_error(&error);
    ahead.wrong = TRUE;
    g_assert_cmpuint(cost(db, add_two, &id), ==, asks);
    if (asks)
        g_assert_cmpint(rows_next(ahead.rows, NULL), ==, -1);
    db_ask_after(db, NULL, NULL);
    g_assert_cmpint(testdb_int(db, "SELECT COUNT(*) FROM owner"), ==, 4);
    db_close(db);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/round-trips/counted", counted);
    testdb_add("/round-trips/snapshots", snapshots);
    testdb_add("/round-trips/asked-outside", asked_outside);
    testdb_add("/round-trips/asked-after", asked_after);
    return g_test_run();
}

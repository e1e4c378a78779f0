/* SPDX-License-Identifier: MIT
 *
 * What a server can do to a transaction: deadlocks, links lost before and at COMMIT, and silence.
 */
#include <signal.h>

#include "core/base/error.h"
#include "tests/support/testdb.h"

enum { CONFLICT, KILL_ME, ADD, BUMP, COUNT };

static const struct sql SQL[] = {
    [CONFLICT] = {"conflict", "DO $$ BEGIN RAISE EXCEPTION 'conflict' USING ERRCODE = '40001'; END $$"},
    [KILL_ME] = {"kill_me", "SELECT pg_terminate_backend(pg_backend_pid())"},
    [ADD] = {"add", "INSERT INTO owner (id, code, name) VALUES ($1, $2, '')"},
    [BUMP] = {"bump", "UPDATE owner SET name = $2 WHERE id = $1"},
    [COUNT] = {"count", "SELECT COUNT(*) FROM owner"},
};

struct work {
    int calls, failures; /* the first so many calls fail */
};

static gboolean fail_at_first(struct db *db, void *data, GError **error)
{
    struct work *work = data;
    if (!db_exec(db, &SQL[ADD], DB_ARGS(work->calls + 1, "a"), NULL, error))
        return FALSE;
    if (work->calls++ < work->failures)
        return db_exec(db, &SQL[CONFLICT], DB_NO_ARGS, NULL,
                       NULL); /* fn's own error, or none, does not matter */
    return TRUE;
}

static void conflicts(struct testdb *test)
{
    GError *error = NULL;
    if (test->engine == DB_SQLITE)
        return; /* one writer at a time: nothing to conflict with */
    struct db *db = testdb_open(test);
    struct work work = {.failures = 3};
    g_assert_true(db_transaction(db, fail_at_first, &work, &error));
    g_assert_no_error(error);
    g_assert_cmpint(work.calls, ==, 4);
    g_assert_cmpint(testdb_int(db, "SELECT id FROM owner"), ==, 4);
    testdb_script(db, "DELETE FROM owner");
    work = (struct work){.failures = 100};
    g_assert_false(db_transaction(db, fail_at_first, &work, &error));
    g_assert_cmpint(work.calls, ==, 4);
    g_assert_cmpint(testdb_int(db, "SELECT COUNT(*) FROM owner"), ==, 0);
    g_clear_error(&error);
    db_close(db);
}

/* --- deadlock ------------------------------------------------------------------------------------------- */

struct meeting {
    GMutex mutex;
    GCond both_here;
    int here;
};

struct side {
    const struct testdb *test;
    struct meeting *meeting;
    int64_t first, second;
    int calls;
};

static void meet(struct meeting *meeting)
{
    g_mutex_lock(&meeting->mutex);
    meeting->here++;
    g_cond_broadcast(&meeting->both_here);
    while (meeting->here < 2)
        g_cond_wait(&meeting->both_here, &meeting->mutex);
    g_mutex_unlock(&meeting->mutex);
}

static gboolean cross(struct db *db, void *data, GError **error)
{
    struct side *side = data;
    int64_t changed; /* asked for, so that the row is held when the two meet */
    side->calls++;
    if (!db_exec(db, &SQL[BUMP], DB_ARGS(side->first, "x"), &changed, error))
        return FALSE;
    meet(side->meeting);
    return db_exec(db, &SQL[BUMP], DB_ARGS(side->second, "x"), NULL, error);
}

static gpointer run_side(gpointer data)
{
    struct side *side = data;
    GError *error = NULL;
    struct db *db = testdb_open(side->test);
    db_transaction(db, cross, side, &error);
    g_assert_no_error(error);
    db_close(db);
    return NULL;
}

static void deadlock(struct testdb *test)
{
    if (test->engine == DB_SQLITE)
        return;
    struct db *db = testdb_open(test);
    testdb_script(db, "INSERT INTO owner (id, code, name) VALUES (1, 'a', ''), (2, 'b', '')");
    struct meeting meeting = {.here = 0};
    g_mutex_init(&meeting.mutex);
    g_cond_init(&meeting.both_here);
    struct side left = {test, &meeting, 1, 2, 0}, right = {test, &meeting, 2, 1, 0};
    GThread *thread = g_thread_new("left", run_side, &left);
    run_side(&right);
    g_thread_join(thread);
    /* one is aborted and comes again; on a busy machine the server may abort both */
    g_assert_cmpint(left.calls + right.calls, >=, 3);
    g_assert_cmpint(testdb_int(db, "SELECT COUNT(*) FROM owner WHERE name = 'x'"), ==, 2);
    g_mutex_clear(&meeting.mutex);
    g_cond_clear(&meeting.both_here);
    db_close(db);
}

/* --- lost links ----------------------------------------------------------------------------------------- */

static gboolean lose_at_first(struct db *db, void *data, GError **error)
{
    struct work *work = data;
    int64_t killed;
    if (!db_exec(db, &SQL[ADD], DB_ARGS(1, "a"), NULL, error))
        return FALSE;
    return work->calls++ >= work->failures ||
           db_get_ints(db, &SQL[KILL_ME], DB_NO_ARGS, &killed, 1, error) == 1;
}

/* Nothing was kept for sure, so it is done again over a new link. */
static void lost_before_commit(struct testdb *test)
{
    GError *error = NULL;
    if (test->engine == DB_SQLITE)
        return;
    struct db *db = testdb_open(test);
    struct work work = {.failures = 1};
    g_assert_true(db_transaction(db, lose_at_first, &work, &error));
    g_assert_no_error(error);
    g_assert_cmpint(work.calls, ==, 2);
    work = (struct work){.failures = 100};
    testdb_script(db, "DELETE FROM owner");
    g_assert_false(db_transaction(db, lose_at_first, &work, &error));
    g_assert_error(error, ERR, ERR_DB_LOST);
    g_clear_error(&error);
    g_assert_cmpint(work.calls, ==, 2);
    g_assert_cmpint(testdb_int(db, "SELECT COUNT(*) FROM owner"), ==, 0); /* and the link is back by itself */
    db_close(db);
}

/* The outcome is unknown: it is never repeated blindly. */
static void lost_at_commit(struct testdb *test)
{
    GError *error = NULL;
    if (test->engine == DB_SQLITE)
        return;
    struct db *db = testdb_open(test);
    testdb_script(db, "CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS"
                      " $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NULL; END $$;"
                      "CREATE CONSTRAINT TRIGGER die AFTER INSERT ON owner DEFERRABLE INITIALLY DEFERRED"
                      " FOR EACH ROW EXECUTE FUNCTION die()");
    struct work work = {.failures = 0};
    g_assert_false(db_transaction(db, fail_at_first, &work, &error));
    g_assert_error(error, ERR, ERR_DB_LOST);
    g_clear_error(&error);
    g_assert_cmpint(work.calls, ==, 1);
    g_assert_cmpint(testdb_int(db, "SELECT COUNT(*) FROM owner"), ==, 0);
    db_close(db);
}

/* A station that was idle while the server restarted. */
static void lost_while_idle(struct testdb *test)
{
    GError *error = NULL;
    int64_t killed;
    if (test->engine == DB_SQLITE)
        return;
    struct db *db = testdb_open(test), *other = testdb_open(test);
    static const struct sql KILL_OTHERS = {
        "kill_others", "SELECT COUNT(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity"
                       " WHERE datname = current_database() AND pid <> pg_backend_pid()"};
    g_assert_cmpint(db_get_ints(other, &KILL_OTHERS, DB_NO_ARGS, &killed, 1, &error), ==, 1);
    g_assert_cmpint(killed, ==, 1);
    g_assert_true(db_exec(db, &SQL[ADD], DB_ARGS(1, "a"), NULL, &error));
    g_assert_no_error(error);
    g_assert_cmpint(db_get_ints(db, &KILL_OTHERS, DB_NO_ARGS, &killed, 1, &error), ==, 1);
    g_assert_true(db_reconnect(other, &error));
    g_assert_cmpint(testdb_int(other, "SELECT id FROM owner"), ==, 1);
    db_close(other);
    db_close(db);
}

/* --- a server that hangs, its link alive ---------------------------------------------------------------- */

enum { PATIENCE_MS = 400, DEADLINE_S = 60 };

struct stopped {
    int calls;
    pid_t backend;
};

static pid_t backend_of(struct db *db)
{
    return (pid_t)testdb_int(db, "SELECT pg_backend_pid()");
}

/* Only now is the patience short: before, a busy machine may take its time. */
static void stop_backend(struct db *db, const struct stopped *stopped)
{
    kill(stopped->backend, SIGSTOP);
    db_set_patience(db, PATIENCE_MS);
}

/* Its backend hangs from here on, in the middle or just before COMMIT. */
static gboolean add_and_stop(struct db *db, void *data, GError **error)
{
    struct stopped *stopped = data;
    int64_t changed;
    stopped->calls++;
    if (!db_exec(db, &SQL[ADD], DB_ARGS(1, "a"), &changed, error))
        return FALSE;
    stop_backend(db, stopped);
    return TRUE;
}

static gboolean stop_and_add(struct db *db, void *data, GError **error)
{
    int64_t changed;
    return add_and_stop(db, data, error) &&
           db_exec(db, &SQL[ADD], DB_ARGS(2, "b"), &changed, error);
}

/* The backend goes on with what it was sent, finds nobody there and ends. */
static void wake_up(struct db *other, pid_t backend)
{
    int64_t deadline_us = g_get_monotonic_time() + DEADLINE_S * G_USEC_PER_SEC;
    char *text = g_strdup_printf("SELECT COUNT(*) FROM pg_stat_activity WHERE pid = %d", (int)backend);
    kill(backend, SIGCONT);
    while (testdb_int(other, text) > 0)
        g_assert_cmpint(g_get_monotonic_time(), <, deadline_us);
    g_free(text);
}

static void hangs_before_commit(struct testdb *test)
{
    GError *error = NULL;
    if (test->engine == DB_SQLITE)
        return;
    struct db *db = testdb_open(test), *other = testdb_open(test);
    struct stopped stopped = {.backend = backend_of(db)};
    g_assert_false(db_transaction(db, stop_and_add, &stopped, &error));
    g_assert_error(error, ERR, ERR_DB_LOST);
    g_clear_error(&error);
    g_assert_cmpint(stopped.calls, ==, 1); /* a server that hangs is not asked again at once */
    db_set_patience(db, DB_PATIENCE_MS);
    wake_up(other, stopped.backend);
    g_assert_cmpint(testdb_int(db, "SELECT COUNT(*) FROM owner"), ==, 0); /* over a new link */
    db_close(other);
    db_close(db);
}

/* Whether it was kept is unknown until the backend goes on; it is not repeated. */
static void hangs_at_commit(struct testdb *test)
{
    GError *error = NULL;
    if (test->engine == DB_SQLITE)
        return;
    struct db *db = testdb_open(test), *other = testdb_open(test);
    struct stopped stopped = {.backend = backend_of(db)};
    g_assert_false(db_transaction(db, add_and_stop, &stopped, &error));
    g_assert_error(error, ERR, ERR_DB_LOST);
    g_clear_error(&error);
    g_assert_cmpint(stopped.calls, ==, 1);
    db_set_patience(db, DB_PATIENCE_MS);
    wake_up(other, stopped.backend);
    g_assert_cmpint(testdb_int(db, "SELECT COUNT(*) FROM owner"), ==, 1);
    db_close(other);
    db_close(db);
}

/* Rows by the megabyte: the buffer of the socket is full, and nobody reads it. */
static gboolean stop_and_copy(struct db *db, void *data, GError **error)
{
    enum { ROWS = 20000 };
    struct stopped *stopped = data;
    GString *name = g_string_new(NULL);
    for (int i = 0; i < 200; i++)
        g_string_append_c(name, 'x');
    struct db_value *values = g_new0(struct db_value, ROWS * 3);
    for (int i = 0; i < ROWS; i++) {
        values[i * 3] = db_int(i + 1);
        values[i * 3 + 1] = db_int(i + 1);
        values[i * 3 + 2] = db_text(name->str);
    }
    int64_t none;
    db_get_ints(db, &SQL[COUNT], DB_NO_ARGS, &none, 1, NULL); /* BEGIN is behind us */
    stop_backend(db, stopped);
    gboolean done = db_insert_many(db, "owner", "id, code, name", values, ROWS, 3, error);
    g_free(values);
    g_string_free(name, TRUE);
    return done;
}

static void hangs_in_a_copy(struct testdb *test)
{
    GError *error = NULL;
    if (test->engine == DB_SQLITE)
        return;
    struct db *db = testdb_open(test), *other = testdb_open(test);
    struct stopped stopped = {.backend = backend_of(db)};
    g_assert_false(db_transaction(db, stop_and_copy, &stopped, &error));
    g_assert_error(error, ERR, ERR_DB_LOST);
    g_clear_error(&error);
    db_set_patience(db, DB_PATIENCE_MS);
    wake_up(other, stopped.backend);
    g_assert_cmpint(testdb_int(db, "SELECT COUNT(*) FROM owner"), ==, 0);
    db_close(other);
    db_close(db);
}

/* What takes its time by nature is waited for. */
static void slow_is_not_silent(struct testdb *test)
{
    static const struct sql SLEEP = {"sleep", "SELECT 1 FROM pg_sleep(1.5)"};
    GError *error = NULL;
    int64_t one = 0;
    if (test->engine == DB_SQLITE)
        return;
    struct db *db = testdb_open(test);
    db_set_patience(db, PATIENCE_MS);
    g_assert_cmpint(db_get_ints(db, &SLEEP, DB_NO_ARGS, &one, 1, &error), ==, -1);
    g_assert_error(error, ERR, ERR_DB_LOST);
    g_clear_error(&error);
    db_set_patience(db, 0);
    g_assert_cmpint(db_get_ints(db, &SLEEP, DB_NO_ARGS, &one, 1, &error), ==, 1);
    g_assert_no_error(error);
    db_close(db);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/retry/conflicts", conflicts);
    testdb_add("/retry/deadlock", deadlock);
    testdb_add("/retry/lost-before-commit", lost_before_commit);
    testdb_add("/retry/lost-at-commit", lost_at_commit);
    testdb_add("/retry/lost-while-idle", lost_while_idle);
    testdb_add("/retry/hangs-before-commit", hangs_before_commit);
    testdb_add("/retry/hangs-at-commit", hangs_at_commit);
    testdb_add("/retry/hangs-in-a-copy", hangs_in_a_copy);
    testdb_add("/retry/slow-is-not-silent", slow_is_not_silent);
    return g_test_run();
}

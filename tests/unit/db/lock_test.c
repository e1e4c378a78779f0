/* SPDX-License-Identifier: MIT
 *
 * The fair lock between processes.
 */
#include "core/db/lock.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/error.h"
#include "tests/support/testdb.h"

/* --- waiting -------------------------------------------------------------------------------------------- */

/* A child that takes the lock, says so, and keeps it until it is killed. */
static pid_t start_holder(const char *path)
{
    int pipe_fds[2];
    char byte = 0;
    g_assert_cmpint(pipe(pipe_fds), ==, 0);
    pid_t child = fork();
    g_assert_cmpint(child, >=, 0);
    if (child == 0) {
        struct db_lock *lock = db_lock_open(path, 0600, NULL);
        if (!lock || !db_lock_take(lock, 1000, NULL) || write(pipe_fds[1], &byte, 1) != 1)
            _exit(1);
        for (;;)
            pause();
    }
    g_assert_cmpint(read(pipe_fds[0], &byte, 1), ==, 1);
    close(pipe_fds[0]);
    close(pipe_fds[1]);
    return child;
}

static void deadline(void)
{
    GError *error = NULL;
    char *dir = g_dir_make_tmp("packline-lock-XXXXXX", NULL), *path = g_build_filename(dir, "lock", NULL);
    pid_t holder = start_holder(path);
    struct db_lock *lock = db_lock_open(path, 0600, &error);
    g_assert_no_error(error);
    int64_t before = g_get_monotonic_time();
    g_assert_false(db_lock_take(lock, 60, &error));
    g_assert_error(error, ERR, ERR_DB_BUSY);
    g_clear_error(&error);
    int64_t waited = g_get_monotonic_time() - before;
    g_assert_cmpint(waited, >=, 60 * 1000);
    g_assert_cmpint(waited, <, 60 * G_USEC_PER_SEC); /* on a busy machine, too */
    kill(holder, SIGKILL);
    g_assert_true(db_lock_take(lock, 60000, &error)); /* the kernel drops it with its holder */
    g_assert_true(db_lock_take(lock, 0, &error));    /* it nests */
    db_lock_release(lock);
    db_lock_release(lock);
    db_lock_free(lock);
    waitpid(holder, NULL, 0);
    g_remove(path);
    g_rmdir(dir);
    g_free(path);
    g_free(dir);
}

static void unusable(void)
{
    GError *error = NULL;
    g_assert_null(db_lock_open("/nowhere/lock", 0600, &error));
    g_assert_error(error, ERR, ERR_DB_OPEN);
    g_clear_error(&error);
}

/* --- fairness ------------------------------------------------------------------------------------------- */

enum { STATIONS = 8, COMMITS = 2400 };

struct tally {
    gint total;
    gint each[STATIONS];
};

static const struct sql BUMP = {"bump", "UPDATE owner SET name = $1 WHERE id = 1"};

static gboolean bump(struct db *db, void *data, GError **error)
{
    return db_exec(db, &BUMP, DB_ARGS(db_text(data)), NULL, error);
}

/* Full speed, no thinking: the worst there is. All start together, when the start pipe is closed. */
static void station(const char *url, struct tally *tally, int self, int opened, int start)
{
    char name[] = "name", byte = 0;
    struct db *db = db_open(url, DB_USE, NULL);
    if (!db || write(opened, &byte, 1) != 1 || read(start, &byte, 1) != 0)
        _exit(1);
    while (g_atomic_int_get(&tally->total) < COMMITS && db_transaction(db, bump, name, NULL)) {
        g_atomic_int_inc(&tally->each[self]);
        g_atomic_int_inc(&tally->total);
    }
    _exit(0);
}

static void fair(void)
{
    struct testdb *test = testdb_new(DB_SQLITE);
    struct tally *tally =
        mmap(NULL, sizeof *tally, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    pid_t children[STATIONS];
    int opened[2], start[2];
    g_assert_true(pipe(opened) == 0 && pipe(start) == 0);
    for (int i = 0; i < STATIONS; i++)
        if ((children[i] = fork()) == 0) {
            close(start[1]);
            station(test->url, tally, i, opened[1], start[0]);
        }
    char byte;
    for (int i = 0; i < STATIONS; i++)
        g_assert_cmpint(read(opened[0], &byte, 1), ==, 1);
    close(start[1]);
    for (int i = 0; i < STATIONS; i++) {
        int status = -1;
        waitpid(children[i], &status, 0);
        g_assert_cmpint(status, ==, 0);
    }
    int least = COMMITS, most = 0;
    for (int i = 0; i < STATIONS; i++) {
        least = MIN(least, tally->each[i]);
        most = MAX(most, tally->each[i]);
    }
    g_test_message("least served %d, most served %d", least, most);
    g_assert_cmpint(least * 4, >=, most);
    close(start[0]);
    close(opened[0]);
    close(opened[1]);
    munmap(tally, sizeof *tally);
    testdb_free(test);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lock/deadline", deadline);
    g_test_add_func("/lock/unusable", unusable);
    g_test_add_func("/lock/fair", fair);
    return g_test_run();
}

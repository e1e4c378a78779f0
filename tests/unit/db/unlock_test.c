/* SPDX-License-Identifier: MIT
 *
 * An unlock that the kernel refuses (ENOLCK), each one of a transaction in turn: the program that has it goes on, and
 * the others are not kept waiting, though it does nothing more for a while. This program's own fcntl() stands in front
 * of the C library's, for SQLite as well.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/error.h"
#include "tests/support/testdb.h"

static int unlocks_left = -1; /* until one fails; negative: none does */

static gboolean fails_now(int command, const void *argument)
{
    const struct flock *range = argument;
    gboolean unlocks = (command == F_SETLK || command == F_OFD_SETLK) && range->l_type == F_UNLCK;
    return unlocks && unlocks_left >= 0 && unlocks_left-- == 0;
}

static int injected(int fd, int command, void *argument)
{
    if (fails_now(command, argument)) {
        errno = ENOLCK;
        return -1;
    }
    return (int)syscall(SYS_fcntl, fd, command, argument);
}

int fcntl(int fd, int command, ...);
int fcntl64(int fd, int command, ...);

int fcntl(int fd, int command, ...)
{
    va_list list;
    va_start(list, command);
    void *argument = va_arg(list, void *);
    va_end(list);
    return injected(fd, command, argument);
}

int fcntl64(int fd, int command, ...)
{
    va_list list;
    va_start(list, command);
    void *argument = va_arg(list, void *);
    va_end(list);
    return injected(fd, command, argument);
}

static const struct sql ADD = {"add", "INSERT INTO owner (id, code, name) VALUES ($1, $2, '')"};

static gboolean add(struct db *db, int64_t id)
{
    GError *error = NULL;
    char code[24];
    g_snprintf(code, sizeof code, "%d", (int)id);
    gboolean done = db_exec(db, &ADD, DB_ARGS(id, code), NULL, &error);
    if (!done)
        g_test_message("%d: %s", (int)id, error->message);
    g_clear_error(&error);
    return done;
}

/* Its n-th unlock fails; then it says so and does nothing until it is told to go on. It ends with 2 when there are not
 * so many. */
static void station(const struct testdb *test, int n, int said, int told)
{
    char byte = 0;
    struct db *db = testdb_open(test);
    unlocks_left = n;
    gboolean good = add(db, 1000 + n);
    gboolean none = unlocks_left >= 0;
    unlocks_left = -1;
    good = good && write(said, &byte, 1) == 1 && read(told, &byte, 1) == 1 && add(db, 2000 + n);
    db_close(db);
    _exit(!good ? 1 : none ? 2 : 0);
}

/* FALSE when the station had no n-th unlock. */
static gboolean one_fails(const struct testdb *test, int n)
{
    int said[2], told[2], status = 0;
    char byte = 0;
    g_assert_true(pipe(said) == 0 && pipe(told) == 0);
    pid_t child = fork();
    if (child == 0)
        station(test, n, said[1], told[0]);
    close(said[1]);
    g_assert_cmpint(read(said[0], &byte, 1), ==, 1);
    struct db *other = testdb_open(test);
    g_assert_true(add(other, 3000 + n));
    g_assert_true(add(other, 4000 + n));
    g_assert_cmpint(write(told[1], &byte, 1), ==, 1);
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 2));
    g_assert_true(add(other, 5000 + n));
    db_close(other);
    close(said[0]);
    close(told[0]);
    close(told[1]);
    return WEXITSTATUS(status) == 0;
}

static void each_in_turn(void)
{
    struct testdb *test = testdb_new(DB_SQLITE);
    int n = 0;
    while (one_fails(test, n))
        n++;
    g_test_message("%d unlocks a transaction", n);
    g_assert_cmpint(n, >, 3);
    testdb_free(test);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/unlock/each-in-turn", each_in_turn);
    return g_test_run();
}

/* SPDX-License-Identifier: MIT
 *
 * One worker a database and host: when it begins and ends, and what it does to one that was there before.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/print/printer.h"
#include "core/print/worker.h"
#include "tests/support/headless.h"
#include "tests/support/paper_room.h"

/* What a killed worker's connection still has under way can't be committed after the next one has begun. */
static void the_next_shuts_out_the_last(struct testdb *test)
{
    struct paper_room room;
    paper_room_open(&room, test);
    GError *error = NULL;
    struct printer_row row;
    g_assert_cmpint(printer_find(room.floor->site, "label-1", &row, &error), ==, 1);
    struct site *last = site_open(test->url, "worker here", NULL, &error),
                *elsewhere = site_open(test->url, "worker there", NULL, &error),
                *next = site_open(test->url, "worker here", NULL, &error);
    g_assert_no_error(error);
    g_assert_true(writer_fence(next, &error));
    g_assert_false(printer_report(last, &row, PRINTER_STOPPED, "late", &error));
    g_assert_error(error, ERR, ERR_WRITER_LOST);
    g_clear_error(&error);
    g_assert_true(printer_report(elsewhere, &row, PRINTER_ATTENTION, "in time", &error));
    g_assert_true(printer_report(next, &row, PRINTER_READY, "", &error));
    site_close(last);
    site_close(elsewhere);
    site_close(next);
    paper_room_close(&room);
}

static void one_worker_at_a_time(struct testdb *test)
{
    GError *error = NULL;
    int fd = -1, other = -1;
    g_assert_cmpint(worker_lock_take(test->url, &fd, &error), ==, WORKER_LOCK_TAKEN);
    g_assert_cmpint(worker_lock_take(test->url, &other, &error), ==, WORKER_LOCK_HELD);
    g_assert_cmpint(paper_worker_wait(paper_worker(test->url, NULL)), ==, 0);
    g_assert_true(worker_ensure(&(struct site){.url = test->url}, &error));
    g_assert_no_error(error);
    close(fd);
}

static gboolean the_page_is_out(void *data)
{
    return paper_jobs(((struct paper_room *)data)->floor, "printed") == 1;
}

static gboolean two_pages_are_out(void *data)
{
    return paper_jobs(((struct paper_room *)data)->floor, "printed") == 2;
}

/* The server throws everybody out: the worker comes back and prints what was queued meanwhile. */
static void the_server_comes_back(struct testdb *test)
{
    struct paper_room room;
    if (test->engine != DB_POSTGRES) {
        g_test_skip("there is no server");
        return;
    }
    paper_room_open(&room, test);
    GPid pid = paper_worker(test->url, NULL);
    paper_packed(room.floor, 1);
    g_assert_true(paper_wait(the_page_is_out, &room));
    g_assert_cmpint(floor_int(room.floor,
                              "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity "
                              "WHERE datname = current_database() AND pid <> pg_backend_pid()",
                              0),
                    >=, 1);
    paper_packed(room.floor, 2);
    g_assert_true(paper_wait(two_pages_are_out, &room));
    kill(pid, SIGTERM);
    g_assert_cmpint(paper_worker_wait(pid), ==, 0);
    paper_room_each_once(&room, 2);
    paper_room_close(&room);
}

static gboolean lock_is_free(void *data)
{
    int fd = -1;
    gboolean taken = worker_lock_take(data, &fd, NULL) == WORKER_LOCK_TAKEN;
    if (fd >= 0)
        close(fd);
    return taken;
}

/* The command line queues a test page with nobody there to print it: it wakes the worker, which stays. */
static void is_started_when_needed(struct testdb *test)
{
    struct paper_room room;
    if (test->engine != DB_SQLITE) {
        g_test_skip("the lock file lies elsewhere");
        return;
    }
    paper_room_open(&room, test);
    char *program = headless_program("packline"),
         *path = g_strconcat(test->url + strlen("sqlite:"), "-print.lock", NULL);
    char *argv[] = {
        program, (char[]){"printers"}, (char[]){"test"}, (char[]){"label-1"}, (char[]){"--db"}, test->url,
        NULL};
    char **environment = g_environ_unsetenv(g_get_environ(), "PACKLINE_WORKER"), *pid = NULL;
    int status = -1;
    g_assert_true(g_spawn_sync(NULL, argv, environment, 0, NULL, NULL, NULL, NULL, &status, NULL));
    g_assert_cmpint(status, ==, 0);
    g_assert_true(paper_wait(the_page_is_out, &room));
    g_assert_true(g_file_get_contents(path, &pid, NULL, NULL));
    g_assert_cmpint(kill((pid_t)atoi(pid), SIGTERM), ==, 0);
    g_assert_true(paper_wait(lock_is_free, test->url));
    g_strfreev(environment);
    g_free(pid);
    g_free(path);
    g_free(program);
    paper_room_close(&room);
}

static void ends_when_told(struct testdb *test)
{
    struct paper_room room;
    paper_room_open(&room, test);
    GPid pid = paper_worker(test->url, NULL);
    paper_packed(room.floor, 1);
    g_assert_true(paper_wait(the_page_is_out, &room));
    kill(pid, SIGTERM);
    g_assert_cmpint(paper_worker_wait(pid), ==, 0);
    paper_room_close(&room);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/printing/worker/the next shuts out the last", the_next_shuts_out_the_last);
    testdb_add("/printing/worker/one worker at a time", one_worker_at_a_time);
    testdb_add("/printing/worker/the server comes back", the_server_comes_back);
    testdb_add("/printing/worker/is started when needed", is_started_when_needed);
    testdb_add("/printing/worker/ends when told", ends_when_told);
    return g_test_run();
}

/* SPDX-License-Identifier: MIT
 *
 * A database that makes people wait, or goes away: the screen says so, goes on reacting, and the scan counts exactly once.
 * The lock is held by a connection of this process that is none of packline's.
 */
#include <libpq-fe.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>

#include "tests/support/seat.h"

struct holder {
    sqlite3 *sqlite;
    PGconn *postgres;
};

static void run(struct holder *holder, const char *sql)
{
    if (holder->sqlite) {
        g_assert_cmpint(sqlite3_exec(holder->sqlite, sql, NULL, NULL, NULL), ==, SQLITE_OK);
        return;
    }
    PGresult *result = PQexec(holder->postgres, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        g_error("%s: %s", sql, PQerrorMessage(holder->postgres));
    PQclear(result);
}

static void hold(struct holder *holder, const struct testdb *test)
{
    *holder = (struct holder){0};
    if (test->engine == DB_SQLITE) {
        g_assert_cmpint(sqlite3_open(test->url + strlen("sqlite:"), &holder->sqlite), ==, SQLITE_OK);
        sqlite3_busy_timeout(holder->sqlite, 5000);
        run(holder, "BEGIN IMMEDIATE");
    } else {
        holder->postgres = PQconnectdb(test->url);
        run(holder, "BEGIN");
        run(holder, "SELECT id FROM shipment FOR UPDATE");
    }
}

static void let_go(struct holder *holder)
{
    run(holder, "ROLLBACK");
    if (holder->sqlite)
        sqlite3_close(holder->sqlite);
    else
        PQfinish(holder->postgres);
}

/* It says "saving", follows a resize and a redraw, takes further scans and keys, and applies all in order when it can. */
static void waits_for_a_lock(struct testdb *test)
{
    int64_t shipment;
    struct holder holder;
    struct floor *floor = seat_floor(test, 9, &shipment);
    struct pty *pty = seat_at_order(test, floor, shipment);
    hold(&holder, test);
    int64_t started_us = g_get_monotonic_time();
    seat_scan(pty, SEAT_CODE);
    seat_sees(pty, "saving...");
    int64_t said_ms = (g_get_monotonic_time() - started_us) / 1000;
    g_test_message("saving... after %d ms", (int)said_ms);
    g_assert_cmpint(said_ms, >=, 100);
    g_assert_cmpint(floor_packed(floor, shipment), ==, 0);
    g_assert_true(seat_shows(pty, "scanned 0"));
    pty_resize(pty, 30, 100);
    seat_sees(pty, "saving...");
    g_assert_true(seat_shows(pty, SEAT_ORDER));
    pty_settle(pty, 200);
    pty_type(pty, "\014"); /* Ctrl-L */
    g_assert_cmpuint(seat_writes(pty), >, 500);
    pty_type(pty, SEAT_CODE "\r\033OS"); /* one more, and F4 takes it back */
    let_go(&holder);
    seat_sees_gone(pty, "saving...");
    seat_comes_true(floor, "SELECT COUNT(*) FROM journal WHERE shipment_id = $1 AND event = 'unpack'", shipment, 1);
    seat_sees(pty, "scanned 1");
    g_assert_cmpint(floor_packed(floor, shipment), ==, 1);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM journal WHERE shipment_id = $1 AND event = 'pack'", shipment),
                    ==, 2);
    seat_scan(pty, SEAT_CODE);
    seat_sees(pty, "scanned 2");
    seat_close(pty);
    floor_close(floor);
}

/* While the lock is still held. */
static void gives_the_terminal_back(struct pty *pty)
{
    int64_t deadline_us = g_get_monotonic_time() + PTY_WAIT_MS * 1000;
    while (pty_alternate(pty) && g_get_monotonic_time() < deadline_us)
        pty_read(pty, 20);
    g_assert_false(pty_alternate(pty));
}

/* Asked to leave while it waits: the terminal is back before it has what it waits for, the scan is there once or not at all. */
static void leaves_while_it_waits(struct testdb *test)
{
    int64_t shipment;
    struct holder holder;
    struct floor *floor = seat_floor(test, 9, &shipment);
    struct pty *pty = seat_at_order(test, floor, shipment);
    hold(&holder, test);
    seat_scan(pty, SEAT_CODE);
    seat_sees(pty, "saving...");
    pty_signal(pty, 15);
    gives_the_terminal_back(pty);
    let_go(&holder);
    int status = pty_wait_end(pty);
    g_assert_cmpint(status, !=, -1);
    g_assert_cmpint(floor_packed(floor, shipment), <=, 1);
    pty_free(pty);
    floor_close(floor);
}

/* Longer than anyone may hold it: the outcome is unknown and asked for again, until the lock goes. */
static void outlasts_a_long_lock(void)
{
    struct testdb *test = testdb_new(DB_SQLITE);
    int64_t shipment;
    struct holder holder;
    struct floor *floor = seat_floor(test, 9, &shipment);
    struct pty *pty = seat_at_order(test, floor, shipment);
    hold(&holder, test);
    seat_scan(pty, SEAT_CODE);
    seat_sees(pty, "asking again");
    let_go(&holder);
    seat_sees(pty, "scanned 1");
    seat_sees_gone(pty, "asking again");
    g_assert_cmpint(floor_packed(floor, shipment), ==, 1);
    seat_close(pty);
    floor_close(floor);
    testdb_free(test);
}

static void drop_connections(struct floor *floor)
{
    floor_int(floor, "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() "
                     "AND pid <> pg_backend_pid()", 0);
}

/* The server drops every connection: the next scan finds its way, and counts once. */
static void outlasts_a_lost_server(struct testdb *test)
{
    if (test->engine == DB_SQLITE) {
        g_test_skip("SQLite has no connection to lose");
        return;
    }
    int64_t shipment;
    struct floor *floor = seat_floor(test, 9, &shipment);
    struct pty *pty = seat_at_order(test, floor, shipment);
    for (int i = 1; i <= 3; i++) {
        drop_connections(floor);
        seat_scan(pty, SEAT_CODE);
        char *text = g_strdup_printf("scanned %d", i);
        seat_sees(pty, text);
        g_free(text);
        g_assert_cmpint(floor_packed(floor, shipment), ==, i);
    }
    seat_close(pty);
    floor_close(floor);
}

/* Nobody touches a key: the list finds its way to the server again by itself. */
static void looks_again_by_itself(struct testdb *test)
{
    if (test->engine == DB_SQLITE) {
        g_test_skip("SQLite has no connection to lose");
        return;
    }
    int64_t shipment;
    struct floor *floor = seat_floor(test, 9, &shipment);
    struct pty *pty = seat_open(test, "bench-1");
    seat_sees(pty, SEAT_ORDER);
    drop_connections(floor);
    floor_release(floor, floor_order(floor, "SP-2077", "hct", FLOOR_ITEMS({"MUG-RED", 1})));
    seat_sees(pty, "SP-2077");
    seat_close(pty);
    floor_close(floor);
}

/* --- a server that hangs -------------------------------------------------------------------------------- */

enum { BACKENDS_MAX = 8 };

/* The backends that serve the program. */
static int find_backends(struct floor *floor, pid_t pids[BACKENDS_MAX])
{
    static const struct sql BACKENDS = {"backends", "SELECT pid FROM pg_stat_activity WHERE datname = current_database() "
                                                    "AND pid <> pg_backend_pid() AND application_name = 'packline'"};
    int count = 0;
    GError *error = NULL;
    struct rows *rows = db_query(floor->site->db, &BACKENDS, DB_NO_ARGS, &error);
    while (rows_next(rows, &error) > 0 && count < BACKENDS_MAX)
        pids[count++] = (pid_t)rows_int(rows, 0);
    g_assert_no_error(error);
    g_assert_cmpint(count, >, 0);
    return count;
}

static void signal_all(const pid_t *pids, int count, int number)
{
    for (int i = 0; i < count; i++)
        kill(pids[i], number);
}

/* Its link stays alive, and nothing comes over it. The screen says what is known, goes on painting, and when the server
 * goes on the scan is asked for by its key: it counts once. The lock keeps a new link from going on before that. */
static void outlasts_a_server_that_hangs(struct testdb *test)
{
    if (test->engine == DB_SQLITE) {
        g_test_skip("SQLite has no server");
        return;
    }
    int64_t shipment;
    struct holder holder;
    pid_t pids[BACKENDS_MAX];
    struct floor *floor = seat_floor(test, 9, &shipment);
    struct pty *pty = seat_at_order(test, floor, shipment);
    int count = find_backends(floor, pids);
    hold(&holder, test);
    signal_all(pids, count, SIGSTOP);
    seat_scan(pty, SEAT_CODE);
    seat_sees(pty, "saving...");
    pty_resize(pty, 30, 100);
    seat_sees(pty, "Outcome unknown, asking again (1): PL-0206");
    pty_resize(pty, 24, 80);
    seat_sees(pty, "asking again");
    g_assert_true(seat_shows(pty, SEAT_ORDER));
    signal_all(pids, count, SIGCONT);
    let_go(&holder);
    seat_sees(pty, "scanned 1");
    seat_sees_gone(pty, "asking again");
    g_assert_cmpint(floor_packed(floor, shipment), ==, 1);
    seat_scan(pty, SEAT_CODE);
    seat_sees(pty, "scanned 2");
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM journal WHERE shipment_id = $1 AND event = 'pack'", shipment),
                    ==, 2);
    seat_close(pty);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/lock/waits_for_a_lock", waits_for_a_lock);
    testdb_add("/lock/leaves_while_it_waits", leaves_while_it_waits);
    testdb_add("/lock/outlasts_a_lost_server", outlasts_a_lost_server);
    testdb_add("/lock/looks_again_by_itself", looks_again_by_itself);
    testdb_add("/lock/outlasts_a_server_that_hangs", outlasts_a_server_that_hangs);
    g_test_add_func("/lock/outlasts_a_long_lock", outlasts_a_long_lock);
    return g_test_run();
}

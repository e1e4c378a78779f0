/* SPDX-License-Identifier: MIT
 *
 * However the program ends, the terminal is given back: modes, screen, cursor, paste marks; and nothing of it runs on.
 */
#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "tests/support/seat.h"

static void terminal_is_back(struct pty *pty)
{
    size_t length;
    const char *output = pty_output(pty, &length);
    char *text = g_strndup(output, length);
    const char *on = g_strrstr(text, "\033[?2004h"), *off = g_strrstr(text, "\033[?2004l");
    g_assert_true(on && off && off > on);
    g_free(text);
    g_assert_false(pty_alternate(pty));
    g_assert_true(pty_cursor_visible(pty));
    g_assert_true(pty_line_mode(pty));
}

static void by_signal(struct testdb *test, int number, gboolean crash)
{
    int64_t shipment;
    struct floor *floor = seat_floor(test, 1, &shipment);
    struct pty *pty = seat_start(test, &(struct seat_how){0});
    seat_sees(pty, "Scan your badge");
    g_assert_true(pty_alternate(pty));
    g_assert_false(pty_line_mode(pty));
    pty_signal(pty, number);
    int status = pty_wait_end(pty);
    g_assert_cmpint(status, !=, -1);
    if (crash)
        g_assert_true(WIFSIGNALED(status) && WTERMSIG(status) == number);
    else
        g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    terminal_is_back(pty);
    g_assert_false(pty_group_alive(pty));
    pty_free(pty);
    floor_close(floor);
}

static void by_request(void)
{
    static const struct {
        int number;
        gboolean crash;
    } ENDS[] = {{SIGTERM, FALSE}, {SIGHUP, FALSE}, {SIGINT, FALSE}, {SIGQUIT, FALSE},
                {SIGSEGV, TRUE},  {SIGABRT, TRUE}, {SIGBUS, TRUE},  {SIGFPE, TRUE}};
    for (size_t i = 0; i < G_N_ELEMENTS(ENDS); i++) {
        struct testdb *test = testdb_new(DB_SQLITE);
        by_signal(test, ENDS[i].number, ENDS[i].crash);
        testdb_free(test);
    }
}

static void by_the_quit_key(void)
{
    struct testdb *test = testdb_new(DB_SQLITE);
    int64_t shipment;
    struct floor *floor = seat_floor(test, 1, &shipment);
    struct pty *pty = seat_start(test, &(struct seat_how){0});
    seat_sees(pty, "Scan your badge");
    pty_type(pty, "\033[21~"); /* F10 */
    int status = pty_wait_end(pty);
    g_assert_true(status != -1 && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    terminal_is_back(pty);
    pty_free(pty);
    floor_close(floor);
    testdb_free(test);
}

/* Ctrl-C, Ctrl-Z, Ctrl-\ and Ctrl-S from a keyboard are bytes: none ends or stops anything. */
static void not_by_control_keys(void)
{
    struct testdb *test = testdb_new(DB_SQLITE);
    int64_t shipment;
    struct floor *floor = seat_floor(test, 1, &shipment);
    struct pty *pty = seat_open(test, "bench-1");
    pty_type(pty, "\003\032\034\023\021");
    pty_signal(pty, SIGTSTP);
    seat_scan(pty, SEAT_ORDER);
    seat_sees(pty, "take, 0 of 1 done");
    seat_close(pty);
    floor_close(floor);
    testdb_free(test);
}

/* No terminal: a message and its number, not a hang. */
static void without_a_database(void)
{
    struct testdb none = {.url = (char *)(uintptr_t)"sqlite:/nonexistent/floor.db"};
    struct pty *pty = seat_start(&none, &(struct seat_how){0});
    int status = pty_wait_end(pty);
    g_assert_true(status != -1 && WIFEXITED(status) && WEXITSTATUS(status) != 0);
    g_assert_false(pty_alternate(pty));
    g_assert_true(seat_shows(pty, "PL-0203"));
    terminal_is_back(pty);
    pty_free(pty);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ends/by_request", by_request);
    g_test_add_func("/ends/by_the_quit_key", by_the_quit_key);
    g_test_add_func("/ends/not_by_control_keys", not_by_control_keys);
    g_test_add_func("/ends/without_a_database", without_a_database);
    return g_test_run();
}

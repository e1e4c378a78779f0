/* SPDX-License-Identifier: MIT
 *
 * The line goes, the power goes, or the window is pulled about, after every single byte of a scan: what the screen counts
 * is what the journal has, no scan counts twice, and the next start goes on there.
 */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "tests/support/seat.h"

static const char BYTES[] = SEAT_CODE "\r";
enum { LENGTH = sizeof BYTES - 1, UNITS = 2 * (LENGTH + 1) + 2 };

static int64_t journalled(struct floor *floor, int64_t shipment)
{
    return floor_int(floor, "SELECT COUNT(*) FROM journal WHERE shipment_id = $1 AND event = 'pack'", shipment);
}

static void sees_count(struct pty *pty, int64_t count)
{
    char *text = g_strdup_printf("scanned %" G_GINT64_FORMAT " ", count);
    seat_sees(pty, text);
    g_free(text);
}

/* The order is open at the bench with what the journal has. */
static struct pty *at_the_order(struct testdb *test, struct floor *floor, int64_t shipment)
{
    struct pty *pty = seat_open(test, "bench-1");
    seat_scan(pty, SEAT_ORDER);
    g_assert_cmpint(journalled(floor, shipment), ==, floor_packed(floor, shipment));
    sees_count(pty, floor_packed(floor, shipment));
    return pty;
}

static void end_after_every_byte(struct testdb *test, int number)
{
    int64_t shipment;
    struct floor *floor = seat_floor(test, UNITS, &shipment);
    floor_pick_all(floor, shipment);
    for (size_t n = 0; n <= LENGTH; n++) {
        struct pty *pty = at_the_order(test, floor, shipment);
        int64_t before = floor_packed(floor, shipment);
        pty_send(pty, BYTES, n);
        pty_signal(pty, number);
        int status = pty_wait_end(pty);
        g_assert_cmpint(status, !=, -1);
        g_assert_true(number != SIGKILL ? WIFEXITED(status) && WEXITSTATUS(status) == 0
                                        : WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
        pty_free(pty);
        int64_t after = floor_packed(floor, shipment);
        g_assert_cmpint(after, >=, before);
        g_assert_cmpint(after, <=, n == LENGTH ? before + 1 : before);
    }
    struct pty *pty = at_the_order(test, floor, shipment);
    seat_close(pty);
    floor_close(floor);
}

static void hang_up_after_every_byte(struct testdb *test)
{
    end_after_every_byte(test, SIGHUP);
}

static void kill_after_every_byte(struct testdb *test)
{
    end_after_every_byte(test, SIGKILL);
}

/* The rest of the scan follows the resize, and the scan counts once. */
static void resize_after_every_byte(struct testdb *test)
{
    static const int SIZES[][2] = {{24, 80}, {50, 160}, {25, 90}, {24, 81}};
    int64_t shipment;
    struct floor *floor = seat_floor(test, UNITS, &shipment);
    floor_pick_all(floor, shipment);
    struct pty *pty = at_the_order(test, floor, shipment);
    for (size_t n = 0; n <= LENGTH; n++) {
        const int *size = SIZES[(n + 1) % G_N_ELEMENTS(SIZES)];
        pty_send(pty, BYTES, n);
        pty_resize(pty, size[0], size[1]);
        pty_send(pty, BYTES + n, LENGTH - n);
        sees_count(pty, (int64_t)n + 1);
        g_assert_cmpint(journalled(floor, shipment), ==, (int64_t)n + 1);
        g_assert_cmpint(floor_packed(floor, shipment), ==, (int64_t)n + 1);
    }
    seat_close(pty);
    floor_close(floor);
}

/* Somebody opens a second screen under the name of one that is open: that one says so at its next scan, and takes nothing
 * more. */
static void a_newer_one_of_the_name(struct testdb *test)
{
    int64_t shipment;
    struct floor *floor = seat_floor(test, 3, &shipment);
    struct pty *older = seat_at_order(test, floor, shipment), *newer = seat_open(test, "bench-1");
    seat_scan(older, SEAT_CODE);
    seat_sees(older, "PL-0218");
    seat_scan(newer, SEAT_ORDER);
    seat_sees(newer, "scanned 0");
    seat_scan(newer, SEAT_CODE);
    seat_sees(newer, "scanned 1");
    seat_close(newer);
    seat_close(older);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/interrupted/hang_up_after_every_byte", hang_up_after_every_byte);
    testdb_add("/interrupted/kill_after_every_byte", kill_after_every_byte);
    testdb_add("/interrupted/resize_after_every_byte", resize_after_every_byte);
    testdb_add("/interrupted/a_newer_one_of_the_name", a_newer_one_of_the_name);
    return g_test_run();
}

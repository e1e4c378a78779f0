/* SPDX-License-Identifier: MIT
 *
 * The database's file is moved away under the screens: they say so, with the number and what to do, take no scan any more,
 * and go on when they are started again.
 */
#include <glib/gstdio.h>
#include <string.h>

#include "tests/support/seat.h"

static void moved_away(void)
{
    struct testdb *test = testdb_new(DB_SQLITE);
    int64_t shipment;
    struct floor *floor = seat_floor(test, 9, &shipment);
    struct pty *pty = seat_at_order(test, floor, shipment);
    floor_close(floor);
    const char *path = test->url + strlen("sqlite:");
    g_autofree char *away = g_strconcat(path, ".away", NULL);
    seat_scan(pty, SEAT_CODE);
    seat_sees(pty, "scanned 1");
    g_assert_cmpint(g_rename(path, away), ==, 0);
    for (int i = 0; i < 2; i++) {
        seat_scan(pty, SEAT_CODE);
        seat_sees(pty, "PL-0220");
        seat_hears(pty, 1);
    }
    g_assert_false(seat_shows(pty, "scanned 2"));
    seat_close(pty);
    g_assert_cmpint(g_rename(away, path), ==, 0);
    pty = seat_open(test, "bench-1");
    seat_scan(pty, SEAT_ORDER);
    seat_sees(pty, "scanned"); /* it was one scan that had been written, and was not acknowledged */
    seat_close(pty);
    testdb_free(test);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/file/moved-away", moved_away);
    return g_test_run();
}

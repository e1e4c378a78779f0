/* SPDX-License-Identifier: MIT
 *
 * The mouse at the real program: it points at rows and headings of lists, and never disturbs a scan.
 */
#include <string.h>

#include "tests/support/seat.h"

/* A click on the first row that has the text. */
static void click(struct pty *pty, const char *text)
{
    g_autofree char *screen = pty_screen(pty);
    g_auto(GStrv) lines = g_strsplit(screen, "\n", -1);
    for (int row = 0; lines[row]; row++)
        if (strstr(lines[row], text)) {
            int col = (int)g_utf8_strlen(lines[row], strstr(lines[row], text) - lines[row]) + 1;
            g_autofree char *down = g_strdup_printf("\033[<0;%d;%dM\033[<0;%d;%dm", col, row + 1, col, row + 1);
            pty_type(pty, down);
            return;
        }
    g_error("there is no '%s':\n%s", text, screen);
}

/* Whether a stands above b. */
static gboolean is_above(struct pty *pty, const char *a, const char *b)
{
    g_autofree char *screen = pty_screen(pty);
    const char *at_a = strstr(screen, a), *at_b = strstr(screen, b);
    return at_a && at_b && at_a < at_b;
}

static struct floor *lists_three(struct testdb *test, int64_t *shipment)
{
    struct floor *floor = seat_floor(test, 2, shipment);
    floor_release(floor, floor_order(floor, "SP-3000", "hct", FLOOR_ITEMS({"MUG-RED", 9})));
    floor_release(floor, floor_order(floor, "SP-2000", "hct", FLOOR_ITEMS({"MUG-RED", 1})));
    return floor;
}

static void chooses_a_row(void)
{
    struct testdb *test = testdb_new(DB_SQLITE);
    int64_t shipment;
    struct floor *floor = lists_three(test, &shipment);
    struct pty *pty = seat_open(test, "bench-1");
    seat_sees(pty, "SP-2000");
    click(pty, "SP-3000");
    pty_type(pty, "\r");
    seat_sees(pty, "Order  ");
    seat_sees(pty, "SP-3000");
    seat_close(pty);
    floor_close(floor);
    testdb_free(test);
}

static void sorts_by_a_heading(void)
{
    struct testdb *test = testdb_new(DB_SQLITE);
    int64_t shipment;
    struct floor *floor = lists_three(test, &shipment);
    struct pty *pty = seat_open(test, "bench-1");
    seat_sees(pty, "SP-2000");
    click(pty, "qty");
    seat_sees(pty, "qty↑");
    g_assert_true(is_above(pty, "SP-2000", "SP-1042"));
    g_assert_true(is_above(pty, "SP-1042", "SP-3000"));
    click(pty, "qty");
    seat_sees(pty, "qty↓");
    g_assert_true(is_above(pty, "SP-3000", "SP-1042"));
    seat_types(pty, ":sort order");
    seat_sees(pty, "order↑");
    g_assert_true(is_above(pty, "SP-1042", "SP-2000"));
    seat_types(pty, ":sort nothing");
    seat_sees(pty, "By which column?");
    seat_close(pty);
    floor_close(floor);
    testdb_free(test);
}

/* Clicks and the wheel in the middle of a scan, on the list it is typed over and on a screen that has none. */
static void never_disturbs_a_scan(void)
{
    struct testdb *test = testdb_new(DB_SQLITE);
    int64_t shipment;
    struct floor *floor = lists_three(test, &shipment);
    floor_pick_all(floor, shipment);
    struct pty *pty = seat_open(test, "bench-1");
    seat_sees(pty, "SP-2000");
    pty_type(pty, "SP-1\033[<0;10;5M\033[<0;10;5m042\r");
    seat_sees(pty, "scanned 0");
    pty_type(pty, "47100\033[<65;3;4M000000\033[<64;3;4M17\r");
    seat_sees(pty, "scanned 1");
    seat_comes_true(floor, "SELECT SUM(packed) FROM shipment_line WHERE shipment_id = $1", shipment, 1);
    seat_hears_no_more(pty);
    seat_close(pty);
    floor_close(floor);
    testdb_free(test);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mouse/chooses-a-row", chooses_a_row);
    g_test_add_func("/mouse/sorts-by-a-heading", sorts_by_a_heading);
    g_test_add_func("/mouse/never-disturbs-a-scan", never_disturbs_a_scan);
    return g_test_run();
}

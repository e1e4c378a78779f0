/* SPDX-License-Identifier: MIT
 *
 * A station that is locked: goods are refused, what was open is kept with its bar and question, a packer's badge brings it
 * back, of who leads only with the PIN; another's badge and PIN log that one in.
 */
#include <string.h>

#include "tests/support/desk.h"

#define MUG "4710000000017"

static struct desk *at_work(struct testdb *test, const char *badge, enum role role, int64_t *shipment)
{
    struct desk *desk = desk_open(test, "bench 1", badge, role);
    struct floor *floor = desk->floor;
    floor_receive(floor, floor_product(floor, "MUG", MUG), 0, floor_bin(floor, "A-1", 1), 20);
    *shipment = floor_order(floor, "1042", "hct", FLOOR_ITEMS({"MUG", 3}));
    floor_release(floor, *shipment);
    floor_pick_all(floor, *shipment);
    desk_scans(desk, "1042");
    desk_scans(desk, MUG);
    return desk;
}

static void is_locked(struct desk *desk)
{
    struct station_view view;
    g_assert_cmpint(station_step(desk->station), ==, STEP_LOCKED);
    g_assert_true(station_view_load(desk->station, &view, NULL));
    g_assert_cmpint(view.ship.id, ==, 0); /* nothing of the work is told */
    g_assert_cmpuint(view.line_count, ==, 0);
    station_view_clear(&view);
}

static int64_t notes(struct desk *desk)
{
    return floor_int(desk->floor, "SELECT COUNT(*) FROM journal WHERE event = 'note' AND code = 312", 0);
}

static void a_packers_badge_is_enough(struct testdb *test)
{
    int64_t shipment;
    struct desk *desk = at_work(test, "9001", ROLE_PACKER, &shipment);
    desk_does(desk, CMD_LOCK, "");
    is_locked(desk);
    desk_scan(desk, MUG);
    desk_refuses(desk, ERR_STATION_LOCKED);
    desk_say(desk, CMD_CLOSE, "");
    desk_refuses(desk, ERR_STATION_LOCKED);
    desk_say(desk, CMD_BACK, "");
    is_locked(desk);
    g_assert_cmpint(notes(desk), ==, 2);
    g_assert_cmpint(floor_packed(desk->floor, shipment), ==, 1);
    desk_scans(desk, "9001");
    g_assert_cmpint(station_step(desk->station), ==, STEP_PACK);
    desk_scans(desk, MUG);
    desk_does(desk, CMD_UNDO, "");
    desk_scans(desk, MUG);
    desk_scans(desk, MUG);
    floor_is(desk->floor, shipment, ST_PACKED);
    desk_close(desk);
}

/* Who leads gives the PIN; a wrong one leaves it locked. After the log-out nobody's badge is enough. */
static void a_leads_is_not(struct testdb *test)
{
    int64_t shipment;
    struct desk *desk = at_work(test, "9100", ROLE_LEAD, &shipment);
    desk_does(desk, CMD_LOCK, "");
    desk_scan(desk, "9100");
    desk_asks(desk);
    desk_scan(desk, "999999");
    desk_refuses(desk, ERR_LOGIN);
    is_locked(desk);
    desk_scan(desk, "9100");
    desk_asks(desk);
    desk_scans(desk, DESK_PIN);
    g_assert_cmpint(station_step(desk->station), ==, STEP_PACK);
    desk_scans(desk, MUG);
    desk_does(desk, CMD_LOCK, "");
    desk_does(desk, CMD_LOGOUT, "");
    g_assert_cmpint(station_step(desk->station), ==, STEP_LOGIN);
    desk_scan(desk, "9100");
    desk_asks(desk);
    desk_close(desk);
}

static void another_comes(struct testdb *test)
{
    int64_t shipment;
    struct desk *other = desk_open(test, "bench 2", "9002", ROLE_PACKER);
    struct desk *desk = at_work(test, "9001", ROLE_PACKER, &shipment);
    desk_does(desk, CMD_LOCK, "");
    desk_scan(desk, "9002");
    desk_asks(desk);
    desk_say(desk, CMD_BACK, ""); /* they go away again: it is still the first one's */
    desk_scans(desk, "9001");
    g_assert_cmpint(station_step(desk->station), ==, STEP_PACK);
    desk_does(desk, CMD_LOCK, "");
    desk_scan(desk, "9002");
    desk_scans(desk, DESK_PIN);
    g_assert_cmpint(station_step(desk->station), ==, STEP_IDLE);
    g_assert_cmpint(station_actor(desk->station).person_id, ==, other->person_id);
    desk_scan(desk, "9001");
    desk_asks(desk);
    desk_close(desk);
    desk_close(other);
}

/* The bar that stood is not done away with by walking away: it is the answer to the badge. */
static void the_bar_stands_again(struct testdb *test)
{
    int64_t shipment;
    struct desk *desk = at_work(test, "9001", ROLE_PACKER, &shipment);
    desk_scan(desk, "no such thing 7");
    desk_is_barred(desk, ERR_SCAN_UNKNOWN);
    desk_does(desk, CMD_LOCK, "");
    desk_scan(desk, MUG);
    desk_is_barred(desk, ERR_STATION_LOCKED);
    desk_scan(desk, MUG);
    g_assert_cmpint(desk->last.kind, ==, ANSWER_IGNORED);
    desk_scan(desk, "9001");
    desk_is_barred(desk, ERR_SCAN_UNKNOWN);
    g_assert_cmpint(station_step(desk->station), ==, STEP_PACK);
    desk_scans(desk, MUG);
    g_assert_cmpint(floor_packed(desk->floor, shipment), ==, 2);
    desk_close(desk);
}

/* A question that was asked waits, too; with nobody logged in there is nothing to lock. */
static void the_question_waits(struct testdb *test)
{
    int64_t shipment;
    struct desk *desk = at_work(test, "9100", ROLE_LEAD, &shipment);
    desk_say(desk, CMD_SPLIT, "");
    desk_asks(desk);
    desk_does(desk, CMD_LOCK, "");
    desk_say(desk, CMD_CONFIRM, "");
    desk_refuses(desk, ERR_STATION_LOCKED);
    desk_does(desk, CMD_LOGIN, "9100 " DESK_PIN);
    desk_does(desk, CMD_CONFIRM, "");
    g_assert_cmpint(floor_packed(desk->floor, shipment), ==, 1);
    desk_does(desk, CMD_LOGOUT, "");
    desk_does(desk, CMD_LOCK, "");
    g_assert_cmpint(station_step(desk->station), ==, STEP_LOGIN);
    desk_close(desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/lock/a-packers-badge-is-enough", a_packers_badge_is_enough);
    testdb_add("/lock/a-leads-is-not", a_leads_is_not);
    testdb_add("/lock/another-comes", another_comes);
    testdb_add("/lock/the-bar-stands-again", the_bar_stands_again);
    testdb_add("/lock/the-question-waits", the_question_waits);
    return g_test_run();
}

/* SPDX-License-Identifier: MIT
 *
 * Scans at packing that fit several things: a bin, a tote, an item with lots. On both engines; numbers are those of the
 * list of scenarios.
 */
#include <glib.h>
#include <string.h>

#include "tests/support/desk.h"
#include "tests/support/shelves.h"

/* Two orders are to be picked from one bin: at packing it stands for neither. */
static void s03_a_bin_of_two_orders(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    stock_up(desk->floor);
    for (int i = 0; i < 2; i++)
        ready(desk->floor, i ? "1042" : "1041", 1, 0, 0);
    int64_t shipment = ready(desk->floor, "1043", 1, 1, 0);
    floor_pick_all(desk->floor, shipment);
    desk_does(desk, CMD_PACK, "");
    desk_scan(desk, "A-01");
    desk_refuses(desk, ERR_BIN_BUSY);
    g_assert_nonnull(strstr(desk->refusal, "A-01"));
    g_assert_cmpint(desk->last.step, ==, STEP_PACK);
    desk_scan(desk, "B-01"); /* nobody's goods lie there: no order either */
    desk_refuses(desk, ERR_SCAN_NOT_NOW);
    desk_scans(desk, "1043"); /* the narrower scan */
    desk_scan(desk, "A-01");
    desk_refuses(desk, ERR_BIN_BUSY);
    desk_scans(desk, MUG);
    g_assert_cmpint(floor_packed(desk->floor, shipment), ==, 1);
    desk_close(desk);
}

/* Each of its totes stands for the order; an item counts for it, from whichever tote it was taken. */
static void s06_an_order_in_two_totes(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    struct floor *floor = desk->floor;
    stock_up(floor);
    int64_t shipment = ready(floor, "1042", 2, 0, 0);
    const int64_t totes[] = {floor_tote(floor, "T-1"), floor_tote(floor, "T-2")};
    int64_t task = floor_int(floor, "SELECT id FROM pick_task WHERE shipment_id = $1", shipment);
    for (int i = 0; i < 2; i++)
        floor_do(floor, (struct event){.kind = EV_PICK, .actor = floor->picker, .shipment_id = shipment, .task_id = task,
                                       .tote_id = totes[i], .quantity = 1});
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM tote_use WHERE shipment_id = $1", shipment), ==, 2);
    desk_scans(desk, "T-1");
    desk_scans(desk, MUG);
    desk_scans(desk, "T-2");
    desk_scans(desk, MUG);
    g_assert_cmpint(desk->last.step, ==, STEP_LABEL);
    g_assert_cmpint(floor_packed(floor, shipment), ==, 2);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM tote_use", 0), ==, 0);
    desk_close(desk);
}

/* Two lots were picked: the code on the item does not say which of them it is. */
static void s07_which_lot(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    struct floor *floor = desk->floor;
    int64_t milk = floor_product_with_lots(floor, "MILK", "4710000000042"), bin = floor_bin(floor, "D-01", 1);
    int64_t early = floor_lot(floor, milk, "L-EARLY", 20990101);
    floor_receive(floor, milk, early, bin, 1);
    floor_receive(floor, milk, floor_lot(floor, milk, "L-LATE", 20990601), bin, 1);
    int64_t shipment = floor_order(floor, "1042", "hct", FLOOR_ITEMS({"MILK", 2}));
    floor_release(floor, shipment);
    floor_pick_all(floor, shipment);
    desk_scans(desk, "1042");
    desk_scan(desk, "4710000000042");
    desk_refuses(desk, ERR_PACK_LOT);
    g_assert_nonnull(strstr(desk->refusal, "MILK"));
    g_assert_cmpint(floor_packed(floor, shipment), ==, 0);
    desk_scans(desk, "]C10104710000000042" "10L-EARLY");
    g_assert_cmpint(floor_int(floor, "SELECT lot_id FROM parcel_line", 0), ==, early);
    desk_scans(desk, "]C10104710000000042" "10L-LATE");
    g_assert_cmpint(desk->last.step, ==, STEP_LABEL);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(DISTINCT lot_id) FROM parcel_line", 0), ==, 2);
    desk_close(desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/which_one/03_bin_of_two_orders", s03_a_bin_of_two_orders);
    testdb_add("/which_one/06_two_totes", s06_an_order_in_two_totes);
    testdb_add("/which_one/07_which_lot", s07_which_lot);
    return g_test_run();
}

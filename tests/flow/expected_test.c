/* SPDX-License-Identifier: MIT
 *
 * At a bench the codes of the open order are known, and not looked up again: what a scan of one says and does is what it
 * would have been, whatever happened in between.
 */
#include "tests/support/desk.h"

static const char MUG[] = "4710000000017", TEA[] = "4710000000024", POT[] = "4710000000031";

static struct desk *open_pack(struct testdb *test, int64_t *shipment)
{
    struct desk *desk = desk_open(test, "PACK-1", "P-7", ROLE_PACKER);
    struct floor *floor = desk->floor;
    floor_receive(floor, floor_product(floor, "MUG-RED", MUG), 0, floor_bin(floor, "A-01-1", 1), 100);
    floor_receive(floor, floor_product(floor, "TEA", TEA), 0, floor_bin(floor, "A-02-1", 2), 100);
    floor_product(floor, "POT", POT);
    *shipment = floor_order(floor, "SP-1", "hct", FLOOR_ITEMS({"MUG-RED", 4}, {"TEA", 2}));
    floor_release(floor, *shipment);
    floor_pick_all(floor, *shipment);
    desk_scans(desk, "SP-1");
    desk_scans(desk, MUG); /* looked up */
    desk_says(desk, "MUG-RED 1/4");
    return desk;
}

static int64_t line_of(struct floor *floor, const char *sku)
{
    g_autofree char *sql = g_strdup_printf("SELECT l.id FROM shipment_line l JOIN product p ON p.id = l.product_id "
                                           "WHERE p.sku = '%s'", sku);
    return floor_int(floor, sql, 0);
}

static void counts_on(struct testdb *test)
{
    int64_t shipment;
    struct desk *desk = open_pack(test, &shipment);
    desk_scans(desk, MUG);
    desk_says(desk, "MUG-RED 2/4");
    desk_scans(desk, TEA);
    desk_says(desk, "TEA 1/2");
    desk_does(desk, CMD_UNDO, "");
    desk_scans(desk, TEA);
    desk_says(desk, "TEA 1/2");
    desk_scan(desk, POT);
    desk_refuses(desk, ERR_PACK_ITEM);
    desk_scans(desk, MUG);
    desk_says(desk, "MUG-RED 3/4");
    desk_scans(desk, MUG);
    desk_scan(desk, MUG);
    desk_refuses(desk, ERR_PACK_OVER);
    desk_scans(desk, TEA);
    g_assert_cmpint(floor_packed(desk->floor, shipment), ==, 6);
    floor_is(desk->floor, shipment, ST_PACKED);
    desk_close(desk);
}

/* The line is somebody else's to change, too: no piece is counted twice, and the next scan says what is so. */
static void others_pack(struct testdb *test)
{
    int64_t shipment;
    struct desk *desk = open_pack(test, &shipment);
    struct floor *other = floor_open(test, "PACK-2");
    floor_do(other, (struct event){.kind = EV_PACK, .actor = other->packer, .shipment_id = shipment,
                                   .line_id = line_of(other, "MUG-RED"), .quantity = 3});
    desk_scan(desk, MUG);
    desk_refuses(desk, ERR_PACK_OVER);
    g_assert_cmpint(floor_packed(other, shipment), ==, 4);
    desk_scans(desk, TEA);
    desk_says(desk, "TEA 1/2");
    floor_do(other, (struct event){.kind = EV_BLOCK, .actor = other->lead, .shipment_id = shipment, .block = BLOCK_HELD,
                                   .reason = "looked at"});
    desk_scan(desk, TEA);
    desk_refuses(desk, ERR_FLOW_BLOCKED);
    g_assert_cmpint(floor_packed(other, shipment), ==, 5);
    floor_close(other);
    desk_close(desk);
}

/* A code that is a lot's as well is a question at every scan. */
static void codes_of_lots(struct testdb *test)
{
    int64_t shipment;
    struct desk *desk = open_pack(test, &shipment);
    floor_lot(desk->floor, floor_product_with_lots(desk->floor, "MILK", "4710000000048"), TEA, 20301231);
    desk_does(desk, CMD_BACK, "");
    desk_scans(desk, "SP-1");
    desk_scan(desk, TEA);
    desk_refuses(desk, ERR_SCAN_AMBIGUOUS);
    desk_scans(desk, MUG);
    desk_scans(desk, MUG);
    desk_says(desk, "MUG-RED 3/4");
    desk_scan(desk, TEA);
    desk_refuses(desk, ERR_SCAN_AMBIGUOUS);
    desk_close(desk);
}

/* The next number of the range is somebody's, as one that an order has brought: the box that the last unit closes gets the one
 * behind it. */
static void numbers_that_exist(struct testdb *test)
{
    int64_t one, other;
    struct desk *desk = open_pack(test, &one);
    struct floor *floor = desk->floor;
    other = floor_order(floor, "SP-2", "hct", FLOOR_ITEMS({"MUG-RED", 1}));
    floor_release(floor, other);
    floor_pick_all(floor, other);
    desk_does(desk, CMD_BACK, "");
    floor_pack_all(floor, one);
    testdb_script(floor->site->db, "UPDATE waybill_range SET next = first; UPDATE waybill SET range_id = NULL, serial = NULL");
    floor->tampered = TRUE;
    desk_scans(desk, "SP-2");
    desk_scans(desk, MUG);
    floor_is(floor, other, ST_PACKED);
    g_assert_cmpint(desk->last.step, ==, STEP_LABEL);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM waybill WHERE range_id IS NOT NULL", 0), ==, 2);
    desk_close(desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/expected/counts-on", counts_on);
    testdb_add("/expected/others-pack", others_pack);
    testdb_add("/expected/codes-of-lots", codes_of_lots);
    testdb_add("/expected/numbers-that-exist", numbers_that_exist);
    return g_test_run();
}

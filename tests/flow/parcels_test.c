/* SPDX-License-Identifier: MIT
 *
 * Boxes and what is counted into them: closed and empty ones, lots that were scanned by mistake, what was picked
 * short, manifests that two docks open at once. On both engines.
 */
#include <glib.h>

#include "core/db/db.h"
#include "tests/support/boxes.h"

/* A lead who presses twice: no second box, no second number. */
static void an_empty_box_is_not_closed(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t shipment = split(floor, "1042");
    floor_refused(floor, by_lead(floor, EV_CLOSE_SPLIT, shipment), ERR_PACK_NOTHING);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM parcel WHERE shipment_id = $1", shipment), ==, 1);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM waybill", 0), ==, 1);
    floor_close(floor);
}

/* What is in a closed box is not taken out by counting in another one. */
static void a_closed_box_keeps_its_goods(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t shipment = split(floor, "1042");
    struct event unpack = pack(floor, shipment, line_at(floor, shipment, 0), 1);
    unpack.kind = EV_UNPACK;
    floor_refused(floor, unpack, ERR_UNDO_NOTHING);
    g_assert_cmpint(floor_int(floor, "SELECT SUM(packed) FROM shipment_line WHERE shipment_id = $1", shipment), ==, 2);
    floor_close(floor);
}

/* A box that was closed too early is opened again and takes the rest as well. */
static void a_split_is_put_together_again(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t shipment = split(floor, "1042"), line = line_at(floor, shipment, 1);
    struct event reopen = {.kind = EV_REOPEN, .actor = floor->packer, .shipment_id = shipment}, take;
    floor_do(floor, pack(floor, shipment, line, 1));
    floor_refused(floor, reopen, ERR_PACK_OPEN);
    take = pack(floor, shipment, line, 1);
    take.kind = EV_UNPACK;
    floor_do(floor, take);
    floor_do(floor, reopen);
    pack_rest(floor, shipment);
    floor_is(floor, shipment, ST_PACKED);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM waybill", 0), ==, 1);
    apply_all(floor, shipment);
    floor_is(floor, shipment, ST_LABELLED);
    floor_refused(floor, reopen, ERR_FLOW_STATE);
    floor_close(floor);
}

/* --- lots ----------------------------------------------------------------------------------------------- */

static void a_lot_that_was_not_picked(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t milk = floor_product_with_lots(floor, "MILK", NULL);
    int64_t first = floor_lot(floor, milk, "L1", 20990101), second = floor_lot(floor, milk, "L2", 20990601);
    int64_t other = floor_lot(floor, milk, "L3", 20990901), bin = floor_bin(floor, "A-01", 1);
    floor_receive(floor, milk, first, bin, 2);
    floor_receive(floor, milk, second, bin, 9);
    int64_t shipment = floor_order(floor, "1042", "hct", FLOOR_ITEMS({"MILK", 3}));
    floor_release(floor, shipment);
    floor_pick_all(floor, shipment);
    struct event scan = pack(floor, shipment, line_at(floor, shipment, 0), 1);
    scan.lot_id = other;
    floor_refused(floor, scan, ERR_PACK_LOT_NOT_PICKED);
    scan.lot_id = second; /* one of it was picked, not two */
    floor_do(floor, scan);
    floor_refused(floor, scan, ERR_PACK_LOT_NOT_PICKED);
    scan.lot_id = first;
    scan.quantity = 2;
    floor_do(floor, scan);
    floor_do(floor, (struct event){.kind = EV_CLOSE, .actor = floor->packer, .shipment_id = shipment});
    floor_close(floor);
}

/* A code with a lot in it, on goods that are not kept by lots: the lot is not asked for and not written. */
static void a_lot_nobody_keeps(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t shipment = picked(floor, "1042");
    struct event scan = pack(floor, shipment, line_at(floor, shipment, 0), 2);
    scan.lot_id = floor_lot(floor, floor_int(floor, "SELECT id FROM product WHERE sku = 'MUG'", 0), "L1", 0);
    floor_do(floor, scan);
    g_assert_cmpint(floor_int(floor, "SELECT MAX(lot_id) FROM parcel_line", 0), ==, 0);
    floor_close(floor);
}

static void a_lot_that_expired_since(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t milk = floor_product_with_lots(floor, "MILK", NULL), lot = floor_lot(floor, milk, "L1", 20990101);
    floor_receive(floor, milk, lot, floor_bin(floor, "A-01", 1), 2);
    int64_t shipment = floor_order(floor, "1042", "hct", FLOOR_ITEMS({"MILK", 1}));
    floor_release(floor, shipment);
    GError *error = NULL;
    g_assert_true(db_exec(floor->site->db, floor_sql("UPDATE lot SET expires_on = 20200101 WHERE id = $1"),
                          DB_ARGS(lot), NULL, &error));
    struct event pick = {.kind = EV_PICK, .actor = floor->picker, .shipment_id = shipment, .quantity = 1};
    pick.task_id = floor_int(floor, "SELECT id FROM pick_task WHERE shipment_id = $1", shipment);
    floor_refused(floor, pick, ERR_PICK_EXPIRED);
    floor_close(floor);
}

/* --- undo after a short pick ---------------------------------------------------------------------------- */

/* What was picked before the rest was missing stays picked: the task is closed, its reservation is given back. */
static void a_short_pick_is_not_undone(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t mug = floor_product(floor, "MUG", NULL);
    floor_receive(floor, mug, 0, floor_bin(floor, "A-01", 1), 5);
    int64_t shipment = floor_order(floor, "1042", "hct", FLOOR_ITEMS({"MUG", 5}));
    floor_release(floor, shipment);
    int64_t task = floor_int(floor, "SELECT id FROM pick_task WHERE shipment_id = $1", shipment);
    struct event pick = {.kind = EV_PICK, .actor = floor->picker, .shipment_id = shipment, .task_id = task, .quantity = 2};
    floor_do(floor, pick);
    pick.kind = EV_SHORT;
    pick.reason = "empty";
    floor_do(floor, pick);
    pick.kind = EV_UNPICK;
    floor_refused(floor, pick, ERR_UNDO_NOTHING);
    g_assert_cmpint(floor_int(floor, "SELECT SUM(reserved) FROM stock", 0), ==, 0);
    g_assert_cmpint(floor_int(floor, "SELECT SUM(picked) FROM shipment_line WHERE shipment_id = $1", shipment), ==, 2);
    floor_close(floor);
}

/* --- manifests ------------------------------------------------------------------------------------------ */

static void two_docks_open_one_manifest(struct testdb *test)
{
    struct floor *one = floor_open(test, "dock 1"), *two = floor_open(test, "dock 2");
    struct event open = {.kind = EV_MANIFEST_OPEN, .actor = one->dock, .courier = "hct"};
    int64_t first = floor_do(one, open).subject_id;
    open.key = 0;
    g_assert_cmpint(floor_do(two, open).subject_id, ==, first);
    g_assert_cmpint(floor_int(one, "SELECT COUNT(*) FROM manifest", 0), ==, 1);
    floor_close(one);
    floor_close(two);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/parcels/an_empty_box_is_not_closed", an_empty_box_is_not_closed);
    testdb_add("/parcels/a_closed_box_keeps_its_goods", a_closed_box_keeps_its_goods);
    testdb_add("/parcels/a_lot_that_was_not_picked", a_lot_that_was_not_picked);
    testdb_add("/parcels/a_lot_nobody_keeps", a_lot_nobody_keeps);
    testdb_add("/parcels/a_lot_that_expired_since", a_lot_that_expired_since);
    testdb_add("/parcels/a_short_pick_is_not_undone", a_short_pick_is_not_undone);
    testdb_add("/parcels/two_docks_open_one_manifest", two_docks_open_one_manifest);
    testdb_add("/parcels/a_split_is_put_together_again", a_split_is_put_together_again);
    return g_test_run();
}

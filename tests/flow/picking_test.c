/* SPDX-License-Identifier: MIT
 *
 * Picking as people do it at stations: the walk, what is short, lists on paper, undo. On both engines; numbers are
 * those of the list of scenarios.
 */
#include <glib.h>
#include <string.h>

#include "core/act/goods.h"
#include "core/act/orders.h"
#include "core/site/site_setting.h"
#include "tests/support/desk.h"
#include "tests/support/shelves.h"

/* --- the walk ------------------------------------------------------------------------------------------- */

static void s16_walk_order(struct testdb *test)
{
    struct desk *desk = desk_open(test, "handheld-1", "P1", ROLE_PICKER);
    stock_up(desk->floor);
    ready(desk->floor, "1", 1, 1, 1);
    desk_does(desk, CMD_PICK, "1");
    desk_expects(desk, "bin A-01");
    desk_does(desk, CMD_SKIP, "");
    desk_expects(desk, "bin B-01");
    const char *const scans[] = {"B-01", TEA, "C-01", PEN};
    for (size_t i = 0; i < G_N_ELEMENTS(scans); i++)
        desk_scans(desk, scans[i]);
    desk_expects(desk, "bin A-01");
    desk_scans(desk, "A-01");
    desk_scans(desk, MUG);
    g_assert_cmpint(station_step(desk->station), ==, STEP_IDLE);
    desk_close(desk);
}

static void s17_s19_wrong_things_and_counts(struct testdb *test)
{
    struct desk *desk = desk_open(test, "handheld-1", "P1", ROLE_PICKER);
    struct floor *floor = desk->floor;
    stock_up(floor);
    int64_t milk = floor_product_with_lots(floor, "MILK", "4710000000042");
    int64_t bin = floor_bin(floor, "D-01", 90), early = floor_lot(floor, milk, "L-EARLY", 20990101);
    floor_lot(floor, milk, "L-LATE", 20990601);
    floor_receive(floor, milk, early, bin, 3);
    int64_t shipment =
        floor_order(floor, "1", "hct", FLOOR_ITEMS({"MUG-RED", 5}, {"TEA-OOL", 1}, {"MILK", 1}));
    floor_release(floor, shipment);
    desk_does(desk, CMD_PICK, "1");
    desk_scan(desk, MUG);
    desk_refuses(desk, ERR_PICK_BIN);
    desk_scan(desk, "B-01");
    desk_refuses(desk, ERR_PICK_BIN);
    desk_scans(desk, "A-01");
    desk_scan(desk, TEA);
    desk_refuses(desk, ERR_PICK_PRODUCT);
    desk_say(desk, CMD_QUANTITY, "6");
    desk_refuses(desk, ERR_FLOW_QUANTITY);
    g_assert_nonnull(strstr(desk->refusal, "1 to 5"));
    desk_does(desk, CMD_QUANTITY, "3");
    g_assert_cmpint(picked_of(floor, shipment), ==, 3);
    desk_expects(desk, "product MUG-RED"); /* the line of 2 that remains is next */
    desk_say(desk, CMD_QUANTITY, "2");
    desk_refuses(desk, ERR_FLOW_QUANTITY);
    desk_does(desk, CMD_QUANTITY, "5");
    desk_expects(desk, "bin B-01");
    desk_scans(desk, "B-01");
    desk_scans(desk, TEA);
    desk_scans(desk, "D-01");
    desk_scan(desk, "]C10104710000000042" "10L-LATE");
    desk_refuses(desk, ERR_PICK_LOT);
    desk_scan(desk, "L-LATE");
    desk_refuses(desk, ERR_PICK_LOT);
    desk_scans(desk, "]C10104710000000042" "10L-EARLY");
    floor_is(floor, shipment, ST_PICKED);
    desk_close(desk);
}

static void s18_one_tote_one_order(struct testdb *test)
{
    struct desk *desk = desk_open(test, "handheld-1", "P1", ROLE_PICKER);
    struct floor *floor = desk->floor;
    stock_up(floor);
    int64_t ids[] = {ready(floor, "1", 1, 0, 0), ready(floor, "2", 1, 0, 0)};
    batch_of(floor, ids, 2, desk->person_id);
    floor_tote(floor, "T-1"), floor_tote(floor, "T-2");
    desk_does(desk, CMD_PICK, "");
    desk_expects(desk, "an empty tote for slot 1");
    desk_scans(desk, "A-01");
    desk_scan(desk, MUG);
    desk_refuses(desk, ERR_TOTE_FIRST);
    desk_say(desk, CMD_QUANTITY, "1");
    desk_refuses(desk, ERR_TOTE_FIRST);
    desk_scans(desk, "T-1");
    desk_scans(desk, MUG);
    desk_expects(desk, "tote T-1"); /* where it was put is confirmed */
    desk_scan(desk, "T-2");
    desk_refuses(desk, ERR_PICK_TOTE);
    desk_scans(desk, "T-1");
    desk_expects(desk, "an empty tote for slot 2");
    desk_scan(desk, "T-1");
    desk_refuses(desk, ERR_PICK_TOTE);
    desk_scans(desk, "T-2");
    desk_scans(desk, MUG);
    desk_scans(desk, "T-2");
    g_assert_cmpint(station_step(desk->station), ==, STEP_IDLE);
    desk_close(desk);
}

/* --- short ---------------------------------------------------------------------------------------------- */

static void s20_s21_short_moves_elsewhere(struct testdb *test)
{
    struct desk *desk = desk_open(test, "handheld-1", "P1", ROLE_PICKER);
    struct floor *floor = desk->floor;
    GError *error = NULL;
    stock_up(floor);
    int64_t mug = floor_int(floor, "SELECT id FROM product WHERE sku = 'MUG-RED'", 0);
    floor_receive(floor, mug, 0, floor_bin(floor, "Z-09", 99), 4);
    int64_t shipment = ready(floor, "1", 5, 0, 0);
    desk_does(desk, CMD_PICK, "1");
    desk_scans(desk, "A-01");
    desk_does(desk, CMD_QUANTITY, "2");
    desk_does(desk, CMD_SHORT, "shelf is empty");
    desk_expects(desk, "bin Z-09");
    g_assert_cmpint(open_counts(floor), ==, 1);
    desk_scans(desk, "Z-09");
    desk_does(desk, CMD_QUANTITY, "3");
    floor_is(floor, shipment, ST_PICKED);
    /* nobody is sent to that bin until it is counted */
    int64_t next = floor_order(floor, "2", "hct", FLOOR_ITEMS({"MUG-RED", 5}));
    g_assert_false(order_release(floor->site, floor->lead, next, &error));
    g_assert_error(error, ERR, ERR_SHORT_STOCK);
    g_clear_error(&error);
    struct goods_done done;
    struct goods_act count = {.kind = GOODS_COUNT, .sku = "MUG-RED", .from = "A-01", .quantity = 6};
    g_assert_true(goods_act(floor->site, floor->lead, &count, &done, &error));
    g_assert_no_error(error);
    g_assert_cmpint(done.change, ==, 6 - 18);
    g_assert_cmpuint(done.waiting.released, ==, 1);
    g_assert_cmpint(open_counts(floor), ==, 0);
    floor_is(floor, next, ST_READY);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM block WHERE cleared_at IS NULL", 0), ==, 0);
    desk_close(desk);
}

/* Counted lower than what was promised from there: the least urgent go elsewhere or wait, the urgent keep theirs. */
static void a_count_below_what_is_promised(struct testdb *test)
{
    struct floor *floor = floor_open(test, "lead");
    GError *error = NULL;
    stock_up(floor);
    int64_t mug = floor_int(floor, "SELECT id FROM product WHERE sku = 'MUG-RED'", 0), ids[4];
    for (int i = 0; i < 4; i++) {
        char number[8];
        g_snprintf(number, sizeof number, "%d", i);
        ids[i] = ready(floor, number, 5, 0, 0);
    }
    int64_t far = floor_bin(floor, "Z-09", 99);
    floor_receive(floor, mug, 0, far, 6);
    struct goods_done done;
    struct goods_act count = {.kind = GOODS_COUNT, .sku = "MUG-RED", .from = "A-01", .quantity = 7};
    gboolean good = goods_act(floor->site, floor->lead, &count, &done, &error);
    g_assert_no_error(error);
    g_assert_true(good);
    g_assert_cmpint(done.change, ==, -13);
    g_assert_cmpuint(done.moved, ==, 3);
    g_assert_cmpint(open_counts(floor), ==, 0);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM pick_task t JOIN location l ON l.id = t.location_id "
                                     "WHERE t.shipment_id = $1 AND t.open = 1 AND l.code = 'A-01'",
                              ids[0]),
                    ==, 1);
    g_assert_cmpint(floor_int(floor, "SELECT reserved FROM stock WHERE location_id = $1", far), >=, 5);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(DISTINCT shipment_id) FROM pick_task WHERE open = 1", 0), ==, 2);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM block WHERE kind = 'short' AND cleared_at IS NULL", 0), ==, 2);
    floor_close(floor);
}

/* Nowhere else to be had: the batch ends without it, and it is handed out again when goods have come. */
static void what_is_short_waits_outside_its_batch(struct testdb *test)
{
    struct desk *desk = desk_open(test, "handheld-1", "P1", ROLE_PICKER);
    struct floor *floor = desk->floor;
    GError *error = NULL;
    stock_up(floor);
    int64_t ids[] = {ready(floor, "1", 0, 20, 0), ready(floor, "2", 1, 0, 0)};
    int64_t batch = batch_of(floor, ids, 2, desk->person_id);
    floor_tote(floor, "T-1"), floor_tote(floor, "T-2");
    desk_does(desk, CMD_PICK, "");
    const char *const scans[] = {"T-2", "A-01", MUG, "T-2", "T-1", "B-01"};
    for (size_t i = 0; i < G_N_ELEMENTS(scans); i++)
        desk_scans(desk, scans[i]);
    desk_does(desk, CMD_QUANTITY, "12");
    desk_does(desk, CMD_SHORT, "empty");
    desk_says(desk, "waits");
    g_assert_cmpint(station_step(desk->station), ==, STEP_IDLE);
    batch_is(floor, batch, ST_DONE);
    floor_is(floor, ids[0], ST_PICKING);
    desk_say(desk, CMD_PICK, "");
    desk_refuses(desk, ERR_NO_WORK);
    floor_bin(floor, "B-02", 21);
    struct goods_done done;
    struct goods_act come = {.kind = GOODS_RECEIVE, .sku = "TEA-OOL", .to = "B-02", .quantity = 50, .reason = "came"};
    g_assert_true(goods_act(floor->site, floor->lead, &come, &done, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(done.waiting.released, ==, 1);
    desk_does(desk, CMD_PICK, "");
    desk_expects(desk, "bin B-02");
    desk_scans(desk, "B-02");
    desk_does(desk, CMD_QUANTITY, "8");
    floor_is(floor, ids[0], ST_PICKED);
    desk_close(desk);
}

/* --- paper ---------------------------------------------------------------------------------------------- */

static void a_paper_list(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench-1", "P1", ROLE_PICKER);
    struct floor *floor = desk->floor;
    stock_up(floor);
    int64_t ids[] = {ready(floor, "1", 4, 1, 0), ready(floor, "2", 0, 0, 4)};
    int64_t batch = batch_of(floor, ids, 2, desk->person_id);
    desk_scan(desk, row_of(floor, batch).number);
    desk_does(desk, CMD_PAPER, "");
    desk_scan(desk, PEN);
    desk_asks(desk);
    desk_expects(desk, "the count");
    desk_say(desk, CMD_QUANTITY, "5");
    desk_refuses(desk, ERR_FLOW_QUANTITY);
    desk_does(desk, CMD_QUANTITY, "4");
    floor_is(floor, ids[1], ST_PICKED);
    desk_scans(desk, TEA); /* one wanted: the scan is the count */
    desk_scan(desk, TEA);
    desk_refuses(desk, ERR_PICK_PRODUCT);
    desk_scan(desk, MUG);
    desk_asks(desk);
    desk_does(desk, CMD_QUANTITY, "2");
    desk_scan(desk, MUG);
    desk_does(desk, CMD_SHORT, "only two"); /* the bin is to be counted, no other has any */
    floor_is(floor, ids[0], ST_PICKING);
    g_assert_cmpint(picked_of(floor, ids[0]), ==, 3);
    g_assert_cmpint(open_counts(floor), ==, 1);
    batch_is(floor, batch, ST_DONE);
    desk_close(desk);
}

static void the_whole_list_at_once(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench-1", "P1", ROLE_PICKER);
    struct floor *floor = desk->floor;
    GError *error = NULL;
    stock_up(floor);
    int64_t ids[] = {ready(floor, "1", 3, 1, 0), ready(floor, "2", 0, 0, 4)};
    int64_t batch = batch_of(floor, ids, 2, desk->person_id);
    desk_does(desk, CMD_PICK, "");
    desk_does(desk, CMD_PAPER, "");
    desk_say(desk, CMD_WHOLE, "");
    desk_refuses(desk, ERR_SCAN_NOT_NOW);
    g_assert_true(site_setting_set(floor->site, &floor->system, "pick_list_whole", "1", &error));
    desk_does(desk, CMD_WHOLE, "");
    batch_is(floor, batch, ST_DONE);
    floor_is(floor, ids[0], ST_PICKED);
    floor_is(floor, ids[1], ST_PICKED);
    desk_close(desk);
}

/* --- undo ----------------------------------------------------------------------------------------------- */

static void undo_while_picking(struct testdb *test)
{
    struct desk *desk = desk_open(test, "handheld-1", "P1", ROLE_PICKER);
    struct floor *floor = desk->floor;
    stock_up(floor);
    int64_t shipment = ready(floor, "1", 2, 0, 0), batch = batch_of(floor, &shipment, 1, desk->person_id);
    int64_t bin = floor_int(floor, "SELECT id FROM location WHERE code = 'A-01'", 0);
    desk_does(desk, CMD_PICK, "");
    desk_say(desk, CMD_UNDO, "");
    desk_refuses(desk, ERR_UNDO_NOTHING);
    desk_scans(desk, "A-01");
    desk_scans(desk, MUG);
    desk_does(desk, CMD_UNDO, "");
    g_assert_cmpint(picked_of(floor, shipment), ==, 0);
    g_assert_cmpint(floor_int(floor, "SELECT on_hand FROM stock WHERE location_id = $1", bin), ==, 20);
    g_assert_cmpint(floor_int(floor, "SELECT reserved FROM stock WHERE location_id = $1", bin), ==, 2);
    desk_say(desk, CMD_UNDO, "");
    desk_refuses(desk, ERR_UNDO_NOTHING);
    desk_does(desk, CMD_QUANTITY, "2");
    batch_is(floor, batch, ST_DONE);
    floor_is(floor, shipment, ST_PICKED);
    desk_does(desk, CMD_UNDO, ""); /* the last pick too: the batch runs again and the station is back at it */
    batch_is(floor, batch, ST_RUNNING);
    floor_is(floor, shipment, ST_PICKING);
    g_assert_cmpint(station_step(desk->station), ==, STEP_PICK);
    desk_expects(desk, "bin A-01");
    desk_scans(desk, "A-01");
    desk_does(desk, CMD_QUANTITY, "2");
    batch_is(floor, batch, ST_DONE);
    desk_close(desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/picking/16_walk_order", s16_walk_order);
    testdb_add("/picking/17_19_wrong_things_and_counts", s17_s19_wrong_things_and_counts);
    testdb_add("/picking/18_one_tote_one_order", s18_one_tote_one_order);
    testdb_add("/picking/20_21_short_moves_elsewhere", s20_s21_short_moves_elsewhere);
    testdb_add("/picking/20_count_below_promises", a_count_below_what_is_promised);
    testdb_add("/picking/short_waits_outside", what_is_short_waits_outside_its_batch);
    testdb_add("/picking/paper_list", a_paper_list);
    testdb_add("/picking/whole_list", the_whole_list_at_once);
    testdb_add("/picking/undo", undo_while_picking);
    return g_test_run();
}

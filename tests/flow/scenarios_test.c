/* SPDX-License-Identifier: MIT
 *
 * The floor's scenarios as a person meets them: scans and commands at a station, on both engines. The numbers are those
 * of the floor's list of scenarios that must hold.
 */
#include <glib.h>
#include <string.h>

#include "core/apply/apply.h"
#include "core/people/people.h"
#include "tests/support/desk.h"

/* Two products in two bins, 20 of each. */
static void stock_up(struct floor *floor)
{
    int64_t mug = floor_product(floor, "MUG-RED", "4710000000017"), tea = floor_product(floor, "TEA-OOL", "4710000000024");
    floor_receive(floor, mug, 0, floor_bin(floor, "A-01-1", 1), 20);
    floor_receive(floor, tea, 0, floor_bin(floor, "A-02-1", 2), 20);
}

static int64_t picked_order(struct floor *floor, const char *number, int mugs, int teas)
{
    int64_t shipment = floor_order(floor, number, "hct", FLOOR_ITEMS({"MUG-RED", mugs}, {"TEA-OOL", teas}));
    floor_release(floor, shipment);
    floor_pick_all(floor, shipment);
    return shipment;
}

static char *waybill_of(struct floor *floor, int64_t shipment)
{
    floor_print(floor, shipment); /* it is read off the paper */
    return floor_text(floor,
                      "SELECT w.number FROM waybill w JOIN parcel p ON p.id = w.parcel_id WHERE p.shipment_id = $1 "
                      "AND w.state <> 'void' ORDER BY w.id DESC LIMIT 1",
                      shipment);
}

static int64_t journal_rows(struct floor *floor)
{
    return floor_int(floor, "SELECT COUNT(*) FROM journal", 0);
}

/* --- idle and packing ----------------------------------------------------------------------------------- */

static void s01_unknown_code_opens_nothing(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    int64_t rows = journal_rows(desk->floor);
    desk_scan(desk, "4719999999999");
    desk_is_barred(desk, ERR_SCAN_UNKNOWN);
    g_assert_cmpint(desk->last.step, ==, STEP_IDLE);
    g_assert_cmpint(journal_rows(desk->floor), ==, rows + 1);
    desk_close(desk);
}

static void s02_not_ready_names_order_and_state(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    stock_up(desk->floor);
    int64_t shipment = floor_order(desk->floor, "1042", "hct", FLOOR_ITEMS({"MUG-RED", 1}));
    desk_say(desk, CMD_PACK, "");
    desk_scan(desk, "1042");
    desk_is_barred(desk, ERR_FLOW_STATE);
    g_assert_nonnull(strstr(desk->last.text, "1042"));
    g_assert_nonnull(strstr(desk->last.text, "new"));
    desk_say(desk, CMD_DISMISS, "");
    floor_do(desk->floor, (struct event){.kind = EV_RELEASE, .actor = desk->floor->lead, .shipment_id = shipment});
    floor_pick_all(desk->floor, shipment);
    floor_do(desk->floor, (struct event){.kind = EV_BLOCK, .actor = desk->floor->lead, .shipment_id = shipment,
                                        .block = BLOCK_HELD, .reason = "ask"});
    desk_scan(desk, "1042");
    desk_is_barred(desk, ERR_FLOW_BLOCKED);
    g_assert_nonnull(strstr(desk->last.text, "held"));
    desk_close(desk);
}

static void s04_killed_half_way_resumes(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    stock_up(desk->floor);
    int64_t shipment = picked_order(desk->floor, "1042", 1, 2);
    desk_scans(desk, "1042");
    desk_scans(desk, "4710000000017");
    desk_scans(desk, "4710000000024");
    desk_close(desk); /* what a kill leaves is what is committed: nothing is written at closing */
    struct desk *other = desk_open(test, "bench 2", "9002", ROLE_PACKER);
    GError *error = NULL;
    struct station_view view;
    desk_scans(other, "1042");
    g_assert_cmpint(other->last.step, ==, STEP_PACK);
    g_assert_true(station_view_load(other->station, &view, &error));
    g_assert_cmpint(view.scanned, ==, 2);
    g_assert_cmpint(view.to_scan, ==, 3);
    station_view_clear(&view);
    desk_scans(other, "4710000000024");
    g_assert_cmpint(other->last.step, ==, STEP_LABEL);
    floor_is(other->floor, shipment, ST_PACKED);
    desk_close(other);
}

static void s05_item_of_another_order(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    stock_up(desk->floor);
    floor_product(desk->floor, "BAG", "4710000000031");
    int64_t shipment = picked_order(desk->floor, "1042", 1, 1);
    desk_scans(desk, "1042");
    int64_t rows = journal_rows(desk->floor);
    desk_scan(desk, "4710000000031");
    desk_is_barred(desk, ERR_PACK_ITEM);
    g_assert_nonnull(strstr(desk->last.text, "BAG"));
    g_assert_cmpint(floor_packed(desk->floor, shipment), ==, 0);
    g_assert_cmpint(journal_rows(desk->floor), ==, rows + 1);
    /* the bar stands: what comes now is counted, not applied, until the right thing is scanned */
    struct answer *ignored = desk_scan(desk, "4710000000031");
    g_assert_cmpint(ignored->kind, ==, ANSWER_IGNORED);
    g_assert_cmpint(ignored->not_counted, ==, 1);
    g_assert_cmpint(desk_say(desk, CMD_CLOSE, "")->kind, ==, ANSWER_IGNORED);
    desk_scans(desk, "4710000000017");
    g_assert_cmpint(floor_packed(desk->floor, shipment), ==, 1);
    desk_close(desk);
}

/* A scan that was on its way when the bar went up is not applied, though it would be right. */
static void a_scan_on_its_way_is_not_applied(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    GError *error = NULL;
    stock_up(desk->floor);
    int64_t shipment = picked_order(desk->floor, "1042", 1, 1);
    desk_scans(desk, "1042");
    desk_scan(desk, "4719999999999");
    desk_is_barred(desk, ERR_SCAN_UNKNOWN);
    g_assert_true(station_skip(desk->station, "4710000000017", 13, &desk->last, &error));
    g_assert_true(station_skip(desk->station, "4710000000024", 13, &desk->last, &error));
    g_assert_cmpint(desk->last.not_counted, ==, 2);
    g_assert_cmpint(floor_packed(desk->floor, shipment), ==, 0);
    desk_close(desk);
}

static void s08_every_scan_counts_a_case_counts_more(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    stock_up(desk->floor);
    GError *error = NULL;
    static const struct sql CASE = {"test_case_code",
                                    "INSERT INTO product_code (warehouse_id, owner_id, code, product_id, quantity) "
                                    "SELECT warehouse_id, owner_id, 'CASE-6', id, 6 FROM product WHERE sku = 'MUG-RED'"};
    g_assert_true(db_exec(desk->floor->site->db, &CASE, DB_NO_ARGS, NULL, &error));
    int64_t shipment = floor_order(desk->floor, "1042", "hct", FLOOR_ITEMS({"MUG-RED", 8}));
    floor_release(desk->floor, shipment);
    floor_pick_all(desk->floor, shipment);
    desk_scans(desk, "1042");
    desk_scans(desk, "4710000000017");
    desk_scans(desk, "CASE-6");
    g_assert_cmpint(floor_packed(desk->floor, shipment), ==, 7);
    desk_scan(desk, "CASE-6");
    desk_refuses(desk, ERR_PACK_OVER);
    g_assert_cmpint(floor_packed(desk->floor, shipment), ==, 7);
    desk_scans(desk, "4710000000017");
    g_assert_cmpint(desk->last.step, ==, STEP_LABEL);
    desk_close(desk);
}

static void s09_full_line_refuses_more(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    stock_up(desk->floor);
    int64_t shipment = picked_order(desk->floor, "1042", 1, 2);
    int64_t mug = floor_int(desk->floor, "SELECT id FROM shipment_line WHERE shipment_id = $1 ORDER BY id LIMIT 1", shipment);
    desk_scans(desk, "1042");
    desk_scans(desk, "4710000000017");
    desk_scan(desk, "4710000000017");
    desk_refuses(desk, ERR_PACK_OVER);
    struct event typed = {.kind = EV_PACK, .actor = desk->floor->packer, .shipment_id = shipment, .line_id = mug, .quantity = -1};
    floor_refused(desk->floor, typed, ERR_FLOW_QUANTITY);
    typed.quantity = 1000000;
    typed.key = 0;
    floor_refused(desk->floor, typed, ERR_PACK_OVER);
    g_assert_cmpint(floor_int(desk->floor, "SELECT packed FROM shipment_line WHERE id = $1", mug), ==, 1);
    desk_close(desk);
}

static void s13_incomplete_closes_only_by_a_lead(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    stock_up(desk->floor);
    desk_close(desk_open(test, "desk", "8001", ROLE_LEAD));
    int64_t shipment = picked_order(desk->floor, "1042", 1, 2);
    desk_scans(desk, "1042");
    desk_scans(desk, "4710000000017");
    desk_say(desk, CMD_CLOSE, "");
    desk_refuses(desk, ERR_PACK_INCOMPLETE);
    desk_say(desk, CMD_SPLIT, "");
    desk_refuses(desk, ERR_FLOW_RIGHT);
    desk_say(desk, CMD_SPLIT, "8001 111111");
    desk_refuses(desk, ERR_LOGIN);
    desk_does(desk, CMD_SPLIT, "8001 " DESK_PIN);
    g_assert_cmpint(desk->last.step, ==, STEP_LABEL);
    g_assert_cmpint(floor_int(desk->floor, "SELECT COUNT(*) FROM journal WHERE event = 'close-split' AND approver_id IS NOT "
                                          "NULL AND code = 0 AND shipment_id = $1", shipment), ==, 1);
    char *number = waybill_of(desk->floor, shipment);
    desk_scans(desk, number);
    /* the rest stays open as the next parcel */
    desk_scans(desk, "4710000000024");
    desk_scans(desk, "4710000000024");
    g_assert_cmpint(desk->last.step, ==, STEP_LABEL);
    g_assert_cmpint(floor_int(desk->floor, "SELECT COUNT(*) FROM parcel WHERE shipment_id = $1", shipment), ==, 2);
    g_free(number);
    desk_close(desk);
}

/* --- label and dock ------------------------------------------------------------------------------------- */

static void pack_both(struct desk *desk, const char *order)
{
    desk_scans(desk, order);
    desk_scans(desk, "4710000000017");
    desk_scans(desk, "4710000000024");
}

static void s27_swapped_labels_are_found(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    struct desk *other = desk_open(test, "bench 2", "9002", ROLE_PACKER);
    stock_up(desk->floor);
    int64_t first = picked_order(desk->floor, "1042", 1, 1), second = picked_order(desk->floor, "1043", 1, 1);
    pack_both(desk, "1042");
    pack_both(other, "1043");
    char *mine = waybill_of(desk->floor, first), *theirs = waybill_of(desk->floor, second);
    desk_scan(desk, theirs);
    desk_is_barred(desk, ERR_LABEL_OTHER);
    g_assert_nonnull(strstr(desk->last.text, "1042"));
    g_assert_nonnull(strstr(desk->last.text, "1043"));
    floor_is(desk->floor, first, ST_PACKED);
    desk_scans(desk, mine); /* the right label closes the bar and counts */
    floor_is(desk->floor, first, ST_LABELLED);
    g_assert_cmpint(desk->last.step, ==, STEP_PACK);
    g_free(mine);
    g_free(theirs);
    desk_close(desk);
    desk_close(other);
}

static void s23_s24_leaves_once(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    stock_up(desk->floor);
    int64_t shipment = picked_order(desk->floor, "1042", 1, 1);
    pack_both(desk, "1042");
    char *number = waybill_of(desk->floor, shipment);
    /* not labelled yet: the dock refuses it */
    struct desk *dock = desk_open(test, "dock 1", "9003", ROLE_DOCK);
    desk_does(dock, CMD_DOCK, "hct");
    desk_scan(dock, number);
    desk_refuses(dock, ERR_FLOW_STATE);
    desk_scans(desk, number);
    desk_scans(dock, number);
    floor_is(desk->floor, shipment, ST_OUTBOUND);
    g_assert_cmpint(floor_int(desk->floor, "SELECT COUNT(*) FROM stock_move WHERE kind = 'outbound' AND shipment_id = $1",
                              shipment), ==, 2);
    desk_scan(dock, number);
    desk_is_barred(dock, ERR_FLOW_OUTBOUND);
    g_assert_nonnull(strstr(dock->last.text, "9003"));
    g_assert_nonnull(strstr(dock->last.text, "dock 1"));
    g_assert_cmpint(floor_int(desk->floor, "SELECT COUNT(*) FROM stock_move WHERE kind = 'outbound' AND shipment_id = $1",
                              shipment), ==, 2);
    desk_say(dock, CMD_DISMISS, "");
    g_assert_cmpint(desk_say(dock, CMD_MANIFEST_CLOSE, "")->kind, ==, ANSWER_ASK);
    desk_does(dock, CMD_CONFIRM, "");
    g_assert_cmpint(floor_int(desk->floor, "SELECT COUNT(*) FROM manifest WHERE state = 'closed'", 0), ==, 1);
    g_free(number);
    desk_close(dock);
    desk_close(desk);
}

static void wrong_courier_is_refused(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    stock_up(desk->floor);
    int64_t shipment = picked_order(desk->floor, "1042", 1, 1);
    pack_both(desk, "1042");
    char *number = waybill_of(desk->floor, shipment);
    desk_scans(desk, number);
    desk_does(desk, CMD_DOCK, "post");
    desk_scan(desk, number);
    desk_is_barred(desk, ERR_DOCK_COURIER);
    floor_is(desk->floor, shipment, ST_LABELLED);
    g_free(number);
    desk_close(desk);
}

static void s28_cancelled_in_the_shop_after_packing(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    stock_up(desk->floor);
    int64_t shipment = picked_order(desk->floor, "1042", 1, 1);
    pack_both(desk, "1042");
    char *number = waybill_of(desk->floor, shipment);
    struct event cancelled = {.kind = EV_BLOCK, .actor = desk->floor->system, .shipment_id = shipment, .block = BLOCK_CANCELLED};
    floor_do(desk->floor, cancelled);
    desk_scan(desk, number);
    desk_refuses(desk, ERR_FLOW_BLOCKED);
    floor_do(desk->floor, (struct event){.kind = EV_UNBLOCK, .actor = desk->floor->lead, .shipment_id = shipment,
                                        .block = BLOCK_CANCELLED});
    desk_scans(desk, number);
    cancelled.key = 0;
    floor_do(desk->floor, cancelled);
    desk_does(desk, CMD_DOCK, "hct");
    desk_scan(desk, number);
    desk_refuses(desk, ERR_FLOW_BLOCKED);
    floor_is(desk->floor, shipment, ST_LABELLED);
    floor_do(desk->floor, (struct event){.kind = EV_CANCEL, .actor = desk->floor->lead, .shipment_id = shipment, .reason = "shop"});
    desk_scan(desk, number);
    desk_is_barred(desk, ERR_LABEL_VOID);
    g_free(number);
    desk_close(desk);
}

/* A waybill printed ahead opens its shipment at packing; void paper says so. */
static void printed_ahead_opens_its_shipment(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    stock_up(desk->floor);
    int64_t shipment = floor_order(desk->floor, "1042", "hct", FLOOR_ITEMS({"MUG-RED", 1}, {"TEA-OOL", 1}));
    floor_release(desk->floor, shipment);
    floor_do(desk->floor, (struct event){.kind = EV_PRINT_AHEAD, .actor = desk->floor->lead, .shipment_id = shipment});
    char *number = waybill_of(desk->floor, shipment);
    floor_pick_all(desk->floor, shipment);
    desk_scans(desk, number);
    g_assert_cmpint(desk->last.step, ==, STEP_PACK);
    desk_scans(desk, "4710000000017");
    desk_scans(desk, "4710000000024");
    g_assert_cmpint(desk->last.step, ==, STEP_LABEL);
    g_assert_cmpint(floor_int(desk->floor, "SELECT COUNT(*) FROM job WHERE shipment_id = $1", shipment), ==, 1);
    floor_do(desk->floor, (struct event){.kind = EV_RENEW, .actor = desk->floor->lead, .shipment_id = shipment, .reason = "address"});
    desk_scan(desk, number);
    desk_refuses(desk, ERR_LABEL_VOID);
    char *renewed = waybill_of(desk->floor, shipment);
    g_assert_cmpstr(renewed, !=, number);
    desk_scans(desk, renewed);
    floor_is(desk->floor, shipment, ST_LABELLED);
    g_free(number);
    g_free(renewed);
    desk_close(desk);
}

/* 30, at the station: a gateway that sends a line again with its key. */
static void s30_the_same_line_twice(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    stock_up(desk->floor);
    int64_t shipment = picked_order(desk->floor, "1042", 1, 2);
    desk_scans(desk, "1042");
    int64_t key = flow_key(desk->floor->site);
    desk_scan_keyed(desk, "4710000000024", key);
    g_assert_false(desk->last.repeated);
    desk_scan_keyed(desk, "4710000000024", key);
    g_assert_true(desk->last.repeated);
    g_assert_cmpint(floor_packed(desk->floor, shipment), ==, 1);
    desk_close(desk);
}

static void s22_last_unit_at_two_stations(struct testdb *test)
{
    struct desk *one = desk_open(test, "bench 1", "9001", ROLE_PACKER), *two = desk_open(test, "bench 2", "9002", ROLE_PACKER);
    stock_up(one->floor);
    int64_t shipment = picked_order(one->floor, "1042", 1, 1);
    desk_scans(one, "1042");
    desk_scans(two, "1042");
    desk_scans(one, "4710000000017");
    desk_scans(one, "4710000000024");
    desk_scan(two, "4710000000024");
    desk_is_barred(two, ERR_FLOW_STATE);
    g_assert_nonnull(strstr(two->last.text, "9001"));
    g_assert_nonnull(strstr(two->last.text, "bench 1"));
    g_assert_cmpint(floor_int(one->floor, "SELECT COUNT(*) FROM waybill", 0), ==, 1);
    g_assert_cmpint(floor_int(one->floor, "SELECT COUNT(*) FROM parcel WHERE shipment_id = $1", shipment), ==, 1);
    desk_close(one);
    desk_close(two);
}

static void undo_takes_the_last_scan_back(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    stock_up(desk->floor);
    int64_t shipment = picked_order(desk->floor, "1042", 2, 1);
    desk_scans(desk, "1042");
    desk_scans(desk, "4710000000017");
    g_assert_cmpint(desk_card(desk, CARD_UNDO)->kind, ==, ANSWER_OK);
    g_assert_cmpint(floor_packed(desk->floor, shipment), ==, 0);
    floor_is(desk->floor, shipment, ST_PICKED);
    desk_card(desk, CARD_UNDO);
    desk_is_barred(desk, ERR_UNDO_NOTHING);
    desk_close(desk);
}

static void scans_that_no_person_meant(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    desk_scan(desk, "ㄅㄆㄇ");
    desk_refuses(desk, ERR_SCAN_IME);
    desk_scan(desk, "\xff\xfe\x80" "123456");
    desk_refuses(desk, ERR_SCAN_DAMAGED);
    desk_scan(desk, "//O123");
    desk_refuses(desk, ERR_SCAN_MISREAD);
    desk_scan(desk, "");
    desk_refuses(desk, ERR_SCAN_EMPTY);
    desk_say(desk, CMD_LOGOUT, "");
    desk_say(desk, CMD_PACK, "1042");
    desk_is_barred(desk, ERR_LOGIN_FIRST);
    desk_close(desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/scenario/01_unknown_code", s01_unknown_code_opens_nothing);
    testdb_add("/scenario/02_not_ready", s02_not_ready_names_order_and_state);
    testdb_add("/scenario/04_killed_half_way", s04_killed_half_way_resumes);
    testdb_add("/scenario/05_item_of_another_order", s05_item_of_another_order);
    testdb_add("/scenario/scan_on_its_way", a_scan_on_its_way_is_not_applied);
    testdb_add("/scenario/08_every_scan_counts", s08_every_scan_counts_a_case_counts_more);
    testdb_add("/scenario/09_full_line", s09_full_line_refuses_more);
    testdb_add("/scenario/13_incomplete", s13_incomplete_closes_only_by_a_lead);
    testdb_add("/scenario/22_last_unit_at_two_stations", s22_last_unit_at_two_stations);
    testdb_add("/scenario/23_24_leaves_once", s23_s24_leaves_once);
    testdb_add("/scenario/27_swapped_labels", s27_swapped_labels_are_found);
    testdb_add("/scenario/28_cancelled_after_packing", s28_cancelled_in_the_shop_after_packing);
    testdb_add("/scenario/30_same_line_twice", s30_the_same_line_twice);
    testdb_add("/scenario/wrong_courier", wrong_courier_is_refused);
    testdb_add("/scenario/printed_ahead", printed_ahead_opens_its_shipment);
    testdb_add("/scenario/undo", undo_takes_the_last_scan_back);
    testdb_add("/scenario/unmeant_scans", scans_that_no_person_meant);
    return g_test_run();
}

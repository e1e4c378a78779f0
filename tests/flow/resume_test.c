/* SPDX-License-Identifier: MIT
 *
 * A station that goes on: after a crash between two events, after an answer that was lost, after a scan that was wrong.
 * On both engines.
 */
#include <glib.h>
#include <string.h>

#include "core/apply/apply.h"
#include "core/code/code.h"
#include "core/db/db.h"
#include "core/station/station.h"
#include "tests/support/desk.h"

static int64_t picked(struct floor *floor, const char *number, int mugs)
{
    if (floor_int(floor, "SELECT COUNT(*) FROM product", 0) == 0) {
        floor_receive(floor, floor_product(floor, "MUG", "4710000000017"), 0, floor_bin(floor, "A-01", 1), 50);
        floor_receive(floor, floor_product(floor, "TEA", "4710000000024"), 0, floor_bin(floor, "A-02", 2), 50);
    }
    int64_t shipment = floor_order(floor, number, "hct", FLOOR_ITEMS({"MUG", mugs}, {"TEA", 1}));
    floor_release(floor, shipment);
    floor_pick_all(floor, shipment);
    return shipment;
}

/* Counts a whole line as a station does just before it dies. */
static int64_t count_line(struct desk *desk, int64_t shipment, gboolean last)
{
    struct event pack = {.key = flow_key(desk->floor->site), .kind = EV_PACK, .actor = desk->floor->packer,
                         .shipment_id = shipment};
    pack.line_id = floor_int(desk->floor,
                             last ? "SELECT id FROM shipment_line WHERE shipment_id = $1 ORDER BY id DESC LIMIT 1"
                                  : "SELECT id FROM shipment_line WHERE shipment_id = $1 ORDER BY id LIMIT 1",
                             shipment);
    pack.quantity = floor_int(desk->floor, "SELECT quantity FROM shipment_line WHERE id = $1", pack.line_id);
    floor_do(desk->floor, pack);
    return pack.key;
}

static struct answer *again(struct desk *desk, const char *text, int64_t key)
{
    GError *error = NULL;
    g_assert_true(station_scan(desk->station, text, strlen(text), key, &desk->last, &error));
    g_assert_no_error(error);
    return &desk->last;
}

static char *waybill_of_packed(struct floor *floor, int64_t shipment)
{
    floor_print(floor, shipment); /* it is read off the paper */
    return floor_text(floor, "SELECT w.number FROM waybill w JOIN parcel p ON p.id = w.parcel_id "
                             "WHERE p.shipment_id = $1 AND p.state = 'packed'", shipment);
}

/* The last unit was counted and the station died before it closed the box: the order's scan closes it. */
static void died_before_the_close(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    int64_t shipment = picked(desk->floor, "1042", 1);
    count_line(desk, shipment, FALSE);
    count_line(desk, shipment, TRUE);
    floor_is(desk->floor, shipment, ST_PACKING);
    desk_scans(desk, "1042");
    floor_is(desk->floor, shipment, ST_PACKED);
    g_assert_cmpint(desk->last.step, ==, STEP_LABEL);
    char *number = waybill_of_packed(desk->floor, shipment);
    desk_scans(desk, number);
    floor_is(desk->floor, shipment, ST_LABELLED);
    g_free(number);
    desk_close(desk);
}

/* The answer to the last unit was lost on its way; the same key asked again closes the box as the answer would have. */
static void the_answer_was_lost(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    int64_t shipment = picked(desk->floor, "1042", 1);
    desk_scans(desk, "1042");
    desk_scans(desk, "4710000000017");
    int64_t key = count_line(desk, shipment, TRUE);
    g_assert_cmpint(again(desk, "4710000000024", key)->kind, ==, ANSWER_OK);
    g_assert_true(desk->last.repeated);
    g_assert_cmpint(desk->last.step, ==, STEP_LABEL);
    floor_is(desk->floor, shipment, ST_PACKED);
    desk_close(desk);
}

/* A box of a split order waits for its label when the station dies: it still does when the order is opened again. */
static void a_split_box_waits_for_its_label(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    int64_t shipment = picked(desk->floor, "1042", 1);
    count_line(desk, shipment, FALSE);
    floor_do(desk->floor, (struct event){.kind = EV_CLOSE_SPLIT, .actor = desk->floor->lead, .shipment_id = shipment});
    desk_scans(desk, "1042");
    g_assert_cmpint(desk->last.step, ==, STEP_LABEL);
    desk_does(desk, CMD_REPRINT, "");
    g_assert_cmpint(desk->last.step, ==, STEP_LABEL);
    char *number = waybill_of_packed(desk->floor, shipment);
    desk_scans(desk, number);
    g_assert_cmpint(desk->last.step, ==, STEP_PACK);
    desk_scans(desk, "4710000000024");
    g_assert_cmpint(desk->last.step, ==, STEP_LABEL);
    g_free(number);
    desk_close(desk);
}

/* A wrong scan sent again with its key is the same wrong scan, not a good one, and is counted once. */
static void a_wrong_scan_again(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    picked(desk->floor, "1042", 1);
    desk_scans(desk, "1042");
    int64_t key = flow_key(desk->floor->site), later = flow_key(desk->floor->site);
    g_assert_cmpint(again(desk, "4719999999999", key)->kind, ==, ANSWER_REFUSED);
    g_assert_cmpint(again(desk, "4719999999999", key)->kind, ==, ANSWER_REFUSED);
    g_assert_cmpint(desk->last.code, ==, ERR_SCAN_UNKNOWN);
    g_assert_cmpstr(desk->last.text, !=, "");
    g_assert_cmpint(again(desk, "4718888888888", later)->kind, ==, ANSWER_IGNORED);
    g_assert_cmpint(again(desk, "4718888888888", later)->kind, ==, ANSWER_IGNORED);
    g_assert_cmpint(desk->last.not_counted, ==, 1);
    desk_close(desk);
}

static struct answer *again_say(struct desk *desk, enum command command, const char *argument, int64_t key)
{
    GError *error = NULL;
    g_assert_true(station_command(desk->station, command, argument, key, &desk->last, &error));
    g_assert_no_error(error);
    return &desk->last;
}

/* What writes no event is done once too, and answered as it was the first time. */
static void what_writes_no_event_again(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    char first[sizeof desk->last.text];
    int64_t paper = flow_key(desk->floor->site);
    again_say(desk, CMD_PAPER, "", paper);
    g_strlcpy(first, desk->last.text, sizeof first);
    g_assert_false(desk->last.repeated);
    again_say(desk, CMD_PAPER, "", paper);
    g_assert_true(desk->last.repeated);
    g_assert_cmpstr(desk->last.text, ==, first);
    desk_does(desk, CMD_PAPER, ""); /* once more is the other way */
    g_assert_cmpstr(desk->last.text, !=, first);
    desk_close(desk);
}

/* A log-in by cards whose every scan came twice. */
static void a_pin_of_cards_again(struct testdb *test)
{
    struct desk *other = desk_open(test, "bench 2", "9002", ROLE_PACKER);
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    char code[CODE_SIZE];
    desk_does(desk, CMD_LOGOUT, "");
    desk_scan(desk, "9002");
    for (const char *p = DESK_PIN; *p; p++) {
        int64_t key = flow_key(desk->floor->site);
        again(desk, code_make_card((enum card)(CARD_0 + (*p - '0')), code), key);
        again(desk, code, key);
    }
    desk_scans(desk, code_make_card(CARD_CONFIRM, code));
    g_assert_cmpint(station_actor(desk->station).person_id, ==, other->person_id);
    desk_close(desk);
    desk_close(other);
}

/* A key with other content is an error and nobody's wrong scan, also for a station that has forgotten it. */
static void a_key_with_other_content(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    int64_t shipment = picked(desk->floor, "1042", 3);
    desk_scans(desk, "1042");
    int64_t scan = flow_key(desk->floor->site), wrong = flow_key(desk->floor->site), paper = flow_key(desk->floor->site);
    g_assert_cmpint(again(desk, "4710000000017", scan)->kind, ==, ANSWER_OK);
    again_say(desk, CMD_STATUS, "", paper);
    for (int round = 0; round < 2; round++) {
        g_assert_cmpint(again(desk, "4710000000024", scan)->kind, ==, ANSWER_REFUSED);
        g_assert_cmpint(desk->last.code, ==, ERR_FLOW_KEY);
        g_assert_cmpint(again_say(desk, CMD_UNDO, "", scan)->code, ==, ERR_FLOW_KEY);
        g_assert_cmpint(again(desk, "4710000000017", scan)->kind, ==, ANSWER_OK);
        g_assert_true(desk->last.repeated);
        g_assert_cmpint(floor_int(desk->floor, "SELECT SUM(packed) FROM shipment_line WHERE shipment_id = $1", shipment), ==, 1);
        desk_close(desk);
        desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
        desk_scans(desk, "1042");
    }
    g_assert_cmpint(again(desk, "4719999999999", wrong)->code, ==, ERR_SCAN_UNKNOWN);
    g_assert_cmpint(again(desk, "4719999999998", wrong)->code, ==, ERR_FLOW_KEY);
    desk_say(desk, CMD_DISMISS, "");
    desk_scans(desk, "4710000000017");
    desk_close(desk);
}

/* What the flow refuses under the bar is the next bar, and goes on counting what was not counted. */
static void a_refusal_under_the_bar(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    picked(desk->floor, "1042", 1);
    desk_scans(desk, "1042");
    desk_scans(desk, "4710000000017");
    desk_scan(desk, "4719999999999");
    desk_scan(desk, "4718888888888");
    g_assert_cmpint(desk_scan(desk, "4718888888888")->not_counted, ==, 2);
    desk_scan(desk, "4710000000017"); /* in the order, and full */
    g_assert_cmpint(desk->last.code, ==, ERR_PACK_OVER);
    g_assert_cmpint(desk->last.not_counted, ==, 2);
    g_assert_cmpint(desk_scan(desk, "4718888888888")->not_counted, ==, 3);
    desk_say(desk, CMD_DISMISS, "");
    g_assert_cmpint(desk->last.not_counted, ==, 0);
    g_assert_cmpint(desk_scan(desk, "4719999999999")->not_counted, ==, 0);
    desk_close(desk);
}

/* A wrong log-in is nobody's act, and journalled as what it was. */
static void a_wrong_log_in_is_journalled(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    int64_t key = flow_key(desk->floor->site);
    desk_does(desk, CMD_LOGOUT, "");
    again_say(desk, CMD_LOGIN, "9001 999999", key);
    g_assert_cmpint(desk->last.code, ==, ERR_LOGIN);
    g_assert_cmpint(floor_int(desk->floor, "SELECT code FROM journal WHERE event_key = $1", key), ==, 800);
    desk_close(desk);
}

/* What is refused leaves the order on the bench open, whatever was asked for. */
static void a_refusal_leaves_the_work_open(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    int64_t shipment = picked(desk->floor, "1042", 2);
    picked(desk->floor, "1043", 1);
    desk_scans(desk, "1042");
    desk_scans(desk, "4710000000017");
    static const enum command ASKED[] = {CMD_PACK, CMD_PICK, CMD_DOCK};
    for (size_t i = 0; i < G_N_ELEMENTS(ASKED); i++) {
        desk_say(desk, ASKED[i], "nothing-9");
        g_assert_cmpint(desk->last.kind, ==, ANSWER_REFUSED);
        desk_say(desk, CMD_DISMISS, "");
        g_assert_cmpint(desk->last.step, ==, STEP_PACK);
        g_assert_cmpint(desk->last.shipment_id, ==, shipment);
    }
    desk_say(desk, CMD_PICK, "1043"); /* is picked already */
    g_assert_cmpint(desk->last.kind, ==, ANSWER_REFUSED);
    desk_say(desk, CMD_DISMISS, "");
    desk_does(desk, CMD_UNDO, "");
    g_assert_cmpint(floor_int(desk->floor, "SELECT SUM(packed) FROM shipment_line WHERE shipment_id = $1", shipment), ==, 0);
    desk_close(desk);
}

/* A PIN that comes while the bar stands at the log-in is not journalled. */
static void a_pin_under_the_bar(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    GError *error = NULL;
    desk_scan(desk, "135790"); /* out of habit, where none is asked for */
    desk_refuses(desk, ERR_SCAN_UNKNOWN);
    desk_does(desk, CMD_LOGOUT, "");
    desk_say(desk, CMD_LOGIN, "9001 999999");
    g_assert_cmpint(desk->last.kind, ==, ANSWER_REFUSED);
    g_assert_true(station_skip(desk->station, "135790", 6, &desk->last, &error));
    g_assert_no_error(error);
    g_assert_cmpint(floor_int(desk->floor, "SELECT COUNT(*) FROM journal WHERE detail LIKE '%135790%'", 0), ==, 0);
    desk_close(desk);
}

/* Longer than the screen's room, and cut between characters. */
static void long_names_are_cut_between_characters(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    struct station_view view;
    GError *error = NULL;
    picked(desk->floor, "1042", 1);
    char *name = g_strnfill(300, 'x');
    for (int i = 0; i < 100; i++)
        memcpy(name + 3 * i, "店", 3);
    g_assert_true(db_exec(desk->floor->site->db,
                          floor_sql("UPDATE recipient SET store_code = 'S12', store_name = $1, county = $1"),
                          DB_ARGS(name), NULL, &error));
    desk_scans(desk, "1042");
    g_assert_true(station_view_load(desk->station, &view, &error));
    g_assert_true(g_utf8_validate(view.ship.store, -1, NULL));
    g_assert_true(g_utf8_validate(view.ship.address, -1, NULL));
    station_view_clear(&view);
    g_free(name);
    desk_close(desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/resume/what_writes_no_event_again", what_writes_no_event_again);
    testdb_add("/resume/a_pin_of_cards_again", a_pin_of_cards_again);
    testdb_add("/resume/a_key_with_other_content", a_key_with_other_content);
    testdb_add("/resume/a_refusal_under_the_bar", a_refusal_under_the_bar);
    testdb_add("/resume/a_wrong_log_in_is_journalled", a_wrong_log_in_is_journalled);
    testdb_add("/resume/died_before_the_close", died_before_the_close);
    testdb_add("/resume/the_answer_was_lost", the_answer_was_lost);
    testdb_add("/resume/a_split_box_waits_for_its_label", a_split_box_waits_for_its_label);
    testdb_add("/resume/a_wrong_scan_again", a_wrong_scan_again);
    testdb_add("/resume/a_refusal_leaves_the_work_open", a_refusal_leaves_the_work_open);
    testdb_add("/resume/a_pin_under_the_bar", a_pin_under_the_bar);
    testdb_add("/resume/long_names", long_names_are_cut_between_characters);
    return g_test_run();
}

/* SPDX-License-Identifier: MIT
 *
 * What a person at a station is told and asked: before goods are touched that must not go on, when another order is
 * scanned, why a line is short, which tote is owed. On both engines.
 */
#include <glib.h>
#include <string.h>

#include "core/act/batches.h"
#include "core/code/code.h"
#include "core/view/dock.h"
#include "tests/support/desk.h"

#define MUG "4710000000017"

static struct desk *bench(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    floor_receive(desk->floor, floor_product(desk->floor, "MUG", MUG), 0, floor_bin(desk->floor, "A-01", 1), 50);
    return desk;
}

static int64_t order(struct desk *desk, const char *number, int mugs, gboolean picked)
{
    int64_t shipment = floor_order(desk->floor, number, "hct", FLOOR_ITEMS({"MUG", mugs}));
    floor_release(desk->floor, shipment);
    if (picked)
        floor_pick_all(desk->floor, shipment);
    return shipment;
}

static void block(struct desk *desk, int64_t shipment, enum block kind)
{
    floor_do(desk->floor, (struct event){.kind = EV_BLOCK, .actor = desk->floor->lead, .shipment_id = shipment, .block = kind});
}

static void shows_stopped(struct desk *desk, const char *text)
{
    struct station_view view;
    g_assert_true(station_view_load(desk->station, &view, NULL));
    g_assert_cmpstr(view.stopped, ==, text);
    station_view_clear(&view);
}

/* A hold in mid-pack stands on the screen and stops the next unit; afterwards the order is not even opened. */
static void what_is_stopped_is_not_opened(struct testdb *test)
{
    struct desk *desk = bench(test);
    int64_t shipment = order(desk, "1042", 2, TRUE);
    desk_scans(desk, "1042");
    desk_scans(desk, MUG);
    shows_stopped(desk, "");
    block(desk, shipment, BLOCK_HELD);
    shows_stopped(desk, "held");
    desk_scan(desk, MUG);
    desk_refuses(desk, ERR_FLOW_BLOCKED);
    desk_does(desk, CMD_BACK, "");
    desk_scan(desk, "1042");
    desk_refuses(desk, ERR_FLOW_BLOCKED);
    g_assert_cmpint(station_step(desk->station), ==, STEP_IDLE);
    desk_say(desk, CMD_PACK, "1042");
    desk_refuses(desk, ERR_FLOW_BLOCKED);
    desk_close(desk);
}

/* A closed box that was cancelled in the shop, or changed after its label, is said to be so before a label is looked for;
 * at the dock it is among the held. */
static void a_closed_box_that_is_stopped(struct testdb *test)
{
    static const enum block KINDS[] = {BLOCK_CANCELLED, BLOCK_CHANGED};
    struct desk *desk = bench(test);
    for (size_t i = 0; i < G_N_ELEMENTS(KINDS); i++) {
        char number[8];
        g_snprintf(number, sizeof number, "10%02d", (int)i);
        int64_t shipment = order(desk, number, 1, TRUE);
        floor_pack_all(desk->floor, shipment);
        block(desk, shipment, KINDS[i]);
        desk_scan(desk, number);
        desk_refuses(desk, ERR_FLOW_BLOCKED);
        g_assert_nonnull(strstr(desk->refusal, flow_block_label(KINDS[i])));
    }
    struct dock_view *dock = dock_view_load(desk->floor->site, "hct", NULL);
    g_assert_cmpint(dock->count[DOCK_HELD], ==, 2);
    g_assert_cmpint(dock->count[DOCK_UNLABELLED], ==, 0);
    g_free(dock);
    desk_close(desk);
}

static void another_order_is_named(struct testdb *test)
{
    struct desk *desk = bench(test);
    order(desk, "1042", 1, TRUE);
    order(desk, "1043", 1, TRUE);
    desk_scans(desk, "1042");
    desk_say(desk, CMD_CLOSE, "");
    desk_refuses(desk, ERR_PACK_NOTHING);
    desk_scan(desk, "1043");
    desk_refuses(desk, ERR_PACK_OTHER);
    g_assert_nonnull(strstr(desk->refusal, "1042"));
    g_assert_nonnull(strstr(desk->refusal, "1043"));
    desk_card(desk, CARD_BACK);
    desk_scans(desk, "1043");
    desk_close(desk);
}

/* A split that was a mistake: its box is opened again and takes the rest. */
static void a_split_is_reopened(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench 1", "8001", ROLE_LEAD);
    floor_receive(desk->floor, floor_product(desk->floor, "MUG", MUG), 0, floor_bin(desk->floor, "A-01", 1), 50);
    int64_t shipment = order(desk, "1042", 3, TRUE);
    desk_scans(desk, "1042");
    desk_scans(desk, MUG);
    desk_say(desk, CMD_SPLIT, "");
    desk_asks(desk);
    desk_card(desk, CARD_CONFIRM);
    g_assert_cmpint(station_step(desk->station), ==, STEP_LABEL);
    desk_does(desk, CMD_REOPEN, "");
    g_assert_cmpint(station_step(desk->station), ==, STEP_PACK);
    floor_is(desk->floor, shipment, ST_PACKING);
    desk_scans(desk, MUG);
    desk_scans(desk, MUG);
    floor_is(desk->floor, shipment, ST_PACKED);
    g_assert_cmpint(floor_int(desk->floor, "SELECT COUNT(*) FROM parcel WHERE shipment_id = $1 AND state <> 'void'", shipment), ==, 1);
    desk_does(desk, CMD_REOPEN, ""); /* full, and still the one on the bench */
    g_assert_cmpint(desk->last.shipment_id, ==, shipment);
    desk_does(desk, CMD_CLOSE, "");
    floor_is(desk->floor, shipment, ST_PACKED);
    desk_close(desk);
}

/* What is short is asked for; scans answer by the digit cards, and nothing is short before. */
static void a_short_says_why(struct testdb *test)
{
    static const struct {
        enum card answer;
        const char *reason;
    } ANSWERS[] = {{CARD_0 + 1, "gone"}, {CARD_0 + 2, "damaged"}, {CARD_0 + 3, "other goods"}, {CARD_CONFIRM, "gone"}};
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    int64_t mug = floor_product(desk->floor, "MUG", MUG);
    for (size_t i = 0; i < G_N_ELEMENTS(ANSWERS); i++) {
        char number[8], bin[8];
        g_snprintf(bin, sizeof bin, "B-%d", (int)i);
        floor_receive(desk->floor, mug, 0, floor_bin(desk->floor, bin, (int)i), 1);
        g_snprintf(number, sizeof number, "10%02d", (int)i);
        order(desk, number, 1, FALSE);
        desk_does(desk, CMD_PICK, number);
        desk_card(desk, CARD_SHORT);
        desk_asks(desk);
        g_assert_nonnull(strstr(desk->last.text, "2 damaged"));
        desk_card(desk, CARD_CANCEL);
        g_assert_cmpint(floor_int(desk->floor, "SELECT COUNT(*) FROM count_task", 0), ==, (int64_t)i);
        desk_card(desk, CARD_0 + 2); /* nothing is asked any more */
        desk_refuses(desk, ERR_SCAN_NOT_NOW);
        desk_card(desk, CARD_SHORT);
        desk_card(desk, CARD_0 + 7);
        desk_refuses(desk, ERR_SCAN_NOT_NOW);
        desk_card(desk, CARD_SHORT);
        g_assert_cmpint(desk_card(desk, ANSWERS[i].answer)->kind, ==, ANSWER_OK);
        char *reason = floor_text(desk->floor, "SELECT reason FROM count_task WHERE id > $1 ORDER BY id DESC LIMIT 1", 0);
        g_assert_cmpstr(reason, ==, ANSWERS[i].reason);
        g_free(reason);
        desk_does(desk, CMD_BACK, "");
    }
    desk_close(desk);
}

/* After the last unit of an order in a batch the view has the tote that it goes into. */
static void the_tote_that_is_owed(struct testdb *test)
{
    struct desk *desk = bench(test);
    struct batch_made made;
    struct batch_wish wish = {.actor = desk->floor->lead};
    struct station_view view;
    GError *error = NULL;
    int64_t orders[] = {order(desk, "1042", 1, FALSE), order(desk, "1043", 1, FALSE)};
    floor_tote(desk->floor, "T-07");
    g_assert_true(batch_make(desk->floor->site, &wish, orders, 2, &made, &error));
    batch_made_clear(&made);
    desk_does(desk, CMD_PICK, "");
    desk_scans(desk, "T-07");
    desk_scans(desk, "A-01");
    desk_scans(desk, MUG);
    g_assert_true(station_view_load(desk->station, &view, &error));
    g_assert_cmpstr(view.tote_owed, ==, "T-07");
    station_view_clear(&view);
    desk_scans(desk, "T-07");
    g_assert_true(station_view_load(desk->station, &view, &error));
    g_assert_cmpstr(view.tote_owed, ==, "");
    station_view_clear(&view);
    desk_close(desk);
}

/* The next person's badge: the one before is out, the order stays where it is, and only the PIN lets in. */
static void the_next_persons_badge(struct testdb *test)
{
    struct desk *other = desk_open(test, "bench 2", "9002", ROLE_PACKER);
    struct desk *desk = bench(test);
    int64_t me = station_actor(desk->station).person_id;
    int64_t shipment = order(desk, "1042", 2, TRUE);
    desk_scans(desk, "1042");
    desk_scans(desk, MUG);
    desk_scans(desk, "9001"); /* one's own */
    g_assert_cmpint(desk->last.shipment_id, ==, shipment);
    desk_scan(desk, "9002");
    desk_asks(desk);
    g_assert_cmpint(station_step(desk->station), ==, STEP_LOGIN);
    g_assert_cmpint(station_actor(desk->station).person_id, ==, 0);
    desk_scan(desk, "999999");
    desk_refuses(desk, ERR_LOGIN);
    desk_scan(desk, "9002");
    desk_scans(desk, DESK_PIN);
    g_assert_cmpint(station_actor(desk->station).person_id, ==, other->person_id);
    g_assert_cmpint(station_actor(desk->station).person_id, !=, me);
    desk_scans(desk, "1042");
    desk_scans(desk, MUG);
    floor_is(desk->floor, shipment, ST_PACKED);
    desk_close(desk);
    desk_close(other);
}

/* A pick list opens its batch from the packing bench too, where no order is open. */
static void a_batch_at_packing(struct testdb *test)
{
    struct desk *desk = bench(test);
    struct batch_made made;
    struct batch_wish wish = {.actor = desk->floor->lead};
    GError *error = NULL;
    int64_t orders[] = {order(desk, "1042", 1, FALSE)};
    g_assert_true(batch_make(desk->floor->site, &wish, orders, 1, &made, &error));
    batch_made_clear(&made);
    desk_does(desk, CMD_PACK, "");
    desk_scans(desk, "B0001");
    g_assert_cmpint(station_step(desk->station), ==, STEP_PICK);
    desk_close(desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/bench/what_is_stopped_is_not_opened", what_is_stopped_is_not_opened);
    testdb_add("/bench/a_closed_box_that_is_stopped", a_closed_box_that_is_stopped);
    testdb_add("/bench/another_order_is_named", another_order_is_named);
    testdb_add("/bench/a_split_is_reopened", a_split_is_reopened);
    testdb_add("/bench/a_short_says_why", a_short_says_why);
    testdb_add("/bench/the_tote_that_is_owed", the_tote_that_is_owed);
    testdb_add("/bench/the_next_persons_badge", the_next_persons_badge);
    testdb_add("/bench/a_batch_at_packing", a_batch_at_packing);
    return g_test_run();
}

/* SPDX-License-Identifier: MIT
 *
 * The flow by its events: the way of an order from release to outbound, and what must hold on it.
 */
#include <glib.h>

#include "tests/support/floor.h"
#include "core/apply/apply.h"

static void goes_all_the_way(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t mug = floor_product(floor, "MUG-RED", "4710000000017");
    int64_t bin = floor_bin(floor, "A-01-1", 1);
    floor_receive(floor, mug, 0, bin, 5);
    int64_t shipment = floor_order(floor, "1042", "hct", FLOOR_ITEMS({"MUG-RED", 2}));
    floor_release(floor, shipment);
    floor_is(floor, shipment, ST_READY);
    g_assert_cmpint(floor_int(floor, "SELECT reserved FROM stock WHERE location_id = $1", bin), ==, 2);
    floor_pick_all(floor, shipment);
    floor_is(floor, shipment, ST_PICKED);
    floor_pack_all(floor, shipment);
    floor_is(floor, shipment, ST_PACKED);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM job WHERE shipment_id = $1", shipment), ==, 1);
    floor_apply_label(floor, shipment);
    floor_is(floor, shipment, ST_LABELLED);
    struct event out = floor_out(floor, shipment);
    floor_do(floor, out);
    floor_is(floor, shipment, ST_OUTBOUND);
    g_assert_cmpint(floor_int(floor, "SELECT on_hand FROM stock WHERE location_id = $1", bin), ==, 3);
    g_assert_cmpint(floor_int(floor, "SELECT on_hand FROM stock WHERE location_id = $1", floor->site->bench_id), ==, 0);
    /* 23, 24: it leaves once; again is refused with who was first */
    floor_refused(floor, out, ERR_FLOW_OUTBOUND);
    floor_close(floor);
}

/* 30: the same event twice. */
static void a_key_counts_once(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t mug = floor_product(floor, "MUG-RED", NULL), bin = floor_bin(floor, "A-01-1", 1);
    floor_receive(floor, mug, 0, bin, 5);
    int64_t shipment = floor_order(floor, "1042", "hct", FLOOR_ITEMS({"MUG-RED", 2}));
    floor_release(floor, shipment);
    floor_pick_all(floor, shipment);
    int64_t line = floor_int(floor, "SELECT id FROM shipment_line WHERE shipment_id = $1", shipment);
    struct event pack = {.kind = EV_PACK, .actor = floor->packer, .shipment_id = shipment, .line_id = line, .quantity = 2,
                         .key = flow_key(floor->site)};
    g_assert_false(floor_do(floor, pack).repeated);
    g_assert_true(floor_do(floor, pack).repeated);
    struct event close = {.kind = EV_CLOSE, .actor = floor->packer, .shipment_id = shipment, .key = flow_key(floor->site)};
    floor_do(floor, close);
    struct outcome again = floor_do(floor, close);
    g_assert_true(again.repeated);
    g_assert_cmpint(again.subject_id, ==, floor_int(floor, "SELECT id FROM parcel WHERE shipment_id = $1", shipment));
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM waybill", 0), ==, 1);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM job", 0), ==, 1);
    close.kind = EV_REOPEN;
    floor_refused(floor, close, ERR_FLOW_KEY);
    floor_close(floor);
}

static void short_of_stock_waits(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t mug = floor_product(floor, "MUG-RED", NULL), bin = floor_bin(floor, "A-01-1", 1);
    floor_receive(floor, mug, 0, bin, 1);
    int64_t shipment = floor_order(floor, "1042", "hct", FLOOR_ITEMS({"MUG-RED", 2}));
    floor_refused(floor, (struct event){.kind = EV_RELEASE, .actor = floor->lead, .shipment_id = shipment},
                  ERR_SHORT_STOCK);
    floor_is(floor, shipment, ST_NEW);
    g_assert_cmpint(floor_int(floor, "SELECT SUM(reserved) FROM stock", 0), ==, 0);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM pick_task", 0), ==, 0);
    floor_close(floor);
}

/* Every state of a shipment, by events alone; cancelling gives back what it held. */
static void cancel_at_each_stage(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t mug = floor_product(floor, "MUG-RED", NULL), bin = floor_bin(floor, "A-01-1", 1);
    floor_receive(floor, mug, 0, bin, 100);
    for (int stage = 0; stage < 5; stage++) {
        char number[16];
        g_snprintf(number, sizeof number, "C%d", stage);
        int64_t shipment = floor_order(floor, number, "hct", FLOOR_ITEMS({"MUG-RED", 3}));
        if (stage >= 1)
            floor_release(floor, shipment);
        if (stage >= 2)
            floor_pick_all(floor, shipment);
        if (stage >= 3)
            floor_pack_all(floor, shipment);
        if (stage >= 4)
            floor_apply_label(floor, shipment);
        floor_do(floor, (struct event){.kind = EV_CANCEL, .actor = floor->lead, .shipment_id = shipment, .reason = "test"});
        floor_is(floor, shipment, ST_CANCELLED);
        g_assert_cmpint(floor_int(floor, "SELECT COALESCE(SUM(reserved), 0) FROM stock", 0), ==, 0);
        g_assert_cmpint(floor_int(floor, "SELECT SUM(on_hand) FROM stock", 0), ==, 100);
        g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM waybill WHERE state NOT IN ('void', 'free')", 0), ==, 0);
        g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM job WHERE state = 'queued'", 0), ==, 0);
    }
    floor_close(floor);
}

/* Bulk and single go one way: 60 releases in one call, two short ones among them. */
static void bulk_is_the_same_path(struct testdb *test)
{
    enum { N = 60 };
    struct floor *floor = floor_open(test, "lead");
    int64_t mug = floor_product(floor, "MUG-RED", NULL), bin = floor_bin(floor, "A-01-1", 1);
    floor_receive(floor, mug, 0, bin, N - 2);
    struct event events[N];
    struct outcome outcomes[N];
    GError *error = NULL;
    int done = 0, is_short = 0;
    for (int i = 0; i < N; i++) {
        char number[16];
        g_snprintf(number, sizeof number, "N%d", i);
        events[i] = (struct event){.key = flow_key(floor->site), .kind = EV_RELEASE, .actor = floor->lead,
                                   .shipment_id = floor_order(floor, number, "hct", FLOOR_ITEMS({"MUG-RED", 1}))};
    }
    g_assert_true(flow_apply(floor->site, events, N, outcomes, &error));
    for (int i = 0; i < N; i++) {
        done += outcomes[i].verdict == VERDICT_DONE;
        is_short += outcomes[i].code == ERR_SHORT_STOCK;
    }
    g_assert_cmpint(done, ==, N - 2);
    g_assert_cmpint(is_short, ==, 2);
    floor_close(floor);
}

/* Whatever else an event says under a key that was used, it is another event. */
static void every_member_makes_another_event(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    struct event note = {.kind = EV_NOTE, .actor = floor->packer, .key = flow_key(floor->site), .text = "x"};
    g_assert_false(floor_do(floor, note).repeated);
    g_assert_true(floor_do(floor, note).repeated);
#define CHANGED(member, value)                                                                                         \
    do {                                                                                                               \
        struct event other = note;                                                                                     \
        other.member = (value);                                                                                        \
        floor_refused(floor, other, ERR_FLOW_KEY);                                                                     \
    } while (0)
#define NUMBER(name) CHANGED(name, 7);
#define TEXT(name) CHANGED(name, "changed");
    EVENT_NUMBERS(NUMBER)
    EVENT_TEXTS(TEXT)
    CHANGED(kind, EV_MOVE);
    CHANGED(actor.person_id, floor->lead.person_id);
    CHANGED(block, BLOCK_HELD);
    CHANGED(code, ERR_SCAN_UNKNOWN);
    floor_close(floor);
}

/* A pick line of another order, a block of no kind: said so, and nothing moves. */
static void an_event_that_names_nothing(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    floor_receive(floor, floor_product(floor, "MUG-RED", NULL), 0, floor_bin(floor, "A-01-1", 1), 5);
    int64_t mine = floor_order(floor, "1042", "hct", FLOOR_ITEMS({"MUG-RED", 2}));
    int64_t other = floor_order(floor, "1043", "hct", FLOOR_ITEMS({"MUG-RED", 1}));
    floor_release(floor, mine);
    floor_release(floor, other);
    int64_t task = floor_int(floor, "SELECT id FROM pick_task WHERE shipment_id = $1", other);
    struct event skip = {.kind = EV_SKIP, .actor = floor->picker, .shipment_id = mine, .task_id = task};
    floor_refused(floor, skip, ERR_FLOW_UNKNOWN);
    g_assert_cmpint(floor_int(floor, "SELECT skipped FROM pick_task WHERE id = $1", task), ==, 0);
    floor_refused(floor, (struct event){.kind = EV_BLOCK, .actor = floor->lead, .shipment_id = mine}, ERR_COMMAND_ARGUMENT);
    floor_refused(floor, (struct event){.kind = EV_UNBLOCK, .actor = floor->lead, .shipment_id = mine}, ERR_COMMAND_ARGUMENT);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/flow/goes_all_the_way", goes_all_the_way);
    testdb_add("/flow/a_key_counts_once", a_key_counts_once);
    testdb_add("/flow/every_member_makes_another_event", every_member_makes_another_event);
    testdb_add("/flow/short_of_stock_waits", short_of_stock_waits);
    testdb_add("/flow/cancel_at_each_stage", cancel_at_each_stage);
    testdb_add("/flow/bulk_is_the_same_path", bulk_is_the_same_path);
    testdb_add("/flow/an_event_that_names_nothing", an_event_that_names_nothing);
    return g_test_run();
}

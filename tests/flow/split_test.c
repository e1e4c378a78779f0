/* SPDX-License-Identifier: MIT
 *
 * Orders that leave in several boxes, and lines that are cancelled when something is packed. On both engines;
 * numbers are those of the list of scenarios.
 */
#include <glib.h>

#include "tests/support/boxes.h"
#include "tests/support/desk.h"
#include "tests/support/shelves.h"

static int64_t line_of(struct floor *floor, int64_t shipment, const char *sku)
{
    char *sql = g_strdup_printf("SELECT l.id FROM shipment_line l JOIN product p ON p.id = l.product_id "
                                "WHERE l.shipment_id = $1 AND p.sku = '%s'",
                                sku);
    int64_t id = floor_int(floor, sql, shipment);
    g_free(sql);
    return id;
}

static int64_t parcels_in(struct floor *floor, int64_t shipment, enum state state)
{
    char *sql = g_strdup_printf("SELECT COUNT(*) FROM parcel WHERE shipment_id = $1 AND state = '%s'", flow_state_name(state));
    int64_t count = floor_int(floor, sql, shipment);
    g_free(sql);
    return count;
}

static void s10_s11_s13_a_lead_closes_as_a_split(struct testdb *test)
{
    struct desk *packer = desk_open(test, "bench-1", "K1", ROLE_PACKER);
    struct desk *lead = desk_open(test, "desk-1", "L1", ROLE_LEAD);
    struct floor *floor = packer->floor;
    stock_up(floor);
    int64_t shipment = ready(floor, "1", 3, 1, 0);
    floor_pick_all(floor, shipment);
    desk_does(packer, CMD_PACK, "1");
    desk_scans(packer, MUG);
    desk_scans(packer, MUG);
    desk_say(packer, CMD_CLOSE, "");
    desk_refuses(packer, ERR_PACK_INCOMPLETE);
    desk_say(packer, CMD_SPLIT, "");
    desk_refuses(packer, ERR_FLOW_RIGHT);
    desk_say(packer, CMD_SPLIT, "K1 " DESK_PIN);
    g_assert_cmpint(packer->last.kind, ==, ANSWER_REFUSED);
    desk_say(packer, CMD_DISMISS, "");
    desk_does(packer, CMD_SPLIT, "L1 " DESK_PIN);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM journal WHERE event = 'close-split' AND approver_id IS NOT NULL "
                                     "AND code = 0 AND shipment_id = $1",
                              shipment),
                    >=, 1);
    floor_is(floor, shipment, ST_PACKING);
    g_assert_cmpint(parcels_in(floor, shipment, ST_PACKED), ==, 1);
    floor_print(floor, shipment);
    char *waybill = floor_text(floor, "SELECT w.number FROM waybill w JOIN parcel p ON p.id = w.parcel_id "
                                      "WHERE p.shipment_id = $1 AND p.number = 1",
                               shipment);
    desk_scans(packer, waybill);
    g_free(waybill);
    desk_scans(packer, MUG); /* 11: the rest of the line, then the line that was at zero */
    desk_scans(packer, TEA);
    floor_is(floor, shipment, ST_PACKED);
    g_assert_cmpint(parcels_in(floor, shipment, ST_LABELLED), ==, 1);
    g_assert_cmpint(parcels_in(floor, shipment, ST_PACKED), ==, 1);
    g_assert_cmpint(floor_int(floor, "SELECT CAST(SUM(pl.quantity) AS BIGINT) FROM parcel_line pl JOIN parcel p ON "
                                     "p.id = pl.parcel_id WHERE p.shipment_id = $1 AND p.number = 1",
                              shipment),
                    ==, 2);
    desk_close(lead);
    desk_close(packer);
}

static void s12_a_packed_line_is_cancelled(struct testdb *test)
{
    struct floor *floor = floor_open(test, "lead");
    stock_up(floor);
    int64_t shipment = ready(floor, "1", 2, 1, 0);
    floor_pick_all(floor, shipment);
    int64_t mug = line_of(floor, shipment, "MUG-RED"), tea = line_of(floor, shipment, "TEA-OOL");
    floor_do(floor, (struct event){.kind = EV_PACK, .actor = floor->packer, .shipment_id = shipment, .line_id = mug,
                                   .quantity = 2});
    struct event cancel = {.kind = EV_CANCEL_LINE, .actor = floor->lead, .shipment_id = shipment, .line_id = mug,
                           .reason = "out of print"};
    floor_do(floor, cancel);
    floor_is(floor, shipment, ST_PICKED);
    g_assert_cmpint(floor_int(floor, "SELECT packed + picked FROM shipment_line WHERE id = $1", mug), ==, 0);
    g_assert_cmpint(floor_int(floor, "SELECT CAST(COALESCE(SUM(quantity), 0) AS BIGINT) FROM parcel_line WHERE line_id = $1",
                              mug),
                    ==, 0);
    g_assert_cmpint(floor_int(floor, "SELECT CAST(SUM(on_hand) AS BIGINT) FROM stock WHERE location_id = $1",
                              floor->site->bench_id),
                    ==, 3);
    floor_refused(floor, cancel, ERR_FLOW_STATE);
    cancel.line_id = tea; /* the last one: nothing is left to send */
    floor_do(floor, cancel);
    floor_is(floor, shipment, ST_CANCELLED);
    g_assert_cmpint(parcels_in(floor, shipment, ST_OPEN), ==, 0);
    floor_close(floor);
}

/* In a split, the rest is cancelled: what is boxed goes on alone; what left stays what it was. */
static void the_rest_of_a_split_is_cancelled(struct testdb *test)
{
    struct floor *floor = floor_open(test, "lead");
    stock_up(floor);
    int64_t shipment = ready(floor, "1", 1, 1, 0);
    floor_pick_all(floor, shipment);
    int64_t mug = line_of(floor, shipment, "MUG-RED"), tea = line_of(floor, shipment, "TEA-OOL");
    floor_do(floor, (struct event){.kind = EV_PACK, .actor = floor->packer, .shipment_id = shipment, .line_id = mug,
                                   .quantity = 1});
    floor_do(floor, (struct event){.kind = EV_CLOSE_SPLIT, .actor = floor->lead, .shipment_id = shipment});
    floor_apply_label(floor, shipment);
    floor_is(floor, shipment, ST_PACKING);
    struct event cancel = {.kind = EV_CANCEL_LINE, .actor = floor->lead, .shipment_id = shipment, .line_id = mug,
                           .reason = "test"};
    floor_refused(floor, cancel, ERR_FLOW_STATE);
    cancel.line_id = tea;
    floor_do(floor, cancel);
    floor_is(floor, shipment, ST_LABELLED);
    floor_close(floor);
}

/* The rest of a split order is cancelled when its first box stands labelled, or is gone. */
static void the_rest_is_cancelled(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t shipment = split(floor, "1042");
    apply_all(floor, shipment);
    struct event cancel = by_lead(floor, EV_CANCEL_LINE, shipment);
    cancel.line_id = line_at(floor, shipment, 1);
    floor_do(floor, cancel);
    floor_is(floor, shipment, ST_LABELLED);

    int64_t gone = split(floor, "1043");
    apply_all(floor, gone);
    floor_do(floor, floor_out(floor, gone));
    floor_is(floor, gone, ST_PACKING);
    cancel.shipment_id = gone;
    cancel.line_id = line_at(floor, gone, 1);
    cancel.key = 0;
    floor_do(floor, cancel);
    floor_is(floor, gone, ST_OUTBOUND);
    floor_close(floor);
}

/* --- short, and on as a split -------------------------------------------------------------------------- */

static int64_t task_of(struct floor *floor, int64_t shipment)
{
    return floor_int(floor, "SELECT id FROM pick_task WHERE shipment_id = $1 AND open = 1 ORDER BY id LIMIT 1", shipment);
}

/* Two mugs and five teas are wanted, and three teas were there: the rest waits. */
static int64_t short_of_tea(struct floor *floor, int64_t teas)
{
    floor_receive(floor, floor_product(floor, "TEA", NULL), 0, floor_bin(floor, "A-02", 2), 50);
    floor_receive(floor, floor_product(floor, "MUG", NULL), 0, floor_bin(floor, "A-01", 1), 50);
    int64_t shipment = floor_order(floor, "1042", "hct", FLOOR_ITEMS({"TEA", 5}, {"MUG", 2}));
    floor_release(floor, shipment);
    struct event pick = {.kind = EV_PICK, .actor = floor->picker, .shipment_id = shipment,
                         .task_id = task_of(floor, shipment), .quantity = teas};
    if (teas)
        floor_do(floor, pick);
    floor_do(floor, (struct event){.kind = EV_SHORT, .actor = floor->picker, .shipment_id = shipment,
                                   .task_id = pick.task_id, .reason = "gone"});
    floor_refused(floor, by_lead(floor, EV_SPLIT, shipment), ERR_SPLIT_TO_PICK);
    pick.task_id = task_of(floor, shipment);
    pick.quantity = 2;
    pick.key = 0;
    floor_do(floor, pick);
    floor_is(floor, shipment, ST_PICKING);
    return shipment;
}

static void tea_comes(struct floor *floor, int64_t shipment)
{
    int64_t tea = floor_int(floor, "SELECT id FROM product WHERE sku = 'TEA'", 0);
    floor_receive(floor, tea, 0, floor_bin(floor, "B-09", 9), 10);
    floor_release(floor, shipment);
}

static void send_all(struct floor *floor, int64_t shipment)
{
    int64_t box;
    struct event open = {.kind = EV_MANIFEST_OPEN, .actor = floor->dock, .courier = "hct"};
    int64_t manifest = floor_do(floor, open).subject_id;
    apply_all(floor, shipment);
    while ((box = floor_int(floor, "SELECT id FROM parcel WHERE shipment_id = $1 AND state = 'labelled' LIMIT 1", shipment)))
        floor_do(floor, (struct event){.kind = EV_OUT, .actor = floor->dock, .shipment_id = shipment, .parcel_id = box,
                                       .manifest_id = manifest});
}

/* A lead lets it go: what is there is packed and leaves by a packer's hand, what comes later follows in its own box. */
static void what_is_short_follows(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t shipment = short_of_tea(floor, 3), tea = line_at(floor, shipment, 0), mug = line_at(floor, shipment, 1);
    struct event split = by_lead(floor, EV_SPLIT, shipment);
    split.actor = floor->packer;
    floor_refused(floor, split, ERR_FLOW_RIGHT);
    floor_refused(floor, pack(floor, shipment, mug, 2), ERR_FLOW_STATE);
    floor_do(floor, by_lead(floor, EV_SPLIT, shipment));
    floor_is(floor, shipment, ST_PICKED);
    struct event close = {.kind = EV_CLOSE, .actor = floor->packer, .shipment_id = shipment};
    floor_do(floor, pack(floor, shipment, mug, 2));
    floor_refused(floor, close, ERR_PACK_INCOMPLETE); /* three teas are there */
    floor_do(floor, pack(floor, shipment, tea, 3));
    close.key = 0;
    floor_do(floor, close);
    floor_is(floor, shipment, ST_PACKING);
    send_all(floor, shipment);
    floor_is(floor, shipment, ST_PACKING);
    tea_comes(floor, shipment);
    floor_is(floor, shipment, ST_PACKING);
    floor_pick_all(floor, shipment);
    floor_is(floor, shipment, ST_PACKING);
    floor_do(floor, pack(floor, shipment, tea, 2));
    close.key = 0;
    floor_do(floor, close);
    floor_is(floor, shipment, ST_PACKED);
    send_all(floor, shipment);
    floor_is(floor, shipment, ST_OUTBOUND);
    g_assert_cmpint(floor_int(floor, "SELECT CAST(SUM(quantity) AS BIGINT) FROM stock_move WHERE kind = 'outbound'", 0), ==,
                    7);
    floor_close(floor);
}

/* It never comes: the rest of the line is cut off, what left stays what it was. */
static void the_rest_is_cut_off(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t shipment = short_of_tea(floor, 3), tea = line_at(floor, shipment, 0);
    floor_do(floor, by_lead(floor, EV_SPLIT, shipment));
    floor_do(floor, pack(floor, shipment, line_at(floor, shipment, 1), 2));
    floor_do(floor, pack(floor, shipment, tea, 3));
    floor_do(floor, (struct event){.kind = EV_CLOSE, .actor = floor->packer, .shipment_id = shipment});
    send_all(floor, shipment);
    tea_comes(floor, shipment);
    struct event cancel = by_lead(floor, EV_CANCEL_LINE, shipment);
    cancel.line_id = tea;
    floor_do(floor, cancel);
    floor_is(floor, shipment, ST_OUTBOUND);
    g_assert_cmpint(floor_int(floor, "SELECT quantity FROM shipment_line WHERE id = $1", tea), ==, 3);
    g_assert_cmpint(floor_int(floor, "SELECT CAST(SUM(reserved) AS BIGINT) FROM stock", 0), ==, 0);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM block WHERE cleared_at IS NULL", 0), ==, 0);
    floor_close(floor);
}

/* It comes before anything is packed: the order goes whole after all. Undone counts do not lose the way. */
static void goods_come_before_the_box(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t shipment = short_of_tea(floor, 0), mug = line_at(floor, shipment, 1);
    floor_do(floor, by_lead(floor, EV_SPLIT, shipment));
    floor_do(floor, pack(floor, shipment, mug, 1));
    struct event undo = pack(floor, shipment, mug, 1);
    undo.kind = EV_UNPACK;
    floor_do(floor, undo);
    tea_comes(floor, shipment);
    floor_pick_all(floor, shipment);
    floor_is(floor, shipment, ST_PICKED);
    floor_pack_all(floor, shipment);
    floor_is(floor, shipment, ST_PACKED);
    floor_close(floor);
}

static void goods_come_after_the_split(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t shipment = short_of_tea(floor, 3);
    floor_do(floor, by_lead(floor, EV_SPLIT, shipment));
    tea_comes(floor, shipment);
    floor_is(floor, shipment, ST_PICKING);
    floor_pick_all(floor, shipment);
    floor_pack_all(floor, shipment);
    send_all(floor, shipment);
    floor_is(floor, shipment, ST_OUTBOUND);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM parcel", 0), ==, 1);
    floor_close(floor);
}

static void nothing_picked_goes_nowhere(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    floor_receive(floor, floor_product(floor, "TEA", NULL), 0, floor_bin(floor, "A-02", 2), 5);
    int64_t shipment = floor_order(floor, "1", "hct", FLOOR_ITEMS({"TEA", 5}));
    floor_release(floor, shipment);
    floor_do(floor, (struct event){.kind = EV_SHORT, .actor = floor->picker, .shipment_id = shipment,
                                   .task_id = task_of(floor, shipment), .reason = "gone"});
    floor_refused(floor, by_lead(floor, EV_SPLIT, shipment), ERR_SPLIT_NOTHING);
    floor_is(floor, shipment, ST_PICKING);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/split/10_11_13_split", s10_s11_s13_a_lead_closes_as_a_split);
    testdb_add("/split/12_line_cancelled", s12_a_packed_line_is_cancelled);
    testdb_add("/split/rest_of_a_split_cancelled", the_rest_of_a_split_is_cancelled);
    testdb_add("/split/the_rest_is_cancelled", the_rest_is_cancelled);
    testdb_add("/split/what_is_short_follows", what_is_short_follows);
    testdb_add("/split/the_rest_is_cut_off", the_rest_is_cut_off);
    testdb_add("/split/goods_come_before_the_box", goods_come_before_the_box);
    testdb_add("/split/goods_come_after_the_split", goods_come_after_the_split);
    testdb_add("/split/nothing_picked_goes_nowhere", nothing_picked_goes_nowhere);
    return g_test_run();
}

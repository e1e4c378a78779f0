/* SPDX-License-Identifier: MIT
 *
 * The scenarios of tests/README.md as scripts of events, in memory: what the rules of the floor say to each. What is scanned is
 * looked up in a database, what is proposed is found there: 1, 3, 14, 16, 17 and 25 are of that, and so are in tests/flow alone;
 * 29 is of files, 4 and 30 of programs that die and ask again, which engines_test.c does a hundred times. 20 is a question of the
 * station.
 */
#include <glib.h>

#include "tests/support/room.h"

static struct event by(const struct room *room, enum role role, struct event event)
{
    event.actor = room->memory->as[role];
    return event;
}

static struct event lead(const struct room *room, struct event event)
{
    return by(room, ROLE_LEAD, event);
}

static struct event packer(const struct room *room, struct event event)
{
    return by(room, ROLE_PACKER, event);
}

/* Of so many lines, picked. */
static int64_t picked(struct room *room, size_t lines, int64_t quantity)
{
    int64_t shipment = room_order(room, lines, quantity);
    room_pick_all(room, shipment);
    return shipment;
}

static struct event pack(struct room *room, int64_t shipment, int n, int64_t quantity)
{
    return packer(room, room_event(room, shipment, EV_PACK, n, 0, quantity));
}

static void s02_not_ready(void)
{
    struct room room;
    room_open_stocked(&room, 20);
    int64_t shipment = room_order(&room, 1, 2);
    room_refused(&room, pack(&room, shipment, 0, 1), ERR_FLOW_STATE);
    room_pick_all(&room, shipment);
    struct event hold = room_event(&room, shipment, EV_BLOCK, 0, 0, 0);
    hold.block = BLOCK_HELD;
    room_done(&room, lead(&room, hold));
    room_refused(&room, pack(&room, shipment, 0, 1), ERR_FLOW_BLOCKED);
    room_is(&room, shipment, ST_PICKED);
    room_close(&room);
}

static void s05_item_of_another_order(void)
{
    struct room room;
    room_open_stocked(&room, 20);
    int64_t one = picked(&room, 1, 2), other = picked(&room, 1, 2);
    room_done(&room, pack(&room, one, 0, 1));
    struct event wrong = pack(&room, one, 0, 1);
    wrong.line_id = room_line(&room, other, 0)->id;
    room_refused(&room, wrong, ERR_FLOW_UNKNOWN);
    g_assert_cmpint(room_line(&room, one, 0)->packed, ==, 1);
    g_assert_cmpint(room_line(&room, other, 0)->packed, ==, 0);
    room_close(&room);
}

static void s06_two_totes(void)
{
    struct room room;
    room_open_stocked(&room, 20);
    int64_t shipment = room_order(&room, 1, 2);
    for (int i = 0; i < 2; i++)
        room_done(&room, room_event(&room, shipment, EV_PICK, 0, room.totes[i], 1));
    room_done(&room, pack(&room, shipment, 0, 1));
    room_done(&room, pack(&room, shipment, 0, 1));
    room_done(&room, packer(&room, room_event(&room, shipment, EV_CLOSE, 0, 0, 0)));
    for (int i = 0; i < 2; i++)
        g_assert_null(tote_use_find(room.memory->dossier, room.totes[i]));
    room_close(&room);
}

static void s07_lot_is_asked_for(void)
{
    struct room room;
    room_open(&room, TRUE);
    int64_t lots[] = {memory_lot(room.memory, room.mug, "X", 0), memory_lot(room.memory, room.mug, "Y", 0)};
    for (int i = 0; i < 2; i++)
        room_receive(&room, i, lots[i], 1);
    int64_t shipment = picked(&room, 1, 2);
    struct event event = pack(&room, shipment, 0, 1);
    room_refused(&room, event, ERR_PACK_LOT);
    event.lot_id = lots[1];
    room_done(&room, event);
    room_close(&room);
}

static void s08_s09_counting(void)
{
    struct room room;
    room_open_stocked(&room, 20);
    int64_t shipment = picked(&room, 1, 6);
    for (int n = 1; n <= 3; n++) {
        room_done(&room, pack(&room, shipment, 0, 1));
        g_assert_cmpint(room_line(&room, shipment, 0)->packed, ==, n);
    }
    room_refused(&room, pack(&room, shipment, 0, 4), ERR_PACK_OVER); /* a case code of too many counts nothing */
    room_refused(&room, pack(&room, shipment, 0, -1), ERR_FLOW_QUANTITY);
    g_assert_cmpint(room_line(&room, shipment, 0)->packed, ==, 3);
    room_done(&room, pack(&room, shipment, 0, 3));
    room_refused(&room, pack(&room, shipment, 0, 1), ERR_PACK_OVER);
    room_close(&room);
}

static void s10_s13_closed_with_lines_at_zero(void)
{
    struct room room;
    room_open_stocked(&room, 20);
    int64_t shipment = picked(&room, 2, 2);
    room_done(&room, pack(&room, shipment, 0, 2));
    room_refused(&room, packer(&room, room_event(&room, shipment, EV_CLOSE, 0, 0, 0)), ERR_PACK_INCOMPLETE);
    room_refused(&room, packer(&room, room_event(&room, shipment, EV_CLOSE_SPLIT, 0, 0, 0)), ERR_FLOW_RIGHT);
    room_done(&room, lead(&room, room_event(&room, shipment, EV_CLOSE_SPLIT, 0, 0, 0)));
    g_assert_cmpint(room_parcel(&room, shipment, 0)->state, ==, ST_PACKED);
    room_is(&room, shipment, ST_PACKING);
    room_done(&room, pack(&room, shipment, 1, 2));
    room_done(&room, packer(&room, room_event(&room, shipment, EV_CLOSE, 0, 0, 0)));
    g_assert_cmpint(room_parcel(&room, shipment, 1)->number, ==, 2);
    room_is(&room, shipment, ST_PACKED);
    room_close(&room);
}

static void s11_line_is_parted(void)
{
    struct room room;
    room_open_stocked(&room, 20);
    int64_t shipment = picked(&room, 1, 5);
    room_done(&room, pack(&room, shipment, 0, 3));
    room_done(&room, lead(&room, room_event(&room, shipment, EV_CLOSE_SPLIT, 0, 0, 0)));
    g_assert_cmpint(room_line(&room, shipment, 0)->state, ==, ST_PICKED);
    room_refused(&room, pack(&room, shipment, 0, 3), ERR_PACK_OVER);
    room_done(&room, pack(&room, shipment, 0, 2));
    room_done(&room, packer(&room, room_event(&room, shipment, EV_CLOSE, 0, 0, 0)));
    g_assert_cmpint(content_first(room.memory->dossier, room_parcel(&room, shipment, 1)->id)->quantity, ==, 2);
    room_close(&room);
}

static void s12_packed_line_is_cancelled(void)
{
    struct room room;
    room_open_stocked(&room, 20);
    int64_t shipment = picked(&room, 2, 2);
    room_done(&room, pack(&room, shipment, 0, 2));
    room_done(&room, lead(&room, room_event(&room, shipment, EV_CANCEL_LINE, 0, 0, 0)));
    g_assert_cmpint(content_first(room.memory->dossier, room_parcel(&room, shipment, 0)->id)->quantity, ==, 0);
    g_assert_cmpint(memory_stock(room.memory, room.mug, room.memory->house.bench_id, 0)->on_hand, >=, 2);
    room_close(&room);
}

static void s15_s26_batches_change_hands(void)
{
    struct room room;
    room_open_stocked(&room, 20);
    int64_t shipment = room_order(&room, 1, 2), other = memory_person(room.memory, ROLE_PICKER, "other");
    struct event event = {.kind = EV_BATCH, .shipment_id = shipment};
    event.batch_id = room_done(&room, (struct event){.kind = EV_BATCH_MAKE, .person_id = other});
    room_done(&room, event);
    event = (struct event){.kind = EV_BATCH_ASSIGN, .batch_id = event.batch_id};
    event.person_id = room.memory->as[ROLE_PICKER].person_id;
    room_refused(&room, by(&room, ROLE_PICKER, event), ERR_BATCH_OWNED);
    struct event pick = room_event(&room, shipment, EV_PICK, 0, 0, 1);
    pick.actor.person_id = other;
    room_done(&room, pick);
    room_done(&room, lead(&room, event));
    g_assert_cmpint(room_shipment(&room, shipment)->person_id, ==, event.person_id);
    room_close(&room);
}

static void s18_another_orders_tote(void)
{
    struct room room;
    room_open_stocked(&room, 20);
    int64_t one = room_order(&room, 1, 2), other = room_order(&room, 1, 2);
    room_done(&room, room_event(&room, one, EV_PICK, 0, room.totes[0], 1));
    room_refused(&room, room_event(&room, other, EV_PICK, 0, room.totes[0], 1), ERR_PICK_TOTE);
    g_assert_cmpint(room_task(&room, other, 0)->picked, ==, 0);
    room_close(&room);
}

static void s19_three_of_five_then_six(void)
{
    struct room room;
    room_open_stocked(&room, 20);
    int64_t shipment = room_order(&room, 1, 5);
    room_done(&room, room_event(&room, shipment, EV_PICK, 0, 0, 3));
    room_refused(&room, room_event(&room, shipment, EV_PICK, 0, 0, 6), ERR_PICK_OVER);
    g_assert_true(room_task(&room, shipment, 0)->open);
    room_done(&room, room_event(&room, shipment, EV_PICK, 0, 0, 2));
    room_is(&room, shipment, ST_PICKED);
    room_close(&room);
}

static void s21_short_and_stock_elsewhere(void)
{
    struct room room;
    room_open_stocked(&room, 2);
    room_receive(&room, 1, 0, 20);
    int64_t shipment = room_order(&room, 1, 2);
    room_done(&room, room_event(&room, shipment, EV_PICK, 0, 0, 1));
    room_done(&room, room_event(&room, shipment, EV_SHORT, 0, 0, 0));
    g_assert_cmpint(room_task(&room, shipment, 1)->location_id, ==, room.bins[1]);
    g_assert_cmpint(room_task(&room, shipment, 1)->quantity, ==, 1);
    g_assert_nonnull(count_task_first(room.memory->dossier, room.mug));
    room_close(&room);
}

static void s22_two_on_the_last_unit(void)
{
    struct room room;
    room_open_stocked(&room, 20);
    int64_t shipment = room_order(&room, 2, 1);
    room_done(&room, room_event(&room, shipment, EV_PICK, 0, 0, 1));
    room_refused(&room, room_event(&room, shipment, EV_PICK, 0, 0, 1), ERR_PICK_DONE);
    room_done(&room, room_event(&room, shipment, EV_PICK, 1, 0, 1));
    room_done(&room, pack(&room, shipment, 1, 1));
    room_done(&room, pack(&room, shipment, 0, 1));
    room_refused(&room, pack(&room, shipment, 0, 1), ERR_PACK_OVER);
    room_done(&room, packer(&room, room_event(&room, shipment, EV_CLOSE, 0, 0, 0)));
    room_refused(&room, packer(&room, room_event(&room, shipment, EV_CLOSE, 0, 0, 0)), ERR_FLOW_STATE);
    g_assert_null(room_parcel(&room, shipment, 1));
    room_close(&room);
}

static struct event out(struct room *room, int64_t shipment, int64_t manifest)
{
    struct event event = room_event(room, shipment, EV_OUT, 0, 0, 0);
    event.parcel_id = room_parcel(room, shipment, 0)->id;
    event.manifest_id = manifest;
    return by(room, ROLE_DOCK, event);
}

static struct event apply(struct room *room, int64_t shipment, int64_t waybill)
{
    struct event event = room_event(room, shipment, EV_APPLY, 0, 0, 0);
    event.waybill_id = waybill;
    return lead(room, event); /* no paper has come out here */
}

static void s23_s24_out_once(void)
{
    struct room room;
    room_open_stocked(&room, 20);
    int64_t shipment = picked(&room, 1, 2);
    int64_t manifest = room_done(&room, (struct event){.kind = EV_MANIFEST_OPEN, .courier = "hct"});
    room_pack_all(&room, shipment);
    room_done(&room, apply(&room, shipment, room_waybill(&room, shipment, 0)));
    room_done(&room, out(&room, shipment, manifest));
    room_is(&room, shipment, ST_OUTBOUND);
    g_assert_cmpint(memory_stock(room.memory, room.mug, room.memory->house.bench_id, 0)->on_hand, ==, 0);
    room_refused(&room, out(&room, shipment, manifest), ERR_FLOW_OUTBOUND);
    g_assert_cmpint(memory_stock(room.memory, room.mug, room.bins[0], 0)->on_hand, ==, 18);
    room_close(&room);
}

static void s27_waybill_of_another_parcel(void)
{
    struct room room;
    room_open_stocked(&room, 20);
    int64_t one = picked(&room, 1, 2), other = picked(&room, 1, 2);
    room_pack_all(&room, one);
    room_pack_all(&room, other);
    room_refused(&room, apply(&room, one, room_waybill(&room, other, 0)), ERR_LABEL_OTHER);
    room_is(&room, one, ST_PACKED);
    room_is(&room, other, ST_PACKED);
    room_close(&room);
}

static void s28_cancelled_after_packing(void)
{
    struct room room;
    room_open_stocked(&room, 20);
    int64_t manifest = room_done(&room, (struct event){.kind = EV_MANIFEST_OPEN, .courier = "hct"});
    int64_t packed = picked(&room, 1, 2), labelled = picked(&room, 1, 2), shipments[] = {packed, labelled};
    for (int i = 0; i < 2; i++)
        room_pack_all(&room, shipments[i]);
    room_done(&room, apply(&room, labelled, room_waybill(&room, labelled, 0)));
    for (int i = 0; i < 2; i++) {
        struct event cancelled = room_event(&room, shipments[i], EV_BLOCK, 0, 0, 0);
        cancelled.block = BLOCK_CANCELLED;
        room_done(&room, cancelled);
    }
    room_refused(&room, apply(&room, packed, room_waybill(&room, packed, 0)), ERR_FLOW_BLOCKED);
    room_refused(&room, out(&room, labelled, manifest), ERR_FLOW_BLOCKED);
    room_close(&room);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
#define ADD(name) g_test_add_func("/scenarios/" #name, name)
    ADD(s02_not_ready);
    ADD(s05_item_of_another_order);
    ADD(s06_two_totes);
    ADD(s07_lot_is_asked_for);
    ADD(s08_s09_counting);
    ADD(s10_s13_closed_with_lines_at_zero);
    ADD(s11_line_is_parted);
    ADD(s12_packed_line_is_cancelled);
    ADD(s15_s26_batches_change_hands);
    ADD(s18_another_orders_tote);
    ADD(s19_three_of_five_then_six);
    ADD(s21_short_and_stock_elsewhere);
    ADD(s22_two_on_the_last_unit);
    ADD(s23_s24_out_once);
    ADD(s27_waybill_of_another_parcel);
    ADD(s28_cancelled_after_packing);
#undef ADD
    return g_test_run();
}

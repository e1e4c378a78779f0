/* SPDX-License-Identifier: MIT
 *
 * What the seeded world has found in the rules, each as short as it can be said.
 */
#include <glib.h>

#include "tests/support/room.h"

static void a_manifest_has_a_courier(void)
{
    struct room room;
    room_open(&room, FALSE);
    g_assert_cmpint(room_apply(&room, (struct event){.kind = EV_MANIFEST_OPEN}).code, ==, ERR_COURIER_UNKNOWN);
    room_close(&room);
}

static void a_batch_with_goods_to_pick_is_not_done(void)
{
    struct room room;
    room_open_stocked(&room, 5);
    int64_t shipment = room_order(&room, 1, 1);
    struct event event = {.kind = EV_BATCH, .shipment_id = shipment};
    event.batch_id = room_done(&room, (struct event){.kind = EV_BATCH_MAKE});
    room_done(&room, event);
    event = (struct event){.kind = EV_BATCH_DONE, .batch_id = event.batch_id};
    g_assert_cmpint(room_apply(&room, event).code, ==, ERR_FLOW_STATE);
    room_done(&room, (struct event){.kind = EV_UNBATCH, .shipment_id = shipment});
    event.batch_id = room_done(&room, (struct event){.kind = EV_BATCH_MAKE});
    room_done(&room, event);
    g_assert_cmpint(batch_find(room.memory->dossier, event.batch_id)->done_at, >, 0);
    room_close(&room);
}

static void an_undo_takes_its_own_goods(void)
{
    struct room room;
    room_open_stocked(&room, 5);
    int64_t one = room_order(&room, 1, 1), other = room_order(&room, 1, 1);
    room_done(&room, room_event(&room, one, EV_PICK, 0, room.totes[0], 1));
    room_done(&room, room_event(&room, other, EV_PICK, 0, 0, 1));
    g_assert_cmpint(room_apply(&room, room_event(&room, one, EV_UNPICK, 0, 0, 1)).code, ==, ERR_STOCK_NEGATIVE);
    room_done(&room, room_event(&room, one, EV_UNPICK, 0, room.totes[0], 1));
    room_close(&room);
}

static void an_undo_leaves_boxes_alone(void)
{
    struct room room;
    room_open(&room, TRUE);
    int64_t lots[] = {memory_lot(room.memory, room.mug, "X", 0), memory_lot(room.memory, room.mug, "Y", 0)};
    room_receive(&room, 0, lots[0], 1);
    room_receive(&room, 1, lots[1], 1);
    int64_t shipment = room_order(&room, 1, 2);
    room_done(&room, room_event(&room, shipment, EV_PICK, 0, 0, 1));
    room_done(&room, room_event(&room, shipment, EV_PICK, 1, 0, 1));
    struct event pack = room_event(&room, shipment, EV_PACK, 0, 0, 1);
    pack.lot_id = lots[0];
    room_done(&room, pack);
    g_assert_cmpint(room_apply(&room, room_event(&room, shipment, EV_UNPICK, 0, 0, 1)).code, ==, ERR_STOCK_NEGATIVE);
    room_done(&room, room_event(&room, shipment, EV_UNPICK, 1, 0, 1));
    room_close(&room);
}

static void a_cancelled_batch_holds_nobody(void)
{
    struct room room;
    room_open_stocked(&room, 5);
    int64_t shipment = room_order(&room, 1, 2);
    struct event event = {.kind = EV_BATCH, .shipment_id = shipment};
    event.batch_id = room_done(&room, (struct event){.kind = EV_BATCH_MAKE});
    room_done(&room, event);
    room_order(&room, 1, 1);
    const struct shipment *waiting = shipment_next(room_shipment(&room, shipment));
    room_done(&room, (struct event){.kind = EV_BATCH, .shipment_id = waiting->id, .batch_id = event.batch_id});
    room_done(&room, room_event(&room, shipment, EV_PICK, 0, 0, 2));
    room_done(&room, room_event(&room, shipment, EV_PACK, 0, 0, 1));
    room_done(&room, (struct event){.kind = EV_BATCH_CANCEL, .batch_id = event.batch_id});
    room_done(&room, room_event(&room, shipment, EV_UNPACK, 0, 0, 1));
    room_done(&room, room_event(&room, shipment, EV_UNPICK, 0, 0, 1));
    g_assert_cmpint(room_shipment(&room, shipment)->state, ==, ST_PICKING);
    g_assert_cmpint(room_shipment(&room, shipment)->batch_id, ==, 0);
    room_close(&room);
}

/* An order of two lines of one, picked into a tote: the first is in a box that is closed, the second still to be packed. */
static int64_t half_packed(struct room *room)
{
    int64_t shipment = room_order(room, 2, 1);
    room_done(room, room_event(room, shipment, EV_PICK, 0, room->totes[0], 1));
    room_done(room, room_event(room, shipment, EV_PICK, 1, room->totes[0], 1));
    room_done(room, room_event(room, shipment, EV_PACK, 0, 0, 1));
    room_done(room, (struct event){.kind = EV_CLOSE_SPLIT, .shipment_id = shipment});
    return shipment;
}

/* The last line that was not counted is cancelled: what is left is packed, and no close comes any more. */
static void a_cancelled_line_leaves_nothing(void)
{
    struct room room;
    room_open_stocked(&room, 5);
    int64_t shipment = half_packed(&room);
    room_done(&room, room_event(&room, shipment, EV_PACK, 1, 0, 1));
    room_done(&room, (struct event){.kind = EV_CLOSE, .shipment_id = shipment});
    room_done(&room, (struct event){.kind = EV_REOPEN, .shipment_id = shipment});
    room_done(&room, room_event(&room, shipment, EV_UNPACK, 1, 0, 1));
    room_done(&room, room_event(&room, shipment, EV_CANCEL_LINE, 1, 0, 0));
    const struct parcel *second = parcel_next(parcel_first(room.memory->dossier, shipment));
    g_assert_cmpint(room_shipment(&room, shipment)->state, ==, ST_PACKED);
    g_assert_cmpint(second->state, ==, ST_VOID);
    g_assert_cmpint(waybill_first(room.memory->dossier, second->id)->state, ==, ST_VOID);
    room_close(&room);
}

static void a_cancelled_line_frees_the_tote(void)
{
    struct room room;
    room_open_stocked(&room, 5);
    int64_t shipment = half_packed(&room);
    room_done(&room, room_event(&room, shipment, EV_CANCEL_LINE, 1, 0, 0));
    g_assert_cmpint(room_shipment(&room, shipment)->state, ==, ST_PACKED);
    g_assert_null(tote_use_find(room.memory->dossier, room.totes[0]));
    room_close(&room);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/mended/a_manifest_has_a_courier", a_manifest_has_a_courier);
    g_test_add_func("/mended/a_batch_with_goods_to_pick_is_not_done", a_batch_with_goods_to_pick_is_not_done);
    g_test_add_func("/mended/an_undo_takes_its_own_goods", an_undo_takes_its_own_goods);
    g_test_add_func("/mended/an_undo_leaves_boxes_alone", an_undo_leaves_boxes_alone);
    g_test_add_func("/mended/a_cancelled_batch_holds_nobody", a_cancelled_batch_holds_nobody);
    g_test_add_func("/mended/a_cancelled_line_leaves_nothing", a_cancelled_line_leaves_nothing);
    g_test_add_func("/mended/a_cancelled_line_frees_the_tote", a_cancelled_line_frees_the_tote);
    return g_test_run();
}

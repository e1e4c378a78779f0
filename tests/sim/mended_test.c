/* SPDX-License-Identifier: MIT
 *
 * What the seeded world has found in the rules, each as short as it can be said.
 */
#include <glib.h>

#include "core/sim/invariants.h"

struct room {
    struct memory *memory;
    int64_t mug, bins[2], tote, recipient;
};

static void room_open(struct room *room, gboolean has_lots)
{
    GError *error = NULL;
    struct memory *memory = room->memory = memory_new(&error);
    g_assert_no_error(error);
    room->mug = memory_product(memory, "MUG", has_lots);
    room->tote = memory_place(memory, "tote", "T-01", 0);
    room->recipient = memory_recipient(memory, "王", "407", "");
    for (int i = 0; i < 2; i++)
        room->bins[i] = memory_place(memory, "bin", "A", i + 1);
    memory_printer(memory, 0);
    memory_range(memory, "hct", "", 0, 100000000, 100009999);
}

static void room_close(struct room *room)
{
    g_autoptr(GString) said = g_string_new(NULL);
    invariants_whole(room->memory, said);
    g_assert_cmpstr(said->str, ==, "");
    memory_free(room->memory);
}

static struct outcome apply(struct room *room, struct event event)
{
    event.actor = room->memory->as[ROLE_SYSTEM];
    return memory_apply(room->memory, event);
}

static int64_t done(struct room *room, struct event event)
{
    struct outcome outcome = apply(room, event);
    if (outcome.verdict != VERDICT_DONE)
        g_error("%s was refused: %s", flow_event_name(event.kind), outcome.text);
    return outcome.subject_id;
}

static void receive(struct room *room, int bin, int64_t lot, int64_t quantity)
{
    done(room, (struct event){.kind = EV_RECEIVE, .product_id = room->mug, .lot_id = lot, .to_id = room->bins[bin],
                              .quantity = quantity, .reason = "delivery"});
}

/* Of `lines` lines with so many each; released. */
static int64_t order(struct room *room, size_t lines, int64_t quantity)
{
    struct memory_item items[2] = {{room->mug, quantity, FALSE}, {room->mug, quantity, FALSE}};
    const struct memory_order order = {.order = "1042", .number = "", .courier = "hct", .service = "", .items = items,
                                       .count = lines, .recipient_id = room->recipient};
    int64_t id = memory_order(room->memory, &order);
    done(room, (struct event){.kind = EV_RELEASE, .shipment_id = id});
    return id;
}

/* About the n-th task or line of a shipment. */
static struct event about(struct room *room, int64_t shipment, enum event_kind kind, int n, int64_t tote, int64_t quantity)
{
    struct event event = {.kind = kind, .shipment_id = shipment, .tote_id = tote, .quantity = quantity};
    const struct task *task = task_first(room->memory->dossier, shipment);
    const struct line *line = line_first(room->memory->dossier, shipment);
    for (int i = 0; i < n; i++) {
        task = task ? task_next(task) : NULL;
        line = line ? line_next(line) : NULL;
    }
    event.task_id = task ? task->id : 0;
    event.line_id = line ? line->id : 0;
    return event;
}

static const struct shipment *ship_of(const struct room *room, int64_t shipment)
{
    return shipment_find(room->memory->dossier, shipment);
}

static void a_manifest_has_a_courier(void)
{
    struct room room;
    room_open(&room, FALSE);
    g_assert_cmpint(apply(&room, (struct event){.kind = EV_MANIFEST_OPEN}).code, ==, ERR_COURIER_UNKNOWN);
    room_close(&room);
}

static void a_batch_with_goods_to_pick_is_not_done(void)
{
    struct room room;
    room_open(&room, FALSE);
    receive(&room, 0, 0, 5);
    int64_t shipment = order(&room, 1, 1);
    struct event event = {.kind = EV_BATCH, .shipment_id = shipment};
    event.batch_id = done(&room, (struct event){.kind = EV_BATCH_MAKE});
    done(&room, event);
    event = (struct event){.kind = EV_BATCH_DONE, .batch_id = event.batch_id};
    g_assert_cmpint(apply(&room, event).code, ==, ERR_FLOW_STATE);
    done(&room, (struct event){.kind = EV_UNBATCH, .shipment_id = shipment});
    event.batch_id = done(&room, (struct event){.kind = EV_BATCH_MAKE});
    done(&room, event);
    g_assert_cmpint(batch_find(room.memory->dossier, event.batch_id)->done_at, >, 0);
    room_close(&room);
}

static void an_undo_takes_its_own_goods(void)
{
    struct room room;
    room_open(&room, FALSE);
    receive(&room, 0, 0, 5);
    int64_t one = order(&room, 1, 1), other = order(&room, 1, 1);
    done(&room, about(&room, one, EV_PICK, 0, room.tote, 1));
    done(&room, about(&room, other, EV_PICK, 0, 0, 1));
    g_assert_cmpint(apply(&room, about(&room, one, EV_UNPICK, 0, 0, 1)).code, ==, ERR_STOCK_NEGATIVE);
    done(&room, about(&room, one, EV_UNPICK, 0, room.tote, 1));
    room_close(&room);
}

static void an_undo_leaves_boxes_alone(void)
{
    struct room room;
    room_open(&room, TRUE);
    int64_t lots[] = {memory_lot(room.memory, room.mug, "X", 0), memory_lot(room.memory, room.mug, "Y", 0)};
    receive(&room, 0, lots[0], 1);
    receive(&room, 1, lots[1], 1);
    int64_t shipment = order(&room, 1, 2);
    done(&room, about(&room, shipment, EV_PICK, 0, 0, 1));
    done(&room, about(&room, shipment, EV_PICK, 1, 0, 1));
    struct event pack = about(&room, shipment, EV_PACK, 0, 0, 1);
    pack.lot_id = lots[0];
    done(&room, pack);
    g_assert_cmpint(apply(&room, about(&room, shipment, EV_UNPICK, 0, 0, 1)).code, ==, ERR_STOCK_NEGATIVE);
    done(&room, about(&room, shipment, EV_UNPICK, 1, 0, 1));
    room_close(&room);
}

static void a_cancelled_batch_holds_nobody(void)
{
    struct room room;
    room_open(&room, FALSE);
    receive(&room, 0, 0, 5);
    int64_t shipment = order(&room, 1, 2);
    struct event event = {.kind = EV_BATCH, .shipment_id = shipment};
    event.batch_id = done(&room, (struct event){.kind = EV_BATCH_MAKE});
    done(&room, event);
    order(&room, 1, 1);
    const struct shipment *waiting = shipment_next(ship_of(&room, shipment));
    done(&room, (struct event){.kind = EV_BATCH, .shipment_id = waiting->id, .batch_id = event.batch_id});
    done(&room, about(&room, shipment, EV_PICK, 0, 0, 2));
    done(&room, about(&room, shipment, EV_PACK, 0, 0, 1));
    done(&room, (struct event){.kind = EV_BATCH_CANCEL, .batch_id = event.batch_id});
    done(&room, about(&room, shipment, EV_UNPACK, 0, 0, 1));
    done(&room, about(&room, shipment, EV_UNPICK, 0, 0, 1));
    g_assert_cmpint(ship_of(&room, shipment)->state, ==, ST_PICKING);
    g_assert_cmpint(ship_of(&room, shipment)->batch_id, ==, 0);
    room_close(&room);
}

/* The last line that was not counted is cancelled: what is left is packed, and no close comes any more. */
static void a_cancelled_line_leaves_nothing(void)
{
    struct room room;
    room_open(&room, FALSE);
    receive(&room, 0, 0, 5);
    int64_t shipment = order(&room, 2, 1);
    done(&room, about(&room, shipment, EV_PICK, 0, room.tote, 1));
    done(&room, about(&room, shipment, EV_PICK, 1, room.tote, 1));
    done(&room, about(&room, shipment, EV_PACK, 0, 0, 1));
    done(&room, (struct event){.kind = EV_CLOSE_SPLIT, .shipment_id = shipment});
    done(&room, about(&room, shipment, EV_PACK, 1, 0, 1));
    done(&room, (struct event){.kind = EV_CLOSE, .shipment_id = shipment});
    done(&room, (struct event){.kind = EV_REOPEN, .shipment_id = shipment});
    done(&room, about(&room, shipment, EV_UNPACK, 1, 0, 1));
    done(&room, about(&room, shipment, EV_CANCEL_LINE, 1, 0, 0));
    const struct parcel *second = parcel_next(parcel_first(room.memory->dossier, shipment));
    g_assert_cmpint(ship_of(&room, shipment)->state, ==, ST_PACKED);
    g_assert_cmpint(second->state, ==, ST_VOID);
    g_assert_cmpint(waybill_first(room.memory->dossier, second->id)->state, ==, ST_VOID);
    room_close(&room);
}

static void a_cancelled_line_frees_the_tote(void)
{
    struct room room;
    room_open(&room, FALSE);
    receive(&room, 0, 0, 5);
    int64_t shipment = order(&room, 2, 1);
    done(&room, about(&room, shipment, EV_PICK, 0, room.tote, 1));
    done(&room, about(&room, shipment, EV_PICK, 1, room.tote, 1));
    done(&room, about(&room, shipment, EV_PACK, 0, 0, 1));
    done(&room, (struct event){.kind = EV_CLOSE_SPLIT, .shipment_id = shipment});
    done(&room, about(&room, shipment, EV_CANCEL_LINE, 1, 0, 0));
    g_assert_cmpint(ship_of(&room, shipment)->state, ==, ST_PACKED);
    g_assert_null(tote_use_find(room.memory->dossier, room.tote));
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

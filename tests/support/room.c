/* SPDX-License-Identifier: MIT */
#include "tests/support/room.h"

#include "core/sim/invariants.h"

void room_open(struct room *room, gboolean has_lots)
{
    GError *error = NULL;
    struct memory *memory = room->memory = memory_new(&error);
    g_assert_no_error(error);
    room->mug = memory_product(memory, "MUG", has_lots);
    room->recipient = memory_recipient(memory, "王", "407", "");
    for (int i = 0; i < 2; i++) {
        room->bins[i] = memory_place(memory, "bin", "A", i + 1);
        room->totes[i] = memory_place(memory, "tote", "T", 0);
    }
    memory_printer(memory, 0);
    memory_range(memory, "hct", "", 0, 100000000, 100009999);
}

void room_open_stocked(struct room *room, int64_t quantity)
{
    room_open(room, FALSE);
    room_receive(room, 0, 0, quantity);
}

void room_close(struct room *room)
{
    g_autoptr(GString) said = g_string_new(NULL);
    invariants_whole(room->memory, said);
    g_assert_cmpstr(said->str, ==, "");
    memory_free(room->memory);
}

struct outcome room_apply(struct room *room, struct event event)
{
    if (event.actor.person_id == 0)
        event.actor = room->memory->as[ROLE_SYSTEM];
    return memory_apply(room->memory, event);
}

int64_t room_done(struct room *room, struct event event)
{
    struct outcome outcome = room_apply(room, event);
    if (outcome.verdict != VERDICT_DONE)
        g_error("%s was refused: %s", flow_event_name(event.kind), outcome.text);
    return outcome.subject_id;
}

void room_refused(struct room *room, struct event event, enum err code)
{
    struct outcome outcome = room_apply(room, event);
    if (outcome.code != code)
        g_error("%s: PL-%04d %s, not PL-%04d", flow_event_name(event.kind), (int)outcome.code, outcome.text, (int)code);
}

void room_receive(struct room *room, int bin, int64_t lot, int64_t quantity)
{
    room_done(room, (struct event){.kind = EV_RECEIVE, .product_id = room->mug, .lot_id = lot, .to_id = room->bins[bin],
                                   .quantity = quantity, .reason = "delivery"});
}

int64_t room_order(struct room *room, size_t lines, int64_t quantity)
{
    struct memory_item items[2] = {{room->mug, quantity, FALSE}, {room->mug, quantity, FALSE}};
    const struct memory_order order = {.order = "1042", .number = "", .courier = "hct", .service = "", .items = items,
                                       .count = lines, .recipient_id = room->recipient};
    int64_t id = memory_order(room->memory, &order);
    room_done(room, (struct event){.kind = EV_RELEASE, .shipment_id = id});
    return id;
}

const struct line *room_line(const struct room *room, int64_t shipment, int n)
{
    const struct line *line = line_first(room->memory->dossier, shipment);
    while (line && n-- > 0)
        line = line_next(line);
    return line;
}

const struct task *room_task(const struct room *room, int64_t shipment, int n)
{
    const struct task *task = task_first(room->memory->dossier, shipment);
    while (task && n-- > 0)
        task = task_next(task);
    return task;
}

const struct parcel *room_parcel(const struct room *room, int64_t shipment, int n)
{
    const struct parcel *parcel = parcel_first(room->memory->dossier, shipment);
    while (parcel && n-- > 0)
        parcel = parcel_next(parcel);
    return parcel;
}

int64_t room_waybill(const struct room *room, int64_t shipment, int n)
{
    const struct parcel *parcel = room_parcel(room, shipment, n);
    g_assert_nonnull(parcel);
    for (EACH_ROW(waybill, waybill, room->memory->dossier, parcel->id))
        if (waybill->state != ST_VOID)
            return waybill->id;
    return 0;
}

struct event room_event(struct room *room, int64_t shipment, enum event_kind kind, int n, int64_t tote, int64_t quantity)
{
    const struct task *task = room_task(room, shipment, n);
    const struct line *line = room_line(room, shipment, n);
    return (struct event){.kind = kind, .shipment_id = shipment, .tote_id = tote, .quantity = quantity,
                          .task_id = task ? task->id : 0, .line_id = line ? line->id : 0, .reason = "test"};
}

void room_pick_all(struct room *room, int64_t shipment)
{
    for (int n = 0; room_task(room, shipment, n); n++)
        if (room_task(room, shipment, n)->open)
            room_done(room, room_event(room, shipment, EV_PICK, n, 0, room_task(room, shipment, n)->quantity));
}

void room_pack_all(struct room *room, int64_t shipment)
{
    for (int n = 0; room_line(room, shipment, n); n++)
        room_done(room, room_event(room, shipment, EV_PACK, n, 0, room_line(room, shipment, n)->quantity));
    room_done(room, room_event(room, shipment, EV_CLOSE, 0, 0, 0));
}

const struct shipment *room_shipment(const struct room *room, int64_t shipment)
{
    return shipment_find(room->memory->dossier, shipment);
}

void room_is(const struct room *room, int64_t shipment, enum state state)
{
    g_assert_cmpstr(flow_state_name(room_shipment(room, shipment)->state), ==, flow_state_name(state));
}

/* SPDX-License-Identifier: MIT
 *
 * A small floor in memory to try one thing on, as a script of events: a product in two bins, totes, a recipient, a printer and
 * a courier's numbers.
 */
#pragma once

#include "core/sim/memory.h"

struct room {
    struct memory *memory;
    int64_t mug, bins[2], totes[2], recipient;
};

void room_open(struct room *room, gboolean has_lots);
/* Without lots, and so many in the first bin. */
void room_open_stocked(struct room *room, int64_t quantity);
/* The invariants of the whole must hold. */
void room_close(struct room *room);

/* By whoever the event names, else by the program. */
struct outcome room_apply(struct room *room, struct event event);
/* It must be done: what it made or touched. Or refused. */
int64_t room_done(struct room *room, struct event event);
void room_refused(struct room *room, struct event event, enum err code);

void room_receive(struct room *room, int bin, int64_t lot, int64_t quantity);
/* An order of so many lines with so many each; released. */
int64_t room_order(struct room *room, size_t lines, int64_t quantity);
/* About the n-th task and line of a shipment, by who does such things. */
struct event room_event(struct room *room, int64_t shipment, enum event_kind kind, int n, int64_t tote, int64_t quantity);
/* All of the shipment is picked and counted into a box. */
void room_pick_all(struct room *room, int64_t shipment);
void room_pack_all(struct room *room, int64_t shipment);

const struct shipment *room_shipment(const struct room *room, int64_t shipment);
void room_is(const struct room *room, int64_t shipment, enum state state);
const struct line *room_line(const struct room *room, int64_t shipment, int n);
const struct task *room_task(const struct room *room, int64_t shipment, int n);
const struct parcel *room_parcel(const struct room *room, int64_t shipment, int n);
/* The waybill of its n-th parcel; 0: it has none that lives. */
int64_t room_waybill(const struct room *room, int64_t shipment, int n);

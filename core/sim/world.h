/* SPDX-License-Identifier: MIT
 *
 * A seeded world in memory: orders come in, pickers, packers and the dock work them, leads change their minds, the shop
 * changes orders, printers lose labels, stock is received, counted and moved, and somebody does whatever comes into their
 * head. One seed is one history. After every event the invariants of what it touched are looked at, and now and then those
 * of the whole; the first that is broken ends the world.
 */
#pragma once

#include "core/sim/chance.h"
#include "core/sim/invariants.h"

enum { WORLD_TRANSITIONS = 128, WORLD_CODES = 1024 };

struct world_options {
    uint64_t seed;
    int64_t orders;      /* so many come in */
    gboolean unwatched;  /* no invariants: for measuring */
    struct tape *tape;   /* what happens is written there, and nothing is dropped; NULL: it is not */
    void (*spoil)(struct memory *memory, const struct decision *d);
};

struct world_counts {
    int64_t events, refused, orders, outbound, cancelled, labels_lost, labels_failed, moves;
    int64_t transitions[WORLD_TRANSITIONS];      /* by flow_transition() */
    int64_t stopped[WORLD_TRANSITIONS];          /* of them, refused by guard, effect or block */
    int64_t refusals[WORLD_CODES];               /* by enum err */
    int64_t blocks[BLOCK_COUNT];                 /* refused because of the block */
    uint64_t trace;                              /* of all events and their outcomes: two runs of a seed have the same */
};

struct world;

struct world *world_new(const struct world_options *options, GError **error);
void world_free(struct world *world);
DEFINE_AUTOPTR(world, world_free)

/* Until all orders have come and are finished. FALSE: something is broken, said in *broken, which is to be freed. */
gboolean world_run(struct world *world, char **broken);

/* Where it happens. */
const struct memory *world_memory(const struct world *world);

const struct world_counts *world_counts(const struct world *world);

/* The counts for people, a line each: transitions with how often, refusals, blocks; what was never reached first. */
char *world_report(const struct world *world);

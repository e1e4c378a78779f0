/* SPDX-License-Identifier: MIT
 *
 * A world so small that all that can happen in it can be tried: two shipments that share a product, two stations, two batches,
 * two totes. From wherever the two can be, every event with every argument that makes a difference, and from there again.
 */
#pragma once

#include "core/sim/memory.h"

struct small_counts {
    int64_t starts, never;   /* pairs of states of the two shipments: begun from, and never reached */
    int64_t transitions;     /* events that were judged */
    int64_t done;            /* of them, not refused */
    int64_t states;          /* different ones */
    double seconds;
};

/* Walks `depth` events from every start, but ends when so many transitions were made. NULL when nothing broke; else what,
 * and by which events; caller frees. spoil: as memory.spoil, to prove that it finds something. */
char *small_world_walk(int depth, int64_t most, void (*spoil)(struct memory *memory, const struct decision *d),
                       struct small_counts *counts);

/* Prints what was walked. */
void small_world_tell(const struct small_counts *counts);

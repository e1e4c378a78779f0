/* SPDX-License-Identifier: MIT
 *
 * What holds on every floor whatever happens on it, said of the rows of a dossier: sums, states that the parts add up to,
 * goods that are somewhere, numbers that are there once. The same as core/check asks of a database, and what only a look at
 * every event can see; written apart from the rules and from the statements of check.
 */
#pragma once

#include "core/sim/memory.h"

struct invariants;

/* For a memory with whatever is in it by now. */
struct invariants *invariants_new(const struct memory *memory);
void invariants_free(struct invariants *invariants);
DEFINE_AUTOPTR(invariants, invariants_free)

/* Of all that an event has touched, and of the event itself: a line for each that is broken is added to said. Called from
 * memory.look, for every event that was done. */
void invariants_event(struct invariants *invariants, const struct decision *d, GString *said);

/* Of the whole floor; needs no history. */
void invariants_whole(const struct memory *memory, GString *said);

/* Of the numbers that were given since invariants_new(), those of shipments that were dropped among them. */
void invariants_numbers(const struct invariants *invariants, GString *said);

/* --- inside ----------------------------------------------------------------------------------------------- */

struct looking {
    const struct memory *memory;
    GString *said;
};

/* Of one row: the invariants that are said of its table (invariant_rows.c). */
void invariants_row(const struct looking *looking, const struct row *row);

/* Of a shipment, and of all rows that are its own. */
void invariants_shipment(const struct looking *looking, const struct shipment *ship);

/* "name: of shipment 1042: line id=1 state=open ..." */
void invariants_complain(const struct looking *looking, const char *name, const struct row *row);

/* SPDX-License-Identifier: MIT
 *
 * Order drafts into the database, a chunk at a time: one transaction of a few hundred rows, so that the lock is held a
 * few milliseconds and the floor goes on. What is new is stored with its shipment in state new and the blocks it is
 * born with; who gets stock is decided when the whole file is there (allocate.h). What was changed in the shop goes to
 * change.h.
 */
#pragma once

#include <glib.h>

#include "core/intake/intake.h"

enum { CHUNK_ORDERS = 200, CHUNK_LINES = 500 };

struct chunk {
    GPtrArray *drafts; /* struct order_draft, owned */
    GHashTable *ids;   /* their external ids */
    unsigned lines;
};

void chunk_init(struct chunk *chunk);
void chunk_clear(struct chunk *chunk);

/* Takes the draft. FALSE when it must be stored first: it is full, or holds an order of that number already. */
gboolean chunk_add(struct chunk *chunk, struct order_draft *draft);

/* Stores all drafts and empties the chunk. FALSE with *error when the database could not be used: then nothing of the
 * chunk is counted, and the import may be repeated as a whole. */
gboolean chunk_store(struct intake *intake, struct chunk *chunk, GError **error);

/* SPDX-License-Identifier: MIT
 *
 * The slots of all writers, and who holds them. A slot is held when its row names a holder whose life is lived
 * (core/db/life.h); what a dead program has left in a row counts for nothing.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/base/id.h"

struct db;

enum { WRITER_SLOTS_MANY = ID_WRITERS / 2 }; /* held: time that somebody looks */

struct writer_slot {
    int slot;
    gboolean held;
    int64_t ids_until_at;         /* the instant of the last id committed under it */
    char name[128], holder[128]; /* holder: "HOST:PID:LIFE", or "" */
};

/* Whose holder string: the life in it is that of the connection. Caller frees. */
char *writer_holder(int64_t life);

/* "HOST, process PID" for people. Caller frees. */
char *writer_slot_place(const struct writer_slot *slot);

/* All that were ever held, by number; of struct writer_slot. NULL with *error. */
GArray *writer_slots(struct db *db, GError **error);

/* The same inside of a transaction to whose end nobody else may take or empty one. */
GArray *writer_slots_lock(struct db *db, GError **error);

/* How many are held; -1 with *error. */
int writer_slots_held(struct db *db, GError **error);

/* Takes the slot from its holder, in the table and in *slot. The next one's ids begin after the instant. */
gboolean writer_slot_empty(struct db *db, struct writer_slot *slot, int64_t ids_until_at, GError **error);

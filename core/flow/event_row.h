/* SPDX-License-Identifier: MIT
 *
 * An event's row: that it happened under its key, and what came of it.
 */
#pragma once

#include "core/flow/flow.h"

struct db;

/* What makes two events the same: a hash of every member that says what was to happen, and whose act it was. */
int64_t event_digest(const struct event *ev);

/* An event that was applied before. */
struct found {
    int64_t key, digest;
    struct outcome outcome;
};

/* Those of the keys that have been: of struct found. NULL with *error on failure. */
GArray *events_find(struct db *db, const int64_t *keys, size_t n, GError **error);

/* Writes the row of an event that was judged by facts of that version (dossier_facts()): the transaction is broken
 * (ERR_DB_SERIALIZE) when somebody has changed them since. */
gboolean event_insert(struct site *site, const struct event *ev, const struct outcome *out, int64_t now, int64_t facts,
                      GError **error);

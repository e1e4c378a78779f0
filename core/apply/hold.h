/* SPDX-License-Identifier: MIT
 *
 * What events lock before they look at anything, so that no two ever wait for each other: shipments, then batches, totes,
 * products (for all of their stock), each by id. Ranges and numbers come after (load.c), and who has them waits for nobody
 * any more.
 */
#pragma once

#include "core/flow/flow.h"

struct db;

/* Locks all that the events may touch, in the one order. Once a transaction, before anything else. */
gboolean flow_hold(struct db *db, const struct event *events, size_t n, GError **error);

/* The same for an event of which a dossier says what it touches: its batch (0: it leaves that alone) and its product (0: it
 * moves no goods). */
gboolean flow_hold_known(struct db *db, const struct event *ev, int64_t batch_id, int64_t product_id, GError **error);

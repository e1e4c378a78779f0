/* SPDX-License-Identifier: MIT
 *
 * The dossier of the work that a station has open stays in memory between scans. The next scan is judged by it before the
 * transaction begins, and costs the lock, the writes and the commit, in one round trip: the versions it rests on are compared
 * by the writes themselves. Whatever does not go well (another has changed something, the rules say no or miss a part) is
 * judged again on a dossier that is loaded. The last unit of a box wants more than what is kept, the courier's next number
 * among it: that is loaded in a round of its own. Of a batch that is walked all members are kept, and the batch: the pick that
 * begins it, and one that may end it, compares that and how many others are left under the batch's lock.
 */
#pragma once

#include "core/apply/act.h"

/* An event, or an act of two (flow_apply_act()). 1: applied, outcomes are filled; 0: it has to be loaded; -1 failed with
 * *error. */
int kept_apply(struct site *site, const struct event *events, size_t n, struct outcome *outcomes, gboolean *both,
               GError **error);

/* Keeps the dossier of an act that was done, when the next scan of its shipments may go on with it. */
void kept_keep(struct site *site, struct act *act);

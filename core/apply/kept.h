/* SPDX-License-Identifier: MIT
 *
 * The dossier of the work that a station has open stays in memory between scans. The next scan is judged by it before the
 * transaction begins, and costs the lock, the writes and the commit, in one round trip: the versions it rests on are compared
 * by the writes themselves. Whatever does not go well (another has changed something, the rules say no or miss a part) is
 * judged again on a dossier that is loaded.
 */
#pragma once

#include "core/apply/act.h"

/* 1: applied, *outcome is filled; 0: it has to be loaded; -1 failed with *error. */
int kept_apply(struct site *site, const struct event *ev, struct outcome *outcome, GError **error);

/* Keeps the dossier of an act that was done, when the next scan may go on with it. */
void kept_keep(struct site *site, struct act *act, const struct event *ev);

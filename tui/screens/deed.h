/* SPDX-License-Identifier: MIT
 *
 * What a lead does from a list: one or many floor events, applied on the store thread by whoever is logged
 * in, and told in one line: how many were done, how many refused and why the first one was.
 */
#pragma once

#include "tui/app/screen.h"

/* What a lead does to an order wherever one stands: initialisers of struct event. */
#define DEED_HOLD {.kind = EV_BLOCK, .block = BLOCK_HELD}
#define DEED_UNHOLD {.kind = EV_UNBLOCK, .block = BLOCK_HELD}

/* One event for each of these ids (int64_t), which stand in it at id_at; for the person of that badge, NULL: for
 * nobody in particular. reason may be NULL. */
struct request deed_each(const GArray *ids, struct event event, size_t id_at, const char *reason, const char *badge);

/* SPDX-License-Identifier: MIT
 *
 * What a lead does from a list: one or many floor events, applied on the store thread by whoever is logged
 * in, and told in one line: how many were done, how many refused and why the first one was.
 */
#pragma once

#include "tui/app/screen.h"

struct deed;

struct deed *deed_new(void);

/* Adds an event; key and actor are filled when it is applied. Its texts must be constants, or from deed_text(). */
void deed_add(struct deed *deed, struct event event);
const char *deed_text(struct deed *deed, const char *text);

/* The request that does it; deed is owned by it. */
struct request deed_request(struct deed *deed);

/* One event for each of these ids (int64_t), which stand in it at id_at; for the person of that badge, NULL: for
 * nobody in particular. reason may be NULL. */
struct request deed_each(const GArray *ids, struct event event, size_t id_at, const char *reason, const char *badge);

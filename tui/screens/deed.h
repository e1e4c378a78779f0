/* SPDX-License-Identifier: MIT
 *
 * What a lead does from a list: one or many floor events, applied on the store thread by whoever is logged
 * in, and told in one line: how many were done, how many refused and why the first one was.
 */
#ifndef TUI_SCREENS_DEED_H
#define TUI_SCREENS_DEED_H

#include "tui/app/screen.h"

struct deed;

struct deed *deed_new(void);

/* Adds an event; key and actor are filled when it is applied. Its texts must be constants, or from
 * deed_text(). */
void deed_add(struct deed *deed, struct event event);
const char *deed_text(struct deed *deed, const char *text);

/* The events are for the person of this badge. */
void deed_for_badge(struct deed *deed, const char *badge);

/* The request that does it; deed is owned by it. */
struct request deed_request(struct deed *deed);

#endif

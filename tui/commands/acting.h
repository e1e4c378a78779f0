/* SPDX-License-Identifier: MIT
 *
 * Who acts from the command line. With --as BADGE it is that person, whose PIN is taken from PACKLINE_PIN, or asked for
 * at the terminal, or read from standard input; what the person may do is judged by the floor like anywhere else. Without
 * it the program's own person acts, where it reads, or a timer may run it (acting_alone()), and the journal says "system".
 */
#pragma once

#include <glib.h>

#include "core/people/role.h"
#include "core/site/actor.h"

struct call;
struct event;
struct site;

/* badge NULL: the program's own person. needs: what the command does outside of the floor's events, which judge for
 * themselves (then MAY_SCAN). FALSE with *error (ERR_LOGIN, ERR_PERMISSION, ...) when that is not to be. */
gboolean acting_as(struct site *site, const char *badge, enum permission needs, struct actor *actor, GError **error);

/* Whether a command may write without a badge on this machine: the setting timer names it. FALSE with ERR_BADGE_NEEDED, or
 * where the configuration file can't be read. */
gboolean acting_alone(const char *command, GError **error);

/* Where it is that the program's own user sits at a terminal of this host, for the journal; NULL with *error (ERR_CONSOLE) where
 * that is not so. Caller frees. */
char *acting_console(GError **error);

/* The printer of a name; 0 where it is NULL. FALSE with *error when there is none. */
gboolean acting_printer(struct call *call, const char *name, int64_t *id, GError **error);

/* An event whose paper comes out of that printer (NULL: the event's): whoever acts does it, and a worker sees to it. */
gboolean acting_print(struct call *call, const char *printer, struct event event, GError **error);

/* "14:03" in the warehouse's time, or a date and time of another day; "" for 0. Caller frees. */
char *acting_time(const struct site *site, int64_t at_utc_ms);

/* SPDX-License-Identifier: MIT
 *
 * Badge and PIN. The attempt is counted and committed before the PIN is hashed, so that killing the program
 * does not give free tries; five wrong ones cost 30 s, each further one twice as long. An unknown badge takes
 * as long as a known one and is answered the same.
 *
 * Whoever knows a badge can lock it by guessing. Of those who lead, whom the floor waits for, that is short; it is told
 * them when they log in, and the others by an alert; an administrator lifts it. A wrong log-in is journalled with the badge
 * that was tried.
 */
#pragma once

#include <glib.h>

#include "core/people/people.h"

enum { LOGIN_TRIES = 5, LOGIN_LOCK_MS = 30000, LOGIN_LOCK_MAX_MS = 3600000, LOGIN_LEAD_LOCK_MAX_MS = 300000 };

struct actor;
enum { LOGIN_TRIED = 32 };

/* TRUE: *person logged in; its failed_count are the wrong PINs that were given before. at: who asks, and where. ERR_LOGIN: badge or PIN is wrong; ERR_LOGIN_LOCKED: too many tries; others: it
 * could not be found out. Not inside a transaction. */
gboolean login_check(struct site *site, const struct actor *at, const char *badge, const char *pin, struct person *person,
                     GError **error);

/* The same, and the person may do the act: a lead approves a single act of somebody who may not. */
gboolean login_approve(struct site *site, const struct actor *at, const char *badge, const char *pin,
                       enum permission permission, struct person *person, GError **error);

/* A badge that is somebody's, as the journal has it. Of one that is nobody's only what can't be a PIN: that may have been
 * typed into the wrong field, alone or right behind the badge. */
void login_tried(const char *typed, char text[static LOGIN_TRIED]);

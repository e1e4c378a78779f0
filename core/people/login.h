/* SPDX-License-Identifier: MIT
 *
 * Badge and PIN. The attempt is counted and committed before the PIN is hashed, so that killing the program
 * does not give free tries; five wrong ones cost 30 s, each further one twice as long. An unknown badge takes
 * as long as a known one and is answered the same.
 */
#pragma once

#include <glib.h>

#include "core/people/people.h"

enum { LOGIN_TRIES = 5, LOGIN_LOCK_MS = 30000, LOGIN_LOCK_MAX_MS = 3600000 };

/* TRUE: *person logged in. ERR_LOGIN: badge or PIN is wrong; ERR_LOGIN_LOCKED: too many tries; others: it
 * could not be found out. Not inside a transaction. */
gboolean login_check(struct site *site, const char *badge, const char *pin, struct person *person, GError **error);

/* The same, and the person may do the act: a lead approves a single act of somebody who may not. */
gboolean login_approve(struct site *site, const char *badge, const char *pin, enum permission permission,
                       struct person *person, GError **error);

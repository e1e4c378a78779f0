/* SPDX-License-Identifier: MIT
 *
 * Whether this machine's clock can be right. A program that begins with a clock far ahead would date what it does, the daily
 * seals and the locks of PINs years from now; one that is behind would date it before what has happened. So a program looks at
 * what was done last before it writes anything: over the setting clock_ahead_days past it is asked about, over five minutes
 * before it is refused. The answer is journalled, and holds for every program that comes after.
 */
#pragma once

#include <glib.h>

struct actor;
struct site;

enum { CLOCK_BEHIND_MS = 300000 };

/* TRUE: it can be right, or nothing was ever done. FALSE: ERR_CLOCK_AHEAD, ERR_CLOCK_BEHIND, or it could not be found out.
 * site_open() asks it, but for SITE_CLOCK. */
gboolean site_clock_check(struct site *site, GError **error);

/* Somebody says that this clock is right: journalled, with what was done last. What lies ahead of it was dated by a clock that
 * was wrong, and counts no more. The site is open as SITE_CLOCK. */
gboolean site_clock_accept(struct site *site, const struct actor *by, GError **error);

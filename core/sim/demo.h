/* SPDX-License-Identifier: MIT
 *
 * core/sim: made-up floors.
 *
 * The demo floor: a warehouse of invented people and goods, made of assets/demo through the same imports and events as
 * a real one, with one of everything that can go wrong. It is marked as a demo; nothing here touches a database that is
 * not.
 */
#pragma once

#include <glib.h>

struct clock;

/* The database's address in a demo directory. Caller frees. */
char *demo_url(const char *dir);

/* Makes DIR/demo.db, with files/ (what was imported) and labels/ (what the demo printers print). ERR_DEMO_EXISTS when
 * it is there, unless reset: then it is removed first, if it is a demo. ERR_DEMO_OTHER for a database that is none. What is
 * late and promised there goes by the clock, NULL: the machine's. */
gboolean demo_make(const char *dir, gboolean reset, const struct clock *clock, GError **error);

/* What there is to find, a line each: "W1201  late ...". NULL-terminated; translated by _(). */
struct demo_find {
    const char *order, *what;
};
const struct demo_find *demo_finds(void);

/* Who can log in, for the log-in screen. */
#define DEMO_LOGIN "P01 PIN 2580 | L01 PIN 258013"

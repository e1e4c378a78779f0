/* SPDX-License-Identifier: MIT
 *
 * tui/app: the house of the screens: loop, store thread, keys.
 *
 * The full-screen program: the stack of screens, the scan field, and the traffic between the loop and the
 * store thread. While an event is being saved, input waits in order; after 150 ms the screen says so.
 */
#pragma once

#include <glib.h>

struct screen;

struct app_options {
    const struct screen *const *screens; /* all there are; NULL after the last */
    const char *url, *station;
    const char *theme;        /* NULL: dark */
    const char *glyphs;       /* "ascii", "unicode", NULL: ask the terminal */
    int escape_ms;            /* 0: by the kind of line */
    gboolean locale_fallback; /* the environment's locale had no UTF-8 */
};

/* Runs until the person leaves or the terminal is gone. FALSE with *error when it could not start. */
gboolean app_run(const struct app_options *options, GError **error);

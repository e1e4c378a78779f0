/* SPDX-License-Identifier: MIT
 *
 * A printer's address: "cups:QUEUE" or "file:/DIRECTORY", with "?paper=100x150&dpi=203" behind it where those
 * differ. It is checked where a person gives it, so that the worker need not refuse it later.
 */
#pragma once

#include <glib.h>

struct printer_uri {
    char scheme[8]; /* "cups" or "file" */
    char target[256];
    char paper[16]; /* "100x150" in mm, "A4" */
    int dots_per_inch;
};

/* FALSE with ERR_PRINTER_URI when it is none. */
gboolean printer_uri_parse(const char *text, struct printer_uri *uri, GError **error);

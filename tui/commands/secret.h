/* SPDX-License-Identifier: MIT
 *
 * A PIN typed at a terminal without echo, or one line of standard input when that is none.
 */
#pragma once

#include <glib.h>

/* On a terminal the PIN is asked for twice when confirm is TRUE. NULL with *error when there is none or the
 * two differ. Caller frees. */
char *secret_read(const char *prompt, gboolean confirm, GError **error);

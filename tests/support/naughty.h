/* SPDX-License-Identifier: MIT
 *
 * The big list of naughty strings of ../shared (or $PACKLINE_SHARED), where it is.
 */
#pragma once

#include <glib.h>

/* Its lines, comments and empty ones too, any bytes. NULL where it is absent: the test is marked as skipped. Free with
 * g_strfreev(). */
char **naughty_lines(void);

/* Calls check with every string of it that is UTF-8. */
void naughty_each(void (*check)(const char *text));

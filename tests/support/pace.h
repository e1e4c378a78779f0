/* SPDX-License-Identifier: MIT
 *
 * How late the machine itself is, for tests that hold the program to a time: a bare curses program is asked on a terminal
 * of its own, in the same run. On a machine with nothing else to do it changes no bound.
 */
#pragma once

#include <glib.h>

/* To be asked first in main(): TRUE when this process is to be the bare program, which then has run; *status is its end. */
gboolean pace_is_bare(int argc, char **argv, int *status);

/* The bound, or, where that is more, so many times the slowest of the bare program's answers. Milliseconds. */
int pace_allowed_ms(int bound_ms, int times);

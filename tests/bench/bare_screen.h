/* SPDX-License-Identifier: MIT
 *
 * The floor under a screen: a curses program that paints every scan and its count, and does nothing else.
 */
#pragma once

/* Runs on the terminal until "q" or its end; counts "scan n". Returns the exit status. */
int bare_screen(void);

/* SPDX-License-Identifier: MIT
 *
 * Goldens: what a canvas showed when somebody last looked at it. A file a picture in a directory of tests/;
 * UPDATE_GOLDENS=1 in the environment writes them anew, and the difference is then read as a diff.
 */
#pragma once

#include "tui/terminal/canvas.h"

/* Compares the canvas's text with tests/<path>.txt. Where they differ it says the lines and the test fails, but goes on;
 * without a golden it ends. */
void golden_check(const struct canvas *canvas, const char *path);
void golden_check_text(const char *dump, const char *path);

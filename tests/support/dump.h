/* SPDX-License-Identifier: MIT
 *
 * What stands on a canvas, as text: for goldens and for the tests of what is drawn.
 */
#pragma once

#include "tui/terminal/canvas.h"

/* The text, a line a row without trailing blanks; the styles, a letter a cell, '.' for normal. Caller frees. */
char *canvas_dump(const struct canvas *canvas);
char *canvas_dump_styles(const struct canvas *canvas);

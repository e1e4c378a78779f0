/* SPDX-License-Identifier: MIT
 *
 * Pictures of numbers in block characters, with their ascii twins: as text for the cells of tables, and drawn.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "tui/terminal/canvas.h"

/* Appends a bar of `cols` columns to text, part of whole filled by eighths of a column; dotted shows where it
 * would end. */
void chart_bar_text(char *text, size_t size, enum glyph_set glyphs, int cols, int64_t part, int64_t whole,
                    gboolean dotted);

/* Appends one column a value, scaled to the largest; what is not zero is seen. */
void chart_spark_text(char *text, size_t size, enum glyph_set glyphs, const int64_t *values, int count);

/* A bar on the canvas. */
void chart_bar(struct canvas *canvas, int row, int col, int cols, unsigned ink, int64_t part, int64_t whole);

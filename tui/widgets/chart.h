/* SPDX-License-Identifier: MIT
 *
 * Pictures of numbers in block characters, with their ascii twins.
 */
#ifndef TUI_WIDGETS_CHART_H
#define TUI_WIDGETS_CHART_H

#include <glib.h>
#include <stdint.h>

#include "tui/terminal/canvas.h"

/* A bar of `cols` columns, part of whole filled by eighths of a column. */
void chart_bar(struct canvas *canvas, int row, int col, int cols, unsigned ink, int64_t part, int64_t whole);

/* One column a value, scaled to the largest. */
void chart_spark(struct canvas *canvas, int row, int col, unsigned ink, const int64_t *values, int count);

/* Upright bars over the height of rect, `width` columns each and one apart, scaled to the largest. */
void chart_columns(struct canvas *canvas, struct rect rect, int width, unsigned ink, const int64_t *values,
                   int count);

#endif

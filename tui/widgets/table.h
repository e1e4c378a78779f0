/* SPDX-License-Identifier: MIT
 *
 * A list in columns with one selected row. The rows belong to the caller, who is asked for each cell that is
 * seen.
 */
#ifndef TUI_WIDGETS_TABLE_H
#define TUI_WIDGETS_TABLE_H

#include <glib.h>

#include "tui/terminal/canvas.h"
#include "tui/terminal/input.h"

struct table_column {
    const char *title; /* N_(); "" none */
    int width;         /* columns at least */
    int grow;          /* share of the room that is left over; 0 stays */
    enum text_align align;
    int from; /* shown only from this many columns of room on */
};

struct table_cell {
    char text[192];
    unsigned ink;
};

struct table {
    const struct table_column *columns;
    int column_count;
    void (*cell)(const void *rows, int row, int column, struct table_cell *cell);
    const void *rows;
    int count;
};

/* Where one is in a list. */
struct cursor {
    int row; /* selected */
    int top; /* first one shown */
};

/* Keeps a cursor inside count rows and in sight within `visible`. */
void cursor_settle(struct cursor *cursor, int count, int visible);

/* Arrows, page, home, end. TRUE when the event was one of them. */
gboolean cursor_move(struct cursor *cursor, const struct input_event *event, int count, int visible);

/* Rows that table_draw() shows in rect. */
int table_visible(struct rect rect);

/* Titles, then rows; the selected one over the full width. */
void table_draw(const struct table *table, const struct cursor *cursor, struct canvas *canvas,
                struct rect rect);

/* "1-20 of 398" at the right end of a row, after how many are marked when some are. */
void table_position(const struct cursor *cursor, int visible, int total, int marked, struct canvas *canvas, int row);

#endif

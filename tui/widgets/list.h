/* SPDX-License-Identifier: MIT
 *
 * tui/widgets: what screens are made of.
 *
 * A list in columns with a selected row. Who shows one supplies the rows and the columns; where one is in it, what is
 * marked, searched for and sorted by, and what the mouse does belong to the list. The selection is of a row's id:
 * nothing jumps when rows come and go. A list never draws outside its rectangle: its headings in the first row, the
 * rows below.
 */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "tui/terminal/canvas.h"
#include "tui/terminal/input.h"

/* What a cell may look at besides its row. */
struct list_look {
    enum glyph_set glyphs;
    int64_t now_utc_ms;
    GTimeZone *zone;
    int cols;        /* the cell's */
    gboolean marked; /* the row is */
};

struct list_cell {
    const struct list_look *look;
    char text[420];
    unsigned ink;
};

/* What stands in a column: what cell() says, of the row or of a member of it, or the member itself. */
enum list_show { SHOW_CELL, SHOW_TEXT /* char[] */, SHOW_STRING /* char * */, SHOW_NUMBER /* int64_t */ };
#define LIST_TEXT(type, member) .show = SHOW_TEXT, .at = offsetof(type, member)
#define LIST_STRING(type, member) .show = SHOW_STRING, .at = offsetof(type, member)
#define LIST_NUMBER(type, member) .show = SHOW_NUMBER, .at = offsetof(type, member)
#define LIST_CELL(cell_of, type, member) .cell = cell_of, .at = offsetof(type, member)
#define LIST_KEY(type, member) .key_at = offsetof(type, member)

struct list_column {
    const char *title; /* N_(); "" none */
    int width;         /* columns at least */
    int grow;          /* share of the room that is left over; 0 stays */
    enum text_align align;
    int from; /* shown only from this many columns of room on */
    void (*cell)(const void *at, struct list_cell *cell);
    enum list_show show;
    size_t at;     /* of the member that is shown; 0 with cell(): it gets the row */
    size_t key_at; /* of an int64_t that it is sorted by; 0: by what is shown, numbers in a text as numbers */
    gboolean find; /* list_find() looks here */
    gboolean dash; /* where there is nothing, or 0, a dash says so */
};

enum { LIST_COLUMNS_MAX = 16, LIST_NO_ID = -1 };

enum list_flag {
    LIST_MARKS = 1,      /* rows can be marked */
    LIST_KEEPS_MARKS = 2 /* also of rows that are not there just now */
};

struct list_ops {
    const struct list_column *columns;
    int column_count;
    size_t row_size; /* in an array of rows; 0: it is one of pointers to them */
    ptrdiff_t id_at; /* offset of a row's int64_t id, or LIST_NO_ID */
    unsigned flags;
};

#define LIST_OPS(columns, type, id, flags) {columns, G_N_ELEMENTS(columns), sizeof(type), offsetof(type, id), flags}

/* Zero at first; list_clear() frees what it has. */
struct list {
    int row; /* selected, of the list as it is shown */
    int top; /* first one shown */
    int64_t selected_id;
    int sort;      /* 1 + a column, negative from the largest on; 0 as the rows come */
    int beyond;    /* the last move ran against the start (-1) or the end (1) */
    GArray *marks; /* of int64_t, in the order they were marked; NULL none yet */
    GArray *order; /* of int, places in rows; NULL as they come */
};

/* A list with its rows of this moment. */
struct list_view {
    const struct list_ops *ops;
    struct list *list;
    struct rect rect;
    const void *rows;  /* those that are held */
    int count;         /* rows of the whole list */
    int first, held;   /* those that are held: all, or a window of them */
    gboolean more;     /* there are others, after count */
    const char *empty; /* translated, where there is no row; may be NULL */
};

/* A list that is held whole; of an array, or of NULL: nothing is there yet. */
struct list_view list_whole(const struct list_ops *ops, struct list *list, struct rect rect, const void *rows,
                            int count);
struct list_view list_array(const struct list_ops *ops, struct list *list, struct rect rect, const GArray *rows);

void list_clear(struct list *list);

/* After rows or rectangle have changed: sorted again, on the same row as before, and that in sight. */
void list_settle(const struct list_view *view);

/* Back to the first row. */
void list_rewind(struct list *list);

/* The n-th row as it is shown; NULL where it is not held. */
const void *list_row_at(const struct list_view *view, int n);
const void *list_selected(const struct list_view *view);
const void *list_row_of(const struct list_view *view, int64_t id);

/* How many rows are shown at once. */
int list_visible(struct rect rect);

/* Arrows, page, home, end. FALSE: another key. */
gboolean list_move(const struct list_view *view, enum key key);
void list_scroll(const struct list_view *view, int rows);

/* To the first row that has the text in one of its columns for that. */
void list_find(const struct list_view *view, const char *text);
gboolean list_row_has(const struct list_ops *ops, const void *row, const char *text);

/* What stands in a column of a row; and for a cell function to say it. */
void list_fill_cell(const struct list_column *column, const void *row, const struct list_look *look,
                    struct list_cell *cell);
void list_say(struct list_cell *cell, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Whether a place on the canvas is the list's, and the column there (-1: none with a heading). */
gboolean list_hit(const struct list_view *view, int row, int col);
int list_column_at(const struct list_view *view, int col);

/* The n-th row, or the one nearest to it. */
void list_select(const struct list_view *view, int n);

/* By a column (-1: none), upwards, then downwards, then as the rows come again. FALSE: it is not held whole. */
gboolean list_sort(const struct list_view *view, int column);

/* The first column whose heading begins so, in English or as it is shown; -1 none. */
int list_column_named(const struct list_ops *ops, const char *word);

/* Marks the selected row or takes the mark away, and goes on to the next. */
void list_mark(const struct list_view *view);

/* All become marked; when all of them were, none is. FALSE when the list is not held whole: nobody has seen it. */
gboolean list_mark_all(const struct list_view *view);
gboolean list_is_marked(const struct list_view *view, const void *row);

/* The ids of the marked rows, or of the selected one when none is marked; nothing is marked any more. Caller unrefs. */
GArray *list_take_chosen(const struct list_view *view);

/* The headings and the rows; the selected one over the full width when the list has the keys. */
void list_draw(const struct list_view *view, const struct list_look *look, gboolean has_keys, struct canvas *canvas);

/* "1-20 of 398" at the right end of a row, after how many are marked when some are. */
void list_draw_position(const struct list_view *view, struct canvas *canvas, int row);

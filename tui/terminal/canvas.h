/* SPDX-License-Identifier: MIT
 *
 * What a screen draws on: rows x columns of cells, each a character with its combining marks and a style (theme.h). A
 * wide character takes two cells; writing over one half blanks the other, and it never stands half over the right edge.
 * Drawing outside is clipped silently. On a canvas of the ascii glyph set ambiguous characters are replaced.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "tui/terminal/glyphs.h"
#include "tui/terminal/text.h"
#include "tui/terminal/theme.h"

struct cell {
    gunichar c;        /* 0: the right half of the wide character before it */
    gunichar marks[2]; /* combining marks, 0 when none */
    uint8_t style;
    uint8_t width; /* 1, 2, or 0 for a right half */
};

struct canvas {
    int rows, cols;
    enum glyph_set glyphs;
    int cursor_row, cursor_col; /* where the terminal's cursor is to stand; row -1 hides it */
    struct cell *cells;
};

struct rect {
    int row, col, rows, cols;
};

struct canvas *canvas_new(int rows, int cols, enum glyph_set glyphs);
void canvas_free(struct canvas *canvas);

/* The same cells and the same cursor: nothing to send. */
gboolean canvas_equal(const struct canvas *a, const struct canvas *b);

/* Makes to the same as from, of from's size. */
void canvas_copy(struct canvas *to, const struct canvas *from);

/* Blanks in INK_NORMAL, cursor hidden. */
void canvas_clear(struct canvas *canvas);

/* Text at a place, clipped at the right edge. Returns the columns drawn. */
int canvas_text(struct canvas *canvas, int row, int col, unsigned style, const char *text);
int canvas_textf(struct canvas *canvas, int row, int col, unsigned style, const char *format, ...) G_GNUC_PRINTF(5, 6);

/* Text in exactly `cols` columns: clipped with the ellipsis, filled with blanks. */
void canvas_field(struct canvas *canvas, int row, int col, int cols, enum text_align align, unsigned style,
                  const char *text);

void canvas_fill(struct canvas *canvas, struct rect rect, unsigned style);

/* Changes styles and leaves the text; with STYLE_SELECTED alone adds it to the inks that are there. */
void canvas_restyle(struct canvas *canvas, struct rect rect, unsigned style);

void canvas_glyph(struct canvas *canvas, int row, int col, unsigned style, enum glyph which);
void canvas_hline(struct canvas *canvas, int row, int col, int cols, unsigned style);
void canvas_vline(struct canvas *canvas, int row, int col, int rows, unsigned style);

/* A box along the edge of rect, its title (may be NULL) in the upper line. */
void canvas_box(struct canvas *canvas, struct rect rect, unsigned style, const char *title);

/* Digits, '/', '-', ':' and blanks, DIGIT_ROWS * scale rows high; canvas_digits_width() says how wide. INK_BIG or
 * INK_BIG_GOOD. Returns the columns drawn. */
enum { DIGIT_ROWS = 5 };
int canvas_digits(struct canvas *canvas, int row, int col, unsigned style, const char *text, int scale);
int canvas_digits_width(const char *text, int scale);
gboolean canvas_digits_can(const char *text); /* it is made of these alone */

/* The cell at a place; NULL outside. */
const struct cell *canvas_at(const struct canvas *canvas, int row, int col);

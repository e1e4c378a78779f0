/* SPDX-License-Identifier: MIT */
#include "tui/terminal/canvas.h"

#include <string.h>

static const struct cell BLANK = {.c = ' ', .style = INK_NORMAL, .width = 1};

struct canvas *canvas_new(int rows, int cols, enum glyph_set glyphs)
{
    struct canvas *canvas = g_new0(struct canvas, 1);
    canvas->rows = MAX(rows, 1);
    canvas->cols = MAX(cols, 1);
    canvas->glyphs = glyphs;
    canvas->cells = g_new(struct cell, (gsize)canvas->rows * (gsize)canvas->cols);
    canvas_clear(canvas);
    return canvas;
}

void canvas_free(struct canvas *canvas)
{
    if (!canvas)
        return;
    g_free(canvas->cells);
    g_free(canvas);
}

static gboolean same_cell(const struct cell *a, const struct cell *b)
{
    return a->c == b->c && a->marks[0] == b->marks[0] && a->marks[1] == b->marks[1] && a->style == b->style &&
           a->width == b->width;
}

gboolean canvas_equal(const struct canvas *a, const struct canvas *b)
{
    if (a->rows != b->rows || a->cols != b->cols || a->cursor_row != b->cursor_row || a->cursor_col != b->cursor_col)
        return FALSE;
    for (int i = 0; i < a->rows * a->cols; i++)
        if (!same_cell(&a->cells[i], &b->cells[i]))
            return FALSE;
    return TRUE;
}

void canvas_copy(struct canvas *to, const struct canvas *from)
{
    gsize count = (gsize)from->rows * (gsize)from->cols;
    struct cell *cells = g_renew(struct cell, to->cells, count);
    memcpy(cells, from->cells, count * sizeof *cells);
    *to = *from;
    to->cells = cells;
}

void canvas_clear(struct canvas *canvas)
{
    for (int i = 0; i < canvas->rows * canvas->cols; i++)
        canvas->cells[i] = BLANK;
    canvas->cursor_row = canvas->cursor_col = -1;
}

static struct cell *cell_at(const struct canvas *canvas, int row, int col)
{
    return &canvas->cells[row * canvas->cols + col];
}

const struct cell *canvas_at(const struct canvas *canvas, int row, int col)
{
    return row < 0 || col < 0 || row >= canvas->rows || col >= canvas->cols ? NULL : cell_at(canvas, row, col);
}

static void blank_cell(struct cell *cell)
{
    *cell = (struct cell){.c = ' ', .style = cell->style, .width = 1};
}

/* Before the cell is written: when it is half of a wide character, the other half becomes blank. */
static void part(struct canvas *canvas, int row, int col)
{
    struct cell *cell = cell_at(canvas, row, col);
    if (cell->width == 0 && col > 0)
        blank_cell(cell - 1);
    if (cell->width == 2 && col + 1 < canvas->cols)
        blank_cell(cell + 1);
}

static void put(struct canvas *canvas, int row, int col, unsigned style, gunichar c, int width)
{
    if (row < 0 || row >= canvas->rows || col < 0 || col + width > canvas->cols)
        return;
    part(canvas, row, col);
    *cell_at(canvas, row, col) = (struct cell){.c = c, .style = (uint8_t)style, .width = (uint8_t)width};
    if (width == 2) {
        part(canvas, row, col + 1);
        *cell_at(canvas, row, col + 1) = (struct cell){.c = 0, .style = (uint8_t)style, .width = 0};
    }
}

static void add_mark(struct canvas *canvas, int row, int col, gunichar mark)
{
    if (row < 0 || row >= canvas->rows || col < 0 || col >= canvas->cols)
        return;
    struct cell *cell = cell_at(canvas, row, col);
    if (cell->width == 0 && col > 0)
        cell--;
    if (!cell->marks[0])
        cell->marks[0] = mark;
    else if (!cell->marks[1])
        cell->marks[1] = mark;
}

/* Controls never reach the terminal; the ascii set keeps ambiguous characters from it. */
static gunichar shown(const struct canvas *canvas, gunichar c)
{
    if (c < 0x20 || (c >= 0x7F && c < 0xA0))
        return '?';
    return canvas->glyphs == GLYPHS_ASCII ? glyph_plain(c) : c;
}

int canvas_text(struct canvas *canvas, int row, int col, unsigned style, const char *text)
{
    int at = col;
    gunichar c = 0;
    for (size_t n; (n = text_next(text, &c)) > 0; text += n) {
        int width = text_char_width(c);
        if (width == 0) {
            if (at > col)
                add_mark(canvas, row, at - 1, c);
            continue;
        }
        if (at + width > canvas->cols)
            break;
        put(canvas, row, at, style, shown(canvas, c), width);
        at += width;
    }
    return at - col;
}

int canvas_textf(struct canvas *canvas, int row, int col, unsigned style, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *text = g_strdup_vprintf(format, args);
    va_end(args);
    return canvas_text(canvas, row, col, style, text);
}

void canvas_field(struct canvas *canvas, int row, int col, int cols, enum text_align align, unsigned style,
                  const char *text)
{
    g_autofree char *padded =
        text_pad(text, MIN(cols, canvas->cols - col), align, glyph(canvas->glyphs, GLYPH_ELLIPSIS));
    canvas_text(canvas, row, col, style, padded);
}

static struct rect clip(const struct canvas *canvas, struct rect rect)
{
    int row = MAX(rect.row, 0), col = MAX(rect.col, 0);
    return (struct rect){row, col, MIN(rect.row + rect.rows, canvas->rows) - row,
                         MIN(rect.col + rect.cols, canvas->cols) - col};
}

void canvas_fill(struct canvas *canvas, struct rect rect, unsigned style)
{
    struct rect r = clip(canvas, rect);
    for (int row = r.row; row < r.row + r.rows; row++)
        for (int col = r.col; col < r.col + r.cols; col++)
            put(canvas, row, col, style, ' ', 1);
}

void canvas_restyle(struct canvas *canvas, struct rect rect, unsigned style)
{
    struct rect r = clip(canvas, rect);
    for (int row = r.row; row < r.row + r.rows; row++)
        for (int col = r.col; col < r.col + r.cols; col++) {
            struct cell *cell = cell_at(canvas, row, col);
            cell->style = (uint8_t)(style == STYLE_SELECTED ? cell->style | STYLE_SELECTED : style);
        }
}

void canvas_glyph(struct canvas *canvas, int row, int col, unsigned style, enum glyph which)
{
    canvas_text(canvas, row, col, style, glyph(canvas->glyphs, which));
}

void canvas_hline(struct canvas *canvas, int row, int col, int cols, unsigned style)
{
    for (int i = 0; i < cols; i++)
        canvas_glyph(canvas, row, col + i, style, GLYPH_HLINE);
}

void canvas_vline(struct canvas *canvas, int row, int col, int rows, unsigned style)
{
    for (int i = 0; i < rows; i++)
        canvas_glyph(canvas, row + i, col, style, GLYPH_VLINE);
}

void canvas_box(struct canvas *canvas, struct rect rect, unsigned style, const char *title)
{
    int bottom = rect.row + rect.rows - 1, right = rect.col + rect.cols - 1;
    canvas_hline(canvas, rect.row, rect.col + 1, rect.cols - 2, style);
    canvas_hline(canvas, bottom, rect.col + 1, rect.cols - 2, style);
    canvas_vline(canvas, rect.row + 1, rect.col, rect.rows - 2, style);
    canvas_vline(canvas, rect.row + 1, right, rect.rows - 2, style);
    canvas_glyph(canvas, rect.row, rect.col, style, GLYPH_TOP_LEFT);
    canvas_glyph(canvas, rect.row, right, style, GLYPH_TOP_RIGHT);
    canvas_glyph(canvas, bottom, rect.col, style, GLYPH_BOTTOM_LEFT);
    canvas_glyph(canvas, bottom, right, style, GLYPH_BOTTOM_RIGHT);
    if (!title || rect.cols < 8)
        return;
    g_autofree char *clipped = text_clip(title, rect.cols - 6, glyph(canvas->glyphs, GLYPH_ELLIPSIS));
    canvas_textf(canvas, rect.row, rect.col + 2, style, " %s ", clipped);
}

/* Rows of 3 pixels, top first, as octal digits: bit 2 is the left one. */
static const char DIGITS[] = "0123456789/-: ";
static const char *const PIXELS[] = {"75557", "26227", "71747", "71717", "55711", "74717", "74757",
                                     "71111", "75757", "75717", "11244", "00700", "02020", "00000"};

enum { PIXEL_COLS = 2, DIGIT_PIXELS = 3, DIGIT_COLS = 8 };

int canvas_digits_width(const char *text, int scale)
{
    return text[0] ? ((int)strlen(text) * DIGIT_COLS - PIXEL_COLS) * scale : 0;
}

gboolean canvas_digits_can(const char *text)
{
    return text[strspn(text, DIGITS)] == '\0';
}

/* A pixel is a blank two columns wide, so no font can leave seams and both glyph sets look alike. */
static void draw_digit(struct canvas *canvas, int row, int col, unsigned style, const char *rows, int scale)
{
    for (int y = 0; y < DIGIT_ROWS * scale; y++)
        for (int x = 0; x < DIGIT_PIXELS * scale; x++)
            if ((rows[y / scale] - '0') & (4 >> x / scale))
                canvas_text(canvas, row + y, col + x * PIXEL_COLS, style, "  ");
}

int canvas_digits(struct canvas *canvas, int row, int col, unsigned style, const char *text, int scale)
{
    for (int i = 0; text[i]; i++) {
        const char *digit = strchr(DIGITS, text[i]);
        if (digit)
            draw_digit(canvas, row, col + i * DIGIT_COLS * scale, style, PIXELS[digit - DIGITS], scale);
    }
    return canvas_digits_width(text, scale);
}

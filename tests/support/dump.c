/* SPDX-License-Identifier: MIT */
#include "tests/support/dump.h"

#include "tui/terminal/theme.h"

/* One an ink, in the order of the enum. */
static const char LETTERS[] = ".dSHFkclgwbi#GxfE!n";

static char theme_letter(unsigned style)
{
    G_STATIC_ASSERT(sizeof LETTERS == INK_COUNT + 1);
    if ((style & STYLE_SELECTED) && (style & STYLE_INK) == INK_NORMAL)
        return ':';
    return LETTERS[MIN(style & STYLE_INK, INK_COUNT - 1)];
}

static gboolean is_pixel(const struct cell *cell)
{
    unsigned ink = cell->style & STYLE_INK;
    return cell->c == ' ' && (ink == INK_BIG || ink == INK_BIG_GOOD);
}

static void dump_cell(GString *out, const struct cell *cell)
{
    if (cell->width == 0)
        return;
    g_string_append_unichar(out, is_pixel(cell) ? '#' : cell->c);
    for (size_t i = 0; i < G_N_ELEMENTS(cell->marks) && cell->marks[i]; i++)
        g_string_append_unichar(out, cell->marks[i]);
}

static void end_line(GString *out, char blank)
{
    while (out->len > 0 && out->str[out->len - 1] == blank)
        g_string_truncate(out, out->len - 1);
    g_string_append_c(out, '\n');
}

char *canvas_dump(const struct canvas *canvas)
{
    GString *out = g_string_new(NULL);
    for (int row = 0; row < canvas->rows; row++) {
        for (int col = 0; col < canvas->cols; col++)
            dump_cell(out, canvas_at(canvas, row, col));
        end_line(out, ' ');
    }
    return g_string_free(out, FALSE);
}

char *canvas_dump_styles(const struct canvas *canvas)
{
    GString *out = g_string_new(NULL);
    for (int row = 0; row < canvas->rows; row++) {
        for (int col = 0; col < canvas->cols; col++)
            g_string_append_c(out, theme_letter(canvas_at(canvas, row, col)->style));
        end_line(out, '.');
    }
    return g_string_free(out, FALSE);
}

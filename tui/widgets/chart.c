/* SPDX-License-Identifier: MIT */
#include "tui/widgets/chart.h"

enum { EIGHTHS = 8, BAR_BYTES = 512 };

void chart_bar_text(char *text, size_t size, enum glyph_set glyphs, int cols, int64_t part, int64_t whole,
                    gboolean dotted)
{
    int64_t filled = whole > 0 ? CLAMP(part, 0, whole) * cols * EIGHTHS / whole : 0;
    for (int i = 0; i < cols; i++) {
        int here = (int)CLAMP(filled - (int64_t)i * EIGHTHS, 0, EIGHTHS);
        g_strlcat(text, here == 0 && dotted ? glyph(glyphs, GLYPH_EMPTY) : glyph_bar(glyphs, here), size);
    }
}

void chart_spark_text(char *text, size_t size, enum glyph_set glyphs, const int64_t *values, int count)
{
    int64_t most = 0;
    for (int i = 0; i < count; i++)
        most = MAX(most, values[i]);
    for (int i = 0; i < count; i++) {
        gboolean none = values[i] <= 0 || most == 0;
        g_strlcat(text, glyph_column(glyphs, none ? 0 : (int)MAX(values[i] * EIGHTHS / most, 1)), size);
    }
}

void chart_bar(struct canvas *canvas, int row, int col, int cols, unsigned ink, int64_t part, int64_t whole)
{
    char text[BAR_BYTES] = "";
    chart_bar_text(text, sizeof text, canvas->glyphs, cols, part, whole, FALSE);
    canvas_text(canvas, row, col, ink, text);
}

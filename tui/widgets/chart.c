/* SPDX-License-Identifier: MIT */
#include "tui/widgets/chart.h"

enum { EIGHTHS = 8 };

void chart_bar(struct canvas *canvas, int row, int col, int cols, unsigned ink, int64_t part, int64_t whole)
{
    int64_t filled = whole > 0 ? CLAMP(part, 0, whole) * cols * EIGHTHS / whole : 0;
    for (int i = 0; i < cols; i++) {
        int64_t here = CLAMP(filled - (int64_t)i * EIGHTHS, 0, EIGHTHS);
        canvas_text(canvas, row, col + i, ink, glyph_bar(canvas->glyphs, (int)here));
    }
}

static int64_t largest(const int64_t *values, int count)
{
    int64_t most = 0;
    for (int i = 0; i < count; i++)
        most = MAX(most, values[i]);
    return most;
}

/* What is not zero is seen: at least one eighth. */
static int64_t scaled(int64_t value, int64_t most, int64_t steps)
{
    return value <= 0 || most <= 0 ? 0 : MAX(value * steps / most, 1);
}

void chart_spark(struct canvas *canvas, int row, int col, unsigned ink, const int64_t *values, int count)
{
    int64_t most = largest(values, count);
    for (int i = 0; i < count; i++)
        canvas_text(canvas, row, col + i, ink,
                    glyph_column(canvas->glyphs, (int)scaled(values[i], most, EIGHTHS)));
}

void chart_columns(struct canvas *canvas, struct rect rect, int width, unsigned ink, const int64_t *values,
                   int count)
{
    int64_t most = largest(values, count);
    for (int i = 0; i < count; i++) {
        int64_t height = scaled(values[i], most, (int64_t)rect.rows * EIGHTHS);
        for (int y = 0; y < rect.rows; y++) {
            int64_t here = CLAMP(height - (int64_t)(rect.rows - 1 - y) * EIGHTHS, 0, EIGHTHS);
            for (int x = 0; x < width; x++)
                canvas_text(canvas, rect.row + y, rect.col + i * (width + 1) + x, ink,
                            glyph_column(canvas->glyphs, (int)here));
        }
    }
}

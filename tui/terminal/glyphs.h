/* SPDX-License-Identifier: MIT
 *
 * The two glyph sets. The unicode set has glyphs that are East-Asian ambiguous: one column on most terminals,
 * two on a CJK PuTTY or Windows console, where every row would shear. So the set is chosen at start (see
 * term.h) and the ascii set has a twin for each. Every glyph is one column wide, except the ellipsis.
 */
#pragma once

#include <glib.h>

enum glyph_set { GLYPHS_ASCII, GLYPHS_UNICODE };

enum glyph {
    GLYPH_HLINE, GLYPH_VLINE, GLYPH_TOP_LEFT, GLYPH_TOP_RIGHT, GLYPH_BOTTOM_LEFT, GLYPH_BOTTOM_RIGHT,
    GLYPH_TICK, GLYPH_ARROW, GLYPH_MARK, GLYPH_ELLIPSIS, GLYPH_PROMPT, GLYPH_UP, GLYPH_DOWN,
    GLYPH_EMPTY, /* the empty part of a bar */
    GLYPH_COUNT
};

/* The text of a glyph. */
const char *glyph(enum glyph_set set, enum glyph which);

/* A bar cell filled from the left by eighths 0..8, and a chart cell filled from below. */
const char *glyph_bar(enum glyph_set set, int eighths);
const char *glyph_column(enum glyph_set set, int eighths);

/* What is drawn for a character where the ascii set is in use: itself unless its width is ambiguous. */
gunichar glyph_plain(gunichar c);

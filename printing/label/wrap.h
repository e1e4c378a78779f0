/* SPDX-License-Identifier: MIT
 *
 * Text into a box: the largest size between two limits at which the text, broken into lines, fits; at the
 * smallest size what is left over gives way to an ellipsis. Nothing ever comes out wider or higher than its
 * box. Pure: how wide a character is comes in by pointer.
 *
 * Lines break as Chinese is set: between ideographs, not before closing punctuation, not after opening punctuation; in
 * other scripts at blanks and after hyphens; inside a word only when it alone is wider than the box.
 */
#pragma once

#include <glib.h>

/* Widths are in thousandths of the em, so they hold for every size. */
struct metrics {
    int (*advance)(const struct metrics *metrics, gunichar c, gboolean bold);
};

/* Of a line of one em: where the baseline is, and the whole. Room for capitals with accents above and the
 * tails of g and j below. */
enum { WRAP_BASELINE_MEM = 950, WRAP_PITCH_MEM = 1200 };

enum { WRAP_MAX_LINES = 12, WRAP_MAX_TEXT = 600 /* characters looked at */ };

struct wrap_line {
    int start, length; /* bytes of the text */
    int width_um;      /* ellipsis included */
    gboolean ellipsis; /* an ellipsis is to follow */
};

struct wrap_box {
    int width_um, height_um;
    int max_size_um, min_size_um; /* of the em */
    gboolean bold;
};

struct wrap {
    int size_um, pitch_um, baseline_um; /* the baseline below the top of its line */
    int lines;
    struct wrap_line line[WRAP_MAX_LINES];
};

/* Fits text (UTF-8; a line feed breaks) into the box. The box holds at least one line and one em of the
 * smallest size: template.c sees to that. */
void wrap_text(const struct metrics *metrics, const char *text, const struct wrap_box *box, struct wrap *wrap);

/* The next character; g_utf8_next_char() casts const away. */
static inline const char *wrap_next(const char *p)
{
    return p + g_utf8_skip[*(const guchar *)p];
}

/* SPDX-License-Identifier: MIT
 *
 * What text means (its ink), and the themes that give each ink colours. Screens name inks only. A style is an
 * ink, with STYLE_SELECTED added for the row the cursor is on.
 */
#pragma once

#include <glib.h>

enum ink {
    INK_NORMAL,
    INK_DIM,    /* what may be overlooked: rules, units, hints */
    INK_STRONG, /* what the eye should find first */
    INK_HEADER, /* the line on top */
    INK_FOOTER, /* the line of keys */
    INK_KEY,    /* a key's name within the footer */
    INK_COLUMN, /* column titles */
    INK_LINE,   /* rules and boxes */
    INK_GOOD,
    INK_WARN,
    INK_BAD,
    INK_INFO,
    INK_BIG,        /* the pixels of big digits */
    INK_BIG_GOOD,   /* the same when complete */
    INK_BAR,        /* the filled part of bars and charts */
    INK_FLASH,      /* a good scan's line */
    INK_ERROR,      /* the error bar */
    INK_ERROR_DEEP, /* its key hints */
    INK_NOTE,       /* a buyer's note, until seen */
    INK_COUNT
};

enum { STYLE_SELECTED = 0x40, STYLE_INK = 0x3F };

enum theme_id { THEME_DARK, THEME_LIGHT, THEME_CONTRAST, THEME_MONO, THEME_COUNT };

enum { COLOUR_BOLD = 1, COLOUR_REVERSE = 2, COLOUR_UNDERLINE = 4, COLOUR_DIM = 8 };

/* Colours of an ink: of 256 where the terminal has them, else of 8; -1 is the terminal's own. */
struct colour {
    short fg, bg;     /* of 256 */
    short fg8, bg8;   /* of 8 */
    unsigned effects; /* COLOUR_... */
};

/* The theme of a name, a choice of the setting theme; NULL or an unknown name gives dark, and *known (may be NULL) FALSE.
 * With NO_COLOR set to anything in the environment it is always mono. */
enum theme_id theme_choose(const char *name, gboolean *known);

/* The colours of a style (an ink, maybe with STYLE_SELECTED). */
struct colour theme_colour(enum theme_id theme, unsigned style);

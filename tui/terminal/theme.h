/* SPDX-License-Identifier: MIT
 *
 * What text means (its role), and the themes that give each role colours. Screens name roles only. A style is a
 * role, with STYLE_SELECTED added for the row the cursor is on.
 */
#ifndef TUI_TERMINAL_THEME_H
#define TUI_TERMINAL_THEME_H

#include <glib.h>

enum role {
    ROLE_NORMAL,
    ROLE_DIM,    /* what may be overlooked: rules, units, hints */
    ROLE_STRONG, /* what the eye should find first */
    ROLE_HEADER, /* the line on top */
    ROLE_FOOTER, /* the line of keys */
    ROLE_KEY,    /* a key's name within the footer */
    ROLE_COLUMN, /* column titles */
    ROLE_LINE,   /* rules and boxes */
    ROLE_GOOD,
    ROLE_WARN,
    ROLE_BAD,
    ROLE_INFO,
    ROLE_FIELD,      /* where one types */
    ROLE_BIG,        /* the pixels of big digits */
    ROLE_BIG_GOOD,   /* the same when complete */
    ROLE_BAR,        /* the filled part of bars and charts */
    ROLE_BAR_BAD,    /* the same when late or low */
    ROLE_FLASH,      /* a good scan's line */
    ROLE_ERROR,      /* the error bar */
    ROLE_ERROR_DEEP, /* its key hints */
    ROLE_NOTE,       /* a buyer's note, until seen */
    ROLE_DIALOG,
    ROLE_COUNT
};

enum { STYLE_SELECTED = 0x40, STYLE_ROLE = 0x3F };

enum theme_id { THEME_DARK, THEME_LIGHT, THEME_CONTRAST, THEME_MONO, THEME_COUNT };

enum { COLOUR_BOLD = 1, COLOUR_REVERSE = 2, COLOUR_UNDERLINE = 4, COLOUR_DIM = 8 };

/* Colours of a role: of 256 where the terminal has them, else of 8; -1 is the terminal's own. */
struct colour {
    short fg, bg;     /* of 256 */
    short fg8, bg8;   /* of 8 */
    unsigned effects; /* COLOUR_... */
};

/* Names are dark, light, high-contrast, mono. NULL past the end. */
const char *theme_name(enum theme_id theme);

/* The theme of a name; NULL or an unknown name gives dark, and *known (may be NULL) FALSE. With NO_COLOR set to
 * anything in the environment it is always mono. */
enum theme_id theme_choose(const char *name, gboolean *known);

/* The colours of a style (a role, maybe with STYLE_SELECTED). */
struct colour theme_colour(enum theme_id theme, unsigned style);

/* A letter for a role, for dumps: '.' for normal. */
char theme_letter(unsigned style);

#endif

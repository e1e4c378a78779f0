/* SPDX-License-Identifier: MIT */
#include "tui/terminal/theme.h"

#include "core/base/words.h"

enum { B = COLOUR_BOLD, R = COLOUR_REVERSE, U = COLOUR_UNDERLINE, D = COLOUR_DIM };
enum { BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE };

/* The background of a theme is painted, so that it does not depend on the terminal's. */
static const struct colour DARK[INK_COUNT] = {
    [INK_NORMAL] = {252, 234, WHITE, BLACK, 0}, [INK_DIM] = {244, 234, WHITE, BLACK, 0},
    [INK_STRONG] = {231, 234, WHITE, BLACK, B}, [INK_HEADER] = {254, 236, WHITE, BLACK, B},
    [INK_FOOTER] = {248, 236, WHITE, BLACK, 0}, [INK_KEY] = {117, 236, CYAN, BLACK, B},
    [INK_COLUMN] = {110, 234, CYAN, BLACK, 0},  [INK_LINE] = {239, 234, BLUE, BLACK, 0},
    [INK_GOOD] = {114, 234, GREEN, BLACK, 0},   [INK_WARN] = {221, 234, YELLOW, BLACK, 0},
    [INK_BAD] = {210, 234, RED, BLACK, B},      [INK_INFO] = {117, 234, CYAN, BLACK, 0},
    [INK_BIG] = {117, 117, CYAN, CYAN, 0},      [INK_BIG_GOOD] = {114, 114, GREEN, GREEN, 0},
    [INK_BAR] = {74, 237, CYAN, BLACK, 0},      [INK_FLASH] = {232, 114, BLACK, GREEN, B},
    [INK_ERROR] = {231, 160, WHITE, RED, B},    [INK_ERROR_DEEP] = {231, 88, WHITE, RED, 0},
    [INK_NOTE] = {231, 125, WHITE, MAGENTA, B},
};

static const struct colour LIGHT[INK_COUNT] = {
    [INK_NORMAL] = {235, 255, BLACK, WHITE, 0}, [INK_DIM] = {243, 255, BLACK, WHITE, 0},
    [INK_STRONG] = {16, 255, BLACK, WHITE, B},  [INK_HEADER] = {16, 252, BLACK, WHITE, B},
    [INK_FOOTER] = {238, 252, BLACK, WHITE, 0}, [INK_KEY] = {25, 252, BLUE, WHITE, B},
    [INK_COLUMN] = {25, 255, BLUE, WHITE, 0},   [INK_LINE] = {249, 255, CYAN, WHITE, 0},
    [INK_GOOD] = {28, 255, GREEN, WHITE, 0},    [INK_WARN] = {130, 255, YELLOW, WHITE, B},
    [INK_BAD] = {160, 255, RED, WHITE, B},      [INK_INFO] = {25, 255, BLUE, WHITE, 0},
    [INK_BIG] = {25, 25, BLUE, BLUE, 0},        [INK_BIG_GOOD] = {28, 28, GREEN, GREEN, 0},
    [INK_BAR] = {31, 252, BLUE, WHITE, 0},      [INK_FLASH] = {231, 28, WHITE, GREEN, B},
    [INK_ERROR] = {231, 160, WHITE, RED, B},    [INK_ERROR_DEEP] = {231, 88, WHITE, RED, 0},
    [INK_NOTE] = {231, 125, WHITE, MAGENTA, B},
};

static const struct colour CONTRAST[INK_COUNT] = {
    [INK_NORMAL] = {231, 16, WHITE, BLACK, B},  [INK_DIM] = {231, 16, WHITE, BLACK, 0},
    [INK_STRONG] = {226, 16, YELLOW, BLACK, B}, [INK_HEADER] = {16, 231, BLACK, WHITE, 0},
    [INK_FOOTER] = {16, 231, BLACK, WHITE, 0},  [INK_KEY] = {16, 226, BLACK, YELLOW, 0},
    [INK_COLUMN] = {51, 16, CYAN, BLACK, B},    [INK_LINE] = {231, 16, WHITE, BLACK, 0},
    [INK_GOOD] = {46, 16, GREEN, BLACK, B},     [INK_WARN] = {226, 16, YELLOW, BLACK, B},
    [INK_BAD] = {16, 226, BLACK, YELLOW, B},    [INK_INFO] = {51, 16, CYAN, BLACK, B},
    [INK_BIG] = {226, 226, YELLOW, YELLOW, 0},  [INK_BIG_GOOD] = {46, 46, GREEN, GREEN, 0},
    [INK_BAR] = {231, 16, WHITE, BLACK, B},     [INK_FLASH] = {16, 46, BLACK, GREEN, B},
    [INK_ERROR] = {231, 196, WHITE, RED, B},    [INK_ERROR_DEEP] = {226, 88, YELLOW, RED, B},
    [INK_NOTE] = {16, 226, BLACK, YELLOW, B},
};

static const struct colour MONO[INK_COUNT] = {
    [INK_NORMAL] = {-1, -1, -1, -1, 0},   [INK_DIM] = {-1, -1, -1, -1, D},       [INK_STRONG] = {-1, -1, -1, -1, B},
    [INK_HEADER] = {-1, -1, -1, -1, R},   [INK_FOOTER] = {-1, -1, -1, -1, 0},    [INK_KEY] = {-1, -1, -1, -1, B},
    [INK_COLUMN] = {-1, -1, -1, -1, U},   [INK_LINE] = {-1, -1, -1, -1, D},      [INK_GOOD] = {-1, -1, -1, -1, 0},
    [INK_WARN] = {-1, -1, -1, -1, B},     [INK_BAD] = {-1, -1, -1, -1, B | U},   [INK_INFO] = {-1, -1, -1, -1, 0},
    [INK_BIG] = {-1, -1, -1, -1, R},      [INK_BIG_GOOD] = {-1, -1, -1, -1, R},  [INK_BAR] = {-1, -1, -1, -1, 0},
    [INK_FLASH] = {-1, -1, -1, -1, B},    [INK_ERROR] = {-1, -1, -1, -1, R | B}, [INK_ERROR_DEEP] = {-1, -1, -1, -1, R},
    [INK_NOTE] = {-1, -1, -1, -1, R | B},
};

struct theme {
    const char *name;
    const struct colour *colours;
    struct colour selected; /* its backgrounds and effects go over the ink's own */
};

static const struct theme THEMES[THEME_COUNT] = {
    [THEME_DARK] = {"dark", DARK, {-1, 24, -1, BLUE, 0}},
    [THEME_LIGHT] = {"light", LIGHT, {-1, 153, -1, CYAN, 0}},
    [THEME_CONTRAST] = {"contrast", CONTRAST, {-1, 21, -1, BLUE, B}},
    [THEME_MONO] = {"mono", MONO, {-1, -1, -1, -1, R}},
};

enum theme_id theme_choose(const char *name, gboolean *known)
{
    int found = WORDS_FIND(THEMES, name);
    if (known)
        *known = found >= 0 || !name;
    const char *no_color = g_getenv("NO_COLOR");
    return no_color && no_color[0] ? THEME_MONO : found < 0 ? THEME_DARK : (enum theme_id)found;
}

struct colour theme_colour(enum theme_id theme, unsigned style)
{
    struct colour colour = THEMES[theme].colours[MIN(style & STYLE_INK, INK_COUNT - 1)];
    if (!(style & STYLE_SELECTED))
        return colour;
    const struct colour *selected = &THEMES[theme].selected;
    colour.bg = selected->bg;
    colour.bg8 = selected->bg8;
    colour.effects |= selected->effects;
    return colour;
}

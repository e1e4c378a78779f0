/* SPDX-License-Identifier: MIT */
#include "tui/terminal/theme.h"

#include <string.h>

enum { B = COLOUR_BOLD, R = COLOUR_REVERSE, U = COLOUR_UNDERLINE, D = COLOUR_DIM };
enum { BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE };

/* The background of a theme is painted, so that it does not depend on the terminal's. */
static const struct colour DARK[ROLE_COUNT] = {
    [ROLE_NORMAL] = {252, 234, WHITE, BLACK, 0},
    [ROLE_DIM] = {244, 234, WHITE, BLACK, 0},
    [ROLE_STRONG] = {231, 234, WHITE, BLACK, B},
    [ROLE_HEADER] = {254, 236, WHITE, BLACK, B},
    [ROLE_FOOTER] = {248, 236, WHITE, BLACK, 0},
    [ROLE_KEY] = {117, 236, CYAN, BLACK, B},
    [ROLE_COLUMN] = {110, 234, CYAN, BLACK, 0},
    [ROLE_LINE] = {239, 234, BLUE, BLACK, 0},
    [ROLE_GOOD] = {114, 234, GREEN, BLACK, 0},
    [ROLE_WARN] = {221, 234, YELLOW, BLACK, 0},
    [ROLE_BAD] = {210, 234, RED, BLACK, B},
    [ROLE_INFO] = {117, 234, CYAN, BLACK, 0},
    [ROLE_FIELD] = {231, 237, WHITE, BLACK, 0},
    [ROLE_BIG] = {117, 117, CYAN, CYAN, 0},
    [ROLE_BIG_GOOD] = {114, 114, GREEN, GREEN, 0},
    [ROLE_BAR] = {74, 237, CYAN, BLACK, 0},
    [ROLE_BAR_BAD] = {203, 237, RED, BLACK, 0},
    [ROLE_FLASH] = {232, 114, BLACK, GREEN, B},
    [ROLE_ERROR] = {231, 160, WHITE, RED, B},
    [ROLE_ERROR_DEEP] = {231, 88, WHITE, RED, 0},
    [ROLE_NOTE] = {231, 125, WHITE, MAGENTA, B},
    [ROLE_DIALOG] = {253, 238, BLACK, WHITE, 0},
};

static const struct colour LIGHT[ROLE_COUNT] = {
    [ROLE_NORMAL] = {235, 255, BLACK, WHITE, 0},
    [ROLE_DIM] = {243, 255, BLACK, WHITE, 0},
    [ROLE_STRONG] = {16, 255, BLACK, WHITE, B},
    [ROLE_HEADER] = {16, 252, BLACK, WHITE, B},
    [ROLE_FOOTER] = {238, 252, BLACK, WHITE, 0},
    [ROLE_KEY] = {25, 252, BLUE, WHITE, B},
    [ROLE_COLUMN] = {25, 255, BLUE, WHITE, 0},
    [ROLE_LINE] = {249, 255, CYAN, WHITE, 0},
    [ROLE_GOOD] = {28, 255, GREEN, WHITE, 0},
    [ROLE_WARN] = {130, 255, YELLOW, WHITE, B},
    [ROLE_BAD] = {160, 255, RED, WHITE, B},
    [ROLE_INFO] = {25, 255, BLUE, WHITE, 0},
    [ROLE_FIELD] = {16, 231, BLACK, WHITE, 0},
    [ROLE_BIG] = {25, 25, BLUE, BLUE, 0},
    [ROLE_BIG_GOOD] = {28, 28, GREEN, GREEN, 0},
    [ROLE_BAR] = {31, 252, BLUE, WHITE, 0},
    [ROLE_BAR_BAD] = {160, 252, RED, WHITE, 0},
    [ROLE_FLASH] = {231, 28, WHITE, GREEN, B},
    [ROLE_ERROR] = {231, 160, WHITE, RED, B},
    [ROLE_ERROR_DEEP] = {231, 88, WHITE, RED, 0},
    [ROLE_NOTE] = {231, 125, WHITE, MAGENTA, B},
    [ROLE_DIALOG] = {16, 253, WHITE, BLUE, 0},
};

static const struct colour CONTRAST[ROLE_COUNT] = {
    [ROLE_NORMAL] = {231, 16, WHITE, BLACK, B},
    [ROLE_DIM] = {231, 16, WHITE, BLACK, 0},
    [ROLE_STRONG] = {226, 16, YELLOW, BLACK, B},
    [ROLE_HEADER] = {16, 231, BLACK, WHITE, 0},
    [ROLE_FOOTER] = {16, 231, BLACK, WHITE, 0},
    [ROLE_KEY] = {16, 226, BLACK, YELLOW, 0},
    [ROLE_COLUMN] = {51, 16, CYAN, BLACK, B},
    [ROLE_LINE] = {231, 16, WHITE, BLACK, 0},
    [ROLE_GOOD] = {46, 16, GREEN, BLACK, B},
    [ROLE_WARN] = {226, 16, YELLOW, BLACK, B},
    [ROLE_BAD] = {16, 226, BLACK, YELLOW, B},
    [ROLE_INFO] = {51, 16, CYAN, BLACK, B},
    [ROLE_FIELD] = {226, 16, YELLOW, BLACK, B | U},
    [ROLE_BIG] = {226, 226, YELLOW, YELLOW, 0},
    [ROLE_BIG_GOOD] = {46, 46, GREEN, GREEN, 0},
    [ROLE_BAR] = {231, 16, WHITE, BLACK, B},
    [ROLE_BAR_BAD] = {226, 16, YELLOW, BLACK, B},
    [ROLE_FLASH] = {16, 46, BLACK, GREEN, B},
    [ROLE_ERROR] = {231, 196, WHITE, RED, B},
    [ROLE_ERROR_DEEP] = {226, 88, YELLOW, RED, B},
    [ROLE_NOTE] = {16, 226, BLACK, YELLOW, B},
    [ROLE_DIALOG] = {16, 231, BLACK, WHITE, 0},
};

static const struct colour MONO[ROLE_COUNT] = {
    [ROLE_NORMAL] = {-1, -1, -1, -1, 0},     [ROLE_DIM] = {-1, -1, -1, -1, D},
    [ROLE_STRONG] = {-1, -1, -1, -1, B},     [ROLE_HEADER] = {-1, -1, -1, -1, R},
    [ROLE_FOOTER] = {-1, -1, -1, -1, 0},     [ROLE_KEY] = {-1, -1, -1, -1, B},
    [ROLE_COLUMN] = {-1, -1, -1, -1, U},     [ROLE_LINE] = {-1, -1, -1, -1, D},
    [ROLE_GOOD] = {-1, -1, -1, -1, 0},       [ROLE_WARN] = {-1, -1, -1, -1, B},
    [ROLE_BAD] = {-1, -1, -1, -1, B | U},    [ROLE_INFO] = {-1, -1, -1, -1, 0},
    [ROLE_FIELD] = {-1, -1, -1, -1, U},      [ROLE_BIG] = {-1, -1, -1, -1, R},
    [ROLE_BIG_GOOD] = {-1, -1, -1, -1, R},   [ROLE_BAR] = {-1, -1, -1, -1, 0},
    [ROLE_BAR_BAD] = {-1, -1, -1, -1, B},    [ROLE_FLASH] = {-1, -1, -1, -1, B},
    [ROLE_ERROR] = {-1, -1, -1, -1, R | B},  [ROLE_ERROR_DEEP] = {-1, -1, -1, -1, R},
    [ROLE_NOTE] = {-1, -1, -1, -1, R | B},   [ROLE_DIALOG] = {-1, -1, -1, -1, R},
};

struct theme {
    const char *name;
    const struct colour *colours;
    struct colour selected; /* its backgrounds and effects go over the role's own */
};

static const struct theme THEMES[THEME_COUNT] = {
    [THEME_DARK] = {"dark", DARK, {-1, 24, -1, BLUE, 0}},
    [THEME_LIGHT] = {"light", LIGHT, {-1, 153, -1, CYAN, 0}},
    [THEME_CONTRAST] = {"high-contrast", CONTRAST, {-1, 21, -1, BLUE, B}},
    [THEME_MONO] = {"mono", MONO, {-1, -1, -1, -1, R}},
};

/* One a role, in the order of the enum. */
static const char LETTERS[] = ".dSHFkclgwbi_#GxXfE!nD";

const char *theme_name(enum theme_id theme)
{
    return (unsigned)theme < THEME_COUNT ? THEMES[theme].name : NULL;
}

enum theme_id theme_choose(const char *name, gboolean *known)
{
    enum theme_id found = THEME_DARK;
    gboolean hit = name == NULL;
    for (unsigned i = 0; name && i < THEME_COUNT; i++)
        if (strcmp(THEMES[i].name, name) == 0) {
            found = (enum theme_id)i;
            hit = TRUE;
        }
    if (known)
        *known = hit;
    const char *no_color = g_getenv("NO_COLOR");
    return no_color && no_color[0] ? THEME_MONO : found;
}

struct colour theme_colour(enum theme_id theme, unsigned style)
{
    struct colour colour = THEMES[theme].colours[MIN(style & STYLE_ROLE, ROLE_COUNT - 1)];
    if (!(style & STYLE_SELECTED))
        return colour;
    const struct colour *selected = &THEMES[theme].selected;
    colour.bg = selected->bg;
    colour.bg8 = selected->bg8;
    colour.effects |= selected->effects;
    return colour;
}

char theme_letter(unsigned style)
{
    G_STATIC_ASSERT(sizeof LETTERS == ROLE_COUNT + 1);
    if ((style & STYLE_SELECTED) && (style & STYLE_ROLE) == ROLE_NORMAL)
        return ':';
    return LETTERS[MIN(style & STYLE_ROLE, ROLE_COUNT - 1)];
}

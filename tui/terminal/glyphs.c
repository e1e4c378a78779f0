/* SPDX-License-Identifier: MIT */
#include "tui/terminal/glyphs.h"

#include "tui/terminal/text.h"

static const char *const GLYPHS[GLYPH_COUNT][2] = {
    [GLYPH_HLINE] = {"-", "─"},     [GLYPH_VLINE] = {"|", "│"},       [GLYPH_TOP_LEFT] = {"+", "╭"},
    [GLYPH_TOP_RIGHT] = {"+", "╮"}, [GLYPH_BOTTOM_LEFT] = {"+", "╰"}, [GLYPH_BOTTOM_RIGHT] = {"+", "╯"},
    [GLYPH_TICK] = {"v", "✓"},      [GLYPH_ARROW] = {">", "▶"},       [GLYPH_ELLIPSIS] = {"..", "…"},
    [GLYPH_MARK] = {"*", "◆"},      [GLYPH_PROMPT] = {">", "❯"},      [GLYPH_UP] = {"^", "↑"},
    [GLYPH_DOWN] = {"v", "↓"},      [GLYPH_EMPTY] = {".", "·"},
};

static const char *const BARS[2][9] = {
    [GLYPHS_ASCII] = {" ", " ", " ", " ", "-", "-", "=", "=", "#"},
    [GLYPHS_UNICODE] = {" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"},
};

static const char *const LEVELS[2][9] = {
    [GLYPHS_ASCII] = {" ", "_", ".", ".", "-", "=", "+", "*", "#"},
    [GLYPHS_UNICODE] = {" ", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"},
};

struct plain {
    gunichar c;
    gunichar ascii;
};

static const struct plain PLAIN[] = {
    {0xA1, '!'},    {0xA8, '"'},    {0xAE, 'R'},   {0xB0, 'o'},   {0xB1, '~'},   {0xB4, '\''},  {0xB7, '.'},
    {0xD7, 'x'},    {0xF7, '/'},    {0x2010, '-'}, {0x2013, '-'}, {0x2014, '-'}, {0x2015, '-'}, {0x2016, '|'},
    {0x2018, '\''}, {0x2019, '\''}, {0x201C, '"'}, {0x201D, '"'}, {0x2022, '*'}, {0x2025, '.'}, {0x2026, '.'},
    {0x2032, '\''}, {0x2033, '"'},  {0x203B, '*'}, {0x2103, 'C'}, {0x2116, 'N'}, {0x2122, 'T'}, {0x2190, '<'},
    {0x2191, '^'},  {0x2192, '>'},  {0x2193, 'v'}, {0x2500, '-'}, {0x2502, '|'}, {0x2588, '#'}, {0x25A0, '#'},
    {0x25B2, '^'},  {0x25B6, '>'},  {0x25BC, 'v'}, {0x25C6, '*'}, {0x25CB, 'o'}, {0x25CF, '*'}, {0x2605, '*'},
    {0x2606, '*'},  {0x2665, '*'},
};

const char *glyph(enum glyph_set set, enum glyph which)
{
    return GLYPHS[which][set];
}

const char *glyph_bar(enum glyph_set set, int eighths)
{
    return BARS[set][CLAMP(eighths, 0, 8)];
}

const char *glyph_column(enum glyph_set set, int eighths)
{
    return LEVELS[set][CLAMP(eighths, 0, 8)];
}

gunichar glyph_plain(gunichar c)
{
    if (c < 0x80 || !text_char_ambiguous(c))
        return c;
    for (size_t i = 0; i < G_N_ELEMENTS(PLAIN); i++)
        if (PLAIN[i].c == c)
            return PLAIN[i].ascii;
    return '?';
}

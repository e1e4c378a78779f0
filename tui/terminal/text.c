/* SPDX-License-Identifier: MIT */
#include "tui/terminal/text.h"

#include <string.h>

struct text_range {
    gunichar first, last;
};

/* East Asian Width "A" of Unicode 14 in the basic plane, without marks; gaps of up to 3 are closed, which
 * only means that a few narrow characters more are kept off wide terminals. */
static const struct text_range AMBIGUOUS[] = {
    {0xA1, 0xBF},     {0xC6, 0xC6},     {0xD0, 0xD0},     {0xD7, 0xD8},     {0xDE, 0xE1},
    {0xE6, 0x101},    {0x111, 0x113},   {0x11B, 0x11B},   {0x126, 0x12B},   {0x131, 0x133},
    {0x138, 0x138},   {0x13F, 0x14D},   {0x152, 0x153},   {0x166, 0x16B},   {0x1CE, 0x1DC},
    {0x251, 0x251},   {0x261, 0x261},   {0x2C4, 0x2D0},   {0x2D8, 0x2DF},   {0x391, 0x3A9},
    {0x3B1, 0x3C9},   {0x401, 0x401},   {0x410, 0x451},   {0x2010, 0x2027}, {0x2030, 0x2035},
    {0x203B, 0x203E}, {0x2074, 0x2074}, {0x207F, 0x2084}, {0x20AC, 0x20AC}, {0x2103, 0x2109},
    {0x2113, 0x2116}, {0x2121, 0x2126}, {0x212B, 0x212B}, {0x2153, 0x2154}, {0x215B, 0x216B},
    {0x2170, 0x2179}, {0x2189, 0x2189}, {0x2190, 0x2199}, {0x21B8, 0x21B9}, {0x21D2, 0x21D4},
    {0x21E7, 0x21E7}, {0x2200, 0x2215}, {0x221A, 0x222E}, {0x2234, 0x2237}, {0x223C, 0x223D},
    {0x2248, 0x224C}, {0x2252, 0x2252}, {0x2260, 0x226F}, {0x2282, 0x2287}, {0x2295, 0x2299},
    {0x22A5, 0x22A5}, {0x22BF, 0x22BF}, {0x2312, 0x2312}, {0x2460, 0x254B}, {0x2550, 0x2573},
    {0x2580, 0x2595}, {0x25A0, 0x25A9}, {0x25B2, 0x25B7}, {0x25BC, 0x25C1}, {0x25C6, 0x25D1},
    {0x25E2, 0x25E5}, {0x25EF, 0x25EF}, {0x2605, 0x2609}, {0x260E, 0x260F}, {0x261C, 0x261E},
    {0x2640, 0x2642}, {0x2660, 0x266F}, {0x269E, 0x269F}, {0x26BF, 0x26BF}, {0x26C6, 0x26E3},
    {0x26E8, 0x26FF}, {0x273D, 0x273D}, {0x2776, 0x277F}, {0x2B56, 0x2B59}, {0x3248, 0x324F},
    {0xFFFD, 0xFFFD},
};

/* Characters that don't begin a line. */
static const char CLOSING[] = "，。、；：？！）」』】》〉”’％…,.;:?!)]}%";

int text_char_width(gunichar c)
{
    if (c < 0x300)
        return c == 0xAD ? 0 : 1;
    if (g_unichar_iszerowidth(c))
        return 0;
    return g_unichar_iswide(c) ? 2 : 1;
}

gboolean text_char_ambiguous(gunichar c)
{
    size_t low = 0, high = G_N_ELEMENTS(AMBIGUOUS);
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (c > AMBIGUOUS[middle].last)
            low = middle + 1;
        else
            high = middle;
    }
    return low < G_N_ELEMENTS(AMBIGUOUS) && c >= AMBIGUOUS[low].first;
}

size_t text_next(const char *text, gunichar *c)
{
    if (!text[0])
        return 0;
    if ((guchar)text[0] < 0x80) {
        *c = (guchar)text[0];
        return 1;
    }
    *c = g_utf8_get_char_validated(text, -1);
    if (*c != (gunichar)-1 && *c != (gunichar)-2)
        return (size_t)g_utf8_skip[(guchar)text[0]];
    *c = 0xFFFD;
    return 1;
}

int text_width(const char *text)
{
    int width = 0;
    gunichar c = 0;
    for (size_t n; (n = text_next(text, &c)) > 0; text += n)
        width += text_char_width(c);
    return width;
}

/* The longest start of text that fits in columns, in bytes. Combining marks stay with their character and a wide
 * character is never halved. */
static size_t bytes_in(const char *text, int columns)
{
    size_t bytes = 0;
    int used = 0;
    gunichar c = 0;
    for (size_t n; (n = text_next(text + bytes, &c)) > 0; bytes += n) {
        int w = text_char_width(c);
        if (used + w > columns)
            break;
        used += w;
    }
    return bytes;
}

char *text_clip(const char *text, int columns, const char *ellipsis)
{
    if (columns <= 0)
        return g_strdup("");
    size_t all = bytes_in(text, columns);
    if (!text[all])
        return g_strdup(text);
    int mark = text_width(ellipsis);
    if (mark >= columns)
        return g_strndup(text, all);
    size_t bytes = bytes_in(text, columns - mark);
    g_autofree char *start = g_strndup(text, bytes);
    return g_strconcat(start, ellipsis, NULL);
}

char *text_pad(const char *text, int columns, enum text_align align, const char *ellipsis)
{
    g_autofree char *clipped = text_clip(text, columns, ellipsis);
    int room = MAX(columns, 0) - text_width(clipped);
    int left = align == TEXT_RIGHT ? room : align == TEXT_CENTRE ? room / 2 : 0;
    return g_strdup_printf("%*s%s%*s", left, "", clipped, room - left, "");
}

static gboolean is_closing(const char *text)
{
    gunichar c = 0;
    return text_next(text, &c) > 0 && g_utf8_strchr(CLOSING, -1, c) != NULL;
}

/* Where a line that must break at byte `fit` at the latest ends: after the last blank, or at a side of a wide
 * character, or right there when there is no such place. */
static size_t break_place(const char *text, size_t fit)
{
    size_t best = 0, at = 0;
    gboolean after_wide = FALSE;
    gunichar c = 0;
    for (size_t n; (n = text_next(text + at, &c)) > 0 && at <= fit; at += n) {
        gboolean wide = text_char_width(c) == 2;
        if (at > 0 && (c == ' ' || ((wide || after_wide) && !is_closing(text + at))))
            best = at;
        after_wide = wide;
    }
    return best ? best : fit;
}

static const char *wrap_one(GPtrArray *lines, const char *text, int columns)
{
    const char *feed = strchr(text, '\n');
    size_t fit = bytes_in(text, columns);
    if (feed && (size_t)(feed - text) <= fit) {
        g_ptr_array_add(lines, g_strndup(text, (gsize)(feed - text)));
        return feed + 1;
    }
    gunichar c = 0;
    if (fit == 0)
        fit = text_next(text, &c);
    size_t end = text[fit] ? break_place(text, fit) : fit;
    g_ptr_array_add(lines, g_strchomp(g_strndup(text, end)));
    text += end;
    while (*text == ' ')
        text++;
    return text;
}

char **text_wrap(const char *text, int columns)
{
    GPtrArray *lines = g_ptr_array_new();
    while (*text)
        text = wrap_one(lines, text, MAX(columns, 2));
    g_ptr_array_add(lines, NULL);
    return (char **)g_ptr_array_free(lines, FALSE);
}

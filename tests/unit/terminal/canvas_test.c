/* SPDX-License-Identifier: MIT */
#include "core/base/settings.h"
#include "tests/support/dump.h"
#include "tui/terminal/canvas.h"

static void check_dump(const struct canvas *canvas, const char *expected)
{
    char *dump = canvas_dump(canvas);
    g_assert_cmpstr(dump, ==, expected);
    g_free(dump);
}

/* A kanji in the last column would wrap and overwrite the next row. */
static void test_last_column(void)
{
    struct canvas *canvas = canvas_new(2, 5, GLYPHS_UNICODE);
    g_assert_cmpint(canvas_text(canvas, 0, 0, INK_NORMAL, "馬克杯"), ==, 4);
    check_dump(canvas, "馬克\n\n");
    g_assert_cmpint(canvas_at(canvas, 0, 4)->c, ==, ' ');
    canvas_free(canvas);
}

static void test_half_overwrite(void)
{
    struct canvas *canvas = canvas_new(1, 8, GLYPHS_UNICODE);
    canvas_text(canvas, 0, 0, INK_NORMAL, "馬克杯");
    canvas_text(canvas, 0, 1, INK_NORMAL, "x");
    check_dump(canvas, " x克杯\n");
    canvas_text(canvas, 0, 2, INK_NORMAL, "y");
    check_dump(canvas, " xy 杯\n");
    canvas_text(canvas, 0, 3, INK_NORMAL, "中");
    check_dump(canvas, " xy中\n");
    g_assert_cmpint(canvas_at(canvas, 0, 5)->c, ==, ' ');
    canvas_free(canvas);
}

static void test_outside(void)
{
    struct canvas *canvas = canvas_new(2, 4, GLYPHS_UNICODE);
    canvas_text(canvas, -1, 0, INK_NORMAL, "up");
    canvas_text(canvas, 5, 0, INK_NORMAL, "down");
    canvas_text(canvas, 0, -1, INK_NORMAL, "abcdefgh");
    canvas_fill(canvas, (struct rect){1, 2, 9, 9}, INK_GOOD);
    canvas_box(canvas, (struct rect){-2, -2, 20, 20}, INK_LINE, "title");
    check_dump(canvas, "bcde\n\n");
    canvas_free(canvas);
}

/* Controls are marks, combining marks stay with their character. */
static void test_hostile(void)
{
    struct canvas *canvas = canvas_new(1, 12, GLYPHS_UNICODE);
    canvas_text(canvas, 0, 0, INK_NORMAL,
                "a\033[2Jb\xC2\x9B"
                "e\xCC\x81\xFF");
    check_dump(canvas, "a?[2Jb?e\xCC\x81\xEF\xBF\xBD\n");
    canvas_free(canvas);
}

/* On a terminal that draws ambiguous characters two wide, none is sent. */
static void test_ascii_set(void)
{
    struct canvas *canvas = canvas_new(3, 24, GLYPHS_ASCII);
    canvas_text(canvas, 0, 0, INK_NORMAL, "½ 杯 ±“x”…Я●");
    canvas_box(canvas, (struct rect){1, 0, 2, 12}, INK_LINE, "杯");
    check_dump(canvas, "? 杯 ~\"x\".?*\n+- 杯 -----+\n+----------+\n");
    for (int row = 0; row < canvas->rows; row++)
        for (int col = 0; col < canvas->cols; col++)
            g_assert_false(text_char_ambiguous(canvas_at(canvas, row, col)->c));
    canvas_free(canvas);
}

static void test_glyph_twins(void)
{
    for (int i = 0; i < GLYPH_COUNT; i++)
        if (i != GLYPH_ELLIPSIS) {
            g_assert_cmpint(text_width(glyph(GLYPHS_ASCII, (enum glyph)i)), ==, 1);
            g_assert_cmpint(text_width(glyph(GLYPHS_UNICODE, (enum glyph)i)), ==, 1);
        }
    for (int i = 0; i <= 8; i++) {
        g_assert_cmpint(text_width(glyph_bar(GLYPHS_ASCII, i)), ==, 1);
        g_assert_cmpint((guchar)glyph_column(GLYPHS_ASCII, i)[0], <, 0x80);
    }
}

static void test_digits(void)
{
    struct canvas *canvas = canvas_new(5, 16, GLYPHS_ASCII);
    g_assert_cmpint(canvas_digits(canvas, 0, 0, INK_BIG, "17", 1), ==, 14);
    check_dump(canvas, "  ##    ######\n####        ##\n  ##        ##\n  ##        ##\n######      ##\n");
    canvas_free(canvas);
}

static void test_styles(void)
{
    struct canvas *canvas = canvas_new(1, 6, GLYPHS_ASCII);
    canvas_text(canvas, 0, 0, INK_GOOD, "ok");
    canvas_restyle(canvas, (struct rect){0, 0, 1, 6}, STYLE_SELECTED);
    char *dump = canvas_dump_styles(canvas);
    g_assert_cmpstr(dump, ==, "gg::::\n");
    g_free(dump);
    canvas_free(canvas);
}

/* What decides whether anything is sent: text, style, cursor and size. */
static void test_equal(void)
{
    struct canvas *a = canvas_new(2, 6, GLYPHS_UNICODE), *b = canvas_new(1, 1, GLYPHS_ASCII);
    g_assert_false(canvas_equal(a, b));
    canvas_text(a, 0, 0, INK_GOOD, "馬克杯");
    canvas_copy(b, a);
    g_assert_true(canvas_equal(a, b));
    canvas_text(b, 0, 0, INK_BAD, "馬克杯");
    g_assert_false(canvas_equal(a, b));
    canvas_copy(b, a);
    b->cursor_row = 1;
    g_assert_false(canvas_equal(a, b));
    canvas_copy(b, a);
    canvas_text(b, 1, 5, INK_NORMAL, "x");
    g_assert_false(canvas_equal(a, b));
    canvas_free(a);
    canvas_free(b);
}

/* What the setting takes is a theme, and each theme is one of them. */
static void test_theme_setting(void)
{
    char **choices = g_strsplit(setting_find("theme")->choices, "|", -1);
    gboolean known = FALSE;
    g_unsetenv("NO_COLOR");
    g_assert_cmpuint(g_strv_length(choices), ==, THEME_COUNT);
    for (int i = 0; i < THEME_COUNT; i++) {
        g_assert_cmpint(theme_choose(choices[i], &known), ==, i);
        g_assert_true(known);
    }
    g_strfreev(choices);
}

static void test_theme(void)
{
    static const char *const NAMES[THEME_COUNT] = {"dark", "light", "contrast", "mono"};
    gboolean known = FALSE;
    g_unsetenv("NO_COLOR");
    for (int i = 0; i < THEME_COUNT; i++) {
        g_assert_cmpint(theme_choose(NAMES[i], &known), ==, i);
        g_assert_true(known);
    }
    g_assert_cmpint(theme_choose("pink", &known), ==, THEME_DARK);
    g_assert_false(known);
    g_setenv("NO_COLOR", "1", TRUE);
    g_assert_cmpint(theme_choose("light", NULL), ==, THEME_MONO);
    for (unsigned ink = 0; ink < INK_COUNT; ink++)
        g_assert_cmpint(theme_colour(THEME_MONO, ink).fg, ==, -1);
    g_unsetenv("NO_COLOR");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/canvas/last-column", test_last_column);
    g_test_add_func("/canvas/half-overwrite", test_half_overwrite);
    g_test_add_func("/canvas/outside", test_outside);
    g_test_add_func("/canvas/hostile", test_hostile);
    g_test_add_func("/canvas/ascii-set", test_ascii_set);
    g_test_add_func("/canvas/glyph-twins", test_glyph_twins);
    g_test_add_func("/canvas/digits", test_digits);
    g_test_add_func("/canvas/styles", test_styles);
    g_test_add_func("/canvas/equal", test_equal);
    g_test_add_func("/theme/all", test_theme);
    g_test_add_func("/theme/setting", test_theme_setting);
    return g_test_run();
}

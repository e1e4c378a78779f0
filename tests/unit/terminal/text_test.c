/* SPDX-License-Identifier: MIT */
#include "tui/terminal/text.h"

#include <string.h>

static void test_width(void)
{
    static const struct {
        const char *text;
        int width;
    } CASES[] = {
        {"", 0},    {"abc", 3}, {"馬克杯", 6}, {"A馬B", 4}, {"e\xCC\x81", 1}, {"\xFF", 1},
        {"½±●", 3}, {"ｶﾞ", 2},  {"𠮷", 2},     {"한글", 4}, {"\xE4\xB8", 2},  {"😀", 2},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++)
        g_assert_cmpint(text_width(CASES[i].text), ==, CASES[i].width);
}

static void check_clip(const char *text, int columns, const char *ellipsis, const char *expected)
{
    char *clipped = text_clip(text, columns, ellipsis);
    g_assert_cmpstr(clipped, ==, expected);
    g_free(clipped);
}

static void test_clip(void)
{
    check_clip("馬克杯", 6, "…", "馬克杯");
    check_clip("馬克杯", 5, "…", "馬克…");
    check_clip("馬克杯", 4, "…", "馬…");
    check_clip("馬克杯", 1, "…", "");
    check_clip("馬克杯", 0, "…", "");
    check_clip("abcdef", 4, "..", "ab..");
    check_clip("abcdef", 2, "..", "ab");
    check_clip("e\xCC\x81llo", 2, "…", "e\xCC\x81…");
}

static void check_pad(const char *text, int columns, enum text_align align, const char *expected)
{
    char *padded = text_pad(text, columns, align, "…");
    g_assert_cmpstr(padded, ==, expected);
    g_free(padded);
}

static void test_pad(void)
{
    check_pad("馬克杯", 8, TEXT_LEFT, "馬克杯  ");
    check_pad("馬克杯", 8, TEXT_RIGHT, "  馬克杯");
    check_pad("馬克杯", 9, TEXT_CENTRE, " 馬克杯  ");
    check_pad("馬克杯", 4, TEXT_RIGHT, " 馬…");
}

static void check_wrap(const char *text, int columns, const char *expected)
{
    char **lines = text_wrap(text, columns);
    char *joined = g_strjoinv("|", lines);
    g_assert_cmpstr(joined, ==, expected);
    g_free(joined);
    g_strfreev(lines);
}

static void test_wrap(void)
{
    check_wrap("", 10, "");
    check_wrap("the quick brown fox", 10, "the quick|brown fox");
    check_wrap("abcdefghijkl", 5, "abcde|fghij|kl");
    check_wrap("送禮,請附提袋。謝謝", 8, "送禮,請|附提袋。|謝謝");
    check_wrap("one\ntwo", 10, "one|two");
    check_wrap("請附提袋。好", 8, "請附提|袋。好");
}

static void test_ambiguous(void)
{
    g_assert_true(text_char_ambiguous(0x25CF));
    g_assert_true(text_char_ambiguous(0x2500));
    g_assert_true(text_char_ambiguous(0x2588));
    g_assert_true(text_char_ambiguous(0xBD));
    g_assert_true(text_char_ambiguous(0xFFFD));
    g_assert_false(text_char_ambiguous('A'));
    g_assert_false(text_char_ambiguous(0x99AC));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/text/width", test_width);
    g_test_add_func("/text/clip", test_clip);
    g_test_add_func("/text/pad", test_pad);
    g_test_add_func("/text/wrap", test_wrap);
    g_test_add_func("/text/ambiguous", test_ambiguous);
    return g_test_run();
}

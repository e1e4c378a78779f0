/* SPDX-License-Identifier: MIT */
#include "core/table/value.h"

static void test_integers(void)
{
    static const struct {
        const char *text;
        gboolean ok;
        int64_t number;
    } CASES[] = {
        {"6", TRUE, 6},          {"-10", TRUE, -10}, {"1,200", TRUE, 1200}, {"６", TRUE, 6},      {"6.0", TRUE, 6},
        {"+3", TRUE, 3},         {"6.5", FALSE, 0},  {"", FALSE, 0},        {"six", FALSE, 0},    {"80995", TRUE, 80995},
        {"999999999999999999999", FALSE, 0},         {"1 2", FALSE, 0},     {"−4", TRUE, -4},     {",5", FALSE, 0},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        int64_t number = 0;
        g_assert_cmpint(value_integer(CASES[i].text, &number), ==, CASES[i].ok);
        if (CASES[i].ok)
            g_assert_cmpint(number, ==, CASES[i].number);
    }
}

static void test_money(void)
{
    static const struct {
        const char *text;
        int exponent;
        gboolean ok;
        int64_t minor;
        gboolean rounded;
    } CASES[] = {
        {"1500", 2, TRUE, 150000, FALSE},      {"NT$1,500", 2, TRUE, 150000, FALSE}, {"$ 2.5", 2, TRUE, 250, FALSE},
        {"0.001", 2, TRUE, 0, TRUE},           {"2.555", 2, TRUE, 256, TRUE},        {"-11062.06", 2, TRUE, -1106206, FALSE},
        {"１，５００", 2, TRUE, 150000, FALSE}, {"99", 0, TRUE, 99, FALSE},           {"99.6", 0, TRUE, 100, TRUE},
        {"1500元", 2, TRUE, 150000, FALSE},    {".5", 2, TRUE, 50, FALSE},           {"", 2, FALSE, 0, FALSE},
        {"free", 2, FALSE, 0, FALSE},          {"1.2.3", 2, FALSE, 0, FALSE},        {"£-3.20", 2, TRUE, -320, FALSE},
        {"999999999999999999", 2, FALSE, 0, FALSE},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        int64_t minor = 0;
        gboolean rounded = FALSE;
        g_assert_cmpint(value_money(CASES[i].text, CASES[i].exponent, &minor, &rounded), ==, CASES[i].ok);
        if (CASES[i].ok) {
            g_assert_cmpint(minor, ==, CASES[i].minor);
            g_assert_cmpint(rounded, ==, CASES[i].rounded);
        }
    }
}

/* The same instant as written by shops and rewritten by spreadsheets. */
static void test_instants(void)
{
    static const struct {
        const char *text;
        enum date_order order;
    } SAME[] = {
        {"2020-02-21 21:30:00", DATE_YMD},       {"2020/2/21 21:30", DATE_YMD},          {"2020/2/21 下午 09:30:00", DATE_YMD},
        {"2020/02/21 09:30 PM", DATE_YMD},       {"2020-02-21T21:30:00+08:00", DATE_YMD}, {"2020-02-21 08:30:00 -0500", DATE_YMD},
        {"2020-02-21T13:30:00Z", DATE_YMD},      {"21/2/2020 21:30", DATE_DMY},          {"2/21/2020 9:30 PM", DATE_MDY},
        {"2020-02-21 13:30:00.123 UTC", DATE_MDY}, {"43882.8958333333", DATE_YMD},       {"２０２０/2/21　21:30", DATE_YMD},
        {"2/21/20 9:30 pm", DATE_MDY},
    };
    static const char *const BAD[] = {"", "yesterday", "2020-02-30 10:00", "2020-02-21 25:00", "2020", "2020-02-21x",
                                      "2020-02-21 10:00 +99:00", "1,5", "12", "2020-02-21 10"};
    GTimeZone *zone = g_time_zone_new_identifier("Asia/Taipei");
    int64_t expected, at;
    g_assert_true(value_instant("2020-02-21 21:30:00", DATE_YMD, zone, &expected));
    g_assert_cmpint(expected, ==, INT64_C(1582291800000));
    for (size_t i = 0; i < G_N_ELEMENTS(SAME); i++) {
        g_assert_true(value_instant(SAME[i].text, SAME[i].order, zone, &at));
        g_assert_cmpint(at, ==, expected);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(BAD); i++)
        g_assert_false(value_instant(BAD[i], DATE_YMD, zone, &at));
    g_assert_true(value_instant("2020/2/21", DATE_YMD, zone, &expected));
    g_assert_true(value_instant("2020-02-21 00:00:00", DATE_YMD, zone, &at));
    g_assert_cmpint(at, ==, expected);
    g_time_zone_unref(zone);
}

static void test_spreadsheet_habits(void)
{
    g_assert_true(value_is_damaged("9.12E+08"));
    g_assert_true(value_is_damaged("2e+14"));
    g_assert_false(value_is_damaged("1E10"));
    g_assert_false(value_is_damaged("0912345678"));
    g_assert_false(value_is_damaged("E+5"));
    g_assert_false(value_is_damaged("1E+"));
    char *text = value_unquote("'01234");
    g_assert_cmpstr(text, ==, "01234");
    g_free(text);
    text = value_unquote("=\"0912\"");
    g_assert_cmpstr(text, ==, "0912");
    g_free(text);
    text = value_phone_tw("912345678");
    g_assert_cmpstr(text, ==, "0912345678");
    g_free(text);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/intake/value/integers", test_integers);
    g_test_add_func("/intake/value/money", test_money);
    g_test_add_func("/intake/value/instants", test_instants);
    g_test_add_func("/intake/value/spreadsheet_habits", test_spreadsheet_habits);
    return g_test_run();
}

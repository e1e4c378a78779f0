/* SPDX-License-Identifier: MIT
 *
 * How long until a cut-off: one short form, whatever the distance, that fits the column of the lists.
 */
#include <glib.h>
#include <stdlib.h>

#include "core/base/translate.h"
#include "tui/screens/work.h"
#include "tui/terminal/text.h"
#include "tui/terminal/theme.h"

enum { COLUMN = 10 }; /* "cut-off" of queue and batches */

static const int64_t NOW_MS = 1763791200000, MINUTE_MS = 60000;

static char text[24];

static const char *until(int64_t minutes)
{
    work_until(NOW_MS + minutes * MINUTE_MS, NOW_MS, text);
    return text;
}

static void words(void)
{
    translate_init("en", NULL);
    g_assert_cmpstr(until(0), ==, "0 min");
    g_assert_cmpstr(until(12), ==, "12 min");
    g_assert_cmpstr(until(-59), ==, "-59 min");
    g_assert_cmpstr(until(185), ==, "3 h 05");
    g_assert_cmpstr(until(24 * 60 - 1), ==, "23 h 59");
    g_assert_cmpstr(until(24 * 60), ==, "1 d");
    g_assert_cmpstr(until(-(44 * 60 + 39)), ==, "-1 d");
    g_assert_cmpstr(until(-(48 * 60)), ==, "-2 d");
    g_assert_cmpint(work_until(0, NOW_MS, text), ==, INK_NORMAL); /* no cut-off */
    g_assert_cmpstr(text, ==, "");
}

static void words_zh(void)
{
    translate_init("zh_TW", NULL);
    g_assert_cmpstr(until(-12), ==, "-12分");
    g_assert_cmpstr(until(-(23 * 60 + 39)), ==, "-23時39分");
    g_assert_cmpstr(until(-(44 * 60 + 39)), ==, "-1天");
}

static void inks(void)
{
    g_assert_cmpint(work_until(NOW_MS - MINUTE_MS, NOW_MS, text), ==, INK_BAD);
    g_assert_cmpint(work_until(NOW_MS + MINUTE_MS, NOW_MS, text), ==, INK_WARN);
    g_assert_cmpint(work_until(NOW_MS + 24 * 60 * MINUTE_MS, NOW_MS, text), ==, INK_NORMAL);
}

static void fits(gconstpointer language)
{
    translate_init(language, NULL);
    for (int64_t minutes = 0; minutes < 1000 * 24 * 60; minutes = minutes < 3000 ? minutes + 1 : minutes * 2) {
        g_assert_cmpint(text_width(until(minutes)), <=, COLUMN);
        g_assert_cmpint(text_width(until(-minutes)), <=, COLUMN);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/until/words", words);
    g_test_add_func("/until/words/zh_TW", words_zh);
    g_test_add_func("/until/inks", inks);
    g_test_add_data_func("/until/fits/en", "en", fits);
    g_test_add_data_func("/until/fits/zh_TW", "zh_TW", fits);
    return g_test_run();
}

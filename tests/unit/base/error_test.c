/* SPDX-License-Identifier: MIT
 *
 * What an error echoes: clean, cut, and in the words of the reader; its arguments as well, from which the text is made again.
 */
#include <glib.h>
#include <string.h>

#include "core/base/clean.h"
#include "core/base/error.h"

static GError *echoed(const char *what)
{
    GError *error = NULL;
    err_set(&error, ERR_SCAN_UNKNOWN, what);
    return error;
}

static void hostile(void)
{
    static const char *const WHAT[] = {"\x1b[2J\x1b]0;title\x07", "a\r\nPL-0000 all is well", "\xff\xfe", "\u202egnp.exe", "\x02\x1b[31m",
                                       "one\x1ftwo", "{1}{2}"};
    for (size_t i = 0; i < G_N_ELEMENTS(WHAT); i++) {
        GError *error = echoed(WHAT[i]);
        g_autofree char *joined = err_joined(error), *again = err_text_joined(ERR_SCAN_UNKNOWN, joined);
        g_assert_true(clean_is(error->message));
        g_assert_cmpstr(again, ==, error->message);
        g_assert_null(strchr(error->message, '\n'));
        g_error_free(error);
    }
}

/* Megabytes are told in a line, and no character in half. */
static void long_text(void)
{
    g_autofree char *mugs = g_strnfill(3000000, 'x');
    GError *error = echoed(mugs);
    g_assert_cmpuint(strlen(error->message), <, 500);
    g_assert_true(g_str_has_suffix(error->message, "x…"));
    g_error_free(error);
    for (int shift = 0; shift < 3; shift++) {
        GString *cups = g_string_new(NULL);
        for (int i = 0; i < shift; i++)
            g_string_append_c(cups, 'x');
        for (int i = 0; i < 1000; i++)
            g_string_append(cups, "杯");
        error = echoed(cups->str);
        g_assert_true(g_str_has_suffix(error->message, "杯…"));
        g_error_free(error);
        g_string_free(cups, TRUE);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/error/hostile", hostile);
    g_test_add_func("/error/long", long_text);
    return g_test_run();
}

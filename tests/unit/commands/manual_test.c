/* SPDX-License-Identifier: MIT
 *
 * The manual page is whole: every mark is filled in, every command, setting and error stands in it.
 */
#include <glib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/settings.h"
#include "tui/commands/commands.h"
#include "tui/commands/manual.h"

static void has(const char *page, const char *term)
{
    char *row = g_strdup_printf(".TP\n\\fB%s\\fR\n", term);
    if (!strstr(page, row))
        g_error("%s is not in the manual", term);
    g_free(row);
}

static void whole(void)
{
    GError *error = NULL;
    char *page = manual_page(&error);
    g_assert_no_error(error);
    g_assert_null(strchr(page, '@'));
    for (size_t i = 0; command_at(i); i++)
        has(page, command_at(i)->name);
    for (guint i = 0; setting_at(i); i++)
        has(page, setting_at(i)->name);
    for (size_t i = 0; i < err_count(); i++) {
        char number[8];
        char **parts = g_strsplit(err_number(err_at(i), number), "-", 2);
        char *term = g_strjoinv("\\-", parts);
        has(page, term);
        g_strfreev(parts);
        g_free(term);
    }
    g_free(page);
}

static void sorted(void)
{
    for (size_t i = 0; command_at(i) && command_at(i + 1); i++)
        g_assert_cmpstr(command_at(i)->name, <, command_at(i + 1)->name);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/manual/whole", whole);
    g_test_add_func("/manual/sorted", sorted);
    return g_test_run();
}

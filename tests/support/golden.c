/* SPDX-License-Identifier: MIT */
#include "tests/support/golden.h"
#include "tests/support/dump.h"

static void say_difference(const char *file, const char *is, const char *was)
{
    char **new_lines = g_strsplit(is, "\n", -1), **old_lines = g_strsplit(was, "\n", -1);
    guint news = g_strv_length(new_lines), olds = g_strv_length(old_lines);
    for (guint i = 0; i < MAX(news, olds); i++) {
        const char *new_line = i < news ? new_lines[i] : "", *old_line = i < olds ? old_lines[i] : "";
        if (g_strcmp0(new_line, old_line) != 0)
            g_test_message("%s:%u\n- %s\n+ %s", file, i + 1, old_line, new_line);
    }
    g_strfreev(new_lines);
    g_strfreev(old_lines);
}

/* The tests run at the top of the source tree. */
void golden_check_text(const char *dump, const char *path)
{
    char *file = g_strdup_printf("tests/%s.txt", path);
    char *expected = NULL;
    if (g_getenv("UPDATE_GOLDENS")) {
        char *dir = g_path_get_dirname(file);
        g_mkdir_with_parents(dir, 0755);
        g_assert_true(g_file_set_contents(file, dump, -1, NULL));
        g_free(dir);
    }
    if (!g_file_get_contents(file, &expected, NULL, NULL))
        g_error("there is no golden %s: run with UPDATE_GOLDENS=1 and read it", file);
    if (g_strcmp0(dump, expected) != 0) {
        say_difference(file, dump, expected);
        g_test_fail();
    }
    g_free(expected);
    g_free(file);
}

void golden_check(const struct canvas *canvas, const char *path)
{
    char *dump = canvas_dump(canvas);
    golden_check_text(dump, path);
    g_free(dump);
}

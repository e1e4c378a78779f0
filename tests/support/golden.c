/* SPDX-License-Identifier: MIT */
#include "tests/support/golden.h"

/* The tests run at the top of the source tree. */
void golden_check(const struct canvas *canvas, const char *path)
{
    char *file = g_strdup_printf("tests/%s.txt", path);
    char *dump = canvas_dump(canvas), *expected = NULL;
    if (g_getenv("UPDATE_GOLDENS")) {
        char *dir = g_path_get_dirname(file);
        g_mkdir_with_parents(dir, 0755);
        g_assert_true(g_file_set_contents(file, dump, -1, NULL));
        g_free(dir);
    }
    if (!g_file_get_contents(file, &expected, NULL, NULL))
        g_error("there is no golden %s: run with UPDATE_GOLDENS=1 and read it", file);
    g_assert_cmpstr(dump, ==, expected);
    g_free(expected);
    g_free(dump);
    g_free(file);
}

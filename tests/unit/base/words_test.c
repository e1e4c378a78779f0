/* SPDX-License-Identifier: MIT
 *
 * Tables of words: rows of any shape that begin with their name, gaps and unknown names.
 */
#include "core/base/words.h"

static void finds_rows_of_any_shape(void)
{
    static const char *const NAMES[] = {"a", [2] = "c"};
    static const struct {
        const char *name;
        int value;
    } ROWS[] = {{"one", 1}, {"two", 2}};
    g_assert_cmpint(WORDS_FIND(NAMES, "c"), ==, 2);
    g_assert_cmpint(WORDS_FIND(ROWS, "two"), ==, 1);
}

static void knows_what_is_not_there(void)
{
    static const char *const NAMES[] = {"a", [2] = "c"};
    g_assert_cmpint(WORDS_FIND(NAMES, "b"), ==, -1);
    g_assert_cmpint(WORDS_FIND(NAMES, ""), ==, -1);
    g_assert_cmpint(WORDS_FIND(NAMES, NULL), ==, -1);
    g_assert_cmpint(WORDS_PARSE(NAMES, "c", 7), ==, 2);
    g_assert_cmpint(WORDS_PARSE(NAMES, "b", 7), ==, 7);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/words/finds_rows_of_any_shape", finds_rows_of_any_shape);
    g_test_add_func("/words/knows_what_is_not_there", knows_what_is_not_there);
    return g_test_run();
}

/* SPDX-License-Identifier: MIT */
#include "tests/support/naughty.h"

char **naughty_lines(void)
{
    const char *shared = g_getenv("PACKLINE_SHARED");
    char *path = g_build_filename(shared ? shared : "../shared", "data", "naughty_strings", "blns.txt", NULL), *text = NULL;
    char **lines = g_file_get_contents(path, &text, NULL, NULL) ? g_strsplit(text, "\n", -1) : NULL;
    if (!lines)
        g_test_skip("../shared/data/naughty_strings is absent");
    g_free(text);
    g_free(path);
    return lines;
}

void naughty_each(void (*check)(const char *text))
{
    char **lines = naughty_lines();
    for (char **line = lines; line && *line; line++)
        if (**line && **line != '#' && g_utf8_validate(*line, -1, NULL))
            check(*line);
    g_strfreev(lines);
}

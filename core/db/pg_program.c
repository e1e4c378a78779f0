/* SPDX-License-Identifier: MIT */
#include "core/db/pg_program.h"

static const char VERSIONS[] = "/usr/lib/postgresql";

static char *newest(const char *name)
{
    g_autoptr(GDir) dir = g_dir_open(VERSIONS, 0, NULL);
    gint64 best = -1;
    char *found = NULL;
    for (const char *version; dir && (version = g_dir_read_name(dir));) {
        g_autofree char *path = g_build_filename(VERSIONS, version, "bin", name, NULL);
        gint64 number = g_ascii_strtoll(version, NULL, 10);
        if (number <= best || !g_file_test(path, G_FILE_TEST_IS_EXECUTABLE))
            continue;
        best = number;
        g_free(found);
        found = g_steal_pointer(&path);
    }
    return found;
}

char *pg_program(const char *name)
{
    char *path = g_find_program_in_path(name);
    return path ? path : newest(name);
}

/* SPDX-License-Identifier: MIT */
#include "core/base/paths.h"

#include <glib.h>
#include <string.h>

static char *program_dir(void)
{
    char *self = g_file_read_link("/proc/self/exe", NULL);
    char *dir = self ? g_path_get_dirname(self) : g_strdup(".");
    g_free(self);
    return dir;
}

/* A build leaves the programs below build/VARIANT, so the tree's own assets are found by walking up from there.
 * The catalogues are built: they lie beside the program. */
static char *tree_asset(const char *relative)
{
    char *dir = program_dir();
    char *found = g_build_filename(dir, "assets", relative, NULL);
    while (!g_file_test(found, G_FILE_TEST_EXISTS)) {
        char *up = g_path_get_dirname(dir);
        int at_top = strcmp(up, dir) == 0;
        g_free(dir);
        dir = up;
        g_free(found);
        if (at_top) {
            found = NULL;
            break;
        }
        found = g_build_filename(dir, "assets", relative, NULL);
    }
    g_free(dir);
    return found;
}

char *paths_asset(const char *relative)
{
    const char *override = g_getenv("PACKLINE_ASSETS");
    if (override)
        return g_build_filename(override, relative, NULL);
    char *found = tree_asset(relative);
    if (found)
        return found;
    char *dir = program_dir();
    found = g_build_filename(dir, "..", "share", "packline", relative, NULL);
    g_free(dir);
    return found;
}

char *paths_program(const char *name)
{
    char *dir = program_dir();
    char *path = g_build_filename(dir, name, NULL);
    g_free(dir);
    return path;
}

char *paths_data(const char *name)
{
    return g_build_filename(g_get_user_data_dir(), "packline", name, NULL);
}

char *paths_state(const char *name)
{
    return g_build_filename(g_get_user_state_dir(), "packline", name, NULL);
}

char *paths_config(const char *name)
{
    return g_build_filename(g_get_user_config_dir(), "packline", name, NULL);
}

/* SPDX-License-Identifier: MIT */
#include "core/base/paths.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.h"

static char *program_dir(void)
{
    g_autofree char *self = g_file_read_link("/proc/self/exe", NULL);
    return self ? g_path_get_dirname(self) : g_strdup(".");
}

/* A build leaves the programs below build/VARIANT, so the tree's own assets are found by walking up from there.
 * The catalogues are built: they lie beside the program. */
static char *tree_asset(const char *relative)
{
    g_autofree char *dir = program_dir();
    for (;;) {
        g_autofree char *found = g_build_filename(dir, "assets", relative, NULL);
        if (g_file_test(found, G_FILE_TEST_EXISTS))
            return g_steal_pointer(&found);
        char *up = g_path_get_dirname(dir);
        gboolean at_top = strcmp(up, dir) == 0;
        g_free(dir);
        dir = up;
        if (at_top)
            return NULL;
    }
}

char *paths_asset(const char *relative)
{
    const char *override = g_getenv("PACKLINE_ASSETS");
    if (override)
        return g_build_filename(override, relative, NULL);
    char *found = tree_asset(relative);
    if (found)
        return found;
    g_autofree char *dir = program_dir();
    return g_build_filename(dir, "..", "share", "packline", relative, NULL);
}

char *paths_program(const char *name)
{
    g_autofree char *dir = program_dir();
    return g_build_filename(dir, name, NULL);
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

gboolean paths_guarded(const char *path, GError **error)
{
    struct stat info;
    g_autofree char *dir = g_path_get_dirname(path);
    if (stat(path, &info) == 0 && (info.st_mode & S_IWOTH))
        return err_set(error, ERR_OPEN_TO_ALL, path);
    if (stat(dir, &info) == 0 && (info.st_mode & S_IWOTH) && !(info.st_mode & S_ISVTX))
        return err_set(error, ERR_OPEN_TO_ALL, dir);
    return TRUE;
}

gboolean paths_sync(const char *path)
{
    int fd = open(path, O_RDWR | O_CLOEXEC); /* a file on a network share is not sent off for those who only read */
    if (fd < 0 && errno == EISDIR)
        fd = open(path, O_RDONLY | O_CLOEXEC);
    gboolean synced = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return synced;
}

/* SPDX-License-Identifier: MIT */
#include "core/base/new_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int new_dir_open(int at, const char *name, gboolean make)
{
    const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
    int dir = openat(at, name, flags);
    if (dir < 0 && errno == ENOENT && make && (mkdirat(at, name, 0700) == 0 || errno == EEXIST))
        dir = openat(at, name, flags);
    return dir;
}

static gboolean write_all(int fd, const char *bytes, gsize length)
{
    for (gsize done = 0; done < length;) {
        ssize_t n = write(fd, bytes + done, length - done);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return FALSE;
        done += (gsize)n;
    }
    return TRUE;
}

/* What died half-way before goes first. */
static gboolean write_beside(int dir, const char *part, const char *bytes, gsize length)
{
    unlinkat(dir, part, 0);
    int fd = openat(dir, part, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    gboolean good = fd >= 0 && write_all(fd, bytes, length) && fsync(fd) == 0;
    int cause = errno;
    if (fd >= 0 && close(fd) != 0 && good) {
        good = FALSE;
        cause = errno;
    }
    errno = cause;
    return good;
}

gboolean new_file_put(int dir, const char *name, const void *bytes, gsize length, gboolean *placed)
{
    g_autofree char *part = g_strconcat(name, ".part", NULL);
    gboolean good = write_beside(dir, part, bytes, length) && renameat(dir, part, dir, name) == 0;
    if (placed)
        *placed = good;
    if (good)
        return fsync(dir) == 0;
    int cause = errno;
    unlinkat(dir, part, 0);
    errno = cause;
    return FALSE;
}

gboolean new_file_put_at(const char *path, const void *bytes, gsize length)
{
    g_autofree char *above = g_path_get_dirname(path), *name = g_path_get_basename(path);
    int dir = open(above, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    gboolean good = dir >= 0 && new_file_put(dir, name, bytes, length, NULL);
    int cause = errno;
    if (dir >= 0)
        close(dir);
    errno = cause;
    return good;
}

FILE *new_file_open(const char *path, gboolean over)
{
    struct stat file;
    const int flags = O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    int fd = open(path, flags | (over ? 0 : O_EXCL), 0600);
    gboolean good = fd >= 0 && fstat(fd, &file) == 0;
    if (good && !S_ISREG(file.st_mode)) {
        good = FALSE;
        errno = EINVAL;
    }
    FILE *stream = good && ftruncate(fd, 0) == 0 ? fdopen(fd, "w") : NULL;
    int cause = errno;
    if (!stream && fd >= 0)
        close(fd);
    errno = cause;
    return stream;
}

static void empty(int dir)
{
    DIR *list = fdopendir(dir);
    for (struct dirent *entry; list && (entry = readdir(list));)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            new_file_remove(dirfd(list), entry->d_name);
    if (list)
        closedir(list);
    else
        close(dir);
}

void new_file_remove(int dir, const char *name)
{
    int below = new_dir_open(dir, name, FALSE);
    if (below >= 0)
        empty(below);
    unlinkat(dir, name, below >= 0 ? AT_REMOVEDIR : 0);
}

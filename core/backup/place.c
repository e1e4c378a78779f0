/* SPDX-License-Identifier: MIT */
#include "core/backup/place.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/translate.h"

#define STAMP "%Y%m%dT%H%M%SZ"
enum { STAMP_LENGTH = 16, CODE_SHOWN = 24, SECONDS_MORE = 60 };

struct backup_place {
    char *dir, *prefix, *part, *part_name;
    const char *suffix;
    int fd; /* of the directory: what is done is done in it, wherever it is moved; and locked against another backup */
};

static gboolean refuse(const char *dir, const char *why, GError **error)
{
    return err_set(error, ERR_BACKUP_DIR, dir, why);
}

/* Whoever may write a directory decides what lies at a name in it. */
static gboolean is_ours(int fd, const char *dir, GError **error)
{
    struct stat info;
    if (fstat(fd, &info) != 0)
        return refuse(dir, g_strerror(errno), error);
    if (info.st_uid != geteuid())
        return refuse(dir, _("it is somebody else's"), error);
    return !(info.st_mode & 022) || refuse(dir, _("others may write it"), error);
}

static int open_dir(const char *dir, GError **error)
{
    g_autofree char *above = g_path_get_dirname(dir);
    g_mkdir_with_parents(above, 0700);
    gboolean made = mkdir(dir, 0700) == 0 || errno == EEXIST;
    int fd = made ? open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) : -1;
    if (fd >= 0 && is_ours(fd, dir, error))
        return fd;
    if (fd < 0)
        refuse(dir, g_strerror(errno), error);
    else
        close(fd);
    return -1;
}

/* A directory that can't be locked, on some networks, is not shared by two timers of one machine. */
static gboolean lock(const struct backup_place *place, GError **error)
{
    if (flock(place->fd, LOCK_EX | LOCK_NB) == 0)
        unlinkat(place->fd, place->part_name, 0);
    else if (errno == EWOULDBLOCK)
        return err_set(error, ERR_BACKUP_RUNS, place->dir);
    return TRUE;
}

static char *prefix_of(const char *warehouse_code, int64_t warehouse_id)
{
    g_autofree char *code = g_strndup(warehouse_code, CODE_SHOWN);
    for (char *p = code; *p; p++)
        if (!g_ascii_isalnum(*p))
            *p = '_';
    return g_strdup_printf("packline-%s-%" PRIx64 "-", code, (uint64_t)warehouse_id);
}

char *backup_place_pattern(int64_t warehouse_id)
{
    return g_strdup_printf("packline-*-%" PRIx64 "-*Z.*", (uint64_t)warehouse_id);
}

struct backup_place *backup_place_open(const char *dir, const char *warehouse_code, int64_t warehouse_id, const char *suffix,
                                       GError **error)
{
    g_autoptr(backup_place) place = g_new0(struct backup_place, 1);
    place->dir = g_canonicalize_filename(dir, NULL);
    place->suffix = suffix;
    place->prefix = prefix_of(warehouse_code, warehouse_id);
    place->part_name = g_strconcat(".", place->prefix, "part", NULL);
    place->part = g_build_filename(place->dir, place->part_name, NULL);
    place->fd = open_dir(place->dir, error);
    return place->fd >= 0 && lock(place, error) ? g_steal_pointer(&place) : NULL;
}

void backup_place_free(struct backup_place *place)
{
    if (!place)
        return;
    if (place->fd >= 0)
        close(place->fd);
    g_free(place->dir);
    g_free(place->prefix);
    g_free(place->part);
    g_free(place->part_name);
    g_free(place);
}

const char *backup_place_part(const struct backup_place *place)
{
    return place->part;
}

void backup_place_drop(const struct backup_place *place)
{
    unlinkat(place->fd, place->part_name, 0);
}

/* --- its name -------------------------------------------------------------------------------------------- */

static gboolean sync_part(const struct backup_place *place)
{
    int fd = openat(place->fd, place->part_name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    gboolean synced = fd >= 0 && fchmod(fd, 0600) == 0 && fsync(fd) == 0;
    int number = errno;
    if (fd >= 0)
        close(fd);
    errno = number;
    return synced;
}

/* Never over what is there; a file system that can't promise that is looked at first. */
static gboolean rename_part(const struct backup_place *place, const char *name)
{
    struct stat there;
    if (renameat2(place->fd, place->part_name, place->fd, name, RENAME_NOREPLACE) == 0)
        return TRUE;
    if (errno != EINVAL && errno != ENOSYS)
        return FALSE;
    if (fstatat(place->fd, name, &there, AT_SYMLINK_NOFOLLOW) == 0) {
        errno = EEXIST;
        return FALSE;
    }
    return renameat(place->fd, place->part_name, place->fd, name) == 0;
}

static char *name_of(const struct backup_place *place, int64_t second)
{
    g_autoptr(GDateTime) at = g_date_time_new_from_unix_utc(second);
    g_autofree char *stamp = g_date_time_format(at, STAMP);
    return g_strconcat(place->prefix, stamp, place->suffix, NULL);
}

/* Two of one second: the later one says the next. */
char *backup_place_keep(const struct backup_place *place, int64_t at_utc_ms, GError **error)
{
    int64_t second = at_utc_ms / 1000;
    g_autofree char *name = name_of(place, second);
    gboolean kept = sync_part(place);
    for (int more = 1; kept && !(kept = rename_part(place, name)) && errno == EEXIST && more <= SECONDS_MORE; more++) {
        g_free(name);
        name = name_of(place, second + more);
        kept = TRUE;
    }
    g_autofree char *path = g_build_filename(place->dir, name, NULL);
    if (kept && fsync(place->fd) == 0)
        return g_steal_pointer(&path);
    err_set(error, ERR_FILE_WRITE, path, g_strerror(errno));
    return NULL;
}

/* --- the older ones -------------------------------------------------------------------------------------- */

static gboolean is_of_floor(const struct backup_place *place, const char *name)
{
    struct stat info;
    size_t prefix = strlen(place->prefix);
    return g_str_has_prefix(name, place->prefix) && strlen(name) > prefix + STAMP_LENGTH &&
           strcmp(name + prefix + STAMP_LENGTH, place->suffix) == 0 &&
           strspn(name + prefix, "0123456789TZ") == STAMP_LENGTH &&
           fstatat(place->fd, name, &info, AT_SYMLINK_NOFOLLOW) == 0 && S_ISREG(info.st_mode);
}

static gint by_name(gconstpointer one, gconstpointer other)
{
    return strcmp(*(const char *const *)one, *(const char *const *)other);
}

/* Oldest first: that is how their names sort. */
static GPtrArray *list(const struct backup_place *place)
{
    GPtrArray *names = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GDir) dir = g_dir_open(place->dir, 0, NULL);
    for (const char *name; dir && (name = g_dir_read_name(dir));)
        if (is_of_floor(place, name))
            g_ptr_array_add(names, g_strdup(name));
    g_ptr_array_sort(names, by_name);
    return names;
}

guint backup_place_thin(const struct backup_place *place, guint keep, const char *but)
{
    g_autoptr(GPtrArray) names = list(place);
    g_autofree char *kept = g_path_get_basename(but);
    guint gone = 0;
    for (guint i = 0; i + keep < names->len; i++)
        gone += strcmp(names->pdata[i], kept) != 0 && unlinkat(place->fd, names->pdata[i], 0) == 0;
    return gone;
}

/* SPDX-License-Identifier: MIT */
#include "core/db/file_watch.h"

#include <fcntl.h>
#include <stdint.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/db/lock.h"

enum { DATABASE, LOG, INDEX, FILES };

static const char *const SUFFIXES[FILES] = {"", "-wal", "-shm"};

/* What is asked of each. The log is not asked when it was changed: a file whose time was looked at gets a new one by the
 * next write, and a disk that has to keep it made every commit a fifth slower. */
static const unsigned ASKED[FILES] = {
    [DATABASE] = STATX_INO | STATX_SIZE | STATX_MTIME, [LOG] = STATX_INO | STATX_SIZE, [INDEX] = STATX_INO};

/* In the -lock file, behind the fair lock's ticket. */
enum {
    OPEN = 8,    /* this byte is locked by all who have the database open; whoever has it alone is the only one */
    WRITING = 9, /* this one by who writes the database itself */
    STAMP_AT = 8,
    OPEN_WAIT_MS = 5000
};

#define LOG_KEPT (INT64_C(64) << 20) /* to which SQLite may shorten its log: PRAGMA journal_size_limit */

/* How packline left the database. */
struct stamp {
    int64_t inode; /* 0: nothing was noted yet */
    int64_t changed_ns, size;
    int64_t is_written; /* somebody is at it, or died at it */
};

struct file_watch {
    char *paths[FILES];
    struct statx opened[FILES];
    struct stamp known; /* the database as last looked at */
    int64_t log_size;
    int locks; /* the -lock file, opened for this alone: closing it drops what is locked */
};

static gboolean replaced(const char *path, GError **error)
{
    return err_set(error, ERR_DB_REPLACED, path);
}

static gboolean ask(const struct file_watch *watch, size_t file, struct statx *now)
{
    return statx(AT_FDCWD, watch->paths[file], 0, ASKED[file], now) == 0;
}

static struct stamp stamp_of(const struct statx *file)
{
    return (struct stamp){.inode = (int64_t)file->stx_ino,
                          .changed_ns = file->stx_mtime.tv_sec * 1000000000 + file->stx_mtime.tv_nsec,
                          .size = (int64_t)file->stx_size};
}

static gboolean same(const struct stamp *one, const struct stamp *other)
{
    return one->inode == other->inode && one->changed_ns == other->changed_ns && one->size == other->size;
}

/* What can't be noted, on a full disk, is taken as it is found. */
static void note(struct file_watch *watch, struct stamp stamp)
{
    if (pwrite(watch->locks, &stamp, sizeof stamp, STAMP_AT) != sizeof stamp)
        g_debug("the state of the database could not be noted");
}

/* Inside of WRITING, where nobody else writes it. */
static gboolean compare(struct file_watch *watch, GError **error)
{
    struct stamp noted = {0}, now;
    struct statx file;
    if (!ask(watch, DATABASE, &file))
        return replaced(watch->paths[DATABASE], error);
    now = stamp_of(&file);
    gboolean unknown = pread(watch->locks, &noted, sizeof noted, STAMP_AT) != sizeof noted || noted.inode != now.inode;
    if (!unknown && !noted.is_written && !same(&noted, &now))
        return replaced(watch->paths[DATABASE], error);
    if (unknown || noted.is_written)
        note(watch, now);
    watch->known = now;
    return TRUE;
}

/* Its time of change is another: who has written it? While somebody is at it that is not to be told; the next look
 * will. */
static gboolean explain(struct file_watch *watch, GError **error)
{
    if (!byte_lock_try(watch->locks, F_WRLCK, WRITING))
        return TRUE;
    gboolean good = compare(watch, error);
    byte_lock_drop(watch->locks, WRITING);
    return good;
}

/* The file that was opened lies there still. */
static gboolean is_there(const struct file_watch *watch, size_t file, struct statx *now, GError **error)
{
    const struct statx *opened = &watch->opened[file];
    return opened->stx_ino == 0 ||
           (ask(watch, file, now) && now->stx_ino == opened->stx_ino &&
            now->stx_dev_major == opened->stx_dev_major && now->stx_dev_minor == opened->stx_dev_minor) ||
           replaced(watch->paths[file], error);
}

static gboolean log_is_whole(struct file_watch *watch, GError **error)
{
    struct statx now = {0};
    if (!is_there(watch, LOG, &now, error))
        return FALSE;
    int64_t size = (int64_t)now.stx_size;
    if (size < watch->log_size && size < LOG_KEPT)
        return replaced(watch->paths[LOG], error);
    watch->log_size = size;
    return TRUE;
}

gboolean file_watch_before(struct file_watch *watch, GError **error)
{
    struct statx now;
    return log_is_whole(watch, error) && is_there(watch, INDEX, &now, error);
}

gboolean file_watch_after(struct file_watch *watch, GError **error)
{
    struct statx now;
    if (!is_there(watch, DATABASE, &now, error) || !log_is_whole(watch, error))
        return FALSE;
    struct stamp stamp = stamp_of(&now);
    return same(&stamp, &watch->known) || explain(watch, error);
}

gboolean file_watch_begin_writing(struct file_watch *watch, unsigned wait_ms, GError **error)
{
    if (!byte_lock_wait(watch->locks, F_WRLCK, WRITING, g_get_monotonic_time() + (int64_t)wait_ms * 1000))
        return err_set(error, ERR_DB_BUSY);
    if (!compare(watch, error)) {
        byte_lock_drop(watch->locks, WRITING);
        return FALSE;
    }
    struct stamp begun = watch->known;
    begun.is_written = 1;
    note(watch, begun);
    return TRUE;
}

void file_watch_end_writing(struct file_watch *watch)
{
    struct statx file;
    if (ask(watch, DATABASE, &file)) {
        watch->known = stamp_of(&file);
        note(watch, watch->known);
    }
    byte_lock_drop(watch->locks, WRITING);
}

/* --- open and close ------------------------------------------------------------------------------------- */

static gboolean see_files(struct file_watch *watch, const char *path, GError **error)
{
    for (size_t i = 0; i < FILES; i++) {
        watch->paths[i] = g_strconcat(path, SUFFIXES[i], NULL);
        if (!ask(watch, i, &watch->opened[i]) && i == DATABASE) /* what only looks may find no log */
            return replaced(watch->paths[i], error);
    }
    watch->log_size = (int64_t)watch->opened[LOG].stx_size;
    watch->known = stamp_of(&watch->opened[DATABASE]);
    return TRUE;
}

static gboolean join(struct file_watch *watch, GError **error)
{
    gboolean alone = byte_lock_try(watch->locks, F_WRLCK, OPEN);
    if (alone)
        note(watch, watch->known);
    if (byte_lock_wait(watch->locks, F_RDLCK, OPEN, g_get_monotonic_time() + OPEN_WAIT_MS * 1000))
        return alone || explain(watch, error);
    return err_set(error, ERR_DB_BUSY);
}

struct file_watch *file_watch_open(const char *path, GError **error)
{
    g_autoptr(file_watch) watch = g_new0(struct file_watch, 1);
    g_autofree char *locks = g_strconcat(path, "-lock", NULL);
    watch->locks = byte_lock_open(locks, 0600, error);
    gboolean good = watch->locks >= 0 && see_files(watch, path, error) && join(watch, error);
    return good ? g_steal_pointer(&watch) : NULL;
}

struct file_watch *file_watch_shut(const char *path, GError **error)
{
    g_autoptr(file_watch) watch = g_new0(struct file_watch, 1);
    g_autofree char *locks = g_strconcat(path, "-lock", NULL);
    watch->locks = byte_lock_open(locks, 0600, error);
    if (watch->locks < 0)
        return NULL;
    if (byte_lock_try(watch->locks, F_WRLCK, OPEN))
        return g_steal_pointer(&watch);
    err_set(error, ERR_DB_BUSY);
    return NULL;
}

void file_watch_free(struct file_watch *watch)
{
    if (!watch)
        return;
    if (watch->locks >= 0)
        close(watch->locks);
    for (size_t i = 0; i < FILES; i++)
        g_free(watch->paths[i]);
    g_free(watch);
}

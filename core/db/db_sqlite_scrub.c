/* SPDX-License-Identifier: MIT
 *
 * What SQLite's log still says of rows that were erased is overwritten with zeros, where it lies: shortening the log would tell
 * every other program that its end was lost (file_watch.h). It is safe while (1) all of the log is in the database and synced
 * there, (2) nobody reads by it, which a checkpoint that is allowed to begin the log anew has waited for, and (3) nobody begins it
 * anew meanwhile, which the write lock sees to. Its head stays: who finds zeros behind it, after a loss of power too, takes the log
 * for empty, as it is. A head that has changed says that somebody wrote in between.
 */
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/db/db_sqlite.h"

enum { LOG_HEAD = 32, PAGE = 65536, READERS_MS = 1000, USUAL_MS = 5000 };

static gboolean read_head(int fd, unsigned char head[static LOG_HEAD])
{
    return pread(fd, head, LOG_HEAD, 0) == LOG_HEAD;
}

static gboolean write_zeros(int fd)
{
    static const unsigned char zeros[PAGE];
    struct stat info;
    ssize_t n = fstat(fd, &info) == 0 ? 1 : -1;
    for (off_t at = LOG_HEAD; n > 0 && at < info.st_size; at += n)
        n = pwrite(fd, zeros, (size_t)MIN((off_t)PAGE, info.st_size - at), at);
    return n > 0 && fdatasync(fd) == 0;
}

/* All of the log in the database, and nobody at it. */
static gboolean bring_in(struct sqlite_db *db)
{
    int pages = 0, brought = 0;
    sqlite3_busy_timeout(db->handle, READERS_MS);
    int rc = sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_RESTART, &pages, &brought);
    sqlite3_busy_timeout(db->handle, USUAL_MS);
    return rc == SQLITE_OK && pages == brought;
}

static gboolean overwrite(struct sqlite_db *db, int fd, const unsigned char *before)
{
    unsigned char head[LOG_HEAD];
    if (sqlite3_exec(db->handle, "BEGIN IMMEDIATE", NULL, NULL, NULL) != SQLITE_OK)
        return FALSE;
    gboolean good = read_head(fd, head) && memcmp(head, before, LOG_HEAD) == 0 && write_zeros(fd);
    return sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL) == SQLITE_OK && good;
}

/* A log that has no head yet says nothing. */
static gboolean scrub(struct sqlite_db *db)
{
    unsigned char head[LOG_HEAD];
    g_autofree char *path = g_strconcat(db->path, "-wal", NULL);
    int fd = open(path, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    gboolean gone = fd >= 0 && (!read_head(fd, head) || (bring_in(db) && overwrite(db, fd, head)));
    if (fd >= 0)
        close(fd);
    return gone;
}

gboolean sqlite_scrub(struct db *base, const char *tables, gboolean *gone, GError **error)
{
    struct sqlite_db *db = sqlite_of(base);
    (void)tables;
    if (!db_lock_take(base->lock, DB_LOCK_MS, error))
        return FALSE;
    gboolean writing = file_watch_begin_writing(db->watch, USUAL_MS, error);
    if (writing) {
        *gone = scrub(db);
        file_watch_end_writing(db->watch);
    }
    db_lock_release(base->lock);
    return writing;
}

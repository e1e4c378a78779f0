/* SPDX-License-Identifier: MIT */
#include "core/db/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/paths.h"
#include "core/db/engine.h"

enum { COPY, SIZE };

static const struct sql SQL[] = {
    [COPY] = {"copy", "VACUUM INTO $1"},
    [SIZE] = {"copy_size", "SELECT (page_count - freelist_count) * page_size FROM pragma_page_count, pragma_freelist_count, "
                           "pragma_page_size"},
};

struct copying {
    const char *path;
    int64_t bytes;
    db_copied on_copied;
    void *data;
};

/* VACUUM INTO does not promise that its file is on the disk. No SQLite connection of this process has it
 * open, so it may be opened here. */
static gboolean sync_file(const char *path, GError **error)
{
    g_autofree char *dir = g_path_get_dirname(path);
    gboolean synced = paths_sync(path) && paths_sync(dir);
    if (!synced)
        err_set(error, ERR_FILE_WRITE, path, g_strerror(errno));
    return synced;
}

/* SQLite does not say how far it is; the file does. */
static void look_at_copy(void *data)
{
    const struct copying *copying = data;
    struct stat file;
    if (stat(copying->path, &file) == 0)
        copying->on_copied((uint64_t)MIN(file.st_size, copying->bytes), (uint64_t)copying->bytes, copying->data);
}

static gboolean write_copy(struct db *db, struct copying *copying, GError **error)
{
    if (db_get_ints(db, &SQL[SIZE], DB_NO_ARGS, &copying->bytes, 1, error) < 0)
        return FALSE;
    struct rows *rows = db_statement(db, &SQL[COPY], error); /* not db_exec(): VACUUM can't stand in a transaction */
    if (rows && copying->on_copied)
        sqlite_while_busy(db, look_at_copy, copying);
    gboolean done = rows && db->engine->run(rows, DB_ARGS(copying->path), NULL, error);
    sqlite_while_busy(db, NULL, NULL);
    return done && sync_file(copying->path, error);
}

gboolean db_copy(struct db *db, const char *path, db_copied on_copied, void *data, GError **error)
{
    g_assert(db->state == DB_IDLE);
    if (!sqlite_path(db))
        return err_set(error, ERR_DB_URL, db->url);
    /* Made first and by us: only its owner may read it, and a link planted there is not followed. */
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_set(error, ERR_FILE_WRITE, path, g_strerror(errno));
    close(fd);
    gboolean done = write_copy(db, &(struct copying){path, 0, on_copied, data}, error);
    if (!done)
        unlink(path);
    return done;
}

gboolean db_copy_before(struct db *db, int64_t version, GError **error)
{
    const char *path = sqlite_path(db);
    if (!path)
        return TRUE;
    g_autoptr(GDateTime) now = g_date_time_new_now_utc();
    g_autofree char *stamp = g_date_time_format(now, "%Y%m%dT%H%M%S");
    g_autofree char *copy = g_strdup_printf("%s.v%" G_GINT64_FORMAT "-%s", path, version, stamp);
    return db_copy(db, copy, NULL, NULL, error);
}

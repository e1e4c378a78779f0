/* SPDX-License-Identifier: MIT */
#include "core/db/backup.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

#include "core/base/paths.h"
#include "core/db/engine.h"

static const struct sql COPY = {"copy", "VACUUM INTO $1"};

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

gboolean db_copy(struct db *db, const char *path, GError **error)
{
    g_assert(db->state == DB_IDLE);
    if (!sqlite_path(db))
        return err_set(error, ERR_DB_URL, db->url);
    /* Made first and by us: only its owner may read it, and a link planted there is not followed. */
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return err_set(error, ERR_FILE_WRITE, path, g_strerror(errno));
    close(fd);
    GError *failure = NULL;
    struct rows *rows = db_statement(db, &COPY, &failure); /* not db_exec(): VACUUM can't stand in a transaction */
    gboolean done = rows && db->engine->run(rows, DB_ARGS(path), NULL, &failure) && sync_file(path, &failure);
    if (!done) {
        unlink(path);
        g_propagate_error(error, failure);
    }
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
    return db_copy(db, copy, error);
}

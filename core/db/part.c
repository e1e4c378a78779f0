/* SPDX-License-Identifier: MIT */
#include "core/db/part.h"

#include <errno.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/paths.h"
#include "core/db/engine.h"

static const struct sql ASTRAY = {"part_astray", "SELECT \"table\", parent FROM pragma_foreign_key_check LIMIT 1"};

static char *part_of(const char *path)
{
    return g_strconcat(path, ".part", NULL);
}

static void take_away(const char *path)
{
    static const char *const FILES[] = {"", "-wal", "-shm", "-lock"};
    for (size_t i = 0; i < G_N_ELEMENTS(FILES); i++) {
        g_autofree char *file = g_strconcat(path, ".part", FILES[i], NULL);
        unlink(file);
    }
}

struct db *db_part_open(const char *path, GError **error)
{
    struct stat there;
    g_autofree char *dir = g_path_get_dirname(path), *part = part_of(path), *url = g_strconcat("sqlite:", part, NULL);
    if (lstat(path, &there) == 0) {
        err_set(error, ERR_COPY_THERE, path);
        return NULL;
    }
    if (stat(dir, &there) != 0 || !S_ISDIR(there.st_mode) || access(dir, W_OK) != 0) {
        err_set(error, ERR_FILE_WRITE, path, g_strerror(errno ? errno : ENOTDIR));
        return NULL;
    }
    take_away(path);
    struct db *db = db_open(url, DB_CREATE, error);
    /* while they are looked at, each new row has all those searched that may have waited for it */
    if (db && db->engine->script(db, "PRAGMA foreign_keys = OFF", error))
        return db;
    db_part_drop(db, path);
    return NULL;
}

/* FALSE: one leads nowhere, or it can't be told. */
static gboolean references_lead(struct db *part, GError **error)
{
    g_autoptr(rows) rows = db_query(part, &ASTRAY, DB_NO_ARGS, error);
    int more = rows_next(rows, error);
    if (more <= 0)
        return more == 0;
    g_autofree char *what = g_strdup_printf("%s -> %s", rows_text(rows, 0), rows_text(rows, 1));
    return err_set(error, ERR_DB_CONSTRAINT, what);
}

/* The last to close it brings its log into it. */
gboolean db_part_keep(struct db *part, const char *path, GError **error)
{
    g_autofree char *from = part_of(path), *dir = g_path_get_dirname(path), *log = g_strconcat(from, "-wal", NULL);
    struct stat there;
    if (!references_lead(part, error)) {
        db_part_drop(part, path);
        return FALSE;
    }
    db_close(part);
    gboolean whole = stat(log, &there) != 0 && paths_sync(from);
    if (whole && lstat(path, &there) == 0)
        err_set(error, ERR_COPY_THERE, path);
    else if (!whole || rename(from, path) != 0 || !paths_sync(dir))
        err_set(error, ERR_FILE_WRITE, path, g_strerror(whole ? errno : EIO));
    else {
        take_away(path);
        return TRUE;
    }
    take_away(path);
    return FALSE;
}

void db_part_drop(struct db *part, const char *path)
{
    db_close(part);
    take_away(path);
}

/* SPDX-License-Identifier: MIT
 *
 * A restore on SQLite: a copy of the backup beside the database gets the journal's row and then, in one step, its name.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/backup/restoring.h"
#include "core/base/error.h"
#include "core/base/paths.h"
#include "core/base/translate.h"
#include "core/db/backup.h"
#include "core/db/file_watch.h"
#include "core/site/writer_slot.h"

static const char *const BESIDE[] = {"-wal", "-shm"};

static char *url_of(const char *path)
{
    return g_strconcat("sqlite:", path, NULL);
}

void restore_unstage(struct restore *restore)
{
    static const char *const ALL[] = {"", "-wal", "-shm", "-lock"};
    for (size_t i = 0; i < G_N_ELEMENTS(ALL); i++) {
        g_autofree char *path = g_strconcat(restore->staged, ALL[i], NULL);
        unlink(path);
    }
}

/* --- what is in place ------------------------------------------------------------------------------------ */

/* It may be missing, or damaged: that is why there are backups. Closing it brings its log into it. */
static gboolean look_at_place(struct restore *restore, GError **error)
{
    g_autofree char *url = url_of(restore->place);
    g_autoptr(db) db = db_open(url, DB_INSPECT, NULL);
    g_autoptr(GArray) slots = db ? writer_slots(db, NULL) : NULL;
    struct restore_floor here;
    if (slots && !restore_nobody_works(slots, error))
        return FALSE;
    if (db && restore_floor_read(db, &here, NULL)) {
        restore->here_warehouse_id = here.warehouse_id;
        restore->look.here_until = here.until;
        g_free(restore->here_heads);
        restore->here_heads = g_steal_pointer(&here.heads);
    }
    if (db)
        restore_floor_clear(&here);
    return TRUE;
}

/* --- the backup ------------------------------------------------------------------------------------------ */

static gboolean has_log(const struct restore *restore, GError **error)
{
    struct stat log;
    g_autofree char *path = g_strconcat(restore->file, "-wal", NULL);
    if (stat(path, &log) != 0 || log.st_size == 0)
        return FALSE;
    g_autofree char *text = g_strdup_printf(_("its log %s is not in it yet; packline check --db sqlite:%s brings it in"), path,
                                            restore->file);
    err_set(error, ERR_BACKUP_BAD, restore->call->file, text);
    return TRUE;
}

static void show_copied(uint64_t bytes, uint64_t of, void *data)
{
    const struct restore_call *call = data;
    if (call->on_progress)
        call->on_progress(bytes, of, call->data);
}

/* What is looked at is what will be in place, whatever becomes of the backup meanwhile. */
static gboolean stage(struct restore *restore, GError **error)
{
    GError *failure = NULL;
    g_autofree char *dir = g_path_get_dirname(restore->place), *name = g_path_get_basename(restore->place);
    g_autofree char *url = url_of(restore->file);
    g_autoptr(db) backup = has_log(restore, error) ? NULL : db_open(url, DB_STILL, &failure);
    if (backup) {
        restore->staged = g_strdup_printf("%s/.%s.restore", dir, name);
        restore_unstage(restore); /* of one that was killed */
        if (db_copy(backup, restore->staged, show_copied, (void *)(uintptr_t)restore->call, &failure))
            return TRUE;
        if (err_code(failure) == ERR_FILE_WRITE) {
            g_propagate_error(error, failure);
            return FALSE;
        }
    }
    return failure && restore_refuse(restore, failure, error);
}

static gboolean look_at_staged(struct restore *restore, GError **error)
{
    g_autofree char *url = url_of(restore->staged);
    GError *failure = NULL;
    struct restore_floor floor = {.warehouse_id = 0};
    g_autoptr(db) db = db_open(url, DB_STILL, &failure);
    gboolean good = db && restore_check(restore, db, &restore->look.violations, &failure) &&
                    restore_floor_read(db, &floor, &failure);
    restore->warehouse_id = floor.warehouse_id;
    restore->look.warehouse = g_steal_pointer(&floor.name);
    restore->look.zone = g_steal_pointer(&floor.zone);
    restore->look.until = floor.until;
    restore->heads = g_steal_pointer(&floor.heads);
    return good || restore_refuse(restore, failure, error);
}

static gboolean look(struct restore *restore, GError **error)
{
    restore->place = db_file_of(restore->call->url);
    return look_at_place(restore, error) && stage(restore, error) && look_at_staged(restore, error);
}

/* --- in place -------------------------------------------------------------------------------------------- */

/* Its log is in it by now; that of one that can't be opened goes along. */
static gboolean move_beside(const struct restore *restore)
{
    for (size_t i = 0; i < G_N_ELEMENTS(BESIDE); i++) {
        g_autofree char *from = g_strconcat(restore->place, BESIDE[i], NULL), *to = g_strconcat(restore->kept_as, BESIDE[i], NULL);
        if (rename(from, to) != 0 && errno != ENOENT)
            return FALSE;
    }
    return TRUE;
}

/* A second name for what is there, so that its own goes over in one step. Where there are no such names, it is moved. */
static gboolean keep_old(const struct restore *restore)
{
    return link(restore->place, restore->kept_as) == 0 || errno == ENOENT ||
           ((errno == EPERM || errno == ENOTSUP || errno == EMLINK) && rename(restore->place, restore->kept_as) == 0);
}

static gboolean swap(struct restore *restore, struct restored *restored, GError **error)
{
    struct stat there;
    g_autofree char *dir = g_path_get_dirname(restore->place);
    gboolean was_there = lstat(restore->place, &there) == 0;
    if (move_beside(restore) && (!was_there || keep_old(restore)) && rename(restore->staged, restore->place) == 0 &&
        paths_sync(dir)) {
        restored->kept = was_there ? g_steal_pointer(&restore->kept_as) : NULL;
        return TRUE;
    }
    return err_set(error, ERR_FILE_WRITE, restore->place, g_strerror(errno));
}

/* Whoever has it open keeps a share of a lock; it is shut while it is changed, and who comes meanwhile waits, looks and finds
 * another file than it opened. */
static gboolean put(struct restore *restore, int64_t person_id, struct restored *restored, GError **error)
{
    g_autofree char *url = url_of(restore->staged);
    struct stat there;
    restore_name_old(restore, (int)strlen(restore->place));
    if (lstat(restore->kept_as, &there) == 0)
        return err_set(error, ERR_COPY_THERE, restore->kept_as);
    if (!look_at_place(restore, error) || !restore_note(restore, url, person_id, error) || !paths_sync(restore->staged))
        return FALSE;
    g_autoptr(file_watch) shut = file_watch_shut(restore->place, error);
    restored->is_noted = TRUE;
    return shut && swap(restore, restored, error);
}

const struct restore_way RESTORE_FILE = {look, put};

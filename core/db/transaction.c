/* SPDX-License-Identifier: MIT
 *
 * Transactions, snapshots, savepoints and what a transaction has locked, the same for both engines.
 */
#include "core/db/engine.h"

#include <stdlib.h>
#include <string.h>

#include "core/db/lock.h"
#include "core/db/put.h"

enum { RETRIES = 3, BUSY_BEFORE_REOPEN = 3 };

static void close_cursors(struct db *db)
{
    GHashTableIter each;
    gpointer rows;
    g_hash_table_iter_init(&each, db->statements);
    while (db->cursors > 0 && g_hash_table_iter_next(&each, NULL, &rows))
        rows_close(rows);
}

static gboolean begin_once(struct db *db, enum db_state kind, GError **error)
{
    if (db->ahead) /* of the transaction before, and not read */
        close_cursors(db);
    if (db->cursors > 0) /* they hold an older snapshot, from which SQLite can't go on to write */
        return err_set(error, ERR_DB_SQL, "BEGIN", "rows are still being read");
    if (!db_ready(db, error) || !db_look(db, DB_LOOK_BEFORE, error))
        return FALSE;
    if (kind == DB_WRITING && !db_lock_take(db->lock, DB_LOCK_MS, error))
        return FALSE;
    if (db->engine->begin(db, kind, error))
        return TRUE;
    if (kind == DB_WRITING)
        db_lock_release(db->lock);
    return FALSE;
}

static gboolean begin(struct db *db, enum db_state kind, GError **error)
{
    GError *failure = NULL;
    g_assert(db->state == DB_IDLE);
    db->committing = FALSE;
    if (begin_once(db, kind, &failure)) {
        db->state = kind;
        db->busy_in_row = 0;
        return TRUE;
    }
    if (err_code(failure) == ERR_DB_BUSY && ++db->busy_in_row >= BUSY_BEFORE_REOPEN)
        db->stale = TRUE; /* an unlock that failed in this process blocks everyone until the file is closed */
    g_propagate_error(error, failure);
    return FALSE;
}

/* What was committed without a sync, here or by who is rested on, is in the log before this: on the disk when this is. */
static void touch(struct db *db)
{
    if (!db->leaves_sync && (db->unsynced || db->rests))
        db_exec(db, &db->engine->touch, DB_NO_ARGS, NULL, NULL); /* a failure is noted */
}

/* Ends the transaction either way. A failed statement wins over what fn said. What was committed into a file that is
 * not the floor's any more is not acknowledged. */
static gboolean end(struct db *db, gboolean keep, GError **error)
{
    enum db_state kind = db->state;
    GError *failure = NULL;
    close_cursors(db);
    if (keep && !db->failure)
        db_put_all(db, NULL); /* a failure is noted */
    puts_forget(db);
    if (keep && !db->failure && kind == DB_WRITING)
        touch(db);
    db->rests = FALSE;
    if (keep && db->failure)
        failure = g_error_copy(db->failure);
    db->committing = keep && !failure;
    gboolean kept = db->committing && db->engine->commit(db, &failure) &&
                    (kind == DB_READING || db_look(db, DB_LOOK_AFTER, &failure));
    if (!kept) {
        close_cursors(db);
        db->engine->rollback(db);
    }
    if (failure) {
        db_note_failure(db, failure);
        g_propagate_error(error, failure);
    }
    db->state = DB_IDLE;
    db->savepoints = 0;
    if (kept && kind == DB_WRITING)
        db->unsynced = db->leaves_sync;
    g_array_set_size(db->locked, 0);
    g_array_set_size(db->finding, 0);
    if (kind == DB_WRITING)
        db_lock_release(db->lock);
    if (kept && kind == DB_WRITING && db->engine->upkeep)
        db->engine->upkeep(db, FALSE);
    return kept;
}

static gboolean run_once(struct db *db, enum db_state kind, db_work fn, void *data, GError **error)
{
    GError *failure = NULL;
    if (!begin(db, kind, error))
        return FALSE;
    gboolean done = fn(db, data, &failure);
    if (done && failure)
        g_clear_error(&failure);
    done = end(db, done, done ? &failure : NULL);
    if (!done && failure)
        g_propagate_error(error, failure);
    return done;
}

/* Whether nothing of it was kept for sure, and the next try may go better: not soon with a server that hangs. */
static gboolean worth_another(const struct db *db, unsigned tries)
{
    if (err_code(db->failure) == ERR_DB_LOST)
        return !db->committing && !db->silent && tries == 0;
    return err_code(db->failure) == ERR_DB_SERIALIZE && tries < RETRIES;
}

static gboolean run(struct db *db, enum db_state kind, db_work fn, void *data, GError **error)
{
    for (unsigned tries = 0;; tries++) {
        GError *failure = NULL;
        gboolean done = run_once(db, kind, fn, data, &failure);
        gboolean again = !done && worth_another(db, tries);
        g_clear_error(&db->failure);
        if (db_unjam(db) && tries == 0 && err_code(failure) == ERR_DB_BUSY)
            again = TRUE; /* it was in its own way, and was rolled back */
        if (!again) {
            if (failure)
                g_propagate_error(error, failure);
            return done;
        }
        g_clear_error(&failure);
    }
}

gboolean db_transaction(struct db *db, db_work fn, void *data, GError **error)
{
    return run(db, DB_WRITING, fn, data, error);
}

gboolean db_transaction_unsynced(struct db *db, db_work fn, void *data, GError **error)
{
    db->leaves_sync = TRUE;
    gboolean done = run(db, DB_WRITING, fn, data, error);
    db->leaves_sync = FALSE;
    return done;
}

gboolean db_is_synced(const struct db *db)
{
    return !db->unsynced;
}

static gboolean do_nothing(struct db *db, void *data, GError **error)
{
    (void)db, (void)data, (void)error;
    return TRUE;
}

gboolean db_sync(struct db *db, GError **error)
{
    gboolean done = !db->unsynced || db_transaction(db, do_nothing, NULL, error);
    db->unsynced = FALSE;
    return done;
}

void db_rests_on_others(struct db *db)
{
    g_assert(db->state == DB_WRITING);
    db->rests = TRUE;
}

gboolean db_snapshot(struct db *db, db_work fn, void *data, GError **error)
{
    return run(db, DB_READING, fn, data, error);
}

static gboolean mark(struct db *db, enum db_mark mark, GError **error)
{
    static const char *const VERBS[] = {
        [DB_MARK_MAKE] = "SAVEPOINT", [DB_MARK_RELEASE] = "RELEASE", [DB_MARK_BACK] = "ROLLBACK TO"};
    g_autofree char *text = g_strdup_printf("%s packline_%u", VERBS[mark], db->savepoints);
    return db->engine->mark(db, mark, text, error);
}

/* What a savepoint can undo. Anything else has hit the transaction as a whole. */
static gboolean undone_by_savepoint(const GError *failure)
{
    return err_code(failure) == ERR_DB_CONSTRAINT || err_code(failure) == ERR_DB_SQL;
}

static void undo_savepoint(struct db *db, guint locked)
{
    GError *failure = NULL;
    if (!db->failure && (!mark(db, DB_MARK_BACK, &failure) || !mark(db, DB_MARK_RELEASE, &failure)))
        db_fail(db, failure, NULL);
    g_array_set_size(db->locked, locked);
}

gboolean db_savepoint(struct db *db, db_work fn, void *data, GError **error)
{
    GError *failure = NULL;
    guint locked = db->locked->len;
    g_assert(db->state == DB_WRITING);
    if (!db_usable(db, error))
        return FALSE;
    db->savepoints++;
    if (!mark(db, DB_MARK_MAKE, &failure)) {
        db->savepoints--;
        return db_fail(db, failure, error);
    }
    gboolean done = fn(db, data, error);
    if (done && !db->failure)
        db_put_all(db, NULL);
    puts_forget(db);
    if (done && db->failure) {
        done = FALSE;
        if (error && !*error)
            *error = g_error_copy(db->failure);
    }
    if (!done && undone_by_savepoint(db->failure))
        g_clear_error(&db->failure);
    if (done && !mark(db, DB_MARK_RELEASE, &failure)) {
        done = FALSE;
        if (!undone_by_savepoint(failure))
            db_note_failure(db, failure);
        g_propagate_error(error, g_steal_pointer(&failure));
    }
    if (!done)
        undo_savepoint(db, locked);
    db->savepoints--;
    return done;
}

/* --- locks ---------------------------------------------------------------------------------------------- */

/* PostgreSQL's advisory locks, taken in one order by everybody. SQLite has one writer; there only the order is looked
 * at. */
static int by_order(const void *a, const void *b)
{
    const struct db_advisory *one = a, *two = b;
    if (one->rank != two->rank)
        return one->rank < two->rank ? -1 : 1;
    return one->id < two->id ? -1 : one->id > two->id;
}

static void sort_locked(struct db *db)
{
    if (db->locked->len > 1)
        qsort(db->locked->data, db->locked->len, sizeof(struct db_advisory), by_order);
}

/* Notes what the statements have found that are to be locked. */
static gboolean read_found(struct db *db, GError **error)
{
    int more = 0;
    for (guint i = 0; more == 0 && i < db->finding->len; i++) {
        const struct db_finding found = g_array_index(db->finding, struct db_finding, i);
        while ((more = rows_next(found.rows, error)) > 0)
            g_array_append_vals(db->locked, &(struct db_advisory){found.rank, rows_int(found.rows, 0)}, 1);
    }
    g_array_set_size(db->finding, 0);
    sort_locked(db);
    return more == 0;
}

static gboolean is_noted(const struct db *db, int64_t id)
{
    for (guint i = 0; i < db->locked->len; i++)
        if (g_array_index(db->locked, struct db_advisory, i).id == id)
            return TRUE;
    return FALSE;
}

gboolean db_advisory_locked(struct db *db, int64_t id)
{
    return read_found(db, NULL) && is_noted(db, id);
}

/* The rank of the last that is locked. */
static int highest(const struct db *db)
{
    int locked = db->locked->len ? g_array_index(db->locked, struct db_advisory, db->locked->len - 1).rank : 0;
    int finding = db->finding->len ? g_array_index(db->finding, struct db_finding, db->finding->len - 1).rank : 0;
    return MAX(locked, finding);
}

/* rows is what was asked. */
static gboolean note_finding(struct db *db, int rank, struct rows *rows, GError **error)
{
    struct db_finding finding = {rank, rows};
    if (rows)
        g_array_append_val(db->finding, finding);
    return rows && (db->engine->ask || read_found(db, error));
}

gboolean db_advisory_find(struct db *db, int rank, const struct sql *sql, const struct db_value *args, size_t count,
                          GError **error)
{
    g_assert(db->state == DB_WRITING && strstr(sql->text, "{lock:") && highest(db) <= rank);
    return note_finding(db, rank, db_ask(db, sql, args, count, error), error);
}

gboolean db_advisory_find_one(struct db *db, int rank, const struct sql *sql, const struct db_value *args, size_t count,
                              GError **error)
{
    g_assert(db->state == DB_WRITING && strstr(sql->text, "{lock:") && highest(db) <= rank);
    return note_finding(db, rank, db_ask_one(db, sql, args, count, error), error);
}

/* Remembers the new ones and writes them as "1,2,3". */
static char *note_new(struct db *db, const struct db_advisory *things, size_t n)
{
    GString *list = g_string_new(NULL);
    for (size_t i = 0; i < n; i++) {
        if (things[i].id == 0 || is_noted(db, things[i].id))
            continue;
        g_assert(highest(db) <= things[i].rank);
        g_assert(db->locked->len == 0 || db->finding->len > 0 ||
                 by_order(&g_array_index(db->locked, struct db_advisory, db->locked->len - 1), &things[i]) < 0);
        g_array_append_val(db->locked, things[i]);
        g_string_append_printf(list, "%s%" G_GINT64_FORMAT, list->len ? "," : "", things[i].id);
    }
    return g_string_free(list, FALSE);
}

gboolean db_advisory_lock(struct db *db, struct db_advisory *things, size_t n, GError **error)
{
    g_assert(db->state == DB_WRITING);
    if (n > 1)
        qsort(things, n, sizeof *things, by_order);
    g_autofree char *list = note_new(db, things, n);
    if (!list[0] || !db->engine->advisory.text)
        return TRUE;
    struct rows *rows = db_ask(db, &db->engine->advisory, DB_ARGS(list), error);
    rows_close(rows); /* what is sent after it waits for it on the server */
    return rows != NULL;
}

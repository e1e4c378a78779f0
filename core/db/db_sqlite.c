/* SPDX-License-Identifier: MIT */
#include "core/db/put.h"
#include "core/db/db_sqlite.h"

#include <fcntl.h>
#include <stdarg.h>

enum {
    LOG_LONG = 250,      /* pages: a checkpoint is due */
    LOG_TOO_LONG = 16000 /* 64 MB, which is what is kept of the file */
};

static const char *const CONTROL_SQL[CONTROLS] = {
    [BEGIN_WRITE] = "BEGIN IMMEDIATE", [BEGIN_READ] = "BEGIN", [COMMIT] = "COMMIT", [ROLLBACK] = "ROLLBACK"};

struct sqlite_rows {
    struct rows rows;
    sqlite3 *handle;
    sqlite3_stmt *stmt;
    int params;
    int *index; /* of $1, $2 ...: SQLite numbers them by first appearance */
};

/* --- errors --------------------------------------------------------------------------------------------- */

static const struct {
    int code; /* a result code with its details, or the primary one */
    enum err err;
} CODES[] = {
    {SQLITE_IOERR_READ, ERR_DB_DAMAGED}, {SQLITE_IOERR_SHORT_READ, ERR_DB_DAMAGED},
    {SQLITE_IOERR_DATA, ERR_DB_DAMAGED}, {SQLITE_IOERR_CORRUPTFS, ERR_DB_DAMAGED},
    {SQLITE_BUSY, ERR_DB_BUSY},          {SQLITE_LOCKED, ERR_DB_BUSY},
    {SQLITE_PROTOCOL, ERR_DB_BUSY},      {SQLITE_FULL, ERR_DB_FULL},
    {SQLITE_READONLY, ERR_DB_FULL},      {SQLITE_IOERR, ERR_DB_FULL},
    {SQLITE_NOTADB, ERR_DB_DAMAGED}, {SQLITE_CORRUPT, ERR_DB_DAMAGED},
    {SQLITE_CANTOPEN, ERR_DB_OPEN},      {SQLITE_CONSTRAINT, ERR_DB_CONSTRAINT},
    {SQLITE_PERM, ERR_DB_OPEN},          {SQLITE_NOMEM, ERR_INTERNAL},
};

static enum err code_of(int rc)
{
    for (size_t i = 0; i < G_N_ELEMENTS(CODES); i++)
        if (CODES[i].code == rc || CODES[i].code == (rc & 0xFF))
            return CODES[i].err;
    return ERR_DB_SQL;
}

gboolean sqlite_fail(sqlite3 *handle, int rc, const char *what, GError **error)
{
    const char *text = handle ? sqlite3_errmsg(handle) : sqlite3_errstr(rc);
    enum err code = code_of(rc);
    if (code == ERR_DB_SQL)
        err_set(error, code, what, text);
    else
        err_set(error, code, text);
    return FALSE;
}

/* --- statements ----------------------------------------------------------------------------------------- */

static void sqlite_forget(struct rows *base)
{
    struct sqlite_rows *rows = (struct sqlite_rows *)base;
    sqlite3_finalize(rows->stmt);
    g_free(rows->index);
    g_free(rows);
}

static gboolean map_parameters(struct sqlite_rows *rows)
{
    rows->params = sqlite3_bind_parameter_count(rows->stmt);
    rows->index = g_new0(int, (gsize)rows->params + 1);
    for (int i = 0; i < rows->params; i++) {
        char name[16];
        g_snprintf(name, sizeof name, "$%d", i + 1);
        rows->index[i] = sqlite3_bind_parameter_index(rows->stmt, name);
        if (rows->index[i] == 0)
            return FALSE;
    }
    return TRUE;
}

static struct rows *sqlite_prepare(struct db *base, const char *name, const char *text, GError **error)
{
    struct sqlite_db *db = sqlite_of(base);
    sqlite3_stmt *stmt = NULL;
    const char *tail = NULL;
    int rc = sqlite3_prepare_v3(db->handle, text, -1, SQLITE_PREPARE_PERSISTENT, &stmt, &tail);
    if (rc != SQLITE_OK) {
        sqlite_fail(db->handle, rc, name, error);
        return NULL;
    }
    struct sqlite_rows *rows = g_new0(struct sqlite_rows, 1);
    rows->handle = db->handle;
    rows->stmt = stmt;
    rows->rows.reads = sqlite3_stmt_readonly(stmt) || g_str_has_prefix(text, "PRAGMA");
    if (stmt && *tail == '\0' && map_parameters(rows))
        return &rows->rows;
    err_set(error, ERR_DB_SQL, name, stmt && *tail == '\0' ? "parameters are not $1, $2, ..." : "not one statement");
    sqlite_forget(&rows->rows);
    return NULL;
}

static int bind(struct sqlite_rows *rows, int index, const struct db_value *value, sqlite3_destructor_type keep)
{
    switch (value->type) {
    case DB_INT:
        return sqlite3_bind_int64(rows->stmt, index, value->number);
    case DB_TEXT:
        return sqlite3_bind_text(rows->stmt, index, value->bytes, -1, keep);
    case DB_BLOB:
        return sqlite3_bind_blob64(rows->stmt, index, value->number ? value->bytes : "",
                                   (sqlite3_uint64)value->number, keep);
    case DB_NULL:
        break;
    }
    return sqlite3_bind_null(rows->stmt, index);
}

static gboolean bind_all(struct sqlite_rows *rows, const struct db_value *args, size_t count,
                         sqlite3_destructor_type keep, GError **error)
{
    if (count != (size_t)rows->params)
        return err_set(error, ERR_DB_SQL, rows->rows.name, "wrong number of arguments");
    for (size_t i = 0; i < count; i++) {
        int rc = bind(rows, rows->index[i], &args[i], keep);
        if (rc != SQLITE_OK)
            return sqlite_fail(rows->handle, rc, rows->rows.name, error);
    }
    return TRUE;
}

static gboolean sqlite_run(struct rows *base, const struct db_value *args, size_t count, int64_t *changed,
                           GError **error)
{
    struct sqlite_rows *rows = (struct sqlite_rows *)base;
    if (!bind_all(rows, args, count, SQLITE_STATIC, error))
        return FALSE;
    int rc;
    while ((rc = sqlite3_step(rows->stmt)) == SQLITE_ROW)
        continue;
    gboolean done = rc == SQLITE_DONE || sqlite_fail(rows->handle, rc, base->name, error);
    if (done && changed)
        *changed = sqlite3_changes64(rows->handle);
    sqlite3_reset(rows->stmt);
    return done;
}

static gboolean sqlite_start(struct rows *base, const struct db_value *args, size_t count, GError **error)
{
    return bind_all((struct sqlite_rows *)base, args, count, SQLITE_TRANSIENT, error);
}

static int sqlite_next(struct rows *base, GError **error)
{
    struct sqlite_rows *rows = (struct sqlite_rows *)base;
    int rc = sqlite3_step(rows->stmt);
    if (rc == SQLITE_ROW)
        return 1;
    return rc == SQLITE_DONE ? 0 : sqlite_fail(rows->handle, rc, base->name, error) - 1;
}

static void sqlite_finish(struct rows *base)
{
    sqlite3_reset(((struct sqlite_rows *)base)->stmt);
}

static int64_t sqlite_int(struct rows *base, int column)
{
    return sqlite3_column_int64(((struct sqlite_rows *)base)->stmt, column);
}

static const char *sqlite_text(struct rows *base, int column)
{
    return (const char *)sqlite3_column_text(((struct sqlite_rows *)base)->stmt, column);
}

static const void *sqlite_blob(struct rows *base, int column, size_t *length)
{
    sqlite3_stmt *stmt = ((struct sqlite_rows *)base)->stmt;
    const void *bytes = sqlite3_column_blob(stmt, column);
    *length = (size_t)sqlite3_column_bytes(stmt, column);
    return bytes;
}

static gboolean sqlite_is_null(struct rows *base, int column)
{
    return sqlite3_column_type(((struct sqlite_rows *)base)->stmt, column) == SQLITE_NULL;
}

static enum db_type sqlite_type(struct rows *base, int column)
{
    int type = sqlite3_column_type(((struct sqlite_rows *)base)->stmt, column);
    return type == SQLITE_NULL ? DB_NULL : type == SQLITE_INTEGER ? DB_INT : type == SQLITE_BLOB ? DB_BLOB : DB_TEXT;
}

/* --- transactions --------------------------------------------------------------------------------------- */

gboolean sqlite_prepare_controls(struct sqlite_db *db, GError **error)
{
    for (size_t i = 0; i < CONTROLS; i++) {
        int rc = sqlite3_prepare_v3(db->handle, CONTROL_SQL[i], -1, SQLITE_PREPARE_PERSISTENT, &db->control[i], NULL);
        if (rc != SQLITE_OK)
            return sqlite_fail(db->handle, rc, CONTROL_SQL[i], error);
    }
    return TRUE;
}

static gboolean control(struct sqlite_db *db, enum control what, GError **error)
{
    int rc = sqlite3_step(db->control[what]);
    gboolean done = rc == SQLITE_DONE || sqlite_fail(db->handle, rc, CONTROL_SQL[what], error);
    sqlite3_reset(db->control[what]);
    return done;
}

static gboolean sqlite_script(struct db *base, const char *text, GError **error)
{
    struct sqlite_db *db = sqlite_of(base);
    int rc = sqlite3_exec(db->handle, text, NULL, NULL, NULL);
    return rc == SQLITE_OK || sqlite_fail(db->handle, rc, "script", error);
}

/* The level can't change inside of a transaction. At NORMAL a commit appends to the log and syncs nothing; the next one
 * at FULL syncs the log, which is one file, with all that is in it. A checkpoint syncs it at either, before it writes
 * the database. */
static gboolean leave_sync(struct db *base, GError **error)
{
    return !base->leaves_sync || sqlite_script(base, "PRAGMA synchronous = NORMAL", error);
}

/* Behind each, so that nothing else ever runs at NORMAL. What can't be set is opened anew. */
static void sync_again(struct db *base)
{
    GError *ignored = NULL;
    if (base->leaves_sync && !sqlite_script(base, "PRAGMA synchronous = FULL", &ignored))
        base->stale = TRUE;
    g_clear_error(&ignored);
}

static gboolean sqlite_begin(struct db *base, enum db_state kind, GError **error)
{
    gboolean begun = leave_sync(base, error) &&
                     control(sqlite_of(base), kind == DB_WRITING ? BEGIN_WRITE : BEGIN_READ, error);
    if (!begun)
        sync_again(base);
    return begun;
}

/* After a sync that failed the next one may succeed without the data being there: read everything from the disk. */
static gboolean sqlite_commit(struct db *base, GError **error)
{
    gboolean done = control(sqlite_of(base), COMMIT, error);
    base->stale = base->stale || !done;
    if (done)
        sync_again(base);
    return done;
}

static void sqlite_rollback(struct db *base)
{
    struct sqlite_db *db = sqlite_of(base);
    GError *ignored = NULL;
    if (!sqlite3_get_autocommit(db->handle) && !control(db, ROLLBACK, &ignored))
        base->stale = TRUE;
    g_clear_error(&ignored);
    sync_again(base);
}

static gboolean sqlite_mark(struct db *base, enum db_mark mark, const char *text, GError **error)
{
    (void)mark;
    return sqlite_script(base, text, error);
}

int sqlite_note_log(void *data, sqlite3 *handle, const char *schema, int pages)
{
    struct sqlite_db *db = data;
    (void)handle, (void)schema;
    db->log_pages = pages;
    if (pages < db->log_brought) /* it was begun anew */
        db->log_brought = 0;
    return SQLITE_OK;
}

/* Passive: it waits for nobody and nobody waits for it. What a reader still needs stays for the next time, and a
 * failure does too: nothing of the log is lost by it. */
static void sqlite_upkeep(struct db *base, gboolean idle)
{
    struct sqlite_db *db = sqlite_of(base);
    int brought = -1;
    if (db->log_pages - db->log_brought < (base->upkeep_idle && !idle ? LOG_TOO_LONG : LOG_LONG))
        return;
    if (!file_watch_begin_writing(db->watch, 0, NULL))
        return;
    sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, NULL, &brought);
    file_watch_end_writing(db->watch);
    if (brought >= 0)
        db->log_brought = brought;
    if (idle)
        db->log_pages = db->log_brought; /* until the next commit */
}

static gboolean sqlite_look(struct db *base, enum db_look when, GError **error)
{
    struct file_watch *watch = sqlite_of(base)->watch;
    return !watch || (when == DB_LOOK_BEFORE ? file_watch_before(watch, error) : file_watch_after(watch, error));
}

/* SQLite takes no notice when the kernel refuses to unlock (ENOLCK): the lock stays with this program for as long as it
 * has the file open, and shuts out everybody. So its fcntl() is watched. One count for the program, as SQLite's table of
 * system calls is: it hands no context to them. */
static gint unlocks_failed;

static int watched_fcntl(int fd, int command, ...)
{
    va_list list;
    va_start(list, command);
    void *argument = va_arg(list, void *);
    va_end(list);
    int result = fcntl(fd, command, argument);
    if (result != 0 && command == F_SETLK && ((const struct flock *)argument)->l_type == F_UNLCK)
        g_atomic_int_inc(&unlocks_failed);
    return result;
}

void sqlite_watch_unlocks(struct sqlite_db *db)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find("unix");
    if (vfs && vfs->iVersion >= 3)
        vfs->xSetSystemCall(vfs, "fcntl", (sqlite3_syscall_ptr)watched_fcntl);
    db->unlocks_failed = g_atomic_int_get(&unlocks_failed);
}

static gboolean sqlite_is_jammed(const struct db *base)
{
    const struct sqlite_db *db = (const struct sqlite_db *)base;
    if (base->lock && db_lock_is_taken(base->lock)) /* for a migration, around its transaction */
        return FALSE;
    return (base->lock && db_lock_is_jammed(base->lock)) || g_atomic_int_get(&unlocks_failed) != db->unlocks_failed;
}

static const struct sql *insert_statement(struct db *db, const char *table, const char *columns_list, size_t columns)
{
    g_autofree char *key = g_strdup_printf("%s(%s)", table, columns_list);
    struct sql *sql = g_hash_table_lookup(db->inserts, key);
    if (sql)
        return sql;
    GString *text = g_string_new(NULL);
    g_string_printf(text, "INSERT INTO %s VALUES ($1", key);
    for (size_t i = 2; i <= columns; i++)
        g_string_append_printf(text, ", $%zu", i);
    g_string_append_c(text, ')');
    sql = g_new0(struct sql, 1);
    sql->name = key;
    sql->text = g_string_free(text, FALSE);
    g_hash_table_insert(db->inserts, g_steal_pointer(&key), sql);
    return sql;
}

static gboolean sqlite_insert_many(struct db *db, const char *table, const char *columns_list,
                                   const struct db_value *values, size_t rows, size_t columns, GError **error)
{
    struct rows *insert = db_statement(db, insert_statement(db, table, columns_list, columns), error);
    for (size_t i = 0; insert && i < rows; i++)
        if (!sqlite_run(insert, values + i * columns, columns, NULL, error))
            return FALSE;
    return insert != NULL;
}

static char *text_of_rows(struct db *base, const struct sql *sql, size_t count)
{
    (void)base;
    return put_text_of_rows(sql, count, PUT_ROWS);
}

static gboolean sqlite_put(struct db *base, const struct db_put *put, size_t *done, GError **error)
{
    *done = 0;
    if (!put_is_insert(put->sql) || put->must || put_rows(put) < PUT_ROWS)
        return TRUE;
    struct rows *rows = db_statement_made(base, put->sql, DB_MADE_MANY, text_of_rows, put->count, error);
    gboolean good = rows != NULL;
    for (; good && *done + PUT_ROWS <= put_rows(put); *done += PUT_ROWS)
        good = sqlite_run(rows, put_row(put, *done), put->count * PUT_ROWS, NULL, error);
    return good;
}

static const struct engine ENGINE = {
    .id = DB_SQLITE,
    .db_size = sizeof(struct sqlite_db),
    .connect = sqlite_connect,
    .disconnect = sqlite_disconnect,
    .prepare = sqlite_prepare,
    .forget = sqlite_forget,
    .run = sqlite_run,
    .put = sqlite_put,
    .start = sqlite_start,
    .next = sqlite_next,
    .finish = sqlite_finish,
    .column_int = sqlite_int,
    .column_text = sqlite_text,
    .column_blob = sqlite_blob,
    .column_is_null = sqlite_is_null,
    .column_type = sqlite_type,
    .begin = sqlite_begin,
    .commit = sqlite_commit,
    .rollback = sqlite_rollback,
    .script = sqlite_script,
    .mark = sqlite_mark,
    .insert_many = sqlite_insert_many,
    .scrub = sqlite_scrub,
    .upkeep = sqlite_upkeep,
    .look = sqlite_look,
    .is_jammed = sqlite_is_jammed,
    /* Nobody reads it. SQLite writes the header's page even if it stays the same; a row that does it leaves alone. */
    .touch = {"touch", "PRAGMA user_version = 0"},
    .data_version = {"data_version", "PRAGMA data_version"},
    .tables = {"tables", "SELECT COUNT(*), COUNT(*) FILTER (WHERE name = 'schema_version')"
                         " FROM sqlite_schema WHERE type = 'table'"},
};

const struct engine *engine_sqlite(void)
{
    return &ENGINE;
}

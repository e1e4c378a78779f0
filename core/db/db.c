/* SPDX-License-Identifier: MIT */
#include "core/db/db.h"

#include <errno.h>
#include <string.h>

#include "core/db/engine.h"
#include "core/db/migrate.h"
#include "core/db/put.h"
#include "core/db/schema.h"

/* --- opening -------------------------------------------------------------------------------------------- */

static const struct {
    const char *prefix;
    const struct engine *(*engine)(void);
    gboolean (*check)(const char *url, GError **error);
} SCHEMES[] = {
    {"sqlite:", engine_sqlite, sqlite_url_check},
    {"postgresql://", engine_postgres, postgres_url_check},
    {"postgres://", engine_postgres, postgres_url_check},
};

/* The user part of scheme://user:password@host, whatever the scheme: such a URL must not be shown either. */
static gboolean has_password(const char *url)
{
    const char *host = strstr(url, "://");
    if (!host)
        return FALSE;
    size_t length = strcspn(host + 3, "/?#");
    const char *at = g_strrstr_len(host + 3, (gssize)length, "@");
    return at && memchr(host + 3, ':', (size_t)(at - host - 3));
}

static const struct engine *engine_of_url(const char *url, GError **error)
{
    if (has_password(url)) {
        err_set(error, ERR_DB_URL_PASSWORD);
        return NULL;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(SCHEMES); i++)
        if (g_str_has_prefix(url, SCHEMES[i].prefix))
            return SCHEMES[i].check(url, error) ? SCHEMES[i].engine() : NULL;
    err_set(error, ERR_DB_URL, url);
    return NULL;
}

static void rows_free(void *data)
{
    struct rows *rows = data;
    g_free(rows->name);
    g_free(rows->text);
    g_free(rows->sent);
    rows->db->engine->forget(rows);
}

static void insert_free(gpointer value)
{
    struct sql *sql = value;
    g_free((gpointer)(uintptr_t)sql->text);
    g_free(sql);
}

struct db *db_open(const char *url, enum db_mode mode, GError **error)
{
    const struct engine *engine = engine_of_url(url, error);
    if (!engine)
        return NULL;
    struct db *db = g_malloc0(engine->db_size);
    GError *failure = NULL;
    db->engine = engine;
    db->url = g_strdup(url);
    db->mode = mode;
    db->patience_ms = DB_PATIENCE_MS;
    db->statements = g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, rows_free);
    db->locked = g_array_new(FALSE, FALSE, sizeof(struct db_advisory));
    puts_init(db);
    db->finding = g_array_new(FALSE, FALSE, sizeof(struct db_finding));
    db->inserts = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, insert_free);
    if (engine->connect(db, &failure) &&
        (mode == DB_INSPECT || db_migrate(db, schema_files, schema_file_count, &failure)))
        return db;
    g_propagate_error(error, failure);
    db_close(db);
    return NULL;
}

void db_close(struct db *db)
{
    if (!db)
        return;
    g_assert(db->state == DB_IDLE);
    g_hash_table_destroy(db->statements);
    g_hash_table_destroy(db->inserts);
    g_array_unref(db->locked);
    g_array_unref(db->finding);
    puts_free(db);
    db->engine->disconnect(db);
    g_clear_error(&db->failure);
    g_clear_error(&db->retired);
    g_free(db->url);
    g_free(db);
}

enum db_engine db_engine_of(const struct db *db)
{
    return db->engine->id;
}

void db_set_patience(struct db *db, unsigned patience_ms)
{
    db->patience_ms = patience_ms;
    if (db->engine->set_patience)
        db->engine->set_patience(db);
}

uint64_t db_round_trips(const struct db *db)
{
    return db->engine->round_trips ? db->engine->round_trips(db) : 0;
}

void db_plan_once(struct db *db, gboolean once)
{
    db->plans_once = once;
}

void db_leave_upkeep(struct db *db)
{
    db->upkeep_idle = TRUE;
}

void db_upkeep(struct db *db)
{
    if (db->engine->upkeep && db->state == DB_IDLE && db->cursors == 0 && !db->stale)
        db->engine->upkeep(db, TRUE);
    db_unjam(db);
}

void db_retire(struct db *db, const GError *why)
{
    if (!db->retired)
        db->retired = g_error_copy(why);
}

static gboolean is_in_service(const struct db *db, GError **error)
{
    if (db->retired)
        g_propagate_error(error, g_error_copy(db->retired));
    return !db->retired;
}

gboolean db_look(struct db *db, enum db_look when, GError **error)
{
    GError *failure = NULL;
    if (!db->engine->look || db->engine->look(db, when, &failure))
        return TRUE;
    db_retire(db, failure);
    g_propagate_error(error, failure);
    return FALSE;
}

/* Whoever asked something in a transaction that failed may hold its rows still: they are closed, and read as such. */
static gboolean goes_with_link(gpointer key, gpointer value, gpointer data)
{
    struct db *db = data;
    (void)key;
    if (db->engine->unprepare)
        db->engine->unprepare(value);
    return !db->engine->unprepare;
}

gboolean db_reconnect(struct db *db, GError **error)
{
    GError *failure = NULL;
    g_assert(db->state == DB_IDLE);
    if (db->cursors > 0)
        return err_set(error, ERR_DB_SQL, "reconnect", "rows are still being read");
    if (!is_in_service(db, error) || !db_look(db, DB_LOOK_BEFORE, error) || !db_look(db, DB_LOOK_AFTER, error))
        return FALSE;
    if (db->unsynced && db->engine->set_patience) { /* a server that stopped has lost it: who waits hears of it */
        db->unsynced = FALSE;
        return err_set(error, ERR_DB_LOST, g_strerror(ECONNRESET));
    }
    g_hash_table_foreach_remove(db->statements, goes_with_link, db);
    db->busy_in_row = 0;
    db->silent = FALSE;
    db->engine->disconnect(db);
    db->stale = FALSE;
    enum db_mode mode = db->mode;
    db->mode = mode == DB_CREATE ? DB_USE : mode; /* what was made once is only looked at again */
    gboolean done = db->engine->connect(db, &failure) &&
                    (mode == DB_INSPECT || db_migrate(db, schema_files, schema_file_count, &failure));
    db->mode = mode;
    db->stale = !done;
    if (done)
        db_life_again(db);
    if (failure)
        g_propagate_error(error, failure);
    return done;
}

/* Before anything is sent, so that nothing can be done twice. */
gboolean db_ready(struct db *db, GError **error)
{
    return is_in_service(db, error) &&
           (!db->stale || db->state != DB_IDLE || db->cursors > 0 || db_reconnect(db, error));
}

/* At once: an idle station may come to nothing else for hours. */
gboolean db_unjam(struct db *db)
{
    gboolean idle = db->state == DB_IDLE && db->cursors == 0;
    return idle && db->engine->is_jammed && db->engine->is_jammed(db) && db_reconnect(db, NULL);
}

/* --- failures ------------------------------------------------------------------------------------------- */

/* A statement that fails ends its transaction (or savepoint) in both engines, whatever its caller makes of
 * it: PostgreSQL refuses all that follows, and SQLite may have rolled back and would go on outside of one. */
void db_note_failure(struct db *db, const GError *failure)
{
    if (err_code(failure) == ERR_DB_LOST)
        db->stale = TRUE;
    if (db->state != DB_IDLE && !db->failure)
        db->failure = g_error_copy(failure);
}

gboolean db_fail(struct db *db, GError *failure, GError **error)
{
    db_note_failure(db, failure);
    g_propagate_error(error, failure);
    return FALSE;
}

static gboolean is_whole(const struct db *db, GError **error)
{
    if (db->failure)
        g_propagate_error(error, g_error_copy(db->failure));
    return !db->failure;
}

gboolean db_usable(struct db *db, GError **error)
{
    return is_whole(db, error) && db_ready(db, error) && db_put_all(db, error);
}

/* --- statements ----------------------------------------------------------------------------------------- */

/* What stands in an engine's text for a mark: before its argument, which ends with '}', and after it. Row locks are
 * marks because SQLite's one writer has none to take; lists are, because PostgreSQL's planner, while it knows nothing of
 * a table yet, joins what an IN (SELECT ...) finds with the whole of it, and an array it looks up in the index. */
static const struct mark {
    const char *start;
    const char *before[2], *after[2]; /* by enum db_engine */
} MARKS[] = {
    {"{lock:", .before = {[DB_SQLITE] = ", ", [DB_POSTGRES] = ", pg_advisory_xact_lock("}, .after = {[DB_POSTGRES] = ")"}},
    {"{skip_locked", .before = {[DB_POSTGRES] = "FOR UPDATE SKIP LOCKED"}},
    {"{share_lock", .before = {[DB_POSTGRES] = "FOR SHARE"}},
    {"{row_lock", .before = {[DB_POSTGRES] = "FOR UPDATE"}},
    {"{texts:",
     .before = {[DB_SQLITE] = "IN (SELECT value FROM json_each(",
                [DB_POSTGRES] = "= ANY(ARRAY(SELECT json_array_elements_text(CAST("},
     .after = {[DB_SQLITE] = "))", [DB_POSTGRES] = " AS json))))"}},
    {"{among:",
     .before = {[DB_SQLITE] = "IN (", [DB_POSTGRES] = "= ANY(ARRAY("},
     .after = {[DB_SQLITE] = ")", [DB_POSTGRES] = "))"}},
    {"{in:", /* in PostgreSQL read once a statement: a plan may ask it of every row */
     .before = {[DB_SQLITE] = "IN (SELECT value FROM json_each(", [DB_POSTGRES] = "= ANY(ARRAY(SELECT unnest(CAST(translate("},
     .after = {[DB_SQLITE] = "))", [DB_POSTGRES] = ", '[]', '{}') AS BIGINT[]))))"}},
};

static const struct mark *mark_at(const char *text)
{
    for (size_t i = 0; i < G_N_ELEMENTS(MARKS); i++)
        if (g_str_has_prefix(text, MARKS[i].start))
            return &MARKS[i];
    return NULL;
}

/* The brace that closes a mark: others may stand in its argument. */
static const char *mark_end(const char *argument)
{
    int depth = 1;
    for (; *argument; argument++) {
        depth += (*argument == '{') - (*argument == '}');
        if (depth == 0)
            break;
    }
    return argument;
}

static void append_text(GString *out, enum db_engine engine, const char *text, const char *end)
{
    while (text < end) {
        const struct mark *mark = *text == '{' ? mark_at(text) : NULL;
        if (!mark) {
            g_string_append_c(out, *text++);
            continue;
        }
        const char *argument = text + strlen(mark->start), *close = mark_end(argument);
        g_string_append(out, mark->before[engine] ? mark->before[engine] : "");
        append_text(out, engine, argument, close);
        g_string_append(out, mark->after[engine] ? mark->after[engine] : "");
        text = close + (*close == '}');
    }
}

static char *engine_text(const struct db *db, const char *text)
{
    GString *out = g_string_new(NULL);
    append_text(out, db->engine->id, text, text + strlen(text));
    return g_string_free(out, FALSE);
}

static struct rows *prepare(struct db *db, gconstpointer key, const struct sql *sql, const char *text, GError **error)
{
    g_autofree char *sent = engine_text(db, text);
    struct rows *rows = db->engine->prepare(db, sql->name, sent, error);
    if (!rows)
        return NULL;
    rows->sent = g_steal_pointer(&sent);
    rows->db = db;
    rows->name = g_strdup(sql->name);
    rows->text = g_strdup(sql->text);
    g_hash_table_insert(db->statements, (gpointer)(uintptr_t)key, rows);
    return rows;
}

/* The text is compared too: a row on the stack or heap may have had the address of another. */
struct rows *db_statement(struct db *db, const struct sql *sql, GError **error)
{
    struct rows *rows = g_hash_table_lookup(db->statements, sql);
    if (rows && rows->open) {
        err_set(error, ERR_DB_SQL, sql->name, "it is still being read");
        return NULL;
    }
    return rows && strcmp(rows->text, sql->text) == 0 ? rows : prepare(db, sql, sql, sql->text, error);
}

struct rows *db_statement_made(struct db *db, const struct sql *sql, enum db_made made,
                               char *(*make)(struct db *db, const struct sql *sql, size_t count), size_t count, GError **error)
{
    const void *key = (const char *)(const void *)sql + made;
    struct rows *rows = g_hash_table_lookup(db->statements, key);
    if (rows && strcmp(rows->text, sql->text) == 0)
        return rows;
    g_autofree char *text = make(db, sql, count);
    return prepare(db, key, sql, text, error);
}

struct one_write {
    const struct sql *sql;
    const struct db_value *args;
    size_t count;
    int64_t *changed;
};

static gboolean write_alone(struct db *db, void *data, GError **error)
{
    const struct one_write *one = data;
    return db_exec(db, one->sql, one->args, one->count, one->changed, error);
}

gboolean db_exec(struct db *db, const struct sql *sql, const struct db_value *args, size_t count,
                 int64_t *changed, GError **error)
{
    GError *failure = NULL;
    if (!db_usable(db, error))
        return FALSE;
    struct rows *rows = db_statement(db, sql, &failure);
    if (!rows)
        return db_fail(db, failure, error);
    if (!rows->reads && db->state == DB_IDLE)
        return db_transaction(db, write_alone, &(struct one_write){sql, args, count, changed}, error);
    if (!rows->reads && db->state == DB_READING)
        err_set(&failure, ERR_DB_SQL, sql->name, "it writes in a snapshot");
    if (!failure && db->engine->run(rows, args, count, changed, &failure))
        return TRUE;
    return db_fail(db, failure, error);
}

static struct rows *start_made(struct db *db, struct rows *rows, const struct db_value *args, size_t count, gboolean wait,
                               GError *failure, GError **error)
{
    if (rows && rows->open)
        err_set(&failure, ERR_DB_SQL, rows->name, "it is still being read");
    else if (rows && !rows->reads && db->state != DB_WRITING)
        err_set(&failure, ERR_DB_SQL, rows->name, "it writes outside a transaction");
    gboolean (*send)(struct rows *, const struct db_value *, size_t, GError **) =
        wait || !db->engine->ask ? db->engine->start : db->engine->ask;
    if (failure || !send(rows, args, count, &failure)) {
        db_fail(db, failure, error);
        return NULL;
    }
    rows->open = TRUE;
    db->cursors++;
    return rows;
}

static struct rows *start(struct db *db, const struct sql *sql, const struct db_value *args, size_t count,
                          gboolean wait, GError **error)
{
    GError *failure = NULL;
    if (!db_usable(db, error))
        return NULL;
    struct rows *rows = db_statement(db, sql, &failure);
    return start_made(db, rows, args, count, wait, failure, error);
}

/* With = $n in place of {in:$n}. */
static char *text_of_one(struct db *db, const struct sql *sql, size_t count)
{
    static const char MARK[] = "{in:";
    GString *out = g_string_new(NULL);
    const char *text = sql->text;
    (void)db, (void)count;
    for (const char *at; (at = strstr(text, MARK)); text = at + 1) {
        g_string_append_len(out, text, at - text);
        text = at + strlen(MARK);
        at = strchr(text, '}');
        g_string_append_printf(out, "= %.*s", (int)(at - text), text);
    }
    return g_string_free(g_string_append(out, text), FALSE);
}

struct rows *db_ask_one(struct db *db, const struct sql *sql, const struct db_value *args, size_t count, GError **error)
{
    GError *failure = NULL;
    if (!db_usable(db, error))
        return NULL;
    struct rows *rows = db_statement_made(db, sql, DB_MADE_ONE, text_of_one, count, &failure);
    return start_made(db, rows, args, count, FALSE, failure, error);
}

struct rows *db_query(struct db *db, const struct sql *sql, const struct db_value *args, size_t count, GError **error)
{
    return start(db, sql, args, count, TRUE, error);
}

struct rows *db_ask(struct db *db, const struct sql *sql, const struct db_value *args, size_t count, GError **error)
{
    return start(db, sql, args, count, FALSE, error);
}

void db_ask_after(struct db *db, db_ahead fn, void *data)
{
    db->ahead = fn;
    db->ahead_data = data;
}

/* It is outside of the transaction that is ending. */
void db_ask_ahead(struct db *db)
{
    enum db_state state = db->state;
    db->state = DB_IDLE;
    if (db->ahead)
        db->ahead(db, db->ahead_data);
    db->state = state;
}

struct rows *db_claim(struct db *db, const struct sql *sql, const struct db_value *args, size_t count, GError **error)
{
    g_assert(strstr(sql->text, "{skip_locked}"));
    return db_query(db, sql, args, count, error);
}

int rows_next(struct rows *rows, GError **error)
{
    GError *failure = NULL;
    if (!rows)
        return -1;
    if (!rows->open) {
        err_set(error, ERR_DB_SQL, rows->name, "its rows are closed");
        return -1;
    }
    int got = rows->db->engine->next(rows, &failure);
    if (got < 0)
        db_fail(rows->db, failure, error);
    if (got <= 0)
        rows_close(rows);
    return got;
}

void rows_close(struct rows *rows)
{
    if (!rows || !rows->open)
        return;
    rows->open = FALSE;
    rows->db->cursors--;
    rows->db->engine->finish(rows);
}

int64_t rows_int(struct rows *rows, int column)
{
    return rows->db->engine->column_int(rows, column);
}

const char *rows_text(struct rows *rows, int column)
{
    const char *text = rows->db->engine->column_text(rows, column);
    return text ? text : "";
}

const void *rows_blob(struct rows *rows, int column, size_t *length)
{
    return rows->db->engine->column_blob(rows, column, length);
}

gboolean rows_is_null(struct rows *rows, int column)
{
    return rows->db->engine->column_is_null(rows, column);
}

struct db_value rows_value(struct rows *rows, int column)
{
    size_t length = 0;
    const void *bytes;
    switch (rows->db->engine->column_type(rows, column)) {
    case DB_NULL:
        return db_null();
    case DB_INT:
        return db_int(rows_int(rows, column));
    case DB_TEXT:
        return db_text(rows_text(rows, column));
    case DB_BLOB:
        bytes = rows_blob(rows, column, &length);
        return db_blob(bytes, length);
    }
    return db_null();
}

int db_get_ints(struct db *db, const struct sql *sql, const struct db_value *args, size_t count, int64_t *out,
                int n, GError **error)
{
    g_autoptr(rows) rows = db_query(db, sql, args, count, error);
    int got = rows_next(rows, error);
    for (int i = 0; got == 1 && i < n; i++)
        out[i] = rows_int(rows, i);
    return got;
}

gboolean db_data_version(struct db *db, int64_t *version, GError **error)
{
    return db_get_ints(db, &db->engine->data_version, DB_NO_ARGS, version, 1, error) == 1;
}

gboolean db_insert_many(struct db *db, const char *table, const char *columns_list,
                        const struct db_value *values, size_t rows, size_t columns, GError **error)
{
    GError *failure = NULL;
    g_assert(db->state == DB_WRITING);
    if (!db_usable(db, error))
        return FALSE;
    if (rows == 0 || db->engine->insert_many(db, table, columns_list, values, rows, columns, &failure))
        return TRUE;
    return db_fail(db, failure, error);
}

char *db_id_list(const int64_t *ids, size_t n)
{
    GString *list = g_string_new("[");
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(list, "%s%" G_GINT64_FORMAT, i ? "," : "", ids[i]);
    return g_string_free(g_string_append_c(list, ']'), FALSE);
}

/* SPDX-License-Identifier: MIT */
#include "tests/bench/replay.h"

#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>

#include "core/db/db_postgres_array.h"
#include "core/db/put.h"
#include "tests/bench/measure.h"

enum verb { VERB_BEGIN, VERB_BEGIN_READ, VERB_COMMIT, VERB_ROLLBACK, VERB_RUN, VERB_SCRIPT };

struct operation {
    enum verb verb;
    const char *text; /* interned: one statement, one address */
    const char *name;
    struct db_value *args;
    size_t count;
    size_t columns; /* of the arrays that the arguments go as, row by row; 0: they go as they are */
};

struct recording {
    struct db *db;
    const struct engine *engine; /* the real one */
    struct engine watched;       /* the same with ears */
    GArray *operations;
    guint statements, transactions;
};

struct replay {
    const struct recording *recording;
    sqlite3 *sqlite; /* or */
    PGconn *postgres;
    GHashTable *prepared; /* by the text's address: a statement, or its name */
    GHashTable *costs;
    guint at, transactions;
    double seconds;
};

static struct recording *current;

static void note(enum verb verb, const char *text, const char *name, const struct db_value *args, size_t count)
{
    struct operation operation = {verb, text ? g_intern_string(text) : NULL, g_intern_string(name), NULL, count, 0};
    if (count)
        operation.args = g_memdup2(args, count * sizeof *args);
    for (size_t i = 0; i < count; i++) {
        struct db_value *value = &operation.args[i];
        if (value->type == DB_TEXT)
            value->bytes = g_strdup(value->bytes);
        else if (value->type == DB_BLOB)
            value->bytes = g_memdup2(value->bytes, (gsize)value->number);
    }
    g_array_append_val(current->operations, operation);
    current->statements += verb == VERB_RUN;
    current->transactions += verb == VERB_COMMIT;
}

static gboolean watch_run(struct rows *rows, const struct db_value *args, size_t count, int64_t *changed,
                          GError **error)
{
    gboolean must = g_str_has_prefix(rows->sent, "WITH changed AS"); /* which the copy, another writer's, would not have */
    note(VERB_RUN, must ? rows->text : rows->sent, rows->name, args, count - (size_t)must);
    return current->engine->run(rows, args, count, changed, error);
}

/* Many rows a statement, as the engine sends them. */
static gboolean watch_put(struct db *db, const struct db_put *put, size_t *done, GError **error)
{
    gboolean good = current->engine->put(db, put, done, error);
    gboolean arrays = current->engine->id == DB_POSTGRES;
    size_t rows = !good ? 0 : arrays ? *done : PUT_ROWS;
    g_autofree char *text = rows == 0 || *done == 0 ? NULL
                            : arrays                ? put_text_of_arrays(put->sql, put->count)
                                                    : put_text_of_rows(put->sql, put->count, rows);
    for (size_t i = 0; text && i < *done; i += rows) {
        note(VERB_RUN, text, put->sql->name, put_row(put, i), rows * put->count);
        g_array_index(current->operations, struct operation, current->operations->len - 1).columns = arrays ? put->count : 0;
    }
    return good;
}

static gboolean watch_start(struct rows *rows, const struct db_value *args, size_t count, GError **error)
{
    note(VERB_RUN, rows->sent, rows->name, args, count);
    return current->engine->start(rows, args, count, error);
}

static gboolean watch_ask(struct rows *rows, const struct db_value *args, size_t count, GError **error)
{
    note(VERB_RUN, rows->sent, rows->name, args, count);
    return current->engine->ask(rows, args, count, error);
}

static gboolean watch_begin(struct db *db, enum db_state kind, GError **error)
{
    note(kind == DB_WRITING ? VERB_BEGIN : VERB_BEGIN_READ, NULL, NULL, NULL, 0);
    return current->engine->begin(db, kind, error);
}

static gboolean watch_commit(struct db *db, GError **error)
{
    note(VERB_COMMIT, NULL, NULL, NULL, 0);
    return current->engine->commit(db, error);
}

static void watch_rollback(struct db *db)
{
    note(VERB_ROLLBACK, NULL, NULL, NULL, 0);
    current->engine->rollback(db);
}

static gboolean watch_script(struct db *db, const char *text, GError **error)
{
    note(VERB_SCRIPT, text, NULL, NULL, 0);
    return current->engine->script(db, text, error);
}

static gboolean watch_mark(struct db *db, enum db_mark mark, const char *text, GError **error)
{
    note(VERB_SCRIPT, text, NULL, NULL, 0);
    return current->engine->mark(db, mark, text, error);
}

struct recording *recording_start(struct db *db)
{
    struct recording *recording = g_new0(struct recording, 1);
    recording->db = db;
    recording->engine = db->engine;
    recording->watched = *db->engine;
    recording->watched.run = watch_run;
    recording->watched.put = watch_put;
    recording->watched.start = watch_start;
    recording->watched.ask = db->engine->ask ? watch_ask : NULL;
    recording->watched.begin = watch_begin;
    recording->watched.commit = watch_commit;
    recording->watched.rollback = watch_rollback;
    recording->watched.script = watch_script;
    recording->watched.mark = watch_mark;
    recording->operations = g_array_new(FALSE, FALSE, sizeof(struct operation));
    db->engine = &recording->watched;
    current = recording;
    return recording;
}

void recording_stop(struct recording *recording)
{
    recording->db->engine = recording->engine;
    current = NULL;
}

void recording_free(struct recording *recording)
{
    for (guint i = 0; i < recording->operations->len; i++) {
        struct operation *operation = &g_array_index(recording->operations, struct operation, i);
        for (size_t arg = 0; arg < operation->count; arg++)
            if (operation->args[arg].type == DB_TEXT || operation->args[arg].type == DB_BLOB)
                g_free((void *)(uintptr_t)operation->args[arg].bytes);
        g_free(operation->args);
    }
    g_array_free(recording->operations, TRUE);
    g_free(recording);
}

guint recording_statements(const struct recording *recording)
{
    return recording->statements;
}

guint recording_transactions(const struct recording *recording)
{
    return recording->transactions;
}

void recording_names(const struct recording *recording, void (*fn)(const char *name, void *data), void *data)
{
    for (guint i = 0; i < recording->operations->len; i++) {
        const struct operation *operation = &g_array_index(recording->operations, struct operation, i);
        if (operation->verb == VERB_RUN)
            fn(operation->name, data);
    }
}

void recording_texts(const struct recording *recording, void (*fn)(const char *text, void *data), void *data)
{
    GHashTable *seen = g_hash_table_new(NULL, NULL); /* texts are interned */
    for (guint i = 0; i < recording->operations->len; i++) {
        const struct operation *operation = &g_array_index(recording->operations, struct operation, i);
        if (operation->verb == VERB_RUN && g_hash_table_add(seen, (gpointer)(uintptr_t)operation->text))
            fn(operation->text, data);
    }
    g_hash_table_destroy(seen);
}

/* --- where the time goes -------------------------------------------------------------------------------- */

struct cost {
    const char *text;
    int64_t ns;
    guint count;
};

static void cost_add(GHashTable *costs, const char *text, int64_t ns)
{
    struct cost *cost = g_hash_table_lookup(costs, text);
    if (!cost) {
        cost = g_new0(struct cost, 1);
        cost->text = text;
        g_hash_table_insert(costs, (gpointer)(uintptr_t)text, cost);
    }
    cost->ns += ns;
    cost->count++;
}

static gint dearest_first(gconstpointer a, gconstpointer b)
{
    const struct cost *left = a, *right = b;
    return (left->ns < right->ns) - (left->ns > right->ns);
}

static void costs_print(GHashTable *costs, double seconds)
{
    enum { SHOWN = 4, WIDTH = 84 };
    GList *list = g_list_sort(g_hash_table_get_values(costs), dearest_first);
    int shown = 0;
    for (GList *item = list; item && shown < SHOWN; item = item->next, shown++) {
        const struct cost *cost = item->data;
        printf("  %4.0f %% of it %8.3f ms each: %.*s\n", (double)cost->ns / seconds / 1e7,
               (double)cost->ns / cost->count / 1e6, WIDTH, cost->text);
    }
    g_list_free(list);
}

/* --- SQLite --------------------------------------------------------------------------------------------- */

/* $3 may be the first parameter in the text: SQLite numbers them by appearance. */
static void bind_sqlite(sqlite3_stmt *statement, const struct operation *operation)
{
    for (size_t i = 0; i < operation->count; i++) {
        const struct db_value *value = &operation->args[i];
        char name[24];
        snprintf(name, sizeof name, "$%zu", i + 1);
        int at = sqlite3_bind_parameter_index(statement, name);
        if (at == 0)
            continue;
        switch (value->type) {
        case DB_NULL:
            sqlite3_bind_null(statement, at);
            break;
        case DB_INT:
            sqlite3_bind_int64(statement, at, value->number);
            break;
        case DB_TEXT:
            sqlite3_bind_text(statement, at, value->bytes, -1, SQLITE_STATIC);
            break;
        case DB_BLOB:
            sqlite3_bind_blob(statement, at, value->bytes, (int)value->number, SQLITE_STATIC);
            break;
        }
    }
}

static sqlite3_stmt *sqlite_statement(sqlite3 *handle, GHashTable *statements, const char *text)
{
    sqlite3_stmt *statement = g_hash_table_lookup(statements, text);
    if (!statement && sqlite3_prepare_v2(handle, text, -1, &statement, NULL) == SQLITE_OK)
        g_hash_table_insert(statements, (gpointer)(uintptr_t)text, statement);
    if (!statement)
        fprintf(stderr, "replay: %s: %s\n", text, sqlite3_errmsg(handle));
    return statement;
}

static const char *operation_text(const struct operation *operation)
{
    static const char *const CONTROL[] = {[VERB_BEGIN] = "BEGIN IMMEDIATE",
                                          [VERB_BEGIN_READ] = "BEGIN",
                                          [VERB_COMMIT] = "COMMIT",
                                          [VERB_ROLLBACK] = "ROLLBACK"};
    return operation->text ? operation->text : CONTROL[operation->verb];
}

static gboolean step_sqlite(sqlite3 *handle, GHashTable *statements, const struct operation *operation)
{
    if (operation->verb == VERB_SCRIPT)
        return sqlite3_exec(handle, operation->text, NULL, NULL, NULL) == SQLITE_OK;
    const char *text = operation_text(operation);
    sqlite3_stmt *statement = sqlite_statement(handle, statements, text);
    if (!statement)
        return FALSE;
    bind_sqlite(statement, operation);
    int rc;
    while ((rc = sqlite3_step(statement)) == SQLITE_ROW)
        continue;
    sqlite3_reset(statement);
    if (rc != SQLITE_DONE)
        fprintf(stderr, "replay: %s: %s\n", text, sqlite3_errmsg(handle));
    return rc == SQLITE_DONE;
}

static void finalize_one(gpointer statement)
{
    sqlite3_finalize(statement);
}

static gboolean open_sqlite(struct replay *replay, const char *path)
{
    static const char PRAGMAS[] =
        "PRAGMA foreign_keys = ON; PRAGMA synchronous = FULL; PRAGMA cache_size = -8192;"
        "PRAGMA temp_store = MEMORY; PRAGMA recursive_triggers = ON";
    return sqlite3_open(path, &replay->sqlite) == SQLITE_OK &&
           sqlite3_exec(replay->sqlite, PRAGMAS, NULL, NULL, NULL) == SQLITE_OK;
}

/* --- PostgreSQL ----------------------------------------------------------------------------------------- */

enum { ARGS_MAX = 64 };

static gboolean good(PGconn *conn, PGresult *result, const char *text)
{
    ExecStatusType status = PQresultStatus(result);
    gboolean ok = status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK;
    if (!ok)
        fprintf(stderr, "replay: %s: %s\n", text, PQerrorMessage(conn));
    PQclear(result);
    return ok;
}

static GArray *values_of(const struct operation *operation)
{
    GArray *values = g_array_new(FALSE, FALSE, sizeof(struct db_value));
    return g_array_append_vals(values, operation->args, (guint)operation->count);
}

static gboolean run_arrays(PGconn *conn, const char *name, const struct operation *operation)
{
    g_autoptr(GArray) args = values_of(operation);
    const struct db_put put = {.count = operation->columns, .values = args};
    GByteArray *arrays[ARGS_MAX] = {NULL};
    const char *values[ARGS_MAX] = {NULL};
    int lengths[ARGS_MAX] = {0}, formats[ARGS_MAX] = {0};
    for (size_t i = 0; i < put.count; i++) {
        unsigned type;
        arrays[i] = postgres_array(&put, i, &type);
        values[i] = (const char *)arrays[i]->data;
        lengths[i] = (int)arrays[i]->len;
        formats[i] = 1;
    }
    PGresult *result = PQexecPrepared(conn, name, (int)put.count, values, lengths, formats, 0);
    for (size_t i = 0; i < put.count; i++)
        g_byte_array_unref(arrays[i]);
    return good(conn, result, operation->text);
}

/* Of arrays the server has to be told what they are of. */
static gboolean prepare(PGconn *conn, const char *name, const struct operation *operation)
{
    g_autoptr(GArray) args = values_of(operation);
    const struct db_put put = {.count = operation->columns, .values = args};
    Oid types[ARGS_MAX] = {0};
    for (size_t i = 0; i < put.count; i++)
        g_byte_array_unref(postgres_array(&put, i, &types[i]));
    return good(conn, PQprepare(conn, name, operation->text, (int)put.count, types), operation->text);
}

static gboolean run_postgres(PGconn *conn, GHashTable *names, const struct operation *operation)
{
    char *name = g_hash_table_lookup(names, operation->text);
    if (!name) {
        name = g_strdup_printf("r%u", g_hash_table_size(names));
        g_hash_table_insert(names, (gpointer)(uintptr_t)operation->text, name);
        if (!prepare(conn, name, operation))
            return FALSE;
    }
    if (operation->columns)
        return run_arrays(conn, name, operation);
    const char *values[ARGS_MAX] = {NULL};
    int lengths[ARGS_MAX] = {0}, formats[ARGS_MAX] = {0};
    char numbers[ARGS_MAX][24];
    for (size_t i = 0; i < operation->count && i < ARGS_MAX; i++) {
        const struct db_value *value = &operation->args[i];
        values[i] = value->type == DB_NULL ? NULL : value->bytes;
        if (value->type == DB_INT) {
            snprintf(numbers[i], sizeof numbers[i], "%" G_GINT64_FORMAT, value->number);
            values[i] = numbers[i];
        } else if (value->type == DB_BLOB) {
            lengths[i] = (int)value->number;
            formats[i] = 1;
        }
    }
    return good(conn, PQexecPrepared(conn, name, (int)operation->count, values, lengths, formats, 0),
                operation->text);
}

static gboolean step_postgres(PGconn *conn, GHashTable *names, const struct operation *operation)
{
    static const char *const CONTROL[] = {[VERB_BEGIN] = "BEGIN",
                                          [VERB_BEGIN_READ] =
                                              "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
                                          [VERB_COMMIT] = "COMMIT",
                                          [VERB_ROLLBACK] = "ROLLBACK"};
    if (operation->verb == VERB_RUN)
        return run_postgres(conn, names, operation);
    const char *text = operation->verb == VERB_SCRIPT ? operation->text : CONTROL[operation->verb];
    return good(conn, PQexec(conn, text), text);
}

/* --- either --------------------------------------------------------------------------------------------- */

struct replay *replay_open(const struct recording *recording, const char *url)
{
    static const char SQLITE[] = "sqlite:";
    struct replay *replay = g_new0(struct replay, 1);
    replay->recording = recording;
    replay->costs = g_hash_table_new_full(NULL, NULL, NULL, g_free);
    if (g_str_has_prefix(url, SQLITE)) {
        replay->prepared = g_hash_table_new_full(NULL, NULL, NULL, finalize_one);
        if (open_sqlite(replay, url + strlen(SQLITE)))
            return replay;
    } else {
        replay->prepared = g_hash_table_new_full(NULL, NULL, NULL, g_free);
        replay->postgres = PQconnectdb(url);
        if (PQstatus(replay->postgres) == CONNECTION_OK)
            return replay;
    }
    replay_close(replay);
    return NULL;
}

/* Parts end with a transaction. */
static gboolean part_is_done(const struct replay *replay, int part, int parts)
{
    return replay->transactions >= replay->recording->transactions * (guint)(part + 1) / (guint)parts;
}

double replay_part(struct replay *replay, int part, int parts)
{
    const GArray *operations = replay->recording->operations;
    int64_t start = measure_now_ns();
    while (replay->at < operations->len && !part_is_done(replay, part, parts)) {
        const struct operation *operation = &g_array_index(operations, struct operation, replay->at++);
        int64_t before = measure_now_ns();
        if (!(replay->sqlite ? step_sqlite(replay->sqlite, replay->prepared, operation)
                             : step_postgres(replay->postgres, replay->prepared, operation)))
            return -1;
        cost_add(replay->costs, operation_text(operation), measure_now_ns() - before);
        replay->transactions += operation->verb == VERB_COMMIT;
    }
    double seconds = measure_seconds_since(start);
    replay->seconds += seconds;
    return seconds;
}

void replay_close(struct replay *replay)
{
    if (replay->seconds > 0)
        costs_print(replay->costs, replay->seconds);
    g_hash_table_destroy(replay->costs);
    g_hash_table_destroy(replay->prepared);
    sqlite3_close(replay->sqlite);
    if (replay->postgres)
        PQfinish(replay->postgres);
    g_free(replay);
}

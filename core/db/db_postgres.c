/* SPDX-License-Identifier: MIT
 *
 * Statements and transactions on PostgreSQL. What costs on a server is round trips, so BEGIN and the first
 * preparation of a statement travel with the statement itself in one pipeline, as do all writes before it whose
 * number of rows nobody asked for and the questions whose rows nobody has read yet; and results are read whole: other
 * statements may run while a caller walks over rows.
 */
#include <endian.h>
#include <libpq-fe.h>
#include <stdlib.h>
#include <string.h>

#include "core/db/db_postgres_array.h"
#include "core/db/db_postgres_link.h"
#include "core/db/engine.h"
#include "core/db/put.h"

enum { MAX_PARAMS = 64 };

/* Of pg_type, where they have stood since the beginning. */
enum { OID_UNKNOWN = 0, OID_BOOL = 16, OID_BYTEA = 17, OID_INT8 = 20, OID_INT2 = 21, OID_INT4 = 23, OID_TEXT = 25 };

struct postgres_db {
    struct db db;
    struct link link;
    const char *begin;   /* not sent yet; NULL when none is due */
    unsigned statements; /* prepared so far, for their names */
    enum { PLANS_BY_VALUES, PLANS_ONCE, PLANS_SOMEHOW } plans; /* the session; what failed may have taken it back */
};

struct postgres_rows {
    struct rows rows;
    char name[24]; /* on the server; "" while not prepared */
    size_t params;
    Oid types[MAX_PARAMS];
    struct link_answer answer;
    int row;
    GPtrArray *blobs; /* decoded ones of the current row */
};

static struct postgres_db *of(struct db *db)
{
    return (struct postgres_db *)db;
}

static gboolean fail(struct postgres_db *db, const PGresult *result, const char *what, GError **error)
{
    db->db.silent = db->link.silent;
    return link_fail(&db->link, result, what, error);
}

/* The answers of all that was sent. */
static gboolean settle(struct postgres_db *db, GError **error)
{
    gboolean good = link_settle(&db->link, error);
    if (!good)
        db->plans = PLANS_SOMEHOW;
    db->db.silent = db->link.silent;
    return good;
}

/* --- opening -------------------------------------------------------------------------------------------- */

static gboolean postgres_connect(struct db *base, GError **error)
{
    struct postgres_db *db = of(base);
    db->begin = NULL;
    db->plans = PLANS_BY_VALUES;
    db->link.patience_ms = base->patience_ms;
    gboolean open = link_connect(&db->link, base->url, error);
    db->db.silent = db->link.silent;
    return open;
}

static void postgres_disconnect(struct db *base)
{
    link_close(&of(base)->link);
}

/* --- statements ----------------------------------------------------------------------------------------- */

static gboolean has_word(const char *text, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = text; (at = strstr(at, word)); at += length)
        if ((at == text || !g_ascii_isalnum(at[-1])) && !g_ascii_isalnum(at[length]) && at[length] != '_')
            return TRUE;
    return FALSE;
}

static gboolean only_reads(const char *text)
{
    static const char *const WRITES[] = {"INSERT", "UPDATE", "DELETE", "FOR SHARE"};
    while (g_ascii_isspace(*text) || *text == '(')
        text++;
    gboolean reads = g_str_has_prefix(text, "SELECT") || g_str_has_prefix(text, "WITH") ||
                     g_str_has_prefix(text, "VALUES") || g_str_has_prefix(text, "SHOW");
    for (size_t i = 0; reads && i < G_N_ELEMENTS(WRITES); i++)
        reads = !has_word(text, WRITES[i]);
    return reads;
}

static struct rows *postgres_prepare(struct db *base, const char *name, const char *text, GError **error)
{
    struct postgres_rows *rows = g_new0(struct postgres_rows, 1);
    (void)base, (void)name, (void)error;
    rows->rows.reads = only_reads(text);
    rows->blobs = g_ptr_array_new_with_free_func(g_free);
    return &rows->rows;
}

/* A SELECT has to find so many rows. The logarithm of nothing and the root of less have errors of their own (2201E, 2201F), and no other statement takes
 * one. */
static char *postgres_insist(const char *text, size_t n, enum err otherwise)
{
    return g_strdup_printf("WITH changed AS (%s%s) SELECT %s(CASE WHEN COUNT(*) = $%zu THEN 1 ELSE %s END) FROM changed",
                           text, g_str_has_prefix(text, "SELECT") ? "" : " RETURNING 1", otherwise == ERR_WRITER_LOST ? "sqrt" : "ln", n, otherwise == ERR_WRITER_LOST ? "-1" : "0");
}

static void postgres_finish(struct rows *base)
{
    struct postgres_rows *rows = (struct postgres_rows *)base;
    g_ptr_array_set_size(rows->blobs, 0);
    if (rows->answer.due)
        link_forget(&of(base->db)->link, &rows->answer);
    link_answer_clear(&rows->answer);
}

static void postgres_unprepare(struct rows *base)
{
    struct postgres_rows *rows = (struct postgres_rows *)base;
    postgres_finish(base);
    link_forget(&of(base->db)->link, rows->name);
    rows->name[0] = '\0';
}

static void postgres_forget(struct rows *base)
{
    struct postgres_rows *rows = (struct postgres_rows *)base;
    postgres_unprepare(base);
    g_ptr_array_free(rows->blobs, TRUE);
    g_free(rows);
}

static Oid type_of(const struct db_value *value)
{
    static const Oid TYPES[] = {
        [DB_NULL] = OID_UNKNOWN, [DB_INT] = OID_INT8, [DB_TEXT] = OID_TEXT, [DB_BLOB] = OID_BYTEA};
    return TYPES[value->type];
}

/* The server is told the types of the arguments: left to itself it takes "$1 > 5" for four bytes. A parameter
 * that was NULL so far and is something now is prepared anew. */
static gboolean settle_types(struct postgres_rows *rows, const Oid *types, size_t count, GError **error)
{
    if (count > MAX_PARAMS || (rows->name[0] && count != rows->params))
        return err_set(error, ERR_DB_SQL, rows->rows.name, "wrong number of arguments");
    for (size_t i = 0; i < count; i++) {
        if (types[i] == OID_UNKNOWN || types[i] == rows->types[i])
            continue;
        rows->types[i] = types[i];
        rows->name[0] = '\0';
    }
    rows->params = count;
    return TRUE;
}

struct wire {
    const char *values[MAX_PARAMS];
    int lengths[MAX_PARAMS], formats[MAX_PARAMS];
    uint64_t numbers[MAX_PARAMS];
    Oid types[MAX_PARAMS];
};

static void to_wire(struct wire *wire, size_t at, const struct db_value *value)
{
    wire->types[at] = type_of(value);
    wire->numbers[at] = htobe64((uint64_t)value->number);
    wire->values[at] = value->type == DB_INT ? (const char *)&wire->numbers[at] : value->bytes;
    wire->lengths[at] = value->type == DB_INT ? (int)sizeof wire->numbers[at] : (int)value->number;
    wire->formats[at] = value->type == DB_INT || value->type == DB_BLOB;
    if (value->type == DB_BLOB && value->number == 0)
        wire->values[at] = "";
}

/* What events write and are judged by is found by ids, whatever those are: planned once, not anew for the first five times, or
 * for ever where a list of ids seems to promise more. */
static const char PLANNED_ONCE[] = "SET LOCAL plan_cache_mode = force_generic_plan";

/* And what is asked outside of a transaction: db_plan_once(). */
static const char *const PLANS[] = {[PLANS_BY_VALUES] = "SET plan_cache_mode = auto",
                                    [PLANS_ONCE] = "SET plan_cache_mode = force_generic_plan"};

/* The log is flushed in its order, so the next commit that waits brings this one to the disk, too. */
static const char NOT_WAITED_FOR[] = "SET LOCAL synchronous_commit = off";

/* How the session plans, when that changes. */
static const char *send_plans(struct postgres_db *db)
{
    gboolean outside = !db->begin && db->db.state == DB_IDLE, differs = db->plans != (db->db.plans_once ? PLANS_ONCE : PLANS_BY_VALUES);
    if (!outside || !differs)
        return NULL;
    db->plans = db->db.plans_once ? PLANS_ONCE : PLANS_BY_VALUES;
    return PLANS[db->plans];
}

/* BEGIN when it is due, and room for as many more. */
static gboolean send_begin(struct postgres_db *db, unsigned more, GError **error)
{
    const char *begin = db->begin;
    gboolean writes = begin && db->db.state == DB_WRITING, once = writes || (begin && db->db.plans_once);
    const char *const texts[] = {send_plans(db), begin, once ? PLANNED_ONCE : NULL,
                                 writes && db->db.leaves_sync ? NOT_WAITED_FOR : NULL};
    if (db->link.ahead + more + G_N_ELEMENTS(texts) > LINK_AHEAD_MAX && !settle(db, error))
        return FALSE;
    db->begin = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        if (texts[i] && !link_send(&db->link, texts[i], NULL))
            return fail(db, NULL, texts[i], error);
    return TRUE;
}

static gboolean send_preparation(struct postgres_rows *rows)
{
    struct link *link = &of(rows->rows.db)->link;
    g_snprintf(rows->name, sizeof rows->name, "packline_%u", ++of(rows->rows.db)->statements);
    if (PQsendPrepare(link->conn, rows->name, rows->rows.sent, (int)rows->params, rows->types))
        return link_sent(link, rows->rows.name, NULL, rows->name);
    rows->name[0] = '\0';
    return FALSE;
}

/* With what is due before it; answer is NULL when nobody reads it. */
static gboolean send_wire(struct postgres_rows *rows, const struct wire *wire, size_t count, struct link_answer *answer,
                          GError **error)
{
    struct postgres_db *db = of(rows->rows.db);
    if (!settle_types(rows, wire->types, count, error) || !send_begin(db, 2, error))
        return FALSE;
    link_pipeline(&db->link);
    if ((!rows->name[0] && !send_preparation(rows)) ||
        !PQsendQueryPrepared(db->link.conn, rows->name, (int)count, wire->values, wire->lengths, wire->formats, 0))
        return fail(db, NULL, rows->rows.name, error);
    rows->row = -1;
    return link_sent(&db->link, rows->rows.name, answer, NULL);
}

static gboolean send(struct postgres_rows *rows, const struct db_value *args, size_t count, struct link_answer *answer,
                     GError **error)
{
    struct wire wire;
    for (size_t i = 0; i < count && i < MAX_PARAMS; i++)
        to_wire(&wire, i, &args[i]);
    return send_wire(rows, &wire, count, answer, error);
}

static gboolean postgres_ask(struct rows *base, const struct db_value *args, size_t count, GError **error)
{
    struct postgres_rows *rows = (struct postgres_rows *)base;
    return send(rows, args, count, &rows->answer, error);
}

static gboolean postgres_start(struct rows *base, const struct db_value *args, size_t count, GError **error)
{
    if (!postgres_ask(base, args, count, error))
        return FALSE;
    if (settle(of(base->db), error))
        return TRUE;
    postgres_finish(base);
    return FALSE;
}

/* When nobody asks how many rows it changed, it goes ahead of the next statement, or of the transaction's end. */
static gboolean postgres_run(struct rows *base, const struct db_value *args, size_t count, int64_t *changed,
                             GError **error)
{
    struct postgres_rows *rows = (struct postgres_rows *)base;
    if (!changed && base->db->state == DB_WRITING)
        return send(rows, args, count, NULL, error);
    if (!postgres_start(base, args, count, error))
        return FALSE;
    if (changed)
        *changed = strtoll(PQcmdTuples(rows->answer.result), NULL, 10);
    postgres_finish(base);
    return TRUE;
}

/* --- many rows --------------------------------------------------------------------------------------------- */

static char *text_of_arrays(struct db *base, const struct sql *sql, size_t count)
{
    (void)base;
    return put_text_of_arrays(sql, count);
}

static char *insist_on_arrays(struct db *base, const struct sql *sql, size_t count)
{
    g_autofree char *text = text_of_arrays(base, sql, count);
    return postgres_insist(text, count + 1, ERR_DB_SERIALIZE);
}

static gboolean postgres_put(struct db *base, const struct db_put *put, size_t *done, GError **error)
{
    struct rows *rows = put->must ? db_statement_made(base, put->sql, DB_MADE_MANY_MUST, insist_on_arrays, put->count, error)
                                  : db_statement_made(base, put->sql, DB_MADE_MANY, text_of_arrays, put->count, error);
    GByteArray *arrays[MAX_PARAMS] = {NULL};
    struct wire wire;
    const struct db_value all = db_int((int64_t)put_rows(put));
    for (size_t i = 0; rows && i < put->count; i++) {
        arrays[i] = postgres_array(put, i, &wire.types[i]);
        wire.values[i] = (const char *)arrays[i]->data;
        wire.lengths[i] = (int)arrays[i]->len;
        wire.formats[i] = 1;
    }
    if (put->must)
        to_wire(&wire, put->count, &all);
    gboolean sent = rows && send_wire((struct postgres_rows *)rows, &wire, put->count + (put->must != 0), NULL, error);
    for (size_t i = 0; rows && i < put->count; i++)
        g_byte_array_unref(arrays[i]);
    *done = put_rows(put);
    return sent;
}

/* One of those before it may have failed and it not: its rows are good, the transaction is not. */
static void fetch(struct postgres_db *db)
{
    GError *failure = NULL;
    if (!settle(db, &failure))
        db_fail(&db->db, failure, NULL);
}

static int postgres_next(struct rows *base, GError **error)
{
    struct postgres_rows *rows = (struct postgres_rows *)base;
    g_ptr_array_set_size(rows->blobs, 0);
    if (rows->answer.due)
        fetch(of(base->db));
    if (rows->answer.failure) {
        g_propagate_error(error, g_steal_pointer(&rows->answer.failure));
        return -1;
    }
    return ++rows->row < PQntuples(rows->answer.result);
}

/* A comparison is a boolean here and 0 or 1 in SQLite. */
static const char *postgres_text(struct rows *base, int column)
{
    struct postgres_rows *rows = (struct postgres_rows *)base;
    const char *text = PQgetvalue(rows->answer.result, rows->row, column);
    if (PQftype(rows->answer.result, column) == OID_BOOL && text[0])
        return text[0] == 't' ? "1" : "0";
    return text;
}

static int64_t postgres_int(struct rows *base, int column)
{
    return strtoll(postgres_text(base, column), NULL, 10);
}

static const void *postgres_blob(struct rows *base, int column, size_t *length)
{
    struct postgres_rows *rows = (struct postgres_rows *)base;
    const char *text = PQgetvalue(rows->answer.result, rows->row, column);
    if (PQftype(rows->answer.result, column) != OID_BYTEA) {
        *length = strlen(text);
        return text;
    }
    unsigned char *bytes = PQunescapeBytea((const unsigned char *)text, length);
    gpointer copy = g_memdup2(bytes, *length);
    PQfreemem(bytes);
    if (copy)
        g_ptr_array_add(rows->blobs, copy);
    return copy;
}

static gboolean postgres_is_null(struct rows *base, int column)
{
    struct postgres_rows *rows = (struct postgres_rows *)base;
    return PQgetisnull(rows->answer.result, rows->row, column);
}

static enum db_type postgres_type(struct rows *base, int column)
{
    Oid type = PQftype(((struct postgres_rows *)base)->answer.result, column);
    gboolean number = type == OID_BOOL || type == OID_INT2 || type == OID_INT4 || type == OID_INT8;
    return postgres_is_null(base, column) ? DB_NULL : number ? DB_INT : type == OID_BYTEA ? DB_BLOB : DB_TEXT;
}

/* --- transactions --------------------------------------------------------------------------------------- */

/* A transaction may be sent whole, COMMIT and all, and what has become of it is not known when the link is lost then. So
 * a server that was restarted meanwhile is noticed before anything is sent. */
static gboolean postgres_begin(struct db *base, enum db_state kind, GError **error)
{
    base->stale = base->stale || !link_alive(&of(base)->link);
    if (link_part_is_open(&of(base)->link)) /* asked outside of it, and not read any more */
        settle(of(base), NULL);
    if (!db_ready(base, error))
        return FALSE;
    of(base)->begin = kind == DB_WRITING ? "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
                                         : "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
    return TRUE;
}

/* What it says itself: something that was asked to travel with it may have failed, and is told to whoever reads it. The
 * answer to COMMIT is ROLLBACK when a statement had failed before. */
static gboolean committed(struct postgres_db *db, struct link_answer *answer, GError **error)
{
    GError *failure = NULL;
    gboolean done = settle(db, &failure) || (!answer->failure && answer->result);
    if (answer->failure)
        g_propagate_error(error, g_steal_pointer(&answer->failure));
    else if (!done)
        g_propagate_error(error, g_steal_pointer(&failure));
    else if (strcmp(PQcmdStatus(answer->result), "COMMIT") != 0)
        done = err_set(error, ERR_DB_SQL, "COMMIT", PQcmdStatus(answer->result));
    g_clear_error(&failure);
    return done;
}

static gboolean commit_write(struct postgres_db *db, GError **error)
{
    struct link_answer answer = {0};
    if (!link_send(&db->link, "COMMIT", &answer))
        return fail(db, NULL, "COMMIT", error);
    db_ask_ahead(&db->db);
    gboolean done = committed(db, &answer, error);
    link_answer_clear(&answer);
    return done;
}

/* The end of a snapshot is not waited for: nothing can come of it. */
static gboolean postgres_commit(struct db *base, GError **error)
{
    struct postgres_db *db = of(base);
    if (db->begin) { /* nothing was asked inside */
        db->begin = NULL;
        return TRUE;
    }
    if (!send_begin(db, 2, error))
        return FALSE;
    if (base->state == DB_WRITING)
        return commit_write(db, error);
    if (!link_send(&db->link, "COMMIT", NULL))
        return fail(db, NULL, "COMMIT", error);
    link_part(&db->link);
    return TRUE;
}

/* Like the end of a snapshot it is not waited for: the server comes to it before anything else. */
static void postgres_rollback(struct db *base)
{
    struct postgres_db *db = of(base);
    GError *ignored = NULL;
    db->begin = NULL;
    settle(db, &ignored);
    g_clear_error(&ignored);
    PGTransactionStatusType status = PQtransactionStatus(db->link.conn);
    if (status == PQTRANS_IDLE)
        return;
    if (status == PQTRANS_UNKNOWN || !link_send(&db->link, "ROLLBACK", NULL))
        base->stale = TRUE;
    else
        link_part(&db->link);
}

static gboolean postgres_script(struct db *base, const char *text, GError **error)
{
    struct postgres_db *db = of(base);
    if (!send_begin(db, 0, error) || !settle(db, error))
        return FALSE;
    g_autoptr(PGresult) result = link_exec(&db->link, text);
    return link_good(result) || fail(db, result, text, error);
}

/* Making one is sent ahead; letting go of it, or going back to it, says how all went that was done since. Going back
 * comes after what has failed, so that it is not skipped with it. */
static gboolean postgres_mark(struct db *base, enum db_mark mark, const char *text, GError **error)
{
    struct postgres_db *db = of(base);
    GError *undone = NULL;
    if (mark == DB_MARK_BACK && !settle(db, &undone))
        g_clear_error(&undone);
    if (!send_begin(db, 1, error))
        return FALSE;
    if (!link_send(&db->link, text, NULL))
        return fail(db, NULL, text, error);
    return mark == DB_MARK_MAKE || settle(db, error);
}

/* --- COPY ----------------------------------------------------------------------------------------------- */

static gboolean postgres_insert_many(struct db *base, const char *table, const char *columns_list,
                                     const struct db_value *values, size_t rows, size_t columns, GError **error)
{
    struct postgres_db *db = of(base);
    if (!send_begin(db, 0, error) || !settle(db, error))
        return FALSE;
    g_autofree char *text = g_strdup_printf("COPY %s (%s) FROM STDIN", table, columns_list);
    g_autoptr(PGresult) ready = link_exec(&db->link, text);
    if (PQresultStatus(ready) != PGRES_COPY_IN)
        return fail(db, ready, table, error);
    gboolean sent = link_put_rows(&db->link, values, rows, columns);
    g_autoptr(PGresult) result = link_next(&db->link);
    return (sent && link_good(result)) || fail(db, result, table, error);
}

static gboolean postgres_scrub(struct db *base, const char *tables, gboolean *gone, GError **error)
{
    g_autofree char *text = g_strconcat("VACUUM ", tables, NULL);
    return *gone = postgres_script(base, text, error);
}

static void postgres_set_patience(struct db *base)
{
    of(base)->link.patience_ms = base->patience_ms;
}

static uint64_t postgres_round_trips(const struct db *base)
{
    return ((const struct postgres_db *)base)->link.round_trips;
}

static const struct engine ENGINE = {
    .id = DB_POSTGRES,
    .db_size = sizeof(struct postgres_db),
    .connect = postgres_connect,
    .disconnect = postgres_disconnect,
    .prepare = postgres_prepare,
    .forget = postgres_forget,
    .unprepare = postgres_unprepare,
    .insist = postgres_insist,
    .run = postgres_run,
    .put = postgres_put,
    .start = postgres_start,
    .ask = postgres_ask,
    .next = postgres_next,
    .finish = postgres_finish,
    .column_int = postgres_int,
    .column_text = postgres_text,
    .column_blob = postgres_blob,
    .column_is_null = postgres_is_null,
    .column_type = postgres_type,
    .begin = postgres_begin,
    .commit = postgres_commit,
    .rollback = postgres_rollback,
    .script = postgres_script,
    .mark = postgres_mark,
    .lock_schema = "SET LOCAL lock_timeout = 0; SELECT pg_advisory_xact_lock(5784148)",
    .insert_many = postgres_insert_many,
    .advisory = {"advisory_lock",
                 "SELECT pg_advisory_xact_lock(CAST(id AS BIGINT)) FROM unnest(string_to_array($1, ',')) AS id"},
    .live = {"live", "SELECT CASE WHEN pg_try_advisory_lock($1) THEN 1 ELSE 0 END"},
    .lives = {"lives", "SELECT (CAST(classid AS BIGINT) << 32) | CAST(objid AS BIGINT) FROM pg_locks "
                       "WHERE locktype = 'advisory' AND objsubid = 1 AND CAST(classid AS BIGINT) > 2147483647 "
                       "AND granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"},
    .set_patience = postgres_set_patience,
    .scrub = postgres_scrub,
    .round_trips = postgres_round_trips,
    /* A record in the log and a transaction's number: a commit without both is not waited for. No slot reads it. */
    .touch = {"touch", "SELECT pg_logical_emit_message(TRUE, 'packline', '')"},
    .data_version = {"data_version", "SELECT CAST(COALESCE(SUM(sequence), 0) AS BIGINT) FROM writer"},
    .tables = {"tables", "SELECT COUNT(*), COUNT(*) FILTER (WHERE tablename = 'schema_version')"
                         " FROM pg_tables WHERE schemaname = current_schema()"},
};

const struct engine *engine_postgres(void)
{
    return &ENGINE;
}

/* SPDX-License-Identifier: MIT
 *
 * Private to core/db: what an engine does for db.c. An engine embeds struct db and struct rows as the first
 * member of its own structs. Its functions fill *error (never NULL here) with the codes of error_list.h;
 * transactions, retries, savepoints and the statement cache are db.c's and are the same for both.
 */
#pragma once

#include "core/base/error.h"
#include "core/db/db.h"

enum db_state { DB_IDLE, DB_WRITING, DB_READING };

/* What is done to a savepoint. */
enum db_mark { DB_MARK_MAKE, DB_MARK_RELEASE, DB_MARK_BACK };

enum db_look { DB_LOOK_BEFORE, DB_LOOK_AFTER };

struct db {
    const struct engine *engine;
    char *url;
    enum db_mode mode;
    enum db_state state;
    struct db_lock *lock;   /* of the file beside a SQLite database; NULL for a server */
    int64_t life;           /* of db_life_begin(); 0: none has begun */
    gboolean stale;         /* reconnect before the next use: the link is lost, or BUSY came too often */
    unsigned patience_ms;   /* of db_set_patience() */
    gboolean upkeep_idle;   /* db_leave_upkeep() was called */
    GError *retired;        /* of db_retire() */
    gboolean silent;        /* the link was lost because the server did not answer in time */
    unsigned busy_in_row;   /* transactions that could not begin, since the last that could */
    gboolean plans_once;    /* db_plan_once() */
    gboolean leaves_sync;   /* inside of db_transaction_unsynced() */
    gboolean unsynced;      /* something was committed by it since, and is perhaps not on the disk */
    gboolean rests;         /* db_rests_on_others() was called in the open transaction */
    gboolean committing;    /* COMMIT was sent: from here on a lost link leaves the outcome unknown */
    unsigned savepoints;    /* open ones */
    unsigned cursors;       /* rows being stepped */
    GError *failure;        /* the first statement that failed in the open transaction */
    GHashTable *statements; /* const struct sql *, or what db_must_change() has instead -> struct rows * */
    GArray *locked;         /* struct db_advisory, in their order */
    GArray *finding;        /* struct db_finding: what db_advisory_find() asked and nobody has read */
    GArray *puts;           /* struct db_put: rows of db_put() that were not sent yet */
    GStringChunk *put_bytes;
    guint put_rows;
    db_ahead ahead;         /* of db_ask_after() */
    void *ahead_data;
    GHashTable *inserts;    /* "table(columns)" -> struct sql *, for db_insert_many() */
};

/* What is being locked. */
struct db_finding {
    int rank;
    struct rows *rows;
};

struct db_put;

/* A prepared statement and the cursor over its rows. */
struct rows {
    struct db *db;
    char *name, *text; /* copies: a row on somebody's stack may be another one next time */
    char *sent;        /* the text the engine got: row locks as it writes them */
    gboolean reads;    /* it changes nothing */
    gboolean open;     /* it is being stepped */
};

struct engine {
    enum db_engine id;
    size_t db_size;

    gboolean (*connect)(struct db *db, GError **error);
    void (*disconnect)(struct db *db);

    /* name, text and sent are set by db.c; sets reads. NULL when the statement is refused. */
    struct rows *(*prepare)(struct db *db, const char *name, const char *text, GError **error);
    void (*forget)(struct rows *rows);
    /* The link is gone: the statement is prepared anew when it is used again. NULL: it is forgotten with the link. */
    void (*unprepare)(struct rows *rows);

    /* The text of a write such that it fails by itself, with ERR_DB_SERIALIZE or ERR_WRITER_LOST, unless it changes as
     * many rows as its parameter n says. NULL: nobody is saved a wait by that. Caller frees. */
    char *(*insist)(const char *text, size_t n, enum err otherwise);

    gboolean (*run)(struct rows *rows, const struct db_value *args, size_t count, int64_t *changed, GError **error);
    /* Writes the first rows of a put, as many as it takes at once: *done of them; the rest is run one by one. */
    gboolean (*put)(struct db *db, const struct db_put *put, size_t *done, GError **error);
    gboolean (*start)(struct rows *rows, const struct db_value *args, size_t count, GError **error);
    gboolean (*ask)(struct rows *rows, const struct db_value *args, size_t count, GError **error); /* NULL: start */
    int (*next)(struct rows *rows, GError **error);
    void (*finish)(struct rows *rows);
    int64_t (*column_int)(struct rows *rows, int column);
    const char *(*column_text)(struct rows *rows, int column);
    const void *(*column_blob)(struct rows *rows, int column, size_t *length);
    gboolean (*column_is_null)(struct rows *rows, int column);
    enum db_type (*column_type)(struct rows *rows, int column);

    gboolean (*begin)(struct db *db, enum db_state kind, GError **error);
    gboolean (*commit)(struct db *db, GError **error);
    void (*rollback)(struct db *db);

    /* Several statements without parameters and rows. */
    gboolean (*script)(struct db *db, const char *text, GError **error);

    /* The savepoint statement text. RELEASE fails with what has failed since the savepoint was made. */
    gboolean (*mark)(struct db *db, enum db_mark mark, const char *text, GError **error);

    /* A script inside a transaction that keeps other programs from migrating too. NULL: to write does that. */
    const char *lock_schema;

    gboolean (*insert_many)(struct db *db, const char *table, const char *columns_list,
                            const struct db_value *values, size_t rows, size_t columns, GError **error);

    struct sql advisory;     /* $1 is "1,2,3"; no text: nothing to wait for */
    /* Of a server: takes the lock $1 for the session, 1 or 0; all such locks. */
    struct sql live, lives;
    void (*set_patience)(struct db *db); /* this and the next NULL: it waits for no server */
    uint64_t (*round_trips)(const struct db *db);

    /* scrub.h */
    gboolean (*scrub)(struct db *db, const char *tables, gboolean *gone, GError **error);

    /* After a write transaction, with no lock held, and when idle. NULL: the server does it. */
    void (*upkeep)(struct db *db, gboolean idle);

    /* Whether it is still the database that was opened, before and after a transaction: ERR_DB_REPLACED. And whether a
     * lock could not be let go of, which shuts out everybody until this connection is closed. NULL: the server sees to
     * it. */
    gboolean (*look)(struct db *db, enum db_look when, GError **error);
    gboolean (*is_jammed)(const struct db *db);

    /* Changes nothing that anybody reads, but the transaction's commit writes and syncs the log: an empty one's does not. */
    struct sql touch;
    struct sql data_version; /* one row, one integer */
    struct sql tables;       /* number of tables; 1 when schema_version is among them */
};

const struct engine *engine_sqlite(void);
const struct engine *engine_postgres(void);

/* Whether a URL of the engine may be used: well formed and without a password. */
gboolean sqlite_url_check(const char *url, GError **error);
gboolean postgres_url_check(const char *url, GError **error);

/* The prepared statement of a row, from the cache or made now. */
struct rows *db_statement(struct db *db, const struct sql *sql, GError **error);

/* Another statement that is made of the same row: kept by an address within the row that is nobody's. make is asked for its
 * text when it is not kept yet. */
enum db_made { DB_MADE_MUST = 1, DB_MADE_MANY, DB_MADE_MANY_MUST, DB_MADE_ONE };
struct rows *db_statement_made(struct db *db, const struct sql *sql, enum db_made made,
                               char *(*make)(struct db *db, const struct sql *sql, size_t count), size_t count, GError **error);

/* Sends what waits of db_put(). */
gboolean db_put_all(struct db *db, GError **error);

/* db.c for transaction.c. Reconnects when that is due and nothing is under way; FALSE as well, with the first error,
 * when a statement of the open transaction has failed; and what is done when one fails: it is remembered, db_fail()
 * also hands it on and is FALSE. db_look() retires a connection whose database is not the same any more; db_unjam()
 * closes and opens one that shuts out the others; FALSE when it does not. */
gboolean db_ready(struct db *db, GError **error);
gboolean db_look(struct db *db, enum db_look when, GError **error);
gboolean db_unjam(struct db *db);
gboolean db_usable(struct db *db, GError **error);
void db_note_failure(struct db *db, const GError *failure);
void db_ask_ahead(struct db *db); /* for an engine whose COMMIT was sent and not answered yet: what is to travel with it */
gboolean db_fail(struct db *db, GError *failure, GError **error);

/* Lives on, on a connection that was opened anew. */
void db_life_again(struct db *db);

/* The path of a SQLite database's file. NULL for PostgreSQL. */
const char *sqlite_path(const struct db *db);

/* Calls fn now and then during a long statement of SQLite; NULL: no more. */
void sqlite_while_busy(struct db *db, void (*fn)(void *data), void *data);

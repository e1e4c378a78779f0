/* SPDX-License-Identifier: MIT
 *
 * core/db: one SQL text, two engines.
 *
 * One interface over SQLite and PostgreSQL. The SQL is one text for both, in the common subset, with
 * parameters $1 $2 ... that are bound by their number. Statements are rows of a table beside the module that
 * uses them:
 *
 *     enum { SHIPMENT_BUMP, ... };
 *     static const struct sql SQL[] = {
 *         [SHIPMENT_BUMP] = {"shipment_bump",
 *                            "UPDATE shipment SET version = version + 1 WHERE id = $1 AND version = $2"},
 *     };
 *     if (!db_exec(db, &SQL[SHIPMENT_BUMP], DB_ARGS(id, version), &changed, error)) ...
 *
 * A statement is prepared once a connection and kept, by the address of its row. A struct db belongs to one thread. The
 * two engines differ only in db_insert_many(), db_claim(), the mark {share_lock} at the end of a SELECT (its rows stay
 * as they are until the transaction ends; SQLite has one writer and takes no lock), {lock:id} of db_advisory_find() and the
 * migrations' mark-up.
 *
 * A statement about a list of rows takes their ids as one parameter, a text made by db_id_list(), and reads it with the
 * mark {in:$n}: "SELECT ... WHERE id {in:$1}". It does not stand under an OR, so that each id is looked up in the index; the
 * rows come in no order. What rows say is looked up likewise, "id {among:SELECT ...}", in which other marks may stand; and
 * {texts:$n} is {in:$n} of a list of texts, ["a","b"].
 */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/autoptr.h"
#include "core/db/value.h"

struct db;

enum db_engine { DB_SQLITE, DB_POSTGRES };

enum db_mode {
    DB_USE,    /* an existing database of this program's schema version; anything else is an error */
    DB_CREATE, /* make it when missing, switch to WAL, bring the schema up to date (a SQLite file is copied
                  first) */
    DB_INSPECT, /* open without looking at the schema: for doctor */
    DB_STILL    /* read a SQLite file that nobody writes, of this program's schema version, wherever it lies: a backup. Nothing
                  is made beside it; a -wal there is not read */
};

/* Opens sqlite:PATH or postgresql://... A password in the URL, a network file system, a newer schema and a
 * connection that does not keep synchronous=FULL are refused. NULL with *error on failure. */
struct db *db_open(const char *url, enum db_mode mode, GError **error);
void db_close(struct db *db);
DEFINE_AUTOPTR(db, db_close)

enum db_engine db_engine_of(const struct db *db);

/* How long a server may be silent before its link counts as lost (ERR_DB_LOST): DB_PATIENCE_MS at first; 0 for
 * statements that take as long as they need. No change to SQLite, whose own limit is 5 s for the lock. */
enum { DB_PATIENCE_MS = 10000 };
void db_set_patience(struct db *db, unsigned patience_ms);

/* How often this connection has waited for the server so far, which is what costs on a network; 0 in SQLite. */
uint64_t db_round_trips(const struct db *db);

/* From now on what is asked finds few rows by what is in an index, whatever the values are: PostgreSQL plans it once, not anew at
 * each call, as in a transaction that writes. FALSE: it is planned for its values, where those seem to matter. */
void db_plan_once(struct db *db, gboolean once);

/* SQLite's log has to be brought into the database now and then (a checkpoint: some ten writes and two syncs at places
 * all over the file). Whoever finds it long after a commit does it. Where somebody waits for every commit, it is
 * left to the pauses: after db_leave_upkeep() only db_upkeep() does it, or a commit that finds the log far too long. */
void db_leave_upkeep(struct db *db);
void db_upkeep(struct db *db);

/* --- statements ----------------------------------------------------------------------------------------- */

struct sql {
    const char *name; /* unique in the program, for the server's prepared statement and for messages */
    const char *text;
};

/* Runs a statement that returns no rows. *changed gets the number of rows it changed. With changed NULL a write on
 * PostgreSQL does not wait for its answer: that it failed is told by a later statement, by the end of the savepoint or
 * of the transaction. A write outside of a transaction runs in one of its own. */
gboolean db_exec(struct db *db, const struct sql *sql, const struct db_value *args, size_t count,
                 int64_t *changed, GError **error);

/* Runs a write that has to change exactly so many rows: something else is changed by another station, and the
 * transaction fails with ERR_DB_SERIALIZE, which db_transaction() tries again. On PostgreSQL it does not wait for its
 * answer, like db_exec(), so TRUE does not say that it went well; it does fail by itself, whether anybody looks before
 * the commit or not. sql is a plain UPDATE, DELETE or INSERT without RETURNING, or a SELECT that has to find so many. Inside
 * db_transaction(). */
gboolean db_must_change(struct db *db, const struct sql *sql, const struct db_value *args, size_t count, int64_t rows,
                        GError **error);

/* One row of a write that has many: "INSERT ... VALUES ($1, $2, ...)", "UPDATE ... SET ... WHERE ..." or "DELETE ... WHERE ...",
 * a row of its own each. Rows of one sql are sent together, before anything else is sent or when the transaction ends; what
 * fails is told then. must: it has to change its row, as with db_must_change(). Inside db_transaction(). */
gboolean db_put(struct db *db, const struct sql *sql, const struct db_value *args, size_t count, gboolean must,
                GError **error);

/* The same of one row, and when it is not there it fails with ERR_WRITER_LOST. */
gboolean db_must_find(struct db *db, const struct sql *sql, const struct db_value *args, size_t count, GError **error);

/* Starts a statement that returns rows. The cursor is owned by db and is the statement itself: it must be
 * stepped to its end or closed with rows_close() before the same statement is started again; the end of the
 * transaction closes it. Outside of one it keeps db_transaction() from starting. A statement that writes
 * (RETURNING) needs a transaction. NULL with *error on failure. */
struct rows;
struct rows *db_query(struct db *db, const struct sql *sql, const struct db_value *args, size_t count, GError **error);

/* Like db_query(), but on PostgreSQL it does not wait: all that was asked and written is answered at once, when the rows of one of them are first read, with the next statement that waits, or with
 * the commit. Whether the rows show what is written between the asking and the reading is left open. When a statement
 * fails, its rows and those of all that were sent after it give its error; the rows before it are good, but the
 * transaction is not. Rows that turn out not to be needed are closed like any others. Those of a transaction that failed are
 * closed, and what reads them all the same is told so: they may be kept over a retry, and over a link that was lost. */
struct rows *db_ask(struct db *db, const struct sql *sql, const struct db_value *args, size_t count, GError **error);

/* The same where every list of ids is of one, given as a number instead (0: none): {in:$n} is = $n then. */
struct rows *db_ask_one(struct db *db, const struct sql *sql, const struct db_value *args, size_t count, GError **error);

/* 1: a row is there; 0: the end, rows are closed; -1: failed, *error is set, rows are closed. Both take NULL,
 * which is a query that failed, and leave its *error as it is. */
int rows_next(struct rows *rows, GError **error);
void rows_close(struct rows *rows);

/* g_autoptr(rows) closes them at the end of its block, which should hold no more than the reading: the cursor is the
 * statement's own, and may be another's by then. */
DEFINE_AUTOPTR(rows, rows_close)

/* Columns of the current row, from 0. NULL reads as 0 and as "". Text is borrowed until the next rows_next(). */
int64_t rows_int(struct rows *rows, int column);
const char *rows_text(struct rows *rows, int column);
const void *rows_blob(struct rows *rows, int column, size_t *length);
gboolean rows_is_null(struct rows *rows, int column);
struct db_value rows_value(struct rows *rows, int column); /* of whatever type; borrowed likewise */

/* One row of integers: fills out[0..n-1] from the first row. 1 found, 0 no row, -1 failed. */
int db_get_ints(struct db *db, const struct sql *sql, const struct db_value *args, size_t count, int64_t *out,
                int n, GError **error);

/* --- transactions --------------------------------------------------------------------------------------- */

/* Runs fn in a write transaction: BEGIN IMMEDIATE behind the fair lock, or BEGIN; commits when fn returns
 * TRUE, rolls back when FALSE. On a serialization failure or deadlock the whole of fn runs again, three times
 * at most, so fn must start from its inputs each time. A lost connection during COMMIT gives ERR_DB_LOST: the
 * outcome is unknown and is to be asked by event key. Does not nest.
 * A statement that fails inside ends the transaction (or the savepoint it stands in) in both engines, even
 * when fn goes on and returns TRUE: every later statement fails with the same error and nothing is committed. */
typedef gboolean (*db_work)(struct db *db, void *data, GError **error);
gboolean db_transaction(struct db *db, db_work fn, void *data, GError **error);

/* The same of one behind which others come that its caller waits for: what it commits need not be on the disk when this
 * returns. It is there with the next db_transaction() of this connection, whatever that writes, or with db_sync(). Until
 * then nobody may be told that it is done. A server that is lost meanwhile may have lost it, too: the next use gives
 * ERR_DB_LOST once. */
gboolean db_transaction_unsynced(struct db *db, db_work fn, void *data, GError **error);

/* Whether all that this connection has committed is on the disk; and waits until it is. After a failure of db_sync() there
 * is nothing to wait for any more. */
gboolean db_is_synced(const struct db *db);
gboolean db_sync(struct db *db, GError **error);

/* Inside db_transaction(): its answer rests on what another has committed, perhaps unsynced. That is on the disk when this
 * transaction is committed, even if it writes nothing. */
void db_rests_on_others(struct db *db);

/* From now on, when a transaction commits on PostgreSQL, fn is called to ask what is to be read when it has: by db_ask(),
 * whose rows travel with the commit, are as they are after it, and fail when it does. It is called again when the
 * transaction is. NULL: nothing. On SQLite, where nobody waits, it is never called. */
typedef void (*db_ahead)(struct db *db, void *data);
void db_ask_after(struct db *db, db_ahead fn, void *data);

/* Runs fn over one consistent snapshot, read only: a statement that writes is refused. Does not nest. */
gboolean db_snapshot(struct db *db, db_work fn, void *data, GError **error);

/* Runs fn under a savepoint of the open transaction; its writes are undone when it returns FALSE, and the
 * transaction goes on. */
gboolean db_savepoint(struct db *db, db_work fn, void *data, GError **error);

/* Locks things to the end of the transaction (or of the savepoint that is undone): who else has locked one of them is
 * waited for, so that two never wait for each other. No row need exist and none is written. All keep to one order:
 * lower ranks first, within a rank lower ids; what is locked already may be named again, an id of 0 is nothing. The
 * order is asserted in both engines; SQLite, which has one writer, waits for nobody. Sorts things. Inside
 * db_transaction(). */
struct db_advisory {
    int rank;
    int64_t id;
};
gboolean db_advisory_lock(struct db *db, struct db_advisory *things, size_t n, GError **error);

/* The same of the ids that a statement finds, which nobody waits for: what is asked behind it is answered when it has them.
 * sql is "SELECT id{lock:id} FROM (SELECT ... ORDER BY 1) AS found". No rank below those that are locked. */
gboolean db_advisory_find(struct db *db, int rank, const struct sql *sql, const struct db_value *args, size_t count,
                          GError **error);
gboolean db_advisory_find_one(struct db *db, int rank, const struct sql *sql, const struct db_value *args, size_t count,
                              GError **error); /* as db_ask_one() */

/* Whether the id is locked; of what db_advisory_find() was asked for, that is known when it was answered, and waited for. */
gboolean db_advisory_locked(struct db *db, int64_t id);

/* Connects anew; prepared statements are forgotten. After ERR_DB_LOST and repeated ERR_DB_BUSY the next use
 * does it by itself, so this is for a caller who wants to know. Outside of a transaction. */
gboolean db_reconnect(struct db *db, GError **error);

/* From now on everything on this connection is refused with this error, connecting anew too: what it has acknowledged
 * is not in the database any more, and a person has to look. SQLite does it by itself when its files were moved,
 * deleted or copied over (ERR_DB_REPLACED): looked at before each transaction, and after each commit before it is
 * acknowledged. */
void db_retire(struct db *db, const GError *why);

/* --- where the engines differ --------------------------------------------------------------------------- */

/* Inserts rows * columns values into table(columns_list). COPY on PostgreSQL (so no ON CONFLICT), one
 * prepared insert on SQLite. columns_list is "a, b, c" and must be constant text. Inside a transaction. */
gboolean db_insert_many(struct db *db, const char *table, const char *columns_list,
                        const struct db_value *values, size_t rows, size_t columns, GError **error);

/* A number that differs when another connection has committed since it was last asked. SQLite: PRAGMA data_version.
 * PostgreSQL: the sum of the writers' journal sequences, which every event advances in its own writer's row. */
gboolean db_data_version(struct db *db, int64_t *version, GError **error);

/* Rows claimed by one worker and no other: sql must be "UPDATE ... WHERE id IN (SELECT id ... LIMIT $n
 * {skip_locked}) RETURNING ..."; {skip_locked} becomes FOR UPDATE SKIP LOCKED on PostgreSQL and nothing on
 * SQLite, where the write lock already keeps others out. Otherwise as db_query(). */
struct rows *db_claim(struct db *db, const struct sql *sql, const struct db_value *args, size_t count, GError **error);

/* The ids as "[1,2,3]", for the mark {in:$n}; "[]" for none, which finds nothing. Caller frees. */
char *db_id_list(const int64_t *ids, size_t n);

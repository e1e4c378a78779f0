/* SPDX-License-Identifier: MIT
 *
 * What the database interface costs: the same statements through db.h and bare, in one run on one disk,
 * alternating in short rounds so that a noisy machine hits both; and 32 stations at full speed, with the fair
 * lock and without.
 */
#include <glib/gstdio.h>
#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/measure.h"
#include "tests/support/testdb.h"

enum { ROUNDS = 20, PER_ROUND = 200, STATIONS = 32, CROWD_SECONDS = 4 };

#define BUMP_SQL "UPDATE owner SET name = $2 WHERE id = $1"
#define FIND_SQL "SELECT id, name FROM owner WHERE code = $1"
#define ADD_SQL "INSERT INTO owner (id, code, name) VALUES ($1, $2, $3)"

enum { BUMP, FIND, ADD };

static const struct sql SQL[] = {
    [BUMP] = {"bump", BUMP_SQL},
    [FIND] = {"find", FIND_SQL},
    [ADD] = {"add", ADD_SQL},
};

/* One transaction of three statements, number n of a run. */
struct runner {
    gboolean (*step)(struct runner *runner, int64_t n);
    struct db *db;
    sqlite3 *sqlite;
    sqlite3_stmt *stmt[3];
    PGconn *pg;
};

/* --- through db.h --------------------------------------------------------------------------------------- */

static gboolean work(struct db *db, void *data, GError **error)
{
    int64_t n = *(int64_t *)data, found[1];
    char code[24];
    g_snprintf(code, sizeof code, "code %" G_GINT64_FORMAT, n);
    return db_exec(db, &SQL[BUMP], DB_ARGS(1, code), NULL, error) &&
           db_get_ints(db, &SQL[FIND], DB_ARGS("first"), found, 1, error) == 1 &&
           db_exec(db, &SQL[ADD], DB_ARGS(n, code, "name"), NULL, error);
}

static gboolean step_db(struct runner *runner, int64_t n)
{
    return db_transaction(runner->db, work, &n, NULL);
}

/* --- bare ----------------------------------------------------------------------------------------------- */

static gboolean run_sqlite(sqlite3_stmt *stmt, int wanted)
{
    int rc = sqlite3_step(stmt);
    sqlite3_reset(stmt);
    return rc == wanted;
}

static gboolean step_sqlite(struct runner *runner, int64_t n)
{
    char code[24];
    g_snprintf(code, sizeof code, "code %" G_GINT64_FORMAT, n);
    sqlite3_exec(runner->sqlite, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    sqlite3_bind_int64(runner->stmt[BUMP], 2, 1); /* numbered by first appearance */
    sqlite3_bind_text(runner->stmt[BUMP], 1, code, -1, SQLITE_STATIC);
    sqlite3_bind_text(runner->stmt[FIND], 1, "first", -1, SQLITE_STATIC);
    sqlite3_bind_int64(runner->stmt[ADD], 1, n);
    sqlite3_bind_text(runner->stmt[ADD], 2, code, -1, SQLITE_STATIC);
    sqlite3_bind_text(runner->stmt[ADD], 3, "name", -1, SQLITE_STATIC);
    return run_sqlite(runner->stmt[BUMP], SQLITE_DONE) && run_sqlite(runner->stmt[FIND], SQLITE_ROW) &&
           run_sqlite(runner->stmt[ADD], SQLITE_DONE) &&
           sqlite3_exec(runner->sqlite, "COMMIT", NULL, NULL, NULL) == SQLITE_OK;
}

static void open_sqlite(struct runner *runner, const char *path)
{
    sqlite3_open(path, &runner->sqlite);
    sqlite3_busy_timeout(runner->sqlite, 60000);
    sqlite3_exec(runner->sqlite, "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON", NULL, NULL, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(SQL); i++)
        sqlite3_prepare_v2(runner->sqlite, SQL[i].text, -1, &runner->stmt[i], NULL);
}

static void close_sqlite(struct runner *runner)
{
    for (size_t i = 0; i < G_N_ELEMENTS(SQL); i++)
        sqlite3_finalize(runner->stmt[i]);
    sqlite3_close(runner->sqlite);
}

static gboolean run_pg(PGresult *result)
{
    gboolean good = PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK;
    PQclear(result);
    return good;
}

static gboolean step_pg(struct runner *runner, int64_t n)
{
    char code[24], id[24];
    g_snprintf(code, sizeof code, "code %" G_GINT64_FORMAT, n);
    g_snprintf(id, sizeof id, "%" G_GINT64_FORMAT, n);
    return run_pg(PQexec(runner->pg, "BEGIN")) &&
           run_pg(PQexecPrepared(runner->pg, "bump", 2, (const char *const[]){"1", code}, NULL, NULL, 0)) &&
           run_pg(PQexecPrepared(runner->pg, "find", 1, (const char *const[]){"first"}, NULL, NULL, 0)) &&
           run_pg(PQexecPrepared(runner->pg, "add", 3, (const char *const[]){id, code, "name"}, NULL, NULL,
                                 0)) &&
           run_pg(PQexec(runner->pg, "COMMIT"));
}

static void open_pg(struct runner *runner, const char *url)
{
    runner->pg = PQconnectdb(url);
    for (size_t i = 0; i < G_N_ELEMENTS(SQL); i++)
        PQclear(PQprepare(runner->pg, SQL[i].name, SQL[i].text, 0, NULL));
}

/* --- three statements ----------------------------------------------------------------------------------- */

static double seconds_of(struct runner *runner, int64_t *n)
{
    int64_t start = measure_now_ns();
    for (int i = 0; i < PER_ROUND; i++)
        if (!runner->step(runner, ++*n))
            g_error("a step failed");
    return measure_seconds_since(start);
}

static const char FIRST_OWNER[] = "INSERT INTO owner (id, code, name) VALUES (1, 'first', '')";

/* Bare statements run in a database of their own: who else brings the log into a file is refused from then on. */
static void three_statements(enum db_engine engine)
{
    struct testdb *test = testdb_new(engine), *twin = testdb_new(engine);
    struct runner ours = {.step = step_db, .db = testdb_open(test)};
    struct db *made = testdb_open(twin);
    struct runner bare = {.step = engine == DB_SQLITE ? step_sqlite : step_pg};
    double own = 0, floor = 0;
    int64_t n = 1;
    testdb_script(ours.db, FIRST_OWNER);
    testdb_script(made, FIRST_OWNER);
    db_close(made);
    if (engine == DB_SQLITE)
        open_sqlite(&bare, twin->url + strlen("sqlite:"));
    else
        open_pg(&bare, twin->url);
    for (int i = 0; i < ROUNDS; i++) {
        own += seconds_of(&ours, &n);
        floor += seconds_of(&bare, &n);
    }
    measure_row(engine == DB_SQLITE ? "SQLite, three statements" : "PostgreSQL, three statements",
                ROUNDS * PER_ROUND / own, ROUNDS * PER_ROUND / floor, "/s", (struct mark){.least_ratio = 0.75});
    if (engine == DB_SQLITE)
        close_sqlite(&bare);
    else
        PQfinish(bare.pg);
    db_close(ours.db);
    testdb_free(twin);
    testdb_free(test);
}

/* --- bulk ----------------------------------------------------------------------------------------------- */

enum { BULK = 100000, CHUNK = 1000 };

static gboolean bulk_db(struct db *db, void *data, GError **error)
{
    struct db_value values[CHUNK * 3];
    static char codes[CHUNK][24];
    (void)data;
    for (int64_t n = 0; n < BULK; n++) {
        int64_t i = n % CHUNK;
        g_snprintf(codes[i], sizeof codes[i], "bulk %" G_GINT64_FORMAT, n);
        values[i * 3] = db_int(n + 1);
        values[i * 3 + 1] = db_text(codes[i]);
        values[i * 3 + 2] = db_text("name");
        if (i == CHUNK - 1 && !db_insert_many(db, "owner", "id, code, name", values, CHUNK, 3, error))
            return FALSE;
    }
    return TRUE;
}

static double bulk_bare(struct runner *bare)
{
    int64_t start = measure_now_ns();
    sqlite3_exec(bare->sqlite, "BEGIN IMMEDIATE", NULL, NULL, NULL);
    for (int64_t n = 0; n < BULK; n++) {
        char code[24];
        g_snprintf(code, sizeof code, "bulk %" G_GINT64_FORMAT, n);
        sqlite3_bind_int64(bare->stmt[ADD], 1, n + 1);
        sqlite3_bind_text(bare->stmt[ADD], 2, code, -1, SQLITE_STATIC);
        sqlite3_bind_text(bare->stmt[ADD], 3, "name", -1, SQLITE_STATIC);
        run_sqlite(bare->stmt[ADD], SQLITE_DONE);
    }
    sqlite3_exec(bare->sqlite, "COMMIT", NULL, NULL, NULL);
    return measure_seconds_since(start);
}

static void bulk(enum db_engine engine)
{
    double floor = 0;
    for (int again = 0; again < 2 && (again == 0 || engine == DB_SQLITE); again++) {
        struct testdb *test = testdb_new(engine);
        struct runner ours = {.db = testdb_open(test)}, bare = {.db = NULL};
        int64_t start = measure_now_ns();
        if (again || engine == DB_POSTGRES) {
            db_transaction(ours.db, bulk_db, NULL, NULL);
            measure_row(engine == DB_SQLITE ? "SQLite, db_insert_many" : "PostgreSQL, db_insert_many",
                        BULK / measure_seconds_since(start), floor > 0 ? BULK / floor : 0, "rows/s", NO_MARK);
        } else {
            open_sqlite(&bare, test->url + strlen("sqlite:"));
            floor = bulk_bare(&bare);
            close_sqlite(&bare);
        }
        db_close(ours.db);
        testdb_free(test);
    }
}

/* --- a crowd -------------------------------------------------------------------------------------------- */

struct tally {
    int64_t stop_ns;
    gint each[STATIONS];
    int64_t worst_ns[STATIONS];
};

static void crowd_member(struct runner *runner, struct tally *tally, int self)
{
    int64_t n = (int64_t)(self + 1) * 1000000, now;
    while ((now = measure_now_ns()) < tally->stop_ns && runner->step(runner, ++n)) {
        tally->each[self]++;
        tally->worst_ns[self] = MAX(tally->worst_ns[self], measure_now_ns() - now);
    }
    _exit(0);
}

static void crowd_of(const char *what, gboolean fair)
{
    struct testdb *test = testdb_new(DB_SQLITE);
    struct tally *tally =
        mmap(NULL, sizeof *tally, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct db *db = testdb_open(test);
    testdb_script(db, "INSERT INTO owner (id, code, name) VALUES (1, 'first', '')");
    db_close(db);
    tally->stop_ns = measure_now_ns() + (int64_t)CROWD_SECONDS * 1000000000;
    for (int i = 0; i < STATIONS; i++)
        if (fork() == 0) {
            struct runner runner = {.step = fair ? step_db : step_sqlite};
            if (fair)
                runner.db = testdb_open(test);
            else
                open_sqlite(&runner, test->url + strlen("sqlite:"));
            crowd_member(&runner, tally, i);
        }
    while (wait(NULL) > 0)
        continue;
    int64_t worst = 0;
    gint least = G_MAXINT, most = 0, total = 0;
    for (int i = 0; i < STATIONS; i++) {
        least = MIN(least, tally->each[i]);
        most = MAX(most, tally->each[i]);
        total += tally->each[i];
        worst = MAX(worst, tally->worst_ns[i]);
    }
    g_print("%-28s %6d/s  least served %d, most %d, longest wait %" G_GINT64_FORMAT " ms\n", what,
            total / CROWD_SECONDS, least, most, worst / 1000000);
    munmap(tally, sizeof *tally);
    testdb_free(test);
}

int main(void)
{
    const char *server = g_getenv("PACKLINE_TEST_PG");
    gboolean postgres = server && server[0];
    measure_head("database interface");
    three_statements(DB_SQLITE);
    if (postgres)
        three_statements(DB_POSTGRES);
    bulk(DB_SQLITE);
    if (postgres)
        bulk(DB_POSTGRES);
    g_print("\n32 stations at full speed (marks: no wait over 250 ms; least >= most / 4)\n");
    crowd_of("fair lock", TRUE);
    crowd_of("busy_timeout alone", FALSE);
    return 0;
}

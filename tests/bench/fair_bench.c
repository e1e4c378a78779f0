/* SPDX-License-Identifier: MIT
 *
 * 32 stations at full speed on one database, each a process that counts an item into its box and takes it back, through the
 * flow. Nobody may wait long or be starved. Beside them, in turns, 32 processes that run a bare transaction of three
 * statements each: on SQLite behind the same queue, and behind SQLite's own busy handler besides; on PostgreSQL pipelined,
 * which is one round trip.
 */
#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/db/lock.h"
#include "tests/bench/bench_floor.h"
#include "tests/bench/crowd.h"
#include "tests/bench/measure.h"

enum { STATIONS = 32, ROUNDS = 2, SECONDS = 4, SAMPLES_MAX = 16384, PATIENCE_MS = 5000 };

/* What a process tells; shared. */
struct tally {
    int64_t steps, failed, count;
    int64_t ns[SAMPLES_MAX];
};

/* One step; FALSE: not done. */
typedef gboolean (*station_step)(void *data, int n);

static void at_full_speed(station_step step, void *data, struct tally *tally)
{
    int64_t begin = measure_now_ns();
    for (int n = 0; measure_seconds_since(begin) < SECONDS;) {
        int64_t start = measure_now_ns();
        gboolean done = step(data, n);
        if (tally->count < SAMPLES_MAX)
            tally->ns[tally->count++] = measure_now_ns() - start;
        tally->steps += done;
        tally->failed += !done;
        n += done; /* what did not happen is done again */
    }
}

typedef void (*station_work)(const char *url, int64_t shipment, struct tally *tally);

/* --- through the flow ----------------------------------------------------------------------------------- */

struct station {
    struct floor *floor;
    int64_t shipment, line;
    int packed; /* when it began */
};

static gboolean floor_step(void *data, int n)
{
    const struct station *station = data;
    return crowd_step(station->floor, station->shipment, station->line, n + station->packed);
}

static void floor_work(const char *url, int64_t shipment, struct tally *tally)
{
    struct testdb test = {.engine = g_str_has_prefix(url, "sqlite:") ? DB_SQLITE : DB_POSTGRES, .url = g_strdup(url)};
    struct station station = {.floor = floor_open(&test, "station"), .shipment = shipment};
    station.line = floor_int(station.floor, "SELECT id FROM shipment_line WHERE shipment_id = $1", shipment);
    station.packed = (int)floor_int(station.floor, "SELECT packed FROM shipment_line WHERE id = $1", station.line);
    db_leave_upkeep(station.floor->site->db); /* as a station does */
    at_full_speed(floor_step, &station, tally);
}

/* --- bare, on SQLite ------------------------------------------------------------------------------------ */

#define SET_SETTING                                                                                                    \
    "INSERT INTO setting VALUES ((SELECT MIN(id) FROM warehouse), $1, '') "                                            \
    "ON CONFLICT (warehouse_id, name) DO UPDATE SET value = 'x'"

static const char *const BARE[] = {"BEGIN IMMEDIATE", "UPDATE shipment SET changed_at = changed_at + 1 WHERE id = $1",
                                   SET_SETTING, "SELECT state FROM shipment WHERE id = $1", "COMMIT"};

struct bare_sqlite {
    sqlite3 *handle;
    sqlite3_stmt *statements[G_N_ELEMENTS(BARE)];
    struct db_lock *queue; /* NULL: SQLite's own patience */
};

static gboolean bare_step(void *data, int n)
{
    struct bare_sqlite *bare = data;
    gboolean good = db_lock_take(bare->queue, PATIENCE_MS, NULL);
    (void)n;
    if (!good)
        return FALSE;
    for (size_t i = 0; good && i < G_N_ELEMENTS(BARE); i++) {
        int rc = sqlite3_step(bare->statements[i]);
        good = rc == SQLITE_ROW || rc == SQLITE_DONE;
        sqlite3_reset(bare->statements[i]);
    }
    if (!good && !sqlite3_get_autocommit(bare->handle))
        sqlite3_exec(bare->handle, "ROLLBACK", NULL, NULL, NULL);
    db_lock_release(bare->queue);
    return good;
}

static void bare_sqlite(const char *url, int64_t shipment, struct db_lock *queue, struct tally *tally)
{
    struct bare_sqlite bare = {.queue = queue};
    sqlite3_open(url + strlen("sqlite:"), &bare.handle);
    sqlite3_busy_timeout(bare.handle, PATIENCE_MS);
    sqlite3_exec(bare.handle, "PRAGMA synchronous = FULL", NULL, NULL, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(BARE); i++) {
        sqlite3_prepare_v2(bare.handle, BARE[i], -1, &bare.statements[i], NULL);
        if (sqlite3_bind_parameter_count(bare.statements[i]))
            sqlite3_bind_int64(bare.statements[i], 1, shipment);
    }
    at_full_speed(bare_step, &bare, tally);
}

static void busy_work(const char *url, int64_t shipment, struct tally *tally)
{
    bare_sqlite(url, shipment, NULL, tally);
}

static void queued_work(const char *url, int64_t shipment, struct tally *tally)
{
    g_autofree char *path = g_strconcat(url + strlen("sqlite:"), "-lock", NULL);
    bare_sqlite(url, shipment, db_lock_open(path, 0600, NULL), tally);
}

/* --- bare, on PostgreSQL -------------------------------------------------------------------------------- */

static const char *const BARE_POSTGRES[] = {"BEGIN", "UPDATE shipment SET changed_at = changed_at + 1 WHERE id = $1::bigint",
                                            ("INSERT INTO setting VALUES ((SELECT MIN(id) FROM warehouse), $1::text, '') "
                                             "ON CONFLICT (warehouse_id, name) DO UPDATE SET value = 'x'"),
                                            "SELECT state FROM shipment WHERE id = $1::bigint", "COMMIT"};

struct bare_postgres {
    PGconn *conn;
    char shipment[24];
};

static gboolean bare_round(void *data, int n)
{
    struct bare_postgres *bare = data;
    const char *const args[] = {bare->shipment};
    gboolean good = TRUE;
    (void)n;
    for (size_t i = 0; i < G_N_ELEMENTS(BARE_POSTGRES); i++) {
        char name[8];
        g_snprintf(name, sizeof name, "s%zu", i);
        PQsendQueryPrepared(bare->conn, name, strchr(BARE_POSTGRES[i], '$') ? 1 : 0, args, NULL, NULL, 0);
    }
    PQpipelineSync(bare->conn);
    for (gboolean synced = FALSE; !synced;) {
        PGresult *result = PQgetResult(bare->conn);
        ExecStatusType status = result ? PQresultStatus(result) : PGRES_TUPLES_OK;
        synced = status == PGRES_PIPELINE_SYNC || PQstatus(bare->conn) != CONNECTION_OK;
        good = good && (synced || status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK);
        PQclear(result);
    }
    return good;
}

static void pipelined_work(const char *url, int64_t shipment, struct tally *tally)
{
    struct bare_postgres bare = {.conn = PQconnectdb(url)};
    g_snprintf(bare.shipment, sizeof bare.shipment, "%" G_GINT64_FORMAT, shipment);
    for (size_t i = 0; i < G_N_ELEMENTS(BARE_POSTGRES); i++) {
        char name[8];
        g_snprintf(name, sizeof name, "s%zu", i);
        PQclear(PQprepare(bare.conn, name, BARE_POSTGRES[i], 0, NULL));
    }
    PQenterPipelineMode(bare.conn);
    at_full_speed(bare_round, &bare, tally);
}

/* --- 32 of them ----------------------------------------------------------------------------------------- */

struct sums {
    double steps, failed, least, most;
    struct samples waits;
};

static void add_up(struct sums *sums, const struct tally *tallies)
{
    for (int i = 0; i < STATIONS; i++) {
        const struct tally *tally = &tallies[i];
        sums->steps += (double)tally->steps;
        sums->failed += (double)tally->failed;
        sums->least = MIN(sums->least, (double)tally->steps);
        sums->most = MAX(sums->most, (double)tally->steps);
        for (int64_t n = 0; n < tally->count; n++)
            samples_add(&sums->waits, tally->ns[n]);
    }
}

static void run_crowd(struct bench_floor *bench, const int64_t *shipments, station_work work, struct sums *sums)
{
    struct tally *tallies =
        mmap(NULL, STATIONS * sizeof *tallies, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    g_assert_true((void *)tallies != MAP_FAILED);
    fflush(stdout);
    for (int i = 0; i < STATIONS; i++)
        if (fork() == 0) {
            work(bench->test.url, shipments[i], &tallies[i]);
            _exit(0);
        }
    while (wait(NULL) > 0)
        continue;
    add_up(sums, tallies);
    munmap(tallies, STATIONS * sizeof *tallies);
}

static void sums_init(struct sums *sums)
{
    *sums = (struct sums){.least = 1e12};
    samples_init(&sums->waits);
}

static double rate(const struct sums *sums)
{
    return sums->steps / (SECONDS * ROUNDS);
}

/* Of what is asked of each engine: where it is a time, that or twice the bare one. */
static void report(enum db_engine engine, struct sums *here, struct sums *bare, struct sums *busy)
{
    gboolean sqlite = engine == DB_SQLITE;
    measure_row("floor steps a second (bare: transactions)", rate(here), rate(bare), "/s",
                sqlite ? (struct mark){.least_ratio = 0.5} : (struct mark){.least = 1500});
    measure_row("a step, median", samples_ms(&here->waits, 0.5), samples_ms(&bare->waits, 0.5), "ms", NO_MARK);
    measure_row("a step, p99", samples_ms(&here->waits, 0.99), samples_ms(&bare->waits, 0.99), "ms",
                sqlite ? NO_MARK : (struct mark){.most = 60, .most_ratio = 2});
    measure_row("longest wait of anybody", samples_ms(&here->waits, 1), samples_ms(&bare->waits, 1), "ms",
                sqlite ? (struct mark){.most = 150, .most_ratio = 2} : (struct mark){.most_ratio = 1.5});
    measure_row("least served of the most served", here->least / here->most, bare->least / bare->most, "",
                (struct mark){.least = 0.25});
    measure_row("not done", here->failed, bare->failed, "", (struct mark){.most = 0.5});
    if (sqlite)
        measure_row("bare, SQLite's own busy handler: longest wait", samples_ms(&busy->waits, 1), 0, "ms", NO_MARK);
}

static void measure(enum db_engine engine, int64_t orders)
{
    int64_t shipments[STATIONS];
    char title[112];
    struct sums here, bare, busy;
    struct bench_floor *bench = bench_floor_open(engine, orders);
    crowd_shipments(bench, "F", shipments, STATIONS);
    bench_pause(bench);
    sums_init(&here);
    sums_init(&bare);
    sums_init(&busy);
    for (int round = 0; round < ROUNDS; round++) { /* in turns: a noisy machine hits both */
        run_crowd(bench, shipments, floor_work, &here);
        run_crowd(bench, shipments, engine == DB_SQLITE ? queued_work : pipelined_work, &bare);
    }
    if (engine == DB_SQLITE)
        run_crowd(bench, shipments, busy_work, &busy);
    bench_resume(bench);
    g_snprintf(title, sizeof title, "%s, %" G_GINT64_FORMAT " orders: %d stations at full speed for %d s",
               engine == DB_SQLITE ? "SQLite" : "PostgreSQL", orders, STATIONS, SECONDS * ROUNDS);
    measure_head(title);
    report(engine, &here, &bare, &busy);
    samples_clear(&here.waits);
    samples_clear(&bare.waits);
    samples_clear(&busy.waits);
    bench_floor_free(bench);
}

int main(void)
{
    bench_each(measure);
    return 0;
}

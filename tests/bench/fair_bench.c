/* SPDX-License-Identifier: MIT
 *
 * Mark 3: 32 stations at full speed on one database, each a process that counts an item into its box and
 * takes it back, through the flow. Nobody may wait long or be starved. The baseline is SQLite's own busy
 * handler: the same number of processes, a bare transaction of three statements each, no lock in front.
 */
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "tests/bench/bench_floor.h"
#include "tests/bench/crowd.h"
#include "tests/bench/measure.h"

enum { STATIONS = 32, SECONDS = 5 };

/* What the processes tell; shared. */
struct tally {
    int64_t steps, longest_ns, failed;
    int64_t padding[5];
};

typedef void (*station_work)(const char *url, int64_t shipment, struct tally *tally);

/* --- through the flow ----------------------------------------------------------------------------------- */

static void floor_work(const char *url, int64_t shipment, struct tally *tally)
{
    struct testdb test = {.engine = g_str_has_prefix(url, "sqlite:") ? DB_SQLITE : DB_POSTGRES,
                          .url = g_strdup(url)};
    struct floor *floor = floor_open(&test, "station");
    int64_t line = floor_int(floor, "SELECT id FROM shipment_line WHERE shipment_id = $1", shipment);
    int64_t begin = measure_now_ns();
    for (int n = 0; measure_seconds_since(begin) < SECONDS; n++) {
        int64_t start = measure_now_ns();
        gboolean done = crowd_step(floor, shipment, line, n);
        tally->longest_ns = MAX(tally->longest_ns, measure_now_ns() - start);
        tally->steps += done;
        tally->failed += !done;
        if (!done)
            n--; /* the same again: it did not happen */
    }
}

/* --- bare, with SQLite's own patience ------------------------------------------------------------------- */

static void bare_work(const char *url, int64_t shipment, struct tally *tally)
{
    static const char *const TEXT =
        "BEGIN IMMEDIATE; UPDATE shipment SET changed_at = changed_at + 1 WHERE id = %lld;"
        "INSERT INTO setting VALUES ((SELECT MIN(id) FROM warehouse), '%lld', '') "
        "ON CONFLICT (warehouse_id, name) DO UPDATE SET value = 'x';"
        "SELECT state FROM shipment WHERE id = %lld; COMMIT";
    sqlite3 *handle = NULL;
    char *text = sqlite3_mprintf(TEXT, (long long)shipment, (long long)shipment, (long long)shipment);
    sqlite3_open(url + strlen("sqlite:"), &handle);
    sqlite3_busy_timeout(handle, SECONDS * 1000);
    sqlite3_exec(handle, "PRAGMA synchronous = FULL", NULL, NULL, NULL);
    int64_t begin = measure_now_ns();
    while (measure_seconds_since(begin) < SECONDS) {
        int64_t start = measure_now_ns();
        gboolean done = sqlite3_exec(handle, text, NULL, NULL, NULL) == SQLITE_OK;
        tally->longest_ns = MAX(tally->longest_ns, measure_now_ns() - start);
        tally->steps += done;
        tally->failed += !done;
    }
    sqlite3_free(text);
    sqlite3_close(handle);
}

/* --- 32 of them ----------------------------------------------------------------------------------------- */

struct sums {
    double steps, least, most, longest_ms, failed;
};

static struct sums run_crowd(struct bench_floor *bench, const int64_t *shipments, station_work work)
{
    struct tally *tallies =
        mmap(NULL, STATIONS * sizeof *tallies, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct sums sums = {.least = 1e12};
    g_assert_true(tallies != MAP_FAILED);
    memset(tallies, 0, STATIONS * sizeof *tallies);
    fflush(stdout);
    for (int i = 0; i < STATIONS; i++)
        if (fork() == 0) {
            work(bench->test.url, shipments[i], &tallies[i]);
            _exit(0);
        }
    while (wait(NULL) > 0)
        continue;
    for (int i = 0; i < STATIONS; i++) {
        sums.steps += (double)tallies[i].steps;
        sums.least = MIN(sums.least, (double)tallies[i].steps);
        sums.most = MAX(sums.most, (double)tallies[i].steps);
        sums.longest_ms = MAX(sums.longest_ms, (double)tallies[i].longest_ns / 1e6);
        sums.failed += (double)tallies[i].failed;
    }
    munmap(tallies, STATIONS * sizeof *tallies);
    return sums;
}

static void measure(enum db_engine engine, int64_t orders)
{
    int64_t shipments[STATIONS];
    char title[112];
    struct bench_floor *bench = bench_floor_open(engine, orders);
    crowd_shipments(bench, "F", shipments, STATIONS);
    bench_pause(bench);
    struct sums here = run_crowd(bench, shipments, floor_work), base = {0};
    if (engine == DB_SQLITE)
        base = run_crowd(bench, shipments, bare_work);
    bench_resume(bench);
    g_snprintf(title, sizeof title, "%s, %" G_GINT64_FORMAT " orders: %d stations at full speed for %d s",
               engine == DB_SQLITE ? "SQLite" : "PostgreSQL", orders, STATIONS, SECONDS);
    measure_head(title);
    measure_row("floor steps a second (bare: transactions)", here.steps / SECONDS, base.steps / SECONDS, "/s",
                NO_MARK);
    measure_row("longest wait of anybody", here.longest_ms, base.longest_ms, "ms", (struct mark){.most = 250});
    measure_row("least served of the most served", here.least / here.most,
                base.most > 0 ? MAX(base.least / base.most, 0.001) : 0, "", (struct mark){.least = 0.25});
    measure_row("not done", here.failed, 0, "", (struct mark){.most = 0.5});
    bench_floor_free(bench);
}

int main(void)
{
    bench_each(measure);
    return 0;
}

/* SPDX-License-Identifier: MIT
 *
 * The morning of a sale. 24,000 orders are released, which reserves their stock, and made into batches, through
 * the flow like everything else, alone and while a station goes on scanning. The baseline is the same statements bare, taken
 * from a part of the orders; the station's own is its scans before anything else begins.
 */
#include <stdio.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/act/batches.h"
#include "tests/bench/bench_floor.h"
#include "tests/bench/crowd.h"
#include "tests/bench/measure.h"
#include "tests/bench/replay.h"

enum { ORDERS = 24000, LINES = 2, BATCH = 40, SAMPLE = 1200, SCANS_MAX = 60000, SCAN_EVERY_MS = 10, ALONE_S = 2 };

/* --- the disk ------------------------------------------------------------------------------------------- */

static int64_t in_disk_ns; /* what this program has waited for SQLite's log or database to be on it */

/* In place of the library's, for SQLite too. */
int fdatasync(int fd)
{
    int64_t start = measure_now_ns();
    int done = (int)syscall(SYS_fdatasync, fd);
    in_disk_ns += measure_now_ns() - start;
    return done;
}

/* --- the station beside it ------------------------------------------------------------------------------ */

/* Shared with the station's process. */
struct beside {
    int bulk, end; /* set by us */
    int alone_count, bulk_count;
    int64_t alone_ns[SCANS_MAX], bulk_ns[SCANS_MAX], bulk_disk_ns[SCANS_MAX];
};

static void scan_on(const struct testdb *test, int64_t shipment, struct beside *beside)
{
    struct testdb own = *test;
    struct floor *floor = floor_open(&own, "station");
    int64_t line = floor_int(floor, "SELECT id FROM shipment_line WHERE shipment_id = $1", shipment);
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    const struct itimerspec every = {{0, SCAN_EVERY_MS * 1000000}, {0, SCAN_EVERY_MS * 1000000}};
    timerfd_settime(fd, 0, &every, NULL);
    db_leave_upkeep(floor->site->db); /* as a station does */
    uint64_t ticks;
    for (int n = 0; !g_atomic_int_get(&beside->end) && read(fd, &ticks, sizeof ticks) > 0; n++) {
        gboolean bulk = g_atomic_int_get(&beside->bulk);
        int64_t start = measure_now_ns();
        in_disk_ns = 0;
        if (!crowd_step(floor, shipment, line, n))
            g_error("a scan was not done");
        int *count = bulk ? &beside->bulk_count : &beside->alone_count;
        if (*count == SCANS_MAX)
            continue;
        beside->bulk_disk_ns[*count] = bulk ? in_disk_ns : 0;
        (bulk ? beside->bulk_ns : beside->alone_ns)[(*count)++] = measure_now_ns() - start;
    }
}

static struct beside *start_station(struct bench_floor *bench, pid_t *pid)
{
    int64_t shipment;
    struct beside *beside = mmap(NULL, sizeof *beside, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    g_assert_true((void *)beside != MAP_FAILED);
    crowd_shipments(bench, "BESIDE", &shipment, 1);
    fflush(stdout);
    bench_pause(bench);
    *pid = fork();
    if (*pid == 0) {
        scan_on(&bench->test, shipment, beside);
        _exit(0);
    }
    bench_resume(bench);
    return beside;
}

static void samples_of(struct samples *samples, const int64_t *ns, int count)
{
    samples_init(samples);
    for (int i = 0; i < count; i++)
        samples_add(samples, ns[i]);
}

static void report_station(struct beside *beside)
{
    struct samples alone, bulk, disk, without;
    samples_of(&alone, beside->alone_ns, beside->alone_count);
    samples_of(&bulk, beside->bulk_ns, beside->bulk_count);
    samples_of(&disk, beside->bulk_disk_ns, beside->bulk_count);
    samples_init(&without);
    for (int i = 0; i < beside->bulk_count; i++)
        samples_add(&without, beside->bulk_ns[i] - beside->bulk_disk_ns[i]);
    measure_row("a scan beside it, median", samples_ms(&bulk, 0.5), samples_ms(&alone, 0.5), "ms", NO_MARK);
    measure_row("a scan beside it, p99", samples_ms(&bulk, 0.99), samples_ms(&alone, 0.99), "ms", NO_MARK);
    measure_row("a scan beside it, the longest", samples_ms(&bulk, 1), samples_ms(&alone, 1), "ms", NO_MARK);
    if (samples_ms(&disk, 1) > 0) /* a server waits for its own */
        measure_row("  waiting for the disk, the longest", samples_ms(&disk, 1), 0, "ms", NO_MARK);
    measure_row("  but for its own syncs, the longest", samples_ms(&without, 1), samples_ms(&alone, 1), "ms",
                (struct mark){.most = 50});
    samples_clear(&alone);
    samples_clear(&bulk);
    samples_clear(&disk);
    samples_clear(&without);
}

/* --- the work ------------------------------------------------------------------------------------------- */

static void make_batches(struct bench_floor *bench, const int64_t *ids, int count)
{
    struct floor *floor = bench->floor;
    const struct batch_wish wish = {.actor = floor->lead, .courier = "hct"};
    for (int i = 0; i < count; i += BATCH) {
        struct batch_made made;
        GError *error = NULL;
        batch_make(floor->site, &wish, ids + i, (size_t)MIN(BATCH, count - i), &made, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(made.joined, ==, (guint64)MIN(BATCH, count - i));
        batch_made_clear(&made);
    }
}

/* What a morning took. */
struct morning {
    double released_s, all_s, cpu_s;
};

static struct morning work(struct bench_floor *bench, const int64_t *ids)
{
    int64_t start = measure_now_ns(), cpu_ms = measure_cpu_ms(getpid());
    struct morning took;
    bench_release(bench, ids, ORDERS);
    took.released_s = measure_seconds_since(start);
    make_batches(bench, ids, ORDERS);
    took.all_s = measure_seconds_since(start);
    took.cpu_s = (double)(measure_cpu_ms(getpid()) - cpu_ms) / 1000;
    return took;
}

/* The same statements run bare, in seconds for all the orders (0 when they could not be run), and how many there are. */
struct bare {
    double seconds, statements, round_trips; /* of an order */
};

static struct bare bare(struct bench_floor *bench)
{
    int64_t ids[SAMPLE];
    bench_orders(bench, "SAMPLE", SAMPLE, LINES, ids);
    char *copy = bench_copy(bench);
    struct db *db = bench->floor->site->db;
    struct recording *recording = recording_start(db);
    uint64_t round_trips = db_round_trips(db);
    bench_release(bench, ids, SAMPLE);
    make_batches(bench, ids, SAMPLE);
    round_trips = db_round_trips(db) - round_trips;
    recording_stop(recording);
    struct replay *replay = replay_open(recording, copy);
    double seconds = replay ? replay_part(replay, 0, 1) : -1;
    struct bare bare = {seconds > 0 ? seconds * ORDERS / SAMPLE : 0, (double)recording_statements(recording) / SAMPLE,
                        (double)round_trips / SAMPLE};
    if (replay)
        replay_close(replay);
    recording_free(recording);
    bench_drop(copy);
    return bare;
}

static struct morning beside_scans(struct bench_floor *bench, const int64_t *ids, struct beside **beside)
{
    pid_t pid;
    *beside = start_station(bench, &pid);
    for (int64_t begin = measure_now_ns(); measure_seconds_since(begin) < ALONE_S;)
        g_usleep(10000);
    g_atomic_int_set(&(*beside)->bulk, 1);
    struct morning took = work(bench, ids);
    g_atomic_int_set(&(*beside)->end, 1);
    waitpid(pid, NULL, 0);
    return took;
}

static void measure(enum db_engine engine, int64_t orders)
{
    static int64_t ids[ORDERS], others[ORDERS];
    char title[128];
    struct beside *beside;
    struct bench_floor *bench = bench_floor_open(engine, orders);
    struct bare same = bare(bench);
    bench_orders(bench, "SALE", ORDERS, LINES, ids);
    bench_orders(bench, "MORE", ORDERS, LINES, others);
    struct morning alone = work(bench, ids), busy = beside_scans(bench, others, &beside);
    g_snprintf(title, sizeof title, "%s, %" G_GINT64_FORMAT " orders: %d released, reserved and batched by %d",
               engine == DB_SQLITE ? "SQLite" : "PostgreSQL", orders, ORDERS, BATCH);
    measure_head(title);
    measure_row("released, reserved and batched, alone", alone.all_s, same.seconds, "s",
                (struct mark){.most = engine == DB_SQLITE ? 5 : 8, .most_ratio = 2});
    measure_row("  of it released and reserved", alone.released_s, 0, "s", NO_MARK);
    measure_row("  processor time of the program", alone.cpu_s, 0, "s", NO_MARK);
    measure_row("  statements an order", same.statements, 0, "", NO_MARK);
    if (engine == DB_POSTGRES)
        measure_row("  round trips an order", same.round_trips, 0, "", NO_MARK);
    measure_row("released, reserved and batched, beside scans", busy.all_s, same.seconds, "s",
                (struct mark){.most = 8, .most_ratio = 2});
    report_station(beside);
    munmap(beside, sizeof *beside);
    bench_floor_free(bench);
}

int main(void)
{
    bench_each(measure);
    return 0;
}

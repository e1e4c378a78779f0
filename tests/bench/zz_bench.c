/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>
#include "core/act/batches.h"
#include "tests/bench/bench_floor.h"
#include "tests/bench/measure.h"
enum { ORDERS = 6000, LINES = 2, BATCH = 40, ROUNDS = 3 };
static void make_batches(struct bench_floor *bench, const int64_t *ids, int count)
{
    struct floor *floor = bench->floor;
    const struct batch_wish wish = {.actor = floor->lead, .courier = "hct"};
    for (int i = 0; i < count; i += BATCH) {
        struct batch_made made;
        GError *error = NULL;
        batch_make(floor->site, &wish, ids + i, (size_t)MIN(BATCH, count - i), &made, &error);
        g_assert_no_error(error);
        batch_made_clear(&made);
    }
}
static double cpu(void)
{
    struct rusage u;
    getrusage(RUSAGE_SELF, &u);
    return (double)u.ru_utime.tv_sec + (double)u.ru_utime.tv_usec / 1e6 + (double)u.ru_stime.tv_sec + (double)u.ru_stime.tv_usec / 1e6;
}
static void measure(enum db_engine engine, int64_t orders)
{
    static int64_t ids[ORDERS];
    struct bench_floor *bench = bench_floor_open(engine, orders);
    int pid = engine == DB_POSTGRES ? (int)floor_int(bench->floor, "SELECT pg_backend_pid()", 0) : 0;
    double rel = 1e9, bat = 1e9, srel = 1e9, sbat = 1e9;
    for (int r = 0; r < ROUNDS; r++) {
        char prefix[16];
        g_snprintf(prefix, sizeof prefix, "Z%d-", r);
        bench_orders(bench, prefix, ORDERS, LINES, ids);
        double a = cpu(), sa = pid ? (double)measure_cpu_ms(pid) : 0;
        bench_release(bench, ids, ORDERS);
        double b = cpu(), sb = pid ? (double)measure_cpu_ms(pid) : 0;
        make_batches(bench, ids, ORDERS);
        double c = cpu(), sc = pid ? (double)measure_cpu_ms(pid) : 0;
        rel = MIN(rel, b - a); bat = MIN(bat, c - b); srel = MIN(srel, sb - sa); sbat = MIN(sbat, sc - sb);
    }
    printf("%s per 24000: released %.2f s, batched %.2f s cpu; server %.2f %.2f s\n", engine == DB_SQLITE ? "sqlite" : "pg", rel * 4, bat * 4, srel * 4 / 1000, sbat * 4 / 1000);
    bench_floor_free(bench);
}
int main(void) { bench_each(measure); return 0; }

/* SPDX-License-Identifier: MIT */
#include "tests/bench/crowd.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/apply/apply.h"
#include "core/intake/import_orders.h"
#include "core/print/run.h"
#include "tests/support/paper.h"

enum { STATIONS_MAX = 64, FILE_ORDERS = 20000, RUN_LABELS = 6000 };

struct crowd {
    pid_t pids[STATIONS_MAX + 1];
    int count;
    int64_t *done; /* shared; one a station */
    char *file, *paper;
    GPid worker;
};

gboolean crowd_step(struct floor *floor, int64_t shipment, int64_t line, int n)
{
    struct event event = {.key = flow_key(floor->site),
                          .kind = n % 2 ? EV_UNPACK : EV_PACK,
                          .actor = floor->packer,
                          .shipment_id = shipment,
                          .line_id = line,
                          .quantity = 1};
    struct outcome outcome;
    return flow_apply(floor->site, &event, 1, &outcome, NULL) && outcome.verdict == VERDICT_DONE;
}

void crowd_shipments(struct bench_floor *bench, const char *prefix, int64_t *shipments, int count)
{
    bench_orders(bench, prefix, count, 1, shipments);
    bench_release(bench, shipments, count);
    for (int i = 0; i < count; i++)
        floor_pick_all(bench->floor, shipments[i]);
}

/* Ticks once a second, each station at its own time of it. */
static int pace(int station, int stations)
{
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    const struct itimerspec every = {.it_interval = {1, 0},
                                     .it_value = {0, 1 + (long)station * 1000000000 / (stations + 1)}};
    timerfd_settime(fd, 0, &every, NULL);
    return fd;
}

static void work_station(const struct testdb *test, int64_t shipment, int fd, int64_t *done)
{
    struct testdb own = *test;
    struct floor *floor = floor_open(&own, "station");
    int64_t line = floor_int(floor, "SELECT id FROM shipment_line WHERE shipment_id = $1", shipment);
    uint64_t ticks;
    for (int n = 0; read(fd, &ticks, sizeof ticks) > 0;)
        if (crowd_step(floor, shipment, line, n)) {
            n++;
            (*done)++;
        }
}

static char *make_file(void)
{
    char *path = g_strdup_printf("%s/crowd-%d.csv", g_get_tmp_dir(), (int)getpid());
    FILE *file = fopen(path, "w");
    g_assert_nonnull(file);
    fputs("order_no,ordered_at,name,phone,address,sku,title,quantity,price,courier\n", file);
    for (int i = 0; i < FILE_ORDERS; i++)
        fprintf(file, "CR%07d,2026-11-22 10:%02d:00,王小明,09%08d,臺中市西屯區示範路%d號,SKU-%02d,馬克杯,1,100,hct\n",
                i, i % 60, i, i % 500, i % 40);
    g_assert_cmpint(fclose(file), ==, 0);
    return path;
}

/* The same orders for another shop each time: all of them new. */
static void work_import(const struct testdb *test, const char *path)
{
    struct testdb own = *test;
    struct floor *floor = floor_open(&own, "import");
    for (int round = 0;; round++) {
        char *shop = g_strdup_printf("crowd%d", round);
        struct import_orders import = {.path = path, .shop = shop, .format = "generic"};
        struct import_result result = {0};
        if (import_orders(floor->site, &import, &result, NULL))
            import_result_clear(&result);
        g_free(shop);
    }
}

/* Queued before anything is measured; what goes on beside is the worker's part: claim, render, hand over, tell. */
static void queue_run(struct crowd *crowd, struct bench_floor *bench)
{
    int64_t *ids = g_new0(int64_t, RUN_LABELS);
    struct floor *floor = bench->floor;
    struct run_made made;
    GError *error = NULL;
    crowd->paper = g_strdup_printf("%s/crowd-paper-%d", g_get_tmp_dir(), (int)getpid());
    g_mkdir(crowd->paper, 0700);
    char *uri = g_strconcat("file:", crowd->paper, NULL);
    bench_orders(bench, "RUN", RUN_LABELS, 1, ids);
    bench_release(bench, ids, RUN_LABELS);
    paper_printer(floor, "label-1", uri, NULL);
    struct run_wish wish = {.filter = "courier=hct", .printer = "label-1"};
    run_start(floor->site, &floor->lead, &wish, &made, NULL, NULL, &error);
    g_assert_no_error(error);
    g_free(uri);
    g_free(ids);
}

struct crowd *crowd_start(struct bench_floor *bench, int stations)
{
    int64_t shipments[STATIONS_MAX];
    struct crowd *crowd = g_new0(struct crowd, 1);
    g_assert_cmpint(stations, <=, STATIONS_MAX);
    crowd_shipments(bench, "CROWD", shipments, stations);
    crowd->file = make_file();
    queue_run(crowd, bench);
    crowd->done = mmap(NULL, STATIONS_MAX * sizeof(int64_t), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    g_assert_true((void *)crowd->done != MAP_FAILED);
    fflush(stdout);
    bench_pause(bench);
    for (int i = 0; i <= stations; i++) {
        pid_t pid = fork();
        if (pid == 0) {
            if (i < stations)
                work_station(&bench->test, shipments[i], pace(i, stations), &crowd->done[i]);
            else
                work_import(&bench->test, crowd->file);
            _exit(0);
        }
        crowd->pids[crowd->count++] = pid;
    }
    crowd->worker = paper_worker(bench->test.url, NULL);
    bench_resume(bench);
    return crowd;
}

static void remove_paper(const char *dir)
{
    const char *const argv[] = {"rm", "-rf", dir, NULL};
    g_spawn_sync(NULL, (char **)(void *)(uintptr_t)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL);
}

int64_t crowd_stop(struct crowd *crowd, struct bench_floor *bench)
{
    int64_t done = 0;
    if (floor_int(bench->floor, "SELECT COUNT(*) FROM job WHERE state = 'queued'", 0) == 0)
        printf("  (the print run was over before the crowd was stopped)\n");
    kill(crowd->worker, SIGTERM);
    paper_worker_wait(crowd->worker);
    for (int i = 0; i < crowd->count; i++)
        kill(crowd->pids[i], SIGKILL);
    for (int i = 0; i < crowd->count; i++)
        waitpid(crowd->pids[i], NULL, 0);
    for (int i = 0; i < STATIONS_MAX; i++)
        done += crowd->done[i];
    munmap(crowd->done, STATIONS_MAX * sizeof(int64_t));
    g_unlink(crowd->file);
    g_free(crowd->file);
    remove_paper(crowd->paper);
    g_free(crowd->paper);
    g_free(crowd);
    return done;
}

/* SPDX-License-Identifier: MIT
 *
 * Marks 1 and 7, through a pseudo-terminal: from the last byte of a scan to the painted answer, from the
 * start of the program to its first screen, and what it costs when nobody touches it. The baseline is a bare
 * curses program that paints every scan and does nothing else; it is this program started with --bare.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/people/people.h"
#include "core/people/pin.h"
#include "tests/bench/bare_screen.h"
#include "tests/bench/bench_floor.h"
#include "tests/bench/crowd.h"
#include "tests/bench/measure.h"
#include "tests/support/headless.h"
#include "tests/support/pty.h"

enum { SCANS = 300, STARTS = 20, ROWS = 24, COLS = 80, IDLE_MS = 5000, STATIONS = 32 };

static const char BADGE[] = "4001", PIN[] = "482915", SKU[] = "SKU-BIG", SKU_COUNT[] = "OK  SKU-BIG ",
                  CODE[] = "4719999999999";

/* --- the floor ------------------------------------------------------------------------------------------ */

struct stage {
    struct bench_floor *bench;
    char *self, *program;
};

/* One to pack while the floor is quiet, one while it is busy. */
static const char *const ORDERS[] = {"BIG-1", "BIG-2"};

/* Somebody who may do all, and orders of so many pieces of one product, picked. */
static void set_stage(struct stage *stage)
{
    struct floor *floor = stage->bench->floor;
    GError *error = NULL;
    char *pepper = g_build_filename(g_get_tmp_dir(), "bench-pepper", NULL);
    g_setenv("PACKLINE_PEPPER", pepper, TRUE);
    pepper_create(NULL, NULL);
    g_free(pepper);
    person_add(floor->site, &floor->system, BADGE, "Lin", ROLE_LEAD, PIN, NULL, &error);
    g_assert_no_error(error);
    int64_t product = floor_product(floor, SKU, CODE), bin = floor_bin(floor, "Z-BIG", 1);
    floor_receive(floor, product, 0, bin, 2 * (SCANS + 1));
    for (int i = 0; i < 2; i++) {
        int64_t shipment = floor_order(floor, ORDERS[i], "hct", FLOOR_ITEMS({SKU, SCANS + 1}));
        floor_release(floor, shipment);
        floor_pick_all(floor, shipment);
    }
}

static struct pty *start(const struct stage *stage, gboolean baseline)
{
    const char *const bare_argv[] = {stage->self, "--bare", NULL};
    const char *const argv[] = {stage->program, "--db", stage->bench->test.url, "--station", "bench-1", NULL};
    static const char *const ENVIRONMENT[] = {"TERM=xterm-256color", "LANGUAGE=en", "LC_ALL=C.UTF-8",
                                              "PACKLINE_WORKER=off", NULL};
    return pty_start(baseline ? bare_argv : argv, ENVIRONMENT, ROWS, COLS);
}

static void must_see(struct pty *pty, const char *text)
{
    if (pty_wait(pty, text))
        return;
    char *screen = pty_screen(pty);
    g_error("'%s' never came on the screen:\n%s", text, screen);
}

static double first_screen_ms(const struct stage *stage, gboolean baseline)
{
    struct samples samples;
    samples_init(&samples);
    for (int i = 0; i < STARTS; i++) {
        int64_t begin = measure_now_ns();
        struct pty *pty = start(stage, baseline);
        must_see(pty, baseline ? "bare" : "badge");
        samples_add(&samples, measure_now_ns() - begin);
        pty_free(pty);
    }
    double ms = samples_ms(&samples, 0.5);
    samples_clear(&samples);
    return ms;
}

static void log_in(struct pty *pty)
{
    must_see(pty, "badge");
    pty_settle(pty, 200);
    pty_type(pty, BADGE);
    pty_type(pty, "\r");
    must_see(pty, "PIN");
    pty_type(pty, PIN);
    pty_type(pty, "\r");
}

static void scans(struct pty *pty, struct samples *samples, const char *answer)
{
    char line[48];
    samples_init(samples);
    g_snprintf(line, sizeof line, "%s\r", CODE);
    for (int i = 1; i <= SCANS; i++) {
        char *wanted = g_strdup_printf("%s%d", answer, i);
        int64_t begin = measure_now_ns();
        pty_send(pty, line, strlen(line));
        must_see(pty, wanted);
        samples_add(samples, measure_now_ns() - begin);
        g_free(wanted);
    }
}

/* The only child there is. */
static int child_pid(void)
{
    char *path = g_strdup_printf("/proc/self/task/%d/children", (int)getpid()), *text = NULL;
    int pid = g_file_get_contents(path, &text, NULL, NULL) ? atoi(text) : 0;
    g_free(text);
    g_free(path);
    return pid;
}

struct idle {
    size_t bytes;
    double cpu_percent;
    int64_t resident_kb;
};

/* Nobody touches it for a while. */
static struct idle idle(struct pty *pty)
{
    struct idle idle = {0};
    int pid = child_pid();
    size_t length = 0;
    pty_settle(pty, 500);
    pty_output(pty, &length);
    int64_t before = measure_cpu_ms(pid), begin = measure_now_ns();
    while (measure_seconds_since(begin) * 1000 < IDLE_MS)
        pty_settle(pty, IDLE_MS - (int)(measure_seconds_since(begin) * 1000));
    pty_output(pty, &length);
    idle.bytes = length;
    idle.cpu_percent = (double)(measure_cpu_ms(pid) - before) * 100 / IDLE_MS;
    idle.resident_kb = measure_resident_kb(pid);
    return idle;
}

/* A station where the order is open at the pack step. */
static struct pty *open_order(const struct stage *stage, const char *order)
{
    char *line = g_strconcat(order, "\r", NULL), *opened = g_strconcat("Order ", order, NULL);
    struct pty *pty = start(stage, FALSE);
    log_in(pty);
    must_see(pty, "F5 pack");
    pty_type(pty, "\x1b[15~"); /* F5 */
    must_see(pty, "F6 close box");
    pty_type(pty, line);
    must_see(pty, opened);
    g_free(opened);
    g_free(line);
    return pty;
}

static void measure(enum db_engine engine, int64_t orders)
{
    struct stage stage = {.self = g_file_read_link("/proc/self/exe", NULL), .program = headless_program("packline")};
    struct samples here, busy, base;
    char title[96];
    stage.bench = bench_floor_open(engine, orders);
    set_stage(&stage);
    struct pty *pty = start(&stage, TRUE);
    must_see(pty, "bare");
    scans(pty, &base, "scan ");
    pty_free(pty);
    pty = open_order(&stage, ORDERS[0]);
    scans(pty, &here, SKU_COUNT);
    struct idle quiet = idle(pty);
    pty_free(pty);
    struct crowd *crowd = crowd_start(stage.bench, STATIONS - 1);
    pty = open_order(&stage, ORDERS[1]);
    scans(pty, &busy, SKU_COUNT);
    pty_free(pty);
    crowd_stop(crowd, stage.bench);
    g_snprintf(title, sizeof title, "%s, %" G_GINT64_FORMAT " orders: a terminal of %dx%d",
               engine == DB_SQLITE ? "SQLite" : "PostgreSQL", orders, COLS, ROWS);
    measure_head(title);
    measure_row("scan to painted answer, median", samples_ms(&here, 0.5), samples_ms(&base, 0.5), "ms", NO_MARK);
    measure_row("scan to painted answer, p99", samples_ms(&here, 0.99), samples_ms(&base, 0.99), "ms",
                (struct mark){.most = engine == DB_SQLITE ? 2 : 4, .most_ratio = 2});
    measure_row("p99 beside 31 stations, import, print run", samples_ms(&busy, 0.99), samples_ms(&base, 0.99), "ms",
                (struct mark){.most = 12, .most_ratio = 2});
    measure_row("start to first screen, median", first_screen_ms(&stage, FALSE), first_screen_ms(&stage, TRUE), "ms",
                (struct mark){.most = 30, .most_ratio = 4});
    measure_row("written while idle", (double)quiet.bytes, 0, "B", (struct mark){.most = 0.5});
    measure_row("processor while idle", quiet.cpu_percent, 0, "%", (struct mark){.most = 0.5});
    measure_row("resident", (double)quiet.resident_kb / 1024, 0, "MB", (struct mark){.most = 32});
    samples_clear(&here);
    samples_clear(&busy);
    samples_clear(&base);
    bench_floor_free(stage.bench);
    g_free(stage.self);
    g_free(stage.program);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--bare") == 0)
        return bare_screen();
    bench_each(measure);
    return 0;
}

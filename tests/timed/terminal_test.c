/* SPDX-License-Identifier: MIT
 *
 * What a person would notice as slow: these run alone, after all others, so that a time is the program's own. One try of a
 * few is enough, and a busy machine is told by a bare program (pace.h): it may be slow, packline may not.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/support/pace.h"
#include "tests/support/seat.h"

enum { CHANGES = 200, ROUNDS = 4, GAP_MS = 35, P99_MS = 500 };
enum { QUIET_MS = 3000, MINUTE_MS = 60000, CPU_PER_MILLE = 5 };
enum { ESC_MS = 100, GONE_MS = 1000, TRIES = 20 };
enum { TIMES_BARE = 20 }; /* a step with its commit and its screen is some ten answers of a bare program */

static int64_t now_us(void)
{
    return g_get_monotonic_time();
}

static int64_t ms_since(int64_t started_us)
{
    return (now_us() - started_us) / 1000;
}

/* --- another station's changes, from their commit to the painted screen; that station is this process --- */

/* The count of the pack screen, -1 when it shows none. */
static int shown(struct pty *pty)
{
    char *screen = pty_screen(pty);
    const char *at = strstr(screen, "scanned ");
    int count = at ? atoi(at + strlen("scanned ")) : -1;
    g_free(screen);
    return count;
}

static int by_size(gconstpointer a, gconstpointer b)
{
    return (*(const int64_t *)a > *(const int64_t *)b) - (*(const int64_t *)a < *(const int64_t *)b);
}

/* committed[n] and painted[n]: when the count came to be from + n + 1, and was seen. Changes go on whether they are seen
 * or not. */
static void change_and_watch(struct floor *floor, struct pty *pty, struct event event, int from,
                             int64_t committed[CHANGES], int64_t painted[CHANGES])
{
    int done = 0, seen = 0;
    int64_t next_us = now_us(), deadline_us = next_us + 60 * G_USEC_PER_SEC;
    while (seen < CHANGES) {
        if (done < CHANGES && now_us() >= next_us) {
            floor_do(floor, event);
            committed[done++] = now_us();
            next_us = now_us() + GAP_MS * 1000;
        }
        int64_t wait_us = done < CHANGES ? MAX(next_us - now_us(), 0) : 50000;
        if (pty_read(pty, (int)(wait_us / 1000) + 1))
            for (int count = shown(pty) - from; seen < count && seen < done; seen++)
                painted[seen] = now_us();
        g_assert_cmpint(now_us(), <, deadline_us);
    }
}

static int p99_ms(struct floor *floor, struct pty *pty, struct event event, int from)
{
    int64_t committed[CHANGES], took_us[CHANGES];
    change_and_watch(floor, pty, event, from, committed, took_us);
    for (int i = 0; i < CHANGES; i++)
        took_us[i] -= committed[i];
    qsort(took_us, CHANGES, sizeof took_us[0], by_size);
    int p50 = (int)(took_us[CHANGES / 2] / 1000), p99 = (int)(took_us[CHANGES * 99 / 100] / 1000);
    g_test_message("%d changes at another station, commit to painted: p50 %d ms, p99 %d ms, most %d ms", CHANGES, p50,
                   p99, (int)(took_us[CHANGES - 1] / 1000));
    return p99;
}

static void changes_appear(struct testdb *test)
{
    int64_t shipment;
    struct floor *floor = seat_floor(test, ROUNDS * CHANGES + 1, &shipment);
    floor_pick_all(floor, shipment);
    struct pty *pty = seat_open(test, "bench-1");
    seat_scan(pty, SEAT_ORDER);
    seat_sees(pty, "scanned 0");
    struct event event = {.kind = EV_PACK, .actor = floor->packer, .shipment_id = shipment, .quantity = 1};
    event.line_id = floor_int(floor, "SELECT id FROM shipment_line WHERE shipment_id = $1", shipment);
    int p99 = G_MAXINT, allowed_ms = P99_MS;
    for (int round = 0; round < ROUNDS && p99 >= allowed_ms; round++) {
        p99 = p99_ms(floor, pty, event, round * CHANGES);
        allowed_ms = pace_allowed_ms(P99_MS, TIMES_BARE);
    }
    g_assert_cmpint(p99, <, allowed_ms);
    seat_close(pty);
    floor_close(floor);
}

/* --- idle ----------------------------------------------------------------------------------------------- */

/* Nanoseconds on a processor, all threads. */
static int64_t cpu_ns(pid_t pid)
{
    char *path = g_strdup_printf("/proc/%d/task", (int)pid);
    GDir *dir = g_dir_open(path, 0, NULL);
    int64_t sum = 0;
    g_assert_nonnull(dir);
    for (const char *name; (name = g_dir_read_name(dir));) {
        char *file = g_build_filename(path, name, "schedstat", NULL), *text = NULL;
        if (g_file_get_contents(file, &text, NULL, NULL))
            sum += g_ascii_strtoll(text, NULL, 10);
        g_free(text);
        g_free(file);
    }
    g_dir_close(dir);
    g_free(path);
    return sum;
}

/* The clock in the header changes with the minute: waits until the next change is far enough away. */
static void get_clear_of_the_minute(struct pty *pty)
{
    while (MINUTE_MS - g_get_real_time() / 1000 % MINUTE_MS < QUIET_MS + 1000)
        pty_read(pty, 100);
}

/* Microseconds on a processor in QUIET_MS, in which nothing is written. */
static int64_t idle_cpu_us(struct pty *pty)
{
    get_clear_of_the_minute(pty);
    pty_settle(pty, 700);
    int64_t started_us = now_us(), before_ns = cpu_ns(pty_pid(pty));
    gboolean wrote = pty_read(pty, QUIET_MS);
    int64_t cpu_us = (cpu_ns(pty_pid(pty)) - before_ns) / 1000, took_us = now_us() - started_us;
    g_test_message("idle for %d ms: %d us of a processor, %.2f %%", (int)(took_us / 1000), (int)cpu_us,
                   100.0 * (double)cpu_us / (double)took_us);
    g_assert_false(wrote);
    return cpu_us;
}

static void idle_is_idle(struct testdb *test)
{
    int64_t shipment, best_us = G_MAXINT64;
    struct floor *floor = seat_floor(test, 1, &shipment);
    struct pty *pty = seat_open(test, "bench-1");
    seat_sees(pty, SEAT_ORDER);
    for (int i = 0; i < TRIES && best_us >= QUIET_MS * CPU_PER_MILLE; i++)
        best_us = MIN(best_us, idle_cpu_us(pty));
    g_assert_cmpint(best_us, <, QUIET_MS * CPU_PER_MILLE);
    seat_close(pty);
    floor_close(floor);
}

/* --- keys and ends -------------------------------------------------------------------------------------- */

static void a_lone_esc(struct testdb *test)
{
    int64_t shipment, best_ms = G_MAXINT64;
    int allowed_ms = pace_allowed_ms(ESC_MS, TIMES_BARE);
    struct floor *floor = seat_floor(test, 20, &shipment);
    struct pty *pty = seat_at_order(test, floor, shipment);
    for (int i = 0; i < TRIES && best_ms >= allowed_ms; i++) {
        int64_t started_us = now_us();
        pty_type(pty, "\033");
        seat_sees(pty, "Queue  ");
        best_ms = MIN(best_ms, ms_since(started_us));
        seat_scan(pty, SEAT_ORDER);
        seat_sees(pty, "scanned 0");
    }
    g_test_message("Esc from the order to the queue: %d ms", (int)best_ms);
    g_assert_cmpint(best_ms, <, allowed_ms);
    seat_close(pty);
    floor_close(floor);
}

/* The terminal answers how wide an ambiguous glyph is, and has the others from then on; a late answer is not believed. */
static void asks_for_the_glyphs(struct testdb *test)
{
    int64_t shipment;
    struct floor *floor = seat_floor(test, 1, &shipment);
    gboolean answered = FALSE;
    for (int i = 0; i < TRIES && !answered; i++) {
        struct pty *pty = seat_open(test, "bench-1");
        answered = seat_shows(pty, "─");
        seat_close(pty);
    }
    g_assert_true(answered);
    floor_close(floor);
}

/* How long the program lives on when its line is gone. */
static int64_t outlives_its_line_ms(const struct testdb *test)
{
    struct pty *pty = seat_open(test, "bench-1");
    int64_t started_us = now_us();
    pty_hang_up(pty);
    int status = pty_wait_end(pty);
    int64_t took_ms = ms_since(started_us);
    g_assert_cmpint(status, ==, 0);
    g_assert_false(pty_group_alive(pty));
    pty_free(pty);
    return took_ms;
}

/* There is no terminal to give back, but what was there ends soon. */
static void a_lost_terminal(struct testdb *test)
{
    int64_t shipment, best_ms = G_MAXINT64;
    int allowed_ms = pace_allowed_ms(GONE_MS, TIMES_BARE);
    struct floor *floor = seat_floor(test, 1, &shipment);
    for (int i = 0; i < TRIES && best_ms >= allowed_ms; i++)
        best_ms = MIN(best_ms, outlives_its_line_ms(test));
    g_test_message("a lost terminal ended the program in %d ms", (int)best_ms);
    g_assert_cmpint(best_ms, <, allowed_ms);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    int status;
    if (pace_is_bare(argc, argv, &status))
        return status;
    g_test_init(&argc, &argv, NULL);
    testdb_add("/timed/changes_appear", changes_appear);
    testdb_add("/timed/idle_is_idle", idle_is_idle);
    testdb_add("/timed/a_lone_esc", a_lone_esc);
    testdb_add("/timed/asks_for_the_glyphs", asks_for_the_glyphs);
    testdb_add("/timed/a_lost_terminal", a_lost_terminal);
    return g_test_run();
}

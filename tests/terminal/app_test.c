/* SPDX-License-Identifier: MIT
 *
 * The real program on a pseudo-terminal: what its bytes do on the screens.
 */
#include <sys/wait.h>

#include "core/base/error.h"
#include "core/people/people.h"
#include "tests/support/seat.h"

/* At the log-in screen of a floor with two orders: SEAT_ORDER of three units picked, SP-1043 ready. */
struct bench {
    struct testdb *test;
    struct floor *floor;
    struct pty *pty;
};

static void bench_open_as(struct bench *bench, const struct seat_how *how)
{
    int64_t shipment;
    bench->test = testdb_new(DB_SQLITE);
    bench->floor = seat_floor(bench->test, 3, &shipment);
    floor_pick_all(bench->floor, shipment);
    floor_release(bench->floor, floor_order(bench->floor, "SP-1043", "hct", FLOOR_ITEMS({"MUG-RED", 1})));
    bench->pty = seat_start(bench->test, how);
}

static void bench_open(struct bench *bench)
{
    bench_open_as(bench, &(struct seat_how){0});
    seat_sees(bench->pty, "Scan your badge");
}

static void bench_close(struct bench *bench)
{
    seat_close(bench->pty);
    floor_close(bench->floor);
    testdb_free(bench->test);
}

/* The bar is up and what was on its way has come: from now on things are meant. */
static void barred(struct bench *bench)
{
    seat_sees(bench->pty, "Esc close");
    seat_lets_settle(bench->pty);
}

static void log_in(struct bench *bench)
{
    seat_log_in(bench->pty);
    seat_sees(bench->pty, SEAT_ORDER);
}

static void open_pack(struct bench *bench)
{
    log_in(bench);
    seat_scan(bench->pty, SEAT_ORDER);
    seat_sees(bench->pty, "0 / 3");
}

static void test_log_in(void)
{
    struct bench bench;
    bench_open(&bench);
    seat_scan(bench.pty, SEAT_BADGE);
    seat_sees(bench.pty, "Type your PIN");
    pty_type(bench.pty, SEAT_PIN);
    seat_sees(bench.pty, "******");
    pty_type(bench.pty, "\r");
    seat_sees(bench.pty, SEAT_ORDER);
    bench_close(&bench);
}

/* Before anybody is logged in nothing else is seen, by no key and no word. */
static void test_nobody(void)
{
    struct bench bench;
    bench_open(&bench);
    static const char *const WAYS[] = {"\033OQ", "\033[13~", ":qu", "eue", "\r", "\033[18~", "\033"};
    for (size_t i = 0; i < G_N_ELEMENTS(WAYS); i++) {
        pty_type(bench.pty, WAYS[i]);
        seat_lets_settle(bench.pty);
        seat_sees(bench.pty, "Scan your badge");
    }
    pty_type(bench.pty, "\033OP");
    seat_sees(bench.pty, "what it does");
    pty_type(bench.pty, "queue");
    seat_lets_settle(bench.pty); /* with Enter at once it would be a scan */
    pty_type(bench.pty, "\r");
    seat_sees(bench.pty, "Scan your badge");
    bench_close(&bench);
}

/* A count that is typed is the line's count; scans of one or two figures would be codes. */
static void test_count(void)
{
    struct bench bench;
    bench_open(&bench);
    log_in(&bench);
    floor_release(bench.floor, floor_order(bench.floor, "SP-3000", "hct", FLOOR_ITEMS({"MUG-RED", 7})));
    seat_scan(bench.pty, "SP-3000");
    seat_sees(bench.pty, "0 of 7 done");
    seat_scan(bench.pty, SEAT_BIN);
    seat_sees(bench.pty, "Bin A-01-1");
    pty_type(bench.pty, "5\r");
    seat_sees(bench.pty, "5 of 7 done");
    pty_type(bench.pty, "8\r");
    barred(&bench);
    pty_type(bench.pty, "\033");
    seat_sees_gone(bench.pty, "Esc close");
    seat_sees(bench.pty, "5 of 7 done");
    bench_close(&bench);
}

/* A packer closes an incomplete box only with a lead's badge and PIN. */
static void test_approval(void)
{
    struct bench bench;
    GError *error = NULL;
    bench_open(&bench);
    person_add(bench.floor->site, &bench.floor->system, "5001", "阿明", ROLE_PACKER, "7531", NULL, &error);
    g_assert_no_error(error);
    seat_scan(bench.pty, "5001");
    seat_sees(bench.pty, "Type your PIN");
    seat_scan(bench.pty, "7531");
    seat_sees(bench.pty, SEAT_ORDER);
    seat_scan(bench.pty, SEAT_ORDER);
    seat_sees(bench.pty, "0 / 3");
    seat_scan(bench.pty, SEAT_CODE);
    seat_sees(bench.pty, "1 / 3");
    pty_type(bench.pty, "\033[18~");
    seat_sees(bench.pty, "a lead's badge");
    seat_lets_settle(bench.pty);
    seat_scan(bench.pty, SEAT_BADGE);
    seat_sees(bench.pty, "the lead's PIN");
    pty_type(bench.pty, SEAT_PIN);
    seat_sees(bench.pty, "******");
    pty_type(bench.pty, "\r");
    seat_sees(bench.pty, "Stick the waybill on");
    bench_close(&bench);
}

/* Bytes that have killed or deafened others: FS, a lone 0xFF, half a character. */
static void test_bytes(void)
{
    struct bench bench;
    bench_open(&bench);
    open_pack(&bench);
    pty_send(bench.pty, "\x1c", 1);
    pty_send(bench.pty, "\x03", 1);
    pty_send(bench.pty, "\x1a", 1);
    seat_scan(bench.pty, "\xff" SEAT_CODE);
    barred(&bench);
    pty_type(bench.pty, "\033");
    seat_sees_gone(bench.pty, "Esc close");
    seat_scan(bench.pty, SEAT_CODE);
    seat_sees(bench.pty, "1 / 3");
    seat_scan(bench.pty, "ㄅㄉˇˋㄓˊ");
    barred(&bench);
    bench_close(&bench);
}

/* Every frame is marked as one, from its beginning to its end. */
static void test_frames_are_whole(void)
{
    struct bench bench;
    bench_open(&bench);
    open_pack(&bench);
    seat_lets_settle(bench.pty);
    size_t length;
    pty_output(bench.pty, &length);
    seat_scan(bench.pty, SEAT_CODE);
    seat_sees(bench.pty, "1 / 3");
    const char *output = pty_output(bench.pty, &length);
    g_assert_true(g_str_has_prefix(output, "\033[?2026h"));
    g_assert_true(g_str_has_suffix(output, "\033[?2026l"));
    bench_close(&bench);
}

static void test_paste(void)
{
    struct bench bench;
    bench_open(&bench);
    log_in(&bench);
    pty_type(bench.pty, "\033[200~1043\033[201~");
    seat_sees_gone(bench.pty, SEAT_ORDER);
    seat_sees(bench.pty, "SP-1043");
    pty_type(bench.pty, "\033");
    seat_sees(bench.pty, SEAT_ORDER);
    pty_type(bench.pty, "\033[200~a\nb\033[201~");
    seat_sees(bench.pty, "Only one line");
    bench_close(&bench);
}

static void test_resize(void)
{
    struct bench bench;
    bench_open(&bench);
    open_pack(&bench);
    for (int cols = 60; cols <= 160; cols += 20)
        pty_resize(bench.pty, 24 + cols / 10, cols);
    pty_resize(bench.pty, 20, 60);
    seat_sees(bench.pty, "packline needs 80x24");
    seat_scan(bench.pty, SEAT_CODE);
    pty_resize(bench.pty, 30, 100);
    seat_sees(bench.pty, "0 / 3");
    seat_scan(bench.pty, SEAT_CODE);
    seat_sees(bench.pty, "1 / 3");
    bench_close(&bench);
}

/* A resize after any byte of a scan loses none of it. */
static void test_resize_in_scan(void)
{
    struct bench bench;
    bench_open(&bench);
    open_pack(&bench);
    static const char CODE[] = "4710000000017\r";
    for (size_t i = 0; i < sizeof CODE - 1; i++) {
        pty_send(bench.pty, &CODE[i], 1);
        pty_resize(bench.pty, 24 + (int)i % 3, 80 + (int)i % 5);
    }
    seat_sees(bench.pty, "1 / 3");
    bench_close(&bench);
}

static gboolean draws_lines(const char *const environment[])
{
    struct bench bench;
    bench_open_as(&bench, &(struct seat_how){.environment = environment});
    log_in(&bench);
    gboolean draws = seat_shows(bench.pty, "─");
    bench_close(&bench);
    return draws;
}

/* The terminal that is asked, and answers in time, is among the timed tests. */
static void test_glyphs(void)
{
    static const char *const UNICODE[] = {"PACKLINE_GLYPHS=unicode", NULL};
    static const char *const ASCII[] = {"PACKLINE_GLYPHS=ascii", NULL};
    static const char *const CONSOLE[] = {"TERM=linux", NULL};
    g_assert_true(draws_lines(UNICODE));
    g_assert_false(draws_lines(ASCII));
    g_assert_false(draws_lines(CONSOLE));
}

/* What can't put its cursor anywhere is told so before it gets a garbled screen. */
static void test_poor_terminals(void)
{
    static const char *const TYPES[] = {"TERM=dumb", "TERM=nothing-of-this-name", "TERM="};
    for (size_t i = 0; i < G_N_ELEMENTS(TYPES); i++) {
        const char *const environment[] = {TYPES[i], NULL};
        struct testdb *test = testdb_new(DB_SQLITE);
        struct pty *pty = seat_start(test, &(struct seat_how){.environment = environment});
        g_assert_true(pty_wait(pty, "PL-0901"));
        int status = pty_wait_end(pty);
        g_assert_true(WIFEXITED(status));
        g_assert_cmpint(WEXITSTATUS(status), ==, EXIT_USAGE);
        pty_free(pty);
        testdb_free(test);
    }
}

/* Help finds an action while one types and does it. */
static void test_help(void)
{
    struct bench bench;
    bench_open(&bench);
    log_in(&bench);
    pty_type(bench.pty, "\033OP");
    seat_sees(bench.pty, "what it does");
    pty_type(bench.pty, "pack");
    seat_sees_gone(bench.pty, "Scan parcels out");
    pty_type(bench.pty, "\r");
    seat_sees(bench.pty, "Scan an order, a tote");
    pty_type(bench.pty, "\033");
    seat_sees(bench.pty, SEAT_ORDER);
    bench_close(&bench);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/terminal/log-in", test_log_in);
    g_test_add_func("/terminal/nobody", test_nobody);
    g_test_add_func("/terminal/count", test_count);
    g_test_add_func("/terminal/approval", test_approval);
    g_test_add_func("/terminal/bytes", test_bytes);
    g_test_add_func("/terminal/frames-are-whole", test_frames_are_whole);
    g_test_add_func("/terminal/paste", test_paste);
    g_test_add_func("/terminal/resize", test_resize);
    g_test_add_func("/terminal/resize-in-scan", test_resize_in_scan);
    g_test_add_func("/terminal/glyphs", test_glyphs);
    g_test_add_func("/terminal/poor_terminals", test_poor_terminals);
    g_test_add_func("/terminal/help", test_help);
    return g_test_run();
}

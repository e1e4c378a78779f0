/* SPDX-License-Identifier: MIT
 *
 * The real program on a pseudo-terminal: what its bytes do, and that a terminal is always given back.
 */
#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include "core/people/people.h"
#include "core/people/pin.h"
#include "tests/support/floor.h"
#include "tests/support/headless.h"
#include "tests/support/pty.h"

enum { ROWS = 24, COLS = 80, QUIET_MS = 300 };

/* A floor with a lead and two orders: SP-1042 picked, SP-1043 ready; MUG-RED and TEA-OOL are known. */
struct bench {
    struct testdb *test;
    struct floor *floor;
    struct pty *pty;
};

static struct pty *start(struct bench *bench, const char *const environment[], const char *lang)
{
    char *program = headless_program("packline");
    const char *const argv[] = {program, "--db", bench->test->url, "--station", "bench-1", "--lang",
                                lang,    NULL};
    struct pty *pty = pty_start(argv, environment, ROWS, COLS);
    g_free(program);
    return pty;
}

static void prepare(struct bench *bench)
{
    GError *error = NULL;
    char *pepper = g_build_filename(bench->test->dir, "pepper", NULL);
    g_setenv("PACKLINE_PEPPER", pepper, TRUE);
    g_setenv("PACKLINE_WORKER", "off", TRUE);
    pepper_create(NULL, &error);
    g_assert_no_error(error);
    g_free(pepper);
    person_add(bench->floor->site, &bench->floor->system, "4001", "林小美", ROLE_LEAD, "482915", NULL,
               &error);
    g_assert_no_error(error);
    int64_t mug = floor_product(bench->floor, "MUG-RED", "4710000000017"),
            bin = floor_bin(bench->floor, "A-01-1", 1);
    floor_product(bench->floor, "TEA-OOL", "4710000000024");
    floor_receive(bench->floor, mug, 0, bin, 50);
    int64_t first = floor_order(bench->floor, "SP-1042", "hct", FLOOR_ITEMS({"MUG-RED", 3}));
    floor_release(bench->floor, first);
    floor_pick_all(bench->floor, first);
    floor_release(bench->floor, floor_order(bench->floor, "SP-1043", "hct", FLOOR_ITEMS({"MUG-RED", 1})));
}

static void bench_open(struct bench *bench, const char *const environment[])
{
    bench->test = testdb_new(DB_SQLITE);
    bench->floor = floor_open(bench->test, "setup");
    prepare(bench);
    bench->pty = start(bench, environment, "en");
    g_assert_true(pty_wait(bench->pty, "Scan your badge"));
}

static void bench_close(struct bench *bench)
{
    pty_free(bench->pty);
    floor_close(bench->floor);
    testdb_free(bench->test);
}

static void shows(struct bench *bench, const char *text)
{
    if (pty_wait(bench->pty, text))
        return;
    char *screen = pty_screen(bench->pty);
    g_error("\"%s\" does not come; the screen is:\n%s", text, screen);
}

/* The bar is up and what was on its way has come: from now on things are meant. */
static void barred(struct bench *bench)
{
    shows(bench, "Esc close");
    pty_settle(bench->pty, QUIET_MS);
}

static void scan(struct bench *bench, const char *code)
{
    pty_type(bench->pty, code);
    pty_type(bench->pty, "\r");
}

static void log_in(struct bench *bench)
{
    scan(bench, "4001");
    shows(bench, "Type your PIN");
    scan(bench, "482915");
    shows(bench, "SP-1042");
}

static void open_pack(struct bench *bench)
{
    log_in(bench);
    scan(bench, "SP-1042");
    shows(bench, "0 / 3");
}

static void test_log_in(void)
{
    struct bench bench;
    bench_open(&bench, NULL);
    scan(&bench, "4001");
    shows(&bench, "Type your PIN");
    pty_type(bench.pty, "482915");
    shows(&bench, "******");
    pty_type(bench.pty, "\r");
    shows(&bench, "SP-1042");
    bench_close(&bench);
}

/* Before anybody is logged in nothing else is seen, by no key and no word. */
static void test_nobody(void)
{
    struct bench bench;
    bench_open(&bench, NULL);
    static const char *const WAYS[] = {"\033OQ", "\033[13~", ":he\r", "\033[18~", "\033"};
    for (size_t i = 0; i < G_N_ELEMENTS(WAYS); i++) {
        pty_type(bench.pty, WAYS[i]);
        pty_settle(bench.pty, QUIET_MS);
        shows(&bench, "Scan your badge");
    }
    pty_type(bench.pty, "\033OP");
    shows(&bench, "what it does");
    pty_type(bench.pty, "queue");
    pty_settle(bench.pty, QUIET_MS);
    pty_type(bench.pty, "\r");
    shows(&bench, "Scan your badge");
    bench_close(&bench);
}

/* A count that is typed is the line's count; scans of one or two figures would be codes. */
static void test_count(void)
{
    struct bench bench;
    bench_open(&bench, NULL);
    log_in(&bench);
    floor_release(bench.floor, floor_order(bench.floor, "SP-3000", "hct", FLOOR_ITEMS({"MUG-RED", 7})));
    scan(&bench, "SP-3000");
    shows(&bench, "0 of 7 done");
    scan(&bench, "A-01-1");
    shows(&bench, "Bin A-01-1");
    pty_type(bench.pty, "5\r");
    shows(&bench, "5 of 7 done");
    pty_type(bench.pty, "8\r");
    barred(&bench);
    pty_type(bench.pty, "\033");
    g_assert_true(pty_wait_gone(bench.pty, "Esc close"));
    shows(&bench, "5 of 7 done");
    bench_close(&bench);
}

/* A packer closes an incomplete box only with a lead's badge and PIN. */
static void test_approval(void)
{
    struct bench bench;
    GError *error = NULL;
    bench_open(&bench, NULL);
    person_add(bench.floor->site, &bench.floor->system, "5001", "阿明", ROLE_PACKER, "7531", NULL, &error);
    g_assert_no_error(error);
    scan(&bench, "5001");
    shows(&bench, "Type your PIN");
    scan(&bench, "7531");
    shows(&bench, "SP-1042");
    scan(&bench, "SP-1042");
    shows(&bench, "0 / 3");
    scan(&bench, "4710000000017");
    shows(&bench, "1 / 3");
    pty_type(bench.pty, "\033[18~");
    shows(&bench, "a lead's badge");
    scan(&bench, "4001");
    shows(&bench, "the lead's PIN");
    pty_type(bench.pty, "482915");
    shows(&bench, "******");
    pty_type(bench.pty, "\r");
    shows(&bench, "Stick the waybill on");
    bench_close(&bench);
}

/* The red bar: not closed by Enter or digits, closed by Esc and by the right scan, which counts. */
static void test_bar(void)
{
    struct bench bench;
    bench_open(&bench, NULL);
    open_pack(&bench);
    scan(&bench, "4710000000017");
    shows(&bench, "1 / 3");
    scan(&bench, "4710000000024");
    barred(&bench);
    pty_type(bench.pty, "\r\r1\x7f\r");
    barred(&bench);
    pty_type(bench.pty, "\033");
    g_assert_true(pty_wait_gone(bench.pty, "Esc close"));
    scan(&bench, "4710000000024");
    barred(&bench);
    scan(&bench, "4710000000017");
    g_assert_true(pty_wait_gone(bench.pty, "Esc close"));
    shows(&bench, "2 / 3");
    bench_close(&bench);
}

/* A burst: none is lost, and what follows an error is not counted and said so. */
static void test_burst(void)
{
    struct bench bench;
    bench_open(&bench, NULL);
    open_pack(&bench);
    pty_type(bench.pty, "4710000000017\r4710000000024\r4710000000017\r4710000000017\r");
    shows(&bench, "2 later scans NOT counted");
    barred(&bench);
    shows(&bench, "1 / 3");
    pty_type(bench.pty, "\033");
    g_assert_true(pty_wait_gone(bench.pty, "Esc close"));
    pty_type(bench.pty, "4710000000017\r4710000000017\r");
    shows(&bench, "Stick the waybill on and scan it");
    bench_close(&bench);
}

/* Bytes that have killed or deafened others: FS, a lone 0xFF, half a character. */
static void test_bytes(void)
{
    struct bench bench;
    bench_open(&bench, NULL);
    open_pack(&bench);
    pty_send(bench.pty, "\x1c", 1);
    pty_send(bench.pty, "\x03", 1);
    pty_send(bench.pty, "\x1a", 1);
    scan(&bench, "\xff"
                 "4710000000017");
    barred(&bench);
    pty_type(bench.pty, "\033");
    g_assert_true(pty_wait_gone(bench.pty, "Esc close"));
    scan(&bench, "4710000000017");
    shows(&bench, "1 / 3");
    scan(&bench, "ㄅㄉˇˋㄓˊ");
    barred(&bench);
    bench_close(&bench);
}

/* Every frame is marked as one, from begin to end, and a turn that changes nothing sends nothing. */
static void test_frames_are_whole(void)
{
    struct bench bench;
    bench_open(&bench, NULL);
    open_pack(&bench);
    pty_settle(bench.pty, 300);
    size_t length;
    pty_output(bench.pty, &length);
    scan(&bench, "4710000000017");
    shows(&bench, "1 / 3");
    const char *output = pty_output(bench.pty, &length);
    g_assert_true(g_str_has_prefix(output, "\033[?2026h"));
    g_assert_true(g_str_has_suffix(output, "\033[?2026l"));
    bench_close(&bench);
}

static void test_paste(void)
{
    struct bench bench;
    bench_open(&bench, NULL);
    log_in(&bench);
    pty_type(bench.pty, "\033[200~1043\033[201~");
    g_assert_true(pty_wait_gone(bench.pty, "SP-1042"));
    shows(&bench, "SP-1043");
    pty_type(bench.pty, "\033");
    shows(&bench, "SP-1042");
    pty_type(bench.pty, "\033[200~a\nb\033[201~");
    shows(&bench, "Only one line");
    bench_close(&bench);
}

static void test_resize(void)
{
    struct bench bench;
    bench_open(&bench, NULL);
    open_pack(&bench);
    for (int cols = 60; cols <= 160; cols += 20)
        pty_resize(bench.pty, ROWS + cols / 10, cols);
    pty_resize(bench.pty, 20, 60);
    shows(&bench, "packline needs 80x24");
    scan(&bench, "4710000000017");
    pty_resize(bench.pty, 30, 100);
    shows(&bench, "0 / 3");
    scan(&bench, "4710000000017");
    shows(&bench, "1 / 3");
    bench_close(&bench);
}

/* A resize after any byte of a scan loses none of it. */
static void test_resize_in_scan(void)
{
    struct bench bench;
    bench_open(&bench, NULL);
    open_pack(&bench);
    static const char CODE[] = "4710000000017\r";
    for (size_t i = 0; i < sizeof CODE - 1; i++) {
        pty_send(bench.pty, &CODE[i], 1);
        pty_resize(bench.pty, 24 + (int)i % 3, 80 + (int)i % 5);
    }
    shows(&bench, "1 / 3");
    bench_close(&bench);
}

static void test_idle(void)
{
    struct bench bench;
    bench_open(&bench, NULL);
    log_in(&bench);
    pty_settle(bench.pty, 600);
    /* over several looks at the database; a new minute on the clock may fall into it once */
    size_t first = pty_settle(bench.pty, 900), second = pty_settle(bench.pty, 900);
    g_assert_cmpuint(MIN(first, second), ==, 0);
    pty_type(bench.pty, "\033[B");
    g_assert_cmpuint(pty_settle(bench.pty, QUIET_MS), <, 350);
    bench_close(&bench);
}

/* The terminal that answers in time and gets the others is among the timed tests. */
static void test_glyphs(void)
{
    static const char *const ASCII[] = {"PACKLINE_GLYPHS=ascii", NULL};
    static const char *const CONSOLE[] = {"TERM=linux", NULL};
    static const char *const *const CASES[] = {ASCII, CONSOLE};
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        struct bench bench;
        bench_open(&bench, CASES[i]);
        char *screen = pty_screen(bench.pty);
        g_assert_null(strstr(screen, "─"));
        g_free(screen);
        bench_close(&bench);
    }
}

static void test_locale(void)
{
    static const char *const PLAIN[] = {"LC_ALL=C", NULL};
    struct bench bench;
    bench_open(&bench, PLAIN);
    shows(&bench, "C.UTF-8");
    log_in(&bench);
    shows(&bench, "林小美");
    bench_close(&bench);
}

static void check_restored(struct bench *bench)
{
    g_assert_false(pty_alternate(bench->pty));
    g_assert_true(pty_cursor_visible(bench->pty));
}

/* Asked to end, or crashed: the terminal is given back. */
static void test_signals(void)
{
    static const int SIGNALS[] = {SIGTERM, SIGHUP, SIGINT, SIGSEGV, SIGABRT};
    for (size_t i = 0; i < G_N_ELEMENTS(SIGNALS); i++) {
        struct bench bench;
        bench_open(&bench, NULL);
        g_assert_true(pty_alternate(bench.pty));
        pty_signal(bench.pty, SIGNALS[i]);
        int status = pty_wait_end(bench.pty);
        g_assert_cmpint(status, !=, -1);
        check_restored(&bench);
        bench_close(&bench);
    }
}

static void test_quit(void)
{
    struct bench bench;
    bench_open(&bench, NULL);
    pty_type(bench.pty, "\033[21~");
    int status = pty_wait_end(bench.pty);
    g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    check_restored(&bench);
    bench_close(&bench);
}

static void test_hang_up(void)
{
    struct bench bench;
    bench_open(&bench, NULL);
    pty_hang_up(bench.pty);
    g_assert_cmpint(pty_wait_end(bench.pty), !=, -1);
    bench_close(&bench);
}

/* Help finds an action while one types and does it. */
static void test_help(void)
{
    struct bench bench;
    bench_open(&bench, NULL);
    log_in(&bench);
    pty_type(bench.pty, "\033OP");
    shows(&bench, "what it does");
    pty_type(bench.pty, "pack");
    pty_settle(bench.pty, QUIET_MS); /* with Enter at once it would be a scan */
    g_assert_true(pty_wait_gone(bench.pty, "Scan parcels out"));
    pty_type(bench.pty, "\r");
    shows(&bench, "Scan an order, a tote");
    pty_type(bench.pty, "\033");
    shows(&bench, "SP-1042");
    bench_close(&bench);
}

/* What another station does is seen without a key. */
static void test_other_station(void)
{
    struct bench bench;
    bench_open(&bench, NULL);
    log_in(&bench);
    floor_release(bench.floor, floor_order(bench.floor, "SP-2000", "hct", FLOOR_ITEMS({"MUG-RED", 1})));
    shows(&bench, "SP-2000");
    bench_close(&bench);
}

static void test_chinese(void)
{
    struct bench bench;
    bench_open(&bench, NULL);
    pty_free(bench.pty);
    bench.pty = start(&bench, NULL, "zh_TW");
    shows(&bench, "bench-1");
    char *screen = pty_screen(bench.pty);
    g_assert_null(strstr(screen, "Scan your badge"));
    g_free(screen);
    bench_close(&bench);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/terminal/log-in", test_log_in);
    g_test_add_func("/terminal/nobody", test_nobody);
    g_test_add_func("/terminal/count", test_count);
    g_test_add_func("/terminal/approval", test_approval);
    g_test_add_func("/terminal/bar", test_bar);
    g_test_add_func("/terminal/burst", test_burst);
    g_test_add_func("/terminal/bytes", test_bytes);
    g_test_add_func("/terminal/frames-are-whole", test_frames_are_whole);
    g_test_add_func("/terminal/paste", test_paste);
    g_test_add_func("/terminal/resize", test_resize);
    g_test_add_func("/terminal/resize-in-scan", test_resize_in_scan);
    g_test_add_func("/terminal/idle", test_idle);
    g_test_add_func("/terminal/glyphs", test_glyphs);
    g_test_add_func("/terminal/locale", test_locale);
    g_test_add_func("/terminal/signals", test_signals);
    g_test_add_func("/terminal/quit", test_quit);
    g_test_add_func("/terminal/hang-up", test_hang_up);
    g_test_add_func("/terminal/help", test_help);
    g_test_add_func("/terminal/other-station", test_other_station);
    g_test_add_func("/terminal/chinese", test_chinese);
    return g_test_run();
}

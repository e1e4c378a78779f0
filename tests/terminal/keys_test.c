/* SPDX-License-Identifier: MIT
 *
 * Keys as terminals send them, and pastes, at the real program.
 */
#include <string.h>

#include "tests/support/seat.h"

enum { SEARCHES = 5 };

/* The order is open at the bench. */
struct bench {
    struct testdb *test;
    struct floor *floor;
    struct pty *pty;
    int64_t shipment;
};

static void bench_open(struct bench *bench)
{
    bench->test = testdb_new(DB_SQLITE);
    bench->floor = seat_floor(bench->test, 20, &bench->shipment);
    floor_pick_all(bench->floor, bench->shipment);
    bench->pty = seat_open(bench->test, "bench-1");
    seat_scan(bench->pty, SEAT_ORDER);
    seat_sees(bench->pty, "scanned 0");
}

static void bench_close(struct bench *bench)
{
    seat_close(bench->pty);
    floor_close(bench->floor);
    testdb_free(bench->test);
}

static int64_t packed(struct bench *bench)
{
    return floor_int(bench->floor, "SELECT packed FROM shipment_line WHERE shipment_id = $1", bench->shipment);
}

/* F4 takes the last scan back, however it is sent: xterm, PuTTY, the linux console, in pieces, and its second way. */
static void function_keys(void)
{
    static const char *const F4[] = {"\033OS", "\033[14~", "\033[[D", "\0334"};
    struct bench bench;
    bench_open(&bench);
    for (size_t i = 0; i < G_N_ELEMENTS(F4); i++) {
        seat_scan(bench.pty, SEAT_CODE);
        seat_sees(bench.pty, "scanned 1");
        pty_type(bench.pty, F4[i]);
        seat_sees(bench.pty, "scanned 0");
    }
    /* a scan that comes in right behind a key is a scan */
    seat_scan(bench.pty, SEAT_CODE);
    seat_sees(bench.pty, "scanned 1");
    pty_type(bench.pty, "\033OS" SEAT_CODE "\r" SEAT_CODE "\r");
    seat_sees(bench.pty, "scanned 2");
    bench_close(&bench);
}

/* The work that was left for the queue by a key is there again by the key, and by a scan that does something in it. */
static void back_to_the_work(void)
{
    struct bench bench;
    bench_open(&bench);
    pty_type(bench.pty, "\033OQ");
    seat_sees(bench.pty, "Queue  ");
    seat_scan(bench.pty, SEAT_CODE);
    seat_sees(bench.pty, "scanned 1");
    pty_type(bench.pty, "\033OQ");
    seat_sees(bench.pty, "Queue  ");
    pty_type(bench.pty, "\033[15~");
    seat_sees(bench.pty, "Scan an order, a tote");
    bench_close(&bench);
}

/* Every F-key of the footer in every form opens what it says. */
static void screens_by_key(void)
{
    static const struct {
        const char *keys[4];
        const char *shows;
    } KEYS[] = {
        {{"\033OP", "\033[11~", "\033[[A", "\033" "1"}, "what it does"},
        {{"\033[15~", "\033[15~", "\033[[E", "\033" "5"}, "Scan an order, a tote"},
        {{"\033[17~", "\033[17~", "\033[17~", "\033" "6"}, "Scan a parcel"},
        {{"\033[18~", "\033[18~", "\033[18~", "\033" "7"}, "Print room  "},
        {{"\033[19~", "\033[19~", "\033[19~", "\033" "8"}, "Stock and alerts  "},
    };
    struct bench bench;
    bench_open(&bench);
    for (size_t i = 0; i < G_N_ELEMENTS(KEYS); i++)
        for (size_t form = 0; form < G_N_ELEMENTS(KEYS[i].keys); form++) {
            pty_type(bench.pty, "\033OQ");
            seat_sees(bench.pty, "Queue  ");
            pty_type(bench.pty, KEYS[i].keys[form]);
            seat_sees(bench.pty, KEYS[i].shows);
            if (i == 0) { /* help covers what is below */
                pty_type(bench.pty, "\033");
                seat_sees_gone(bench.pty, KEYS[i].shows);
            }
        }
    bench_close(&bench);
}

/* Over a list too the bar is whole: nothing else stands in it. */
static void a_bar_over_a_list(void)
{
    struct bench bench;
    bench_open(&bench);
    pty_type(bench.pty, "\033");
    seat_sees(bench.pty, "1-1 of 1");
    pty_type(bench.pty, "\033OS");
    seat_sees(bench.pty, "PL-0333");
    g_assert_true(seat_shows(bench.pty, "F2 or Esc close, or scan the right thing"));
    seat_lets_settle(bench.pty);
    pty_type(bench.pty, "\033");
    seat_sees(bench.pty, "1-1 of 1");
    bench_close(&bench);
}

/* Esc first empties the field; only then does it leave. */
static void esc_empties_the_field_first(void)
{
    struct bench bench;
    bench_open(&bench);
    pty_type(bench.pty, "471");
    seat_sees(bench.pty, " 471\n");
    pty_type(bench.pty, "\033");
    seat_sees_gone(bench.pty, " 471\n");
    seat_scan(bench.pty, SEAT_CODE);
    seat_sees(bench.pty, "scanned 1");
    bench_close(&bench);
}

static void pastes(void)
{
    struct bench bench;
    bench_open(&bench);
    struct pty *pty = bench.pty;
    pty_type(pty, "\033[200~" SEAT_CODE "\033[201~");
    seat_sees(pty, SEAT_CODE);
    g_assert_cmpint(packed(&bench), ==, 0); /* nobody has pressed Enter */
    pty_type(pty, "\r");
    seat_sees(pty, "scanned 1");
    pty_type(pty, "\033[200~" SEAT_CODE "\r" SEAT_CODE "\r\033[201~");
    seat_sees(pty, "Only one line");
    pty_type(pty, "\033[200~x\033OS\033[15~\033y\003\033[201~"); /* keys in a paste are no keys */
    seat_sees(pty, " xOS[15~y\n");
    g_assert_true(seat_shows(pty, "scanned 1"));
    pty_type(pty, "\033");
    seat_sees_gone(pty, " xOS[15~y\n");
    pty_type(pty, "\033[200~" SEAT_CODE); /* its end is lost */
    seat_sees(pty, SEAT_CODE);
    pty_type(pty, "\r");
    seat_sees(pty, "scanned 2");
    seat_scan(pty, SEAT_CODE);
    seat_sees(pty, "scanned 3");
    bench_close(&bench);
}

/* More than anybody means, and no end to it: the program stays awake, and nothing of it is applied. */
static void a_huge_paste(void)
{
    struct bench bench;
    bench_open(&bench);
    char *text = g_strnfill(200000, '7');
    pty_type(bench.pty, "\033[200~");
    pty_send(bench.pty, text, 200000);
    pty_type(bench.pty, "\033[201~");
    seat_sees(bench.pty, "777");
    pty_type(bench.pty, "\033");
    seat_sees_gone(bench.pty, "777");
    seat_scan(bench.pty, SEAT_CODE);
    seat_sees(bench.pty, "scanned 1");
    g_free(text);
    bench_close(&bench);
}

/* Enter right behind what is searched for opens that, not what stood there before. */
static void enter_opens_what_was_searched(void)
{
    struct bench bench;
    bench_open(&bench);
    floor_release(bench.floor, floor_order(bench.floor, "SP-2077", "hct", FLOOR_ITEMS({"MUG-RED", 1})));
    pty_type(bench.pty, "\033");
    seat_sees(bench.pty, "SP-2077");
    for (int i = 0; i < SEARCHES; i++) {
        seat_types(bench.pty, "2077");
        seat_sees(bench.pty, "Order  ");
        seat_sees(bench.pty, "SP-2077");
        seat_sees_gone(bench.pty, SEAT_ORDER);
        pty_type(bench.pty, "\033");
        seat_sees(bench.pty, "Queue  ");
        pty_type(bench.pty, "\033");
        seat_sees(bench.pty, SEAT_ORDER);
    }
    bench_close(&bench);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/keys/function_keys", function_keys);
    g_test_add_func("/keys/back_to_the_work", back_to_the_work);
    g_test_add_func("/keys/screens_by_key", screens_by_key);
    g_test_add_func("/keys/a_bar_over_a_list", a_bar_over_a_list);
    g_test_add_func("/keys/esc_empties_the_field_first", esc_empties_the_field_first);
    g_test_add_func("/keys/pastes", pastes);
    g_test_add_func("/keys/a_huge_paste", a_huge_paste);
    g_test_add_func("/keys/enter_opens_what_was_searched", enter_opens_what_was_searched);
    return g_test_run();
}

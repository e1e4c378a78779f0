/* SPDX-License-Identifier: MIT
 *
 * Somebody leans on the keyboard and waves the scanner about: random keys, scans, cards, pastes, resizes and bytes on every
 * screen. The program never dies, never stops answering, and the floor's invariants hold. --seed repeats a run.
 */
#include <string.h>
#include <sys/wait.h>

#include "tests/support/seat.h"

enum { STROKES = 400, PROOF_EVERY = 200, UNITS = 40 };

static const char *const KEYS[] = {"\033OP", "\033OQ", "\033OR", "\033OS", "\033[15~", "\033[17~", "\033[18~", "\033[19~",
                                   "\033[20~", "\033", "\033", "\033", "\r", "\t", "\033[A", "\033[B", "\033[C", "\033[D", "\033[5~",
                                   "\033[6~", "\033[H", "\033[F", "\033[2~", "\x7f", " ", "\014", "\003", "\025"};
static const char *const SCANS[] = {SEAT_CODE, SEAT_OTHER_CODE, SEAT_BIN, SEAT_ORDER, "SP-2001", "SP-2002", "B0001",
                                    "1000000002", SEAT_BADGE, SEAT_PIN, "9999999999999", "ㄅㄉˇˋㄓˊ", "\xff\xfe" "123456",
                                    "//OZZZZ", "]C1" SEAT_CODE, "王大衛", "%s%n%n'; --"};
static const char *const CARDS[] = {"UNDO", "CLOSE", "SHORT", "REPRINT", "CONFIRM", "CANCEL", "SKIP", "BACK", "PICK", "PACK",
                                    "DOCK", "LOGOUT", "4"};
static const char *const LINES[] = {":release", ":hold", ":unhold", ":batch", ":alert", ":open", ":mark", ":take", ":assign",
                                    ":nothing", "late", "3", "-5", "99999999999999999999", "MUG"};

#define ONE_OF(list) ((list)[g_test_rand_int_range(0, (gint32)G_N_ELEMENTS(list))])

static void random_bytes(struct pty *pty)
{
    char bytes[24];
    int count = g_test_rand_int_range(1, (gint32)sizeof bytes);
    for (int i = 0; i < count; i++)
        bytes[i] = (char)g_test_rand_int_range(0, 256);
    pty_send(pty, bytes, (size_t)count);
}

static void stroke(struct pty *pty)
{
    int which = g_test_rand_int_range(0, 100);
    if (which < 40) {
        pty_type(pty, ONE_OF(KEYS));
    } else if (which < 70) {
        seat_scan(pty, ONE_OF(SCANS));
    } else if (which < 85) {
        seat_card(pty, ONE_OF(CARDS));
    } else if (which < 92) {
        seat_scan(pty, ONE_OF(LINES));
    } else if (which < 95) {
        random_bytes(pty);
    } else if (which < 97) {
        pty_type(pty, "\033[200~");
        pty_type(pty, ONE_OF(SCANS));
        pty_type(pty, g_test_rand_bit() ? "\033[201~" : "");
    } else {
        pty_resize(pty, g_test_rand_int_range(20, 60), g_test_rand_int_range(75, 200));
    }
    pty_read(pty, g_test_rand_int_range(0, 12));
}

static gboolean at_rest(struct pty *pty)
{
    return !seat_shows(pty, "F2 or Esc close") && (seat_shows(pty, "Queue  ") || seat_shows(pty, "Scan your badge"));
}

/* It still answers: Esc leads back to the queue from whatever was open; and somebody is logged in again. The wait outlasts a
 * paste that has no end. */
static void still_answers(struct pty *pty)
{
    pty_resize(pty, 24, 80);
    pty_settle(pty, 700);
    int64_t deadline_us = g_get_monotonic_time() + PTY_WAIT_MS * 1000;
    while (!at_rest(pty) && g_get_monotonic_time() < deadline_us) {
        pty_type(pty, "\033");
        seat_lets_settle(pty);
    }
    if (seat_shows(pty, "Scan your badge"))
        seat_log_in(pty);
    seat_sees(pty, "Queue  ");
    seat_sees(pty, "bench-1");
}

static struct floor *a_few_orders(struct testdb *test)
{
    int64_t shipment;
    struct floor *floor = seat_floor(test, UNITS, &shipment);
    for (int i = 0; i < 4; i++) {
        char *number = g_strdup_printf("SP-200%d", i);
        int64_t order = floor_order(floor, number, "hct", FLOOR_ITEMS({"MUG-RED", 2}));
        g_free(number);
        if (i < 3)
            floor_release(floor, order);
    }
    return floor;
}

static void leans_on_it(struct testdb *test)
{
    struct floor *floor = a_few_orders(test);
    struct pty *pty = seat_open(test, "bench-1");
    for (int i = 0; i < STROKES; i++) {
        stroke(pty);
        if (i % PROOF_EVERY == PROOF_EVERY - 1)
            still_answers(pty);
    }
    g_test_message("%d strokes, %d events journalled", STROKES,
                   (int)floor_int(floor, "SELECT COUNT(*) FROM journal", 0));
    seat_close(pty);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/monkey/leans_on_it", leans_on_it);
    return g_test_run();
}

/* SPDX-License-Identifier: MIT
 *
 * The red bar at the real program: what closes it, what never does, and that a burst of scans is accounted for to the
 * last one: applied, refused, or said not to have been counted.
 */
#include <string.h>

#include "tests/support/seat.h"

static const char BAR[] = "F2 or Esc close";

struct sent {
    int applied, noted;
};

static int64_t notes(struct floor *floor)
{
    return floor_int(floor, "SELECT COUNT(*) FROM journal WHERE event = 'note'", 0);
}

static void raise_bar(struct pty *pty)
{
    seat_scan(pty, SEAT_OTHER_CODE);
    seat_sees(pty, BAR);
    seat_lets_settle(pty);
}

static void only_meant_things_close_it(void)
{
    struct testdb *test = testdb_new(DB_SQLITE);
    static const char *const CLOSE[] = {"\033", "\033OQ", "\033[12~", "\033[[B"};
    int64_t shipment;
    struct floor *floor = seat_floor(test, 5, &shipment);
    struct pty *pty = seat_at_order(test, floor, shipment);
    seat_hears_no_more(pty);
    raise_bar(pty);
    seat_hears(pty, 3);
    seat_hears_no_more(pty);
    g_assert_true(seat_shows(pty, "PL-"));
    g_assert_true(seat_shows(pty, "TEA-OOL"));
    pty_type(pty, "\r\r7\t\033[A\033[17~"); /* Enter, a digit, Tab, Up, F6 */
    seat_sees(pty, " 7 ");
    seat_lets_settle(pty);
    g_assert_true(seat_shows(pty, BAR));
    pty_type(pty, "3\r"); /* a typed code that is none */
    seat_sees(pty, "1 later scan NOT counted");
    g_assert_true(seat_shows(pty, BAR));
    for (size_t i = 0; i < G_N_ELEMENTS(CLOSE); i++) {
        pty_type(pty, CLOSE[i]);
        seat_sees_gone(pty, BAR);
        g_assert_true(seat_shows(pty, SEAT_ORDER)); /* Esc has closed the bar and nothing else */
        raise_bar(pty);
    }
    g_assert_cmpint(floor_packed(floor, shipment), ==, 0);
    seat_scan(pty, SEAT_CODE);
    seat_sees_gone(pty, BAR);
    seat_sees(pty, "scanned 1");
    g_assert_cmpint(floor_packed(floor, shipment), ==, 1);
    seat_close(pty);
    floor_close(floor);
    testdb_free(test);
}

/* A lead at the packer's bench: the badge, then the PIN in stars, or its digits from the bench card. */
static void a_lead_closes_it(void)
{
    struct testdb *test = testdb_new(DB_SQLITE);
    int64_t shipment;
    struct floor *floor = seat_floor(test, 5, &shipment);
    struct pty *pty = seat_at_order(test, floor, shipment);
    static const char *const DIGITS[] = {"4", "8", "2", "9", "1", "5"};
    raise_bar(pty);
    seat_scan(pty, SEAT_BADGE);
    seat_sees(pty, "the lead's PIN");
    seat_lets_settle(pty);
    pty_type(pty, SEAT_PIN);
    seat_sees(pty, "******");
    seat_lets_settle(pty);
    pty_type(pty, "\r");
    seat_sees_gone(pty, BAR);
    g_assert_true(seat_shows(pty, SEAT_ORDER));
    raise_bar(pty);
    seat_scan(pty, SEAT_BADGE);
    seat_sees(pty, "the lead's PIN");
    for (size_t i = 0; i < G_N_ELEMENTS(DIGITS); i++)
        seat_card(pty, DIGITS[i]); /* one after the other, as fast as they come */
    seat_sees(pty, "******");
    seat_card(pty, "CONFIRM");
    seat_sees_gone(pty, BAR);
    raise_bar(pty);
    seat_scan(pty, SEAT_BADGE);
    seat_sees(pty, "the lead's PIN");
    seat_scan(pty, SEAT_CODE); /* the right thing, not a PIN */
    seat_sees(pty, "scanned 1");
    g_assert_false(seat_shows(pty, BAR));
    seat_close(pty);
    floor_close(floor);
    testdb_free(test);
}

/* A scan that is refused while another screen is looked at leads back to the work it was for. */
static void it_stands_over_its_work(void)
{
    struct testdb *test = testdb_new(DB_SQLITE);
    int64_t shipment;
    struct floor *floor = seat_floor(test, 5, &shipment);
    struct pty *pty = seat_at_order(test, floor, shipment);
    pty_type(pty, "\033OQ");
    seat_sees(pty, "Queue  ");
    seat_scan(pty, SEAT_OTHER_CODE);
    seat_sees(pty, BAR);
    seat_sees(pty, "scanned 0");
    seat_close(pty);
    floor_close(floor);
    testdb_free(test);
}

/* --- bursts --------------------------------------------------------------------------------------------- */

/* Each ends a run of good scans by a refusal. */
static const char *const BAD[] = {
    "4710000\xff\xfe" "00017\r",  /* no UTF-8 */
    "4710000\xe4\xb8" "000017\r", /* half a character */
    SEAT_OTHER_CODE "\r",         /* a product that is not wanted */
    "471000\033" "0000017\r",     /* ESC in the middle: what follows is half a code */
    "ㄅㄉˇˋㄓˊ\r",                   /* an input method is on */
    "9999999999999\r",            /* nobody's */
    "//OZZZZ\r",                  /* ours, misread */
};

/* Separators that a scanner may put into a good code do it no harm. */
static const char *const GOOD[] = {SEAT_CODE "\r", "471000\x1c" "0000017\r", "471000\x1d" "0000017\r", "]E0" SEAT_CODE "\r"};

static void send_burst(struct pty *pty, int count, int bad_at, const char *bad)
{
    GString *bytes = g_string_new(NULL);
    for (int i = 0; i < count; i++)
        g_string_append(bytes, i == bad_at ? bad : GOOD[(size_t)i % G_N_ELEMENTS(GOOD)]);
    pty_send(pty, bytes->str, bytes->len);
    g_string_free(bytes, TRUE);
}

static void sees_not_counted(struct pty *pty, int later)
{
    char *text = g_strdup_printf(later == 1 ? "%d later scan NOT counted" : "%d later scans NOT counted", later);
    seat_sees(pty, later > 0 ? text : BAR);
    g_free(text);
}

static void close_bar(struct pty *pty, int how, struct sent *sent)
{
    seat_lets_settle(pty);
    if (how % 3 == 2)
        sent->applied++;
    pty_type(pty, how % 3 == 0 ? "\033" : how % 3 == 1 ? "\033OQ" : SEAT_CODE "\r");
    seat_sees_gone(pty, BAR);
}

static void agrees(struct floor *floor, int64_t shipment, const struct sent *sent)
{
    seat_comes_true(floor, "SELECT COUNT(*) FROM journal WHERE event = 'note'", 0, sent->noted);
    seat_comes_true(floor, "SELECT packed FROM shipment_line WHERE shipment_id = $1", shipment, sent->applied);
}

static void one_long_burst(struct testdb *test)
{
    enum { SCANS = 400, BAD_AT = 25 };
    int64_t shipment;
    struct floor *floor = seat_floor(test, SCANS, &shipment);
    struct pty *pty = seat_at_order(test, floor, shipment);
    struct sent sent = {BAD_AT, SCANS - BAD_AT};
    send_burst(pty, SCANS, BAD_AT, BAD[0]);
    sees_not_counted(pty, SCANS - BAD_AT - 1);
    agrees(floor, shipment, &sent);
    g_assert_cmpint(floor_packed(floor, shipment) + notes(floor), ==, SCANS);
    seat_close(pty);
    floor_close(floor);
}

static void many_bursts(struct testdb *test)
{
    enum { SCANS = 20 };
    int64_t shipment;
    struct floor *floor = seat_floor(test, SCANS * (int)G_N_ELEMENTS(BAD), &shipment);
    struct pty *pty = seat_at_order(test, floor, shipment);
    struct sent sent = {0, 0};
    for (int round = 0; round < (int)G_N_ELEMENTS(BAD); round++) {
        int bad_at = SCANS - 1 - round * 5 % SCANS;
        send_burst(pty, SCANS, bad_at, BAD[round]);
        sent.applied += bad_at;
        sent.noted += SCANS - bad_at;
        sees_not_counted(pty, SCANS - 1 - bad_at);
        agrees(floor, shipment, &sent);
        close_bar(pty, round, &sent);
        agrees(floor, shipment, &sent);
    }
    seat_close(pty);
    floor_close(floor);
}

/* All good: as fast as the line takes them, and every one counts. */
static void a_good_burst_counts(struct testdb *test)
{
    enum { SCANS = 400 };
    int64_t shipment;
    struct floor *floor = seat_floor(test, SCANS + 1, &shipment);
    struct pty *pty = seat_at_order(test, floor, shipment);
    int64_t started_us = g_get_monotonic_time();
    send_burst(pty, SCANS, -1, NULL);
    seat_sees(pty, "scanned 400 ");
    g_test_message("400 scans in one burst: %d ms", (int)((g_get_monotonic_time() - started_us) / 1000));
    g_assert_cmpint(floor_packed(floor, shipment), ==, SCANS);
    g_assert_cmpint(notes(floor), ==, 0);
    seat_close(pty);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/bar/only_meant_things_close_it", only_meant_things_close_it);
    g_test_add_func("/bar/a_lead_closes_it", a_lead_closes_it);
    g_test_add_func("/bar/it_stands_over_its_work", it_stands_over_its_work);
    testdb_add("/bar/one_long_burst", one_long_burst);
    testdb_add("/bar/many_bursts", many_bursts);
    testdb_add("/bar/a_good_burst_counts", a_good_burst_counts);
    return g_test_run();
}

/* SPDX-License-Identifier: MIT
 *
 * A locked station as its screen shows it: by word, and by itself when nobody does anything; nothing of the work is seen, and
 * it is there again for whoever had it.
 */
#include <string.h>

#include "core/site/site_setting.h"
#include "tests/support/headless.h"
#include "tests/support/seat.h"

static void comes_back(struct pty *pty)
{
    seat_lets_settle(pty);
    seat_scan(pty, SEAT_BADGE);
    seat_sees(pty, "Type your PIN");
    seat_scan(pty, SEAT_PIN);
    seat_sees_gone(pty, "Locked");
}

static void by_word(void)
{
    struct testdb *test = testdb_new(DB_SQLITE);
    int64_t shipment;
    struct floor *floor = seat_floor(test, 3, &shipment);
    struct pty *pty = seat_at_order(test, floor, shipment);
    seat_scan(pty, SEAT_CODE);
    seat_sees(pty, "1 / 3");
    seat_types(pty, ":lock");
    seat_sees(pty, "scan your badge");
    g_assert_false(seat_shows(pty, SEAT_ORDER));
    g_assert_false(seat_shows(pty, "MUG-RED"));
    seat_sees(pty, "late 0"); /* the head of the queue */
    seat_scan(pty, SEAT_CODE);
    seat_sees(pty, "PL-0312");
    g_assert_cmpint(floor_packed(floor, shipment), ==, 1);
    pty_type(pty, "\033OR"); /* F3: no other screen */
    comes_back(pty);
    seat_sees(pty, SEAT_ORDER);
    seat_scan(pty, SEAT_CODE);
    seat_sees(pty, "2 / 3");
    seat_close(pty);
    floor_close(floor);
    testdb_free(test);
}

/* A list keeps its place under it. */
static void a_list_stays(void)
{
    struct testdb *test = testdb_new(DB_SQLITE);
    int64_t shipment;
    struct floor *floor = seat_floor(test, 3, &shipment);
    struct pty *pty = seat_open(test, "bench-1");
    pty_type(pty, "\033[19~"); /* F8 */
    seat_sees(pty, "Stock and alerts");
    seat_types(pty, ":lock");
    seat_sees(pty, "Locked:");
    comes_back(pty);
    seat_sees(pty, "Stock and alerts");
    seat_close(pty);
    floor_close(floor);
    testdb_free(test);
}

static void waits_for_lock(struct pty *pty)
{
    int64_t deadline_us = g_get_monotonic_time() + 180 * G_USEC_PER_SEC;
    while (!seat_shows(pty, "Locked") && g_get_monotonic_time() < deadline_us)
        pty_read(pty, 500);
    seat_sees(pty, "Locked");
}

/* The screens and the headless station, at once: a minute is the least there is. */
static void by_itself(void)
{
    struct testdb *test = testdb_new(DB_SQLITE);
    int64_t shipment;
    struct floor *floor = seat_floor(test, 3, &shipment);
    g_assert_true(site_setting_set(floor->site, &floor->system, "idle_lock_minutes", "1", NULL));
    struct pty *pty = seat_start(test, &(struct seat_how){0}); /* first: it would keep the gateway's input open */
    struct headless *gateway = headless_start(test->url, "gate-1");
    headless_expect(gateway, ":login " SEAT_BADGE " " SEAT_PIN, "ok", NULL);
    seat_log_in(pty); /* last: when this one is locked the gateway is */
    waits_for_lock(pty);
    comes_back(pty);
    json_t *answer = headless_ask(gateway, SEAT_ORDER);
    g_assert_cmpstr(json_string_value(json_object_get(answer, "code")), ==, "PL-0312");
    g_assert_cmpstr(json_string_value(json_object_get(answer, "step")), ==, "locked");
    json_decref(answer);
    g_assert_cmpint(headless_end(gateway), ==, 0);
    seat_close(pty);
    floor_close(floor);
    testdb_free(test);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/locked/by-word", by_word);
    g_test_add_func("/locked/a-list-stays", a_list_stays);
    g_test_add_func("/locked/by-itself", by_itself);
    return g_test_run();
}

/* SPDX-License-Identifier: MIT
 *
 * What another station does appears by itself: two stations on one order, 200 changes, from their commit to the painted
 * screen. The other station is this process.
 */
#include <stdlib.h>
#include <string.h>

#include "tests/support/seat.h"

enum { CHANGES = 200, GAP_MS = 35, P99_MS = 500 };

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

static int64_t now_us(void)
{
    return g_get_monotonic_time();
}

/* committed[n] and painted[n]: when unit n + 1 was there, and seen. Changes go on whether they are seen or not. */
static void change_and_watch(struct floor *floor, struct pty *pty, struct event event, int64_t committed[CHANGES],
                             int64_t painted[CHANGES])
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
            for (int count = shown(pty); seen < count && seen < done; seen++)
                painted[seen] = now_us();
        g_assert_cmpint(now_us(), <, deadline_us);
    }
}

static void changes_appear(struct testdb *test)
{
    int64_t shipment, committed[CHANGES], took_us[CHANGES];
    struct floor *floor = seat_floor(test, CHANGES + 1, &shipment);
    floor_pick_all(floor, shipment);
    struct pty *pty = seat_open(test, "bench-1");
    seat_scan(pty, SEAT_ORDER);
    seat_sees(pty, "scanned 0");
    struct event event = {.kind = EV_PACK, .actor = floor->packer, .shipment_id = shipment, .quantity = 1};
    event.line_id = floor_int(floor, "SELECT id FROM shipment_line WHERE shipment_id = $1", shipment);
    change_and_watch(floor, pty, event, committed, took_us);
    for (int i = 0; i < CHANGES; i++)
        took_us[i] -= committed[i];
    qsort(took_us, CHANGES, sizeof took_us[0], by_size);
    int p50 = (int)(took_us[CHANGES / 2] / 1000), p99 = (int)(took_us[CHANGES * 99 / 100] / 1000);
    g_test_message("%d changes at another station, commit to painted: p50 %d ms, p99 %d ms, most %d ms", CHANGES, p50,
                   p99, (int)(took_us[CHANGES - 1] / 1000));
    g_assert_cmpint(p99, <, P99_MS);
    seat_close(pty);
    floor_close(floor);
}

/* Both seats are real programs: what one packs the other shows, and the last unit closes the box once. */
static void two_seats_share_an_order(struct testdb *test)
{
    int64_t shipment;
    struct floor *floor = seat_floor(test, 4, &shipment);
    floor_pick_all(floor, shipment);
    struct pty *one = seat_open(test, "bench-1"), *two = seat_open(test, "bench-2");
    seat_scan(one, SEAT_ORDER);
    seat_sees(one, "scanned 0");
    seat_scan(two, SEAT_ORDER);
    seat_sees(two, "scanned 0");
    seat_scan(one, SEAT_CODE);
    seat_sees(two, "scanned 1");
    seat_scan(two, SEAT_CODE);
    seat_sees(one, "scanned 2");
    pty_type(one, SEAT_CODE "\r");
    pty_type(two, SEAT_CODE "\r");
    seat_comes_true(floor, "SELECT packed FROM shipment_line WHERE shipment_id = $1", shipment, 4);
    seat_comes_true(floor, "SELECT COUNT(*) FROM waybill WHERE parcel_id IN (SELECT id FROM parcel WHERE shipment_id = $1)",
                    shipment, 1);
    seat_comes_true(floor, "SELECT COUNT(*) FROM job WHERE id > $1", 0, 1);
    floor_is(floor, shipment, ST_PACKED);
    seat_close(one);
    seat_close(two);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/live/changes_appear", changes_appear);
    testdb_add("/live/two_seats_share_an_order", two_seats_share_an_order);
    return g_test_run();
}

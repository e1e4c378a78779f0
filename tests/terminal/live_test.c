/* SPDX-License-Identifier: MIT
 *
 * What another station does appears by itself: two stations on one order.
 */
#include "tests/support/seat.h"

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

/* The quick look at the invariants comes behind the first screen and rings on it by itself. */
static void broken_books_are_told(struct testdb *test)
{
    int64_t shipment;
    struct floor *floor = seat_floor(test, 1, &shipment);
    floor->tampered = TRUE;
    testdb_script(floor->site->db, "INSERT INTO import_file (id, warehouse_id, kind, content_hash, started_at, ended_at, "
                                   "rows_read) SELECT 5, MIN(id), 'orders', 'x', 1, 2, 3 FROM warehouse");
    struct pty *pty = seat_open(test, "bench-1");
    seat_sees(pty, "The books do not hold (violations: 1)");
    seat_close(pty);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/live/two_seats_share_an_order", two_seats_share_an_order);
    testdb_add("/live/broken_books_are_told", broken_books_are_told);
    return g_test_run();
}

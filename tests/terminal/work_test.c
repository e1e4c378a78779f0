/* SPDX-License-Identifier: MIT
 *
 * One order from log-in to the truck at the real program, on a terminal of 80 x 24.
 */
#include "tests/support/seat.h"

static char *waybill_of(struct floor *floor, int64_t shipment)
{
    return floor_text(
        floor,
        "SELECT w.number FROM waybill w JOIN parcel p ON p.id = w.parcel_id WHERE p.shipment_id = $1 "
        "AND w.state IN ('assigned', 'printed')",
        shipment);
}

/* Scans alone, the product's one after the other as fast as the line takes them. */
static void scans_take_it_out(struct testdb *test)
{
    int64_t shipment;
    struct floor *floor = seat_floor(test, 3, &shipment);
    struct pty *pty = seat_open(test, "bench-1");
    seat_scan(pty, SEAT_ORDER);
    seat_sees(pty, "take, 0 of 3 done");
    seat_scan(pty, SEAT_BIN);
    pty_type(pty, SEAT_CODE "\r" SEAT_CODE "\r" SEAT_CODE "\r");
    seat_comes_true(floor, "SELECT COUNT(*) FROM shipment WHERE id = $1 AND state = 'picked'", shipment, 1);
    seat_scan(pty, SEAT_ORDER);
    seat_sees(pty, "scanned 0");
    pty_type(pty, SEAT_CODE "\r" SEAT_CODE "\r" SEAT_CODE "\r");
    seat_sees(pty, "Stick the waybill on and scan it");
    char *waybill = waybill_of(floor, shipment);
    seat_scan(pty, waybill);
    seat_sees(pty, "Labelled");
    floor_is(floor, shipment, ST_LABELLED);
    seat_card(pty, "DOCK");
    seat_sees(pty, "Scan a parcel");
    seat_scan(pty, waybill);
    seat_sees(pty, "Out: ");
    floor_is(floor, shipment, ST_OUTBOUND);
    g_free(waybill);
    seat_close(pty);
    floor_close(floor);
}

/* The bench card does the rest: digits of the PIN, getting work, undo, reprint, cancel, log out. */
static void cards_take_it_out(struct testdb *test)
{
    static const char *const DIGITS[] = {"4", "8", "2", "9", "1", "5"};
    int64_t shipment;
    struct floor *floor = seat_floor(test, 2, &shipment);
    struct pty *pty = seat_start(test, &(struct seat_how){0});
    seat_sees(pty, "Scan your badge");
    seat_scan(pty, SEAT_BADGE);
    seat_sees(pty, "Type your PIN");
    for (size_t i = 0; i < G_N_ELEMENTS(DIGITS); i++)
        seat_card(pty, DIGITS[i]);
    seat_card(pty, "CONFIRM");
    seat_sees(pty, "Welcome");
    seat_scan(pty, SEAT_ORDER);
    seat_sees(pty, "take, 0 of 2 done");
    seat_scan(pty, SEAT_BIN);
    seat_scan(pty, SEAT_CODE);
    seat_sees(pty, "take, 1 of 2 done");
    seat_card(pty, "UNDO");
    seat_sees(pty, "take, 0 of 2 done");
    seat_scan(pty, SEAT_CODE);
    seat_sees(pty, "take, 1 of 2 done");
    seat_scan(pty, SEAT_CODE);
    seat_comes_true(floor, "SELECT COUNT(*) FROM shipment WHERE id = $1 AND state = 'picked'", shipment, 1);
    seat_card(pty, "PACK");
    seat_sees(pty, "Scan an order, a tote");
    seat_scan(pty, SEAT_ORDER);
    seat_sees(pty, "scanned 0");
    seat_scan(pty, SEAT_CODE);
    seat_sees(pty, "scanned 1");
    seat_card(pty, "UNDO");
    seat_sees(pty, "scanned 0");
    seat_card(pty, "CLOSE");
    seat_sees(pty, "Esc close");
    seat_lets_settle(pty);
    seat_scan(pty, SEAT_CODE);
    seat_sees(pty, "scanned 1");
    seat_scan(pty, SEAT_CODE);
    seat_sees(pty, "Stick the waybill on and scan it");
    char *waybill = waybill_of(floor, shipment);
    seat_card(pty, "REPRINT");
    seat_comes_true(floor, "SELECT COUNT(*) FROM job WHERE id > $1", 0, 2);
    seat_scan(pty, waybill);
    seat_sees(pty, "Labelled");
    seat_card(pty, "DOCK");
    seat_sees(pty, "Scan a parcel");
    seat_scan(pty, waybill);
    seat_sees(pty, "Out: ");
    floor_is(floor, shipment, ST_OUTBOUND);
    seat_card(pty, "LOGOUT");
    seat_sees(pty, "Scan your badge");
    g_free(waybill);
    seat_close(pty);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/terminal/scans_take_it_out", scans_take_it_out);
    testdb_add("/terminal/cards_take_it_out", cards_take_it_out);
    return g_test_run();
}

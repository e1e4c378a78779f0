/* SPDX-License-Identifier: MIT
 *
 * What its courier can't bring is not released, and takes no stock.
 */
#include <glib.h>
#include <string.h>

#include "core/code/scan.h"
#include "core/station/resolve.h"
#include "tests/support/floor.h"

static void not_released(struct testdb *test)
{
    static const struct {
        const char *courier;
        enum err code;
    } ORDERS[] = {{"711", ERR_COURIER_FAULT}, {"pigeon", ERR_COURIER_UNKNOWN}, {"", ERR_COURIER_UNKNOWN}};
    struct floor *floor = floor_open(test, "lead");
    int64_t mug = floor_product(floor, "MUG-RED", NULL), bin = floor_bin(floor, "A-01-1", 1);
    floor_receive(floor, mug, 0, bin, 5);
    for (guint i = 0; i < G_N_ELEMENTS(ORDERS); i++) {
        char number[8];
        g_snprintf(number, sizeof number, "%u", i);
        int64_t shipment = floor_order(floor, number, ORDERS[i].courier, FLOOR_ITEMS({"MUG-RED", 1}));
        floor_refused(floor,
                      (struct event){.kind = EV_RELEASE, .actor = floor->lead, .shipment_id = shipment},
                      ORDERS[i].code);
        floor_is(floor, shipment, ST_NEW);
    }
    g_assert_cmpint(floor_int(floor, "SELECT SUM(reserved) FROM stock", 0), ==, 0);
    floor_close(floor);
}

static void brings_number(struct floor *floor, int64_t shipment)
{
    char *sql = g_strdup_printf(
        "UPDATE sales_order SET waybill_number = 'f002 0325 7137' WHERE id = (SELECT order_id "
        "FROM shipment WHERE id = %" G_GINT64_FORMAT ")",
        shipment);
    testdb_script(floor->site->db, sql);
    testdb_script(floor->site->db, "UPDATE recipient SET store_code = '123456', store_name = '桃園門市'");
    g_free(sql);
}

/* As printed, with blanks; as typed, with a hyphen; as scanned. */
static void is_found(struct floor *floor, const char *bytes)
{
    struct scan scan;
    GError *error = NULL;
    struct thing thing;
    scan_decode(&scan, bytes, strlen(bytes), floor->site->couriers);
    g_assert_cmpint(resolve_scan(floor->site, &scan, THING_WAYBILL, &thing, &error), ==, 1);
    g_assert_no_error(error);
    g_assert_cmpint(thing.kind, ==, THING_WAYBILL);
    scan_clear(&scan);
}

/* A slip drawn elsewhere: nothing is printed here, and the label step wants that number all the same. */
static void external_slip(struct testdb *test)
{
    struct floor *floor = floor_open(test, "lead");
    int64_t mug = floor_product(floor, "MUG-RED", NULL), bin = floor_bin(floor, "A-01-1", 1);
    floor_receive(floor, mug, 0, bin, 5);
    int64_t shipment = floor_order(floor, "1", "711", FLOOR_ITEMS({"MUG-RED", 1}));
    brings_number(floor, shipment);
    floor_release(floor, shipment);
    floor_pick_all(floor, shipment);
    floor_pack_all(floor, shipment);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM job", 0), ==, 0);
    char *number = floor_text(floor,
                              "SELECT w.number FROM waybill w JOIN parcel p ON p.id = w.parcel_id "
                              "WHERE p.shipment_id = $1",
                              shipment);
    g_assert_cmpstr(number, ==, "F00203257137");
    floor_is(floor, shipment, ST_PACKED);
    is_found(floor, "F00203257137\r");
    is_found(floor, "F002 0325 7137");
    is_found(floor, "F0020325-7137");
    floor_apply_label(floor, shipment);
    floor_is(floor, shipment, ST_LABELLED);
    g_free(number);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/serve/not-released", not_released);
    testdb_add("/serve/external-slip", external_slip);
    return g_test_run();
}

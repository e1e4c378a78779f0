/* SPDX-License-Identifier: MIT
 *
 * What its courier can't bring is not released, and takes no stock.
 */
#include <glib.h>

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

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/serve/not-released", not_released);
    return g_test_run();
}

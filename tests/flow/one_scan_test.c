/* SPDX-License-Identifier: MIT
 *
 * What one scan at the packing bench costs: a good unit of an order that is packed already, from its bytes to the answer
 * and the view that is drawn from it. The statements are counted here and held to a bound; tests/bench/walk builds this
 * with gcov's counters and prints the files whose functions ran.
 */
#include <stdio.h>
#include <string.h>

#include "tests/bench/replay.h"
#include "tests/support/desk.h"

enum { MOST_STATEMENTS = 8, MOST_FACTS = 0 };

/* There only with VARIANT=cov. */
void __gcov_reset(void) __attribute__((weak));
void __gcov_dump(void) __attribute__((weak));

static struct desk *open_pack(struct testdb *test)
{
    struct desk *desk = desk_open(test, "PACK-1", "P-7", ROLE_PACKER);
    struct floor *floor = desk->floor;
    int64_t bin = floor_bin(floor, "A-01-1", 1);
    floor_receive(floor, floor_product(floor, "MUG-RED", "4710000000017"), 0, bin, 100);
    floor_receive(floor, floor_product(floor, "TEA", "4710000000024"), 0, bin, 100);
    int64_t shipment = floor_order(floor, "SP-1", "hct", FLOOR_ITEMS({"MUG-RED", 5}, {"TEA", 2}));
    floor_release(floor, shipment);
    floor_pick_all(floor, shipment);
    desk_scans(desk, "SP-1");
    return desk;
}

static void scan_and_draw(struct desk *desk)
{
    struct station_view view;
    GError *error = NULL;
    desk_scans(desk, "4710000000017");
    g_assert_true(station_view_after(desk->station, &view, &error));
    g_assert_no_error(error);
    station_view_clear(&view);
}

static void list_name(const char *name, void *data)
{
    int *facts = data;
    printf("# - %s\n", name);
    *facts += strcmp(name, "shipment_facts") == 0;
}

static void walk(struct testdb *test)
{
    struct desk *desk = open_pack(test);
    int facts = 0;
    scan_and_draw(desk); /* the box is there, statements are prepared */
    struct recording *recording = recording_start(desk->floor->site->db);
    if (__gcov_reset)
        __gcov_reset();
    scan_and_draw(desk);
    if (__gcov_dump)
        __gcov_dump();
    recording_stop(recording);
    recording_names(recording, list_name, &facts);
    printf("# = %u statements, %u transactions; the facts %d times\n", recording_statements(recording),
           recording_transactions(recording), facts);
    g_assert_cmpint(recording_statements(recording), <=, MOST_STATEMENTS + (test->engine == DB_POSTGRES)); /* its hold */
    g_assert_cmpint(facts, <=, MOST_FACTS);
    recording_free(recording);
    desk_close(desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/one-scan/walk", walk);
    return g_test_run();
}

/* SPDX-License-Identifier: MIT
 *
 * kill -9 in the middle of a packer's scans, again and again: what was acknowledged is there, at most the one
 * scan that was under way is there without having been acknowledged, the next start goes on at the same line,
 * and packline check finds nothing.
 */
#include "tests/support/packing.h"

enum { CYCLES = 12, BURST = 8 };

/* Log in, scan the order wherever it stands, and send a burst of items; killed after so many answers. */
static void burst(struct packing *packing, const char *url, int until, int expected)
{
    packing_start(packing, url, NULL);
    g_assert_true(packing_is_open(packing));
    json_t *view = headless_ask(packing->headless, "{\"view\": true}");
    g_assert_cmpint(json_integer_value(json_object_get(view, "scanned")), ==, expected);
    json_decref(view);
    for (int i = 0; i < BURST; i++)
        packing_give(packing);
    for (int i = 0; i < until; i++)
        g_assert_cmpint(packing_hear(packing), ==, PACKING_OK);
    g_assert_true(packing_kill(packing));
}

static void nothing_amiss(const struct testdb *test)
{
    char *program = headless_program("packline"), *out = NULL;
    const char *const argv[] = {program, "check", "--full", "--db", test->url, NULL};
    int status = 0;
    g_spawn_sync(NULL, (char **)(void *)(uintptr_t)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, NULL,
                 &status, NULL);
    if (status != 0)
        g_error("packline check: %s", out);
    g_free(out);
    g_free(program);
}

static void kill_loses_nothing(struct testdb *test)
{
    struct floor *floor = floor_open(test, "setup");
    struct packing packing;
    packing_prepare(floor, &packing, 1);
    int64_t shipment = floor_int(floor, "SELECT id FROM shipment", 0);
    int there = 0, unacknowledged = 0;
    for (int cycle = 0; cycle < CYCLES; cycle++) {
        int before = (int)packing.acked->len;
        burst(&packing, test->url, g_test_rand_int_range(0, BURST), there);
        testdb_wait_alone(floor->site->db); /* the scan under way is there by then, or it never will be */
        int now = (int)floor_packed(floor, shipment), acknowledged = (int)packing.acked->len - before;
        g_assert_cmpint(now, >=, there + acknowledged);
        g_assert_cmpint(now, <=, there + acknowledged + 1);
        unacknowledged += now - there - acknowledged;
        there = now;
    }
    g_assert_cmpint(packing_missing(floor, packing.acked), ==, 0);
    g_test_message("%d kills, %d scans there, %d of them unacknowledged, 0 lost", CYCLES, there, unacknowledged);
    packing_free(&packing);
    floor_say(floor);
    nothing_amiss(test);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/crash/kill_loses_nothing", kill_loses_nothing);
    return g_test_run();
}

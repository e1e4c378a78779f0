/* SPDX-License-Identifier: MIT
 *
 * kill -9 in the middle of a packer's scans, again and again: what was acknowledged is there, at most the one
 * scan that was under way is there without having been acknowledged, the next start goes on at the same line,
 * and packline check finds nothing.
 */
#include <string.h>

#include "tests/support/floor.h"
#include "tests/support/headless.h"

enum { CYCLES = 12, BURST = 8, WANTED = CYCLES * BURST + 1 };

static const char CODE[] = "4710000000017";

static int64_t prepare(struct floor *floor)
{
    headless_hire(floor, "4001", ROLE_PACKER, "4829");
    int64_t mug = floor_product(floor, "MUG-RED", CODE), bin = floor_bin(floor, "A-01-1", 1);
    floor_receive(floor, mug, 0, bin, WANTED);
    int64_t shipment = floor_order(floor, "SP-1042", "hct", FLOOR_ITEMS({"MUG-RED", WANTED}));
    floor_release(floor, shipment);
    floor_pick_all(floor, shipment);
    return shipment;
}

static gboolean read_ok(struct headless *headless)
{
    json_t *answer = headless_read(headless);
    gboolean ok = answer && g_strcmp0(json_string_value(json_object_get(answer, "outcome")), "ok") == 0;
    if (answer && !ok) {
        char *text = json_dumps(answer, JSON_COMPACT);
        g_error("a scan was answered %s", text);
    }
    json_decref(answer);
    return ok;
}

/* Log in, scan the order wherever it stands, and send a burst of items; killed after so many answers. Returns
 * how many scans were acknowledged. */
static int burst(const struct testdb *test, int until, int expected)
{
    struct headless *headless = headless_start(test->url, "bench-1");
    headless_expect(headless, ":login 4001 4829", "ok", "");
    headless_expect(headless, "SP-1042", "ok", "");
    json_t *view = headless_ask(headless, "{\"view\": true}");
    g_assert_cmpint(json_integer_value(json_object_get(view, "scanned")), ==, expected);
    json_decref(view);
    for (int i = 0; i < BURST; i++)
        headless_send(headless, CODE);
    int acknowledged = 0;
    while (acknowledged < until && read_ok(headless))
        acknowledged++;
    acknowledged += headless_kill(headless);
    return acknowledged;
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
    int64_t shipment = prepare(floor);
    int there = 0, unacknowledged = 0;
    for (int cycle = 0; cycle < CYCLES; cycle++) {
        int acknowledged = burst(test, g_test_rand_int_range(0, BURST), there);
        testdb_wait_alone(floor->site->db); /* the scan under way is there by then, or it never will be */
        int now = (int)floor_packed(floor, shipment);
        g_assert_cmpint(now, >=, there + acknowledged);
        g_assert_cmpint(now, <=, there + acknowledged + 1);
        unacknowledged += now - there - acknowledged;
        there = now;
    }
    g_test_message("%d kills, %d scans there, %d of them unacknowledged, 0 lost", CYCLES, there,
                   unacknowledged);
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

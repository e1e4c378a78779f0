/* SPDX-License-Identifier: MIT
 *
 * An order of 1,114 lines costs a scan at the bench no more than twice what one of a few lines costs it: in statements, and in
 * the program's own time, which is compared within the run.
 */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "tests/bench/replay.h"
#include "tests/support/desk.h"

/* The commit, which is the same of both, is not in the program's own time: so much of it at least a scan waits for. */
enum { LINES = 1114, FEW = 3, SCANS = 120, COMMIT_US = 100 };

struct cost {
    guint statements;
    int64_t us[SCANS];
};

static int64_t own_us(void)
{
    struct timespec used;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return (int64_t)used.tv_sec * G_USEC_PER_SEC + used.tv_nsec / 1000;
}

static int by_size(const void *a, const void *b)
{
    const int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;
    return one < other ? -1 : one > other;
}

static void scan(struct desk *desk, const char *code)
{
    struct station_view view;
    GError *error = NULL;
    desk_scans(desk, code);
    g_assert_true(station_view_after(desk->station, &view, &error));
    g_assert_no_error(error);
    station_view_clear(&view);
}

/* The scans of one order, of a line with as many units as it takes. */
static void measure(struct desk *desk, const char *number, struct cost *cost)
{
    desk_scans(desk, number);
    scan(desk, "4710000000017"); /* the box is there, statements are prepared */
    struct recording *recording = recording_start(desk->floor->site->db);
    for (int i = 0; i < SCANS; i++) {
        int64_t since_us = own_us();
        scan(desk, "4710000000017");
        cost->us[i] = own_us() - since_us;
    }
    recording_stop(recording);
    cost->statements = recording_statements(recording);
    recording_free(recording);
    qsort(cost->us, SCANS, sizeof *cost->us, by_size);
    desk_does(desk, CMD_BACK, "");
}

#ifdef __SANITIZE_ADDRESS__ /* which pays for each byte that is copied */
enum { IS_TIMED = FALSE };
#else
enum { IS_TIMED = TRUE };
#endif

static void order(struct floor *floor, const char *number, int lines)
{
    GArray *items = g_array_new(FALSE, FALSE, sizeof(struct floor_item));
    struct floor_item item = {"MUG-RED", SCANS + 2};
    g_array_append_val(items, item);
    for (int i = 1; i < lines; i++) {
        item = (struct floor_item){g_strdup_printf("P-%d", i), 1};
        g_array_append_val(items, item);
    }
    int64_t shipment = floor_order(floor, number, "hct", (const struct floor_item *)(const void *)items->data, items->len);
    floor_release(floor, shipment);
    floor_pick_all(floor, shipment);
    for (int i = 1; i < lines; i++)
        g_free((gpointer)(uintptr_t)g_array_index(items, struct floor_item, i).sku);
    g_array_unref(items);
}

static void costs_no_more(struct testdb *test)
{
    static struct cost few, many;
    struct desk *desk = desk_open(test, "PACK-1", "P-7", ROLE_PACKER);
    struct floor *floor = desk->floor;
    int64_t bin = floor_bin(floor, "A-01-1", 1);
    floor_receive(floor, floor_product(floor, "MUG-RED", "4710000000017"), 0, bin, 1000);
    for (int i = 1; i < LINES; i++) {
        g_autofree char *sku = g_strdup_printf("P-%d", i);
        floor_receive(floor, floor_product(floor, sku, NULL), 0, bin, 10);
    }
    order(floor, "FEW", FEW);
    order(floor, "MANY", LINES);
    measure(desk, "FEW", &few);
    measure(desk, "MANY", &many);
    int p50 = SCANS / 2, p90 = SCANS * 9 / 10, p99 = SCANS * 99 / 100;
    printf("# %d lines: %u statements, %d us, p99 %d us; %d lines: %u, %d us, p99 %d us\n", FEW, few.statements, (int)few.us[p50],
           (int)few.us[p99], LINES, many.statements, (int)many.us[p50], (int)many.us[p99]);
    g_assert_cmpuint(many.statements, ==, few.statements);
    if (IS_TIMED) {
        g_assert_cmpint(many.us[p50], <=, 2 * (few.us[p50] + COMMIT_US));
        g_assert_cmpint(many.us[p90], <=, 2 * (few.us[p90] + COMMIT_US)); /* the last ones are the machine's */
    }
    desk_close(desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/long-order/costs-no-more", costs_no_more);
    return g_test_run();
}

/* SPDX-License-Identifier: MIT
 *
 * What has left goes back to its shop once, and again only when its day is asked for.
 */
#include <string.h>

#include "core/base/clock.h"
#include "core/outside/shipped.h"
#include "tests/support/order_file.h"

static uint64_t count_export(struct floor *floor, int date)
{
    struct export_call call = {.shop = "web", .date = date};
    uint64_t rows = 0;
    GError *error = NULL;
    export_shipped(floor->site, &call, &rows, &error);
    g_assert_no_error(error);
    return rows;
}

static void ship(struct floor *floor, const char *number)
{
    int64_t shipment = order_file_shipment(floor, number);
    floor_pick_all(floor, shipment);
    floor_pack_all(floor, shipment);
    floor_apply_label(floor, shipment);
    floor_do(floor, floor_out(floor, shipment));
}

static void exports_once(struct testdb *test)
{
    struct floor *floor = order_file_floor(test);
#define C(number) ROW(number, "2026-02-21", "0912345678", "市政路1號", "MUG", "1", "paid")
    order_file_check(floor, HEAD C("=1+1") C("E2") C("E3"), 3, 0, 0, 0, "");
#undef C
    g_assert_cmpuint(count_export(floor, 0), ==, 0);
    ship(floor, "=1+1");
    ship(floor, "E2");
    int today = clock_civil_date(floor->site->zone, site_now(floor->site));
    char *path = g_build_filename(test->dir, "shipped.csv", NULL);
    struct export_call call = {.file = fopen(path, "w")};
    uint64_t rows = 0;
    g_assert_true(export_shipped(floor->site, &call, &rows, NULL));
    fclose(call.file);
    g_assert_cmpuint(rows, ==, 2);
    char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_nonnull(strstr(text, "web,\"'=1+1\",hct,"));
    g_assert_cmpuint(count_export(floor, 0), ==, 0);
    ship(floor, "E3");
    g_assert_cmpuint(count_export(floor, today), ==, 2);
    g_assert_cmpuint(count_export(floor, 0), ==, 1);
    g_assert_cmpuint(count_export(floor, today), ==, 3);
    g_free(text);
    g_free(path);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/shipped/exports_once", exports_once);
    return g_test_run();
}

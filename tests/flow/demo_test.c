/* SPDX-License-Identifier: MIT
 *
 * The demo floor: whole, consistent, and never made over anything else.
 */
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/sim/demo.h"
#include "core/site/site.h"
#include "tests/support/floor.h"

static void makes_and_keeps(void)
{
    GError *error = NULL;
    char *dir = g_dir_make_tmp("packline-demo-XXXXXX", NULL);
    char *pepper = g_build_filename(dir, "pepper", NULL), *floor_dir = g_build_filename(dir, "floor", NULL);
    g_setenv("PACKLINE_PEPPER", pepper, TRUE);
    g_assert_true(demo_make(floor_dir, FALSE, NULL, &error));
    g_assert_no_error(error);
    g_assert_false(demo_make(floor_dir, FALSE, NULL, &error));
    g_assert_error(error, ERR, ERR_DEMO_EXISTS);
    g_clear_error(&error);
    char *url = demo_url(floor_dir);
    struct floor floor = {.site = site_open(url, "test", NULL, &error)};
    g_assert_no_error(error);
    g_assert_true(floor.site->is_demo);
    g_assert_cmpint(floor_int(&floor, "SELECT COUNT(*) FROM sales_order", 0), >=, 290);
    static const char *const BLOCKS[] = {"unpaid", "held", "short", "address", "unmapped", "cancelled", "presale"};
    for (size_t i = 0; i < G_N_ELEMENTS(BLOCKS); i++) {
        char *sql = g_strdup_printf("SELECT COUNT(*) FROM block WHERE cleared_at IS NULL AND kind = '%s'", BLOCKS[i]);
        g_assert_cmpint(floor_int(&floor, sql, 0), >, 0);
        g_free(sql);
    }
    g_assert_cmpint(floor_int(&floor, "SELECT COUNT(*) FROM job WHERE state = 'unknown'", 0), ==, 1);
    g_assert_cmpint(floor_int(&floor, "SELECT COUNT(*) FROM printer WHERE state = 'attention'", 0), ==, 1);
    g_assert_cmpint(floor_int(&floor, "SELECT MAX(LENGTH(name)) FROM recipient", 0), ==, 60);
    site_close(floor.site);
    g_assert_true(demo_make(floor_dir, TRUE, NULL, &error));
    g_assert_no_error(error);
    char *command = g_strdup_printf("rm -rf '%s'", dir);
    g_assert_cmpint(system(command), ==, 0);
    g_free(command);
    g_free(url);
    g_free(pepper);
    g_free(floor_dir);
    g_free(dir);
}

static void stays_empty(const char *dir)
{
    g_autoptr(GDir) list = g_dir_open(dir, 0, NULL);
    g_assert_null(g_dir_read_name(list));
}

/* Whoever may write beside the demo has planted links for it to follow. */
static void follows_no_links(struct testdb *test)
{
    static const char *const PLANTED[] = {"files", "labels", "demo.db"};
    if (test->engine != DB_SQLITE) {
        g_test_skip("a demo is a SQLite file");
        return;
    }
    g_autofree char *outside = g_build_filename(test->dir, "outside", NULL), *dir = g_build_filename(test->dir, "demo", NULL);
    g_autofree char *pepper = g_build_filename(test->dir, "pepper", NULL);
    g_assert_cmpint(g_mkdir(outside, 0700), ==, 0);
    g_assert_cmpint(g_mkdir(dir, 0700), ==, 0);
    g_setenv("PACKLINE_PEPPER", pepper, TRUE);
    for (size_t i = 0; i < G_N_ELEMENTS(PLANTED); i++) {
        GError *error = NULL;
        g_autofree char *link = g_build_filename(dir, PLANTED[i], NULL), *target = g_build_filename(outside, i < 2 ? "" : "x.db", NULL);
        g_assert_cmpint(symlink(target, link), ==, 0);
        for (int reset = 0; reset < 2; reset++) {
            g_assert_false(demo_make(dir, reset != 0, NULL, &error));
            g_assert_cmpint(err_code(error), ==, i < 2 ? ERR_FILE_WRITE : ERR_DEMO_OTHER);
            g_clear_error(&error);
        }
        stays_empty(outside);
        g_assert_cmpint(g_unlink(link), ==, 0);
    }
}

static void refuses_others(struct testdb *test)
{
    if (test->engine != DB_SQLITE) {
        g_test_skip("a demo is a SQLite file");
        return;
    }
    GError *error = NULL;
    char *dir = g_build_filename(test->dir, "other", NULL), *url = demo_url(dir);
    g_assert_cmpint(g_mkdir_with_parents(dir, 0700), ==, 0);
    struct testdb other = {.engine = DB_SQLITE, .url = url, .dir = dir};
    struct floor *floor = floor_open(&other, "test");
    floor_product(floor, "MUG", NULL);
    floor_close(floor);
    for (int reset = 0; reset < 2; reset++) {
        g_assert_false(demo_make(dir, reset != 0, NULL, &error));
        g_assert_error(error, ERR, ERR_DEMO_OTHER);
        g_clear_error(&error);
    }
    floor = floor_open(&other, "test");
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM product", 0), ==, 1);
    floor_close(floor);
    g_free(url);
    g_free(dir);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/demo/makes_and_keeps", makes_and_keeps);
    testdb_add("/demo/follows_no_links", follows_no_links);
    testdb_add("/demo/refuses_others", refuses_others);
    return g_test_run();
}

/* SPDX-License-Identifier: MIT
 *
 * A database with the tables of a floor, but without something that every floor stands on.
 */
#include "core/site/site.h"

#include "core/base/error.h"
#include "core/db/db.h"
#include "core/site/first_rows.h"
#include "tests/support/testdb.h"

static const struct site_names NAMES = {.warehouse_code = "W", .warehouse_name = "W", .time_zone = "Asia/Taipei",
                                        .owner_code = "O", .owner_name = "O"};

static const struct {
    const char *taken, *given_back;
} PARTS[] = {
    {"UPDATE warehouse SET active = 0", "UPDATE warehouse SET active = 1"},
    {"UPDATE owner SET active = 0", "UPDATE owner SET active = 1"},
    {"UPDATE person SET role = 'picker' WHERE badge = 'system'", "UPDATE person SET role = 'system' WHERE badge = 'system'"},
    {"UPDATE location SET code = 'X' WHERE kind = 'supplier'", "UPDATE location SET code = 'SUPPLIER' WHERE kind = 'supplier'"},
    {"UPDATE location SET code = 'X' WHERE kind = 'bench'", "UPDATE location SET code = 'PACK' WHERE kind = 'bench'"},
};

static void change(struct testdb *test, const char *sql)
{
    struct db *db = testdb_open(test);
    testdb_script(db, sql);
    db_close(db);
}

static void says_that_it_is_none(struct testdb *test)
{
    GError *error = NULL;
    g_assert_true(site_create(test->url, &NAMES, NULL, &error));
    for (size_t i = 0; i < G_N_ELEMENTS(PARTS); i++) {
        change(test, PARTS[i].taken);
        g_assert_null(site_open(test->url, "test", NULL, &error));
        g_assert_error(error, ERR, ERR_DB_NOT_A_FLOOR);
        g_clear_error(&error);
        change(test, PARTS[i].given_back);
        struct site *site = site_open(test->url, "test", NULL, &error);
        g_assert_no_error(error);
        site_close(site);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/site/says_that_it_is_none", says_that_it_is_none);
    return g_test_run();
}

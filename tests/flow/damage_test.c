/* SPDX-License-Identifier: MIT
 *
 * A database that has lost pages is called damaged, with what to do; what never was one is not.
 */
#include <fcntl.h>
#include <glib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/error.h"
#include "tests/support/floor.h"

static void is_damage(GError **error)
{
    g_autofree char *hint = err_hint(err_code(*error), NULL);
    if (err_code(*error) != ERR_DB_DAMAGED)
        g_error("PL-%04d %s", (int)err_code(*error), *error ? (*error)->message : "no error");
    g_assert_nonnull(strstr(hint, "restore"));
    g_clear_error(error);
}

/* A floor, closed, of which all is in one file. Caller frees. */
static char *left_behind(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    for (int i = 0; i < 60; i++) {
        g_autofree char *number = g_strdup_printf("SP-%d", i), *sku = g_strdup_printf("MUG-%d", i);
        floor_product(floor, sku, NULL);
        floor_order(floor, number, "hct", FLOOR_ITEMS({sku, 1}));
    }
    floor_close(floor);
    return g_build_filename(test->dir, "floor.db", NULL);
}

enum { PAGE = 4096 };

static void overwrite(const char *path, int64_t first, int64_t pages, const char *with)
{
    char page[PAGE];
    int fd = open(path, O_WRONLY | O_CLOEXEC);
    g_assert_cmpint(fd, >=, 0);
    for (size_t i = 0; i < PAGE; i++)
        page[i] = with[i % strlen(with)];
    for (int64_t i = 0; i < pages; i++)
        g_assert_cmpint(pwrite(fd, page, PAGE, (first + i) * PAGE), ==, PAGE);
    close(fd);
}

/* All that lies on the pages of a table is read. */
static gboolean reads(struct db *db, GError **error)
{
    static const char *const TEXTS[] = {"SELECT COUNT(note) FROM (SELECT external_id || content_hash AS note FROM sales_order)",
                                        "SELECT COUNT(note) FROM (SELECT detail || event AS note FROM journal)"};
    int64_t count = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(TEXTS); i++)
        if (db_get_ints(db, floor_sql(TEXTS[i]), DB_NO_ARGS, &count, 1, error) < 0)
            return FALSE;
    return TRUE;
}

static int64_t root_page(const struct testdb *test, const char *table)
{
    g_autofree char *text = g_strdup_printf("SELECT rootpage FROM sqlite_schema WHERE name = '%s'", table);
    struct db *db = testdb_open(test);
    int64_t page = testdb_int(db, text);
    db_close(db);
    return page;
}

static void a_page_of_a_table(struct testdb *test)
{
    if (test->engine != DB_SQLITE)
        return;
    GError *error = NULL;
    g_autofree char *path = left_behind(test);
    overwrite(path, root_page(test, "sales_order") - 1, 1, "lost");
    struct db *db = db_open(test->url, DB_USE, &error);
    if (db)
        g_assert_false(reads(db, &error));
    is_damage(&error);
    db_close(db);
}

static void the_first_page(struct testdb *test)
{
    if (test->engine != DB_SQLITE)
        return;
    GError *error = NULL;
    g_autofree char *path = left_behind(test);
    overwrite(path, 0, 1, "lost");
    g_assert_null(db_open(test->url, DB_USE, &error));
    is_damage(&error);
    /* nothing of it was taken for a new one */
    g_assert_null(db_open(test->url, DB_CREATE, &error));
    is_damage(&error);
}

/* The end is missing: a copy that was cut. */
static void a_file_cut_short(struct testdb *test)
{
    if (test->engine != DB_SQLITE)
        return;
    GError *error = NULL;
    g_autofree char *path = left_behind(test);
    int64_t root = root_page(test, "sales_order");
    g_assert_cmpint(truncate(path, (root - 1) * PAGE + PAGE / 2), ==, 0);
    struct db *db = db_open(test->url, DB_USE, &error);
    if (db)
        g_assert_false(reads(db, &error));
    is_damage(&error);
    db_close(db);
}

/* The control: what never was a floor. */
static void a_stranger(struct testdb *test)
{
    if (test->engine != DB_SQLITE)
        return;
    GError *error = NULL;
    g_autofree char *path = g_build_filename(test->dir, "other.db", NULL), *url = g_strconcat("sqlite:", path, NULL);
    g_assert_true(g_file_set_contents(path, "", 0, NULL));
    overwrite(path, 0, 64, "a text that goes on. ");
    g_assert_null(db_open(url, DB_USE, &error));
    g_assert_error(error, ERR, ERR_DB_NOT_A_FLOOR);
    g_clear_error(&error);
}

/* What a server says of a page that it can't read. */
static void a_servers_word(struct testdb *test)
{
    static const char *const STATES[] = {"XX001", "XX002"};
    if (test->engine != DB_POSTGRES)
        return;
    struct db *db = testdb_open(test);
    for (size_t i = 0; i < G_N_ELEMENTS(STATES); i++) {
        GError *error = NULL;
        g_autofree char *text = g_strdup_printf("DO $t$ BEGIN RAISE EXCEPTION 'invalid page in block 7' USING ERRCODE = '%s'; END $t$",
                                                STATES[i]);
        g_assert_false(db_exec(db, floor_sql(text), DB_NO_ARGS, NULL, &error));
        g_assert_nonnull(strstr(error->message, "block 7"));
        is_damage(&error);
    }
    db_close(db);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/damage/a_page_of_a_table", a_page_of_a_table);
    testdb_add("/damage/the_first_page", the_first_page);
    testdb_add("/damage/a_file_cut_short", a_file_cut_short);
    testdb_add("/damage/a_stranger", a_stranger);
    testdb_add("/damage/a_servers_word", a_servers_word);
    return g_test_run();
}

/* SPDX-License-Identifier: MIT
 *
 * A column list: each column lands in the member that stands beside it, by its type.
 */
#include <string.h>

#include "core/db/rows.h"
#include "tests/support/testdb.h"

struct thing {
    int64_t wide;
    int narrow;
    char few[4];
    char *own;
    size_t length;
    struct {
        gboolean set;
    } inner;
};

#define THING_COLUMNS(COLUMN, PARSED)                                                                                  \
    COLUMN("CAST(9000000000000000000 AS BIGINT), ", wide)                                                              \
    COLUMN("7, ", narrow)                                                                                              \
    COLUMN("'王小明', ", few)                                                                                          \
    COLUMN("CAST(NULL AS TEXT), ", own)                                                                                \
    PARSED("'four', ", length, strlen)                                                                                 \
    COLUMN("1", inner.set)

static const struct sql THING = {"thing", "SELECT " COLUMNS_OF(THING_COLUMNS)};

ROWS_READER(read_thing, struct thing, THING_COLUMNS)

static void columns(struct testdb *test)
{
    GError *error = NULL;
    struct db *db = testdb_open(test);
    struct thing thing = {0};
    g_assert_cmpint(rows_first(db_query(db, &THING, DB_NO_ARGS, &error), read_thing, &thing, &error), ==, 1);
    g_assert_no_error(error);
    g_assert_cmpint(thing.wide, ==, INT64_C(9000000000000000000));
    g_assert_cmpint(thing.narrow, ==, 7);
    g_assert_cmpstr(thing.few, ==, "王");
    g_assert_cmpstr(thing.own, ==, "");
    g_assert_cmpuint(thing.length, ==, 4);
    g_assert_true(thing.inner.set);
    g_free(thing.own);
    db_close(db);
}

#define NAME_COLUMNS(COLUMN, PARSED) COLUMN("'Lin'", text)

struct name {
    const char *text;
};

static const struct sql NAME = {"name", "SELECT " COLUMNS_OF(NAME_COLUMNS)};

ROWS_READER(read_name, struct name, NAME_COLUMNS)

static void borrowed(struct testdb *test)
{
    GError *error = NULL;
    struct db *db = testdb_open(test);
    struct name name = {NULL};
    struct rows *rows = db_query(db, &NAME, DB_NO_ARGS, &error);
    g_assert_cmpint(rows_next(rows, &error), ==, 1);
    read_name(rows, &name);
    g_assert_true(name.text == rows_text(rows, 0));
    g_assert_cmpstr(name.text, ==, "Lin");
    rows_close(rows);
    db_close(db);
}

int main(int argc, char *argv[])
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/rows/columns", columns);
    testdb_add("/rows/borrowed", borrowed);
    return g_test_run();
}

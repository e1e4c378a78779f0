/* SPDX-License-Identifier: MIT
 *
 * What stands in braces in a statement's text means the same on both engines, as often as it stands there.
 */
#include "core/base/error.h"
#include "core/db/rows.h"
#include "tests/support/testdb.h"

static const struct sql ADD = {"add", "INSERT INTO owner (id, code, name) VALUES ($1, $2, 'n')"};
static const struct sql LISTED = {"listed", "SELECT id FROM owner WHERE id {in:$1} ORDER BY id"};
static const struct sql TWO_LISTS = {"two_lists", "SELECT id FROM owner WHERE id {in:$2} AND code <> '{}' AND NOT id "
                                                  "{in:$1} AND name = $3 ORDER BY id {share_lock}"};
static const struct sql OF_FOUND = {"of_found", "SELECT id FROM owner WHERE id {among:SELECT o.id + $2 FROM owner o "
                                                "WHERE o.code {among:SELECT u.code FROM owner u WHERE u.id {in:$1}} "
                                                "UNION ALL SELECT 9 FROM owner} AND code <> '{' ORDER BY id"};
static const struct sql RENAME = {"rename", "UPDATE owner SET name = $2 WHERE id {in:$1}"};

static gboolean fill(struct db *db, void *data, GError **error)
{
    for (int64_t id = 1; id <= GPOINTER_TO_INT(data); id++) {
        g_autofree char *code = g_strdup_printf("%" G_GINT64_FORMAT, id);
        if (!db_exec(db, &ADD, DB_ARGS(id, code), NULL, error))
            return FALSE;
    }
    return TRUE;
}

static void assert_listed(struct db *db, const int64_t *ids, size_t n)
{
    GError *error = NULL;
    g_autofree char *list = db_id_list(ids, n);
    g_autoptr(GArray) found = rows_ints(db_query(db, &LISTED, DB_ARGS(list), &error), &error);
    g_assert_no_error(error);
    g_assert_cmpuint(found->len, ==, n);
    for (guint i = 0; i < n; i++)
        g_assert_cmpint(g_array_index(found, int64_t, i), ==, ids[i]);
}

static void lists(struct testdb *test)
{
    int64_t ids[1000];
    struct db *db = testdb_open(test);
    g_assert_true(db_transaction(db, fill, GINT_TO_POINTER(1000), NULL));
    for (int i = 0; i < 1000; i++)
        ids[i] = i + 1;
    assert_listed(db, ids, 0);
    assert_listed(db, ids + 500, 1);
    assert_listed(db, ids, 1000);
    db_close(db);
}

static gboolean read_two(struct db *db, void *data, GError **error)
{
    GArray **found = data;
    *found = rows_ints(db_query(db, &TWO_LISTS, DB_ARGS("[3]", "[2,3,5,9223372036854775807]", "new"), error), error);
    return *found != NULL;
}

static void several_marks(struct testdb *test)
{
    GError *error = NULL;
    int64_t changed;
    GArray *found = NULL;
    struct db *db = testdb_open(test);
    g_assert_true(db_transaction(db, fill, GINT_TO_POINTER(9), NULL));
    g_assert_true(db_exec(db, &RENAME, DB_ARGS("[2,3,4]", "new"), &changed, &error));
    g_assert_cmpint(changed, ==, 3);
    g_assert_true(db_transaction(db, read_two, &found, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(found->len, ==, 1);
    g_assert_cmpint(g_array_index(found, int64_t, 0), ==, 2);
    g_array_unref(found);
    db_close(db);
}

/* Marks in a mark; what is found twice is one row. */
static void lists_that_are_found(struct testdb *test)
{
    static const int64_t FOUND[] = {3, 4, 9};
    GError *error = NULL;
    struct db *db = testdb_open(test);
    g_assert_true(db_transaction(db, fill, GINT_TO_POINTER(9), NULL));
    g_autoptr(GArray) found = rows_ints(db_query(db, &OF_FOUND, DB_ARGS("[2,3]", 1), &error), &error);
    g_assert_no_error(error);
    g_assert_cmpuint(found->len, ==, G_N_ELEMENTS(FOUND));
    for (guint i = 0; i < found->len; i++)
        g_assert_cmpint(g_array_index(found, int64_t, i), ==, FOUND[i]);
    db_close(db);
}

static void id_list(void)
{
    g_autofree char *none = db_id_list(NULL, 0), *two = db_id_list((const int64_t[]){-1, INT64_MAX}, 2);
    g_assert_cmpstr(none, ==, "[]");
    g_assert_cmpstr(two, ==, "[-1,9223372036854775807]");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/marks/id-list", id_list);
    testdb_add("/marks/lists", lists);
    testdb_add("/marks/lists_that_are_found", lists_that_are_found);
    testdb_add("/marks/several", several_marks);
    return g_test_run();
}

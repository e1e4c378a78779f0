/* SPDX-License-Identifier: MIT
 *
 * Statements and rows mean the same on both engines.
 */
#include <string.h>

#include "core/base/error.h"
#include "core/db/rows.h"
#include "tests/support/testdb.h"

enum { ADD, FIND, FIND_NULL, COUNT, RENAME, ALL, ADD_RETURNING, SWAPPED };

static const struct sql SQL[] = {
    [ADD] = {"add", "INSERT INTO owner (id, code, name) VALUES ($1, $2, $3)"},
    [FIND] = {"find", "SELECT id, name FROM owner WHERE code = $1"},
    [FIND_NULL] = {"find_null", "SELECT id, printer_id, holder_text FROM (SELECT id, backup_id AS printer_id,"
                                " state_text AS holder_text FROM printer) AS p WHERE id = $1"},
    [COUNT] = {"count", "SELECT COUNT(*) FROM owner"},
    [RENAME] = {"rename", "UPDATE owner SET name = $2 WHERE id = $1"},
    [ALL] = {"all", "SELECT id, code FROM owner ORDER BY id"},
    [ADD_RETURNING] = {"add_returning",
                       "INSERT INTO owner (id, code, name) VALUES ($1, $2, $3) RETURNING id, id > 3"},
    [SWAPPED] = {"swapped", "SELECT CAST($2 AS BIGINT), CAST($1 AS BIGINT), CAST($2 AS BIGINT)"},
};

static int64_t count(struct db *db)
{
    int64_t n = -1;
    GError *error = NULL;
    db_get_ints(db, &SQL[COUNT], DB_NO_ARGS, &n, 1, &error);
    g_assert_no_error(error);
    return n;
}

static gboolean add(struct db *db, int64_t id, const char *code, GError **error)
{
    return db_exec(db, &SQL[ADD], DB_ARGS(id, code, ""), NULL, error);
}

static void statements(struct testdb *test)
{
    GError *error = NULL;
    struct db *db = testdb_open(test);
    int64_t changed = -1, values[3];
    g_assert_true(db_exec(db, &SQL[ADD], DB_ARGS(INT64_MAX, "a", "王小明\\\t'\"$1"),
                          &changed, &error));
    g_assert_cmpint(changed, ==, 1);
    g_assert_true(db_exec(db, &SQL[RENAME], DB_ARGS(5, "x"), &changed, &error));
    g_assert_cmpint(changed, ==, 0);
    struct rows *rows = db_query(db, &SQL[FIND], DB_ARGS("a"), &error);
    g_assert_cmpint(rows_next(rows, &error), ==, 1);
    g_assert_cmpint(rows_int(rows, 0), ==, INT64_MAX);
    g_assert_cmpstr(rows_text(rows, 1), ==, "王小明\\\t'\"$1");
    g_assert_cmpint(rows_next(rows, &error), ==, 0);
    g_assert_cmpint(db_get_ints(db, &SQL[FIND], DB_ARGS("none"), values, 1, &error), ==, 0);
    g_assert_cmpint(db_get_ints(db, &SQL[SWAPPED], DB_ARGS(1, 2), values, 3, &error), ==, 1);
    g_assert_cmpint(values[0], ==, 2);
    g_assert_cmpint(values[1], ==, 1);
    g_assert_cmpint(values[2], ==, 2);
    g_assert_no_error(error);
    db_close(db);
}

struct owner {
    int64_t id;
    char code[4];
    int untouched;
};

static void read_owner(struct rows *rows, void *data)
{
    struct owner *owner = data;
    owner->id = rows_int(rows, 0);
    ROWS_COPY(owner->code, rows, 1);
}

static void count_row(struct rows *rows, void *data)
{
    (void)rows;
    ++*(int *)data;
}

/* Several rows, none, a failed query and rows that are closed, read by each of the ways. */
static void readings(struct testdb *test)
{
    GError *error = NULL;
    struct db *db = testdb_open(test);
    int seen = 0;
    g_assert_true(add(db, 7, "a馬克", &error) && add(db, 9, "b", &error));
    GArray *owners = rows_list(db_query(db, &SQL[ALL], DB_NO_ARGS, &error), sizeof(struct owner), read_owner, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(owners->len, ==, 2);
    g_assert_cmpint(g_array_index(owners, struct owner, 1).id, ==, 9);
    g_assert_cmpint(g_array_index(owners, struct owner, 1).untouched, ==, 0);
    g_assert_cmpstr(g_array_index(owners, struct owner, 0).code, ==, "a"); /* 馬 would not be whole */
    GArray *ids = rows_ints(db_query(db, &SQL[ALL], DB_NO_ARGS, &error), &error);
    g_assert_cmpuint(ids->len, ==, 2);
    g_assert_cmpint(g_array_index(ids, int64_t, 0), ==, 7);
    g_assert_true(rows_each(db_query(db, &SQL[ALL], DB_NO_ARGS, &error), count_row, &seen, &error));
    g_assert_cmpint(rows_first(db_query(db, &SQL[ALL], DB_NO_ARGS, &error), count_row, &seen, &error), ==, 1);
    g_assert_cmpint(rows_first(db_query(db, &SQL[FIND], DB_ARGS("none"), &error), count_row, &seen, &error), ==, 0);
    g_assert_cmpint(seen, ==, 3);
    struct rows *closed = db_query(db, &SQL[ALL], DB_NO_ARGS, &error);
    g_assert_no_error(error);
    rows_close(closed);
    g_assert_null(rows_list(closed, sizeof(struct owner), read_owner, &error));
    g_assert_error(error, ERR, ERR_DB_SQL);
    g_assert_null(rows_ints(NULL, &error)); /* a query that failed has said why */
    g_assert_false(rows_each(NULL, count_row, &seen, &error));
    g_assert_cmpint(rows_first(NULL, count_row, &seen, &error), ==, -1);
    g_assert_cmpint(seen, ==, 3);
    g_clear_error(&error);
    g_array_unref(ids);
    g_array_unref(owners);
    db_close(db);
}

static const struct sql WRITER = {
    "writer", "INSERT INTO writer (slot, name, holder, ids_until_at, head) VALUES ($1, $2, $3, $4, $5)"};

static gboolean write_nulls(struct db *db, void *data, GError **error)
{
    static const struct sql PRINTER = {
        "printer",
        "INSERT INTO printer (id, warehouse_id, name, uri, backup_id) VALUES ($1, $2, $3, $4, $5)"};
    static const struct sql WAREHOUSE = {
        "warehouse", "INSERT INTO warehouse (id, code, name, time_zone) VALUES ($1, $2, $2, $2)"};
    (void)data;
    return db_exec(db, &WRITER,
                   DB_ARGS(1, "", "", 0, db_blob("\0\xFF\\n", 4)), NULL,
                   error) &&
           db_exec(db, &WAREHOUSE, DB_ARGS(1, "w"), NULL, error) &&
           db_exec(db, &PRINTER, DB_ARGS(1, 1, "p", "u", db_ref(0)), NULL,
                   error) &&
           db_exec(db, &PRINTER, DB_ARGS(2, 1, "q", "u", db_ref(1)), NULL,
                   error);
}

static void values(struct testdb *test)
{
    static const struct sql HEAD = {"head", "SELECT head, name FROM writer"};
    GError *error = NULL;
    struct db *db = testdb_open(test);
    g_assert_true(db_transaction(db, write_nulls, NULL, &error));
    struct rows *rows = db_query(db, &SQL[FIND_NULL], DB_ARGS(1), &error);
    g_assert_cmpint(rows_next(rows, &error), ==, 1);
    g_assert_true(rows_is_null(rows, 1));
    g_assert_false(rows_is_null(rows, 2));
    g_assert_cmpint(rows_int(rows, 1), ==, 0);
    g_assert_cmpstr(rows_text(rows, 1), ==, "");
    rows_close(rows);
    size_t length;
    rows = db_query(db, &HEAD, DB_NO_ARGS, &error);
    g_assert_cmpint(rows_next(rows, &error), ==, 1);
    const void *bytes = rows_blob(rows, 0, &length);
    g_assert_cmpuint(length, ==, 4);
    g_assert_true(memcmp(bytes, "\0\xFF\\n", 4) == 0);
    rows_close(rows);
    rows_close(rows);
    rows_close(NULL);
    g_assert_no_error(error);
    db_close(db);
}

static gboolean fill(struct db *db, void *data, GError **error)
{
    for (int64_t id = 1; id <= GPOINTER_TO_INT(data); id++) {
        char code[8];
        g_snprintf(code, sizeof code, "c%d", (int)id);
        if (!add(db, id, code, error))
            return FALSE;
    }
    return TRUE;
}

/* Other statements run, and write, while rows are being read. */
static gboolean interleave(struct db *db, void *data, GError **error)
{
    int *seen = data;
    struct rows *rows = db_query(db, &SQL[ALL], DB_NO_ARGS, error);
    while (rows_next(rows, error) == 1) {
        (*seen)++;
        g_assert_true(
            db_exec(db, &SQL[RENAME], DB_ARGS(rows_int(rows, 0), "x"), NULL, error));
        g_assert_cmpint(count(db), ==, 5);
    }
    return TRUE;
}

static void cursors(struct testdb *test)
{
    GError *error = NULL;
    int seen = 0;
    struct db *db = testdb_open(test);
    g_assert_true(db_transaction(db, fill, GINT_TO_POINTER(5), &error));
    g_assert_true(db_transaction(db, interleave, &seen, &error));
    g_assert_cmpint(seen, ==, 5);
    struct rows *rows = db_query(db, &SQL[ALL], DB_NO_ARGS, &error);
    g_assert_cmpint(rows_next(rows, &error), ==, 1);
    g_assert_null(db_query(db, &SQL[ALL], DB_NO_ARGS, &error));
    g_assert_error(error, ERR, ERR_DB_SQL);
    g_clear_error(&error);
    g_assert_false(db_transaction(db, fill, GINT_TO_POINTER(0), &error));
    g_assert_error(error, ERR, ERR_DB_SQL);
    g_clear_error(&error);
    rows_close(rows);
    g_assert_cmpint(rows_next(rows, &error), ==, -1);
    g_clear_error(&error);
    g_assert_true(db_transaction(db, fill, GINT_TO_POINTER(0), &error));
    db_close(db);
}

/* A statement's row on the stack: the same address, another text. */
static void texts(struct testdb *test)
{
    struct db *db = testdb_open(test);
    for (int i = 0; i < 4; i++)
        g_assert_cmpint(testdb_int(db, i % 2 ? "SELECT 41" : "SELECT 42"), ==, i % 2 ? 41 : 42);
    db_close(db);
}

static gboolean returning(struct db *db, void *data, GError **error)
{
    int64_t got[2];
    (void)data;
    if (db_get_ints(db, &SQL[ADD_RETURNING], DB_ARGS(4, "d", ""), got, 2, error) !=
        1)
        return FALSE;
    g_assert_cmpint(got[0], ==, 4);
    g_assert_cmpint(got[1], ==, 1);
    return TRUE;
}

static void returning_rows(struct testdb *test)
{
    GError *error = NULL;
    struct db *db = testdb_open(test);
    g_assert_true(db_transaction(db, returning, NULL, &error));
    g_assert_cmpint(count(db), ==, 1);
    g_assert_null(db_query(db, &SQL[ADD_RETURNING], DB_ARGS(5, "e", ""), &error));
    g_assert_error(error, ERR, ERR_DB_SQL);
    g_clear_error(&error);
    g_assert_false(db_exec(db, &SQL[ADD], DB_ARGS(5), NULL, &error));
    g_assert_error(error, ERR, ERR_DB_SQL);
    g_clear_error(&error);
    g_assert_cmpint(count(db), ==, 1);
    db_close(db);
}

/* A first NULL must not settle the type of what comes later. */
static void late_types(struct testdb *test)
{
    static const struct sql ROUND = {"round", "SELECT COALESCE($1, 7)"};
    GError *error = NULL;
    int64_t got = 0;
    struct db *db = testdb_open(test);
    g_assert_cmpint(db_get_ints(db, &ROUND, DB_ARGS(db_ref(0)), &got, 1, &error), ==, 1);
    g_assert_cmpint(got, ==, 7);
    g_assert_cmpint(db_get_ints(db, &ROUND, DB_ARGS(INT64_C(1234567890123)), &got, 1, &error), ==, 1);
    g_assert_cmpint(got, ==, INT64_C(1234567890123));
    g_assert_no_error(error);
    db_close(db);
}

static gboolean insert_many(struct db *db, void *data, GError **error)
{
    (void)data;
    enum { ROWS = 500 };
    struct db_value *values = g_new(struct db_value, ROWS * 3);
    char(*codes)[16] = g_malloc(ROWS * sizeof *codes);
    for (int i = 0; i < ROWS; i++) {
        g_snprintf(codes[i], sizeof codes[i], "%d\t\\\n%d", i, i);
        values[i * 3] = db_int(i + 1);
        values[i * 3 + 1] = db_text(codes[i]);
        values[i * 3 + 2] = db_text(i % 2 ? "" : "\\N");
    }
    gboolean done = db_insert_many(db, "owner", "id, code, name", values, ROWS, 3, error);
    g_free(codes);
    g_free(values);
    return done;
}

static void many(struct testdb *test)
{
    GError *error = NULL;
    struct db *db = testdb_open(test);
    g_assert_true(db_transaction(db, insert_many, NULL, &error));
    g_assert_no_error(error);
    g_assert_cmpint(count(db), ==, 500);
    struct rows *rows = db_query(db, &SQL[FIND], DB_ARGS("42\t\\\n42"), &error);
    g_assert_cmpint(rows_next(rows, &error), ==, 1);
    g_assert_cmpint(rows_int(rows, 0), ==, 43);
    g_assert_cmpstr(rows_text(rows, 1), ==, "\\N");
    rows_close(rows);
    g_assert_false(db_transaction(db, insert_many, NULL, &error));
    g_assert_error(error, ERR, ERR_DB_CONSTRAINT);
    g_clear_error(&error);
    g_assert_cmpint(count(db), ==, 500);
    db_close(db);
}

static void data_version(struct testdb *test)
{
    GError *error = NULL;
    struct db *db = testdb_open(test), *other = testdb_open(test);
    int64_t before = 0, same = 0, after = 0;
    g_assert_true(db_exec(other, &WRITER,
                          DB_ARGS(1, "", "", 0, db_blob("", 0)), NULL,
                          &error));
    g_assert_true(db_data_version(db, &before, &error));
    g_assert_true(db_data_version(db, &same, &error));
    g_assert_cmpint(before, ==, same);
    testdb_script(other, "UPDATE writer SET sequence = sequence + 1 WHERE slot = 1");
    g_assert_true(db_data_version(db, &after, &error));
    g_assert_cmpint(after, !=, before);
    db_close(other);
    db_close(db);
}

/* The engines say which rule was broken, and never the values: there may be a name among them. */
static void constraint_text(struct testdb *test)
{
    GError *error = NULL;
    struct db *db = testdb_open(test);
    g_assert_true(add(db, 1, "王小明0912345678", &error));
    g_assert_false(add(db, 2, "王小明0912345678", &error));
    g_assert_error(error, ERR, ERR_DB_CONSTRAINT);
    g_assert_null(strstr(error->message, "王小明"));
    g_clear_error(&error);
    db_close(db);
}

static void append_only(struct testdb *test)
{
    static const struct sql CHANGE = {"change", "UPDATE schema_version SET name = 'x'"};
    static const struct sql REMOVE = {"remove", "DELETE FROM schema_version"};
    GError *error = NULL;
    struct db *db = testdb_open(test);
    g_assert_false(db_exec(db, &CHANGE, DB_NO_ARGS, NULL, &error));
    g_assert_error(error, ERR, ERR_DB_CONSTRAINT);
    g_clear_error(&error);
    g_assert_false(db_exec(db, &REMOVE, DB_NO_ARGS, NULL, &error));
    g_assert_error(error, ERR, ERR_DB_CONSTRAINT);
    g_clear_error(&error);
    db_close(db);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/db/statements", statements);
    testdb_add("/db/values", values);
    testdb_add("/db/readings", readings);
    testdb_add("/db/cursors", cursors);
    testdb_add("/db/texts", texts);
    testdb_add("/db/returning", returning_rows);
    testdb_add("/db/late-types", late_types);
    testdb_add("/db/insert-many", many);
    testdb_add("/db/data-version", data_version);
    testdb_add("/db/constraint-text", constraint_text);
    testdb_add("/db/append-only", append_only);
    return g_test_run();
}

/* SPDX-License-Identifier: MIT
 *
 * Migrations: the mark-up, the versions and checksums, the copy before, what is refused.
 */
#include <string.h>

#include "core/base/error.h"
#include "core/db/backup.h"
#include "core/db/migrate.h"
#include "core/db/schema.h"
#include "tests/support/testdb.h"

/* --- mark-up -------------------------------------------------------------------------------------------- */

static const struct {
    const char *text, *sqlite, *postgres; /* NULL: refused */
} MARKS[] = {
    {"", "", ""},
    {"a {id}, b {int}, c {text}, d {blob}, e {bool}", "a INTEGER, b INTEGER, c TEXT, d BLOB, e INTEGER",
     "a BIGINT, b BIGINT, c TEXT, d BYTEA, e BIGINT"},
    {"a {bool:a} NOT NULL", "a INTEGER CHECK (a IN (0, 1)) NOT NULL",
     "a BIGINT CHECK (a IN (0, 1)) NOT NULL"},
    {"){table};", ") STRICT;", ");"},
    {"){rowid_table};", ") STRICT, WITHOUT ROWID;", ");"},
    {"a TEXT DEFAULT '{}' -- {nothing}\n{int}", "a TEXT DEFAULT '{}' -- {nothing}\nINTEGER",
     "a TEXT DEFAULT '{}' -- {nothing}\nBIGINT"},
    {"'it''s {id}' {id}", "'it''s {id}' INTEGER", "'it''s {id}' BIGINT"},
    {"'open {id}", "'open {id}", "'open {id}"},
    {"{number}", NULL, NULL},
    {"{id", NULL, NULL},
    {"{}", NULL, NULL},
    {"{int:a}", NULL, NULL},
    {"{append_only}", NULL, NULL},
    {"{append_only:}", NULL, NULL},
};

static void mark_up(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(MARKS); i++)
        for (int engine = DB_SQLITE; engine <= DB_POSTGRES; engine++) {
            GError *error = NULL;
            char *text = schema_expand(MARKS[i].text, (enum db_engine)engine, &error);
            g_assert_cmpstr(text, ==, engine == DB_SQLITE ? MARKS[i].sqlite : MARKS[i].postgres);
            g_assert_cmpint(err_code(error), ==, text ? ERR_NONE : ERR_INTERNAL);
            g_clear_error(&error);
            g_free(text);
        }
}

static void numbered_from_one(void)
{
    for (unsigned i = 0; i < schema_file_count; i++)
        g_assert_cmpint(schema_files[i].version, ==, (int)i + 1);
}

/* --- versions ------------------------------------------------------------------------------------------- */

enum { EXTRA = 2, FILES = 64 };

static const struct schema_file EXTRA_FILES[EXTRA] = {
    {0, "extra",
     "CREATE TABLE extra (id {id} PRIMARY KEY, done {bool:done} NOT NULL){table};\n"
     "INSERT INTO extra (id, done) SELECT id, 1 FROM owner;\n"
     "{append_only:extra};\n"},
    {0, "broken",
     "CREATE TABLE another (id {id} PRIMARY KEY){table};\nCREATE TABLE another (id {id}){table};\n"},
};

/* The program's own files and the first n of the extra ones behind them. */
static unsigned with_extra(struct schema_file files[static FILES], unsigned n)
{
    memcpy(files, schema_files, schema_file_count * sizeof *files);
    for (unsigned i = 0; i < n; i++) {
        files[schema_file_count + i] = EXTRA_FILES[i];
        files[schema_file_count + i].version = (int)(schema_file_count + i + 1);
    }
    return schema_file_count + n;
}

static struct db *open_in(const struct testdb *test, enum db_mode mode)
{
    GError *error = NULL;
    struct db *db = db_open(test->url, mode, &error);
    g_assert_no_error(error);
    return db;
}

static unsigned copies(const struct testdb *test)
{
    unsigned found = 0;
    const char *name;
    GDir *dir = g_dir_open(test->dir, 0, NULL);
    while ((name = g_dir_read_name(dir)))
        found += strstr(name, "floor.db.v") != NULL;
    g_dir_close(dir);
    return found;
}

static void refuse(struct db *db, const struct schema_file files[], unsigned count, enum err code)
{
    GError *error = NULL;
    g_assert_false(db_migrate(db, files, count, &error));
    g_assert_cmpint(err_code(error), ==, code);
    g_clear_error(&error);
}

static void one_more(struct testdb *test)
{
    struct schema_file files[FILES];
    unsigned count = with_extra(files, 1);
    GError *error = NULL;
    struct db *db = open_in(test, DB_USE);
    testdb_script(db, "INSERT INTO owner (id, code, name) VALUES (7, 'a', '')");
    refuse(db, files, count, ERR_DB_SCHEMA_OLD);
    db_close(db);
    g_assert_cmpuint(copies(test), ==, 0);
    db = open_in(test, DB_CREATE);
    g_assert_true(db_migrate(db, files, count, &error));
    g_assert_no_error(error);
    g_assert_cmpint(testdb_int(db, "SELECT id FROM extra WHERE done = 1"), ==, 7);
    g_assert_cmpuint(copies(test), ==, test->engine == DB_SQLITE ? 1 : 0);
    g_assert_true(db_migrate(db, files, count, &error)); /* nothing left to do */
    g_assert_cmpuint(copies(test), ==, test->engine == DB_SQLITE ? 1 : 0);
    refuse(db, schema_files, schema_file_count, ERR_DB_SCHEMA_NEWER);
    db_close(db);
    g_assert_null(db_open(test->url, DB_USE, &error));
    g_assert_error(error, ERR, ERR_DB_SCHEMA_NEWER);
    g_clear_error(&error);
    g_assert_null(db_open(test->url, DB_CREATE, &error));
    g_assert_error(error, ERR, ERR_DB_SCHEMA_NEWER);
    g_clear_error(&error);
    db_close(open_in(test, DB_INSPECT));
}

/* Several pending ones are all done or none. */
static void broken(struct testdb *test)
{
    struct schema_file files[FILES];
    unsigned count = with_extra(files, 2);
    struct db *db = open_in(test, DB_CREATE);
    refuse(db, files, count, ERR_DB_SQL);
    db_close(db);
    db = open_in(test, DB_USE);
    g_assert_cmpint(testdb_int(db, "SELECT MAX(version) FROM schema_version"), ==, schema_file_count);
    db_close(db);
}

static void changed(struct testdb *test)
{
    struct schema_file files[FILES];
    unsigned count = with_extra(files, 0);
    files[0].text = "-- another text\n";
    struct db *db = open_in(test, DB_CREATE);
    refuse(db, files, count, ERR_DB_SCHEMA_CHANGED);
    db_close(db);
}

/* One that lacks a migration of before its newest is no floor of this program's. */
static void left_out(struct testdb *test)
{
    struct schema_file files[FILES];
    unsigned count = with_extra(files, 0);
    struct db *db = open_in(test, DB_CREATE);
    testdb_script(db, test->engine == DB_SQLITE ? "DROP TRIGGER schema_version_no_delete"
                                                : "ALTER TABLE schema_version DISABLE TRIGGER USER");
    testdb_script(db, "DELETE FROM schema_version WHERE version = 2");
    refuse(db, files, count, ERR_DB_SCHEMA_CHANGED);
    db_close(db);
}

static void none_yet(struct testdb *test)
{
    GError *error = NULL;
    g_assert_null(db_open(test->url, DB_USE, &error));
    g_assert_cmpint(err_code(error), ==, test->engine == DB_SQLITE ? ERR_DB_MISSING : ERR_DB_NOT_A_FLOOR);
    g_clear_error(&error);
    db_close(open_in(test, DB_CREATE));
    struct db *db = open_in(test, DB_USE);
    g_assert_cmpint(testdb_int(db, "SELECT COUNT(*) FROM schema_version"), ==, schema_file_count);
    db_close(db);
    db_close(open_in(test, DB_CREATE));
    g_assert_cmpuint(copies(test), ==, 0);
}

#define WRITER "INSERT INTO writer (slot, name, holder, lease_until_at, sequence, head) "

/* 0002: a slot that was held until an hour is free, and its chain stays. */
static void writers_are_let_go(struct testdb *test)
{
    GError *error = NULL;
    struct db *db = open_in(test, DB_USE);
    g_autofree char *now = schema_expand(schema_files[1].text, test->engine, &error);
    g_assert_no_error(error);
    testdb_script(db, "ALTER TABLE writer RENAME COLUMN ids_until_at TO lease_until_at");
    testdb_script(db, test->engine == DB_SQLITE
                          ? WRITER "VALUES (3, 'station bench-1', 'host:1:2', 9999999999999, 12, X'61')"
                          : WRITER "VALUES (3, 'station bench-1', 'host:1:2', 9999999999999, 12, '\\x61')");
    testdb_script(db, now);
    g_assert_cmpint(testdb_int(db, "SELECT sequence FROM writer WHERE slot = 3 AND holder = '' AND ids_until_at = 0"), ==, 12);
    db_close(db);
}

/* --- copies --------------------------------------------------------------------------------------------- */

static void copy(struct testdb *test)
{
    GError *error = NULL;
    char *path = g_build_filename(test->dir, "copy.db", NULL), *url = g_strconcat("sqlite:", path, NULL);
    struct db *db = open_in(test, DB_USE);
    testdb_script(db, "INSERT INTO owner (id, code, name) VALUES (7, 'a', '')");
    gboolean copied = db_copy(db, path, NULL, NULL, &error);
    if (test->engine == DB_SQLITE) {
        g_assert_no_error(error);
        g_assert_false(db_copy(db, path, NULL, NULL, &error)); /* never over something */
        g_assert_error(error, ERR, ERR_FILE_WRITE);
        struct db *second = db_open(url, DB_USE, NULL);
        g_assert_cmpint(testdb_int(second, "SELECT id FROM owner"), ==, 7);
        db_close(second);
    } else {
        g_assert_false(copied);
        g_assert_error(error, ERR, ERR_DB_URL);
    }
    g_clear_error(&error);
    db_close(db);
    g_free(url);
    g_free(path);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/migrate/mark-up", mark_up);
    g_test_add_func("/migrate/numbered-from-one", numbered_from_one);
    testdb_add("/migrate/one-more", one_more);
    testdb_add("/migrate/broken", broken);
    testdb_add("/migrate/changed", changed);
    testdb_add("/migrate/left-out", left_out);
    testdb_add_empty("/migrate/none-yet", none_yet);
    testdb_add("/migrate/writers-are-let-go", writers_are_let_go);
    testdb_add("/migrate/copy", copy);
    return g_test_run();
}

/* SPDX-License-Identifier: MIT
 *
 * What is SQLite's own: addresses and places, settings of a connection, a full disk, a lock held by a
 * stranger.
 */
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "core/base/error.h"
#include "tests/support/testdb.h"

static void refuse(const char *url, enum db_mode mode, enum err code)
{
    GError *error = NULL;
    struct db *db = db_open(url, mode, &error);
    g_assert_null(db);
    if (err_code(error) != code)
        g_test_message("%s: %s", url, error->message);
    g_assert_cmpint(err_code(error), ==, code);
    g_assert_null(strstr(error->message, "secret"));
    g_clear_error(&error);
}

static void addresses(void)
{
    static const struct {
        const char *url;
        enum err code;
    } URLS[] = {
        {"", ERR_DB_URL},
        {"floor.db", ERR_DB_URL},
        {"sqlite:", ERR_DB_URL},
        {"sqlite::memory:", ERR_DB_URL},
        {"sqlite://host/floor.db", ERR_DB_URL},
        {"sqlite:/nowhere/\xFF.db", ERR_DB_URL},
        {"mysql://host/floor", ERR_DB_URL},
        {"mysql://me:secret@host/floor", ERR_DB_URL_PASSWORD},
        {"postgresql://me:secret@host/floor", ERR_DB_URL_PASSWORD},
        {"postgres://me:secret@host/floor", ERR_DB_URL_PASSWORD},
        {"postgresql://host/floor?password=secret", ERR_DB_URL_PASSWORD},
        {"postgresql://host/floor?sslmode=require&PassWord=secret", ERR_DB_URL_PASSWORD},
        {"postgresql://host/floor?sslpassword=secret", ERR_DB_URL_PASSWORD},
        {"postgresql://host/floor?pass%77ord=secret", ERR_DB_URL_PASSWORD},
        {"postgresql://host/floor?colour=red", ERR_DB_URL},
        {"sqlite:/nowhere/floor.db", ERR_DB_MISSING},
        {"sqlite:/dev/null/floor.db", ERR_DB_MISSING},
        {"sqlite:/dev/null", ERR_DB_NOT_A_FLOOR},
        {"sqlite:/tmp", ERR_DB_NOT_A_FLOOR},
        {"postgresql:///floor?host=/nowhere", ERR_DB_OPEN},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(URLS); i++)
        refuse(URLS[i].url, DB_USE, URLS[i].code);
}

/* What everybody may write is nobody's floor: the file, what lies beside it, the place it lies in. */
static void open_to_all(void)
{
    struct testdb *test = testdb_new(DB_SQLITE);
    const char *path = test->url + strlen("sqlite:");
    g_autofree char *wal = g_strconcat(path, "-wal", NULL), *dir = g_path_get_dirname(path);
    const char *const files[] = {path, wal};
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        g_assert_true(g_file_test(files[i], G_FILE_TEST_EXISTS) || g_file_set_contents(files[i], "", 0, NULL));
        g_chmod(files[i], 0602);
        refuse(test->url, DB_USE, ERR_OPEN_TO_ALL);
        g_chmod(files[i], 0660); /* a group is one's own business */
        db_close(testdb_open(test));
    }
    g_chmod(dir, 0777);
    refuse(test->url, DB_USE, ERR_OPEN_TO_ALL);
    g_chmod(dir, 01777); /* as /tmp */
    db_close(testdb_open(test));
    testdb_free(test);
}

static void strangers_files(void)
{
    struct testdb *test = testdb_new_empty(DB_SQLITE);
    char *path = g_build_filename(test->dir, "floor.db", NULL);
    sqlite3 *foreign = NULL;
    g_file_set_contents(path, "", 0, NULL);
    refuse(test->url, DB_USE, ERR_DB_NOT_A_FLOOR);
    g_file_set_contents(path, "this is a text, and long enough to be looked at as a database header", -1,
                        NULL);
    refuse(test->url, DB_USE, ERR_DB_NOT_A_FLOOR);
    refuse(test->url, DB_CREATE, ERR_DB_NOT_A_FLOOR);
    g_remove(path);
    g_assert_cmpint(sqlite3_open(path, &foreign), ==, SQLITE_OK);
    sqlite3_exec(foreign, "CREATE TABLE theirs (a)", NULL, NULL, NULL);
    sqlite3_close(foreign);
    refuse(test->url, DB_USE, ERR_DB_NOT_A_FLOOR);
    refuse(test->url, DB_CREATE, ERR_DB_NOT_A_FLOOR);
    g_free(path);
    testdb_free(test);
}

static void directories_are_made(void)
{
    struct testdb *test = testdb_new_empty(DB_SQLITE);
    char *dir = g_build_filename(test->dir, "a", "b", NULL),
         *url = g_strdup_printf("sqlite:%s/floor.db", dir);
    struct db *db = db_open(url, DB_CREATE, NULL);
    g_assert_nonnull(db);
    db_close(db);
    GStatBuf file;
    char *path = g_build_filename(dir, "floor.db", NULL);
    g_assert_cmpint(g_stat(dir, &file), ==, 0);
    g_assert_cmpint(file.st_mode & 0777, ==, 0700);
    g_assert_cmpint(g_stat(path, &file), ==, 0);
    g_assert_cmpint(file.st_mode & 0777, ==, 0600);
    g_free(path);
    g_free(url);
    g_free(dir);
    testdb_free(test);
}

/* Through a link it is the same database, under the same lock file. */
static void links(void)
{
    struct testdb *test = testdb_new(DB_SQLITE);
    char *link = g_build_filename(test->dir, "link.db", NULL), *url = g_strconcat("sqlite:", link, NULL);
    g_assert_cmpint(symlink("floor.db", link), ==, 0);
    struct db *db = db_open(url, DB_USE, NULL);
    g_assert_nonnull(db);
    db_close(db);
    char *lock = g_strconcat(link, "-lock", NULL);
    g_assert_false(g_file_test(lock, G_FILE_TEST_EXISTS));
    g_free(lock);
    g_free(url);
    g_free(link);
    testdb_free(test);
}

static void settings(void)
{
    struct testdb *test = testdb_new(DB_SQLITE);
    struct db *db = testdb_open(test);
    static const struct sql MODE = {"mode", "PRAGMA journal_mode"};
    g_assert_cmpint(testdb_int(db, "PRAGMA synchronous"), ==, 2);
    g_assert_cmpint(testdb_int(db, "PRAGMA foreign_keys"), ==, 1);
    g_assert_cmpint(testdb_int(db, "PRAGMA recursive_triggers"), ==, 1);
    struct rows *rows = db_query(db, &MODE, DB_NO_ARGS, NULL);
    g_assert_cmpint(rows_next(rows, NULL), ==, 1);
    g_assert_cmpstr(rows_text(rows, 0), ==, "wal");
    rows_close(rows);
    db_close(db);
    testdb_free(test);
}

/* --- the log -------------------------------------------------------------------------------------------- */

enum { LOG_ROWS = 2500 }; /* of a page and more each */

static void write_much(struct db *db, int64_t first)
{
    static const struct sql MUCH = {"much", "INSERT INTO owner (id, code, name) VALUES ($1, $2, $3)"};
    char *name = g_strnfill(4000, 'x');
    for (int64_t id = first; id < first + LOG_ROWS; id += 50) {
        GError *error = NULL;
        struct db_value values[50 * 3];
        char codes[50][24];
        for (int i = 0; i < 50; i++) {
            g_snprintf(codes[i], sizeof codes[i], "%" G_GINT64_FORMAT, id + i);
            values[i * 3] = db_int(id + i);
            values[i * 3 + 1] = db_text(codes[i]);
            values[i * 3 + 2] = db_text(name);
        }
        for (int i = 0; i < 50; i++)
            db_exec(db, &MUCH, &values[i * 3], 3, NULL, &error);
        g_assert_no_error(error);
    }
    g_free(name);
}

static int64_t file_size(const struct testdb *test)
{
    GStatBuf file;
    g_assert_cmpint(g_stat(test->url + strlen("sqlite:"), &file), ==, 0);
    return file.st_size;
}

/* A program left to itself brings its log into the database; one whose commits are waited for does so in the pauses. */
static void upkeep(void)
{
    struct testdb *test = testdb_new(DB_SQLITE);
    struct db *db = testdb_open(test);
    int64_t small = file_size(test);
    write_much(db, 1);
    int64_t grown = file_size(test);
    g_assert_cmpint(grown, >, small + 4000 * 1000);
    db_leave_upkeep(db);
    db_upkeep(db);
    grown = file_size(test);
    write_much(db, 1 + LOG_ROWS);
    g_assert_cmpint(file_size(test), ==, grown);
    db_upkeep(db);
    g_assert_cmpint(file_size(test), >, grown + 4000 * 1000);
    g_assert_cmpint(testdb_int(db, "SELECT COUNT(*) FROM owner"), ==, 2 * LOG_ROWS);
    db_close(db);
    testdb_free(test);
}

static char *file_sum(const struct testdb *test)
{
    g_autofree char *bytes = NULL;
    gsize length = 0;
    g_assert_true(g_file_get_contents(test->url + strlen("sqlite:"), &bytes, &length, NULL));
    return g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, length);
}

/* While the other writes, all that was there before is brought into the database: the log is not begun anew by that. */
static gboolean write_beside(struct db *other, void *data, GError **error)
{
    static const struct sql ONE = {"one", "INSERT INTO owner (id, code, name) VALUES (0, 'zero', '')"};
    db_upkeep(data);
    return db_exec(other, &ONE, DB_NO_ARGS, NULL, error);
}

static void log_that_goes_on(void)
{
    struct testdb *test = testdb_new(DB_SQLITE);
    struct db *db = testdb_open(test), *other = testdb_open(test);
    g_autofree char *before = file_sum(test);
    db_leave_upkeep(db);
    db_leave_upkeep(other);
    write_much(db, 1);
    g_assert_true(db_transaction(other, write_beside, db, NULL));
    g_autofree char *brought = file_sum(test);
    g_assert_cmpstr(brought, !=, before);
    testdb_script(db, "INSERT INTO owner (id, code, name) VALUES (-1, 'one', '')");
    db_upkeep(db);
    g_autofree char *after = file_sum(test);
    g_assert_cmpstr(after, ==, brought); /* a page or two are not worth two syncs, however long the log is */
    write_much(db, 1 + LOG_ROWS);
    db_upkeep(db);
    g_autofree char *at_last = file_sum(test);
    g_assert_cmpstr(at_last, !=, brought);
    db_close(other);
    db_close(db);
    testdb_free(test);
}

/* --- a full disk ---------------------------------------------------------------------------------------- */

static const struct sql ADD = {"add", "INSERT INTO owner (id, code, name) VALUES ($1, $2, $3)"};

/* Goes on after every failure, as careless code would: SQLite may have rolled back under it. */
static gboolean fill_carelessly(struct db *db, void *data, GError **error)
{
    int64_t *id = data;
    char *name = g_strnfill(3000, 'x');
    (void)error;
    for (int i = 0; i < 200; i++) {
        char code[16];
        g_snprintf(code, sizeof code, "c%d", (int)++*id);
        db_exec(db, &ADD, DB_ARGS(*id, code, name), NULL, NULL);
    }
    g_free(name);
    return TRUE;
}

static void disk_full(void)
{
    struct testdb *test = testdb_new(DB_SQLITE);
    struct db *db = testdb_open(test);
    GError *error = NULL;
    int64_t id = 0;
    char limit[64];
    g_snprintf(limit, sizeof limit, "PRAGMA max_page_count = %d",
               (int)testdb_int(db, "PRAGMA page_count") + 300);
    testdb_int(db, limit);
    g_assert_true(db_transaction(db, fill_carelessly, &id, &error));
    g_assert_false(db_transaction(db, fill_carelessly, &id, &error));
    g_assert_error(error, ERR, ERR_DB_FULL);
    g_clear_error(&error);
    g_assert_cmpint(testdb_int(db, "SELECT COUNT(*) FROM owner"), ==, 200);
    testdb_int(db, "PRAGMA max_page_count = 1000000");
    g_assert_true(db_transaction(db, fill_carelessly, &id, &error));
    g_assert_cmpint(testdb_int(db, "SELECT COUNT(*) FROM owner"), ==, 400);
    db_close(db);
    testdb_free(test);
}

static void read_only(void)
{
    struct testdb *test = testdb_new(DB_SQLITE);
    struct db *db = testdb_open(test);
    GError *error = NULL;
    static const struct sql QUERY_ONLY = {"query_only", "PRAGMA query_only = 1"};
    rows_close(db_query(db, &QUERY_ONLY, DB_NO_ARGS, &error));
    g_assert_no_error(error);
    struct rows *rows = db_query(db, &QUERY_ONLY, DB_NO_ARGS, &error);
    rows_next(rows, &error);
    rows_close(rows);
    g_assert_false(db_exec(db, &ADD, DB_ARGS(1, "a", ""), NULL, &error));
    g_assert_error(error, ERR, ERR_DB_FULL);
    g_clear_error(&error);
    db_close(db);
    testdb_free(test);
}

/* --- a stranger's lock ---------------------------------------------------------------------------------- */

/* sqlite3 in a shell knows no fair lock. After three times BUSY the connection is made anew, which ends what
 * a failed unlock in this process would leave behind: busy_timeout is back at its default then. */
static void busy(void)
{
    struct testdb *test = testdb_new(DB_SQLITE);
    struct db *db = testdb_open(test);
    GError *error = NULL;
    sqlite3 *stranger = NULL;
    g_assert_cmpint(sqlite3_open(test->url + strlen("sqlite:"), &stranger), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(stranger, "BEGIN IMMEDIATE", NULL, NULL, NULL), ==, SQLITE_OK);
    testdb_int(db, "PRAGMA busy_timeout = 10");
    for (int i = 0; i < 3; i++) {
        g_assert_false(db_exec(db, &ADD, DB_ARGS(1, "a", ""), NULL, &error));
        g_assert_error(error, ERR, ERR_DB_BUSY);
        g_clear_error(&error);
    }
    sqlite3_exec(stranger, "ROLLBACK", NULL, NULL, NULL);
    sqlite3_close(stranger);
    g_assert_true(db_exec(db, &ADD, DB_ARGS(1, "a", ""), NULL, &error));
    g_assert_cmpint(testdb_int(db, "PRAGMA busy_timeout"), >, 10);
    db_close(db);
    testdb_free(test);
}

/* SQLite's own words for it are "unable to open database file". */
static void no_right_to_it(void)
{
    if (geteuid() == 0) {
        g_test_skip("root may write everything");
        return;
    }
    struct testdb *test = testdb_new(DB_SQLITE);
    GError *error = NULL;
    db_close(testdb_open(test));
    g_assert_cmpint(g_chmod(test->dir, 0500), ==, 0);
    g_assert_null(db_open(test->url, DB_USE, &error));
    g_assert_error(error, ERR, (int)ERR_DB_OPEN);
    g_assert_nonnull(strstr(error->message, test->dir));
    g_clear_error(&error);
    g_assert_cmpint(g_chmod(test->dir, 0700), ==, 0);
    testdb_free(test);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/db/sqlite/open-to-all", open_to_all);
    g_test_add_func("/sqlite/addresses", addresses);
    g_test_add_func("/sqlite/strangers-files", strangers_files);
    g_test_add_func("/sqlite/directories-are-made", directories_are_made);
    g_test_add_func("/sqlite/links", links);
    g_test_add_func("/sqlite/settings", settings);
    g_test_add_func("/sqlite/upkeep", upkeep);
    g_test_add_func("/sqlite/log-that-goes-on", log_that_goes_on);
    g_test_add_func("/sqlite/disk-full", disk_full);
    g_test_add_func("/sqlite/read-only", read_only);
    g_test_add_func("/sqlite/no-right-to-it", no_right_to_it);
    g_test_add_func("/sqlite/busy", busy);
    return g_test_run();
}

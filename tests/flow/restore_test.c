/* SPDX-License-Identifier: MIT
 *
 * A backup comes back: what is in it stands again, what came after it is told and kept beside; and whatever is no good backup
 * of this floor, or comes while somebody works, changes nothing.
 */
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/backup/restore.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/check/check.h"
#include "tests/support/floor.h"
#include "tests/support/headless.h"

enum { WANTED = 12, BEFORE = 3, AFTER = 4 };

static const char CODE[] = "4710000000017";

static char *backed_up(const struct testdb *test)
{
    GError *error = NULL;
    g_autofree char *dir = g_build_filename(test->dir, "backups", NULL);
    struct backup_made backup;
    backup_make(&(struct backup_call){.url = test->url, .dir = dir}, &backup, &error);
    g_assert_no_error(error);
    return backup.path;
}

static void refused(const struct testdb *test, const char *file, enum err code)
{
    GError *error = NULL;
    g_assert_null(restore_open(&(struct restore_call){.url = test->url, .file = file}, &error));
    g_assert_error(error, ERR, (int)code);
    g_error_free(error);
}

/* Where what was there is kept; NULL: nothing was. */
static char *restored(const struct testdb *test, const char *file)
{
    GError *error = NULL;
    struct restored done;
    struct restore *restore = restore_open(&(struct restore_call){.url = test->url, .file = file}, &error);
    g_assert_no_error(error);
    restore_do(restore, 0, &done, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(done.violations, ==, 0);
    g_assert_true(done.is_noted);
    g_assert_null(done.trouble);
    restore_free(restore);
    return done.kept;
}

static void prepare(struct testdb *test)
{
    struct floor *floor = floor_open(test, "setup");
    headless_hire(floor, "4001", ROLE_PACKER, "4829");
    int64_t mug = floor_product(floor, "MUG-RED", CODE), bin = floor_bin(floor, "A-01-1", 1);
    floor_receive(floor, mug, 0, bin, WANTED);
    int64_t shipment = floor_order(floor, "SP-1042", "hct", FLOOR_ITEMS({"MUG-RED", WANTED}));
    floor_release(floor, shipment);
    floor_pick_all(floor, shipment);
    floor_close(floor);
}

static struct headless *begin(const struct testdb *test, int expected)
{
    struct headless *headless = headless_start(test->url, "bench-1");
    headless_expect(headless, ":login 4001 4829", "ok", "");
    headless_expect(headless, "SP-1042", "ok", "");
    json_t *view = headless_ask(headless, "{\"view\": true}");
    g_assert_cmpint(json_integer_value(json_object_get(view, "scanned")), ==, expected);
    json_decref(view);
    return headless;
}

static void scan(struct headless *headless, int times)
{
    for (int i = 0; i < times; i++)
        headless_expect(headless, CODE, "ok", "");
}

static void work(const struct testdb *test, int expected, int times)
{
    struct headless *headless = begin(test, expected);
    scan(headless, times);
    g_assert_cmpint(headless_end(headless), ==, 0);
}

static int64_t number(const char *url, const char *sql)
{
    GError *error = NULL;
    struct db *db = db_open(url, DB_USE, &error);
    g_assert_no_error(error);
    int64_t value = testdb_int(db, sql);
    db_close(db);
    return value;
}

static void holds(const struct testdb *test)
{
    GError *error = NULL;
    guint violations = 0;
    struct db *db = testdb_open(test);
    check_run(db, &(struct check_way){.depth = CHECK_FULL, .now_utc_ms = clock_now(NULL)},
              &violations, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(violations, ==, 0);
    db_close(db);
}

/* --- it comes back --------------------------------------------------------------------------------------- */

static void comes_back(struct testdb *test)
{
    prepare(test);
    work(test, 0, BEFORE);
    g_autofree char *file = backed_up(test);
    work(test, BEFORE, AFTER);
    g_autofree char *kept = restored(test, file);
    g_assert_nonnull(kept);
    holds(test);
    g_assert_cmpint(number(test->url, "SELECT COUNT(*) FROM journal WHERE event = 'restore'"), ==, 1);
    work(test, BEFORE, 1);
    if (test->engine == DB_SQLITE) {
        g_autofree char *old = g_strconcat("sqlite:", kept, NULL);
        g_assert_cmpint(number(old, "SELECT SUM(quantity) FROM parcel_line"), ==, BEFORE + AFTER);
    } else {
        g_autofree char *sql = g_strdup_printf("SELECT CAST(SUM(quantity) AS BIGINT) FROM \"%s\".parcel_line", kept);
        g_assert_cmpint(number(test->url, sql), ==, BEFORE + AFTER);
    }
    g_autofree char *again = backed_up(test);
    g_free(restored(test, again));
    holds(test);
}

/* Where there is nothing, and, in SQLite, where what is there is rubbish. */
static void into_nothing(struct testdb *test)
{
    prepare(test);
    work(test, 0, BEFORE);
    g_autofree char *file = backed_up(test), *kept = NULL;
    if (test->engine == DB_SQLITE) {
        const char *path = test->url + strlen("sqlite:");
        g_assert_cmpint(truncate(path, 5000), ==, 0);
        kept = restored(test, file);
        g_assert_nonnull(kept);
        g_assert_cmpint(unlink(path), ==, 0);
    } else {
        struct db *db = testdb_open(test);
        testdb_script(db, "DROP SCHEMA public CASCADE; CREATE SCHEMA public");
        db_close(db);
    }
    g_assert_null(restored(test, file));
    holds(test);
    work(test, BEFORE, 1);
}

/* --- nobody works ---------------------------------------------------------------------------------------- */

static void beside_work(struct testdb *test)
{
    prepare(test);
    g_autofree char *file = backed_up(test);
    struct headless *headless = begin(test, 0);
    scan(headless, BEFORE);
    refused(test, file, ERR_RESTORE_BUSY);
    scan(headless, 1);
    g_assert_cmpint(headless_end(headless), ==, 0);
    /* one that comes between the look and the deed */
    GError *error = NULL;
    struct restored done;
    struct restore *restore = restore_open(&(struct restore_call){.url = test->url, .file = file}, &error);
    g_assert_no_error(error);
    headless = begin(test, BEFORE + 1);
    g_assert_false(restore_do(restore, 0, &done, &error));
    g_assert_error(error, ERR, ERR_RESTORE_BUSY);
    g_clear_error(&error);
    restore_free(restore);
    scan(headless, 1);
    g_assert_cmpint(headless_end(headless), ==, 0);
    work(test, BEFORE + 2, 1);
}

/* A station that a server has lost sight of comes back to a floor that does not know what it did. */
static void comes_late(void)
{
    struct testdb *test = testdb_new(DB_POSTGRES);
    if (!test) {
        g_test_skip("no PostgreSQL");
        return;
    }
    prepare(test);
    g_autofree char *file = backed_up(test), *kept = NULL;
    struct headless *headless = begin(test, 0);
    scan(headless, BEFORE);
    kill(headless_pid(headless), SIGSTOP);
    struct db *db = testdb_open(test);
    testdb_script(db, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND "
                      "pid <> pg_backend_pid()");
    testdb_wait_alone(db);
    db_close(db);
    kept = restored(test, file);
    kill(headless_pid(headless), SIGCONT);
    json_t *answer = headless_ask(headless, CODE);
    g_assert_cmpstr(json_string_value(json_object_get(answer, "outcome")), ==, "error");
    g_assert_cmpstr(json_string_value(json_object_get(answer, "code")), ==, "PL-0221");
    json_decref(answer);
    headless_kill(headless);
    holds(test);
    testdb_free(test);
}

/* --- no good backup of this floor ------------------------------------------------------------------------ */

/* A copy of it that is torn. */
static char *torn(const char *file, off_t keep, off_t flip, size_t bytes)
{
    char *path = g_strconcat(file, ".torn", NULL);
    g_autofree char *content = NULL;
    gsize length = 0;
    g_assert_true(g_file_get_contents(file, &content, &length, NULL));
    for (size_t i = 0; i < bytes; i++)
        content[(size_t)flip + i] ^= 0x55;
    g_assert_true(g_file_set_contents(path, content, keep ? (gssize)keep : (gssize)length, NULL));
    return path;
}

static void no_good(struct testdb *test)
{
    prepare(test);
    g_autofree char *file = backed_up(test);
    struct stat info;
    g_assert_cmpint(stat(file, &info), ==, 0);
    const enum err bad = ERR_BACKUP_BAD;
    const off_t keeps[] = {info.st_size / 2, info.st_size - 4096, 8192};
    for (size_t i = 0; i < G_N_ELEMENTS(keeps); i++) {
        g_autofree char *path = torn(file, keeps[i], 0, 0);
        refused(test, path, bad);
    }
    g_autofree char *flipped = torn(file, 0, info.st_size / 2 / 4096 * 4096, 4096);
    refused(test, flipped, bad);
    g_assert_true(g_file_set_contents(flipped, "order,name\n1,2\n", -1, NULL));
    refused(test, flipped, ERR_DB_NOT_A_FLOOR);
    g_autofree char *missing = g_strconcat(file, ".not", NULL);
    refused(test, missing, ERR_FILE_READ);
    work(test, 0, 1);
}

static void by_sqlite(const char *path, const char *sql)
{
    sqlite3 *db = NULL;
    g_assert_cmpint(sqlite3_open(path, &db), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_exec(db, sql, NULL, NULL, NULL), ==, SQLITE_OK);
    sqlite3_close(db);
}

static void another_version(void)
{
    struct testdb *test = testdb_new(DB_SQLITE);
    prepare(test);
    g_autofree char *file = backed_up(test);
    by_sqlite(file, "INSERT INTO schema_version (version, name, checksum, applied_utc_ms) VALUES (999, 'x', 'x', 1)");
    refused(test, file, ERR_RESTORE_SCHEMA);
    by_sqlite(file, "DROP TRIGGER schema_version_no_delete; DELETE FROM schema_version WHERE version > 3");
    refused(test, file, ERR_RESTORE_SCHEMA);
    testdb_free(test);
}

/* Of another floor, of another engine, and the floor as it was at a moment. */
static void another_floor(struct testdb *test)
{
    prepare(test);
    struct testdb *other = testdb_new(test->engine);
    prepare(other);
    g_autofree char *file = backed_up(other);
    refused(test, file, ERR_RESTORE_OTHER);
    if (test->engine == DB_SQLITE) {
        by_sqlite(file, "INSERT INTO counter (warehouse_id, name, value) SELECT id, 'copy', 1 FROM warehouse");
        refused(other, file, ERR_COPY_ONLY);
        const struct testdb server = {.engine = DB_POSTGRES, .url = (char *)(uintptr_t)"postgresql:///nowhere"};
        refused(&server, file, ERR_RESTORE_KIND);
    }
    testdb_free(other);
    work(test, 0, 1);
}

int main(int argc, char **argv)
{
    g_setenv("LANGUAGE", "en", TRUE);
    g_test_init(&argc, &argv, NULL);
    testdb_add("/restore/comes-back", comes_back);
    testdb_add("/restore/into-nothing", into_nothing);
    testdb_add("/restore/beside-work", beside_work);
    testdb_add("/restore/no-good", no_good);
    testdb_add("/restore/another-floor", another_floor);
    g_test_add_func("/restore/another-version", another_version);
    g_test_add_func("/restore/comes-late", comes_late);
    return g_test_run();
}

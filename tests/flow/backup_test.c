/* SPDX-License-Identifier: MIT
 *
 * A backup is made while a station scans: whole, private, of one moment, and told of.
 */
#include <fcntl.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/backup/backup.h"
#include "core/backup/dump.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/check/check.h"
#include "core/check/doctor.h"
#include "core/view/alerts.h"
#include "tests/support/clock_manual.h"
#include "tests/support/floor.h"
#include "tests/support/headless.h"

enum { WANTED = 40, BEFORE = 3, HOUR_MS = 3600000 };

static const char CODE[] = "4710000000017";

static char *backups_of(const struct testdb *test)
{
    return g_build_filename(test->dir, "backups", NULL);
}

/* As packline backup --keep. Caller frees the path. */
static char *made(const struct testdb *test, guint keep, guint removed)
{
    GError *error = NULL;
    g_autofree char *dir = backups_of(test);
    const struct backup_call call = {.url = test->url, .dir = dir, .keep = keep};
    struct backup_made backup;
    backup_make(&call, &backup, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(backup.violations, ==, 0);
    g_assert_cmpuint(backup.removed, ==, removed);
    g_assert_true(backup.is_noted);
    return backup.path;
}

static void refused(const struct testdb *test, const char *dir, enum err code)
{
    GError *error = NULL;
    struct backup_made backup;
    g_assert_false(backup_make(&(struct backup_call){.url = test->url, .dir = dir}, &backup, &error));
    g_assert_error(error, ERR, (int)code);
    g_assert_null(backup.path);
    g_error_free(error);
}

static guint files_in(const char *dir)
{
    g_autoptr(GDir) open = g_dir_open(dir, 0, NULL);
    guint count = 0;
    while (open && g_dir_read_name(open))
        count++;
    return count;
}

/* --- beside work ----------------------------------------------------------------------------------------- */

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

static gpointer make_beside(gpointer test)
{
    return made(test, 0, 0);
}

static int64_t counted(const char *url)
{
    GError *error = NULL;
    struct db *db = db_open(url, DB_STILL, &error);
    g_assert_no_error(error);
    int64_t count = testdb_int(db, "SELECT SUM(quantity) FROM parcel_line");
    guint violations = 0;
    check_run(db, &(struct check_way){.depth = CHECK_FULL, .now_utc_ms = clock_now(NULL)},
              &violations, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(violations, ==, 0);
    db_close(db);
    return count;
}

/* Scans go on, all of them acknowledged; the file has those of before it began, and some of those since. */
static void beside_work(struct testdb *test)
{
    prepare(test);
    struct headless *headless = headless_start(test->url, "bench-1");
    headless_expect(headless, ":login 4001 4829", "ok", "");
    headless_expect(headless, "SP-1042", "ok", "");
    for (int i = 0; i < BEFORE; i++)
        headless_expect(headless, CODE, "ok", "");
    g_autoptr(GThread) thread = g_thread_ref(g_thread_new("backup", make_beside, test));
    for (int i = BEFORE; i < WANTED - 1; i++)
        headless_expect(headless, CODE, "ok", "");
    g_autofree char *path = g_thread_join(thread);
    struct stat file;
    g_assert_cmpint(stat(path, &file), ==, 0);
    g_assert_cmpuint(file.st_mode & 07777U, ==, 0600);
    if (test->engine == DB_SQLITE) {
        g_autofree char *url = g_strconcat("sqlite:", path, NULL);
        int64_t there = counted(url);
        g_assert_cmpint(there, >=, BEFORE);
        g_assert_cmpint(there, <, WANTED);
    }
    headless_expect(headless, CODE, "ok", "");
    g_assert_cmpint(headless_end(headless), ==, 0);
}

/* --- where ----------------------------------------------------------------------------------------------- */

static void write_file(const char *dir, const char *name)
{
    g_autofree char *path = g_build_filename(dir, name, NULL);
    g_assert_true(g_file_set_contents(path, "x", 1, NULL));
}

/* The oldest of this floor go, nothing else does. */
static void keeps(struct testdb *test)
{
    floor_close(floor_open(test, "a"));
    g_autofree char *dir = backups_of(test), *first = made(test, 0, 0), *second = made(test, 0, 0);
    struct stat file;
    g_assert_cmpint(stat(dir, &file), ==, 0);
    g_assert_cmpuint(file.st_mode & 07777U, ==, 0700);
    write_file(dir, "packline-TYN-1-20200101T000000Z.db");
    write_file(dir, "letters.txt");
    g_autofree char *base = g_path_get_basename(first), *stranger = g_strconcat(base, ".old", NULL);
    write_file(dir, stranger);
    g_autofree char *third = made(test, 2, 1);
    g_assert_false(g_file_test(first, G_FILE_TEST_EXISTS));
    g_assert_true(g_file_test(second, G_FILE_TEST_EXISTS));
    g_assert_cmpstr(second, <, third);
    g_assert_cmpuint(files_in(dir), ==, 5);
}

/* What others may write is no place, and nothing goes through a link. */
static void no_place(struct testdb *test)
{
    floor_close(floor_open(test, "a"));
    g_autofree char *dir = backups_of(test), *path = made(test, 0, 0), *link = g_build_filename(test->dir, "link", NULL);
    g_assert_cmpint(symlink(dir, link), ==, 0);
    refused(test, link, ERR_BACKUP_DIR);
    g_assert_cmpint(chmod(dir, 0770), ==, 0);
    refused(test, dir, ERR_BACKUP_DIR);
    g_assert_cmpint(chmod(dir, 0700), ==, 0);
    int busy = open(dir, O_RDONLY | O_DIRECTORY);
    g_assert_cmpint(flock(busy, LOCK_EX), ==, 0);
    refused(test, dir, ERR_BACKUP_RUNS);
    close(busy);
    /* what one that was killed has left, or somebody has put there */
    g_autofree char *base = g_path_get_basename(path);
    char *stamp = strrchr(base, '-');
    g_autofree char *part = g_strdup_printf("%s/.%.*s-part", dir, (int)(stamp - base), base);
    g_autofree char *victim = g_build_filename(test->dir, "victim", NULL);
    g_assert_true(g_file_set_contents(victim, "mine", 4, NULL));
    g_assert_cmpint(symlink(victim, part), ==, 0);
    g_free(made(test, 1, 1));
    g_autofree char *is = NULL;
    g_assert_true(g_file_get_contents(victim, &is, NULL, NULL));
    g_assert_cmpstr(is, ==, "mine");
    g_assert_cmpuint(files_in(dir), ==, 1);
}

/* --- what is told ---------------------------------------------------------------------------------------- */

static gboolean is_alerted(struct floor *floor, const char *says)
{
    GError *error = NULL;
    g_autoptr(GArray) alerts = alerts_load(floor->site, 20, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < alerts->len; i++) {
        const struct alert *alert = &g_array_index(alerts, struct alert, i);
        if (alert->kind == ALERT_BACKUP)
            return strstr(alert->text, says) != NULL;
    }
    return FALSE;
}

static gboolean doctor_says(const struct testdb *test, const char *words)
{
    g_autoptr(findings) findings = findings_new();
    doctor_database(findings, test->url);
    g_autofree char *text = findings_text(findings);
    return strstr(text, words) != NULL;
}

static void is_told(struct testdb *test)
{
    struct floor *floor = floor_open(test, "a");
    g_assert_false(is_alerted(floor, "")); /* its first day */
    g_assert_true(doctor_says(test, "ok    backup"));
    g_assert_true(doctor_says(test, "last good backup: never made"));
    const struct clock *clock = floor->site->clock;
    struct clock_manual later;
    clock_manual_init(&later, clock_now(NULL) + 27 * HOUR_MS);
    floor->site->clock = &later.clock;
    g_assert_true(is_alerted(floor, "never made"));
    floor->site->clock = clock;
    g_free(made(test, 0, 0));
    g_assert_false(is_alerted(floor, ""));
    g_assert_true(doctor_says(test, "ok    backup"));
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM journal WHERE event = 'backup'", 0), ==, 1);
    testdb_script(floor->site->db, "UPDATE counter SET value = value - 27 * 3600000 WHERE name = 'backup'");
    g_assert_true(is_alerted(floor, "Last good backup: 20"));
    g_assert_true(doctor_says(test, "look  backup"));
    floor->tampered = TRUE;
    floor_close(floor);
}

/* A floor that does not hold is kept in a file, which is not a good one: the older ones stay, and the alert. */
static void of_bad_books(struct testdb *test)
{
    struct floor *floor = floor_open(test, "a");
    floor_receive(floor, floor_product(floor, "MUG-RED", NULL), 0, floor_bin(floor, "A-1", 1), 5);
    g_autofree char *dir = backups_of(test), *good = made(test, 0, 0);
    int64_t at = floor_int(floor, "SELECT value FROM counter WHERE name = 'backup'", 0);
    testdb_script(floor->site->db, "UPDATE stock SET on_hand = on_hand + 1");
    GError *error = NULL;
    struct backup_made backup;
    g_assert_true(backup_make(&(struct backup_call){.url = test->url, .dir = dir, .keep = 1}, &backup, &error));
    g_assert_cmpuint(backup.violations, >, 0);
    g_assert_true(g_file_test(backup.path, G_FILE_TEST_EXISTS));
    g_assert_true(g_file_test(good, G_FILE_TEST_EXISTS));
    g_assert_cmpint(floor_int(floor, "SELECT value FROM counter WHERE name = 'backup'", 0), ==, at);
    g_free(backup.path);
    floor->tampered = TRUE;
    floor_close(floor);
}

/* A dump that ends too early, or is another in the middle, is not whole. */
static void torn_dump(void)
{
    struct testdb *test = testdb_new(DB_POSTGRES);
    if (!test) {
        g_test_skip("no PostgreSQL");
        return;
    }
    floor_close(floor_open(test, "a"));
    g_autofree char *path = made(test, 0, 0);
    GError *error = NULL;
    struct stat file;
    dump_read(path, &error);
    g_assert_no_error(error);
    g_assert_cmpint(stat(path, &file), ==, 0);
    g_assert_cmpint(truncate(path, file.st_size / 2), ==, 0);
    g_assert_false(dump_read(path, &error));
    g_assert_error(error, ERR, ERR_BACKUP_BAD);
    g_clear_error(&error);
    testdb_free(test);
}

int main(int argc, char **argv)
{
    g_setenv("LANGUAGE", "en", TRUE);
    g_test_init(&argc, &argv, NULL);
    testdb_add("/backup/beside-work", beside_work);
    testdb_add("/backup/keeps", keeps);
    testdb_add("/backup/no-place", no_place);
    testdb_add("/backup/is-told", is_told);
    testdb_add("/backup/of-bad-books", of_bad_books);
    g_test_add_func("/backup/torn-dump", torn_dump);
    return g_test_run();
}

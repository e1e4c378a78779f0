/* SPDX-License-Identifier: MIT
 *
 * A person restores a backup while a station is at work: the real program refuses every further scan in words, and goes on
 * when it is started again on what lies there then.
 */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <sqlite3.h>
#include <string.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/db/backup.h"
#include "core/site/journal.h"
#include "tests/support/floor.h"
#include "tests/support/headless.h"

enum { WANTED = 12, BEFORE = 3, LOST = 4 };

static const char CODE[] = "4710000000017";

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

static char *path_of(const struct testdb *test, const char *suffix)
{
    return g_strconcat(test->url + strlen("sqlite:"), suffix, NULL);
}

static void back_up(const struct testdb *test, const char *copy)
{
    GError *error = NULL;
    struct db *db = testdb_open(test);
    db_copy(db, copy, NULL, NULL, &error);
    g_assert_no_error(error);
    db_close(db);
}

/* --- how it is restored ---------------------------------------------------------------------------------- */

/* As the manual of SQLite says, but for the open station. */
static void put_in_place(const char *path, const char *copy)
{
    static const char *const SUFFIXES[] = {"-wal", "-shm", ""};
    for (size_t i = 0; i < G_N_ELEMENTS(SUFFIXES); i++) {
        g_autofree char *file = g_strconcat(path, SUFFIXES[i], NULL);
        g_unlink(file);
    }
    g_assert_cmpint(g_rename(copy, path), ==, 0);
}

/* cp copy path */
static void copy_over(const char *path, const char *copy)
{
    g_autofree char *bytes = NULL;
    gsize length = 0;
    g_assert_true(g_file_get_contents(copy, &bytes, &length, NULL));
    int fd = open(path, O_WRONLY | O_TRUNC);
    g_assert_cmpint(write(fd, bytes, length), ==, (gssize)length);
    close(fd);
}

/* sqlite3 path ".restore copy": SQL like any other, as far as the station can see. */
static void restore_by_sql(const char *path, const char *copy)
{
    sqlite3 *to = NULL, *from = NULL;
    g_assert_cmpint(sqlite3_open(path, &to), ==, SQLITE_OK);
    g_assert_cmpint(sqlite3_open(copy, &from), ==, SQLITE_OK);
    sqlite3_wal_autocheckpoint(to, 0);
    sqlite3_backup *backup = sqlite3_backup_init(to, "main", from, "main");
    g_assert_nonnull(backup);
    g_assert_cmpint(sqlite3_backup_step(backup, -1), ==, SQLITE_DONE);
    g_assert_cmpint(sqlite3_backup_finish(backup), ==, SQLITE_OK);
    sqlite3_close(from);
    sqlite3_close(to);
}

/* --- what the station makes of it ------------------------------------------------------------------------ */

static void refuses(struct headless *headless, const char *code)
{
    json_t *answer = headless_ask(headless, CODE);
    g_assert_cmpstr(json_string_value(json_object_get(answer, "outcome")), ==, "error");
    g_assert_cmpstr(json_string_value(json_object_get(answer, "code")), ==, code);
    g_assert_cmpstr(json_string_value(json_object_get(answer, "hint")), !=, "");
    json_decref(answer);
}

static void restored_under(void (*restore)(const char *path, const char *copy), const char *code, int there)
{
    struct testdb *test = testdb_new(DB_SQLITE);
    g_autofree char *path = path_of(test, ""), *copy = path_of(test, ".backup");
    prepare(test);
    struct headless *headless = begin(test, 0);
    scan(headless, BEFORE);
    back_up(test, copy);
    scan(headless, LOST);
    restore(path, copy);
    for (int i = 0; i < 3; i++)
        refuses(headless, code);
    headless_end(headless);
    if (there >= 0) {
        headless = begin(test, there);
        scan(headless, 2);
        headless_end(headless);
    }
    testdb_free(test);
}

static void by_the_book(void)
{
    restored_under(put_in_place, "PL-0220", BEFORE);
}

/* What is made of the old log and the new file nobody knows: that is why it is refused. */
static void by_cp(void)
{
    restored_under(copy_over, "PL-0220", -1);
}

static void by_sql(void)
{
    restored_under(restore_by_sql, "PL-0221", BEFORE);
}

/* --- the journal ------------------------------------------------------------------------------------------ */

static gboolean write_row(struct db *db, void *data, GError **error)
{
    struct journal *journal = data;
    struct site *site = journal->site;
    const struct journal_row row = {.at = site_now(site), .event_key = site_id(site), .event = "test", .machine = "",
                                    .from_state = "", .to_state = "", .detail = ""};
    (void)db;
    journal_begin(journal, site);
    return journal_append(journal, &row, error) && journal_commit(journal, error);
}

static gboolean journalled(struct site *site, GError **error)
{
    struct journal journal = {.site = site};
    g_autoptr(GError) failure = NULL;
    gboolean done = db_transaction(site->db, write_row, &journal, &failure);
    if (done)
        journal_done(&journal);
    else if (err_code(failure) != ERR_WRITER_LOST || journal_head_is_there(site, error)) /* as writer_recover() looks */
        g_propagate_error(error, g_steal_pointer(&failure));
    return done;
}

static void is_told(struct site *site, enum err code)
{
    GError *error = NULL;
    g_assert_false(journalled(site, &error));
    g_assert_error(error, ERR, (int)code);
    g_clear_error(&error);
}

/* On either engine the last row is gone, as after a standby that lagged was promoted, or another writer's stands in its
 * place: no fresh slot makes that good. */
static void journal_went_back(struct testdb *test)
{
    GError *error = NULL;
    struct floor *floor = floor_open(test, "setup");
    struct site *site = site_open(test->url, "station bench-1", NULL, &error);
    g_assert_true(journalled(site, &error) && journalled(site, &error));
    struct db *db = testdb_open(test);
    g_autofree char *forget = g_strdup_printf(
        "%s; DELETE FROM journal WHERE writer = %d AND sequence = %d;"
        "UPDATE writer SET sequence = sequence - 1, head = (SELECT hash FROM journal WHERE writer = %d AND sequence = %d) "
        "WHERE slot = %d",
        test->engine == DB_SQLITE ? "DROP TRIGGER journal_no_delete" : "ALTER TABLE journal DISABLE TRIGGER USER",
        site->writer.slot, (int)site->writer.sequence, site->writer.slot, (int)site->writer.sequence - 1,
        site->writer.slot);
    testdb_script(db, forget);
    is_told(site, ERR_DB_WENT_BACK);
    is_told(site, ERR_DB_WENT_BACK);
    g_assert_false(site_reconnect(site, &error));
    g_assert_error(error, ERR, (int)ERR_DB_WENT_BACK);
    g_clear_error(&error);
    site_close(site);
    site = site_open(test->url, "station bench-1", NULL, &error); /* a person starts it again */
    g_assert_no_error(error);
    g_assert_true(journalled(site, &error));
    site_close(site);
    db_close(db);
    floor->tampered = TRUE;
    floor_close(floor);
}

/* Whose slot was taken over, and whose rows are all there, may go on under another. */
static void slot_was_taken(struct testdb *test)
{
    GError *error = NULL;
    struct floor *floor = floor_open(test, "setup");
    struct site *site = site_open(test->url, "station bench-1", NULL, &error);
    g_assert_true(journalled(site, &error));
    struct db *db = testdb_open(test);
    g_autofree char *take = g_strdup_printf("UPDATE writer SET holder = 'another' WHERE slot = %d", site->writer.slot);
    testdb_script(db, take);
    is_told(site, ERR_WRITER_LOST);
    g_assert_true(site_reconnect(site, &error));
    g_assert_true(journalled(site, &error));
    site_close(site);
    db_close(db);
    floor->tampered = TRUE;
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/file/restored-by-the-book", by_the_book);
    g_test_add_func("/file/restored-by-cp", by_cp);
    g_test_add_func("/file/restored-by-sql", by_sql);
    testdb_add("/journal/went-back", journal_went_back);
    testdb_add("/journal/slot-was-taken", slot_was_taken);
    return g_test_run();
}

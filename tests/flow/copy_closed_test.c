/* SPDX-License-Identifier: MIT
 *
 * A copy of the floor gives nothing away: no names, no paper, no list for a shop; and there is none, or a whole one.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/apply/apply.h"
#include "core/base/error.h"
#include "core/outside/replay.h"
#include "core/outside/shipped.h"
#include "core/print/printer.h"
#include "core/print/submission.h"
#include "core/print/worker.h"
#include "tests/support/copies.h"
#include "tests/support/paper.h"

/* An order that left and one that is held, and words that people have typed. */
static void work(struct play *play)
{
    struct floor *floor = play->floor;
    int64_t mug = floor_product(floor, "MUG", NULL), bin = floor_bin(floor, "A-01", 1);
    floor_receive(floor, mug, 0, bin, 9);
    floor_send(floor, floor_order(floor, "1", "hct", FLOOR_ITEMS({"MUG", 2})));
    int64_t held = floor_order(floor, "2", "hct", FLOOR_ITEMS({"MUG", 1}));
    floor_do(floor, (struct event){.kind = EV_BLOCK, .actor = floor->lead, .shipment_id = held, .block = BLOCK_HELD,
                                   .reason = "Mrs. Needle will call"});
    floor_refused(floor, (struct event){.kind = EV_RELEASE, .actor = floor->lead, .shipment_id = held}, ERR_FLOW_BLOCKED);
    floor_do(floor, (struct event){.kind = EV_ADJUST, .actor = floor->lead, .product_id = mug, .from_id = bin, .quantity = 1,
                                   .to_id = floor->site->loss_id, .reason = "Needle broke it"});
    testdb_script(floor->site->db, "UPDATE person SET pin_hash = '$argon2id$haystack' WHERE role = 'lead'");
    play_note(play);
}

static gboolean file_has(const char *path, const char *bytes)
{
    g_autofree char *content = NULL;
    gsize length = 0;
    GError *error = NULL;
    g_assert_true(g_file_get_contents(path, &content, &length, &error));
    return memmem(content, length, bytes, strlen(bytes)) != NULL;
}

static void names_stay_at_home(struct testdb *test)
{
    static const char *const NAMES[] = {"王大衛", "0900000123", "臺灣大道", "西屯區", "Needle"};
    struct play play;
    play_begin(&play, test, "station 1");
    work(&play);
    for (gboolean with = FALSE; with <= TRUE; with++) {
        g_autofree char *path = NULL;
        db_close(copy_made(&play, play.clock.now_utc_ms, with, &path));
        for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++)
            g_assert_true(file_has(path, NAMES[i]) == with);
        g_assert_false(file_has(path, "haystack"));
        g_assert_true(file_has(path, "MUG"));
    }
    play_end(&play);
}

static void nothing_leaves(struct testdb *test)
{
    struct play play;
    GError *error = NULL;
    play_begin(&play, test, "station 1");
    work(&play);
    int64_t at = play.clock.now_utc_ms - 1000;
    g_autofree char *path = NULL, *lock = NULL;
    db_close(copy_made(&play, at, TRUE, &path));
    g_autofree char *url = g_strconcat("sqlite:", path, NULL);
    struct site *copy = site_open(url, "station 1", &play.clock.clock, &error);
    g_assert_no_error(error);
    g_assert_cmpint(copy->copy_of_at, ==, at);
    g_assert_cmpint(play.floor->site->copy_of_at, ==, 0);
    uint64_t rows = 0;
    g_assert_false(export_shipped(copy, &(struct export_call){.shop = NULL}, &rows, &error));
    g_assert_error(error, ERR, ERR_COPY_ONLY);
    g_clear_error(&error);
    struct printer_row printer;
    struct submission submission;
    gboolean made, all;
    g_autoptr(GArray) jobs = g_array_new(FALSE, TRUE, sizeof(struct job));
    g_assert_cmpint(printer_find(copy, "label-1", &printer, &error), ==, 1);
    g_assert_false(submission_make(copy, &printer, jobs, &submission, &made, &all, &error));
    g_assert_error(error, ERR, ERR_COPY_ONLY);
    g_clear_error(&error);
    g_autofree char *mode = g_strdup(g_getenv("PACKLINE_WORKER"));
    g_unsetenv("PACKLINE_WORKER");
    g_assert_true(worker_ensure(copy, &error));
    if (mode)
        g_setenv("PACKLINE_WORKER", mode, TRUE);
    lock = g_strconcat(path, "-print.lock", NULL);
    g_assert_false(g_file_test(lock, G_FILE_TEST_EXISTS));
    g_assert_cmpint(paper_worker_wait(paper_worker(url, NULL)), ==, EXIT_REFUSED);
    /* people work on it as on any floor */
    const struct event hold = {.key = flow_key(copy), .kind = EV_UNBLOCK, .actor = play.floor->lead, .block = BLOCK_HELD,
                               .shipment_id = floor_int(play.floor, "SELECT shipment_id FROM block", 0)};
    struct outcome outcome;
    g_assert_true(flow_apply(copy, &hold, 1, &outcome, &error));
    g_assert_cmpint(outcome.verdict, ==, VERDICT_DONE);
    site_close(copy);
    play_end(&play);
}

/* --- bad input and faults ----------------------------------------------------------------------------------- */

static void nothing_is_at(const char *path)
{
    static const char *const FILES[] = {"", ".part", ".part-wal", ".part-shm", ".part-lock"};
    for (size_t i = 0; i < G_N_ELEMENTS(FILES); i++) {
        g_autofree char *file = g_strconcat(path, FILES[i], NULL);
        g_assert_false(g_file_test(file, G_FILE_TEST_EXISTS));
    }
}

static void refuses(struct play *play, const char *to, const char *until, enum err code)
{
    struct replay_made made;
    GError *error = NULL;
    const struct replay_call call = {.from_url = play->test->url, .to_url = to, .until = until, .clock = &play->clock.clock};
    g_assert_false(replay_floor(&call, &made, &error));
    if (err_code(error) != code)
        g_error("%s %s: %s", to, until, error->message);
    g_clear_error(&error);
}

static void bad_input(struct testdb *test)
{
    static const char *const TIMES[] = {"", "now", "2026-02-30 10:00", "2026-11-22", "2026-11-22 25:00", "2026-11-22 10:00:99",
                                        "2026-11-22 10:00 tomorrow", "2026-11-22 10:00\n", "22.11.2026 10:00", "2999-01-01 10:00"};
    struct play play;
    play_begin(&play, test, "station 1");
    work(&play);
    g_autofree char *path = copy_path(&play), *url = g_strconcat("sqlite:", path, NULL);
    g_autofree char *nowhere = g_strconcat(url, "-missing/copy.db", NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(TIMES); i++)
        refuses(&play, url, TIMES[i], ERR_COPY_TIME);
    refuses(&play, url, "2025-01-01 10:00", ERR_COPY_EARLY);
    refuses(&play, "postgresql://localhost/copy", "2025-01-01 10:00", ERR_COPY_PLACE);
    refuses(&play, "sqlite:", "2025-01-01 10:00", ERR_COPY_PLACE);
    refuses(&play, "copy.db", "2025-01-01 10:00", ERR_COPY_PLACE);
    refuses(&play, nowhere, "2025-01-01 10:00", ERR_FILE_WRITE);
    nothing_is_at(path);
    g_assert_true(g_file_set_contents(path, "a diary", -1, NULL));
    refuses(&play, url, "2025-01-01 10:00", ERR_COPY_THERE);
    g_assert_true(file_has(path, "a diary"));
    if (test->engine == DB_SQLITE)
        refuses(&play, test->url, "2025-01-01 10:00", ERR_COPY_THERE);
    play_end(&play);
}

/* A history with a hole is not told as if it were none. */
static void a_hole_is_told(struct testdb *test)
{
    struct play play;
    play_begin(&play, test, "station 1");
    work(&play);
    floor_forget(play.floor, "DELETE FROM difference WHERE version = 3");
    g_autofree char *path = copy_path(&play);
    copy_refused(&play, play.clock.now_utc_ms, path, ERR_COPY_TANGLED);
    nothing_is_at(path);
    play_end(&play);
}

/* What stands before all events can't be left out, though something that is later comes before it. */
static void a_beginning_stays(struct testdb *test)
{
    struct play play;
    struct replay_made made;
    GError *error = NULL;
    play_begin(&play, test, "station 1");
    int64_t before = play.clock.now_utc_ms - 1;
    work(&play);
    testdb_script(play.floor->site->db, test->engine == DB_SQLITE ? "DROP TRIGGER difference_no_update"
                                                                  : "ALTER TABLE difference DISABLE TRIGGER USER");
    testdb_script(play.floor->site->db, "UPDATE difference SET event_key = 5 WHERE version = 2");
    g_autofree char *path = copy_path(&play);
    g_assert_false(copy_try(&play, before, path, FALSE, &made, &error));
    g_assert_error(error, ERR, ERR_COPY_TANGLED);
    g_assert_nonnull(strstr(error->message, "told: its first rows"));
    g_clear_error(&error);
    nothing_is_at(path);
    play.floor->tampered = TRUE;
    play_end(&play);
}

/* A seal of a writer that can't be is nobody's. */
static void a_strange_seal(struct testdb *test)
{
    struct play play;
    g_autofree char *path = NULL;
    play_begin(&play, test, "station 1");
    work(&play);
    testdb_script(play.floor->site->db, "INSERT INTO seal (sealed_on, heads, hash, at) SELECT 20010101, '4000000000000:1:00;', "
                                        "head, 5 FROM writer WHERE slot = 0");
    struct db *copy = copy_made(&play, play.clock.now_utc_ms, FALSE, &path);
    g_assert_cmpint(testdb_int(copy, "SELECT COUNT(*) FROM seal WHERE sealed_on = 20010101"), ==, 0);
    db_close(copy);
    play.floor->tampered = TRUE;
    play_end(&play);
}

/* At the n-th sign of life. */
static void die(uint64_t done, uint64_t of, void *data)
{
    int *left = data;
    (void)done, (void)of;
    if (--*left == 0)
        raise(SIGKILL);
}

static char *now_text(const struct play *play)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(play->clock.now_utc_ms / 1000);
    return g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ");
}

/* A child that makes a copy and is killed at the n-th sign of life; whether it came so far. */
static gboolean is_killed(struct play *play, const char *url, int n)
{
    pid_t child = fork();
    if (child == 0) {
        struct replay_made made;
        g_autofree char *until = now_text(play);
        const struct replay_call call = {.from_url = play->test->url, .to_url = url, .until = until, .clock = &play->clock.clock,
                                         .on_progress = die, .data = &n};
        _exit(replay_floor(&call, &made, NULL) ? 0 : 1);
    }
    int status = 0;
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFSIGNALED(status) || WEXITSTATUS(status) == 0);
    return WIFSIGNALED(status);
}

/* Killed anywhere it leaves nothing of that name, and the next one is made. */
static void killed(struct testdb *test)
{
    enum { EVERY = 5 };
    struct play play;
    int n = 1;
    play_begin(&play, test, "station 1");
    work(&play);
    g_autofree char *path = copy_path(&play), *url = g_strconcat("sqlite:", path, NULL), *part = g_strconcat(path, ".part", NULL);
    for (; is_killed(&play, url, n); n += EVERY) {
        g_assert_false(g_file_test(path, G_FILE_TEST_EXISTS));
        g_assert_true(g_file_test(part, G_FILE_TEST_EXISTS));
    }
    g_assert_cmpint(n, >, 4 * EVERY);
    g_assert_true(g_file_test(path, G_FILE_TEST_EXISTS));
    g_assert_false(g_file_test(part, G_FILE_TEST_EXISTS));
    play_end(&play);
}

struct meanwhile {
    struct play *play;
    int orders;
};

static void go_on(uint64_t done, uint64_t of, void *data)
{
    struct meanwhile *meanwhile = data;
    (void)done, (void)of;
    g_autofree char *number = g_strdup_printf("meanwhile %d", meanwhile->orders++);
    floor_order(meanwhile->play->floor, number, "hct", FLOOR_ITEMS({"MUG", 1}));
}

/* Others work on while the copy is made; it is of one moment. */
static void meanwhile(struct testdb *test)
{
    struct play play;
    struct meanwhile others = {&play, 0};
    struct replay_made made;
    GError *error = NULL;
    play_begin(&play, test, "station 1");
    work(&play);
    g_autofree char *path = copy_path(&play), *url = g_strconcat("sqlite:", path, NULL);
    g_autofree char *until = now_text(&play);
    const struct replay_call call = {.from_url = test->url, .to_url = url, .until = until, .clock = &play.clock.clock,
                                     .on_progress = go_on, .data = &others};
    int64_t shipments = floor_int(play.floor, "SELECT COUNT(*) FROM shipment", 0);
    play.clock.now_utc_ms -= play.clock.now_utc_ms % 1000; /* what they do is of the very moment */
    g_assert_true(replay_floor(&call, &made, &error));
    g_assert_cmpint(others.orders, >, 0);
    g_assert_cmpint(made.shipments, ==, shipments);
    play_end(&play);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/copy-closed/names", names_stay_at_home);
    testdb_add("/copy-closed/nothing-leaves", nothing_leaves);
    testdb_add("/copy-closed/bad-input", bad_input);
    testdb_add("/copy-closed/a-hole", a_hole_is_told);
    testdb_add("/copy-closed/a-beginning", a_beginning_stays);
    testdb_add("/copy-closed/a-strange-seal", a_strange_seal);
    testdb_add("/copy-closed/killed", killed);
    testdb_add("/copy-closed/meanwhile", meanwhile);
    return g_test_run();
}

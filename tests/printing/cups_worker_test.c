/* SPDX-License-Identifier: MIT
 *
 * The worker against a CUPS of its own with a label printer behind it: what came out is read from the paper;
 * trouble is on the printer's row in words within 15 seconds; whatever is killed, no label is sent twice.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/waybill/job.h"
#include "core/waybill/printer_row.h"
#include "core/waybill/run.h"
#include "tests/support/floor.h"
#include "tests/support/headless.h"
#include "tests/support/paper.h"

enum { VISIBLE_SECONDS = 15 };

static const char *const ONCE[] = {"--once", NULL};

struct room {
    struct testdb *test;
    struct floor *floor;
    char *lab, *paper;
    GPid worker;
};

/* --- the private CUPS
 * ---------------------------------------------------------------------------------------- */

static void lab(const char *action, const char *dir)
{
    char *out = paper_program((const char *[]){"tests/support/cups-lab", action, dir, NULL}, TRUE);
    if (strcmp(action, "start") == 0)
        g_setenv("CUPS_SERVER", g_strstrip(out), TRUE);
    g_free(out);
}

static void lab_touch(const struct room *room, const char *name, const char *text)
{
    char *path = g_build_filename(room->lab, name, NULL);
    if (text)
        g_assert_true(g_file_set_contents(path, text, -1, NULL));
    else
        g_unlink(path);
    g_free(path);
}

static void run_program(const char *program, const char *argument)
{
    g_free(paper_program((const char *[]){program, argument, NULL}, TRUE));
}

static void kill_cupsd(const struct room *room)
{
    char *path = g_build_filename(room->lab, "cupsd.pid", NULL), *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_cmpint(kill((pid_t)atoi(text), SIGKILL), ==, 0);
    g_free(text);
    g_free(path);
}

/* --- the floor
 * -------------------------------------------------------------------------------------------------- */

static void room_open(struct room *room, struct testdb *test)
{
    *room = (struct room){.test = test, .floor = floor_open(test, "station 1")};
    room->lab = g_build_filename(test->dir, "lab", NULL);
    room->paper = g_build_filename(room->lab, "paper", NULL);
    g_chmod(test->dir, 0755); /* CUPS filters run as another user */
    lab("start", room->lab);
    paper_printer(room->floor, "label-1", "cups:label", NULL);
    paper_stock(room->floor);
}

static void room_close(struct room *room)
{
    if (room->worker) {
        kill(room->worker, SIGTERM);
        paper_worker_wait(room->worker);
    }
    lab("stop", room->lab);
    floor_close(room->floor);
    g_free(room->paper);
    g_free(room->lab);
}

static void make_run(struct room *room, int labels, int64_t per_submission)
{
    GError *error = NULL;
    struct run_made made;
    struct run_wish wish = {.filter = "courier=hct", .per_submission = per_submission};
    for (int i = 0; i < labels; i++)
        paper_released(room->floor, i);
    g_assert_true(run_start(room->floor->site, &room->floor->lead, &wish, &made, NULL, NULL, &error));
    g_assert_no_error(error);
    g_assert_cmpint(made.labels, ==, labels);
}

static gboolean all_printed(void *data)
{
    return paper_jobs(((struct room *)data)->floor, "queued submitting submitted") == 0;
}

static gboolean some_printed(void *data)
{
    return paper_jobs(((struct room *)data)->floor, "printed") > 0;
}

struct wanted {
    struct room *room;
    enum printer_health health;
    const char *text; /* NULL: any */
};

static gboolean printer_is(void *data)
{
    const struct wanted *wanted = data;
    struct printer_row row;
    GError *error = NULL;
    g_assert_cmpint(printer_find(wanted->room->floor->site, "label-1", &row, &error), ==, 1);
    return row.health == wanted->health && (!wanted->text || strcmp(row.text, wanted->text) == 0);
}

static void expect_printer(struct room *room, enum printer_health health, const char *text)
{
    struct wanted wanted = {room, health, text};
    if (!paper_wait(printer_is, &wanted, VISIBLE_SECONDS))
        g_error("the printer's row did not say %s, %s", printer_health_name(health), text ? text : "");
}

/* Every number is on paper under one name at most: what CUPS repeats by itself carries the same name, and
 * what the worker would send again another one. Returns how many numbers are on paper. */
static int64_t sent_once(struct room *room)
{
    GPtrArray *files = paper_files(room->paper);
    GHashTable *seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    for (guint i = 0; i < files->len; i++) {
        char *base = g_path_get_basename(g_ptr_array_index(files, i)),
             *one = g_dir_make_tmp("one.XXXXXX", NULL);
        char *link = g_build_filename(one, base, NULL);
        g_assert_cmpint(symlink(g_ptr_array_index(files, i), link), ==, 0);
        GHashTable *read = paper_read(one);
        GHashTableIter iter;
        gpointer text, count;
        g_hash_table_iter_init(&iter, read);
        while (g_hash_table_iter_next(&iter, &text, &count)) {
            const char *name = strchr(base, '-') + 1, *before = g_hash_table_lookup(seen, text);
            if (strlen(text) != 10 || !g_ascii_isdigit(*(char *)text))
                continue;
            if (before && strcmp(before, name) != 0)
                g_error("%s was sent as %s and as %s", (char *)text, before, name);
            g_hash_table_insert(seen, g_strdup(text), g_strdup(name));
        }
        g_hash_table_unref(read);
        g_unlink(link);
        g_rmdir(one);
        g_free(link);
        g_free(one);
        g_free(base);
    }
    int64_t numbers = g_hash_table_size(seen);
    g_hash_table_unref(seen);
    g_ptr_array_unref(files);
    return numbers;
}

/* What only CUPS does is asked once. */
static gboolean engine_does_not_matter(const struct testdb *test)
{
    if (test->engine == DB_POSTGRES)
        g_test_skip("the engine does not matter here");
    return test->engine == DB_POSTGRES;
}

/* --- cases
 * ------------------------------------------------------------------------------------------------------------
 */

static void a_label_comes_out(struct testdb *test)
{
    struct room room;
    room_open(&room, test);
    paper_packed(room.floor, 1);
    g_assert_cmpint(paper_worker_wait(paper_worker(test->url, ONCE)), ==, 0);
    g_assert_cmpint(paper_jobs(room.floor, "printed"), ==, 1);
    char *number =
        floor_text(room.floor, "SELECT number FROM waybill WHERE parcel_id IS NOT NULL AND id <> $1", 0);
    GHashTable *read = paper_read(room.paper);
    g_assert_cmpuint(paper_count(read, number), ==, 1);
    g_hash_table_unref(read);
    g_free(number);
    room_close(&room);
}

static void paper_out(struct testdb *test)
{
    struct room room;
    if (engine_does_not_matter(test))
        return;
    room_open(&room, test);
    lab_touch(&room, "no-paper", "");
    paper_packed(room.floor, 1);
    room.worker = paper_worker(test->url, NULL);
    expect_printer(&room, PRINTER_ATTENTION, "Out of paper.");
    lab_touch(&room, "no-paper", NULL);
    g_assert_true(paper_wait(all_printed, &room, 60));
    g_assert_cmpint(paper_jobs(room.floor, "printed"), ==, 1);
    g_assert_cmpint(sent_once(&room), ==, 1);
    room_close(&room);
}

static void queue_stopped(struct testdb *test)
{
    struct room room;
    if (engine_does_not_matter(test))
        return;
    room_open(&room, test);
    run_program("cupsdisable", "label");
    paper_packed(room.floor, 1);
    room.worker = paper_worker(test->url, NULL);
    expect_printer(&room, PRINTER_STOPPED, "The queue is stopped (cupsenable).");
    g_assert_cmpint(paper_jobs(room.floor, "queued"), ==, 1); /* and not in a queue that does not move */
    run_program("cupsreject", "label");
    run_program("cupsenable", "label");
    expect_printer(&room, PRINTER_STOPPED, "The queue takes no jobs (cupsaccept).");
    run_program("cupsaccept", "label");
    g_assert_true(paper_wait(all_printed, &room, 60));
    g_assert_cmpint(sent_once(&room), ==, 1);
    room_close(&room);
}

/* The printer says it is idle, and the label does not come. */
static void held_back(struct testdb *test)
{
    struct room room;
    if (engine_does_not_matter(test))
        return;
    room_open(&room, test);
    g_free(paper_program(
        (const char *[]){"lpadmin", "-p", "label", "-o", "job-hold-until-default=indefinite", NULL}, TRUE));
    paper_packed(room.floor, 1);
    room.worker = paper_worker(test->url, NULL);
    expect_printer(&room, PRINTER_ATTENTION, "The queue holds a label back.");
    g_free(paper_program((const char *[]){"lp", "-i", "label-1", "-H", "resume", NULL}, TRUE));
    g_assert_true(paper_wait(all_printed, &room, 60));
    g_assert_cmpint(sent_once(&room), ==, 1);
    room_close(&room);
}

static void dead_printer(struct testdb *test)
{
    struct room room;
    if (engine_does_not_matter(test))
        return;
    room_open(&room, test);
    paper_printer(room.floor, "label-1", "cups:dead", NULL);
    paper_packed(room.floor, 1);
    room.worker = paper_worker(test->url, NULL);
    expect_printer(&room, PRINTER_OFFLINE, "The printer does not answer.");
    paper_printer(room.floor, "label-1", "cups:nowhere", NULL);
    expect_printer(&room, PRINTER_OFFLINE, "CUPS has no such queue.");
    room_close(&room);
}

static void raw_takes_no_pdf(struct testdb *test)
{
    struct room room;
    if (engine_does_not_matter(test))
        return;
    room_open(&room, test);
    paper_printer(room.floor, "label-1", "cups:raw", NULL);
    paper_packed(room.floor, 1);
    room.worker = paper_worker(test->url, NULL);
    expect_printer(&room, PRINTER_STOPPED, "Queue raw is raw: it takes no PDF.");
    g_assert_cmpint(paper_jobs(room.floor, "queued submitting failed"), ==, 1);
    paper_printer(room.floor, "label-1", "cups:label?paper=76x130", NULL);
    expect_printer(&room, PRINTER_STOPPED, "Queue label has no paper of 76 x 130 mm.");
    paper_printer(room.floor, "label-1", "cups:label", NULL);
    g_assert_true(paper_wait(all_printed, &room, 60));
    g_assert_cmpint(sent_once(&room), ==, 1);
    room_close(&room);
}

static void worker_killed(struct testdb *test)
{
    enum { LABELS = 12 };
    struct room room;
    room_open(&room, test);
    make_run(&room, LABELS, 2);
    for (int kills = 0; kills < 3; kills++) {
        GPid pid = paper_worker(test->url, ONCE);
        gint64 until = g_get_monotonic_time() + (350 + kills * 130) * 1000;
        while (g_get_monotonic_time() < until)
            g_thread_yield();
        kill(pid, SIGKILL);
        paper_worker_wait(pid);
    }
    g_assert_cmpint(paper_worker_wait(paper_worker(test->url, ONCE)), ==, 0);
    g_assert_true(all_printed(&room));
    int64_t printed = paper_jobs(room.floor, "printed"), unknown = paper_jobs(room.floor, "unknown");
    g_test_message("%d printed, %d put to a person", (int)printed, (int)unknown);
    g_assert_cmpint(printed + unknown, ==, LABELS);
    g_assert_cmpint(sent_once(&room), >=, printed);
    room_close(&room);
}

static void cupsd_killed(struct testdb *test)
{
    enum { LABELS = 8 };
    struct room room;
    room_open(&room, test);
    lab_touch(&room, "seconds", "0.3");
    make_run(&room, LABELS, 2);
    room.worker = paper_worker(test->url, NULL);
    g_assert_true(paper_wait(some_printed, &room, 60));
    kill_cupsd(&room);
    expect_printer(&room, PRINTER_OFFLINE, "CUPS does not answer.");
    lab("cupsd", room.lab);
    lab_touch(&room, "seconds", NULL);
    g_assert_true(paper_wait(all_printed, &room, 90));
    int64_t printed = paper_jobs(room.floor, "printed"), unknown = paper_jobs(room.floor, "unknown failed");
    g_test_message("%d printed, %d put to a person", (int)printed, (int)unknown);
    g_assert_cmpint(printed + unknown, ==, LABELS);
    sent_once(&room);
    room_close(&room);
}

static gboolean can_run(void)
{
    char *cupsd = g_find_program_in_path("/usr/sbin/cupsd"),
         *printer = g_find_program_in_path("ippeveprinter");
    gboolean can = geteuid() == 0 && cupsd && printer;
    g_free(printer);
    g_free(cupsd);
    return can;
}

static void skipped(void)
{
    g_test_skip("cups: needs root, cupsd and ippeveprinter");
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    if (!can_run())
        g_test_add_func("/printing/cups", skipped);
    else {
        testdb_add("/printing/cups/a label comes out", a_label_comes_out);
        testdb_add("/printing/cups/paper out", paper_out);
        testdb_add("/printing/cups/queue stopped", queue_stopped);
        testdb_add("/printing/cups/held back", held_back);
        testdb_add("/printing/cups/dead printer", dead_printer);
        testdb_add("/printing/cups/raw takes no PDF", raw_takes_no_pdf);
        testdb_add("/printing/cups/worker killed", worker_killed);
        testdb_add("/printing/cups/cupsd killed", cupsd_killed);
    }
    return g_test_run();
}

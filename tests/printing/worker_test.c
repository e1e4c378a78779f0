/* SPDX-License-Identifier: MIT
 *
 * The worker against a folder, on both engines: what is packed comes out, once, and what the worker was at
 * when it was killed goes on or is put to a person.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/print/printer.h"
#include "core/print/run.h"
#include "core/print/submission.h"
#include "core/print/worker.h"
#include "core/site/site_setting.h"
#include "tests/support/floor.h"
#include "tests/support/headless.h"
#include "tests/support/paper.h"

static const char *const ONCE[] = {"--once", NULL};

struct room {
    struct testdb *test;
    struct floor *floor;
    char *paper; /* the folder that is the printer */
};

static void room_open(struct room *room, struct testdb *test)
{
    *room = (struct room){.test = test, .floor = floor_open(test, "station 1")};
    room->paper = g_build_filename(test->dir, "paper", NULL);
    char *uri = g_strconcat("file:", room->paper, NULL);
    paper_printer(room->floor, "label-1", uri, NULL);
    g_free(uri);
    paper_stock(room->floor);
}

static void room_close(struct room *room)
{
    floor_close(room->floor);
    g_free(room->paper);
}

static char *number_of(struct room *room, int64_t shipment)
{
    return floor_text(room->floor,
                      "SELECT w.number FROM waybill w JOIN parcel p ON p.id = w.parcel_id "
                      "WHERE p.shipment_id = $1 AND w.state <> 'void'",
                      shipment);
}

static void work(struct room *room)
{
    g_assert_cmpint(paper_worker_wait(paper_worker(room->test->url, ONCE)), ==, 0);
}

static void a_label_comes_out(struct testdb *test)
{
    struct room room;
    room_open(&room, test);
    int64_t shipment = paper_packed(room.floor, 1);
    work(&room);
    char *number = number_of(&room, shipment);
    GHashTable *read = paper_read(room.paper);
    g_assert_cmpuint(paper_count(read, number), ==, 1);
    g_assert_cmpint(paper_jobs(room.floor, "printed"), ==, 1);
    g_assert_cmpint(floor_int(room.floor, "SELECT COUNT(*) FROM waybill WHERE state = 'printed'", 0), ==, 1);
    GPtrArray *files = paper_files(room.paper);
    g_assert_cmpuint(files->len, ==, 1);
    g_assert_nonnull(strstr(g_ptr_array_index(files, 0), number));
    g_ptr_array_unref(files);
    floor_apply_label(room.floor, shipment);
    /* A copy says so, and is one paper more. */
    floor_do(room.floor,
             (struct event){
                 .kind = EV_REPRINT, .actor = room.floor->packer, .shipment_id = shipment, .reason = "torn"});
    work(&room);
    g_hash_table_unref(read);
    read = paper_read(room.paper);
    g_assert_cmpuint(paper_count(read, number), ==, 2);
    g_hash_table_unref(read);
    g_free(number);
    room_close(&room);
}

static void make_run(struct room *room, const char *filter, int64_t per_submission, struct run_made *made)
{
    GError *error = NULL;
    struct run_wish wish = {.filter = filter, .per_submission = per_submission};
    gboolean started = run_start(room->floor->site, &room->floor->lead, &wish, made, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(started);
}

static void every_number_once(struct room *room, int64_t labels)
{
    GHashTable *read = paper_read(room->paper);
    int64_t found = 0;
    GHashTableIter iter;
    gpointer text, count;
    g_hash_table_iter_init(&iter, read);
    while (g_hash_table_iter_next(&iter, &text, &count))
        if (strlen(text) == 10 && g_ascii_isdigit(*(char *)text)) {
            g_assert_cmpuint(GPOINTER_TO_UINT(count), ==, 1);
            found++;
        }
    g_assert_cmpint(found, ==, labels);
    g_hash_table_unref(read);
}

static void a_run_comes_out(struct testdb *test)
{
    struct room room;
    struct run_made made;
    room_open(&room, test);
    for (int i = 0; i < 7; i++)
        paper_released(room.floor, i);
    make_run(&room, "courier=hct", 3, &made);
    g_assert_cmpint(made.labels, ==, 7);
    GError *error = NULL;
    g_assert_true(printer_roll(room.floor->site, &room.floor->lead, "label-1", 100, &error));
    g_assert_true(run_pause(room.floor->site, &room.floor->lead, made.number, &error));
    work(&room);
    g_assert_cmpint(paper_jobs(room.floor, "queued"), ==, 7);
    g_assert_true(run_resume(room.floor->site, &room.floor->lead, made.number, &error));
    g_assert_no_error(error);
    work(&room);
    every_number_once(&room, 7);
    struct printer_row row;
    g_assert_cmpint(printer_find(room.floor->site, "label-1", &row, &error), ==, 1);
    g_assert_cmpint(row.labels_left, ==, 93);
    GPtrArray *files = paper_files(room.paper);
    g_assert_cmpuint(files->len, ==, 3);
    g_ptr_array_unref(files);
    GArray *runs = runs_load(room.floor->site, 10, &error);
    const struct run *run = &g_array_index(runs, struct run, 0);
    g_assert_cmpstr(run->state, ==, "done");
    g_assert_cmpint(run->printed, ==, 7);
    g_array_unref(runs);
    /* Nothing is left for a second run. */
    struct run_wish wish = {.filter = "courier=hct"};
    g_assert_false(run_start(room.floor->site, &room.floor->lead, &wish, &made, NULL, NULL, &error));
    g_assert_error(error, ERR, ERR_RUN_EMPTY);
    g_clear_error(&error);
    room_close(&room);
}

static void a_cancelled_run_stops(struct testdb *test)
{
    struct room room;
    struct run_made made;
    room_open(&room, test);
    int64_t shipment = paper_released(room.floor, 1);
    GError *error = NULL;
    make_run(&room, "shop=shop", 0, &made);
    g_assert_true(run_cancel(room.floor->site, &room.floor->lead, made.number, &error));
    work(&room);
    GArray *unsure = jobs_unsure(room.floor->site, 10, &error);
    g_assert_cmpuint(unsure->len, ==, 0); /* nobody is asked about what was dropped */
    g_array_unref(unsure);
    g_assert_cmpint(paper_jobs(room.floor, "queued"), ==, 0);
    GPtrArray *files = paper_files(room.paper);
    g_assert_cmpuint(files->len, ==, 0);
    g_ptr_array_unref(files);
    g_assert_false(run_pause(room.floor->site, &room.floor->lead, made.number, &error));
    g_assert_error(error, ERR, ERR_RUN_STATE);
    g_clear_error(&error);
    g_assert_cmpint(shipment, !=, 0);
    room_close(&room);
}

static const char COUNT_SUBMISSIONS[] = "SELECT COUNT(*) FROM submission";

struct progress {
    struct room *room;
    int submissions;
};

static gboolean that_many_begun_or_all_over(void *data)
{
    const struct progress *progress = data;
    return paper_jobs(progress->room->floor, "queued submitting submitted") == 0 ||
           floor_int(progress->room->floor, COUNT_SUBMISSIONS, 0) >= progress->submissions;
}

/* Killed again and again in the middle of a run: every label is out once, or is one that a person is asked
 * about. */
static void killed_in_a_run(struct testdb *test)
{
    enum { LABELS = 60 };
    struct room room;
    struct run_made made;
    room_open(&room, test);
    for (int i = 0; i < LABELS; i++)
        paper_released(room.floor, i);
    make_run(&room, "courier=hct", 2, &made);
    for (int kills = 0; kills < 6; kills++) {
        struct progress next = {&room, (int)floor_int(room.floor, COUNT_SUBMISSIONS, 0) + 1 + kills};
        GPid pid = paper_worker(test->url, ONCE);
        g_assert_true(paper_wait(that_many_begun_or_all_over, &next));
        kill(pid, SIGKILL);
        paper_worker_wait(pid);
    }
    work(&room);
    g_assert_cmpint(paper_jobs(room.floor, "queued") + paper_jobs(room.floor, "submitting") + paper_jobs(room.floor, "submitted"), ==,
                    0);
    int64_t printed = paper_jobs(room.floor, "printed"), unknown = paper_jobs(room.floor, "unknown");
    g_test_message("%d printed, %d put to a person", (int)printed, (int)unknown);
    g_assert_cmpint(printed + unknown, ==, LABELS);
    every_number_once(&room, printed);
    room_close(&room);
}

/* Between the commit that it may be sent and the one that it was: looked up by name, never sent again. */
static void unknown_is_asked(struct testdb *test)
{
    struct room room;
    room_open(&room, test);
    struct site *site = room.floor->site;
    int64_t shipment = paper_packed(room.floor, 1), job_id = floor_int(room.floor, "SELECT id FROM job", 0);
    GError *error = NULL;
    char *uuid = paper_sealed(room.floor), *half = g_strdup_printf("%s/1-%s.pdf.part", room.paper, uuid);
    g_assert_true(g_mkdir_with_parents(room.paper, 0700) == 0 && g_file_set_contents(half, "%PDF", -1, NULL));
    work(&room);
    g_assert_false(g_file_test(half, G_FILE_TEST_EXISTS)); /* half a label, with a name on it */
    g_free(half);
    g_free(uuid);
    GPtrArray *files = paper_files(room.paper);
    g_assert_cmpuint(files->len, ==, 0);
    g_ptr_array_unref(files);
    g_assert_cmpint(paper_jobs(room.floor, "unknown"), ==, 1);
    GArray *unsure = jobs_unsure(site, 10, &error);
    g_assert_cmpuint(unsure->len, ==, 1);
    g_array_unref(unsure);
    /* A person looks: it is not there. The copy says that it is one. */
    g_assert_true(job_answer(site, &room.floor->lead, job_id, "not-printed", &error));
    work(&room);
    char *number = number_of(&room, shipment);
    GHashTable *read = paper_read(room.paper);
    g_assert_cmpuint(paper_count(read, number), ==, 1);
    g_assert_cmpint(floor_int(room.floor, "SELECT MAX(copy) FROM job", 0), ==, 1);
    g_hash_table_unref(read);
    g_free(number);
    room_close(&room);
}

/* Killed while it put a submission together: nothing was sent, so it simply comes out. */
static void unsent_goes_on(struct testdb *test)
{
    struct room room;
    room_open(&room, test);
    struct site *site = room.floor->site;
    paper_packed(room.floor, 1);
    GError *error = NULL;
    struct submission submission;
    gboolean all = FALSE;
    GArray *jobs = jobs_next(site, room.floor->printer_id, 0, &error);
    g_assert_true(submission_begin(site, room.floor->printer_id, &submission, &error));
    g_assert_true(submission_claim(site, &submission, jobs, &all, &error) && all);
    g_array_unref(jobs);
    work(&room);
    every_number_once(&room, 1);
    g_assert_cmpint(paper_jobs(room.floor, "printed"), ==, 1);
    room_close(&room);
}

static void the_backup_takes_over(struct testdb *test)
{
    struct room room;
    room_open(&room, test);
    char *uri = g_strconcat("file:", room.paper, NULL);
    char *blocked = g_build_filename(test->dir, "a-file", NULL),
         *blocked_uri = g_strdup_printf("file:%s/x", blocked);
    g_assert_true(g_file_set_contents(blocked, "", 0, NULL));
    paper_printer(room.floor, "label-2", uri, NULL);
    paper_printer(room.floor, "label-1", blocked_uri, "label-2");
    paper_packed(room.floor, 1);
    work(&room);
    every_number_once(&room, 1);
    struct printer_row row;
    GError *error = NULL;
    g_assert_cmpint(printer_find(room.floor->site, "label-1", &row, &error), ==, 1);
    g_assert_cmpint(row.health, ==, PRINTER_OFFLINE);
    g_free(blocked_uri);
    g_free(blocked);
    g_free(uri);
    room_close(&room);
}

static gboolean label_1_is_away(void *data)
{
    struct printer_row row;
    printer_find(((struct room *)data)->floor->site, "label-1", &row, NULL);
    return row.health == PRINTER_OFFLINE;
}

static gboolean one_is_out(void *data)
{
    return paper_jobs(((struct room *)data)->floor, "printed") == 1;
}

/* The directory is not there when the worker begins, as one that is mounted late. */
static void the_folder_comes_later(struct testdb *test)
{
    struct room room;
    room_open(&room, test);
    char *blocked = g_build_filename(test->dir, "disk", NULL), *uri = g_strdup_printf("file:%s/labels", blocked);
    g_assert_true(g_file_set_contents(blocked, "", 0, NULL));
    paper_printer(room.floor, "label-1", uri, NULL);
    paper_packed(room.floor, 1);
    GPid pid = paper_worker(test->url, NULL);
    g_assert_true(paper_wait(label_1_is_away, &room));
    g_unlink(blocked);
    g_assert_true(paper_wait(one_is_out, &room));
    kill(pid, SIGTERM);
    g_assert_cmpint(paper_worker_wait(pid), ==, 0);
    g_free(uri);
    g_free(blocked);
    room_close(&room);
}

/* A printer that has something to print stays; one that went away leaves its stations another. */
static void a_printer_goes(struct testdb *test)
{
    struct room room;
    GError *error = NULL;
    int moved = 0;
    room_open(&room, test);
    struct site *site = room.floor->site;
    char *uri = g_strconcat("file:", room.paper, NULL);
    paper_printer(room.floor, "label-2", uri, NULL);
    struct printer_row old, other;
    printer_find(site, "label-1", &old, &error);
    printer_find(site, "label-2", &other, &error);
    paper_packed(room.floor, 1);
    g_assert_false(printer_remove(site, &room.floor->lead, "label-1", &error));
    g_assert_error(error, ERR, ERR_PRINTER_WAITING);
    g_clear_error(&error);
    g_assert_true(jobs_move(site, old.id, other.id, &moved, &error));
    g_assert_cmpint(moved, ==, 1);
    paper_packed(room.floor, 2);
    g_free(paper_sealed(room.floor));
    g_assert_false(printer_remove(site, &room.floor->lead, "label-1", &error)); /* on its way */
    g_assert_error(error, ERR, ERR_PRINTER_WAITING);
    g_clear_error(&error);
    work(&room);
    g_assert_true(printer_remove(site, &room.floor->lead, "label-1", &error));
    g_assert_no_error(error);
    paper_packed(room.floor, 3);
    /* the label nobody knows of was printer 1's: its copy comes out at the other */
    int64_t unknown = floor_int(room.floor, "SELECT id FROM job WHERE state = 'unknown'", 0);
    g_assert_true(job_answer(site, &room.floor->lead, unknown, "not-printed", &error));
    work(&room);
    g_assert_cmpint(paper_jobs(room.floor, "queued submitting submitted"), ==, 0);
    every_number_once(&room, 3);
    g_free(uri);
    room_close(&room);
}

static void addresses(struct testdb *test)
{
    static const char *const WRONG[] = {"cups:", "cups:../admin", "cups:a b", "cups:-o", "file:relative", "file:",
                                        "ipp://x", "cups:x?paper=5", "cups:x?dpi=foo", "cups:x?colour=1", ""};
    static const char *const RIGHT[] = {"cups:label", "cups:標籤?paper=100x150", "file:/tmp/a b?paper=A4&dpi=300"};
    struct room room;
    room_open(&room, test);
    for (size_t i = 0; i < G_N_ELEMENTS(WRONG); i++) {
        GError *error = NULL;
        g_assert_false(printer_put(room.floor->site, &room.floor->lead, "x", WRONG[i], "", NULL, &error));
        g_assert_error(error, ERR, ERR_PRINTER_URI);
        g_error_free(error);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(RIGHT); i++)
        paper_printer(room.floor, "x", RIGHT[i], NULL);
    GError *error = NULL;
    g_assert_false(printer_put(room.floor->site, &room.floor->lead, "x", RIGHT[0], NULL, "x", &error));
    g_assert_error(error, ERR, ERR_PRINTER_BACKUP);
    g_clear_error(&error);
    /* Another address leaves the rest as it was. */
    struct printer_row row;
    g_assert_true(printer_put(room.floor->site, &room.floor->lead, "x", RIGHT[0], "elsewhere", "label-1", &error));
    g_assert_true(printer_put(room.floor->site, &room.floor->lead, "x", RIGHT[1], NULL, NULL, &error));
    g_assert_cmpint(printer_find(room.floor->site, "x", &row, &error), ==, 1);
    g_assert_cmpstr(row.host, ==, "elsewhere");
    g_assert_cmpstr(row.backup, ==, "label-1");
    room_close(&room);
}

static void test_page_on(struct floor *floor, const char *printer)
{
    struct printer_row row;
    GError *error = NULL;
    g_assert_cmpint(printer_find(floor->site, printer, &row, &error), ==, 1);
    floor_do(floor, (struct event){.kind = EV_PRINT, .actor = floor->lead, .printer_id = row.id, .text = "test"});
}

static gboolean two_are_out(void *data)
{
    return paper_jobs(((struct room *)data)->floor, "printed") == 2;
}

/* A printer is given to another host: the worker here has done with it, at once. */
static void a_printer_moves_house(struct testdb *test)
{
    struct room room;
    GError *error = NULL;
    room_open(&room, test);
    char *uri = g_strconcat("file:", room.paper, NULL);
    paper_printer(room.floor, "label-2", uri, NULL);
    GPid pid = paper_worker(test->url, NULL);
    test_page_on(room.floor, "label-1");
    g_assert_true(paper_wait(one_is_out, &room));
    g_assert_true(printer_put(room.floor->site, &room.floor->lead, "label-1", uri, "elsewhere", NULL, &error));
    test_page_on(room.floor, "label-1");
    test_page_on(room.floor, "label-2"); /* is served after label-1 */
    g_assert_true(paper_wait(two_are_out, &room));
    g_assert_cmpint(paper_jobs(room.floor, "queued"), ==, 1);
    kill(pid, SIGTERM);
    g_assert_cmpint(paper_worker_wait(pid), ==, 0);
    paper_printer(room.floor, "label-1", uri, NULL);
    work(&room);
    g_free(uri);
    room_close(&room);
}

/* What can't be drawn fails by itself and holds nobody up. */
static void one_bad_label(struct testdb *test)
{
    struct room room;
    room_open(&room, test);
    int64_t bad = paper_packed(room.floor, 1);
    char *sql = g_strdup_printf("UPDATE shipment SET cod_minor = 100 WHERE id = %" G_GINT64_FORMAT, bad);
    testdb_script(room.floor->site->db, sql);
    paper_packed(room.floor, 2);
    work(&room);
    g_assert_cmpint(paper_jobs(room.floor, "failed"), ==, 1);
    g_assert_cmpint(paper_jobs(room.floor, "printed"), ==, 1);
    every_number_once(&room, 1);
    g_free(sql);
    room_close(&room);
}

static void sheets_come_out(struct testdb *test)
{
    struct room room;
    room_open(&room, test);
    struct event sheet = {.kind = EV_PRINT, .actor = room.floor->lead, .printer_id = room.floor->printer_id};
    sheet.text = "bench_card";
    floor_do(room.floor, sheet);
    sheet.text = "badge";
    sheet.person_id = room.floor->packer.person_id;
    floor_do(room.floor, sheet);
    sheet.text = "test";
    floor_do(room.floor, sheet);
    int64_t shipment = paper_released(room.floor, 1);
    struct outcome batch =
        floor_do(room.floor, (struct event){.kind = EV_BATCH_MAKE, .actor = room.floor->lead});
    floor_do(room.floor, (struct event){.kind = EV_BATCH,
                                        .actor = room.floor->lead,
                                        .shipment_id = shipment,
                                        .batch_id = batch.subject_id});
    char *number = floor_text(room.floor, "SELECT number FROM batch WHERE id = $1", batch.subject_id);
    char *filter = g_strdup_printf("batch=%s", number);
    struct run_made made;
    make_run(&room, filter, 0, &made);
    work(&room);
    g_assert_cmpint(paper_jobs(room.floor, "printed"), ==, 5);
    GHashTable *read = paper_read(room.paper);
    g_assert_cmpuint(paper_count(read, "4710000000017"), ==, 1); /* the pick list's row */
    g_hash_table_unref(read);
    g_free(filter);
    g_free(number);
    room_close(&room);
}

/* The slip comes out with its waybill, behind it; nobody's name is in what the folder or the log calls it. */
static void a_slip_comes_along(struct testdb *test)
{
    struct room room;
    room_open(&room, test);
    GError *error = NULL;
    g_assert_true(site_setting_set(room.floor->site, &room.floor->lead, "slip_with_waybill", "1", &error));
    paper_packed(room.floor, 1);
    g_assert_cmpint(paper_jobs(room.floor, "queued"), ==, 2);
    work(&room);
    g_assert_cmpint(paper_jobs(room.floor, "printed"), ==, 2);
    g_assert_cmpint(floor_int(room.floor, "SELECT MAX(pages) FROM submission", 0), ==, 2);
    GPtrArray *files = paper_files(room.paper);
    g_assert_cmpuint(files->len, ==, 1);
    g_assert_null(strstr(g_ptr_array_index(files, 0), "王"));
    g_ptr_array_unref(files);
    every_number_once(&room, 1);
    room_close(&room);
}

/* The order changed after the waybill was queued: what is on paper would be wrong, so it does not come out. */
static void a_void_waybill_stays_in(struct testdb *test)
{
    struct room room;
    room_open(&room, test);
    int64_t shipment = paper_packed(room.floor, 1);
    floor_do(room.floor,
             (struct event){
                 .kind = EV_RENEW, .actor = room.floor->lead, .shipment_id = shipment, .reason = "address"});
    work(&room);
    char *number = number_of(&room, shipment);
    GHashTable *read = paper_read(room.paper);
    g_assert_cmpuint(paper_count(read, number), ==, 1);
    every_number_once(&room, 1);
    g_hash_table_unref(read);
    g_free(number);
    room_close(&room);
}

/* What a killed worker's connection still has under way can't be committed after the next one has begun. */
static void the_next_shuts_out_the_last(struct testdb *test)
{
    struct room room;
    room_open(&room, test);
    GError *error = NULL;
    struct printer_row row;
    g_assert_cmpint(printer_find(room.floor->site, "label-1", &row, &error), ==, 1);
    struct site *last = site_open(test->url, "worker here", NULL, &error),
                *elsewhere = site_open(test->url, "worker there", NULL, &error),
                *next = site_open(test->url, "worker here", NULL, &error);
    g_assert_no_error(error);
    g_assert_true(writer_fence(next, &error));
    g_assert_false(printer_report(last, &row, PRINTER_STOPPED, "late", &error));
    g_assert_error(error, ERR, ERR_WRITER_LOST);
    g_clear_error(&error);
    g_assert_true(printer_report(elsewhere, &row, PRINTER_ATTENTION, "in time", &error));
    g_assert_true(printer_report(next, &row, PRINTER_READY, "", &error));
    site_close(last);
    site_close(elsewhere);
    site_close(next);
    room_close(&room);
}

/* Two workers would take each other's labels for left behind: where there may be several hosts, a printer is of one. */
static void a_printer_is_of_one_host(struct testdb *test)
{
    struct room room;
    room_open(&room, test);
    GError *error = NULL;
    struct printer_row row;
    g_assert_true(printer_put(room.floor->site, &room.floor->lead, "label-9", "file:/tmp/x", NULL, NULL, &error));
    g_assert_cmpint(printer_find(room.floor->site, "label-9", &row, &error), ==, 1);
    g_assert_cmpstr(row.host, ==, test->engine == DB_POSTGRES ? g_get_host_name() : "");
    room_close(&room);
}

static void one_worker_at_a_time(struct testdb *test)
{
    GError *error = NULL;
    int fd = -1, other = -1;
    g_assert_cmpint(worker_lock_take(test->url, &fd, &error), ==, WORKER_LOCK_TAKEN);
    g_assert_cmpint(worker_lock_take(test->url, &other, &error), ==, WORKER_LOCK_HELD);
    g_assert_cmpint(paper_worker_wait(paper_worker(test->url, NULL)), ==, 0);
    g_assert_true(worker_ensure(test->url, &error));
    g_assert_no_error(error);
    close(fd);
}

static gboolean the_page_is_out(void *data)
{
    return paper_jobs(((struct room *)data)->floor, "printed") == 1;
}

static gboolean two_pages_are_out(void *data)
{
    return paper_jobs(((struct room *)data)->floor, "printed") == 2;
}

/* The server throws everybody out: the worker comes back and prints what was queued meanwhile. */
static void the_server_comes_back(struct testdb *test)
{
    struct room room;
    if (test->engine != DB_POSTGRES) {
        g_test_skip("there is no server");
        return;
    }
    room_open(&room, test);
    GPid pid = paper_worker(test->url, NULL);
    paper_packed(room.floor, 1);
    g_assert_true(paper_wait(the_page_is_out, &room));
    g_assert_cmpint(floor_int(room.floor,
                              "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity "
                              "WHERE datname = current_database() AND pid <> pg_backend_pid()",
                              0),
                    >=, 1);
    paper_packed(room.floor, 2);
    g_assert_true(paper_wait(two_pages_are_out, &room));
    kill(pid, SIGTERM);
    g_assert_cmpint(paper_worker_wait(pid), ==, 0);
    every_number_once(&room, 2);
    room_close(&room);
}

static gboolean lock_is_free(void *data)
{
    int fd = -1;
    gboolean taken = worker_lock_take(data, &fd, NULL) == WORKER_LOCK_TAKEN;
    if (fd >= 0)
        close(fd);
    return taken;
}

/* The command line queues a test page with nobody there to print it: it wakes the worker, which stays. */
static void is_started_when_needed(struct testdb *test)
{
    struct room room;
    if (test->engine != DB_SQLITE) {
        g_test_skip("the lock file lies elsewhere");
        return;
    }
    room_open(&room, test);
    char *program = headless_program("packline"),
         *path = g_strconcat(test->url + strlen("sqlite:"), "-print.lock", NULL);
    char *argv[] = {
        program, (char[]){"printers"}, (char[]){"test"}, (char[]){"label-1"}, (char[]){"--db"}, test->url,
        NULL};
    char **environment = g_environ_unsetenv(g_get_environ(), "PACKLINE_WORKER"), *pid = NULL;
    int status = -1;
    g_assert_true(g_spawn_sync(NULL, argv, environment, 0, NULL, NULL, NULL, NULL, &status, NULL));
    g_assert_cmpint(status, ==, 0);
    g_assert_true(paper_wait(the_page_is_out, &room));
    g_assert_true(g_file_get_contents(path, &pid, NULL, NULL));
    g_assert_cmpint(kill((pid_t)atoi(pid), SIGTERM), ==, 0);
    g_assert_true(paper_wait(lock_is_free, test->url));
    g_strfreev(environment);
    g_free(pid);
    g_free(path);
    g_free(program);
    room_close(&room);
}

static void ends_when_told(struct testdb *test)
{
    struct room room;
    room_open(&room, test);
    GPid pid = paper_worker(test->url, NULL);
    paper_packed(room.floor, 1);
    g_assert_true(paper_wait(the_page_is_out, &room));
    kill(pid, SIGTERM);
    g_assert_cmpint(paper_worker_wait(pid), ==, 0);
    room_close(&room);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/printing/worker/a label comes out", a_label_comes_out);
    testdb_add("/printing/worker/a run comes out", a_run_comes_out);
    testdb_add("/printing/worker/a cancelled run stops", a_cancelled_run_stops);
    testdb_add("/printing/worker/killed in a run", killed_in_a_run);
    testdb_add("/printing/worker/unknown is asked", unknown_is_asked);
    testdb_add("/printing/worker/unsent goes on", unsent_goes_on);
    testdb_add("/printing/worker/the backup takes over", the_backup_takes_over);
    testdb_add("/printing/worker/the folder comes later", the_folder_comes_later);
    testdb_add("/printing/worker/a printer goes", a_printer_goes);
    testdb_add("/printing/worker/a printer moves house", a_printer_moves_house);
    testdb_add("/printing/worker/addresses", addresses);
    testdb_add("/printing/worker/one bad label", one_bad_label);
    testdb_add("/printing/worker/sheets come out", sheets_come_out);
    testdb_add("/printing/worker/a slip comes along", a_slip_comes_along);
    testdb_add("/printing/worker/a void waybill stays in", a_void_waybill_stays_in);
    testdb_add("/printing/worker/the next shuts out the last", the_next_shuts_out_the_last);
    testdb_add("/printing/worker/a printer is of one host", a_printer_is_of_one_host);
    testdb_add("/printing/worker/one worker at a time", one_worker_at_a_time);
    testdb_add("/printing/worker/the server comes back", the_server_comes_back);
    testdb_add("/printing/worker/is started when needed", is_started_when_needed);
    testdb_add("/printing/worker/ends when told", ends_when_told);
    return g_test_run();
}

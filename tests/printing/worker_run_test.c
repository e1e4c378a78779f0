/* SPDX-License-Identifier: MIT
 *
 * Print runs at the worker: a run comes out as a whole, stops when it is cancelled, and a worker that is killed in it
 * prints no label twice.
 */
#include <signal.h>
#include <string.h>

#include "core/base/error.h"
#include "core/print/printer.h"
#include "core/print/run.h"
#include "core/print/submission.h"
#include "tests/support/paper_room.h"

static const char *const ONCE[] = {"--once", NULL};

static void a_run_comes_out(struct testdb *test)
{
    struct paper_room room;
    struct run_made made;
    paper_room_open(&room, test);
    for (int i = 0; i < 7; i++)
        paper_released(room.floor, i);
    paper_room_run(&room, "courier=hct", 3, &made);
    g_assert_cmpint(made.labels, ==, 7);
    GError *error = NULL;
    g_assert_true(printer_roll(room.floor->site, &room.floor->lead, "label-1", 100, &error));
    g_assert_true(run_pause(room.floor->site, &room.floor->lead, made.number, &error));
    paper_room_work(&room);
    g_assert_cmpint(paper_jobs(room.floor, "queued"), ==, 7);
    g_assert_true(run_resume(room.floor->site, &room.floor->lead, made.number, &error));
    g_assert_no_error(error);
    paper_room_work(&room);
    paper_room_each_once(&room, 7);
    struct printer_row row;
    g_assert_cmpint(printer_find(room.floor->site, "label-1", &row, &error), ==, 1);
    g_assert_cmpint(row.labels_left, ==, 93);
    GPtrArray *files = paper_files(room.paper);
    g_assert_cmpuint(files->len, ==, 3);
    g_ptr_array_unref(files);
    GArray *runs = runs_load(room.floor->site, 10, &error);
    const struct run *run = &g_array_index(runs, struct run, 0);
    g_assert_cmpint(run->state, ==, ST_DONE);
    g_assert_cmpint(run->printed, ==, 7);
    g_array_unref(runs);
    /* Nothing is left for a second run. */
    struct run_wish wish = {.filter = "courier=hct"};
    g_assert_false(run_start(room.floor->site, &room.floor->lead, &wish, &made, NULL, NULL, &error));
    g_assert_error(error, ERR, ERR_RUN_EMPTY);
    g_clear_error(&error);
    paper_room_close(&room);
}

static void a_cancelled_run_stops(struct testdb *test)
{
    struct paper_room room;
    struct run_made made;
    paper_room_open(&room, test);
    int64_t shipment = paper_released(room.floor, 1);
    GError *error = NULL;
    paper_room_run(&room, "shop=shop", 0, &made);
    g_assert_true(run_cancel(room.floor->site, &room.floor->lead, made.number, &error));
    paper_room_work(&room);
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
    paper_room_close(&room);
}

/* The pick list of a run is not taken by the database: it counts among what was left out, and the run goes on. */
static void a_lost_list_is_told(struct testdb *test)
{
    struct paper_room room;
    struct run_made made;
    if (test->engine != DB_SQLITE) {
        g_test_skip("the trigger is SQLite's");
        return;
    }
    paper_room_open(&room, test);
    int64_t shipment = paper_released(room.floor, 1);
    struct outcome batch = floor_do(room.floor, (struct event){.kind = EV_BATCH_MAKE, .actor = room.floor->lead});
    floor_do(room.floor, (struct event){.kind = EV_BATCH,
                                        .actor = room.floor->lead,
                                        .shipment_id = shipment,
                                        .batch_id = batch.subject_id});
    testdb_script(room.floor->site->db,
                  "CREATE TRIGGER loses BEFORE INSERT ON job WHEN NEW.kind = 'pick_list' "
                  "BEGIN SELECT RAISE(ABORT, 'planted'); END");
    paper_room_run(&room, "courier=hct", 0, &made);
    testdb_script(room.floor->site->db, "DROP TRIGGER loses");
    g_assert_cmpint(made.labels, ==, 1);
    g_assert_cmpint(made.refused, ==, 1);
    paper_room_close(&room);
}

static const char COUNT_SUBMISSIONS[] = "SELECT COUNT(*) FROM submission";

struct progress {
    struct paper_room *room;
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
    struct paper_room room;
    struct run_made made;
    paper_room_open(&room, test);
    for (int i = 0; i < LABELS; i++)
        paper_released(room.floor, i);
    paper_room_run(&room, "courier=hct", 2, &made);
    for (int kills = 0; kills < 6; kills++) {
        struct progress next = {&room, (int)floor_int(room.floor, COUNT_SUBMISSIONS, 0) + 1 + kills};
        GPid pid = paper_worker(test->url, ONCE);
        g_assert_true(paper_wait(that_many_begun_or_all_over, &next));
        kill(pid, SIGKILL);
        paper_worker_wait(pid);
    }
    paper_room_work(&room);
    g_assert_cmpint(paper_jobs(room.floor, "queued") + paper_jobs(room.floor, "submitting") + paper_jobs(room.floor, "submitted"), ==,
                    0);
    int64_t printed = paper_jobs(room.floor, "printed"), unknown = paper_jobs(room.floor, "unknown");
    g_test_message("%d printed, %d put to a person", (int)printed, (int)unknown);
    g_assert_cmpint(printed + unknown, ==, LABELS);
    paper_room_each_once(&room, printed);
    paper_room_close(&room);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/printing/worker/a run comes out", a_run_comes_out);
    testdb_add("/printing/worker/a cancelled run stops", a_cancelled_run_stops);
    testdb_add("/printing/worker/a lost list is told", a_lost_list_is_told);
    testdb_add("/printing/worker/killed in a run", killed_in_a_run);
    return g_test_run();
}

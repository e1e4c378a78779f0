/* SPDX-License-Identifier: MIT
 *
 * Submissions of which a worker hears twice, or late: one that was started beside another, or comes back after a long pause.
 * On both engines.
 */
#include "core/print/printer.h"
#include "core/print/submission.h"
#include "tests/support/paper_room.h"

static int64_t labels_left(struct paper_room *room)
{
    struct printer_row row;
    GError *error = NULL;
    g_assert_cmpint(printer_find(room->floor->site, "label-1", &row, &error), ==, 1);
    g_assert_no_error(error);
    return row.labels_left;
}

static void state_is(struct paper_room *room, const struct submission *submission, const char *state)
{
    g_autofree char *found = floor_text(room->floor, "SELECT state FROM submission WHERE id = $1", submission->id);
    g_assert_cmpstr(found, ==, state);
}

/* One label is on its way, of a roll of a hundred. */
static void send_one(struct paper_room *room, struct submission *submission)
{
    GError *error = NULL;
    gboolean sealed = FALSE;
    g_assert_true(printer_roll(room->floor->site, &room->floor->lead, "label-1", 100, &error));
    paper_packed(room->floor, 1);
    int64_t pages = paper_claimed(room->floor, submission);
    g_assert_cmpint(pages, ==, 1);
    g_assert_true(submission_seal(room->floor->site, submission, pages, &sealed, &error) && sealed);
    submission->cups_id = 7;
    g_assert_true(submission_sent(room->floor->site, submission, &error));
    g_assert_no_error(error);
    state_is(room, submission, "submitted");
    g_assert_cmpint(paper_jobs(room->floor, "submitted"), ==, 1);
}

/* What came out is counted once, and what is known of the paper stays known. */
static void it_ends_once(struct testdb *test)
{
    struct paper_room room;
    struct submission submission;
    GError *error = NULL;
    paper_room_open(&room, test);
    struct site *site = room.floor->site;
    send_one(&room, &submission);
    struct submission seen = submission; /* by the other, before it ended */
    g_assert_true(submission_settle(site, &submission, 1, FATE_PRINTED, "", &error));
    g_assert_cmpint(labels_left(&room), ==, 99);
    g_assert_true(submission_settle(site, &seen, 1, FATE_PRINTED, "", &error));
    g_assert_true(submission_settle(site, &seen, 1, FATE_UNKNOWN, "gone", &error));
    g_assert_true(submission_sent(site, &seen, &error));
    g_assert_true(submission_take_back(site, &seen, 0, "", &error));
    g_assert_no_error(error);
    g_assert_cmpint(labels_left(&room), ==, 99);
    g_assert_cmpint(paper_jobs(room.floor, "printed"), ==, 1);
    state_is(&room, &submission, "printed");
    g_assert_cmpint(floor_int(room.floor, "SELECT COUNT(*) FROM submission WHERE state_text = ''", 0), ==, 1);
    paper_room_close(&room);
}

/* A worker that begins says once more of what is on its way that it is; of what was never sealed nobody says it. */
static void it_is_sent_while_it_is_open(struct testdb *test)
{
    struct paper_room room;
    struct submission submission, other;
    GError *error = NULL;
    paper_room_open(&room, test);
    struct site *site = room.floor->site;
    send_one(&room, &submission);
    g_assert_true(submission_sent(site, &submission, &error));
    state_is(&room, &submission, "submitted");
    g_assert_true(submission_settle(site, &submission, 1, FATE_PRINTED, "", &error));
    paper_packed(room.floor, 2);
    paper_claimed(room.floor, &other);
    g_assert_true(submission_sent(site, &other, &error));
    g_assert_no_error(error);
    state_is(&room, &other, "submitting");
    g_assert_cmpint(paper_jobs(room.floor, "submitting"), ==, 1);
    g_assert_true(submission_take_back(site, &other, 0, "", &error));
    paper_room_close(&room);
}

/* What became of a label is told by the submission that has it, and by no other; and no second one takes it. */
static void no_other_speaks_for_its_labels(struct testdb *test)
{
    struct paper_room room;
    struct submission submission, other;
    GError *error = NULL;
    paper_room_open(&room, test);
    struct floor *floor = room.floor;
    send_one(&room, &submission);
    paper_packed(floor, 2);
    paper_claimed(floor, &other);
    int64_t job = floor_int(floor, "SELECT id FROM job WHERE submission_id = $1", submission.id);
    struct event word = {.kind = EV_JOB_PRINTED, .actor = floor->system, .job_id = job, .submission_id = other.id, .page = 1};
    floor_refused(floor, word, ERR_FLOW_UNKNOWN);
    word.submission_id = 0;
    floor_refused(floor, word, ERR_FLOW_UNKNOWN);
    word.kind = EV_JOB_CLAIM;
    word.submission_id = other.id;
    floor_refused(floor, word, ERR_FLOW_STATE);
    word.job_id = floor_int(floor, "SELECT id FROM job WHERE submission_id = $1", other.id);
    floor_of_job(floor, EV_JOB_FAILED, word.job_id, other.id);
    floor_do(floor, (struct event){.kind = EV_JOB_RETRY, .actor = floor->system, .job_id = word.job_id});
    word.submission_id = submission.id; /* which is on its way already */
    floor_refused(floor, word, ERR_FLOW_UNKNOWN);
    g_assert_true(submission_settle(floor->site, &submission, 1, FATE_PRINTED, "", &error));
    g_assert_true(submission_take_back(floor->site, &other, 0, "", &error));
    g_assert_no_error(error);
    g_assert_cmpint(paper_jobs(floor, "printed"), ==, 1);
    paper_room_close(&room);
}

/* Each of its four steps is an event and moves its version; as it is now, no difference keeps it. */
static void it_moves_by_events(struct testdb *test)
{
    struct paper_room room;
    struct submission submission;
    GError *error = NULL;
    paper_room_open(&room, test);
    struct floor *floor = room.floor;
    send_one(&room, &submission);
    g_assert_true(submission_settle(floor->site, &submission, 1, FATE_PRINTED, "", &error));
    g_assert_no_error(error);
    g_assert_cmpint(floor_int(floor, "SELECT version FROM submission WHERE id = $1", submission.id), ==, 4);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM journal WHERE machine = 'submission' AND subject_id = $1",
                              submission.id), ==, 4);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM difference WHERE subject_id = $1", submission.id), ==, 0);
    paper_room_close(&room);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/printing/submission/it ends once", it_ends_once);
    testdb_add("/printing/submission/it is sent while it is open", it_is_sent_while_it_is_open);
    testdb_add("/printing/submission/no other speaks for its labels", no_other_speaks_for_its_labels);
    testdb_add("/printing/submission/it moves by events", it_moves_by_events);
    return g_test_run();
}

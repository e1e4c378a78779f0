/* SPDX-License-Identifier: MIT */
#include "core/print/submission.h"

#include <string.h>

#include "core/act/act.h"
#include "core/base/clean.h"
#include "core/db/rows.h"
#include "core/print/printer.h"
#include "core/site/site.h"

#define JOB_COLUMNS(COLUMN, PARSED)                                                                                    \
    COLUMN("j.id, ", id)                                                                                               \
    COLUMN("COALESCE(j.waybill_id, 0), ", waybill_id)                                                                  \
    COLUMN("COALESCE(j.shipment_id, 0), ", shipment_id)                                                                \
    COLUMN("COALESCE(j.batch_id, 0), ", batch_id)                                                                      \
    COLUMN("COALESCE(j.manifest_id, 0), ", manifest_id)                                                                \
    COLUMN("COALESCE(j.person_id, 0), ", person_id)                                                                    \
    COLUMN("COALESCE(j.run_id, 0), ", run_id)                                                                          \
    COLUMN("j.run_sequence, ", run_sequence)                                                                           \
    COLUMN("j.copy, ", copy)                                                                                           \
    COLUMN("j.page, ", page)                                                                                           \
    COLUMN("j.printer_id, ", printer_id)                                                                               \
    PARSED("j.state, ", state, flow_state_parse)                                                                       \
    COLUMN("j.kind", kind)

#define SUBMISSION_COLUMNS(COLUMN, PARSED)                                                                             \
    COLUMN("id, ", id)                                                                                                 \
    COLUMN("printer_id, ", printer_id)                                                                                 \
    COLUMN("cups_id, ", cups_id)                                                                                       \
    COLUMN("pages, ", pages)                                                                                           \
    COLUMN("changed_at, ", changed_at)                                                                                 \
    COLUMN("uuid, ", uuid)                                                                                             \
    COLUMN("state, ", state)                                                                                           \
    COLUMN("cups_uuid", cups_uuid)

#define UNSURE_COLUMNS(COLUMN, PARSED)                                                                                 \
    COLUMN("j.id, ", job_id)                                                                                           \
    COLUMN("j.changed_at, ", changed_at)                                                                               \
    COLUMN("j.copy, ", copy)                                                                                           \
    PARSED("j.state, ", state, flow_state_parse)                                                                       \
    COLUMN("j.kind, ", kind)                                                                                           \
    COLUMN("p.name, ", printer)                                                                                        \
    COLUMN("COALESCE(w.number, ''), ", number)                                                                         \
    COLUMN("COALESCE(o.external_id, ''), ", order)                                                                     \
    COLUMN("j.state_text, ", text)                                                                                     \
    COLUMN("COALESCE(b.number, '')", batch)

/* A bench's prints first, a run's in its sequence. */
#define IN_TURN " ORDER BY j.priority, j.run_sequence, j.id LIMIT "

/* Of a submission. What has ended stays as it ended, whoever comes late. */
#define IS_OPEN "AND state IN ('submitting', 'submitted')"

enum {
    NEXT_BENCH, NEXT_RUN, NEXT_OF_RUN, WAITING, OPEN, OF_SUBMISSION, BEGIN, SEAL, UNDO, SENT, SETTLE, ROLL, UNSENT_OF_PRINTER,
    LOAD, UNSURE
};

static const struct sql SQL[] = {
    [NEXT_BENCH] = {"job_next_bench",
                    "SELECT " COLUMNS_OF(JOB_COLUMNS) " FROM job j WHERE j.printer_id = $1 AND j.state = 'queued' "
                    "AND j.priority = 0 AND j.run_id IS NULL" IN_TURN "2"},
    [NEXT_RUN] = {"job_next_run", "SELECT r.id, r.per_submission FROM print_run r WHERE r.warehouse_id = $2 "
                                  "AND r.state IN ('running', 'done') AND EXISTS (SELECT 1 FROM job j "
                                  "WHERE j.run_id = r.id AND j.state = 'queued' AND j.printer_id = $1) "
                                  "ORDER BY r.id LIMIT 1"},
    [NEXT_OF_RUN] = {"job_next_of_run", "SELECT " COLUMNS_OF(JOB_COLUMNS) " FROM job j WHERE j.printer_id = $1 "
                                        "AND j.state = 'queued' AND j.run_id = $2" IN_TURN "$3"},
    [WAITING] = {"job_waiting", "SELECT j.id FROM job j JOIN printer p ON p.id = j.printer_id "
                                "LEFT JOIN print_run r ON r.id = j.run_id WHERE j.state = 'queued' "
                                "AND (r.id IS NULL OR r.state IN ('running', 'done')) AND p.warehouse_id = $1 "
                                "AND (p.host = '' OR p.host = $2) LIMIT 1"},
    [OPEN] = {"submission_open", "SELECT " COLUMNS_OF(SUBMISSION_COLUMNS) " FROM submission WHERE printer_id = $1 "
                                 IS_OPEN " ORDER BY id"},
    [OF_SUBMISSION] = {"job_of_submission", "SELECT " COLUMNS_OF(JOB_COLUMNS) " FROM job j WHERE j.submission_id = $1 "
                                            "AND j.state IN ('submitting', 'submitted') ORDER BY j.page, j.id"},
    [BEGIN] = {"submission_begin", "INSERT INTO submission (id, uuid, printer_id, state, at, changed_at) "
                                   "SELECT $1, $2, p.id, 'submitting', $4, $4 FROM printer p "
                                   "WHERE p.id = $3 AND p.active = 1 AND p.host = $5 AND p.uri = $6"},
    [SEAL] = {"submission_seal", "UPDATE submission SET pages = $2, changed_at = $3 "
                                 "WHERE id = $1 AND state = 'submitting' AND pages = 0"},
    [UNDO] = {"submission_undo", "UPDATE submission SET pages = -1, changed_at = $2 "
                                 "WHERE id = $1 AND state = 'submitting' AND pages <= 0"},
    [SENT] = {"submission_sent", "UPDATE submission SET state = 'submitted', cups_id = $2, cups_uuid = $3, "
                                 "changed_at = $4 WHERE id = $1 AND pages > 0 " IS_OPEN},
    [SETTLE] = {"submission_settle", "UPDATE submission SET state = $2, state_text = $3, changed_at = $4 "
                                     "WHERE id = $1 " IS_OPEN},
    [ROLL] = {"submission_roll", "UPDATE printer SET labels_left = CASE WHEN labels_left > $2 THEN labels_left - $2 "
                                 "ELSE 0 END WHERE id = $1 AND labels_left IS NOT NULL"},
    [UNSENT_OF_PRINTER] = {"job_unsent", "SELECT " COLUMNS_OF(JOB_COLUMNS) " FROM job j WHERE j.printer_id = $1 "
                                         "AND j.state = 'queued'" IN_TURN "200"},
    [LOAD] = {"job_load", "SELECT " COLUMNS_OF(JOB_COLUMNS) " FROM job j WHERE j.id = $1"},
    [UNSURE] = {"job_unsure",
                "SELECT " COLUMNS_OF(UNSURE_COLUMNS) " FROM job j JOIN printer p ON p.id = j.printer_id "
                "LEFT JOIN waybill w ON w.id = j.waybill_id LEFT JOIN shipment s ON s.id = j.shipment_id "
                "LEFT JOIN sales_order o ON o.id = s.order_id LEFT JOIN batch b ON b.id = j.batch_id "
                "LEFT JOIN print_run r ON r.id = j.run_id WHERE j.warehouse_id = $1 "
                "AND j.state IN ('unknown', 'failed') "
                "AND NOT (j.submission_id IS NULL AND COALESCE(r.state, '') = 'cancelled') "
                "ORDER BY CASE j.state WHEN 'unknown' THEN 0 ELSE 1 END, j.id LIMIT $2"},
};

ROWS_READER(read_job, struct job, JOB_COLUMNS)
ROWS_READER(read_submission, struct submission, SUBMISSION_COLUMNS)
ROWS_READER(read_unsure, struct unsure, UNSURE_COLUMNS)

/* --- reading -------------------------------------------------------------------------------------------- */

static GArray *load_jobs(struct site *site, int statement, const struct db_value *args, size_t count, GError **error)
{
    return rows_list(db_query(site->db, &SQL[statement], args, count, error), sizeof(struct job), read_job, error);
}

GArray *jobs_next(struct site *site, int64_t printer_id, GError **error)
{
    g_autoptr(GArray) bench = load_jobs(site, NEXT_BENCH, DB_ARGS(printer_id), error);
    if (!bench)
        return NULL;
    const struct job *first = (const struct job *)(const void *)bench->data;
    if (bench->len == 2 && (first[0].waybill_id == 0 || first[1].waybill_id != first[0].waybill_id))
        g_array_set_size(bench, 1);
    int64_t run[2] = {0, 0};
    int found = 0;
    if (bench->len == 0)
        found = db_get_ints(site->db, &SQL[NEXT_RUN], DB_ARGS(printer_id, site->warehouse_id), run, 2, error);
    if (found > 0)
        return load_jobs(site, NEXT_OF_RUN, DB_ARGS(printer_id, run[0], run[1]), error);
    return found == 0 ? g_steal_pointer(&bench) : NULL;
}

int jobs_waiting(struct site *site, const char *host, GError **error)
{
    int64_t id = 0;
    return db_get_ints(site->db, &SQL[WAITING], DB_ARGS(site->warehouse_id, host), &id, 1, error);
}

GArray *submissions_open(struct site *site, int64_t printer_id, GError **error)
{
    return rows_list(db_query(site->db, &SQL[OPEN], DB_ARGS(printer_id), error), sizeof(struct submission),
                     read_submission, error);
}

GArray *submission_jobs(struct site *site, int64_t submission_id, GError **error)
{
    return load_jobs(site, OF_SUBMISSION, DB_ARGS(submission_id), error);
}

int job_load(struct site *site, int64_t job_id, struct job *job, GError **error)
{
    *job = (struct job){0};
    return rows_first(db_query(site->db, &SQL[LOAD], DB_ARGS(job_id), error), read_job, job, error);
}

/* --- events --------------------------------------------------------------------------------------------- */

static struct event worker_event(enum event_kind kind, int64_t job_id, const char *text)
{
    return (struct event){.kind = kind, .job_id = job_id, .text = text};
}

/* *done (may be NULL): how many were not refused. */
static gboolean apply(struct site *site, GArray *events, int *done, GError **error)
{
    struct flow_tally tally = {0};
    const struct actor worker = {.person_id = site->system_person_id};
    gboolean good = flow_do_all(site, worker, events, NULL, NULL, &tally, error);
    if (done)
        *done = (int)tally.done;
    return good;
}

/* One event a job of those that are in a state (ST_NONE: any). */
static gboolean apply_to_all(struct site *site, const GArray *jobs, enum state only, enum event_kind kind,
                             int64_t printer_id, int *done, GError **error)
{
    GArray *events = g_array_new(FALSE, TRUE, sizeof(struct event));
    for (guint i = 0; i < jobs->len; i++) {
        const struct job *job = &g_array_index(jobs, struct job, i);
        struct event event = worker_event(kind, job->id, NULL);
        event.printer_id = printer_id;
        if (only == ST_NONE || job->state == only)
            g_array_append_val(events, event);
    }
    return apply(site, events, done, error);
}

/* --- the worker's steps --------------------------------------------------------------------------------- */

/* *changed: whether the row was as the statement wants it. */
static gboolean change_row(struct site *site, int statement, const struct db_value *args, size_t count,
                           gboolean *changed, GError **error)
{
    int64_t rows = 0;
    gboolean good = db_exec(site->db, &SQL[statement], args, count, &rows, error);
    *changed = rows == 1;
    return good;
}

gboolean submission_begin(struct site *site, const struct printer_row *printer, struct submission *submission,
                          gboolean *begun, GError **error)
{
    if (!site_is_floor(site, error))
        return FALSE;
    *submission =
        (struct submission){.id = site_id(site), .printer_id = printer->id, .changed_at = site_now(site)};
    g_autofree char *uuid = g_uuid_string_random();
    clean_copy(submission->uuid, sizeof submission->uuid, uuid);
    clean_copy(submission->state, sizeof submission->state, "submitting");
    return change_row(site, BEGIN,
                      DB_ARGS(submission->id, submission->uuid, printer->id, submission->changed_at, printer->host,
                              printer->uri),
                      begun, error);
}

gboolean submission_claim(struct site *site, const struct submission *submission, const GArray *jobs,
                          gboolean *all, GError **error)
{
    GArray *events = g_array_new(FALSE, TRUE, sizeof(struct event));
    for (guint i = 0; i < jobs->len; i++) {
        const struct job *job = &g_array_index(jobs, struct job, i);
        struct event event = worker_event(EV_JOB_CLAIM, job->id, NULL);
        event.submission_id = submission->id;
        event.page = job->page;
        g_array_append_val(events, event);
    }
    int done = 0;
    gboolean good = apply(site, events, &done, error);
    *all = done == (int)jobs->len;
    return good;
}

gboolean submission_seal(struct site *site, struct submission *submission, int64_t pages, gboolean *sealed,
                         GError **error)
{
    submission->pages = pages;
    return change_row(site, SEAL, DB_ARGS(submission->id, pages, site_now(site)), sealed, error);
}

gboolean submission_sent(struct site *site, struct submission *submission, GError **error)
{
    gboolean open = FALSE;
    if (!change_row(site, SENT, DB_ARGS(submission->id, submission->cups_id, submission->cups_uuid, site_now(site)), &open,
                    error))
        return FALSE;
    if (!open)
        return TRUE;
    clean_copy(submission->state, sizeof submission->state, "submitted");
    g_autoptr(GArray) jobs = submission_jobs(site, submission->id, error);
    return jobs && apply_to_all(site, jobs, ST_SUBMITTING, EV_JOB_SENT, 0, NULL, error);
}

/* The submission's row and the roll it used up, once. */
struct ending {
    struct site *site;
    const struct submission *submission;
    const char *state, *text;
    int64_t pages;
};

static gboolean ending_work(struct db *db, void *data, GError **error)
{
    const struct ending *ending = data;
    gboolean ends = FALSE;
    return change_row(ending->site, SETTLE,
                      DB_ARGS(ending->submission->id, ending->state, ending->text, site_now(ending->site)), &ends, error) &&
           (!ends || db_exec(db, &SQL[ROLL], DB_ARGS(ending->submission->printer_id, ending->pages), NULL, error));
}

gboolean submission_settle(struct site *site, const struct submission *submission, int64_t pages_done,
                           enum fate rest, const char *text, GError **error)
{
    static const struct {
        enum event_kind event;
        const char *state;
    } FATES[] = {[FATE_PRINTED] = {EV_JOB_PRINTED, "printed"},
                 [FATE_FAILED] = {EV_JOB_FAILED, "failed"},
                 [FATE_UNKNOWN] = {EV_JOB_LOST, "unknown"}};
    g_autoptr(GArray) jobs = submission_jobs(site, submission->id, error);
    if (!jobs)
        return FALSE;
    GArray *events = g_array_new(FALSE, TRUE, sizeof(struct event));
    for (guint i = 0; i < jobs->len; i++) {
        const struct job *job = &g_array_index(jobs, struct job, i);
        /* A label's last page is the one before the next label's first. */
        int64_t last = i + 1 < jobs->len ? g_array_index(jobs, struct job, i + 1).page - 1 : submission->pages;
        gboolean printed = rest == FATE_PRINTED || (job->page > 0 && last <= pages_done);
        struct event event = worker_event(printed ? EV_JOB_PRINTED : FATES[rest].event, job->id, printed ? NULL : text);
        g_array_append_val(events, event);
    }
    struct ending ending = {site, submission, FATES[rest].state, text ? text : "",
                            rest == FATE_PRINTED ? submission->pages : pages_done};
    return apply(site, events, NULL, error) && db_transaction(site->db, ending_work, &ending, error);
}

/* Both events of a job follow each other, so that they are committed together: a crash between them would
 * leave the job to a person. */
static gboolean queue_again(struct site *site, const GArray *jobs, int64_t printer_id, const char *text, GError **error)
{
    GArray *events = g_array_new(FALSE, TRUE, sizeof(struct event));
    for (guint i = 0; i < jobs->len; i++) {
        int64_t job_id = g_array_index(jobs, struct job, i).id;
        struct event pair[] = {worker_event(EV_JOB_FAILED, job_id, text), worker_event(EV_JOB_RETRY, job_id, text)};
        pair[1].printer_id = printer_id;
        g_array_append_vals(events, pair, G_N_ELEMENTS(pair));
    }
    return apply(site, events, NULL, error);
}

gboolean submission_take_back(struct site *site, const struct submission *submission, int64_t printer_id,
                              const char *text, GError **error)
{
    gboolean unsent = TRUE;
    if (submission->pages <= 0 && !change_row(site, UNDO, DB_ARGS(submission->id, site_now(site)), &unsent, error))
        return FALSE;
    if (!unsent)
        return TRUE;
    g_autoptr(GArray) jobs = submission_jobs(site, submission->id, error);
    return jobs && queue_again(site, jobs, printer_id, text, error) &&
           db_exec(site->db, &SQL[SETTLE], DB_ARGS(submission->id, "failed", text, site_now(site)), NULL, error);
}

gboolean jobs_move(struct site *site, int64_t from_printer_id, int64_t to_printer_id, int *moved, GError **error)
{
    g_autoptr(GArray) jobs = load_jobs(site, UNSENT_OF_PRINTER, DB_ARGS(from_printer_id), error);
    *moved = 0;
    return jobs && apply_to_all(site, jobs, ST_NONE, EV_JOB_RETRY, to_printer_id, moved, error);
}

gboolean job_fail(struct site *site, const struct job *job, const char *text, GError **error)
{
    struct event event = worker_event(EV_JOB_FAILED, job->id, text);
    GArray *events = g_array_new(FALSE, TRUE, sizeof(struct event));
    g_array_append_val(events, event);
    return apply(site, events, NULL, error);
}

/* --- people's part -------------------------------------------------------------------------------------- */

GArray *jobs_unsure(struct site *site, int64_t limit, GError **error)
{
    return rows_list(db_query(site->db, &SQL[UNSURE], DB_ARGS(site->warehouse_id, limit), error), sizeof(struct unsure),
                     read_unsure, error);
}

gboolean job_retry(struct site *site, const struct actor *by, int64_t job_id, int64_t printer_id, GError **error)
{
    struct event event = {.kind = EV_JOB_RETRY, .actor = *by, .job_id = job_id, .printer_id = printer_id};
    return flow_do(site, event, NULL, error);
}

gboolean job_answer(struct site *site, const struct actor *by, int64_t job_id, const char *answer, GError **error)
{
    struct event event = {.kind = EV_JOB_ANSWER, .actor = *by, .job_id = job_id, .reason = answer};
    return flow_do(site, event, NULL, error);
}

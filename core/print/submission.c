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

enum {
    NEXT_BENCH, NEXT_RUN, NEXT_OF_RUN, WAITING, OPEN, OF_SUBMISSION, UNSENT_OF_PRINTER, LOAD, UNSURE
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
                                 "AND state IN ('submitting', 'submitted') ORDER BY id"},
    [OF_SUBMISSION] = {"job_of_submission", "SELECT " COLUMNS_OF(JOB_COLUMNS) " FROM job j WHERE j.submission_id = $1 "
                                            "AND j.state IN ('submitting', 'submitted') ORDER BY j.page, j.id"},
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

static GArray *events_new(void)
{
    return g_array_new(FALSE, TRUE, sizeof(struct event));
}

static void add(GArray *events, struct event event)
{
    g_array_append_val(events, event);
}

/* *done (may be NULL): how many were not refused. led: none of the others when the first is. Takes the list. One of a hundred
 * labels or more takes several transactions, and is written down first as any list is (apply/agenda.h): a submission that is over
 * is looked for no more, so those of its jobs that a worker who died had not come to would wait for ever. */
static gboolean apply(struct site *site, GArray *events, gboolean led, int *done, GError **error)
{
    struct flow_tally tally = {0};
    const struct actor worker = {.person_id = site->system_person_id};
    gboolean good = flow_do_list(site, worker, events, &(struct flow_way){.led = led}, &tally, error);
    if (done)
        *done = (int)tally.done;
    return good;
}

/* --- the worker's steps --------------------------------------------------------------------------------- */

/* The submission's own event, which leads, and those of its jobs that go with it. */
static GArray *events_of(enum event_kind kind, const struct submission *submission, int64_t quantity, const char *text)
{
    GArray *events = events_new();
    add(events, (struct event){.kind = kind, .submission_id = submission->id, .quantity = quantity, .text = text});
    return events;
}

static struct event job_event(enum event_kind kind, const struct submission *submission, const struct job *job,
                              const char *text)
{
    return (struct event){.kind = kind, .job_id = job->id, .submission_id = submission->id, .text = text};
}

static GArray *events_to_make(struct site *site, const struct printer_row *printer, struct submission *submission)
{
    g_autofree char *uuid = g_uuid_string_random();
    *submission = (struct submission){.id = flow_key(site), .printer_id = printer->id, .changed_at = site_now(site)};
    clean_copy(submission->uuid, sizeof submission->uuid, uuid);
    clean_copy(submission->state, sizeof submission->state, flow_state_name(ST_SUBMITTING));
    GArray *events = events_new();
    add(events, (struct event){.key = submission->id, .kind = EV_SUBMISSION_MAKE, .printer_id = printer->id,
                               .quantity = printer_address(printer->host, printer->uri), .text = submission->uuid});
    return events;
}

gboolean submission_make(struct site *site, const struct printer_row *printer, const GArray *jobs,
                         struct submission *submission, gboolean *made, gboolean *all, GError **error)
{
    int done = 0;
    if (!site_is_floor(site, error))
        return FALSE;
    GArray *events = events_to_make(site, printer, submission);
    for (guint i = 0; i < jobs->len; i++) {
        const struct job *job = &g_array_index(jobs, struct job, i);
        struct event event = job_event(EV_JOB_CLAIM, submission, job, NULL);
        event.page = job->page;
        add(events, event);
    }
    gboolean good = apply(site, events, TRUE, &done, error);
    *made = done > 0;
    *all = done == 1 + (int)jobs->len;
    return good;
}

gboolean submission_seal(struct site *site, struct submission *submission, int64_t pages, gboolean *sealed,
                         GError **error)
{
    int done = 0;
    submission->pages = pages;
    gboolean good = apply(site, events_of(EV_SUBMISSION_SEAL, submission, pages, NULL), TRUE, &done, error);
    *sealed = done == 1;
    return good;
}

gboolean submission_sent(struct site *site, struct submission *submission, GError **error)
{
    int done = 0;
    g_autoptr(GArray) jobs = submission_jobs(site, submission->id, error);
    if (!jobs)
        return FALSE;
    GArray *events = events_of(EV_SUBMISSION_SENT, submission, submission->cups_id, submission->cups_uuid);
    for (guint i = 0; i < jobs->len; i++) {
        const struct job *job = &g_array_index(jobs, struct job, i);
        if (job->state == ST_SUBMITTING)
            add(events, job_event(EV_JOB_SENT, submission, job, NULL));
    }
    gboolean good = apply(site, events, TRUE, &done, error);
    if (done > 0)
        clean_copy(submission->state, sizeof submission->state, flow_state_name(ST_SUBMITTED));
    return good;
}

gboolean submission_settle(struct site *site, const struct submission *submission, int64_t pages_done,
                           enum fate rest, const char *text, GError **error)
{
    static const struct {
        enum event_kind own, of_job;
    } FATES[] = {[FATE_PRINTED] = {EV_SUBMISSION_PRINTED, EV_JOB_PRINTED},
                 [FATE_FAILED] = {EV_SUBMISSION_FAILED, EV_JOB_FAILED},
                 [FATE_UNKNOWN] = {EV_SUBMISSION_LOST, EV_JOB_LOST}};
    g_autoptr(GArray) jobs = submission_jobs(site, submission->id, error);
    if (!jobs)
        return FALSE;
    int64_t came_out = rest == FATE_PRINTED ? submission->pages : pages_done;
    GArray *events = events_of(FATES[rest].own, submission, came_out, text);
    for (guint i = 0; i < jobs->len; i++) {
        const struct job *job = &g_array_index(jobs, struct job, i);
        /* A label's last page is the one before the next label's first. */
        int64_t last = i + 1 < jobs->len ? g_array_index(jobs, struct job, i + 1).page - 1 : submission->pages;
        gboolean printed = rest == FATE_PRINTED || (job->page > 0 && last <= pages_done);
        add(events, job_event(printed ? EV_JOB_PRINTED : FATES[rest].of_job, submission, job, printed ? NULL : text));
    }
    return apply(site, events, TRUE, NULL, error);
}

/* Both events of a job follow each other: one that failed is left to a person. */
gboolean submission_take_back(struct site *site, const struct submission *submission, int64_t printer_id,
                              const char *text, GError **error)
{
    g_autoptr(GArray) jobs = submission_jobs(site, submission->id, error);
    if (!jobs)
        return FALSE;
    GArray *events = events_of(submission->pages > 0 ? EV_SUBMISSION_FAILED : EV_SUBMISSION_WITHDRAW, submission, 0, text);
    for (guint i = 0; i < jobs->len; i++) {
        const struct job *job = &g_array_index(jobs, struct job, i);
        add(events, job_event(EV_JOB_FAILED, submission, job, text));
        add(events, (struct event){.kind = EV_JOB_RETRY, .job_id = job->id, .printer_id = printer_id, .text = text});
    }
    return apply(site, events, TRUE, NULL, error);
}

gboolean jobs_move(struct site *site, int64_t from_printer_id, int64_t to_printer_id, int *moved, GError **error)
{
    g_autoptr(GArray) jobs = load_jobs(site, UNSENT_OF_PRINTER, DB_ARGS(from_printer_id), error);
    *moved = 0;
    if (!jobs)
        return FALSE;
    GArray *events = events_new();
    for (guint i = 0; i < jobs->len; i++)
        add(events, (struct event){.kind = EV_JOB_RETRY, .job_id = g_array_index(jobs, struct job, i).id,
                                   .printer_id = to_printer_id});
    return apply(site, events, FALSE, moved, error);
}

gboolean job_fail(struct site *site, const struct job *job, const char *text, GError **error)
{
    GArray *events = events_new();
    add(events, (struct event){.kind = EV_JOB_FAILED, .job_id = job->id, .text = text});
    return apply(site, events, FALSE, NULL, error);
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

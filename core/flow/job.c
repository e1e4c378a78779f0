/* SPDX-License-Identifier: MIT
 *
 * The print-job outbox, from the floor's side: a job is written in the transaction of the event that wants the paper, and
 * its state says what is known of the paper. The worker (printing/queue) moves it by events like everyone else.
 */
#include <string.h>

#include "core/base/translate.h"
#include "core/flow/decision.h"
#include "core/flow/progress.h"

/* A bench waits for its label; a run does not. */
enum { PRIORITY_BENCH = 0, PRIORITY_RUN = 10 };

/* --- printers ------------------------------------------------------------------------------------------- */

static int64_t active(const struct decision *d, int64_t printer_id)
{
    const struct printer *printer = printer_find(d->dossier, printer_id);
    return printer && printer->active ? printer->id : 0;
}

static int64_t backup_of(const struct decision *d, int64_t printer_id)
{
    const struct printer *printer = printer_find(d->dossier, printer_id);
    return printer ? active(d, printer->backup_id) : 0;
}

static int64_t first_printer(const struct decision *d)
{
    int64_t first = 0;
    for (EACH_ROW(printer, printer, d->dossier, 0))
        if (printer->active && (first == 0 || printer->id < first))
            first = printer->id;
    return first;
}

/* *printer_id: the one that is wanted, 0 for the station's; gets one that is there: one that was removed stands in nobody's
 * way, its backup, else the station's, else the first there is. A run's was looked up when it began. */
static gboolean choose_printer(struct decision *d, int64_t *printer_id, GError **error)
{
    if (*printer_id && d->ev->run_id)
        return TRUE;
    if (!decision_has(d, NEED_PRINTERS))
        return FALSE;
    const struct station *station = station_find(d->dossier, d->ev->actor.station_id);
    const int64_t choice[] = {active(d, *printer_id), backup_of(d, *printer_id),
                              station ? active(d, station->printer_id) : 0,
                              station ? active(d, station->backup_printer_id) : 0, first_printer(d)};
    *printer_id = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(choice) && *printer_id == 0; i++)
        *printer_id = choice[i];
    return *printer_id != 0 || err_set(error, ERR_PRINTER_NONE);
}

/* --- making --------------------------------------------------------------------------------------------- */

static struct job *new_job(struct decision *d, const char *kind, int64_t waybill_id, int64_t printer_id, int64_t run_id)
{
    struct job *job = job_add(d->dossier, decision_id(d), waybill_id);
    job->kind = dossier_text(d->dossier, kind);
    job->state = ST_QUEUED;
    job->version = 1;
    job->printer_id = printer_id;
    job->run_id = run_id;
    job->priority = run_id ? PRIORITY_RUN : PRIORITY_BENCH;
    job->made_at = job->changed_at = d->now;
    job->reason = job->answer = job->state_text = job->about = "";
    return job;
}

/* About what the event is about. */
static struct job *job_of_event(struct decision *d, const char *kind, int64_t waybill_id, GError **error)
{
    const struct event *ev = d->ev;
    int64_t printer_id = ev->printer_id;
    if (!choose_printer(d, &printer_id, error))
        return NULL;
    struct job *job = new_job(d, kind, waybill_id, printer_id, ev->run_id);
    job->shipment_id = d->ship ? d->ship->id : 0; /* no document is of one */
    job->batch_id = ev->batch_id;
    job->manifest_id = ev->manifest_id;
    job->person_id = ev->person_id;
    return job;
}

gboolean job_write(struct decision *d, const char *kind, const struct waybill *waybill, int64_t copy, const char *reason,
                   GError **error)
{
    struct job *job = job_of_event(d, kind, waybill->id, error);
    if (!job)
        return FALSE;
    job->copy = copy;
    job->reason = dossier_text(d->dossier, reason);
    job->about = waybill->number;
    return job->run_id == 0 || run_number(d, job, error);
}

int64_t job_next_copy(const struct decision *d, int64_t waybill_id, const char *kind)
{
    int64_t last = 0;
    for (EACH_ROW(job, job, d->dossier, waybill_id))
        if (strcmp(job->kind, kind) == 0)
            last = MAX(last, job->copy);
    return last + 1;
}

gboolean job_make_effect(struct decision *d, GError **error)
{
    decision_note(d, "%s", d->ev->text ? d->ev->text : "");
    struct job *job = job_of_event(d, d->ev->text, 0, error);
    if (!job)
        return FALSE;
    job->reason = dossier_text(d->dossier, d->ev->reason);
    d->made_id = job->id;
    return TRUE;
}

/* --- what becomes of a job ------------------------------------------------------------------------------ */

/* To a printer, anew. What was dropped with its run goes on by itself. */
static void send_to(struct decision *d, const struct job *given, int64_t printer_id)
{
    struct job *job = job_edit(d->dossier, given);
    job->printer_id = printer_id;
    job->submission_id = job->page = 0;
    job->state_text = "";
    if (job->run_is_off)
        job->run_id = 0;
    if (job->run_id == 0)
        job->priority = PRIORITY_BENCH;
}

gboolean job_again(struct decision *d, const struct job *given, GError **error)
{
    int64_t printer_id = 0;
    if (!choose_printer(d, &printer_id, error) || !decision_fire(d, MACHINE_JOB, given->id, EV_JOB_RETRY, error))
        return FALSE;
    send_to(d, given, printer_id);
    struct job *job = job_edit(d->dossier, given);
    job->run_id = job->run_sequence = 0;
    job->priority = PRIORITY_BENCH;
    return TRUE;
}

static const struct job *job_of(const struct decision *d)
{
    return (const struct job *)(const void *)d->subject;
}

/* A job goes into a submission that is being put together for its printer, and into no second one. */
gboolean job_claim_guard(struct decision *d, GError **error)
{
    const struct submission *submission = submission_find(d->dossier, d->ev->submission_id);
    gboolean takes = submission && submission->state == ST_SUBMITTING && submission->pages == 0 &&
                     submission->printer_id == job_of(d)->printer_id;
    return decision_named(takes ? submission : NULL, _("submission"), error) != NULL;
}

/* What became of a job is the word of the submission that has it, and of no other; of one that waits nobody's. */
gboolean job_guard(struct decision *d, GError **error)
{
    const struct job *job = job_of(d);
    return decision_named(job->submission_id == d->ev->submission_id ? job : NULL, _("submission"), error) != NULL;
}

/* The paper is there. The waybill may be void or on its parcel by now: then it stays what it is. */
static gboolean paper_out(struct decision *d, const struct job *job, GError **error)
{
    const struct waybill *waybill = waybill_find(d->dossier, job->waybill_id);
    return strcmp(job->kind, "waybill") != 0 || !waybill || waybill->state != ST_ASSIGNED ||
           decision_fire(d, MACHINE_WAYBILL, waybill->id, EV_JOB_PRINTED, error);
}

gboolean job_effect(struct decision *d, GError **error)
{
    struct job *job = job_edit(d->dossier, job_of(d));
    if (d->ev->kind == EV_JOB_CLAIM) {
        job->submission_id = d->ev->submission_id;
        job->page = d->ev->page;
        return TRUE;
    }
    if (d->ev->text)
        job->state_text = dossier_text(d->dossier, d->ev->text);
    return d->ev->kind != EV_JOB_PRINTED || paper_out(d, job, error);
}

/* Paper of a waybill that is void by now is nobody's to stick on. */
static const struct waybill *void_one(const struct decision *d, const struct job *job)
{
    const struct waybill *waybill = waybill_find(d->dossier, job->waybill_id);
    return waybill && waybill->state == ST_VOID ? waybill : NULL;
}

gboolean job_retry_effect(struct decision *d, GError **error)
{
    const struct waybill *gone = void_one(d, job_of(d));
    if (gone)
        return err_set(error, ERR_LABEL_VOID, gone->number, progress_void_word(gone->void_reason));
    int64_t printer_id = d->ev->printer_id ? d->ev->printer_id : job_of(d)->printer_id;
    if (!choose_printer(d, &printer_id, error))
        return FALSE;
    send_to(d, job_of(d), printer_id);
    return TRUE;
}

/* Paper that is not there comes out as a copy that says so: nobody can be quite sure. */
static gboolean print_copy(struct decision *d, const struct job *lost, GError **error)
{
    int64_t printer_id = lost->printer_id;
    if (!choose_printer(d, &printer_id, error))
        return FALSE;
    struct job *copy = new_job(d, lost->kind, lost->waybill_id, printer_id, lost->run_id);
    copy->copy = lost->waybill_id ? job_next_copy(d, lost->waybill_id, lost->kind) : 1;
    copy->shipment_id = lost->shipment_id;
    copy->batch_id = lost->batch_id;
    copy->manifest_id = lost->manifest_id;
    copy->person_id = lost->person_id;
    copy->run_sequence = lost->run_sequence;
    copy->reason = "not-printed";
    copy->about = lost->about;
    return TRUE;
}

/* A person looked at the printer. */
gboolean job_answer_effect(struct decision *d, GError **error)
{
    struct job *job = job_edit(d->dossier, job_of(d));
    const char *answer = decision_reason(d);
    decision_note(d, "%s", answer);
    job->answer = dossier_text(d->dossier, answer);
    if (strcmp(answer, "printed") == 0)
        return paper_out(d, job, error);
    return void_one(d, job) || print_copy(d, job, error);
}

/* SPDX-License-Identifier: MIT */
#include "printing/queue/printer_work.h"

#include <string.h>

#include "core/base/clean.h"
#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/print/run.h"
#include "core/print/submission.h"
#include "core/site/site.h"

enum {
    LOOK_EVERY_MS = 3000,
    LOOK_BUSY_EVERY_MS = 1000,
    FOLLOW_EVERY_MS = 300,
    FOLLOW_SOON_MS = 50,    /* while one after the other comes to its end */
    HOLD_MS = 5000,         /* after the printer refused a job, before the next is tried */
    MAX_OPEN = 4,           /* submissions: enough for a printer never to wait for the worker */
    OVERDUE_MS = 10 * 60000 /* a printer that says it is idle does not have the job any more */
};

/* What can't be opened now may be there later: a directory that is not mounted yet. */
static void open_printer(struct printer_work *work)
{
    g_autoptr(GError) why = NULL;
    work->trouble[0] = '\0';
    work->printer = printer_open(work->row.uri, &why);
    if (why)
        clean_copy(work->trouble, sizeof work->trouble, why->message);
}

void printer_work_set(struct printer_work *work, const struct printer_row *row)
{
    gboolean same = work->row.id == row->id && strcmp(work->row.uri, row->uri) == 0;
    if (!same) {
        printer_work_clear(work);
        work->fresh = TRUE;
    }
    work->row = *row;
    if (!same)
        open_printer(work);
}

void printer_work_clear(struct printer_work *work)
{
    printer_close(work->printer);
    *work = (struct printer_work){0};
}

/* What the printer says of itself, and what only sending has shown. */
static struct health health_of(struct printer_work *work)
{
    struct health health = {PRINTER_OFFLINE, ""};
    if (!work->printer)
        open_printer(work);
    if (work->printer)
        work->printer->ops->look(work->printer, &health);
    else
        g_strlcpy(health.text, work->trouble, sizeof health.text);
    gboolean well = health.health == PRINTER_READY || health.health == PRINTER_PRINTING;
    if (work->printer && (!well || work->row.waiting == 0))
        work->trouble[0] = '\0';
    if (well && work->trouble[0]) {
        health.health = PRINTER_STOPPED;
        g_strlcpy(health.text, work->trouble, sizeof health.text);
    } else if (well && work->held[0]) {
        health.health = PRINTER_ATTENTION;
        g_strlcpy(health.text, work->held, sizeof health.text);
    }
    return health;
}

gboolean printer_work_look(struct printer_work *work, struct site *site, int64_t now_ms, GError **error)
{
    if (now_ms < work->look_at)
        return TRUE;
    work->look_at = now_ms + (work->open ? LOOK_BUSY_EVERY_MS : LOOK_EVERY_MS);
    struct health health = health_of(work);
    return printer_report(site, &work->row, health.health, health.text, error);
}

/* --- what became of it ---------------------------------------------------------------------------------- */

/* Between the commit that says it may be sent and the one that says it was: asked by name. */
static gboolean look_up(struct printer_work *work, struct site *site, struct submission *submission,
                        gboolean *changed, GError **error)
{
    switch (work->printer->ops->find(work->printer, submission)) {
    case FOUND:
        return submission_sent(site, submission, error);
    case NOT_FOUND:
        *changed = TRUE;
        return submission_settle(
            site, submission, 0, FATE_UNKNOWN,
            N_("It was on its way when the worker stopped, and the queue does not know it."), error);
    case CANT_ASK:
        break;
    }
    return TRUE;
}

static gboolean is_overdue(const struct printer_work *work, const struct site *site,
                           const struct submission *submission)
{
    return work->row.health == PRINTER_READY && site_now(site) - submission->changed_at > OVERDUE_MS;
}

static gboolean follow(struct printer_work *work, struct site *site, struct submission *submission, gboolean *changed,
                       GError **error)
{
    struct progress progress;
    work->printer->ops->follow(work->printer, submission, &progress);
    gboolean ended = progress.stage != STAGE_WAITING && progress.stage != STAGE_CANT_ASK;
    if (!ended && progress.text[0])
        g_strlcpy(work->held, progress.text, sizeof work->held);
    if (!ended && !is_overdue(work, site, submission))
        return TRUE;
    *changed = TRUE;
    if (progress.stage == STAGE_NOT_SENT)
        return submission_take_back(site, submission, 0, "", error);
    if (progress.stage == STAGE_PRINTED)
        return submission_settle(site, submission, submission->pages, FATE_PRINTED, "", error);
    const char *text = progress.text;
    if (progress.stage == STAGE_GONE)
        text = N_("The queue does not know it any more.");
    else if (!ended)
        text = N_("The printer is idle, but the queue does not say it is done.");
    enum fate fate = progress.stage == STAGE_FAILED ? FATE_FAILED : FATE_UNKNOWN;
    return submission_settle(site, submission, progress.pages_done, fate, text, error);
}

static gboolean follow_one(struct printer_work *work, struct site *site, struct submission *submission,
                           gboolean *changed, GError **error)
{
    if (strcmp(submission->state, "submitted") == 0) {
        /* Jobs that a crash left one step behind. */
        return (!work->fresh || submission_sent(site, submission, error)) &&
               follow(work, site, submission, changed, error);
    }
    if (submission->pages > 0)
        return look_up(work, site, submission, changed, error);
    *changed = TRUE;
    return submission_take_back(site, submission, 0, "", error);
}

gboolean printer_work_follow(struct printer_work *work, struct site *site, int64_t now_ms, gboolean *changed,
                             GError **error)
{
    if (!work->printer || now_ms < work->follow_at || (!work->fresh && work->open == 0))
        return TRUE;
    work->follow_at = now_ms + FOLLOW_EVERY_MS;
    g_autoptr(GArray) list = submissions_open(site, work->row.id, error);
    gboolean ended = FALSE;
    work->held[0] = '\0';
    for (guint i = 0; list && i < list->len; i++)
        if (!follow_one(work, site, &g_array_index(list, struct submission, i), &ended, error))
            return FALSE;
    if (ended) {
        *changed = TRUE;
        work->follow_at = now_ms + FOLLOW_SOON_MS;
        if (!runs_settle(site, error))
            return FALSE;
    }
    g_autoptr(GArray) left = list ? submissions_open(site, work->row.id, error) : NULL;
    if (!left)
        return FALSE;
    work->open = (int)left->len;
    work->fresh = FALSE;
    return TRUE;
}

/* --- what comes next ------------------------------------------------------------------------------------ */

static gboolean fail_job(const struct job *job, const GError *why, void *data, GError **error)
{
    return job_fail(data, job, why->message, error);
}

/* The printer said no: its row says why until it takes something. */
static gboolean note_trouble(struct printer_work *work, struct site *site, const GError *why, int64_t now_ms,
                             GError **error)
{
    work->hold_until = now_ms + HOLD_MS;
    work->look_at = now_ms + HOLD_MS;
    clean_copy(work->trouble, sizeof work->trouble, why->message);
    return printer_report(site, &work->row, PRINTER_STOPPED, work->trouble, error);
}

static gboolean hand_over(struct printer_work *work, struct site *site, struct submission *submission,
                          const struct document *document, int64_t now_ms, GError **error)
{
    g_autoptr(GError) why = NULL;
    gboolean changed = FALSE;
    switch (work->printer->ops->send(work->printer, document, submission, &why)) {
    case SENT_TAKEN:
        work->trouble[0] = '\0';
        return submission_sent(site, submission, error);
    case SENT_REFUSED:
        return submission_take_back(site, submission, 0, why->message, error) &&
               note_trouble(work, site, why, now_ms, error);
    case SENT_UNKNOWN:
        break;
    }
    work->hold_until = now_ms + HOLD_MS;
    return look_up(work, site, submission, &changed, error);
}

/* *ours: whether it still is this host's printer, with these labels. */
static gboolean submit(struct printer_work *work, struct site *site, const struct document *document, int64_t now_ms,
                       gboolean *ours, GError **error)
{
    struct submission submission;
    gboolean all = FALSE;
    if (!submission_make(site, &work->row, document->jobs, &submission, ours, &all, error))
        return FALSE;
    if (!*ours)
        return TRUE;
    if (!all)
        return submission_take_back(site, &submission, 0, "", error);
    if (!submission_seal(site, &submission, document->pages, ours, error))
        return FALSE;
    if (!*ours)
        return TRUE;
    work->open++;
    work->follow_at = 0;
    return hand_over(work, site, &submission, document, now_ms, error);
}

/* With no paper in it one submission is enough to wait there. One that refused is asked again now and then. */
static gboolean may_send(const struct printer_work *work, int64_t now_ms)
{
    int limit = work->row.health == PRINTER_ATTENTION ? 1 : MAX_OPEN;
    gboolean prints = printer_health_prints(work->row.health) && work->row.health != PRINTER_NOT_ASKED;
    return work->printer && !work->fresh && now_ms >= work->hold_until && work->open < limit &&
           (prints || work->trouble[0]);
}

/* Whether a printer that refused would take it by now: asked before anything is written, so that a night in
 * front of a full disk or a queue without the paper leaves no trail of attempts. */
static gboolean takes_again(struct printer_work *work, struct site *site, const struct document *document,
                            int64_t now_ms, gboolean *takes, GError **error)
{
    g_autoptr(GError) why = NULL;
    *takes = !work->trouble[0] ||
             work->printer->ops->takes(work->printer, document->width_um, document->height_um, &why);
    return *takes || note_trouble(work, site, why, now_ms, error);
}

gboolean printer_work_send(struct printer_work *work, struct site *site, struct studio *studio, int64_t now_ms,
                   gboolean *changed, GError **error)
{
    if (!may_send(work, now_ms))
        return TRUE;
    g_autoptr(GArray) jobs = jobs_next(site, work->row.id, error);
    if (!jobs)
        return FALSE;
    struct document document = {0};
    gboolean takes = jobs->len > 0,
             good = !takes || document_draw(studio, site, work->printer, jobs, fail_job, site, &document, error);
    if (good && document.bytes)
        good = takes_again(work, site, &document, now_ms, &takes, error) &&
               (!takes || submit(work, site, &document, now_ms, &takes, error));
    *changed |= takes;
    document_clear(&document);
    return good;
}

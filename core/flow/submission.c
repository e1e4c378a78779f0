/* SPDX-License-Identifier: MIT
 *
 * Submissions: jobs that are handed to a printer's queue together. Its life, each step committed before the next:
 *
 *     submitting, pages 0  its jobs are being claimed, nothing was sent: it can be withdrawn
 *     submitting, pages n  sealed: it may have been sent, and is looked up by its uuid, the queue's job name
 *     submitted            the queue has it
 *     printed | failed | unknown
 *
 * What has ended stays as it ended, whoever comes late. (Before it was withdrawn in one step pages were -1 meanwhile.)
 */
#include "core/base/id.h"
#include "core/base/translate.h"
#include "core/flow/decision.h"

int64_t printer_address(const char *host, const char *uri)
{
    g_autofree char *whole = g_strjoin("\n", host ? host : "", uri ? uri : "", NULL);
    return id_of_text(whole);
}

/* Whose the printer is now sends its labels. */
gboolean submission_make_guard(struct decision *d, GError **error)
{
    const struct printer *printer = printer_find(d->dossier, d->ev->printer_id);
    gboolean same = printer && printer->active && printer_address(printer->host, printer->uri) == d->ev->quantity;
    return decision_named(same ? printer : NULL, _("printer"), error) != NULL;
}

gboolean submission_make_effect(struct decision *d, GError **error)
{
    const struct event *ev = d->ev;
    struct submission *submission = submission_add(d->dossier, ev->key, 0);
    (void)error;
    submission->uuid = dossier_text(d->dossier, ev->text);
    submission->printer_id = ev->printer_id;
    submission->state = ST_SUBMITTING;
    submission->cups_uuid = submission->state_text = "";
    submission->at = submission->changed_at = d->now;
    d->made_id = submission->id;
    decision_note(d, "%s", submission->uuid);
    return TRUE;
}

static const struct submission *submission_of(const struct decision *d)
{
    return (const struct submission *)(const void *)d->subject;
}

/* What is not sealed was not sent; what is sealed can't be withdrawn. */
static gboolean goes_on(const struct submission *submission, const struct event *ev)
{
    if (ev->kind == EV_SUBMISSION_SEAL)
        return submission->pages == 0 && ev->quantity > 0;
    return ev->kind == EV_SUBMISSION_WITHDRAW ? submission->pages <= 0 : submission->pages > 0;
}

gboolean submission_guard(struct decision *d, GError **error)
{
    return goes_on(submission_of(d), d->ev) ||
           err_set(error, ERR_FLOW_STATE, flow_machine_label(MACHINE_SUBMISSION), flow_state_word(d->from),
                   flow_event_word(d->ev->kind));
}

gboolean submission_effect(struct decision *d, GError **error)
{
    struct submission *submission = submission_edit(d->dossier, submission_of(d));
    (void)error;
    if (d->ev->kind == EV_SUBMISSION_SEAL) {
        submission->pages = d->ev->quantity;
    } else {
        submission->cups_id = d->ev->quantity;
        submission->cups_uuid = dossier_text(d->dossier, d->ev->text);
    }
    return TRUE;
}

/* What came out is taken off the printer's roll. */
gboolean submission_end_effect(struct decision *d, GError **error)
{
    struct submission *submission = submission_edit(d->dossier, submission_of(d));
    const struct roll *roll = roll_find(d->dossier, submission->printer_id);
    (void)error;
    submission->state_text = dossier_text(d->dossier, d->ev->text);
    if (roll)
        roll_edit(d->dossier, roll)->labels_left -= CLAMP(d->ev->quantity, 0, MAX(roll->labels_left, 0));
    return TRUE;
}

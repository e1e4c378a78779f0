/* SPDX-License-Identifier: MIT
 *
 * Print runs: their rows and their numbers n/N. What is in a run, core/print/run.c chooses.
 */
#include <string.h>

#include "core/base/translate.h"
#include "core/flow/decision.h"

gboolean run_make_effect(struct decision *d, GError **error)
{
    const struct event *ev = d->ev;
    struct run *run = run_add(d->dossier, ev->key, 0);
    (void)error;
    run->number = house_next_number(d, "run", 'R');
    run->state = ST_PAUSED;
    run->batch_id = ev->batch_id;
    run->filter = dossier_text(d->dossier, ev->text);
    run->per_submission = ev->quantity;
    run->printer_id = ev->printer_id;
    run->made_by = ev->actor.person_id;
    run->made_at = d->now;
    d->made_id = run->id;
    decision_note(d, "%s %s", run->number, run->filter);
    return TRUE;
}

/* n/N has no holes: a label takes the next number when it is made. A slip has that of its label. */
gboolean run_number(struct decision *d, struct job *job, GError **error)
{
    const struct run *run = decision_has(d, NEED_RUN) ? run_find(d->dossier, job->run_id) : NULL;
    if (!decision_named(run, _("print run"), error))
        return FALSE;
    if (strcmp(job->kind, "waybill") == 0)
        run_edit(d->dossier, run)->labels++;
    job->run_sequence = MAX(run->labels, 1);
    return TRUE;
}

gboolean run_effect(struct decision *d, GError **error)
{
    const struct run *run = (const struct run *)(const void *)d->subject;
    (void)error;
    decision_note(d, "%s", run->number);
    return TRUE;
}

gboolean run_end_effect(struct decision *d, GError **error)
{
    run_edit(d->dossier, (const struct run *)(const void *)d->subject)->done_at = d->now;
    return run_effect(d, error);
}

/* SPDX-License-Identifier: MIT
 *
 * Print runs: their rows and their numbers n/N. What is in a run, core/print/run.c chooses.
 */
#include "core/base/clean.h"
#include "core/base/translate.h"
#include "core/flow/decision.h"

enum { INSERT, LABELS, LABELS_OF, RENUMBER, ENDED };

static const struct sql SQL[] = {
    [INSERT] = {"run_insert",
                "INSERT INTO print_run (id, warehouse_id, number, state, batch_id, filter, per_submission, printer_id, "
                "made_by, made_at) VALUES ($1, $2, $3, 'paused', $4, $5, $6, $7, $8, $9)"},
    [LABELS] = {"run_labels", "UPDATE print_run SET labels = (SELECT COUNT(*) FROM job j WHERE j.run_id = print_run.id "
                              "AND j.kind = 'waybill') WHERE id = $1"},
    [LABELS_OF] = {"run_labels_of", "SELECT labels FROM print_run WHERE id = $1"},
    [RENUMBER] = {"run_renumber",
                  "UPDATE job SET run_sequence = r.n FROM (SELECT id, DENSE_RANK() OVER (ORDER BY run_sequence) AS n "
                  "FROM job WHERE run_id = $1 AND run_sequence > 0) r WHERE r.id = job.id"},
    [ENDED] = {"run_ended", "UPDATE print_run SET done_at = $2 WHERE id = $1"},
};

gboolean run_make_effect(struct decision *d, GError **error)
{
    const struct event *ev = d->ev;
    g_autofree char *name = site_next_number(d->site, "run", 'R', error);
    if (!name)
        return FALSE;
    d->made_id = ev->key;
    decision_note(d, "%s %s", name, ev->text);
    return db_exec(d->db, &SQL[INSERT],
                   DB_ARGS(ev->key, d->site->warehouse_id, name, db_ref(ev->batch_id), ev->text, ev->quantity,
                           ev->printer_id, ev->actor.person_id, d->now),
                   NULL, error);
}

gboolean run_effect(struct decision *d, GError **error)
{
    (void)error;
    decision_note(d, "%s", d->subject.name);
    return TRUE;
}

/* n/N has no holes: what was refused left some. Once: what is on paper stays what it is; but a run whose making was cut
 * short is numbered when it goes on. */
gboolean run_start_effect(struct decision *d, GError **error)
{
    int64_t labels = 0;
    const struct db_value run = db_int(d->subject.id);
    return run_effect(d, error) && named_ints(d, &SQL[LABELS_OF], &run, 1, &labels, 1, _("print run"), error) &&
           (labels > 0 || (db_exec(d->db, &SQL[RENUMBER], &run, 1, NULL, error) &&
                           db_exec(d->db, &SQL[LABELS], &run, 1, NULL, error)));
}

gboolean run_end_effect(struct decision *d, GError **error)
{
    return run_effect(d, error) && db_exec(d->db, &SQL[ENDED], DB_ARGS(d->subject.id, d->now), NULL, error);
}

/* SPDX-License-Identifier: MIT
 *
 * The print-job outbox, from the floor's side: a job is written in the transaction of the event that wants the paper, and
 * its state says what is known of the paper. The worker (printing/queue) moves it by events like everyone else.
 */
#include <string.h>

#include "core/base/clean.h"
#include "core/base/translate.h"
#include "core/db/rows.h"
#include "core/flow/decision.h"

enum { PRINTER_FOR, JOB_INSERT, JOB_FACTS, JOB_PLACE, JOB_TEXT, JOB_TO, JOB_AT_BENCH, JOB_ANSWERED, COPIES, WAYBILL_ASSIGNED };

/* A bench waits for its label; a run does not. */
enum { PRIORITY_BENCH = 0, PRIORITY_RUN = 10 };

static const struct sql SQL[] = {
    /* A printer that was removed stands in nobody's way: its backup, else the station's, else the first there is. */
    [PRINTER_FOR] = {"printer_for",
                     "SELECT COALESCE((SELECT id FROM printer WHERE id = $1 AND active = 1), "
                     "(SELECT b.id FROM printer p JOIN printer b ON b.id = p.backup_id WHERE p.id = $1 AND b.active = 1), "
                     "(SELECT p.id FROM station t JOIN printer p ON p.id = t.printer_id WHERE t.id = $2 AND p.active = 1), "
                     "(SELECT p.id FROM station t JOIN printer p ON p.id = t.backup_printer_id WHERE t.id = $2 "
                     "AND p.active = 1), (SELECT MIN(id) FROM printer WHERE warehouse_id = $3 AND active = 1), 0)"},
    [JOB_INSERT] = {"job_insert",
                    "INSERT INTO job (id, warehouse_id, kind, state, waybill_id, shipment_id, batch_id, manifest_id, "
                    "person_id, run_id, run_sequence, copy, reason, printer_id, priority, made_at, changed_at) "
                    "VALUES ($1, $2, $3, 'queued', $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15)"},
    [JOB_FACTS] = {"job_facts", "SELECT kind, COALESCE(waybill_id, 0), COALESCE(shipment_id, 0), printer_id, "
                                "COALESCE(run_id, 0), run_sequence, COALESCE(batch_id, 0), "
                                "COALESCE(manifest_id, 0), COALESCE(person_id, 0) FROM job WHERE id = $1"},
    [JOB_PLACE] = {"job_place", "UPDATE job SET submission_id = $2, page = $3 WHERE id = $1"},
    [JOB_TEXT] = {"job_text", "UPDATE job SET state_text = $2 WHERE id = $1"},
    /* what was dropped with its run goes on by itself */
    [JOB_TO] = {"job_to_printer",
                "UPDATE job SET printer_id = $2, submission_id = NULL, page = 0, state_text = '', "
                "run_id = (SELECT r.id FROM print_run r WHERE r.id = job.run_id AND r.state <> 'cancelled'), "
                "priority = CASE WHEN EXISTS (SELECT 1 FROM print_run r WHERE r.id = job.run_id AND r.state <> 'cancelled') "
                "THEN priority ELSE 0 END WHERE id = $1"},
    [JOB_AT_BENCH] = {"job_at_bench", "UPDATE job SET run_id = NULL, run_sequence = 0, priority = 0 WHERE id = $1"},
    [JOB_ANSWERED] = {"job_answered", "UPDATE job SET answer = $2 WHERE id = $1"},
    [COPIES] = {"job_copies_of", "SELECT COALESCE(MAX(copy), 0) FROM job WHERE waybill_id = $1 AND kind = $2"},
    [WAYBILL_ASSIGNED] = {"job_waybill_assigned",
                          "SELECT CASE WHEN state = 'assigned' THEN 1 ELSE 0 END FROM waybill WHERE id = $1"},
};

struct job_facts {
    char kind[24];
    int64_t waybill_id, shipment_id, printer_id, run_id, run_sequence, batch_id, manifest_id, person_id;
};

/* *printer_id: the one that is wanted, 0 for the station's; gets one that is there. A run's was looked up when it began. */
static gboolean choose_printer(struct decision *d, int64_t *printer_id, GError **error)
{
    if (*printer_id && d->ev->run_id)
        return TRUE;
    if (db_get_ints(d->db, &SQL[PRINTER_FOR],
                    DB_ARGS(db_int(*printer_id), db_int(d->ev->actor.station_id), db_int(d->site->warehouse_id)),
                    printer_id, 1, error) < 0)
        return FALSE;
    if (*printer_id == 0)
        err_set(error, ERR_PRINTER_NONE);
    return *printer_id != 0;
}

static gboolean insert(struct decision *d, const char *kind, int64_t waybill_id, int64_t copy, const char *reason,
                       int64_t printer_id, int64_t *job_id, GError **error)
{
    const struct event *ev = d->ev;
    *job_id = site_id(d->site);
    return db_exec(d->db, &SQL[JOB_INSERT],
                   DB_ARGS(db_int(*job_id), db_int(d->site->warehouse_id), db_text(kind), db_ref(waybill_id),
                           db_ref(ev->shipment_id), db_ref(ev->batch_id), db_ref(ev->manifest_id), db_ref(ev->person_id),
                           db_ref(ev->run_id), db_int(ev->run_sequence), db_int(copy), db_text(reason),
                           db_int(printer_id), db_int(ev->run_id ? PRIORITY_RUN : PRIORITY_BENCH), db_int(d->now)),
                   NULL, error);
}

gboolean print_job_write(struct decision *d, const char *kind, int64_t waybill_id, int64_t copy, const char *reason,
                         GError **error)
{
    int64_t printer_id = d->ev->printer_id, job_id = 0;
    return choose_printer(d, &printer_id, error) &&
           insert(d, kind, waybill_id, copy, reason, printer_id, &job_id, error);
}

gboolean print_job_again(struct decision *d, int64_t job_id, GError **error)
{
    int64_t printer_id = 0;
    return choose_printer(d, &printer_id, error) && decision_fire(d, MACHINE_JOB, job_id, EV_JOB_RETRY, error) &&
           db_exec(d->db, &SQL[JOB_TO], DB_ARGS(db_int(job_id), db_int(printer_id)), NULL, error) &&
           db_exec(d->db, &SQL[JOB_AT_BENCH], DB_ARGS(db_int(job_id)), NULL, error);
}

gboolean print_sheet_effect(struct decision *d, GError **error)
{
    int64_t printer_id = d->ev->printer_id;
    decision_note(d, "%s", d->ev->text ? d->ev->text : "");
    return choose_printer(d, &printer_id, error) &&
           insert(d, d->ev->text, 0, 0, d->ev->reason ? d->ev->reason : "", printer_id, &d->made_id, error);
}

/* --- what becomes of a job ------------------------------------------------------------------------------ */

static gboolean facts_load(struct decision *d, struct job_facts *facts, GError **error)
{
    struct rows *rows = db_query(d->db, &SQL[JOB_FACTS], DB_ARGS(db_int(d->subject.id)), error);
    int found = rows_next(rows, error);
    if (found <= 0)
        return FALSE;
    ROWS_COPY(facts->kind, rows, 0);
    facts->waybill_id = rows_int(rows, 1);
    facts->shipment_id = rows_int(rows, 2);
    facts->printer_id = rows_int(rows, 3);
    facts->run_id = rows_int(rows, 4);
    facts->run_sequence = rows_int(rows, 5);
    facts->batch_id = rows_int(rows, 6);
    facts->manifest_id = rows_int(rows, 7);
    facts->person_id = rows_int(rows, 8);
    rows_close(rows);
    return TRUE;
}

/* The paper is there. The waybill may be void or on its parcel by now: then it stays what it is. */
static gboolean paper_out(struct decision *d, const struct job_facts *facts, GError **error)
{
    int64_t assigned = 0;
    if (strcmp(facts->kind, "waybill") != 0 || facts->waybill_id == 0)
        return TRUE;
    return named_ints(d, &SQL[WAYBILL_ASSIGNED], DB_ARGS(db_int(facts->waybill_id)), &assigned, 1, _("waybill"),
                      error) &&
           (!assigned || decision_fire(d, MACHINE_WAYBILL, facts->waybill_id, EV_JOB_PRINTED, error));
}

gboolean job_effect(struct decision *d, GError **error)
{
    struct job_facts facts;
    d->made_id = d->subject.id;
    if (d->ev->kind == EV_JOB_CLAIM)
        return db_exec(d->db, &SQL[JOB_PLACE],
                       DB_ARGS(db_int(d->subject.id), db_int(d->ev->submission_id), db_int(d->ev->page)), NULL,
                       error);
    if (d->ev->text &&
        !db_exec(d->db, &SQL[JOB_TEXT], DB_ARGS(db_int(d->subject.id), db_text(d->ev->text)), NULL, error))
        return FALSE;
    return d->ev->kind != EV_JOB_PRINTED || (facts_load(d, &facts, error) && paper_out(d, &facts, error));
}

gboolean job_retry_effect(struct decision *d, GError **error)
{
    struct job_facts facts;
    d->made_id = d->subject.id;
    if (!facts_load(d, &facts, error))
        return FALSE;
    int64_t printer_id = d->ev->printer_id ? d->ev->printer_id : facts.printer_id;
    return choose_printer(d, &printer_id, error) &&
           db_exec(d->db, &SQL[JOB_TO], DB_ARGS(db_int(d->subject.id), db_int(printer_id)), NULL, error);
}

/* A person looked at the printer. Paper that is not there comes out as a copy that says so: nobody can be quite sure. */
gboolean job_answer_effect(struct decision *d, GError **error)
{
    struct job_facts facts;
    const char *answer = d->ev->reason ? d->ev->reason : "";
    int64_t copies = 0, job_id = 0;
    d->made_id = d->subject.id;
    decision_note(d, "%s", answer);
    if (!facts_load(d, &facts, error) ||
        !db_exec(d->db, &SQL[JOB_ANSWERED], DB_ARGS(db_int(d->subject.id), db_text(answer)), NULL, error))
        return FALSE;
    if (strcmp(answer, "printed") == 0)
        return paper_out(d, &facts, error);
    struct event again = *d->ev;
    if (!choose_printer(d, &facts.printer_id, error))
        return FALSE;
    again.shipment_id = facts.shipment_id;
    again.batch_id = facts.batch_id;
    again.manifest_id = facts.manifest_id;
    again.person_id = facts.person_id;
    again.run_id = facts.run_id;
    again.run_sequence = facts.run_sequence;
    const struct event *given = d->ev;
    d->ev = &again;
    gboolean done = named_ints(d, &SQL[COPIES], DB_ARGS(db_ref(facts.waybill_id), db_text(facts.kind)), &copies, 1,
                               _("print job"), error) &&
                    insert(d, facts.kind, facts.waybill_id, copies + 1, "not-printed", facts.printer_id, &job_id,
                           error);
    d->ev = given;
    return done;
}

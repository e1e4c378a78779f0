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

enum { PRINTER_FOR, JOB_INSERT, JOB_PAPER, JOB_PLACE, JOB_TEXT, JOB_TO, JOB_AT_BENCH, JOB_ANSWERED,
       COPIES, WAYBILL_ASSIGNED };

/* A bench waits for its label; a run does not. */
enum { PRIORITY_BENCH = 0, PRIORITY_RUN = 10 };

/* What a job is to become: what it is about, as the event or the job before it says. */
struct paper {
    char kind[24];
    int64_t waybill_id, shipment_id, printer_id, run_id, run_sequence, batch_id, manifest_id, person_id, copy;
    const char *reason;
};

#define PAPER(COLUMN, PARSED)                                                                                          \
    COLUMN("kind, ", kind)                                                                                             \
    COLUMN("COALESCE(waybill_id, 0), ", waybill_id)                                                                    \
    COLUMN("COALESCE(shipment_id, 0), ", shipment_id)                                                                  \
    COLUMN("printer_id, ", printer_id)                                                                                 \
    COLUMN("COALESCE(run_id, 0), ", run_id)                                                                            \
    COLUMN("run_sequence, ", run_sequence)                                                                             \
    COLUMN("COALESCE(batch_id, 0), ", batch_id)                                                                        \
    COLUMN("COALESCE(manifest_id, 0), ", manifest_id)                                                                  \
    COLUMN("COALESCE(person_id, 0)", person_id)

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
    [JOB_PAPER] = {"job_paper", "SELECT " COLUMNS_OF(PAPER) " FROM job WHERE id = $1"},
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
    [COPIES] = {"job_copies_of", "SELECT COALESCE(MAX(copy), 0) + 1 FROM job WHERE waybill_id = $1 AND kind = $2"},
    [WAYBILL_ASSIGNED] = {"job_waybill_assigned",
                          "SELECT CASE WHEN state = 'assigned' THEN 1 ELSE 0 END FROM waybill WHERE id = $1"},
};

/* *printer_id: the one that is wanted, 0 for the station's; gets one that is there. A run's was looked up when it began. */
static gboolean choose_printer(struct decision *d, int64_t *printer_id, GError **error)
{
    if (*printer_id && d->ev->run_id)
        return TRUE;
    if (db_get_ints(d->db, &SQL[PRINTER_FOR], DB_ARGS(*printer_id, d->ev->actor.station_id, d->site->warehouse_id),
                    printer_id, 1, error) < 0)
        return FALSE;
    if (*printer_id == 0)
        err_set(error, ERR_PRINTER_NONE);
    return *printer_id != 0;
}

static gboolean insert(struct decision *d, const struct paper *paper, int64_t *job_id, GError **error)
{
    *job_id = site_id(d->site);
    return db_exec(d->db, &SQL[JOB_INSERT],
                   DB_ARGS(*job_id, d->site->warehouse_id, paper->kind, db_ref(paper->waybill_id),
                           db_ref(paper->shipment_id), db_ref(paper->batch_id), db_ref(paper->manifest_id),
                           db_ref(paper->person_id), db_ref(paper->run_id), paper->run_sequence, paper->copy,
                           paper->reason, paper->printer_id, paper->run_id ? PRIORITY_RUN : PRIORITY_BENCH, d->now),
                   NULL, error);
}

/* About what the event is about. */
static gboolean paper_of_event(struct decision *d, const char *kind, struct paper *paper, GError **error)
{
    const struct event *ev = d->ev;
    *paper = (struct paper){.shipment_id = ev->shipment_id,
                            .printer_id = ev->printer_id,
                            .run_id = ev->run_id,
                            .run_sequence = ev->run_sequence,
                            .batch_id = ev->batch_id,
                            .manifest_id = ev->manifest_id,
                            .person_id = ev->person_id,
                            .reason = ""};
    clean_copy(paper->kind, sizeof paper->kind, kind);
    return choose_printer(d, &paper->printer_id, error);
}

gboolean job_write(struct decision *d, const char *kind, int64_t waybill_id, int64_t copy, const char *reason,
                   GError **error)
{
    struct paper paper;
    int64_t job_id = 0;
    if (!paper_of_event(d, kind, &paper, error))
        return FALSE;
    paper.waybill_id = waybill_id;
    paper.copy = copy;
    paper.reason = reason;
    return insert(d, &paper, &job_id, error);
}

gboolean job_next_copy(struct decision *d, int64_t waybill_id, const char *kind, int64_t *copy, GError **error)
{
    return named_ints(d, &SQL[COPIES], DB_ARGS(db_ref(waybill_id), kind), copy, 1, _("print job"), error);
}

gboolean job_again(struct decision *d, int64_t job_id, GError **error)
{
    int64_t printer_id = 0;
    return choose_printer(d, &printer_id, error) && decision_fire(d, MACHINE_JOB, job_id, EV_JOB_RETRY, error) &&
           db_exec(d->db, &SQL[JOB_TO], DB_ARGS(job_id, printer_id), NULL, error) &&
           db_exec(d->db, &SQL[JOB_AT_BENCH], DB_ARGS(job_id), NULL, error);
}

gboolean job_make_effect(struct decision *d, GError **error)
{
    struct paper paper;
    decision_note(d, "%s", d->ev->text ? d->ev->text : "");
    if (!paper_of_event(d, d->ev->text, &paper, error))
        return FALSE;
    paper.reason = d->ev->reason ? d->ev->reason : "";
    return insert(d, &paper, &d->made_id, error);
}

/* --- what becomes of a job ------------------------------------------------------------------------------ */

ROWS_READER(read_paper, struct paper, PAPER)

static gboolean paper_load(struct decision *d, struct paper *paper, GError **error)
{
    struct rows *rows = db_query(d->db, &SQL[JOB_PAPER], DB_ARGS(d->subject.id), error);
    *paper = (struct paper){.reason = ""};
    return named_row(rows, read_paper, paper, _("print job"), error);
}

/* The paper is there. The waybill may be void or on its parcel by now: then it stays what it is. */
static gboolean paper_out(struct decision *d, const struct paper *paper, GError **error)
{
    int64_t assigned = 0;
    if (strcmp(paper->kind, "waybill") != 0 || paper->waybill_id == 0)
        return TRUE;
    return named_ints(d, &SQL[WAYBILL_ASSIGNED], DB_ARGS(paper->waybill_id), &assigned, 1, _("waybill"), error) &&
           (!assigned || decision_fire(d, MACHINE_WAYBILL, paper->waybill_id, EV_JOB_PRINTED, error));
}

gboolean job_effect(struct decision *d, GError **error)
{
    struct paper paper;
    if (d->ev->kind == EV_JOB_CLAIM)
        return db_exec(d->db, &SQL[JOB_PLACE], DB_ARGS(d->subject.id, d->ev->submission_id, d->ev->page), NULL, error);
    if (d->ev->text && !db_exec(d->db, &SQL[JOB_TEXT], DB_ARGS(d->subject.id, d->ev->text), NULL, error))
        return FALSE;
    return d->ev->kind != EV_JOB_PRINTED || (paper_load(d, &paper, error) && paper_out(d, &paper, error));
}

gboolean job_retry_effect(struct decision *d, GError **error)
{
    struct paper paper;
    if (!paper_load(d, &paper, error))
        return FALSE;
    int64_t printer_id = d->ev->printer_id ? d->ev->printer_id : paper.printer_id;
    return choose_printer(d, &printer_id, error) &&
           db_exec(d->db, &SQL[JOB_TO], DB_ARGS(d->subject.id, printer_id), NULL, error);
}

/* A person looked at the printer. Paper that is not there comes out as a copy that says so: nobody can be quite sure. */
gboolean job_answer_effect(struct decision *d, GError **error)
{
    struct paper paper;
    const char *answer = d->ev->reason ? d->ev->reason : "";
    int64_t job_id = 0;
    decision_note(d, "%s", answer);
    if (!paper_load(d, &paper, error) ||
        !db_exec(d->db, &SQL[JOB_ANSWERED], DB_ARGS(d->subject.id, answer), NULL, error))
        return FALSE;
    if (strcmp(answer, "printed") == 0)
        return paper_out(d, &paper, error);
    if (!choose_printer(d, &paper.printer_id, error) ||
        !job_next_copy(d, paper.waybill_id, paper.kind, &paper.copy, error))
        return FALSE;
    paper.reason = "not-printed";
    return insert(d, &paper, &job_id, error);
}

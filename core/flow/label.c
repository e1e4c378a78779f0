/* SPDX-License-Identifier: MIT
 *
 * Label: a parcel's waybill, from its number to the scan that proves it is on the parcel. A waybill is live while its
 * generation is the parcel's; a void one says so at every scan.
 */
#include <string.h>

#include "core/base/translate.h"
#include "core/code/courier.h"
#include "core/flow/decision.h"
#include "core/flow/progress.h"

/* --- what a parcel has ---------------------------------------------------------------------------------- */

const struct waybill *label_live(const struct decision *d, int64_t parcel_id)
{
    for (EACH_ROW(waybill, waybill, d->dossier, parcel_id))
        if (waybill->state != ST_VOID)
            return waybill;
    return NULL;
}

/* The buyer pays once: of several boxes the first one that is not void collects the whole amount. */
static int64_t parcel_cod(const struct decision *d, const struct parcel *parcel)
{
    for (EACH_ROW(parcel, other, d->dossier, parcel->shipment_id))
        if (other->number < parcel->number && other->state != ST_VOID)
            return 0;
    return d->ship->cod_minor;
}

gboolean label_is_stale(const struct decision *d, const struct waybill *waybill)
{
    const struct parcel *parcel = parcel_find(d->dossier, waybill->parcel_id);
    return parcel && (waybill->recipient_id != d->ship->recipient_id ||
                      strcmp(waybill->courier, d->ship->courier) != 0 ||
                      waybill->cod_minor != parcel_cod(d, parcel));
}

static gboolean is_external(const struct waybill *waybill)
{
    return strcmp(waybill->source, number_source_name(NUMBER_EXTERNAL)) == 0;
}

/* --- a number for a parcel ------------------------------------------------------------------------------ */

const struct waybill *label_assign(struct decision *d, const struct parcel *parcel, GError **error)
{
    const struct waybill *live = label_live(d, parcel->id);
    if (live)
        return live;
    int64_t cod_minor = d->ship->cod_minor > 0 ? parcel_cod(d, parcel) : 0;
    const struct waybill *taken = number_take(d, cod_minor > 0, error);
    if (!taken)
        return NULL;
    row_move(d->dossier, &taken->row, parcel->id);
    struct waybill *bound = waybill_edit(d->dossier, taken);
    bound->recipient_id = d->ship->recipient_id;
    bound->cod_minor = cod_minor;
    bound->generation = parcel->generation;
    bound->of_shipment = d->ship->id;
    bound->order = d->ship->order;
    return decision_fire(d, MACHINE_WAYBILL, bound->id, EV_ASSIGN, error) ? bound : NULL;
}

/* The jobs of one kind of paper. */
struct papers {
    int all, queued, failed;
    const struct job *last_failed;
};

static struct papers papers_of(const struct decision *d, int64_t waybill_id, const char *kind)
{
    struct papers papers = {0};
    for (EACH_ROW(job, job, d->dossier, waybill_id)) {
        if (strcmp(job->kind, kind) != 0)
            continue;
        papers.all++;
        papers.queued += job->state == ST_QUEUED;
        papers.failed += job->state == ST_FAILED;
        if (job->state == ST_FAILED && (!papers.last_failed || job->id > papers.last_failed->id))
            papers.last_failed = job;
    }
    return papers;
}

/* One kind of paper of a box that is closed or printed ahead: it comes out once. At a close, what never reached a printer
 * (its run was cancelled, its printer failed) comes out here; and paper that is out and may list what is not in the box
 * gets a flagged copy: the number stays, it is the same parcel for the same buyer. */
static gboolean paper(struct decision *d, const struct waybill *waybill, const char *kind, enum label_when when,
                      GError **error)
{
    const struct papers papers = papers_of(d, waybill->id, kind);
    if (papers.all == 0)
        return job_write(d, kind, waybill, 0, "", error);
    if (papers.queued > 0 || when == LABEL_AHEAD)
        return TRUE;
    if (papers.all == papers.failed)
        return job_again(d, papers.last_failed, error);
    return when != LABEL_REPACKED || job_write(d, kind, waybill, job_next_copy(d, waybill->id, kind), "repacked", error);
}

gboolean label_print(struct decision *d, const struct waybill *waybill, enum label_when when, GError **error)
{
    return (is_external(waybill) || paper(d, waybill, "waybill", when, error)) &&
           (!house_setting(d->house, "slip_with_waybill", 0) || paper(d, waybill, "slip", when, error));
}

/* --- ahead, again, anew --------------------------------------------------------------------------------- */

gboolean print_ahead_effect(struct decision *d, GError **error)
{
    const struct parcel *parcel = pack_open_parcel(d);
    const struct waybill *waybill = label_assign(d, parcel, error);
    d->made_id = parcel->id;
    return waybill && label_print(d, waybill, LABEL_AHEAD, error);
}

/* Whether the one comes before the other as that which a person means: what is not what the order says any more, then that
 * of the last box. */
static gboolean is_meant_before(const struct decision *d, const struct waybill *one, const struct waybill *other)
{
    gboolean stale = label_is_stale(d, one);
    if (stale != label_is_stale(d, other))
        return stale;
    return parcel_find(d->dossier, one->parcel_id)->number > parcel_find(d->dossier, other->parcel_id)->number;
}

/* The one the event names; else one that is not what the order says any more; else that of the last box. */
static const struct waybill *meant_waybill(struct decision *d, GError **error)
{
    const struct waybill *meant = NULL;
    for (EACH_ROW(parcel, parcel, d->dossier, d->ship->id)) {
        const struct waybill *live = label_live(d, parcel->id);
        if (!live || live->state == ST_OUT || (d->ev->waybill_id && d->ev->waybill_id != live->id))
            continue;
        if (!meant || is_meant_before(d, live, meant))
            meant = live;
    }
    if (!meant)
        err_set(error, ERR_LABEL_NONE, d->ship->order);
    return meant;
}

gboolean reprint_effect(struct decision *d, GError **error)
{
    const struct waybill *waybill = meant_waybill(d, error);
    if (!waybill)
        return FALSE;
    d->made_id = waybill->id;
    if (is_external(waybill))
        return err_set(error, ERR_LABEL_EXTERNAL, d->ship->order);
    if (papers_of(d, waybill->id, "waybill").all == 0) /* the box was closed where there was no printer: it is the first */
        return label_print(d, waybill, LABEL_CLOSED, error);
    const char *reason = decision_reason(d)[0] ? decision_reason(d) : "reprint"; /* a copy says why there is one */
    return job_write(d, "waybill", waybill, job_next_copy(d, waybill->id, "waybill"), reason, error);
}

/* Copies that are not on their way to the printer yet never come out. Jobs before their waybill, as the worker's events
 * have them. */
gboolean label_void(struct decision *d, int64_t parcel_id, enum event_kind why, const char *reason, GError **error)
{
    const struct waybill *live = label_live(d, parcel_id);
    if (!live)
        return TRUE;
    for (EACH_ROW(job, job, d->dossier, live->id))
        if (job->state == ST_QUEUED && !decision_fire(d, MACHINE_JOB, job->id, EV_JOB_DROP, error))
            return FALSE;
    waybill_edit(d->dossier, live)->void_reason = dossier_text(d->dossier, reason);
    return decision_fire(d, MACHINE_WAYBILL, live->id, why, error);
}

static gboolean any_is_stale(const struct decision *d)
{
    for (EACH_ROW(parcel, parcel, d->dossier, d->ship->id)) {
        const struct waybill *live = label_live(d, parcel->id);
        if (live && live->state != ST_OUT && label_is_stale(d, live))
            return TRUE;
    }
    return FALSE;
}

gboolean renew_effect(struct decision *d, GError **error)
{
    const struct waybill *old = meant_waybill(d, error);
    if (!old || !label_void(d, old->parcel_id, EV_RENEW, decision_reason(d), error))
        return FALSE;
    struct parcel *parcel = parcel_edit(d->dossier, parcel_find(d->dossier, old->parcel_id));
    parcel->generation++;
    if (parcel->state == ST_LABELLED && !decision_fire(d, MACHINE_PARCEL, parcel->id, EV_RENEW, error))
        return FALSE;
    const struct waybill *renewed = label_assign(d, parcel, error);
    if (!renewed || !label_print(d, renewed, LABEL_AHEAD, error))
        return FALSE;
    d->made_id = renewed->id;
    if (!any_is_stale(d))
        block_clear(d, BLOCK_CHANGED);
    return TRUE;
}

/* --- the proof ------------------------------------------------------------------------------------------ */

/* Whether a copy of it may be in somebody's hands: one that is with a printer, or was. A job keeps the submission that took
 * it until it waits anew. */
static gboolean was_sent(const struct decision *d, const struct waybill *waybill)
{
    if (waybill->state == ST_PRINTED)
        return TRUE;
    for (EACH_ROW(job, job, d->dossier, waybill->id))
        if (strcmp(job->kind, "waybill") == 0 && job->submission_id != 0)
            return TRUE;
    return FALSE;
}

/* What was scanned or typed is on no paper of ours: it was read off a screen. Slips drawn elsewhere are not our paper. */
static gboolean check_sent(const struct decision *d, const struct waybill *waybill, GError **error)
{
    const char *name;
    return is_external(waybill) || was_sent(d, waybill) || decision_may(d, MAY_LEAD, &name) ||
           err_set(error, ERR_LABEL_UNSENT, waybill->number);
}

gboolean apply_guard(struct decision *d, GError **error)
{
    const struct waybill *waybill = decision_named(waybill_find(d->dossier, d->ev->waybill_id), _("waybill"), error);
    if (!waybill)
        return FALSE;
    if (waybill->of_shipment != d->ship->id)
        return err_set(error, ERR_LABEL_OTHER, waybill->number, waybill->order[0] ? waybill->order : "-", d->ship->order);
    if (waybill->state == ST_VOID)
        return err_set(error, ERR_LABEL_VOID, waybill->number, progress_void_word(waybill->void_reason));
    if (label_is_stale(d, waybill))
        return err_set(error, ERR_LABEL_CHANGED, d->ship->order, waybill->number);
    enum state box = parcel_find(d->dossier, waybill->parcel_id)->state;
    d->made_id = waybill->parcel_id;
    if (box == ST_OPEN) /* printed ahead, or opened again */
        return err_set(error, ERR_LABEL_OPEN, d->ship->order);
    if (box != ST_PACKED)
        return err_set(error, ERR_FLOW_STATE, waybill->number, flow_state_word(box), flow_event_word(EV_APPLY));
    return check_sent(d, waybill, error);
}

gboolean apply_effect(struct decision *d, GError **error)
{
    if (!decision_fire(d, MACHINE_WAYBILL, d->ev->waybill_id, EV_APPLY, error) ||
        !decision_fire(d, MACHINE_PARCEL, d->made_id, EV_APPLY, error))
        return FALSE;
    decision_derive(d);
    return TRUE;
}

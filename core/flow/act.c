/* SPDX-License-Identifier: MIT */
#include "core/flow/act.h"

#include <string.h>

#include "core/base/clean.h"
#include "core/flow/event_row.h"
#include "core/flow/store.h"

void act_begin(struct act *act, struct dossier *dossier)
{
    act_clear(act);
    journal_begin(&act->journal, act->site);
    act->now = site_now(act->site);
    act->dossier = dossier;
    act->fired = g_array_new(FALSE, FALSE, sizeof(struct fired));
}

void act_clear(struct act *act)
{
    g_clear_pointer(&act->dossier, dossier_free);
    g_clear_pointer(&act->fired, g_array_unref);
}

struct decision act_decision(struct act *act, const struct event *ev)
{
    return (struct decision){.house = &act->house, .dossier = act->dossier, .ev = ev, .now = act->now, .fired = act->fired};
}

gboolean act_judge(struct act *act, struct decision *d, GError **refusal)
{
    g_array_set_size(act->fired, 0);
    if (decision_judge(d, refusal))
        return TRUE;
    dossier_undo(act->dossier);
    return FALSE;
}

/* --- what is written of an event -------------------------------------------------------------------------- */

/* Whose history a row belongs to: the shipment and the version it has reached. */
struct whose {
    int64_t shipment_id, version;
};

/* A print job's history is its shipment's. */
static struct whose whose_of(const struct decision *d, const struct shipment *ship)
{
    if (!ship && d->subject && d->subject->table == TABLE_JOB)
        ship = shipment_find(d->dossier, ((const struct job *)(const void *)d->subject)->shipment_id);
    return ship ? (struct whose){ship->id, ship->version} : (struct whose){d->ev->shipment_id, 0};
}

static gboolean write_journal(struct act *act, const struct decision *d, const struct whose whose,
                              const struct fired *moved, int code, GError **error)
{
    const struct journal_row row = {
        .at = d->now,
        .event_key = d->ev->key,
        .event = flow_event_name(moved->event),
        .machine = flow_machine_name(moved->machine),
        .subject_id = moved->id,
        .from_state = flow_state_name(moved->from),
        .to_state = flow_state_name(moved->to),
        .shipment_id = whose.shipment_id,
        .version = whose.version,
        .actor = d->ev->actor,
        .code = code,
        .detail = moved->detail ? moved->detail : d->detail,
    };
    return journal_append(&act->journal, &row, error);
}

/* What the event moved besides its subject. */
static gboolean write_fired(struct act *act, const struct decision *d, GError **error)
{
    gboolean done = TRUE;
    for (guint i = 0; done && i < d->fired->len; i++) {
        const struct fired *fired = &g_array_index(d->fired, struct fired, i);
        const struct shipment *ship = fired->shipment_id ? shipment_find(d->dossier, fired->shipment_id) : d->ship;
        done = write_journal(act, d, whose_of(d, ship), fired, ERR_NONE, error);
    }
    return done;
}

/* The event's own row. What was refused is where it was. */
static gboolean write_own(struct act *act, const struct decision *d, const GError *refusal, GError **error)
{
    const struct fired own = {.machine = flow_event_machine(d->ev->kind), .id = decision_subject_id(d), .event = d->ev->kind,
                              .from = d->from, .to = refusal ? d->from : d->to};
    int code = refusal ? (int)err_code(refusal) : (int)d->ev->code;
    return write_journal(act, d, whose_of(d, d->ship), &own, code, error);
}

static void fill_outcome(const struct decision *d, const GError *refusal, struct outcome *out)
{
    memset(out, 0, sizeof *out);
    out->verdict = !refusal ? VERDICT_DONE : err_code(refusal) == ERR_FLOW_CONFLICT ? VERDICT_CONFLICT : VERDICT_REFUSED;
    out->code = d->ev->kind == EV_NOTE ? d->ev->code : err_code(refusal); /* a repeated wrong scan is wrong again */
    clean_copy(out->text, sizeof out->text, refusal ? refusal->message : "");
    out->shipment_id = d->ship ? d->ship->id : 0;
    out->subject_id = d->made_id;
    out->state = refusal ? d->from : d->to;
}

gboolean act_settle(struct act *act, struct decision *d, const GError *refusal, struct outcome *out, GError **error)
{
    if (!refusal)
        dossier_bump(act->dossier, flow_event_machine(d->ev->kind) != MACHINE_JOB);
    fill_outcome(d, refusal, out);
    gboolean done = event_insert(act->site, d->ev, out, act->now, dossier_facts(act->dossier), error) &&
                    (refusal || write_fired(act, d, error)) && write_own(act, d, refusal, error);
    dossier_keep(act->dossier);
    return done;
}

gboolean act_store(struct act *act, GError **error)
{
    return dossier_store(act->dossier, act->site, error) && journal_commit(&act->journal, error);
}

void act_done(struct act *act)
{
    journal_done(&act->journal);
    dossier_stored(act->dossier);
}

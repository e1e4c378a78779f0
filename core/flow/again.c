/* SPDX-License-Identifier: MIT */
#include "core/flow/again.h"

#include "core/flow/difference.h"
#include "core/flow/progress.h"
#include "core/flow/transition.h"

/* The parts of a dossier that are a subject's own. */
static const unsigned OWN[MACHINE_COUNT] = {
    [MACHINE_SHIPMENT] = NEED_SHIPMENT | NEED_LINES | NEED_TASKS | NEED_PARCELS | NEED_JOBS,
    [MACHINE_JOB] = NEED_JOB | NEED_JOBS,
    [MACHINE_BATCH] = NEED_BATCH,
    [MACHINE_MANIFEST] = NEED_MANIFEST,
    [MACHINE_RUN] = NEED_RUN,
};

/* Whether the versions of the subject are those that the event moves for what it is for. */
static gboolean is_own(const struct again *again, const struct row *row)
{
    const struct row *subject = row ? row_subject(again->dossier, row) : NULL;
    return subject ? row_id(subject) == again->subject_id
                   : flow_makes(again->ev->kind) && again->ev->key == again->subject_id;
}

/* What is not stored, and rules look at: whose a waybill is; and whether the product of the event's line has lots. What
 * was reserved of one that has names its lot. */
static void fill_notes(const struct again *again)
{
    struct dossier *dossier = again->dossier;
    const struct line *line = again->ev->line_id ? line_find(dossier, again->ev->line_id) : NULL;
    for (EACH_ROW(parcel, parcel, dossier, again->subject_id))
        for (EACH_ROW(waybill, waybill, dossier, parcel->id))
            ((struct waybill *)(uintptr_t)waybill)->of_shipment = again->subject_id;
    if (!line)
        return;
    for (EACH_ROW(task, task, dossier, again->subject_id))
        if (task->lot_id != 0 && task->product_id == line->product_id)
            ((struct line *)(uintptr_t)line)->has_lots = 1;
}

static GByteArray *decided(const struct again *again, enum machine machine)
{
    g_autoptr(GPtrArray) subjects = dossier_bump(again->dossier, machine != MACHINE_JOB);
    for (guint i = 0; i < subjects->len; i++)
        if (row_id(subjects->pdata[i]) == again->subject_id)
            return difference_of(again->dossier, subjects->pdata[i], i == 0, again->ev);
    return NULL;
}

/* Rules that miss a part all the same reach further than their kind says. */
static void judge_wholly(struct again *again, enum machine machine)
{
    g_autoptr(GArray) fired = g_array_new(FALSE, FALSE, sizeof(struct fired));
    g_autoptr(GArray) follows = g_array_new(FALSE, FALSE, sizeof(struct event));
    struct decision d = {.house = again->house, .dossier = again->dossier, .ev = again->ev, .now = again->now,
                         .fired = fired, .follows = follows, .last_act = ""};
    dossier_drop_parts(again->dossier, ~0u);
    dossier_add_parts(again->dossier, OWN[machine]);
    fill_notes(again);
    gboolean done = decision_judge(&d, &again->refusal);
    if (done)
        again->decided = decided(again, machine);
    if (d.missing)
        g_clear_error(&again->refusal);
    again->how = done || d.missing == 0 ? AGAIN_WHOLLY : AGAIN_BY_STATE;
    dossier_undo(again->dossier);
}

void again_judge(struct again *again)
{
    enum event_kind kind = again->ev->kind;
    enum machine machine = flow_event_machine(kind);
    const struct row *row = flow_subject(again->dossier, again->ev, &again->from);
    if (machine == MACHINE_NONE || !is_own(again, row))
        return;
    again->how = AGAIN_BY_STATE;
    again->way = flow_find(machine, again->from, kind);
    if (again->way && machine == MACHINE_SHIPMENT)
        again->stopped = progress_blocks(again->dossier, again->subject_id) & again->way->stopped_by;
    gboolean is_known = again->way && !again->stopped && !again->forgotten;
    if (is_known && (flow_needs(kind) & ~OWN[machine]) == 0)
        judge_wholly(again, machine);
}

gboolean again_leads(const struct again *again, enum state *to)
{
    flow_subject(again->dossier, again->ev, to);
    return again->way->to ? (again->way->to >> *to & 1) != 0 : *to == again->from;
}

void again_clear(struct again *again)
{
    g_clear_pointer(&again->decided, g_byte_array_unref);
    g_clear_error(&again->refusal);
}

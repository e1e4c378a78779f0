/* SPDX-License-Identifier: MIT */
#include "core/flow/again.h"

#include <string.h>

#include "core/flow/difference.h"
#include "core/flow/lent.h"
#include "core/flow/progress.h"
#include "core/flow/transition.h"

/* The parts of a dossier that are a subject's own. Of a batch's members rules look at what is left to be picked, and at
 * nothing else but to send each an event of its own. */
static const unsigned OWN[MACHINE_COUNT] = {
    [MACHINE_SHIPMENT] = NEED_SHIPMENT | NEED_LINES | NEED_TASKS | NEED_PARCELS | NEED_JOBS,
    [MACHINE_JOB] = NEED_JOB | NEED_JOBS,
    [MACHINE_BATCH] = NEED_BATCH | NEED_SHIPMENT,
    [MACHINE_MANIFEST] = NEED_MANIFEST,
    [MACHINE_RUN] = NEED_RUN,
};

/* What rules may want on the way, besides what their kind says. */
enum { ON_THE_WAY = NEED_NUMBERS | NEED_PRINTERS | NEED_HELD | NEED_RUN };

/* Whether the versions of the subject are those that the event moves for what it is for. */
static gboolean is_own(const struct again *again, const struct row *row)
{
    const struct row *subject = row ? row_subject(again->dossier, row) : NULL;
    return subject ? row_id(subject) == again->subject_id
                   : flow_makes(again->ev->kind) && again->ev->key == again->subject_id;
}

/* Of a row that is told as new: that of the kind, if there is one. */
static const struct block_row *block_told(const struct again *again, enum block block)
{
    for (guint i = 0; i < again->told->len; i++) {
        const struct told *told = again->told->pdata[i];
        const struct block_row *row = (const struct block_row *)(const void *)told->row;
        if (told->row->table == TABLE_BLOCK && told->added && flow_block_parse(row->kind) == block)
            return row;
    }
    return NULL;
}

/* What is not stored, and rules look at: whose a waybill is; whether the product of the event's line has lots (what was
 * reserved of one that has names its lot); what it was called when it was short. */
static void fill_notes(const struct again *again)
{
    struct dossier *dossier = again->dossier;
    const struct task *walk = again->ev->task_id ? task_find(dossier, again->ev->task_id) : NULL;
    int64_t line_id = walk ? walk->line_id : again->ev->line_id;
    struct line *line = (struct line *)(uintptr_t)(line_id ? line_find(dossier, line_id) : NULL);
    const struct block_row *is_short = block_told(again, BLOCK_SHORT);
    for (EACH_ROW(parcel, parcel, dossier, again->subject_id))
        for (EACH_ROW(waybill, waybill, dossier, parcel->id))
            ((struct waybill *)(uintptr_t)waybill)->of_shipment = again->subject_id;
    if (!line)
        return;
    for (EACH_ROW(task, task, dossier, again->subject_id))
        if (task->lot_id != 0 && task->product_id == line->product_id)
            line->has_lots = 1;
    if (is_short)
        line->sku = is_short->reason;
}

/* Whether a slip came out with the label, as the house wants it or not: of settings this alone shows. */
static gboolean is_with_slip(const struct again *again)
{
    for (guint i = 0; i < again->told->len; i++) {
        const struct told *told = again->told->pdata[i];
        const struct job *then = (const struct job *)(const void *)told->row;
        const struct job *job = told->row->table == TABLE_JOB ? job_find(again->dossier, then->id) : NULL;
        gboolean queued = told->row->table == TABLE_JOB && then->state == ST_QUEUED;
        if (queued && strcmp(job ? job->kind : then->kind, "slip") == 0)
            return TRUE;
    }
    return FALSE;
}

/* What is nobody's stands with it: others are touched only by what was lent. */
static GByteArray *decided(const struct again *again, enum machine machine)
{
    g_autoptr(GPtrArray) subjects = dossier_bump(again->dossier, machine != MACHINE_JOB);
    for (guint i = 0; i < subjects->len; i++)
        if (row_id(subjects->pdata[i]) == again->subject_id)
            return difference_of(again->dossier, subjects->pdata[i], TRUE, again->ev);
    return NULL;
}

/* Rules that miss a part all the same reach further than what can be lent. */
static void judge(struct again *again, enum machine machine, unsigned parts)
{
    g_autoptr(GArray) fired = g_array_new(FALSE, FALSE, sizeof(struct fired));
    g_autoptr(GArray) follows = g_array_new(FALSE, FALSE, sizeof(struct event));
    g_autoptr(GHashTable) slips = is_with_slip(again) ? g_hash_table_new(g_str_hash, g_str_equal) : NULL;
    struct house house = *again->house;
    struct decision d = {.house = &house, .dossier = again->dossier, .ev = again->ev, .now = again->now,
                         .fired = fired, .follows = follows, .last_act = ""};
    house.settings = slips;
    if (slips)
        g_hash_table_insert(slips, (gpointer)(uintptr_t) "slip_with_waybill", (gpointer)(uintptr_t) "1");
    dossier_drop_parts(again->dossier, ~0u);
    dossier_add_parts(again->dossier, parts);
    gboolean done = decision_judge(&d, &again->refusal);
    if (done)
        again->decided = decided(again, machine);
    if (d.missing)
        g_clear_error(&again->refusal);
    again->how = done || d.missing == 0 ? AGAIN_WHOLLY : AGAIN_BY_STATE;
}

static void judge_wholly(struct again *again, enum machine machine)
{
    struct lending lending = {.house = again->house, .dossier = again->dossier, .known = again->known, .ev = again->ev,
                              .subject_id = again->subject_id, .told = again->told};
    unsigned needs = flow_needs(again->ev->kind);
    unsigned parts = OWN[machine] | lend(&lending, (needs | ON_THE_WAY) & ~OWN[machine]);
    fill_notes(again);
    if ((needs & ~parts) == 0)
        judge(again, machine, parts);
    dossier_undo(again->dossier);
    lend_back(&lending);
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
    if (again->way && !again->stopped && !again->forgotten)
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

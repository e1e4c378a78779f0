/* SPDX-License-Identifier: MIT
 *
 * Judges one event by the transition tables, in memory. No other code writes a state.
 */
#include "core/base/clean.h"
#include "core/base/translate.h"
#include "core/flow/progress.h"
#include "core/flow/transition.h"

/* --- states --------------------------------------------------------------------------------------------- */

static const enum table_id TABLE_OF[MACHINE_COUNT] = {
    [MACHINE_SHIPMENT] = TABLE_SHIPMENT, [MACHINE_LINE] = TABLE_LINE, [MACHINE_PARCEL] = TABLE_PARCEL,
    [MACHINE_WAYBILL] = TABLE_WAYBILL,   [MACHINE_JOB] = TABLE_JOB,   [MACHINE_BATCH] = TABLE_BATCH,
    [MACHINE_MANIFEST] = TABLE_MANIFEST, [MACHINE_RUN] = TABLE_RUN,   [MACHINE_SUBMISSION] = TABLE_SUBMISSION,
};

static const struct column *state_column(enum table_id id)
{
    const struct table *table = table_of(id);
    for (size_t i = 0; i < table->count; i++)
        if (table->columns[i].kind == COLUMN_STATE)
            return &table->columns[i];
    g_assert_not_reached();
}

static enum state state_of(const struct row *row)
{
    return *(const enum state *)column_at(state_column(row->table), row);
}

/* The hour it moved, where the row keeps that. */
static void write_hour(struct decision *d, struct row *row)
{
    if (row->table == TABLE_WAYBILL)
        ((struct waybill *)(void *)row)->changed_at = d->now;
    else if (row->table == TABLE_JOB)
        ((struct job *)(void *)row)->changed_at = d->now;
    else if (row->table == TABLE_SUBMISSION)
        ((struct submission *)(void *)row)->changed_at = d->now;
}

static void write_state(struct decision *d, const struct row *given, enum state to)
{
    struct row *row = row_edit(d->dossier, given);
    *(enum state *)column_at(state_column(row->table), row) = to;
    write_hour(d, row);
}

/* "1042 (parcel) is open: label on". */
static gboolean refuse_part(const struct decision *d, enum machine machine, enum state state, enum event_kind event,
                            GError **error)
{
    const char *label = flow_machine_label(machine);
    g_autofree char *what = d->ship ? g_strdup_printf("%s (%s)", d->ship->order, label) : g_strdup(label);
    return err_set(error, ERR_FLOW_STATE, what, flow_state_word(state), flow_event_word(event));
}

gboolean decision_fire(struct decision *d, enum machine machine, int64_t id, enum event_kind event, GError **error)
{
    const struct row *row = decision_named(row_find(d->dossier, TABLE_OF[machine], id), flow_machine_label(machine), error);
    if (!row)
        return FALSE;
    enum state from = state_of(row);
    const struct transition *way = flow_find(machine, from, event);
    if (!way)
        return refuse_part(d, machine, from, event, error);
    struct fired fired = {.machine = machine, .id = id, .event = event, .from = from, .to = flow_lowest(way->to)};
    write_state(d, row, fired.to);
    g_array_append_val(d->fired, fired);
    return TRUE;
}

/* --- refusals ------------------------------------------------------------------------------------------- */

static gboolean check_right(const struct decision *d, GError **error)
{
    const char *name;
    gboolean nobody = d->ev->kind == EV_NOTE && d->ev->actor.person_id == 0; /* a wrong log-in is nobody's act */
    return nobody || decision_may(d, flow_permission(d->ev->kind), &name) ||
           err_set(error, ERR_FLOW_RIGHT, name, flow_event_word(d->ev->kind));
}

/* What of a subject people call it by. */
static const char *subject_name(const struct decision *d, enum machine machine)
{
    const char *name = "";
    if (machine == MACHINE_JOB)
        name = ((const struct job *)(const void *)d->subject)->about;
    else if (machine == MACHINE_BATCH)
        name = ((const struct batch *)(const void *)d->subject)->number;
    else if (machine == MACHINE_MANIFEST)
        name = ((const struct manifest *)(const void *)d->subject)->number;
    else if (machine == MACHINE_RUN)
        name = ((const struct run *)(const void *)d->subject)->number;
    return name && name[0] ? name : flow_machine_label(machine);
}

static gboolean refuse_state(struct decision *d, enum machine machine, GError **error)
{
    if (machine != MACHINE_SHIPMENT) {
        enum err code = machine == MACHINE_MANIFEST ? ERR_DOCK_CLOSED
                        : machine == MACHINE_RUN    ? ERR_RUN_STATE
                                                    : ERR_FLOW_STATE;
        return err_set(error, code, subject_name(d, machine), flow_state_word(d->from), flow_event_word(d->ev->kind));
    }
    const char *act = decision_last_act(d);
    const char *why = act[0] ? act : flow_event_label(d->ev->kind);
    return d->from == ST_OUTBOUND ? err_set(error, ERR_FLOW_OUTBOUND, d->ship->order, why)
                                  : err_set(error, ERR_FLOW_STATE, d->ship->order, flow_state_word(d->from), why);
}

static gboolean check_blocks(const struct decision *d, unsigned stopped_by, GError **error)
{
    unsigned stops = d->blocks & stopped_by;
    if (!stops)
        return TRUE;
    g_autofree char *words = flow_blocks_label(stops, ", ");
    return err_set(error, ERR_FLOW_BLOCKED, d->ship->order, words);
}

/* Whether somebody has changed it since the person looked, whose version the event names. What the program itself did
 * meanwhile, that a label is printed, is no conflict. */
static gboolean check_version(struct decision *d, GError **error)
{
    if (d->ev->version == 0 || !d->ship || (d->ev->version <= d->ship->version && d->ev->version >= d->ship->told))
        return TRUE;
    return err_set(error, ERR_FLOW_CONFLICT, d->ship->order, decision_last_act(d));
}

/* --- the subject ---------------------------------------------------------------------------------------- */

static int64_t id_of_subject(const struct event *ev, enum machine machine)
{
    const int64_t ids[MACHINE_COUNT] = {[MACHINE_BATCH] = ev->batch_id, [MACHINE_JOB] = ev->job_id,
                                        [MACHINE_MANIFEST] = ev->manifest_id, [MACHINE_RUN] = ev->run_id,
                                        [MACHINE_SUBMISSION] = ev->submission_id};
    return ids[machine];
}

int64_t decision_asked_id(const struct decision *d)
{
    enum machine machine = flow_event_machine(d->ev->kind);
    int64_t id = decision_subject_id(d);
    if (id != 0 || machine == MACHINE_NONE)
        return id;
    if (flow_makes(d->ev->kind))
        return d->ev->key;
    return machine == MACHINE_SHIPMENT ? d->ev->shipment_id : id_of_subject(d->ev, machine);
}

static gboolean find_subject(struct decision *d, enum machine machine, GError **error)
{
    if (d->ev->kind == EV_NOTE)
        decision_note(d, "%s", d->ev->text ? d->ev->text : "");
    if (machine == MACHINE_NONE || flow_makes(d->ev->kind))
        return TRUE;
    if (machine == MACHINE_SHIPMENT) {
        d->ship = decision_named(shipment_find(d->dossier, d->ev->shipment_id), _("shipment"), error);
        if (!d->ship)
            return FALSE;
        d->blocks = progress_blocks(d->dossier, d->ship->id);
        d->from = d->ship->state;
        return TRUE;
    }
    d->subject = decision_named(row_find(d->dossier, TABLE_OF[machine], id_of_subject(d->ev, machine)),
                                flow_machine_label(machine), error);
    if (d->subject) {
        d->made_id = decision_subject_id(d);
        d->from = state_of(d->subject);
    }
    return d->subject != NULL;
}

const struct row *flow_subject(const struct dossier *dossier, const struct event *ev, enum state *state)
{
    enum machine machine = flow_event_machine(ev->kind);
    int64_t id = decision_asked_id(&(struct decision){.ev = ev});
    const struct row *row = machine == MACHINE_NONE ? NULL : row_find(dossier, TABLE_OF[machine], id);
    *state = row ? state_of(row) : ST_NONE;
    return row;
}

/* --- the event ------------------------------------------------------------------------------------------ */

static void write_subject(struct decision *d)
{
    const struct row *row = d->ship ? &d->ship->row : d->subject;
    if (d->ship)
        shipment_edit(d->dossier, d->ship)->changed_at = d->now;
    if (row && d->to != d->from)
        write_state(d, row, d->to);
    else if (row && (row->table == TABLE_JOB || row->table == TABLE_SUBMISSION))
        write_hour(d, row_edit(d->dossier, row));
}

gboolean decision_judge(struct decision *d, GError **error)
{
    enum machine machine = flow_event_machine(d->ev->kind);
    if (!decision_has(d, flow_needs(d->ev->kind)) || !find_subject(d, machine, error))
        return FALSE;
    const struct transition *row = flow_find(machine, d->from, d->ev->kind);
    if (!check_right(d, error) || !check_version(d, error))
        return FALSE;
    if (!row)
        return refuse_state(d, machine, error);
    if (!check_blocks(d, row->stopped_by, error) || (row->guard && !row->guard(d, error)))
        return FALSE;
    d->to = row->to ? flow_lowest(row->to) : d->from;
    if (row->effect && !row->effect(d, error))
        return FALSE;
    if (row->to ? !(row->to >> d->to & 1) : d->to != d->from) /* as rows that contradict each other have it */
        return err_set(error, ERR_INTERNAL, "the rules lead where the table does not");
    write_subject(d);
    return TRUE;
}

/* --- acts of two ---------------------------------------------------------------------------------------- */

/* Of one act: the event that was done, the one that comes of it, and whether it does. Where the first is done for the next
 * alone: what the next is refused by as long as nothing else is wrong with it. */
static const struct {
    enum event_kind done, next;
    gboolean (*is_next)(const struct decision *d, struct event *next);
    enum err only_wants;
} LEADS_TO[] = {
    {EV_PACK, EV_CLOSE, close_is_next, ERR_NONE},
    {EV_MANIFEST_OPEN, EV_OUT, out_is_next, ERR_DOCK_NONE},
};

enum err decision_only_wants(enum event_kind done, enum event_kind next)
{
    for (size_t i = 0; i < G_N_ELEMENTS(LEADS_TO); i++)
        if (LEADS_TO[i].done == done && LEADS_TO[i].next == next)
            return LEADS_TO[i].only_wants;
    return ERR_NONE;
}

gboolean decision_leads_to(const struct decision *d, struct event *next)
{
    for (size_t i = 0; i < G_N_ELEMENTS(LEADS_TO); i++)
        if (LEADS_TO[i].done == d->ev->kind && LEADS_TO[i].next == next->kind)
            return LEADS_TO[i].is_next(d, next);
    return FALSE;
}

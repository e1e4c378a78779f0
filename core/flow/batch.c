/* SPDX-License-Identifier: MIT
 *
 * Batches: shipments picked together, and who picks them.
 */
#include "core/base/translate.h"
#include "core/flow/decision.h"

gboolean batch_make_effect(struct decision *d, GError **error)
{
    const struct event *ev = d->ev;
    struct batch *batch = batch_add(d->dossier, ev->key, 0);
    (void)error;
    batch->number = house_next_number(d, "batch", 'B');
    batch->kind = dossier_text(d->dossier, ev->text ? ev->text : "cluster");
    batch->state = ST_READY;
    batch->courier = dossier_text(d->dossier, ev->courier);
    batch->person_id = ev->person_id;
    batch->made_by = ev->actor.person_id;
    batch->made_at = d->now;
    d->made_id = ev->key;
    decision_note(d, "%s", batch->number);
    return TRUE;
}

/* The event's, or the shipment's. */
static const struct batch *batch_named(struct decision *d, int64_t id, GError **error)
{
    return decision_named(batch_find(d->dossier, id), _("batch"), error);
}

gboolean batch_in_effect(struct decision *d, GError **error)
{
    const struct batch *batch = batch_named(d, d->ev->batch_id, error);
    if (!batch)
        return FALSE;
    if (batch->state != ST_READY && batch->state != ST_RUNNING)
        return err_set(error, ERR_FLOW_STATE, batch->number, flow_state_word(batch->state), flow_event_word(d->ev->kind));
    if (batch->courier[0] && g_strcmp0(batch->courier, d->ship->courier) != 0)
        return err_set(error, ERR_BATCH_COURIER, d->ship->order, d->ship->courier, batch->courier);
    struct batch *joined = batch_edit(d->dossier, batch);
    struct shipment *ship = shipment_edit(d->dossier, d->ship);
    ship->batch_id = batch->id;
    ship->slot = ++joined->last_slot;
    ship->person_id = batch->person_id;
    if (ship->cut_off_at != 0 && (batch->cut_off_at == 0 || batch->cut_off_at > ship->cut_off_at))
        joined->cut_off_at = ship->cut_off_at;
    decision_note(d, "%s", batch->number);
    return TRUE;
}

static void leave(struct decision *d, const struct shipment *ship)
{
    struct shipment *left = shipment_edit(d->dossier, ship);
    left->batch_id = left->slot = left->person_id = 0;
}

/* --- its members ---------------------------------------------------------------------------------------- */

static gboolean has_open_task(const struct decision *d, int64_t shipment_id)
{
    for (EACH_ROW(task, task, d->dossier, shipment_id))
        if (task->open)
            return TRUE;
    return FALSE;
}

static gboolean is_left_to_pick(const struct decision *d, const struct shipment *ship, int64_t batch_id)
{
    return ship->batch_id == batch_id && (ship->state == ST_BATCHED || ship->state == ST_PICKING) &&
           has_open_task(d, ship->id);
}

static gboolean others_left(const struct decision *d, const struct batch *batch)
{
    for (EACH_ROW(shipment, other, d->dossier, 0))
        if (other != d->ship && is_left_to_pick(d, other, batch->id))
            return TRUE;
    return batch->others_left > 0;
}

static gboolean batch_finish(struct decision *d, const struct batch *batch, GError **error)
{
    if (batch->state != ST_READY && batch->state != ST_RUNNING)
        return TRUE;
    struct batch *done = batch_edit(d->dossier, batch);
    done->started_at = done->started_at ? done->started_at : d->now;
    done->done_at = d->now;
    return decision_fire(d, MACHINE_BATCH, batch->id, EV_BATCH_DONE, error);
}

static gboolean batch_runs(struct decision *d, const struct batch *batch, enum event_kind why, GError **error)
{
    struct batch *runs = batch_edit(d->dossier, batch);
    runs->started_at = runs->started_at ? runs->started_at : d->now;
    runs->done_at = 0;
    return decision_fire(d, MACHINE_BATCH, batch->id, why, error);
}

/* A batch runs from its first pick on and is done when no member has anything left to walk for. Only the event that may
 * be the first or the last one holds the batch, and has it in its dossier: of two that finish the last two shipments at
 * once, one sees both. */
static gboolean settle(struct decision *d, int64_t batch_id, GError **error)
{
    const struct batch *batch = batch_find(d->dossier, batch_id);
    gboolean works = d->ev->kind == EV_PICK || d->ev->kind == EV_SHORT;
    gboolean own = is_left_to_pick(d, d->ship, batch_id);
    if (!batch)
        return own || err_set(error, ERR_DB_SERIALIZE);
    if (!own && d->to == ST_PICKING) /* it waits for goods: it goes on by itself and is handed out when they have come */
        leave(d, d->ship);
    if (!own && !others_left(d, batch))
        return batch_finish(d, batch, error);
    return batch->state != ST_READY || !works || batch_runs(d, batch, EV_BATCH_START, error);
}

gboolean batch_settle(struct decision *d, GError **error)
{
    int64_t batch_id = d->ship->batch_id;
    return batch_id == 0 || settle(d, batch_id, error);
}

/* Of a batch that was cancelled while the shipment was packed it goes on by itself. */
gboolean batch_reopen(struct decision *d, GError **error)
{
    const struct batch *batch = d->ship->batch_id ? batch_named(d, d->ship->batch_id, error) : NULL;
    if (d->ship->batch_id == 0 || !batch)
        return batch != NULL || d->ship->batch_id == 0;
    if (batch->state == ST_CANCELLED)
        leave(d, d->ship);
    return batch->state != ST_DONE || batch_runs(d, batch, EV_UNPICK, error);
}

/* A tote that was taken but has nothing in it yet is free again. */
gboolean batch_out_effect(struct decision *d, GError **error)
{
    int64_t batch_id = d->ship->batch_id;
    if (batch_id == 0)
        return err_set(error, ERR_BATCH_NOT_IN);
    leave(d, d->ship);
    if (d->from == ST_BATCHED)
        totes_free(d, d->ship->id);
    return settle(d, batch_id, error);
}

gboolean batch_leave_cancelled(struct decision *d, GError **error)
{
    int64_t batch_id = d->ship->batch_id;
    if (batch_id == 0)
        return TRUE;
    struct shipment *left = shipment_edit(d->dossier, d->ship);
    left->batch_id = left->slot = 0;
    return settle(d, batch_id, error);
}

/* By a person's word. What still has goods to be walked for is not done: nobody would be sent for them any more. */
gboolean batch_done_guard(struct decision *d, GError **error)
{
    const struct batch *batch = (const struct batch *)(const void *)d->subject;
    return !others_left(d, batch) ||
           err_set(error, ERR_FLOW_STATE, batch->number, flow_state_word(batch->state), flow_event_word(d->ev->kind));
}

gboolean batch_start_effect(struct decision *d, GError **error)
{
    (void)error;
    batch_edit(d->dossier, (const struct batch *)(const void *)d->subject)->started_at = d->now;
    return TRUE;
}

gboolean batch_done_effect(struct decision *d, GError **error)
{
    struct batch *done = batch_edit(d->dossier, (const struct batch *)(const void *)d->subject);
    (void)error;
    done->started_at = done->started_at ? done->started_at : d->now;
    done->done_at = d->now;
    return TRUE;
}

/* --- whose it is ---------------------------------------------------------------------------------------- */

gboolean assign_effect(struct decision *d, GError **error)
{
    (void)error;
    shipment_edit(d->dossier, d->ship)->person_id = d->ev->person_id;
    return TRUE;
}

static gboolean is_follower(const struct decision *d, const struct shipment *ship)
{
    return ship->batch_id == d->ev->batch_id &&
           (ship->state == ST_BATCHED || ship->state == ST_PICKING || ship->state == ST_PICKED);
}

/* A picker takes a free batch or gives back an own one; what is somebody else's is a lead's to move. */
gboolean batch_assign_guard(struct decision *d, GError **error)
{
    const struct batch *batch = (const struct batch *)(const void *)d->subject;
    int64_t who = d->ev->actor.person_id;
    const char *name;
    gboolean own = batch->person_id == 0 || batch->person_id == who;
    if ((own && (d->ev->person_id == who || d->ev->person_id == 0)) || decision_may(d, MAY_LEAD, &name))
        return TRUE;
    return own ? err_set(error, ERR_FLOW_RIGHT, name, flow_event_word(d->ev->kind))
               : err_set(error, ERR_BATCH_OWNED, batch->number, batch->person);
}

/* Each member that is not packed yet follows, by an event of its own. */
static void members_follow(struct decision *d)
{
    for (EACH_ROW(shipment, member, d->dossier, 0))
        if (is_follower(d, member))
            decision_follow(d, (struct event){.kind = EV_FOLLOW, .shipment_id = member->id});
}

gboolean batch_assign_effect(struct decision *d, GError **error)
{
    (void)error;
    batch_edit(d->dossier, (const struct batch *)(const void *)d->subject)->person_id = d->ev->person_id;
    members_follow(d);
    return TRUE;
}

gboolean batch_cancel_effect(struct decision *d, GError **error)
{
    (void)error;
    members_follow(d);
    return TRUE;
}

/* --- members that follow ---------------------------------------------------------------------------------- */

gboolean follow_guard(struct decision *d, GError **error)
{
    if (d->ship->batch_id == 0)
        return err_set(error, ERR_BATCH_NOT_IN);
    return batch_named(d, d->ship->batch_id, error) != NULL;
}

/* Out of a batch that was cancelled, unpicked ones are ready again, others go on without a batch. Its version moves: whoever
 * was at it is told. */
gboolean follow_effect(struct decision *d, GError **error)
{
    const struct batch *batch = batch_find(d->dossier, d->ship->batch_id);
    (void)error;
    decision_note(d, "%s", batch->number);
    d->to = d->from;
    if (batch->state != ST_CANCELLED) {
        shipment_edit(d->dossier, d->ship)->person_id = batch->person_id;
        return TRUE;
    }
    leave(d, d->ship);
    if (d->from == ST_BATCHED) {
        totes_free(d, d->ship->id);
        d->to = ST_READY;
    }
    return TRUE;
}

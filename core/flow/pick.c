/* SPDX-License-Identifier: MIT
 *
 * Pick: goods go from their bins into the shipment's tote, or to the packing bench where no totes are used. A pick task
 * is a reservation that says where to walk.
 */
#include "core/base/clock.h"
#include "core/base/translate.h"
#include "core/flow/decision.h"

/* What the event names: the task and its line. */
static gboolean task_named(struct decision *d, GError **error)
{
    const struct task *task = task_find(d->dossier, d->ev->task_id);
    d->task = decision_named(task && task->shipment_id == d->ship->id ? task : NULL, _("pick line"), error);
    return d->task && line_named(d, d->task->line_id, error);
}

/* --- reservations --------------------------------------------------------------------------------------- */

static gboolean reserve_at(struct decision *d, const struct line *line, const struct stock *place, int64_t quantity,
                           GError **error)
{
    struct task *task = task_add(d->dossier, decision_id(d), d->ship->id);
    task->line_id = line->id;
    task->product_id = line->product_id;
    task->location_id = place->location_id;
    task->lot_id = place->lot_id;
    task->quantity = quantity;
    task->open = 1;
    return goods_reserve(d, line->product_id, place->location_id, place->lot_id, quantity, error);
}

/* Reserves as much of *left as lies free. */
static gboolean reserve_free(struct decision *d, const struct line *line, int64_t *left, GError **error)
{
    g_autoptr(GPtrArray) places = goods_free(d, line->product_id);
    for (guint i = 0; *left > 0 && i < places->len; i++) {
        const struct stock *place = places->pdata[i];
        int64_t here = MIN(*left, place->on_hand - place->reserved);
        *left -= here;
        if (!reserve_at(d, line, place, here, error))
            return FALSE;
    }
    return TRUE;
}

gboolean pick_reserve_line(struct decision *d, const struct line *line, GError **error)
{
    int64_t wanted = line->quantity - line->picked, left = wanted;
    if (!reserve_free(d, line, &left, error))
        return FALSE;
    if (left > 0) {
        char want[24], have[24];
        g_snprintf(want, sizeof want, "%" G_GINT64_FORMAT, wanted);
        g_snprintf(have, sizeof have, "%" G_GINT64_FORMAT, wanted - left);
        return err_set(error, ERR_SHORT_STOCK, line->sku, want, have);
    }
    return decision_fire(d, MACHINE_LINE, line->id, EV_RELEASE, error);
}

static gboolean task_give_up(struct decision *d, const struct task *task, GError **error)
{
    task_edit(d->dossier, task)->open = 0;
    return goods_reserve(d, task->product_id, task->location_id, task->lot_id, task->picked - task->quantity, error);
}

gboolean pick_release_line(struct decision *d, const struct line *line, GError **error)
{
    for (EACH_ROW(task, task, d->dossier, d->ship->id))
        if (task->line_id == line->id && task->open && !task_give_up(d, task, error))
            return FALSE;
    return TRUE;
}

/* --- pick ----------------------------------------------------------------------------------------------- */

/* A lot may expire between the reservation and the walk. */
static gboolean lot_is_good(struct decision *d, GError **error)
{
    const struct lot *lot = lot_find(d->dossier, d->task->lot_id);
    return !lot || lot->expires_on == 0 || lot->expires_on >= clock_civil_date(d->house->zone, d->now) ||
           err_set(error, ERR_PICK_EXPIRED, d->line->sku, lot->code);
}

static gboolean refuse_done(struct decision *d, GError **error)
{
    return err_set(error, ERR_PICK_DONE, d->line->sku, decision_last_act(d));
}

/* Work that was given to somebody else is theirs, whoever has it open; a lead takes it over first. */
static gboolean is_ones_own(struct decision *d, GError **error)
{
    const struct shipment *ship = d->ship;
    if (ship->person_id == 0 || ship->person_id == d->ev->actor.person_id)
        return TRUE;
    return err_set(error, ERR_WORK_TAKEN, ship->batch && ship->batch[0] ? ship->batch : ship->order,
                   ship->person && ship->person[0] ? ship->person : "?");
}

gboolean pick_guard(struct decision *d, GError **error)
{
    if (!is_ones_own(d, error) || !task_named(d, error))
        return FALSE;
    if (!d->task->open)
        return refuse_done(d, error);
    return line_takes(d, d->task->quantity - d->task->picked, ERR_PICK_OVER, NULL, error) && lot_is_good(d, error);
}

/* A tote holds one shipment until its box is closed. */
gboolean tote_effect(struct decision *d, GError **error)
{
    int64_t tote_id = d->ev->tote_id;
    const struct tote_use *use = tote_use_find(d->dossier, tote_id);
    if (tote_id == 0 || (use && use->shipment_id == d->ship->id))
        return TRUE;
    if (use)
        return err_set(error, ERR_PICK_TOTE, use->tote, use->order, d->ship->order);
    const struct location *tote = location_find(d->dossier, tote_id);
    struct tote_use *taken = tote_use_add(d->dossier, tote_id, d->ship->id);
    taken->at = d->now;
    taken->tote = tote ? tote->code : "";
    taken->order = d->ship->order;
    return TRUE;
}

void totes_free(struct decision *d, int64_t shipment_id)
{
    for (EACH_ROW(tote_use, use, d->dossier, shipment_id))
        row_remove(d->dossier, &use->row);
}

static void task_count(struct decision *d, int64_t change)
{
    struct task *task = task_edit(d->dossier, d->task);
    task->picked += change;
    task->open = task->picked < task->quantity;
    line_edit(d->dossier, d->line)->picked += change;
}

gboolean pick_effect(struct decision *d, GError **error)
{
    int64_t quantity = d->ev->quantity;
    if (!tote_effect(d, error))
        return FALSE;
    const struct moving move = {
        .product_id = d->task->product_id, .lot_id = d->task->lot_id, .quantity = quantity,
        .from_id = d->task->location_id, .to_id = d->ev->tote_id ? d->ev->tote_id : d->house->bench_id,
        .was_reserved = TRUE, .kind = "pick"};
    decision_note(d, "%s +%" G_GINT64_FORMAT, d->line->sku, quantity);
    if (!goods_move(d, &move, error))
        return FALSE;
    task_count(d, quantity);
    if (d->line->picked == d->line->quantity && !decision_fire(d, MACHINE_LINE, d->line->id, EV_PICK, error))
        return FALSE;
    decision_derive(d);
    return batch_settle(d, error);
}

/* What follows a split is picked while the rest is packed. */
static enum state goes_on_at(const struct decision *d)
{
    return d->from == ST_PACKING ? ST_PACKING : ST_PICKING;
}

/* How much of the task's goods can be taken back from a place: what else lies there is another shipment's, or in a box. A
 * closed box stands at the bench; one that is being filled may have come from anywhere. */
static int64_t lies_loose(const struct decision *d, int64_t from_id)
{
    int64_t product_id = d->task->product_id, lot_id = d->task->lot_id;
    int64_t anywhere = goods_held(d, product_id, lot_id, 0) - goods_boxed(d, product_id, lot_id, FALSE);
    int64_t here = goods_held(d, product_id, lot_id, from_id);
    if (from_id == d->house->bench_id)
        here -= goods_boxed(d, product_id, lot_id, TRUE);
    return MIN(anywhere, here);
}

gboolean unpick_effect(struct decision *d, GError **error)
{
    int64_t quantity = d->ev->quantity;
    if (!task_named(d, error))
        return FALSE;
    const struct task *task = d->task;
    const struct line *line = d->line;
    gboolean given_up = line->state == ST_OPEN || (!task->open && task->picked < task->quantity); /* short: not wanted back */
    int64_t from_id = d->ev->tote_id ? d->ev->tote_id : d->house->bench_id;
    if (quantity < 1 || quantity > task->picked || quantity > line->picked - line->packed || given_up)
        return err_set(error, ERR_UNDO_NOTHING);
    if (quantity > lies_loose(d, from_id))
        return goods_too_few(d, task->product_id, from_id, lies_loose(d, from_id), error);
    const struct moving move = {
        .product_id = task->product_id, .lot_id = task->lot_id, .quantity = quantity,
        .from_id = from_id, .to_id = task->location_id,
        .reserve_again = TRUE, .kind = "pick", .reason = "undo"};
    decision_note(d, "%s -%" G_GINT64_FORMAT, line->sku, quantity);
    d->to = goes_on_at(d);
    if ((line->state == ST_PICKED && !decision_fire(d, MACHINE_LINE, line->id, EV_UNPICK, error)) ||
        !goods_move(d, &move, error))
        return FALSE;
    task_count(d, -quantity);
    return batch_reopen(d, error);
}

/* --- short, skip ---------------------------------------------------------------------------------------- */

/* Reserves missing pieces of a line elsewhere, or lets the whole rest of the line wait. */
static gboolean replace(struct decision *d, const struct line *line, int64_t missing, GError **error)
{
    int64_t left = missing;
    if (!reserve_free(d, line, &left, error))
        return FALSE;
    if (left == 0)
        return TRUE;
    if (!pick_release_line(d, line, error) || !decision_fire(d, MACHINE_LINE, line->id, EV_SHORT, error))
        return FALSE;
    block_put(d, BLOCK_SHORT, line->sku);
    return TRUE;
}

static void count_task_write(struct decision *d)
{
    struct count_task *count = count_task_add(d->dossier, decision_id(d), d->task->product_id);
    count->location_id = d->task->location_id;
    count->reason = d->ev->reason ? dossier_text(d->dossier, d->ev->reason) : "short";
    count->event_key = d->ev->key;
    count->at = d->now;
}

/* The bin has less than the books say: what is missing is looked for elsewhere, and the bin is to be counted. Where it
 * is nowhere, the line waits and the shipment is short. */
gboolean short_effect(struct decision *d, GError **error)
{
    if (!task_named(d, error))
        return FALSE;
    if (!d->task->open)
        return refuse_done(d, error);
    decision_note(d, "%s", d->line->sku); /* the reason may name somebody: it stands where it can be erased */
    d->to = goes_on_at(d);
    if (!task_give_up(d, d->task, error))
        return FALSE;
    count_task_write(d);
    /* what other bins still owe this line stays; only this task's rest is reserved anew */
    return replace(d, d->line, d->task->quantity - d->task->picked, error) && batch_settle(d, error);
}

gboolean skip_effect(struct decision *d, GError **error)
{
    if (!task_named(d, error))
        return FALSE;
    task_edit(d->dossier, d->task)->skipped++;
    return TRUE;
}

/* What can still be walked for is picked first; an empty box goes nowhere. */
gboolean split_guard(struct decision *d, GError **error)
{
    int64_t picked = 0;
    for (EACH_ROW(task, task, d->dossier, d->ship->id))
        if (task->open)
            return err_set(error, ERR_SPLIT_TO_PICK, d->ship->order);
    for (EACH_ROW(line, line, d->dossier, d->ship->id))
        picked += line->state == ST_CANCELLED ? 0 : line->picked;
    return picked > 0 || err_set(error, ERR_SPLIT_NOTHING, d->ship->order);
}

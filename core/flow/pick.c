/* SPDX-License-Identifier: MIT
 *
 * Pick: goods go from their bins into the shipment's tote, or to the packing bench where no totes are used. A pick task
 * is a reservation that says where to walk.
 */
#include "core/base/clock.h"
#include "core/base/translate.h"
#include "core/flow/decision.h"
#include "core/goods/place.h"

enum { TASK_INSERT, PROGRESS, TASK_LOAD, LOT_EXPIRED, TASK_COUNT, TASK_CLOSE, TASK_SKIP, LINE_PICKED, TASKS_OF_LINE,
       TOTE_TAKE, TOTES_FREE, COUNT_TASK };

static const struct sql SQL[] = {
    [TASK_INSERT] = {"pick_task_insert", "INSERT INTO pick_task (id, shipment_id, line_id, product_id, location_id, "
                                         "lot_id, quantity) VALUES ($1, $2, $3, $4, $5, $6, $7)"},
    [PROGRESS] = {"pick_progress",
                  "SELECT (SELECT COUNT(*) FROM pick_task WHERE shipment_id = $1 AND open = 1), "
                  "CAST(COALESCE(SUM(picked), 0) AS BIGINT) FROM shipment_line WHERE shipment_id = $1 AND state <> 'cancelled'"},
    [TASK_LOAD] = {"pick_task_load", "SELECT id, line_id, product_id, location_id, lot_id, quantity, picked, open "
                                     "FROM pick_task WHERE id = $1 AND shipment_id = $2"},
    [LOT_EXPIRED] = {"pick_lot_expired", "SELECT code FROM lot WHERE id = $1 AND expires_on > 0 AND expires_on < $2"},
    [TASK_COUNT] = {"pick_task_count",
                    "UPDATE pick_task SET picked = picked + $2, open = CASE WHEN picked + $2 < quantity THEN 1 ELSE 0 END "
                    "WHERE id = $1 AND picked + $2 >= 0 AND picked + $2 <= quantity"},
    [TASK_CLOSE] = {"pick_task_close", "UPDATE pick_task SET open = 0 WHERE id = $1"},
    [TASK_SKIP] = {"pick_task_skip", "UPDATE pick_task SET skipped = skipped + 1 WHERE id = $1"},
    [LINE_PICKED] = {"line_picked", "UPDATE shipment_line SET picked = picked + $2 WHERE id = $1"},
    [TASKS_OF_LINE] = {"pick_tasks_of_line", "SELECT id, line_id, product_id, location_id, lot_id, quantity, picked, open "
                                             "FROM pick_task WHERE shipment_id = $1 AND line_id = $2 AND open = 1 "
                                             "ORDER BY id"},
    [TOTE_TAKE] = {"tote_take", "INSERT INTO tote_use (tote_id, shipment_id, at) VALUES ($1, $2, $3) "
                                "ON CONFLICT (tote_id) DO NOTHING"},
    [TOTES_FREE] = {"totes_free", "DELETE FROM tote_use WHERE shipment_id = $1"},
    [COUNT_TASK] = {"count_task_insert", "INSERT INTO count_task (id, warehouse_id, location_id, product_id, reason, "
                                         "event_key, at) VALUES ($1, $2, $3, $4, $5, $6, $7)"},
};

static void read_task(struct rows *rows, void *data)
{
    *(struct task *)data =
        (struct task){rows_int(rows, 0), rows_int(rows, 1), rows_int(rows, 2), rows_int(rows, 3),
                      rows_int(rows, 4), rows_int(rows, 5), rows_int(rows, 6), rows_int(rows, 7) != 0};
}

/* What the event names: the task and its line. */
static gboolean task_load(struct decision *d, GError **error)
{
    struct rows *rows = db_query(d->db, &SQL[TASK_LOAD], DB_ARGS(d->ev->task_id, d->ship.id), error);
    return named_row(rows, read_task, &d->task, _("pick line"), error) && line_load(d, d->task.line_id, error);
}

/* --- reservations --------------------------------------------------------------------------------------- */

static gboolean reserve_at(struct decision *d, const struct line *line, const struct stock_place *place,
                           int64_t quantity, GError **error)
{
    return stock_reserve(d->site, line->product_id, place, quantity, error) &&
           db_exec(d->db, &SQL[TASK_INSERT],
                   DB_ARGS(site_id(d->site), d->ship.id, line->id, line->product_id, place->location_id, place->lot_id,
                           quantity),
                   NULL, error);
}

/* Reserves as much of *left as lies free. The product is held: what the books say stays so. */
static gboolean reserve_free(struct decision *d, const struct line *line, int64_t *left, GError **error)
{
    g_autoptr(GArray) places = stock_places(d->site, line->product_id, error);
    gboolean done = places != NULL;
    for (guint i = 0; done && *left > 0 && i < places->len; i++) {
        const struct stock_place *place = &g_array_index(places, struct stock_place, i);
        int64_t here = MIN(*left, place->free);
        done = reserve_at(d, line, place, here, error);
        *left -= here;
    }
    return done;
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

static gboolean task_give_up(struct decision *d, const void *item, GError **error)
{
    const struct task *task = item;
    return stock_unreserve(d->site, task->product_id, task->location_id, task->lot_id, task->quantity - task->picked,
                           error) &&
           db_exec(d->db, &SQL[TASK_CLOSE], DB_ARGS(task->id), NULL, error);
}

gboolean pick_release_line(struct decision *d, const struct line *line, GError **error)
{
    struct rows *rows = db_query(d->db, &SQL[TASKS_OF_LINE], DB_ARGS(d->ship.id, line->id), error);
    return decision_each(d, rows_list(rows, sizeof(struct task), read_task, error), task_give_up, error);
}

/* --- pick ----------------------------------------------------------------------------------------------- */

/* A lot may expire between the reservation and the walk. */
static gboolean lot_is_good(struct decision *d, GError **error)
{
    if (d->task.lot_id == 0)
        return TRUE;
    int today = clock_civil_date(d->site->zone, d->now);
    struct rows *rows = db_query(d->db, &SQL[LOT_EXPIRED], DB_ARGS(d->task.lot_id, today), error);
    int found = rows_next(rows, error);
    if (found > 0) {
        err_set(error, ERR_PICK_EXPIRED, d->line.sku, rows_text(rows, 0));
        rows_close(rows);
    }
    return found == 0;
}

static gboolean refuse_done(struct decision *d, GError **error)
{
    g_autofree char *act = decision_last_act(d);
    return err_set(error, ERR_PICK_DONE, d->line.sku, act);
}

gboolean pick_guard(struct decision *d, GError **error)
{
    if (!task_load(d, error))
        return FALSE;
    if (!d->task.open)
        return refuse_done(d, error);
    return line_takes(d, d->task.quantity - d->task.picked, ERR_PICK_OVER, NULL, error) && lot_is_good(d, error);
}

/* A tote holds one shipment until its box is closed. */
gboolean tote_effect(struct decision *d, GError **error)
{
    int64_t tote_id = d->ev->tote_id;
    if (tote_id == 0)
        return TRUE;
    if (!db_exec(d->db, &SQL[TOTE_TAKE], DB_ARGS(tote_id, d->ship.id, d->now), NULL, error))
        return FALSE;
    struct tote_user user;
    int found = place_tote_user(d->site, tote_id, &user, error);
    if (found == 0) /* freed by its box in this moment */
        err_set(error, ERR_DB_SERIALIZE);
    return found > 0 &&
           (user.shipment_id == d->ship.id || err_set(error, ERR_PICK_TOTE, user.tote, user.order, d->ship.order));
}

gboolean totes_free(struct decision *d, int64_t shipment_id, GError **error)
{
    return db_exec(d->db, &SQL[TOTES_FREE], DB_ARGS(shipment_id), NULL, error);
}

static gboolean task_count(struct decision *d, const struct task *task, int64_t change, GError **error)
{
    int64_t changed = 0;
    if (!db_exec(d->db, &SQL[TASK_COUNT], DB_ARGS(task->id, change), &changed, error) ||
        !db_exec(d->db, &SQL[LINE_PICKED], DB_ARGS(task->line_id, change), NULL, error))
        return FALSE;
    return changed == 1 || err_set(error, ERR_DB_SERIALIZE);
}

gboolean pick_effect(struct decision *d, GError **error)
{
    int64_t quantity = d->ev->quantity;
    if (!tote_effect(d, error))
        return FALSE;
    const struct stock_move move = {
        .product_id = d->task.product_id, .lot_id = d->task.lot_id, .quantity = quantity, .from_id = d->task.location_id,
        .to_id = d->ev->tote_id ? d->ev->tote_id : d->site->bench_id, .was_reserved = TRUE, .kind = "pick"};
    decision_note(d, "%s +%" G_GINT64_FORMAT, d->line.sku, quantity);
    return decision_move(d, move, error) && task_count(d, &d->task, quantity, error) &&
           (d->line.picked + quantity < d->line.quantity || decision_fire(d, MACHINE_LINE, d->line.id, EV_PICK, error)) &&
           decision_derive(d, error) && (d->ship.batch_id == 0 || batch_settle(d, d->ship.batch_id, error));
}

/* What follows a split is picked while the rest is packed. */
static enum state goes_on_at(const struct decision *d)
{
    return d->ship.state == ST_PACKING ? ST_PACKING : ST_PICKING;
}

gboolean unpick_effect(struct decision *d, GError **error)
{
    int64_t quantity = d->ev->quantity;
    if (!task_load(d, error))
        return FALSE;
    gboolean given_up = d->line.state == ST_OPEN || (!d->task.open && d->task.picked < d->task.quantity); /* short: not wanted back */
    if (quantity < 1 || quantity > d->task.picked || quantity > d->line.picked - d->line.packed || given_up)
        return err_set(error, ERR_UNDO_NOTHING);
    const struct stock_move move = {
        .product_id = d->task.product_id, .lot_id = d->task.lot_id, .quantity = quantity,
        .from_id = d->ev->tote_id ? d->ev->tote_id : d->site->bench_id, .to_id = d->task.location_id,
        .reserve_again = TRUE, .kind = "pick", .reason = "undo"};
    decision_note(d, "%s -%" G_GINT64_FORMAT, d->line.sku, quantity);
    d->to = goes_on_at(d);
    return (d->line.state != ST_PICKED || decision_fire(d, MACHINE_LINE, d->line.id, EV_UNPICK, error)) &&
           decision_move(d, move, error) && task_count(d, &d->task, -quantity, error) &&
           (d->ship.batch_id == 0 || batch_reopen(d, d->ship.batch_id, error));
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
    return pick_release_line(d, line, error) && decision_fire(d, MACHINE_LINE, line->id, EV_SHORT, error) &&
           block_put(d, BLOCK_SHORT, line->sku, error);
}

/* The bin has less than the books say: what is missing is looked for elsewhere, and the bin is to be counted. Where it
 * is nowhere, the line waits and the shipment is short. */
gboolean short_effect(struct decision *d, GError **error)
{
    if (!task_load(d, error))
        return FALSE;
    if (!d->task.open)
        return refuse_done(d, error);
    decision_note(d, "%s %s", d->line.sku, d->ev->reason ? d->ev->reason : "");
    d->to = goes_on_at(d);
    if (!task_give_up(d, &d->task, error) ||
        !db_exec(d->db, &SQL[COUNT_TASK],
                 DB_ARGS(site_id(d->site), d->site->warehouse_id, d->task.location_id, d->task.product_id,
                         d->ev->reason ? d->ev->reason : "short", d->ev->key, d->now),
                 NULL, error))
        return FALSE;
    /* what other bins still owe this line stays; only this task's rest is reserved anew */
    return replace(d, &d->line, d->task.quantity - d->task.picked, error) &&
           (d->ship.batch_id == 0 || batch_settle(d, d->ship.batch_id, error));
}

gboolean skip_effect(struct decision *d, GError **error)
{
    return task_load(d, error) && db_exec(d->db, &SQL[TASK_SKIP], DB_ARGS(d->task.id), NULL, error);
}

/* What can still be walked for is picked first; an empty box goes nowhere. */
gboolean split_guard(struct decision *d, GError **error)
{
    int64_t n[2] = {0, 0};
    if (!named_ints(d, &SQL[PROGRESS], DB_ARGS(d->ship.id), n, 2, _("shipment"), error))
        return FALSE;
    if (n[0] > 0)
        err_set(error, ERR_SPLIT_TO_PICK, d->ship.order);
    else if (n[1] == 0)
        err_set(error, ERR_SPLIT_NOTHING, d->ship.order);
    return n[0] == 0 && n[1] > 0;
}

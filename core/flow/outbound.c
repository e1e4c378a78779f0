/* SPDX-License-Identifier: MIT
 *
 * Outbound: parcels are scanned out under a courier's manifest; handing it over closes it.
 */
#include "core/base/clean.h"
#include "core/base/translate.h"
#include "core/db/rows.h"
#include "core/flow/parcel_cod.h"
#include "core/flow/decision.h"

enum { PARCEL_LOAD, PARCEL_LIVE, PARCEL_LEAVE, MANIFEST_LOAD, MANIFEST_INSERT, MANIFEST_OPEN, MANIFEST_CLOSE };

static const struct sql SQL[] = {
    [PARCEL_LOAD] = {"outbound_parcel", "SELECT p.state, COALESCE((SELECT w.number FROM waybill w WHERE w.parcel_id = p.id "
                                        "AND w.state = 'applied' AND " WAYBILL_STALE "), '') FROM parcel p "
                                        "JOIN shipment s ON s.id = p.shipment_id WHERE p.id = $1 AND p.shipment_id = $2"},
    [PARCEL_LIVE] = {"outbound_waybill", "SELECT id FROM waybill WHERE parcel_id = $1 AND state = 'applied'"},
    [PARCEL_LEAVE] = {"parcel_leave", "UPDATE parcel SET manifest_id = $2, out_at = $3 WHERE id = $1"},
    [MANIFEST_LOAD] = {"manifest_load", "SELECT number, courier, CASE WHEN state = 'open' THEN 1 ELSE 0 END "
                                        "FROM manifest WHERE id = $1 {share_lock}"},
    [MANIFEST_INSERT] = {"manifest_insert", "INSERT INTO manifest (id, warehouse_id, number, courier, state, opened_by, "
                                            "opened_at) VALUES ($1, $2, $3, $4, 'open', $5, $6) "
                                            "ON CONFLICT (warehouse_id, courier) WHERE state = 'open' DO NOTHING"},
    [MANIFEST_OPEN] = {"manifest_of_courier", "SELECT id FROM manifest WHERE warehouse_id = $1 AND courier = $2 "
                                              "AND state = 'open'"},
    [MANIFEST_CLOSE] = {"manifest_close", "UPDATE manifest SET closed_by = $2, closed_at = $3 WHERE id = $1"},
};

struct manifest_facts {
    char number[32], courier[32];
    gboolean open;
};

static gboolean manifest_load(struct decision *d, struct manifest_facts *facts, GError **error)
{
    struct rows *rows = db_query(d->db, &SQL[MANIFEST_LOAD], DB_ARGS(d->ev->manifest_id), error);
    int found = rows_next(rows, error);
    if (found <= 0) {
        if (found == 0)
            err_set(error, ERR_DOCK_NONE);
        return FALSE;
    }
    ROWS_COPY(facts->number, rows, 0);
    ROWS_COPY(facts->courier, rows, 1);
    facts->open = rows_int(rows, 2) != 0;
    rows_close(rows);
    return TRUE;
}

/* A label that says something else than the order does by now stays here. */
static gboolean parcel_state(struct decision *d, enum state *state, GError **error)
{
    struct rows *rows = db_query(d->db, &SQL[PARCEL_LOAD], DB_ARGS(d->ev->parcel_id, d->ship.id), error);
    int found = rows_next(rows, error);
    if (found <= 0) {
        if (found == 0)
            err_set(error, ERR_FLOW_UNKNOWN, _("parcel"));
        return FALSE;
    }
    *state = flow_state_parse(rows_text(rows, 0));
    gboolean right = *state != ST_LABELLED || !rows_text(rows, 1)[0];
    if (!right)
        err_set(error, ERR_LABEL_CHANGED, d->ship.order, rows_text(rows, 1));
    rows_close(rows);
    return right;
}

gboolean out_guard(struct decision *d, GError **error)
{
    struct manifest_facts manifest;
    enum state state = ST_NONE;
    if (!manifest_load(d, &manifest, error) || !parcel_state(d, &state, error))
        return FALSE;
    if (!manifest.open)
        return err_set(error, ERR_DOCK_CLOSED, manifest.number);
    if (g_strcmp0(manifest.courier, d->ship.courier) != 0)
        return err_set(error, ERR_DOCK_COURIER, d->ship.order, d->ship.courier, manifest.courier);
    if (state != ST_LABELLED) {
        g_autofree char *act = decision_last_act(d);
        if (state == ST_OUT)
            err_set(error, ERR_DOCK_OUT, d->ship.order, act);
        else
            err_set(error, ERR_FLOW_STATE, d->ship.order, flow_state_label(state), act);
        return FALSE;
    }
    return TRUE;
}

static gboolean leave(struct decision *d, const struct stock_held *content, GError **error)
{
    const struct stock_move move = {
        .product_id = content->product_id, .lot_id = content->lot_id, .quantity = content->quantity,
        .from_id = d->site->bench_id, .to_id = d->site->customer_id, .kind = "outbound"};
    return decision_move(d, move, error);
}

gboolean out_effect(struct decision *d, GError **error)
{
    int64_t parcel_id = d->ev->parcel_id, waybill_id = 0;
    g_autoptr(GArray) content = parcel_content(d, parcel_id, error);
    gboolean done =
        content && named_ints(d, &SQL[PARCEL_LIVE], DB_ARGS(parcel_id), &waybill_id, 1, _("waybill"), error);
    for (guint i = 0; done && i < content->len; i++)
        done = leave(d, &g_array_index(content, struct stock_held, i), error);
    d->made_id = parcel_id;
    return done && decision_fire(d, MACHINE_WAYBILL, waybill_id, EV_OUT, error) &&
           decision_fire(d, MACHINE_PARCEL, parcel_id, EV_OUT, error) &&
           db_exec(d->db, &SQL[PARCEL_LEAVE], DB_ARGS(parcel_id, d->ev->manifest_id, d->now), NULL, error) &&
           decision_derive(d, error);
}

/* --- handover ------------------------------------------------------------------------------------------- */

/* Two docks may open the same courier's at once: the second one works under the first one's. */
gboolean manifest_open_effect(struct decision *d, GError **error)
{
    int64_t changed = 0;
    int64_t number = site_counter_next(d->site, "manifest", error);
    if (number == 0)
        return FALSE;
    g_autofree char *name = g_strdup_printf("M%04" G_GINT64_FORMAT, number);
    d->made_id = d->ev->key;
    decision_note(d, "%s %s", name, d->ev->courier);
    gboolean done =
        db_exec(d->db, &SQL[MANIFEST_INSERT],
                DB_ARGS(d->ev->key, d->site->warehouse_id, name, d->ev->courier, d->ev->actor.person_id, d->now),
                &changed, error);
    return done && (changed == 1 || named_ints(d, &SQL[MANIFEST_OPEN], DB_ARGS(d->site->warehouse_id, d->ev->courier),
                                               &d->made_id, 1, _("manifest"), error));
}

gboolean manifest_close_effect(struct decision *d, GError **error)
{
    decision_note(d, "%s", d->subject.name);
    return db_exec(d->db, &SQL[MANIFEST_CLOSE], DB_ARGS(d->subject.id, d->ev->actor.person_id, d->now), NULL, error);
}

/* SPDX-License-Identifier: MIT
 *
 * Outbound: parcels are scanned out under a courier's manifest; handing it over closes it.
 */
#include "core/base/translate.h"
#include "core/db/rows.h"
#include "core/flow/parcel_cod.h"
#include "core/flow/decision.h"

enum { PARCEL_LOAD, PARCEL_LIVE, PARCEL_LEAVE, MANIFEST_LOAD, MANIFEST_INSERT, MANIFEST_OPEN, MANIFEST_CLOSE };

struct parcel {
    enum state state;
    char stale[72]; /* its waybill's number, when it says something else than the order */
};

#define PARCEL(COLUMN, PARSED)                                                                                         \
    PARSED("p.state, ", state, flow_state_parse)                                                                       \
    COLUMN("COALESCE((SELECT w.number FROM waybill w WHERE w.parcel_id = p.id AND w.state = 'applied' "                \
           "AND " WAYBILL_STALE "), '')", stale)

struct manifest {
    char number[32], courier[32];
    enum state state;
};

#define MANIFEST(COLUMN, PARSED)                                                                                       \
    COLUMN("number, ", number)                                                                                         \
    COLUMN("courier, ", courier)                                                                                       \
    PARSED("state", state, flow_state_parse)

ROWS_READER(read_parcel, struct parcel, PARCEL)
ROWS_READER(read_manifest, struct manifest, MANIFEST)

static const struct sql SQL[] = {
    [PARCEL_LOAD] = {"outbound_parcel", "SELECT " COLUMNS_OF(PARCEL) " FROM parcel p "
                                        "JOIN shipment s ON s.id = p.shipment_id WHERE p.id = $1 AND p.shipment_id = $2"},
    [PARCEL_LIVE] = {"outbound_waybill", "SELECT id FROM waybill WHERE parcel_id = $1 AND state = 'applied'"},
    [PARCEL_LEAVE] = {"parcel_leave", "UPDATE parcel SET manifest_id = $2, out_at = $3 WHERE id = $1"},
    [MANIFEST_LOAD] = {"manifest_load", "SELECT " COLUMNS_OF(MANIFEST) " FROM manifest WHERE id = $1 {share_lock}"},
    [MANIFEST_INSERT] = {"manifest_insert", "INSERT INTO manifest (id, warehouse_id, number, courier, state, opened_by, "
                                            "opened_at) VALUES ($1, $2, $3, $4, 'open', $5, $6) "
                                            "ON CONFLICT (warehouse_id, courier) WHERE state = 'open' DO NOTHING"},
    [MANIFEST_OPEN] = {"manifest_of_courier", "SELECT id FROM manifest WHERE warehouse_id = $1 AND courier = $2 "
                                              "AND state = 'open'"},
    [MANIFEST_CLOSE] = {"manifest_close", "UPDATE manifest SET closed_by = $2, closed_at = $3 WHERE id = $1"},
};

static gboolean manifest_load(struct decision *d, struct manifest *manifest, GError **error)
{
    int found = rows_first(db_query(d->db, &SQL[MANIFEST_LOAD], DB_ARGS(d->ev->manifest_id), error), read_manifest,
                           manifest, error);
    if (found == 0)
        err_set(error, ERR_DOCK_NONE);
    return found > 0;
}

/* A label that says something else than the order does by now stays here. */
static gboolean parcel_state(struct decision *d, enum state *state, GError **error)
{
    struct parcel parcel;
    struct rows *rows = db_query(d->db, &SQL[PARCEL_LOAD], DB_ARGS(d->ev->parcel_id, d->ship.id), error);
    if (!named_row(rows, read_parcel, &parcel, _("parcel"), error))
        return FALSE;
    *state = parcel.state;
    return parcel.state != ST_LABELLED || !parcel.stale[0] ||
           err_set(error, ERR_LABEL_CHANGED, d->ship.order, parcel.stale);
}

gboolean out_guard(struct decision *d, GError **error)
{
    struct manifest manifest;
    enum state state = ST_NONE;
    if (!manifest_load(d, &manifest, error) || !parcel_state(d, &state, error))
        return FALSE;
    if (manifest.state != ST_OPEN)
        return err_set(error, ERR_DOCK_CLOSED, manifest.number);
    if (g_strcmp0(manifest.courier, d->ship.courier) != 0)
        return err_set(error, ERR_DOCK_COURIER, d->ship.order, d->ship.courier, manifest.courier);
    if (state == ST_LABELLED)
        return TRUE;
    g_autofree char *act = decision_last_act(d);
    return state == ST_OUT ? err_set(error, ERR_DOCK_OUT, d->ship.order, act)
                           : err_set(error, ERR_FLOW_STATE, d->ship.order, flow_state_label(state), act);
}

static gboolean leave(struct decision *d, const void *item, GError **error)
{
    const struct stock_held *content = item;
    const struct stock_move move = {
        .product_id = content->product_id, .lot_id = content->lot_id, .quantity = content->quantity,
        .from_id = d->site->bench_id, .to_id = d->site->customer_id, .kind = "outbound"};
    return decision_move(d, move, error);
}

gboolean out_effect(struct decision *d, GError **error)
{
    int64_t parcel_id = d->ev->parcel_id, waybill_id = 0;
    d->made_id = parcel_id;
    return named_ints(d, &SQL[PARCEL_LIVE], DB_ARGS(parcel_id), &waybill_id, 1, _("waybill"), error) &&
           decision_each(d, parcel_content(d, parcel_id, error), leave, error) &&
           decision_fire(d, MACHINE_WAYBILL, waybill_id, EV_OUT, error) &&
           decision_fire(d, MACHINE_PARCEL, parcel_id, EV_OUT, error) &&
           db_exec(d->db, &SQL[PARCEL_LEAVE], DB_ARGS(parcel_id, d->ev->manifest_id, d->now), NULL, error) &&
           decision_derive(d, error);
}

/* --- handover ------------------------------------------------------------------------------------------- */

int64_t flow_open_manifest(struct site *site, const char *courier, GError **error)
{
    int64_t id = 0;
    int found = db_get_ints(site->db, &SQL[MANIFEST_OPEN], DB_ARGS(site->warehouse_id, courier), &id, 1, error);
    return found < 0 ? -1 : id;
}

/* Two docks may open the same courier's at once: the second one works under the first one's. */
gboolean manifest_open_effect(struct decision *d, GError **error)
{
    int64_t changed = 0;
    g_autofree char *name = site_next_number(d->site, "manifest", 'M', error);
    if (!name)
        return FALSE;
    d->made_id = d->ev->key;
    decision_note(d, "%s %s", name, d->ev->courier);
    if (!db_exec(d->db, &SQL[MANIFEST_INSERT],
                 DB_ARGS(d->ev->key, d->site->warehouse_id, name, d->ev->courier, d->ev->actor.person_id, d->now),
                 &changed, error))
        return FALSE;
    if (changed == 0)
        d->made_id = flow_open_manifest(d->site, d->ev->courier, error);
    if (d->made_id == 0) /* closed in this moment */
        err_set(error, ERR_DB_SERIALIZE);
    return d->made_id > 0;
}

gboolean manifest_close_effect(struct decision *d, GError **error)
{
    decision_note(d, "%s", d->subject.name);
    return db_exec(d->db, &SQL[MANIFEST_CLOSE], DB_ARGS(d->subject.id, d->ev->actor.person_id, d->now), NULL, error);
}

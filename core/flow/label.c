/* SPDX-License-Identifier: MIT
 *
 * Label: a parcel's waybill, from its number to the scan that proves it is on the parcel. A waybill is live while its
 * generation is the parcel's; a void one says so at every scan.
 */
#include "core/base/translate.h"
#include "core/flow/parcel_cod.h"
#include "core/flow/decision.h"
#include "core/waybill/take.h"

enum {
    LIVE_OF_PARCEL,
    LIVE_OF_SHIPMENT,
    STALE_OF_SHIPMENT,
    COD_OF_PARCEL,
    BIND,
    ORDER_NUMBER,
    WAYBILL_LOAD,
    WAYBILL_VOID,
    NEXT_GENERATION,
    PARCEL_OF,
    IS_EXTERNAL,
    PAPERS,
    QUEUED_JOBS
};

static const struct sql SQL[] = {
    [LIVE_OF_PARCEL] = {"waybill_live_of_parcel", "SELECT id FROM waybill WHERE parcel_id = $1 "
                                                  "AND state IN ('assigned', 'printed', 'applied', 'out')"},
    [LIVE_OF_SHIPMENT] = {"waybill_live_of_shipment",
                          "SELECT w.id, p.id FROM parcel p JOIN shipment s ON s.id = p.shipment_id "
                          "JOIN waybill w ON w.parcel_id = p.id "
                          "WHERE p.shipment_id = $1 AND " WAYBILL_IS_LIVE("w") " "
                          "AND (CAST($2 AS BIGINT) = 0 OR w.id = $2) "
                          "ORDER BY CASE WHEN " WAYBILL_STALE " THEN 0 ELSE 1 END, p.number DESC LIMIT 1"},
    [STALE_OF_SHIPMENT] = {"waybill_stale_of_shipment",
                           "SELECT COUNT(*) FROM parcel p JOIN shipment s ON s.id = p.shipment_id "
                           "JOIN waybill w ON w.parcel_id = p.id WHERE p.shipment_id = $1 "
                           "AND " WAYBILL_IS_LIVE("w") " AND " WAYBILL_STALE},
    [COD_OF_PARCEL] = {"parcel_cod", "SELECT " PARCEL_COD " FROM parcel p JOIN shipment s ON s.id = p.shipment_id "
                                     "WHERE p.id = $1"},
    [BIND] = {"waybill_bind", "UPDATE waybill SET parcel_id = $2, recipient_id = $3, cod_minor = $4, generation = "
                                   "(SELECT generation FROM parcel WHERE id = $2), changed_at = $5 "
                                   "WHERE id = $1 AND state = 'free'"},
    [ORDER_NUMBER] = {"order_waybill_number", "SELECT waybill_number FROM sales_order WHERE id = $1"},
    [WAYBILL_LOAD] = {"waybill_load",
                      "SELECT w.number, w.state, w.void_reason, CASE WHEN " WAYBILL_STALE " THEN 1 ELSE 0 END, "
                      "COALESCE(p.id, 0), "
                      "COALESCE(p.shipment_id, 0), COALESCE(o.external_id, ''), COALESCE(p.state, '') FROM waybill w "
                      "LEFT JOIN parcel p ON p.id = w.parcel_id LEFT JOIN shipment s ON s.id = p.shipment_id "
                      "LEFT JOIN sales_order o ON o.id = s.order_id WHERE w.id = $1"},
    [WAYBILL_VOID] = {"waybill_void_reason", "UPDATE waybill SET void_reason = $2, changed_at = $3 WHERE id = $1"},
    [NEXT_GENERATION] = {"parcel_next_generation", "UPDATE parcel SET generation = generation + 1 WHERE id = $1"},
    [PARCEL_OF] = {"parcel_state_of", "SELECT CASE WHEN state = 'labelled' THEN 1 ELSE 0 END FROM parcel WHERE id = $1"},
    [IS_EXTERNAL] = {"waybill_is_external", "SELECT CASE WHEN source = 'external' THEN 1 ELSE 0 END FROM waybill WHERE id = $1"},
    [PAPERS] = {"waybill_papers", "SELECT COUNT(*), COUNT(*) FILTER (WHERE state = 'queued'), COUNT(*) FILTER (WHERE state "
                                  "= 'failed'), COALESCE(MAX(copy), 0), COALESCE(MAX(CASE WHEN state = 'failed' THEN id END), 0) "
                                  "FROM job WHERE waybill_id = $1 AND kind = $2"},
    [QUEUED_JOBS] = {"waybill_queued_jobs", "SELECT id FROM job WHERE waybill_id = $1 AND state = 'queued' ORDER BY id"},
};

/* --- a number for a parcel ------------------------------------------------------------------------------ */

static gboolean take(struct decision *d, int64_t cod_minor, int64_t *waybill_id, GError **error)
{
    /* what the order brought along, for couriers whose numbers come with it */
    g_autofree char *number = named_text(d, &SQL[ORDER_NUMBER], DB_ARGS(d->ship.order_id), _("order"), error);
    struct waybill_want want = {
        .courier = d->ship.courier,
        .service = d->ship.service,
        .cod = cod_minor > 0,
        .number = number,
        .shipment_id = d->ship.id,
        .order = d->ship.order,
    };
    return number && waybill_take(d->site, &want, waybill_id, error);
}

gboolean label_assign(struct decision *d, int64_t parcel_id, int64_t *waybill_id, GError **error)
{
    int64_t changed = 0, cod_minor = 0;
    int found = db_get_ints(d->db, &SQL[LIVE_OF_PARCEL], DB_ARGS(parcel_id), waybill_id, 1, error);
    if (found != 0)
        return found > 0;
    if ((d->ship.cod_minor > 0 &&
         !named_ints(d, &SQL[COD_OF_PARCEL], DB_ARGS(parcel_id), &cod_minor, 1, _("parcel"), error)) ||
        !take(d, cod_minor, waybill_id, error) ||
        !db_exec(d->db, &SQL[BIND], DB_ARGS(*waybill_id, parcel_id, d->ship.recipient_id, cod_minor, d->now), &changed,
                 error))
        return FALSE;
    if (changed != 1)
        return err_set(error, ERR_DB_SERIALIZE);
    return decision_fire(d, MACHINE_WAYBILL, *waybill_id, EV_ASSIGN, error);
}

/* One kind of paper of a box that is closed or printed ahead: it comes out once. At a close, what never reached a printer
 * (its run was cancelled, its printer failed) comes out here; and paper that is out and may list what is not in the box
 * gets a flagged copy: the number stays, it is the same parcel for the same buyer. */
static gboolean paper(struct decision *d, int64_t waybill_id, const char *kind, enum label_when when, GError **error)
{
    int64_t n[5] = {0, 0, 0, 0, 0};
    if (!named_ints(d, &SQL[PAPERS], DB_ARGS(waybill_id, kind), n, 5, _("waybill"), error))
        return FALSE;
    int64_t all = n[0], queued = n[1], failed = n[2], copies = n[3], last_failed = n[4];
    if (all == 0)
        return job_write(d, kind, waybill_id, 0, "", error);
    if (queued > 0 || when == LABEL_AHEAD)
        return TRUE;
    if (all == failed)
        return job_again(d, last_failed, error);
    return when != LABEL_REPACKED || job_write(d, kind, waybill_id, copies + 1, "repacked", error);
}

gboolean label_print(struct decision *d, int64_t waybill_id, enum label_when when, GError **error)
{
    int64_t external = 0;
    return named_ints(d, &SQL[IS_EXTERNAL], DB_ARGS(waybill_id), &external, 1, _("waybill"), error) &&
           (external || paper(d, waybill_id, "waybill", when, error)) &&
           (!site_setting_int(d->site, "slip_with_waybill", 0) || paper(d, waybill_id, "slip", when, error));
}

/* --- ahead, again, anew --------------------------------------------------------------------------------- */

gboolean print_ahead_effect(struct decision *d, GError **error)
{
    int64_t waybill_id = 0, parcel_id = pack_open_parcel(d, error);
    d->made_id = parcel_id;
    return parcel_id && label_assign(d, parcel_id, &waybill_id, error) &&
           label_print(d, waybill_id, LABEL_AHEAD, error);
}

/* The one the event names; else one that is not what the order says any more; else that of the last box. */
static gboolean live_waybill(struct decision *d, int64_t *waybill_id, int64_t *parcel_id, GError **error)
{
    int64_t n[2] = {0, 0};
    int found = db_get_ints(d->db, &SQL[LIVE_OF_SHIPMENT], DB_ARGS(d->ship.id, d->ev->waybill_id), n, 2, error);
    if (found == 0)
        err_set(error, ERR_LABEL_NONE, d->ship.order);
    *waybill_id = n[0];
    *parcel_id = n[1];
    return found > 0;
}

gboolean reprint_effect(struct decision *d, GError **error)
{
    int64_t parcel_id = 0, copy = 0, external = 0;
    if (!live_waybill(d, &d->made_id, &parcel_id, error) ||
        !named_ints(d, &SQL[IS_EXTERNAL], DB_ARGS(d->made_id), &external, 1, _("waybill"), error))
        return FALSE;
    if (external)
        return err_set(error, ERR_LABEL_EXTERNAL, d->ship.order);
    return job_next_copy(d, d->made_id, "waybill", &copy, error) &&
           job_write(d, "waybill", d->made_id, copy, d->ev->reason ? d->ev->reason : "", error);
}

/* Copies that are not on their way to the printer yet never come out. */
static gboolean drop_queued(struct decision *d, int64_t waybill_id, GError **error)
{
    int64_t job_id = 0;
    int found;
    while ((found = db_get_ints(d->db, &SQL[QUEUED_JOBS], DB_ARGS(waybill_id), &job_id, 1, error)) > 0)
        if (!decision_fire(d, MACHINE_JOB, job_id, EV_JOB_DROP, error))
            return FALSE;
    return found == 0;
}

/* Jobs before their waybill, as the worker's events have them. */
gboolean label_void(struct decision *d, int64_t parcel_id, enum event_kind why, const char *reason, GError **error)
{
    int64_t waybill_id = 0;
    int found = db_get_ints(d->db, &SQL[LIVE_OF_PARCEL], DB_ARGS(parcel_id), &waybill_id, 1, error);
    if (found <= 0)
        return found == 0;
    return drop_queued(d, waybill_id, error) && decision_fire(d, MACHINE_WAYBILL, waybill_id, why, error) &&
           db_exec(d->db, &SQL[WAYBILL_VOID], DB_ARGS(waybill_id, reason, d->now), NULL, error);
}

gboolean renew_effect(struct decision *d, GError **error)
{
    int64_t old_id = 0, parcel_id = 0, labelled = 0, stale = 0;
    return live_waybill(d, &old_id, &parcel_id, error) &&
           label_void(d, parcel_id, EV_RENEW, d->ev->reason ? d->ev->reason : "", error) &&
           db_exec(d->db, &SQL[NEXT_GENERATION], DB_ARGS(parcel_id), NULL, error) &&
           named_ints(d, &SQL[PARCEL_OF], DB_ARGS(parcel_id), &labelled, 1, _("parcel"), error) &&
           (!labelled || decision_fire(d, MACHINE_PARCEL, parcel_id, EV_RENEW, error)) &&
           label_assign(d, parcel_id, &d->made_id, error) && label_print(d, d->made_id, LABEL_AHEAD, error) &&
           named_ints(d, &SQL[STALE_OF_SHIPMENT], DB_ARGS(d->ship.id), &stale, 1, _("shipment"), error) &&
           (stale > 0 || block_clear(d, BLOCK_CHANGED, error));
}

/* --- the proof ------------------------------------------------------------------------------------------ */

static gboolean apply_judge(struct decision *d, struct rows *rows, GError **error)
{
    const char *number = rows_text(rows, 0);
    if (rows_int(rows, 5) != d->ship.id)
        return err_set(error, ERR_LABEL_OTHER, number, rows_text(rows, 6)[0] ? rows_text(rows, 6) : "-", d->ship.order);
    if (flow_state_parse(rows_text(rows, 1)) == ST_VOID)
        return err_set(error, ERR_LABEL_VOID, number, rows_text(rows, 2));
    if (rows_int(rows, 3))
        return err_set(error, ERR_LABEL_CHANGED, d->ship.order, number);
    enum state box = flow_state_parse(rows_text(rows, 7));
    if (box == ST_OPEN) /* printed ahead, or opened again */
        err_set(error, ERR_LABEL_OPEN, d->ship.order);
    else if (box != ST_PACKED)
        err_set(error, ERR_FLOW_STATE, number, flow_state_label(box), flow_event_label(EV_APPLY));
    return box == ST_PACKED;
}

gboolean apply_guard(struct decision *d, GError **error)
{
    struct rows *rows = db_query(d->db, &SQL[WAYBILL_LOAD], DB_ARGS(d->ev->waybill_id), error);
    int found = rows_next(rows, error);
    if (found <= 0) {
        if (found == 0)
            err_set(error, ERR_FLOW_UNKNOWN, _("waybill"));
        return FALSE;
    }
    gboolean right = apply_judge(d, rows, error);
    d->made_id = rows_int(rows, 4);
    rows_close(rows);
    return right;
}

gboolean apply_effect(struct decision *d, GError **error)
{
    return decision_fire(d, MACHINE_WAYBILL, d->ev->waybill_id, EV_APPLY, error) &&
           decision_fire(d, MACHINE_PARCEL, d->made_id, EV_APPLY, error) && decision_derive(d, error);
}

/* SPDX-License-Identifier: MIT
 *
 * The dock step of a station: parcels are scanned out under a courier's manifest.
 */
#include "core/base/clean.h"
#include "core/base/translate.h"
#include "core/code/courier.h"
#include "core/station/inner.h"

enum { MANIFEST_OPEN, WAYBILL_FACTS, COUNTS };

static const struct sql SQL[] = {
    [MANIFEST_OPEN] = {"dock_manifest_open", "SELECT id FROM manifest WHERE warehouse_id = $1 AND courier = $2 "
                                             "AND state = 'open'"},
    [WAYBILL_FACTS] = {"dock_waybill", "SELECT p.id, p.shipment_id, w.courier, w.void_reason, "
                                       "CASE WHEN w.state = 'void' THEN 1 ELSE 0 END FROM waybill w "
                                       "JOIN parcel p ON p.id = w.parcel_id WHERE w.id = $1"},
    [COUNTS] = {"dock_counts", "SELECT (SELECT COUNT(*) FROM parcel WHERE manifest_id = $1), (SELECT COUNT(*) FROM "
                               "shipment s WHERE s.warehouse_id = $2 AND " SHIPMENT_IS_OPEN("s") " "
                               "AND s.state = 'labelled' AND s.courier = "
                               "(SELECT courier FROM manifest WHERE id = $1))"},
};

/* Joins the courier's open manifest, or opens one. */
static gboolean join(struct station *station, const char *courier, struct plan *plan, GError **error)
{
    int64_t id = 0;
    struct site *site = station->site;
    int found = db_get_ints(site->db, &SQL[MANIFEST_OPEN], DB_ARGS(site->warehouse_id, courier), &id, 1, error);
    if (found < 0)
        return FALSE;
    if (found == 0) {
        struct event event = {.kind = EV_MANIFEST_OPEN, .actor = station->actor, .courier = courier};
        struct outcome outcome;
        if (!station_apply(station, &event, &outcome, error))
            return FALSE;
        if (outcome.verdict != VERDICT_DONE)
            plan_not_done(plan, &outcome);
        else
            id = outcome.subject_id;
    }
    station->work.manifest_id = id;
    return TRUE;
}

gboolean dock_open(struct station *station, const char *courier, struct plan *plan, GError **error)
{
    station_leave(station, STEP_DOCK);
    station->work.manifest_id = 0;
    if (!courier[0]) {
        plan_say(plan, PLAN_OK, "%s", _("Dock: the first parcel chooses the courier"));
        return TRUE;
    }
    const struct courier *known = couriers_get(station->site->couriers, courier);
    if (!known) {
        refuse(plan, ERR_COURIER_UNKNOWN, courier);
        return TRUE;
    }
    plan_say(plan, PLAN_OK, _("Manifest of %s"), known->name);
    return join(station, courier, plan, error);
}

gboolean dock_plan(struct station *station, const struct thing *thing, struct plan *plan, GError **error)
{
    if (thing->kind != THING_WAYBILL) {
        refuse(plan, ERR_SCAN_NOT_NOW, thing->name);
        return TRUE;
    }
    struct rows *rows = db_query(station->site->db, &SQL[WAYBILL_FACTS], DB_ARGS(thing->id), error);
    int found = rows_next(rows, error);
    if (found <= 0) {
        if (found == 0)
            refuse(plan, ERR_LABEL_UNKNOWN, thing->name);
        return found == 0;
    }
    int64_t parcel_id = rows_int(rows, 0), shipment_id = rows_int(rows, 1);
    gboolean is_void = rows_int(rows, 4) != 0;
    g_autofree char *courier = g_strdup(rows_text(rows, 2));
    if (is_void)
        refuse(plan, ERR_LABEL_VOID, thing->name, rows_text(rows, 3));
    rows_close(rows);
    gboolean done = is_void || station->work.manifest_id || join(station, courier, plan, error);
    if (!done || plan->kind == PLAN_REFUSE)
        return done;
    struct event *event = plan_event(station, plan, EV_OUT);
    event->shipment_id = shipment_id;
    event->parcel_id = parcel_id;
    event->manifest_id = station->work.manifest_id;
    g_snprintf(plan->text, sizeof plan->text, _("Out: %s"), thing->name);
    return TRUE;
}

gboolean dock_after(struct station *station, const struct event *event, struct answer *answer, GError **error)
{
    (void)answer;
    (void)error;
    if (event->kind == EV_MANIFEST_CLOSE)
        station_leave(station, STEP_IDLE);
    return TRUE;
}

gboolean dock_close_plan(struct station *station, gboolean confirmed, struct plan *plan, GError **error)
{
    int64_t n[2] = {0, 0};
    if (station->work.step != STEP_DOCK || station->work.manifest_id == 0) {
        refuse(plan, ERR_DOCK_NONE, NULL);
        return TRUE;
    }
    if (confirmed) {
        struct event *event = plan_event(station, plan, EV_MANIFEST_CLOSE);
        event->manifest_id = station->work.manifest_id;
        clean_copy(plan->text, sizeof plan->text, _("Manifest closed"));
        return TRUE;
    }
    if (db_get_ints(station->site->db, &SQL[COUNTS], DB_ARGS(station->work.manifest_id, station->site->warehouse_id), n,
                    2, error) < 0)
        return FALSE;
    station->question = ASKED_MANIFEST_CLOSE;
    plan_say(plan, PLAN_ASK, _("%d out, %d labelled and not out. Confirm to close."), (int)n[0], (int)n[1]);
    return TRUE;
}

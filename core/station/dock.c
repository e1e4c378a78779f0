/* SPDX-License-Identifier: MIT
 *
 * The dock step of a station: parcels are scanned out under a courier's manifest.
 */
#include <string.h>

#include "core/apply/apply.h"
#include "core/base/clean.h"
#include "core/base/translate.h"
#include "core/code/courier.h"
#include "core/db/rows.h"
#include "core/flow/progress.h"
#include "core/station/inner.h"

enum { COUNTS };

#define AT(COLUMN, PARSED)                                                                                             \
    COLUMN("w.id, ", id)                                                                                               \
    COLUMN("p.id, ", parcel_id)                                                                                        \
    COLUMN("p.shipment_id, ", shipment_id)                                                                             \
    COLUMN("w.courier, ", courier)                                                                                     \
    COLUMN("w.void_reason, ", void_reason)                                                                             \
    COLUMN("CASE WHEN w.state = 'void' THEN 1 ELSE 0 END", is_void)

ROWS_READER(read_waybill, struct waybill_at, AT)

#define WAYBILL "SELECT " COLUMNS_OF(AT) " FROM waybill w JOIN parcel p ON p.id = w.parcel_id WHERE "

static const struct inquiry WAYBILL_AT = {{"dock_waybill", WAYBILL "w.id = $1"}, sizeof(struct waybill_at), read_waybill};
/* By what was scanned, before it is known that it is one. */
static const struct inquiry WAYBILL_OF = {
    {"dock_waybill_of", WAYBILL "w.number = $2 AND w.warehouse_id = $1 AND w.state <> 'free' LIMIT 1"},
    sizeof(struct waybill_at), read_waybill};

struct manifest_at {
    int64_t id;
    char courier[32];
};

#define OPEN(COLUMN, PARSED)                                                                                           \
    COLUMN("id, ", id)                                                                                                 \
    COLUMN("courier", courier)

ROWS_READER(read_manifest, struct manifest_at, OPEN)

static const struct inquiry OPEN_MANIFESTS = {{"dock_open_manifests", "SELECT " COLUMNS_OF(OPEN) " FROM manifest "
                                               "WHERE warehouse_id = $1 AND state = 'open'"},
                                              sizeof(struct manifest_at), read_manifest};

static const struct sql SQL[] = {
    [COUNTS] = {"dock_counts", "SELECT (SELECT COUNT(*) FROM parcel WHERE manifest_id = $1), (SELECT COUNT(*) FROM "
                               "shipment s WHERE s.warehouse_id = $2 AND " SHIPMENT_IS_OPEN("s") " "
                               "AND s.state = 'labelled' AND s.courier = "
                               "(SELECT courier FROM manifest WHERE id = $1))"},
};

/* The courier's manifest that is open becomes the one of this dock, if there is one. */
static gboolean find_open(struct station *station, const char *courier, GError **error)
{
    const GArray *open = station_answers(station, &OPEN_MANIFESTS, DB_ARGS(station->site->warehouse_id), error);
    for (guint i = 0; open && i < open->len; i++) {
        const struct manifest_at *at = &g_array_index(open, struct manifest_at, i);
        if (strcmp(at->courier, courier) == 0)
            station->work.manifest_id = at->id;
    }
    return open != NULL;
}

/* Joins the courier's open manifest, or opens one. */
static gboolean join(struct station *station, const char *courier, struct plan *plan, GError **error)
{
    struct event event = {.kind = EV_MANIFEST_OPEN, .actor = station->actor, .courier = courier};
    struct outcome outcome;
    if (!find_open(station, courier, error))
        return FALSE;
    if (station->work.manifest_id)
        return TRUE;
    if (!station_apply(station, &event, &outcome, error))
        return FALSE;
    if (outcome.verdict != VERDICT_DONE)
        return plan_not_done(plan, &outcome);
    station->work.manifest_id = outcome.subject_id;
    return TRUE;
}

gboolean dock_open(struct station *station, const char *courier, struct plan *plan, GError **error)
{
    station_leave(station, STEP_DOCK);
    station->work.manifest_id = 0;
    if (!courier[0])
        return plan_say(plan, PLAN_OK, "%s", _("Dock: the first parcel chooses the courier"));
    const struct courier *known = couriers_get(station->site->couriers, courier);
    if (!known)
        return refuse(plan, ERR_COURIER_UNKNOWN, courier);
    plan_say(plan, PLAN_OK, _("Manifest of %s"), known->name);
    return join(station, courier, plan, error);
}

void dock_ask(struct station *station, const struct scan *scan)
{
    station_ask(station, &WAYBILL_OF, DB_ARGS(station->site->warehouse_id, scan->text));
    if (station->work.manifest_id == 0)
        station_ask(station, &OPEN_MANIFESTS, DB_ARGS(station->site->warehouse_id));
}

void dock_ask_after(struct station *station, const struct event *event)
{
    view_ask_manifest(station, event->kind == EV_MANIFEST_OPEN ? event->key : station->work.manifest_id);
}

static int waybill_at(struct station *station, const struct thing *thing, struct waybill_at *at, GError **error)
{
    const struct db_value args[] = {db_int(station->site->warehouse_id), db_text(station->scanned)};
    int found = station->scanned && station_has_asked(station, &WAYBILL_OF)
                    ? station_answer(station, &WAYBILL_OF, args, G_N_ELEMENTS(args), at, error)
                    : 0;
    if (found < 0 || (found > 0 && at->id == thing->id))
        return found;
    return station_answer(station, &WAYBILL_AT, DB_ARGS(thing->id), at, error);
}

int dock_waybill(struct station *station, const struct thing *thing, struct waybill_at *at, struct plan *plan,
                 GError **error)
{
    int found = waybill_at(station, thing, at, error);
    if (found == 0)
        refuse(plan, ERR_LABEL_UNKNOWN, thing->name);
    else if (found > 0 && at->is_void)
        refuse(plan, ERR_LABEL_VOID, thing->name, progress_void_word(at->void_reason));
    return found > 0 ? !at->is_void : found;
}

/* The first parcel of a courier opens its manifest in the same act. */
static void plan_out(struct station *station, const struct waybill_at *at, struct plan *plan)
{
    int64_t manifest_id = station->work.manifest_id;
    const struct event out = {.kind = EV_OUT, .actor = station->actor, .shipment_id = at->shipment_id,
                              .parcel_id = at->parcel_id, .manifest_id = manifest_id, .request = station->request};
    plan->kind = PLAN_EVENT;
    plan->event = out;
    if (manifest_id == 0) {
        g_strlcpy(station->dock_courier, at->courier, sizeof station->dock_courier);
        plan->event = (struct event){.kind = EV_MANIFEST_OPEN, .actor = station->actor, .courier = station->dock_courier};
        plan->next = out;
    }
}

gboolean dock_plan(struct station *station, const struct thing *thing, struct plan *plan, GError **error)
{
    struct waybill_at at;
    if (thing->kind != THING_WAYBILL)
        return refuse(plan, ERR_SCAN_NOT_NOW, thing->name);
    int found = dock_waybill(station, thing, &at, plan, error);
    if (found <= 0)
        return found == 0;
    if (station->work.manifest_id == 0 && !find_open(station, at.courier, error))
        return FALSE;
    plan_out(station, &at, plan);
    g_snprintf(plan->text, sizeof plan->text, _("Out: %s"), thing->name);
    return TRUE;
}

gboolean dock_close_plan(struct station *station, gboolean confirmed, struct plan *plan, GError **error)
{
    int64_t n[2] = {0, 0};
    if (station->work.step != STEP_DOCK || station->work.manifest_id == 0)
        return refuse(plan, ERR_DOCK_NONE, NULL);
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
    return plan_say(plan, PLAN_ASK, _("%d out, %d labelled and not out. Confirm to close."), (int)n[0], (int)n[1]);
}

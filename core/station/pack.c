/* SPDX-License-Identifier: MIT
 *
 * The pack and label steps of a station, and what a scan opens from idle.
 */
#include "core/apply/apply.h"
#include "core/base/clean.h"
#include "core/base/translate.h"
#include "core/flow/progress.h"
#include "core/station/inner.h"

enum { TOTE_SHIPMENT, BIN_OPEN };

static const struct sql SQL[] = {
    [TOTE_SHIPMENT] = {"pack_tote_shipment", "SELECT shipment_id FROM tote_use WHERE tote_id = $1"},
    [BIN_OPEN] = {"pack_bin_orders", "SELECT COUNT(DISTINCT t.shipment_id) FROM pick_task t WHERE t.location_id = $1 "
                                     "AND t.open = 1"},
};

/* The line that takes the next piece of a product. */
struct line_for {
    int64_t id, packed, quantity, product_id;
};

#define LINE(COLUMN, PARSED)                                                                                           \
    COLUMN("l.id, ", id)                                                                                               \
    COLUMN("l.packed, ", packed)                                                                                       \
    COLUMN("l.quantity, ", quantity)                                                                                   \
    COLUMN("l.product_id", product_id)
#define LINE_OF(product_is)                                                                                            \
    "SELECT " COLUMNS_OF(LINE) " FROM shipment_line l WHERE l.shipment_id = $1 AND l.product_id " product_is           \
    " AND l.state <> 'cancelled' ORDER BY CASE WHEN l.packed < l.picked THEN 0 ELSE 1 END, l.id LIMIT 1"

ROWS_READER(read_line, struct line_for, LINE)

static const struct inquiry LINE_FOR = {{"pack_line_for", LINE_OF("= $2")}, sizeof(struct line_for), read_line};
/* By a code, before it is known what it is of: $2 the warehouse. */
static const struct inquiry LINE_FOR_CODE = {
    {"pack_line_for_code", LINE_OF("IN (SELECT product_id FROM product_code WHERE warehouse_id = $2 AND code = $3 "
                                   "AND owner_id IN (SELECT id FROM owner))")},
    sizeof(struct line_for), read_line};

void idle_ask(struct station *station, const struct scan *scan)
{
    station_ask(station, &ORDER_FACTS, DB_ARGS(station->site->warehouse_id, scan->text));
    work_ask_scanned(station, scan);
}

void pack_ask(struct station *station, const struct scan *scan)
{
    int64_t shipment_id = station->work.shipment_id;
    if (!bench_facts(station, shipment_id))
        station_ask(station, &SHIPMENT_FACTS, DB_ARGS(shipment_id));
    station_ask(station, &LINE_FOR_CODE, DB_ARGS(shipment_id, station->site->warehouse_id, scan->text));
}

void pack_ask_after(struct station *station, const struct event *event)
{
    if (station->work.shipment_id && !bench_knows_after(station, event))
        station_ask(station, &SHIPMENT_FACTS, DB_ARGS(station->work.shipment_id));
}

/* One that the scan's code has brought may be of another product: then by the product. */
static int line_for(struct station *station, const struct thing *thing, struct line_for *line, GError **error)
{
    int64_t shipment_id = station->work.shipment_id;
    const struct db_value args[] = {db_int(shipment_id), db_int(station->site->warehouse_id), db_text(station->scanned)};
    int found = station->scanned && station_has_asked(station, &LINE_FOR_CODE)
                    ? station_answer(station, &LINE_FOR_CODE, args, G_N_ELEMENTS(args), line, error)
                    : 0;
    if (found < 0 || (found > 0 && line->product_id == thing->id))
        return found;
    return station_answer(station, &LINE_FOR, DB_ARGS(shipment_id, thing->id), line, error);
}

/* --- opening -------------------------------------------------------------------------------------------- */

/* The shipment a thing stands for at a bench; 0 with a refusal in the plan when there is none. */
static gboolean shipment_of(struct station *station, const struct thing *thing, int64_t *shipment_id, struct plan *plan,
                            GError **error)
{
    struct db *db = station->site->db;
    *shipment_id = 0;
    if (thing->kind == THING_SHIPMENT) {
        *shipment_id = thing->id;
        return TRUE;
    }
    if (thing->kind == THING_WAYBILL) {
        struct waybill_at at;
        int found = dock_waybill(station, thing, &at, plan, error);
        *shipment_id = found > 0 ? at.shipment_id : 0;
        return found >= 0;
    }
    if (thing->kind == THING_TOTE &&
        db_get_ints(db, &SQL[TOTE_SHIPMENT], DB_ARGS(thing->id), shipment_id, 1, error) < 0)
        return FALSE;
    return *shipment_id != 0 || refuse(plan, ERR_SCAN_NOT_NOW, thing->name);
}

static gboolean is_full(const struct shipment_facts *facts)
{
    return facts->state == ST_PACKING && facts->boxes == 0 && facts->to_pack == 0 && facts->in_box > 0;
}

/* Everything was counted, and then the station died or the box could not be closed: it is closed now. */
static gboolean plan_full(struct station *station, struct plan *plan)
{
    if (site_setting_int(station->site, "weight_required", 0))
        return plan_say(plan, PLAN_ASK, "%s", _("All counted. Type the weight in grams"));
    return plan_event(station, plan, EV_CLOSE) != NULL;
}

static gboolean pack_open(struct station *station, int64_t shipment_id, struct plan *plan, GError **error)
{
    const struct shipment_facts *facts = station_shipment(station, shipment_id, error);
    if (!facts)
        return FALSE;
    gboolean open = facts->state == ST_PICKED || facts->state == ST_PACKING;
    if (shipment_stopped_by(facts) && (open || facts->state == ST_PACKED)) { /* the flow says by what */
        plan_event(station, plan, open ? EV_PACK : EV_APPLY)->shipment_id = shipment_id;
        return TRUE;
    }
    if (open || facts->state == ST_PACKED) {
        station_leave(station, facts->boxes > 0 ? STEP_LABEL : STEP_PACK);
        station->work.shipment_id = shipment_id;
        if (!bench_open(station, error) || !(facts = station_shipment(station, shipment_id, error)))
            return FALSE;
        if (is_full(facts))
            return plan_full(station, plan);
        return plan_say(plan, PLAN_OK, _("Order %s"), facts->order);
    }
    /* the flow words the refusal: its state, its block, who was last */
    plan_event(station, plan, EV_PACK)->shipment_id = shipment_id;
    return TRUE;
}

gboolean idle_plan(struct station *station, const struct thing *thing, struct plan *plan, GError **error)
{
    int64_t shipment_id = 0;
    if (thing->kind == THING_BATCH)
        return work_open_batch(station, thing->id, plan, error);
    if (!shipment_of(station, thing, &shipment_id, plan, error))
        return FALSE;
    if (shipment_id == 0)
        return TRUE;
    const struct shipment_facts *facts = station_shipment(station, shipment_id, error);
    if (!facts)
        return FALSE;
    gboolean to_pick = facts->state == ST_READY || facts->state == ST_BATCHED || facts->state == ST_PICKING;
    return to_pick && thing->kind != THING_WAYBILL ? work_open_shipment(station, shipment_id, plan, error)
                                                   : pack_open(station, shipment_id, plan, error);
}

/* --- pack ----------------------------------------------------------------------------------------------- */

static gboolean refuse_item(struct station *station, const struct thing *thing, struct plan *plan, GError **error)
{
    const struct shipment_facts *facts = station_shipment(station, station->work.shipment_id, error);
    return facts && refuse(plan, ERR_PACK_ITEM, thing->name, facts->order);
}

/* The line that takes the piece: of the dossier, when the code was known without looking it up. */
static int line_of(struct station *station, const struct thing *thing, struct line_for *line, GError **error)
{
    const struct dossier *dossier = thing->line_id ? flow_opened(station->site, station->work.shipment_id) : NULL;
    struct progress_line known;
    if (!dossier || !progress_line(dossier, thing->line_id, &known))
        return line_for(station, thing, line, error);
    *line = (struct line_for){thing->line_id, known.packed, known.quantity, known.product_id};
    return 1;
}

/* The last unit closes the box without another key. */
static void plan_close(struct station *station, int64_t quantity, struct plan *plan)
{
    const struct shipment_facts *facts = bench_facts(station, station->work.shipment_id);
    if (facts && facts->to_pack <= quantity)
        plan->next = (struct event){.kind = EV_CLOSE, .actor = station->actor, .request = station->request,
                                    .shipment_id = facts->id, .weight_g = station->work.weight_g};
}

static gboolean product_scanned(struct station *station, const struct thing *thing, struct plan *plan, GError **error)
{
    struct line_for line;
    int found = line_of(station, thing, &line, error);
    if (found < 0)
        return FALSE;
    if (found == 0)
        return refuse_item(station, thing, plan, error);
    struct event *event = plan_event(station, plan, EV_PACK);
    event->line_id = line.id;
    event->quantity = thing->quantity;
    event->lot_id = thing->lot_id;
    plan->undo = *event;
    plan->undo.kind = EV_UNPACK;
    plan_close(station, thing->quantity, plan);
    g_snprintf(plan->text, sizeof plan->text, "%s %d/%d", thing->name, (int)(line.packed + thing->quantity), (int)line.quantity);
    return TRUE;
}

static gboolean bin_scanned(struct station *station, const struct thing *thing, struct plan *plan, GError **error)
{
    int64_t orders = 0;
    if (db_get_ints(station->site->db, &SQL[BIN_OPEN], DB_ARGS(thing->id), &orders, 1, error) < 0)
        return FALSE;
    return refuse(plan, orders > 1 ? ERR_BIN_BUSY : ERR_SCAN_NOT_NOW, thing->name);
}

gboolean pack_plan(struct station *station, const struct thing *thing, struct plan *plan, GError **error)
{
    int64_t shipment_id = 0;
    if (thing->kind == THING_PRODUCT && station->work.shipment_id)
        return product_scanned(station, thing, plan, error);
    if (thing->kind == THING_BIN)
        return bin_scanned(station, thing, plan, error);
    if (thing->kind == THING_BATCH && !station->work.shipment_id)
        return work_open_batch(station, thing->id, plan, error);
    if (!shipment_of(station, thing, &shipment_id, plan, error))
        return FALSE;
    if (shipment_id == 0)
        return TRUE;
    if (station->work.shipment_id && shipment_id != station->work.shipment_id) {
        const struct shipment_facts *facts = station_shipment(station, station->work.shipment_id, error);
        if (!facts)
            return FALSE;
        return refuse(plan, ERR_PACK_OTHER, facts->order, thing->name);
    }
    return pack_open(station, shipment_id, plan, error);
}

/* A box that was found full: it could not be closed in the act that filled it. */
static gboolean close_full(struct station *station, struct answer *answer, GError **error)
{
    struct event event = {.kind = EV_CLOSE, .actor = station->actor, .shipment_id = station->work.shipment_id,
                          .weight_g = station->work.weight_g};
    struct outcome outcome;
    if (!station_apply(station, &event, &outcome, error))
        return FALSE;
    if (outcome.verdict == VERDICT_DONE)
        return pack_after(station, &event, answer, error);
    station_but(answer, outcome.code, outcome.text);
    return TRUE;
}

/* The box is closed. Where there was no printer its paper is owed, and that is said too. */
static void closed(struct station *station, const struct shipment_facts *facts, struct answer *answer)
{
    station->work.step = STEP_LABEL;
    station->work.undo.kind = EV_NONE;
    answer->job_queued = !facts->paper_owed;
    g_snprintf(answer->text, sizeof answer->text, facts->paper_owed ? _("Closed: %s") : _("Closed. Stick waybill %s on and scan it"),
               facts->waybill);
    if (facts->paper_owed) {
        g_autofree char *text = err_text_args(ERR_PRINTER_NONE, NULL);
        station_but(answer, ERR_PRINTER_NONE, text);
    }
}

gboolean pack_after(struct station *station, const struct event *event, struct answer *answer, GError **error)
{
    const struct shipment_facts *facts = station_shipment(station, station->work.shipment_id, error);
    if (!facts)
        return FALSE;
    if (event->kind == EV_CLOSE || event->kind == EV_CLOSE_SPLIT) {
        closed(station, facts, answer);
        return TRUE;
    }
    if (event->kind == EV_REPRINT)
        answer->job_queued = TRUE;
    gboolean full = event->kind == EV_PACK && facts->to_pack == 0 && facts->in_box > 0;
    if (full && station->work.weight_g == 0 && site_setting_int(station->site, "weight_required", 0)) {
        answer->kind = ANSWER_ASK;
        clean_copy(answer->text, sizeof answer->text, _("All counted. Type the weight in grams"));
        return TRUE;
    }
    return !full || close_full(station, answer, error);
}

gboolean pack_again(struct station *station, struct answer *answer, GError **error)
{
    const struct shipment_facts *facts = station_shipment(station, station->work.shipment_id, error);
    if (!facts)
        return FALSE;
    if (facts->boxes > 0)
        station->work.step = STEP_LABEL;
    return !is_full(facts) || site_setting_int(station->site, "weight_required", 0) ||
           close_full(station, answer, error);
}

/* --- label ---------------------------------------------------------------------------------------------- */

gboolean label_plan(struct station *station, const struct thing *thing, struct plan *plan, GError **error)
{
    (void)error;
    if (thing->kind != THING_WAYBILL)
        return refuse(plan, ERR_SCAN_NOT_NOW, thing->name);
    plan_event(station, plan, EV_APPLY)->waybill_id = thing->id;
    g_snprintf(plan->text, sizeof plan->text, _("Labelled: %s. Next order"), thing->name);
    return TRUE;
}

gboolean label_after(struct station *station, struct answer *answer, GError **error)
{
    const struct shipment_facts *facts = station_shipment(station, station->work.shipment_id, error);
    if (!facts)
        return FALSE;
    if (facts->boxes > 0) { /* a reprint or a new waybill: the label is still awaited */
        answer->job_queued = TRUE;
        return TRUE;
    }
    station_leave(station, STEP_PACK);
    if (facts->state == ST_PACKING && (facts->to_pack || facts->in_box)) /* the next box, or this one reopened */
        station->work.shipment_id = facts->id;
    return TRUE;
}

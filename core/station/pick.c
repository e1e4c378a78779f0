/* SPDX-License-Identifier: MIT
 *
 * The pick step of a station: one line at a time in walk order, bin, product, and the tote it goes to.
 */
#include <string.h>

#include "core/apply/apply.h"
#include "core/base/clean.h"
#include "core/base/translate.h"
#include "core/db/rows.h"
#include "core/flow/progress.h"
#include "core/station/inner.h"

#define AT(COLUMN, PARSED)                                                                                             \
    COLUMN("t.id, ", task_id)                                                                                          \
    COLUMN("t.shipment_id, ", shipment_id)                                                                             \
    COLUMN("t.product_id, ", product_id)                                                                               \
    COLUMN("t.location_id, ", location_id)                                                                             \
    COLUMN("t.lot_id, ", lot_id)                                                                                       \
    COLUMN("t.quantity, ", quantity)                                                                                   \
    COLUMN("t.picked, ", picked)                                                                                       \
    COLUMN("l.code, ", bin)                                                                                            \
    COLUMN("p.sku, ", sku)                                                                                             \
    COLUMN("COALESCE(lot.code, ''), ", lot)                                                                            \
    COLUMN("o.external_id, ", order)                                                                                   \
    COLUMN("p.has_lots, ", has_lots)                                                                                   \
    COLUMN("COALESCE((SELECT u.tote_id FROM tote_use u WHERE u.shipment_id = t.shipment_id ORDER BY u.at DESC "        \
           "LIMIT 1), 0), ", tote_id)                                                                                  \
    COLUMN("(SELECT COUNT(*) FROM shipment m WHERE m.batch_id = s.batch_id)", members)

ROWS_READER(read_at, struct pick_at, AT)

#define TASK_THAT                                                                                                      \
    "SELECT " COLUMNS_OF(AT) " FROM pick_task t JOIN shipment s ON s.id = t.shipment_id "                              \
    "JOIN sales_order o ON o.id = s.order_id JOIN location l ON l.id = t.location_id "                                 \
    "JOIN product p ON p.id = t.product_id LEFT JOIN lot ON lot.id = t.lot_id WHERE t.id = "
/* Of those the next on the walk; what is read of it besides is read of this one only. */
#define NEXT_OF(tasks) TASK_THAT NEXT_TASK("id", tasks)
#define SHIPMENT_TASKS "t.shipment_id = $1 AND " NOT_STOPPED
#define PRODUCT_IS " AND t.product_id = $2 AND (CAST($3 AS BIGINT) = 0 OR t.lot_id = $3)"

#define PICK_INQUIRY(name, text) {{name, text}, sizeof(struct pick_at), read_at}
static const struct inquiry CURRENT_OF_BATCH = PICK_INQUIRY("pick_current_batch", NEXT_OF(BATCH_TASKS));
static const struct inquiry CURRENT_OF_SHIPMENT = PICK_INQUIRY("pick_current_shipment", NEXT_OF(SHIPMENT_TASKS));
static const struct inquiry PRODUCT_OF_BATCH = PICK_INQUIRY("pick_batch_product", NEXT_OF(BATCH_TASKS PRODUCT_IS));
static const struct inquiry PRODUCT_OF_SHIPMENT = PICK_INQUIRY("pick_shipment_product", NEXT_OF(SHIPMENT_TASKS PRODUCT_IS));
static const struct inquiry TASK_ROW = PICK_INQUIRY("pick_task_row", TASK_THAT "$1 AND t.open = 1");
static const struct inquiry TASK_CLOSED = PICK_INQUIRY("pick_task_closed", TASK_THAT "$1 AND t.open = 0");

static void read_number(struct rows *rows, void *data)
{
    *(int64_t *)data = rows_int(rows, 0);
}

static const struct inquiry TOTE_OF = {
    {"pick_tote_of", "SELECT u.tote_id FROM tote_use u WHERE u.shipment_id = $1 ORDER BY u.at DESC LIMIT 1"},
    sizeof(int64_t), read_number};
static const struct inquiry MEMBERS = {{"pick_members", "SELECT COUNT(*) FROM shipment WHERE batch_id = $1"},
                                        sizeof(int64_t), read_number};

/* Whose goods are in a tote, by its code. */
struct tote_scanned {
    int64_t tote_id, shipment_id; /* 0: nobody's */
    char order[72];
};

#define TOTE(COLUMN, PARSED)                                                                                           \
    COLUMN("l.id, ", tote_id)                                                                                          \
    COLUMN("COALESCE(u.shipment_id, 0), ", shipment_id)                                                                \
    COLUMN("COALESCE(o.external_id, '')", order)

ROWS_READER(read_tote, struct tote_scanned, TOTE)

#define TOTE_THAT                                                                                                      \
    "SELECT " COLUMNS_OF(TOTE) " FROM location l LEFT JOIN tote_use u ON u.tote_id = l.id LEFT JOIN shipment s "       \
    "ON s.id = u.shipment_id LEFT JOIN sales_order o ON o.id = s.order_id WHERE "

#define OWED(COLUMN, PARSED)                                                                                           \
    COLUMN("s.slot, ", slot)                                                                                           \
    COLUMN("COALESCE((SELECT l.code FROM tote_use u JOIN location l ON l.id = u.tote_id WHERE u.shipment_id = s.id "   \
           "ORDER BY u.at LIMIT 1), '')", tote)

ROWS_READER(read_owed, struct tote_owed, OWED)

static const struct inquiry TOTE_OWED = {{"pick_tote_owed", "SELECT " COLUMNS_OF(OWED) " FROM shipment s WHERE s.id = $1"},
                                          sizeof(struct tote_owed), read_owed};
static const struct inquiry TOTE_NAMED = {
    {"pick_tote_named", TOTE_THAT "l.warehouse_id = $1 AND l.code = $2 AND l.kind = 'tote'"}, sizeof(struct tote_scanned), read_tote};
static const struct inquiry TOTE_ROW = {{"pick_tote_row", TOTE_THAT "l.id = $1"}, sizeof(struct tote_scanned), read_tote};

/* --- the current line ----------------------------------------------------------------------------------- */

static const struct inquiry *of_work(const struct station *station, int64_t *id)
{
    *id = station->work.batch_id ? station->work.batch_id : station->work.shipment_id;
    return station->work.batch_id ? &CURRENT_OF_BATCH : &CURRENT_OF_SHIPMENT;
}

int pick_current(struct station *station, struct pick_at *at, GError **error)
{
    int64_t id;
    const struct inquiry *current = of_work(station, &id);
    return station_answer(station, current, DB_ARGS(id), at, error);
}

void pick_ask_current(struct station *station, int64_t batch_id, int64_t shipment_id)
{
    station_ask(station, batch_id ? &CURRENT_OF_BATCH : &CURRENT_OF_SHIPMENT, DB_ARGS(batch_id ? batch_id : shipment_id));
    if (batch_id)
        station_ask(station, &CURRENT_FACTS, DB_ARGS(batch_id));
}

/* By its code, or by the one that the house prints on it. */
static void ask_tote(struct station *station, const struct scan *scan)
{
    if (scan->flags & SCAN_CODE && scan->code.kind == CODE_TOTE)
        station_ask(station, &TOTE_ROW, DB_ARGS(scan->code.id));
    else
        station_ask(station, &TOTE_NAMED, DB_ARGS(station->site->warehouse_id, scan->text));
}

/* Whether the line's goods want a tote first: one of a batch of several shipments does, each has its own. */
static gboolean lacks_tote(const struct station *station, const struct pick_at *at)
{
    return station->work.batch_id && at->members > 1 && at->tote_id == 0;
}

void pick_ask(struct station *station, const struct scan *scan)
{
    const struct work *work = &station->work;
    work_ask_owner(station);
    pick_ask_current(station, work->batch_id, work->shipment_id);
    expected_ask(station);
    if (work->shown_task)
        station_ask(station, &TASK_CLOSED, DB_ARGS(work->shown_task));
    if (work->tote_owed) {
        station_ask(station, &TOTE_OF, DB_ARGS(work->tote_owed));
        station_ask(station, &SHIPMENT_FACTS, DB_ARGS(work->tote_owed));
        station_ask(station, &TOTE_OWED, DB_ARGS(work->tote_owed));
    }
    if (work->tote_owed || lacks_tote(station, &station->stand))
        ask_tote(station, scan);
    if (work->tote_owed || work->bin_first)
        view_ask(station);
}

/* What is looked at of a pick's order: where others of its batch are walked for, only the tote that its line's goods went to. */
static void ask_of_picked(struct station *station, const struct event *event)
{
    const struct pick_at *stand = &station->stand;
    gboolean of_many = station->work.batch_id && stand->members > 1 && event->task_id == stand->task_id;
    if (event->kind != EV_PICK || !of_many)
        station_ask(station, &SHIPMENT_FACTS, DB_ARGS(event->shipment_id));
    else if (stand->picked + event->quantity >= stand->quantity)
        station_ask(station, &TOTE_OWED, DB_ARGS(event->shipment_id));
}

/* Of an order or a batch that is taken the walk begins. */
void pick_ask_after(struct station *station, const struct event *event)
{
    gboolean walks = station->work.step == STEP_PICK;
    int64_t batch_id = walks ? station->work.batch_id : event->batch_id;
    int64_t shipment_id = walks ? station->work.shipment_id : event->shipment_id;
    pick_ask_current(station, batch_id, shipment_id);
    view_ask_walk(station, batch_id, shipment_id);
    if (!walks && batch_id)
        work_ask_batch(station, batch_id);
    if (event->task_id && !flow_keeps(event->kind))
        station_ask(station, &TASK_ROW, DB_ARGS(event->task_id));
    if (station->work.batch_id && station->stand.task_id == 0)
        station_ask(station, &MEMBERS, DB_ARGS(station->work.batch_id));
    if (event->shipment_id)
        ask_of_picked(station, event);
}

/* The next line of a product, of the lot that was scanned when one was. */
static int line_of_product(struct station *station, const struct thing *thing, struct pick_at *at, GError **error)
{
    int64_t work = station->work.batch_id ? station->work.batch_id : station->work.shipment_id;
    return station_answer(station, station->work.batch_id ? &PRODUCT_OF_BATCH : &PRODUCT_OF_SHIPMENT,
                          DB_ARGS(work, thing->id, thing->lot_id), at, error);
}

static int task_row(struct station *station, const struct inquiry *which, int64_t task_id, struct pick_at *at, GError **error)
{
    return station_answer(station, which, DB_ARGS(task_id), at, error);
}

/* The line that keys are for: on paper the one whose product was scanned, else the current one. */
static int line_in_hand(struct station *station, struct pick_at *at, GError **error)
{
    if (station->work.step != STEP_PICK)
        return 0;
    if (station->work.paper && station->work.paper_task) {
        int found = task_row(station, &TASK_ROW, station->work.paper_task, at, error);
        if (found != 0)
            return found;
        station->work.paper_task = 0;
    }
    return pick_current(station, at, error);
}

static gboolean tote_of(struct station *station, int64_t shipment_id, int64_t *tote_id, GError **error)
{
    return station_answer(station, &TOTE_OF, DB_ARGS(shipment_id), tote_id, error) >= 0;
}

/* A batch of several shipments needs a tote for each. */
static gboolean needs_totes(struct station *station, gboolean *needs, GError **error)
{
    int64_t batch_id = station->work.batch_id, members = batch_id ? station->stand.members : 0;
    if (batch_id && station->stand.task_id == 0 && station_answer(station, &MEMBERS, DB_ARGS(batch_id), &members, error) < 0)
        return FALSE;
    *needs = members > 1;
    return TRUE;
}

/* --- scans ---------------------------------------------------------------------------------------------- */

static void plan_pick(struct station *station, const struct pick_at *at, int64_t quantity, int64_t tote_id,
                      struct plan *plan)
{
    struct event *event = plan_event(station, plan, EV_PICK);
    event->shipment_id = at->shipment_id;
    event->task_id = at->task_id;
    event->quantity = quantity;
    event->tote_id = tote_id;
    plan->undo = *event;
    plan->undo.kind = EV_UNPICK;
    plan->undo.key = 0;
    g_snprintf(plan->text, sizeof plan->text, "%s %d/%d", at->sku, (int)(at->picked + quantity), (int)at->quantity);
}

/* Paper: a scan says which line it is; the count is typed, but where only one is left. */
static gboolean paper_scanned(struct station *station, const struct thing *thing, struct plan *plan, GError **error)
{
    struct pick_at at;
    int found = line_of_product(station, thing, &at, error);
    if (found < 0)
        return FALSE;
    station->work.paper_task = found ? at.task_id : 0;
    if (!found)
        refuse(plan, thing->lot_id ? ERR_PICK_LOT : ERR_PICK_PRODUCT, thing->name, _("what the list says"));
    else if (at.quantity - at.picked > 1)
        plan_say(plan, PLAN_ASK, _("%s from %s: type the count, %d wanted"), at.sku, at.bin, (int)at.quantity);
    else
        plan_pick(station, &at, 1, at.tote_id, plan);
    return TRUE;
}

static void product_scanned(struct station *station, const struct thing *thing, const struct pick_at *at, struct plan *plan)
{
    if (thing->id != at->product_id)
        refuse(plan, ERR_PICK_PRODUCT, thing->name, at->sku);
    else if (station->work.bin_id != at->location_id)
        refuse(plan, ERR_PICK_BIN, thing->name, at->bin);
    else if (at->has_lots && thing->lot_id && thing->lot_id != at->lot_id)
        refuse(plan, ERR_PICK_LOT, thing->name, at->lot);
    else if (lacks_tote(station, at))
        refuse(plan, ERR_TOTE_FIRST, NULL);
    else
        plan_pick(station, at, thing->quantity, at->tote_id, plan);
}

/* The line this station was shown has been picked by somebody else meanwhile: the flow says who. 1 planned, 0 no, -1. */
static int picked_elsewhere(struct station *station, const struct thing *thing, struct plan *plan, GError **error)
{
    struct pick_at at;
    int found = station->work.shown_task ? task_row(station, &TASK_CLOSED, station->work.shown_task, &at, error) : 0;
    if (found <= 0 || at.product_id != thing->id)
        return MIN(found, 0);
    plan_pick(station, &at, 1, 0, plan);
    return 1;
}

static void bin_scanned(struct station *station, const struct thing *thing, const struct pick_at *at, struct plan *plan)
{
    if (thing->id != at->location_id) {
        refuse(plan, ERR_PICK_BIN, thing->name, at->bin);
        return;
    }
    station->work.bin_id = thing->id;
    plan_say(plan, PLAN_OK, _("Bin %s"), thing->name);
}

/* Nothing is left to walk for: all is picked, or the rest waits for goods. The last pick can still be undone. 1 it ends
 * here, 0 there is more, -1 failed. */
static int walk_ends(struct station *station, int64_t shipment_id, char *text, size_t size, GError **error)
{
    struct pick_at at;
    struct event undo = station->work.undo;
    int left = pick_current(station, &at, error);
    if (left != 0)
        return left < 0 ? -1 : 0;
    const struct shipment_facts *facts = station_shipment(station, shipment_id, error);
    if (!facts)
        return -1;
    clean_copy(text, size,
               facts->state != ST_PICKING ? _("All picked: bring it to the packing bench")
                                        : _("Nothing more to pick now: the rest waits for goods"));
    station_leave(station, STEP_IDLE);
    station->work.undo = undo;
    return 1;
}

/* The goods are in the tote they are booked into. */
static gboolean tote_confirmed(struct station *station, const struct thing *thing, int64_t shipment_id, struct plan *plan,
                               GError **error)
{
    station->work.tote_owed = 0;
    plan_say(plan, PLAN_OK, _("Tote %s"), thing->name);
    return walk_ends(station, shipment_id, plan->text, sizeof plan->text, error) >= 0;
}

static gboolean tote_scanned_load(struct station *station, const struct thing *thing, struct tote_scanned *tote, GError **error)
{
    const struct db_value args[] = {db_int(station->site->warehouse_id), db_text(station->scanned)};
    int found = station->scanned && station_has_asked(station, &TOTE_NAMED)
                    ? station_answer(station, &TOTE_NAMED, args, G_N_ELEMENTS(args), tote, error)
                    : 0;
    if (found < 0 || (found > 0 && tote->tote_id == thing->id))
        return found > 0;
    return station_answer(station, &TOTE_ROW, DB_ARGS(thing->id), tote, error) >= 0;
}

static gboolean tote_scanned(struct station *station, const struct thing *thing, const struct pick_at *at,
                             struct plan *plan, GError **error)
{
    int64_t shipment_id = station->work.tote_owed ? station->work.tote_owed : at->shipment_id;
    const char *order = at->order[0] ? at->order : "-";
    struct tote_scanned tote;
    if (!tote_scanned_load(station, thing, &tote, error))
        return FALSE;
    if (tote.shipment_id == shipment_id)
        return tote_confirmed(station, thing, shipment_id, plan, error);
    if (tote.shipment_id || station->work.tote_owed) /* the goods are booked into the shipment's own */
        return refuse(plan, ERR_PICK_TOTE, thing->name, tote.shipment_id ? tote.order : _("nothing yet"), order);
    struct event *event = plan_event(station, plan, EV_TOTE);
    event->shipment_id = shipment_id;
    event->tote_id = thing->id;
    g_snprintf(plan->text, sizeof plan->text, _("Tote %s"), thing->name);
    return TRUE;
}

/* A tote that was to be confirmed is not any more when its order was cancelled or taken out meanwhile. */
static int owed_and_current(struct station *station, struct pick_at *at, GError **error)
{
    int64_t tote_id = 0;
    if (station->work.tote_owed && !tote_of(station, station->work.tote_owed, &tote_id, error))
        return -1;
    if (tote_id == 0)
        station->work.tote_owed = 0;
    return pick_current(station, at, error);
}

gboolean pick_plan(struct station *station, const struct thing *thing, struct plan *plan, GError **error)
{
    struct pick_at at;
    if (thing->kind == THING_BATCH)
        return work_open_batch(station, thing->id, plan, error);
    if (thing->kind == THING_COMMAND && plan->asked == ASKED_SHORT)
        return pick_short_answer(station, thing->name, plan, error);
    if (thing->line_id) { /* what is expected: the flow says whether it still is, and whose it is */
        product_scanned(station, thing, &station->stand, plan);
        return TRUE;
    }
    int ours = work_still_ours(station, plan, error);
    if (ours <= 0)
        return ours == 0;
    int found = owed_and_current(station, &at, error);
    if (found < 0)
        return FALSE;
    if (thing->kind == THING_TOTE && (found || station->work.tote_owed))
        return tote_scanned(station, thing, &at, plan, error);
    gboolean product = thing->kind == THING_PRODUCT && !station->work.tote_owed;
    int elsewhere = product && !station->work.paper ? picked_elsewhere(station, thing, plan, error) : 0;
    if (elsewhere != 0)
        return elsewhere > 0;
    if (!found && !station->work.tote_owed) { /* somebody ended this walk: what is scanned opens the next work */
        station_leave(station, STEP_IDLE);
        return idle_plan(station, thing, plan, error);
    }
    if (station->work.tote_owed)
        refuse(plan, ERR_SCAN_NOT_NOW, thing->name);
    else if (thing->kind == THING_BIN)
        bin_scanned(station, thing, &at, plan);
    else if (product && station->work.paper)
        return paper_scanned(station, thing, plan, error);
    else if (product)
        product_scanned(station, thing, &at, plan);
    else if (thing->kind == THING_LOT)
        refuse(plan, thing->id == at.lot_id ? ERR_SCAN_NOT_NOW : ERR_PICK_LOT, thing->name, at.lot);
    else
        refuse(plan, ERR_SCAN_NOT_NOW, thing->name);
    return TRUE;
}

/* Whether there is more to be picked of the event's line. 1 there is, 0 not, -1 failed. */
static int is_open(struct station *station, const struct event *event, GError **error)
{
    const struct dossier *dossier = flow_opened(station->site, event->shipment_id);
    struct pick_at at;
    int known = dossier ? progress_task_open(dossier, event->task_id) : -1;
    return event->task_id == 0 ? 0 : known >= 0 ? known : task_row(station, &TASK_ROW, event->task_id, &at, error);
}

gboolean pick_after(struct station *station, const struct event *event, struct answer *answer, GError **error)
{
    gboolean needs = FALSE;
    if (event->kind == EV_TOTE || event->kind == EV_UNPICK)
        station->work.tote_owed = 0;
    int open = is_open(station, event, error);
    if (open < 0 || !needs_totes(station, &needs, error))
        return FALSE;
    if (open == 0 && event->kind != EV_UNPICK)
        station->work.paper_task = 0;
    if (event->kind == EV_PICK && open == 0 && needs && !station->work.paper)
        station->work.tote_owed = event->shipment_id;
    return station->work.tote_owed || walk_ends(station, event->shipment_id, answer->text, sizeof answer->text, error) >= 0;
}

/* --- what comes next ------------------------------------------------------------------------------------ */

/* The shipment's tote, and its slot where it has none yet. */
static void word_tote(const char *tote, int slot, struct answer *answer)
{
    if (tote[0])
        g_snprintf(answer->expect, sizeof answer->expect, _("tote %s"), tote);
    else
        g_snprintf(answer->expect, sizeof answer->expect, _("an empty tote for slot %d"), slot);
}

static gboolean expect_tote(struct station *station, int64_t shipment_id, struct answer *answer, GError **error)
{
    const struct shipment_facts *facts = station_shipment(station, shipment_id, error);
    if (facts)
        word_tote(facts->tote, facts->slot, answer);
    return facts != NULL;
}

static gboolean expect_walk(struct station *station, const struct pick_at *at, struct answer *answer, GError **error)
{
    if (lacks_tote(station, at))
        return expect_tote(station, at->shipment_id, answer, error);
    station->work.bin_first = station->work.bin_id != at->location_id;
    if (station->work.bin_first)
        g_snprintf(answer->expect, sizeof answer->expect, _("bin %s"), at->bin);
    else
        g_snprintf(answer->expect, sizeof answer->expect, _("product %s"), at->sku);
    return TRUE;
}

gboolean pick_owed(struct station *station, struct tote_owed *owed, GError **error)
{
    return station_answer(station, &TOTE_OWED, DB_ARGS(station->work.tote_owed), owed, error) >= 0;
}

static gboolean expect_owed(struct station *station, struct answer *answer, GError **error)
{
    struct tote_owed owed;
    if (!pick_owed(station, &owed, error))
        return FALSE;
    word_tote(owed.tote, (int)owed.slot, answer);
    return TRUE;
}

gboolean pick_expect(struct station *station, struct answer *answer, GError **error)
{
    struct pick_at at;
    struct work *work = &station->work;
    station->stand.task_id = 0;
    if (work->tote_owed)
        return expect_owed(station, answer, error);
    int found = pick_current(station, &at, error);
    if (found <= 0)
        return found == 0;
    station->stand = at;
    answer->shipment_id = at.shipment_id;
    work->shown_task = at.task_id;
    if (station->question != ASKED_SHORT && !work->paper)
        return expect_walk(station, &at, answer, error);
    g_strlcpy(answer->expect, station->question == ASKED_SHORT ? _("1, 2 or 3")
                              : work->paper_task               ? _("the count")
                                                               : _("a product of the list"), sizeof answer->expect);
    return TRUE;
}

/* --- by keys -------------------------------------------------------------------------------------------- */

/* The line a key acts on. 0: there is none, or it is somebody else's by now, and the plan says so; -1: failed. */
static int line_to_act_on(struct station *station, const char *act, struct pick_at *at, struct plan *plan, GError **error)
{
    int ours = station->work.step == STEP_PICK ? work_still_ours(station, plan, error) : 1;
    int found = ours > 0 ? line_in_hand(station, at, error) : ours;
    if (ours <= 0 || found < 0 || (found && !station->work.tote_owed))
        return found;
    refuse(plan, ERR_SCAN_NOT_NOW, act);
    return 0;
}

/* The count of the current line is set, not added: "3 put away" of 5 leaves a line of 2. */
gboolean pick_quantity_plan(struct station *station, const char *argument, struct plan *plan, GError **error)
{
    struct pick_at at;
    gint64 count = 0;
    int found = line_to_act_on(station, "quantity", &at, plan, error);
    if (found <= 0)
        return found == 0;
    char limit[24];
    g_snprintf(limit, sizeof limit, "%d", (int)at.quantity);
    if (!g_ascii_string_to_signed(argument, 10, 0, 1000000, &count, NULL) || count <= at.picked || count > at.quantity)
        refuse(plan, ERR_FLOW_QUANTITY, argument, at.sku, limit);
    else if (!station->work.paper && station->work.bin_id != at.location_id)
        refuse(plan, ERR_PICK_BIN, "-", at.bin);
    else if (lacks_tote(station, &at) && !station->work.paper)
        refuse(plan, ERR_TOTE_FIRST, NULL);
    else
        plan_pick(station, &at, count - at.picked, at.tote_id, plan);
    return TRUE;
}

static gboolean plan_task(struct station *station, enum event_kind kind, const char *reason, struct plan *plan,
                          GError **error)
{
    struct pick_at at;
    int found = line_to_act_on(station, kind == EV_SKIP ? "skip" : "short", &at, plan, error);
    if (found <= 0)
        return found == 0;
    struct event *event = plan_event(station, plan, kind);
    event->shipment_id = at.shipment_id;
    event->task_id = at.task_id;
    event->reason = reason;
    g_snprintf(plan->text, sizeof plan->text,
               kind == EV_SKIP ? _("%s comes last") : _("%s is short; the bin will be counted"), at.sku);
    return TRUE;
}

gboolean pick_short_plan(struct station *station, const char *reason, struct plan *plan, GError **error)
{
    return plan_task(station, EV_SHORT, reason, plan, error);
}

static const struct {
    const char *reason, *text;
} SHORT_REASONS[] = {{"gone", N_("not there")}, {"damaged", N_("damaged")}, {"other goods", N_("other goods there")}};

gboolean pick_short_ask(struct station *station, struct plan *plan, GError **error)
{
    struct pick_at at;
    if (!pick_short_plan(station, "", plan, error))
        return FALSE;
    if (plan->kind != PLAN_EVENT)
        return TRUE;
    if (line_in_hand(station, &at, error) < 0)
        return FALSE;
    station->question = ASKED_SHORT;
    return plan_say(plan, PLAN_ASK, _("%s is short: 1 %s, 2 %s, 3 %s"), at.sku, _(SHORT_REASONS[0].text),
                    _(SHORT_REASONS[1].text), _(SHORT_REASONS[2].text));
}

gboolean pick_short_answer(struct station *station, const char *answer, struct plan *plan, GError **error)
{
    size_t n = answer[0] >= '1' && answer[0] <= '9' && !answer[1] ? (size_t)(answer[0] - '1') : G_MAXSIZE;
    return n < G_N_ELEMENTS(SHORT_REASONS) ? pick_short_plan(station, SHORT_REASONS[n].reason, plan, error)
                                           : refuse(plan, ERR_SCAN_NOT_NOW, answer);
}

gboolean pick_skip_plan(struct station *station, G_GNUC_UNUSED const char *none, struct plan *plan, GError **error)
{
    return plan_task(station, EV_SKIP, NULL, plan, error);
}

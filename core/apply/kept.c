/* SPDX-License-Identifier: MIT */
#include "core/apply/kept.h"

#include "core/apply/apply.h"
#include "core/apply/hold.h"
#include "core/apply/load.h"
#include "core/db/db.h"

/* Parts that are good as long as the shipment's version stands, or that the database's own conditions watch over. */
enum {
    KEEPS = NEED_SHIPMENT | NEED_LINES | NEED_TASKS | NEED_TOTES | NEED_PARCELS | NEED_HELD | NEED_STOCK | NEED_OWN_STOCK |
            NEED_BATCH | NEED_MEMBERS | NEED_JOBS | NEED_WAYBILL | NEED_PRINTERS | NEED_ACTORS,
    PASSES = NEED_NUMBERS | NEED_NO_LOOK /* and these go again */
};

/* Texts of past events gather in a dossier. */
enum { USES_MAX = 1000 };

/* Of one shipment, or of all that a batch's picker walks for. */
struct kept {
    struct dossier *dossier;
    unsigned uses;
};

static void kept_free(gpointer data)
{
    struct kept *kept = data;
    dossier_free(kept->dossier);
    g_free(kept);
}

/* Numbers, and how far their ranges have gone, are everybody's. */
static void let_numbers_go(struct dossier *dossier)
{
    rows_drop(dossier, TABLE_RANGE, 0);
    rows_drop(dossier, TABLE_WAYBILL, 0);
    dossier_drop_parts(dossier, PASSES);
}

static void keep(struct site *site, struct dossier *dossier)
{
    struct kept *kept = g_new0(struct kept, 1);
    kept->dossier = dossier;
    site_keep(site, kept, kept_free);
}

void kept_keep(struct site *site, struct act *act)
{
    if (!shipment_first(act->dossier, 0) || (dossier_parts(act->dossier) & ~(unsigned)(KEEPS | PASSES)))
        return;
    let_numbers_go(act->dossier);
    keep(site, g_steal_pointer(&act->dossier));
}

gboolean flow_open(struct site *site, const struct event *next, GError **error)
{
    g_autoptr(dossier) dossier = dossier_new();
    site_keep(site, NULL, NULL);
    unsigned closing = next->kind == EV_PACK ? flow_needs(EV_CLOSE) | NEED_PRINTERS : 0; /* all of it but a number */
    unsigned members = next->shipment_id ? 0 : NEED_MEMBERS;
    if (!dossier_load(dossier, site, next, 1, ((flow_needs(next->kind) | closing) & KEEPS) | members, error))
        return FALSE;
    if (shipment_first(dossier, 0))
        keep(site, g_steal_pointer(&dossier));
    return TRUE;
}

gboolean flow_keeps(enum event_kind kind)
{
    unsigned packs = flow_needs(EV_PACK), needs = flow_needs(kind);
    return (needs & packs) == packs && (needs & ~(unsigned)(KEEPS | PASSES)) == 0;
}

const struct dossier *flow_opened(const struct site *site, int64_t shipment_id)
{
    const struct kept *kept = site->kept;
    return kept && shipment_find(kept->dossier, shipment_id) ? kept->dossier : NULL;
}

gboolean flow_opened_batch(const struct site *site, int64_t batch_id)
{
    const struct kept *kept = site->kept;
    const struct batch *batch = kept ? batch_find(kept->dossier, batch_id) : NULL;
    return batch && batch->others_left == 0;
}

/* --- whether it will do ----------------------------------------------------------------------------------- */

/* Whether something of a shipment is still to be walked for; *one: and no more than one line of it. */
static gboolean has_open_task(const struct dossier *dossier, int64_t shipment_id, gboolean *one)
{
    int open = 0;
    for (EACH_ROW(task, task, dossier, shipment_id))
        open += task->open != 0;
    *one = open == 1;
    return open > 0;
}

/* The batch that the pick rests on: it may be the first of it, or the last of its shipment. Else it leaves the batch alone. */
static int64_t batch_of_pick(const struct dossier *dossier, const struct event *ev)
{
    gboolean one = FALSE;
    const struct shipment *ship = shipment_find(dossier, ev->shipment_id);
    const struct batch *batch = batch_find(dossier, ship->batch_id);
    gboolean in_between = ship->state == ST_PICKING && has_open_task(dossier, ship->id, &one) && !one &&
                          (!batch || batch->state != ST_READY);
    return ev->kind == EV_PICK && !in_between ? ship->batch_id : 0;
}

/* Members that have something to be walked for, but the one. */
static int64_t others_left(const struct dossier *dossier, const struct batch *batch, int64_t shipment_id)
{
    int64_t left = batch->others_left;
    gboolean one;
    for (EACH_ROW(shipment, other, dossier, 0))
        left += other->id != shipment_id && other->batch_id == batch->id &&
                (other->state == ST_BATCHED || other->state == ST_PICKING) && has_open_task(dossier, other->id, &one);
    return left;
}

/* Under the batch's lock: it, and how many others of it are still to be picked, is as the dossier has it. */
static gboolean batch_stands(struct db *db, const struct dossier *dossier, const struct event *ev, int64_t batch_id, GError **error)
{
    static const struct sql STANDS = {
        "kept_batch_stands", "SELECT 1 FROM batch b WHERE b.id = $1 AND b.version = $2 AND (SELECT COUNT(*) FROM shipment s "
                             "WHERE s.batch_id = $1 AND s.id <> $3 AND " LEFT_TO_PICK("s") ") = $4"};
    const struct batch *batch = batch_find(dossier, batch_id);
    return !batch || db_must_change(db, &STANDS, DB_ARGS(batch->id, batch->version, ev->shipment_id,
                                                         others_left(dossier, batch, ev->shipment_id)), 1, error);
}

/* Whether the waybill is one of the shipment's own. */
static gboolean has_waybill(struct dossier *dossier, int64_t waybill_id, int64_t shipment_id)
{
    const struct waybill *waybill = waybill_find(dossier, waybill_id);
    gboolean has = waybill && waybill->of_shipment == shipment_id;
    if (has)
        dossier_add_parts(dossier, NEED_WAYBILL);
    return has;
}

static gboolean will_do(const struct kept *kept, const struct event *ev)
{
    const struct shipment *ship = kept ? shipment_find(kept->dossier, ev->shipment_id) : NULL;
    if (!ship || kept->uses >= USES_MAX)
        return FALSE;
    int64_t batch_id = batch_of_pick(kept->dossier, ev);
    return ev->kind == EV_PACK || ev->kind == EV_UNPACK || ev->kind == EV_SKIP || ev->kind == EV_TOTE || ev->kind == EV_CLOSE ||
           (ev->kind == EV_APPLY && has_waybill(kept->dossier, ev->waybill_id, ship->id)) ||
           (ev->kind == EV_PICK && (batch_id == 0 || batch_find(kept->dossier, batch_id)));
}

/* --- an act ----------------------------------------------------------------------------------------------- */

struct keeping {
    struct act act;
    const struct event *events;
    size_t n;
    struct outcome *outcomes;
    int64_t batch_id;   /* that a pick rests on; 0: on none */
    int64_t product_id; /* whose stock the event moves; 0: none, or a close's, which are many */
    gboolean closes, tried;
};

/* A box that has its waybill needs no number. The next one of a range is new but for one that an order has brought, which the
 * database will not take twice: that costs more then, and nobody looks before. */
static unsigned closing_needs(const struct dossier *dossier, int64_t shipment_id)
{
    unsigned needs = flow_needs(EV_CLOSE) | NEED_NUMBERS | NEED_NO_LOOK | NEED_PRINTERS;
    for (EACH_ROW(parcel, parcel, dossier, shipment_id))
        for (EACH_ROW(waybill, waybill, dossier, parcel->id))
            if (parcel->state == ST_OPEN && waybill->state != ST_VOID)
                needs &= ~(unsigned)PASSES;
    return needs & ~dossier_parts(dossier);
}

/* Locks what the events may touch, and loads what was not kept. */
static gboolean prepare(struct keeping *keeping, GError **error)
{
    struct site *site = keeping->act.site;
    struct dossier *dossier = keeping->act.dossier;
    if (!keeping->closes)
        return flow_hold_known(site->db, keeping->events, keeping->batch_id, keeping->product_id, error) &&
               batch_stands(site->db, dossier, keeping->events, keeping->batch_id, error);
    return flow_hold(site->db, keeping->events, keeping->n, error) &&
           dossier_load(dossier, site, keeping->events, keeping->n, closing_needs(dossier, keeping->events->shipment_id), error);
}

/* A refusal is not for what was kept to give, nor what others are to follow. */
static gboolean judge_and_settle(struct keeping *keeping, size_t i, GError **error)
{
    struct decision d = act_decision(&keeping->act, &keeping->events[i]);
    gboolean done = act_judge(&keeping->act, &d, NULL) && keeping->act.follows->len == 0;
    return (done || err_set(error, ERR_DB_SERIALIZE)) &&
           act_settle(&keeping->act, &d, NULL, &keeping->outcomes[i], error);
}

static gboolean store(struct db *db, void *data, GError **error)
{
    struct keeping *keeping = data;
    (void)db;
    if (keeping->tried) /* it has not become younger */
        return err_set(error, ERR_DB_SERIALIZE);
    keeping->tried = TRUE;
    gboolean done = prepare(keeping, error);
    for (size_t i = 0; done && i < keeping->n; i++)
        done = judge_and_settle(keeping, i, error);
    return done && act_store(&keeping->act, error);
}

/* What a dossier that is loaded may mend. A lost link is not among it: whether the event was applied is not known. */
static gboolean may_be_stale(const GError *failure)
{
    enum err code = err_code(failure);
    return code == ERR_DB_SERIALIZE || code == ERR_DB_CONSTRAINT || code == ERR_WRITER_LOST;
}

/* What the events will touch, by judging the first of them ahead, before anything is locked. FALSE: it is not for here. */
static gboolean look_ahead(struct keeping *keeping)
{
    const struct event *ev = keeping->events;
    struct decision d = act_decision(&keeping->act, ev);
    struct event next = keeping->n > 1 ? ev[1] : (struct event){.kind = EV_NONE};
    keeping->closes = ev->kind == EV_CLOSE;
    if (keeping->closes)
        return TRUE;
    gboolean good = act_judge(&keeping->act, &d, NULL);
    keeping->closes = good && keeping->n > 1 && decision_leads_to(&d, &next);
    keeping->n = keeping->closes ? 2 : 1;
    keeping->product_id = d.task ? d.task->product_id : 0;
    dossier_undo(keeping->act.dossier);
    keeping->batch_id = batch_of_pick(keeping->act.dossier, ev);
    return good;
}

int kept_apply(struct site *site, const struct event *events, size_t n, struct outcome *outcomes, gboolean *both,
               GError **error)
{
    struct kept *kept = site->kept;
    if (events->kind == EV_NOTE) /* changes nothing */
        return 0;
    if (!will_do(kept, events)) {
        site_keep(site, NULL, NULL);
        return 0;
    }
    struct keeping keeping = {.act = {.site = site, .house = house_of(site)}, .events = events, .n = n, .outcomes = outcomes};
    g_autoptr(GError) failure = NULL;
    act_begin(&keeping.act, g_steal_pointer(&kept->dossier));
    gboolean done = look_ahead(&keeping) && db_transaction(site->db, store, &keeping, &failure);
    if (done) {
        act_done(&keeping.act);
        let_numbers_go(keeping.act.dossier);
        kept->dossier = g_steal_pointer(&keeping.act.dossier);
        kept->uses++;
    } else {
        site_keep(site, NULL, NULL);
    }
    act_clear(&keeping.act);
    if (both)
        *both = done && keeping.n > 1;
    if (!done && failure && !may_be_stale(failure)) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return -1;
    }
    return done;
}

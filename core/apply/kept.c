/* SPDX-License-Identifier: MIT */
#include "core/apply/kept.h"

#include "core/apply/hold.h"
#include "core/apply/load.h"

/* Parts that are good as long as the shipment's version stands, or that the database's own conditions watch over. */
enum {
    KEEPS = NEED_SHIPMENT | NEED_LINES | NEED_TASKS | NEED_TOTES | NEED_PARCELS | NEED_HELD | NEED_STOCK | NEED_BATCH |
            NEED_JOBS | NEED_ACTORS
};

/* Texts of past events gather in a dossier. */
enum { USES_MAX = 1000 };

struct kept {
    struct dossier *dossier;
    int64_t shipment_id;
    unsigned uses;
};

static void kept_free(gpointer data)
{
    struct kept *kept = data;
    dossier_free(kept->dossier);
    g_free(kept);
}

void kept_keep(struct site *site, struct act *act, const struct event *ev)
{
    const struct shipment *ship = shipment_find(act->dossier, ev->shipment_id);
    if (!ship || (dossier_parts(act->dossier) & ~(unsigned)KEEPS))
        return;
    struct kept *kept = g_new0(struct kept, 1);
    kept->dossier = g_steal_pointer(&act->dossier);
    kept->shipment_id = ship->id;
    site_keep(site, kept, kept_free);
}

/* --- whether it will do ----------------------------------------------------------------------------------- */

/* Whether the pick is neither the first of its batch nor may be the last of its shipment: then it leaves the batch alone. */
static gboolean leaves_batch_alone(const struct dossier *dossier, const struct shipment *ship)
{
    int open = 0;
    for (EACH_ROW(task, task, dossier, ship->id))
        open += task->open != 0;
    return ship->batch_id == 0 || (ship->state == ST_PICKING && open > 1);
}

static gboolean will_do(const struct kept *kept, const struct event *ev)
{
    const struct shipment *ship = kept ? shipment_find(kept->dossier, ev->shipment_id) : NULL;
    if (!ship || kept->shipment_id != ev->shipment_id || kept->uses >= USES_MAX)
        return FALSE;
    return ev->kind == EV_PACK || ev->kind == EV_UNPACK || ev->kind == EV_SKIP ||
           (ev->kind == EV_PICK && leaves_batch_alone(kept->dossier, ship));
}

/* --- one event -------------------------------------------------------------------------------------------- */

struct keeping {
    struct act act;
    struct decision d;
    struct outcome *outcome;
    gboolean tried;
};

static gboolean store(struct db *db, void *data, GError **error)
{
    struct keeping *keeping = data;
    const struct decision *d = &keeping->d;
    if (keeping->tried) /* it has not become younger */
        return err_set(error, ERR_DB_SERIALIZE);
    keeping->tried = TRUE;
    return flow_hold_known(db, d->ev, d->task ? d->task->product_id : 0, error) &&
           act_settle(&keeping->act, &keeping->d, NULL, keeping->outcome, error) && act_store(&keeping->act, error);
}

/* What a dossier that is loaded may mend. A lost link is not among it: whether the event was applied is not known. */
static gboolean may_be_stale(const GError *failure)
{
    enum err code = err_code(failure);
    return code == ERR_DB_SERIALIZE || code == ERR_DB_CONSTRAINT || code == ERR_WRITER_LOST;
}

int kept_apply(struct site *site, const struct event *ev, struct outcome *outcome, GError **error)
{
    struct kept *kept = site->kept;
    if (!will_do(kept, ev)) {
        site_keep(site, NULL, NULL);
        return 0;
    }
    struct keeping keeping = {.act = {.site = site, .house = house_of(site)}, .outcome = outcome};
    g_autoptr(GError) failure = NULL;
    act_begin(&keeping.act, g_steal_pointer(&kept->dossier));
    keeping.d = act_decision(&keeping.act, ev);
    gboolean done = act_judge(&keeping.act, &keeping.d, NULL) && db_transaction(site->db, store, &keeping, &failure);
    if (done) {
        act_done(&keeping.act);
        kept->dossier = g_steal_pointer(&keeping.act.dossier);
        kept->uses++;
    } else {
        site_keep(site, NULL, NULL);
    }
    act_clear(&keeping.act);
    if (!done && failure && !may_be_stale(failure)) {
        g_propagate_error(error, g_steal_pointer(&failure));
        return -1;
    }
    return done;
}

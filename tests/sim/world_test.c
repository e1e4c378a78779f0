/* SPDX-License-Identifier: MIT
 *
 * A seeded world in memory: 20,000 orders go through a busy floor and no invariant breaks; every transition of the tables,
 * every refusal of the rules and every block that stops something is met. A seed is one history. Bugs that are planted are
 * found.
 *
 * PACKLINE_SIM_SEED names another seed, PACKLINE_SIM_ORDERS how many orders.
 */
#include <glib.h>
#include <string.h>

#include "core/flow/transition.h"
#include "core/sim/world.h"
#include "tests/support/worlds.h"

enum { ORDERS = 20000, FEW = 600, SOME = 3000 };

/* What the rules can say no with. Not among them: ERR_DB_SERIALIZE, by which batch.c asks for a batch that was not loaded;
 * here all is there. ERR_COURIER_UNKNOWN and the forms of numbers are told by core/code in the rules' name. */
static const enum err REFUSALS[] = {
    ERR_BATCH_COURIER,   ERR_BATCH_NOT_IN,    ERR_BATCH_OWNED,   ERR_COMMAND_ARGUMENT, ERR_COURIER_FAULT,
    ERR_COURIER_UNKNOWN, ERR_DOCK_CLOSED,     ERR_DOCK_COURIER,  ERR_DOCK_NONE,        ERR_DOCK_OUT,
    ERR_FLOW_BLOCKED,    ERR_FLOW_CONFLICT,   ERR_FLOW_EMPTY,    ERR_FLOW_OUTBOUND,    ERR_FLOW_QUANTITY,
    ERR_FLOW_RIGHT,      ERR_FLOW_STATE,      ERR_FLOW_UNKNOWN,  ERR_LABEL_CHANGED,    ERR_LABEL_EXTERNAL,
    ERR_LABEL_NONE,      ERR_LABEL_OPEN,      ERR_LABEL_OTHER,   ERR_LABEL_VOID,       ERR_NUMBER_FORM,
    ERR_PACK_INCOMPLETE, ERR_PACK_LOT,        ERR_PACK_LOT_NOT_PICKED, ERR_PACK_NOTHING, ERR_PACK_OPEN,
    ERR_PACK_OVER,       ERR_PACK_WEIGHT,     ERR_PICK_DONE,     ERR_PICK_EXPIRED,     ERR_PICK_OVER,
    ERR_PICK_TOTE,       ERR_PRINTER_NONE,    ERR_RUN_STATE,     ERR_SHORT_STOCK,      ERR_SPLIT_NOTHING,
    ERR_SPLIT_TO_PICK,   ERR_STOCK_NEGATIVE,  ERR_STOCK_REASON,  ERR_UNDO_NOTHING,     ERR_WAYBILL_NONE,
    ERR_WAYBILL_PENDING, ERR_WAYBILL_TWICE,   ERR_WORK_TAKEN,
};

/* Every block but the one that stops no step: what is short is found out by those who pick. */
static void everything_was_met(const struct world_counts *counts)
{
    char number[8];
    for (size_t n = 0; flow_transition(n); n++)
        if (counts->transitions[n] == 0)
            g_error("never done: %s of %s, row %zu", flow_event_name(flow_transition(n)->event),
                    flow_machine_name(flow_transition(n)->machine), n);
    for (size_t n = 0; flow_transition(n); n++)
        if (flow_transition(n)->guard && counts->stopped[n] == 0)
            g_error("its guard never said no: %s of %s, row %zu", flow_event_name(flow_transition(n)->event),
                    flow_machine_name(flow_transition(n)->machine), n);
    for (size_t i = 0; i < G_N_ELEMENTS(REFUSALS); i++)
        if (counts->refusals[REFUSALS[i]] == 0)
            g_error("never refused: %s", err_number(REFUSALS[i], number));
    for (int i = 0; i < BLOCK_COUNT; i++)
        g_assert_true(counts->blocks[i] > 0 || 1u << i == BLOCK_SHORT);
    g_assert_cmpint(counts->labels_lost, >, 0);
    g_assert_cmpint(counts->labels_failed, >, 0);
}

static void orders_go_through(void)
{
    g_autoptr(world) world = worlds_run("PACKLINE_SIM", (guint32)g_test_rand_int(), ORDERS);
    const struct world_counts *counts = world_counts(world);
    g_assert_cmpint(counts->outbound + counts->cancelled, ==, counts->orders);
    if (counts->orders >= ORDERS)
        everything_was_met(counts);
}

static uint64_t trace_of(uint64_t seed)
{
    const struct world_options options = {.seed = seed, .orders = FEW};
    g_autoptr(world) world = world_new(&options, NULL);
    char *broken = NULL;
    g_assert_true(world_run(world, &broken));
    return world_counts(world)->trace;
}

static void a_seed_is_one_history(void)
{
    g_assert_cmpuint(trace_of(7), ==, trace_of(7));
    g_assert_cmpuint(trace_of(7), !=, trace_of(8));
}

/* --- planted bugs ------------------------------------------------------------------------------------------- */

/* One of a table that the event has touched and that fits; NULL: none. */
static struct row *touched(const struct decision *d, enum table_id table, gboolean (*fits)(const struct row *row))
{
    const GPtrArray *rows = dossier_touched(d->dossier);
    for (guint i = 0; i < rows->len; i++) {
        struct row *row = rows->pdata[i];
        if (row->table == table && (!fits || fits(row)))
            return row;
    }
    return NULL;
}

static gboolean is_born(const struct row *row)
{
    return row->was_born;
}

static gboolean is_gone(const struct row *row)
{
    return row->is_gone;
}

static gboolean is_void(const struct row *row)
{
    return ((const struct waybill *)(const void *)row)->state == ST_VOID;
}

static gboolean is_reserved(const struct row *row)
{
    return ((const struct stock *)(const void *)row)->reserved > 0;
}

static gboolean pack_twice(const struct decision *d)
{
    struct line *line = (struct line *)(void *)touched(d, TABLE_LINE, NULL);
    if (d->ev->kind != EV_PACK || !line || line->packed + 1 > line->picked)
        return FALSE;
    line->packed++;
    return TRUE;
}

static gboolean lose_reservation(const struct decision *d)
{
    struct stock *stock = (struct stock *)(void *)touched(d, TABLE_STOCK, is_reserved);
    if (d->ev->kind != EV_RELEASE || !stock)
        return FALSE;
    stock->reserved--;
    return TRUE;
}

static gboolean give_number_twice(const struct decision *d)
{
    static const char *last;
    struct waybill *waybill = (struct waybill *)(void *)touched(d, TABLE_WAYBILL, is_born);
    if (!waybill || strcmp(waybill->courier, "hct") != 0)
        return FALSE;
    const char *before = last;
    last = before ? before : "1000000000";
    waybill->number = last;
    return before != NULL;
}

static gboolean keep_tote(const struct decision *d)
{
    struct row *use = touched(d, TABLE_TOTE_USE, is_gone);
    if (d->ev->kind != EV_CLOSE || d->to != ST_PACKED || !use)
        return FALSE;
    use->is_gone = FALSE;
    return TRUE;
}

static gboolean leave_waybill(const struct decision *d)
{
    struct waybill *waybill = (struct waybill *)(void *)touched(d, TABLE_WAYBILL, is_void);
    if (d->ev->kind != EV_CANCEL || !waybill)
        return FALSE;
    waybill->state = ST_PRINTED;
    return TRUE;
}

static gboolean find_goods(const struct decision *d)
{
    struct stock *stock = (struct stock *)(void *)touched(d, TABLE_STOCK, NULL);
    if (d->ev->kind != EV_PICK || !stock)
        return FALSE;
    stock->on_hand++;
    return TRUE;
}

static gboolean forget_task(const struct decision *d)
{
    struct task *task = (struct task *)(void *)touched(d, TABLE_TASK, is_born);
    if (d->ev->kind != EV_RELEASE || !task)
        return FALSE;
    task->open = 0;
    return TRUE;
}

static gboolean skip_state(const struct decision *d)
{
    struct shipment *ship = (struct shipment *)(void *)touched(d, TABLE_SHIPMENT, NULL);
    if (d->ev->kind != EV_APPLY || !ship || ship->state != ST_LABELLED)
        return FALSE;
    ship->state = ST_OUTBOUND;
    return TRUE;
}

static gboolean swap_labels(const struct decision *d)
{
    struct waybill *waybill = (struct waybill *)(void *)touched(d, TABLE_WAYBILL, is_born);
    if (!waybill || !waybill->of_shipment)
        return FALSE;
    waybill->generation++;
    return TRUE;
}

static const struct planted {
    const char *name;
    gboolean (*plant)(const struct decision *d);
    const char *rings; /* among the invariants that break */
} PLANTED[] = {
    {"a unit is counted twice", pack_twice, "line-contents"},
    {"a reservation is lost", lose_reservation, "reserved"},
    {"a number is given twice", give_number_twice, "number-twice"},
    {"a tote is not freed", keep_tote, "tote"},
    {"a waybill stays live at a cancel", leave_waybill, "parcel-waybill"},
    {"goods come from nowhere", find_goods, "stock"},
    {"a pick task is closed too early", forget_task, "line-tasks"},
    {"a state is skipped", skip_state, "state-untold"},
    {"a waybill is of another generation", swap_labels, "parcel-waybill"},
};

static const struct planted *planting;
static int plantings;

/* Now and then, when the floor is busy, until it has been done once. */
static void plant(struct memory *memory, const struct decision *d)
{
    enum { BUSY = 200 };
    static int events;
    (void)memory;
    if (plantings == 0 && ++events > BUSY && planting->plant(d))
        plantings++;
}

static void is_found(gconstpointer data)
{
    const struct world_options options = {.seed = 11, .orders = SOME, .spoil = plant};
    g_autoptr(world) world = world_new(&options, NULL);
    g_autofree char *broken = NULL;
    planting = data;
    plantings = 0;
    g_assert_false(world_run(world, &broken));
    g_assert_cmpint(plantings, ==, 1);
    g_assert_nonnull(broken);
    g_test_message("%s: %s", planting->name, broken);
    g_autofree char *name = g_strconcat(planting->rings, ":", NULL);
    g_assert_nonnull(strstr(broken, name));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/world/orders_go_through", orders_go_through);
    g_test_add_func("/world/a_seed_is_one_history", a_seed_is_one_history);
    for (size_t i = 0; i < G_N_ELEMENTS(PLANTED); i++) {
        g_autofree char *path = g_strconcat("/world/planted/", PLANTED[i].name, NULL);
        g_test_add_data_func(path, &PLANTED[i], is_found);
    }
    return g_test_run();
}

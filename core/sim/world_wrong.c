/* SPDX-License-Identifier: MIT
 *
 * Whatever comes into somebody's head: any event, by anybody, about things that may or may not have to do with each other.
 */
#include <string.h>

#include "core/sim/world_inner.h"

/* One row of those of a parent; NULL: it has none. */
static const struct row *any_row(const struct world *world, struct chance *chance, enum table_id table, int64_t parent)
{
    const struct row *found = NULL;
    int64_t seen = 0;
    for (const struct row *row = row_first(world->memory->dossier, table, parent); row; row = row_next(row))
        if (chance_below(chance, ++seen) == 0)
            found = row;
    return found;
}

static int64_t any_id(const struct world *world, struct chance *chance, enum table_id table, int64_t parent)
{
    const struct row *row = any_row(world, chance, table, parent);
    return row ? column_int(&table_of(table)->columns[0], row) : 0;
}

/* In work, or finished a while ago; rarely none at all. */
static int64_t any_shipment(struct world *world, struct chance *chance)
{
    int64_t what = chance_below(chance, 100);
    if (what < 85 || world->ended->len == 0)
        return what == 0 ? 12345 : world_one_of(chance, world->live);
    return g_array_index(world->ended, struct ending, chance_below(chance, world->ended->len)).shipment_id;
}

/* Of a job that is under way. */
static int64_t any_submission(const struct world *world, struct chance *chance)
{
    const struct job *job = job_find(world->memory->dossier, world_one_of(chance, world->jobs));
    return job ? job->submission_id : 0;
}

/* Things of the shipment, or of another one. */
static void fill_things(struct world *world, struct chance *chance, struct event *event)
{
    int64_t of = chance_percent(chance, 85) ? event->shipment_id : any_shipment(world, chance);
    event->line_id = any_id(world, chance, TABLE_LINE, of);
    event->task_id = any_id(world, chance, TABLE_TASK, of);
    event->parcel_id = any_id(world, chance, TABLE_PARCEL, of);
    event->waybill_id = any_id(world, chance, TABLE_WAYBILL, event->parcel_id);
    event->job_id = chance_percent(chance, 50) ? any_id(world, chance, TABLE_JOB, event->waybill_id)
                                               : world_one_of(chance, world->jobs);
    const struct job *job = event->job_id ? job_find(world->memory->dossier, event->job_id) : NULL;
    event->submission_id = job && chance_percent(chance, 90) ? job->submission_id : any_submission(world, chance);
    event->batch_id = world_one_of(chance, world->batches);
    event->run_id = chance_percent(chance, 50) ? world_one_of(chance, world->runs) : 0;
    event->manifest_id = chance_percent(chance, 90) ? any_id(world, chance, TABLE_MANIFEST, 0) : 0;
}

static void fill_goods(struct world *world, struct chance *chance, struct event *event)
{
    const struct product_of *product = &world->products[chance_below(chance, PRODUCTS)];
    const struct stock *stock = (const struct stock *)(const void *)any_row(world, chance, TABLE_STOCK, product->id);
    const struct location *place = stock ? location_find(world->memory->dossier, stock->location_id) : NULL;
    if (place && strcmp(place->kind, "bin") != 0) /* whose goods lie in totes and at benches only their shipments know */
        stock = NULL;
    event->product_id = product->id;
    event->lot_id = stock ? stock->lot_id : product->lots[0];
    event->from_id = stock ? stock->location_id : product->bins[0];
    event->to_id = product->bins[chance_below(chance, G_N_ELEMENTS(product->bins))];
    if (chance_percent(chance, 10))
        event->to_id = event->from_id;
    event->quantity = chance_below(chance, 6) - (chance_percent(chance, 10) ? 2 : 0);
    event->tote_id = chance_percent(chance, 60) ? world->totes[chance_below(chance, TOTES)] : 0;
    event->weight_g = chance_below(chance, 2) * 700;
    event->page = 1;
}

static void fill_words(struct world *world, struct chance *chance, struct event *event)
{
    static const char *const COURIERS[] = {"hct", "tcat", "kerry", "sf", "711", "post", "nobody", ""};
    event->courier = chance_percent(chance, 30) ? COURIERS[chance_below(chance, G_N_ELEMENTS(COURIERS))] : NULL;
    event->cod_minor = chance_percent(chance, 50) ? 0 : chance_below(chance, 300) * 100;
    event->recipient_id = world->recipients[chance_below(chance, RECIPIENTS)];
    event->person_id = world->memory->as[ROLE_PICKER + chance_below(chance, 4)].person_id;
    event->printer_id = chance_percent(chance, 50) ? world->printers[chance_below(chance, PRINTERS)] : 0;
    event->block = chance_percent(chance, 95) ? (enum block)(1 << chance_below(chance, BLOCK_COUNT)) : (enum block)0;
    event->reason = event->kind != EV_RECEIVE || chance_percent(chance, 50) ? "why not" : "";
    event->text = "test";
}

static void fill_who(struct world *world, struct chance *chance, struct event *event)
{
    const struct shipment *ship = shipment_find(world->memory->dossier, event->shipment_id);
    enum role role = chance_percent(chance, 75) ? ROLE_SYSTEM : (enum role)(ROLE_PICKER + chance_below(chance, 7));
    event->actor = world->memory->as[role];
    if (ship && chance_percent(chance, 20))
        event->version = ship->version - chance_below(chance, 3);
    if (event->version < 0)
        event->version = 0;
}

/* What would empty the floor is rarer; an order that is none makes no shipment. */
static gboolean is_spared(struct chance *chance, enum event_kind kind)
{
    gboolean empties = kind == EV_CANCEL || kind == EV_BATCH_CANCEL || kind == EV_CANCEL_LINE || kind == EV_CHANGE ||
                       kind == EV_BLOCK;
    return kind == EV_SHIPMENT_MAKE || (empties && chance_percent(chance, 93));
}

/* What the commands and screens that ask for it see to themselves. */
static void fill_new(struct world *world, struct event *event)
{
    if (event->kind == EV_BATCH_MAKE)
        event->text = "bulk";
    if (event->kind != EV_RUN_MAKE)
        return;
    event->printer_id = event->printer_id ? event->printer_id : world->printers[0];
    event->quantity = MAX(event->quantity, 1);
}

void world_stranger(struct world *world, struct worker *worker)
{
    struct chance *chance = &worker->chance;
    struct event event = {.kind = (enum event_kind)(1 + chance_below(chance, EV_COUNT - 1))};
    if (is_spared(chance, event.kind) || world->live->len == 0)
        return;
    event.shipment_id = any_shipment(world, chance);
    fill_things(world, chance, &event);
    fill_goods(world, chance, &event);
    fill_words(world, chance, &event);
    fill_who(world, chance, &event);
    fill_new(world, &event);
    if (event.kind == EV_PRINT_AHEAD && event.run_id == 0)
        event.printer_id = 0;
    world_do(world, worker, event);
}

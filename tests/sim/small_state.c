/* SPDX-License-Identifier: MIT */
#include "tests/sim/small_state.h"

#include <string.h>

struct reading {
    const struct memory *memory;
    uint64_t sum;
};

static void add(struct reading *reading, int64_t value)
{
    uint64_t z = (reading->sum ^ (uint64_t)value) * UINT64_C(0x9e3779b97f4a7c15);
    reading->sum = z ^ z >> 32;
}

/* Which of a shipment's lines, of a shipment's parcels it is. */
static int64_t place_in(const struct memory *memory, enum table_id table, int64_t parent, int64_t id)
{
    int64_t n = 1;
    for (const struct row *row = row_first(memory->dossier, table, parent); row; row = row_next(row), n++)
        if (column_int(&table_of(table)->columns[0], row) == id)
            return n;
    return 0;
}

static void add_line(struct reading *reading, const struct line *line)
{
    const int64_t values[] = {line->state, line->quantity, line->picked, line->packed};
    for (size_t i = 0; i < G_N_ELEMENTS(values); i++)
        add(reading, values[i]);
}

static void add_task(struct reading *reading, const struct task *task)
{
    add(reading, place_in(reading->memory, TABLE_LINE, task->shipment_id, task->line_id));
    add(reading, task->location_id);
    add(reading, task->quantity << 8 | task->picked << 1 | task->open);
}

static void add_jobs(struct reading *reading, const struct waybill *waybill)
{
    for (EACH_ROW(job, job, reading->memory->dossier, waybill->id)) {
        gboolean over = job->state == ST_PRINTED || job->state == ST_ANSWERED;
        if (waybill->state == ST_VOID && over)
            continue;
        add(reading, (int64_t)job->state << 8 | (job->copy > 0) << 1 | (job->kind[0] == 'w'));
        add(reading, job->printer_id);
    }
}

static void add_parcel(struct reading *reading, const struct parcel *parcel)
{
    add(reading, parcel->number << 8 | (int64_t)parcel->state);
    add(reading, parcel->packed_at != 0);
    for (EACH_ROW(content, content, reading->memory->dossier, parcel->id))
        if (content->quantity)
            add(reading, place_in(reading->memory, TABLE_LINE, parcel->shipment_id, content->line_id) << 8 |
                             content->quantity);
    for (EACH_ROW(waybill, waybill, reading->memory->dossier, parcel->id)) {
        if (waybill->state != ST_VOID) {
            add(reading, (int64_t)waybill->state);
            add(reading, waybill->recipient_id);
            add(reading, waybill->cod_minor);
        }
        add_jobs(reading, waybill);
    }
}

static void add_shipment(struct reading *reading, const struct shipment *ship)
{
    const struct dossier *dossier = reading->memory->dossier;
    const int64_t values[] = {ship->state, ship->recipient_id, ship->cod_minor, ship->person_id,
                              place_in(reading->memory, TABLE_BATCH, 0, ship->batch_id)};
    for (size_t i = 0; i < G_N_ELEMENTS(values); i++)
        add(reading, values[i]);
    for (EACH_ROW(block_row, block, dossier, ship->id))
        add(reading, block->cleared_at ? 0 : (int64_t)flow_block_parse(block->kind));
    for (EACH_ROW(line, line, dossier, ship->id))
        add_line(reading, line);
    for (EACH_ROW(task, task, dossier, ship->id))
        add_task(reading, task);
    for (EACH_ROW(tote_use, use, dossier, ship->id))
        add(reading, use->tote_id);
    for (EACH_ROW(held, held, dossier, ship->id))
        add(reading, held->quantity ? (held->product_id ^ held->location_id) + held->quantity : 0);
    for (EACH_ROW(parcel, parcel, dossier, ship->id))
        add_parcel(reading, parcel);
}

/* In whatever order its rows came. */
static void add_goods(struct reading *reading, const struct product *product)
{
    uint64_t all = 0;
    for (EACH_ROW(stock, stock, reading->memory->dossier, product->id)) {
        struct reading one = {reading->memory, 1};
        add(&one, stock->location_id);
        add(&one, stock->on_hand << 16 | stock->reserved);
        all += stock->on_hand ? one.sum : 0;
    }
    for (EACH_ROW(count_task, count, reading->memory->dossier, product->id))
        all += count->done_at ? 0 : (uint64_t)count->location_id * 3;
    add(reading, (int64_t)all);
}

uint64_t small_state(const struct memory *memory, const int64_t *shipments, int count)
{
    struct reading reading = {memory, 1};
    for (int i = 0; i < count; i++) {
        add(&reading, -1 - i);
        add_shipment(&reading, shipment_find(memory->dossier, shipments[i]));
    }
    for (EACH_ROW(product, product, memory->dossier, 0))
        add_goods(&reading, product);
    for (EACH_ROW(batch, batch, memory->dossier, 0))
        add(&reading, (int64_t)batch->state << 1 | (batch->person_id != 0));
    for (EACH_ROW(manifest, manifest, memory->dossier, 0))
        add(&reading, (int64_t)manifest->state);
    return reading.sum;
}

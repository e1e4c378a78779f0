/* SPDX-License-Identifier: MIT */
#include "core/flow/progress.h"

#include <string.h>

#include "core/base/translate.h"
#include "core/code/courier.h"
#include "core/flow/decision.h"

int64_t progress_to_pack(const struct dossier *dossier, int64_t shipment_id)
{
    int64_t left = 0;
    for (EACH_ROW(line, line, dossier, shipment_id))
        if (line->state != ST_CANCELLED)
            left += (line->state == ST_OPEN ? line->picked : line->quantity) - line->packed;
    return left;
}

int64_t progress_in_box(const struct dossier *dossier, int64_t shipment_id)
{
    int64_t quantity = 0;
    for (EACH_ROW(parcel, parcel, dossier, shipment_id))
        if (parcel->state == ST_OPEN)
            for (EACH_ROW(content, content, dossier, parcel->id))
                quantity += content->quantity;
    return quantity;
}

unsigned progress_blocks(const struct dossier *dossier, int64_t shipment_id)
{
    unsigned blocks = 0;
    for (EACH_ROW(block_row, block, dossier, shipment_id))
        if (block->cleared_at == 0)
            blocks |= (unsigned)flow_block_parse(block->kind);
    return blocks;
}

/* --- what people are shown -------------------------------------------------------------------------------- */

static const struct waybill *to_stick_on(const struct dossier *dossier, int64_t shipment_id)
{
    const struct waybill *first = NULL;
    const struct parcel *of = NULL;
    for (EACH_ROW(parcel, parcel, dossier, shipment_id))
        for (EACH_ROW(waybill, waybill, dossier, parcel->id)) {
            gboolean waits = (parcel->state == ST_PACKED || parcel->state == ST_OPEN) &&
                             (waybill->state == ST_ASSIGNED || waybill->state == ST_PRINTED);
            gboolean closed = parcel->state == ST_PACKED, first_closed = of && of->state == ST_PACKED;
            if (!waits || (first && (first_closed > closed || (first_closed == closed && of->number <= parcel->number))))
                continue;
            first = waybill;
            of = parcel;
        }
    return first;
}

static int64_t closed_boxes(const struct dossier *dossier, int64_t shipment_id)
{
    int64_t boxes = 0;
    for (EACH_ROW(parcel, parcel, dossier, shipment_id))
        boxes += parcel->state == ST_PACKED;
    return boxes;
}

static gboolean has_paper(const struct dossier *dossier, int64_t waybill_id)
{
    for (EACH_ROW(job, job, dossier, waybill_id))
        if (strcmp(job->kind, "waybill") == 0)
            return TRUE;
    return FALSE;
}

static gboolean paper_owed(const struct dossier *dossier, int64_t shipment_id)
{
    for (EACH_ROW(parcel, parcel, dossier, shipment_id))
        for (EACH_ROW(waybill, waybill, dossier, parcel->id))
            if (parcel->state == ST_PACKED && waybill->state == ST_ASSIGNED &&
                strcmp(waybill->source, number_source_name(NUMBER_EXTERNAL)) != 0 && !has_paper(dossier, waybill->id))
                return TRUE;
    return FALSE;
}

static const struct tote_use *first_tote(const struct dossier *dossier, int64_t shipment_id)
{
    const struct tote_use *first = NULL;
    for (EACH_ROW(tote_use, use, dossier, shipment_id))
        if (!first || use->at < first->at)
            first = use;
    return first;
}

gboolean progress_read(const struct dossier *dossier, int64_t shipment_id, struct progress *progress)
{
    const struct shipment *ship = shipment_find(dossier, shipment_id);
    if (!ship)
        return FALSE;
    const struct waybill *waybill = to_stick_on(dossier, shipment_id);
    const struct tote_use *tote = first_tote(dossier, shipment_id);
    *progress = (struct progress){
        .version = ship->version, .batch_id = ship->batch_id, .person_id = ship->person_id, .recipient_id = ship->recipient_id,
        .cod_minor = ship->cod_minor, .cut_off_at = ship->cut_off_at, .slot = ship->slot, .state = ship->state,
        .blocks = progress_blocks(dossier, shipment_id), .to_pack = progress_to_pack(dossier, shipment_id),
        .in_box = progress_in_box(dossier, shipment_id), .boxes = closed_boxes(dossier, shipment_id),
        .paper_owed = (dossier_parts(dossier) & NEED_JOBS) && paper_owed(dossier, shipment_id),
        .courier = ship->courier, .service = ship->service, .currency = ship->currency,
        .tote = tote ? tote->tote : "", .waybill = waybill ? waybill->number : ""};
    return TRUE;
}

gboolean progress_line(const struct dossier *dossier, int64_t line_id, struct progress_line *line)
{
    const struct line *row = line_find(dossier, line_id);
    if (!row || row->state == ST_CANCELLED)
        return FALSE;
    *line = (struct progress_line){row->product_id, row->quantity, row->picked, row->packed};
    return TRUE;
}

int progress_task_open(const struct dossier *dossier, int64_t task_id)
{
    const struct task *task = task_find(dossier, task_id);
    return task ? task->open != 0 : -1;
}

const char *progress_void_word(const char *reason)
{
    return strcmp(reason, VOID_CANCELLED) == 0 ? err_word(VOID_CANCELLED) : reason;
}

int64_t progress_awaits(const struct dossier *dossier, int64_t shipment_id, const char *number)
{
    for (EACH_ROW(parcel, parcel, dossier, shipment_id))
        for (EACH_ROW(waybill, waybill, dossier, parcel->id))
            if (parcel->state == ST_PACKED && waybill->state != ST_VOID && strcmp(waybill->number, number) == 0)
                return waybill->id;
    return 0;
}

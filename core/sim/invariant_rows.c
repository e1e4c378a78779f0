/* SPDX-License-Identifier: MIT
 *
 * The invariants that are said of one row and what is beside it.
 */
#include <string.h>

#include "core/code/courier.h"
#include "core/sim/invariants.h"

#define IN(which, ...) is_in((which), (const enum state[]){__VA_ARGS__, ST_NONE})

static gboolean is_in(enum state state, const enum state *states)
{
    for (; *states != ST_NONE; states++)
        if (*states == state)
            return TRUE;
    return FALSE;
}

/* --- a shipment ----------------------------------------------------------------------------------------- */

static gboolean sums_are_of_lines(const struct looking *l, const struct row *row)
{
    const struct shipment *ship = (const struct shipment *)(const void *)row;
    int64_t lines = 0, units = 0;
    for (EACH_ROW(line, line, l->memory->dossier, ship->id)) {
        lines += line->state != ST_CANCELLED;
        units += line->state != ST_CANCELLED ? line->quantity : 0;
    }
    return ship->state == ST_CANCELLED || (ship->lines == lines && ship->units == units);
}

/* How many of its parts are in which state; what is counted into open boxes. */
struct parts {
    int lines[ST_COUNT], parcels[ST_COUNT], live, tasks;
    int64_t picked, packed, open_units;
};

static int64_t units_in(const struct memory *memory, int64_t parcel_id)
{
    int64_t units = 0;
    for (EACH_ROW(content, content, memory->dossier, parcel_id))
        units += content->quantity;
    return units;
}

static struct parts parts_of(const struct memory *memory, const struct shipment *ship)
{
    struct parts parts = {0};
    for (EACH_ROW(line, line, memory->dossier, ship->id)) {
        parts.lines[line->state]++;
        parts.live += line->state != ST_CANCELLED;
        parts.picked += line->picked;
        parts.packed += line->packed;
    }
    for (EACH_ROW(parcel, parcel, memory->dossier, ship->id)) {
        parts.parcels[parcel->state]++;
        parts.open_units += parcel->state == ST_OPEN ? units_in(memory, parcel->id) : 0;
    }
    for (EACH_ROW(task, task, memory->dossier, ship->id))
        parts.tasks += task->open != 0;
    return parts;
}

static int boxes(const struct parts *parts)
{
    return parts->parcels[ST_PACKED] + parts->parcels[ST_LABELLED] + parts->parcels[ST_OUT];
}

static gboolean is_untouched(const struct parts *parts)
{
    return parts->picked == 0 && parts->packed == 0 && boxes(parts) == 0;
}

static gboolean is_packed_up(const struct parts *parts)
{
    return parts->live > 0 && parts->lines[ST_PACKED] == parts->live && parts->open_units == 0;
}

static gboolean state_is_of_parts(const struct looking *l, const struct row *row)
{
    const struct shipment *ship = (const struct shipment *)(const void *)row;
    const struct parts parts = parts_of(l->memory, ship);
    int none_open = parts.lines[ST_OPEN] == 0;
    if (ship->state == ST_NEW)
        return is_untouched(&parts) && parts.tasks == 0 && parts.lines[ST_RESERVED] + parts.lines[ST_PICKED] == 0;
    if (IN(ship->state, ST_READY, ST_BATCHED))
        return is_untouched(&parts) && none_open && parts.live > 0 && parts.lines[ST_RESERVED] == parts.live;
    if (ship->state == ST_PICKING)
        return parts.packed == 0 && boxes(&parts) == 0 && parts.lines[ST_OPEN] + parts.lines[ST_RESERVED] > 0;
    if (ship->state == ST_PICKED) /* what it goes on without, split, is open */
        return parts.packed == 0 && boxes(&parts) == 0 && parts.tasks == 0 && parts.picked > 0 &&
               parts.lines[ST_OPEN] + parts.lines[ST_PICKED] == parts.live;
    if (ship->state == ST_PACKING)
        return parts.live > 0 && !(is_packed_up(&parts));
    if (ship->state == ST_PACKED)
        return is_packed_up(&parts) && parts.parcels[ST_PACKED] > 0;
    if (ship->state == ST_LABELLED)
        return is_packed_up(&parts) && parts.parcels[ST_PACKED] == 0 && parts.parcels[ST_LABELLED] > 0;
    if (ship->state == ST_OUTBOUND)
        return is_packed_up(&parts) && boxes(&parts) == parts.parcels[ST_OUT] && parts.parcels[ST_OUT] > 0;
    return parts.live == 0 && boxes(&parts) == 0 && parts.tasks == 0 && parts.parcels[ST_OPEN] == 0;
}

static gboolean batch_holds_it(const struct looking *l, const struct row *row)
{
    const struct shipment *ship = (const struct shipment *)(const void *)row;
    const struct batch *batch = ship->batch_id ? batch_find(l->memory->dossier, ship->batch_id) : NULL;
    if (IN(ship->state, ST_NEW, ST_READY, ST_CANCELLED))
        return ship->batch_id == 0;
    if (ship->state == ST_BATCHED)
        return batch && IN(batch->state, ST_READY, ST_RUNNING);
    return ship->state != ST_PICKING || ship->batch_id == 0 || (batch && IN(batch->state, ST_READY, ST_RUNNING));
}

static gboolean blocks_are_single(const struct looking *l, const struct row *row)
{
    const struct shipment *ship = (const struct shipment *)(const void *)row;
    unsigned seen = 0;
    for (EACH_ROW(block_row, block, l->memory->dossier, ship->id)) {
        unsigned bit = (unsigned)flow_block_parse(block->kind);
        if (bit == 0 || (block->cleared_at == 0 && (seen & bit)))
            return FALSE;
        seen |= block->cleared_at == 0 ? bit : 0;
    }
    return TRUE;
}

static gboolean versions_fit(const struct looking *l, const struct row *row)
{
    const struct shipment *ship = (const struct shipment *)(const void *)row;
    (void)l;
    return ship->version >= 1 && ship->told >= 1 && ship->told <= ship->version;
}

/* The buyer pays once: never more than the order says, and no less when all of it has left. */
static gboolean cod_is_paid_once(const struct looking *l, const struct row *row)
{
    const struct shipment *ship = (const struct shipment *)(const void *)row;
    int collecting = 0;
    for (EACH_ROW(parcel, parcel, l->memory->dossier, ship->id))
        for (EACH_ROW(waybill, waybill, l->memory->dossier, parcel->id))
            collecting += waybill->state == ST_OUT && waybill->cod_minor > 0;
    return collecting <= 1;
}

/* No number of it is live that did not leave. */
static gboolean nothing_is_left_behind(const struct looking *l, const struct row *row)
{
    const struct shipment *ship = (const struct shipment *)(const void *)row;
    for (EACH_ROW(parcel, parcel, l->memory->dossier, IN(ship->state, ST_OUTBOUND, ST_CANCELLED) ? ship->id : 0))
        for (EACH_ROW(waybill, waybill, l->memory->dossier, parcel->id))
            if (IN(waybill->state, ST_ASSIGNED, ST_PRINTED, ST_APPLIED))
                return FALSE;
    return TRUE;
}

/* --- a line ------------------------------------------------------------------------------------------------ */

static gboolean quantities_are_in_order(const struct looking *l, const struct row *row)
{
    const struct line *line = (const struct line *)(const void *)row;
    (void)l;
    return line->quantity > 0 && line->packed >= 0 && line->packed <= line->picked && line->picked <= line->quantity;
}

static gboolean line_state_fits(const struct looking *l, const struct row *row)
{
    const struct line *line = (const struct line *)(const void *)row;
    (void)l;
    if (line->state == ST_OPEN)
        return line->picked < line->quantity;
    if (line->state == ST_RESERVED)
        return line->picked < line->quantity;
    if (line->state == ST_PICKED)
        return line->picked == line->quantity && line->packed < line->quantity;
    if (line->state == ST_PACKED)
        return line->picked == line->quantity && line->packed == line->quantity;
    return line->state == ST_CANCELLED && line->picked == 0 && line->packed == 0;
}

/* Less of it goes than was ordered. */
static gboolean is_cut_off(const struct looking *l, const struct line *line)
{
    const struct shipment *ship = shipment_find(l->memory->dossier, line->shipment_id);
    for (EACH_ROW(wanted, wanted, l->memory->dossier, ship->order_id))
        if (wanted->order_line_id == line->order_line_id && wanted->product_id == line->product_id)
            return line->quantity < wanted->quantity;
    return FALSE;
}

/* A line that was cut off keeps the tasks of what it has lost. */
static gboolean tasks_are_of_line(const struct looking *l, const struct row *row)
{
    const struct line *line = (const struct line *)(const void *)row;
    int64_t picked = 0, wanted = 0;
    for (EACH_ROW(task, task, l->memory->dossier, line->shipment_id)) {
        if (task->line_id != line->id)
            continue;
        picked += task->picked;
        wanted += task->open ? task->quantity - task->picked : 0;
    }
    if (line->state == ST_CANCELLED)
        return wanted == 0;
    return wanted == (line->state == ST_RESERVED ? line->quantity - line->picked : 0) &&
           (picked == line->picked || (picked > line->picked && is_cut_off(l, line)));
}

static gboolean contents_are_packed(const struct looking *l, const struct row *row)
{
    const struct line *line = (const struct line *)(const void *)row;
    int64_t packed = 0;
    for (EACH_ROW(parcel, parcel, l->memory->dossier, line->shipment_id))
        for (EACH_ROW(content, content, l->memory->dossier, parcel->id))
            packed += content->line_id == line->id && parcel->state != ST_VOID ? content->quantity : 0;
    return packed == line->packed;
}

static gboolean task_fits(const struct looking *l, const struct row *row)
{
    const struct task *task = (const struct task *)(const void *)row;
    const struct line *line = line_find(l->memory->dossier, task->line_id);
    return line && line->shipment_id == task->shipment_id && line->product_id == task->product_id && task->quantity > 0 &&
           task->picked >= 0 && task->picked <= task->quantity && (!task->open || task->picked < task->quantity);
}

/* --- totes and what is held ------------------------------------------------------------------------------- */

static gboolean tote_is_at_work(const struct looking *l, const struct row *row)
{
    const struct tote_use *use = (const struct tote_use *)(const void *)row;
    const struct shipment *ship = shipment_find(l->memory->dossier, use->shipment_id);
    return ship && !IN(ship->state, ST_NEW, ST_PACKED, ST_LABELLED, ST_OUTBOUND, ST_CANCELLED);
}

static gboolean held_is_there(const struct looking *l, const struct row *row)
{
    const struct held *held = (const struct held *)(const void *)row;
    const int64_t key[] = {held->shipment_id, held->product_id, held->lot_id, held->location_id};
    const struct location *place = location_find(l->memory->dossier, held->location_id);
    const struct tote_use *use = tote_use_find(l->memory->dossier, held->location_id);
    gboolean in_own = strcmp(place->kind, "tote") != 0 || (use && use->shipment_id == held->shipment_id);
    return held->quantity >= 0 && held->quantity == sums_get(l->memory->held, key) && (held->quantity == 0 || in_own);
}

/* Of each product a shipment holds what it has picked, less what has left; what was cancelled may still lie at the
 * bench. */
static gboolean picked_is_held(const struct looking *l, const struct row *row)
{
    const struct line *line = (const struct line *)(const void *)row;
    int64_t picked = 0, there = 0;
    gboolean exact = TRUE;
    for (EACH_ROW(line, other, l->memory->dossier, line->shipment_id)) {
        if (other->product_id != line->product_id)
            continue;
        picked += other->picked;
        exact = exact && other->state != ST_CANCELLED && !is_cut_off(l, other);
    }
    for (EACH_ROW(held, held, l->memory->dossier, line->shipment_id))
        there += held->product_id == line->product_id ? held->quantity : 0;
    for (EACH_ROW(parcel, parcel, l->memory->dossier, line->shipment_id))
        for (EACH_ROW(content, content, l->memory->dossier, parcel->id)) {
            const struct line *in_box = line_find(l->memory->dossier, content->line_id);
            there += parcel->state == ST_OUT && in_box->product_id == line->product_id ? content->quantity : 0;
        }
    return exact ? picked == there : picked <= there;
}

/* --- parcels --------------------------------------------------------------------------------------------- */

static const struct waybill *live_of(const struct looking *l, const struct parcel *parcel, int *count)
{
    const struct waybill *live = NULL;
    for (EACH_ROW(waybill, waybill, l->memory->dossier, parcel->id)) {
        *count += waybill->state != ST_VOID;
        live = waybill->state != ST_VOID ? waybill : live;
    }
    return live;
}

static gboolean parcel_has_one_waybill(const struct looking *l, const struct row *row)
{
    const struct parcel *parcel = (const struct parcel *)(const void *)row;
    int count = 0;
    const struct waybill *live = live_of(l, parcel, &count);
    if (count > 1 || (live && live->generation != parcel->generation))
        return FALSE;
    if (parcel->state == ST_VOID)
        return !live;
    if (parcel->state == ST_OPEN)
        return !live || IN(live->state, ST_ASSIGNED, ST_PRINTED);
    if (parcel->state == ST_PACKED)
        return live && IN(live->state, ST_ASSIGNED, ST_PRINTED);
    return live && live->state == (parcel->state == ST_LABELLED ? ST_APPLIED : ST_OUT);
}

static gboolean parcel_is_filled(const struct looking *l, const struct row *row)
{
    const struct parcel *parcel = (const struct parcel *)(const void *)row;
    int64_t units = units_in(l->memory, parcel->id);
    if (parcel->state == ST_VOID)
        return units == 0;
    return parcel->state == ST_OPEN || (units > 0 && parcel->packed_at > 0);
}

static gboolean parcel_number_is_single(const struct looking *l, const struct row *row)
{
    const struct parcel *parcel = (const struct parcel *)(const void *)row;
    for (EACH_ROW(parcel, other, l->memory->dossier, parcel->shipment_id))
        if (other != parcel && other->number == parcel->number)
            return FALSE;
    return TRUE;
}

static gboolean parcel_leaves_by_manifest(const struct looking *l, const struct row *row)
{
    const struct parcel *parcel = (const struct parcel *)(const void *)row;
    const struct manifest *manifest = manifest_find(l->memory->dossier, parcel->manifest_id);
    int count = 0;
    const struct waybill *live = live_of(l, parcel, &count);
    if (parcel->state != ST_OUT)
        return parcel->manifest_id == 0 && parcel->out_at == 0;
    return parcel->out_at > 0 && manifest && live && strcmp(manifest->courier, live->courier) == 0;
}

static gboolean content_fits(const struct looking *l, const struct row *row)
{
    const struct content *content = (const struct content *)(const void *)row;
    const struct parcel *parcel = parcel_find(l->memory->dossier, content->parcel_id);
    const struct line *line = line_find(l->memory->dossier, content->line_id);
    return parcel && line && line->shipment_id == parcel->shipment_id && content->quantity >= 0 &&
           (content->lot_id != 0) == (line->has_lots != 0);
}

/* --- waybills and jobs ------------------------------------------------------------------------------------- */

static gboolean waybill_is_of_parcel(const struct looking *l, const struct row *row)
{
    const struct waybill *waybill = (const struct waybill *)(const void *)row;
    const struct parcel *parcel = parcel_find(l->memory->dossier, waybill->parcel_id);
    if (waybill->state == ST_FREE)
        return waybill->parcel_id == 0;
    if (!shipment_find(l->memory->dossier, waybill->of_shipment)) /* that was dropped */
        return waybill->state == ST_OUT || waybill->state == ST_VOID;
    return parcel && parcel->shipment_id == waybill->of_shipment && waybill->recipient_id != 0 &&
           waybill->generation >= 1 && waybill->generation <= parcel->generation &&
           (waybill->state == ST_VOID || waybill->generation == parcel->generation);
}

static gboolean papers_fit(const struct looking *l, const struct row *row)
{
    const struct waybill *waybill = (const struct waybill *)(const void *)row;
    gboolean printed = FALSE;
    for (EACH_ROW(job, job, l->memory->dossier, waybill->id))
        printed = printed || IN(job->state, ST_PRINTED, ST_ANSWERED);
    return waybill->state != ST_PRINTED || printed;
}

static gboolean job_is_single(const struct looking *l, const struct row *row)
{
    const struct job *job = (const struct job *)(const void *)row;
    if (job->waybill_id == 0)
        return job->printer_id != 0 && job->version >= 1;
    for (EACH_ROW(job, other, l->memory->dossier, job->waybill_id))
        if (other != job && other->copy == job->copy && strcmp(other->kind, job->kind) == 0)
            return FALSE;
    return job->printer_id != 0 && job->version >= 1 && (job->copy == 0 || job->reason[0]);
}

/* --- what is shared ---------------------------------------------------------------------------------------- */

static gboolean stock_is_there(const struct looking *l, const struct row *row)
{
    const struct stock *stock = (const struct stock *)(const void *)row;
    const int64_t key[] = {stock->product_id, stock->lot_id, stock->location_id, 0};
    const struct location *place = location_find(l->memory->dossier, stock->location_id);
    return stock->reserved >= 0 && stock->reserved <= stock->on_hand &&
           stock->on_hand == sums_get(l->memory->places, key) &&
           (stock->reserved == 0 || (place && strcmp(place->kind, "bin") == 0));
}

static gboolean cursor_is_in_range(const struct looking *l, const struct row *row)
{
    const struct number_range *range = (const struct number_range *)(const void *)row;
    (void)l;
    return strcmp(range->source, number_source_name(NUMBER_RANGE)) != 0 ||
           (range->next >= range->first && range->next <= range->last + 1);
}

static gboolean has_open_task(const struct looking *l, int64_t shipment_id)
{
    for (EACH_ROW(task, task, l->memory->dossier, shipment_id))
        if (task->open)
            return TRUE;
    return FALSE;
}

static gboolean batch_fits_members(const struct looking *l, const struct row *row)
{
    const struct batch *batch = (const struct batch *)(const void *)row;
    gboolean is_over = batch->state == ST_DONE; /* of a cancelled one each leaves by an event of its own (shipment-batch) */
    uint64_t slots = 0;
    for (EACH_ROW(shipment, ship, l->memory->dossier, 0)) {
        if (ship->batch_id != batch->id)
            continue;
        uint64_t slot = UINT64_C(1) << (ship->slot & 63);
        if (ship->slot < 1 || (ship->slot < 64 && (slots & slot)))
            return FALSE;
        if (is_over && (ship->state == ST_BATCHED || (ship->state == ST_PICKING && has_open_task(l, ship->id))))
            return FALSE;
        slots |= slot;
    }
    return (batch->done_at != 0) == (batch->state == ST_DONE) || batch->state != ST_RUNNING;
}

static gboolean manifest_is_single(const struct looking *l, const struct row *row)
{
    const struct manifest *manifest = (const struct manifest *)(const void *)row;
    if (manifest->state != ST_OPEN)
        return manifest->closed_at > 0;
    for (EACH_ROW(manifest, other, l->memory->dossier, 0))
        if (other != manifest && other->state == ST_OPEN && strcmp(other->courier, manifest->courier) == 0)
            return FALSE;
    return TRUE;
}

/* --- the table ------------------------------------------------------------------------------------------ */

enum { MOST = 7 };

static const struct invariant {
    const char *name;
    gboolean (*holds)(const struct looking *looking, const struct row *row);
} INVARIANTS[TABLE_COUNT][MOST] = {
    [TABLE_SHIPMENT] =
        {
            {"shipment-sums", sums_are_of_lines},
            {"shipment-state", state_is_of_parts},
            {"shipment-batch", batch_holds_it},
            {"shipment-blocks", blocks_are_single},
            {"shipment-version", versions_fit},
            {"cod-once", cod_is_paid_once},
            {"left-behind", nothing_is_left_behind},
        },
    [TABLE_LINE] =
        {
            {"line-quantities", quantities_are_in_order},
            {"line-state", line_state_fits},
            {"line-tasks", tasks_are_of_line},
            {"line-contents", contents_are_packed},
            {"line-held", picked_is_held},
        },
    [TABLE_TASK] =
        {
            {"task", task_fits},
        },
    [TABLE_TOTE_USE] =
        {
            {"tote", tote_is_at_work},
        },
    [TABLE_HELD] =
        {
            {"held", held_is_there},
        },
    [TABLE_PARCEL] =
        {
            {"parcel-waybill", parcel_has_one_waybill},
            {"parcel-contents", parcel_is_filled},
            {"parcel-number", parcel_number_is_single},
            {"parcel-manifest", parcel_leaves_by_manifest},
        },
    [TABLE_CONTENT] =
        {
            {"content", content_fits},
        },
    [TABLE_WAYBILL] =
        {
            {"waybill-parcel", waybill_is_of_parcel},
            {"waybill-papers", papers_fit},
        },
    [TABLE_JOB] =
        {
            {"job-single", job_is_single},
        },
    [TABLE_STOCK] =
        {
            {"stock", stock_is_there},
        },
    [TABLE_RANGE] =
        {
            {"range-cursor", cursor_is_in_range},
        },
    [TABLE_BATCH] =
        {
            {"batch-members", batch_fits_members},
        },
    [TABLE_MANIFEST] =
        {
            {"manifest-single", manifest_is_single},
        },
};

void invariants_row(const struct looking *looking, const struct row *row)
{
    const struct invariant *of = INVARIANTS[row->table];
    for (size_t i = 0; i < MOST && of[i].holds; i++)
        if (!of[i].holds(looking, row))
            invariants_complain(looking, of[i].name, row);
}

static void look_at_rows(const struct looking *looking, enum table_id table, int64_t parent)
{
    for (const struct row *row = row_first(looking->memory->dossier, table, parent); row; row = row_next(row))
        invariants_row(looking, row);
}

void invariants_shipment(const struct looking *looking, const struct shipment *ship)
{
    static const enum table_id OWN[] = {TABLE_LINE, TABLE_TASK, TABLE_TOTE_USE, TABLE_HELD, TABLE_PARCEL};
    invariants_row(looking, &ship->row);
    for (size_t i = 0; i < G_N_ELEMENTS(OWN); i++)
        look_at_rows(looking, OWN[i], ship->id);
    for (EACH_ROW(parcel, parcel, looking->memory->dossier, ship->id)) {
        look_at_rows(looking, TABLE_CONTENT, parcel->id);
        look_at_rows(looking, TABLE_WAYBILL, parcel->id);
        for (EACH_ROW(waybill, waybill, looking->memory->dossier, parcel->id))
            look_at_rows(looking, TABLE_JOB, waybill->id);
    }
}

/* SPDX-License-Identifier: MIT */
#include "core/flow/lent.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/id.h"
#include "core/code/courier.h"
#include "core/flow/difference.h"
#include "core/flow/progress.h"

/* More than anybody takes. */
enum { PLENTY = 1 << 30, FAR_OFF = 90000101 };

/* --- lending ------------------------------------------------------------------------------------------------ */

/* A row that is here, and as it was; or one that was not here (NULL). */
struct lent {
    struct row *row, *was;
};

/* To be filled: all but its key and its parent is nothing. */
static void *lend_row(struct lending *lending, enum table_id table, int64_t id, int64_t parent)
{
    size_t size = table_of(table)->size;
    const struct row *here = table_of(table)->keys == 1 && id != 0 ? row_find(lending->dossier, table, id) : NULL;
    struct lent lent = {.row = (struct row *)(uintptr_t)here, .was = here ? g_memdup2(here, size) : NULL};
    if (here)
        memset((char *)lent.row + sizeof *here + sizeof id, 0, size - sizeof *here - sizeof id);
    else
        lent.row = row_load(lending->dossier, table, id, parent);
    if (lent.row)
        g_array_append_val(lending->lent, lent);
    else /* one that is gone has the key */
        lent.row = row_add(lending->dossier, table, id, parent);
    row_fill_texts(lent.row);
    return lent.row;
}

/* The house's own row. */
static void *lend_known(struct lending *lending, const struct row *known)
{
    struct row *row = lend_row(lending, known->table, row_id(known), 0);
    memcpy((char *)row + sizeof *row, (const char *)known + sizeof *known, table_of(known->table)->size - sizeof *row);
    return row;
}

void lend_back(struct lending *lending)
{
    for (guint i = lending->lent->len; i > 0; i--) {
        const struct lent *lent = &g_array_index(lending->lent, struct lent, i - 1);
        if (lent->was)
            memcpy((char *)lent->row + sizeof *lent->row, (char *)lent->was + sizeof *lent->row,
                   table_of(lent->row->table)->size - sizeof *lent->row);
        else
            row_drop(lending->dossier, lent->row);
        g_free(lent->was);
    }
    g_clear_pointer(&lending->lent, g_array_unref);
}

/* --- what is told ------------------------------------------------------------------------------------------- */

/* for (EACH_TOLD(TABLE_TASK, told, lending)) ... */
#define EACH_TOLD(TABLE, told, lending)                                                                                \
    const struct told *told = next_told(lending, TABLE, NULL); told; told = next_told(lending, TABLE, told)

static const struct told *next_told(const struct lending *lending, enum table_id table, const struct told *after)
{
    for (guint i = after ? after->n + 1 : 0; i < lending->told->len; i++) {
        const struct told *told = lending->told->pdata[i];
        if (told->row->table == table)
            return told;
    }
    return NULL;
}

#define AS(tag, told) ((const struct tag *)(const void *)(told)->row)

static gboolean tells(const struct told *told, const char *column)
{
    const struct table *table = table_of(told->row->table);
    for (size_t i = 0; i < table->count; i++)
        if (strcmp(table->columns[i].name, column) == 0)
            return (told->has >> i & 1) != 0;
    g_assert_not_reached();
}

static const struct shipment *own_shipment(const struct lending *lending)
{
    return shipment_find(lending->dossier, lending->subject_id);
}

/* --- goods -------------------------------------------------------------------------------------------------- */

/* The place has more than anybody takes; so much of it is free, unless it is here already. */
static struct stock *lend_place(struct lending *lending, int64_t product_id, int64_t location_id, int64_t lot_id, int64_t free)
{
    for (EACH_ROW(stock, stock, lending->dossier, product_id))
        if (stock->location_id == location_id && stock->lot_id == lot_id)
            return (struct stock *)(uintptr_t)stock;
    struct stock *stock = lend_row(lending, TABLE_STOCK, product_id, product_id);
    stock->location_id = location_id;
    stock->lot_id = lot_id;
    stock->reserved = PLENTY;
    stock->on_hand = PLENTY + free;
    return stock;
}

/* Where it is in the order in which goods are looked for: the order in which the event came to it. */
static void lend_bin(struct lending *lending, const struct task *task)
{
    if (!location_find(lending->dossier, task->location_id)) {
        int64_t order = lending->lent->len;
        struct location *bin = lend_row(lending, TABLE_LOCATION, task->location_id, 0);
        bin->kind = "bin";
        bin->active = 1;
        bin->walk_order = order;
    }
    if (task->lot_id && !lot_find(lending->dossier, task->lot_id)) {
        int64_t order = lending->lent->len;
        ((struct lot *)lend_row(lending, TABLE_LOT, task->lot_id, 0))->expires_on = FAR_OFF + order;
    }
}

static gboolean comes_after(const struct lending *lending, const struct task *task, const struct task *other)
{
    const struct lot *lot = lot_find(lending->dossier, task->lot_id), *lot_before = lot_find(lending->dossier, other->lot_id);
    int64_t expires = lot ? lot->expires_on : 0, before = lot_before ? lot_before->expires_on : 0;
    int64_t walk = location_find(lending->dossier, task->location_id)->walk_order;
    int64_t walk_before = location_find(lending->dossier, other->location_id)->walk_order;
    return expires != before ? expires > before : walk >= walk_before;
}

/* FALSE: lots lie so that their order can't be told from this alone. */
static gboolean are_in_order(const struct lending *lending)
{
    for (EACH_TOLD(TABLE_TASK, told, lending)) {
        const struct task *task = AS(task, told), *other;
        const struct told *next = next_told(lending, TABLE_TASK, told);
        while (next && (!next->added || AS(task, next)->product_id != task->product_id))
            next = next_told(lending, TABLE_TASK, next);
        other = next && told->added ? AS(task, next) : NULL;
        if (other && !comes_after(lending, other, task))
            return FALSE;
    }
    return TRUE;
}

/* Free was what it has reserved anew; there was all that it moved. A place that had none of it yet is made by the rules. */
static gboolean lend_stock(struct lending *lending)
{
    for (EACH_TOLD(TABLE_TASK, told, lending)) {
        const struct task *task = AS(task, told);
        if (!told->added)
            continue;
        lend_bin(lending, task);
        lend_place(lending, task->product_id, task->location_id, task->lot_id, 0)->on_hand += task->quantity;
    }
    for (EACH_TOLD(TABLE_STOCK, told, lending)) {
        const struct stock *moved = AS(stock, told);
        if (!told->added)
            lend_place(lending, moved->product_id, moved->location_id, moved->lot_id, PLENTY);
    }
    return are_in_order(lending);
}

/* --- what a shipment holds ---------------------------------------------------------------------------------- */

/* Goods that nobody knows stand for those that it had before. */
enum { UNKNOWN_PRODUCT = 0 };

static void hold(struct dossier *dossier, int64_t shipment_id, const struct stock *moved)
{
    for (EACH_ROW(held, held, dossier, shipment_id))
        if (held->product_id == moved->product_id && held->lot_id == moved->lot_id && held->location_id == moved->location_id) {
            ((struct held *)(uintptr_t)held)->quantity += moved->on_hand;
            return;
        }
    struct held *held = (struct held *)(void *)row_load(dossier, TABLE_HELD, shipment_id, shipment_id);
    held->product_id = moved->product_id;
    held->lot_id = moved->lot_id;
    held->location_id = moved->location_id;
    held->quantity = moved->on_hand;
}

/* Goods come from where it was to be walked for them; everywhere else they are in its totes and at benches. */
static gboolean is_walked_to(const struct dossier *dossier, int64_t shipment_id, const struct stock *moved)
{
    for (EACH_ROW(task, task, dossier, shipment_id))
        if (task->location_id == moved->location_id)
            return TRUE;
    return FALSE;
}

void lent_hold(struct dossier *dossier, int64_t shipment_id, int64_t key, const GPtrArray *told)
{
    for (guint i = 0; i < told->len; i++) {
        const struct told *one = told->pdata[i];
        const struct stock *moved = one->row->table == TABLE_STOCK ? AS(stock, one) : NULL;
        if (moved && moved->on_hand != 0 && !is_walked_to(dossier, shipment_id, moved))
            hold(dossier, shipment_id, moved);
        else if (one->row->table == TABLE_SHIPMENT && one->added && key != shipment_id)
            hold(dossier, shipment_id, &(const struct stock){.product_id = UNKNOWN_PRODUCT});
    }
}

static gboolean lend_held(struct lending *lending)
{
    for (EACH_ROW(held, held, lending->dossier, lending->subject_id)) {
        if (held->product_id == UNKNOWN_PRODUCT)
            return FALSE;
        if (held->location_id != lending->house->bench_id && !location_find(lending->dossier, held->location_id))
            ((struct location *)lend_row(lending, TABLE_LOCATION, held->location_id, 0))->kind = "tote";
    }
    return TRUE;
}

/* Somebody else's by now, or then. */
static gboolean lend_tote(struct lending *lending)
{
    const struct tote_use *use = tote_use_find(lending->dossier, lending->ev->tote_id);
    if (use && use->shipment_id != lending->subject_id)
        row_remove(lending->dossier, &use->row);
    return TRUE;
}

/* --- batches, runs, printing --------------------------------------------------------------------------------- */

/* Others of it are left to be picked, so that it neither begins nor ends by this. What left it while it was not picked to the
 * end left one that was cancelled. */
static gboolean lend_batch(struct lending *lending)
{
    const struct shipment *ship = own_shipment(lending);
    const struct told *told = next_told(lending, TABLE_SHIPMENT, NULL);
    int64_t id = !ship ? 0 : ship->batch_id ? ship->batch_id : lending->ev->batch_id;
    const struct batch *known = batch_find(lending->known, id);
    if (id == 0 || !told)
        return TRUE;
    struct batch *batch = lend_row(lending, TABLE_BATCH, id, 0);
    const struct shipment *then = AS(shipment, told);
    batch->state = tells(told, "batch_id") && then->batch_id == 0 ? ST_CANCELLED : ST_RUNNING;
    batch->courier = known ? known->courier : "";
    batch->person_id = tells(told, "person_id") ? then->person_id : ship->person_id;
    batch->last_slot = then->slot - 1;
    batch->others_left = 1;
    return TRUE;
}

/* The first of its papers that is new took the next number of its run, unless it is a slip: that has its label's. */
static gboolean lend_run(struct lending *lending)
{
    for (EACH_TOLD(TABLE_JOB, told, lending)) {
        const struct job *job = AS(job, told);
        if (!told->added || job->run_id == 0)
            continue;
        struct run *run = lend_row(lending, TABLE_RUN, job->run_id, 0);
        run->state = ST_RUNNING;
        run->labels = strcmp(job->kind, "waybill") == 0 ? job->run_sequence - 1 : job->run_sequence;
        break;
    }
    return TRUE;
}

static void lend_printer(struct lending *lending, int64_t printer_id)
{
    if (printer_id && !printer_find(lending->dossier, printer_id))
        ((struct printer *)lend_row(lending, TABLE_PRINTER, printer_id, 0))->active = 1;
}

/* The printers it has sent something to; and whose run is over by now, its job says by leaving it. The copy of a document is a
 * subject of its own: to where it went is not the document's affair. */
static gboolean lend_printers(struct lending *lending)
{
    const struct job *own = job_find(lending->dossier, lending->ev->job_id);
    for (EACH_TOLD(TABLE_JOB, told, lending)) {
        const struct job *then = AS(job, told), *job = job_find(lending->dossier, then->id);
        gboolean queued = then->state == ST_QUEUED || (job && !tells(told, "state") && job->state == ST_QUEUED);
        if (job)
            ((struct job *)(uintptr_t)job)->run_is_off = tells(told, "run_id") && then->run_id == 0;
        if (queued)
            lend_printer(lending, tells(told, "printer_id") || !job ? then->printer_id : job->printer_id);
    }
    if (own && own->shipment_id == 0 && !printer_first(lending->dossier, 0))
        lend_printer(lending, own->printer_id);
    return TRUE;
}

static gboolean lend_submission(struct lending *lending)
{
    const struct job *job = job_find(lending->dossier, lending->ev->job_id);
    if (!job || lending->ev->submission_id == 0)
        return TRUE;
    struct submission *submission = lend_row(lending, TABLE_SUBMISSION, lending->ev->submission_id, 0);
    submission->state = ST_SUBMITTING;
    submission->printer_id = job->printer_id;
    return TRUE;
}

static gboolean lend_manifest(struct lending *lending)
{
    const struct manifest *known = manifest_find(lending->known, lending->ev->manifest_id);
    if (known)
        ((struct manifest *)lend_known(lending, &known->row))->state = ST_OPEN;
    return TRUE;
}

/* --- numbers ------------------------------------------------------------------------------------------------- */

/* The shipment's new one. */
static const struct waybill *number_taken(const struct lending *lending)
{
    for (EACH_TOLD(TABLE_WAYBILL, told, lending))
        if (told->added)
            return AS(waybill, told);
    return NULL;
}

/* A number that an order had brought before the range came to it. */
static void lend_others_number(struct lending *lending, const struct number_range *range, int64_t serial)
{
    const struct courier *courier = couriers_get(lending->house->couriers, range->courier);
    g_autofree char *number = courier ? courier_make_number(courier, range->prefix, (int)range->width, serial, NULL) : NULL;
    if (!number || waybill_numbered(lending->dossier, range->courier, number) ||
        waybill_find(lending->dossier, -1 - serial))
        return;
    struct waybill *other = lend_row(lending, TABLE_WAYBILL, -1 - serial, 0);
    other->courier = range->courier;
    other->number = dossier_text(lending->dossier, number);
    other->state = ST_ASSIGNED;
}

/* It went on as far as it is told, to the number or past its end. */
static void lend_range(struct lending *lending, const struct number_range *moved, const struct waybill *taken)
{
    enum { MOST = 10000 };
    const struct number_range *known = number_range_find(lending->known, moved->id);
    if (!known)
        return;
    struct number_range *range = lend_known(lending, &known->row);
    int64_t to = taken->range_id == moved->id ? taken->serial + 1 : range->last + 1;
    range->next = to - CLAMP(moved->next, 1, MOST);
    range->looked_to = INT64_MAX;
    for (int64_t serial = range->next; serial < to; serial++)
        if (taken->range_id != moved->id || serial != taken->serial)
            lend_others_number(lending, range, serial);
}

/* It was there, and nobody's. */
static void lend_free(struct lending *lending, const struct waybill *taken)
{
    struct waybill *free = lend_row(lending, TABLE_WAYBILL, taken->id, 0);
    free->courier = taken->courier;
    free->service = taken->service;
    free->kind = taken->kind;
    free->source = taken->source;
    free->number = taken->number;
    free->range_id = taken->range_id;
    free->serial = taken->serial;
    free->state = ST_FREE;
}

static gboolean is_made_by(const struct lending *lending, int64_t id)
{
    for (unsigned n = 0; n < lending->told->len + 8; n++)
        if (id_part(lending->ev->key, n) == id)
            return TRUE;
    return FALSE;
}

static gboolean lend_number(struct lending *lending)
{
    const struct waybill *taken = number_taken(lending);
    const struct number_range *list = taken ? number_range_find(lending->known, taken->range_id) : NULL;
    struct shipment *ship = (struct shipment *)(uintptr_t)own_shipment(lending);
    if (!taken || !ship)
        return TRUE;
    for (EACH_TOLD(TABLE_RANGE, told, lending))
        lend_range(lending, AS(number_range, told), taken);
    if (list && strcmp(list->source, number_source_name(NUMBER_LIST)) == 0)
        lend_known(lending, &list->row);
    ship->order_number = taken->range_id ? "" : taken->number; /* that came with the order */
    if (!is_made_by(lending, taken->id) && !waybill_find(lending->dossier, taken->id))
        lend_free(lending, taken);
    return TRUE;
}

/* The counter that gave what the event makes its number. */
static gboolean lend_counter(struct lending *lending)
{
    const struct told *counted = next_told(lending, TABLE_COUNTER, NULL);
    const char *number = "";
    for (EACH_TOLD(TABLE_BATCH, told, lending))
        number = AS(batch, told)->number;
    for (EACH_TOLD(TABLE_MANIFEST, told, lending))
        number = AS(manifest, told)->number;
    for (EACH_TOLD(TABLE_RUN, told, lending))
        number = AS(run, told)->number;
    if (!counted || counted->added || !number[0])
        return TRUE;
    struct counter *counter = lend_row(lending, TABLE_COUNTER, 0, 0);
    counter->name = AS(counter, counted)->name;
    counter->value = strtoll(number + 1, NULL, 10) - AS(counter, counted)->value;
    return TRUE;
}

/* --- what was said ------------------------------------------------------------------------------------------- */

static struct wanted *lend_wanted_row(struct lending *lending, int64_t order_id)
{
    return lend_row(lending, TABLE_WANTED, order_id, order_id);
}

/* What the order was to ship: the lines that it got, and whether that was all, by the blocks. */
static gboolean lend_wanted(struct lending *lending)
{
    const struct shipment *ship = own_shipment(lending);
    int64_t order_id = ship ? ship->order_id : lending->ev->order_id;
    gboolean is_open = ship && progress_blocks(lending->dossier, ship->id) & (BLOCK_UNMAPPED | BLOCK_MISSING);
    gboolean mapped = !is_open || next_told(lending, TABLE_BLOCK, NULL);
    for (EACH_TOLD(TABLE_LINE, told, lending)) {
        struct wanted *wanted = lend_wanted_row(lending, order_id);
        wanted->order_line_id = AS(line, told)->order_line_id;
        wanted->product_id = AS(line, told)->product_id;
        wanted->quantity = AS(line, told)->quantity;
        wanted->mapped = 1;
    }
    for (EACH_TOLD(TABLE_BLOCK, told, lending))
        mapped = mapped && !(told->added && flow_block_parse(AS(block_row, told)->kind) == BLOCK_UNMAPPED);
    if (!mapped)
        lend_wanted_row(lending, order_id);
    return TRUE;
}

static gboolean lend_recipient(struct lending *lending)
{
    const struct shipment *ship = own_shipment(lending);
    const struct recipient *known = ship ? recipient_find(lending->known, ship->recipient_id) : NULL;
    if (known)
        lend_known(lending, &known->row);
    return known != NULL;
}

/* --- all of it ------------------------------------------------------------------------------------------------ */

/* The parts of a dossier, and who lends them; NULL: rules get on without. FALSE: it can't be had. */
static const struct {
    unsigned part;
    gboolean (*lend)(struct lending *lending);
} LENDERS[] = {
    {NEED_STOCK | NEED_OWN_STOCK, lend_stock},
    {NEED_HELD, lend_held},
    {NEED_TOTES, lend_tote},
    {NEED_BATCH, lend_batch},
    {NEED_RUN, lend_run},
    {NEED_PRINTERS, lend_printers},
    {NEED_SUBMISSION, lend_submission},
    {NEED_HANDOVER, lend_manifest},
    {NEED_NUMBERS, lend_number},
    {NEED_COUNTER, lend_counter},
    {NEED_WANTED, lend_wanted},
    {NEED_RECIPIENT, lend_recipient},
    {NEED_MANIFEST, NULL}, /* it was the courier's only one */
    {NEED_MEMBERS, NULL},  /* what follows for them is judged by itself */
    {NEED_WAYBILL, NULL},  /* its own, or it is refused */
};

unsigned lend(struct lending *lending, unsigned parts)
{
    unsigned there = 0;
    lending->lent = g_array_new(FALSE, FALSE, sizeof(struct lent));
    for (size_t i = 0; i < G_N_ELEMENTS(LENDERS); i++)
        if ((LENDERS[i].part & parts) && (!LENDERS[i].lend || LENDERS[i].lend(lending)))
            there |= LENDERS[i].part;
    return there;
}

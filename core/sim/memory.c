/* SPDX-License-Identifier: MIT */
#include "core/sim/memory.h"

#include <string.h>

#include "core/base/clean.h"
#include "core/base/error.h"
#include "core/code/courier.h"

/* 2026-03-02 09:00 in Taipei. */
#define FIRST_MORNING INT64_C(1772413200000)

static int64_t standing_clock(const struct clock *clock)
{
    return ((const struct memory_clock *)(const void *)clock)->now_utc_ms;
}

static int64_t next_id(struct memory *memory)
{
    return id_next(&memory->ids);
}

/* A row that was said, which is not filled yet, or says something else: told to the tape before the next event. */
struct said {
    const struct row *row;
    int64_t of;
};

static void say(struct memory *memory, const void *row, int64_t of)
{
    const struct said said = {row, of};
    if (memory->tape)
        g_array_append_val(memory->said, said);
}

static void tell_tape(struct memory *memory)
{
    for (guint i = 0; i < memory->said->len; i++) {
        const struct said *said = &g_array_index(memory->said, struct said, i);
        tape_said(memory->tape, memory->clock.now_utc_ms, said->row, said->of);
    }
    g_array_set_size(memory->said, 0);
}

/* A fact, or a row that was there before. */
static void *put(struct memory *memory, enum table_id table, int64_t id, int64_t parent)
{
    struct row *row = row_load(memory->dossier, table, id, parent);
    row_fill_texts(row);
    say(memory, row, parent);
    return row;
}

static const char *text(struct memory *memory, const char *given)
{
    return dossier_text(memory->dossier, given);
}

/* --- the house ------------------------------------------------------------------------------------------ */

static void first_rows(struct memory *memory)
{
    memory->house.supplier_id = memory_place(memory, "supplier", "SUPPLIER", 0);
    memory->house.customer_id = memory_place(memory, "customer", "CUSTOMER", 0);
    memory->house.loss_id = memory_place(memory, "loss", "LOSS", 0);
    memory->house.bench_id = memory_place(memory, "bench", "PACK", 0);
    for (enum role role = ROLE_PICKER; role < ROLE_COUNT; role++)
        memory->as[role].person_id = memory_person(memory, role, role_name(role));
}

struct memory *memory_new_taped(struct tape *tape, GError **error)
{
    struct courier_list *couriers = couriers_load(NULL, error);
    if (!couriers)
        return NULL;
    struct memory *memory = g_new0(struct memory, 1);
    memory->couriers = couriers;
    memory->tape = tape;
    memory->said = g_array_new(FALSE, FALSE, sizeof(struct said));
    memory->clock = (struct memory_clock){{standing_clock}, FIRST_MORNING};
    id_source_init(&memory->ids, &memory->clock.clock, ID_WRITERS - 1); /* no slot that a program would take */
    memory->dossier = dossier_new();
    dossier_add_parts(memory->dossier, ~0u);
    memory->places = sums_new();
    memory->held = sums_new();
    memory->gone = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    memory->fired = g_array_new(FALSE, FALSE, sizeof(struct fired));
    memory->follows = g_array_new(FALSE, FALSE, sizeof(struct event));
    memory->house.zone = g_time_zone_new_identifier("Asia/Taipei");
    memory->house.couriers = couriers;
    memory->house.settings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    first_rows(memory);
    return memory;
}

struct memory *memory_new(GError **error)
{
    return memory_new_taped(NULL, error);
}

void memory_free(struct memory *memory)
{
    if (!memory)
        return;
    dossier_free(memory->dossier);
    couriers_free(memory->couriers);
    sums_free(memory->places);
    sums_free(memory->held);
    g_hash_table_unref(memory->gone);
    g_array_unref(memory->fired);
    g_array_unref(memory->follows);
    g_array_unref(memory->said);
    g_time_zone_unref(memory->house.zone);
    g_hash_table_unref(memory->house.settings);
    g_free(memory);
}

int64_t memory_person(struct memory *memory, enum role role, const char *name)
{
    struct person *person = put(memory, TABLE_PERSON, next_id(memory), 0);
    person->name = text(memory, name);
    person->role = role_name(role);
    return person->id;
}

int64_t memory_place(struct memory *memory, const char *kind, const char *code, int64_t walk_order)
{
    struct location *place = put(memory, TABLE_LOCATION, next_id(memory), 0);
    place->kind = text(memory, kind);
    place->code = text(memory, code);
    place->walk_order = walk_order;
    place->active = 1;
    return place->id;
}

int64_t memory_printer(struct memory *memory, int64_t backup_id)
{
    struct printer *printer = put(memory, TABLE_PRINTER, next_id(memory), 0);
    g_autofree char *name = g_strdup_printf("%" G_GINT64_FORMAT, printer->id);
    printer->backup_id = backup_id;
    printer->active = 1;
    printer->host = "";
    printer->uri = text(memory, name);
    return printer->id;
}

int64_t memory_station(struct memory *memory, int64_t printer_id, int64_t backup_printer_id)
{
    struct station *station = put(memory, TABLE_STATION, next_id(memory), 0);
    station->printer_id = printer_id;
    station->backup_printer_id = backup_printer_id;
    return station->id;
}

int64_t memory_product(struct memory *memory, const char *sku, gboolean has_lots)
{
    struct product *product = put(memory, TABLE_PRODUCT, next_id(memory), 0);
    product->sku = text(memory, sku);
    product->has_lots = has_lots;
    return product->id;
}

int64_t memory_lot(struct memory *memory, int64_t product_id, const char *code, int64_t expires_on)
{
    struct lot *lot = put(memory, TABLE_LOT, next_id(memory), product_id); /* that it is of one only the tape knows */
    lot->code = text(memory, code);
    lot->expires_on = expires_on;
    return lot->id;
}

int64_t memory_recipient(struct memory *memory, const char *name, const char *postcode, const char *store_code)
{
    struct recipient *recipient = put(memory, TABLE_RECIPIENT, next_id(memory), 0);
    recipient->name = text(memory, name);
    recipient->postcode = text(memory, postcode);
    recipient->address = "臺灣大道三段1號";
    recipient->store_code = text(memory, store_code);
    return recipient->id;
}

void memory_set(struct memory *memory, const char *setting, const char *value)
{
    g_hash_table_replace(memory->house.settings, g_strdup(setting), g_strdup(value));
    if (!memory->tape)
        return;
    tell_tape(memory);
    tape_setting(memory->tape, memory->clock.now_utc_ms, text(memory, setting), text(memory, value));
}

/* --- numbers -------------------------------------------------------------------------------------------- */

static struct number_range *put_range(struct memory *memory, const char *courier, const char *kind,
                                      enum number_source source)
{
    struct number_range *range = put(memory, TABLE_RANGE, next_id(memory), 0);
    range->courier = text(memory, courier);
    range->kind = text(memory, kind);
    range->source = number_source_name(source);
    range->looked_to = G_MAXINT64; /* every number that exists is here */
    return range;
}

int64_t memory_range(struct memory *memory, const char *courier, const char *prefix, int64_t width, int64_t first,
                     int64_t last)
{
    struct number_range *range = put_range(memory, courier, "any", NUMBER_RANGE);
    range->prefix = text(memory, prefix);
    range->width = width;
    range->first = range->next = first;
    range->last = last;
    return range->id;
}

int64_t memory_list(struct memory *memory, const char *courier, const char *kind)
{
    return put_range(memory, courier, kind, NUMBER_LIST)->id;
}

void memory_number(struct memory *memory, int64_t list_id, const char *number)
{
    const struct number_range *list = number_range_find(memory->dossier, list_id);
    struct waybill *waybill = put(memory, TABLE_WAYBILL, next_id(memory), 0);
    waybill->courier = list->courier;
    waybill->kind = list->kind;
    waybill->source = list->source;
    waybill->range_id = list_id;
    waybill->number = text(memory, number);
    waybill->state = ST_FREE;
}

/* --- orders --------------------------------------------------------------------------------------------- */

static void put_item(struct memory *memory, int64_t order_id, const struct memory_item *item)
{
    struct wanted *wanted = put(memory, TABLE_WANTED, 0, order_id);
    wanted->order_line_id = next_id(memory);
    wanted->product_id = item->unmapped ? 0 : item->product_id;
    wanted->quantity = item->quantity;
    wanted->mapped = !item->unmapped;
}

struct event memory_birth(struct memory *memory, const struct memory_order *order)
{
    struct event event = {.kind = EV_SHIPMENT_MAKE, .actor = memory->as[ROLE_SYSTEM], .order_id = next_id(memory),
                          .recipient_id = order->recipient_id, .courier = order->courier, .service = order->service,
                          .currency = "TWD", .cod_minor = order->cod_minor, .cut_off_at = order->cut_off_at,
                          .block = (enum block)order->blocks};
    for (size_t i = 0; i < order->count; i++)
        put_item(memory, event.order_id, &order->items[i]);
    return event;
}

void memory_call(struct memory *memory, int64_t shipment_id, const struct memory_order *order)
{
    struct shipment *ship = (struct shipment *)(uintptr_t)shipment_find(memory->dossier, shipment_id);
    ship->order = text(memory, order->order);
    ship->order_number = text(memory, order->number);
    say(memory, ship, 0);
}

int64_t memory_order(struct memory *memory, const struct memory_order *order)
{
    struct outcome made = memory_apply(memory, memory_birth(memory, order));
    g_assert(made.verdict == VERDICT_DONE);
    memory_call(memory, made.subject_id, order);
    return made.subject_id;
}

void memory_bring(struct memory *memory, int64_t shipment_id, const char *number)
{
    struct shipment *ship = (struct shipment *)(uintptr_t)shipment_find(memory->dossier, shipment_id);
    ship->order_number = text(memory, number);
    say(memory, ship, 0);
}

void memory_power(struct memory *memory, int64_t printer_id, gboolean active)
{
    struct printer *printer = (struct printer *)(uintptr_t)printer_find(memory->dossier, printer_id);
    if (printer->active == active)
        return;
    printer->active = active;
    say(memory, printer, 0);
}

void memory_map(struct memory *memory, int64_t shipment_id, int64_t product_id)
{
    const struct shipment *ship = shipment_find(memory->dossier, shipment_id);
    for (EACH_ROW(wanted, each, memory->dossier, ship->order_id)) {
        struct wanted *wanted = (struct wanted *)(uintptr_t)each;
        if (wanted->mapped)
            continue;
        wanted->product_id = product_id;
        wanted->mapped = 1;
        say(memory, wanted, wanted->order_id);
    }
}

/* A number is never given again: it is remembered, and its row comes back when an order brings it once more. Not so of an
 * order's own number: its range may still come to it and has to find it. */
static void drop_waybills(struct memory *memory, int64_t parcel_id)
{
    gboolean keeps = FALSE;
    for (EACH_ROW(waybill, waybill, memory->dossier, parcel_id)) {
        const struct courier *courier = couriers_get(memory->couriers, waybill->courier);
        keeps = keeps || (waybill->range_id == 0 && courier->source == NUMBER_RANGE);
    }
    if (keeps)
        return;
    for (EACH_ROW(waybill, waybill, memory->dossier, parcel_id))
        g_hash_table_insert(memory->gone, g_strdup_printf("%s %s", waybill->courier, waybill->number),
                            g_memdup2(&waybill->of_shipment, sizeof waybill->of_shipment));
    rows_drop(memory->dossier, TABLE_WAYBILL, parcel_id);
}

static void bring_back(struct memory *memory, const struct shipment *ship)
{
    const struct courier *courier = couriers_get(memory->couriers, ship->courier);
    g_autofree char *number = courier ? courier_bare_number(courier, ship->order_number) : NULL;
    g_autofree char *key = g_strdup_printf("%s %s", ship->courier, number ? number : "");
    const int64_t *of = g_hash_table_lookup(memory->gone, key);
    if (!of)
        return;
    struct waybill *waybill = put(memory, TABLE_WAYBILL, next_id(memory), -1);
    waybill->courier = courier->code;
    waybill->number = text(memory, number);
    waybill->source = number_source_name(NUMBER_RANGE);
    waybill->range_id = -1;
    waybill->state = ST_OUT;
    waybill->of_shipment = *of;
    g_hash_table_remove(memory->gone, key);
}

void memory_drop(struct memory *memory, int64_t shipment_id)
{
    static const enum table_id OWN[] = {TABLE_LINE, TABLE_TASK, TABLE_TOTE_USE, TABLE_BLOCK, TABLE_HELD};
    struct dossier *dossier = memory->dossier;
    const struct shipment *ship = shipment_find(dossier, shipment_id);
    for (EACH_ROW(parcel, parcel, dossier, shipment_id)) {
        for (EACH_ROW(waybill, waybill, dossier, parcel->id))
            rows_drop(dossier, TABLE_JOB, waybill->id);
        drop_waybills(memory, parcel->id);
        rows_drop(dossier, TABLE_CONTENT, parcel->id);
    }
    rows_drop(dossier, TABLE_PARCEL, shipment_id);
    for (size_t i = 0; i < G_N_ELEMENTS(OWN); i++)
        rows_drop(dossier, OWN[i], shipment_id);
    rows_drop(dossier, TABLE_WANTED, ship->order_id);
    row_drop(dossier, &ship->row);
}

/* --- what a load would know besides ------------------------------------------------------------------------ */

static void note_line(struct memory *memory, struct row *row)
{
    struct line *line = (struct line *)(void *)row;
    const struct product *product = product_find(memory->dossier, line->product_id);
    line->sku = product->sku;
    line->has_lots = product->has_lots;
}

static void note_batch(struct memory *memory, struct row *row)
{
    struct batch *batch = (struct batch *)(void *)row;
    const struct person *person = batch->person_id ? person_find(memory->dossier, batch->person_id) : NULL;
    batch->person = person ? person->name : "";
}

static void note_job(struct memory *memory, struct row *row)
{
    struct job *job = (struct job *)(void *)row;
    const struct batch *batch = job->batch_id ? batch_find(memory->dossier, job->batch_id) : NULL;
    const struct manifest *manifest = job->manifest_id ? manifest_find(memory->dossier, job->manifest_id) : NULL;
    const struct run *run = job->run_id ? run_find(memory->dossier, job->run_id) : NULL;
    if (!job->about || !job->about[0])
        job->about = batch ? batch->number : manifest ? manifest->number : "";
    job->run_is_off = run && run->state == ST_CANCELLED;
}

/* The last of those that have one now. */
static void note_slots(struct memory *memory, int64_t batch_id)
{
    struct batch *batch = (struct batch *)(uintptr_t)batch_find(memory->dossier, batch_id);
    int64_t last = 0;
    for (EACH_ROW(shipment, ship, memory->dossier, 0))
        last = ship->batch_id == batch_id ? MAX(last, ship->slot) : last;
    if (batch)
        batch->last_slot = last;
}

static void (*const NOTES[TABLE_COUNT])(struct memory *memory, struct row *row) = {
    [TABLE_LINE] = note_line,
    [TABLE_BATCH] = note_batch,
    [TABLE_JOB] = note_job,
};

struct run_jobs {
    struct memory *memory;
    int64_t run_id;
};

static gboolean note_job_of_run(const struct row *row, const void *data)
{
    const struct run_jobs *of = data;
    if (((const struct job *)(const void *)row)->run_id == of->run_id)
        note_job(of->memory, row_edit(of->memory->dossier, row));
    return FALSE;
}

static void note(struct memory *memory, const struct event *ev)
{
    const GPtrArray *touched = dossier_touched(memory->dossier);
    for (guint i = 0; i < touched->len; i++) {
        struct row *row = touched->pdata[i];
        if (NOTES[row->table])
            NOTES[row->table](memory, row);
    }
    const struct run_jobs of = {memory, ev->run_id};
    if (ev->kind == EV_RUN_CANCEL)
        row_search(memory->dossier, TABLE_JOB, note_job_of_run, &of);
}

/* --- what lies where ------------------------------------------------------------------------------------ */

gboolean memory_is_outside(const struct memory *memory, int64_t location_id)
{
    const struct house *house = &memory->house;
    return location_id == house->supplier_id || location_id == house->customer_id || location_id == house->loss_id;
}

const struct stock *memory_stock(const struct memory *memory, int64_t product_id, int64_t location_id, int64_t lot_id)
{
    for (EACH_ROW(stock, stock, memory->dossier, product_id))
        if (stock->location_id == location_id && stock->lot_id == lot_id)
            return stock;
    return NULL;
}

static void count_end(struct memory *memory, const struct goods_move *move, int64_t location_id, int64_t change)
{
    const struct location *place = location_find(memory->dossier, location_id);
    if (memory_is_outside(memory, location_id))
        return;
    sums_add(memory->places, (const int64_t[]){move->product_id, move->lot_id, location_id, 0}, change);
    if (move->shipment_id && place && strcmp(place->kind, "bin") != 0)
        sums_add(memory->held, (const int64_t[]){move->shipment_id, move->product_id, move->lot_id, location_id}, change);
}

/* times -1: they are taken back. */
static void count_move(struct memory *memory, const struct goods_move *move, int64_t times)
{
    count_end(memory, move, move->from_id, -times * move->quantity);
    count_end(memory, move, move->to_id, times * move->quantity);
}

/* --- events --------------------------------------------------------------------------------------------- */

/* Whoever asks for the last act in vain is told. */
static gboolean judge(struct memory *memory, struct decision *d, GError **refusal)
{
    const struct decision fresh = *d;
    if (decision_judge(d, refusal))
        return TRUE;
    dossier_undo(memory->dossier);
    g_assert((d->missing & ~(unsigned)NEED_LAST_ACT) == 0);
    if (d->missing == 0)
        return FALSE;
    const struct shipment *ship = d->ship;
    g_clear_error(refusal);
    g_array_set_size(memory->fired, 0);
    g_array_set_size(memory->follows, 0);
    *d = fresh;
    d->last_act = ship ? flow_state_label(ship->state) : "";
    gboolean done = decision_judge(d, refusal);
    if (!done)
        dossier_undo(memory->dossier);
    return done;
}

static void settle(struct memory *memory, struct decision *d)
{
    guint count;
    if (memory->spoil)
        memory->spoil(memory, d);
    g_ptr_array_unref(dossier_bump(memory->dossier, flow_event_machine(d->ev->kind) != MACHINE_JOB));
    note(memory, d->ev);
    const struct goods_move *moves = dossier_moves(memory->dossier, &count);
    for (guint i = 0; i < count; i++)
        count_move(memory, &moves[i], 1);
    if (memory->tape)
        g_array_append_vals(memory->tape->moves, moves, count);
    if (memory->look)
        memory->look(memory, d, memory->look_data);
    dossier_keep(memory->dossier);
}

/* They come by themselves wherever the event is played, and none of theirs follows. */
static void apply_follows(struct memory *memory)
{
    g_autoptr(GArray) follows = g_array_copy(memory->follows);
    memory->is_following = TRUE;
    for (guint i = 0; i < follows->len; i++)
        memory_apply(memory, g_array_index(follows, struct event, i));
    memory->is_following = FALSE;
}

struct outcome memory_apply(struct memory *memory, struct event event)
{
    g_autoptr(GError) refusal = NULL;
    const struct shipment *ship = event.shipment_id ? shipment_find(memory->dossier, event.shipment_id) : NULL;
    event.key = event.key ? event.key : id_next_key(&memory->ids);
    if (memory->tape)
        tell_tape(memory);
    if (ship && ship->order_number[0] && g_hash_table_size(memory->gone))
        bring_back(memory, ship);
    if (event.kind == EV_BATCH)
        note_slots(memory, event.batch_id);
    g_array_set_size(memory->fired, 0);
    g_array_set_size(memory->follows, 0);
    struct decision d = {.house = &memory->house, .dossier = memory->dossier, .ev = &event,
                         .now = memory->clock.now_utc_ms, .fired = memory->fired, .follows = memory->follows};
    gboolean done = judge(memory, &d, &refusal);
    if (done)
        settle(memory, &d);
    if (!memory->is_marked) /* what a refusal had in hand as well */
        dossier_stored(memory->dossier);
    struct outcome outcome = {.verdict = done ? VERDICT_DONE
                                         : err_code(refusal) == ERR_FLOW_CONFLICT ? VERDICT_CONFLICT : VERDICT_REFUSED,
                              .code = err_code(refusal), .shipment_id = d.ship ? d.ship->id : 0,
                              .subject_id = done || d.made_id ? d.made_id : decision_asked_id(&d),
                              .state = done ? d.to : d.from};
    if (refusal)
        clean_copy(outcome.text, sizeof outcome.text, refusal->message);
    if (memory->tape && memory->is_following)
        memory->tape->followed++;
    else if (memory->tape)
        tape_event(memory->tape, memory->clock.now_utc_ms, &event, &outcome);
    if (done && !memory->is_following)
        apply_follows(memory);
    return outcome;
}

struct memory_mark memory_mark(struct memory *memory)
{
    memory->is_marked = TRUE;
    return (struct memory_mark){dossier_mark(memory->dossier), memory->ids, memory->clock.now_utc_ms};
}

void memory_back(struct memory *memory, const struct memory_mark *mark)
{
    const GArray *moves = dossier_all_moves(memory->dossier);
    for (guint i = moves->len; i > mark->dossier.moves; i--)
        count_move(memory, &g_array_index(moves, struct goods_move, i - 1), -1);
    dossier_back(memory->dossier, &mark->dossier);
    memory->ids = mark->ids;
    memory->clock.now_utc_ms = mark->now_utc_ms;
}

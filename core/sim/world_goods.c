/* SPDX-License-Identifier: MIT
 *
 * What comes into the world from outside: orders and what the shop changes of them, goods, numbers, and what managers set.
 */
#include <string.h>

#include "core/code/courier.h"
#include "core/sim/world_inner.h"

#define S(state) (UINT64_C(1) << ST_##state)
#define ANY_OPEN (S(NEW) | S(READY) | S(BATCHED) | S(PICKING) | S(PICKED) | S(PACKING) | S(PACKED) | S(LABELLED))

enum { DOLLAR = 100 };

/* --- the first day --------------------------------------------------------------------------------------- */

static int64_t new_lot(struct world *world, struct chance *chance, struct product_of *product)
{
    static const int DAYS[] = {1, 1, 2, 30, 90, 200};
    int days = DAYS[chance_below(chance, G_N_ELEMENTS(DAYS))];
    int64_t at = world->memory->clock.now_utc_ms + days * INT64_C(86400000);
    g_autofree char *code = g_strdup_printf("LOT-%" G_GINT64_FORMAT, ++world->next_lot);
    int64_t lot = memory_lot(world->memory, product->id, code, clock_civil_date(world->memory->house.zone, at));
    product->lots[chance_below(chance, G_N_ELEMENTS(product->lots))] = lot;
    return lot;
}

static void open_product(struct world *world, int n, const int64_t *bins, int64_t count)
{
    struct product_of *product = &world->products[n];
    g_autofree char *sku = g_strdup_printf("SKU-%02d", n + 1);
    gboolean has_lots = n % 4 == 0;
    product->id = memory_product(world->memory, sku, has_lots);
    product->keep = n % 5 == 1 ? 6 : 120; /* some are always nearly gone */
    for (size_t i = 0; i < G_N_ELEMENTS(product->bins); i++)
        product->bins[i] = bins[chance_below(&world->chance, count)];
    for (size_t i = 0; has_lots && i < G_N_ELEMENTS(product->lots); i++)
        product->lots[i] = new_lot(world, &world->chance, product);
}

static void open_goods(struct world *world)
{
    enum { BINS = 30 };
    int64_t bins[BINS];
    for (int i = 0; i < BINS; i++) {
        g_autofree char *code = g_strdup_printf("A-%02d", i + 1);
        bins[i] = memory_place(world->memory, "bin", code, i + 1);
    }
    for (int i = 0; i < TOTES; i++) {
        g_autofree char *code = g_strdup_printf("T-%02d", i + 1);
        world->totes[i] = memory_place(world->memory, "tote", code, 0);
    }
    for (int i = 0; i < PRODUCTS; i++)
        open_product(world, i, bins, BINS);
}

/* A range a new serial of which was never given. */
static int64_t open_range(struct world *world, const char *courier, int64_t first, int64_t count)
{
    return memory_range(world->memory, courier, "", 0, first, first + count - 1);
}

void world_open(struct world *world)
{
    open_goods(world);
    for (int i = 0; i < RECIPIENTS; i++)
        world->recipients[i] = memory_recipient(world->memory, "王", i % 8 == 7 ? "" : "407", i % 2 ? "S0001" : "");
    for (int i = 0; i < PRINTERS; i++)
        world->printers[i] = memory_printer(world->memory, i ? world->printers[i - 1] : 0);
    world->next_number = 1000000;
    memory_range(world->memory, "post", "AB", 8, 1, 99999999);
    world->hct_range = open_range(world, "hct", 100000000, 100000000);
    world->kerry_range = open_range(world, "kerry", 10000000000, 300);
    world->tcat_list = memory_list(world->memory, "tcat", "ordinary");
    world->tcat_cod_list = memory_list(world->memory, "tcat", "cod");
}

/* --- orders --------------------------------------------------------------------------------------------- */

/* What a courier's numbers look like where they come with the order. */
static char *own_number(struct world *world, const char *courier)
{
    int64_t n = world->next_number++;
    if (strcmp(courier, "sf") == 0)
        return g_strdup_printf("SF%013" G_GINT64_FORMAT, n);
    return g_strdup_printf("%c%07" G_GINT64_FORMAT "%04" G_GINT64_FORMAT, 'A' + (char)(n / 10000000 % 26), n % 10000000,
                           n / 260000000 % 10000);
}

/* One of ours that its range has not come to yet, given to the shop. */
static char *ahead_number(struct world *world, struct chance *chance)
{
    const struct number_range *range = number_range_find(world->memory->dossier, world->hct_range);
    const struct courier *courier = couriers_get(world->memory->couriers, "hct");
    int64_t serial = range->next + 1 + chance_below(chance, 40);
    return courier_make_number(courier, range->prefix, (int)range->width, serial, NULL);
}

/* One that another order has brought as well; a wrong one. */
static char *bad_number(struct world *world, struct chance *chance)
{
    const struct shipment *ship = world_find(world, chance, ANY_OPEN);
    return g_strdup(ship && ship->order_number[0] && chance_percent(chance, 90) ? ship->order_number : "NO-NUMBER");
}

static char *number_of_order(struct world *world, struct chance *chance, const char *courier)
{
    gboolean brings = strcmp(courier, "sf") == 0 || strcmp(courier, "711") == 0;
    if (chance_percent(chance, 1))
        return bad_number(world, chance);
    if (brings && chance_percent(chance, 85))
        return own_number(world, courier);
    return strcmp(courier, "hct") == 0 && chance_percent(chance, 4) ? ahead_number(world, chance) : g_strdup("");
}

static unsigned blocks_of_order(struct chance *chance)
{
    static const unsigned FIRST[] = {BLOCK_UNPAID, BLOCK_UNPAID, BLOCK_PRESALE, BLOCK_ADDRESS, BLOCK_HELD};
    return chance_percent(chance, 8) ? FIRST[chance_below(chance, G_N_ELEMENTS(FIRST))] : 0;
}

static int64_t recipient_for(struct world *world, struct chance *chance, const char *courier)
{
    gboolean fits = chance_percent(chance, 97);
    int64_t n = chance_below(chance, RECIPIENTS / 8) * 8;
    return world->recipients[fits ? n + (strcmp(courier, "711") == 0) : chance_below(chance, RECIPIENTS)];
}

static size_t draw_items(struct world *world, struct chance *chance, struct memory_item *items, size_t most)
{
    size_t count = 1 + (size_t)chance_below(chance, chance_percent(chance, 70) ? 2 : (int64_t)most);
    for (size_t i = 0; i < count; i++)
        items[i] = (struct memory_item){world->products[chance_below(chance, PRODUCTS)].id, 1 + chance_below(chance, 3),
                                        chance_percent(chance, 2)};
    return chance_percent(chance, 99) ? count : 0;
}

static void order(struct world *world, struct worker *worker)
{
    static const char *const COURIERS[] = {"hct", "hct", "hct", "hct", "tcat", "tcat", "kerry", "sf", "711", "post"};
    enum { MOST = 5 };
    struct memory_item items[MOST];
    struct chance *chance = &worker->chance;
    const char *courier = COURIERS[chance_below(chance, G_N_ELEMENTS(COURIERS))];
    g_autofree char *number = number_of_order(world, chance, courier);
    g_autofree char *name = g_strdup_printf("W%07" G_GINT64_FORMAT, ++world->next_order);
    struct memory_order order = {.order = name, .number = number, .courier = courier, .service = "standard",
                                 .recipient_id = recipient_for(world, chance, courier), .items = items};
    order.count = draw_items(world, chance, items, MOST);
    order.cod_minor = chance_percent(chance, 30) ? (1 + chance_below(chance, 2000)) * DOLLAR : 0;
    order.cod_minor += chance_percent(chance, 1) ? 1 : 0; /* half a cent: no courier takes it */
    order.blocks = blocks_of_order(chance);
    order.blocks |= order.count == 0 ? BLOCK_MISSING : 0;
    order.cut_off_at = chance_percent(chance, 50) ? world->memory->clock.now_utc_ms + 3600000 : 0;
    int64_t id = world_do(world, worker, memory_birth(world->memory, &order)).subject_id;
    memory_call(world->memory, id, &order);
    g_array_append_val(world->live, id);
    world->counts.orders++;
}

/* --- what the shop changes --------------------------------------------------------------------------------- */

static void change_order(struct world *world, struct worker *worker, const struct shipment *ship)
{
    static const char *const OTHERS[] = {"hct", "tcat", "kerry"};
    struct event event = {.kind = EV_CHANGE, .shipment_id = ship->id, .cod_minor = ship->cod_minor,
                          .cut_off_at = ship->cut_off_at};
    if (chance_percent(&worker->chance, 40))
        event.cod_minor = chance_below(&worker->chance, 500) * DOLLAR;
    if (chance_percent(&worker->chance, 40))
        event.recipient_id = world->recipients[chance_below(&worker->chance, RECIPIENTS)];
    if (chance_percent(&worker->chance, 10))
        event.courier = OTHERS[chance_below(&worker->chance, G_N_ELEMENTS(OTHERS))];
    world_do(world, worker, event);
}

static void map_lines(struct world *world, struct worker *worker, const struct shipment *ship)
{
    memory_map(world->memory, ship->id, world->products[chance_below(&worker->chance, PRODUCTS)].id);
    world_do(world, worker, (struct event){.kind = EV_FILL, .shipment_id = ship->id});
}

/* Late, or another one for what was no number of the courier's or somebody else's too. */
static void number_comes(struct world *world, struct chance *chance, const struct shipment *ship)
{
    const struct courier *courier = couriers_get(world->memory->couriers, ship->courier);
    gboolean ours = !courier || courier->source == NUMBER_RANGE || courier->source == NUMBER_LIST;
    g_autofree char *bare = courier ? courier_bare_number(courier, ship->order_number) : g_strdup("");
    gboolean wrong = ship->order_number[0] &&
                     (!courier || !courier_check(courier, bare, NULL) || chance_percent(chance, 5));
    g_autofree char *number = ours ? g_strdup("") : own_number(world, courier->code);
    if (wrong || (!ours && !ship->order_number[0]))
        memory_bring(world->memory, ship->id, number);
}

void world_shop(struct world *world, struct worker *worker)
{
    gboolean more = world->counts.orders < world->options.orders;
    while (more && world->live->len < LIVE && chance_percent(&worker->chance, 80)) {
        order(world, worker);
        more = world->counts.orders < world->options.orders;
    }
    const struct shipment *ship = world_find(world, &worker->chance, ANY_OPEN);
    if (!ship)
        return;
    number_comes(world, &worker->chance, ship);
    if (ship->state == ST_NEW && chance_percent(&worker->chance, 60))
        map_lines(world, worker, ship);
    else if (chance_percent(&worker->chance, more ? 25 : 3))
        change_order(world, worker, ship);
    else if (chance_percent(&worker->chance, 3))
        world_do(world, worker, (struct event){.kind = EV_BLOCK, .shipment_id = ship->id, .block = BLOCK_CANCELLED,
                                               .reason = "cancelled in the shop"});
    else if (chance_percent(&worker->chance, 60))
        world_do(world, worker, (struct event){.kind = EV_UNBLOCK, .shipment_id = ship->id, .block = BLOCK_UNPAID});
}

/* --- goods ---------------------------------------------------------------------------------------------- */

static const struct stock *any_stock(struct world *world, struct chance *chance, int64_t product_id)
{
    const struct stock *found = NULL;
    int64_t seen = 0;
    for (EACH_ROW(stock, stock, world->memory->dossier, product_id))
        if (stock->on_hand > 0 && chance_below(chance, ++seen) == 0)
            found = stock;
    return found;
}

static const struct count_task *open_count(const struct world *world, int64_t product_id)
{
    for (EACH_ROW(count_task, count, world->memory->dossier, product_id))
        if (count->done_at == 0)
            return count;
    return NULL;
}

/* What could be promised now. */
static int64_t free_of(const struct world *world, int64_t product_id)
{
    struct decision d = {.house = &world->memory->house, .dossier = world->memory->dossier,
                         .now = world->memory->clock.now_utc_ms};
    g_autoptr(GPtrArray) places = goods_free(&d, product_id);
    int64_t sum = 0;
    for (guint i = 0; i < places->len; i++) {
        const struct stock *stock = places->pdata[i];
        sum += stock->on_hand - stock->reserved;
    }
    return sum;
}

static void drop_counts(struct world *world, int64_t product_id)
{
    const struct count_task *next = count_task_first(world->memory->dossier, product_id);
    while (next && !world->options.tape) {
        const struct count_task *count = next;
        next = count_task_next(count);
        if (count->done_at != 0)
            row_drop(world->memory->dossier, &count->row);
    }
}

static void receive(struct world *world, struct worker *worker, struct product_of *product)
{
    struct event event = {.kind = EV_RECEIVE, .product_id = product->id, .quantity = product->keep, .reason = "delivery"};
    event.to_id = product->bins[chance_below(&worker->chance, G_N_ELEMENTS(product->bins))];
    if (product->lots[0])
        event.lot_id = chance_percent(&worker->chance, 12)
                           ? new_lot(world, &worker->chance, product)
                           : product->lots[chance_below(&worker->chance, G_N_ELEMENTS(product->lots))];
    world_do(world, worker, event);
}

static void count_bin(struct world *world, struct worker *worker, int64_t product_id, int64_t bin)
{
    struct event event = {.kind = EV_ADJUST, .product_id = product_id, .from_id = bin, .reason = "count"};
    event.quantity = chance_percent(&worker->chance, 50) ? 0 : chance_below(&worker->chance, 5) - 2;
    for (EACH_ROW(stock, stock, world->memory->dossier, product_id))
        if (stock->location_id == bin)
            event.lot_id = stock->lot_id;
    if (world_do(world, worker, event).verdict != VERDICT_DONE) {
        event.quantity = 0;
        world_do(world, worker, event);
    }
}

static void move_some(struct world *world, struct worker *worker, const struct product_of *product)
{
    const struct stock *from = any_stock(world, &worker->chance, product->id);
    const struct location *place = from ? location_find(world->memory->dossier, from->location_id) : NULL;
    if (!place || strcmp(place->kind, "bin") != 0)
        return;
    struct event event = {.kind = EV_MOVE, .product_id = product->id, .lot_id = from->lot_id, .from_id = from->location_id,
                          .quantity = 1 + chance_below(&worker->chance, from->on_hand)};
    event.to_id = product->bins[chance_below(&worker->chance, G_N_ELEMENTS(product->bins))];
    world_do(world, worker, event);
}

/* --- what managers see to ----------------------------------------------------------------------------------- */

static void fill_list(struct world *world, struct chance *chance, int64_t list_id)
{
    for (int i = 0; i < 60 + (int)chance_below(chance, 60); i++) {
        g_autofree char *number = g_strdup_printf("%012" G_GINT64_FORMAT, world->next_number++);
        memory_number(world->memory, list_id, number);
    }
}

static gboolean is_list_empty(const struct world *world, int64_t list_id)
{
    for (EACH_ROW(waybill, waybill, world->memory->dossier, 0))
        if (waybill->range_id == list_id)
            return FALSE;
    return TRUE;
}

/* Numbers are bought when they have run out, and not before. */
static void buy_numbers(struct world *world, struct chance *chance)
{
    const int64_t lists[] = {world->tcat_list, world->tcat_cod_list};
    const struct number_range *kerry = number_range_find(world->memory->dossier, world->kerry_range);
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        if (is_list_empty(world, lists[i]))
            fill_list(world, chance, lists[i]);
    if (kerry->next > kerry->last)
        world->kerry_range = open_range(world, "kerry", kerry->last + 1, 300);
}

/* What has expired in the bins is written off, as far as nobody is on the way for it. */
static void write_off(struct world *world, struct worker *worker, int64_t product_id)
{
    const struct house *house = &world->memory->house;
    int64_t today = clock_civil_date(house->zone, world->memory->clock.now_utc_ms);
    for (EACH_ROW(stock, stock, world->memory->dossier, product_id)) {
        const struct lot *lot = lot_find(world->memory->dossier, stock->lot_id);
        const struct location *place = location_find(world->memory->dossier, stock->location_id);
        if (lot && lot->expires_on < today && stock->on_hand > stock->reserved && strcmp(place->kind, "bin") == 0)
            world_do(world, worker, (struct event){.kind = EV_ADJUST, .product_id = product_id, .lot_id = lot->id,
                                                   .from_id = place->id, .reason = "expired",
                                                   .quantity = stock->reserved - stock->on_hand});
    }
}

void world_stock(struct world *world, struct worker *worker)
{
    struct product_of *product = &world->products[chance_below(&worker->chance, PRODUCTS)];
    const struct count_task *count = open_count(world, product->id);
    drop_counts(world, product->id);
    if (chance_percent(&worker->chance, 5))
        write_off(world, worker, product->id);
    if (chance_percent(&worker->chance, 40))
        buy_numbers(world, &worker->chance);
    if (count)
        count_bin(world, worker, product->id, count->location_id);
    else if (free_of(world, product->id) < product->keep)
        receive(world, worker, product);
    else if (chance_percent(&worker->chance, 30))
        move_some(world, worker, product);
}

static void set_printers(struct world *world, gboolean active)
{
    for (int i = 0; i < PRINTERS; i++)
        memory_power(world->memory, world->printers[i], active);
}

/* Batches and runs that nobody ends: the oldest are done, or are cancelled. */
static void tidy_up(struct world *world, struct worker *worker)
{
    enum { BATCHES = 30, RUNS = 8 };
    for (guint i = BATCHES; i < world->batches->len; i++) {
        struct event end = {.kind = EV_BATCH_DONE, .batch_id = g_array_index(world->batches, int64_t, i - BATCHES)};
        if (world_do(world, worker, end).verdict != VERDICT_DONE && chance_percent(&worker->chance, 20)) {
            end.kind = EV_BATCH_CANCEL;
            world_do(world, worker, end);
        }
    }
    for (guint i = RUNS; i < world->runs->len; i++)
        world_do(world, worker, (struct event){.kind = EV_RUN_CANCEL,
                                               .run_id = g_array_index(world->runs, int64_t, i - RUNS)});
}

void world_manager(struct world *world, struct worker *worker)
{
    int64_t what = chance_below(&worker->chance, 10);
    buy_numbers(world, &worker->chance);
    tidy_up(world, worker);
    memory_set(world->memory, "weight_required", what < 2 ? "1" : "0");
    memory_set(world->memory, "slip_with_waybill", what < 5 ? "1" : "0");
    set_printers(world, what != 9);
    if (what == 8) /* a night goes by: lots expire */
        world->memory->clock.now_utc_ms += INT64_C(43200000);
}

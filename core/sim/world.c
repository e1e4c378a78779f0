/* SPDX-License-Identifier: MIT */
#include "core/sim/world.h"

#include "core/flow/transition.h"
#include "core/sim/world_inner.h"

/* The whole is looked at every so many events; finished shipments stay a while, somebody may scan them again. */
enum { WHOLE_EVERY = 1000, SWEEP_EVERY = 1000, LINGER = 3000 };

static const struct part PARTS[] = {
    {"shop", ROLE_SYSTEM, 1, 8, world_shop},       {"picker", ROLE_PICKER, 4, 30, world_picker},
    {"packer", ROLE_PACKER, 3, 30, world_packer},  {"dock", ROLE_DOCK, 2, 12, world_dock},
    {"lead", ROLE_LEAD, 2, 26, world_lead},        {"worker", ROLE_SYSTEM, 2, 26, world_worker},
    {"stock", ROLE_MANAGER, 1, 12, world_stock},    {"manager", ROLE_MANAGER, 1, 2, world_manager},
    {"stranger", ROLE_LEAD, 1, 16, world_stranger},
};

/* --- what an event has done --------------------------------------------------------------------------------- */

static size_t number_of(const struct transition *row)
{
    return (size_t)(row - flow_transition(0));
}

static void count_transition(int64_t *counts, enum machine machine, enum state from, enum event_kind event)
{
    const struct transition *row = flow_find(machine, from, event);
    if (row)
        counts[number_of(row)]++;
}

static void note_births(struct world *world)
{
    const GPtrArray *touched = dossier_touched(world->memory->dossier);
    for (guint i = 0; i < touched->len; i++) {
        const struct row *row = touched->pdata[i];
        GArray *ids = row->table == TABLE_JOB ? world->jobs : row->table == TABLE_BATCH ? world->batches
                      : row->table == TABLE_RUN ? world->runs : NULL;
        if (ids && row->was_born)
            g_array_append_vals(ids, column_at(&table_of(row->table)->columns[0], row), 1);
    }
}

static void look(struct memory *memory, const struct decision *d, void *data)
{
    struct world *world = data;
    guint moves = 0;
    (void)memory;
    count_transition(world->counts.transitions, flow_event_machine(d->ev->kind), d->from, d->ev->kind);
    for (guint i = 0; i < d->fired->len; i++) {
        const struct fired *fired = &g_array_index(d->fired, struct fired, i);
        count_transition(world->counts.transitions, fired->machine, fired->from, fired->event);
    }
    dossier_moves(d->dossier, &moves);
    world->counts.moves += moves;
    note_births(world);
    if (world->invariants)
        invariants_event(world->invariants, d, world->said);
}

static void count_refusal(struct world *world, const struct event *event, const struct outcome *outcome)
{
    const struct shipment *ship = event->shipment_id ? shipment_find(world->memory->dossier, event->shipment_id) : NULL;
    enum machine machine = flow_event_machine(event->kind);
    world->counts.refused++;
    if ((int)outcome->code < WORLD_CODES)
        world->counts.refusals[outcome->code]++;
    count_transition(world->counts.stopped, machine, outcome->state, event->kind);
    const struct transition *row = ship ? flow_find(machine, ship->state, event->kind) : NULL;
    if (outcome->code != ERR_FLOW_BLOCKED || !row)
        return;
    for (EACH_ROW(block_row, block, world->memory->dossier, ship->id)) {
        unsigned bit = (unsigned)flow_block_parse(block->kind);
        if (block->cleared_at == 0 && (row->stopped_by & bit))
            world->counts.blocks[g_bit_nth_lsf(bit, -1)]++;
    }
}

static void describe(struct world *world, const struct event *event)
{
#define N(name) #name,
    static const char *const NAMES[] = {EVENT_NUMBERS(N)};
#undef N
#define N(name) event->name,
    const int64_t numbers[] = {EVENT_NUMBERS(N)};
#undef N
    g_string_append_printf(world->said, "by event %" G_GINT64_FORMAT ": %s", world->counts.events,
                           flow_event_name(event->kind));
    for (size_t i = 0; i < G_N_ELEMENTS(NAMES); i++)
        if (numbers[i])
            g_string_append_printf(world->said, " %s=%" G_GINT64_FORMAT, NAMES[i], numbers[i]);
    g_string_append_c(world->said, '\n');
}

struct outcome world_do(struct world *world, const struct worker *worker, struct event event)
{
    gsize said = world->said->len;
    if (event.actor.person_id == 0)
        event.actor = worker->actor;
    struct outcome outcome = memory_apply(world->memory, event);
    struct chance trace = {world->counts.trace ^ ((uint64_t)event.kind << 32 | (uint64_t)outcome.code << 8 |
                                                  (uint64_t)outcome.state) ^ (uint64_t)outcome.subject_id};
    world->counts.events++;
    world->counts.trace = chance_next(&trace);
    if (outcome.verdict != VERDICT_DONE)
        count_refusal(world, &event, &outcome);
    if (world->said->len > said)
        describe(world, &event);
    return outcome;
}

/* --- finding -------------------------------------------------------------------------------------------- */

int64_t world_one_of(struct chance *chance, const GArray *ids)
{
    return ids->len ? g_array_index(ids, int64_t, chance_below(chance, ids->len)) : 0;
}

const struct shipment *world_find(struct world *world, struct chance *chance, uint64_t states)
{
    enum { TRIES = 12 };
    for (int i = 0; i < TRIES && world->live->len; i++) {
        const struct shipment *ship = shipment_find(world->memory->dossier, world_one_of(chance, world->live));
        if (ship && (states >> ship->state & 1))
            return ship;
    }
    return NULL;
}

/* --- what is over ------------------------------------------------------------------------------------------- */

static void end_finished(struct world *world)
{
    for (guint i = world->live->len; i > 0; i--) {
        int64_t id = g_array_index(world->live, int64_t, i - 1);
        const struct shipment *ship = shipment_find(world->memory->dossier, id);
        if (ship->state != ST_OUTBOUND && ship->state != ST_CANCELLED)
            continue;
        const struct ending ending = {id, world->counts.events};
        world->counts.outbound += ship->state == ST_OUTBOUND;
        world->counts.cancelled += ship->state == ST_CANCELLED;
        g_array_append_val(world->ended, ending);
        g_array_remove_index_fast(world->live, i - 1);
    }
}

static gboolean is_at_end(const struct job *job)
{
    return job->state == ST_PRINTED || job->state == ST_ANSWERED || job->state == ST_FAILED;
}

static gboolean has_work_left(const struct world *world, int64_t shipment_id)
{
    for (EACH_ROW(parcel, parcel, world->memory->dossier, shipment_id))
        for (EACH_ROW(waybill, waybill, world->memory->dossier, parcel->id))
            for (EACH_ROW(job, job, world->memory->dossier, waybill->id))
                if (!is_at_end(job))
                    return TRUE;
    return FALSE;
}

static void drop_ended(struct world *world)
{
    guint kept = 0;
    for (guint i = 0; i < world->ended->len; i++) {
        const struct ending ending = g_array_index(world->ended, struct ending, i);
        if (ending.at + LINGER > world->counts.events || has_work_left(world, ending.shipment_id))
            g_array_index(world->ended, struct ending, kept++) = ending;
        else if (!world->options.tape)
            memory_drop(world->memory, ending.shipment_id);
    }
    g_array_set_size(world->ended, kept);
}

static void keep_open(struct world *world, GArray *ids, enum table_id table)
{
    for (guint i = ids->len; i > 0; i--) {
        int64_t id = g_array_index(ids, int64_t, i - 1);
        const struct batch *batch = table == TABLE_BATCH ? batch_find(world->memory->dossier, id) : NULL;
        const struct run *run = table == TABLE_RUN ? run_find(world->memory->dossier, id) : NULL;
        const struct job *job = table == TABLE_JOB ? job_find(world->memory->dossier, id) : NULL;
        if ((batch && batch->state != ST_CANCELLED && (batch->state != ST_DONE || i + 4 > ids->len)) ||
            (run && (run->state == ST_PAUSED || run->state == ST_RUNNING)) ||
            (job && job->state != ST_PRINTED && job->state != ST_ANSWERED))
            continue;
        g_array_remove_index(ids, i - 1);
    }
}

/* --- what nothing is left of ------------------------------------------------------------------------------- */

static void use(GHashTable *used, int64_t id)
{
    g_hash_table_add(used, GSIZE_TO_POINTER((gsize)id));
}

static void use_of_shipment(const struct world *world, GHashTable *used, const struct shipment *ship)
{
    use(used, ship->batch_id);
    for (EACH_ROW(parcel, parcel, world->memory->dossier, ship->id)) {
        use(used, parcel->manifest_id);
        for (EACH_ROW(waybill, waybill, world->memory->dossier, parcel->id))
            for (EACH_ROW(job, job, world->memory->dossier, waybill->id)) {
                use(used, job->run_id);
                use(used, job->submission_id);
            }
    }
}

/* Documents are about things; those that are printed go with them. */
static void drop_documents(struct world *world, GHashTable *used)
{
    const struct job *next = job_first(world->memory->dossier, 0);
    while (next) {
        const struct job *job = next;
        next = job_next(job);
        if (is_at_end(job) && job->state != ST_FAILED) {
            row_drop(world->memory->dossier, &job->row);
            continue;
        }
        use(used, job->batch_id);
        use(used, job->manifest_id);
        use(used, job->run_id);
        use(used, job->submission_id);
    }
}

static void drop_unused(struct world *world, GHashTable *used, enum table_id table)
{
    const struct row *next = row_first(world->memory->dossier, table, 0);
    while (next) {
        const struct row *row = next;
        const struct table *of = table_of(table);
        enum state state = ST_NONE;
        next = row_next(row);
        for (size_t i = 0; i < of->count; i++)
            if (of->columns[i].kind == COLUMN_STATE)
                state = (enum state)column_int(&of->columns[i], row);
        gboolean over = state == ST_DONE || state == ST_CANCELLED || state == ST_CLOSED || state == ST_PRINTED ||
                        state == ST_FAILED || state == ST_UNKNOWN;
        if (over && !g_hash_table_contains(used, GSIZE_TO_POINTER((gsize)column_int(&of->columns[0], row))))
            row_drop(world->memory->dossier, row);
    }
}

static void drop_over(struct world *world)
{
    static const enum table_id TABLES[] = {TABLE_BATCH, TABLE_MANIFEST, TABLE_RUN, TABLE_SUBMISSION};
    GHashTable *used = g_hash_table_new(NULL, NULL);
    for (EACH_ROW(shipment, ship, world->memory->dossier, 0))
        use_of_shipment(world, used, ship);
    for (guint i = 0; i < world->batches->len; i++)
        use(used, g_array_index(world->batches, int64_t, i));
    drop_documents(world, used);
    for (size_t i = 0; i < G_N_ELEMENTS(TABLES); i++)
        drop_unused(world, used, TABLES[i]);
    g_hash_table_unref(used);
}

/* Totes and benches that goods went through: a load would not bring their rows either. */
static void drop_empty_stock(struct world *world)
{
    for (int i = 0; i < PRODUCTS; i++) {
        const struct stock *next = stock_first(world->memory->dossier, world->products[i].id);
        while (next) {
            const struct stock *stock = next;
            next = stock_next(stock);
            if (stock->on_hand == 0 && stock->reserved == 0)
                row_drop(world->memory->dossier, &stock->row);
        }
    }
}

static void sweep(struct world *world)
{
    if (!world->options.tape)
        drop_empty_stock(world);
    end_finished(world);
    drop_ended(world);
    keep_open(world, world->batches, TABLE_BATCH);
    keep_open(world, world->runs, TABLE_RUN);
    keep_open(world, world->jobs, TABLE_JOB);
    if (!world->options.tape)
        drop_over(world);
}

/* --- the world ------------------------------------------------------------------------------------------ */

static void hire(struct world *world)
{
    for (size_t i = 0; i < G_N_ELEMENTS(PARTS); i++)
        for (int n = 0; n < PARTS[i].count; n++) {
            struct worker worker = {.part = &PARTS[i], .chance = chance_of(world->options.seed, world->workers->len + 1)};
            worker.actor.person_id = PARTS[i].role == ROLE_SYSTEM
                                         ? world->memory->as[ROLE_SYSTEM].person_id
                                         : memory_person(world->memory, PARTS[i].role, PARTS[i].name);
            worker.actor.station_id = PARTS[i].role == ROLE_SYSTEM
                                          ? 0 : memory_station(world->memory, world->printers[n % PRINTERS], 0);
            g_array_append_val(world->workers, worker);
        }
}

struct world *world_new(const struct world_options *options, GError **error)
{
    struct memory *memory = memory_new_taped(options->tape, error);
    if (!memory)
        return NULL;
    struct world *world = g_new0(struct world, 1);
    world->options = *options;
    world->memory = memory;
    world->chance = chance_of(options->seed, 0);
    world->workers = g_array_new(FALSE, FALSE, sizeof(struct worker));
    world->live = g_array_new(FALSE, FALSE, sizeof(int64_t));
    world->ended = g_array_new(FALSE, FALSE, sizeof(struct ending));
    world->jobs = g_array_new(FALSE, FALSE, sizeof(int64_t));
    world->batches = g_array_new(FALSE, FALSE, sizeof(int64_t));
    world->runs = g_array_new(FALSE, FALSE, sizeof(int64_t));
    world->said = g_string_new(NULL);
    world_open(world);
    hire(world);
    world->invariants = options->unwatched ? NULL : invariants_new(memory);
    memory->look = look;
    memory->look_data = world;
    memory->spoil = options->spoil;
    return world;
}

void world_free(struct world *world)
{
    if (!world)
        return;
    GArray *const lists[] = {world->workers, world->live, world->ended, world->jobs, world->batches, world->runs};
    for (size_t i = 0; i < G_N_ELEMENTS(lists); i++)
        g_array_unref(lists[i]);
    invariants_free(world->invariants);
    memory_free(world->memory);
    g_string_free(world->said, TRUE);
    g_free(world);
}

static struct worker *whose_turn(struct world *world)
{
    int all = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(PARTS); i++)
        all += PARTS[i].weight;
    int64_t drawn = chance_below(&world->chance, all);
    guint first = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(PARTS); i++) {
        if (drawn < PARTS[i].weight)
            return &g_array_index(world->workers, struct worker, first + chance_below(&world->chance, PARTS[i].count));
        drawn -= PARTS[i].weight;
        first += (guint)PARTS[i].count;
    }
    g_assert_not_reached();
}

static void look_at_whole(struct world *world)
{
    if (!world->invariants)
        return;
    invariants_whole(world->memory, world->said);
    invariants_numbers(world->invariants, world->said);
}

static gboolean is_over(const struct world *world)
{
    return world->counts.orders >= world->options.orders && world->live->len == 0;
}

gboolean world_run(struct world *world, char **broken)
{
    int64_t next_sweep = 0, turns = 0;
    while (!is_over(world) && world->said->len == 0) {
        struct worker *worker = whose_turn(world);
        world->memory->clock.now_utc_ms += 1 + chance_below(&world->chance, 400);
        worker->part->act(world, worker);
        if (++turns % LIVE == 0)
            end_finished(world);
        if (world->counts.events < next_sweep)
            continue;
        next_sweep = world->counts.events + SWEEP_EVERY;
        look_at_whole(world);
        sweep(world);
    }
    look_at_whole(world);
    *broken = world->said->len ? g_strdup(world->said->str) : NULL;
    return !*broken;
}

const struct memory *world_memory(const struct world *world)
{
    return world->memory;
}

const struct world_counts *world_counts(const struct world *world)
{
    return &world->counts;
}

/* --- the report ------------------------------------------------------------------------------------------ */

static void report_transition(GString *out, const struct world_counts *counts, size_t n)
{
    const struct transition *row = flow_transition(n);
    g_string_append_printf(out, "# %-9s", row->machine == MACHINE_NONE ? "-" : flow_machine_name(row->machine));
    g_string_append_printf(out, "%-15s done %9" G_GINT64_FORMAT "  stopped %7" G_GINT64_FORMAT "  from",
                           flow_event_name(row->event), counts->transitions[n], counts->stopped[n]);
    for (enum state state = ST_NEW; state < ST_COUNT; state++)
        if (row->from >> state & 1)
            g_string_append_printf(out, " %s", flow_state_name(state));
    g_string_append_c(out, '\n');
}

char *world_report(const struct world *world)
{
    const struct world_counts *counts = &world->counts;
    GString *out = g_string_new(NULL);
    for (size_t n = 0; flow_transition(n); n++)
        report_transition(out, counts, n);
    for (size_t code = 1; code < WORLD_CODES; code++) {
        char number[8];
        if (counts->refusals[code])
            g_string_append_printf(out, "# refused %s %9" G_GINT64_FORMAT "\n", err_number((enum err)code, number),
                                   counts->refusals[code]);
    }
    for (int i = 0; i < BLOCK_COUNT; i++)
        g_string_append_printf(out, "# stopped by %-9s %9" G_GINT64_FORMAT "\n", flow_block_name((enum block)(1u << i)),
                               counts->blocks[i]);
    g_string_append_printf(out, "# %" G_GINT64_FORMAT " orders (%" G_GINT64_FORMAT " out, %" G_GINT64_FORMAT " cancelled), %"
                           G_GINT64_FORMAT " events, %" G_GINT64_FORMAT " refused, %" G_GINT64_FORMAT " moves, trace %016"
                           G_GINT64_MODIFIER "x\n", counts->orders, counts->outbound, counts->cancelled, counts->events,
                           counts->refused, counts->moves, counts->trace);
    return g_string_free(out, FALSE);
}

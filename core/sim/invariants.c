/* SPDX-License-Identifier: MIT */
#include "core/sim/invariants.h"

#include <string.h>

#include "core/code/courier.h"
#include "core/flow/transition.h"

struct invariants {
    const struct memory *memory;
    struct sums *wanted;   /* {product, lot, location}: what open tasks want there */
    GHashTable *numbers;   /* "courier number" */
    struct sums *serials;  /* {range}: how many serials have a row */
    GHashTable *looked_at; /* shipments of the event, each once */
    struct columns {
        const struct column *state, *version, *owner; /* NULL: it has none */
    } columns[TABLE_COUNT];
};

void invariants_complain(const struct looking *looking, const char *name, const struct row *row)
{
    const struct table *table = table_of(row->table);
    g_string_append_printf(looking->said, "%s: %s", name, table->name[0] ? table->name : "held");
    for (size_t i = 0; i < table->count; i++) {
        const struct column *column = &table->columns[i];
        if (column->kind == COLUMN_TEXT || column->kind == COLUMN_WORDS)
            g_string_append_printf(looking->said, " %s=%s", column->name, column_text(column, row));
        else if (column->kind == COLUMN_STATE)
            g_string_append_printf(looking->said, " %s=%s", column->name,
                                   flow_state_name((enum state)column_int(column, row)));
        else
            g_string_append_printf(looking->said, " %s=%" G_GINT64_FORMAT, column->name, column_int(column, row));
    }
    g_string_append_c(looking->said, '\n');
}

/* --- what is wanted ---------------------------------------------------------------------------------------- */

static int64_t task_wants(const struct task *task)
{
    return task->open ? task->quantity - task->picked : 0;
}

static void want(struct sums *wanted, const struct task *task, int64_t times)
{
    sums_add(wanted, (const int64_t[]){task->product_id, task->lot_id, task->location_id, 0}, times * task_wants(task));
}

static struct sums *wanted_of(const struct memory *memory)
{
    struct sums *wanted = sums_new();
    for (EACH_ROW(shipment, ship, memory->dossier, 0))
        for (EACH_ROW(task, task, memory->dossier, ship->id))
            want(wanted, task, 1);
    return wanted;
}

static gboolean is_wanted(const struct sums *wanted, const struct stock *stock)
{
    return stock->reserved == sums_get(wanted, (const int64_t[]){stock->product_id, stock->lot_id, stock->location_id, 0});
}

/* --- numbers ------------------------------------------------------------------------------------------------ */

static void count_serial(struct invariants *invariants, const struct waybill *waybill)
{
    if (waybill->range_id && waybill->serial)
        sums_add(invariants->serials, (const int64_t[]){waybill->range_id, 0, 0, 0}, 1);
}

/* A waybill that is new: its number has been nobody's. */
static void give_number(struct invariants *invariants, const struct looking *looking, const struct waybill *waybill)
{
    char *number = g_strdup_printf("%s %s", waybill->courier, waybill->number);
    if (!g_hash_table_add(invariants->numbers, number))
        invariants_complain(looking, "number-twice", &waybill->row);
    count_serial(invariants, waybill);
}

struct noting {
    struct invariants *invariants;
    struct looking looking;
};

static gboolean note_number(const struct row *row, const void *data)
{
    const struct noting *noting = data;
    give_number(noting->invariants, &noting->looking, (const struct waybill *)(const void *)row);
    return FALSE;
}

void invariants_numbers(const struct invariants *invariants, GString *said)
{
    const struct looking looking = {invariants->memory, said};
    for (EACH_ROW(number_range, range, invariants->memory->dossier, 0))
        if (strcmp(range->source, number_source_name(NUMBER_RANGE)) == 0 &&
            range->next - range->first != sums_get(invariants->serials, (const int64_t[]){range->id, 0, 0, 0}))
            invariants_complain(&looking, "range-fate", &range->row);
}

static const struct column *column_named(enum table_id id, const char *name)
{
    const struct table *table = table_of(id);
    for (size_t i = 0; i < table->count; i++)
        if (strcmp(table->columns[i].name, name) == 0)
            return &table->columns[i];
    return NULL;
}

static void find_columns(struct invariants *invariants)
{
    for (int i = 0; i < TABLE_COUNT; i++) {
        enum table_id id = (enum table_id)i;
        invariants->columns[i] = (struct columns){column_named(id, "state"), column_named(id, "version"),
                                                  column_named(id, id == TABLE_WAYBILL ? "of_shipment" : "shipment_id")};
    }
}

/* --- an event -------------------------------------------------------------------------------------------- */

struct invariants *invariants_new(const struct memory *memory)
{
    struct invariants *invariants = g_new0(struct invariants, 1);
    g_autoptr(GString) said = g_string_new(NULL);
    invariants->memory = memory;
    invariants->wanted = wanted_of(memory);
    invariants->numbers = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    invariants->serials = sums_new();
    invariants->looked_at = g_hash_table_new(NULL, NULL);
    find_columns(invariants);
    const struct noting noting = {invariants, {memory, said}};
    row_search(memory->dossier, TABLE_WAYBILL, note_number, &noting);
    g_assert_cmpstr(said->str, ==, "");
    return invariants;
}

void invariants_free(struct invariants *invariants)
{
    if (!invariants)
        return;
    sums_free(invariants->wanted);
    sums_free(invariants->serials);
    g_hash_table_unref(invariants->numbers);
    g_hash_table_unref(invariants->looked_at);
    g_free(invariants);
}

static enum machine machine_of(enum table_id table)
{
    static const enum machine MACHINES[TABLE_COUNT] = {
        [TABLE_SHIPMENT] = MACHINE_SHIPMENT, [TABLE_LINE] = MACHINE_LINE, [TABLE_PARCEL] = MACHINE_PARCEL,
        [TABLE_WAYBILL] = MACHINE_WAYBILL,   [TABLE_JOB] = MACHINE_JOB,   [TABLE_BATCH] = MACHINE_BATCH,
        [TABLE_MANIFEST] = MACHINE_MANIFEST, [TABLE_RUN] = MACHINE_RUN,   [TABLE_SUBMISSION] = MACHINE_SUBMISSION,
    };
    return MACHINES[table];
}

/* What has come to its end stays as it is. A batch may go on, and a late job may tell of paper. */
static gboolean is_final(enum machine machine, enum state state)
{
    if (machine == MACHINE_SHIPMENT)
        return state == ST_OUTBOUND;
    if (machine == MACHINE_PARCEL || machine == MACHINE_WAYBILL)
        return state == ST_OUT || state == ST_VOID;
    return machine == MACHINE_MANIFEST && state == ST_CLOSED;
}

/* The event's own, and what it fired, lead from where the row was to where it is. */
static gboolean is_told(const struct decision *d, enum machine machine, int64_t id, enum state from, enum state to)
{
    enum state at = from;
    for (guint i = 0; i < d->fired->len; i++) {
        const struct fired *fired = &g_array_index(d->fired, struct fired, i);
        if (fired->machine == machine && fired->id == id && fired->from == at &&
            (fired->from == fired->to || flow_leads(machine, fired->from, fired->event, fired->to)))
            at = fired->to;
    }
    if (machine == flow_event_machine(d->ev->kind) && decision_subject_id(d) == id && d->from == at &&
        flow_leads(machine, d->from, d->ev->kind, d->to))
        at = d->to;
    return at == to;
}

/* A late paper moves the version of what it is about; a range that comes to a number which an order had brought makes it
 * one of its own. */
static gboolean differs_in_itself(const struct row *row)
{
    static const char *const MAY[] = {"version", "told", "range_id", "serial"};
    const struct table *table = table_of(row->table);
    uint64_t differ = row_differences(row, row->before);
    for (size_t i = 0; i < table->count; i++)
        for (size_t n = 0; n < G_N_ELEMENTS(MAY); n++)
            if (strcmp(table->columns[i].name, MAY[n]) == 0)
                differ &= ~(UINT64_C(1) << i);
    return differ != 0;
}

static void look_at_state(const struct looking *looking, const struct column *column, const struct decision *d,
                          const struct row *row)
{
    enum machine machine = machine_of(row->table);
    enum state to = (enum state)column_int(column, row);
    int64_t id = column_int(&table_of(row->table)->columns[0], row);
    size_t count = 0;
    enum state first = flow_makes(d->ev->kind) && machine == flow_event_machine(d->ev->kind) ? ST_NONE
                                                                                        : flow_states(machine, &count)[0];
    enum state from = row->was_born ? first : (enum state)column_int(column, row->before);
    gboolean line_is_new = row->was_born && to == first;
    if (!line_is_new && from != to && !is_told(d, machine, id, from, to))
        invariants_complain(looking, "state-untold", row);
    if (row->before && is_final(machine, from) && differs_in_itself(row))
        invariants_complain(looking, "final-changed", row);
}

/* With its number go the papers that have not gone to a printer. */
static void look_at_void(const struct looking *looking, const struct row *row)
{
    const struct waybill *waybill = (const struct waybill *)(const void *)row;
    const struct waybill *was = (const struct waybill *)(const void *)row->before;
    if (!was || was->state == ST_VOID || waybill->state != ST_VOID)
        return;
    for (EACH_ROW(job, job, looking->memory->dossier, waybill->id))
        if (job->state == ST_QUEUED)
            invariants_complain(looking, "void-queued", &job->row);
}

/* Once an event, and only when something of it has changed. */
static void look_at_version(const struct looking *looking, const struct column *version, const struct row *row)
{
    int64_t was = row->was_born ? column_int(version, row) - 1 : column_int(version, row->before);
    gboolean changed = row->was_born || row_differences(row, row->before) != 0;
    if (changed && column_int(version, row) != was + 1)
        invariants_complain(looking, "version", row);
}

static const struct shipment *owner_of(const struct invariants *invariants, const struct row *row)
{
    const struct memory *memory = invariants->memory;
    const struct column *column = invariants->columns[row->table].owner;
    int64_t id = column ? column_int(column, row) : 0;
    if (row->table == TABLE_CONTENT) {
        const struct parcel *parcel = parcel_find(memory->dossier, ((const struct content *)(const void *)row)->parcel_id);
        id = parcel ? parcel->shipment_id : 0;
    }
    if (row->table == TABLE_SHIPMENT)
        return (const struct shipment *)(const void *)row;
    return id ? shipment_find(memory->dossier, id) : NULL;
}

static void look_at_row(struct invariants *invariants, const struct looking *looking, const struct decision *d,
                        const struct row *row)
{
    const struct columns *columns = &invariants->columns[row->table];
    const struct shipment *ship = owner_of(invariants, row);
    if (row->table == TABLE_TASK && !row->is_gone)
        want(invariants->wanted, (const struct task *)(const void *)row, 1);
    if (row->table == TABLE_TASK && row->before)
        want(invariants->wanted, (const struct task *)(const void *)row->before, -1);
    if (row->table == TABLE_WAYBILL && row->was_born)
        give_number(invariants, looking, (const struct waybill *)(const void *)row);
    else if (row->table == TABLE_WAYBILL && !((const struct waybill *)(const void *)row->before)->range_id)
        count_serial(invariants, (const struct waybill *)(const void *)row);
    if (machine_of(row->table) != MACHINE_NONE)
        look_at_state(looking, columns->state, d, row);
    if (row->table == TABLE_WAYBILL)
        look_at_void(looking, row);
    /* a job's shipment has its version */
    if (columns->version && (row->table != TABLE_JOB || !ship))
        look_at_version(looking, columns->version, row);
    if (ship)
        g_hash_table_add(invariants->looked_at, (gpointer)(uintptr_t)ship);
}

static void look_at_move(const struct looking *looking, const struct decision *d, const struct goods_move *move)
{
    static const char *const KINDS[] = {"receipt", "adjustment", "pick", "pack", "outbound", "transfer"};
    const struct house *house = &looking->memory->house;
    gboolean counted = strcmp(move->kind, "adjustment") == 0, received = strcmp(move->kind, "receipt") == 0;
    gboolean ends = received == (move->from_id == house->supplier_id) && move->to_id != house->supplier_id &&
                    counted == (move->from_id == house->loss_id || move->to_id == house->loss_id) &&
                    (strcmp(move->kind, "outbound") == 0) == (move->to_id == house->customer_id);
    gboolean known = FALSE;
    for (size_t i = 0; i < G_N_ELEMENTS(KINDS); i++)
        known = known || strcmp(KINDS[i], move->kind) == 0;
    if (!known || !ends || move->quantity <= 0 || move->from_id == move->to_id ||
        ((counted || received) && (!decision_reason(d)[0] || !move->person_id)))
        g_string_append_printf(looking->said, "move: %s %" G_GINT64_FORMAT " from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT
                               "\n", move->kind, move->quantity, move->from_id, move->to_id);
}

static void look_at_shared(struct invariants *invariants, const struct looking *looking, const struct row *row)
{
    if (row->table == TABLE_STOCK && !is_wanted(invariants->wanted, (const struct stock *)(const void *)row))
        invariants_complain(looking, "reserved", row);
    if (row->table == TABLE_RANGE)
        invariants_numbers(invariants, looking->said);
    if (!owner_of(invariants, row) || row->table == TABLE_JOB)
        invariants_row(looking, row);
}

/* An event changes one subject. What moves along is another kind's (a batch whose member leaves, a run that gets a label), or no
 * more than whose a brought number is (differs_in_itself()); and what is born is its own. */
static void look_at_subjects(const struct looking *looking, const struct dossier *dossier, const GPtrArray *touched)
{
    const struct row *seen[TABLE_COUNT] = {NULL};
    for (guint i = 0; i < touched->len; i++) {
        const struct row *row = touched->pdata[i], *subject = row_subject(dossier, row);
        gboolean same = !row->was_born && !row->is_gone && !differs_in_itself(row);
        if (!subject || subject->was_born || same)
            continue;
        if (seen[subject->table] && seen[subject->table] != subject)
            invariants_complain(looking, "one-subject", subject);
        seen[subject->table] = subject;
    }
}

void invariants_event(struct invariants *invariants, const struct decision *d, GString *said)
{
    const struct looking looking = {invariants->memory, said};
    const GPtrArray *touched = dossier_touched(d->dossier);
    guint count;
    const struct goods_move *moves = dossier_moves(d->dossier, &count);
    look_at_subjects(&looking, d->dossier, touched);
    for (guint i = 0; i < touched->len; i++)
        look_at_row(invariants, &looking, d, touched->pdata[i]);
    for (guint i = 0; i < touched->len; i++)
        if (!((const struct row *)touched->pdata[i])->is_gone)
            look_at_shared(invariants, &looking, touched->pdata[i]);
    for (guint i = 0; i < count; i++)
        look_at_move(&looking, d, &moves[i]);
    GHashTableIter each;
    gpointer ship;
    g_hash_table_iter_init(&each, invariants->looked_at);
    while (g_hash_table_iter_next(&each, &ship, NULL))
        invariants_shipment(&looking, ship);
    g_hash_table_remove_all(invariants->looked_at);
}

/* --- the whole ------------------------------------------------------------------------------------------ */

struct whole {
    struct looking looking;
    struct sums *wanted;
    GHashTable *numbers;
};

static gboolean look_alone(const struct row *row, const void *data)
{
    const struct whole *whole = data;
    if (row->table == TABLE_WAYBILL) {
        const struct waybill *waybill = (const struct waybill *)(const void *)row;
        if (!g_hash_table_add(whole->numbers, g_strdup_printf("%s %s", waybill->courier, waybill->number)))
            invariants_complain(&whole->looking, "number-twice", row);
    } else {
        invariants_row(&whole->looking, row);
    }
    return FALSE;
}

/* Every place that moves or tasks lead to has its row, with what the book-keeping says: rows that are missing sum up to 0. */
static void look_at_places(const struct whole *whole, const struct sums *rows, const struct sums *sums, const char *name)
{
    for (size_t i = 0; sums_at(sums, i); i++) {
        const struct sum *sum = sums_at(sums, i);
        if (sums_get(rows, sum->key) != sum->value)
            g_string_append_printf(whole->looking.said, "%s: of %" G_GINT64_FORMAT " at %" G_GINT64_FORMAT ": %"
                                   G_GINT64_FORMAT "\n", name, sum->key[0], sum->key[2], sum->value);
    }
}

static void look_at_stock(const struct whole *whole)
{
    const struct dossier *dossier = whole->looking.memory->dossier;
    g_autoptr(sums) on_hand = sums_new();
    g_autoptr(sums) reserved = sums_new();
    for (EACH_ROW(product, product, dossier, 0))
        for (EACH_ROW(stock, stock, dossier, product->id)) {
            const int64_t place[4] = {stock->product_id, stock->lot_id, stock->location_id};
            sums_add(on_hand, place, stock->on_hand);
            sums_add(reserved, place, stock->reserved);
            invariants_row(&whole->looking, &stock->row);
            if (!is_wanted(whole->wanted, stock))
                invariants_complain(&whole->looking, "reserved", &stock->row);
        }
    look_at_places(whole, on_hand, whole->looking.memory->places, "on-hand");
    look_at_places(whole, reserved, whole->wanted, "wanted");
}

void invariants_whole(const struct memory *memory, GString *said)
{
    static const enum table_id ALONE[] = {TABLE_BATCH, TABLE_MANIFEST, TABLE_RUN, TABLE_RANGE, TABLE_WAYBILL};
    const struct whole whole = {{memory, said}, wanted_of(memory),
                                g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
    for (EACH_ROW(shipment, ship, memory->dossier, 0))
        invariants_shipment(&whole.looking, ship);
    for (size_t i = 0; i < G_N_ELEMENTS(ALONE); i++)
        row_search(memory->dossier, ALONE[i], look_alone, &whole);
    look_at_stock(&whole);
    sums_free(whole.wanted);
    g_hash_table_unref(whole.numbers);
}

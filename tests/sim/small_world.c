/* SPDX-License-Identifier: MIT */
#include "tests/sim/small_world.h"

#include <time.h>

#include "core/sim/invariants.h"
#include "tests/sim/small_state.h"

enum { SHIPMENTS = 2, DEEPEST = 8, EVENTS_MOST = 512 };

struct small {
    struct memory *memory;
    int64_t shipments[SHIPMENTS], bins[2], totes[2], mug, tea, batches[SHIPMENTS], manifest, other_recipient;
    int64_t submissions[SHIPMENTS]; /* being put together for the one's printer and for the other's */
    struct actor hands[SHIPMENTS]; /* at the one station and at the other */
    GHashTable *seen;              /* state -> how deep it was walked from, + 1 */
    struct small_counts *counts;
    int64_t most;
    struct event path[DEEPEST];
    char *broken;
};

/* --- the world ------------------------------------------------------------------------------------------ */

static void open_goods(struct small *small)
{
    struct memory *memory = small->memory;
    small->mug = memory_product(memory, "MUG", FALSE);
    small->tea = memory_product(memory, "TEA", FALSE);
    for (int i = 0; i < 2; i++) {
        small->bins[i] = memory_place(memory, "bin", i ? "B" : "A", i + 1);
        small->totes[i] = memory_place(memory, "tote", i ? "T2" : "T1", 0);
        small->hands[i] = memory->as[ROLE_SYSTEM]; /* who may do everything: what is tried is the rules */
        small->hands[i].station_id = memory_station(memory, memory_printer(memory, 0), 0);
    }
    for (int i = 0; i < 3; i++)
        memory_apply(memory, (struct event){.kind = EV_RECEIVE, .actor = memory->as[ROLE_SYSTEM], .quantity = 2,
                                            .reason = "first", .product_id = i == 2 ? small->tea : small->mug,
                                            .to_id = small->bins[i % 2]});
}

/* The one wants two of the shared product, the other one of it and one of its own. */
static void open_orders(struct small *small)
{
    const struct memory_item one[] = {{small->mug, 2, FALSE}}, other[] = {{small->mug, 1, FALSE}, {small->tea, 1, FALSE}};
    int64_t recipient = memory_recipient(small->memory, "王", "407", "");
    small->other_recipient = memory_recipient(small->memory, "林", "100", "");
    struct memory_order order = {.order = "1", .number = "", .courier = "hct", .service = "", .recipient_id = recipient,
                                 .cod_minor = 10000, .items = one, .count = 1};
    small->shipments[0] = memory_order(small->memory, &order);
    order.order = "2";
    order.cod_minor = 0;
    order.items = other;
    order.count = 2;
    small->shipments[1] = memory_order(small->memory, &order);
}

static int64_t make(struct small *small, struct event event)
{
    event.actor = small->memory->as[ROLE_SYSTEM];
    return memory_apply(small->memory, event).subject_id;
}

static void open_submission(struct small *small, int which)
{
    const struct station *station = station_find(small->memory->dossier, small->hands[which].station_id);
    const struct printer *printer = printer_find(small->memory->dossier, station->printer_id);
    small->submissions[which] = make(small, (struct event){.kind = EV_SUBMISSION_MAKE, .printer_id = printer->id, .text = "u",
                                                           .quantity = printer_address(printer->host, printer->uri)});
}

static void small_open(struct small *small)
{
    small->memory = memory_new(NULL);
    g_assert_nonnull(small->memory);
    open_goods(small);
    open_orders(small);
    memory_range(small->memory, "hct", "", 0, 100000000, 100009999);
    for (int i = 0; i < SHIPMENTS; i++)
        small->batches[i] = make(small, (struct event){.kind = EV_BATCH_MAKE});
    for (int i = 0; i < SHIPMENTS; i++)
        open_submission(small, i);
    small->manifest = make(small, (struct event){.kind = EV_MANIFEST_OPEN, .courier = "hct"});
    small->seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
}

static void small_close(struct small *small)
{
    g_hash_table_unref(small->seen);
    memory_free(small->memory);
}

/* --- what can be tried ------------------------------------------------------------------------------------- */

struct tries {
    struct event events[EVENTS_MOST];
    size_t count;
};

static void try(struct tries *tries, struct event event)
{
    g_assert(tries->count < EVENTS_MOST);
    tries->events[tries->count++] = event;
}

static struct event of(const struct small *small, int which, enum event_kind kind)
{
    return (struct event){.kind = kind, .actor = small->hands[which], .shipment_id = small->shipments[which],
                          .reason = "why",
                          .cod_minor = shipment_find(small->memory->dossier, small->shipments[which])->cod_minor};
}

static void try_whole(const struct small *small, struct tries *tries, int which)
{
    static const enum event_kind KINDS[] = {EV_RELEASE, EV_UNBATCH, EV_SPLIT, EV_CLOSE, EV_CLOSE_SPLIT, EV_REOPEN,
                                            EV_PRINT_AHEAD, EV_REPRINT, EV_RENEW, EV_CANCEL, EV_FILL};
    static const enum block BLOCKS[] = {BLOCK_HELD, BLOCK_CANCELLED, BLOCK_CHANGED, BLOCK_SHORT};
    struct event event;
    for (size_t i = 0; i < G_N_ELEMENTS(KINDS); i++)
        try(tries, of(small, which, KINDS[i]));
    for (size_t i = 0; i < 2 * G_N_ELEMENTS(BLOCKS); i++) {
        event = of(small, which, i % 2 ? EV_BLOCK : EV_UNBLOCK);
        event.block = BLOCKS[i / 2];
        try(tries, event);
    }
    for (int i = 0; i < SHIPMENTS; i++) {
        event = of(small, which, EV_BATCH);
        event.batch_id = small->batches[i];
        try(tries, event);
    }
    event = of(small, which, EV_CHANGE);
    event.cod_minor += 10000;
    try(tries, event);
    event = of(small, which, EV_CHANGE);
    event.recipient_id = small->other_recipient;
    try(tries, event);
    event = of(small, which, EV_TOTE);
    event.tote_id = small->totes[0];
    try(tries, event);
}

static void try_tasks(const struct small *small, struct tries *tries, int which)
{
    static const enum event_kind KINDS[] = {EV_PICK, EV_UNPICK, EV_SHORT, EV_SKIP};
    for (EACH_ROW(task, task, small->memory->dossier, small->shipments[which]))
        for (size_t i = 0; i < 8; i++) {
            struct event event = of(small, which, KINDS[i % 4]);
            event.task_id = task->id;
            event.quantity = i < 4 ? 1 : 2;
            if (i >= 4 && (event.kind == EV_SHORT || event.kind == EV_SKIP))
                continue;
            try(tries, event);
            event.tote_id = small->totes[i % 4 == 0 ? 0 : which];
            if (event.kind == EV_PICK || event.kind == EV_UNPICK)
                try(tries, event);
        }
}

static void try_lines(const struct small *small, struct tries *tries, int which)
{
    static const enum event_kind KINDS[] = {EV_PACK, EV_UNPACK, EV_CANCEL_LINE, EV_PACK};
    for (EACH_ROW(line, line, small->memory->dossier, small->shipments[which]))
        for (size_t i = 0; i < G_N_ELEMENTS(KINDS); i++) {
            struct event event = of(small, which, KINDS[i]);
            event.line_id = line->id;
            event.quantity = i == 3 ? 2 : 1;
            try(tries, event);
        }
}

/* That has the job, or takes what waits on its printer. */
static int64_t submission_of(const struct small *small, const struct job *job)
{
    const struct submission *one = submission_find(small->memory->dossier, small->submissions[0]);
    return job->submission_id ? job->submission_id : small->submissions[one->printer_id == job->printer_id ? 0 : 1];
}

static void try_job(const struct small *small, struct tries *tries, const struct job *job)
{
    for (enum event_kind kind = EV_JOB_CLAIM; kind <= EV_JOB_DROP; kind++) {
        struct event event = {.kind = kind, .actor = small->hands[0], .job_id = job->id, .page = 1};
        event.submission_id = kind == EV_JOB_CLAIM ? submission_of(small, job) : job->submission_id;
        event.reason = "not-printed";
        if (flow_allows(MACHINE_JOB, job->state, kind))
            try(tries, event);
        event.reason = "printed";
        if (flow_allows(MACHINE_JOB, job->state, kind) && kind == EV_JOB_ANSWER)
            try(tries, event);
    }
}

/* What has come to its end is tried as well: it must be refused. */
static void try_parcels(const struct small *small, struct tries *tries, int which)
{
    for (EACH_ROW(parcel, parcel, small->memory->dossier, small->shipments[which])) {
        struct event event = of(small, which, EV_OUT);
        event.parcel_id = parcel->id;
        event.manifest_id = small->manifest;
        try(tries, event);
        for (EACH_ROW(waybill, waybill, small->memory->dossier, parcel->id)) {
            event = of(small, which, EV_APPLY);
            event.waybill_id = waybill->id;
            try(tries, event);
            for (EACH_ROW(job, job, small->memory->dossier, waybill->id))
                try_job(small, tries, job);
        }
    }
}

static void try_house(const struct small *small, struct tries *tries)
{
    static const enum event_kind BATCH[] = {EV_BATCH_ASSIGN, EV_BATCH_START, EV_BATCH_DONE, EV_BATCH_CANCEL};
    static const enum event_kind GOODS[] = {EV_RECEIVE, EV_ADJUST, EV_ADJUST, EV_MOVE};
    for (size_t i = 0; i < 2 * G_N_ELEMENTS(BATCH); i++)
        try(tries, (struct event){.kind = BATCH[i / 2], .actor = small->hands[i % 2], .batch_id = small->batches[i % 2],
                                  .person_id = small->hands[0].person_id});
    for (size_t i = 0; i < G_N_ELEMENTS(GOODS); i++)
        try(tries, (struct event){.kind = GOODS[i], .actor = small->hands[1], .product_id = small->mug, .reason = "count",
                                  .quantity = i == 1 ? -1 : i == 2 ? 0 : 1, .from_id = small->bins[0],
                                  .to_id = small->bins[GOODS[i] == EV_MOVE]});
    try(tries, (struct event){.kind = EV_MANIFEST_CLOSE, .actor = small->hands[1], .manifest_id = small->manifest});
}

static void all_tries(const struct small *small, struct tries *tries)
{
    tries->count = 0;
    for (int which = 0; which < SHIPMENTS; which++) {
        try_whole(small, tries, which);
        try_tasks(small, tries, which);
        try_lines(small, tries, which);
        try_parcels(small, tries, which);
    }
    try_house(small, tries);
}

/* --- the walk --------------------------------------------------------------------------------------------- */

static void complain(struct small *small, int depth, GString *said)
{
    for (int i = 0; i <= depth; i++)
        g_string_append_printf(said, "by %s of %" G_GINT64_FORMAT " task %" G_GINT64_FORMAT " line %" G_GINT64_FORMAT
                               " tote %" G_GINT64_FORMAT " quantity %" G_GINT64_FORMAT "\n",
                               flow_event_name(small->path[i].kind), small->path[i].shipment_id, small->path[i].task_id,
                               small->path[i].line_id, small->path[i].tote_id, small->path[i].quantity);
    small->broken = g_strdup(said->str);
}

static gboolean is_whole(struct small *small, int depth)
{
    g_autoptr(GString) said = g_string_new(NULL);
    invariants_whole(small->memory, said);
    if (said->len)
        complain(small, depth, said);
    return said->len == 0;
}

/* Whether the state is new, or is walked from for longer than before. */
static gboolean goes_on(struct small *small, int left)
{
    int64_t state = (int64_t)small_state(small->memory, small->shipments, SHIPMENTS);
    gpointer before = g_hash_table_lookup(small->seen, &state);
    small->counts->states += before == NULL;
    if (GPOINTER_TO_INT(before) >= left + 1)
        return FALSE;
    g_hash_table_insert(small->seen, g_memdup2(&state, sizeof state), GINT_TO_POINTER(left + 1));
    return TRUE;
}

static void walk(struct small *small, int depth, int deepest)
{
    g_autofree struct tries *tries = g_new(struct tries, 1);
    all_tries(small, tries);
    const struct memory_mark mark = memory_mark(small->memory);
    for (size_t i = 0; i < tries->count && !small->broken && small->counts->transitions < small->most; i++) {
        small->path[depth] = tries->events[i];
        small->counts->transitions++;
        if (memory_apply(small->memory, tries->events[i]).verdict == VERDICT_DONE) {
            small->counts->done++;
            int left = deepest - depth - 1;
            if (is_whole(small, depth) && goes_on(small, left) && left > 0)
                walk(small, depth + 1, deepest);
        }
        memory_back(small->memory, &mark);
    }
}

/* --- where walks begin ------------------------------------------------------------------------------------- */

/* One step on the way of an order to a state. FALSE: it was refused. */
static gboolean step(struct small *small, int which, enum state to)
{
    const struct shipment *ship = shipment_find(small->memory->dossier, small->shipments[which]);
    struct event event = of(small, which, EV_RELEASE);
    const struct task *open = NULL;
    const struct line *counted = NULL;
    for (EACH_ROW(task, task, small->memory->dossier, ship->id))
        open = task->open ? task : open;
    for (EACH_ROW(line, line, small->memory->dossier, ship->id))
        counted = line->packed < line->picked ? line : counted;
    if (to == ST_CANCELLED) {
        event.kind = EV_CANCEL;
    } else if (ship->state == ST_READY && to != ST_PICKING) { /* those that are only picked go without a batch */
        event.kind = EV_BATCH;
        event.batch_id = small->batches[which];
    } else if (open) {
        event.kind = EV_PICK;
        event.task_id = open->id;
        event.quantity = 1;
        event.tote_id = small->totes[which];
    } else if (counted) {
        event.kind = EV_PACK;
        event.line_id = counted->id;
        event.quantity = 1;
    } else if (ship->state == ST_PACKING) {
        event.kind = EV_CLOSE;
    } else if (ship->state == ST_PACKED || ship->state == ST_LABELLED) {
        const struct parcel *parcel = parcel_first(small->memory->dossier, ship->id);
        event.kind = ship->state == ST_PACKED ? EV_APPLY : EV_OUT;
        event.waybill_id = waybill_first(small->memory->dossier, parcel->id)->id;
        event.parcel_id = parcel->id;
        event.manifest_id = small->manifest;
    }
    return memory_apply(small->memory, event).verdict == VERDICT_DONE;
}

static gboolean drive(struct small *small, int which, enum state to)
{
    enum { STEPS = 12 };
    for (int i = 0; i < STEPS; i++) {
        if (shipment_find(small->memory->dossier, small->shipments[which])->state == to)
            return TRUE;
        if (!step(small, which, to))
            return FALSE;
    }
    return FALSE;
}

char *small_world_walk(int depth, int64_t most, void (*spoil)(struct memory *memory, const struct decision *d),
                       struct small_counts *counts)
{
    struct small small = {.counts = counts, .most = most};
    size_t count = 0;
    clock_t begun = clock();
    const enum state *states = flow_states(MACHINE_SHIPMENT, &count);
    g_assert(depth <= DEEPEST);
    small_open(&small);
    small.memory->spoil = spoil;
    const struct memory_mark mark = memory_mark(small.memory);
    for (size_t pair = 0; pair < count * count && !small.broken && counts->transitions < most; pair++) {
        if (drive(&small, 0, states[pair / count]) && drive(&small, 1, states[pair % count])) {
            counts->starts++;
            goes_on(&small, depth);
            walk(&small, 0, depth);
        } else {
            counts->never++;
        }
        memory_back(small.memory, &mark);
    }
    small_close(&small);
    counts->seconds = (double)(clock() - begun) / CLOCKS_PER_SEC;
    return small.broken;
}

void small_world_tell(const struct small_counts *counts)
{
    g_print("# from %" G_GINT64_FORMAT " pairs of states (%" G_GINT64_FORMAT " were not reached): %" G_GINT64_FORMAT
            " transitions, %" G_GINT64_FORMAT " done, %" G_GINT64_FORMAT " states, %.1f s\n", counts->starts, counts->never,
            counts->transitions, counts->done, counts->states, counts->seconds);
}

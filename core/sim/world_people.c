/* SPDX-License-Identifier: MIT
 *
 * Those who work on the floor. They do what is next, nearly always; now and then they take something back, put it into the
 * wrong tote, or scan twice.
 */
#include <string.h>

#include "core/code/courier.h"
#include "core/sim/world_inner.h"

#define S(state) (UINT64_C(1) << ST_##state)
#define ANY_OPEN (S(NEW) | S(READY) | S(BATCHED) | S(PICKING) | S(PICKED) | S(PACKING) | S(PACKED) | S(LABELLED))

/* What they are at, when it is still in one of the states; else something new. */
static const struct shipment *at_work(struct world *world, struct worker *worker, uint64_t states)
{
    const struct shipment *ship = worker->shipment_id ? shipment_find(world->memory->dossier, worker->shipment_id) : NULL;
    if (!ship || !(states >> ship->state & 1) || chance_percent(&worker->chance, 4))
        ship = world_find(world, &worker->chance, states);
    worker->shipment_id = ship ? ship->id : 0;
    return ship;
}

/* Who is refused turns to something else. */
static gboolean go(struct world *world, struct worker *worker, struct event event)
{
    event.shipment_id = worker->shipment_id;
    gboolean done = world_do(world, worker, event).verdict == VERDICT_DONE;
    if (!done)
        worker->shipment_id = 0;
    return done;
}

/* --- pick ----------------------------------------------------------------------------------------------- */

/* Where goods of a task lie that were picked: the tote they were put into, or 0, the bench. */
static int64_t lies_in(const struct world *world, const struct task *task)
{
    for (EACH_ROW(held, held, world->memory->dossier, task->shipment_id))
        if (held->product_id == task->product_id && held->lot_id == task->lot_id && held->quantity > 0)
            return held->location_id == world->memory->house.bench_id ? 0 : held->location_id;
    return 0;
}

static int64_t tote_for(struct world *world, struct worker *worker, const struct shipment *ship)
{
    const struct tote_use *use = tote_use_first(world->memory->dossier, ship->id);
    if (use && chance_percent(&worker->chance, 90))
        return use->tote_id;
    int64_t any = world->totes[chance_below(&worker->chance, TOTES)];
    gboolean taken = tote_use_find(world->memory->dossier, any) != NULL;
    return chance_percent(&worker->chance, taken ? 10 : 70) ? any : 0;
}

static void pick_task(struct world *world, struct worker *worker, const struct shipment *ship, const struct task *task)
{
    int64_t left = task->quantity - task->picked, what = chance_below(&worker->chance, 100);
    struct event event = {.kind = EV_PICK, .task_id = task->id, .quantity = left};
    if (what < 3)
        event.kind = EV_SKIP;
    else if (what < 6) {
        event.kind = EV_SHORT;
        event.reason = "empty";
    } else if (what < 30) {
        event.quantity = 1;
    }
    event.tote_id = event.kind == EV_PICK ? tote_for(world, worker, ship) : 0;
    if (!go(world, worker, event) && event.kind == EV_PICK && chance_percent(&worker->chance, 30))
        world_do(world, worker, (struct event){.kind = EV_SHORT, .shipment_id = task->shipment_id, .task_id = task->id,
                                               .reason = "not good"});
}

static void undo_pick(struct world *world, struct worker *worker, const struct task *task)
{
    struct event event = {.kind = EV_UNPICK, .task_id = task->id, .quantity = 1};
    event.tote_id = lies_in(world, task);
    go(world, worker, event);
}

void world_picker(struct world *world, struct worker *worker)
{
    const struct shipment *ship = at_work(world, worker, S(READY) | S(BATCHED) | S(PICKING) | S(PICKED) | S(PACKING));
    if (!ship)
        return;
    const struct task *open = NULL, *picked = NULL;
    for (EACH_ROW(task, task, world->memory->dossier, ship->id)) {
        open = task->open && (!open || task->skipped < open->skipped) ? task : open;
        picked = task->picked > 0 ? task : picked;
    }
    if (picked && chance_percent(&worker->chance, 3))
        undo_pick(world, worker, picked);
    else if (chance_percent(&worker->chance, 1))
        go(world, worker, (struct event){.kind = EV_TOTE, .tote_id = world->totes[chance_below(&worker->chance, TOTES)]});
    else if (open)
        pick_task(world, worker, ship, open);
    else
        worker->shipment_id = 0;
}

/* --- pack ----------------------------------------------------------------------------------------------- */

static int64_t lot_for(const struct world *world, const struct worker *worker, const struct line *line)
{
    struct worker copy = *worker;
    int64_t lot = 0, seen = 0;
    for (EACH_ROW(held, held, world->memory->dossier, line->shipment_id))
        if (held->product_id == line->product_id && held->quantity > 0 && chance_below(&copy.chance, ++seen) == 0)
            lot = held->lot_id;
    return lot;
}

static void count_line(struct world *world, struct worker *worker, const struct line *line)
{
    struct event event = {.kind = EV_PACK, .line_id = line->id, .quantity = 1};
    if (chance_percent(&worker->chance, 60))
        event.quantity = line->picked - line->packed;
    if (line->has_lots && chance_percent(&worker->chance, 95))
        event.lot_id = lot_for(world, worker, line);
    go(world, worker, event);
}

static void stick_label(struct world *world, struct worker *worker, const struct shipment *ship)
{
    for (EACH_ROW(parcel, parcel, world->memory->dossier, ship->id))
        for (EACH_ROW(waybill, waybill, world->memory->dossier, parcel->id))
            if (parcel->state == ST_PACKED && waybill->state != ST_VOID) {
                go(world, worker, (struct event){.kind = EV_APPLY, .waybill_id = waybill->id});
                return;
            }
    worker->shipment_id = 0;
}

/* One that is closed already, or stays open, may have a label to stick. */
static void close_box(struct world *world, struct worker *worker, const struct shipment *ship)
{
    struct event event = {.kind = EV_CLOSE, .weight_g = chance_percent(&worker->chance, 70) ? 500 : 0};
    if (go(world, worker, event))
        return;
    worker->shipment_id = ship->id;
    stick_label(world, worker, ship);
}

static void pack_or_close(struct world *world, struct worker *worker, const struct shipment *ship)
{
    const struct line *counted = NULL;
    for (EACH_ROW(line, line, world->memory->dossier, ship->id)) {
        if (line->picked > line->packed && line->state != ST_CANCELLED) {
            count_line(world, worker, line);
            return;
        }
        counted = line->packed > 0 ? line : counted;
    }
    if (counted && chance_percent(&worker->chance, 4))
        go(world, worker, (struct event){.kind = EV_UNPACK, .line_id = counted->id, .quantity = 1});
    else if (!counted && chance_percent(&worker->chance, 90))
        stick_label(world, worker, ship);
    else
        close_box(world, worker, ship);
}

void world_packer(struct world *world, struct worker *worker)
{
    const struct shipment *ship = at_work(world, worker, S(PICKED) | S(PACKING) | S(PACKED));
    if (!ship)
        return;
    if (ship->state == ST_PACKED && chance_percent(&worker->chance, 95))
        stick_label(world, worker, ship);
    else if (ship->state == ST_PACKED || chance_percent(&worker->chance, 2))
        go(world, worker, (struct event){.kind = EV_REOPEN});
    else
        pack_or_close(world, worker, ship);
}

/* --- dock ----------------------------------------------------------------------------------------------- */

static const struct manifest *open_manifest(const struct world *world, const char *courier)
{
    for (EACH_ROW(manifest, manifest, world->memory->dossier, 0))
        if (manifest->state == ST_OPEN && strcmp(manifest->courier, courier) == 0)
            return manifest;
    return NULL;
}

void world_dock(struct world *world, struct worker *worker)
{
    const struct shipment *ship = world_find(world, &worker->chance, S(LABELLED) | S(PACKED) | S(PACKING));
    if (!ship)
        return;
    const struct manifest *open = open_manifest(world, ship->courier);
    if (!open || chance_percent(&worker->chance, 1)) {
        world_do(world, worker, (struct event){.kind = EV_MANIFEST_OPEN, .courier = ship->courier});
        return;
    }
    if (chance_percent(&worker->chance, 1)) {
        world_do(world, worker, (struct event){.kind = EV_MANIFEST_CLOSE, .manifest_id = open->id});
        return;
    }
    struct event out = {.kind = EV_OUT, .shipment_id = ship->id, .manifest_id = open->id};
    for (EACH_ROW(parcel, parcel, world->memory->dossier, ship->id))
        if (parcel->state == ST_LABELLED ||
            (out.parcel_id == 0 && chance_percent(&worker->chance, parcel->state == ST_OUT ? 20 : 2)))
            out.parcel_id = parcel->id;
    if (out.parcel_id)
        world_do(world, worker, out);
}

/* --- lead ----------------------------------------------------------------------------------------------- */

static unsigned blocks_of(const struct world *world, const struct shipment *ship)
{
    unsigned blocks = 0;
    for (EACH_ROW(block_row, block, world->memory->dossier, ship->id))
        blocks |= block->cleared_at == 0 ? (unsigned)flow_block_parse(block->kind) : 0;
    return blocks;
}

static void into_batch(struct world *world, struct worker *worker, const struct shipment *ship)
{
    int64_t batch_id = world_one_of(&worker->chance, world->batches);
    struct event event = {.kind = EV_BATCH, .shipment_id = ship->id, .batch_id = batch_id};
    if (batch_id == 0 || world->batches->len < 4 || chance_percent(&worker->chance, 10)) {
        const struct event make = {.kind = EV_BATCH_MAKE,
                                   .courier = chance_percent(&worker->chance, 40) ? ship->courier : "",
                                   .person_id = chance_percent(&worker->chance, 50) ? worker->actor.person_id : 0};
        event.batch_id = world_do(world, worker, make).subject_id;
    }
    world_do(world, worker, event);
}

static void change_batch(struct world *world, struct worker *worker)
{
    static const enum event_kind KINDS[] = {EV_BATCH_ASSIGN, EV_BATCH_ASSIGN, EV_BATCH_ASSIGN, EV_BATCH_START,
                                            EV_BATCH_CANCEL};
    struct event event = {.batch_id = world_one_of(&worker->chance, world->batches)};
    event.kind = KINDS[chance_below(&worker->chance, G_N_ELEMENTS(KINDS))];
    event.person_id = chance_percent(&worker->chance, 50) ? world->memory->as[ROLE_PICKER].person_id : 0;
    if (event.batch_id)
        world_do(world, worker, event);
}

/* A run of what is not packed yet. */
static void print_ahead(struct world *world, struct worker *worker)
{
    struct event event = {.kind = EV_RUN_MAKE, .text = "some", .quantity = 10, .printer_id = world->printers[0]};
    int64_t run_id = world_one_of(&worker->chance, world->runs);
    if (run_id == 0)
        run_id = world_do(world, worker, event).subject_id;
    for (int i = 0; i < 6; i++) {
        const struct shipment *ship = world_find(world, &worker->chance, S(READY) | S(BATCHED) | S(PICKING) | S(PICKED));
        event = (struct event){.kind = EV_PRINT_AHEAD, .run_id = run_id, .printer_id = world->printers[0]};
        event.shipment_id = ship ? ship->id : 0;
        if (ship)
            world_do(world, worker, event);
    }
    world_do(world, worker, (struct event){.kind = EV_RUN_START, .run_id = run_id});
}

static void end_run(struct world *world, struct worker *worker)
{
    static const enum event_kind KINDS[] = {EV_RUN_PAUSE, EV_RUN_DONE, EV_RUN_DONE, EV_RUN_CANCEL};
    int64_t run_id = world_one_of(&worker->chance, world->runs);
    if (!run_id)
        return;
    struct event event = {.kind = KINDS[chance_below(&worker->chance, G_N_ELEMENTS(KINDS))], .run_id = run_id};
    if (event.kind == EV_RUN_DONE)
        event.actor = world->memory->as[ROLE_SYSTEM];
    if (world_do(world, worker, event).verdict != VERDICT_DONE || event.kind != EV_RUN_CANCEL)
        return;
    for (guint i = 0; i < world->jobs->len; i++) { /* what is queued is dropped afterwards */
        const struct job *job = job_find(world->memory->dossier, g_array_index(world->jobs, int64_t, i));
        if (job && job->run_id == run_id && job->state == ST_QUEUED)
            world_do(world, worker, (struct event){.kind = EV_JOB_DROP, .job_id = job->id});
    }
}

/* What stops it is dealt with. */
static void unblock(struct world *world, struct worker *worker, const struct shipment *ship, unsigned blocks)
{
    struct event event = {.kind = EV_UNBLOCK, .shipment_id = ship->id, .reason = "seen to"};
    event.block = (enum block)(1u << g_bit_nth_lsf((gulong)blocks, -1));
    if (event.block == BLOCK_CANCELLED && chance_percent(&worker->chance, 80))
        event.kind = EV_CANCEL;
    else if (event.block == BLOCK_CHANGED && chance_percent(&worker->chance, 90))
        event.kind = EV_RENEW;
    else if (event.block == BLOCK_SHORT)
        event.kind = EV_RELEASE;
    if (event.kind == EV_RELEASE && chance_percent(&worker->chance, 70))
        event.kind = ship->state == ST_PACKING ? EV_CLOSE_SPLIT : EV_SPLIT;
    event.weight_g = 100;
    if (world_do(world, worker, event).verdict == VERDICT_DONE || event.kind == EV_UNBLOCK || event.block == BLOCK_SHORT)
        return;
    event.kind = EV_UNBLOCK; /* it can be no more, or has no paper */
    world_do(world, worker, event);
}

static const struct line *any_line(const struct world *world, struct chance *chance, const struct shipment *ship)
{
    const struct line *found = NULL;
    int64_t seen = 0;
    for (EACH_ROW(line, line, world->memory->dossier, ship->id))
        if (line->state != ST_CANCELLED && chance_below(chance, ++seen) == 0)
            found = line;
    return found;
}

/* Minds that are changed in the middle. */
static void change_mind(struct world *world, struct worker *worker, const struct shipment *ship)
{
    static const enum event_kind KINDS[] = {EV_BLOCK,  EV_UNBATCH, EV_ASSIGN, EV_REPRINT,     EV_RENEW,   EV_CLOSE_SPLIT,
                                            EV_CANCEL, EV_REOPEN,  EV_SPLIT,  EV_CANCEL_LINE, EV_RELEASE, EV_UNBATCH};
    struct event event = {.shipment_id = ship->id, .block = BLOCK_HELD, .reason = "changed my mind", .weight_g = 100};
    const struct line *line = any_line(world, &worker->chance, ship);
    event.kind = KINDS[chance_below(&worker->chance, G_N_ELEMENTS(KINDS))];
    event.line_id = event.kind == EV_CANCEL_LINE && line ? line->id : 0;
    event.person_id = event.kind == EV_ASSIGN ? world->memory->as[ROLE_PICKER].person_id : 0;
    if (event.kind == EV_CANCEL && chance_percent(&worker->chance, 60))
        return;
    world_do(world, worker, event);
}

/* What the courier can't bring goes by another one; what nothing is wanted of is cancelled. */
static void release(struct world *world, struct worker *worker, const struct shipment *ship)
{
    struct event event = {.kind = EV_RELEASE, .shipment_id = ship->id};
    enum err code = world_do(world, worker, event).code;
    if (code == ERR_COURIER_FAULT || code == ERR_COURIER_UNKNOWN)
        world_do(world, worker, (struct event){.kind = EV_CHANGE, .shipment_id = ship->id, .courier = "hct",
                                               .recipient_id = world->recipients[0]});
    else if (code == ERR_FLOW_EMPTY && chance_percent(&worker->chance, 20))
        world_do(world, worker, (struct event){.kind = EV_CANCEL, .shipment_id = ship->id, .reason = "nothing to send"});
}

static void see_to(struct world *world, struct worker *worker, const struct shipment *ship)
{
    unsigned blocks = blocks_of(world, ship);
    if (blocks && chance_percent(&worker->chance, 80))
        unblock(world, worker, ship, blocks);
    else if (ship->state == ST_NEW)
        release(world, worker, ship);
    else if (ship->state == ST_READY && chance_percent(&worker->chance, 60))
        into_batch(world, worker, ship);
    else if (chance_percent(&worker->chance, 25))
        change_mind(world, worker, ship);
}

void world_lead(struct world *world, struct worker *worker)
{
    int64_t what = chance_below(&worker->chance, 100);
    const struct shipment *ship = world_find(world, &worker->chance, what < 40 ? S(NEW) | S(READY) : ANY_OPEN);
    if (what >= 98)
        print_ahead(world, worker);
    else if (what >= 96)
        end_run(world, worker);
    else if (what >= 93)
        change_batch(world, worker);
    else if ((ship = ship ? ship : world_find(world, &worker->chance, ANY_OPEN)))
        see_to(world, worker, ship);
}

/* --- the print worker, and who looks at its printers ------------------------------------------------------ */

/* A submission of its own for the job, and the job in it. One whose printer is off goes elsewhere. */
static void send_job(struct world *world, struct worker *worker, const struct job *job)
{
    struct memory *memory = world->memory;
    const struct printer *printer = printer_find(memory->dossier, job->printer_id);
    g_autofree char *uuid = g_strdup_printf("u%" G_GINT64_FORMAT, world->counts.events);
    struct event make = {.kind = EV_SUBMISSION_MAKE, .printer_id = job->printer_id,
                         .quantity = printer ? printer_address(printer->host, printer->uri) : 0,
                         .text = dossier_text(memory->dossier, uuid)};
    struct event claim = {.kind = EV_JOB_CLAIM, .job_id = job->id, .page = 1};
    struct outcome made = world_do(world, worker, make);
    claim.submission_id = made.subject_id;
    if (made.verdict == VERDICT_DONE)
        world_do(world, worker, claim);
    else
        world_do(world, worker, (struct event){.kind = EV_JOB_RETRY, .job_id = job->id});
}

static gboolean is_under_way(enum state state)
{
    return state == ST_SUBMITTING || state == ST_SUBMITTED;
}

/* The submission's event, and the job's that goes with it. */
static void both(struct world *world, struct worker *worker, const struct job *job, enum event_kind own,
                 enum event_kind of_job)
{
    struct event event = {.kind = own, .submission_id = job->submission_id, .text = "jam", .quantity = 1};
    if (own == EV_SUBMISSION_PRINTED || own == EV_SUBMISSION_SENT)
        event.text = NULL;
    if (world_do(world, worker, event).verdict != VERDICT_DONE)
        return;
    event = (struct event){.kind = of_job, .job_id = job->id, .submission_id = job->submission_id, .text = event.text};
    world->counts.labels_lost += of_job == EV_JOB_LOST;
    world->counts.labels_failed += of_job == EV_JOB_FAILED;
    if (of_job != EV_NONE)
        world_do(world, worker, event);
}

static void follow_job(struct world *world, struct worker *worker, const struct job *job)
{
    const struct submission *submission = submission_find(world->memory->dossier, job->submission_id);
    int64_t what = chance_below(&worker->chance, 100);
    gboolean ends = what >= 92, sealed = submission && submission->pages > 0;
    gboolean open = submission && is_under_way(submission->state);
    if (!open) /* a stranger ended it */
        world_do(world, worker, (struct event){.kind = EV_JOB_LOST, .job_id = job->id, .submission_id = job->submission_id});
    else if (!sealed)
        both(world, worker, job, ends ? EV_SUBMISSION_WITHDRAW : EV_SUBMISSION_SEAL, ends ? EV_JOB_FAILED : EV_NONE);
    else if (ends)
        both(world, worker, job, what < 96 ? EV_SUBMISSION_FAILED : EV_SUBMISSION_LOST, what < 96 ? EV_JOB_FAILED : EV_JOB_LOST);
    else if (submission->state == ST_SUBMITTED && job->state == ST_SUBMITTED && what < 86)
        both(world, worker, job, EV_SUBMISSION_PRINTED, EV_JOB_PRINTED);
    else /* said again, too */
        both(world, worker, job, EV_SUBMISSION_SENT, job->state == ST_SUBMITTING ? EV_JOB_SENT : EV_NONE);
}

static void answer_for(struct world *world, struct worker *worker, const struct job *job)
{
    int64_t what = chance_below(&worker->chance, 100);
    struct event event = {.kind = EV_JOB_ANSWER, .job_id = job->id, .reason = what < 50 ? "printed" : "not-printed"};
    if (job->state == ST_FAILED)
        event = (struct event){.kind = EV_JOB_RETRY, .job_id = job->id,
                               .printer_id = what < 50 ? 0 : world->printers[chance_below(&worker->chance, PRINTERS)]};
    world_do(world, worker, event);
}

/* Nearly every label is sent; some can't be made into paper. */
static void next_of_job(struct world *world, struct worker *worker, const struct job *job)
{
    if (is_under_way(job->state)) {
        follow_job(world, worker, job);
    } else if (job->state != ST_QUEUED) {
        answer_for(world, worker, job);
    } else if (chance_percent(&worker->chance, 95)) {
        send_job(world, worker, job);
    } else {
        world->counts.labels_failed++;
        world_do(world, worker, (struct event){.kind = EV_JOB_FAILED, .job_id = job->id, .text = "jam"});
    }
}

static void see_to_job(struct world *world, struct worker *worker, guint n)
{
    int64_t id = g_array_index(world->jobs, int64_t, n);
    const struct job *job = job_find(world->memory->dossier, id);
    if (job && job->state != ST_PRINTED && job->state != ST_ANSWERED)
        next_of_job(world, worker, job);
    job = job_find(world->memory->dossier, id);
    if (!job || job->state == ST_PRINTED || job->state == ST_ANSWERED)
        g_array_remove_index_fast(world->jobs, n);
}

/* What nobody follows any more: the worker died behind making it, or somebody else ended its job. */
static void end_left_submissions(struct world *world, struct worker *worker)
{
    g_autoptr(GHashTable) followed = g_hash_table_new(NULL, NULL);
    g_autoptr(GArray) left = g_array_new(FALSE, FALSE, sizeof(struct event));
    for (guint i = 0; i < world->jobs->len; i++) {
        const struct job *job = job_find(world->memory->dossier, g_array_index(world->jobs, int64_t, i));
        if (job && is_under_way(job->state))
            g_hash_table_add(followed, GSIZE_TO_POINTER((gsize)job->submission_id));
    }
    for (EACH_ROW(submission, submission, world->memory->dossier, 0)) {
        const struct event event = {.kind = submission->pages > 0 ? EV_SUBMISSION_LOST : EV_SUBMISSION_WITHDRAW,
                                    .submission_id = submission->id, .text = "left"};
        if (is_under_way(submission->state) &&
            !g_hash_table_contains(followed, GSIZE_TO_POINTER((gsize)submission->id)))
            g_array_append_val(left, event);
    }
    for (guint i = 0; i < left->len; i++)
        world_do(world, worker, g_array_index(left, struct event, i));
}

/* The longer the queue, the more of it is seen to at once. */
void world_worker(struct world *world, struct worker *worker)
{
    enum { AT_ONCE = 30 };
    for (guint i = 0; i <= world->jobs->len / AT_ONCE && world->jobs->len; i++)
        see_to_job(world, worker, (guint)chance_below(&worker->chance, world->jobs->len));
    if (chance_percent(&worker->chance, 1))
        end_left_submissions(world, worker);
}

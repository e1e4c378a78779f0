/* SPDX-License-Identifier: MIT
 *
 * What may happen, when: the transition tables. apply.c applies them.
 */
#include "core/flow/flow.h"

#include "core/flow/transition.h"

/* --- the tables ----------------------------------------------------------------------------------------- */

#define S(state) (UINT64_C(1) << ST_##state)
#define SAME UINT64_C(0)

#define ANY_OPEN                                                                                                       \
    (S(NEW) | S(READY) | S(BATCHED) | S(PICKING) | S(PICKED) | S(PACKING) | S(PACKED) | S(LABELLED))
#define BEFORE_PACK (S(READY) | S(BATCHED) | S(PICKING) | S(PICKED))

/* What stops which step. */
#define STOPS_RELEASE (STOPPING_BLOCKS | BLOCK_PRESALE)
#define STOPS_PICK (STOPPING_BLOCKS)
#define STOPS_PACK (STOPPING_BLOCKS)
#define STOPS_LABEL (STOPPING_BLOCKS | BLOCK_CHANGED)

static const struct transition TABLE[] = {
    /* shipment */
    {MACHINE_SHIPMENT, S(NEW), EV_FILL, 0, NULL, fill_effect, SAME},
    {MACHINE_SHIPMENT, S(NEW), EV_RELEASE, STOPS_RELEASE, release_guard, release_effect, S(READY)},
    {MACHINE_SHIPMENT, S(READY) | S(BATCHED) | S(PICKING) | S(PACKING), EV_RELEASE, STOPS_RELEASE, release_guard,
     release_effect, SAME},
    {MACHINE_SHIPMENT, S(PICKED), EV_RELEASE, STOPS_RELEASE, release_guard, release_effect, S(PICKING) | S(PICKED)},
    {MACHINE_SHIPMENT, ANY_OPEN, EV_BLOCK, 0, NULL, block_effect, SAME},
    {MACHINE_SHIPMENT, ANY_OPEN, EV_UNBLOCK, 0, NULL, unblock_effect, SAME},
    {MACHINE_SHIPMENT, ANY_OPEN, EV_CHANGE, 0, NULL, change_effect, SAME},
    {MACHINE_SHIPMENT, S(READY), EV_BATCH, STOPS_PICK, NULL, batch_in_effect, S(BATCHED)},
    {MACHINE_SHIPMENT, S(BATCHED), EV_UNBATCH, 0, NULL, batch_out_effect, S(READY)},
    {MACHINE_SHIPMENT, S(PICKING) | S(PICKED), EV_UNBATCH, 0, NULL, batch_out_effect, SAME},
    {MACHINE_SHIPMENT, ANY_OPEN, EV_ASSIGN, 0, NULL, assign_effect, SAME},
    {MACHINE_SHIPMENT, S(READY) | S(BATCHED) | S(PICKING), EV_TOTE, STOPS_PICK, NULL, tote_effect, SAME},
    {MACHINE_SHIPMENT, S(READY) | S(BATCHED) | S(PICKING), EV_PICK, STOPS_PICK, pick_guard, pick_effect,
     S(PICKING) | S(PICKED)},
    {MACHINE_SHIPMENT, S(PICKING) | S(PICKED), EV_UNPICK, 0, NULL, unpick_effect, S(PICKING)},
    {MACHINE_SHIPMENT, S(READY) | S(BATCHED) | S(PICKING), EV_SHORT, STOPS_PICK, NULL, short_effect, S(PICKING)},
    {MACHINE_SHIPMENT, S(READY) | S(BATCHED) | S(PICKING) | S(PACKING), EV_SKIP, 0, NULL, skip_effect, SAME},
    {MACHINE_SHIPMENT, S(PICKING), EV_SPLIT, STOPS_PICK, split_guard, NULL, S(PICKED)},
    /* what follows a split */
    {MACHINE_SHIPMENT, S(PACKING), EV_PICK, STOPS_PICK, pick_guard, pick_effect, S(PICKING) | S(PICKED) | S(PACKING)},
    {MACHINE_SHIPMENT, S(PACKING), EV_UNPICK, 0, NULL, unpick_effect, S(PACKING)},
    {MACHINE_SHIPMENT, S(PACKING), EV_SHORT, STOPS_PICK, NULL, short_effect, S(PACKING)},
    {MACHINE_SHIPMENT, S(PICKED) | S(PACKING), EV_PACK, STOPS_PACK, pack_guard, pack_effect, S(PACKING)},
    {MACHINE_SHIPMENT, S(PACKING), EV_UNPACK, 0, NULL, unpack_effect, S(PACKING) | S(PICKED)},
    {MACHINE_SHIPMENT, S(PACKING), EV_CLOSE, STOPS_PACK, close_guard, close_effect,
     S(PACKING) | S(PACKED)},
    {MACHINE_SHIPMENT, S(PACKING), EV_CLOSE_SPLIT, STOPS_PACK, close_split_guard, close_effect,
     S(PACKING) | S(PACKED)},
    {MACHINE_SHIPMENT, S(PACKED) | S(PACKING), EV_REOPEN, 0, reopen_guard, reopen_effect, S(PACKING)},
    {MACHINE_SHIPMENT, BEFORE_PACK, EV_PRINT_AHEAD, STOPS_LABEL, NULL, print_ahead_effect, SAME},
    {MACHINE_SHIPMENT, BEFORE_PACK | S(PACKING) | S(PACKED) | S(LABELLED), EV_REPRINT, STOPS_LABEL, NULL,
     reprint_effect, SAME},
    {MACHINE_SHIPMENT, BEFORE_PACK | S(PACKING) | S(PACKED), EV_RENEW, STOPPING_BLOCKS, NULL, renew_effect, SAME},
    {MACHINE_SHIPMENT, S(LABELLED), EV_RENEW, STOPPING_BLOCKS, NULL, renew_effect, S(PACKED)},
    {MACHINE_SHIPMENT, S(PACKED) | S(PACKING), EV_APPLY, STOPS_LABEL, apply_guard, apply_effect,
     S(PACKING) | S(PACKED) | S(LABELLED)},
    {MACHINE_SHIPMENT, S(LABELLED) | S(PACKING) | S(PACKED), EV_OUT, STOPS_LABEL, out_guard, out_effect,
     S(LABELLED) | S(PACKING) | S(PACKED) | S(OUTBOUND)},
    {MACHINE_SHIPMENT, ANY_OPEN, EV_CANCEL, 0, NULL, cancel_effect, S(CANCELLED)},
    {MACHINE_SHIPMENT, S(NEW) | BEFORE_PACK | S(PACKING) | S(PACKED), EV_CANCEL_LINE, 0, cancel_line_guard, cancel_line_effect,
     S(NEW) | BEFORE_PACK | S(PACKING) | S(PACKED) | S(LABELLED) | S(OUTBOUND) | S(CANCELLED)},

    /* line */
    {MACHINE_LINE, S(OPEN), EV_RELEASE, 0, NULL, NULL, S(RESERVED)},
    {MACHINE_LINE, S(RESERVED), EV_PICK, 0, NULL, NULL, S(PICKED)},
    {MACHINE_LINE, S(PICKED), EV_UNPICK, 0, NULL, NULL, S(RESERVED)},
    {MACHINE_LINE, S(RESERVED), EV_SHORT, 0, NULL, NULL, S(OPEN)},
    {MACHINE_LINE, S(PICKED), EV_PACK, 0, NULL, NULL, S(PACKED)},
    {MACHINE_LINE, S(PACKED), EV_UNPACK, 0, NULL, NULL, S(PICKED)},
    {MACHINE_LINE, S(OPEN) | S(RESERVED) | S(PICKED) | S(PACKED), EV_CANCEL_LINE, 0, NULL, NULL, S(CANCELLED)},
    {MACHINE_LINE, S(OPEN) | S(RESERVED) | S(PICKED), EV_SPLIT, 0, NULL, NULL, S(PACKED)},

    /* parcel */
    {MACHINE_PARCEL, S(OPEN), EV_CLOSE, 0, NULL, NULL, S(PACKED)},
    {MACHINE_PARCEL, S(PACKED), EV_REOPEN, 0, NULL, NULL, S(OPEN)},
    {MACHINE_PARCEL, S(PACKED), EV_APPLY, 0, NULL, NULL, S(LABELLED)},
    {MACHINE_PARCEL, S(LABELLED), EV_RENEW, 0, NULL, NULL, S(PACKED)},
    {MACHINE_PARCEL, S(LABELLED), EV_OUT, 0, NULL, NULL, S(OUT)},
    {MACHINE_PARCEL, S(OPEN) | S(PACKED) | S(LABELLED), EV_CANCEL, 0, NULL, NULL, S(VOID)},

    /* waybill */
    {MACHINE_WAYBILL, S(FREE), EV_ASSIGN, 0, NULL, NULL, S(ASSIGNED)},
    {MACHINE_WAYBILL, S(ASSIGNED), EV_JOB_PRINTED, 0, NULL, NULL, S(PRINTED)},
    {MACHINE_WAYBILL, S(ASSIGNED) | S(PRINTED), EV_APPLY, 0, NULL, NULL, S(APPLIED)},
    {MACHINE_WAYBILL, S(APPLIED), EV_OUT, 0, NULL, NULL, S(OUT)},
    {MACHINE_WAYBILL, S(ASSIGNED) | S(PRINTED) | S(APPLIED), EV_RENEW, 0, NULL, NULL, S(VOID)},
    {MACHINE_WAYBILL, S(ASSIGNED) | S(PRINTED) | S(APPLIED), EV_CANCEL, 0, NULL, NULL, S(VOID)},

    /* print job */
    {MACHINE_JOB, S(QUEUED), EV_JOB_CLAIM, 0, NULL, job_effect, S(SUBMITTING)},
    {MACHINE_JOB, S(SUBMITTING), EV_JOB_SENT, 0, NULL, job_effect, S(SUBMITTED)},
    {MACHINE_JOB, S(SUBMITTING) | S(SUBMITTED), EV_JOB_PRINTED, 0, NULL, job_effect, S(PRINTED)},
    {MACHINE_JOB, S(QUEUED) | S(SUBMITTING) | S(SUBMITTED), EV_JOB_FAILED, 0, NULL, job_effect, S(FAILED)},
    {MACHINE_JOB, S(SUBMITTING) | S(SUBMITTED), EV_JOB_LOST, 0, NULL, job_effect, S(UNKNOWN)},
    {MACHINE_JOB, S(FAILED), EV_JOB_RETRY, 0, NULL, job_retry_effect, S(QUEUED)},
    {MACHINE_JOB, S(QUEUED), EV_JOB_RETRY, 0, NULL, job_retry_effect, SAME},
    {MACHINE_JOB, S(UNKNOWN), EV_JOB_ANSWER, 0, NULL, job_answer_effect, S(ANSWERED)},
    {MACHINE_JOB, S(QUEUED), EV_JOB_DROP, 0, NULL, job_effect, S(FAILED)},

    /* batch */
    {MACHINE_BATCH, S(NONE), EV_BATCH_MAKE, 0, NULL, batch_make_effect, S(READY)},
    {MACHINE_BATCH, S(READY) | S(RUNNING), EV_BATCH_ASSIGN, 0, batch_assign_guard, batch_assign_effect, SAME},
    {MACHINE_BATCH, S(READY), EV_BATCH_START, 0, NULL, NULL, S(RUNNING)},
    {MACHINE_BATCH, S(READY) | S(RUNNING), EV_BATCH_DONE, 0, NULL, NULL, S(DONE)},
    {MACHINE_BATCH, S(DONE), EV_UNPICK, 0, NULL, NULL, S(RUNNING)},
    {MACHINE_BATCH, S(READY) | S(RUNNING), EV_BATCH_CANCEL, 0, NULL, batch_cancel_effect, S(CANCELLED)},

    /* manifest */
    {MACHINE_MANIFEST, S(NONE), EV_MANIFEST_OPEN, 0, NULL, manifest_open_effect, S(OPEN)},
    {MACHINE_MANIFEST, S(OPEN), EV_MANIFEST_CLOSE, 0, NULL, manifest_close_effect, S(CLOSED)},

    /* print run */
    {MACHINE_RUN, S(NONE), EV_RUN_MAKE, 0, NULL, run_make_effect, S(PAUSED)},
    {MACHINE_RUN, S(PAUSED), EV_RUN_START, 0, NULL, run_start_effect, S(RUNNING)},
    {MACHINE_RUN, S(RUNNING), EV_RUN_PAUSE, 0, NULL, run_effect, S(PAUSED)},
    {MACHINE_RUN, S(RUNNING) | S(PAUSED), EV_RUN_CANCEL, 0, NULL, run_end_effect, S(CANCELLED)},
    {MACHINE_RUN, S(RUNNING), EV_RUN_DONE, 0, NULL, run_end_effect, S(DONE)},

    /* without a state of its own */
    {MACHINE_NONE, S(NONE), EV_RECEIVE, 0, NULL, receive_effect, SAME},
    {MACHINE_NONE, S(NONE), EV_ADJUST, 0, NULL, adjust_effect, SAME},
    {MACHINE_NONE, S(NONE), EV_MOVE, 0, NULL, move_effect, SAME},
    {MACHINE_NONE, S(NONE), EV_PRINT, 0, NULL, print_sheet_effect, SAME},
    {MACHINE_NONE, S(NONE), EV_NOTE, 0, NULL, NULL, SAME},
};

/* Whose event it is and who may cause it. */
static const struct {
    enum machine machine;
    enum permission permission;
} EVENTS[EV_COUNT] = {
    [EV_RELEASE] = {MACHINE_SHIPMENT, MAY_LEAD},      [EV_BLOCK] = {MACHINE_SHIPMENT, MAY_HOLD},
    [EV_UNBLOCK] = {MACHINE_SHIPMENT, MAY_LEAD},      [EV_BATCH] = {MACHINE_SHIPMENT, MAY_LEAD},
    [EV_UNBATCH] = {MACHINE_SHIPMENT, MAY_LEAD},      [EV_ASSIGN] = {MACHINE_SHIPMENT, MAY_PICK},
    [EV_TOTE] = {MACHINE_SHIPMENT, MAY_PICK},
    [EV_PICK] = {MACHINE_SHIPMENT, MAY_PICK},         [EV_UNPICK] = {MACHINE_SHIPMENT, MAY_PICK},
    [EV_SHORT] = {MACHINE_SHIPMENT, MAY_PICK},        [EV_SKIP] = {MACHINE_SHIPMENT, MAY_PICK},
    [EV_SPLIT] = {MACHINE_SHIPMENT, MAY_LEAD},
    [EV_PACK] = {MACHINE_SHIPMENT, MAY_PACK},         [EV_UNPACK] = {MACHINE_SHIPMENT, MAY_PACK},
    [EV_CLOSE] = {MACHINE_SHIPMENT, MAY_PACK},        [EV_CLOSE_SPLIT] = {MACHINE_SHIPMENT, MAY_LEAD},
    [EV_REOPEN] = {MACHINE_SHIPMENT, MAY_PACK},       [EV_PRINT_AHEAD] = {MACHINE_SHIPMENT, MAY_LEAD},
    [EV_REPRINT] = {MACHINE_SHIPMENT, MAY_REPRINT},   [EV_RENEW] = {MACHINE_SHIPMENT, MAY_LEAD},
    [EV_APPLY] = {MACHINE_SHIPMENT, MAY_PACK},        [EV_OUT] = {MACHINE_SHIPMENT, MAY_DOCK},
    [EV_CANCEL] = {MACHINE_SHIPMENT, MAY_LEAD},       [EV_CANCEL_LINE] = {MACHINE_SHIPMENT, MAY_LEAD},
    [EV_CHANGE] = {MACHINE_SHIPMENT, MAY_IMPORT},     [EV_FILL] = {MACHINE_SHIPMENT, MAY_IMPORT},
    [EV_BATCH_MAKE] = {MACHINE_BATCH, MAY_LEAD},      [EV_BATCH_ASSIGN] = {MACHINE_BATCH, MAY_PICK},
    [EV_BATCH_START] = {MACHINE_BATCH, MAY_PICK},     [EV_BATCH_DONE] = {MACHINE_BATCH, MAY_PICK},
    [EV_BATCH_CANCEL] = {MACHINE_BATCH, MAY_LEAD},    [EV_JOB_CLAIM] = {MACHINE_JOB, MAY_WORK},
    [EV_JOB_SENT] = {MACHINE_JOB, MAY_WORK},          [EV_JOB_PRINTED] = {MACHINE_JOB, MAY_WORK},
    [EV_JOB_FAILED] = {MACHINE_JOB, MAY_WORK},        [EV_JOB_LOST] = {MACHINE_JOB, MAY_WORK},
    [EV_JOB_RETRY] = {MACHINE_JOB, MAY_ANSWER},       [EV_JOB_ANSWER] = {MACHINE_JOB, MAY_ANSWER},
    [EV_JOB_DROP] = {MACHINE_JOB, MAY_LEAD},          [EV_RECEIVE] = {MACHINE_NONE, MAY_STOCK},
    [EV_ADJUST] = {MACHINE_NONE, MAY_STOCK},          [EV_MOVE] = {MACHINE_NONE, MAY_STOCK},
    [EV_MANIFEST_OPEN] = {MACHINE_MANIFEST, MAY_DOCK}, [EV_MANIFEST_CLOSE] = {MACHINE_MANIFEST, MAY_DOCK},
    [EV_RUN_MAKE] = {MACHINE_RUN, MAY_LEAD},          [EV_RUN_START] = {MACHINE_RUN, MAY_LEAD},
    [EV_RUN_PAUSE] = {MACHINE_RUN, MAY_LEAD},         [EV_RUN_CANCEL] = {MACHINE_RUN, MAY_LEAD},
    [EV_RUN_DONE] = {MACHINE_RUN, MAY_WORK},          [EV_PRINT] = {MACHINE_NONE, MAY_LEAD},
};

const struct transition *flow_find(enum machine machine, enum state from, enum event_kind event)
{
    for (size_t i = 0; i < G_N_ELEMENTS(TABLE); i++)
        if (TABLE[i].machine == machine && TABLE[i].event == event && (TABLE[i].from >> from & 1))
            return &TABLE[i];
    return NULL;
}

const struct transition *flow_transition(size_t n)
{
    return n < G_N_ELEMENTS(TABLE) ? &TABLE[n] : NULL;
}

enum state flow_lowest(uint64_t set)
{
    enum state state = ST_NONE;
    while (set && !(set >> state & 1))
        state++;
    return state;
}

/* --- what the tables say -------------------------------------------------------------------------------- */

enum permission flow_permission(enum event_kind kind)
{
    return EVENTS[kind].permission;
}

enum machine flow_event_machine(enum event_kind kind)
{
    return EVENTS[kind].machine;
}

gboolean flow_makes(enum event_kind kind)
{
    enum machine machine = flow_event_machine(kind);
    return machine != MACHINE_NONE && flow_find(machine, ST_NONE, kind) != NULL;
}

gboolean flow_allows(enum machine machine, enum state from, enum event_kind kind)
{
    return flow_find(machine, from, kind) != NULL;
}

gboolean flow_leads(enum machine machine, enum state from, enum event_kind kind, enum state to)
{
    for (size_t i = 0; i < G_N_ELEMENTS(TABLE); i++)
        if (TABLE[i].machine == machine && (TABLE[i].from >> from & 1) && (kind == EV_NONE || TABLE[i].event == kind) &&
            (TABLE[i].to ? (TABLE[i].to >> to & 1) != 0 : from == to))
            return TRUE;
    return FALSE;
}

const enum state *flow_states(enum machine machine, size_t *count)
{
    static const enum state SHIPMENT[] = {ST_NEW, ST_READY, ST_BATCHED, ST_PICKING, ST_PICKED, ST_PACKING, ST_PACKED,
                                          ST_LABELLED, ST_OUTBOUND, ST_CANCELLED};
    static const enum state LINE[] = {ST_OPEN, ST_RESERVED, ST_PICKED, ST_PACKED, ST_CANCELLED};
    static const enum state PARCEL[] = {ST_OPEN, ST_PACKED, ST_LABELLED, ST_OUT, ST_VOID};
    static const enum state WAYBILL[] = {ST_FREE, ST_ASSIGNED, ST_PRINTED, ST_APPLIED, ST_OUT, ST_VOID};
    static const enum state JOB[] = {ST_QUEUED, ST_SUBMITTING, ST_SUBMITTED, ST_PRINTED, ST_FAILED, ST_UNKNOWN,
                                     ST_ANSWERED};
    static const enum state BATCH[] = {ST_READY, ST_RUNNING, ST_DONE, ST_CANCELLED};
    static const enum state MANIFEST[] = {ST_OPEN, ST_CLOSED};
    static const enum state RUN[] = {ST_PAUSED, ST_RUNNING, ST_DONE, ST_CANCELLED};
    static const struct {
        const enum state *states;
        size_t count;
    } ALL[MACHINE_COUNT] = {
        [MACHINE_NONE] = {NULL, 0},
        [MACHINE_SHIPMENT] = {SHIPMENT, G_N_ELEMENTS(SHIPMENT)},
        [MACHINE_LINE] = {LINE, G_N_ELEMENTS(LINE)},
        [MACHINE_PARCEL] = {PARCEL, G_N_ELEMENTS(PARCEL)},
        [MACHINE_WAYBILL] = {WAYBILL, G_N_ELEMENTS(WAYBILL)},
        [MACHINE_JOB] = {JOB, G_N_ELEMENTS(JOB)},
        [MACHINE_BATCH] = {BATCH, G_N_ELEMENTS(BATCH)},
        [MACHINE_MANIFEST] = {MANIFEST, G_N_ELEMENTS(MANIFEST)},
        [MACHINE_RUN] = {RUN, G_N_ELEMENTS(RUN)},
    };
    *count = ALL[machine].count;
    return ALL[machine].states;
}

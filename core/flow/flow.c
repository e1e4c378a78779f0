/* SPDX-License-Identifier: MIT
 *
 * What may happen, when: the transition tables, and the words of all that stands in them. apply.c applies them.
 */
#include "core/flow/flow.h"

#include "core/base/translate.h"
#include "core/base/words.h"
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
    {MACHINE_SHIPMENT, S(NONE), EV_SHIPMENT_MAKE, 0, NULL, shipment_make_effect, S(NEW)},
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
    {MACHINE_SHIPMENT, S(BATCHED), EV_FOLLOW, 0, follow_guard, follow_effect, S(BATCHED) | S(READY)},
    {MACHINE_SHIPMENT, S(PICKING) | S(PICKED), EV_FOLLOW, 0, follow_guard, follow_effect, SAME},
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
    {MACHINE_SHIPMENT, S(PACKING), EV_CLOSE_SPLIT, STOPS_PACK, close_guard, close_effect,
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
    {MACHINE_SHIPMENT, S(NEW) | BEFORE_PACK | S(PACKING) | S(PACKED), EV_CANCEL_LINE, 0, cancel_line_guard,
     cancel_line_effect, S(NEW) | BEFORE_PACK | S(PACKING) | S(PACKED) | S(LABELLED) | S(OUTBOUND) | S(CANCELLED)},

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

    /* submission */
    {MACHINE_SUBMISSION, S(NONE), EV_SUBMISSION_MAKE, 0, submission_make_guard, submission_make_effect, S(SUBMITTING)},
    {MACHINE_SUBMISSION, S(SUBMITTING), EV_SUBMISSION_SEAL, 0, submission_guard, submission_effect, SAME},
    {MACHINE_SUBMISSION, S(SUBMITTING), EV_SUBMISSION_WITHDRAW, 0, submission_guard, submission_end_effect, S(FAILED)},
    {MACHINE_SUBMISSION, S(SUBMITTING), EV_SUBMISSION_SENT, 0, submission_guard, submission_effect, S(SUBMITTED)},
    {MACHINE_SUBMISSION, S(SUBMITTED), EV_SUBMISSION_SENT, 0, NULL, submission_effect, SAME},
    {MACHINE_SUBMISSION, S(SUBMITTING) | S(SUBMITTED), EV_SUBMISSION_PRINTED, 0, submission_guard, submission_end_effect,
     S(PRINTED)},
    {MACHINE_SUBMISSION, S(SUBMITTING) | S(SUBMITTED), EV_SUBMISSION_FAILED, 0, submission_guard, submission_end_effect,
     S(FAILED)},
    {MACHINE_SUBMISSION, S(SUBMITTING) | S(SUBMITTED), EV_SUBMISSION_LOST, 0, submission_guard, submission_end_effect,
     S(UNKNOWN)},

    /* print job */
    {MACHINE_JOB, S(QUEUED), EV_JOB_CLAIM, 0, job_claim_guard, job_effect, S(SUBMITTING)},
    {MACHINE_JOB, S(SUBMITTING), EV_JOB_SENT, 0, job_guard, job_effect, S(SUBMITTED)},
    {MACHINE_JOB, S(SUBMITTING) | S(SUBMITTED), EV_JOB_PRINTED, 0, job_guard, job_effect, S(PRINTED)},
    {MACHINE_JOB, S(QUEUED) | S(SUBMITTING) | S(SUBMITTED), EV_JOB_FAILED, 0, job_guard, job_effect, S(FAILED)},
    {MACHINE_JOB, S(SUBMITTING) | S(SUBMITTED), EV_JOB_LOST, 0, job_guard, job_effect, S(UNKNOWN)},
    {MACHINE_JOB, S(FAILED), EV_JOB_RETRY, 0, NULL, job_retry_effect, S(QUEUED)},
    {MACHINE_JOB, S(QUEUED), EV_JOB_RETRY, 0, NULL, job_retry_effect, SAME},
    {MACHINE_JOB, S(UNKNOWN), EV_JOB_ANSWER, 0, NULL, job_answer_effect, S(ANSWERED)},
    {MACHINE_JOB, S(QUEUED), EV_JOB_DROP, 0, NULL, job_effect, S(FAILED)},

    /* batch */
    {MACHINE_BATCH, S(NONE), EV_BATCH_MAKE, 0, NULL, batch_make_effect, S(READY)},
    {MACHINE_BATCH, S(READY) | S(RUNNING), EV_BATCH_ASSIGN, 0, batch_assign_guard, batch_assign_effect, SAME},
    {MACHINE_BATCH, S(READY), EV_BATCH_START, 0, NULL, batch_start_effect, S(RUNNING)},
    {MACHINE_BATCH, S(READY) | S(RUNNING), EV_BATCH_DONE, 0, batch_done_guard, batch_done_effect, S(DONE)},
    {MACHINE_BATCH, S(DONE), EV_UNPICK, 0, NULL, NULL, S(RUNNING)},
    {MACHINE_BATCH, S(READY) | S(RUNNING), EV_BATCH_CANCEL, 0, NULL, batch_cancel_effect, S(CANCELLED)},

    /* manifest */
    {MACHINE_MANIFEST, S(NONE), EV_MANIFEST_OPEN, 0, NULL, manifest_open_effect, S(OPEN)},
    {MACHINE_MANIFEST, S(OPEN), EV_MANIFEST_CLOSE, 0, NULL, manifest_close_effect, S(CLOSED)},

    /* print run */
    {MACHINE_RUN, S(NONE), EV_RUN_MAKE, 0, NULL, run_make_effect, S(PAUSED)},
    {MACHINE_RUN, S(PAUSED), EV_RUN_START, 0, NULL, run_effect, S(RUNNING)},
    {MACHINE_RUN, S(RUNNING), EV_RUN_PAUSE, 0, NULL, run_effect, S(PAUSED)},
    {MACHINE_RUN, S(RUNNING) | S(PAUSED), EV_RUN_CANCEL, 0, NULL, run_end_effect, S(CANCELLED)},
    {MACHINE_RUN, S(RUNNING), EV_RUN_DONE, 0, NULL, run_end_effect, S(DONE)},

    /* without a state of its own */
    {MACHINE_NONE, S(NONE), EV_RECEIVE, 0, NULL, receive_effect, SAME},
    {MACHINE_NONE, S(NONE), EV_ADJUST, 0, NULL, adjust_effect, SAME},
    {MACHINE_NONE, S(NONE), EV_MOVE, 0, NULL, move_effect, SAME},
    {MACHINE_NONE, S(NONE), EV_PRINT, 0, NULL, job_make_effect, SAME},
    {MACHINE_NONE, S(NONE), EV_NOTE, 0, NULL, NULL, SAME},
};

/* --- the words: as stored and as said to people --------------------------------------------------------- */

static const struct word STATES[ST_COUNT] = {
    [ST_NONE] = {"", ""},
    [ST_NEW] = {"new", NC_("state", "new")},
    [ST_READY] = {"ready", NC_("state", "ready")},
    [ST_BATCHED] = {"batched", NC_("state", "batched")},
    [ST_PICKING] = {"picking", NC_("state", "picking")},
    [ST_PICKED] = {"picked", NC_("state", "picked")},
    [ST_PACKING] = {"packing", NC_("state", "packing")},
    [ST_PACKED] = {"packed", NC_("state", "packed")},
    [ST_LABELLED] = {"labelled", NC_("state", "labelled")},
    [ST_OUTBOUND] = {"outbound", NC_("state", "outbound")},
    [ST_CANCELLED] = {"cancelled", NC_("state", "cancelled")},
    [ST_OPEN] = {"open", NC_("state", "open")},
    [ST_RESERVED] = {"reserved", NC_("state", "reserved")},
    [ST_OUT] = {"out", NC_("state", "out")},
    [ST_VOID] = {"void", NC_("state", "void")},
    [ST_FREE] = {"free", NC_("state", "free")},
    [ST_ASSIGNED] = {"assigned", NC_("state", "assigned")},
    [ST_PRINTED] = {"printed", NC_("state", "printed")},
    [ST_APPLIED] = {"applied", NC_("state", "applied")},
    [ST_QUEUED] = {"queued", NC_("state", "queued")},
    [ST_SUBMITTING] = {"submitting", NC_("state", "being sent")},
    [ST_SUBMITTED] = {"submitted", NC_("state", "sent")},
    [ST_FAILED] = {"failed", NC_("state", "failed")},
    [ST_UNKNOWN] = {"unknown", NC_("state", "unsure")},
    [ST_ANSWERED] = {"answered", NC_("state", "answered")},
    [ST_RUNNING] = {"running", NC_("state", "running")},
    [ST_PAUSED] = {"paused", NC_("state", "paused")},
    [ST_DONE] = {"done", NC_("state", "done")},
    [ST_CLOSED] = {"closed", NC_("state", "closed")},
};

#define CLOSING (NEED_SHIPMENT | NEED_LINES | NEED_PARCELS | NEED_JOBS | NEED_TOTES | NEED_HELD | NEED_OWN_STOCK)
#define CANCELLING (CLOSING | NEED_TASKS | NEED_BATCH | NEED_STOCK)

/* What an event is called, whose it is, who may cause it, and the parts of a dossier it is judged by. */
static const struct {
    const char *name, *label;
    enum machine machine;
    enum permission permission;
    unsigned needs;
} EVENTS[EV_COUNT] = {
    [EV_NONE] = {"", "", MACHINE_NONE, MAY_SCAN, 0},
    [EV_SHIPMENT_MAKE] = {"shipment-make", NC_("event", "new shipment"), MACHINE_SHIPMENT, MAY_IMPORT, NEED_WANTED},
    [EV_RELEASE] = {"release", NC_("event", "release"), MACHINE_SHIPMENT, MAY_LEAD,
                      NEED_SHIPMENT | NEED_LINES | NEED_TASKS | NEED_STOCK | NEED_RECIPIENT},
    [EV_BLOCK] = {"block", NC_("event", "block"), MACHINE_SHIPMENT, MAY_HOLD, NEED_SHIPMENT},
    [EV_UNBLOCK] = {"unblock", NC_("event", "unblock"), MACHINE_SHIPMENT, MAY_LEAD, NEED_SHIPMENT},
    [EV_BATCH] = {"batch", NC_("event", "into a batch"), MACHINE_SHIPMENT, MAY_LEAD, NEED_SHIPMENT | NEED_BATCH},
    [EV_UNBATCH] = {"unbatch", NC_("event", "out of batch"), MACHINE_SHIPMENT, MAY_LEAD,
                      NEED_SHIPMENT | NEED_BATCH | NEED_TASKS | NEED_TOTES},
    [EV_ASSIGN] = {"assign", NC_("event", "assign"), MACHINE_SHIPMENT, MAY_PICK, NEED_SHIPMENT},
    [EV_FOLLOW] = {"follow", NC_("event", "follow"), MACHINE_SHIPMENT, MAY_PICK,
                      NEED_SHIPMENT | NEED_BATCH | NEED_TOTES},
    [EV_TOTE] = {"tote", NC_("event", "take a tote"), MACHINE_SHIPMENT, MAY_PICK, NEED_SHIPMENT | NEED_TOTES},
    [EV_PICK] = {"pick", NC_("event", "pick"), MACHINE_SHIPMENT, MAY_PICK,
                      NEED_SHIPMENT | NEED_LINES | NEED_TASKS | NEED_TOTES | NEED_STOCK | NEED_BATCH | NEED_PARCELS},
    [EV_UNPICK] = {"unpick", NC_("event", "undo a pick"), MACHINE_SHIPMENT, MAY_PICK,
                      NEED_SHIPMENT | NEED_LINES | NEED_TASKS | NEED_STOCK | NEED_BATCH | NEED_HELD | NEED_PARCELS},
    [EV_SHORT] = {"short", NC_("event", "short pick"), MACHINE_SHIPMENT, MAY_PICK,
                      NEED_SHIPMENT | NEED_LINES | NEED_TASKS | NEED_STOCK | NEED_BATCH},
    [EV_SPLIT] = {"split", NC_("event", "go on split"), MACHINE_SHIPMENT, MAY_LEAD,
                      NEED_SHIPMENT | NEED_LINES | NEED_TASKS},
    [EV_SKIP] = {"skip", NC_("event", "skip"), MACHINE_SHIPMENT, MAY_PICK, NEED_SHIPMENT | NEED_LINES | NEED_TASKS},
    [EV_PACK] = {"pack", NC_("event", "pack"), MACHINE_SHIPMENT, MAY_PACK, NEED_SHIPMENT | NEED_LINES | NEED_PARCELS},
    [EV_UNPACK] = {"unpack", NC_("event", "undo a count"), MACHINE_SHIPMENT, MAY_PACK,
                      NEED_SHIPMENT | NEED_LINES | NEED_PARCELS},
    [EV_CLOSE] = {"close", NC_("event", "close box"), MACHINE_SHIPMENT, MAY_PACK, CLOSING},
    [EV_CLOSE_SPLIT] = {"close-split", NC_("event", "split, close"), MACHINE_SHIPMENT, MAY_LEAD, CLOSING},
    [EV_REOPEN] = {"reopen", NC_("event", "reopen box"), MACHINE_SHIPMENT, MAY_PACK,
                      NEED_SHIPMENT | NEED_LINES | NEED_PARCELS},
    [EV_PRINT_AHEAD] = {"print-ahead", NC_("event", "print ahead"), MACHINE_SHIPMENT, MAY_LEAD,
                      NEED_SHIPMENT | NEED_PARCELS | NEED_JOBS | NEED_RUN | NEED_NUMBERS},
    [EV_REPRINT] = {"reprint", NC_("event", "reprint"), MACHINE_SHIPMENT, MAY_REPRINT,
                      NEED_SHIPMENT | NEED_PARCELS | NEED_JOBS},
    [EV_RENEW] = {"renew", NC_("event", "new waybill"), MACHINE_SHIPMENT, MAY_LEAD,
                      NEED_SHIPMENT | NEED_PARCELS | NEED_JOBS},
    [EV_APPLY] = {"apply", NC_("event", "label on"), MACHINE_SHIPMENT, MAY_PACK,
                      NEED_SHIPMENT | NEED_LINES | NEED_PARCELS | NEED_WAYBILL | NEED_JOBS},
    [EV_OUT] = {"out", NC_("event", "scan out"), MACHINE_SHIPMENT, MAY_DOCK,
                      NEED_SHIPMENT | NEED_LINES | NEED_PARCELS | NEED_OWN_STOCK | NEED_HANDOVER},
    [EV_CANCEL] = {"cancel", NC_("event", "cancel"), MACHINE_SHIPMENT, MAY_LEAD, CANCELLING},
    [EV_CANCEL_LINE] = {"cancel-line", NC_("event", "cancel line"), MACHINE_SHIPMENT, MAY_LEAD, CANCELLING},
    [EV_CHANGE] = {"change", NC_("event", "shop changes"), MACHINE_SHIPMENT, MAY_IMPORT, NEED_SHIPMENT | NEED_PARCELS},
    [EV_FILL] = {"fill", NC_("event", "fill lines"), MACHINE_SHIPMENT, MAY_IMPORT,
                      NEED_SHIPMENT | NEED_LINES | NEED_WANTED},
    [EV_BATCH_MAKE] = {"batch-make", NC_("event", "make batch"), MACHINE_BATCH, MAY_LEAD, NEED_COUNTER},
    [EV_BATCH_ASSIGN] = {"batch-assign", NC_("event", "assign batch"), MACHINE_BATCH, MAY_PICK,
                      NEED_BATCH | NEED_MEMBERS | NEED_SHIPMENT | NEED_TOTES},
    [EV_BATCH_START] = {"batch-start", NC_("event", "start batch"), MACHINE_BATCH, MAY_PICK, NEED_BATCH},
    [EV_BATCH_DONE] = {"batch-done", NC_("event", "finish batch"), MACHINE_BATCH, MAY_PICK, NEED_BATCH | NEED_TASKS},
    [EV_BATCH_CANCEL] = {"batch-cancel", NC_("event", "cancel batch"), MACHINE_BATCH, MAY_LEAD,
                      NEED_BATCH | NEED_MEMBERS | NEED_SHIPMENT | NEED_TOTES},
    [EV_SUBMISSION_MAKE] = {"submission-make", NC_("event", "new submission"), MACHINE_SUBMISSION, MAY_WORK, NEED_PRINTERS},
    [EV_SUBMISSION_SEAL] = {"submission-seal", NC_("event", "seal submission"), MACHINE_SUBMISSION, MAY_WORK,
                      NEED_SUBMISSION},
    [EV_SUBMISSION_WITHDRAW] = {"submission-withdraw", NC_("event", "withdraw submission"), MACHINE_SUBMISSION, MAY_WORK,
                      NEED_SUBMISSION},
    [EV_SUBMISSION_SENT] = {"submission-sent", NC_("event", "submission sent"), MACHINE_SUBMISSION, MAY_WORK,
                      NEED_SUBMISSION},
    [EV_SUBMISSION_PRINTED] = {"submission-printed", NC_("event", "submission printed"), MACHINE_SUBMISSION, MAY_WORK,
                      NEED_SUBMISSION},
    [EV_SUBMISSION_FAILED] = {"submission-failed", NC_("event", "submission failed"), MACHINE_SUBMISSION, MAY_WORK,
                      NEED_SUBMISSION},
    [EV_SUBMISSION_LOST] = {"submission-lost", NC_("event", "submission unsure"), MACHINE_SUBMISSION, MAY_WORK,
                      NEED_SUBMISSION},
    [EV_JOB_CLAIM] = {"job-claim", NC_("event", "job taken"), MACHINE_JOB, MAY_WORK, NEED_JOB | NEED_SUBMISSION},
    [EV_JOB_SENT] = {"job-sent", NC_("event", "job sent"), MACHINE_JOB, MAY_WORK, NEED_JOB},
    [EV_JOB_PRINTED] = {"job-printed", NC_("event", "job printed"), MACHINE_JOB, MAY_WORK, NEED_JOB},
    [EV_JOB_FAILED] = {"job-failed", NC_("event", "job failed"), MACHINE_JOB, MAY_WORK, NEED_JOB},
    [EV_JOB_LOST] = {"job-lost", NC_("event", "job unsure"), MACHINE_JOB, MAY_WORK, NEED_JOB},
    [EV_JOB_RETRY] = {"job-retry", NC_("event", "retry job"), MACHINE_JOB, MAY_ANSWER, NEED_JOB | NEED_PRINTERS},
    [EV_JOB_ANSWER] = {"job-answer", NC_("event", "job answered"), MACHINE_JOB, MAY_ANSWER, NEED_JOB | NEED_JOBS},
    [EV_JOB_DROP] = {"job-drop", NC_("event", "drop job"), MACHINE_JOB, MAY_LEAD, NEED_JOB},
    [EV_RECEIVE] = {"receive", NC_("event", "receive"), MACHINE_NONE, MAY_STOCK, NEED_PRODUCT | NEED_STOCK},
    [EV_ADJUST] = {"adjust", NC_("event", "adjust"), MACHINE_NONE, MAY_STOCK, NEED_PRODUCT | NEED_STOCK},
    [EV_MOVE] = {"move", NC_("event", "move"), MACHINE_NONE, MAY_STOCK, NEED_PRODUCT | NEED_STOCK},
    [EV_MANIFEST_OPEN] = {"manifest-open", NC_("event", "open manifest"), MACHINE_MANIFEST, MAY_DOCK,
                      NEED_MANIFEST | NEED_COUNTER},
    [EV_MANIFEST_CLOSE] = {"manifest-close", NC_("event", "close manifest"), MACHINE_MANIFEST, MAY_DOCK, NEED_MANIFEST},
    [EV_RUN_MAKE] = {"run-make", NC_("event", "make run"), MACHINE_RUN, MAY_LEAD, NEED_COUNTER},
    [EV_RUN_START] = {"run-start", NC_("event", "start run"), MACHINE_RUN, MAY_LEAD, NEED_RUN},
    [EV_RUN_PAUSE] = {"run-pause", NC_("event", "pause run"), MACHINE_RUN, MAY_LEAD, NEED_RUN},
    [EV_RUN_CANCEL] = {"run-cancel", NC_("event", "cancel run"), MACHINE_RUN, MAY_LEAD, NEED_RUN},
    [EV_RUN_DONE] = {"run-done", NC_("event", "finish run"), MACHINE_RUN, MAY_WORK, NEED_RUN},
    [EV_PRINT] = {"print", NC_("event", "print"), MACHINE_NONE, MAY_LEAD, 0},
    [EV_NOTE] = {"note", NC_("event", "note"), MACHINE_NONE, MAY_SCAN, 0},
};

static const struct word MACHINES[MACHINE_COUNT] = {
    [MACHINE_NONE] = {"", ""},
    [MACHINE_SHIPMENT] = {"shipment", N_("shipment")},
    [MACHINE_LINE] = {"line", N_("line")},
    [MACHINE_PARCEL] = {"parcel", N_("parcel")},
    [MACHINE_WAYBILL] = {"waybill", N_("waybill")},
    [MACHINE_JOB] = {"job", N_("print job")},
    [MACHINE_BATCH] = {"batch", N_("batch")},
    [MACHINE_MANIFEST] = {"manifest", N_("manifest")},
    [MACHINE_RUN] = {"run", N_("print run")},
    [MACHINE_SUBMISSION] = {"submission", N_("submission")},
};

/* By bit: the n-th is 1 << n. */
static const struct word BLOCKS[] = {
    {"unpaid", NC_("block", "unpaid")},
    {"presale", NC_("block", "presale")},
    {"held", NC_("block", "held")},
    {"short", NC_("block", "short")},
    {"address", NC_("block", "address")},
    {"unmapped", NC_("block", "not mapped")},
    {"missing", NC_("block", "no lines")},
    {"cancelled", NC_("block", "cancelled in the shop")},
    {"changed", NC_("block", "changed in the shop")},
};

WORDS_SAID(flow_state, enum state, STATES, ST_NONE)
WORDS_SAID(flow_event, enum event_kind, EVENTS, EV_NONE)
WORDS_SAID(flow_machine, enum machine, MACHINES, MACHINE_NONE)

const char *flow_state_word(enum state state)
{
    return err_word(STATES[state].label);
}

const char *flow_event_word(enum event_kind kind)
{
    return err_word(EVENTS[kind].label);
}

/* A bit alone; anything else has no word. */
static const struct word *block_word(enum block block)
{
    int n = g_bit_nth_lsf((gulong)block, -1);
    gboolean known = n >= 0 && n < (int)G_N_ELEMENTS(BLOCKS) && (unsigned)block == 1u << n;
    return known ? &BLOCKS[n] : &STATES[ST_NONE];
}

const char *flow_block_name(enum block block)
{
    return block_word(block)->name;
}

const char *flow_block_label(enum block block)
{
    return translate_in(block_word(block)->label);
}

char *flow_blocks_label(unsigned blocks, const char *between)
{
    GString *words = g_string_new(NULL);
    for (unsigned bit = 1; bit <= blocks; bit <<= 1)
        if (blocks & bit)
            g_string_append_printf(words, "%s%s", words->len ? between : "", flow_block_label((enum block)bit));
    return g_string_free(words, FALSE);
}

enum block flow_block_parse(const char *name)
{
    int n = WORDS_FIND(BLOCKS, name);
    return (enum block)(n < 0 ? 0 : 1u << n);
}

/* --- what the tables say -------------------------------------------------------------------------------- */

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

enum permission flow_permission(enum event_kind kind)
{
    return EVENTS[kind].permission;
}

unsigned flow_needs(enum event_kind kind)
{
    return EVENTS[kind].needs;
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
    enum { MOST = 10 };
    static const enum state ALL[MACHINE_COUNT][MOST + 1] = {
        [MACHINE_SHIPMENT] = {ST_NEW, ST_READY, ST_BATCHED, ST_PICKING, ST_PICKED, ST_PACKING, ST_PACKED, ST_LABELLED,
                              ST_OUTBOUND, ST_CANCELLED},
        [MACHINE_LINE] = {ST_OPEN, ST_RESERVED, ST_PICKED, ST_PACKED, ST_CANCELLED},
        [MACHINE_PARCEL] = {ST_OPEN, ST_PACKED, ST_LABELLED, ST_OUT, ST_VOID},
        [MACHINE_WAYBILL] = {ST_FREE, ST_ASSIGNED, ST_PRINTED, ST_APPLIED, ST_OUT, ST_VOID},
        [MACHINE_JOB] = {ST_QUEUED, ST_SUBMITTING, ST_SUBMITTED, ST_PRINTED, ST_FAILED, ST_UNKNOWN, ST_ANSWERED},
        [MACHINE_BATCH] = {ST_READY, ST_RUNNING, ST_DONE, ST_CANCELLED},
        [MACHINE_MANIFEST] = {ST_OPEN, ST_CLOSED},
        [MACHINE_RUN] = {ST_PAUSED, ST_RUNNING, ST_DONE, ST_CANCELLED},
        [MACHINE_SUBMISSION] = {ST_SUBMITTING, ST_SUBMITTED, ST_PRINTED, ST_FAILED, ST_UNKNOWN},
    };
    for (*count = 0; ALL[machine][*count] != ST_NONE;)
        ++*count;
    return ALL[machine];
}

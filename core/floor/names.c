/* SPDX-License-Identifier: MIT
 *
 * The words of the flow: as stored and as said to people.
 */
#include <string.h>

#include "core/base/translate.h"
#include "core/floor/flow.h"

struct word {
    const char *name, *label;
};

static const struct word STATES[ST_COUNT] = {
    [ST_NONE] = {"", ""},
    [ST_NEW] = {"new", N_("new")},
    [ST_READY] = {"ready", N_("ready")},
    [ST_BATCHED] = {"batched", N_("batched")},
    [ST_PICKING] = {"picking", N_("picking")},
    [ST_PICKED] = {"picked", N_("picked")},
    [ST_PACKING] = {"packing", N_("packing")},
    [ST_PACKED] = {"packed", N_("packed")},
    [ST_LABELLED] = {"labelled", N_("labelled")},
    [ST_OUTBOUND] = {"outbound", N_("outbound")},
    [ST_CANCELLED] = {"cancelled", N_("cancelled")},
    [ST_OPEN] = {"open", N_("open")},
    [ST_RESERVED] = {"reserved", N_("reserved")},
    [ST_OUT] = {"out", N_("out")},
    [ST_VOID] = {"void", N_("void")},
    [ST_FREE] = {"free", N_("free")},
    [ST_ASSIGNED] = {"assigned", N_("assigned")},
    [ST_PRINTED] = {"printed", N_("printed")},
    [ST_APPLIED] = {"applied", N_("applied")},
    [ST_QUEUED] = {"queued", N_("queued")},
    [ST_SUBMITTING] = {"submitting", N_("being sent")},
    [ST_SUBMITTED] = {"submitted", N_("sent")},
    [ST_FAILED] = {"failed", N_("failed")},
    [ST_UNKNOWN] = {"unknown", N_("unsure")},
    [ST_ANSWERED] = {"answered", N_("answered")},
    [ST_DRAFT] = {"draft", N_("draft")},
    [ST_RUNNING] = {"running", N_("running")},
    [ST_DONE] = {"done", N_("done")},
};

static const char *const EVENTS[EV_COUNT] = {
    [EV_NONE] = "",
    [EV_RELEASE] = "release",
    [EV_BLOCK] = "block",
    [EV_UNBLOCK] = "unblock",
    [EV_BATCH] = "batch",
    [EV_UNBATCH] = "unbatch",
    [EV_ASSIGN] = "assign",
    [EV_TOTE] = "tote",
    [EV_PICK] = "pick",
    [EV_UNPICK] = "unpick",
    [EV_SHORT] = "short",
    [EV_SKIP] = "skip",
    [EV_PACK] = "pack",
    [EV_UNPACK] = "unpack",
    [EV_CLOSE] = "close",
    [EV_CLOSE_SPLIT] = "close-split",
    [EV_REOPEN] = "reopen",
    [EV_PRINT_AHEAD] = "print-ahead",
    [EV_REPRINT] = "reprint",
    [EV_RENEW] = "renew",
    [EV_APPLY] = "apply",
    [EV_OUT] = "out",
    [EV_CANCEL] = "cancel",
    [EV_CANCEL_LINE] = "cancel-line",
    [EV_CHANGE] = "change",
    [EV_FILL] = "fill",
    [EV_BATCH_MAKE] = "batch-make",
    [EV_BATCH_ASSIGN] = "batch-assign",
    [EV_BATCH_START] = "batch-start",
    [EV_BATCH_DONE] = "batch-done",
    [EV_BATCH_CANCEL] = "batch-cancel",
    [EV_JOB_CLAIM] = "job-claim",
    [EV_JOB_SENT] = "job-sent",
    [EV_JOB_PRINTED] = "job-printed",
    [EV_JOB_FAILED] = "job-failed",
    [EV_JOB_LOST] = "job-lost",
    [EV_JOB_RETRY] = "job-retry",
    [EV_JOB_ANSWER] = "job-answer",
    [EV_JOB_DROP] = "job-drop",
    [EV_RECEIVE] = "receive",
    [EV_ADJUST] = "adjust",
    [EV_MOVE] = "move",
    [EV_MANIFEST_OPEN] = "manifest-open",
    [EV_MANIFEST_CLOSE] = "manifest-close",
    [EV_PRINT] = "print",
    [EV_NOTE] = "note",
};

static const char *const MACHINES[MACHINE_COUNT] = {
    [MACHINE_NONE] = "",           [MACHINE_SHIPMENT] = "shipment", [MACHINE_LINE] = "line", [MACHINE_PARCEL] = "parcel",
    [MACHINE_WAYBILL] = "waybill", [MACHINE_JOB] = "job",           [MACHINE_BATCH] = "batch",
};

/* By bit: the n-th is 1 << n. */
static const struct word BLOCKS[] = {
    {"unpaid", N_("unpaid")},       {"presale", N_("presale")}, {"held", N_("held")},
    {"short", N_("short")},         {"address", N_("address")}, {"unmapped", N_("not mapped")},
    {"missing", N_("no lines")},    {"cancelled", N_("cancelled in the shop")},
    {"changed", N_("changed in the shop")},
};

const char *flow_state_name(enum state state)
{
    return STATES[state].name;
}

enum state flow_state_parse(const char *name)
{
    for (enum state state = ST_NONE; state < ST_COUNT; state++)
        if (strcmp(STATES[state].name, name) == 0)
            return state;
    return ST_NONE;
}

const char *flow_state_label(enum state state)
{
    return state == ST_NONE ? "" : _(STATES[state].label);
}

const char *flow_event_name(enum event_kind kind)
{
    return EVENTS[kind];
}

const char *flow_machine_name(enum machine machine)
{
    return MACHINES[machine];
}

const char *flow_block_name(enum block block)
{
    for (unsigned n = 0; n < G_N_ELEMENTS(BLOCKS); n++)
        if (1u << n == (unsigned)block)
            return BLOCKS[n].name;
    return "";
}

const char *flow_block_label(enum block block)
{
    for (unsigned n = 0; n < G_N_ELEMENTS(BLOCKS); n++)
        if (1u << n == (unsigned)block)
            return _(BLOCKS[n].label);
    return "";
}

enum block flow_block_parse(const char *name)
{
    for (unsigned n = 0; n < G_N_ELEMENTS(BLOCKS); n++)
        if (strcmp(BLOCKS[n].name, name) == 0)
            return (enum block)(1u << n);
    return (enum block)0;
}

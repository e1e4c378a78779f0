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

static const struct word EVENTS[EV_COUNT] = {
    [EV_NONE] = {"", ""},
    [EV_RELEASE] = {"release", N_("release")},
    [EV_BLOCK] = {"block", N_("block")},
    [EV_UNBLOCK] = {"unblock", N_("unblock")},
    [EV_BATCH] = {"batch", N_("into a batch")},
    [EV_UNBATCH] = {"unbatch", N_("out of batch")},
    [EV_ASSIGN] = {"assign", N_("assign")},
    [EV_TOTE] = {"tote", N_("take a tote")},
    [EV_PICK] = {"pick", N_("pick")},
    [EV_UNPICK] = {"unpick", N_("undo a pick")},
    [EV_SHORT] = {"short", N_("short pick")},
    [EV_SKIP] = {"skip", N_("skip")},
    [EV_PACK] = {"pack", N_("pack")},
    [EV_UNPACK] = {"unpack", N_("undo a count")},
    [EV_CLOSE] = {"close", N_("close box")},
    [EV_CLOSE_SPLIT] = {"close-split", N_("split, close")},
    [EV_REOPEN] = {"reopen", N_("reopen box")},
    [EV_PRINT_AHEAD] = {"print-ahead", N_("print ahead")},
    [EV_REPRINT] = {"reprint", N_("reprint")},
    [EV_RENEW] = {"renew", N_("new waybill")},
    [EV_APPLY] = {"apply", N_("label on")},
    [EV_OUT] = {"out", N_("scan out")},
    [EV_CANCEL] = {"cancel", N_("cancel")},
    [EV_CANCEL_LINE] = {"cancel-line", N_("cancel line")},
    [EV_CHANGE] = {"change", N_("shop changes")},
    [EV_FILL] = {"fill", N_("fill lines")},
    [EV_BATCH_MAKE] = {"batch-make", N_("make batch")},
    [EV_BATCH_ASSIGN] = {"batch-assign", N_("assign batch")},
    [EV_BATCH_START] = {"batch-start", N_("start batch")},
    [EV_BATCH_DONE] = {"batch-done", N_("finish batch")},
    [EV_BATCH_CANCEL] = {"batch-cancel", N_("cancel batch")},
    [EV_JOB_CLAIM] = {"job-claim", N_("job taken")},
    [EV_JOB_SENT] = {"job-sent", N_("job sent")},
    [EV_JOB_PRINTED] = {"job-printed", N_("job printed")},
    [EV_JOB_FAILED] = {"job-failed", N_("job failed")},
    [EV_JOB_LOST] = {"job-lost", N_("job unsure")},
    [EV_JOB_RETRY] = {"job-retry", N_("retry job")},
    [EV_JOB_ANSWER] = {"job-answer", N_("job answered")},
    [EV_JOB_DROP] = {"job-drop", N_("drop job")},
    [EV_RECEIVE] = {"receive", N_("receive")},
    [EV_ADJUST] = {"adjust", N_("adjust")},
    [EV_MOVE] = {"move", N_("move")},
    [EV_MANIFEST_OPEN] = {"manifest-open", N_("open manifest")},
    [EV_MANIFEST_CLOSE] = {"manifest-close", N_("close manifest")},
    [EV_PRINT] = {"print", N_("print")},
    [EV_NOTE] = {"note", N_("note")},
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
    return EVENTS[kind].name;
}

enum event_kind flow_event_parse(const char *name)
{
    for (enum event_kind kind = EV_NONE; kind < EV_COUNT; kind++)
        if (strcmp(EVENTS[kind].name, name) == 0)
            return kind;
    return EV_NONE;
}

const char *flow_event_label(enum event_kind kind)
{
    return kind == EV_NONE ? "" : _(EVENTS[kind].label);
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

/* SPDX-License-Identifier: MIT
 *
 * The words of the flow: as stored and as said to people.
 */
#include "core/base/translate.h"
#include "core/base/words.h"
#include "core/flow/flow.h"

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

static const struct word EVENTS[EV_COUNT] = {
    [EV_NONE] = {"", ""},
    [EV_RELEASE] = {"release", NC_("event", "release")},
    [EV_BLOCK] = {"block", NC_("event", "block")},
    [EV_UNBLOCK] = {"unblock", NC_("event", "unblock")},
    [EV_BATCH] = {"batch", NC_("event", "into a batch")},
    [EV_UNBATCH] = {"unbatch", NC_("event", "out of batch")},
    [EV_ASSIGN] = {"assign", NC_("event", "assign")},
    [EV_TOTE] = {"tote", NC_("event", "take a tote")},
    [EV_PICK] = {"pick", NC_("event", "pick")},
    [EV_UNPICK] = {"unpick", NC_("event", "undo a pick")},
    [EV_SHORT] = {"short", NC_("event", "short pick")},
    [EV_SPLIT] = {"split", NC_("event", "go on split")},
    [EV_SKIP] = {"skip", NC_("event", "skip")},
    [EV_PACK] = {"pack", NC_("event", "pack")},
    [EV_UNPACK] = {"unpack", NC_("event", "undo a count")},
    [EV_CLOSE] = {"close", NC_("event", "close box")},
    [EV_CLOSE_SPLIT] = {"close-split", NC_("event", "split, close")},
    [EV_REOPEN] = {"reopen", NC_("event", "reopen box")},
    [EV_PRINT_AHEAD] = {"print-ahead", NC_("event", "print ahead")},
    [EV_REPRINT] = {"reprint", NC_("event", "reprint")},
    [EV_RENEW] = {"renew", NC_("event", "new waybill")},
    [EV_APPLY] = {"apply", NC_("event", "label on")},
    [EV_OUT] = {"out", NC_("event", "scan out")},
    [EV_CANCEL] = {"cancel", NC_("event", "cancel")},
    [EV_CANCEL_LINE] = {"cancel-line", NC_("event", "cancel line")},
    [EV_CHANGE] = {"change", NC_("event", "shop changes")},
    [EV_FILL] = {"fill", NC_("event", "fill lines")},
    [EV_BATCH_MAKE] = {"batch-make", NC_("event", "make batch")},
    [EV_BATCH_ASSIGN] = {"batch-assign", NC_("event", "assign batch")},
    [EV_BATCH_START] = {"batch-start", NC_("event", "start batch")},
    [EV_BATCH_DONE] = {"batch-done", NC_("event", "finish batch")},
    [EV_BATCH_CANCEL] = {"batch-cancel", NC_("event", "cancel batch")},
    [EV_JOB_CLAIM] = {"job-claim", NC_("event", "job taken")},
    [EV_JOB_SENT] = {"job-sent", NC_("event", "job sent")},
    [EV_JOB_PRINTED] = {"job-printed", NC_("event", "job printed")},
    [EV_JOB_FAILED] = {"job-failed", NC_("event", "job failed")},
    [EV_JOB_LOST] = {"job-lost", NC_("event", "job unsure")},
    [EV_JOB_RETRY] = {"job-retry", NC_("event", "retry job")},
    [EV_JOB_ANSWER] = {"job-answer", NC_("event", "job answered")},
    [EV_JOB_DROP] = {"job-drop", NC_("event", "drop job")},
    [EV_RECEIVE] = {"receive", NC_("event", "receive")},
    [EV_ADJUST] = {"adjust", NC_("event", "adjust")},
    [EV_MOVE] = {"move", NC_("event", "move")},
    [EV_MANIFEST_OPEN] = {"manifest-open", NC_("event", "open manifest")},
    [EV_MANIFEST_CLOSE] = {"manifest-close", NC_("event", "close manifest")},
    [EV_RUN_MAKE] = {"run-make", NC_("event", "make run")},
    [EV_RUN_START] = {"run-start", NC_("event", "start run")},
    [EV_RUN_PAUSE] = {"run-pause", NC_("event", "pause run")},
    [EV_RUN_CANCEL] = {"run-cancel", NC_("event", "cancel run")},
    [EV_RUN_DONE] = {"run-done", NC_("event", "finish run")},
    [EV_PRINT] = {"print", NC_("event", "print")},
    [EV_NOTE] = {"note", NC_("event", "note")},
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

const char *flow_state_name(enum state state)
{
    return STATES[state].name;
}

enum state flow_state_parse(const char *name)
{
    return (enum state)WORDS_PARSE(STATES, name, ST_NONE);
}

const char *flow_state_label(enum state state)
{
    return translate_in(STATES[state].label);
}

const char *flow_event_name(enum event_kind kind)
{
    return EVENTS[kind].name;
}

enum event_kind flow_event_parse(const char *name)
{
    return (enum event_kind)WORDS_PARSE(EVENTS, name, EV_NONE);
}

const char *flow_event_label(enum event_kind kind)
{
    return translate_in(EVENTS[kind].label);
}

const char *flow_machine_name(enum machine machine)
{
    return MACHINES[machine].name;
}

enum machine flow_machine_parse(const char *name)
{
    return (enum machine)WORDS_PARSE(MACHINES, name, MACHINE_NONE);
}

const char *flow_machine_label(enum machine machine)
{
    return translate_in(MACHINES[machine].label);
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

char *flow_blocks_label(unsigned blocks)
{
    GString *words = g_string_new(NULL);
    for (unsigned bit = 1; bit <= blocks; bit <<= 1)
        if (blocks & bit)
            g_string_append_printf(words, "%s%s", words->len ? ", " : "", flow_block_label((enum block)bit));
    return g_string_free(words, FALSE);
}

enum block flow_block_parse(const char *name)
{
    int n = WORDS_FIND(BLOCKS, name);
    return (enum block)(n < 0 ? 0 : 1u << n);
}

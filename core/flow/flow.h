/* SPDX-License-Identifier: MIT
 *
 * core/flow: one event.
 *
 * The one place that decides. Everything that happens on the floor is an event; decision_judge() looks it up in the table
 * {machine, from, event, blocks, guard, effect, to} and decides on the rows of a dossier, in memory. Nothing here knows a
 * database; core/apply loads what an event is judged by and stores what became of it. No other code writes a state.
 */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/site/actor.h"

enum machine {
    MACHINE_NONE, /* no state of its own: goods, documents, refused scans */
    MACHINE_SHIPMENT,
    MACHINE_LINE,
    MACHINE_PARCEL,
    MACHINE_WAYBILL,
    MACHINE_JOB,
    MACHINE_BATCH,
    MACHINE_MANIFEST,
    MACHINE_RUN,
    MACHINE_SUBMISSION,
    MACHINE_COUNT
};

/* States of all machines; a name means the same word in every machine that has it. */
enum state {
    ST_NONE,
    ST_NEW,
    ST_READY,
    ST_BATCHED,
    ST_PICKING,
    ST_PICKED,
    ST_PACKING,
    ST_PACKED,
    ST_LABELLED,
    ST_OUTBOUND,
    ST_CANCELLED,
    ST_OPEN,
    ST_RESERVED,
    ST_OUT,
    ST_VOID,
    ST_FREE,
    ST_ASSIGNED,
    ST_PRINTED,
    ST_APPLIED,
    ST_QUEUED,
    ST_SUBMITTING,
    ST_SUBMITTED,
    ST_FAILED,
    ST_UNKNOWN,
    ST_ANSWERED,
    ST_RUNNING,
    ST_PAUSED,
    ST_DONE,
    ST_CLOSED,
    ST_COUNT
};

/* A shipment's last states: no event of its own changes it any more, only those of its print jobs. */
static inline gboolean state_is_over(enum state state)
{
    return state == ST_OUTBOUND || state == ST_CANCELLED;
}

enum event_kind {
    EV_NONE,
    EV_SHIPMENT_MAKE, /* order_id: makes its shipment, new; key becomes its id. Recipient, courier, service, cod_minor, currency
                         and cut_off_at as the order has them; block: why it can't be worked yet (text: what is wrong with the
                         address, presale_on: the day it comes) */
    /* a shipment; event.shipment_id names it */
    EV_RELEASE,     /* reserve stock and let it be worked */
    EV_BLOCK,       /* block, reason: put a block on it; putting it twice is no error */
    EV_UNBLOCK,     /* block: clear it */
    EV_BATCH,       /* batch_id: put into a batch */
    EV_UNBATCH,     /* take out of its batch: back to ready, or goes on unbatched when picking began */
    EV_ASSIGN,      /* person_id: who works it */
    EV_FOLLOW,      /* it follows its batch: works it who has that now; of one that was cancelled it leaves */
    EV_TOTE,        /* tote_id: an empty tote is taken for it */
    EV_PICK,        /* task_id, quantity, tote_id or 0 */
    EV_UNPICK,      /* task_id, quantity: undo */
    EV_SHORT,       /* task_id, reason: the bin has less than wanted */
    EV_SPLIT,       /* a lead's decision: what was picked goes on, what it waits for follows in a later parcel */
    EV_SKIP,        /* task_id: walk on, come back last */
    EV_PACK,        /* line_id, quantity, lot_id: count into the open parcel */
    EV_UNPACK,      /* line_id, quantity, lot_id: undo */
    EV_CLOSE,       /* close the box: everything is counted; weight_g where the site wants it */
    EV_CLOSE_SPLIT, /* a lead's decision: close with what is counted, the rest stays open as the next parcel */
    EV_REOPEN,      /* open a packed parcel before its label is on */
    EV_PRINT_AHEAD, /* run_id, printer_id: waybill before packing */
    EV_REPRINT,     /* reason: another copy, flagged */
    EV_RENEW,       /* reason: void the live waybill, a new generation with a new number */
    EV_APPLY,       /* waybill_id: the label is on its parcel */
    EV_OUT,         /* parcel_id, manifest_id: scanned out at the dock */
    EV_CANCEL,      /* reason: at any stage up to outbound */
    EV_CANCEL_LINE, /* line_id, reason */
    EV_CHANGE,      /* recipient_id, courier, service, cod_minor, cut_off_at: the shop changed the order */
    EV_FILL,        /* its order lines were mapped: makes the shipment lines that are missing, while new */
    /* a batch; event.batch_id names it */
    EV_BATCH_MAKE,   /* makes it, ready; key becomes its id */
    EV_BATCH_ASSIGN, /* person_id (0: nobody): its open shipments follow (EV_FOLLOW) */
    EV_BATCH_START,
    EV_BATCH_DONE,
    EV_BATCH_CANCEL, /* its open shipments follow: unpicked ones go back to ready */
    /* a submission, jobs that are sent together; event.submission_id names it. quantity of those that end it: pages that came
       out; text: in the queue's words */
    EV_SUBMISSION_MAKE,     /* printer_id, quantity: its printer_address(), text: uuid; key becomes its id */
    EV_SUBMISSION_SEAL,     /* quantity: pages; from here on it may have been sent */
    EV_SUBMISSION_WITHDRAW, /* it was never sealed: nothing can be sent any more */
    EV_SUBMISSION_SENT,     /* quantity, text: what the queue calls it; said again it waits anew from now */
    EV_SUBMISSION_PRINTED,
    EV_SUBMISSION_FAILED,   /* it never reached the printer */
    EV_SUBMISSION_LOST,     /* nobody knows what came out */
    /* a print job; event.job_id names it, and submission_id the submission that has it, of which its word is */
    EV_JOB_CLAIM,   /* submission_id, page */
    EV_JOB_SENT,
    EV_JOB_PRINTED,
    EV_JOB_FAILED,  /* text: why; it never reached the printer, or none was asked */
    EV_JOB_LOST,    /* text: nobody knows whether paper came out */
    EV_JOB_RETRY,   /* failed -> queued, by a person, or to the backup printer (printer_id) */
    EV_JOB_ANSWER,  /* reason "printed" or "not-printed", by a person who looked; "not-printed" queues a flagged copy */
    EV_JOB_DROP,    /* queued -> failed: the run was cancelled */
    /* a handover manifest; event.manifest_id names it */
    EV_MANIFEST_OPEN, /* courier; key becomes its id, unless the courier has one open */
    EV_MANIFEST_CLOSE,
    /* a print run; event.run_id names it */
    EV_RUN_MAKE,   /* text: its filter, batch_id or 0, printer_id, quantity: labels a submission; key becomes its id, paused */
    EV_RUN_START,  /* all of its labels are queued, or it goes on */
    EV_RUN_PAUSE,
    EV_RUN_CANCEL, /* what is queued has to be dropped afterwards */
    EV_RUN_DONE,   /* its last label is accounted for */
    /* no machine */
    EV_RECEIVE, /* product_id, lot_id, to_id (bin), quantity, reason */
    EV_ADJUST,  /* product_id, lot_id, from_id (bin), quantity signed, reason */
    EV_MOVE,    /* product_id, lot_id, from_id, to_id, quantity */
    EV_PRINT,   /* text = job kind, batch_id or manifest_id or person_id, printer_id: a document */
    EV_NOTE,    /* code, text: a refused scan, a log-in; changes nothing but the journal */
    EV_COUNT
};

/* Why a shipment does not go on, as bits. Rows of table block. */
enum block {
    BLOCK_UNPAID = 1 << 0,
    BLOCK_PRESALE = 1 << 1,
    BLOCK_HELD = 1 << 2,
    BLOCK_SHORT = 1 << 3,
    BLOCK_ADDRESS = 1 << 4,
    BLOCK_UNMAPPED = 1 << 5,
    BLOCK_MISSING = 1 << 6,   /* it has no lines to work */
    BLOCK_CANCELLED = 1 << 7, /* cancelled in the shop while the goods were in work */
    BLOCK_CHANGED = 1 << 8    /* changed in the shop after its label was printed */
};
enum { BLOCK_COUNT = 9 };

/* What an event says is to happen; what it does not need is 0 or NULL. One list, so that nothing of it can be left out of
 * what makes two events the same (apply.c). */
#define EVENT_NUMBERS(N)                                                                                               \
    N(shipment_id) N(line_id) N(task_id) N(parcel_id) N(waybill_id) N(job_id) N(batch_id) N(manifest_id) N(run_id)     \
    N(submission_id) N(printer_id) N(product_id) N(lot_id) N(from_id) N(to_id) N(tote_id) N(person_id) N(recipient_id) \
    N(quantity) N(weight_g) N(cod_minor) N(page) N(order_id) N(cut_off_at) N(presale_on)
#define EVENT_TEXTS(T) T(reason) T(text) T(courier) T(service) T(currency) /* borrowed; text is never personal data */

struct event {
    int64_t key;
    int64_t request; /* what the station was asked, hashed: for who asks again under the key; 0: no station */
    int64_t version; /* the version it was judged by; 0: whatever it is now */
    struct actor actor;
    const GArray *members; /* no part of what is asked: ids of the batch's members, as who asks has seen them; NULL: nobody has */
    enum event_kind kind;
    enum block block;
    enum err code; /* EV_NOTE */
#define N(name) int64_t name;
#define T(name) const char *name;
    EVENT_NUMBERS(N)
    EVENT_TEXTS(T)
#undef N
#undef T
};

enum verdict {
    VERDICT_DONE,
    VERDICT_REFUSED, /* the rules said no; nothing changed but the journal */
    VERDICT_CONFLICT, /* event.version is not the version any more; nothing changed but the journal */
    VERDICT_FAILED    /* one of many that the database would not take, alone either: nothing is written of it */
};

struct outcome {
    enum verdict verdict;
    gboolean repeated;  /* the key had been applied before: this is the first outcome again */
    enum err code;      /* why refused */
    char text[240];     /* in words, translated, without number */
    enum state state;   /* of the machine the event was for, afterwards */
    int64_t shipment_id;
    int64_t subject_id; /* what was made or touched: parcel for EV_CLOSE, batch, manifest, waybill for EV_RENEW ... */
    int64_t request;    /* flow_outcome(): the event's */
};

/* --- SQL that others build into theirs ------------------------------------------------------------------- */

/* SQL over a line that is not cancelled: what is still to be counted. What a split goes on without is not. */
#define LINE_TO_PACK "(CASE WHEN state = 'open' THEN picked ELSE quantity END) - packed"

/* Still in work. SQLite uses a partial index only where the index's own condition stands in the query, word for word:
 * draft is there for that, no batch ever is one. */
#define SHIPMENT_IS_OPEN(s) s ".state NOT IN ('outbound', 'cancelled')"
#define BATCH_IS_OPEN(b) b ".state IN ('draft', 'ready', 'running')"

/* The cut-off as a key that what has none comes last by: UTC ms, and the same in SQL, as an index has it. */
#define NO_CUT_OFF 9000000000000000
#define DUE(of) "CASE WHEN " of ".cut_off_at = 0 THEN " G_STRINGIFY(NO_CUT_OFF) " ELSE " of ".cut_off_at END"

/* Blocks that stop every step; and the same in SQL. */
#define STOPPING_BLOCKS                                                                                                \
    (BLOCK_UNPAID | BLOCK_HELD | BLOCK_ADDRESS | BLOCK_UNMAPPED | BLOCK_MISSING | BLOCK_CANCELLED)
#define IS_STOPPING " IN ('unpaid', 'held', 'address', 'unmapped', 'missing', 'cancelled')"

/* The open blocks of shipment s, as bits of enum block. */
#define BLOCK_BITS                                                                                                     \
    "CAST(COALESCE((SELECT SUM(CASE k.kind WHEN 'unpaid' THEN 1 WHEN 'presale' THEN 2 WHEN 'held' THEN 4 "             \
    "WHEN 'short' THEN 8 WHEN 'address' THEN 16 WHEN 'unmapped' THEN 32 WHEN 'missing' THEN 64 "                       \
    "WHEN 'cancelled' THEN 128 ELSE 256 END) FROM block k WHERE k.shipment_id = s.id AND k.cleared_at IS NULL), 0) "   \
    "AS BIGINT)"

/* --- the tables, for check, docs and the test that walks every pair ------------------------------------- */

const char *flow_state_name(enum state state);     /* as stored: "ready" */
enum state flow_state_parse(const char *name);     /* ST_NONE when unknown */
const char *flow_event_name(enum event_kind kind); /* as journalled: "pack" */
enum event_kind flow_event_parse(const char *name); /* EV_NONE when unknown */
const char *flow_event_word(enum event_kind kind);   /* the same as an error's argument */
const char *flow_event_label(enum event_kind kind);  /* translated, for people */
const char *flow_machine_name(enum machine machine);
enum machine flow_machine_parse(const char *name); /* MACHINE_NONE when unknown */
const char *flow_machine_label(enum machine machine); /* translated, for people */
const char *flow_block_name(enum block block);
enum block flow_block_parse(const char *name);     /* 0 when unknown */
const char *flow_state_word(enum state state);     /* the same as an error's argument */
const char *flow_state_label(enum state state);    /* translated, for people */
const char *flow_block_label(enum block block);
char *flow_blocks_label(unsigned blocks, const char *between); /* "unpaid, held"; caller frees */

enum machine flow_event_machine(enum event_kind kind);

/* Whether the event makes what it is for. */
gboolean flow_makes(enum event_kind kind);
/* Whether the table of the machine has a row for the pair, whatever its guard says. */
gboolean flow_allows(enum machine machine, enum state from, enum event_kind kind);
/* Whether a row of the event (EV_NONE: of any) leads from one state to another (derived states included). */
gboolean flow_leads(enum machine machine, enum state from, enum event_kind kind, enum state to);
/* A printer's host and address in a number: whether the printer that somebody has in hand still is what the house has. */
int64_t printer_address(const char *host, const char *uri);

/* The states of a machine, in order; *count gets their number. */
const enum state *flow_states(enum machine machine, size_t *count);

/* SPDX-License-Identifier: MIT
 *
 * Inside of the flow: the decision on one event, which a guard and an effect of the transition tables work with. Only
 * core/flow includes this, and core/sim, which plays floors in memory. Both steps are pure: they see the dossier, the event,
 * the hour and the house, and no database. A guard looks and says no by setting a refusal (err_is_refusal()); an effect
 * changes rows of the dossier, and may say no as well: its changes are forgotten. Where a part of the dossier is missing they
 * name it (decision_has()) and are asked again.
 */
#pragma once

#include "core/flow/dossier.h"
#include "core/people/role.h"

struct courier_list;

/* What rules know of the house besides the dossier. Borrowed. */
struct house {
    int64_t supplier_id, customer_id, loss_id, bench_id;
    GTimeZone *zone;
    const struct courier_list *couriers;
    GHashTable *settings; /* name -> text */
};

int64_t house_setting(const struct house *house, const char *name, int64_t fallback);

/* Parts of a dossier: what load.c loads by the events' ids, each for all shipments of the chunk. */
enum need {
    NEED_SHIPMENT = 1 << 0, /* with its open blocks */
    NEED_LINES = 1 << 1,
    NEED_TASKS = 1 << 2,
    NEED_TOTES = 1 << 3,   /* whose the shipments' and the events' are */
    NEED_PARCELS = 1 << 4, /* with contents and waybills */
    NEED_JOBS = 1 << 5,
    NEED_STOCK = 1 << 6, /* of the products of lines and events, with places, lots and open count tasks */
    NEED_HELD = 1 << 7,
    NEED_BATCH = 1 << 8,
    NEED_MEMBERS = 1 << 9, /* a batch's shipments */
    NEED_RECIPIENT = 1 << 10,
    NEED_WAYBILL = 1 << 11, /* the one the event names, whosever it is */
    NEED_MANIFEST = 1 << 12, /* the event's; or the one of its courier that is open */
    NEED_RUN = 1 << 13,
    NEED_JOB = 1 << 14,
    NEED_PRINTERS = 1 << 15,
    NEED_NUMBERS = 1 << 16, /* ranges and lists of the shipments' couriers, and numbers that are taken */
    NEED_WANTED = 1 << 17,  /* what the order lines are to ship */
    NEED_COUNTER = 1 << 18,
    NEED_PRODUCT = 1 << 19,
    NEED_LAST_ACT = 1 << 20,
    NEED_HANDOVER = 1 << 21, /* the event's manifest, which stays as it is until the event is stored */
    NEED_NO_LOOK = 1 << 23,  /* with NEED_NUMBERS: nobody looks whether the next ones exist; the database will not take one */
    NEED_OWN_STOCK = 1 << 24, /* of NEED_STOCK what lies in the shipments' totes and at the bench */
    NEED_SUBMISSION = 1 << 25, /* the event's, with what is left on its printer's roll */
    NEED_ACTORS = 1 << 22    /* who acts, and the version of what managers set: come with whatever is loaded first */
};

struct decision {
    const struct house *house;
    struct dossier *dossier;
    const struct event *ev;
    int64_t now;
    const struct shipment *ship; /* the event's; or */
    const struct row *subject;   /* its batch, job, manifest, run or submission; what is made stands in neither */
    unsigned blocks;             /* open ones of the shipment */
    const struct line *line;     /* of the shipment, and its pick task, as the event names them: what the guard has found, */
    const struct task *task;     /* the effect finds here */
    enum state from;             /* of the shipment or subject, before the event */
    enum state to;               /* set by an effect whose row leads to several states */
    int64_t made_id;             /* what the effect made or touched: outcome.subject_id */
    char detail[160];            /* for the journal */
    const char *last_act;        /* NULL: nobody has asked yet */
    unsigned missing;            /* parts that a rule wants and the dossier has not */
    unsigned rows, moves;        /* that it has made */
    GArray *fired;               /* struct fired: what else moved, in order */
    GArray *follows;             /* struct event: what follows for other subjects, each judged by itself when this is done */
};

/* A row of another machine that the event moved on. */
struct fired {
    enum machine machine;
    int64_t id;
    enum event_kind event;
    enum state from, to;
};

typedef gboolean (*decision_step)(struct decision *d, GError **error);

/* Judges an event: by its machine's table, who acts, the blocks, guard and effect. TRUE: it is done, in the dossier. FALSE:
 * refused with *error, or d->missing is not 0 and it is to be judged again when that was loaded. */
gboolean decision_judge(struct decision *d, GError **error);

/* Whether the one that was just done leads to another, of the same act; what that takes over from it is filled in. */
/* Of an act whose first event is done for the second alone: the code by which that one is refused where it only wants the
 * first; ERR_NONE: the first stands by itself. */
enum err decision_only_wants(enum event_kind done, enum event_kind next);
gboolean decision_leads_to(const struct decision *d, struct event *next);

/* The parts an event wants in any case. */
unsigned flow_needs(enum event_kind kind);

/* Whether the dossier has a part. FALSE: it is missed, and the rule returns FALSE. */
gboolean decision_has(struct decision *d, unsigned need);

int64_t decision_subject_id(const struct decision *d);
int64_t decision_asked_id(const struct decision *d); /* of the subject that was asked for, though it may not be there */
int64_t decision_id(struct decision *d); /* of a new row: the event's key and which of its rows it is say it */

/* Sets what the journal says beside the states: "MUG-RED +1". Ids and product codes, never personal data. */
void decision_note(struct decision *d, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Fires an event on another machine's row, by that machine's table: effects move parcels, lines, waybills, jobs and
 * batches by this and by nothing else. A pair the table does not list is a refusal. */
gboolean decision_fire(struct decision *d, enum machine machine, int64_t id, enum event_kind event, GError **error);

/* An event changes one subject. What it means for another is an event of that one's own, in the same transaction, by the
 * same actor. */
void decision_follow(struct decision *d, struct event event);

/* What an event names must be there. Returns found; NULL is a refusal that says what there is none of. */
const void *decision_named(const void *found, const char *what, GError **error);

/* Sets d->to to the state that the lines and parcels of the shipment add up to. */
void decision_derive(struct decision *d);

/* "packed 14:03 by Lin, station 3": the last act that brought the shipment where it is. "" until it is loaded. */
const char *decision_last_act(struct decision *d);

/* Whether who acts may, or who approved it; *name gets who acts. */
gboolean decision_may(const struct decision *d, enum permission permission, const char **name);

/* The event's reason, or "". */
const char *decision_reason(const struct decision *d);

/* Whether the event's quantity is one of d->line's 1 to most; above it the refusal is `over`, which says the limit (NULL:
 * most). */
gboolean line_takes(struct decision *d, int64_t most, enum err over, const char *limit, GError **error);

/* Finds d->line, a line of this shipment. */
gboolean line_named(struct decision *d, int64_t line_id, GError **error);

/* --- goods (move.c) ------------------------------------------------------------------------------------- */

/* A move of goods of the event's shipment, if it has one. */
struct moving {
    int64_t product_id, lot_id, quantity, from_id, to_id;
    gboolean was_reserved;  /* the goods leave a bin where a pick task had reserved them */
    gboolean reserve_again; /* they go back to a bin and are reserved there for the task they were picked for */
    const char *kind;       /* as in table stock_move */
    const char *reason;     /* NULL: its event's, if it has one */
};

/* Moves goods in the stock and notes the ledger's row. ERR_STOCK_NEGATIVE when the books have not that many free. */
gboolean goods_move(struct decision *d, const struct moving *move, GError **error);

/* What of a product and lot the event's shipment holds at a place, 0: anywhere; and how much of it lies in boxes that have
 * not left, or only in those that are closed. The dossier must have NEED_HELD, NEED_PARCELS. */
int64_t goods_held(const struct decision *d, int64_t product_id, int64_t lot_id, int64_t location_id);
int64_t goods_boxed(const struct decision *d, int64_t product_id, int64_t lot_id, gboolean closed);

/* Refuses by ERR_STOCK_NEGATIVE, and says how many can be taken there. */
gboolean goods_too_few(struct decision *d, int64_t product_id, int64_t location_id, int64_t there, GError **error);

/* Reserves at a place; less than nothing is given back. */
gboolean goods_reserve(struct decision *d, int64_t product_id, int64_t location_id, int64_t lot_id, int64_t quantity,
                       GError **error);

/* Where a product lies free in bins, first expiring first, then in walk order: of struct stock *. Expired lots and bins with
 * an open count task for the product are left out. Caller frees. */
GPtrArray *goods_free(struct decision *d, int64_t product_id);

/* --- the steps: guards and effects, one file each ------------------------------------------------------- */

/* release.c */
gboolean shipment_make_effect(struct decision *d, GError **error);
gboolean release_guard(struct decision *d, GError **error);
gboolean release_effect(struct decision *d, GError **error);
void block_put(struct decision *d, enum block block, const char *reason);
void block_clear(struct decision *d, enum block block);
void shipment_sums_write(struct decision *d); /* lines and units of the shipment, from its lines */
gboolean block_effect(struct decision *d, GError **error);
gboolean unblock_effect(struct decision *d, GError **error);
gboolean fill_effect(struct decision *d, GError **error);
gboolean change_effect(struct decision *d, GError **error);
/* batch.c */
gboolean batch_in_effect(struct decision *d, GError **error);
gboolean batch_out_effect(struct decision *d, GError **error);
gboolean assign_effect(struct decision *d, GError **error);
gboolean batch_make_effect(struct decision *d, GError **error);
gboolean batch_assign_guard(struct decision *d, GError **error);
gboolean batch_assign_effect(struct decision *d, GError **error);
gboolean batch_cancel_effect(struct decision *d, GError **error);
gboolean follow_guard(struct decision *d, GError **error);
gboolean follow_effect(struct decision *d, GError **error);
gboolean batch_start_effect(struct decision *d, GError **error);
gboolean batch_done_guard(struct decision *d, GError **error);
gboolean batch_done_effect(struct decision *d, GError **error);
/* running -> done when nothing is left to pick; done -> running when a pick was undone. */
gboolean batch_settle(struct decision *d, GError **error);
gboolean batch_reopen(struct decision *d, GError **error);
/* A cancelled shipment leaves its batch. */
gboolean batch_leave_cancelled(struct decision *d, GError **error);
/* pick.c */
gboolean tote_effect(struct decision *d, GError **error);
void totes_free(struct decision *d, int64_t shipment_id); /* what the shipment had, others may take */
gboolean pick_guard(struct decision *d, GError **error);
gboolean pick_effect(struct decision *d, GError **error);
gboolean unpick_effect(struct decision *d, GError **error);
gboolean short_effect(struct decision *d, GError **error);
gboolean skip_effect(struct decision *d, GError **error);
gboolean split_guard(struct decision *d, GError **error);
/* Reserves what a line still wants; ERR_SHORT_STOCK when it is not there. */
gboolean pick_reserve_line(struct decision *d, const struct line *line, GError **error);
gboolean pick_release_line(struct decision *d, const struct line *line, GError **error);
/* pack.c */
gboolean pack_guard(struct decision *d, GError **error);
gboolean pack_effect(struct decision *d, GError **error);
gboolean unpack_effect(struct decision *d, GError **error);
gboolean close_guard(struct decision *d, GError **error);
gboolean close_effect(struct decision *d, GError **error);
gboolean close_is_next(const struct decision *d, struct event *close);
gboolean reopen_guard(struct decision *d, GError **error);
gboolean reopen_effect(struct decision *d, GError **error);
/* Goods leave the totes for the bench: those of a parcel, 0: all. */
gboolean pack_out_of_totes(struct decision *d, int64_t parcel_id, GError **error);
/* The goods of one line, as far as they are in totes, go to the bench. */
gboolean pack_line_out_of_totes(struct decision *d, const struct line *line, GError **error);
/* What is in a parcel, by product and lot, in that order: of struct goods_sum. Caller frees. */
struct goods_sum {
    int64_t product_id, lot_id, quantity;
};
GArray *parcel_goods(const struct decision *d, int64_t parcel_id);
/* The shipment's open parcel, made when there is none. */
const struct parcel *pack_open_parcel(struct decision *d);
/* label.c */
gboolean print_ahead_effect(struct decision *d, GError **error);
gboolean reprint_effect(struct decision *d, GError **error);
gboolean renew_effect(struct decision *d, GError **error);
gboolean apply_guard(struct decision *d, GError **error);
gboolean apply_effect(struct decision *d, GError **error);
/* A parcel's waybill that is not void; NULL: it has none. */
const struct waybill *label_live(const struct decision *d, int64_t parcel_id);
/* A waybill that says something else than the order does by now. */
gboolean label_is_stale(const struct decision *d, const struct waybill *waybill);
/* The parcel's live waybill, given to it when it has none. NULL: refused. */
const struct waybill *label_assign(struct decision *d, const struct parcel *parcel, GError **error);
/* Writes its print job, and the slip's where the site wants one, unless it has been. */
enum label_when {
    LABEL_AHEAD,   /* the box is not closed by this event */
    LABEL_CLOSED,
    LABEL_REPACKED /* paper that is out may list something else than what is in the box */
};
gboolean label_print(struct decision *d, const struct waybill *waybill, enum label_when when, GError **error);
/* Voids the parcel's live waybill, if any, by EV_RENEW or EV_CANCEL. */
gboolean label_void(struct decision *d, int64_t parcel_id, enum event_kind why, const char *reason, GError **error);
/* number.c: a waybill in state free for the shipment, the order's own number or the next of the courier's source. NULL:
 * refused by ERR_COURIER_UNKNOWN, ERR_WAYBILL_NONE, ERR_WAYBILL_PENDING, ERR_WAYBILL_TWICE, or of the wrong form. */
const struct waybill *number_take(struct decision *d, gboolean cod, GError **error);
/* outbound.c */
gboolean out_guard(struct decision *d, GError **error);
gboolean out_effect(struct decision *d, GError **error);
gboolean out_is_next(const struct decision *d, struct event *out);
gboolean manifest_open_effect(struct decision *d, GError **error);
gboolean manifest_close_effect(struct decision *d, GError **error);
/* cancel.c */
gboolean cancel_effect(struct decision *d, GError **error);
/* When all is in closed boxes by now: what lies in totes was of lines that are gone and goes to the bench, and open boxes
 * that were left empty are void, with the paper they may have. No close will come any more that would see to it. */
gboolean cancel_leavings(struct decision *d, GError **error);
gboolean cancel_line_guard(struct decision *d, GError **error);
gboolean cancel_line_effect(struct decision *d, GError **error);
/* job.c: jobs of the outbox */
gboolean job_claim_guard(struct decision *d, GError **error);
gboolean job_guard(struct decision *d, GError **error);
gboolean job_effect(struct decision *d, GError **error);
gboolean job_answer_effect(struct decision *d, GError **error);
gboolean job_retry_effect(struct decision *d, GError **error);
gboolean job_make_effect(struct decision *d, GError **error);
/* Writes a job for the event's printer, 0: the acting station's. copy: 0, or the number of the reprint. */
gboolean job_write(struct decision *d, const char *kind, const struct waybill *waybill, int64_t copy, const char *reason,
                   GError **error);
/* The number of the next copy of a waybill's paper of that kind. */
int64_t job_next_copy(const struct decision *d, int64_t waybill_id, const char *kind);
/* One that never reached a printer is queued again, for the acting station's. */
gboolean job_again(struct decision *d, const struct job *job, GError **error);
/* run.c: print runs */
gboolean run_make_effect(struct decision *d, GError **error);
gboolean run_effect(struct decision *d, GError **error);
gboolean run_end_effect(struct decision *d, GError **error);

/* submission.c: what is handed to a printer's queue together */
gboolean submission_make_guard(struct decision *d, GError **error);
gboolean submission_make_effect(struct decision *d, GError **error);
gboolean submission_guard(struct decision *d, GError **error);
gboolean submission_effect(struct decision *d, GError **error);
gboolean submission_end_effect(struct decision *d, GError **error);
gboolean run_number(struct decision *d, struct job *job, GError **error); /* its n of N */
/* goods.c: goods received, counted, moved */
gboolean receive_effect(struct decision *d, GError **error);
gboolean adjust_effect(struct decision *d, GError **error);
gboolean move_effect(struct decision *d, GError **error);
/* The next number of a kind as people say it: of "batch" and 'B' "B0001", "B0002". */
const char *house_next_number(struct decision *d, const char *kind, char letter);

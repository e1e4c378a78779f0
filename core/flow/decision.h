/* SPDX-License-Identifier: MIT
 *
 * Inside of the flow: the decision on one event, which a guard and an effect of the transition tables work with. Only
 * core/flow includes this. A guard reads and says no by setting a refusal (err_is_refusal()); an effect writes, and may
 * say no as well: its writes are undone. Both run after the subject was loaded, effects after the version was moved.
 */
#pragma once

#include "core/db/rows.h"
#include "core/flow/flow.h"
#include "core/goods/stock.h"
#include "core/people/role.h"
#include "core/site/journal.h"
#include "core/site/site.h"

/* SQL: the shipments that follow their batch $1 when it changes hands or ends. */
#define FROM_BATCH_MEMBERS "FROM shipment WHERE batch_id = $1 AND state IN ('batched', 'picking', 'picked')"

/* The shipment an event is for, as it was before the event. */
struct decision_shipment {
    int64_t id, version, order_id, recipient_id, batch_id, cod_minor, cut_off_at;
    enum state state;
    unsigned blocks; /* open ones */
    char order[72];  /* the shop's number, for people */
    char courier[32], service[48];
};

/* The batch, job, manifest or run an event is for. */
struct decision_subject {
    int64_t id, version;
    enum state state;
    char name[72];
};

struct line {
    int64_t id, product_id, quantity, picked, packed;
    enum state state;
    gboolean has_lots;
    char sku[72];
};

struct task {
    int64_t id, line_id, product_id, location_id, lot_id, quantity, picked;
    gboolean open;
};

struct decision {
    struct site *site;
    struct db *db;
    const struct event *ev;
    struct journal journal;
    int64_t now;
    struct decision_shipment ship;
    struct decision_subject subject;
    struct line line;    /* of the shipment, and its pick task, as the event names them: what the guard has loaded, */
    struct task task;    /* the effect finds here */
    enum state to;       /* set by an effect whose row leads to several states */
    int64_t made_id;     /* what the effect made or touched: outcome.subject_id */
    char detail[160];    /* for the journal */
};

typedef gboolean (*decision_step)(struct decision *d, GError **error);

/* Loads the subject of the event: a shipment with its open blocks, or what stands in its table. */
gboolean decision_load(struct decision *d, enum machine machine, GError **error);
int64_t decision_subject_id(const struct decision *d);

/* Sets what the journal says beside the states: "MUG-RED +1". Ids and product codes, never personal data. */
void decision_note(struct decision *d, const char *format, ...) G_GNUC_PRINTF(2, 3);

/* Moves goods: the ledger says of which shipment, by whose event. */
gboolean decision_move(struct decision *d, struct stock_move move, GError **error);

/* Fires an event on another machine's row, by that machine's table: effects move parcels, lines, waybills, jobs and
 * batches by this and by nothing else. A pair the table does not list is a refusal. */
gboolean decision_fire(struct decision *d, enum machine machine, int64_t id, enum event_kind event, GError **error);

/* The same on a shipment that the event was not for, a batch's member, which has been moved to that version. */
gboolean decision_fire_member(struct decision *d, int64_t shipment_id, int64_t version, enum event_kind event,
                              GError **error);

/* Sets d->to to the state that the lines and parcels of the shipment add up to. */
gboolean decision_derive(struct decision *d, GError **error);

/* "packed 14:03 by Lin, station 3": the last act that brought the shipment where it is. Caller frees. */
char *decision_last_act(struct decision *d);

/* Loads d->line, a line of this shipment. */
gboolean line_load(struct decision *d, int64_t line_id, GError **error);
GArray *lines_load(struct decision *d, GError **error); /* all, of struct line, by product: the lock order */
/* Whether the event's quantity is one of d->line's 1 to most; above it the refusal is `over`, which says the limit (NULL:
 * most). */
gboolean line_takes(struct decision *d, int64_t most, enum err over, const char *limit, GError **error);

/* What an event names must be there: the first row, of integers or as read() takes it; no row is a refusal. */
gboolean named_row(struct rows *rows, rows_fn read, void *data, const char *what, GError **error);
gboolean named_ints(struct decision *d, const struct sql *sql, const struct db_value *args, size_t count, int64_t *out,
                    int n, const char *what, GError **error);
char *named_text(struct decision *d, const struct sql *sql, const struct db_value *args, size_t count, const char *what,
                 GError **error); /* caller frees */

/* Does fn to every item of a list in order, until one fails, and frees the list; NULL is one that could not be read. */
gboolean decision_each(struct decision *d, GArray *items,
                       gboolean (*fn)(struct decision *d, const void *item, GError **error), GError **error);

/* Whether who acts may, or who approved it; *name, which the caller frees, gets who acts. 1, 0, -1 failed. */
int decision_may(struct decision *d, enum permission permission, char **name, GError **error);

/* --- the steps: guards and effects, one file each ------------------------------------------------------- */

/* release.c */
gboolean release_guard(struct decision *d, GError **error);
gboolean release_effect(struct decision *d, GError **error);
gboolean block_put(struct decision *d, enum block block, const char *reason, GError **error);
gboolean block_clear(struct decision *d, enum block block, GError **error);
gboolean shipment_sums_write(struct decision *d, GError **error); /* lines and units of the shipment, from its lines */
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
/* running -> done when nothing is left to pick; done -> running when a pick was undone. */
gboolean batch_settle(struct decision *d, int64_t batch_id, GError **error);
gboolean batch_reopen(struct decision *d, int64_t batch_id, GError **error);
/* pick.c */
gboolean tote_effect(struct decision *d, GError **error);
gboolean totes_free(struct decision *d, int64_t shipment_id, GError **error); /* what the shipment had, others may take */
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
gboolean reopen_guard(struct decision *d, GError **error);
gboolean reopen_effect(struct decision *d, GError **error);
/* Goods of a parcel, of struct stock_held, leave the totes for the bench. content NULL: everything leaves. */
gboolean pack_out_of_totes(struct decision *d, GArray *content, GError **error);
/* The goods of one line, as far as they are in totes, go to the bench. */
gboolean pack_line_out_of_totes(struct decision *d, const struct line *line, GError **error);
GArray *parcel_content(struct decision *d, int64_t parcel_id, GError **error); /* of struct stock_held, location 0 */
/* The shipment's open parcel, made when there is none. 0 with *error on failure. */
int64_t pack_open_parcel(struct decision *d, GError **error);
/* label.c */
gboolean print_ahead_effect(struct decision *d, GError **error);
gboolean reprint_effect(struct decision *d, GError **error);
gboolean renew_effect(struct decision *d, GError **error);
gboolean apply_guard(struct decision *d, GError **error);
gboolean apply_effect(struct decision *d, GError **error);
/* Gives the parcel a live waybill when it has none; *waybill_id gets it. */
gboolean label_assign(struct decision *d, int64_t parcel_id, int64_t *waybill_id, GError **error);
/* Writes its print job, and the slip's where the site wants one, unless it has been. */
enum label_when {
    LABEL_AHEAD,   /* the box is not closed by this event */
    LABEL_CLOSED,
    LABEL_REPACKED /* paper that is out may list something else than what is in the box */
};
gboolean label_print(struct decision *d, int64_t waybill_id, enum label_when when, GError **error);
/* Voids the parcel's live waybill, if any, by EV_RENEW or EV_CANCEL. */
gboolean label_void(struct decision *d, int64_t parcel_id, enum event_kind why, const char *reason, GError **error);
/* outbound.c */
gboolean out_guard(struct decision *d, GError **error);
gboolean out_effect(struct decision *d, GError **error);
gboolean manifest_open_effect(struct decision *d, GError **error);
gboolean manifest_close_effect(struct decision *d, GError **error);
/* cancel.c */
gboolean cancel_effect(struct decision *d, GError **error);
gboolean cancel_line_guard(struct decision *d, GError **error);
gboolean cancel_line_effect(struct decision *d, GError **error);
/* job.c: jobs of the outbox */
gboolean job_effect(struct decision *d, GError **error);
gboolean job_answer_effect(struct decision *d, GError **error);
gboolean job_retry_effect(struct decision *d, GError **error);
gboolean job_make_effect(struct decision *d, GError **error);
/* Writes a job for the event's printer, 0: the acting station's. copy: 0, or the number of the reprint. */
gboolean job_write(struct decision *d, const char *kind, int64_t waybill_id, int64_t copy, const char *reason,
                   GError **error);
/* The number of the next copy of a waybill's paper of that kind. */
gboolean job_next_copy(struct decision *d, int64_t waybill_id, const char *kind, int64_t *copy, GError **error);
/* One that never reached a printer is queued again, for the acting station's. */
gboolean job_again(struct decision *d, int64_t job_id, GError **error);
/* run.c: print runs */
gboolean run_make_effect(struct decision *d, GError **error);
gboolean run_start_effect(struct decision *d, GError **error);
gboolean run_effect(struct decision *d, GError **error);
gboolean run_end_effect(struct decision *d, GError **error);
/* goods.c: goods received, counted, moved */
gboolean receive_effect(struct decision *d, GError **error);
gboolean adjust_effect(struct decision *d, GError **error);
gboolean move_effect(struct decision *d, GError **error);

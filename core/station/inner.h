/* SPDX-License-Identifier: MIT
 *
 * Inside of a station. station.c takes a call: memory.c answers a key it knows; else the scan is decoded and resolved
 * (resolve.c), and the step (pick.c, pack.c, dock.c), the log-in or a command plans what it means: an event, a further
 * question, or a refusal. station.c applies the event, lets the step say what follows, and words the answer; approve.c
 * stands behind the red bar. view.c draws. asked.c has what was read. Only core/station includes this.
 */
#pragma once

#include "core/code/scan.h"
#include "core/db/rows.h"
#include "core/people/people.h"
#include "core/people/pin.h"
#include "core/people/role.h"
#include "core/site/site.h"
#include "core/station/resolve.h"
#include "core/station/station.h"

/* In SQL: nothing stops shipment s from being picked. */
#define NOT_STOPPED                                                                                                   \
    "NOT EXISTS (SELECT 1 FROM block b WHERE b.shipment_id = s.id AND b.cleared_at IS NULL AND b.kind" IS_STOPPING ")"

/* In SQL: of the open pick lines that are meant the next on the walk, by one of its columns. */
#define NEXT_TASK(column, tasks)                                                                                       \
    "(SELECT t." column " FROM pick_task t JOIN shipment s ON s.id = t.shipment_id JOIN location l ON l.id = t.location_id " \
    "JOIN product p ON p.id = t.product_id WHERE t.open = 1 AND " tasks                                                \
    " ORDER BY t.skipped, l.walk_order, l.code, p.sku, s.slot, t.id LIMIT 1)"
#define BATCH_TASKS                                                                                                    \
    "t.shipment_id {among:SELECT id FROM shipment WHERE batch_id = $1 AND state IN ('batched', 'picking')} AND " NOT_STOPPED

enum question { ASKED_NOTHING, ASKED_TAKE_OVER, ASKED_TAKE_ORDER, ASKED_MANIFEST_CLOSE, ASKED_SPLIT, ASKED_SHORT };

/* The pick line a picker stands at. */
struct pick_at {
    int64_t task_id, shipment_id, product_id, location_id, lot_id, quantity, picked, has_lots;
    int64_t tote_id, members; /* the shipment's last tote, 0: none; the shipments of its batch */
    char bin[40], sku[72], lot[40], order[72];
};

/* What is open at a station. A refused scan leaves all of it as it was. */
struct work {
    enum step step;
    int64_t shipment_id, batch_id, manifest_id;
    int64_t weight_g;
    int64_t bin_id;     /* pick: the bin last scanned */
    int64_t tote_owed;  /* pick: shipment whose tote must be scanned to confirm where the goods went */
    int64_t shown_task; /* pick: the line the person was last told to pick */
    gboolean bin_first; /* pick: and its bin is to be scanned first, which is no event: what is drawn is asked with it */
    gboolean paper;
    int64_t paper_task; /* paper: the line whose product was scanned; its count is typed next */
    struct event undo;  /* what takes the last scan back; kind EV_NONE: nothing */
};

/* What was open when the station was locked. */
struct kept_aside {
    struct work work;
    enum question question;
    int64_t asked_id;
    gboolean barred;
    int not_counted;
    struct answer last;
    struct event refused, refused_undo;
};

struct station {
    struct site *site; /* borrowed */
    int64_t id;
    char name[64];
    struct work work;
    char dock_courier[32]; /* dock: whose manifest the plan opens */
    GArray *asked;         /* owned: asked.c's */
    GArray *expected;      /* owned: expected.c's, */
    int64_t expected_of;   /* of this shipment, at a bench; of this product, on a walk; 0: of none */
    struct pick_at stand; /* pick: the line that the picker was last told of; task_id 0: none */
    struct shipment_facts bench; /* bench.c's, */
    GArray *bench_lines;         /* owned: of struct station_line, */
    int64_t bench_of;            /* of this shipment; 0: it has to be asked */
    gboolean looks;      /* what others have changed: what is kept is loaded anew */
    const char *scanned; /* the text of the scan that is being planned; NULL: there is none */
    char courier[32], courier_name[64]; /* the one that was drawn last: scan by scan it is the same */
    /* who */
    struct actor actor;
    enum role role;
    char person[96];
    char badge[64]; /* scanned at log-in, its PIN is awaited */
    char pin[PIN_DIGITS_MAX + 1]; /* digits scanned from cards so far */
    int64_t session_until_at;     /* until then a packer's badge alone lifts the lock */
    struct kept_aside kept;       /* while it is locked */
    gboolean raises;              /* the lock is lifted, and the bar of before stands again with the answer */
    /* the last word, and the bar */
    struct answer last;
    gboolean barred;
    int not_counted;
    char lead[64], lead_name[96]; /* under the bar: the lead's badge that was scanned, its PIN is awaited */
    struct event refused, refused_undo; /* what the bar refused for want of a right; kind EV_NONE: nothing */
    char refused_reason[160];
    enum question question;
    int64_t asked_id;
    /* keys */
    struct remembered *memory; /* owned: REMEMBERED answers, the oldest is overwritten */
    guint remembered;
    int64_t request; /* what is being answered, hashed */
};

/* Whether what is given may be somebody's PIN: of who logs in, or of a lead under the bar. */
static inline gboolean station_may_hold_pin(const struct station *station)
{
    return station->work.step == STEP_LOGIN || (station->work.step == STEP_LOCKED && station->badge[0]) || station->lead[0];
}

enum { REMEMBERED = 32 };

/* An answer by its key, for who asks again. */
struct remembered {
    int64_t key, request;
    struct answer answer;
};

/* What a scan or command comes to. */
enum plan_kind {
    PLAN_REFUSE, /* error is set */
    PLAN_EVENT,
    PLAN_ASK,    /* text says for what */
    PLAN_OK      /* the station moved by itself; text says what; error, where it is set, what did not follow */
};

struct plan {
    enum plan_kind kind;
    struct event event;
    struct event next; /* what comes of it in the same act, where the rules say so; kind EV_NONE: nothing */
    struct event undo; /* for after the event */
    const struct work *before; /* where the station stays when it is refused; NULL: it has moved on */
    char text[240];
    char note[16]; /* of an EV_NOTE */
    enum question asked; /* what the person may be answering */
    GError *error;
};

/* --- plan.c, and station.c: the calls, and what a plan comes to ------------------------------------------ */

/* refuse(plan, ERR_X, args...): the scan is wrong here. TRUE, as plan_say() is: nothing failed. */
#define refuse(plan, ...) (err_set(&(plan)->error, __VA_ARGS__), plan_is_refusal(plan))
gboolean plan_is_refusal(struct plan *plan);
/* A refusal of somewhere else, which the plan takes; what is none goes to *error, and is FALSE. */
gboolean plan_refuse(struct plan *plan, GError *refusal, GError **error);
gboolean plan_not_done(struct plan *plan, const struct outcome *outcome); /* TRUE: an event on the way was refused */
/* Something is done already, so that what is refused of the rest is no refusal: it was done, and the rest is told beside. TRUE. */
gboolean plan_done_but(struct plan *plan, const char *what);
gboolean plan_say(struct plan *plan, enum plan_kind kind, const char *format, ...) G_GNUC_PRINTF(3, 4);
/* Plans an event of this station for its shipment. */
struct event *plan_event(struct station *station, struct plan *plan, enum event_kind kind);

/* Whether nothing can be made of the scan; then the plan is the refusal that says why. */
gboolean scan_is_unreadable(const struct scan *scan, struct plan *plan);
/* What a thing means at the station's step. */
gboolean step_plan(struct station *station, const struct thing *thing, struct plan *plan, GError **error);

/* What is known of a shipment. Borrowed until the next event or call; NULL with *error when the database failed or there
 * is none. */
const struct shipment_facts *station_shipment(struct station *station, int64_t shipment_id, GError **error);
extern const struct inquiry SHIPMENT_FACTS; /* $1: the shipment */
extern const struct inquiry ORDER_FACTS;    /* $1: the warehouse, $2: an order's number; of all that it has */
extern const struct inquiry CURRENT_FACTS;  /* $1: a batch; of the shipment that is next on its walk */

/* Applies an event now, as part of what follows another one. */
gboolean station_apply(struct station *station, struct event *event, struct outcome *outcome, GError **error);
/* The same of an act: flow_apply_act(). */
gboolean station_apply_act(struct station *station, struct event events[2], struct outcome outcomes[2], gboolean *both,
                           GError **error);
/* Leaves the work where it is. */
void station_leave(struct station *station, enum step step);

/* The words of an answer; the bar goes up; and the answer is the last word here, with what is expected next. */
void station_word(struct answer *answer, enum err code, const char *text);
void station_bar(struct station *station, struct answer *answer, enum err code, const char *text);
/* It was done, and what should have come of it was not: why stands behind what was done, with its code; no bar goes up. */
void station_but(struct answer *answer, enum err code, const char *text);
gboolean station_finish(struct station *station, struct answer *answer, GError **error);

/* --- asked.c: what is read, once before an event and once after it, whoever asks ------------------------- */

/* A statement and how an answer, a row of it, is read. */
struct inquiry {
    struct sql sql;
    size_t size;
    rows_fn read;
};

GArray *asked_new(void);

/* Asks ahead what will be wanted: on PostgreSQL it travels with whatever is waited for next, and costs no wait of its own;
 * station_read_asked() takes what was answered before anybody writes. Three arguments at most. */
void station_ask(struct station *station, const struct inquiry *inquiry, const struct db_value *args, size_t count);
void station_read_asked(struct station *station);
gboolean station_has_asked(const struct station *station, const struct inquiry *inquiry);

/* The answers, borrowed until the next event or call; NULL when it failed. And the first: 1, 0 there is none, -1 failed. */
const GArray *station_answers(struct station *station, const struct inquiry *inquiry, const struct db_value *args,
                              size_t count, GError **error);
int station_answer(struct station *station, const struct inquiry *inquiry, const struct db_value *args, size_t count,
                   void *answer, GError **error);

void station_forget(struct station *station);

/* --- expected.c: codes that need no looking up ----------------------------------------------------------- */

GArray *expected_new(void);

/* Asks ahead the codes of the open order, or of the line on the walk; takes what was answered. */
void expected_ask(struct station *station);
void expected_take(struct station *station);
/* Whether the scan is of the next piece, or of the label that is to be stuck on. */
gboolean expected_find(const struct station *station, const struct scan *scan, struct thing *thing);

/* --- bench.c: the order that is open at a bench, known without asking -------------------------------------- */

/* Reads all of it anew; the same inside of a snapshot, unless it is known. */
gboolean bench_open(struct station *station, GError **error);
gboolean bench_load(struct station *station, GError **error);
void bench_forget(struct station *station);
/* Forgets it when it is not what the flow has kept. */
void bench_check(struct station *station);
/* Whether it will be known after the event without asking; and goes on to what it is then. */
gboolean bench_knows_after(const struct station *station, const struct event *event);
void bench_follow(struct station *station, const struct event *event);
/* NULL: it is not the one that is known. Borrowed until the next event. */
const struct shipment_facts *bench_facts(const struct station *station, int64_t shipment_id);
const GArray *bench_lines(const struct station *station);

/* --- the steps ------------------------------------------------------------------------------------------
 * _plan: what a thing means here. _after: where the station stands when the event was done; it may apply what follows by
 * itself (closing a full box). _ask: asks ahead what the plan of that scan will look at; _ask_after: what is looked
 * at when the event was done. Here and below FALSE with *error only when the database failed. */

/* pack.c: the bench, its label, and what a scan opens from idle */
gboolean idle_plan(struct station *station, const struct thing *thing, struct plan *plan, GError **error);
void idle_ask(struct station *station, const struct scan *scan);
gboolean pack_plan(struct station *station, const struct thing *thing, struct plan *plan, GError **error);
void pack_ask(struct station *station, const struct scan *scan);
void pack_ask_after(struct station *station, const struct event *event);
gboolean pack_after(struct station *station, const struct event *event, struct answer *answer, GError **error);
/* After the answer of a repeated key: a box that is full is closed, a closed one waits for its label. */
gboolean pack_again(struct station *station, struct answer *answer, GError **error);
gboolean label_plan(struct station *station, const struct thing *thing, struct plan *plan, GError **error);
gboolean label_after(struct station *station, struct answer *answer, GError **error);

/* pick.c: the walk, line by line */
gboolean pick_plan(struct station *station, const struct thing *thing, struct plan *plan, GError **error);
void pick_ask(struct station *station, const struct scan *scan);
void pick_ask_after(struct station *station, const struct event *event);
gboolean pick_after(struct station *station, const struct event *event, struct answer *answer, GError **error);
/* What a picker is to scan next, into answer->expect, and the shipment it is for. */
gboolean pick_expect(struct station *station, struct answer *answer, GError **error);
/* The tote that has to be scanned now, and its slot. */
struct tote_owed {
    int64_t slot;
    char tote[40];
};
gboolean pick_owed(struct station *station, struct tote_owed *owed, GError **error);
void pick_ask_current(struct station *station, int64_t batch_id, int64_t shipment_id);
/* The current pick line. 1 found, 0 nothing left, -1 failed. */
int pick_current(struct station *station, struct pick_at *at, GError **error);
gboolean pick_quantity_plan(struct station *station, const char *argument, struct plan *plan, GError **error);
/* Asks why; the answer is "1" to "3", or yes for the first. */
gboolean pick_short_ask(struct station *station, struct plan *plan, GError **error);
gboolean pick_short_answer(struct station *station, const char *answer, struct plan *plan, GError **error);
gboolean pick_short_plan(struct station *station, const char *reason, struct plan *plan, GError **error);
gboolean pick_skip_plan(struct station *station, const char *none, struct plan *plan, GError **error);

/* walk.c: what the picks of an open walk are judged by, kept ahead. walk_open() loads it unless it is here; walk_load() where
 * others have changed something, inside of a snapshot. */
void walk_ask(struct station *station);
gboolean walk_open(struct station *station, GError **error);
/* Asks ahead the members of the batch that the scan may be; and those that were asked, of int64_t, NULL: none. Caller frees. */
void walk_ask_scanned(struct station *station, const struct scan *scan);
GArray *walk_members(struct station *station, int64_t batch_id);
gboolean walk_whole(struct station *station, const char *none, struct plan *plan, GError **error); /* by paper: all is picked */
gboolean walk_load(struct station *station, GError **error);

/* work.c: which batch or order a picker works, and whose it is */
gboolean work_open_batch(struct station *station, int64_t batch_id, struct plan *plan, GError **error);
gboolean work_open_shipment(struct station *station, int64_t shipment_id, struct plan *plan, GError **error);
gboolean work_take_batch(struct station *station, int64_t batch_id, struct plan *plan, GError **error);
gboolean work_take_shipment(struct station *station, int64_t shipment_id, struct plan *plan, GError **error);
gboolean work_resume(struct station *station, int64_t shipment_id, GError **error);
gboolean work_get(struct station *station, struct plan *plan, GError **error);
void work_ask_owner(struct station *station);
void work_ask_batch(struct station *station, int64_t batch_id);
void work_ask_scanned(struct station *station, const struct scan *scan); /* the batch that it may be */
/* Whether the work open here is still this person's. 1 it is, 0 no: refused in the plan, -1 failed. */
int work_still_ours(struct station *station, struct plan *plan, GError **error);

/* dock.c */
struct waybill_at {
    int64_t id, parcel_id, shipment_id, is_void;
    char courier[32], void_reason[160];
};
/* What a waybill is on. 1 found, 0 it is unknown or void: refused in the plan, -1 failed. */
int dock_waybill(struct station *station, const struct thing *thing, struct waybill_at *at, struct plan *plan,
                 GError **error);
void dock_ask(struct station *station, const struct scan *scan);
void dock_ask_after(struct station *station, const struct event *event);
gboolean dock_plan(struct station *station, const struct thing *thing, struct plan *plan, GError **error);
gboolean dock_open(struct station *station, const char *courier, struct plan *plan, GError **error);
gboolean dock_close_plan(struct station *station, gboolean confirmed, struct plan *plan, GError **error);

/* --- command.c, login.c ---------------------------------------------------------------------------------- */

gboolean command_plan(struct station *station, enum command command, const char *argument, struct plan *plan,
                      GError **error);

gboolean login_plan(struct station *station, const char *badge, const char *pin, struct plan *plan, GError **error);
gboolean login_scan(struct station *station, const struct scan *scan, struct plan *plan, GError **error);
/* The badge of somebody, while somebody is logged in. */
gboolean login_badge(struct station *station, const struct scan *scan, int64_t person_id, struct plan *plan,
                     GError **error);
/* Who has given badge and PIN, or may do without: logged in, or back at the station that they had locked. */
void login_enter(struct station *station, const struct person *person, struct plan *plan);
void login_leave(struct station *station);
enum card login_card(const struct scan *scan);                                      /* CARD_NONE: it is no card */
void login_digit(struct station *station, enum card card, struct plan *plan); /* one more of a PIN */

/* --- lock.c: nobody is there, and the work is kept ------------------------------------------------------- */

gboolean station_is_shut(const struct station *station); /* logged out, or locked */
void lock_keep(struct station *station);                 /* before it is locked: what is open, with its bar and question */
gboolean lock_plan(struct station *station, const char *none, struct plan *plan, GError **error);
gboolean lock_scan(struct station *station, const struct scan *scan, struct plan *plan, GError **error);
void lock_lift(struct station *station);
void lock_raise(struct station *station, struct answer *answer); /* behind the answer to what lifted it */

/* --- approve.c: a lead's badge and PIN: one act approved, or the bar closed ------------------------------ */

/* The bar refused the plan's event: what a lead may approve of it is kept. */
void approve_later(struct station *station, const struct plan *plan, enum err code);
void approve_forget(struct station *station);
/* "BADGE PIN" of a lead for this one event: its approver, or the plan is the refusal. */
gboolean approve_event(struct station *station, const char *argument, struct event *event, struct plan *plan,
                       GError **error);
/* "BADGE PIN", or the PIN of the badge that was scanned: what was refused is done, or else the bar is closed. */
gboolean approve_plan(struct station *station, const char *argument, struct plan *plan, GError **error);
/* Whether the scan is a digit, yes or no for the PIN that is awaited under the bar. */
gboolean approve_wants(const struct station *station, const struct scan *scan);
gboolean approve_card(struct station *station, const struct scan *scan, struct plan *plan, GError **error);
/* A refused scan under the bar may be a lead's badge or PIN: *is then, and the plan is what it means. */
gboolean approve_instead(struct station *station, const struct scan *scan, struct plan *plan, gboolean *is,
                         GError **error);

/* --- view.c ---------------------------------------------------------------------------------------------- */

/* Asks ahead what the view of the step draws. */
void view_ask(struct station *station);
void view_ask_manifest(struct station *station, int64_t manifest_id);
void view_ask_walk(struct station *station, int64_t batch_id, int64_t shipment_id);

/* --- memory.c: keys asked again ------------------------------------------------------------------------- */

/* The answer of a key that was answered before. 1 found, 0 none, -1 failed. */
int memory_again(struct station *station, struct answer *answer, GError **error);

/* SPDX-License-Identifier: MIT
 *
 * Applies events: locks what they may touch, loads it, has each judged in memory, and stores what became different with
 * the events, the journal and the ledger, in one transaction. Idempotent by key.
 */
#include "core/apply/apply.h"

#include <string.h>

#include "core/apply/act.h"
#include "core/apply/agenda.h"
#include "core/apply/begin.h"
#include "core/apply/event_row.h"
#include "core/apply/hold.h"
#include "core/apply/kept.h"
#include "core/apply/load.h"
#include "core/apply/store.h"
#include "core/base/clean.h"
#include "core/db/db.h"
#include "core/site/site.h"

enum { TRIES = 3 };

int flow_outcome(struct site *site, int64_t key, struct outcome *outcome, GError **error)
{
    g_autoptr(GArray) found = events_read(events_ask(site->db, &key, 1, error), error);
    if (found && found->len > 0)
        *outcome = g_array_index(found, struct found, 0).outcome;
    return found ? found->len > 0 : -1;
}

int64_t flow_key(struct site *site)
{
    return id_next_key(&site->ids);
}

/* --- one event of a chunk --------------------------------------------------------------------------------- */

struct chunk {
    struct act act;
    const struct event *events;
    struct outcome *outcomes;
    size_t n, judged;
    gboolean more;   /* others of the list come behind it, and nobody hears of it before they are done */
    gboolean looks;  /* for a batch's members, whatever was seen of them */
    gboolean is_act; /* each event but the first comes of the one before it, or is not judged */
    const struct outcome *leader; /* what became of the event that leads the others; NULL: none does */
    int64_t agenda;               /* that it is a part of; 0: of none */
    size_t first;                 /* which part */
    GArray *found;                /* struct found */
};

/* Loads what the rules missed. */
static gboolean load_missing(struct chunk *chunk, struct decision *d, GError **error)
{
    struct act *act = &chunk->act;
    unsigned missing = d->missing;
    if (missing & NEED_NUMBERS) /* whose label goes to a printer */
        missing |= NEED_PRINTERS & ~dossier_parts(act->dossier);
    if (missing & NEED_LAST_ACT) {
        g_autofree char *last = dossier_last_act(act->site, d->ship);
        d->last_act = dossier_text(act->dossier, last);
    }
    missing &= ~(unsigned)NEED_LAST_ACT;
    return !missing || dossier_load(act->dossier, act->site, chunk->events, chunk->n, missing, error);
}

/* Asks the rules until they miss nothing. TRUE: done; FALSE with *refusal, or with a failure that is none. */
static gboolean judge(struct chunk *chunk, struct decision *d, GError **refusal)
{
    const struct decision fresh = *d;
    for (;;) {
        if (act_judge(&chunk->act, d, refusal))
            return TRUE;
        if (d->missing == 0)
            return FALSE;
        g_clear_error(refusal);
        if (!load_missing(chunk, d, refusal))
            return FALSE;
        const char *last_act = d->last_act;
        *d = fresh;
        d->last_act = last_act;
    }
}

static const struct found *find_key(const struct chunk *chunk, int64_t key)
{
    for (guint i = 0; i < chunk->found->len; i++)
        if (g_array_index(chunk->found, struct found, i).key == key)
            return &g_array_index(chunk->found, struct found, i);
    return NULL;
}

/* The key was applied before: the first outcome again, or an error when it was another event's. */
static void answer_again(const struct found *found, const struct event *ev, struct outcome *out)
{
    if (found->digest == event_digest(ev)) {
        *out = found->outcome;
        return;
    }
    g_autofree char *text = err_text_args(ERR_FLOW_KEY, NULL);
    *out = (struct outcome){.verdict = VERDICT_REFUSED, .code = ERR_FLOW_KEY};
    clean_copy(out->text, sizeof out->text, text);
}

static void remember(struct chunk *chunk, const struct event *ev, const struct outcome *out)
{
    struct found found = {ev->key, event_digest(ev), *out};
    found.outcome.repeated = TRUE;
    g_array_append_val(chunk->found, found);
}

static gboolean judge_and_settle(struct chunk *chunk, struct decision *d, struct outcome *out, GError **error)
{
    g_autoptr(GError) refusal = NULL;
    if (!judge(chunk, d, &refusal) && !err_is_refusal(refusal)) {
        g_propagate_error(error, g_steal_pointer(&refusal));
        return FALSE;
    }
    return act_settle(&chunk->act, d, refusal, out, error);
}

/* What follows is told of in the journal alone. */
static gboolean apply_follows(struct chunk *chunk, GError **error)
{
    g_autoptr(GArray) follows = g_array_copy(chunk->act.follows);
    struct outcome out;
    gboolean done = TRUE;
    for (guint i = 0; done && i < follows->len; i++) {
        struct decision d = act_decision(&chunk->act, &g_array_index(follows, struct event, i));
        done = judge_and_settle(chunk, &d, &out, error);
    }
    return done;
}

static gboolean apply_new(struct chunk *chunk, struct decision *d, struct outcome *out, GError **error)
{
    chunk->judged++;
    if (!judge_and_settle(chunk, d, out, error) || (out->verdict == VERDICT_DONE && !apply_follows(chunk, error)))
        return FALSE;
    remember(chunk, d->ev, out);
    return TRUE;
}

static gboolean apply_one(struct chunk *chunk, const struct event *ev, struct outcome *out, GError **error)
{
    struct decision d = act_decision(&chunk->act, ev);
    const struct found *found = find_key(chunk, ev->key);
    if (chunk->leader && chunk->leader != out && chunk->leader->verdict != VERDICT_DONE) {
        *out = *chunk->leader;
        return TRUE;
    }
    if (!found)
        return apply_new(chunk, &d, out, error);
    answer_again(found, ev, out);
    return TRUE;
}

/* A manifest that was open already may be closed at any moment by who stands at the other dock. */
static gboolean load_handover(struct chunk *chunk, const struct event *next, GError **error)
{
    gboolean made = next->manifest_id == 0 || next->manifest_id == chunk->events[0].key;
    return made || dossier_load(chunk->act.dossier, chunk->act.site, next, 1, NEED_HANDOVER, error);
}

/* Where the first event is done for the second alone, and that one is refused by itself, the refusal is the act: 1, under the
 * key of the first; 0 it may be done; -1 failed. */
static int refuse_alone(struct chunk *chunk, const struct event *alone, GError **error)
{
    enum err wanted = decision_only_wants(chunk->events[0].kind, alone->kind);
    struct decision d = act_decision(&chunk->act, alone);
    g_autoptr(GError) refusal = NULL;
    if (wanted == ERR_NONE || judge(chunk, &d, &refusal) || err_code(refusal) == wanted)
        return dossier_undo(chunk->act.dossier), 0;
    if (!err_is_refusal(refusal)) {
        g_propagate_error(error, g_steal_pointer(&refusal));
        return -1;
    }
    if (!act_settle(&chunk->act, &d, refusal, &chunk->outcomes[0], error))
        return -1;
    remember(chunk, alone, &chunk->outcomes[0]);
    return 1;
}

/* The first event of an act, and what comes of it. One that was done before has led to it then. */
static gboolean apply_act(struct chunk *chunk, GError **error)
{
    struct decision d = act_decision(&chunk->act, &chunk->events[0]);
    struct event next = chunk->events[1], alone = next;
    alone.key = chunk->events[0].key;
    const struct found *found = find_key(chunk, next.key);
    if (found) {
        chunk->outcomes[1] = found->outcome;
        chunk->judged = 2;
    }
    const struct found *first = find_key(chunk, chunk->events[0].key);
    if (first)
        return apply_one(chunk, first->digest == event_digest(&alone) ? &alone : &chunk->events[0], &chunk->outcomes[0], error);
    int refused = refuse_alone(chunk, &alone, error);
    if (refused != 0)
        return refused > 0;
    if (!apply_new(chunk, &d, &chunk->outcomes[0], error))
        return FALSE;
    if (chunk->outcomes[0].verdict != VERDICT_DONE || !decision_leads_to(&d, &next))
        return TRUE;
    return load_handover(chunk, &next, error) && apply_one(chunk, &next, &chunk->outcomes[1], error);
}

/* --- many events ------------------------------------------------------------------------------------------ */

static struct rows *ask_keys(struct chunk *chunk, GError **error)
{
    g_autofree int64_t *keys = g_new(int64_t, chunk->n);
    for (size_t i = 0; i < chunk->n; i++)
        keys[i] = chunk->events[i].key;
    return events_ask(chunk->act.site->db, keys, chunk->n, error);
}

/* What an event needs from the start. What a shipment holds is the ledger's sum: loaded when it is missed, it would lack
 * what events before it in the chunk have moved. Who takes an order or a batch at a station picks it next. */
static unsigned needs_in_chunk(const struct chunk *chunk, const struct event *ev)
{
    gboolean counts = ev->kind == EV_PACK || ev->kind == EV_UNPACK;
    gboolean takes = ev->kind == EV_ASSIGN || ev->kind == EV_BATCH_ASSIGN;
    gboolean opens = takes && chunk->n == 1 && ev->actor.station_id && ev->person_id == ev->actor.person_id;
    return flow_needs(ev->kind) | (counts && chunk->n > 1 ? NEED_HELD : 0u) | (opens ? flow_needs(EV_PICK) : 0u);
}

static gboolean is_seen(const GArray *members, int64_t id)
{
    gboolean seen = FALSE;
    for (guint i = 0; !seen && i < members->len; i++)
        seen = g_array_index(members, int64_t, i) == id;
    return seen;
}

/* Whether who asked has seen all that are the batch's members by now; else what is theirs is not here. */
static gboolean are_as_seen(const struct chunk *chunk)
{
    const GArray *members = chunk->n == 1 ? chunk->events[0].members : NULL;
    gboolean seen = TRUE;
    for (const struct shipment *ship = members ? shipment_first(chunk->act.dossier, 0) : NULL; seen && ship; ship = shipment_next(ship))
        seen = is_seen(members, ship->id);
    return seen;
}

static gboolean load(struct chunk *chunk, GError **error)
{
    unsigned parts = 0;
    for (size_t i = 0; i < chunk->n; i++)
        parts |= needs_in_chunk(chunk, &chunk->events[i]);
    struct rows *keys = ask_keys(chunk, error); /* they travel with what is loaded */
    struct event first = chunk->events[0];
    const struct event *events = chunk->n == 1 && chunk->looks ? &first : chunk->events;
    first.members = NULL;
    if (!keys || !dossier_load(chunk->act.dossier, chunk->act.site, events, chunk->n, parts, error))
        return FALSE;
    if (!chunk->looks && !are_as_seen(chunk)) {
        chunk->looks = TRUE;
        return err_set(error, ERR_DB_SERIALIZE);
    }
    chunk->found = events_read(keys, error);
    if (chunk->found && chunk->found->len > 0) /* their outcomes are answered again */
        db_rests_on_others(chunk->act.site->db);
    return chunk->found != NULL;
}

static gboolean apply_events(struct chunk *chunk, GError **error)
{
    gboolean done = flow_hold(chunk->act.site->db, chunk->events, chunk->n, error) && load(chunk, error);
    chunk->judged = 0;
    if (done && chunk->is_act)
        done = apply_act(chunk, error);
    for (size_t i = 0; done && !chunk->is_act && i < chunk->n; i++)
        done = apply_one(chunk, &chunk->events[i], &chunk->outcomes[i], error);
    return done && act_store(&chunk->act, error) &&
           (chunk->agenda == 0 || agenda_tick(chunk->act.site, chunk->agenda, chunk->first, error));
}

static gboolean apply_chunk(struct db *db, void *data, GError **error)
{
    struct chunk *chunk = data;
    (void)db;
    act_begin(&chunk->act, dossier_new());
    gboolean done = apply_events(chunk, error);
    g_clear_pointer(&chunk->found, g_array_unref);
    return done;
}

static gboolean transact(struct chunk *chunk, db_work work, GError **error)
{
    struct db *db = chunk->act.site->db;
    return chunk->more ? db_transaction_unsynced(db, work, chunk, error) : db_transaction(db, work, chunk, error);
}

/* A key that another connection inserted meanwhile shows as a broken constraint: the second try finds its outcome. A
 * lost writer slot is claimed anew. */
static gboolean apply_with_retries(struct chunk *chunk, GError **error)
{
    for (int try = 1;; try++) {
        GError *failure = NULL;
        if (transact(chunk, apply_chunk, &failure)) {
            act_done(&chunk->act);
            return TRUE;
        }
        enum err code = err_code(failure);
        int recovered = try < TRIES ? writer_recover(chunk->act.site, failure, error) : 0;
        gboolean again = try < TRIES && (code == ERR_DB_CONSTRAINT || code == ERR_DB_SERIALIZE || recovered > 0);
        if (!again && recovered == 0)
            g_propagate_error(error, g_steal_pointer(&failure));
        g_clear_error(&failure);
        if (!again || recovered < 0)
            return FALSE;
    }
}

/* --- a list of them --------------------------------------------------------------------------------------- */

static struct chunk chunk_for(struct site *site, const struct event *events, size_t n, struct outcome *outcomes)
{
    return (struct chunk){.act = {.site = site, .house = house_of(site)}, .events = events, .outcomes = outcomes, .n = n};
}

static gboolean apply_together(struct chunk *chunk, GError **error)
{
    struct site *site = chunk->act.site;
    gboolean done = apply_with_retries(chunk, error);
    if (done && ((chunk->n == 1 && chunk->agenda == 0) || chunk->is_act))
        kept_keep(site, &chunk->act);
    act_clear(&chunk->act);
    return done;
}

/* Whether it may be one event's alone: a row that the database does not take, or that is another one every time. */
static gboolean may_be_of_one(const GError *failure)
{
    enum err code = err_code(failure);
    return code == ERR_DB_CONSTRAINT || code == ERR_DB_SERIALIZE || code == ERR_DB_SQL;
}

static gboolean tick_work(struct db *db, void *data, GError **error)
{
    const struct chunk *chunk = data;
    (void)db;
    return agenda_tick(chunk->act.site, chunk->agenda, chunk->first, error);
}

/* The one that fails is answered with its error. */
static gboolean apply_singly(struct chunk *chunk, GError **error)
{
    for (size_t i = 0; i < chunk->n; i++) {
        struct chunk one = *chunk;
        GError *failure = NULL;
        one.events = &chunk->events[i];
        one.outcomes = &chunk->outcomes[i];
        one.n = 1;
        one.agenda = 0;
        if (apply_together(&one, &failure))
            continue;
        if (!may_be_of_one(failure)) {
            g_propagate_error(error, failure);
            return FALSE;
        }
        *one.outcomes = (struct outcome){.verdict = VERDICT_FAILED, .code = err_code(failure),
                                         .shipment_id = one.events->shipment_id};
        clean_copy(one.outcomes->text, sizeof one.outcomes->text, failure->message);
        g_error_free(failure);
    }
    return chunk->agenda == 0 || transact(chunk, tick_work, error);
}

/* A chunk that can't be stored is tried event by event: one bad row stops no other. */
static gboolean apply_chunk_or_each(struct chunk *chunk, GError **error)
{
    GError *failure = NULL;
    if (apply_together(chunk, &failure))
        return TRUE;
    if (chunk->n > 1 && may_be_of_one(failure)) {
        g_error_free(failure);
        return apply_singly(chunk, error);
    }
    g_propagate_error(error, failure);
    return FALSE;
}

static gboolean apply_chunks(struct site *site, const struct flow_list *list, int64_t agenda, GError **error)
{
    for (size_t done = 0; done < list->n;) {
        size_t n = agenda_chunk(list->events + done, list->n - done);
        struct chunk chunk = chunk_for(site, list->events + done, n, list->outcomes + done);
        chunk.leader = list->led ? list->outcomes : NULL;
        chunk.agenda = agenda;
        chunk.first = done;
        chunk.more = done + n < list->n;
        if (!apply_chunk_or_each(&chunk, error))
            return FALSE;
        done += n;
        if (list->progress)
            list->progress(done, list->n, list->data);
    }
    return TRUE;
}

/* The agenda's own transaction is waited for: whoever saw an act go on finds it finished, even if the power failed. Of
 * its parts only the last is, and what was done is on the disk before the answer, however it ended. */
gboolean flow_apply_list(struct site *site, const struct flow_list *list, GError **error)
{
    if (!history_begin(site, error))
        return FALSE;
    int64_t agenda = agenda_chunk(list->events, list->n) < list->n ? list->events[0].key : 0;
    if (agenda && !agenda_write(site, list->events, list->n, list->led, error))
        return FALSE;
    gboolean done = apply_chunks(site, list, agenda, error);
    if (agenda && !done)
        agenda_release(site, agenda);
    return db_sync(site->db, done ? error : NULL) && done;
}

gboolean flow_apply(struct site *site, const struct event *events, size_t n, struct outcome *outcomes, GError **error)
{
    int applied = 0;
    if (n == 1) {
        if (!history_begin(site, error))
            return FALSE;
        applied = kept_apply(site, events, 1, outcomes, NULL, error);
    }
    const struct flow_list list = {.events = events, .n = n, .outcomes = outcomes};
    return applied != 0 ? applied > 0 : flow_apply_list(site, &list, error);
}

/* --- what others left ------------------------------------------------------------------------------------- */

/* What became of the event that leads. One that left no trace could not be stored. */
static gboolean find_leader(struct site *site, const struct agenda *agenda, struct outcome *leader, GError **error)
{
    if (!agenda->led || agenda->first == 0)
        return TRUE;
    int found = flow_outcome(site, agenda->id, leader, error);
    if (found == 0)
        leader->verdict = VERDICT_FAILED;
    return found >= 0;
}

static gboolean finish_part(struct site *site, const struct agenda *agenda, GError **error)
{
    size_t n = agenda->events->len, refused = 0;
    g_autofree struct outcome *outcomes = g_new0(struct outcome, n);
    struct outcome leader = {.verdict = VERDICT_DONE};
    struct chunk chunk = chunk_for(site, (const struct event *)(const void *)agenda->events->data, n, outcomes);
    chunk.agenda = agenda->id;
    chunk.first = agenda->first;
    chunk.leader = !agenda->led ? NULL : agenda->first == 0 ? outcomes : &leader;
    if (!find_leader(site, agenda, &leader, error) || !apply_chunk_or_each(&chunk, error))
        return FALSE;
    for (size_t i = 0; i < n; i++)
        refused += outcomes[i].verdict != VERDICT_DONE;
    return agenda_refused(site, agenda->id, refused, error);
}

int flow_finish(struct site *site, GError **error)
{
    struct agenda agenda;
    int found = history_begin(site, error) ? agenda_next(site, &agenda, error) : -1;
    if (found <= 0)
        return found;
    gboolean done = finish_part(site, &agenda, error);
    agenda_clear(&agenda);
    return done ? 1 : -1;
}

gboolean flow_apply_act(struct site *site, const struct event events[2], struct outcome outcomes[2], gboolean *both,
                        GError **error)
{
    struct chunk chunk = chunk_for(site, events, 2, outcomes);
    chunk.is_act = TRUE;
    if (!history_begin(site, error))
        return FALSE;
    int applied = kept_apply(site, events, 2, outcomes, both, error);
    if (applied != 0)
        return applied > 0;
    gboolean done = apply_together(&chunk, error);
    *both = chunk.judged == 2;
    return done;
}

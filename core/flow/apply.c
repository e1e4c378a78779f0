/* SPDX-License-Identifier: MIT
 *
 * Applies events by the transition tables: idempotent by key, one transaction, the version moved first, every state that
 * moved journalled. No other code writes a state.
 */
#include <sodium.h>
#include <string.h>

#include "core/base/words.h"
#include "core/base/clean.h"
#include "core/db/rows.h"
#include "core/flow/transition.h"
#include "core/people/role.h"

/* A chunk of a bulk holds the lock a few milliseconds: floor scans in between wait no longer. Waybills that are made ahead
 * hold their courier's range, which every bench wants that closes a box. */
enum { CHUNK = 24, CHUNK_AHEAD = 6, TRIES = 3 };

/* --- statements ----------------------------------------------------------------------------------------- */

enum { EVENT_FIND, EVENT_INSERT, SHIPMENT_MOVE, BATCH_MOVE, JOB_MOVE };

static const struct sql SQL[] = {
    [EVENT_FIND] = {"event_find", "SELECT digest, outcome, code, text, COALESCE(shipment_id, 0), COALESCE(subject_id, "
                                  "0), state, request FROM event WHERE key = $1"},
    [EVENT_INSERT] = {"event_insert", "INSERT INTO event (key, kind, digest, outcome, code, text, shipment_id, "
                                      "subject_id, state, at, request) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)"},
    [SHIPMENT_MOVE] = {"shipment_move",
                       "UPDATE shipment SET version = version + 1, changed_at = $3 WHERE id = $1 AND version = $2"},
    [BATCH_MOVE] = {"batch_move", "UPDATE batch SET version = version + 1 WHERE id = $1 AND version = $2"},
    [JOB_MOVE] = {"job_move", "UPDATE job SET changed_at = $2 WHERE id = $1 AND state = $3"},
};

#define STATE(table)                                                                                                   \
    {                                                                                                                  \
        {table "_state_read", "SELECT state FROM " table " WHERE id = $1"},                                            \
        {table "_state_write", "UPDATE " table " SET state = $2 WHERE id = $1 AND state = $3"}                         \
    }

static const struct {
    struct sql read, write;
} STATES[MACHINE_COUNT] = {
    [MACHINE_SHIPMENT] = STATE("shipment"), [MACHINE_LINE] = STATE("shipment_line"), [MACHINE_PARCEL] = STATE("parcel"),
    [MACHINE_WAYBILL] = STATE("waybill"),   [MACHINE_JOB] = STATE("job"),            [MACHINE_BATCH] = STATE("batch"),
    [MACHINE_MANIFEST] = STATE("manifest"), [MACHINE_RUN] = STATE("print_run"),
};

/* --- one event ------------------------------------------------------------------------------------------ */

static gboolean write_state(struct decision *d, enum machine machine, int64_t id, enum state from, enum state to,
                            GError **error)
{
    int64_t changed = 0;
    if (!db_exec(d->db, &STATES[machine].write, DB_ARGS(id, flow_state_name(to), flow_state_name(from)), &changed,
                 error))
        return FALSE;
    return changed == 1 || err_set(error, ERR_DB_SERIALIZE);
}

/* Whose history a row belongs to: the shipment and the version it has reached. */
struct whose {
    int64_t shipment_id, version;
};

static struct whose own(const struct decision *d, int code)
{
    if (d->ship.id == 0)
        return (struct whose){d->ev->shipment_id, 0};
    return (struct whose){d->ship.id, d->ship.version + (code == ERR_NONE)};
}

static gboolean journal_event(struct decision *d, struct whose whose, enum machine machine, int64_t subject_id,
                              enum event_kind event, enum state from, enum state to, int code, GError **error)
{
    struct journal_row row = {
        .at = d->now,
        .event_key = d->ev->key,
        .event = flow_event_name(event),
        .machine = flow_machine_name(machine),
        .subject_id = subject_id,
        .from_state = flow_state_name(from),
        .to_state = flow_state_name(to),
        .shipment_id = whose.shipment_id,
        .version = whose.version,
        .actor = d->ev->actor,
        .code = code,
        .detail = d->detail,
    };
    return journal_append(&d->journal, &row, error);
}

/* "1042 (parcel) is open: label on". */
static gboolean refuse_part(const struct decision *d, enum machine machine, enum state state, enum event_kind event,
                            GError **error)
{
    const char *label = flow_machine_label(machine);
    g_autofree char *what = d->ship.id ? g_strdup_printf("%s (%s)", d->ship.order, label) : g_strdup(label);
    return err_set(error, ERR_FLOW_STATE, what, flow_state_label(state), flow_event_label(event));
}

static gboolean fire(struct decision *d, struct whose whose, enum machine machine, int64_t id, enum event_kind event,
                     GError **error)
{
    g_autofree char *state = named_text(d, &STATES[machine].read, DB_ARGS(id), flow_machine_label(machine), error);
    if (!state)
        return FALSE;
    enum state from = flow_state_parse(state);
    const struct transition *row = flow_find(machine, from, event);
    if (!row)
        return refuse_part(d, machine, from, event, error);
    enum state to = flow_lowest(row->to);
    return write_state(d, machine, id, from, to, error) &&
           journal_event(d, whose, machine, id, event, from, to, ERR_NONE, error);
}

gboolean decision_fire(struct decision *d, enum machine machine, int64_t id, enum event_kind event, GError **error)
{
    return fire(d, own(d, ERR_NONE), machine, id, event, error);
}

gboolean decision_fire_member(struct decision *d, int64_t shipment_id, int64_t version, enum event_kind event,
                              GError **error)
{
    return fire(d, (struct whose){shipment_id, version}, MACHINE_SHIPMENT, shipment_id, event, error);
}

static gboolean check_right(struct decision *d, GError **error)
{
    g_autofree char *name = NULL;
    gboolean nobody = d->ev->kind == EV_NOTE && d->ev->actor.person_id == 0; /* a wrong log-in is nobody's act */
    int may = nobody ? 1 : decision_may(d, flow_permission(d->ev->kind), &name, error);
    if (may == 0)
        err_set(error, ERR_FLOW_RIGHT, name ? name : "?", flow_event_label(d->ev->kind));
    return may > 0;
}

static gboolean refuse_state(struct decision *d, enum machine machine, enum state state, GError **error)
{
    if (machine != MACHINE_SHIPMENT) {
        enum err code = machine == MACHINE_MANIFEST ? ERR_DOCK_CLOSED
                        : machine == MACHINE_RUN    ? ERR_RUN_STATE
                                                    : ERR_FLOW_STATE;
        const char *what = d->subject.name[0] ? d->subject.name : flow_machine_label(machine);
        return err_set(error, code, what, flow_state_label(state), flow_event_label(d->ev->kind));
    }
    g_autofree char *act = decision_last_act(d);
    const char *why = act[0] ? act : flow_event_label(d->ev->kind);
    return state == ST_OUTBOUND ? err_set(error, ERR_FLOW_OUTBOUND, d->ship.order, why)
                                : err_set(error, ERR_FLOW_STATE, d->ship.order, flow_state_label(state), why);
}

static gboolean check_blocks(struct decision *d, unsigned stopped_by, GError **error)
{
    unsigned stops = d->ship.blocks & stopped_by;
    if (!stops)
        return TRUE;
    g_autofree char *words = flow_blocks_label(stops, ", ");
    return err_set(error, ERR_FLOW_BLOCKED, d->ship.order, words);
}

/* The first write of an event: whoever gets here second finds another version and is told. */
static gboolean move_version(struct decision *d, enum machine machine, GError **error)
{
    int64_t changed = 1;
    gboolean done = TRUE;
    if (machine == MACHINE_SHIPMENT)
        done = db_exec(d->db, &SQL[SHIPMENT_MOVE], DB_ARGS(d->ship.id, d->ship.version, d->now), &changed, error);
    else if (machine == MACHINE_BATCH && d->subject.state != ST_NONE)
        done = db_exec(d->db, &SQL[BATCH_MOVE], DB_ARGS(d->subject.id, d->subject.version), &changed, error);
    else if (machine == MACHINE_JOB)
        done = db_exec(d->db, &SQL[JOB_MOVE], DB_ARGS(d->subject.id, d->now, flow_state_name(d->subject.state)),
                       &changed, error);
    if (done && changed != 1)
        err_set(error, ERR_DB_SERIALIZE);
    return done && changed == 1;
}

/* The version the person judged by, when the event names one. */
static gboolean check_version(struct decision *d, GError **error)
{
    if (d->ev->version == 0 || d->ev->version == d->ship.version)
        return TRUE;
    g_autofree char *act = decision_last_act(d);
    return err_set(error, ERR_FLOW_CONFLICT, d->ship.order, act);
}

static gboolean judge(struct db *db, void *data, GError **error)
{
    (void)db;
    struct decision *d = data;
    enum machine machine = flow_event_machine(d->ev->kind);
    if (!decision_load(d, machine, error))
        return FALSE;
    enum state from = machine == MACHINE_SHIPMENT ? d->ship.state : d->subject.state;
    const struct transition *row = flow_find(machine, from, d->ev->kind);
    if (!check_right(d, error) || !check_version(d, error))
        return FALSE;
    if (!row)
        return refuse_state(d, machine, from, error);
    if (!check_blocks(d, row->stopped_by, error) || (row->guard && !row->guard(d, error)) ||
        !move_version(d, machine, error))
        return FALSE;
    d->to = row->to ? flow_lowest(row->to) : from;
    if (row->effect && !row->effect(d, error))
        return FALSE;
    g_assert(row->to ? (row->to >> d->to & 1) : d->to == from);
    if (d->to != from && from != ST_NONE && !write_state(d, machine, decision_subject_id(d), from, d->to, error))
        return FALSE;
    return journal_event(d, own(d, (int)d->ev->code), machine, decision_subject_id(d), d->ev->kind, from, d->to,
                         (int)d->ev->code, error);
}

/* --- keys ----------------------------------------------------------------------------------------------- */

/* What makes two events the same: every member that says what was to happen, and whose act it was. */
static int64_t digest_of(const struct event *ev)
{
#define MEMBER(name) ev->name,
    const int64_t numbers[] = {(int64_t)ev->kind, ev->actor.person_id, EVENT_NUMBERS(MEMBER) (int64_t)ev->block,
                               (int64_t)ev->code};
    const char *const texts[] = {EVENT_TEXTS(MEMBER)};
#undef MEMBER
    /* a member that stands in no list says nothing of what was to happen, or is named here */
    G_STATIC_ASSERT(sizeof *ev == 3 * sizeof ev->key + sizeof ev->kind + sizeof ev->block + sizeof ev->code + 4 +
                                      sizeof ev->actor + sizeof numbers - 4 * sizeof *numbers + sizeof texts);
    crypto_generichash_state state;
    int64_t digest = 0;
    unsigned char hash[crypto_generichash_BYTES_MIN];
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    crypto_generichash_update(&state, (const unsigned char *)numbers, sizeof numbers);
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        crypto_generichash_update(&state, (const unsigned char *)(texts[i] ? texts[i] : ""),
                                  texts[i] ? strlen(texts[i]) + 1 : 1);
    crypto_generichash_final(&state, hash, sizeof hash);
    memcpy(&digest, hash, sizeof digest);
    return digest & INT64_MAX;
}

static const char *const VERDICTS[] = {[VERDICT_DONE] = "done", [VERDICT_REFUSED] = "refused",
                                       [VERDICT_CONFLICT] = "conflict"};

static void read_outcome(struct rows *rows, struct outcome *out)
{
    memset(out, 0, sizeof *out);
    out->verdict = (enum verdict)WORDS_PARSE(VERDICTS, rows_text(rows, 1), VERDICT_DONE);
    out->repeated = TRUE;
    out->code = (enum err)rows_int(rows, 2);
    ROWS_COPY(out->text, rows, 3);
    out->shipment_id = rows_int(rows, 4);
    out->subject_id = rows_int(rows, 5);
    out->state = flow_state_parse(rows_text(rows, 6));
    out->request = rows_int(rows, 7);
}

static int find_outcome(struct db *db, int64_t key, int64_t *digest, struct outcome *out, GError **error)
{
    struct rows *rows = db_query(db, &SQL[EVENT_FIND], DB_ARGS(key), error);
    int found = rows_next(rows, error);
    if (found > 0) {
        *digest = rows_int(rows, 0);
        read_outcome(rows, out);
        rows_close(rows);
    }
    return found;
}

int flow_outcome(struct site *site, int64_t key, struct outcome *outcome, GError **error)
{
    int64_t digest = 0;
    return find_outcome(site->db, key, &digest, outcome, error);
}

int64_t flow_key(struct site *site)
{
    return site_id(site);
}

/* --- many events ---------------------------------------------------------------------------------------- */

struct chunk {
    struct site *site;
    const struct event *events;
    struct outcome *outcomes;
    size_t n;
    struct journal journal;
};

static void fill_outcome(const struct decision *d, const GError *refusal, struct outcome *out)
{
    memset(out, 0, sizeof *out);
    out->verdict = !refusal ? VERDICT_DONE : err_code(refusal) == ERR_FLOW_CONFLICT ? VERDICT_CONFLICT : VERDICT_REFUSED;
    out->code = d->ev->kind == EV_NOTE ? d->ev->code : err_code(refusal); /* a repeated wrong scan is wrong again */
    clean_copy(out->text, sizeof out->text, refusal ? refusal->message : "");
    out->shipment_id = d->ship.id;
    out->subject_id = d->made_id;
    out->state = !refusal ? d->to : d->ship.id ? d->ship.state : d->subject.state;
}

static gboolean write_event(struct decision *d, const struct outcome *out, GError **error)
{
    return db_exec(d->db, &SQL[EVENT_INSERT],
                   DB_ARGS(d->ev->key, flow_event_name(d->ev->kind), digest_of(d->ev), VERDICTS[out->verdict],
                           (int64_t)out->code, out->text, db_ref(out->shipment_id), db_ref(out->subject_id),
                           flow_state_name(out->state), d->now, d->ev->request),
                   NULL, error);
}

/* Applies one event under a savepoint; a refusal undoes it and leaves a journal row. */
static gboolean apply_one(struct chunk *chunk, const struct event *ev, struct outcome *out, GError **error)
{
    struct site *site = chunk->site;
    struct decision d = {.site = site, .db = site->db, .ev = ev, .now = site_now(site), .journal = chunk->journal};
    int64_t digest = 0;
    int found = find_outcome(site->db, ev->key, &digest, out, error);
    if (found < 0)
        return FALSE;
    if (found && digest == digest_of(ev))
        return TRUE;
    if (found) {
        g_autofree char *text = err_text_args(ERR_FLOW_KEY, NULL);
        *out = (struct outcome){.verdict = VERDICT_REFUSED, .code = ERR_FLOW_KEY};
        clean_copy(out->text, sizeof out->text, text);
        return TRUE;
    }
    GError *refusal = NULL;
    if (!db_savepoint(site->db, judge, &d, &refusal)) {
        if (!err_is_refusal(refusal)) {
            g_propagate_error(error, refusal);
            return FALSE;
        }
        d.journal = chunk->journal;
        enum state state = d.ship.id ? d.ship.state : d.subject.state;
        int code = (int)err_code(refusal);
        if (!journal_event(&d, own(&d, code), flow_event_machine(ev->kind), decision_subject_id(&d), ev->kind, state, state,
                           code, error)) {
            g_error_free(refusal);
            return FALSE;
        }
    }
    fill_outcome(&d, refusal, out);
    g_clear_error(&refusal);
    chunk->journal = d.journal;
    return write_event(&d, out, error);
}

static gboolean apply_chunk(struct db *db, void *data, GError **error)
{
    struct chunk *chunk = data;
    journal_begin(&chunk->journal, chunk->site);
    if (!flow_lock(db, chunk->events, chunk->n, error))
        return FALSE;
    for (size_t i = 0; i < chunk->n; i++)
        if (!apply_one(chunk, &chunk->events[i], &chunk->outcomes[i], error))
            return FALSE;
    return journal_commit(&chunk->journal, error);
}

/* A key that another connection inserted meanwhile shows as a broken constraint: the second try finds its outcome. A
 * lost writer slot is claimed anew. */
static gboolean apply_with_retries(struct chunk *chunk, GError **error)
{
    for (int try = 1;; try++) {
        GError *failure = NULL;
        if (db_transaction(chunk->site->db, apply_chunk, chunk, &failure)) {
            journal_done(&chunk->journal);
            return TRUE;
        }
        enum err code = err_code(failure);
        int recovered = try < TRIES ? writer_recover(chunk->site, failure, error) : 0;
        gboolean again = try < TRIES && (code == ERR_DB_CONSTRAINT || code == ERR_DB_SERIALIZE || recovered > 0);
        if (!again && recovered == 0)
            g_propagate_error(error, g_steal_pointer(&failure));
        g_clear_error(&failure);
        if (!again || recovered < 0)
            return FALSE;
    }
}

gboolean flow_apply(struct site *site, const struct event *events, size_t n, struct outcome *outcomes, GError **error)
{
    size_t most = n > 0 && events[0].kind == EV_PRINT_AHEAD ? CHUNK_AHEAD : CHUNK;
    for (size_t done = 0; done < n; done += most) {
        struct chunk chunk = {.site = site, .events = events + done, .outcomes = outcomes + done,
                              .n = MIN(most, n - done)};
        if (!apply_with_retries(&chunk, error))
            return FALSE;
    }
    return TRUE;
}

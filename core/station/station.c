/* SPDX-License-Identifier: MIT */
#include "core/station/station.h"

#include <sodium.h>
#include <string.h>

#include "core/apply/apply.h"
#include "core/base/clean.h"
#include "core/base/translate.h"
#include "core/db/rows.h"
#include "core/site/record.h"
#include "core/station/inner.h"

enum { STATION_FIND, STATION_INSERT };

static const struct sql SQL[] = {
    [STATION_FIND] = {"station_find", "SELECT id FROM station WHERE warehouse_id = $1 AND owner_id = $2 AND name = $3"},
    [STATION_INSERT] = {"station_insert",
                        "INSERT INTO station (id, warehouse_id, owner_id, name, printer_id) VALUES ($1, $2, $3, $4, "
                        "(SELECT MIN(id) FROM printer WHERE warehouse_id = $2 AND active = 1)) "
                        "ON CONFLICT (warehouse_id, owner_id, name) DO NOTHING"},
};

/* --- open, close ---------------------------------------------------------------------------------------- */

static gboolean insert_station(struct station *station, GError **error)
{
    struct site *site = station->site;
    const struct actor by = {.person_id = site->system_person_id};
    const struct record record = {.event = "station-new", .detail = station->name, .is_heard = TRUE, .said = SAID_STATION,
                                  .said_named = station->name};
    const struct record_statement insert = {
        &SQL[STATION_INSERT], DB_ARGS(site_id(site), site->warehouse_id, site->owner_id, station->name), .none = ERR_NONE};
    return site_record_statements(site, &by, &record, &insert, 1, error);
}

static int find_station(struct station *station, GError **error)
{
    struct site *site = station->site;
    return db_get_ints(site->db, &SQL[STATION_FIND], DB_ARGS(site->warehouse_id, site->owner_id, station->name),
                       &station->id, 1, error);
}

struct station *station_open(struct site *site, const char *name, GError **error)
{
    struct station *station = g_new0(struct station, 1);
    g_autofree char *clean = clean_text(name, strlen(name), CLEAN_LINE);
    station->site = site;
    clean_copy(station->name, sizeof station->name, clean);
    int found = find_station(station, error);
    if (found == 0 && insert_station(station, error))
        found = find_station(station, error);
    if (found <= 0) {
        g_free(station);
        return NULL;
    }
    station->actor.station_id = station->id;
    station->memory = g_new0(struct remembered, REMEMBERED);
    station->asked = asked_new();
    station->expected = expected_new();
    station->bench_lines = g_array_new(FALSE, FALSE, sizeof(struct station_line));
    return station;
}

void station_close(struct station *station)
{
    if (!station)
        return;
    g_free(station->memory);
    g_array_unref(station->asked);
    g_array_unref(station->expected);
    g_array_unref(station->bench_lines);
    g_free(station);
}

enum step station_step(const struct station *station)
{
    return station->work.step;
}

struct site *station_site(const struct station *station)
{
    return station->site;
}

struct actor station_actor(const struct station *station)
{
    return station->actor;
}

void station_leave(struct station *station, enum step step)
{
    station->work = (struct work){.step = step, .manifest_id = step == STEP_DOCK ? station->work.manifest_id : 0};
    station->question = ASKED_NOTHING;
}

/* --- what a plan comes to --------------------------------------------------------------------------------- */

/* What is scanned may be anything a person typed: only what looks like a code goes into the journal. A few figures that
 * are nobody's code may be a PIN, typed where none was asked for. */
static const char *code_like(enum err code, const char *text, char buffer[static 48])
{
    enum { PIN_LIKE = 8 };
    size_t length = strlen(text);
    gboolean known = code != ERR_SCAN_UNKNOWN && code != ERR_LABEL_UNKNOWN && code != ERR_STATION_LOCKED && code != ERR_SCAN_BARRED;
    if (!known && length <= PIN_LIKE && strspn(text, "0123456789") == length)
        return "(figures)";
    for (size_t i = 0; i < length; i++)
        if (!g_ascii_isalnum(text[i]) && !strchr("-/_.+:", text[i]))
            return "(text)";
    gboolean has_digit = strpbrk(text, "0123456789") != NULL;
    if (!has_digit || length >= 48)
        return "(text)";
    clean_copy(buffer, 48, text);
    return buffer;
}

static gboolean note(struct station *station, const struct answer *answer, enum err code, const char *what, GError **error)
{
    char buffer[48];
    struct outcome outcome;
    struct event event = {.key = answer->key, .kind = EV_NOTE, .actor = station->actor, .request = station->request,
                          .shipment_id = station->work.shipment_id, .code = code, .text = code_like(code, what, buffer)};
    return station_apply(station, &event, &outcome, error);
}

void station_word(struct answer *answer, enum err code, const char *text)
{
    g_autofree char *hint = code == ERR_NONE ? g_strdup("") : err_hint(code, NULL);
    answer->code = code;
    clean_copy(answer->text, sizeof answer->text, text);
    clean_copy(answer->hint, sizeof answer->hint, hint);
}

/* A bar that follows another goes on counting what was not. */
void station_bar(struct station *station, struct answer *answer, enum err code, const char *text)
{
    answer->kind = ANSWER_REFUSED;
    station_word(answer, code, text);
    station->barred = TRUE;
}

void station_but(struct answer *answer, enum err code, const char *text)
{
    g_autofree char *line = answer->text[0] ? g_strdup_printf("%s. %s", answer->text, text) : g_strdup(text);
    station_word(answer, code, line);
}

/* A refused scan changes nothing: not even which work is open here. */
static void stay(struct station *station, const struct plan *plan)
{
    if (plan->before)
        station->work = *plan->before;
}

static gboolean after(struct station *station, const struct event *event, struct answer *answer, GError **error)
{
    if (event->kind == EV_NOTE)
        return TRUE;
    switch (station->work.step) {
    case STEP_PICK:
        return pick_after(station, event, answer, error);
    case STEP_PACK:
        return pack_after(station, event, answer, error);
    case STEP_LABEL:
        return label_after(station, answer, error);
    case STEP_DOCK:
        if (event->kind == EV_MANIFEST_CLOSE)
            station_leave(station, STEP_IDLE);
        return TRUE;
    case STEP_IDLE:
        return event->kind != EV_UNPICK || work_resume(station, event->shipment_id, error);
    case STEP_LOGIN:
    case STEP_LOCKED:
        return TRUE;
    }
    return TRUE;
}

static gboolean run_refused(struct station *station, const struct plan *plan, const struct outcome *outcome,
                            struct answer *answer)
{
    stay(station, plan);
    if (outcome->code == ERR_WORK_TAKEN) /* it ends here, and not even the right scan leads back there */
        station_leave(station, STEP_IDLE);
    station_bar(station, answer, outcome->code, outcome->text);
    approve_later(station, plan, outcome->code);
    return TRUE;
}

/* What the event became, and what came of it in the same act; *last gets the one that was done last. */
static gboolean apply_plan(struct station *station, struct plan *plan, struct outcome outcomes[2], const struct event **last,
                           GError **error)
{
    struct event events[2] = {plan->event, plan->next};
    gboolean both = FALSE;
    if (plan->next.kind == EV_NONE ? !station_apply(station, &plan->event, &outcomes[0], error)
                                   : !station_apply_act(station, events, outcomes, &both, error))
        return FALSE;
    *last = both ? &plan->next : &plan->event;
    if (plan->event.kind == EV_MANIFEST_OPEN && outcomes[0].verdict == VERDICT_DONE)
        station->work.manifest_id = outcomes[0].subject_id;
    return TRUE;
}

static gboolean run_event(struct station *station, struct plan *plan, struct answer *answer, GError **error)
{
    struct outcome outcomes[2];
    const struct event *last = NULL;
    plan->event.key = answer->key;
    plan->event.request = station->request;
    if (!apply_plan(station, plan, outcomes, &last, error))
        return FALSE;
    answer->repeated = outcomes[0].repeated;
    if (outcomes[0].verdict != VERDICT_DONE)
        return run_refused(station, plan, &outcomes[0], answer);
    answer->kind = ANSWER_OK;
    clean_copy(answer->text, sizeof answer->text, plan->text[0] ? plan->text : flow_event_label(plan->event.kind));
    station->work.undo = plan->undo;
    if (last == &plan->event || outcomes[1].verdict == VERDICT_DONE)
        return after(station, last, answer, error);
    station_but(answer, outcomes[1].code, outcomes[1].text);
    return TRUE;
}

static gboolean run_plan(struct station *station, struct plan *plan, const char *what, struct answer *answer,
                         GError **error)
{
    switch (plan->kind) {
    case PLAN_EVENT:
        return run_event(station, plan, answer, error);
    case PLAN_REFUSE:
        stay(station, plan);
        station_bar(station, answer, err_code(plan->error), plan->error->message);
        return note(station, answer, err_code(plan->error), what, error);
    case PLAN_ASK:
    case PLAN_OK:
        answer->kind = plan->kind == PLAN_ASK ? ANSWER_ASK : ANSWER_OK;
        station_word(answer, ERR_NONE, plan->text);
        if (plan->error)
            station_but(answer, err_code(plan->error), plan->error->message);
        return TRUE;
    }
    return TRUE;
}

static gboolean ignore(struct station *station, const char *what, struct answer *answer, GError **error)
{
    int64_t key = answer->key;
    station->not_counted++;
    station->last.not_counted = station->not_counted;
    *answer = station->last;
    answer->key = key;
    answer->kind = ANSWER_IGNORED;
    return note(station, answer, ERR_SCAN_BARRED, what, error);
}

/* --- scans ---------------------------------------------------------------------------------------------- */

gboolean scan_is_unreadable(const struct scan *scan, struct plan *plan)
{
    static const struct {
        unsigned flag;
        enum err code;
    } TABLE[] = {{SCAN_IME, ERR_SCAN_IME},
                 {SCAN_CAPS, ERR_SCAN_CAPS},
                 {SCAN_DAMAGED, ERR_SCAN_DAMAGED},
                 {SCAN_CODE_BAD, ERR_SCAN_MISREAD},
                 {SCAN_EMPTY, ERR_SCAN_EMPTY}};
    for (size_t i = 0; i < G_N_ELEMENTS(TABLE); i++)
        if (scan->flags & TABLE[i].flag)
            return refuse(plan, TABLE[i].code, scan->text);
    return FALSE;
}

/* What a thing means at a step; what the step would rather be given, when a code means several; and what it says that it
 * expects, where it does not name it. */
struct step_row {
    gboolean (*plan)(struct station *station, const struct thing *thing, struct plan *plan, GError **error);
    unsigned wanted;
    const char *expected;
    void (*ask)(struct station *station, const struct scan *scan);
};

#define OPENING (THING_SHIPMENT | THING_TOTE | THING_WAYBILL | THING_COMMAND)

static const struct step_row STEPS[] = {
    [STEP_LOGIN] = {NULL, OPENING | THING_BATCH, N_("a badge"), NULL},
    [STEP_LOCKED] = {NULL, OPENING | THING_BATCH, N_("your badge"), NULL},
    [STEP_IDLE] = {idle_plan, OPENING | THING_BATCH, N_("an order, batch, tote or waybill"), idle_ask},
    [STEP_PICK] = {pick_plan, THING_BIN | THING_PRODUCT | THING_TOTE | THING_LOT | THING_COMMAND, NULL, pick_ask},
    [STEP_PACK] = {pack_plan, OPENING, N_("an order, tote or waybill"), idle_ask},
    [STEP_LABEL] = {label_plan, THING_WAYBILL | THING_COMMAND, NULL, NULL},
    [STEP_DOCK] = {dock_plan, THING_WAYBILL | THING_COMMAND, N_("a waybill"), dock_ask},
};

static const struct step_row PACK_OPENED = {pack_plan, THING_PRODUCT | THING_LOT | THING_COMMAND, N_("a product"), pack_ask};
static const struct step_row LOGIN_BEGUN = {NULL, OPENING | THING_BATCH, N_("the PIN"), NULL};

static const struct step_row *step_of(const struct station *station)
{
    if (station->work.step == STEP_PACK && station->work.shipment_id)
        return &PACK_OPENED;
    return station_is_shut(station) && station->badge[0] ? &LOGIN_BEGUN : &STEPS[station->work.step];
}

gboolean step_plan(struct station *station, const struct thing *thing, struct plan *plan, GError **error)
{
    return step_of(station)->plan(station, thing, plan, error);
}

static gboolean plan_scan(struct station *station, const struct scan *scan, struct plan *plan, GError **error)
{
    struct thing thing;
    const struct step_row *step = step_of(station);
    if (expected_find(station, scan, &thing))
        return step_plan(station, &thing, plan, error);
    if (step->ask)
        step->ask(station, scan);
    int found = resolve_scan(station->site, scan, step->wanted, &thing, error);
    station_read_asked(station);
    expected_take(station);
    station->scanned = scan->text;
    if (found == 1 && thing.kind == THING_PERSON && !station->barred) /* under the bar it may be a lead's */
        return login_badge(station, scan, thing.id, plan, error);
    if (found == 1)
        return step_plan(station, &thing, plan, error);
    if (found > 1)
        refuse(plan, ERR_SCAN_AMBIGUOUS, scan->text);
    else if (found == 0)
        refuse(plan, station->work.step == STEP_LABEL ? ERR_LABEL_UNKNOWN : ERR_SCAN_UNKNOWN, scan->text);
    return found >= 0;
}

/* What is expected next, into answer->expect; and the shipment in work with its state. */
static gboolean expect(struct station *station, struct answer *answer, GError **error)
{
    const struct work *work = &station->work;
    const char *expected = step_of(station)->expected;
    const struct shipment_facts *facts = NULL;
    if (work->shipment_id && !(facts = station_shipment(station, work->shipment_id, error)))
        return FALSE;
    answer->shipment_id = work->shipment_id;
    answer->state = facts ? facts->state : ST_NONE;
    g_strlcpy(answer->expect, expected ? _(expected) : "", sizeof answer->expect);
    if (work->step == STEP_LABEL && facts)
        g_snprintf(answer->expect, sizeof answer->expect, _("waybill %s"), facts->waybill);
    return work->step != STEP_PICK || pick_expect(station, answer, error);
}

gboolean station_finish(struct station *station, struct answer *answer, GError **error)
{
    if (!station->barred)
        station->not_counted = 0;
    if (!expect(station, answer, error))
        return FALSE;
    clean_cut(answer->text);
    clean_cut(answer->expect);
    answer->step = station->work.step;
    answer->not_counted = station->not_counted;
    station->last = *answer;
    lock_raise(station, answer);
    return TRUE;
}

/* Under the bar or not: what the scan means. *by_lead: it is of a lead's badge and PIN, and the bar stands yet. */
static gboolean read_scan(struct station *station, const struct scan *scan, struct plan *plan, gboolean *by_lead,
                          GError **error)
{
    *by_lead = station->lead[0] && approve_wants(station, scan);
    if (*by_lead)
        return approve_card(station, scan, plan, error);
    enum step step = station->work.step;
    if (!scan_is_unreadable(scan, plan) && !(step == STEP_LOGIN    ? login_scan(station, scan, plan, error)
                                             : step == STEP_LOCKED ? lock_scan(station, scan, plan, error)
                                                                   : plan_scan(station, scan, plan, error)))
        return FALSE;
    return !station->barred || station_is_shut(station) || plan->kind != PLAN_REFUSE ||
           approve_instead(station, scan, plan, by_lead, error);
}

static void lower_bar(struct station *station)
{
    station->barred = FALSE;
    station->refused.kind = EV_NONE;
    if (station->lead[0]) /* else the digits are a log-in's */
        approve_forget(station);
}

/* A badge or a digit leaves the bar as it is; a wrong PIN is the next bar, a right one ends it. */
static gboolean run_approval(struct station *station, struct plan *plan, struct answer *answer, GError **error)
{
    if (plan->kind == PLAN_EVENT)
        lower_bar(station);
    if (plan->kind != PLAN_ASK)
        return run_plan(station, plan, "", answer, error) && station_finish(station, answer, error);
    *answer = (struct answer){.key = answer->key, .kind = ANSWER_ASK, .step = station->work.step, .state = station->last.state,
                              .shipment_id = station->last.shipment_id, .not_counted = station->not_counted};
    station_word(answer, ERR_NONE, plan->text);
    clean_copy(answer->expect, sizeof answer->expect, station->lead[0] ? _("the lead's PIN") : station->last.expect);
    return TRUE;
}

static gboolean run_scan(struct station *station, const struct scan *scan, struct plan *plan, struct answer *answer,
                         GError **error)
{
    gboolean by_lead = FALSE;
    const char *what = station_may_hold_pin(station) ? "" : scan->text;
    plan->asked = station->question;
    station->question = ASKED_NOTHING; /* something else was done: it is not answered any more */
    if (!read_scan(station, scan, plan, &by_lead, error))
        return FALSE;
    if (by_lead)
        return run_approval(station, plan, answer, error);
    if (station->barred && plan->kind == PLAN_REFUSE) {
        station->question = plan->asked;
        return ignore(station, what, answer, error);
    }
    lower_bar(station);
    return run_plan(station, plan, what, answer, error) && station_finish(station, answer, error);
}

/* --- commands ------------------------------------------------------------------------------------------- */

static gboolean run_command(struct station *station, enum command command, const char *argument, struct plan *plan,
                            struct answer *answer, GError **error)
{
    gboolean leaves_bar = command == CMD_DISMISS || command == CMD_BACK || command == CMD_LOGOUT || command == CMD_LOCK;
    if (station->barred && command == CMD_STATUS) {
        int64_t key = answer->key;
        *answer = station->last;
        answer->key = key;
        return TRUE;
    }
    if (station->barred && command == CMD_APPROVE && !station_is_shut(station))
        return approve_plan(station, argument, plan, error) && run_approval(station, plan, answer, error);
    if (station->barred && !leaves_bar)
        return ignore(station, station_command_name(command), answer, error);
    if (command == CMD_LOCK)
        lock_keep(station);
    lower_bar(station);
    plan->asked = station->question;
    if (command != CMD_STATUS && command != CMD_DISMISS)
        station->question = ASKED_NOTHING;
    if (station_is_shut(station) && command != CMD_LOGIN && !leaves_bar && command != CMD_STATUS)
        refuse(plan, station->work.step == STEP_LOCKED ? ERR_STATION_LOCKED : ERR_LOGIN_FIRST, station->person);
    else if (!command_plan(station, command, argument, plan, error))
        return FALSE;
    return run_plan(station, plan, station_command_name(command), answer, error) &&
           station_finish(station, answer, error);
}

/* --- calls ---------------------------------------------------------------------------------------------- */

static gboolean is_secret(const struct station *station, enum command command)
{
    return station_may_hold_pin(station) || command == CMD_LOGIN || command == CMD_SPLIT || command == CMD_APPROVE;
}

/* What is asked, hashed; of a PIN not the figures. */
static int64_t request_of(const struct station *station, enum command command, const char *text, size_t length)
{
    const char *name = command == CMD_NONE ? "" : station_command_name(command);
    crypto_generichash_state state;
    unsigned char hash[crypto_generichash_BYTES_MIN];
    int64_t request = 0;
    crypto_generichash_init(&state, NULL, 0, sizeof hash);
    crypto_generichash_update(&state, (const unsigned char *)name, strlen(name) + 1);
    if (!is_secret(station, command))
        crypto_generichash_update(&state, (const unsigned char *)text, length);
    crypto_generichash_final(&state, hash, sizeof hash);
    memcpy(&request, hash, sizeof request);
    return request & INT64_MAX;
}

static void remember(struct station *station, const struct answer *answer)
{
    struct remembered *slot = &station->memory[station->remembered++ % REMEMBERED];
    *slot = (struct remembered){answer->key, station->request, *answer};
    slot->answer.repeated = TRUE;
}

/* A call as it begins: its key, and whether that was answered before (1), not yet (0), or nobody knows (-1). */
static int begin(struct station *station, enum command command, const char *text, size_t length, int64_t key,
                 struct answer *answer, GError **error)
{
    station_forget(station);
    bench_check(station);
    memset(answer, 0, sizeof *answer);
    answer->key = key ? key : flow_key(station->site);
    station->request = request_of(station, command, text, length);
    int again = key ? memory_again(station, answer, error) : 0;
    db_plan_once(station->site->db, again == 0);
    return again;
}

/* And as it ends. What failed wrote nothing, or an event that is found by its key: the station is where it was. */
static gboolean end(struct station *station, const struct station *before, gboolean done, struct plan *plan,
                    const struct answer *answer)
{
    struct event undo = station->work.undo; /* of the last event that is known to have happened */
    db_plan_once(station->site->db, FALSE);
    int64_t expected_of = done ? station->expected_of : 0, bench_of = done ? station->bench_of : 0;
    if (!done) {
        *station = *before;
        station_forget(station); /* what was asked and not answered keeps nobody from connecting anew */
    }
    station->expected_of = expected_of;
    station->bench_of = bench_of;
    station->work.undo = undo;
    station->scanned = NULL;
    if (done)
        remember(station, answer);
    g_clear_error(&plan->error);
    return done;
}

static enum command command_of(const struct scan *scan)
{
    g_autofree char *name = g_ascii_strdown(card_name(scan->code.card), -1);
    return station_command_parse(name);
}

gboolean station_scan(struct station *station, const char *bytes, size_t length, int64_t key, struct answer *answer,
                      GError **error)
{
    const struct station before = *station;
    struct plan plan = {.kind = PLAN_OK, .before = &before.work};
    struct scan scan;
    int again = begin(station, CMD_NONE, bytes, length, key, answer, error);
    if (again != 0)
        return again > 0;
    scan_decode(&scan, bytes, length, station->site->couriers);
    gboolean is_command = !station_is_shut(station) && scan.flags & SCAN_CODE && scan.code.kind == CODE_COMMAND &&
                          !approve_wants(station, &scan) && command_of(&scan) != CMD_NONE;
    gboolean done = is_command ? run_command(station, command_of(&scan), "", &plan, answer, error)
                               : run_scan(station, &scan, &plan, answer, error);
    scan_clear(&scan);
    return end(station, &before, done, &plan, answer);
}

gboolean station_skip(struct station *station, const char *bytes, size_t length, struct answer *answer, GError **error)
{
    g_autofree char *text = clean_text(bytes, length, CLEAN_CODE);
    begin(station, CMD_NONE, bytes, length, 0, answer, NULL);
    gboolean done = ignore(station, station_may_hold_pin(station) ? "" : text, answer, error);
    db_plan_once(station->site->db, FALSE);
    return done;
}

gboolean station_command(struct station *station, enum command command, const char *argument, int64_t key,
                         struct answer *answer, GError **error)
{
    const struct station before = *station;
    struct plan plan = {.kind = PLAN_OK, .before = &before.work};
    g_autofree char *clean = clean_text(argument ? argument : "", argument ? strlen(argument) : 0, CLEAN_LINE);
    argument = clean;
    int again = begin(station, command, argument, strlen(argument), key, answer, error);
    if (again != 0)
        return again > 0;
    gboolean done = run_command(station, command, argument, &plan, answer, error);
    return end(station, &before, done, &plan, answer);
}

/* SPDX-License-Identifier: MIT
 *
 * packline station list and free say who holds the writer slots, and take one from its holder.
 *
 * packline station --headless: one scan or command a line on standard input, one JSON object a line on standard output,
 * through the same core calls as the screens. For handheld gateways, voice systems and tests. A line is
 *
 *     4710000000017                              a scan
 *     :login 1001 2468                           a command with its argument (station_command_name())
 *     {"scan": "4710000000017", "key": "123"}    the same with the caller's event key, for a safe retry
 *     {"command": "undo", "argument": "", "key": "123"}
 *     {"view": true}                             what a screen would show of the work
 *
 * A line that begins with { is one of these three objects or an error: a scan that does goes as {"scan": "..."}. One of more
 * than 64 kB is passed over, and answered by one error (PL-0106).
 *
 * and the answer {"outcome": "ok" | "ask" | "refused" | "ignored" | "error", "code": "PL-0340", "text", "hint", "step",
 * "state", "expect", "key", "repeated", "not_counted"}. Keys are decimal strings: they have more digits than a double.
 * After "error" the outcome is unknown: send the line again with the key of the answer. A key again gives its first answer
 * ("repeated") and does nothing; with other content it is refused with PL-0325 and no bar stands for it.
 *
 * "ok" with a code was done, and something that should have come of it was not: text and hint say what (the box is packed, but
 * there is no printer). "refused" changed nothing but the journal, and raises the red bar: what follows is "ignored" and counted ("not_counted") until the right thing is scanned,
 * ":dismiss", or a lead's approval: the lead's badge as a scan ("ask", expect "the lead's PIN"), then the PIN as a line, or
 * its digits as card codes and the confirm card; or ":approve BADGE PIN" at once. That does what was refused for want of a
 * right (PL-0324), or closes any other bar. ":split" asks a lead (":confirm") and refuses others with PL-0324.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/settings.h"
#include "core/base/translate.h"
#include "core/print/worker.h"
#include "core/site/site.h"
#include "core/site/writer_slot.h"
#include "core/station/station.h"
#include "tui/commands/commands.h"
#include "tui/commands/lines.h"
#include "tui/commands/output.h"

static const char *const KINDS[] = {[ANSWER_OK] = "ok", [ANSWER_ASK] = "ask", [ANSWER_REFUSED] = "refused",
                                    [ANSWER_IGNORED] = "ignored"};
static const char *const STEPS[] = {[STEP_LOGIN] = "login", [STEP_IDLE] = "idle",   [STEP_PICK] = "pick",
                                    [STEP_PACK] = "pack",   [STEP_LABEL] = "label", [STEP_DOCK] = "dock",
                                    [STEP_LOCKED] = "locked"};

enum { LOOK_MS = 250 };

struct given {
    gboolean headless;
};

/* One request: borrowed from the line or its JSON. */
struct request {
    const char *scan;    /* NULL: a command */
    size_t scan_length;  /* a NUL among its bytes is no end */
    enum command command;
    const char *argument;
    int64_t key;
    gboolean view;
    gboolean wrong;
};

static void print_json(json_t *object)
{
    options_print_line(object);
    fflush(stdout);
}

static json_t *key_json(int64_t key)
{
    char text[24];
    g_snprintf(text, sizeof text, "%" G_GINT64_FORMAT, key);
    return json_string(text);
}

static void print_answer(const struct answer *answer)
{
    char number[8] = "";
    if (answer->code != ERR_NONE)
        err_number(answer->code, number);
    print_json(json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:o, s:b, s:i}", "outcome", KINDS[answer->kind], "code",
                         number, "text", answer->text, "hint", answer->hint, "step", STEPS[answer->step], "state",
                         flow_state_name(answer->state), "expect", answer->expect, "key", key_json(answer->key),
                         "repeated", (int)answer->repeated, "not_counted", answer->not_counted));
}

static void print_error(const GError *error, int64_t key)
{
    char number[8];
    g_autofree char *hint = err_hint(err_code(error), NULL);
    print_json(json_pack("{s:s, s:s, s:s, s:s, s:o}", "outcome", "error", "code", err_number(err_code(error), number),
                         "text", error->message, "hint", hint, "key", key_json(key)));
}

static const struct member LINE_MEMBERS[] = {
    MEMBER("sku", struct station_line, sku),
    MEMBER("bin", struct station_line, bin),
    MEMBER("tote", struct station_line, tote),
    MEMBER("lot", struct station_line, lot),
    MEMBER("wanted", struct station_line, wanted),
    MEMBER("done", struct station_line, done),
    MEMBER_AS(FLAG, "current", struct station_line, current),
};
static const struct output LINES = OUTPUT(NULL, LINE_MEMBERS);

static gboolean print_view(struct station *station, GError **error)
{
    struct station_view view;
    if (!station_view_load(station, &view, error))
        return FALSE;
    print_json(json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:b, s:o}", "step", STEPS[view.step], "order",
                         view.ship.order, "state", flow_state_name(view.ship.state), "batch", view.ship.batch, "courier",
                         view.courier, "waybill", view.ship.waybill, "to_scan", (json_int_t)view.to_scan, "scanned",
                         (json_int_t)view.scanned, "barred", (int)view.barred, "lines",
                         output_array(NULL, &LINES, view.lines, view.line_count, sizeof *view.lines)));
    station_view_clear(&view);
    return TRUE;
}

/* --- requests ------------------------------------------------------------------------------------------- */

static void parse_command(char *text, struct request *request)
{
    char *space = strchr(text, ' ');
    request->argument = space ? space + 1 : "";
    if (space)
        *space = '\0';
    request->command = station_command_parse(text);
    request->wrong = request->command == CMD_NONE;
}

/* NULL where it is not there. Anything but a text is wrong: a key sent as a number would be no key. */
static const char *text_of(const json_t *object, const char *name, struct request *request)
{
    const json_t *value = json_object_get(object, name);
    if (value && !json_is_string(value))
        request->wrong = TRUE;
    return json_string_value(value);
}

static void parse_object(const json_t *object, struct request *request)
{
    const char *name = text_of(object, "command", request);
    const char *argument = text_of(object, "argument", request);
    const char *key = text_of(object, "key", request);
    gint64 number = 0;
    request->scan = text_of(object, "scan", request);
    request->scan_length = json_string_length(json_object_get(object, "scan"));
    request->view = json_is_true(json_object_get(object, "view"));
    request->argument = argument ? argument : "";
    request->command = name ? station_command_parse(name) : CMD_NONE;
    if (key && !g_ascii_string_to_signed(key, 10, 1, G_MAXINT64, &number, NULL))
        request->wrong = TRUE;
    request->key = number;
    if ((request->scan != NULL) + (request->command != CMD_NONE) + request->view != 1)
        request->wrong = TRUE;
}

static gboolean serve(struct station *station, const struct request *request, GError **error, int64_t *key)
{
    struct answer answer = {.key = request->key};
    if (request->view)
        return print_view(station, error);
    gboolean done = request->scan
                        ? station_scan(station, request->scan, request->scan_length, request->key, &answer, error)
                        : station_command(station, request->command, request->argument, request->key, &answer, error);
    *key = answer.key;
    if (done)
        print_answer(&answer);
    if (done && answer.job_queued) /* after the answer: whoever reads it need not wait */
        worker_ensure(station_site(station), NULL);
    return done;
}

static void reconnect_after(struct station *station, const GError *error)
{
    if (error && err_code(error) == ERR_DB_LOST)
        site_reconnect(station_site(station), NULL);
}

static void serve_line(struct station *station, char *line, size_t length)
{
    struct request request = {.argument = ""};
    gboolean structured = line[0] == '{';
    json_auto_t *object = structured ? json_loadb(line, length, 0, NULL) : NULL;
    g_autoptr(GError) error = NULL;
    int64_t key = 0;
    if (object)
        parse_object(object, &request);
    else if (line[0] == ':')
        parse_command(line + 1, &request);
    else if (!structured) {
        request.scan = line;
        request.scan_length = length;
    } else {
        request.wrong = TRUE;
    }
    if (request.wrong)
        err_set(&error, ERR_USAGE, _("Neither a scan, a :command, nor a request object"));
    else
        serve(station, &request, &error, &key);
    if (error)
        print_error(error, key);
    reconnect_after(station, error);
}

/* What others change of the open work meanwhile is loaded before the next scan rests on it: that its label has come out. */
static void look(struct station *station, int64_t *seen)
{
    g_autoptr(GError) error = NULL;
    station_look(station, seen, &error);
    reconnect_after(station, error);
}

/* Nobody has sent anything for too long: what comes then has to begin with a badge. */
static void lock_if_idle(struct station *station, int64_t since_us)
{
    const struct site *site = station_site(station);
    struct answer answer;
    int64_t minutes = site_setting_int(site, "idle_lock_minutes", setting_default_int("idle_lock_minutes"));
    enum step step = station_step(station);
    if (minutes > 0 && step != STEP_LOGIN && step != STEP_LOCKED && g_get_monotonic_time() - since_us >= minutes * G_TIME_SPAN_MINUTE)
        station_command(station, CMD_LOCK, NULL, 0, &answer, NULL);
}

/* What is in hand is served first, and the worker looked after all the while. */
static void await_input(struct station *station, int64_t *worker_look_ms, int64_t *seen)
{
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    int64_t since_us = g_get_monotonic_time();
    while (poll(&input, 1, LOOK_MS) == 0) {
        look(station, seen);
        lock_if_idle(station, since_us);
        worker_keep(station_site(station), worker_look_ms);
    }
}

static void refuse_long(void)
{
    g_autoptr(GError) error = NULL;
    char most[16];
    g_snprintf(most, sizeof most, "%d", LINE_BYTES_MAX);
    err_set(&error, ERR_LINE_LONG, most);
    print_error(error, 0);
}

static void serve_input(struct station *station)
{
    g_autofree struct lines *lines = g_new(struct lines, 1);
    char *line = NULL;
    size_t length = 0;
    int64_t worker_look_ms = 0, seen = 0;
    enum line_kind kind;
    lines_init(lines, STDIN_FILENO);
    while ((kind = lines_next(lines, &line, &length)) != LINE_END) {
        worker_keep(station_site(station), &worker_look_ms);
        if (kind == LINE_WHOLE) {
            serve_line(station, line, length);
        } else if (kind == LINE_LONG) {
            refuse_long();
        } else {
            await_input(station, &worker_look_ms, &seen);
            lines_read(lines);
        }
    }
}

static gboolean do_serve(struct call *call, GError **error)
{
    const struct given *given = call->given;
    if (!given->headless)
        return usage_error(error, _("packline alone opens the screens; station needs --headless"));
    const char *name = call->options->station;
    call->site = site_open_as(SITE_STATION, call->options->db_url, name, NULL, error);
    struct station *station = call->site ? station_open(call->site, name, error) : NULL;
    if (station)
        serve_input(station);
    station_close(station);
    return station != NULL;
}

/* --- writer slots: who holds one, and taking it from its holder, also when all are held ------------------ */

static char *place_of(const struct call *call, const void *slot)
{
    (void)call;
    return writer_slot_place(slot);
}

static const struct member SLOT_MEMBERS[] = {
    MEMBER("slot", struct writer_slot, slot),
    MEMBER("name", struct writer_slot, name),
    MEMBER_MADE("place", place_of),
};
static const struct output SLOTS = OUTPUT("{slot:>4}  {name:<24} {place}", SLOT_MEMBERS);

static gboolean do_list(struct call *call, GError **error)
{
    g_autoptr(GArray) slots = writer_slots(call->site->db, error);
    if (!slots)
        return FALSE;
    output_begin(call);
    for (guint i = 0; i < slots->len; i++) {
        const struct writer_slot *slot = &g_array_index(slots, struct writer_slot, i);
        if (slot->held && slot->slot != call->site->writer.slot)
            output_row(call, &SLOTS, slot);
    }
    return TRUE;
}

VERB_OF_NAME(do_free, writer_free)

static const struct option OPTIONS[] = {
    OPTION_FLAG("headless", headless, N_("read scans from standard input, answer in JSON")),
};
static const struct verb VERBS[] = {
    {NULL, 0, 0, "--headless", do_serve, OWN_SITE, BY_ANYBODY},
    {"list", 0, 0, NULL, do_list, MAY_ADMIN, BY_ANYBODY},
    {"free", 1, 1, N_("NAME|SLOT"), do_free, MAY_ADMIN, BY_BADGE},
};

const struct subcommand command_station = {
    "station", N_("a station without screens; who writes, and freeing a slot"), VERBS_OF(VERBS), OPTIONS_OF(OPTIONS, struct given),
    .lines = "--headless",
};

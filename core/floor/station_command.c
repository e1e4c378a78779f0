/* SPDX-License-Identifier: MIT
 *
 * The commands of a station: what a key, a card or a line of the headless station asks for.
 */
#include <string.h>

#include "core/base/clean.h"
#include "core/base/translate.h"
#include "core/floor/station_inner.h"
#include "core/floor/tx.h"

static const char *const COMMANDS[CMD_COUNT] = {
    [CMD_APPROVE] = "approve",
    [CMD_NONE] = "",           [CMD_LOGIN] = "login",     [CMD_LOGOUT] = "logout",
    [CMD_PICK] = "pick",       [CMD_PACK] = "pack",       [CMD_DOCK] = "dock",
    [CMD_BACK] = "back",       [CMD_DISMISS] = "dismiss", [CMD_UNDO] = "undo",
    [CMD_QUANTITY] = "quantity", [CMD_SKIP] = "skip",     [CMD_SHORT] = "short",
    [CMD_CLOSE] = "close",     [CMD_SPLIT] = "split",     [CMD_REOPEN] = "reopen",
    [CMD_REPRINT] = "reprint", [CMD_HOLD] = "hold",       [CMD_WEIGHT] = "weight",
    [CMD_PAPER] = "paper",     [CMD_WHOLE] = "whole",     [CMD_CONFIRM] = "confirm",
    [CMD_CANCEL] = "cancel",   [CMD_MANIFEST_CLOSE] = "manifest-close", [CMD_STATUS] = "status",
};

const char *station_command_name(enum command command)
{
    return COMMANDS[command];
}

enum command station_command_parse(const char *name)
{
    for (enum command command = CMD_LOGIN; command < CMD_COUNT; command++)
        if (strcmp(COMMANDS[command], name) == 0)
            return command;
    return CMD_NONE;
}

/* Opens what the argument names, in a step; an empty argument only goes to the step. */
static gboolean open_named(struct station *station, enum step step, const char *argument, struct plan *plan,
                           GError **error)
{
    struct scan scan;
    station_leave(station, step);
    scan_decode(&scan, argument, strlen(argument), station->site->couriers);
    gboolean done = TRUE;
    if (!scan_is_unreadable(&scan, plan)) {
        station->step = STEP_IDLE;
        gboolean several = FALSE;
        GArray *things = resolve_scan(station->site, &scan, error);
        done = things != NULL;
        const struct thing *thing =
            done ? resolve_choose(things, THING_SHIPMENT | THING_BATCH | THING_TOTE | THING_WAYBILL, &several) : NULL;
        if (done && !thing)
            refuse(plan, several ? ERR_SCAN_AMBIGUOUS : ERR_SCAN_UNKNOWN, scan.text);
        else if (done && step == STEP_PICK && thing->kind == THING_BATCH)
            done = pick_open_batch(station, thing->id, plan, error);
        else if (done && step == STEP_PICK && thing->kind == THING_SHIPMENT)
            done = pick_open_shipment(station, thing->id, plan, error);
        else if (done) {
            station->step = step;
            done = step_plan(station, thing, plan, error);
        }
        if (things)
            g_array_unref(things);
    }
    scan_clear(&scan);
    return done;
}

static gboolean plan_login(struct station *station, const char *argument, struct plan *plan, GError **error)
{
    char **words = g_strsplit(argument, " ", 2);
    gboolean done = TRUE;
    if (words[0] && words[1])
        done = login_plan(station, words[0], words[1], plan, error);
    else
        refuse(plan, ERR_COMMAND_ARGUMENT, "login", "BADGE PIN");
    g_strfreev(words);
    return done;
}

static void plan_reason(struct station *station, enum event_kind kind, const char *argument, struct plan *plan)
{
    if (station->shipment_id == 0) {
        refuse(plan, ERR_SCAN_NOT_NOW, flow_event_label(kind));
        return;
    }
    struct event *event = plan_event(station, plan, kind);
    event->reason = argument;
    if (kind == EV_BLOCK)
        event->block = BLOCK_HELD;
}

static void plan_undo(struct station *station, struct plan *plan)
{
    if (station->undo.kind == EV_NONE) {
        refuse(plan, ERR_UNDO_NOTHING, NULL);
        return;
    }
    plan->kind = PLAN_EVENT;
    plan->event = station->undo;
    plan->event.actor = station->actor;
    clean_copy(plan->text, sizeof plan->text, _("Undone"));
}

static gboolean plan_close(struct station *station, enum event_kind kind, const char *argument, struct plan *plan,
                           GError **error)
{
    struct shipment_facts facts;
    if (station->step != STEP_PACK || station->shipment_id == 0) {
        refuse(plan, ERR_SCAN_NOT_NOW, flow_event_label(kind));
        return TRUE;
    }
    if (station_shipment(station, station->shipment_id, &facts, error) <= 0)
        return FALSE;
    if (facts.state == ST_PICKED) {
        refuse(plan, ERR_PACK_NOTHING, NULL);
        return TRUE;
    }
    struct event *event = plan_event(station, plan, kind);
    event->weight_g = station->weight_g;
    return !argument[0] || approve_event(station, argument, event, plan, error);
}

/* A lead is asked first, with what is counted; for others the flow says who may. */
static gboolean plan_split(struct station *station, const char *argument, struct plan *plan, GError **error)
{
    struct shipment_facts facts = {.in_box = 0};
    gboolean open = station->step == STEP_PACK && station->shipment_id && !argument[0];
    if (open && role_may(station->role, MAY_LEAD) && station_shipment(station, station->shipment_id, &facts, error) <= 0)
        return FALSE;
    if (facts.in_box == 0)
        return plan_close(station, EV_CLOSE_SPLIT, argument, plan, error);
    station->question = ASKED_SPLIT;
    plan_say(plan, PLAN_ASK, _("Close with %d of %d? The rest becomes the next parcel."), (int)facts.in_box,
             (int)(facts.in_box + facts.to_pack));
    return TRUE;
}

static void plan_weight(struct station *station, const char *argument, struct plan *plan)
{
    gint64 grams = 0;
    if (station->step != STEP_PACK || !g_ascii_string_to_signed(argument, 10, 1, 1000000, &grams, NULL)) {
        refuse(plan, ERR_COMMAND_ARGUMENT, "weight", "1..1000000 g");
        return;
    }
    station->weight_g = grams;
    plan_say(plan, PLAN_OK, _("Weight %d g"), (int)grams);
}

static gboolean plan_confirm(struct station *station, gboolean yes, struct plan *plan, GError **error)
{
    enum question question = plan->asked;
    int64_t asked_id = station->asked_id;
    if (question == ASKED_NOTHING) {
        if (yes)
            plan_say(plan, PLAN_OK, "%s", _("Nothing to confirm"));
        else
            station_leave(station, STEP_IDLE), plan_say(plan, PLAN_OK, "%s", _("Left; the work stays where it is"));
        return TRUE;
    }
    if (!yes) {
        plan_say(plan, PLAN_OK, "%s", _("Cancelled, nothing was changed"));
        return TRUE;
    }
    if (question == ASKED_MANIFEST_CLOSE)
        return dock_close_plan(station, TRUE, plan, error);
    if (question == ASKED_SHORT)
        return pick_short_answer(station, "1", plan, error);
    if (question == ASKED_SPLIT)
        return plan_close(station, EV_CLOSE_SPLIT, "", plan, error);
    return question == ASKED_TAKE_ORDER ? pick_take_shipment(station, asked_id, plan, error)
                                        : pick_take_batch(station, asked_id, plan, error);
}

static void plan_plain(struct station *station, enum command command, struct plan *plan)
{
    gboolean nobody = station->actor.person_id == 0; /* going back never goes past the log-in */
    if (command == CMD_LOGOUT || (command == CMD_BACK && nobody)) {
        login_leave(station);
        plan_say(plan, PLAN_OK, "%s", nobody ? "" : _("Logged out"));
    } else if (command == CMD_BACK) {
        station_leave(station, STEP_IDLE);
        plan_say(plan, PLAN_OK, "%s", _("Left; the work stays where it is"));
    } else if (command == CMD_PAPER) {
        station->paper = !station->paper;
        plan_say(plan, PLAN_OK, "%s", station->paper ? _("Paper list: lines in any order") : _("Guided: bin by bin"));
    } else {
        plan_say(plan, PLAN_OK, "%s", "");
    }
}

gboolean command_plan(struct station *station, enum command command, const char *argument, struct plan *plan,
                             GError **error)
{
    switch (command) {
    case CMD_LOGIN:
        return plan_login(station, argument, plan, error);
    case CMD_PICK:
        return argument[0] ? open_named(station, STEP_PICK, argument, plan, error)
                           : pick_get_work(station, plan, error);
    case CMD_PACK:
        if (argument[0])
            return open_named(station, STEP_PACK, argument, plan, error);
        station_leave(station, STEP_PACK);
        plan_say(plan, PLAN_OK, "%s", _("Packing"));
        return TRUE;
    case CMD_DOCK:
        return dock_open(station, argument, plan, error);
    case CMD_UNDO:
        return plan_undo(station, plan), TRUE;
    case CMD_QUANTITY:
        return plan->asked == ASKED_SHORT ? pick_short_answer(station, argument, plan, error)
                                          : pick_quantity_plan(station, argument, plan, error);
    case CMD_SKIP:
        return pick_skip_plan(station, plan, error);
    case CMD_SHORT:
        return argument[0] ? pick_short_plan(station, argument, plan, error) : pick_short_ask(station, plan, error);
    case CMD_WHOLE:
        return pick_whole(station, plan, error);
    case CMD_CLOSE:
        return plan_close(station, EV_CLOSE, "", plan, error);
    case CMD_SPLIT:
        return plan_split(station, argument, plan, error);
    case CMD_REOPEN:
        return plan_reason(station, EV_REOPEN, argument, plan), TRUE;
    case CMD_REPRINT:
        return plan_reason(station, EV_REPRINT, argument[0] ? argument : "bench", plan), TRUE;
    case CMD_HOLD:
        return plan_reason(station, EV_BLOCK, argument, plan), TRUE;
    case CMD_WEIGHT:
        return plan_weight(station, argument, plan), TRUE;
    case CMD_CONFIRM:
    case CMD_CANCEL:
        return plan_confirm(station, command == CMD_CONFIRM, plan, error);
    case CMD_MANIFEST_CLOSE:
        return dock_close_plan(station, FALSE, plan, error);
    case CMD_NONE:
    case CMD_APPROVE: /* no bar stands */
        refuse(plan, ERR_SCAN_NOT_NOW, station_command_name(command));
        return TRUE;
    case CMD_LOGOUT:
    case CMD_BACK:
    case CMD_DISMISS:
    case CMD_PAPER:
    case CMD_STATUS:
    case CMD_COUNT:
        return plan_plain(station, command, plan), TRUE;
    }
    return TRUE;
}


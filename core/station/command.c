/* SPDX-License-Identifier: MIT
 *
 * The commands of a station: what a key, a card or a line of the headless station asks for.
 */
#include <string.h>

#include "core/base/words.h"
#include "core/base/clean.h"
#include "core/base/translate.h"
#include "core/station/inner.h"

static gboolean open_thing(struct station *station, enum step step, const struct thing *thing, struct plan *plan,
                           GError **error)
{
    if (step == STEP_PICK && thing->kind == THING_BATCH)
        return work_open_batch(station, thing->id, plan, error);
    if (step == STEP_PICK && thing->kind == THING_SHIPMENT)
        return work_open_shipment(station, thing->id, plan, error);
    station->work.step = step;
    return step_plan(station, thing, plan, error);
}

static gboolean open_scan(struct station *station, enum step step, const struct scan *scan, struct plan *plan,
                          GError **error)
{
    struct thing thing;
    if (scan_is_unreadable(scan, plan))
        return TRUE;
    station->work.step = STEP_IDLE;
    int found = resolve_scan(station->site, scan, THING_SHIPMENT | THING_BATCH | THING_TOTE | THING_WAYBILL, &thing,
                             error);
    if (found == 1)
        return open_thing(station, step, &thing, plan, error);
    return found >= 0 && refuse(plan, found ? ERR_SCAN_AMBIGUOUS : ERR_SCAN_UNKNOWN, scan->text);
}

/* Opens what the argument names, in a step; an empty argument only goes to the step. */
static gboolean open_named(struct station *station, enum step step, const char *argument, struct plan *plan,
                           GError **error)
{
    struct scan scan;
    station_leave(station, step);
    scan_decode(&scan, argument, strlen(argument), station->site->couriers);
    gboolean done = open_scan(station, step, &scan, plan, error);
    scan_clear(&scan);
    return done;
}

static gboolean do_login(struct station *station, const char *argument, struct plan *plan, GError **error)
{
    g_auto(GStrv) words = g_strsplit(argument, " ", 2);
    return words[0] && words[1] ? login_plan(station, words[0], words[1], plan, error)
                                : refuse(plan, ERR_COMMAND_ARGUMENT, "login", "BADGE PIN");
}

static gboolean plan_reason(struct station *station, enum event_kind kind, const char *argument, struct plan *plan)
{
    if (station->work.shipment_id == 0)
        return refuse(plan, ERR_SCAN_NOT_NOW, flow_event_label(kind));
    struct event *event = plan_event(station, plan, kind);
    event->reason = argument;
    if (kind == EV_BLOCK)
        event->block = BLOCK_HELD;
    return TRUE;
}

static gboolean plan_close(struct station *station, enum event_kind kind, const char *argument, struct plan *plan,
                           GError **error)
{
    if (station->work.step != STEP_PACK || station->work.shipment_id == 0)
        return refuse(plan, ERR_SCAN_NOT_NOW, flow_event_label(kind));
    const struct shipment_facts *facts = station_shipment(station, station->work.shipment_id, error);
    if (!facts)
        return FALSE;
    if (facts->state == ST_PICKED)
        return refuse(plan, ERR_PACK_NOTHING, NULL);
    struct event *event = plan_event(station, plan, kind);
    event->weight_g = station->work.weight_g;
    return !argument[0] || approve_event(station, argument, event, plan, error);
}

/* A lead is asked first, with what is counted; for others the flow says who may. */
static gboolean do_split(struct station *station, const char *argument, struct plan *plan, GError **error)
{
    const struct shipment_facts *facts = NULL;
    gboolean open = station->work.step == STEP_PACK && station->work.shipment_id && !argument[0];
    if (open && role_may(station->role, MAY_LEAD) &&
        !(facts = station_shipment(station, station->work.shipment_id, error)))
        return FALSE;
    if (!facts || facts->in_box == 0)
        return plan_close(station, EV_CLOSE_SPLIT, argument, plan, error);
    station->question = ASKED_SPLIT;
    return plan_say(plan, PLAN_ASK, _("Close with %d of %d? The rest becomes the next parcel."), (int)facts->in_box,
                    (int)(facts->in_box + facts->to_pack));
}

/* --- one function a command: the argument is "" where none was given ------------------------------------ */

#define COMMAND(name)                                                                                                  \
    static gboolean name(struct station *station, G_GNUC_UNUSED const char *argument, struct plan *plan,               \
                         G_GNUC_UNUSED GError **error)

COMMAND(do_pick)
{
    return argument[0] ? open_named(station, STEP_PICK, argument, plan, error) : work_get(station, plan, error);
}

COMMAND(do_pack)
{
    if (argument[0])
        return open_named(station, STEP_PACK, argument, plan, error);
    station_leave(station, STEP_PACK);
    return plan_say(plan, PLAN_OK, "%s", _("Packing"));
}

COMMAND(do_undo)
{
    if (station->work.undo.kind == EV_NONE)
        return refuse(plan, ERR_UNDO_NOTHING, NULL);
    plan->kind = PLAN_EVENT;
    plan->event = station->work.undo;
    plan->event.actor = station->actor;
    clean_copy(plan->text, sizeof plan->text, _("Undone"));
    return TRUE;
}

COMMAND(do_quantity)
{
    return plan->asked == ASKED_SHORT ? pick_short_answer(station, argument, plan, error)
                                      : pick_quantity_plan(station, argument, plan, error);
}

COMMAND(do_short)
{
    return argument[0] ? pick_short_plan(station, argument, plan, error) : pick_short_ask(station, plan, error);
}

COMMAND(do_close)
{
    return plan_close(station, EV_CLOSE, "", plan, error);
}

COMMAND(do_reopen)
{
    return plan_reason(station, EV_REOPEN, argument, plan);
}

COMMAND(do_reprint)
{
    return plan_reason(station, EV_REPRINT, argument[0] ? argument : "bench", plan);
}

COMMAND(do_hold)
{
    return plan_reason(station, EV_BLOCK, argument, plan);
}

COMMAND(do_weight)
{
    gint64 grams = 0;
    if (station->work.step != STEP_PACK || !g_ascii_string_to_signed(argument, 10, 1, 1000000, &grams, NULL))
        return refuse(plan, ERR_COMMAND_ARGUMENT, "weight", "1..1000000 g");
    station->work.weight_g = grams;
    return plan_say(plan, PLAN_OK, _("Weight %d g"), (int)grams);
}

/* Yes to what was asked. */
COMMAND(do_confirm)
{
    switch (plan->asked) {
    case ASKED_NOTHING:
        return plan_say(plan, PLAN_OK, "%s", _("Nothing to confirm"));
    case ASKED_MANIFEST_CLOSE:
        return dock_close_plan(station, TRUE, plan, error);
    case ASKED_SHORT:
        return pick_short_answer(station, "1", plan, error);
    case ASKED_SPLIT:
        return plan_close(station, EV_CLOSE_SPLIT, "", plan, error);
    case ASKED_TAKE_ORDER:
        return work_take_shipment(station, station->asked_id, plan, error);
    case ASKED_TAKE_OVER:
        return work_take_batch(station, station->asked_id, plan, error);
    }
    return TRUE;
}

COMMAND(do_logout)
{
    gboolean nobody = station->actor.person_id == 0;
    login_leave(station);
    return plan_say(plan, PLAN_OK, "%s", nobody ? "" : _("Logged out"));
}

static gboolean leave(struct station *station, struct plan *plan)
{
    station_leave(station, STEP_IDLE);
    return plan_say(plan, PLAN_OK, "%s", _("Left; the work stays where it is"));
}

/* Never past the log-in. */
COMMAND(do_back)
{
    if (station->work.step == STEP_LOCKED)
        return lock_plan(station, argument, plan, error);
    return station->actor.person_id == 0 ? do_logout(station, argument, plan, error) : leave(station, plan);
}

/* No to what was asked; with nothing asked, out of the work. */
COMMAND(do_cancel)
{
    return plan->asked != ASKED_NOTHING ? plan_say(plan, PLAN_OK, "%s", _("Cancelled, nothing was changed"))
                                        : leave(station, plan);
}

COMMAND(do_paper)
{
    station->work.paper = !station->work.paper;
    return plan_say(plan, PLAN_OK, "%s",
                    station->work.paper ? _("Paper list: lines in any order") : _("Guided: bin by bin"));
}

COMMAND(do_manifest_close)
{
    return dock_close_plan(station, FALSE, plan, error);
}

/* Nothing but the answer, which says where the station is. */
COMMAND(do_nothing)
{
    (void)station;
    return plan_say(plan, PLAN_OK, "%s", "");
}

static const struct {
    const char *name; /* as the headless station takes it */
    gboolean (*plan)(struct station *station, const char *argument, struct plan *plan, GError **error);
} COMMANDS[CMD_COUNT] = {
    [CMD_NONE] = {"", NULL},
    [CMD_LOGIN] = {"login", do_login},
    [CMD_LOGOUT] = {"logout", do_logout},
    [CMD_PICK] = {"pick", do_pick},
    [CMD_PACK] = {"pack", do_pack},
    [CMD_DOCK] = {"dock", dock_open},
    [CMD_BACK] = {"back", do_back},
    [CMD_DISMISS] = {"dismiss", do_nothing},
    [CMD_UNDO] = {"undo", do_undo},
    [CMD_QUANTITY] = {"quantity", do_quantity},
    [CMD_SKIP] = {"skip", pick_skip_plan},
    [CMD_SHORT] = {"short", do_short},
    [CMD_CLOSE] = {"close", do_close},
    [CMD_SPLIT] = {"split", do_split},
    [CMD_REOPEN] = {"reopen", do_reopen},
    [CMD_REPRINT] = {"reprint", do_reprint},
    [CMD_HOLD] = {"hold", do_hold},
    [CMD_WEIGHT] = {"weight", do_weight},
    [CMD_PAPER] = {"paper", do_paper},
    [CMD_WHOLE] = {"whole", walk_whole},
    [CMD_CONFIRM] = {"confirm", do_confirm},
    [CMD_CANCEL] = {"cancel", do_cancel},
    [CMD_MANIFEST_CLOSE] = {"manifest-close", do_manifest_close},
    [CMD_LOCK] = {"lock", lock_plan},
    [CMD_STATUS] = {"status", do_nothing},
    [CMD_APPROVE] = {"approve", NULL}, /* answers a bar, and none stands here */
};

WORDS_NAMED(station_command, enum command, COMMANDS, CMD_NONE)

gboolean command_plan(struct station *station, enum command command, const char *argument, struct plan *plan,
                      GError **error)
{
    return COMMANDS[command].plan ? COMMANDS[command].plan(station, argument, plan, error)
                                  : refuse(plan, ERR_SCAN_NOT_NOW, station_command_name(command));
}

/* SPDX-License-Identifier: MIT
 *
 * A lead's badge and PIN: for one act of somebody who may not do it, named beside the act, or under the red bar, where
 * it approves what was refused for want of a right, or closes the bar. Both names are journalled, and who is logged in
 * stays so.
 */
#include <string.h>

#include "core/base/clean.h"
#include "core/base/translate.h"
#include "core/people/login.h"
#include "core/station/inner.h"

void approve_later(struct station *station, const struct plan *plan, enum err code)
{
    const char *reason = plan->event.reason;
    station->refused.kind = EV_NONE;
    if (code != ERR_FLOW_RIGHT && code != ERR_LABEL_UNSENT)
        return;
    station->refused = plan->event;
    station->refused_undo = plan->undo;
    clean_copy(station->refused_reason, sizeof station->refused_reason, reason ? reason : "");
}

void approve_forget(struct station *station)
{
    station->lead[0] = station->lead_name[0] = station->pin[0] = '\0';
}

/* The lead's id in *lead_id, or the plan is the refusal. */
static gboolean check(struct station *station, const char *badge, const char *pin, int64_t *lead_id, struct plan *plan,
                      GError **error)
{
    struct person lead;
    GError *refusal = NULL;
    *lead_id = 0;
    if (login_approve(station->site, &station->actor, badge, pin, MAY_LEAD, &lead, &refusal)) {
        *lead_id = lead.id;
        clean_copy(station->lead_name, sizeof station->lead_name, lead.name);
        return TRUE;
    }
    return plan_refuse(plan, refusal, error);
}

gboolean approve_event(struct station *station, const char *argument, struct event *event, struct plan *plan,
                       GError **error)
{
    g_auto(GStrv) words = g_strsplit(argument, " ", 2);
    gboolean done = words[0] && words[1]
                        ? check(station, words[0], words[1], &event->actor.approver_id, plan, error)
                        : refuse(plan, ERR_COMMAND_ARGUMENT, flow_event_label(event->kind), "BADGE PIN");
    approve_forget(station);
    return done;
}

/* What was refused for want of a right is done now; any other bar is only closed. */
static void plan_approved(struct station *station, int64_t lead_id, struct plan *plan)
{
    char number[8];
    if (station->refused.kind != EV_NONE) {
        plan->kind = PLAN_EVENT;
        plan->event = station->refused;
        plan->event.reason = station->refused_reason[0] ? station->refused_reason : NULL;
        plan->undo = station->refused_undo;
    } else {
        plan_event(station, plan, EV_NOTE);
        g_snprintf(plan->note, sizeof plan->note, "bar %s", err_number(station->last.code, number));
        plan->event.text = plan->note;
        plan->undo = station->work.undo;
    }
    plan->event.actor.approver_id = lead_id;
    g_snprintf(plan->text, sizeof plan->text, _("Approved by %s"), station->lead_name);
    clean_cut(plan->text);
}

static gboolean approve(struct station *station, const char *badge, const char *pin, struct plan *plan, GError **error)
{
    int64_t lead_id = 0;
    gboolean done = check(station, badge, pin, &lead_id, plan, error);
    if (lead_id)
        plan_approved(station, lead_id, plan);
    approve_forget(station);
    return done;
}

gboolean approve_plan(struct station *station, const char *argument, struct plan *plan, GError **error)
{
    g_auto(GStrv) words = g_strsplit(argument, " ", 2);
    if (words[0] && words[1])
        return approve(station, words[0], words[1], plan, error);
    return words[0] && station->lead[0] ? approve(station, station->lead, words[0], plan, error)
                                        : refuse(plan, ERR_COMMAND_ARGUMENT, "approve", "BADGE PIN");
}

/* --- by scans ------------------------------------------------------------------------------------------- */

gboolean approve_wants(const struct station *station, const struct scan *scan)
{
    enum card card = login_card(scan);
    return station->barred && station->lead[0] &&
           ((card >= CARD_0 && card <= CARD_9) || card == CARD_CONFIRM || card == CARD_CANCEL);
}

gboolean approve_card(struct station *station, const struct scan *scan, struct plan *plan, GError **error)
{
    enum card card = login_card(scan);
    if (card == CARD_CONFIRM)
        return approve(station, station->lead, station->pin, plan, error);
    if (card == CARD_CANCEL) {
        approve_forget(station);
        return plan_say(plan, PLAN_ASK, "%s", _("Cancelled, nothing was changed"));
    }
    return login_digit(station, card, plan), TRUE;
}

/* Figures that are no code of anything. */
static gboolean may_be_pin(const struct scan *scan, enum err refused)
{
    size_t length = strlen(scan->text);
    return (refused == ERR_SCAN_UNKNOWN || refused == ERR_LABEL_UNKNOWN) && length >= 4 &&
           strspn(scan->text, "0123456789") == length;
}

gboolean approve_instead(struct station *station, const struct scan *scan, struct plan *plan, gboolean *is,
                         GError **error)
{
    struct person person;
    int found = person_find(station->site, scan->text, &person, error);
    *is = TRUE;
    if (found > 0 && role_may(person.role, MAY_LEAD)) {
        g_clear_error(&plan->error);
        approve_forget(station);
        clean_copy(station->lead, sizeof station->lead, scan->text);
        clean_copy(station->lead_name, sizeof station->lead_name, person.name);
        return plan_say(plan, PLAN_ASK, _("The PIN of %s"), person.name);
    }
    if (found == 0 && station->lead[0] && may_be_pin(scan, err_code(plan->error))) {
        g_clear_error(&plan->error);
        return approve(station, station->lead, scan->text, plan, error);
    }
    *is = FALSE;
    return found >= 0;
}

/* SPDX-License-Identifier: MIT
 *
 * What a scan or a command is meant for, before anything is done.
 */
#include "core/act/act.h"
#include "core/base/clean.h"
#include "core/station/inner.h"

gboolean plan_refuse(struct plan *plan, GError *refusal, GError **error)
{
    if (!err_is_refusal(refusal)) {
        g_propagate_error(error, refusal);
        return FALSE;
    }
    plan->error = refusal;
    return plan_is_refusal(plan);
}

gboolean plan_is_refusal(struct plan *plan)
{
    plan->kind = PLAN_REFUSE;
    return TRUE;
}

gboolean plan_not_done(struct plan *plan, const struct outcome *outcome)
{
    outcome_check(outcome, &plan->error);
    return plan_is_refusal(plan);
}

gboolean plan_done_but(struct plan *plan, const char *what)
{
    if (plan->kind == PLAN_REFUSE) {
        plan->kind = PLAN_OK;
        clean_copy(plan->text, sizeof plan->text, what);
    }
    return TRUE;
}

gboolean plan_say(struct plan *plan, enum plan_kind kind, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    plan->kind = kind;
    g_vsnprintf(plan->text, sizeof plan->text, format, list);
    clean_cut(plan->text);
    va_end(list);
    return TRUE;
}

struct event *plan_event(struct station *station, struct plan *plan, enum event_kind kind)
{
    plan->kind = PLAN_EVENT;
    plan->event = (struct event){.kind = kind, .actor = station->actor, .shipment_id = station->work.shipment_id};
    return &plan->event;
}

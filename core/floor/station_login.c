/* SPDX-License-Identifier: MIT
 *
 * The log-in of a station: badge and PIN, typed, or scanned from cards.
 */
#include <string.h>

#include "core/base/clean.h"
#include "core/base/translate.h"
#include "core/floor/station_inner.h"
#include "core/floor/tx.h"
#include "core/people/login.h"

gboolean login_plan(struct station *station, const char *badge, const char *pin, struct plan *plan, GError **error)
{
    struct person person;
    GError *refusal = NULL;
    station->badge[0] = station->pin[0] = '\0';
    if (!login_check(station->site, badge, pin, &person, &refusal)) {
        if (!err_is_refusal(refusal)) {
            g_propagate_error(error, refusal);
            return FALSE;
        }
        plan->kind = PLAN_REFUSE;
        plan->error = refusal;
        return TRUE;
    }
    station->actor.person_id = person.id;
    station->role = person.role;
    clean_copy(station->person, sizeof station->person, person.name);
    station_leave(station, STEP_IDLE);
    plan_say(plan, PLAN_OK, _("Welcome %s"), person.name);
    return TRUE;
}

/* At a bench with a scanner alone: badge, then the PIN's digits from cards, then confirm; or typed as one line. */
gboolean login_scan(struct station *station, const struct scan *scan, struct plan *plan, GError **error)
{
    enum card card = scan->flags & SCAN_CODE && scan->code.kind == CODE_COMMAND ? scan->code.card : CARD_NONE;
    if (card >= CARD_0 && card <= CARD_9 && station->badge[0]) {
        char digit[2] = {(char)('0' + (card - CARD_0)), '\0'};
        g_strlcat(station->pin, digit, sizeof station->pin);
        plan_say(plan, PLAN_ASK, _("PIN: %u digits; confirm when done"), (unsigned)strlen(station->pin));
        return TRUE;
    }
    if (card == CARD_CONFIRM && station->badge[0]) {
        char pin[sizeof station->pin];
        clean_copy(pin, sizeof pin, station->pin);
        char badge[sizeof station->badge];
        clean_copy(badge, sizeof badge, station->badge);
        return login_plan(station, badge, pin, plan, error);
    }
    if (station->badge[0] && card == CARD_NONE && !(scan->flags & SCAN_CODE)) {
        char badge[sizeof station->badge];
        clean_copy(badge, sizeof badge, station->badge);
        return login_plan(station, badge, scan->text, plan, error);
    }
    clean_copy(station->badge, sizeof station->badge, scan->text);
    plan_say(plan, PLAN_ASK, "%s", _("Type the PIN"));
    return TRUE;
}


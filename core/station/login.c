/* SPDX-License-Identifier: MIT
 *
 * The log-in of a station: badge and PIN, typed, or scanned from cards.
 */
#include <string.h>

#include "core/base/clean.h"
#include "core/base/settings.h"
#include "core/base/translate.h"
#include "core/people/login.h"
#include "core/station/inner.h"

#define HOUR_MS INT64_C(3600000)

void login_enter(struct station *station, const struct person *person, struct plan *plan)
{
    gboolean is_back = station->work.step == STEP_LOCKED && person->id == station->actor.person_id;
    station->badge[0] = station->pin[0] = '\0';
    station->actor.person_id = person->id;
    station->role = person->role;
    clean_copy(station->person, sizeof station->person, person->name);
    if (is_back)
        lock_lift(station);
    else
        station_leave(station, STEP_IDLE);
    if (person->failed_count > 0)
        plan_say(plan, PLAN_OK, _("Welcome %s. Wrong PINs given for this badge before: %d"), person->name,
                 (int)person->failed_count);
    else
        plan_say(plan, PLAN_OK, _("Welcome %s"), person->name);
}

gboolean login_plan(struct station *station, const char *badge, const char *pin, struct plan *plan, GError **error)
{
    struct person person;
    GError *refusal = NULL;
    gboolean good = login_check(station->site, &station->actor, badge, pin, &person, &refusal); /* which may be those of the station */
    station->badge[0] = station->pin[0] = '\0';
    if (!good)
        return plan_refuse(plan, refusal, error);
    station->session_until_at =
        site_now(station->site) +
        site_setting_int(station->site, "session_hours", setting_default_int("session_hours")) * HOUR_MS;
    login_enter(station, &person, plan);
    return TRUE;
}

enum card login_card(const struct scan *scan)
{
    return scan->flags & SCAN_CODE && scan->code.kind == CODE_COMMAND ? scan->code.card : CARD_NONE;
}

void login_digit(struct station *station, enum card card, struct plan *plan)
{
    char digit[2] = {(char)('0' + (card - CARD_0)), '\0'};
    g_strlcat(station->pin, digit, sizeof station->pin);
    plan_say(plan, PLAN_ASK, _("PIN: %u digits; confirm when done"), (unsigned)strlen(station->pin));
}

/* At a bench with a scanner alone: badge, then the PIN's digits from cards, then confirm; or typed as one line. */
gboolean login_scan(struct station *station, const struct scan *scan, struct plan *plan, GError **error)
{
    enum card card = login_card(scan);
    gboolean typed = card == CARD_NONE && !(scan->flags & SCAN_CODE);
    if (station->badge[0] && card >= CARD_0 && card <= CARD_9)
        return login_digit(station, card, plan), TRUE;
    if (station->badge[0] && (typed || card == CARD_CONFIRM))
        return login_plan(station, station->badge, typed ? scan->text : station->pin, plan, error);
    clean_copy(station->badge, sizeof station->badge, scan->text);
    return plan_say(plan, PLAN_ASK, "%s", _("Type the PIN"));
}

void login_leave(struct station *station)
{
    station_leave(station, STEP_LOGIN);
    station->actor.person_id = 0;
    station->role = ROLE_NONE;
    station->person[0] = station->badge[0] = station->pin[0] = '\0';
}

/* The next person at the bench: the one before is logged out, the work stays where it is, and the PIN is asked for. */
gboolean login_badge(struct station *station, const struct scan *scan, int64_t person_id, struct plan *plan,
                     GError **error)
{
    if (person_id == station->actor.person_id)
        return plan_say(plan, PLAN_OK, _("%s is logged in here"), station->person);
    login_leave(station);
    return login_scan(station, scan, plan, error);
}

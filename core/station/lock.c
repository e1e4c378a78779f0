/* SPDX-License-Identifier: MIT
 *
 * A station that is locked: its person went away without logging out. What is open is kept aside, bar and question too, and
 * nothing of it is shown; goods are refused. A packer's badge brings it all back, of those who lead only with the PIN, and
 * after the session's hours of anybody. Another's badge and PIN log that one in, as any log-in does.
 */
#include "core/base/translate.h"
#include "core/people/login.h"
#include "core/station/inner.h"

gboolean station_is_shut(const struct station *station)
{
    return station->work.step == STEP_LOGIN || station->work.step == STEP_LOCKED;
}

void lock_keep(struct station *station)
{
    if (station_is_shut(station))
        return;
    station->kept = (struct kept_aside){.work = station->work, .question = station->question, .asked_id = station->asked_id,
                                        .barred = station->barred, .not_counted = station->not_counted, .last = station->last,
                                        .refused = station->refused, .refused_undo = station->refused_undo};
    station->barred = FALSE;
    station->question = ASKED_NOTHING;
    approve_forget(station);
}

gboolean lock_plan(struct station *station, const char *none, struct plan *plan, GError **error)
{
    (void)none, (void)error;
    if (station->work.step == STEP_LOGIN)
        return plan_say(plan, PLAN_OK, "%s", "");
    station->work = (struct work){.step = STEP_LOCKED};
    station->badge[0] = station->pin[0] = '\0';
    return plan_say(plan, PLAN_OK, "%s", _("Locked; the work stays open"));
}

void lock_lift(struct station *station)
{
    const struct kept_aside *kept = &station->kept;
    station->work = kept->work;
    station->question = kept->question;
    station->asked_id = kept->asked_id;
    station->raises = kept->barred;
}

/* The bar that stood when it was locked stands again, and is the answer. */
void lock_raise(struct station *station, struct answer *answer)
{
    const struct kept_aside *kept = &station->kept;
    int64_t key = answer->key;
    if (!station->raises)
        return;
    station->raises = FALSE;
    station->barred = TRUE;
    station->not_counted = kept->not_counted;
    station->refused = kept->refused;
    station->refused_undo = kept->refused_undo;
    *answer = station->last = kept->last;
    answer->key = key;
}

/* Whether the badge alone is enough. */
static gboolean badge_will_do(const struct station *station, const struct person *person)
{
    int64_t now = site_now(station->site);
    return person->id == station->actor.person_id && !role_may(person->role, MAY_LEAD) && now < station->session_until_at &&
           person->locked_until_at <= now;
}

gboolean lock_scan(struct station *station, const struct scan *scan, struct plan *plan, GError **error)
{
    struct person person = {0};
    if (station->badge[0])
        return login_scan(station, scan, plan, error);
    int found = person_find(station->site, scan->text, &person, error);
    if (found == 0)
        return refuse(plan, ERR_STATION_LOCKED, station->person);
    if (found < 0)
        return FALSE;
    if (!badge_will_do(station, &person))
        return login_scan(station, scan, plan, error);
    login_enter(station, &person, plan);
    return TRUE;
}

/* SPDX-License-Identifier: MIT */
#include "tui/commands/acting.h"

#include <unistd.h>

#include "core/act/act.h"
#include "core/base/clock.h"
#include "core/base/translate.h"
#include "core/base/error.h"
#include "core/base/settings.h"
#include "core/people/login.h"
#include "core/people/pin.h"
#include "core/print/printer.h"
#include "core/print/worker.h"
#include "core/site/site.h"
#include "tui/commands/secret.h"
#include "tui/commands/verbs.h"

gboolean acting_as(struct site *site, const char *badge, enum permission needs, struct actor *actor, GError **error)
{
    struct person person;
    *actor = (struct actor){.person_id = site->system_person_id};
    if (!badge)
        return TRUE;
    g_autofree char *pin = g_strdup(g_getenv("PACKLINE_PIN"));
    if (!pin)
        pin = secret_read(_("PIN"), FALSE, error);
    if (!pin || !login_approve(site, actor, badge, pin, needs, &person, error))
        return FALSE;
    actor->person_id = person.id;
    return TRUE;
}

gboolean acting_alone(const char *command, GError **error)
{
    g_autofree char *named = setting_host("timer", NULL, error);
    if (!named)
        return FALSE;
    g_auto(GStrv) names = g_strsplit_set(named, ", ;", -1);
    return g_strv_contains((const char *const *)names, command) || err_set(error, ERR_BADGE_NEEDED, command);
}

char *acting_console(GError **error)
{
    char terminal[64] = "";
    g_autofree char *key = NULL;
    gboolean ours = pepper_is_ours(&key);
    if (ours && ttyname_r(STDIN_FILENO, terminal, sizeof terminal) == 0)
        return g_strdup_printf("console %s uid %lu", terminal, (unsigned long)geteuid());
    err_set(error, ERR_CONSOLE, key);
    return NULL;
}

gboolean acting_printer(struct call *call, const char *name, int64_t *id, GError **error)
{
    struct printer_row printer = {.id = 0};
    gboolean found = !name || printer_find(call->site, name, &printer, error) > 0;
    *id = printer.id;
    return found;
}

gboolean acting_print(struct call *call, const char *printer, struct event event, GError **error)
{
    event.actor = call->actor;
    return (!printer || acting_printer(call, printer, &event.printer_id, error)) &&
           flow_do(call->site, event, NULL, error) && worker_ensure(call->site, error);
}

char *acting_time(const struct site *site, int64_t at_utc_ms)
{
    if (at_utc_ms == 0)
        return g_strdup("");
    gboolean today = clock_civil_date(site->zone, at_utc_ms) == clock_civil_date(site->zone, site_now(site));
    return clock_format(site->zone, at_utc_ms, today ? "%H:%M" : "%Y-%m-%d %H:%M");
}

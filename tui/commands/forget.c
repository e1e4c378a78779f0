/* SPDX-License-Identifier: MIT
 *
 * packline forget: names, addresses and what people typed are erased, of what was over before a day, for so many days (or as the
 * setting says), or of one order; and which backups have them still.
 */
#include "core/act/forget.h"
#include "core/backup/backup.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/settings.h"
#include "core/base/translate.h"
#include "core/site/site.h"
#include "tui/commands/commands.h"

struct given {
    char *order, *shop;
    int older_than;
};

static gboolean before_days(const struct site *site, int64_t days, struct forget_of *of, GError **error)
{
    if (days < 1 || days > 36500)
        return usage_error(error, _("forget --older-than takes days: 1 or more"));
    of->before_at = site_now(site) - days * INT64_C(86400000);
    return TRUE;
}

static gboolean before_date(const struct site *site, const char *text, struct forget_of *of, GError **error)
{
    int date = clock_parse_date(text);
    if (!date || date > clock_civil_date(site->zone, site_now(site)))
        return usage_error(error, _("forget needs a day that is not to come: 2026-05-31"));
    of->before_at = clock_instant(site->zone, date, 0);
    return TRUE;
}

/* Exactly one of them; none is what the setting says. */
static gboolean whose(const struct call *call, struct forget_of *of, GError **error)
{
    const struct given *given = call->given;
    const char *date = call->args[0];
    int64_t kept = site_setting_int(call->site, "forget_after_days", setting_default_int("forget_after_days"));
    if ((date != NULL) + (given->order != NULL) + (given->older_than != 0) > 1)
        return usage_error(error, _("forget takes a day, --older-than or --order"));
    if (given->order)
        return (of->order_id = order_to_forget(call->site, given->order, given->shop, error)) != 0;
    if (date)
        return before_date(call->site, date, of, error);
    if (!given->older_than && !kept)
        return usage_error(error, _("forget takes a day, --older-than or --order; the setting forget_after_days is 0"));
    return before_days(call->site, given->older_than ? given->older_than : kept, of, error);
}

static json_t *names_json(const GPtrArray *names)
{
    json_t *list = json_array();
    for (guint i = 0; i < names->len; i++)
        json_array_append_new(list, json_string(names->pdata[i]));
    return list;
}

static void say(struct call *call, const struct forgotten *forgotten, const GPtrArray *backups)
{
    if (call->json) {
        call->answer = json_pack("{s:I, s:I, s:b, s:o}", "recipients", (json_int_t)forgotten->recipients, "reasons",
                                 (json_int_t)forgotten->remarks, "gone", forgotten->is_gone, "backups", names_json(backups));
        return;
    }
    g_print(_("Forgotten: %llu recipients, %llu reasons\n"), (unsigned long long)forgotten->recipients,
            (unsigned long long)forgotten->remarks);
    if (!forgotten->is_gone)
        g_print("%s\n", _("Somebody reads what was there before: ask again later, and it goes from the database's log too."));
    if (backups->len > 0)
        g_print("%s\n", _("These copies have them still; take them away when newer ones are good:"));
    for (guint i = 0; i < backups->len; i++)
        g_print("  %s\n", (const char *)backups->pdata[i]);
}

static gboolean do_forget(struct call *call, GError **error)
{
    struct forget_of of = {.order_id = 0};
    struct forgotten forgotten;
    if (!whose(call, &of, error) || !orders_forget(call->site, &call->actor, &of, &forgotten, error))
        return FALSE;
    g_autoptr(GPtrArray) backups = backups_there(call->options->db_url, call->site->warehouse_id);
    say(call, &forgotten, backups);
    return TRUE;
}

static const struct option OPTIONS[] = {
    OPTION_NUMBER("older-than", older_than, N_("what was over so many days ago; else the setting forget_after_days"), N_("DAYS")),
    OPTION_TEXT("order", order, N_("one order, which has to be over"), N_("ORDER")),
    OPTION_TEXT("shop", shop, N_("the order's shop, when several have its number"), N_("SHOP")),
};
static const struct verb VERBS[] = {{NULL, 0, 1, N_("[DATE]"), do_forget, MAY_ADMIN, BY_BADGE}};

const struct subcommand command_forget = {
    "forget", N_("erase names, addresses and reasons of what is over"), VERBS_OF(VERBS), OPTIONS_OF(OPTIONS, struct given),
};

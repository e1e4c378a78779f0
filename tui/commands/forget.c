/* SPDX-License-Identifier: MIT
 *
 * packline forget DATE: names, addresses and what people typed of orders, or of goods, before the day are erased.
 */
#include "core/act/forget.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/site/site.h"
#include "tui/commands/commands.h"

static gboolean do_forget(struct call *call, GError **error)
{
    int date = clock_parse_date(call->args[0]);
    struct forgotten forgotten;
    if (!date || date > clock_civil_date(call->site->zone, site_now(call->site)))
        return usage_error(error, _("forget needs a day that is not to come: 2026-05-31"));
    if (!orders_forget(call->site, &call->actor, clock_instant(call->site->zone, date, 0), &forgotten, error))
        return FALSE;
    if (call->json)
        call->answer = json_pack("{s:I, s:I}", "recipients", (json_int_t)forgotten.recipients, "reasons",
                                 (json_int_t)forgotten.remarks);
    else
        g_print(_("Forgotten: %llu recipients, %llu reasons\n"), (unsigned long long)forgotten.recipients,
                (unsigned long long)forgotten.remarks);
    return TRUE;
}

static const struct verb VERBS[] = {{NULL, 1, 1, N_("DATE"), do_forget, MAY_ADMIN, BY_BADGE}};

const struct subcommand command_forget = {
    "forget", N_("erase names, addresses and reasons of what was over before a day"), VERBS_OF(VERBS),
};

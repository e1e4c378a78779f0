/* SPDX-License-Identifier: MIT
 *
 * packline alerts: what somebody should look at, one a line. Exit 1 when there is anything.
 */
#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/check/check.h"
#include "core/site/site.h"
#include "core/view/alerts.h"
#include "tui/commands/commands.h"
#include "tui/commands/output.h"

enum { EACH = 50 };

static const struct member MEMBERS[] = {
    MEMBER_WORD("kind", struct alert, kind, alert_kind_name, NULL),
    MEMBER("text", struct alert, text),
    MEMBER("about", struct alert, argument),
};
static const struct output ALERTS = OUTPUT("{text}", MEMBERS);

static gboolean do_list(struct call *call, GError **error)
{
    struct site *site = call->site;
    if (!check_quick(site->db, site_now(site), &site->violations, error))
        return FALSE;
    GArray *alerts = alerts_load(site, EACH, error);
    call->status = alerts && alerts->len > 0 ? EXIT_REFUSED : EXIT_OK;
    return output_all(call, &ALERTS, alerts);
}

static const struct verb VERBS[] = {{NULL, 0, 0, NULL, do_list, SITE_ALONE, BY_ANYBODY}};

const struct subcommand command_alerts = {"alerts", N_("what somebody should look at"), VERBS_OF(VERBS)};

/* SPDX-License-Identifier: MIT
 *
 * packline couriers [NUMBER]: the couriers there are, or those a number may be of.
 */
#include "core/base/translate.h"
#include "core/code/courier.h"
#include "tui/commands/commands.h"
#include "tui/commands/output.h"

static const struct member MEMBERS[] = {
    MEMBER("code", struct courier, code),
    MEMBER("name", struct courier, name),
    MEMBER("name_zh", struct courier, name_zh),
    MEMBER_WORD("source", struct courier, source, number_source_name, NULL),
};
static const struct output COURIERS = OUTPUT("{code:<8} {source:<9} {name} {name_zh}", MEMBERS);

static gboolean do_list(struct call *call, GError **error)
{
    g_autoptr(courier_list) couriers = couriers_load(NULL, error);
    if (!couriers)
        return FALSE;
    g_autofree char *normal = call->count ? number_normal(call->args[0]) : NULL;
    guint shown = 0;
    output_begin(call);
    for (guint i = 0; i < couriers_count(couriers); i++) {
        const struct courier *courier = couriers_at(couriers, i);
        if (normal && !courier_fits(courier, normal))
            continue;
        output_row(call, &COURIERS, courier);
        shown++;
    }
    if (!call->json && shown == 0)
        g_print(_("%s is no number of any courier.\n"), call->args[0]);
    return TRUE;
}

static const struct verb VERBS[] = {{NULL, 0, 1, N_("[NUMBER]"), do_list, NO_SITE, BY_ANYBODY}};

const struct subcommand command_couriers = {
    "couriers", N_("list the couriers, or those a number may be of"), VERBS_OF(VERBS),
};

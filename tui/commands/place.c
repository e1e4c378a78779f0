/* SPDX-License-Identifier: MIT
 *
 * packline place: bins in walking order, totes, benches.
 */
#include <string.h>

#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/code/code.h"
#include "core/goods/place.h"
#include "core/site/site.h"
#include "tui/commands/commands.h"
#include "tui/commands/output.h"

struct given {
    char *walk;
};

static char *barcode_of(const struct call *call, const void *data)
{
    const struct place_row *row = data;
    char code[CODE_SIZE] = "";
    (void)call;
    if (strcmp(row->kind, "bench") != 0)
        code_make(strcmp(row->kind, "tote") == 0 ? CODE_TOTE : CODE_BIN, row->id, code);
    return g_strdup(code);
}

static const struct member MEMBERS[] = {
    MEMBER("kind", struct place_row, kind),
    MEMBER("code", struct place_row, code),
    MEMBER_MADE("barcode", barcode_of),
    MEMBER("walk_order", struct place_row, walk_order),
    MEMBER("products", struct place_row, products),
    MEMBER("units", struct place_row, units),
    MEMBER("order", struct place_row, order),
};
static const struct output PLACES = OUTPUT(
    N_("{kind:<5} {code:<16} walk {walk_order:>5}  {products:>4} products {units:>6} pieces  {barcode:<16} {order}"),
    MEMBERS);

static gboolean do_list(struct call *call, GError **error)
{
    const char *kind = call->count ? call->args[0] : NULL;
    if (kind && !place_is_kind(kind))
        return err_set(error, ERR_PLACE_CODE, kind);
    return output_all(call, &PLACES, place_list(call->site, kind, error));
}

/* The walk order given is the first one's; each further one comes after it. */
static gboolean do_add(struct call *call, GError **error)
{
    const struct given *given = call->given;
    guint64 walk = 0;
    if (given->walk && !g_ascii_string_to_unsigned(given->walk, 10, 0, G_MAXINT, &walk, NULL))
        return usage_error(error, _("--walk takes a number from 0 up."));
    for (int i = 1; i < call->count; i++) {
        gboolean added = FALSE;
        int64_t order = given->walk ? (int64_t)walk + i - 1 : -1;
        if (!place_put(call->site, &call->actor, call->args[0], call->args[i], order, &added, error))
            return FALSE;
        if (!call->json)
            g_print("%s: %s\n", call->args[i], added ? _("added") : _("is there"));
    }
    return TRUE;
}

VERB_OF_NAME(do_remove, place_remove)

static const struct option OPTIONS[] = {
    OPTION_TEXT("walk", walk, N_("add: its place in the walking order"), N_("N")),
};
static const struct verb VERBS[] = {
    {"list", 0, 1, N_("[bin|tote|bench]"), do_list, MAY_STOCK, BY_ANYBODY},
    {"add", 2, VERB_ARGS_MAX, N_("bin|tote|bench CODE..."), do_add, MAY_STOCK, BY_BADGE},
    {"remove", 1, 1, N_("CODE"), do_remove, MAY_STOCK, BY_BADGE},
};

const struct subcommand command_place = {
    "place", N_("bins, totes and benches"), .bare = "list", VERBS_OF(VERBS), OPTIONS_OF(OPTIONS, struct given),
};

/* SPDX-License-Identifier: MIT
 *
 * packline place: bins in walking order, totes, benches.
 */
#include <glib.h>
#include <jansson.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/code/code.h"
#include "core/goods/place.h"
#include "core/site/site.h"
#include "tui/commands/acting.h"
#include "tui/commands/commands.h"
#include "tui/commands/verbs.h"

static void print_place(const struct call *call, json_t *list, const struct place_row *row)
{
    char code[CODE_SIZE] = "";
    if (strcmp(row->kind, "bench") != 0)
        code_make(strcmp(row->kind, "tote") == 0 ? CODE_TOTE : CODE_BIN, row->id, code);
    if (call->json)
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:I, s:I, s:I, s:s}", "kind", row->kind, "code", row->code,
                                              "barcode", code, "walk_order", (json_int_t)row->walk_order, "products",
                                              (json_int_t)row->products, "units", (json_int_t)row->units, "order",
                                              row->order));
    else
        g_print(_("%-5s %-16s walk %5d  %4d products %6d pieces  %-16s %s\n"), row->kind, row->code, (int)row->walk_order,
                (int)row->products, (int)row->units, code, row->order);
}

static gboolean do_list(struct call *call, GError **error)
{
    if (call->count && !place_is_kind(call->args[0])) {
        err_set(error, ERR_PLACE_CODE, call->args[0]);
        return FALSE;
    }
    GArray *places = place_list(call->site, call->count ? call->args[0] : NULL, error);
    json_t *list = json_array();
    for (guint i = 0; places && i < places->len; i++)
        print_place(call, list, &g_array_index(places, struct place_row, i));
    if (places && call->json)
        call->answer = json_incref(list);
    json_decref(list);
    if (places)
        g_array_unref(places);
    return places != NULL;
}

/* The walk order given is the first one's; each further one comes after it. */
static gboolean do_add(struct call *call, GError **error)
{
    const gint *walk = call->own;
    if (*walk < -1) {
        err_set(error, ERR_USAGE, _("--walk takes a number from 0 up."));
        return FALSE;
    }
    for (int i = 1; i < call->count; i++) {
        gboolean added = FALSE;
        int64_t order = *walk < 0 ? -1 : *walk + i - 1;
        if (!place_put(call->site, &call->actor, call->args[0], call->args[i], order, &added, error))
            return FALSE;
        if (!call->json)
            g_print("%s: %s\n", call->args[i], added ? _("added") : _("is there"));
    }
    return TRUE;
}

static gboolean do_remove(struct call *call, GError **error)
{
    return place_remove(call->site, &call->actor, call->args[0], error);
}

static const struct verb VERBS[] = {
    {"list", 0, 1, N_("[bin|tote|bench]"), do_list, MAY_STOCK},
    {"add", 2, VERB_ARGS_MAX, N_("bin|tote|bench CODE..."), do_add, MAY_STOCK},
    {"remove", 1, 1, N_("CODE"), do_remove, MAY_STOCK},
};
static const struct verb_table TABLE = {"place", "list", VERBS, G_N_ELEMENTS(VERBS)};

int cmd_place(int argc, char **argv)
{
    gint walk = -1;
    const GOptionEntry own[] = {
        {"walk", 0, 0, G_OPTION_ARG_INT, &walk, N_("add: its place in the walking order"), N_("N")},
        {0},
    };
    return verbs_main(&TABLE, own, &walk, argc, argv);
}

/* SPDX-License-Identifier: MIT
 *
 * packline stock: what lies where, and goods that come, are counted and moved.
 */
#include <glib.h>
#include <jansson.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/floor/goods_act.h"
#include "core/floor/site.h"
#include "tui/commands/acting.h"
#include "tui/commands/commands.h"
#include "tui/commands/options.h"

struct call {
    struct site *site;
    struct actor actor;
    gboolean json;
    char **args; /* behind the verb */
    int count;
    char *as, *lot, *reason;
    gint expires;
    json_t *list;
};

/* --- list ------------------------------------------------------------------------------------------------ */

static void print_line(const struct stock_line *line, void *data)
{
    struct call *call = data;
    if (call->json) {
        json_array_append_new(call->list,
                              json_pack("{s:s, s:s, s:s, s:s, s:i, s:I, s:I, s:b}", "sku", line->sku, "place", line->place,
                                        "kind", line->kind, "lot", line->lot, "expires_on", line->expires_on, "on_hand",
                                        (json_int_t)line->on_hand, "reserved", (json_int_t)line->reserved, "to_count",
                                        line->to_count));
        return;
    }
    char expires[16] = "";
    if (line->expires_on)
        g_snprintf(expires, sizeof expires, "%d", line->expires_on);
    g_print(_("%-20s %-10s %-5s %-12s %-8s %6d here %6d reserved %s\n"), line->sku, line->place, line->kind, line->lot,
            expires, (int)line->on_hand, (int)line->reserved, line->to_count ? _("to be counted") : "");
}

static gboolean do_list(struct call *call, GError **error)
{
    call->list = json_array();
    gboolean good = stock_list(call->site, call->count ? call->args[0] : NULL, print_line, call, error);
    if (good && call->json)
        acting_print(json_incref(call->list));
    json_decref(call->list);
    return good;
}

/* --- changes ---------------------------------------------------------------------------------------------- */

#define MINUS "\u2212"

static gboolean number(const char *text, int64_t least, int64_t *out, GError **error)
{
    gint64 value = 0;
    gboolean minus = g_str_has_prefix(text, MINUS);
    const char *digits = minus ? text + strlen(MINUS) : text[0] == '+' ? text + 1 : text;
    if (!g_ascii_string_to_signed(digits, 10, minus ? 0 : least, 1000000000, &value, NULL) ||
        (minus && -value < least)) {
        err_set(error, ERR_FLOW_QUANTITY, text, _("stock"), "1000000000");
        return FALSE;
    }
    *out = minus ? -value : value;
    return TRUE;
}

static gboolean act(struct call *call, struct goods_act act, const char *quantity, int64_t least, GError **error)
{
    struct goods_done done;
    act.sku = call->args[0];
    act.lot = call->lot;
    act.expires_on = call->expires;
    act.reason = call->reason;
    if (!number(quantity, least, &act.quantity, error) || !goods_act(call->site, call->actor, &act, &done, error))
        return FALSE;
    if (call->json)
        acting_print(json_pack("{s:I, s:I, s:I, s:I}", "change", (json_int_t)done.change, "moved", (json_int_t)done.moved,
                               "released", (json_int_t)done.waiting.released, "still_short",
                               (json_int_t)done.waiting.short_of_stock));
    else
        g_print(_("%s: %+d; %d waiting orders released\n"), act.sku, (int)done.change, (int)done.waiting.released);
    return TRUE;
}

static gboolean do_receive(struct call *call, GError **error)
{
    return act(call, (struct goods_act){.kind = GOODS_RECEIVE, .to = call->args[1]}, call->args[2], 1, error);
}

static gboolean do_adjust(struct call *call, GError **error)
{
    return act(call, (struct goods_act){.kind = GOODS_ADJUST, .from = call->args[1]}, call->args[2], -1000000000, error);
}

static gboolean do_count(struct call *call, GError **error)
{
    return act(call, (struct goods_act){.kind = GOODS_COUNT, .from = call->args[1]}, call->args[2], 0, error);
}

static gboolean do_move(struct call *call, GError **error)
{
    return act(call, (struct goods_act){.kind = GOODS_MOVE, .from = call->args[1], .to = call->args[2]}, call->args[3], 1,
               error);
}

static const struct verb {
    const char *name;
    int least, most;
    gboolean (*run)(struct call *call, GError **error);
} VERBS[] = {
    {"list", 0, 1, do_list},     {"receive", 3, 3, do_receive}, {"adjust", 3, 3, do_adjust},
    {"count", 3, 3, do_count},   {"move", 4, 4, do_move},
};

static const struct verb *find_verb(int argc, char **argv, GError **error)
{
    const char *name = argc > 1 ? argv[1] : "list";
    int count = MAX(argc - 2, 0);
    for (guint i = 0; i < G_N_ELEMENTS(VERBS); i++)
        if (strcmp(VERBS[i].name, name) == 0 && count >= VERBS[i].least && count <= VERBS[i].most)
            return &VERBS[i];
    err_set(error, ERR_USAGE,
            _("stock takes list [SKU], receive SKU BIN QUANTITY, adjust SKU BIN +-QUANTITY, count SKU BIN COUNTED, "
              "move SKU FROM TO QUANTITY."));
    return NULL;
}

/* "-3" is a quantity here, no option: it gets a minus sign that the option parser does not know. Owned by the list. */
static GPtrArray *quantities(int argc, char **argv)
{
    GPtrArray *kept = g_ptr_array_new_with_free_func(g_free);
    for (int i = 0; i < argc; i++)
        if (argv[i][0] == '-' && g_ascii_isdigit(argv[i][1])) {
            argv[i] = g_strconcat(MINUS, argv[i] + 1, NULL);
            g_ptr_array_add(kept, argv[i]);
        }
    return kept;
}

static gboolean run(const struct options *options, struct call *call, int argc, char **argv, GError **error)
{
    const struct verb *verb = find_verb(argc, argv, error);
    call->site = verb ? site_open(options->db_url, "stock", NULL, error) : NULL;
    call->args = argv + 2;
    call->count = MAX(argc - 2, 0);
    call->json = options->json;
    gboolean good = call->site && acting_as(call->site, call->as, MAY_SCAN, &call->actor, error) && verb->run(call, error);
    site_close(call->site);
    return good;
}

int cmd_stock(int argc, char **argv)
{
    struct options options = {0};
    struct call call = {0};
    GError *error = NULL;
    const GOptionEntry own[] = {
        ACTING_OPTION(call.as),
        {"lot", 0, 0, G_OPTION_ARG_STRING, &call.lot, N_("of this lot"), N_("LOT")},
        {"expires", 0, 0, G_OPTION_ARG_INT, &call.expires, N_("receive: when the lot expires"), N_("YYYYMMDD")},
        {"reason", 0, 0, G_OPTION_ARG_STRING, &call.reason, N_("why"), N_("TEXT")},
        {0},
    };
    GPtrArray *kept = quantities(argc, argv);
    if (!options_parse(&options, own, N_("stock [list [SKU] | receive SKU BIN QUANTITY | adjust SKU BIN +-QUANTITY | "
                                         "count SKU BIN COUNTED | move SKU FROM TO QUANTITY]"),
                       &argc, &argv, &error)) {
        g_ptr_array_unref(kept);
        return options_failed(error);
    }
    gboolean good = run(&options, &call, argc, argv, &error);
    g_ptr_array_unref(kept);
    g_free(call.as);
    g_free(call.lot);
    g_free(call.reason);
    gboolean json = options.json;
    options_clear(&options);
    return good ? EXIT_OK : options_failed_json(error, json);
}

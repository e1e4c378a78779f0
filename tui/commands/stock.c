/* SPDX-License-Identifier: MIT
 *
 * packline stock: what lies where, and goods that come, are counted and moved.
 */
#include <glib.h>
#include <jansson.h>
#include <string.h>

#include "core/act/goods.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/goods/product.h"
#include "core/site/site.h"
#include "tui/commands/acting.h"
#include "tui/commands/commands.h"
#include "tui/commands/verbs.h"

/* The options. */
struct given {
    char *lot, *reason, *expires;
};

/* Where list writes to. */
struct listing {
    gboolean json;
    json_t *rows;
};

/* --- list ----------------------------------------------------------------------------------------------- */

static void print_line(const struct stock_line *line, void *data)
{
    struct listing *listing = data;
    if (listing->json) {
        json_array_append_new(listing->rows,
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
    struct listing listing = {call->json, json_array()};
    int64_t known = call->count ? product_find(call->site, call->args[0], error) : 1;
    if (known == 0)
        err_set(error, ERR_PRODUCT_UNKNOWN, call->args[0]);
    gboolean good = known > 0 && stock_list(call->site, call->count ? call->args[0] : NULL, print_line, &listing, error);
    if (good && call->json)
        call->answer = json_incref(listing.rows);
    json_decref(listing.rows);
    return good;
}

/* --- changes -------------------------------------------------------------------------------------------- */

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
    const struct given *given = call->own;
    struct goods_done done;
    act.sku = call->args[0];
    act.lot = given->lot;
    act.expires_on = given->expires ? clock_parse_date(given->expires) : 0;
    act.reason = given->reason;
    if (given->expires && (!act.expires_on || act.kind != GOODS_RECEIVE || !given->lot)) {
        err_set(error, ERR_USAGE, _("--expires takes a date such as 2026-11-22, with stock receive and --lot."));
        return FALSE;
    }
    if (!number(quantity, least, &act.quantity, error) || !goods_act(call->site, call->actor, &act, &done, error))
        return FALSE;
    if (call->json)
        call->answer = json_pack("{s:I, s:I, s:I, s:I}", "change", (json_int_t)done.change, "moved", (json_int_t)done.moved,
                               "released", (json_int_t)done.waiting.released, "still_short",
                               (json_int_t)(done.waiting.short_of_stock + done.waiting.still_short));
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

static const struct verb VERBS[] = {
    {"list", 0, 1, N_("[SKU]"), do_list, MAY_SCAN},
    {"receive", 3, 3, N_("SKU BIN QUANTITY"), do_receive, MAY_SCAN},
    {"adjust", 3, 3, N_("SKU BIN +-QUANTITY"), do_adjust, MAY_SCAN},
    {"count", 3, 3, N_("SKU BIN COUNTED"), do_count, MAY_SCAN},
    {"move", 4, 4, N_("SKU FROM TO QUANTITY"), do_move, MAY_SCAN},
};
static const struct verb_table TABLE = {"stock", "list", VERBS, G_N_ELEMENTS(VERBS)};

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

int cmd_stock(int argc, char **argv)
{
    struct given given = {0};
    const GOptionEntry own[] = {
        {"lot", 0, 0, G_OPTION_ARG_STRING, &given.lot, N_("of this lot"), N_("LOT")},
        {"expires", 0, 0, G_OPTION_ARG_STRING, &given.expires, N_("receive: when the lot expires"), N_("YYYY-MM-DD")},
        {"reason", 0, 0, G_OPTION_ARG_STRING, &given.reason, N_("why"), N_("TEXT")},
        {0},
    };
    GPtrArray *kept = quantities(argc, argv);
    int status = verbs_main(&TABLE, own, &given, argc, argv);
    g_ptr_array_unref(kept);
    return status;
}

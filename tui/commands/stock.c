/* SPDX-License-Identifier: MIT
 *
 * packline stock: what lies where, and goods that come, are counted and moved.
 */
#include <string.h>

#include "core/act/goods.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/base/words.h"
#include "core/goods/product.h"
#include "core/site/site.h"
#include "tui/commands/commands.h"
#include "tui/commands/output.h"

enum { MOST = 1000000000 };

struct given {
    char *lot, *reason, *expires;
};

/* --- list ----------------------------------------------------------------------------------------------- */

static char *expires_of(const struct call *call, const void *data)
{
    const struct stock_line *line = data;
    (void)call;
    return line->expires_on ? g_strdup_printf("%d", line->expires_on) : g_strdup("");
}

static char *note_of(const struct call *call, const void *data)
{
    const struct stock_line *line = data;
    (void)call;
    return g_strdup(line->to_count ? _("to be counted") : "");
}

static const struct member MEMBERS[] = {
    MEMBER("sku", struct stock_line, sku),
    MEMBER("place", struct stock_line, place),
    MEMBER("kind", struct stock_line, kind),
    MEMBER("lot", struct stock_line, lot),
    MEMBER("expires_on", struct stock_line, expires_on),
    MEMBER("on_hand", struct stock_line, on_hand),
    MEMBER("reserved", struct stock_line, reserved),
    MEMBER_AS(FLAG, "to_count", struct stock_line, to_count),
    MEMBER_SHOWN("expires", expires_of),
    MEMBER_SHOWN("note", note_of),
};
static const struct output STOCK = OUTPUT(
    N_("{sku:<20} {place:<10} {kind:<5} {lot:<12} {expires:<8} {on_hand:>6} here {reserved:>6} reserved {note}"),
    MEMBERS);

static void on_line(const struct stock_line *line, void *data)
{
    output_row(data, &STOCK, line);
}

static gboolean do_list(struct call *call, GError **error)
{
    const char *sku = call->count ? call->args[0] : NULL;
    int64_t known = sku ? product_find(call->site, sku, error) : 1;
    if (known == 0)
        err_set(error, ERR_PRODUCT_UNKNOWN, sku);
    if (known <= 0)
        return FALSE;
    output_begin(call);
    return stock_list(call->site, sku, on_line, call, error);
}

/* --- changes -------------------------------------------------------------------------------------------- */

static gboolean number(const char *text, int64_t least, int64_t *out, GError **error)
{
    gint64 value = 0;
    gboolean minus = g_str_has_prefix(text, VERB_MINUS);
    const char *digits = minus ? text + strlen(VERB_MINUS) : text[0] == '+' ? text + 1 : text;
    if (!g_ascii_string_to_signed(digits, 10, minus ? 0 : least, MOST, &value, NULL) || (minus && -value < least))
        return err_set(error, ERR_FLOW_QUANTITY, text, _("stock"), "1000000000");
    *out = minus ? -value : value;
    return TRUE;
}

static const struct {
    const char *verb;
    enum goods_act_kind kind;
    int64_t least;
    int from, to; /* which arguments are these places; 0: none */
} ACTS[] = {
    {"receive", GOODS_RECEIVE, 1, 0, 1},
    {"adjust", GOODS_ADJUST, -MOST, 1, 0},
    {"count", GOODS_COUNT, 0, 1, 0},
    {"move", GOODS_MOVE, 1, 1, 2},
};

/* The last word is the quantity. */
static gboolean do_act(struct call *call, GError **error)
{
    const struct given *given = call->given;
    int n = WORDS_FIND(ACTS, call->verb->name);
    struct goods_done done;
    struct goods_act act = {.kind = ACTS[n].kind, .sku = call->args[0], .lot = given->lot, .reason = given->reason,
                            .from = ACTS[n].from ? call->args[ACTS[n].from] : NULL,
                            .to = ACTS[n].to ? call->args[ACTS[n].to] : NULL,
                            .expires_on = given->expires ? clock_parse_date(given->expires) : 0};
    if (given->expires && (!act.expires_on || act.kind != GOODS_RECEIVE || !given->lot))
        return usage_error(error, _("--expires takes a date such as 2026-11-22, with stock receive and --lot."));
    if (!number(call->args[call->count - 1], ACTS[n].least, &act.quantity, error) ||
        !goods_act(call->site, call->actor, &act, &done, error))
        return FALSE;
    if (call->json)
        call->answer = json_pack("{s:I, s:I, s:I, s:I}", "change", (json_int_t)done.change, "moved",
                                 (json_int_t)done.moved, "released", (json_int_t)done.waiting.released, "still_short",
                                 (json_int_t)(done.waiting.short_of_stock + done.waiting.still_short));
    else
        g_print(_("%s: %+d; %d waiting orders released\n"), act.sku, (int)done.change, (int)done.waiting.released);
    return TRUE;
}

static const struct option OPTIONS[] = {
    OPTION_TEXT("lot", lot, N_("of this lot"), N_("LOT")),
    OPTION_TEXT("expires", expires, N_("receive: when the lot expires"), N_("YYYY-MM-DD")),
    OPTION_TEXT("reason", reason, N_("why"), N_("TEXT")),
};
static const struct verb VERBS[] = {
    {"list", 0, 1, N_("[SKU]"), do_list, MAY_SCAN, BY_ANYBODY},
    {"receive", 3, 3, N_("SKU BIN QUANTITY"), do_act, MAY_SCAN, BY_BADGE},
    {"adjust", 3, 3, N_("SKU BIN +-QUANTITY"), do_act, MAY_SCAN, BY_BADGE},
    {"count", 3, 3, N_("SKU BIN COUNTED"), do_act, MAY_SCAN, BY_BADGE},
    {"move", 4, 4, N_("SKU FROM TO QUANTITY"), do_act, MAY_SCAN, BY_BADGE},
};

const struct subcommand command_stock = {
    "stock", N_("what lies where; receive, adjust, move, count"), .bare = "list", VERBS_OF(VERBS),
    OPTIONS_OF(OPTIONS, struct given), .quantities = TRUE,
};

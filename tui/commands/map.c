/* SPDX-License-Identifier: MIT
 *
 * packline map: which products a shop's listings stand for.
 */
#include <inttypes.h>

#include "core/base/translate.h"
#include "core/intake/draft.h"
#include "core/intake/map.h"
#include "core/intake/shop.h"
#include "core/site/site.h"
#include "tui/commands/commands.h"
#include "tui/commands/output.h"

enum { PARTS_MAX = 97 };

/* What map takes for it: the SKU, or a title and variant when the shop has none. */
static char *ident_of(const struct call *call, const void *data)
{
    const struct unmapped *row = data;
    (void)call;
    return draft_line_ident(&(struct draft_line){.sku = row->sku, .title = row->title, .variant = row->variant});
}

static char *name_of(const struct call *call, const void *data)
{
    const struct unmapped *row = data;
    (void)call;
    return g_strconcat(row->title, row->variant[0] ? " / " : "", row->variant, NULL);
}

static const struct member MEMBERS[] = {
    MEMBER("shop", struct unmapped, shop),
    MEMBER("sku", struct unmapped, sku),
    MEMBER("title", struct unmapped, title),
    MEMBER("variant", struct unmapped, variant),
    MEMBER("orders", struct unmapped, orders),
    MEMBER_SHOWN("ident", ident_of),
    MEMBER_SHOWN("name", name_of),
};
static const struct output UNMAPPED = OUTPUT("{shop:<12} {orders:>6}  {ident:<28} {name}", MEMBERS);

static gboolean do_list(struct call *call, GError **error)
{
    const char *shop = call->count ? call->args[0] : NULL;
    struct shop found;
    if (shop && !shop_known(call->site, shop, &found, error))
        return FALSE;
    g_autoptr(GPtrArray) list = map_list(call->site, shop, error);
    if (!list)
        return FALSE;
    output_begin(call);
    for (guint i = 0; i < list->len; i++)
        output_row(call, &UNMAPPED, list->pdata[i]);
    if (!call->json && list->len == 0)
        g_print("%s\n", _("Every listing is mapped."));
    return TRUE;
}

/* args: SHOP IDENT PRODUCT[*QUANTITY] ... */
static gboolean do_set(struct call *call, GError **error)
{
    struct map_result result;
    size_t count = (size_t)call->count - 2;
    g_autofree struct listing_part *parts = g_new0(struct listing_part, count);
    int64_t listing_id = map_find(call->site, call->args[0], call->args[1], error);
    if (listing_id == 0)
        return FALSE;
    for (size_t i = 0; i < count; i++)
        if (!map_parse_part(call->site, call->args[i + 2], &parts[i], error))
            return FALSE;
    if (!map_set(call->site, call->actor, listing_id, parts, count, &result, error))
        return FALSE;
    if (call->json)
        call->answer = json_pack("{s:I, s:I}", "filled", (json_int_t)result.filled, "released",
                                 (json_int_t)result.released);
    else
        g_print(_("%" PRIu64 " orders have their lines, %" PRIu64 " were released\n"), result.filled, result.released);
    return TRUE;
}

static const struct verb VERBS[] = {
    {"list", 0, 1, N_("[SHOP]"), do_list, SITE_ALONE, BY_ANYBODY},
    {NULL, 3, 2 + PARTS_MAX, N_("SHOP SKU PRODUCT[*QUANTITY]..."), do_set, MAY_IMPORT, BY_BADGE},
};

const struct subcommand command_map = {
    "map", N_("which products a shop's listings stand for"), .bare = "list", VERBS_OF(VERBS),
};

/* SPDX-License-Identifier: MIT
 *
 * packline map: which products a shop's listings stand for.
 */
#include <glib.h>
#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/intake/map.h"
#include "core/intake/shop.h"
#include "core/site/site.h"
#include "tui/commands/commands.h"
#include "tui/commands/options.h"

enum { ARGUMENTS_MAX = 100 };

static void print_one(const struct unmapped *row)
{
    char *ident = row->sku[0] ? g_strdup(row->sku) : g_strconcat("~", row->title, "|", row->variant, NULL);
    g_print("%-12s %6" G_GINT64_FORMAT "  %-28s %s%s%s\n", row->shop, row->orders, ident, row->title,
            row->variant[0] ? " / " : "", row->variant);
    g_free(ident);
}

static gboolean do_list(struct site *site, const char *shop, gboolean json, GError **error)
{
    struct shop found;
    if (shop && (!shop_find(site, shop, &found, error) || found.id == 0)) {
        if (error && !*error)
            err_set(error, ERR_SHOP_UNKNOWN, shop);
        return FALSE;
    }
    GPtrArray *list = map_list(site, shop, error);
    json_t *root = json ? json_array() : NULL;
    for (guint i = 0; list && i < list->len; i++) {
        const struct unmapped *row = list->pdata[i];
        if (root)
            json_array_append_new(root, json_pack("{s:s, s:s, s:s, s:s, s:I}", "shop", row->shop, "sku", row->sku, "title",
                                                  row->title, "variant", row->variant, "orders",
                                                  (json_int_t)row->orders));
        else
            print_one(row);
    }
    if (list && root)
        options_print(json_incref(root));
    else if (list && list->len == 0)
        g_print("%s\n", _("Every listing is mapped."));
    gboolean done = list != NULL;
    if (root)
        json_decref(root);
    if (list)
        g_ptr_array_unref(list);
    return done;
}

/* words: SHOP IDENT PRODUCT[*QUANTITY] ... */
static gboolean do_set(struct site *site, char **words, int count, gboolean json, GError **error)
{
    struct map_result result;
    int64_t listing_id = map_find(site, words[0], words[1], error);
    struct listing_part *parts = g_new0(struct listing_part, (size_t)count);
    gboolean done = listing_id != 0;
    for (int i = 2; i < count && done; i++)
        done = map_parse_part(site, words[i], &parts[i - 2], error);
    done = done && map_set(site, (struct actor){.person_id = site->system_person_id}, listing_id, parts, (size_t)count - 2, &result, error);
    if (done && json)
        options_print(json_pack("{s:I, s:I}", "filled", (json_int_t)result.filled, "released", (json_int_t)result.released));
    else if (done)
        g_print(_("%" PRIu64 " orders have their lines, %" PRIu64 " were released\n"), result.filled,
                result.released);
    g_free(parts);
    return done;
}

int cmd_map(int argc, char **argv)
{
    struct options options = {.most = ARGUMENTS_MAX};
    GError *error = NULL;
    if (!options_parse(&options, NULL, N_("map [list [SHOP] | SHOP SKU PRODUCT[*QUANTITY]...]"), &argc, &argv, &error))
        return options_failed(error, options.json);
    gboolean json = options.json;
    gboolean listing = argc == 1 || strcmp(argv[1], "list") == 0;
    struct site *site = NULL;
    if (listing ? argc > 3 : argc < 4)
        err_set(&error, ERR_USAGE, _("map takes a shop, its SKU and the products it stands for"));
    else
        site = site_open(options.db_url, "map", NULL, &error);
    if (site && listing)
        do_list(site, argc > 2 ? argv[2] : NULL, json, &error);
    else if (site)
        do_set(site, argv + 1, argc - 1, json, &error);
    site_close(site);
    options_clear(&options);
    return error ? options_failed(error, json) : EXIT_OK;
}

/* SPDX-License-Identifier: MIT
 *
 * packline couriers [NUMBER]: the couriers there are, or those a number may be of.
 */
#include <glib.h>
#include <jansson.h>

#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/code/courier.h"
#include "tui/commands/commands.h"
#include "tui/commands/options.h"

static void show(const struct courier *courier, json_t *list)
{
    if (list)
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s}", "code", courier->code, "name",
                                              courier->name, "name_zh", courier->name_zh, "source",
                                              number_source_name(courier->source)));
    else
        g_print("%-8s %-9s %s %s\n", courier->code, number_source_name(courier->source), courier->name,
                courier->name_zh);
}

static void show_all(const struct courier_list *couriers, const char *number, gboolean json)
{
    json_t *list = json ? json_array() : NULL;
    char *normal = number ? number_normal(number) : NULL;
    guint shown = 0;
    for (guint i = 0; i < couriers_count(couriers); i++) {
        const struct courier *courier = couriers_at(couriers, i);
        if (normal && !courier_fits(courier, normal))
            continue;
        show(courier, list);
        shown++;
    }
    if (!list && shown == 0)
        g_print(_("%s is no number of any courier.\n"), number);
    if (list)
        options_print(list);
    g_free(normal);
}

int cmd_couriers(int argc, char **argv)
{
    struct options options = {.most = 1};
    GError *error = NULL;
    if (!options_parse(&options, NULL, N_("couriers [NUMBER]"), &argc, &argv, &error))
        return options_failed(error, options.json);
    struct courier_list *couriers = couriers_load(NULL, &error);
    if (couriers)
        show_all(couriers, argc > 1 ? argv[1] : NULL, options.json);
    gboolean json = options.json;
    options_clear(&options);
    if (!couriers)
        return options_failed(error, json);
    couriers_free(couriers);
    return EXIT_OK;
}

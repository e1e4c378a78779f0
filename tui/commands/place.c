/* SPDX-License-Identifier: MIT
 *
 * packline place: bins in walking order, totes, benches.
 */
#include <glib.h>
#include <jansson.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/floor/code.h"
#include "core/floor/places.h"
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
    char *as;
    gint walk;
};

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
    GArray *places = place_list(call->site, call->count ? call->args[0] : NULL, error);
    json_t *list = json_array();
    for (guint i = 0; places && i < places->len; i++)
        print_place(call, list, &g_array_index(places, struct place_row, i));
    if (places && call->json)
        acting_print(json_incref(list));
    json_decref(list);
    if (places)
        g_array_unref(places);
    return places != NULL;
}

/* The walk order given is the first one's; each further one comes after it. */
static gboolean do_add(struct call *call, GError **error)
{
    for (int i = 1; i < call->count; i++) {
        gboolean added = FALSE;
        int64_t walk = call->walk < 0 ? -1 : call->walk + i - 1;
        if (!place_put(call->site, &call->actor, call->args[0], call->args[i], walk, &added, error))
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

static const struct verb {
    const char *name;
    int least, most;
    gboolean (*run)(struct call *call, GError **error);
} VERBS[] = {{"list", 0, 1, do_list}, {"add", 2, 100000, do_add}, {"remove", 1, 1, do_remove}};

static const struct verb *find_verb(int argc, char **argv, GError **error)
{
    const char *name = argc > 1 ? argv[1] : "list";
    int count = MAX(argc - 2, 0);
    for (guint i = 0; i < G_N_ELEMENTS(VERBS); i++)
        if (strcmp(VERBS[i].name, name) == 0 && count >= VERBS[i].least && count <= VERBS[i].most)
            return &VERBS[i];
    err_set(error, ERR_USAGE, _("place takes list [KIND], add KIND CODE..., remove CODE; KIND is bin, tote or bench."));
    return NULL;
}

static gboolean run(const struct options *options, struct call *call, int argc, char **argv, GError **error)
{
    const struct verb *verb = find_verb(argc, argv, error);
    call->site = verb ? site_open(options->db_url, "place", NULL, error) : NULL;
    call->args = argv + 2;
    call->count = MAX(argc - 2, 0);
    call->json = options->json;
    gboolean good = call->site && acting_as(call->site, call->as, MAY_STOCK, &call->actor, error) && verb->run(call, error);
    site_close(call->site);
    return good;
}

int cmd_place(int argc, char **argv)
{
    struct options options = {0};
    struct call call = {.walk = -1};
    GError *error = NULL;
    const GOptionEntry own[] = {
        ACTING_OPTION(call.as),
        {"walk", 0, 0, G_OPTION_ARG_INT, &call.walk, N_("add: its place in the walking order"), N_("N")},
        {0},
    };
    if (!options_parse(&options, own, N_("place [list [KIND] | add KIND CODE... | remove CODE]"), &argc, &argv, &error))
        return options_failed(error);
    gboolean good = run(&options, &call, argc, argv, &error);
    g_free(call.as);
    gboolean json = options.json;
    options_clear(&options);
    return good ? EXIT_OK : options_failed_json(error, json);
}

/* SPDX-License-Identifier: MIT
 *
 * packline printers: which there are, how they are, whose labels they print.
 */
#include <glib.h>
#include <jansson.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/floor/flow.h"
#include "core/floor/site.h"
#include "core/waybill/printer_row.h"
#include "core/waybill/worker_start.h"
#include "tui/commands/acting.h"
#include "tui/commands/commands.h"
#include "tui/commands/options.h"

struct call {
    struct site *site;
    struct actor actor;
    gboolean json;
    char **args; /* behind the verb */
    char *uri, *host, *backup, *as;
};

static void print_row(const struct call *call, const struct printer_row *row)
{
    char *since = acting_time(call->site, row->since_at);
    g_print("%-12s %-16s %-6s %4d  %-28s %s\n", row->name, printer_health_label(row->health), since,
            (int)row->waiting, row->uri, row->text[0] ? _(row->text) : "");
    g_free(since);
}

static json_t *row_json(const struct printer_row *row)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:I}", "name", row->name, "uri", row->uri,
                     "host", row->host, "backup", row->backup, "state", printer_health_name(row->health),
                     "text", row->text, "since_at", (json_int_t)row->since_at, "checked_at",
                     (json_int_t)row->checked_at, "waiting", (json_int_t)row->waiting);
}

static gboolean do_list(struct call *call, GError **error)
{
    GArray *printers = printers_load(call->site, NULL, error);
    if (!printers)
        return FALSE;
    json_t *list = json_array();
    for (guint i = 0; i < printers->len; i++) {
        const struct printer_row *row = &g_array_index(printers, struct printer_row, i);
        json_array_append_new(list, row_json(row));
        if (!call->json)
            print_row(call, row);
    }
    if (call->json)
        acting_print(json_incref(list));
    json_decref(list);
    g_array_unref(printers);
    return TRUE;
}

static gboolean do_add(struct call *call, GError **error)
{
    if (call->uri)
        return printer_put(call->site, &call->actor, call->args[0], call->uri, call->host, call->backup,
                           error);
    err_set(error, ERR_USAGE, _("add needs --uri cups:QUEUE or --uri file:DIRECTORY."));
    return FALSE;
}

static gboolean do_remove(struct call *call, GError **error)
{
    return printer_remove(call->site, &call->actor, call->args[0], error);
}

static gboolean do_assign(struct call *call, GError **error)
{
    return printer_assign(call->site, &call->actor, call->args[0], call->args[1], error);
}

static gboolean print_sheet(struct call *call, const char *kind, GError **error)
{
    struct printer_row row;
    struct outcome outcome;
    if (printer_find(call->site, call->args[0], &row, error) <= 0)
        return FALSE;
    struct event event = {.key = flow_key(call->site),
                          .kind = EV_PRINT,
                          .actor = call->actor,
                          .printer_id = row.id,
                          .text = kind};
    if (!flow_apply(call->site, &event, 1, &outcome, error))
        return FALSE;
    if (outcome.verdict == VERDICT_DONE)
        return worker_ensure(call->site->url, error);
    g_set_error_literal(error, ERR, (int)outcome.code, outcome.text);
    return FALSE;
}

static gboolean do_test(struct call *call, GError **error)
{
    return print_sheet(call, "test", error);
}

static gboolean do_card(struct call *call, GError **error)
{
    return print_sheet(call, "bench_card", error);
}

static const struct verb {
    const char *name;
    int args;
    enum permission needs;
    gboolean (*run)(struct call *call, GError **error);
} VERBS[] = {
    {"list", 0, MAY_SCAN, do_list},      {"add", 1, MAY_ADMIN, do_add},  {"remove", 1, MAY_ADMIN, do_remove},
    {"assign", 2, MAY_ADMIN, do_assign}, {"test", 1, MAY_SCAN, do_test}, {"bench-card", 1, MAY_SCAN, do_card},
};

static const struct verb *find_verb(int argc, char **argv, GError **error)
{
    const char *name = argc > 1 ? argv[1] : "list";
    for (guint i = 0; i < G_N_ELEMENTS(VERBS); i++)
        if (strcmp(VERBS[i].name, name) == 0 && VERBS[i].args == MAX(argc - 2, 0))
            return &VERBS[i];
    err_set(error, ERR_USAGE,
            _("printers takes list, add NAME --uri ADDRESS, remove NAME, assign STATION NAME, test NAME, "
              "bench-card NAME."));
    return NULL;
}

static gboolean run(const struct options *options, struct call *call, int argc, char **argv, GError **error)
{
    const struct verb *verb = find_verb(argc, argv, error);
    call->site = verb ? site_open(options->db_url, "printers", NULL, error) : NULL;
    call->args = argv + 2;
    call->json = options->json;
    gboolean good = call->site && acting_as(call->site, call->as, verb->needs, &call->actor, error) &&
                    verb->run(call, error);
    site_close(call->site);
    return good;
}

int cmd_printers(int argc, char **argv)
{
    struct options options = {0};
    struct call call = {0};
    GError *error = NULL;
    const GOptionEntry own[] = {
        ACTING_OPTION(call.as),
        {"uri", 0, 0, G_OPTION_ARG_STRING, &call.uri,
         N_("add: cups:QUEUE or file:DIRECTORY, ?paper=100x150&dpi=203"), N_("ADDRESS")},
        {"host", 0, 0, G_OPTION_ARG_STRING, &call.host, N_("add: the host that reaches it; none: any"),
         N_("NAME")},
        {"backup", 0, 0, G_OPTION_ARG_STRING, &call.backup, N_("add: the printer that stands in for it"),
         N_("NAME")},
        {0},
    };
    if (!options_parse(
            &options, own,
            N_("printers [list | add NAME --uri ADDRESS | remove NAME | assign STATION NAME | test NAME | "
               "bench-card NAME]"),
            &argc, &argv, &error))
        return options_failed(error);
    gboolean good = run(&options, &call, argc, argv, &error);
    char *const texts[] = {call.uri, call.host, call.backup, call.as};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    gboolean json = options.json;
    options_clear(&options);
    return good ? EXIT_OK : options_failed_json(error, json);
}

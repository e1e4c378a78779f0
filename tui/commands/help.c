/* SPDX-License-Identifier: MIT */
#include "core/base/translate.h"
#include "core/flow/chart.h"
#include "tui/commands/commands.h"
#include "tui/commands/manual.h"

struct given {
    gboolean manual, flow, dot;
};

static gboolean print_manual(GError **error)
{
    g_autofree char *page = manual_page(error);
    if (page)
        g_print("%s", page);
    return page != NULL;
}

static json_t *list_commands(void)
{
    json_t *list = json_array();
    for (size_t i = 0; command_at(i); i++)
        json_array_append_new(list, json_pack("{s:s, s:s}", "command", command_at(i)->name, "summary",
                                              _(command_at(i)->summary)));
    return list;
}

static void print_flow(gboolean dot)
{
    g_autofree char *chart = dot ? flow_chart_dot() : flow_chart_text();
    g_print("%s", chart);
}

static void print_commands(void)
{
    g_print("%s\n\n", _("packline: the packing room on a terminal"));
    g_print("%s\n", _("Usage: packline [--db URL] [--station NAME] [--lang LANGUAGE]    open the screens"));
    g_print("%s\n\n", _("       packline COMMAND [--help] ..."));
    g_print("%s\n", _("Commands:"));
    for (size_t i = 0; command_at(i); i++)
        g_print("  %-12s %s\n", command_at(i)->name, _(command_at(i)->summary));
}

/* As if its --help had been asked for, which ends the program; back here it could not even be parsed. */
static gboolean help_of(struct call *call, const char *name, GError **error)
{
    const struct subcommand *command = command_find(name);
    if (!command) {
        command_unknown(name, error);
        return FALSE;
    }
    g_autofree char *own = g_strdup(name);
    char help[] = "--help";
    call->status = command_main(command, 2, (char *[]){own, help, NULL});
    return TRUE;
}

static gboolean do_help(struct call *call, GError **error)
{
    const struct given *given = call->given;
    if (call->count)
        return help_of(call, call->args[0], error);
    if (given->manual || given->flow || given->dot)
        call->json = FALSE; /* neither a page nor a chart is JSON */
    if (given->manual)
        return print_manual(error);
    if (given->flow || given->dot)
        print_flow(given->dot);
    else if (call->json)
        call->answer = list_commands();
    else
        print_commands();
    return TRUE;
}

static const struct option OPTIONS[] = {
    OPTION_FLAG("man", manual, N_("the manual page, for man -l -")),
    OPTION_FLAG("flow", flow, N_("what moves every state, and who may")),
    OPTION_FLAG("dot", dot, N_("the same as a graph, for graphviz")),
};
static const struct verb VERBS[] = {{NULL, 0, 1, N_("[COMMAND]"), do_help, NO_SITE, BY_ANYBODY}};

const struct subcommand command_help = {
    "help", N_("list the commands"), VERBS_OF(VERBS), OPTIONS_OF(OPTIONS, struct given), .lenient = TRUE,
};

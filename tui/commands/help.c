/* SPDX-License-Identifier: MIT */
#include <glib.h>
#include <jansson.h>

#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/flow/chart.h"
#include "tui/commands/commands.h"
#include "tui/commands/manual.h"
#include "tui/commands/options.h"

static gboolean print_manual(GError **error)
{
    char *page = manual_page(error);
    if (page)
        g_print("%s", page);
    g_free(page);
    return page != NULL;
}

static void print_json(void)
{
    json_t *list = json_array();
    for (size_t i = 0; command_at(i); i++)
        json_array_append_new(list, json_pack("{s:s, s:s}", "command", command_at(i)->name, "summary",
                                              _(command_at(i)->summary)));
    options_print(list);
}

static void print_flow(gboolean dot)
{
    char *chart = dot ? flow_chart_dot() : flow_chart_text();
    g_print("%s", chart);
    g_free(chart);
}

static void print_text(void)
{
    g_print("%s\n\n", _("packline: the packing room on a terminal"));
    g_print("%s\n", _("Usage: packline [--db URL] [--station NAME] [--lang LANGUAGE]    open the screens"));
    g_print("%s\n\n", _("       packline COMMAND [--help] ..."));
    g_print("%s\n", _("Commands:"));
    for (size_t i = 0; command_at(i); i++)
        g_print("  %-12s %s\n", command_at(i)->name, _(command_at(i)->summary));
}

static int help_of(const struct subcommand *command)
{
    char *name = g_strdup(command->name), help[] = "--help";
    int status = command->run(2, (char *[]){name, help, NULL});
    g_free(name);
    return status;
}

int cmd_help(int argc, char **argv)
{
    struct options options = {.most = 1, .lenient = TRUE};
    gboolean manual = FALSE, flow = FALSE, dot = FALSE;
    GError *error = NULL;
    const GOptionEntry own[] = {{"man", 0, 0, G_OPTION_ARG_NONE, &manual, N_("the manual page, for man -l -"), NULL},
                                {"flow", 0, 0, G_OPTION_ARG_NONE, &flow, N_("what moves every state, and who may"), NULL},
                                {"dot", 0, 0, G_OPTION_ARG_NONE, &dot, N_("the same as a graph, for graphviz"), NULL},
                                {0}};
    if (!options_parse(&options, own, N_("help [COMMAND]"), &argc, &argv, &error))
        return options_failed(error, options.json);
    gboolean json = options.json;
    options_clear(&options);
    const struct subcommand *command = argc > 1 ? command_find(argv[1]) : NULL;
    if (command)
        return help_of(command);
    if (argc > 1)
        command_unknown(argv[1], &error);
    else if (manual)
        print_manual(&error);
    else if (flow || dot)
        print_flow(dot);
    else if (json)
        print_json();
    else
        print_text();
    return error ? options_failed(error, json) : EXIT_OK;
}

/* SPDX-License-Identifier: MIT */
#include <glib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/translate.h"
#include "tui/commands/commands.h"
#include "tui/commands/manual.h"
#include "tui/commands/options.h"

static int print_manual(void)
{
    GError *error = NULL;
    char *page = manual_page(&error);
    if (!page)
        return options_failed(error);
    g_print("%s", page);
    g_free(page);
    return EXIT_OK;
}

int cmd_help(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "--man") == 0)
        return print_manual();
    g_print("%s\n\n", _("packline: the packing room on a terminal"));
    g_print("%s\n", _("Usage: packline [--db URL] [--station NAME] [--lang LANGUAGE]    open the screens"));
    g_print("%s\n\n", _("       packline COMMAND [--help] ..."));
    g_print("%s\n", _("Commands:"));
    for (size_t i = 0; command_at(i); i++)
        g_print("  %-12s %s\n", command_at(i)->name, _(command_at(i)->summary));
    return EXIT_OK;
}

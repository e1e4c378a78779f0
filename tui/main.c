/* SPDX-License-Identifier: MIT
 *
 * packline: the first argument names a row of the command table; without one the screens open.
 */
#include <string.h>

#include "core/base/error.h"
#include "core/base/translate.h"
#include "tui/commands/commands.h"
#include "tui/commands/options.h"

static const char *default_command(int argc, char **argv)
{
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
        return "help";
    if (argc > 1 && strcmp(argv[1], "--version") == 0)
        return "version";
    return "help";
}

int main(int argc, char **argv)
{
    translate_init(options_language(argc, argv), NULL);
    if (argc < 2 || argv[1][0] == '-')
        return command_find(default_command(argc, argv))->run(argc, argv);
    const struct subcommand *command = command_find(argv[1]);
    if (command)
        return command->run(argc - 1, argv + 1);
    GError *error = NULL;
    char *text = g_strdup_printf(_("There is no command %s."), argv[1]);
    err_set(&error, ERR_USAGE, text);
    g_free(text);
    return options_failed(error);
}

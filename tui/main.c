/* SPDX-License-Identifier: MIT
 *
 * packline: the first argument names a row of the command table; without one the screens open.
 */
#include <string.h>

#include "core/base/error.h"
#include "core/base/translate.h"
#include "tui/app/app.h"
#include "tui/commands/commands.h"
#include "tui/commands/options.h"

static const char *option_command(int argc, char **argv)
{
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
        return "help";
    if (argc > 1 && strcmp(argv[1], "--version") == 0)
        return "version";
    return NULL;
}

static int escape_ms(void)
{
    const char *text = g_getenv("PACKLINE_ESC_MS");
    return text ? (int)CLAMP(g_ascii_strtoll(text, NULL, 10), 0, 1000) : 0;
}

static int open_screens(int argc, char **argv, int locale_fallback)
{
    GError *error = NULL;
    struct options options = {0};
    gboolean ok = options_parse(&options, NULL, "", &argc, &argv, &error);
    struct app_options app = {.url = options.db_url,
                              .station = options.station,
                              .theme = g_getenv("PACKLINE_THEME"),
                              .glyphs = g_getenv("PACKLINE_GLYPHS"),
                              .escape_ms = escape_ms(),
                              .locale_fallback = locale_fallback != 0};
    ok = ok && app_run(&app, &error);
    options_clear(&options);
    return ok ? EXIT_OK : options_failed(error);
}

int main(int argc, char **argv)
{
    int locale_fallback = 0;
    translate_init(options_language(argc, argv), &locale_fallback);
    const char *option = option_command(argc, argv);
    if (option)
        return command_find(option)->run(argc, argv);
    if (argc < 2 || argv[1][0] == '-')
        return open_screens(argc, argv, locale_fallback);
    const struct subcommand *command = command_find(argv[1]);
    if (command)
        return command->run(argc - 1, argv + 1);
    GError *error = NULL;
    char *text = g_strdup_printf(_("There is no command %s."), argv[1]);
    err_set(&error, ERR_USAGE, text);
    g_free(text);
    return options_failed(error);
}

/* SPDX-License-Identifier: MIT
 *
 * packline: the first argument names a row of the command table; without one the screens open.
 */
#include <string.h>

#include "core/base/error.h"
#include "core/base/program.h"
#include "core/base/settings.h"
#include "core/base/translate.h"
#include "tui/app/app.h"
#include "tui/commands/clock.h"
#include "tui/commands/commands.h"
#include "tui/commands/options.h"
#include "tui/screens/screens.h"

static const char *option_command(int argc, char **argv)
{
    if (argc > 1 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0))
        return "help";
    if (argc > 1 && strcmp(argv[1], "--version") == 0)
        return "version";
    return NULL;
}

/* What the environment says, else the configuration file; "auto" is NULL. Caller frees. */
static gboolean host_setting(const char *variable, const char *name, char **value, GError **error)
{
    const char *given = g_getenv(variable);
    if (given && !setting_accepts(setting_find(name), given, error))
        return FALSE;
    *value = given ? g_strdup(given) : setting_host(name, NULL, error);
    if (!*value)
        return FALSE;
    if (strcmp(*value, "auto") == 0)
        g_clear_pointer(value, g_free);
    return TRUE;
}

/* --lang, else the configuration file, else (NULL) the environment. Caller frees. */
static char *language(int argc, char **argv)
{
    const char *given = options_language(argc, argv);
    char *value = given ? g_strdup(given) : setting_host("lang", NULL, NULL);
    if (value && strcmp(value, "auto") == 0)
        g_clear_pointer(&value, g_free);
    return value;
}

static gboolean run_screens(const struct options *options, int locale_fallback, GError **error)
{
    g_autofree char *theme = NULL, *glyphs = NULL, *escape_ms = NULL;
    gboolean ok = settings_check_file(NULL, error) && host_setting("PACKLINE_THEME", "theme", &theme, error) &&
                  host_setting("PACKLINE_GLYPHS", "glyphs", &glyphs, error) &&
                  host_setting("PACKLINE_ESC_MS", "escape_ms", &escape_ms, error);
    const struct app_options app = {
        .screens = SCREENS,
        .url = options->db_url,
        .station = options->station,
        .theme = theme,
        .glyphs = glyphs,
        .escape_ms = escape_ms ? (int)CLAMP(g_ascii_strtoll(escape_ms, NULL, 10), 0, 1000) : 0,
        .locale_fallback = locale_fallback != 0};
    g_autoptr(GError) told = NULL;
    if (!ok || app_run(&app, &told))
        return ok;
    return clock_ask(options->db_url, told, error) && app_run(&app, error);
}

static int open_screens(int argc, char **argv, int locale_fallback)
{
    GError *error = NULL;
    struct options options = {0};
    gboolean ok = options_parse(&options, NULL, "", &argc, &argv, &error) &&
                  run_screens(&options, locale_fallback, &error);
    gboolean json = options.json;
    options_clear(&options);
    return ok ? EXIT_OK : options_failed(error, json);
}

int main(int argc, char **argv)
{
    int locale_fallback = 0;
    program_begin();
    g_autofree char *spoken = language(argc, argv);
    translate_init(spoken, &locale_fallback);
    const char *option = option_command(argc, argv);
    if (option)
        return command_main(command_find(option), 1, argv);
    if (argc < 2 || argv[1][0] == '-')
        return open_screens(argc, argv, locale_fallback);
    const struct subcommand *command = command_find(argv[1]);
    if (command)
        return command_main(command, argc - 1, argv + 1);
    GError *error = NULL;
    command_unknown(argv[1], &error);
    return options_failed(error, options_has(argc, argv, "--json"));
}

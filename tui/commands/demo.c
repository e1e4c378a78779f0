/* SPDX-License-Identifier: MIT
 *
 * packline demo --dir DIR [--reset]: the demo floor.
 */
#include <glib.h>

#include "core/base/error.h"
#include "core/base/paths.h"
#include "core/base/translate.h"
#include "core/sim/demo.h"
#include "tui/commands/commands.h"
#include "tui/commands/options.h"

static void say_json(const char *url)
{
    json_t *finds = json_object();
    for (const struct demo_find *find = demo_finds(); find->order; find++)
        json_object_set_new(finds, find->order, json_string(_(find->what)));
    options_print(json_pack("{s:s, s:s, s:o}", "database", url, "login", demo_login(), "finds", finds));
}

static void say(const char *dir, gboolean json)
{
    char *url = demo_url(dir);
    if (json) {
        say_json(url);
        g_free(url);
        return;
    }
    g_print(_("The demo floor is ready: packline --db %s\nLog in with %s\n\n"), url, demo_login());
    for (const struct demo_find *find = demo_finds(); find->order; find++)
        g_print("  %-8s %s\n", find->order, _(find->what));
    g_free(url);
}

int cmd_demo(int argc, char **argv)
{
    struct options options = {0};
    char *dir = NULL;
    gboolean reset = FALSE;
    GError *error = NULL;
    GOptionEntry own[] = {
        {"dir", 0, 0, G_OPTION_ARG_FILENAME, &dir, N_("where it lives"), N_("DIR")},
        {"reset", 0, 0, G_OPTION_ARG_NONE, &reset, N_("start over; refuses a database that is not a demo"), NULL},
        {0},
    };
    if (!options_parse(&options, own, N_("demo --dir DIR"), &argc, &argv, &error))
        return options_failed(error, options.json);
    if (!dir)
        dir = paths_data("demo");
    if (demo_make(dir, reset, &error))
        say(dir, options.json);
    gboolean json = options.json;
    options_clear(&options);
    g_free(dir);
    return error ? options_failed(error, json) : EXIT_OK;
}

/* SPDX-License-Identifier: MIT
 *
 * packline demo --dir DIR [--reset]: the demo floor.
 */
#include "core/base/paths.h"
#include "core/base/translate.h"
#include "core/sim/demo.h"
#include "tui/commands/commands.h"

struct given {
    char *dir;
    gboolean reset;
};

static json_t *answer(const char *url)
{
    json_t *finds = json_object();
    for (const struct demo_find *find = demo_finds(); find->order; find++)
        json_object_set_new(finds, find->order, json_string(_(find->what)));
    return json_pack("{s:s, s:s, s:o}", "database", url, "login", DEMO_LOGIN, "finds", finds);
}

static void say(const char *url)
{
    g_print(_("The demo floor is ready: packline --db %s\nLog in with %s\n\n"), url, DEMO_LOGIN);
    for (const struct demo_find *find = demo_finds(); find->order; find++)
        g_print("  %-8s %s\n", find->order, _(find->what));
}

static gboolean do_make(struct call *call, GError **error)
{
    const struct given *given = call->given;
    g_autofree char *dir = given->dir ? g_strdup(given->dir) : paths_data("demo");
    if (!demo_make(dir, given->reset, NULL, error))
        return FALSE;
    g_autofree char *url = demo_url(dir);
    if (call->json)
        call->answer = answer(url);
    else
        say(url);
    return TRUE;
}

static const struct option OPTIONS[] = {
    OPTION_FILE("dir", dir, N_("where it lives"), N_("DIR")),
    OPTION_FLAG("reset", reset, N_("start over; refuses a database that is not a demo")),
};
static const struct verb VERBS[] = {{NULL, 0, 0, N_("--dir DIR"), do_make, NO_SITE, BY_ANYBODY}};

const struct subcommand command_demo = {
    "demo", N_("make a demo floor of invented goods and people"), VERBS_OF(VERBS), OPTIONS_OF(OPTIONS, struct given),
};

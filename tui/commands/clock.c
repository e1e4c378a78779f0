/* SPDX-License-Identifier: MIT
 *
 * packline clock accept: somebody says that this machine's clock is right, though what was done last lies far before it, or
 * ahead of it. Before the screens open the same is asked for.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/site/site.h"
#include "core/site/site_clock.h"
#include "tui/commands/acting.h"
#include "tui/commands/clock.h"
#include "tui/commands/commands.h"

struct given {
    gboolean yes;
};

static gboolean is_asked_about(const GError *error)
{
    return err_code(error) == ERR_CLOCK_AHEAD || err_code(error) == ERR_CLOCK_BEHIND;
}

static gboolean says_yes(const GError *told)
{
    char line[16] = "";
    if (!isatty(STDIN_FILENO))
        return FALSE;
    g_autofree char *text = err_line(told);
    g_printerr("%s\n%s ", text, _("Is this clock right? yes or no:"));
    return fgets(line, sizeof line, stdin) && (g_ascii_toupper(line[0]) == 'Y' || g_str_has_prefix(line, "\xE6\x98\xAF"));
}

gboolean clock_ask(const char *url, const GError *told, GError **error)
{
    if (err_code(told) != ERR_CLOCK_AHEAD || !says_yes(told)) {
        g_propagate_error(error, g_error_copy(told));
        return FALSE;
    }
    struct site *site = site_open_as(SITE_CLOCK, url, "clock", NULL, error);
    const struct actor by = {.person_id = site ? site->system_person_id : 0};
    gboolean accepted = site && site_clock_accept(site, &by, error);
    site_close(site);
    return accepted;
}

/* A clock that is ahead is a lead's to judge; to pass over what was done later than now is an administrator's. */
static gboolean accept_it(struct call *call, enum err told, GError **error)
{
    if (!call->badge && !acting_alone("clock", error))
        return FALSE;
    call->site = site_open_as(SITE_CLOCK, call->options->db_url, "clock", NULL, error);
    return call->site &&
           acting_as(call->site, call->badge, told == ERR_CLOCK_AHEAD ? MAY_LEAD : MAY_ADMIN, &call->actor, error) &&
           site_clock_accept(call->site, &call->actor, error);
}

static gboolean do_accept(struct call *call, GError **error)
{
    const struct given *given = call->given;
    g_autoptr(GError) told = NULL;
    struct site *site = site_open(call->options->db_url, "clock", NULL, &told);
    site_close(site);
    if (!site && (!is_asked_about(told) || (!given->yes && !says_yes(told)))) {
        g_propagate_error(error, g_steal_pointer(&told));
        return FALSE;
    }
    if (!site && !accept_it(call, err_code(told), error))
        return FALSE;
    if (!call->json)
        g_print("%s\n", site ? _("Nothing speaks against this clock.") : _("The clock is taken for right."));
    return TRUE;
}

static const struct option OPTIONS[] = {
    OPTION_FLAG("yes", yes, N_("the clock is right: not asked for again")),
};
static const struct verb VERBS[] = {{"accept", 0, 0, NULL, do_accept, OWN_ACTOR, BY_ANYBODY}};

const struct subcommand command_clock = {
    "clock", N_("say that this machine's clock is right"), VERBS_OF(VERBS), OPTIONS_OF(OPTIONS, struct given),
};

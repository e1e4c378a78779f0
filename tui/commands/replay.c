/* SPDX-License-Identifier: MIT
 *
 * packline replay --until TIME --to sqlite:NEW.db: a copy of the floor as it was.
 */
#include "core/base/translate.h"
#include "core/outside/replay.h"
#include "tui/commands/commands.h"
#include "tui/commands/progress.h"

struct given {
    char *until, *to;
    gboolean with_recipients;
};

static void say(struct call *call, const struct given *given, const struct replay_made *made)
{
    if (call->json) {
        call->answer = json_pack("{s:s, s:I, s:I, s:I, s:b}", "copy", given->to, "until_ms", (json_int_t)made->until_utc_ms,
                                 "shipments", (json_int_t)made->shipments, "events", (json_int_t)made->events, "recipients",
                                 given->with_recipients);
        return;
    }
    g_print(_("The floor as it was on %s: %lld shipments, %lld events\n"), given->until, (long long)made->shipments,
            (long long)made->events);
    g_print(_("Nobody has a PIN there yet: packline people passwd BADGE --db %s\n"), given->to);
}

static gboolean do_replay(struct call *call, GError **error)
{
    const struct given *given = call->given;
    if (!given->until || !given->to)
        return usage_error(error, _("replay needs --until TIME and --to sqlite:NEW.db"));
    struct progress progress = progress_begin(call);
    const struct replay_call replay = {.from_url = call->options->db_url, .to_url = given->to, .until = given->until,
                                       .with_recipients = given->with_recipients, .on_progress = progress_show,
                                       .data = &progress};
    struct replay_made made = {.until_utc_ms = 0};
    gboolean done = replay_floor(&replay, &made, error);
    progress_clear(&progress);
    if (done)
        say(call, given, &made);
    return done;
}

static const struct option OPTIONS[] = {
    OPTION_TEXT("until", until, N_("the moment, \"2026-11-22 14:03\"; names of products, places and people are today's"), N_("TIME")),
    OPTION_TEXT("to", to, N_("a new file"), N_("sqlite:NEW.db")),
    OPTION_FLAG("with-recipients", with_recipients, N_("with names, addresses and what people have typed; PINs never")),
};
static const struct verb VERBS[] = {{NULL, 0, 0, N_("--until TIME --to sqlite:NEW.db"), do_replay, NO_SITE, BY_ANYBODY}};

const struct subcommand command_replay = {
    "replay", N_("make a copy of the floor as it was at a moment"), VERBS_OF(VERBS), OPTIONS_OF(OPTIONS, struct given),
};

/* SPDX-License-Identifier: MIT
 *
 * packline check: looks whether the invariants hold, and changes nothing. Exit 0 clean, 1 violated, 2 could not look.
 */
#include "core/base/error.h"
#include "core/base/clock.h"
#include "core/base/translate.h"
#include "core/check/check.h"
#include "core/db/db.h"
#include "tui/commands/commands.h"

struct given {
    gboolean fast, full, explain;
    const char *journal_key, *seals;
};

struct report {
    gboolean explain;
    json_t *violations, *told; /* NULL: text */
    json_t *checks;
    guint checks_done;
};

static void on_violation(const struct check_info *info, const char *what, void *data)
{
    const struct report *report = data;
    if (report->violations)
        json_array_append_new(report->violations, json_pack("{s:i, s:s, s:s}", "invariant", info->invariant,
                                                            "check", info->name, "what", what));
    else
        g_print("%2d %-18s %s\n", info->invariant, info->name, what);
}

static void on_done(const struct check_info *info, guint violations, const char *told, void *data)
{
    struct report *report = data;
    report->checks_done++;
    if (report->checks)
        json_array_append_new(report->checks,
                              json_pack("{s:i, s:s, s:s, s:i}", "invariant", info->invariant, "check",
                                        info->name, "text", _(info->text), "violations", (int)violations));
    else if (report->explain)
        g_print("%2d %-18s %s: %s\n", info->invariant, info->name, _(info->text),
                violations ? _("VIOLATED") : _("holds"));
    if (told && !report->violations)
        g_print("%2d %-18s %s\n", info->invariant, info->name, told);
    else if (told)
        json_array_append_new(report->told, json_pack("{s:s, s:s}", "check", info->name, "told", told));
}

static void say_summary(struct call *call, const struct report *report, guint violations)
{
    if (!call->json) {
        g_print(_("%u checks, %u violations\n"), report->checks_done, violations);
        return;
    }
    call->answer = json_pack("{s:i, s:i, s:O, s:O}", "checks", (int)report->checks_done, "violations", (int)violations,
                             "found", report->violations, "told", report->told);
    if (report->checks)
        json_object_set(call->answer, "looked", report->checks);
}

static enum check_depth depth_of(const struct given *given)
{
    return given->full ? CHECK_FULL : given->fast ? CHECK_FAST : CHECK_NORMAL;
}

static gboolean look(const struct call *call, struct report *report, guint *violations, GError **error)
{
    g_autoptr(db) db = db_open(call->options->db_url, DB_USE, error);
    if (!db)
        return FALSE;
    db_set_patience(db, 0);
    const struct given *given = call->given;
    const struct check_way way = {.depth = depth_of(given), .now_utc_ms = clock_now(NULL), .journal_key = given->journal_key,
                                  .seals = given->seals, .report = on_violation, .done = on_done, .data = report};
    return check_run(db, &way, violations, error);
}

static gboolean do_check(struct call *call, GError **error)
{
    const struct given *given = call->given;
    struct report report = {.explain = given->explain,
                            .violations = call->json ? json_array() : NULL,
                            .told = call->json ? json_array() : NULL,
                            .checks = call->json && given->explain ? json_array() : NULL};
    guint violations = 0;
    gboolean good = look(call, &report, &violations, error);
    call->status = !good ? EXIT_USAGE : violations ? EXIT_REFUSED : EXIT_OK;
    if (good)
        say_summary(call, &report, violations);
    json_decref(report.violations);
    json_decref(report.told);
    json_decref(report.checks);
    return good;
}

static const struct option OPTIONS[] = {
    OPTION_FLAG("fast", fast, N_("only what indexes answer")),
    OPTION_FLAG("full", full, N_("every page and every number, too")),
    OPTION_TEXT("journal-key", journal_key, N_("the journal's first key, if it is not where init has put it"), N_("FILE")),
    OPTION_TEXT("seals", seals, N_("the seals that were sent to the second place, to be compared"), N_("FILE")),
    OPTION_FLAG("explain", explain, N_("say what each check looks for")),
};
static const struct verb VERBS[] = {{NULL, 0, 0, NULL, do_check, NO_SITE, BY_ANYBODY}};

const struct subcommand command_check = {
    "check", N_("look whether the invariants hold"), VERBS_OF(VERBS), OPTIONS_OF(OPTIONS, struct given),
};

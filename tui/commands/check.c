/* SPDX-License-Identifier: MIT
 *
 * packline check: looks whether the invariants hold, and changes nothing. Exit 0 clean, 1 violated, 2 could
 * not look.
 */
#include <glib.h>
#include <jansson.h>

#include "core/base/error.h"
#include "core/base/clock.h"
#include "core/base/translate.h"
#include "core/check/check.h"
#include "core/db/db.h"
#include "tui/commands/commands.h"
#include "tui/commands/options.h"

struct report {
    gboolean explain;
    json_t *violations; /* NULL: text */
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

static void on_done(const struct check_info *info, guint violations, void *data)
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
}

static void print_summary(const struct report *report, guint violations)
{
    if (!report->violations) {
        g_print(_("%u checks, %u violations\n"), report->checks_done, violations);
        return;
    }
    json_t *object = json_pack("{s:i, s:i, s:O}", "checks", (int)report->checks_done, "violations",
                               (int)violations, "found", report->violations);
    if (report->checks)
        json_object_set(object, "looked", report->checks);
    options_print(object);
}

static gboolean run(const char *url, enum check_depth depth, struct report *report, guint *violations,
                    GError **error)
{
    struct db *db = db_open(url, DB_USE, error);
    if (!db)
        return FALSE;
    db_set_patience(db, 0);
    gboolean good =
        check_run(db, depth, clock_now(clock_system()), on_violation, on_done, report, violations, error);
    db_close(db);
    return good;
}

int cmd_check(int argc, char **argv)
{
    struct options options = {0};
    gboolean fast = FALSE, full = FALSE, explain = FALSE;
    const GOptionEntry own[] = {
        {"fast", 0, 0, G_OPTION_ARG_NONE, &fast, N_("only what indexes answer"), NULL},
        {"full", 0, 0, G_OPTION_ARG_NONE, &full, N_("every page and every number, too"), NULL},
        {"explain", 0, 0, G_OPTION_ARG_NONE, &explain, N_("say what each check looks for"), NULL},
        {0},
    };
    GError *error = NULL;
    if (!options_parse(&options, own, N_("check"), &argc, &argv, &error))
        return options_failed(error, options.json);
    struct report report = {.explain = explain,
                            .violations = options.json ? json_array() : NULL,
                            .checks = options.json && explain ? json_array() : NULL};
    guint violations = 0;
    gboolean good = run(options.db_url,
                        full   ? CHECK_FULL
                        : fast ? CHECK_FAST
                               : CHECK_NORMAL,
                        &report, &violations, &error);
    gboolean json = options.json;
    if (good)
        print_summary(&report, violations);
    json_decref(report.violations);
    json_decref(report.checks);
    options_clear(&options);
    if (!good) {
        options_failed(error, json);
        return EXIT_USAGE;
    }
    return violations ? EXIT_REFUSED : EXIT_OK;
}

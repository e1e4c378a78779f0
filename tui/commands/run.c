/* SPDX-License-Identifier: MIT
 *
 * packline run: print runs, from the command line.
 */
#include <glib.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/settings.h"
#include "core/base/translate.h"
#include "core/print/run.h"
#include "core/print/worker.h"
#include "core/site/site.h"
#include "tui/commands/acting.h"
#include "tui/commands/commands.h"
#include "tui/commands/verbs.h"

/* The options. */
struct given {
    char *filter, *printer;
    gint per_job;
};

enum { LIST_MAX = 30, BAR = 20 };

static void show_progress(int64_t done, int64_t of, void *data)
{
    (void)data;
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r%d / %d%s", (int)done, (int)of, done == of ? "\n" : "");
}

/* As the setting whose place it takes; 0: not given. */
static gboolean fits_a_job(int per_job, GError **error)
{
    char *text = g_strdup_printf("%d", per_job);
    gboolean fits = per_job == 0 || setting_accepts(setting_find("labels_per_cups_job"), text, error);
    g_free(text);
    return fits;
}

static gboolean do_start(struct call *call, GError **error)
{
    const struct given *given = call->own;
    struct run_wish wish = {
        .filter = given->filter, .printer = given->printer, .per_submission = given->per_job};
    struct run_made made;
    if (!given->filter) {
        err_set(error, ERR_USAGE, _("start needs --filter."));
        return FALSE;
    }
    if (!fits_a_job(given->per_job, error))
        return FALSE;
    if (!run_start(call->site, &call->actor, &wish, &made, show_progress, NULL, error))
        return FALSE;
    if (call->json)
        call->answer = json_pack("{s:s, s:I, s:I, s:s}", "run", made.number, "labels", (json_int_t)made.labels,
                               "refused", (json_int_t)made.refused, "first_refusal", made.first_refusal);
    else {
        g_print(_("%s: %d labels\n"), made.number, (int)made.labels);
        if (made.refused > 0)
            g_print(_("%d orders left out, the first: %s\n"), (int)made.refused, made.first_refusal);
    }
    return worker_ensure(call->site->url, error);
}

static json_t *run_json(const struct run *run)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "run", run->number,
                     "state", flow_state_name(run->state), "printer", run->printer, "filter", run->filter, "labels",
                     (json_int_t)run->labels, "printed", (json_int_t)run->printed, "under_way",
                     (json_int_t)run->under_way, "queued", (json_int_t)run->queued, "unsure",
                     (json_int_t)run->unsure, "failed", (json_int_t)run->failed, "made_at",
                     (json_int_t)run->made_at, "done_at", (json_int_t)run->done_at, "labels_per_hour",
                     (json_int_t)run->labels_per_hour, "expected_end_at", (json_int_t)run->ends_at);
}

static void print_run(const struct call *call, const struct run *run)
{
    char bar[BAR + 1];
    int64_t done = run->labels > 0 ? run->printed * BAR / run->labels : 0;
    for (int i = 0; i < BAR; i++)
        bar[i] = i < done ? '#' : '.';
    bar[BAR] = '\0';
    g_print("%-6s %-9s [%s] %5d/%-5d  %-12s %s", run->number, flow_state_label(run->state), bar, (int)run->printed,
            (int)run->labels, run->printer, run->filter);
    if (run->labels_per_hour > 0) {
        char *end = acting_time(call->site, run->ends_at);
        g_print(run->done_at ? _("  %d labels/h, ended %s") : _("  %d labels/h, ends %s"), (int)run->labels_per_hour, end);
        g_free(end);
    }
    if (run->unsure + run->failed > 0)
        g_print(_("  %d want an answer"), (int)(run->unsure + run->failed));
    g_print("\n");
}

static gboolean do_status(struct call *call, GError **error)
{
    GArray *runs = runs_load(call->site, LIST_MAX, error);
    if (!runs)
        return FALSE;
    json_t *list = json_array();
    for (guint i = 0; i < runs->len; i++) {
        const struct run *run = &g_array_index(runs, struct run, i);
        json_array_append_new(list, run_json(run));
        if (!call->json)
            print_run(call, run);
    }
    if (call->json)
        call->answer = json_incref(list);
    json_decref(list);
    g_array_unref(runs);
    return TRUE;
}

static gboolean do_pause(struct call *call, GError **error)
{
    return run_pause(call->site, &call->actor, call->args[0], error);
}

static gboolean do_resume(struct call *call, GError **error)
{
    return run_resume(call->site, &call->actor, call->args[0], error) &&
           worker_ensure(call->site->url, error);
}

static gboolean do_cancel(struct call *call, GError **error)
{
    return run_cancel(call->site, &call->actor, call->args[0], error);
}

static const struct verb VERBS[] = {
    {"status", 0, 0, NULL, do_status, MAY_SCAN},
    {"start", 0, 0, N_("--filter FILTER"), do_start, MAY_SCAN},
    {"pause", 1, 1, N_("RUN"), do_pause, MAY_SCAN},
    {"resume", 1, 1, N_("RUN"), do_resume, MAY_SCAN},
    {"cancel", 1, 1, N_("RUN"), do_cancel, MAY_SCAN},
};
static const struct verb_table TABLE = {"run", "status", VERBS, G_N_ELEMENTS(VERBS)};

int cmd_run(int argc, char **argv)
{
    struct given given = {0};
    const GOptionEntry own[] = {
        {"filter", 0, 0, G_OPTION_ARG_STRING, &given.filter,
         N_("start: \"batch=B courier=CODE shop=CODE\", all must hold"), N_("FILTER")},
        {"printer", 0, 0, G_OPTION_ARG_STRING, &given.printer, N_("start: on this printer"), N_("NAME")},
        {"per-job", 0, 0, G_OPTION_ARG_INT, &given.per_job, N_("start: labels in one CUPS job"), "N"},
        {0},
    };
    return verbs_main(&TABLE, own, &given, argc, argv);
}

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
#include "core/base/translate.h"
#include "core/floor/site.h"
#include "core/waybill/run.h"
#include "core/waybill/worker_start.h"
#include "tui/commands/acting.h"
#include "tui/commands/commands.h"
#include "tui/commands/options.h"

struct call {
    struct site *site;
    struct actor actor;
    gboolean json;
    char **args; /* behind the verb */
    char *filter, *printer, *as;
    gint per_job;
};

enum { LIST_MAX = 30, BAR = 20 };

static void show_progress(int64_t done, int64_t of, void *data)
{
    (void)data;
    if (isatty(STDERR_FILENO))
        fprintf(stderr, "\r%d / %d%s", (int)done, (int)of, done == of ? "\n" : "");
}

static gboolean do_start(struct call *call, GError **error)
{
    struct run_wish wish = {
        .filter = call->filter, .printer = call->printer, .per_submission = call->per_job};
    struct run_made made;
    if (!call->filter) {
        err_set(error, ERR_USAGE, _("start needs --filter."));
        return FALSE;
    }
    if (!run_start(call->site, &call->actor, &wish, &made, show_progress, NULL, error))
        return FALSE;
    if (call->json)
        acting_print(json_pack("{s:s, s:I, s:I, s:s}", "run", made.number, "labels", (json_int_t)made.labels,
                               "refused", (json_int_t)made.refused, "first_refusal", made.first_refusal));
    else {
        g_print(_("%s: %d labels\n"), made.number, (int)made.labels);
        if (made.refused > 0)
            g_print(_("%d orders left out, the first: %s\n"), (int)made.refused, made.first_refusal);
    }
    return worker_ensure(call->site->url, error);
}

static json_t *run_json(const struct run *run)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "run", run->number,
                     "state", run->state, "printer", run->printer, "filter", run->filter, "labels",
                     (json_int_t)run->labels, "printed", (json_int_t)run->printed, "under_way",
                     (json_int_t)run->under_way, "queued", (json_int_t)run->queued, "unsure",
                     (json_int_t)run->unsure, "failed", (json_int_t)run->failed, "made_at",
                     (json_int_t)run->made_at, "done_at", (json_int_t)run->done_at);
}

static void print_run(const struct run *run)
{
    char bar[BAR + 1];
    int64_t done = run->labels > 0 ? run->printed * BAR / run->labels : 0;
    for (int i = 0; i < BAR; i++)
        bar[i] = i < done ? '#' : '.';
    bar[BAR] = '\0';
    g_print("%-6s %-9s [%s] %5d/%-5d  %-12s %s", run->number, _(run->state), bar, (int)run->printed,
            (int)run->labels, run->printer, run->filter);
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
            print_run(run);
    }
    if (call->json)
        acting_print(json_incref(list));
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

static const struct verb {
    const char *name;
    int args;
    gboolean (*run)(struct call *call, GError **error);
} VERBS[] = {
    {"status", 0, do_status}, {"start", 0, do_start},   {"pause", 1, do_pause},
    {"resume", 1, do_resume}, {"cancel", 1, do_cancel},
};

static const struct verb *find_verb(int argc, char **argv, GError **error)
{
    const char *name = argc > 1 ? argv[1] : "status";
    for (guint i = 0; i < G_N_ELEMENTS(VERBS); i++)
        if (strcmp(VERBS[i].name, name) == 0 && VERBS[i].args == MAX(argc - 2, 0))
            return &VERBS[i];
    err_set(error, ERR_USAGE,
            _("run takes status, start --filter FILTER, pause RUN, resume RUN, cancel RUN."));
    return NULL;
}

static gboolean run_verb(const struct options *options, struct call *call, int argc, char **argv,
                         GError **error)
{
    const struct verb *verb = find_verb(argc, argv, error);
    call->site = verb ? site_open(options->db_url, "run", NULL, error) : NULL;
    call->args = argv + 2;
    call->json = options->json;
    gboolean good = call->site && acting_as(call->site, call->as, MAY_SCAN, &call->actor, error) &&
                    verb->run(call, error);
    site_close(call->site);
    return good;
}

int cmd_run(int argc, char **argv)
{
    struct options options = {0};
    struct call call = {0};
    GError *error = NULL;
    const GOptionEntry own[] = {
        ACTING_OPTION(call.as),
        {"filter", 0, 0, G_OPTION_ARG_STRING, &call.filter,
         N_("start: \"batch=B courier=CODE shop=CODE\", all must hold"), N_("FILTER")},
        {"printer", 0, 0, G_OPTION_ARG_STRING, &call.printer, N_("start: on this printer"), N_("NAME")},
        {"per-job", 0, 0, G_OPTION_ARG_INT, &call.per_job, N_("start: labels in one CUPS job"), "N"},
        {0},
    };
    if (!options_parse(&options, own,
                       N_("run [status | start --filter FILTER | pause RUN | resume RUN | cancel RUN]"),
                       &argc, &argv, &error))
        return options_failed(error);
    gboolean good = run_verb(&options, &call, argc, argv, &error);
    g_free(call.filter);
    g_free(call.printer);
    g_free(call.as);
    gboolean json = options.json;
    options_clear(&options);
    return good ? EXIT_OK : options_failed_json(error, json);
}

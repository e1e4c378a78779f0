/* SPDX-License-Identifier: MIT
 *
 * packline run: print runs, from the command line.
 */
#include "core/base/error.h"
#include "core/base/settings.h"
#include "core/base/translate.h"
#include "core/print/run.h"
#include "core/print/worker.h"
#include "core/site/site.h"
#include "tui/commands/acting.h"
#include "tui/commands/commands.h"
#include "tui/commands/output.h"
#include "tui/commands/progress.h"

struct given {
    char *filter, *printer;
    gint per_job;
};

enum { LIST_MAX = 30, BAR = 20 };

static void on_progress(int64_t done, int64_t of, void *data)
{
    progress_show((uint64_t)done, (uint64_t)of, data);
}

/* As the setting whose place it takes; 0: not given. */
static gboolean fits_a_job(int per_job, GError **error)
{
    g_autofree char *text = g_strdup_printf("%d", per_job);
    return per_job == 0 || setting_accepts(setting_find("labels_per_cups_job"), text, error);
}

static gboolean do_start(struct call *call, GError **error)
{
    const struct given *given = call->given;
    struct run_wish wish = {.filter = given->filter, .printer = given->printer, .per_submission = given->per_job};
    struct run_made made;
    if (!given->filter)
        return usage_error(error, _("start needs --filter."));
    struct progress progress = progress_begin(call);
    gboolean started = fits_a_job(given->per_job, error) &&
                       run_start(call->site, &call->actor, &wish, &made, on_progress, &progress, error);
    progress_clear(&progress);
    if (!started)
        return FALSE;
    if (call->json)
        call->answer = json_pack("{s:s, s:I, s:I, s:s}", "run", made.number, "labels", (json_int_t)made.labels,
                               "refused", (json_int_t)made.refused, "first_refusal", made.first_refusal);
    else {
        g_print(_("%s: %d labels\n"), made.number, (int)made.labels);
        if (made.refused > 0)
            g_print(_("%d left out, the first: %s\n"), (int)made.refused, made.first_refusal);
    }
    return worker_ensure(call->site, error);
}

static char *bar_of(const struct call *call, const void *data)
{
    const struct run *run = data;
    int done = run->labels > 0 ? (int)CLAMP(run->printed * BAR / run->labels, 0, BAR) : 0;
    (void)call;
    return g_strdup_printf("%.*s%.*s", done, "####################", BAR - done, "....................");
}

/* How fast it is, and what it wants of people; nothing when there is nothing to say. */
static char *rest_of(const struct call *call, const void *data)
{
    const struct run *run = data;
    GString *rest = g_string_new(NULL);
    g_autofree char *end = acting_time(call->site, run->ends_at);
    if (run->labels_per_hour > 0)
        g_string_append_printf(rest, run->done_at ? _("  %d labels/h, ended %s") : _("  %d labels/h, ends %s"),
                               (int)run->labels_per_hour, end);
    if (run->unsure + run->failed > 0)
        g_string_append_printf(rest, _("  %d want an answer"), (int)(run->unsure + run->failed));
    return g_string_free(rest, FALSE);
}

static const struct member MEMBERS[] = {
    MEMBER("run", struct run, number),
    MEMBER_WORD("state", struct run, state, flow_state_name, flow_state_label),
    MEMBER("printer", struct run, printer),
    MEMBER("filter", struct run, filter),
    MEMBER("labels", struct run, labels),
    MEMBER("printed", struct run, printed),
    MEMBER("under_way", struct run, under_way),
    MEMBER("queued", struct run, queued),
    MEMBER("unsure", struct run, unsure),
    MEMBER("failed", struct run, failed),
    MEMBER_AS(TIME, "made_at", struct run, made_at),
    MEMBER_AS(TIME, "done_at", struct run, done_at),
    MEMBER("labels_per_hour", struct run, labels_per_hour),
    MEMBER_AS(TIME, "expected_end_at", struct run, ends_at),
    MEMBER_SHOWN("bar", bar_of),
    MEMBER_SHOWN("rest", rest_of),
};
static const struct output RUNS =
    OUTPUT("{run:<6} {state:<9} [{bar}] {printed:>5}/{labels:<5}  {printer:<12} {filter}{rest}", MEMBERS);

VERB_OF_LIST(do_status, &RUNS, runs_load(call->site, LIST_MAX, error))

VERB_OF_NAME(do_pause, run_pause)
VERB_OF_NAME(do_cancel, run_cancel)

static gboolean do_resume(struct call *call, GError **error)
{
    return run_resume(call->site, &call->actor, call->args[0], error) && worker_ensure(call->site, error);
}

static const struct option OPTIONS[] = {
    OPTION_TEXT("filter", filter, N_("start: \"batch=B courier=CODE shop=CODE\", all must hold"), N_("FILTER")),
    OPTION_TEXT("printer", printer, N_("start: on this printer"), N_("NAME")),
    OPTION_NUMBER("per-job", per_job, N_("start: labels in one CUPS job"), "N"),
};
static const struct verb VERBS[] = {
    {"status", 0, 0, NULL, do_status, MAY_SCAN, BY_ANYBODY},
    {"start", 0, 0, N_("--filter FILTER"), do_start, MAY_SCAN, BY_BADGE},
    {"pause", 1, 1, N_("RUN"), do_pause, MAY_SCAN, BY_BADGE},
    {"resume", 1, 1, N_("RUN"), do_resume, MAY_SCAN, BY_BADGE},
    {"cancel", 1, 1, N_("RUN"), do_cancel, MAY_SCAN, BY_BADGE},
};

const struct subcommand command_run = {
    "run", N_("print the waybills of a batch or a filter in one go"), .bare = "status", VERBS_OF(VERBS),
    OPTIONS_OF(OPTIONS, struct given),
};

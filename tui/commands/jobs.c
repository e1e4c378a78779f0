/* SPDX-License-Identifier: MIT
 *
 * packline jobs: the labels nobody is sure of, and those that failed; what a person who looked says of them.
 */
#include <glib.h>
#include <inttypes.h>
#include <jansson.h>
#include <string.h>

#include "core/act/act.h"
#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/print/printer.h"
#include "core/print/submission.h"
#include "core/print/worker.h"
#include "core/site/site.h"
#include "tui/commands/acting.h"
#include "tui/commands/commands.h"
#include "tui/commands/verbs.h"

/* The options. */
struct given {
    char *reason, *printer;
};

enum { LIST_MAX = 1000 };

static void print_unsure(const struct call *call, const struct unsure *row)
{
    char *at = acting_time(call->site, row->changed_at);
    g_print("%-20" PRId64 " %-8s %-10s %-12s %-20s %-6s %s\n", row->job_id, flow_state_label(row->state),
            row->kind, row->printer, row->number[0] ? row->number : row->batch, at,
            row->text[0] ? _(row->text) : "");
    g_free(at);
}

static json_t *unsure_json(const struct unsure *row)
{
    return json_pack("{s:I, s:s, s:s, s:s, s:s, s:s, s:s, s:I}", "job", (json_int_t)row->job_id, "state",
                     flow_state_name(row->state), "kind", row->kind, "printer", row->printer, "number",
                     row->number, "order", row->order, "text", row->text, "copy", (json_int_t)row->copy);
}

static gboolean do_list(struct call *call, GError **error)
{
    GArray *unsure = jobs_unsure(call->site, LIST_MAX, error);
    if (!unsure)
        return FALSE;
    json_t *list = json_array();
    for (guint i = 0; i < unsure->len; i++) {
        const struct unsure *row = &g_array_index(unsure, struct unsure, i);
        json_array_append_new(list, unsure_json(row));
        if (!call->json)
            print_unsure(call, row);
    }
    if (call->json)
        call->answer = json_incref(list);
    else if (unsure->len > 0)
        g_print("%s\n",
                _("Look at the printer, then: packline jobs answer JOB printed|not-printed, or retry JOB"));
    json_decref(list);
    g_array_unref(unsure);
    return TRUE;
}

static gboolean job_of(struct call *call, struct job *job, GError **error)
{
    guint64 id = 0;
    int found = g_ascii_string_to_unsigned(call->args[0], 10, 1, G_MAXINT64, &id, NULL)
                    ? job_load(call->site, (int64_t)id, job, error)
                    : 0;
    if (found == 0)
        err_set(error, ERR_JOB_UNKNOWN, call->args[0]);
    return found > 0;
}

static gboolean do_answer(struct call *call, GError **error)
{
    struct job job;
    const char *answer = call->args[1];
    if (strcmp(answer, "printed") != 0 && strcmp(answer, "not-printed") != 0) {
        err_set(error, ERR_USAGE, _("The answer is printed or not-printed."));
        return FALSE;
    }
    return job_of(call, &job, error) &&
           job_answer(call->site, &call->actor, job.id, answer, error) && worker_ensure(call->site->url, error);
}

static gboolean do_retry(struct call *call, GError **error)
{
    const struct given *given = call->own;
    struct job job;
    struct printer_row printer = {.id = 0};
    return job_of(call, &job, error) &&
           (!given->printer || printer_find(call->site, given->printer, &printer, error) > 0) &&
           job_retry(call->site, &call->actor, job.id, printer.id, error) && worker_ensure(call->site->url, error);
}

static gboolean do_reprint(struct call *call, GError **error)
{
    const struct given *given = call->own;
    struct job job;
    if (!given->reason || !*given->reason) {
        err_set(error, ERR_USAGE, _("A reprint needs --reason."));
        return FALSE;
    }
    if (!job_of(call, &job, error))
        return FALSE;
    struct event event = {.kind = EV_REPRINT,
                          .actor = call->actor,
                          .shipment_id = job.shipment_id,
                          .printer_id = job.printer_id,
                          .reason = given->reason};
    return flow_do(call->site, event, NULL, error) && worker_ensure(call->site->url, error);
}

static const struct verb VERBS[] = {
    {"list", 0, 0, NULL, do_list, MAY_SCAN},
    {"answer", 2, 2, N_("JOB printed|not-printed"), do_answer, MAY_SCAN},
    {"retry", 1, 1, N_("JOB"), do_retry, MAY_SCAN},
    {"reprint", 1, 1, N_("JOB --reason TEXT"), do_reprint, MAY_SCAN},
};
static const struct verb_table TABLE = {"jobs", "list", VERBS, G_N_ELEMENTS(VERBS)};

int cmd_jobs(int argc, char **argv)
{
    struct given given = {0};
    const GOptionEntry own[] = {
        {"reason", 0, 0, G_OPTION_ARG_STRING, &given.reason, N_("reprint: why"), N_("TEXT")},
        {"printer", 0, 0, G_OPTION_ARG_STRING, &given.printer, N_("retry: on this printer"), N_("NAME")},
        {0},
    };
    return verbs_main(&TABLE, own, &given, argc, argv);
}

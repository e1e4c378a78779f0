/* SPDX-License-Identifier: MIT
 *
 * packline jobs: the labels nobody is sure of, and those that failed; what a person who looked says of them.
 */
#include <string.h>

#include "core/act/act.h"
#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/print/submission.h"
#include "core/print/worker.h"
#include "core/site/site.h"
#include "tui/commands/acting.h"
#include "tui/commands/commands.h"
#include "tui/commands/output.h"

struct given {
    char *reason, *printer;
};

enum { LIST_MAX = 1000 };

/* A waybill's number; other papers are known by their batch. */
static char *known_by(const struct call *call, const void *data)
{
    const struct unsure *row = data;
    (void)call;
    return g_strdup(row->number[0] ? row->number : row->batch);
}

static const struct member MEMBERS[] = {
    MEMBER("job", struct unsure, job_id),
    MEMBER_WORD("state", struct unsure, state, flow_state_name, flow_state_label),
    MEMBER("kind", struct unsure, kind),
    MEMBER("printer", struct unsure, printer),
    MEMBER("number", struct unsure, number),
    MEMBER("order", struct unsure, order),
    MEMBER_AS(SAID, "text", struct unsure, text),
    MEMBER("copy", struct unsure, copy),
    MEMBER_SHOWN("known_by", known_by),
    {.name = "at", .kind = MEMBER_TIME, .at = offsetof(struct unsure, changed_at), .shown = TRUE},
};
static const struct output UNSURE =
    OUTPUT("{job:<20} {state:<8} {kind:<10} {printer:<12} {known_by:<20} {at:<6} {text}", MEMBERS);

static gboolean do_list(struct call *call, GError **error)
{
    GArray *unsure = jobs_unsure(call->site, LIST_MAX, error);
    gboolean any = unsure && unsure->len > 0;
    if (!output_all(call, &UNSURE, unsure))
        return FALSE;
    if (any && !call->json)
        g_print("%s\n", _("Look at the printer, then: packline jobs answer JOB printed|not-printed, or retry JOB"));
    return TRUE;
}

static gboolean job_of(struct call *call, struct job *job, GError **error)
{
    guint64 id = 0;
    int found = g_ascii_string_to_unsigned(call->args[0], 10, 1, G_MAXINT64, &id, NULL)
                    ? job_load(call->site, (int64_t)id, job, error) : 0;
    if (found == 0)
        err_set(error, ERR_JOB_UNKNOWN, call->args[0]);
    return found > 0;
}

static gboolean do_answer(struct call *call, GError **error)
{
    struct job job;
    const char *answer = call->args[1];
    if (strcmp(answer, "printed") != 0 && strcmp(answer, "not-printed") != 0)
        return usage_error(error, _("The answer is printed or not-printed."));
    return job_of(call, &job, error) && job_answer(call->site, &call->actor, job.id, answer, error) &&
           worker_ensure(call->site, error);
}

static gboolean do_retry(struct call *call, GError **error)
{
    const struct given *given = call->given;
    struct job job;
    int64_t printer_id = 0;
    return job_of(call, &job, error) && acting_printer(call, given->printer, &printer_id, error) &&
           job_retry(call->site, &call->actor, job.id, printer_id, error) && worker_ensure(call->site, error);
}

static gboolean do_reprint(struct call *call, GError **error)
{
    const struct given *given = call->given;
    struct job job;
    if (!given->reason || !*given->reason)
        return usage_error(error, _("A reprint needs --reason."));
    return job_of(call, &job, error) &&
           acting_print(call, NULL, (struct event){.kind = EV_REPRINT, .shipment_id = job.shipment_id,
                                                   .printer_id = job.printer_id, .reason = given->reason}, error);
}

static const struct option OPTIONS[] = {
    OPTION_TEXT("reason", reason, N_("reprint: why"), N_("TEXT")),
    OPTION_TEXT("printer", printer, N_("retry: on this printer"), N_("NAME")),
};
static const struct verb VERBS[] = {
    {"list", 0, 0, NULL, do_list, MAY_SCAN, BY_ANYBODY},
    {"answer", 2, 2, N_("JOB printed|not-printed"), do_answer, MAY_SCAN, BY_BADGE},
    {"retry", 1, 1, N_("JOB"), do_retry, MAY_SCAN, BY_BADGE},
    {"reprint", 1, 1, N_("JOB --reason TEXT"), do_reprint, MAY_SCAN, BY_BADGE},
};

const struct subcommand command_jobs = {
    "jobs", N_("labels nobody is sure of: answer, retry, reprint"), .bare = "list", VERBS_OF(VERBS),
    OPTIONS_OF(OPTIONS, struct given),
};

/* SPDX-License-Identifier: MIT */
#include "tui/screens/run_task.h"

#include "core/base/translate.h"
#include "core/print/run.h"
#include "core/print/worker.h"

struct run_task {
    struct task task; /* first */
    char **filters;
    int runs;
    struct run_made made; /* of the last run; labels and refused of all */
};

static void clear(struct task *task)
{
    g_strfreev(((struct run_task *)task)->filters);
}

static gboolean start(struct run_task *run, struct session *session, const char *filter, GError **error)
{
    struct actor by = station_actor(session->station);
    struct run_wish wish = {.filter = filter};
    struct run_made made;
    if (!run_start(session->site, &by, &wish, &made, NULL, NULL, error))
        return FALSE;
    made.labels += run->made.labels;
    made.refused += run->made.refused;
    if (run->made.first_refusal[0])
        g_strlcpy(made.first_refusal, run->made.first_refusal, sizeof made.first_refusal);
    run->made = made;
    run->runs++;
    return TRUE;
}

static gboolean work(struct task *task, struct session *session, GError **error)
{
    struct run_task *run = (struct run_task *)task;
    gboolean good = TRUE;
    for (char **filter = run->filters; good && *filter; filter++)
        good = start(run, session, *filter, error);
    if (run->runs > 0) /* a failure shows as an alert: labels wait and no worker looks after them */
        worker_ensure(session->site, NULL);
    return good;
}

static struct request done(struct task *task)
{
    const struct run_task *run = (const struct run_task *)task;
    const struct run_made *made = &run->made;
    g_autofree char *labels = run->runs == 1 ? g_strdup_printf(_("Run %s: %d labels"), made->number, (int)made->labels)
                                             : g_strdup_printf(_("%d runs: %d labels"), run->runs, (int)made->labels);
    char *message = made->refused ? g_strdup_printf(_("%s, %d left out: %s"), labels, (int)made->refused,
                                                    made->first_refusal)
                                  : g_steal_pointer(&labels);
    return (struct request){.kind = REQUEST_GO, .target = "printers", .message = message,
                            .message_ink = made->refused ? INK_WARN : INK_GOOD};
}

static const struct task_ops OPS = {work, done, clear};

struct request run_task_request(char **filters)
{
    struct run_task *run = task_new(sizeof *run, &OPS);
    run->filters = filters;
    return request_run(&run->task);
}

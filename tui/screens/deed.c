/* SPDX-License-Identifier: MIT */
#include "tui/screens/deed.h"

#include <string.h>

#include "core/act/act.h"
#include "core/act/orders.h"
#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/people/people.h"
#include "core/print/worker.h"

struct deed {
    struct task task; /* first */
    GArray *events;   /* of struct event */
    char *reason, *badge; /* of all of them, or NULL */
    struct site *site;
    struct flow_tally tally;
    gboolean paper; /* some was made */
};

static void clear(struct task *task)
{
    struct deed *deed = (struct deed *)task;
    g_array_unref(deed->events);
    g_free(deed->reason);
    g_free(deed->badge);
}

static gboolean makes_paper(const struct event *event)
{
    return event->kind == EV_PRINT || event->kind == EV_REPRINT || event->kind == EV_RENEW ||
           event->kind == EV_PRINT_AHEAD;
}

static gboolean follow_up(const struct event *event, const struct outcome *outcome, void *data, GError **error)
{
    struct deed *deed = data;
    deed->paper = deed->paper || (outcome->verdict == VERDICT_DONE && makes_paper(event));
    return order_follow_up(deed->site, event, outcome, NULL, error);
}

static gboolean apply(struct deed *deed, struct session *session, GError **error)
{
    deed->site = session->site;
    gboolean ok = flow_do_all(session->site, station_actor(session->station), g_array_ref(deed->events), follow_up,
                              deed, &deed->tally, error);
    if (deed->paper) /* a failure shows as an alert: labels wait and no worker looks after them */
        worker_ensure(session->site, NULL);
    return ok;
}

static gboolean work(struct task *task, struct session *session, GError **error)
{
    struct deed *deed = (struct deed *)task;
    int64_t person_id = 0;
    if (deed->badge && !(person_id = person_known(session->site, deed->badge, error)))
        return FALSE;
    for (guint i = 0; person_id && i < deed->events->len; i++)
        g_array_index(deed->events, struct event, i).person_id = person_id;
    return apply(deed, session, error);
}

static struct request tell(struct task *task)
{
    const struct deed *deed = (const struct deed *)task;
    const char *what = flow_event_label(g_array_index(deed->events, struct event, 0).kind);
    int done = (int)deed->tally.done, refused = (int)deed->tally.refused;
    if (refused == 0)
        return request_told(g_strdup_printf(_("%s: %d done"), what, done), TRUE);
    char number[8];
    g_autofree char *first =
        g_strdup_printf("%s %s", err_number(deed->tally.first.code, number), deed->tally.first.text);
    if (deed->events->len == 1)
        return request_told(g_steal_pointer(&first), FALSE);
    return request_told(g_strdup_printf(_("%s: %d done, %d refused: %s"), what, done, refused, first), FALSE);
}

static const struct task_ops OPS = {work, tell, clear};

struct request deed_each(const GArray *ids, struct event event, size_t id_at, const char *reason, const char *badge)
{
    struct deed *deed = task_new(sizeof *deed, &OPS);
    deed->badge = g_strdup(badge);
    event.reason = deed->reason = g_strdup(reason);
    deed->events = g_array_new(FALSE, TRUE, sizeof event);
    for (guint i = 0; i < ids->len; i++) {
        memcpy((char *)&event + id_at, &g_array_index(ids, int64_t, i), sizeof(int64_t));
        g_array_append_val(deed->events, event);
    }
    return request_run(&deed->task);
}

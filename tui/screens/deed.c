/* SPDX-License-Identifier: MIT */
#include "tui/screens/deed.h"

#include <string.h>

#include "core/act/orders.h"
#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/people/people.h"
#include "core/print/worker.h"

struct deed {
    struct task task; /* first */
    GArray *events;   /* of struct event */
    GStringChunk *texts;
    const char *badge; /* of texts; NULL: the events are for nobody in particular */
    int done, refused;
    char first[240]; /* the first refusal */
};

static void clear(struct task *task)
{
    struct deed *deed = (struct deed *)task;
    g_array_unref(deed->events);
    g_string_chunk_free(deed->texts);
}

static gboolean makes_paper(const struct event *event)
{
    return event->kind == EV_PRINT || event->kind == EV_REPRINT || event->kind == EV_RENEW ||
           event->kind == EV_PRINT_AHEAD;
}

static void note_refusal(struct deed *deed, const struct outcome *outcome)
{
    char number[8];
    g_snprintf(deed->first, sizeof deed->first, "%s %s", err_number(outcome->code, number), outcome->text);
}

static gboolean apply(struct deed *deed, struct session *session, struct event *events, size_t n,
                      GError **error)
{
    gboolean paper = FALSE;
    g_autofree struct outcome *outcomes = g_new0(struct outcome, n + 1);
    gboolean ok = flow_apply(session->site, events, n, outcomes, error);
    for (size_t i = 0; ok && i < n; i++) {
        gboolean done = outcomes[i].verdict == VERDICT_DONE;
        if (!done && deed->refused == 0)
            note_refusal(deed, &outcomes[i]);
        deed->done += done;
        deed->refused += !done;
        paper = paper || (done && makes_paper(&events[i]));
        ok = order_follow_up(session->site, &events[i], &outcomes[i], NULL, error);
    }
    if (paper) /* a failure shows as an alert: labels wait and no worker looks after them */
        worker_ensure(session->site->url, NULL);
    return ok;
}

static gboolean find_person(const struct deed *deed, struct session *session, int64_t *person_id,
                            GError **error)
{
    struct person person;
    int found = person_find(session->site, deed->badge, &person, error);
    if (found == 0)
        err_set(error, ERR_PERSON_UNKNOWN, deed->badge);
    *person_id = found > 0 ? person.id : 0;
    return found > 0;
}

static gboolean work(struct task *task, struct session *session, GError **error)
{
    struct deed *deed = (struct deed *)task;
    struct event *events = (struct event *)(void *)deed->events->data;
    size_t n = deed->events->len;
    int64_t person_id = 0;
    if (deed->badge && !find_person(deed, session, &person_id, error))
        return FALSE;
    for (size_t i = 0; i < n; i++) {
        events[i].actor = station_actor(session->station);
        events[i].key = events[i].key ? events[i].key : flow_key(session->site);
        events[i].person_id = person_id ? person_id : events[i].person_id;
    }
    return apply(deed, session, events, n, error);
}

static struct request done(struct task *task)
{
    const struct deed *deed = (const struct deed *)task;
    const char *what = flow_event_label(g_array_index(deed->events, struct event, 0).kind);
    char *message = deed->refused && deed->events->len == 1 ? g_strdup(deed->first)
                    : deed->refused ? g_strdup_printf(_("%s: %d done, %d refused: %s"), what, deed->done, deed->refused,
                                                      deed->first)
                                    : g_strdup_printf(_("%s: %d done"), what, deed->done);
    return request_told(message, deed->refused == 0);
}

static const struct task_ops OPS = {work, done, clear};

struct deed *deed_new(void)
{
    struct deed *deed = task_new(sizeof *deed, &OPS);
    deed->events = g_array_new(FALSE, TRUE, sizeof(struct event));
    deed->texts = g_string_chunk_new(256);
    return deed;
}

void deed_add(struct deed *deed, struct event event)
{
    g_array_append_val(deed->events, event);
}

const char *deed_text(struct deed *deed, const char *text)
{
    return g_string_chunk_insert(deed->texts, text);
}

struct request deed_request(struct deed *deed)
{
    return request_run(&deed->task);
}

struct request deed_each(const GArray *ids, struct event event, size_t id_at, const char *reason, const char *badge)
{
    struct deed *deed = deed_new();
    deed->badge = badge ? deed_text(deed, badge) : NULL;
    event.reason = reason ? deed_text(deed, reason) : NULL;
    for (guint i = 0; i < ids->len; i++) {
        memcpy((char *)&event + id_at, &g_array_index(ids, int64_t, i), sizeof(int64_t));
        deed_add(deed, event);
    }
    return deed_request(deed);
}

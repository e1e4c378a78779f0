/* SPDX-License-Identifier: MIT */
#include "tui/app/act.h"

#include <string.h>

#include "core/print/worker.h"

static gboolean apply(struct act *act, struct session *session, GError **error)
{
    if (act->skip)
        return station_skip(session->station, act->scan, strlen(act->scan), &act->answer, error);
    if (act->scan)
        return station_scan(session->station, act->scan, strlen(act->scan), act->key, &act->answer, error);
    if (act->command != CMD_NONE)
        return station_command(session->station, act->command, act->argument, act->key, &act->answer, error);
    return TRUE;
}

static gboolean run_act(struct store_request *request, void *context, GError **error)
{
    struct act *act = (struct act *)request;
    struct session *session = context;
    if (act->recover && !site_reconnect(session->site, error))
        return FALSE;
    act->recover = FALSE;
    gboolean applied = apply(act, session, error);
    act->key = act->answer.key ? act->answer.key : act->key;
    if (!applied)
        return FALSE;
    if (act->answer.job_queued) /* a failure shows as an alert: labels wait and no worker looks after them */
        worker_ensure(session->site, NULL);
    act->view = session_view(session, act->scan || act->command != CMD_NONE, error);
    return act->view != NULL;
}

static void free_act(struct store_request *request)
{
    struct act *act = (struct act *)request;
    g_clear_error(&request->error);
    station_view_free(act->view);
    g_free(act->scan);
    g_free(act->argument);
    g_free(act);
}

static struct act *act_new(struct act what)
{
    what.request = (struct store_request){.run = run_act, .free = free_act};
    return g_memdup2(&what, sizeof what);
}

struct act *act_scan(const char *text)
{
    return act_new((struct act){.scan = g_strdup(text)});
}

struct act *act_skip(const char *text)
{
    return act_new((struct act){.scan = g_strdup(text), .skip = TRUE});
}

struct act *act_command(enum command command, const char *argument)
{
    return act_new((struct act){.command = command, .argument = g_strdup(argument)});
}

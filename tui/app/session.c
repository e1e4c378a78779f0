/* SPDX-License-Identifier: MIT */
#include "tui/app/session.h"

#include "core/apply/apply.h"
#include "core/check/check.h"
#include "core/db/db.h"
#include "core/print/worker.h"
#include "core/site/seal.h"

enum { FIRST_LOOK_MS = 1000, ACTS_LOOK_MS = 60000 }; /* the first screen comes first */

static void session_close(void *context)
{
    struct session *session = context;
    if (session->station)
        station_close(session->station);
    if (session->site)
        site_close(session->site);
    g_free(session);
}

static void *session_open(void *data, GError **error)
{
    const struct session_setup *setup = data;
    struct session *session = g_new0(struct session, 1);
    session->site = site_open_as(SITE_STATION, setup->url, setup->station, NULL, error);
    if (session->site)
        db_leave_upkeep(session->site->db);
    if (session->site)
        session->station = station_open(session->site, setup->station, error);
    session->worker_look_ms = session->books_look_ms = session->acts_look_ms = g_get_monotonic_time() / 1000 + FIRST_LOOK_MS;
    if (session->station)
        return session;
    session_close(session);
    return NULL;
}

/* Once, behind the first screen. TRUE: there is something to tell. */
static gboolean look_at_books(struct session *session)
{
    if (session->books_look_ms == 0 || g_get_monotonic_time() / 1000 < session->books_look_ms)
        return FALSE;
    session->books_look_ms = 0;
    struct site *site = session->site;
    return check_quick(site->db, site_now(site), &site->violations, NULL) && site->violations > 0;
}

/* Now and then: acts that died half-way are finished, a transaction a turn, so that scans wait for no more. */
static void finish_acts(struct session *session)
{
    int64_t now_ms = g_get_monotonic_time() / 1000;
    if (now_ms < session->acts_look_ms)
        return;
    if (flow_finish(session->site, NULL) <= 0)
        session->acts_look_ms = now_ms + ACTS_LOOK_MS;
}

static gboolean session_version(void *context, int64_t *version, GError **error)
{
    struct session *session = context;
    worker_keep(session->site, &session->worker_look_ms);
    finish_acts(session);
    if (!look_at_books(session))
        return db_data_version(session->site->db, version, error);
    *version = -1; /* no version: the screens load once more, with the alert */
    return TRUE;
}

static void session_rest(void *context)
{
    struct session *session = context;
    db_upkeep(session->site->db);
    seal_today(session->site, NULL); /* of a station that stays open over midnight */
}

struct store_work session_work(struct session_setup *setup)
{
    return (struct store_work){
        .open = session_open, .close = session_close, .version = session_version, .rest = session_rest, .setup = setup};
}

struct station_view *session_view(struct session *session, gboolean behind_call, GError **error)
{
    g_autofree struct station_view *view = g_new0(struct station_view, 1);
    gboolean ok = (behind_call ? station_view_after : station_view_load)(session->station, view, error);
    return ok ? g_steal_pointer(&view) : NULL;
}

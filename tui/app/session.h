/* SPDX-License-Identifier: MIT
 *
 * What the store thread works on (the site and this station), and the desk: an immutable snapshot of where
 * the station stands, which every screen sees.
 */
#ifndef TUI_APP_SESSION_H
#define TUI_APP_SESSION_H

#include <glib.h>

#include "core/site/site.h"
#include "core/station/station.h"
#include "tui/app/store.h"

/* The store thread's only. */
struct session {
    struct site *site;
    struct station *station;
    int64_t worker_look_ms; /* of worker_keep() */
    int64_t books_look_ms;  /* when the invariants get their quick look; 0: they had it */
};

struct session_setup {
    char *url;
    char *station;
};

/* The work of the store thread; setup must live until the store is open. */
struct store_work session_work(struct session_setup *setup);

struct desk {
    struct station_view view;
    GTimeZone *zone;
    gboolean is_demo;
};

/* Reads the desk: anew, or right behind a call of the station what that left. NULL with *error on failure. On the store
 * thread. */
struct desk *session_desk(struct session *session, gboolean behind_call, GError **error);
void desk_free(struct desk *desk);

/* After a lost connection: opens it again. */
gboolean session_recover(struct session *session, GError **error);

#endif

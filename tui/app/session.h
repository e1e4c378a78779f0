/* SPDX-License-Identifier: MIT
 *
 * What the store thread works on: the site and this station. How the station stands every screen sees, as a view.
 */
#pragma once

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
    int64_t acts_look_ms;   /* when it is looked next whether an act died half-way */
};

struct session_setup {
    const char *url, *station;
};

/* The work of the store thread; setup must live until the store is open. */
struct store_work session_work(struct session_setup *setup);

/* Where the station stands: anew, or right behind a call what that left. NULL with *error on failure; free it with
 * station_view_free(). On the store thread. */
struct station_view *session_view(struct session *session, gboolean behind_call, GError **error);

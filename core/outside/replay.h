/* SPDX-License-Identifier: MIT
 *
 * A copy of the floor as it was at an instant, in a SQLite file of its own: for disputes, training and rehearsals. What had
 * happened by then (cut.h) is taken over and folded; what others said is as they say it today (copied.h). The copy knows that
 * it is one (site->copy_of_at), and nothing leaves it: no paper, no export.
 *
 * Nobody's PIN is taken over: who may write the file sets one, packline people passwd BADGE --db sqlite:COPY.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

struct clock;

struct replay_call {
    const char *from_url;
    const char *to_url; /* sqlite:PATH, where nothing is yet */
    const char *until;  /* "2026-11-22 14:03", ":07" and ".123" behind it if need be, in the warehouse's time or with a zone */
    gboolean with_recipients;
    const struct clock *clock; /* NULL: the system's */
    void (*on_progress)(uint64_t done, uint64_t of, void *data); /* may be NULL */
    void *data;
};

struct replay_made {
    int64_t until_utc_ms, shipments, events;
};

/* Others go on working on the floor meanwhile. FALSE with *error: there is no file of that name. ERR_COPY_THERE,
 * ERR_COPY_PLACE, ERR_COPY_TIME, ERR_COPY_EARLY, ... */
gboolean replay_floor(const struct replay_call *call, struct replay_made *made, GError **error);

/* SPDX-License-Identifier: MIT
 *
 * One printer at work: what the worker does for it each turn, one step after the other, each ending in the
 * database. After a crash the same steps go on from what is there; nothing is sent again.
 */
#pragma once

#include "core/print/printer.h"
#include "printing/queue/document.h"
#include "printing/queue/printer.h"

struct site;

struct printer_work {
    struct printer_row row;
    struct printer *printer; /* NULL: it can't be opened, trouble says why */
    gboolean fresh;          /* nothing was looked up yet since the worker began */
    int open;                /* submissions under way */
    char held[200];          /* why one of them does not move although the printer is well; "" when all do */
    char trouble[200];       /* why it took nothing the last time, though it may say it is well; "" it did */
    int64_t look_at, follow_at, hold_until; /* monotonic ms */
};

/* Brings it to what the printer's row says. */
void printer_work_set(struct printer_work *work, const struct printer_row *row);
void printer_work_clear(struct printer_work *work);

/* Asks the printer how it is when it is time to, and writes it down. */
gboolean printer_work_look(struct printer_work *work, struct site *site, int64_t now_ms, GError **error);

/* Finds out what became of the open submissions when it is time to. *changed is set when one came to its end. */
gboolean printer_work_follow(struct printer_work *work, struct site *site, int64_t now_ms, gboolean *changed,
                             GError **error);

/* Sends what comes next. *changed is set when there was something. */
gboolean printer_work_send(struct printer_work *work, struct site *site, struct studio *studio, int64_t now_ms,
                   gboolean *changed, GError **error);

/* SPDX-License-Identifier: MIT
 *
 * Print runs: the waybills of a batch or of a filter, in one go, before or after picking. A run's labels are
 * jobs like all others; the run gives them a sequence, says how many go into one CUPS job, and can be paused.
 * It is put together while paused, so that n/N is known before the first label comes out.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/flow/flow.h"

struct site;

struct run {
    int64_t id, labels, made_at, done_at;
    enum state state;
    char number[24], printer[64], batch[32], filter[128];
    int64_t queued, under_way, printed, unsure, failed; /* waybills only */
    int64_t recent;          /* printed in the last five minutes */
    int64_t labels_per_hour; /* of the last minutes, of a closed run over all of it; 0: not known */
    int64_t ends_at;         /* at this rate, UTC ms; when it was done; 0: not known */
};

struct run_wish {
    const char *filter;     /* "batch=B0142", "courier=hct shop=shopee": all must hold */
    const char *printer;    /* NULL: the first one there is */
    int64_t per_submission; /* 0: the site's setting */
};

struct run_made {
    int64_t id, labels;
    int64_t refused; /* shipments and pick lists */
    char number[24];
    char first_refusal[240]; /* "" when none */
};

/* Queues the waybills that have none yet of the orders that fit, by batch, slot and courier; the pick list of every
 * batch comes first. What is refused (a shipment that is blocked, no numbers left) is left out and counted. progress
 * may be NULL. FALSE with *error: ERR_RUN_FILTER, ERR_RUN_EMPTY, ERR_PRINTER_UNKNOWN, ERR_FLOW_RIGHT. */
typedef void (*run_progress)(int64_t done, int64_t of, void *data);
gboolean run_start(struct site *site, const struct actor *by, const struct run_wish *wish,
                   struct run_made *made, run_progress progress, void *data, GError **error);

gboolean run_pause(struct site *site, const struct actor *by, const char *number, GError **error);
gboolean run_resume(struct site *site, const struct actor *by, const char *number, GError **error);
/* What is not on its way to the printer yet never comes out; its waybills stay assigned and may be printed at pack. */
gboolean run_cancel(struct site *site, const struct actor *by, const char *number, GError **error);

/* Runs, newest first: the open ones, and closed ones up to limit in all. Of struct run; NULL with *error. */
GArray *runs_load(struct site *site, int64_t limit, GError **error);

/* Marks runs as done whose last label is accounted for. The worker calls it after each submission. */
gboolean runs_settle(struct site *site, GError **error);

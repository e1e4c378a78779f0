/* SPDX-License-Identifier: MIT
 *
 * printing/queue: the worker and its printers.
 *
 * The print worker: one a database and host. It serves the printers of its host until it has been idle long
 * enough or is told to end; what it was at goes on with the next one.
 */
#pragma once

#include <glib.h>

struct worker_options {
    const char *db_url;
    const char *host; /* whose printers it serves */
    int idle_seconds; /* 0: never ends by itself */
    gboolean once;    /* end when nothing waits and nothing is under way */
};

/* Runs until it ends. Another worker being alive is no error. stop_fd becomes readable when it is to end (a
 * signalfd). */
gboolean worker_run(const struct worker_options *options, int stop_fd, GError **error);

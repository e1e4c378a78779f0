/* SPDX-License-Identifier: MIT */
#include "tui/commands/progress.h"

#include <stdio.h>
#include <unistd.h>

#include "tui/commands/verbs.h"

enum { BAR = 30, OFTEN_US = 100000 };

struct progress progress_begin(const struct call *call)
{
    return (struct progress){.shown = isatty(STDERR_FILENO) && !call->json};
}

void progress_show(uint64_t done, uint64_t of, void *data)
{
    struct progress *progress = data;
    int64_t now = g_get_monotonic_time();
    if (!progress->shown || now - progress->at_us < OFTEN_US)
        return;
    progress->at_us = now;
    int filled = of ? (int)(done * BAR / of) : BAR;
    fprintf(stderr, "\r[%.*s%*s] %" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT " ", filled, "##############################",
            BAR - filled, "", done, of);
    fflush(stderr);
}

void progress_clear(const struct progress *progress)
{
    if (progress->at_us)
        fprintf(stderr, "\r%*s\r", BAR + 40, "");
}

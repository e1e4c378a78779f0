/* SPDX-License-Identifier: MIT
 *
 * How far a long command is: a bar on standard error, where that is a terminal and the answer is for people.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

struct call;

struct progress {
    gboolean shown;
    int64_t at_us; /* when it was drawn last; 0: not yet */
};

struct progress progress_begin(const struct call *call);

/* As often as one likes. data is the struct progress. */
void progress_show(uint64_t done, uint64_t of, void *data);

/* Before other lines are written, and at the end. */
void progress_clear(const struct progress *progress);

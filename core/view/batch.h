/* SPDX-License-Identifier: MIT
 *
 * The open batches and the people at work, as the lead sees them in one moment: how far, how fast, and whether it will be in
 * time.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/act/batches.h"
#include "core/base/autoptr.h"

struct site;

enum { BATCH_ROWS = 200 };

struct batch_worker {
    int64_t acts_hour, last_at; /* what the person did in the last hour, and when last */
    char name[96], batch[32], station[64];
};

struct batch_view {
    GArray *rows;   /* of struct batch_row */
    GArray *people; /* of struct batch_worker */
};

/* All of one moment inside of a db_snapshot(). NULL with *error on failure. Free with batch_view_free(). */
struct batch_view *batch_view_load(struct site *site, GError **error);
void batch_view_free(void *view);
DEFINE_AUTOPTR(batch_view, batch_view_free)

/* SPDX-License-Identifier: MIT
 *
 * The open batches and the people at work, as the lead sees them: how far, how fast, and whether it will be
 * in time.
 */
#ifndef CORE_FLOOR_BATCH_VIEW_H
#define CORE_FLOOR_BATCH_VIEW_H

#include <glib.h>
#include <stdint.h>

#include "core/floor/flow.h"

struct site;

enum { BATCH_ROWS = 200, BATCH_PEOPLE = 40 };

struct batch_row {
    int64_t id, version, cut_off_at, shipments, lines, lines_done, lines_hour; /* picks of the last hour */
    char number[32], kind[16], courier[32], person[96];
    enum state state;
};

struct batch_person {
    int64_t acts_hour, last_at; /* what the person did in the last hour, and when last */
    char name[96], batch[32], station[64];
};

struct batch_view {
    struct batch_row rows[BATCH_ROWS];
    int count;
    struct batch_person people[BATCH_PEOPLE];
    int people_count;
};

/* In one read snapshot. NULL with *error on failure. Caller frees. */
struct batch_view *batch_view_load(struct site *site, GError **error);

/* When it will be done at the last hour's pace, UTC ms; 0 when nobody works on it. */
int64_t batch_done_at(const struct batch_row *row, int64_t now_utc_ms);

#endif

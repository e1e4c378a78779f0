/* SPDX-License-Identifier: MIT
 *
 * One small floor at one moment, and a station on it: what screens are drawn of.
 */
#pragma once

#include "core/base/clock.h"
#include "tests/support/clock_manual.h"
#include "tests/support/floor.h"
#include "tui/app/screen.h"

#define STAGE_NOW_MS INT64_C(1763791380000) /* 2025-11-22 14:03 in Taipei */

struct stage {
    const char *language;
    struct testdb *test;
    struct clock_manual clock;
    struct floor *floor;
    struct session session;
    struct station_view *view;
    struct actor lead;
    int64_t orders[8];
};

void stage_open(struct stage *stage, const char *language);
void stage_close(struct stage *stage);
void stage_exec(struct stage *stage, const char *sql, const struct db_value *args, size_t count);

/* A batch of two with a tote each, begun by its picker. */
void stage_batch(struct stage *stage);
void stage_hold(struct stage *stage, int64_t shipment, enum block block, const char *reason);

/* One is labelled and waits at the dock, one is out. */
void stage_labelled(struct stage *stage);
void stage_print_room(struct stage *stage);
void stage_unmapped(struct stage *stage);

void stage_scan(struct stage *stage, const char *text);
void stage_command(struct stage *stage, enum command which, const char *argument);
void stage_log_in(struct stage *stage);

/* The view as it is now. */
void stage_look(struct stage *stage);

/* A screen's snapshot anew, as the app loads it. */
void stage_load(struct stage *stage, const struct screen *screen, struct place *place);

/* All that a place has of a screen. */
void stage_leave(const struct screen *screen, struct place *place);

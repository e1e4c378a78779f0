/* SPDX-License-Identifier: MIT
 *
 * A floor at work around what is measured: stations that scan once a second each, an import that never
 * ends, and a print run of thousands of labels into a folder. Every one is a process of its own.
 */
#pragma once

#include "tests/bench/bench_floor.h"

/* Counts an item of a shipment that is being packed into the box, or out again: pack when n is even. FALSE:
 * not done. */
gboolean crowd_step(struct floor *floor, int64_t shipment, int64_t line, int n);

/* Picked shipments for count stations. */
void crowd_shipments(struct bench_floor *bench, const char *prefix, int64_t *shipments, int count);

struct crowd;
struct crowd *crowd_start(struct bench_floor *bench, int stations);
/* Ends it. Returns how many of the stations' scans were done. */
int64_t crowd_stop(struct crowd *crowd, struct bench_floor *bench);

/* SPDX-License-Identifier: MIT
 *
 * A floor whose printer "label-1" is a folder, and the worker that serves it.
 */
#pragma once

#include "core/print/run.h"
#include "tests/support/floor.h"
#include "tests/support/paper.h"

struct paper_room {
    struct testdb *test;
    struct floor *floor;
    char *paper; /* the folder that is the printer */
};

void paper_room_open(struct paper_room *room, struct testdb *test);
void paper_room_close(struct paper_room *room);

/* The number of a shipment's waybill; caller frees. */
char *paper_room_number(struct paper_room *room, int64_t shipment);

/* A worker comes, prints what waits, and ends well. */
void paper_room_work(struct paper_room *room);

void paper_room_run(struct paper_room *room, const char *filter, int64_t per_submission, struct run_made *made);

/* So many waybills lie in the folder, each once. */
void paper_room_each_once(struct paper_room *room, int64_t labels);

/* SPDX-License-Identifier: MIT
 *
 * Three products on their shelves, orders and batches of them: what picking is tried on.
 */
#pragma once

#include "core/act/batches.h"
#include "tests/support/floor.h"

#define MUG "4710000000017"
#define TEA "4710000000024"
#define PEN "4710000000031"

/* MUG-RED, TEA-OOL and PEN-BLU, each in a bin of its own in walking order (A-01, B-01, C-01), 20 of each. */
void stock_up(struct floor *floor);
/* A released order of so many of each. */
int64_t ready(struct floor *floor, const char *number, int mugs, int teas, int pens);

/* A batch a lead made of them all; of nobody with person_id 0. */
int64_t batch_of(struct floor *floor, const int64_t *shipments, size_t n, int64_t person_id);
struct batch_row row_of(struct floor *floor, int64_t batch_id);
void batch_is(struct floor *floor, int64_t batch_id, enum state state);

/* The units of the shipment that were picked. */
int64_t picked_of(struct floor *floor, int64_t shipment);
/* The bins that wait to be counted. */
int64_t open_counts(struct floor *floor);

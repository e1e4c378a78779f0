/* SPDX-License-Identifier: MIT
 *
 * Orders of two lines on their way into boxes: what packing, its papers and its lots are tried on.
 */
#pragma once

#include "tests/support/floor.h"

/* The first line (0) or the last (1). */
int64_t line_at(struct floor *floor, int64_t shipment, int n);

/* Events to be applied: a packer counts, a lead does. */
struct event pack(struct floor *floor, int64_t shipment, int64_t line, int quantity);
struct event by_lead(struct floor *floor, enum event_kind kind, int64_t shipment);

/* Two lines of two, picked. */
int64_t picked(struct floor *floor, const char *number);
/* The first line is in a closed box of its own, the second is still to be packed. */
int64_t split(struct floor *floor, const char *number);
void pack_rest(struct floor *floor, int64_t shipment);

/* Every closed box gets its label. */
void apply_all(struct floor *floor, int64_t shipment);

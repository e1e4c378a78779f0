/* SPDX-License-Identifier: MIT
 *
 * Making a batch from a list: of chosen shipments, or of the next ones. What may not join is left out and told.
 */
#pragma once

#include "tui/app/screen.h"

/* Of these shipments, in their order; ids (of int64_t) are copied. */
struct request batching_of(GArray *ids);

/* Of the next ones, most urgent first, as "COUNT" or "COUNT COURIER" says. A text that says no count is answered with
 * what is wanted. */
struct request batching_next(const char *text);

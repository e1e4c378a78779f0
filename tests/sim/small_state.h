/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/sim/memory.h"

/* A number for where a memory is, as far as anything that can still happen depends on it: two histories that lead to the same
 * have the same. Ids, hours, versions and numbers that were given stand for what they are of, not for themselves; what is
 * over and done with is left out. */
uint64_t small_state(const struct memory *memory, const int64_t *shipments, int count);

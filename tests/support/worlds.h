/* SPDX-License-Identifier: MIT */
#pragma once

#include "core/sim/world.h"

/* Runs a world to its end, which must be a good one, and prints what it has met and how long it took. The environment's
 * NAME_SEED and NAME_ORDERS go before what is given. Caller frees. */
struct world *worlds_run(const char *name, uint64_t seed, int64_t orders);

/* A number of the environment, or what is given. */
int64_t worlds_number(const char *name, const char *what, int64_t otherwise);

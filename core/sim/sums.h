/* SPDX-License-Identifier: MIT
 *
 * Sums by a key of up to four numbers: what lies where, who holds what. The simulator's own book-keeping, which rules have
 * no part in.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/base/autoptr.h"

struct sum {
    int64_t key[4], value;
};

struct sums;

struct sums *sums_new(void);
void sums_free(struct sums *sums);
DEFINE_AUTOPTR(sums, sums_free)

void sums_add(struct sums *sums, const int64_t key[4], int64_t change);
int64_t sums_get(const struct sums *sums, const int64_t key[4]);

/* The n-th place of the table: NULL past the last. What has come to nothing stands there as 0, or not at all. */
const struct sum *sums_at(const struct sums *sums, size_t n);

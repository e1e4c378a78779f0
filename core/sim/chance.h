/* SPDX-License-Identifier: MIT
 *
 * Chance that can be had again: the same seed gives the same draws. Each who draws has a stream of their own, so that what
 * one does leaves the others' chances as they were.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

struct chance {
    uint64_t state;
};

/* The n-th stream of a seed. */
static inline struct chance chance_of(uint64_t seed, uint64_t stream)
{
    return (struct chance){seed * UINT64_C(0xd1342543de82ef95) + stream * UINT64_C(0x2545f4914f6cdd1d) + 1};
}

/* splitmix64 */
static inline uint64_t chance_next(struct chance *chance)
{
    uint64_t z = chance->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

static inline int64_t chance_below(struct chance *chance, int64_t n)
{
    return n > 0 ? (int64_t)(chance_next(chance) % (uint64_t)n) : 0;
}

static inline gboolean chance_percent(struct chance *chance, int percent)
{
    return chance_below(chance, 100) < percent;
}

/* SPDX-License-Identifier: MIT */
#include "core/sim/sums.h"

#include <string.h>

struct sums {
    struct sum *places;
    size_t size, used; /* size is a power of two, at most three quarters are used */
};

enum { FIRST_SIZE = 64 };

struct sums *sums_new(void)
{
    struct sums *sums = g_new0(struct sums, 1);
    sums->size = FIRST_SIZE;
    sums->places = g_new0(struct sum, sums->size);
    return sums;
}

void sums_free(struct sums *sums)
{
    if (!sums)
        return;
    g_free(sums->places);
    g_free(sums);
}

static size_t place_of(const int64_t key[4])
{
    uint64_t hash = 0;
    for (int i = 0; i < 4; i++) {
        hash = (hash ^ (uint64_t)key[i]) * UINT64_C(0x9e3779b97f4a7c15);
        hash ^= hash >> 29;
    }
    return (size_t)hash;
}

static gboolean is_used(const struct sum *sum)
{
    return (sum->key[0] | sum->key[1] | sum->key[2] | sum->key[3]) != 0;
}

/* The key's place, or the free one where it belongs. */
static struct sum *find(const struct sums *sums, const int64_t key[4])
{
    for (size_t at = place_of(key);; at++) {
        struct sum *sum = &sums->places[at & (sums->size - 1)];
        if (!is_used(sum) || memcmp(sum->key, key, sizeof sum->key) == 0)
            return sum;
    }
}

/* What has come to nothing is left out. */
static void rebuild(struct sums *sums)
{
    struct sum *old = sums->places;
    size_t count = sums->size, worth = 0;
    for (size_t i = 0; i < count; i++)
        worth += old[i].value != 0;
    while (sums->size < 2 * worth + FIRST_SIZE)
        sums->size *= 2;
    sums->places = g_new0(struct sum, sums->size);
    sums->used = worth;
    for (size_t i = 0; i < count; i++)
        if (old[i].value != 0)
            *find(sums, old[i].key) = old[i];
    g_free(old);
}

void sums_add(struct sums *sums, const int64_t key[4], int64_t change)
{
    struct sum *sum = find(sums, key);
    if (!is_used(sum)) {
        memcpy(sum->key, key, sizeof sum->key);
        sums->used++;
    }
    sum->value += change;
    if (sums->used * 4 > sums->size * 3)
        rebuild(sums);
}

int64_t sums_get(const struct sums *sums, const int64_t key[4])
{
    return find(sums, key)->value;
}

const struct sum *sums_at(const struct sums *sums, size_t n)
{
    return n < sums->size ? &sums->places[n] : NULL;
}

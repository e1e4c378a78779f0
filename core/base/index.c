/* SPDX-License-Identifier: MIT */
#include "core/base/index.h"

#include <glib.h>

enum { FIRST_SIZE = 16 };

/* Where a key belongs. Ids are made one after the other: the product spreads them. */
static size_t home_of(const struct index *index, int64_t key)
{
    uint64_t product = (uint64_t)key * UINT64_C(0x9e3779b97f4a7c15);
    return (size_t)(product >> 32) & (index->size - 1);
}

/* Its place, or the free one where it would stand. */
static struct index_place *place_of(const struct index *index, int64_t key)
{
    size_t at = home_of(index, key);
    while (index->places[at].value && index->places[at].key != key)
        at = (at + 1) & (index->size - 1);
    return &index->places[at];
}

void *index_find(const struct index *index, int64_t key)
{
    return index->places ? place_of(index, key)->value : NULL;
}

static void grow(struct index *index)
{
    struct index_place *old = index->places;
    size_t count = index->size;
    index->size = count ? 2 * count : FIRST_SIZE;
    index->places = g_new0(struct index_place, index->size);
    for (size_t i = 0; i < count; i++)
        if (old[i].value)
            *place_of(index, old[i].key) = old[i];
    g_free(old);
}

void index_put(struct index *index, int64_t key, void *value)
{
    if (3 * (index->used + 1) > 2 * index->size)
        grow(index);
    struct index_place *place = place_of(index, key);
    index->used += place->value == NULL;
    *place = (struct index_place){key, value};
}

/* Whoever was pushed on by what stood in the gap moves up, so that no search ends too early. */
static void close_gap(struct index *index, size_t gap)
{
    size_t mask = index->size - 1;
    for (size_t at = (gap + 1) & mask; index->places[at].value; at = (at + 1) & mask) {
        size_t home = home_of(index, index->places[at].key);
        if (((at - home) & mask) < ((at - gap) & mask))
            continue;
        index->places[gap] = index->places[at];
        gap = at;
    }
    index->places[gap].value = NULL;
}

void index_remove(struct index *index, int64_t key)
{
    struct index_place *place = index->places ? place_of(index, key) : NULL;
    if (!place || !place->value)
        return;
    index->used--;
    close_gap(index, (size_t)(place - index->places));
}

void index_clear(struct index *index)
{
    g_free(index->places);
    *index = (struct index){NULL, 0, 0};
}

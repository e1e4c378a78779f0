/* SPDX-License-Identifier: MIT */
#include "core/base/id.h"

#include <glib.h>
#include <sodium.h>
#include <string.h>

#include "core/base/clock.h"

#define ID_EPOCH_MS INT64_C(1704067200000)
enum { SEQUENCE_BITS = 12, WRITER_BITS = 10, ROOM = 32, DRAWN_BITS = 16 }; /* ID_MADE_AT() knows, too */

void id_source_init(struct id_source *ids, const struct clock *clock, unsigned writer)
{
    g_assert(writer < ID_WRITERS);
    *ids = (struct id_source){.clock = clock, .writer = writer};
}

int64_t id_next(struct id_source *ids)
{
    int64_t now = clock_now(ids->clock) - ID_EPOCH_MS;
    if (now > ids->last_ms) {
        ids->last_ms = now;
        ids->sequence = 0;
    } else if (ids->sequence >> SEQUENCE_BITS) {
        ids->last_ms++; /* a burst borrows from the next millisecond rather than wait for it */
        ids->sequence = 0;
    }
    return ids->last_ms << (WRITER_BITS + SEQUENCE_BITS) | (int64_t)ids->writer << SEQUENCE_BITS |
           (int64_t)ids->sequence++;
}

int64_t id_next_key(struct id_source *ids)
{
    ids->sequence = (ids->sequence + ROOM - 1) / ROOM * ROOM;
    int64_t key = id_next(ids);
    ids->sequence += ROOM - 1;
    return key;
}

/* splitmix64: any two keys are as far from each other as chance has it. */
static uint64_t mix(uint64_t z)
{
    z += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

/* The highest bit of an id is set by no clock before the year 2058. */
int64_t id_part(int64_t key, unsigned n)
{
    if (key % ROOM == 0 && n < ROOM - 1)
        return key + 1 + (int64_t)n;
    uint64_t drawn = mix((uint64_t)key + (n >> DRAWN_BITS)) >> (DRAWN_BITS + 2);
    return INT64_C(1) << 62 | (int64_t)(drawn << DRAWN_BITS) | (int64_t)(n & ((1u << DRAWN_BITS) - 1));
}

void id_source_after(struct id_source *ids, int64_t at_utc_ms)
{
    if (at_utc_ms - ID_EPOCH_MS < ids->last_ms)
        return;
    ids->last_ms = at_utc_ms - ID_EPOCH_MS + 1;
    ids->sequence = 0;
}

int64_t id_source_last(const struct id_source *ids)
{
    return ids->last_ms + ID_EPOCH_MS;
}

int64_t id_made_at(int64_t id)
{
    return (id >> (WRITER_BITS + SEQUENCE_BITS)) + ID_EPOCH_MS;
}

int64_t id_floor(int64_t at_utc_ms)
{
    int64_t ms = at_utc_ms - ID_EPOCH_MS;
    return ms <= 0 ? 0 : ms << (WRITER_BITS + SEQUENCE_BITS);
}

int64_t id_of_text(const char *text)
{
    unsigned char hash[crypto_generichash_BYTES_MIN];
    int64_t id;
    crypto_generichash(hash, sizeof hash, (const unsigned char *)text, strlen(text), NULL, 0);
    memcpy(&id, hash, sizeof id);
    return id & INT64_MAX;
}

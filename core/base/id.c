/* SPDX-License-Identifier: MIT */
#include "core/base/id.h"

#include <glib.h>

#include "core/base/clock.h"

#define ID_EPOCH_MS INT64_C(1704067200000)
enum { SEQUENCE_BITS = 12, WRITER_BITS = 10 };

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

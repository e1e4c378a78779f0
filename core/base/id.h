/* SPDX-License-Identifier: MIT
 *
 * Row and event ids: 63-bit numbers made by the program, so they are known before the transaction and no counter
 * row is hot. From the top: 41 bits of milliseconds since 2024-01-01 UTC, 10 bits of writer slot, 12 bits of sequence.
 * An id source never repeats and never goes back, even when the clock does.
 *
 * What an event makes has ids that follow from the event's key, so that it makes the same whenever it is judged: id_part().
 */
#pragma once

#include <stdint.h>

struct clock;

enum { ID_WRITERS = 1024 };

struct id_source {
    const struct clock *clock;
    int64_t last_ms;   /* since the id epoch */
    unsigned writer;   /* slot, below ID_WRITERS */
    unsigned sequence; /* next one within last_ms */
};

void id_source_init(struct id_source *ids, const struct clock *clock, unsigned writer);
int64_t id_next(struct id_source *ids);

/* The key of an event: an id with some behind it that are nobody's but its parts'. */
int64_t id_next_key(struct id_source *ids);

/* The n-th part of a key, from 0: of one table ids that are nobody else's, the later the greater. What finds no room behind
 * its key (of the many lines of one order), or whose key is none of ours (a program that serves a bench may send any
 * number), has an id that is drawn by the key, above all of those that are made by the clock. */
int64_t id_part(int64_t key, unsigned n);

/* The next ids are made after an instant, as if the clock showed it, should it be behind. */
void id_source_after(struct id_source *ids, int64_t at_utc_ms);

/* The instant of the last id made; of the epoch before the first. */
int64_t id_source_last(const struct id_source *ids);

/* The instant an id was made, UTC ms. */
int64_t id_made_at(int64_t id);
#define ID_MADE_AT(id) "(" id " / 4194304 + 1704067200000)" /* SQL */

/* The smallest id made at or after an instant: for queries by time over ids. */
int64_t id_floor(int64_t at_utc_ms);

/* What stands for a text where a number is wanted: 63 bits of its hash. */
int64_t id_of_text(const char *text);

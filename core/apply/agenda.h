/* SPDX-License-Identifier: MIT
 *
 * What an act that takes several transactions is going to do, written down before the first of them, with the keys of its
 * events: which subjects it is about is fixed when it begins. An act that dies half-way (its process killed, its connection
 * lost) is finished by who asks again under the same keys, or else by the next program that looks; every event is judged by
 * what is so then, and what is refused is told. Its id is the key of its first event.
 */
#pragma once

#include "core/flow/flow.h"

struct site;

/* How many of the events make the next transaction. */
size_t agenda_chunk(const struct event *events, size_t n);

/* Writes it down, or takes it over when it was. led: when the first event is not done, the others are not asked. */
gboolean agenda_write(struct site *site, const struct event *events, size_t n, gboolean led, GError **error);

/* The part that begins with the n-th event is done: inside the transaction that does it. The last one ends the act. */
gboolean agenda_tick(struct site *site, int64_t id, size_t first, GError **error);

/* Whoever looks next may finish it. */
void agenda_release(struct site *site, int64_t id);

/* --- of others ------------------------------------------------------------------------------------------ */

/* The next part of the oldest act that nobody is at any more. Borrows nothing; cleared by agenda_clear(). */
struct agenda {
    int64_t id;
    gboolean led;
    size_t first;
    GArray *events; /* of struct event */
    GStringChunk *texts;
};

/* 1: there is one, and it is this site's by now; 0: none; -1 failed. */
int agenda_next(struct site *site, struct agenda *agenda, GError **error);
void agenda_clear(struct agenda *agenda);

/* So many of its events were refused. */
gboolean agenda_refused(struct site *site, int64_t id, size_t refused, GError **error);

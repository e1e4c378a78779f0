/* SPDX-License-Identifier: MIT
 *
 * Which events had happened at an instant, when the clocks of those who wrote them may disagree.
 *
 * An event is taken wholly or not at all. It is left out when its own time is later than the instant, and when it came after
 * one that is left out, as far as it is known what came after what:
 *
 *   - later in the journal of the same writer;
 *   - a later version of the same subject;
 *   - a later number of the same range, or of the batches, manifests or runs;
 *   - it names a batch, manifest or run, and that one's making is left out.
 *
 * Of events that take from the same place nothing says for sure which came first: where what is left would have taken or
 * promised more than lay there, the latest of those that took give way until it is lawful.
 *
 * So what is taken is, of each writer's journal, all up to one row: chains, heads and seals stay whole. Where all clocks agree
 * it is what had happened by then. A station whose clock is ahead is taken up to an earlier moment, and with it who built on
 * what it did; one that is behind, up to a later one.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/base/autoptr.h"

struct db;

struct cut;

/* Reads the journal and all differences: some 100 bytes an event are kept while it is looked. Inside a snapshot. until: the
 * instant as people said it. NULL with *error. */
struct cut *cut_find(struct db *from, int64_t until_utc_ms, const char *until, GError **error);
void cut_free(struct cut *cut);
DEFINE_AUTOPTR(cut, cut_free)

gboolean cut_keeps(const struct cut *cut, int64_t event_key);

/* The last row that is taken of a writer's journal; 0: none, or there is no such writer. */
int64_t cut_last(const struct cut *cut, int64_t writer);

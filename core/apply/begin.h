/* SPDX-License-Identifier: MIT
 *
 * Where a floor's history begins: with the first event. Of a floor that was worked before differences were kept, all that
 * stands then is written as the first difference of each subject, at the version it has; of a shipment that is over a digest of
 * it. What came before is not known, and is not asked. What was said by then (core/site/said.h) is sealed as it stands, and so
 * are those differences.
 *
 * It is done page by page, by whoever comes: programs that come meanwhile help, and one that dies leaves the rest to the next.
 * No event is done on the floor before all of it is.
 */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

struct site;

/* Begins it, unless it has begun. Outside of a transaction, before any event of the site. */
gboolean history_begin(struct site *site, GError **error);

/* The same in another way: so many subjects, or seals of rows, a transaction (0: as many as is good), and somebody hears after
 * each of how many shipments this program has taken over, of all there are. */
struct history_way {
    size_t subjects, seals;
    void (*on_page)(uint64_t done, uint64_t of, void *data); /* NULL: nobody */
    void *data;
};
gboolean history_begin_by(struct site *site, const struct history_way *way, GError **error);

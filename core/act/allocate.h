/* SPDX-License-Identifier: MIT
 *
 * Who gets stock. Whatever makes goods or orders free (an import, a mapping, a receipt, a lead), those that wait get
 * what lies free in the order of their promises: urgent first, then the earliest cut-off, then who ordered first. An
 * order that wants more than is left is passed over and keeps nothing from the next. The flow judges every release for
 * good.
 */
#pragma once

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "core/site/actor.h"

struct site;

/* The order of promises, of shipment s and its sales_order o; and the reverse, by which goods are taken away again. */
#define PROMISE_ORDERED_AT "CASE WHEN o.ordered_at = 0 THEN o.imported_at ELSE o.ordered_at END"
#define PROMISE_FIRST                                                                                                  \
    "s.priority DESC, CASE WHEN s.cut_off_at = 0 THEN 1 ELSE 0 END, s.cut_off_at, " PROMISE_ORDERED_AT ", s.id"
#define PROMISE_LAST                                                                                                   \
    "s.priority, CASE WHEN s.cut_off_at = 0 THEN 0 ELSE 1 END, s.cut_off_at DESC, " PROMISE_ORDERED_AT " DESC, s.id DESC"

struct allocation {
    size_t released;
    size_t short_of_stock; /* got the block short */
    size_t still_short;    /* had it before */
    size_t stopped;        /* refused for another reason, or changed by somebody else meanwhile */
};

/* Releases what waits and can be served: everything, or with a product only what wants it. Shipments that are new and
 * go without get the block short. Adds to *result. Not inside a transaction. */
gboolean allocate(struct site *site, struct actor actor, int64_t product_id, struct allocation *result, GError **error);

/* --- what is left ----------------------------------------------------------------------------------------- */

struct want {
    int64_t product_id, quantity;
};

/* Takes what the wants (array of struct want) ask of the free stock (stock_free()): all of it or nothing. */
gboolean allocate_take(GHashTable *free_stock, const GArray *wants);

/* Whether they could be served if they were the only ones. */
gboolean allocate_covers(GHashTable *free_stock, const GArray *wants);

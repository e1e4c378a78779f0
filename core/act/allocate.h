/* SPDX-License-Identifier: MIT
 *
 * Shipments that wait: released at once when nothing stops them any more.
 */
#ifndef CORE_ACT_ALLOCATE_H
#define CORE_ACT_ALLOCATE_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "core/site/actor.h"

struct site;

struct waiting_result {
    size_t released;
    size_t short_of_stock; /* got the block short */
    size_t stopped;        /* blocked, or released by somebody else meanwhile */
};

/* Releases shipments in the order given (promise order is the caller's); one that is short of stock gets the block
 * short. Through flow_apply() like everything else. result may be NULL. */
gboolean waiting_release(struct site *site, struct actor actor, const int64_t *shipment_ids, size_t n,
                         struct waiting_result *result, GError **error);

/* After goods came: releases shipments that wait for the product, the earliest cut-off first. */
gboolean waiting_for_product(struct site *site, struct actor actor, int64_t product_id, struct waiting_result *result,
                             GError **error);

/* New shipments that nothing stops, by priority and cut-off: struct int64_t ids, at most limit. Caller frees. */
GArray *waiting_ready(struct site *site, int64_t limit, GError **error);

#endif

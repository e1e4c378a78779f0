/* SPDX-License-Identifier: MIT
 *
 * Orders by the numbers people say: which shipment is meant, and the acts of a desk that need more than one event.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/flow/flow.h"
#include "core/site/actor.h"

struct site;

struct order_hit {
    int64_t shipment_id; /* the one still in work, else the latest */
    enum state state;
    char order[72], shop[48];
};

/* The shipment an order's number means. shop is its code, NULL: any; a number that several shops use is refused with
 * ERR_ORDER_AMBIGUOUS, which names them. ERR_ORDER_UNKNOWN when there is none. */
gboolean order_find(struct site *site, const char *number, const char *shop, struct order_hit *hit, GError **error);

/* After an event of a lead was applied: a shipment that was unblocked and waits for nothing else is released; one that
 * could not be released for want of stock gets the block short. Every other event: nothing. */
gboolean order_follow_up(struct site *site, const struct event *event, const struct outcome *outcome, gboolean *released,
                         GError **error);

/* Clears a block; what waited for nothing else is released at once. *released may be NULL. */
gboolean order_unblock(struct site *site, struct actor actor, int64_t shipment_id, enum block block, gboolean *released,
                       GError **error);

/* Releases one shipment; one that is short of stock gets the block short and is refused with ERR_SHORT_STOCK. */
gboolean order_release(struct site *site, struct actor actor, int64_t shipment_id, GError **error);

/* The order goes without a product: its lines of that SKU are cancelled, or, where some of one has left, the rest of it is
 * cut off. ERR_ORDER_LINE when it does not want the product. */
gboolean order_cancel_line(struct site *site, struct actor actor, const struct order_hit *hit, const char *sku,
                           const char *reason, GError **error);

/* SPDX-License-Identifier: MIT
 *
 * What a lead does with goods by hand: receives, adjusts, moves and counts them, by SKU and place codes. Each is one
 * event of the flow; orders that waited for the product are released afterwards. Quantities are pieces.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/act/allocate.h"
#include "core/site/actor.h"

struct site;

enum goods_act_kind {
    GOODS_RECEIVE, /* to: the bin; quantity above 0; reason */
    GOODS_ADJUST,  /* from: the bin; quantity with its sign; reason */
    GOODS_MOVE,    /* from, to; quantity above 0 */
    GOODS_COUNT    /* from: the bin; quantity: what lies there; closes the bin's count task. Orders that were to get more
                      than that are short there, the least urgent first: they get it elsewhere or wait. */
};

struct goods_act {
    enum goods_act_kind kind;
    const char *sku;
    const char *from, *to; /* place codes */
    const char *lot;       /* NULL or "": none; received ones are made */
    int expires_on;        /* with a received lot; yyyymmdd, 0: does not expire */
    int64_t quantity;
    const char *reason;
};

struct goods_done {
    int64_t change; /* pieces added (moved, for a move); may be negative or 0 for a count */
    size_t moved;   /* pick lines that a count took their goods from */
    struct allocation waiting;
};

gboolean goods_act(struct site *site, struct actor actor, const struct goods_act *act, struct goods_done *done,
                   GError **error);

/* --- what lies where ------------------------------------------------------------------------------------ */

struct stock_line {
    const char *sku, *name, *place, *kind, *lot; /* borrowed for the call */
    int expires_on;
    int64_t on_hand, reserved;
    gboolean to_count; /* a count task is open */
};
typedef void (*stock_line_fn)(const struct stock_line *line, void *data);

/* Goods in the house by SKU and walk order; sku NULL: all. */
gboolean stock_list(struct site *site, const char *sku, stock_line_fn each, void *data, GError **error);

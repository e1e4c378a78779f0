/* SPDX-License-Identifier: MIT
 *
 * What a scan means: its candidates looked up. What the current step expects wins; else the only thing that exists; two
 * existing things are a question. Reads only.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/code/code.h"

struct scan;
struct site;

enum thing_kind {
    THING_SHIPMENT = 1 << 0, /* id: the open shipment of an order, or its latest */
    THING_BATCH = 1 << 1,
    THING_TOTE = 1 << 2,
    THING_BIN = 1 << 3,
    THING_PRODUCT = 1 << 4,  /* quantity: pieces the code counts; lot_id when the scan named a known lot */
    THING_LOT = 1 << 5,
    THING_WAYBILL = 1 << 6,
    THING_PERSON = 1 << 7,
    THING_COMMAND = 1 << 8
};

struct thing {
    enum thing_kind kind;
    int64_t id;
    int64_t quantity;
    int64_t lot_id;
    int64_t line_id;   /* or the pick line, when it is known without looking up (expected.c); 0: it is not */
    enum card card;    /* THING_COMMAND */
    char name[72];     /* as people call it */
};

/* How many things the scan may mean at a step that wants some kinds (a set): those are looked up first, and the rest
 * only when none of them is there. 1: it is in *thing; 0: nothing is known of that name; more: several are; -1: failed. */
int resolve_scan(struct site *site, const struct scan *scan, unsigned wanted, struct thing *thing, GError **error);

/* SPDX-License-Identifier: MIT
 *
 * One shipment with all that people ask about it: lines, blocks, waybill, what happened.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/flow/flow.h"
#include "core/station/station.h"

struct site;

enum { ORDER_LINES = 64, ORDER_BLOCKS = 9, ORDER_EVENTS = 32 };

struct order_line {
    int64_t id;
    char sku[72], name[160], bin[40];
    enum state state;
    int64_t quantity, picked, packed;
};

struct order_block {
    enum block kind;
    char reason[96], person[64];
    int64_t at;
};

struct order_event {
    int64_t at;
    int64_t key; /* one event has one row, also when it moved lines and waybills with the shipment */
    enum event_kind kind;
    enum state to;
    char person[64], station[64];
    enum err code;
};

struct order_view {
    struct shipment_facts ship;
    int64_t ordered_at;
    char person[64], phone_tail[16];
    char waybill[72], waybill_state[16]; /* the last one that is not void */
    struct order_line lines[ORDER_LINES];
    int line_count, lines_more; /* shown, and those there is no room for */
    struct order_block blocks[ORDER_BLOCKS];
    int block_count;
    struct order_event events[ORDER_EVENTS]; /* newest first */
    int event_count;
};

/* Fills a view, inside a read snapshot of the caller or by itself. 1 found, 0 there is none, -1 failed. */
int order_view_load(struct site *site, int64_t shipment_id, struct order_view *view, GError **error);

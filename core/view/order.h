/* SPDX-License-Identifier: MIT
 *
 * One shipment with all a person at a desk asks about it: lines, blocks, waybill, what happened.
 */
#ifndef CORE_VIEW_ORDER_H
#define CORE_VIEW_ORDER_H

#include <glib.h>
#include <stdint.h>

#include "core/base/error.h"
#include "core/flow/flow.h"

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
    int64_t shipment_id, version, cut_off_at, cod_minor, ordered_at;
    char order[72], shop[48], courier[32], service[48], batch[32], person[64], currency[8];
    char recipient[128], phone_tail[16], district[96], store[160], buyer_note[512], seller_remark[512];
    char waybill[72], waybill_state[16];
    enum state state;
    struct order_line lines[ORDER_LINES];
    int line_count, lines_more; /* shown, and those there is no room for */
    struct order_block blocks[ORDER_BLOCKS];
    int block_count;
    struct order_event events[ORDER_EVENTS]; /* newest first */
    int event_count;
};

/* Fills a view, inside a read snapshot of the caller or by itself. 1 found, 0 there is none, -1 failed. */
int order_view_load(struct site *site, int64_t shipment_id, struct order_view *view, GError **error);

#endif

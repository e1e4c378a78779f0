/* SPDX-License-Identifier: MIT
 *
 * core/view: what is only read.
 *
 * The queue of open shipments as the screen shows it: one window of rows, paged by key (cut-off, id), and the
 * counts of the header. A search looks through open shipments by order number, name, phone and SKU, and finds
 * shipped ones too by their exact order or waybill number.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/base/autoptr.h"
#include "core/flow/flow.h"

struct site;

enum { QUEUE_WINDOW = 200 };

struct queue_row {
    int64_t shipment_id, version, cut_off_at, lines, units, lines_done;
    char order[72], shop[48], courier[32], batch[32], person[64];
    enum state state;
    int64_t blocks; /* bits of enum block */
    int64_t lines_short;
};

enum queue_from {
    QUEUE_START,
    QUEUE_AT,     /* the key's row and those after it */
    QUEUE_BEFORE, /* those just before the key */
    QUEUE_END
};

enum queue_only { QUEUE_ANY, QUEUE_LATE, QUEUE_BLOCKED };

struct queue_question {
    enum queue_only only;
    enum block block; /* QUEUE_BLOCKED: which */
    char search[128]; /* QUEUE_ANY: what to find; "" all */
    enum queue_from from;
    int64_t cut_off_at, shipment_id; /* the key */
};

struct queue_counts {
    int64_t by_state[ST_COUNT];
    int64_t total, late, held, shorts;
};

struct queue_view {
    struct queue_row *rows;
    int count;
    int64_t before; /* rows of the whole list before the first one here */
    int64_t total;  /* rows of the whole list, or of the search */
    struct queue_counts counts;
};

/* All of one moment inside of a db_snapshot(). NULL with *error on failure. */
struct queue_view *queue_view_load(struct site *site, const struct queue_question *question, GError **error);
void queue_view_free(struct queue_view *view);
DEFINE_AUTOPTR(queue_view, queue_view_free)

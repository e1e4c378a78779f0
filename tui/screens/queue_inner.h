/* SPDX-License-Identifier: MIT
 *
 * The queue's state and snapshot, for its two files: queue.c asks and handles, queue_draw.c draws.
 */
#pragma once

#include "core/view/order.h"
#include "core/view/queue.h"
#include "tui/app/screen.h"

struct queue {
    struct list list;
    struct queue_question question;
    char shown[160]; /* what the list is narrowed to, in words; "" when it is whole */
};

struct queue_snapshot {
    struct queue_view *view;
    struct order_view *detail; /* NULL when there is none */
    GArray *alerts;            /* of struct alert */
};

/* Wide enough for a pane with the selected order. */
gboolean queue_is_wide(struct rect body);
struct rect queue_list_rect(struct rect body);

void queue_lists(const struct place *place, struct lists *lists);
void queue_draw_counts(const struct queue_counts *counts, struct canvas *canvas, int row); /* its head */
void queue_draw(const struct place *place, struct canvas *canvas, struct rect body);

/* SPDX-License-Identifier: MIT
 *
 * The queue's state and snapshot, for its two files: queue.c asks and handles, queue_draw.c draws.
 */
#ifndef TUI_SCREENS_QUEUE_INNER_H
#define TUI_SCREENS_QUEUE_INNER_H

#include "core/view/order.h"
#include "core/view/queue.h"
#include "tui/screens/marks.h"
#include "tui/widgets/table.h"

struct queue {
    struct cursor cursor; /* over the whole list */
    struct marks marks;
    struct queue_question question;
    int64_t selected_id; /* the shipment the cursor is on: it stays there when rows come and go above */
    char shown[160];     /* what the list is narrowed to, in words; "" when it is whole */
};

struct queue_snapshot {
    struct queue_view *view;
    struct order_view *detail; /* NULL when there is none */
    GArray *alerts;            /* of struct alert */
};

/* Wide enough for a pane with the selected order. */
gboolean queue_is_wide(struct rect body);
struct rect queue_list_rect(struct rect body);

/* The row of the whole list, NULL when it is not in the window that was loaded. */
const struct queue_row *queue_row_at(const struct queue_snapshot *snapshot, int row);

void queue_draw(const struct place *place, struct canvas *canvas, struct rect body);

#endif

/* SPDX-License-Identifier: MIT */
#include "tui/screens/marks.h"

#include "tui/screens/deed.h"

void marks_init(struct marks *marks)
{
    marks->ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
}

void marks_release(struct marks *marks)
{
    g_array_unref(marks->ids);
}

static int place_of(const struct marks *marks, int64_t id)
{
    for (guint i = 0; i < marks->ids->len; i++)
        if (g_array_index(marks->ids, int64_t, i) == id)
            return (int)i;
    return -1;
}

gboolean marks_has(const struct marks *marks, int64_t id)
{
    return place_of(marks, id) >= 0;
}

void marks_toggle(struct marks *marks, int64_t id)
{
    int at = place_of(marks, id);
    if (at >= 0)
        g_array_remove_index(marks->ids, (guint)at);
    else
        g_array_append_val(marks->ids, id);
}

static const struct event EVENTS[] = {
    [MARKS_RELEASE] = {.kind = EV_RELEASE},
    [MARKS_HOLD] = {.kind = EV_BLOCK, .block = BLOCK_HELD, .reason = "held at the queue"},
    [MARKS_UNHOLD] = {.kind = EV_UNBLOCK, .block = BLOCK_HELD},
    [MARKS_BATCH] = {.kind = EV_BATCH},
};

struct request marks_request(struct marks *marks, int64_t selected_id, enum marks_act act)
{
    struct deed *deed = deed_new();
    if (act == MARKS_BATCH) {
        deed_add(deed, (struct event){.kind = EV_BATCH_MAKE});
        deed_into_batch(deed);
    }
    if (marks->ids->len == 0)
        g_array_append_val(marks->ids, selected_id);
    for (guint i = 0; i < marks->ids->len; i++) {
        struct event event = EVENTS[act];
        event.shipment_id = g_array_index(marks->ids, int64_t, i);
        deed_add(deed, event);
    }
    g_array_set_size(marks->ids, 0);
    return deed_request(deed);
}

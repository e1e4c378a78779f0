/* SPDX-License-Identifier: MIT */
#include "tui/screens/marks.h"

#include "tui/screens/batching.h"
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

void marks_toggle_all(struct marks *marks, const int64_t *ids, int count)
{
    gboolean all = TRUE;
    for (int i = 0; i < count; i++)
        all = all && marks_has(marks, ids[i]);
    for (int i = 0; i < count; i++)
        if (all || !marks_has(marks, ids[i]))
            marks_toggle(marks, ids[i]);
}

static const struct event EVENTS[] = {
    [MARKS_RELEASE] = {.kind = EV_RELEASE},
    [MARKS_HOLD] = {.kind = EV_BLOCK, .block = BLOCK_HELD},
    [MARKS_UNHOLD] = {.kind = EV_UNBLOCK, .block = BLOCK_HELD},
};

static struct request deed_of(const struct marks *marks, enum marks_act act, const char *reason)
{
    struct deed *deed = deed_new();
    for (guint i = 0; i < marks->ids->len; i++) {
        struct event event = EVENTS[act];
        event.shipment_id = g_array_index(marks->ids, int64_t, i);
        event.reason = act == MARKS_HOLD ? deed_text(deed, reason ? reason : "") : NULL;
        deed_add(deed, event);
    }
    return deed_request(deed);
}

struct request marks_request(struct marks *marks, int64_t selected_id, enum marks_act act, const char *reason)
{
    if (marks->ids->len == 0)
        g_array_append_val(marks->ids, selected_id);
    struct request request = act == MARKS_BATCH ? batching_of(marks->ids) : deed_of(marks, act, reason);
    g_array_set_size(marks->ids, 0);
    return request;
}

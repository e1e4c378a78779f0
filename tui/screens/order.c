/* SPDX-License-Identifier: MIT
 *
 * One order on the whole screen, and what a lead does with it.
 */
#include <string.h>

#include "core/base/translate.h"
#include "tui/screens/deed.h"
#include "tui/screens/detail.h"
#include "tui/screens/screens.h"

enum { ACT_RELEASE = 1, ACT_HOLD, ACT_UNHOLD, ACT_SPLIT, ACT_CANCEL, ACT_REPRINT, ACT_CANCEL_LINE };

static const struct key_row KEYS[] = {
    {K_NONE, ACT_RELEASE, "release", N_("release"), N_("Reserve its stock and let it be worked"), KEY_FOOTER},
    {K_NONE, ACT_HOLD, "hold", N_("hold"), N_("Stop it where it is; the reason may follow"), KEY_FOOTER | KEY_TAKES},
    {K_NONE, ACT_UNHOLD, "unhold", N_("unhold"), N_("Let it go on"), KEY_FOOTER},
    {K_NONE, ACT_REPRINT, "reprint", N_("reprint"), N_("Print its waybill once more; the reason may follow"),
     KEY_FOOTER | KEY_TAKES},
    {K_NONE, ACT_CANCEL, "cancel", N_("cancel"), N_("Cancel the order on the floor; the reason may follow"),
     KEY_WHOLE | KEY_TAKES},
    {K_NONE, ACT_SPLIT, "split", N_("split"), N_("Let go what is picked; what it waits for follows"), 0},
    {K_NONE, ACT_CANCEL_LINE, "cancel-line", N_("cancel line"),
     N_("SKU: the order goes without it; the reason may follow"), KEY_WHOLE | KEY_TAKES},
    {K_ESC, ACT_BACK, "back", N_("back"), N_("Back to the list"), KEY_FOOTER},
    {0},
};

static const struct event EVENTS[] = {
    [ACT_RELEASE] = {.kind = EV_RELEASE},
    [ACT_HOLD] = DEED_HOLD,
    [ACT_UNHOLD] = DEED_UNHOLD,
    [ACT_SPLIT] = {.kind = EV_SPLIT},
    [ACT_CANCEL] = {.kind = EV_CANCEL},
    [ACT_REPRINT] = {.kind = EV_REPRINT},
};

static void order_enter(void *shipment_id, const char *argument)
{
    *(int64_t *)shipment_id = argument ? g_ascii_strtoll(argument, NULL, 10) : 0;
}

static void *order_load(struct session *session, const void *question, GError **error)
{
    g_autofree struct order_view *view = g_new(struct order_view, 1);
    return order_view_load(session->site, *(const int64_t *)question, view, error) >= 0 ? g_steal_pointer(&view) : NULL;
}

static void order_draw(const struct place *place, struct canvas *canvas, struct rect body)
{
    if (place->snapshot)
        detail_draw(place->snapshot, place, canvas, body);
}

/* "SKU reason": every line of the product; where it has none, the flow says so. */
static struct request cancel_line(const struct order_view *view, const char *argument)
{
    g_auto(GStrv) words = g_strsplit(argument, " ", 2);
    g_autoptr(GArray) ids = g_array_new(FALSE, TRUE, sizeof(int64_t));
    for (int i = 0; words[0] && i < view->line_count; i++)
        if (view->lines[i].state != ST_CANCELLED && strcmp(view->lines[i].sku, words[0]) == 0)
            g_array_append_val(ids, view->lines[i].id);
    if (ids->len == 0)
        g_array_set_size(ids, 1);
    struct event event = {.kind = EV_CANCEL_LINE, .shipment_id = view->ship.id};
    return deed_each(ids, event, offsetof(struct event, line_id), words[0] && words[1] ? words[1] : "", NULL);
}

static struct request order_handle(struct place *place, const struct happening *happening)
{
    const char *argument = happening->argument ? happening->argument : "";
    if (happening->action == ACT_CANCEL_LINE && place->snapshot)
        return cancel_line(place->snapshot, argument);
    if (happening->action <= 0 || happening->action >= ACT_CANCEL_LINE)
        return request_of(REQUEST_NONE);
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_array_append_vals(ids, place->state, 1);
    return deed_each(ids, EVENTS[happening->action], offsetof(struct event, shipment_id), argument, NULL);
}

const struct screen SCREEN_ORDER = {
    .id = "order",
    .title = N_("Order"),
    .flags = SCREEN_SEARCH | SCREEN_LIST,
    .keys = KEYS,
    .state_size = sizeof(int64_t),
    .enter = order_enter,
    .load = order_load,
    .snapshot_free = g_free,
    .draw = order_draw,
    .handle = order_handle,
    .hint = N_("scan (: commands)"),
};

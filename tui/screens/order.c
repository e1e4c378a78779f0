/* SPDX-License-Identifier: MIT
 *
 * One order on the whole screen, and what a lead does with it.
 */
#include <stdlib.h>
#include <string.h>

#include "core/base/translate.h"
#include "tui/screens/deed.h"
#include "tui/screens/detail.h"
#include "tui/screens/screens.h"

enum { ACT_RELEASE = 1, ACT_HOLD, ACT_UNHOLD, ACT_SPLIT, ACT_CANCEL, ACT_REPRINT, ACT_CANCEL_LINE, ACT_LEAVE };

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
    {K_ESC, ACT_LEAVE, "back", N_("back"), N_("Back to the list"), KEY_FOOTER},
    {0},
};

static const struct event EVENTS[] = {
    [ACT_RELEASE] = {.kind = EV_RELEASE},
    [ACT_HOLD] = {.kind = EV_BLOCK, .block = BLOCK_HELD},
    [ACT_UNHOLD] = {.kind = EV_UNBLOCK, .block = BLOCK_HELD},
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
    struct order_view *view = g_new(struct order_view, 1);
    if (order_view_load(session->site, *(const int64_t *)question, view, error) >= 0)
        return view;
    g_free(view);
    return NULL;
}

static void order_draw(const struct place *place, struct canvas *canvas, struct rect body)
{
    if (place->snapshot && place->view)
        detail_draw(place->snapshot, place, canvas, body);
}

/* "SKU reason": every line of the product; where it has none, the flow says so. */
static struct request cancel_line(const struct order_view *view, const char *argument)
{
    g_auto(GStrv) words = g_strsplit(argument, " ", 2);
    struct deed *deed = deed_new();
    gboolean any = FALSE;
    struct event event = {.kind = EV_CANCEL_LINE, .shipment_id = view->ship.id};
    event.reason = deed_text(deed, words[0] && words[1] ? words[1] : "");
    for (int i = 0; i < view->line_count; i++)
        if (words[0] && view->lines[i].state != ST_CANCELLED && strcmp(view->lines[i].sku, words[0]) == 0) {
            event.line_id = view->lines[i].id;
            deed_add(deed, event);
            any = TRUE;
        }
    event.line_id = 0;
    if (!any)
        deed_add(deed, event);
    return deed_request(deed);
}

static struct request order_handle(struct place *place, const struct happening *happening)
{
    const struct input_event *input = happening->input;
    gboolean escaped = input_is_key(input, K_ESC) && !happening->field_changed;
    if (happening->action == ACT_LEAVE || escaped)
        return request_of(REQUEST_BACK);
    if (happening->action <= 0 || happening->action > ACT_CANCEL_LINE)
        return request_of(REQUEST_NONE);
    if (happening->action == ACT_CANCEL_LINE)
        return place->snapshot ? cancel_line(place->snapshot, happening->argument ? happening->argument : "")
                               : request_of(REQUEST_NONE);
    struct deed *deed = deed_new();
    struct event event = EVENTS[happening->action];
    event.shipment_id = *(const int64_t *)place->state;
    event.reason = deed_text(deed, happening->argument ? happening->argument : "");
    deed_add(deed, event);
    return deed_request(deed);
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

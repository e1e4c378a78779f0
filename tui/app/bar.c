/* SPDX-License-Identifier: MIT
 *
 * The red bar: what closes it, and what came too late to be meant. A scan that was on its way when the error came is
 * journalled and counted, not applied, wherever it waited: in our queue, in the terminal's, or still in the memory of a
 * scanner that sends a whole morning at once. So a burst goes on until nothing has come for BAR_QUIET_MS.
 */
#include "core/base/translate.h"
#include "tui/app/inner.h"

enum {
    BAR_QUIET_MS = 250 /* faster than a person sees the bar and does something about it */,
    ACT_CLOSE = 1
};

static const struct key_row KEYS[] = {
    {K_ESC, ACT_CLOSE, NULL, NULL, NULL, 0},
    {K_F2, ACT_CLOSE, NULL, NULL, NULL, 0},
    {0},
};

static void skip(struct app *app, const char *text)
{
    app_act_aside(app, act_skip(text));
    app->bar_ms = loop_now();
}

/* Scans and whole lines are counted; keys are dropped: whoever pressed them did not know. Only what Esc would
 * have taken out of the field goes. */
static void on_its_way(struct app *app, const struct input_event *event)
{
    if (event->type == INPUT_SCAN) {
        skip(app, event->text);
    } else if (input_is_key(event, K_ENTER) && app->field.text->len > 0) {
        skip(app, app->field.text->str);
        field_clear(&app->field);
    } else if (input_is_key(event, K_ESC)) {
        field_clear(&app->field);
    } else {
        field_take(&app->field, event);
    }
}

void app_skip_held(struct app *app)
{
    app->bar_ms = loop_now();
    for (struct input_event *event; (event = g_queue_pop_head(&app->held)); app_free_event(event))
        on_its_way(app, event);
}

static void meant(struct app *app, const struct input_event *event)
{
    const struct key_row *row = keymap_find(&(struct keymap){{KEYS}}, event);
    if (event->type == INPUT_SCAN)
        app_act(app, act_scan(event->text));
    else if (row)
        app_act(app, act_command(CMD_DISMISS, NULL));
    else if (input_is_key(event, K_ENTER) && app->field.text->len > 0)
        app_act(app, app->view->approver[0] ? act_command(CMD_APPROVE, app->field.text->str)
                                                 : act_scan(app->field.text->str));
    else if (!field_take(&app->field, event))
        app_refuse_bell(app);
}

/* While the bar stands only a scan, a typed line, Esc or its F-key does anything; Enter alone and other keys
 * never close it. After a lead's badge a typed line is the PIN. */
void app_handle_barred(struct app *app, const struct input_event *event)
{
    if (loop_now() < app->bar_ms + BAR_QUIET_MS)
        on_its_way(app, event);
    else
        meant(app, event);
    loop_draw_soon(app->loop);
}

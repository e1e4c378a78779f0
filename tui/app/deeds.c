/* SPDX-License-Identifier: MIT */
#include "core/base/error.h"
#include "tui/app/chrome.h"
#include "tui/app/inner.h"
#include "tui/app/lists.h"

/* --- small things --------------------------------------------------------------------------------------- */

int64_t app_now_utc(void)
{
    return g_get_real_time() / 1000;
}

struct place app_place(struct app *app)
{
    struct frame *top = frames_top(&app->frames);
    int rows = 0, cols = 0;
    loop_size(app->loop, &rows, &cols);
    return (struct place){.body = chrome_body(rows, cols), .state = top->state, .snapshot = top->snapshot,
                          .view = app->view, .field = app->field.text->str, .now_utc_ms = app_now_utc()};
}

void app_say(struct app *app, char *message, enum ink ink)
{
    g_free(app->message);
    app->message = message;
    app->message_ink = ink;
}

void app_say_error(struct app *app, const GError *error)
{
    app_say(app, err_line(error), INK_BAD);
    loop_bell(app->loop, BELL_ERROR);
}

void app_refuse_bell(struct app *app)
{
    loop_bell(app->loop, BELL_REFUSED);
}

/* --- requests of screens -------------------------------------------------------------------------------- */

void app_go(struct app *app, const char *id, const char *argument, gboolean keep)
{
    const struct screen *screen = screen_find(app->screens, id);
    gboolean nobody = !app->view || app->view->step == STEP_LOGIN || app->view->step == STEP_LOCKED;
    if (!screen || (nobody && !(screen->flags & SCREEN_PUBLIC))) {
        app_refuse_bell(app);
        return;
    }
    gboolean here = app->frames.depth == 1 && frames_top(&app->frames)->screen == screen;
    if (here && !keep && !argument) { /* its key once more: nothing of it is lost */
        field_clear(&app->field);
        return;
    }
    if (!keep)
        frames_clear(&app->frames);
    frames_push(&app->frames, screen, argument);
    field_clear(&app->field);
}

static void back(struct app *app)
{
    field_clear(&app->field);
    if (app->frames.depth > 1)
        frames_pop(&app->frames);
    else
        app_go(app, "queue", NULL, FALSE);
}

/* What wants more than its word is put into the field, to be completed. */
static void press_chosen(struct app *app, int action)
{
    struct keymap map = screen_keymap(frames_top(&app->frames)->screen);
    KEYMAP_EACH(row, &map)
        if (row->action == action && (row->flags & KEY_TAKES)) {
            g_string_printf(app->field.text, ":%s ", row->word);
            return;
        }
    app_press(app, action, NULL);
}

/* What any request may bring along. */
static void notice(struct app *app, const struct request *request)
{
    if (request->message)
        app_say(app, request->message, request->message_ink);
    if (request->bell)
        loop_bell(app->loop, request->bell);
    if (request->clear_field)
        field_clear(&app->field);
}

void app_fulfil(struct app *app, struct request request)
{
    notice(app, &request);
    switch (request.kind) {
    case REQUEST_NONE:
    case REQUEST_DRAW:
        break;
    case REQUEST_LOAD:
        frames_top(&app->frames)->stale = TRUE;
        break;
    case REQUEST_GO:
        app_go(app, request.target, request.argument, FALSE);
        break;
    case REQUEST_PUSH:
        app_go(app, request.target, request.argument, TRUE);
        break;
    case REQUEST_BACK:
        back(app);
        break;
    case REQUEST_RUN:
        app_run_task(app, request.task);
        break;
    case REQUEST_STATION:
        app_act(app, act_command(request.command, request.argument));
        break;
    case REQUEST_SCAN:
        app_act(app, act_scan(request.argument));
        break;
    case REQUEST_KEY:
        back(app);
        press_chosen(app, request.action);
        break;
    case REQUEST_QUIT:
        loop_stop(app->loop);
        break;
    }
    g_free(request.argument);
    app_load(app);
    loop_draw_soon(app->loop);
}

/* --- keys every screen has ------------------------------------------------------------------------------ */

static const struct {
    int action;
    struct request request;
} GLOBAL_KEYS[] = {
    {ACT_QUEUE, {.kind = REQUEST_GO, .target = "queue"}},
    {ACT_BATCHES, {.kind = REQUEST_GO, .target = "batches"}},
    {ACT_PICK, {.kind = REQUEST_STATION, .command = CMD_PICK}},
    {ACT_PACK, {.kind = REQUEST_STATION, .command = CMD_PACK}},
    {ACT_DOCK, {.kind = REQUEST_STATION, .command = CMD_DOCK}},
    {ACT_PRINT, {.kind = REQUEST_GO, .target = "printers"}},
    {ACT_STOCK, {.kind = REQUEST_GO, .target = "stock"}},
    {ACT_MAP, {.kind = REQUEST_GO, .target = "unmapped"}},
    {ACT_CONFIRM, {.kind = REQUEST_STATION, .command = CMD_CONFIRM}},
    {ACT_LOCK, {.kind = REQUEST_STATION, .command = CMD_LOCK}},
    {ACT_LOGOUT, {.kind = REQUEST_STATION, .command = CMD_LOGOUT}},
    {ACT_BACK, {.kind = REQUEST_BACK}},
    {ACT_QUIT, {.kind = REQUEST_QUIT}},
};

void app_press(struct app *app, int action, const char *argument)
{
    if (action == ACT_HELP) {
        app_fulfil(app, request_push("help", g_strdup(frames_top(&app->frames)->screen->id)));
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(GLOBAL_KEYS); i++)
        if (GLOBAL_KEYS[i].action == action) {
            app_fulfil(app, GLOBAL_KEYS[i].request);
            return;
        }
    struct place place = app_place(app);
    const struct screen *screen = frames_top(&app->frames)->screen;
    struct happening happening = {.action = action, .argument = argument};
    struct request request;
    if (!lists_press(screen, &place, action, argument, &request))
        request = screen->handle(&place, &happening);
    app_fulfil(app, request);
}

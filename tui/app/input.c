/* SPDX-License-Identifier: MIT */
#include "tui/app/inner.h"

#include <string.h>

#include "core/base/error.h"
#include "core/base/translate.h"
#include "tui/app/chrome.h"

static void handle_event(struct app *app, const struct input_event *event);

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
    return (struct place){.body = chrome_body(rows, cols),
                          .state = top->state,
                          .snapshot = top->snapshot,
                          .desk = app->desk,
                          .field = app->field.text->str,
                          .now_utc_ms = app_now_utc()};
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

void app_submit(struct app *app, struct store_request *request, unsigned tag)
{
    request->tag = tag;
    app->pending = request;
    app->pending_ms = loop_now();
    app->said_saving = FALSE;
    store_submit(app->store, request);
}

void app_load(struct app *app)
{
    if (store_state(app->store, NULL) != 1)
        return;
    struct store_request *request = frames_load(&app->frames, app_place(app));
    if (request)
        store_submit(app->store, request);
}

void app_act(struct app *app, struct act *act)
{
    field_clear(&app->field);
    app_say(app, NULL, INK_NORMAL);
    app_submit(app, &act->request, TAG_STATION);
}

/* --- requests of screens -------------------------------------------------------------------------------- */

void app_go(struct app *app, const char *id, const char *argument, gboolean keep)
{
    const struct screen *screen = screen_find(id);
    gboolean nobody = !app->desk || app->desk->view.step == STEP_LOGIN;
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

static void press_key(struct app *app, int action, const char *argument);

/* What wants more than its word is put into the field, to be completed. */
static void press_chosen(struct app *app, int action)
{
    struct keymap map = screen_keymap(frames_top(&app->frames)->screen);
    for (int i = 0; map.tables[i]; i++)
        for (const struct key_row *row = map.tables[i]; row->action; row++)
            if (row->action == action && (row->flags & KEY_TAKES)) {
                g_string_printf(app->field.text, ":%s ", row->word);
                return;
            }
    press_key(app, action, NULL);
}

static void run_task(struct app *app, struct task *task)
{
    app_submit(app, &task->request, TAG_TASK);
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
        run_task(app, request.task);
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
        loop_stop(app->loop, LOOP_QUIT);
        break;
    }
    g_free(request.argument);
    app_load(app);
    loop_draw_soon(app->loop);
}

/* --- keys every screen has ------------------------------------------------------------------------------ */

struct global_key {
    int action;
    struct request request;
};

static const struct global_key GLOBAL_KEYS[] = {
    {ACT_QUEUE, {.kind = REQUEST_GO, .target = "queue"}},
    {ACT_BATCHES, {.kind = REQUEST_GO, .target = "batches"}},
    {ACT_PICK, {.kind = REQUEST_STATION, .command = CMD_PICK}},
    {ACT_PACK, {.kind = REQUEST_STATION, .command = CMD_PACK}},
    {ACT_DOCK, {.kind = REQUEST_STATION, .command = CMD_DOCK}},
    {ACT_PRINT, {.kind = REQUEST_GO, .target = "printers"}},
    {ACT_STOCK, {.kind = REQUEST_GO, .target = "stock"}},
    {ACT_MAP, {.kind = REQUEST_GO, .target = "unmapped"}},
    {ACT_CONFIRM, {.kind = REQUEST_STATION, .command = CMD_CONFIRM}},
    {ACT_LOGOUT, {.kind = REQUEST_STATION, .command = CMD_LOGOUT}},
    {ACT_QUIT, {.kind = REQUEST_QUIT}},
};

static void press_key(struct app *app, int action, const char *argument)
{
    if (action == ACT_HELP) {
        app_fulfil(app, (struct request){.kind = REQUEST_PUSH,
                                         .target = "help",
                                         .argument = g_strdup(frames_top(&app->frames)->screen->id)});
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(GLOBAL_KEYS); i++)
        if (GLOBAL_KEYS[i].action == action) {
            app_fulfil(app, GLOBAL_KEYS[i].request);
            return;
        }
    struct place place = app_place(app);
    struct happening happening = {.action = action, .argument = argument};
    app_fulfil(app, frames_top(&app->frames)->screen->handle(&place, &happening));
}

/* --- events --------------------------------------------------------------------------------------------- */

static void pass_on(struct app *app, const struct input_event *event, gboolean field_changed)
{
    struct place place = app_place(app);
    struct happening happening = {.input = event, .field_changed = field_changed};
    app_fulfil(app, frames_top(&app->frames)->screen->handle(&place, &happening));
}

void app_refuse_bell(struct app *app)
{
    loop_bell(app->loop, BELL_REFUSED);
}

/* To the screen when it wants it for itself, else to the station. */
static void take_line(struct app *app, const struct screen *screen, const char *text, gboolean typed)
{
    struct place place = app_place(app);
    char *line = g_strdup(text); /* the field is emptied meanwhile */
    struct request request = screen->line ? screen->line(&place, line, typed) : request_of(REQUEST_NONE);
    if (request.kind == REQUEST_NONE) {
        app_act(app, act_scan(line));
    } else {
        field_clear(&app->field);
        app_fulfil(app, request);
    }
    g_free(line);
}

/* ":word what it needs" does a row of the key table. A word that is none stays in the field, to be corrected. */
static void do_word(struct app *app, const struct screen *screen, const char *text)
{
    size_t length = strcspn(text, " ");
    struct keymap map = screen_keymap(screen);
    const struct key_row *row = keymap_word(&map, text, length);
    char *argument = g_strstrip(g_strdup(text + length));
    if (row && ((row->flags & KEY_TAKES) || !argument[0])) {
        field_clear(&app->field);
        press_key(app, row->action, argument);
    } else {
        app_say(app, row ? g_strdup_printf(_("Nothing can follow :%s."), row->word)
                         : g_strdup(_("No such command here, or more than one that begins so.")), INK_BAD);
        app_refuse_bell(app);
    }
    g_free(argument);
}

static gboolean has_enter(const struct screen *screen)
{
    struct keymap map = screen_keymap(screen);
    return keymap_find(&map, &(struct input_event){.type = INPUT_KEY, .key = K_ENTER}) != NULL;
}

/* "/text" keeps its filter and leaves the field free for what is done with the rows. A code of our own goes to the station
 * from everywhere. */
static gboolean handle_line(struct app *app, const struct screen *screen)
{
    const char *line = app->field.text->str;
    if (line[0] == ':') {
        do_word(app, screen, line + 1);
        return TRUE;
    }
    if ((screen->flags & SCREEN_LIST) && line[0] == '/' && line[1] != '/') {
        field_clear(&app->field);
        return TRUE;
    }
    gboolean own = (screen->flags & SCREEN_SCAN) == 0 && has_enter(screen);
    if (own && !g_str_has_prefix(line, "//"))
        return FALSE;
    take_line(app, screen, line, TRUE);
    return TRUE;
}

/* A ":word" is nobody's search: the list stays as it is under it, and after it. */
static gboolean change_field(struct app *app, const struct input_event *event)
{
    gboolean was_word = app->field.text->str[0] == ':';
    if (event->type == INPUT_KEY && event->key == K_ESC && app->field.text->len > 0)
        field_clear(&app->field);
    else if (!field_take(&app->field, event))
        return FALSE;
    if (!was_word && app->field.text->str[0] != ':')
        pass_on(app, event, TRUE);
    return TRUE;
}

static gboolean handle_field(struct app *app, const struct screen *screen, const struct input_event *event)
{
    if (change_field(app, event))
        return TRUE;
    if (event->type == INPUT_PASTE) {
        app_say(app, g_strdup(_("Only one line can be pasted here.")), INK_WARN);
        app_refuse_bell(app);
        return TRUE;
    }
    return event->type == INPUT_KEY && event->key == K_ENTER && app->field.text->len > 0 && handle_line(app, screen);
}

static gboolean handle_key(struct app *app, const struct screen *screen, const struct input_event *event)
{
    struct keymap map = screen_keymap(screen);
    const struct key_row *row = keymap_find(&map, event);
    if (!row)
        return FALSE;
    press_key(app, row->action, NULL);
    return TRUE;
}

static void handle_open(struct app *app, const struct input_event *event)
{
    const struct screen *screen = frames_top(&app->frames)->screen;
    app_say(app, NULL, INK_NORMAL);
    app->answered = FALSE;
    loop_draw_soon(app->loop);
    if (handle_field(app, screen, event) || handle_key(app, screen, event))
        return;
    if (event->type == INPUT_SCAN && !(screen->flags & SCREEN_OWN_SCANS)) {
        take_line(app, screen, event->text, FALSE);
        return;
    }
    pass_on(app, event, FALSE);
}

static void handle_event(struct app *app, const struct input_event *event)
{
    if (event->type == INPUT_KEY && event->key == K_CTRL_C)
        loop_draw_soon(app->loop);
    else if (app->too_small || !app->desk)
        app_refuse_bell(app);
    else if (app->desk->view.barred)
        app_handle_barred(app, event);
    else
        handle_open(app, event);
}

static void hold(struct app *app, const struct input_event *event)
{
    struct input_event *copy = g_new(struct input_event, 1);
    *copy = *event;
    copy->text = g_strdup(event->text);
    g_queue_push_tail(&app->held, copy);
}

/* Enter opens what was searched for, not what stood there before; and a key of a list that has just been opened means a
 * row of it. Both wait for the list. Leaving never does. */
static gboolean waits_for_list(struct app *app, const struct input_event *event)
{
    const struct frame *top = frames_top(&app->frames);
    struct keymap map = screen_keymap(top->screen);
    const struct key_row *row = keymap_find(&map, event);
    gboolean searched = (top->screen->flags & SCREEN_SEARCH) && event->type == INPUT_KEY && event->key == K_ENTER &&
                        app->field.text->len > 0;
    gboolean opened = !top->snapshot && row && row->action < ACT_HELP && row->key != K_ESC;
    return (searched || opened) && (top->stale || top->loading) && store_state(app->store, NULL) == 1;
}

static gboolean must_wait(struct app *app, const struct input_event *event)
{
    return app->pending || waits_for_list(app, event);
}

/* More room may show more: what the screen needs for it is loaded. */
static void on_resize(struct app *app)
{
    frames_make_stale(&app->frames);
    app_load(app);
    loop_draw_soon(app->loop);
}

void app_on_event(void *data, const struct input_event *event)
{
    struct app *app = data;
    if (event->type == INPUT_RESIZE)
        on_resize(app);
    else if (event->type == INPUT_KEY && event->key == K_CTRL_L)
        loop_redraw(app->loop);
    else if (!g_queue_is_empty(&app->held) || must_wait(app, event))
        hold(app, event);
    else
        handle_event(app, event);
}

void app_free_event(struct input_event *event)
{
    input_event_clear(event);
    g_free(event);
}

void app_release_held(struct app *app)
{
    while (!g_queue_is_empty(&app->held) && !must_wait(app, g_queue_peek_head(&app->held))) {
        struct input_event *event = g_queue_pop_head(&app->held);
        handle_event(app, event);
        app_free_event(event);
    }
}

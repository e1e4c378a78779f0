/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "core/base/translate.h"
#include "tui/app/inner.h"
#include "tui/app/lists.h"

static void pass_on(struct app *app, const struct input_event *event, gboolean field_changed)
{
    struct place place = app_place(app);
    const struct screen *screen = frames_top(&app->frames)->screen;
    struct happening happening = {.input = event, .field_changed = field_changed};
    struct request request;
    if (field_changed || !lists_take(screen, &place, event, &request))
        request = screen->handle(&place, &happening);
    app_fulfil(app, request);
}

/* To the screen when it wants it for itself, else to the station. */
static void take_line(struct app *app, const struct screen *screen, const char *text, gboolean typed)
{
    struct place place = app_place(app);
    g_autofree char *line = g_strdup(text); /* the field is emptied meanwhile */
    struct request request = screen->line ? screen->line(&place, line, typed) : request_of(REQUEST_NONE);
    if (request.kind == REQUEST_NONE) {
        app_act(app, act_scan(line));
    } else {
        field_clear(&app->field);
        app_fulfil(app, request);
    }
}

/* ":word what it needs" does a row of the key table. A word that is none stays in the field, to be corrected. */
static void do_word(struct app *app, const struct screen *screen, const char *text)
{
    size_t length = strcspn(text, " ");
    struct keymap map = screen_keymap(screen);
    const struct key_row *row = keymap_word(&map, text, length);
    g_autofree char *argument = g_strstrip(g_strdup(text + length));
    if (row && ((row->flags & KEY_TAKES) || !argument[0])) {
        field_clear(&app->field);
        app_press(app, row->action, argument);
    } else {
        app_say(app, row ? g_strdup_printf(_("Nothing can follow :%s."), row->word)
                         : g_strdup(_("No such command here, or more than one that begins so.")), INK_BAD);
        app_refuse_bell(app);
    }
}

static gboolean has_enter(const struct screen *screen)
{
    struct keymap map = screen_keymap(screen);
    return keymap_find(&map, &(struct input_event){.type = INPUT_KEY, .key = K_ENTER}) != NULL;
}

/* "/text" keeps its filter and leaves the field free for what is done with the rows. A code of our own goes to the
 * station from everywhere. */
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

/* A blank that begins nothing marks a row. */
static gboolean marks(struct app *app, const struct input_event *event)
{
    struct lists lists;
    struct place place = app_place(app);
    gboolean blank = event->type == INPUT_CHAR && strcmp(app->field.text->str, " ") == 0;
    if (!blank || !lists_of(frames_top(&app->frames)->screen, &place, &lists) ||
        !(lists_focus(&lists)->ops->flags & LIST_MARKS))
        return FALSE;
    field_clear(&app->field);
    app_press(app, ACT_MARK, NULL);
    return TRUE;
}

/* A ":word" is nobody's search: the list stays as it is under it, and after it. */
static gboolean change_field(struct app *app, const struct input_event *event)
{
    gboolean was_word = app->field.text->str[0] == ':';
    if (input_is_key(event, K_ESC) && app->field.text->len > 0)
        field_clear(&app->field);
    else if (!field_take(&app->field, event))
        return FALSE;
    if (!marks(app, event) && !was_word && app->field.text->str[0] != ':')
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
    return input_is_key(event, K_ENTER) && app->field.text->len > 0 && handle_line(app, screen);
}

static gboolean handle_key(struct app *app, const struct screen *screen, const struct input_event *event)
{
    struct keymap map = screen_keymap(screen);
    const struct key_row *row = keymap_find(&map, event);
    if (!row)
        return FALSE;
    app_press(app, row->action, NULL);
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

/* It only points: nobody's work is disturbed by it, and no message goes away. */
static void point(struct app *app, const struct input_event *event)
{
    gboolean free = app->view && !app->too_small && !app->pending && g_queue_is_empty(&app->held);
    if (free && !app->view->barred && frames_top(&app->frames)->screen->lists)
        pass_on(app, event, FALSE);
}

static void handle_event(struct app *app, const struct input_event *event)
{
    if (input_is_key(event, K_CTRL_C))
        loop_draw_soon(app->loop);
    else if (app->too_small || !app->view)
        app_refuse_bell(app);
    else if (app->view->barred)
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
    gboolean searched = (top->screen->flags & SCREEN_SEARCH) && input_is_key(event, K_ENTER) &&
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
    if (event->type != INPUT_RESIZE)
        app->touched_ms = loop_now();
    if (event->type == INPUT_RESIZE)
        on_resize(app);
    else if (event->type == INPUT_MOUSE)
        point(app, event);
    else if (input_is_key(event, K_CTRL_L))
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

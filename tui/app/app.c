/* SPDX-License-Identifier: MIT */
#include "tui/app/app.h"

#include <string.h>

#include "core/base/error.h"
#include "core/base/translate.h"
#include "tui/app/act.h"
#include "tui/app/chrome.h"
#include "tui/app/field.h"
#include "tui/app/frames.h"

enum {
    SAVING_MS = 150, /* from when the screen says "saving" */
    FLASH_MS = 350,
    RETRY_MS = 700,
    MINUTE_MS = 60000
};

struct app {
    struct loop *loop;
    struct store *store;
    struct field field;
    struct frames frames;
    struct desk *desk;
    struct store_request *pending; /* an act or task on its way; input waits for it */
    int64_t pending_ms, flash_ms, retry_ms, clock_ms;
    gboolean retrying, said_saving;
    GQueue held; /* of struct input_event: read while something was pending */
    char *message;
    enum ink message_ink;
    GError *failure; /* why the store could not be opened */
    gboolean too_small;
};

static void handle_event(struct app *app, const struct input_event *event);

/* --- small things --------------------------------------------------------------------------------------- */

static int64_t now_utc_ms(void)
{
    return g_get_real_time() / 1000;
}

static struct place place_of(struct app *app)
{
    struct frame *top = frames_top(&app->frames);
    int rows = 0, cols = 0;
    loop_size(app->loop, &rows, &cols);
    return (struct place){.body = chrome_body(rows, cols),
                          .state = top->state,
                          .snapshot = top->snapshot,
                          .desk = app->desk,
                          .field = app->field.text->str,
                          .now_utc_ms = now_utc_ms()};
}

static void say(struct app *app, char *message, enum ink ink)
{
    g_free(app->message);
    app->message = message;
    app->message_ink = ink;
}

static void say_error(struct app *app, const GError *error)
{
    say(app, err_line(error), INK_BAD);
    loop_bell(app->loop, BELL_ERROR);
}

static void submit(struct app *app, struct store_request *request, unsigned tag)
{
    request->tag = tag;
    app->pending = request;
    app->pending_ms = loop_now();
    app->said_saving = FALSE;
    store_submit(app->store, request);
}

static void load_top(struct app *app)
{
    if (store_state(app->store, NULL) != 1)
        return;
    struct store_request *request = frames_load(&app->frames, place_of(app));
    if (request)
        store_submit(app->store, request);
}

static void act(struct app *app, struct act *act)
{
    field_clear(&app->field);
    say(app, NULL, INK_NORMAL);
    submit(app, &act->request, TAG_STATION);
}

/* --- requests of screens ------------------------------------------------------------------------------------ */

static void go(struct app *app, const char *id, const char *argument, gboolean keep)
{
    const struct screen *screen = screen_find(id);
    if (!screen)
        return;
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
        go(app, "queue", NULL, FALSE);
}

static void press_key(struct app *app, int action);

static void run_task(struct app *app, struct task *task)
{
    submit(app, &task->request, TAG_TASK);
}

static void fulfil(struct app *app, struct request request)
{
    if (request.message)
        say(app, request.message, request.message_ink);
    if (request.bell)
        loop_bell(app->loop, request.bell);
    if (request.clear_field)
        field_clear(&app->field);
    switch (request.kind) {
    case REQUEST_NONE:
    case REQUEST_DRAW:
        break;
    case REQUEST_LOAD:
        frames_top(&app->frames)->stale = TRUE;
        break;
    case REQUEST_GO:
        go(app, request.target, request.argument, FALSE);
        break;
    case REQUEST_PUSH:
        go(app, request.target, request.argument, TRUE);
        break;
    case REQUEST_BACK:
        back(app);
        break;
    case REQUEST_RUN:
        run_task(app, request.task);
        break;
    case REQUEST_STATION:
        act(app, act_command(request.command, request.argument));
        break;
    case REQUEST_KEY:
        back(app);
        press_key(app, request.action);
        break;
    case REQUEST_QUIT:
        loop_stop(app->loop, LOOP_QUIT);
        break;
    }
    g_free(request.argument);
    load_top(app);
    loop_draw_soon(app->loop);
}

/* --- keys every screen has ----------------------------------------------------------------------------------- */

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
    {ACT_LOGOUT, {.kind = REQUEST_STATION, .command = CMD_LOGOUT}},
    {ACT_QUIT, {.kind = REQUEST_QUIT}},
};

static void press_key(struct app *app, int action)
{
    if (action == ACT_HELP) {
        fulfil(app, (struct request){.kind = REQUEST_PUSH,
                                     .target = "help",
                                     .argument = g_strdup(frames_top(&app->frames)->screen->id)});
        return;
    }
    for (size_t i = 0; i < G_N_ELEMENTS(GLOBAL_KEYS); i++)
        if (GLOBAL_KEYS[i].action == action) {
            fulfil(app, GLOBAL_KEYS[i].request);
            return;
        }
    struct place place = place_of(app);
    struct happening happening = {.action = action};
    fulfil(app, frames_top(&app->frames)->screen->handle(&place, &happening));
}

/* --- events ----------------------------------------------------------------------------------------------------- */

static void pass_on(struct app *app, const struct input_event *event, gboolean field_changed)
{
    struct place place = place_of(app);
    struct happening happening = {.input = event, .field_changed = field_changed};
    fulfil(app, frames_top(&app->frames)->screen->handle(&place, &happening));
}

static void refuse_bell(struct app *app)
{
    loop_bell(app->loop, BELL_REFUSED);
}

/* While the bar stands only a scan, a typed line or Esc does anything; Enter alone and other keys never close it. */
static void handle_barred(struct app *app, const struct input_event *event)
{
    if (event->type == INPUT_SCAN)
        act(app, act_scan(event->text));
    else if (event->type == INPUT_KEY && event->key == K_ESC)
        act(app, act_command(CMD_DISMISS, NULL));
    else if (event->type == INPUT_KEY && event->key == K_ENTER && app->field.text->len > 0)
        act(app, act_scan(app->field.text->str));
    else if (!field_take(&app->field, event))
        refuse_bell(app);
    loop_draw_soon(app->loop);
}

/* ":word" runs a row of the screen's key table; a code of our own goes to the station from everywhere. */
static gboolean handle_line(struct app *app, const struct screen *screen)
{
    const char *line = app->field.text->str;
    if (line[0] == ':') {
        const struct key_row *row = keymap_word(screen->keys, line + 1);
        if (!row)
            row = keymap_word(SCREEN_KEYS, line + 1);
        field_clear(&app->field);
        if (row)
            press_key(app, row->action);
        else
            refuse_bell(app);
        return TRUE;
    }
    if ((screen->flags & SCREEN_SCAN) == 0 && !g_str_has_prefix(line, "//"))
        return FALSE;
    act(app, act_scan(line));
    return TRUE;
}

static gboolean handle_field(struct app *app, const struct screen *screen, const struct input_event *event)
{
    if (field_take(&app->field, event)) {
        pass_on(app, event, TRUE);
        return TRUE;
    }
    if (event->type == INPUT_PASTE) {
        say(app, g_strdup(_("Only one line can be pasted here.")), INK_WARN);
        refuse_bell(app);
        return TRUE;
    }
    if (event->type != INPUT_KEY || app->field.text->len == 0)
        return FALSE;
    if (event->key == K_ENTER)
        return handle_line(app, screen);
    if (event->key != K_ESC)
        return FALSE;
    field_clear(&app->field);
    pass_on(app, event, TRUE);
    return TRUE;
}

static gboolean handle_key(struct app *app, const struct screen *screen, const struct input_event *event)
{
    const struct key_row *row = keymap_find(screen->keys, event);
    if (!row)
        row = keymap_find(SCREEN_KEYS, event);
    if (!row)
        return FALSE;
    press_key(app, row->action);
    return TRUE;
}

static void handle_open(struct app *app, const struct input_event *event)
{
    const struct screen *screen = frames_top(&app->frames)->screen;
    say(app, NULL, INK_NORMAL);
    loop_draw_soon(app->loop);
    if (handle_field(app, screen, event) || handle_key(app, screen, event))
        return;
    if (event->type == INPUT_SCAN && !(screen->flags & SCREEN_OWN_SCANS)) {
        act(app, act_scan(event->text));
        return;
    }
    pass_on(app, event, FALSE);
}

static void handle_event(struct app *app, const struct input_event *event)
{
    if (event->type == INPUT_KEY && event->key == K_CTRL_L)
        loop_redraw(app->loop);
    else if (event->type == INPUT_KEY && event->key == K_CTRL_C)
        loop_draw_soon(app->loop);
    else if (app->too_small || !app->desk)
        refuse_bell(app);
    else if (app->desk->view.barred)
        handle_barred(app, event);
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

/* More room may show more: what the screen needs for it is loaded. */
static void on_resize(struct app *app)
{
    frames_make_stale(&app->frames);
    load_top(app);
    loop_draw_soon(app->loop);
}

static void on_event(void *data, const struct input_event *event)
{
    struct app *app = data;
    if (event->type == INPUT_RESIZE)
        on_resize(app);
    else if (app->pending)
        hold(app, event);
    else
        handle_event(app, event);
}

static void free_event(struct input_event *event)
{
    input_event_clear(event);
    g_free(event);
}

static void release_held(struct app *app)
{
    while (!app->pending && !g_queue_is_empty(&app->held)) {
        struct input_event *event = g_queue_pop_head(&app->held);
        handle_event(app, event);
        free_event(event);
    }
}

static void skip(struct app *app, const char *text)
{
    struct act *late = act_skip(text);
    late->request.tag = TAG_DESK;
    store_submit(app->store, &late->request);
}

/* An error came while these were on their way. Scans and whole typed lines are journalled and counted; keys are dropped:
 * whoever pressed them did not know. */
static void skip_held(struct app *app)
{
    GString *typed = g_string_new(app->field.text->str);
    field_clear(&app->field);
    for (struct input_event *event; (event = g_queue_pop_head(&app->held)); free_event(event)) {
        if (event->type == INPUT_SCAN)
            skip(app, event->text);
        else if (event->type == INPUT_CHAR)
            g_string_append_unichar(typed, event->c);
        if (event->type != INPUT_KEY || event->key != K_ENTER || typed->len == 0)
            continue;
        skip(app, typed->str);
        g_string_truncate(typed, 0);
    }
    g_string_free(typed, TRUE);
}

/* --- the store's answers -------------------------------------------------------------------------------------------- */

/* The station's step has its screen: a scan may open work from anywhere. */
static void follow_step(struct app *app, enum step before)
{
    enum step step = app->desk->view.step;
    const char *wanted = screen_of_step(step);
    const char *here = app->frames.stack[0].screen->id;
    gboolean at_work = strcmp(here, screen_of_step(before)) == 0 || strcmp(here, "login") == 0;
    if (step == STEP_IDLE && !at_work)
        return;
    if (step == before && step != STEP_LOGIN && strcmp(here, "login") != 0)
        return;
    if (strcmp(here, wanted) != 0)
        go(app, wanted, NULL, FALSE);
}

static void ring_answer(struct app *app, const struct answer *answer)
{
    if (answer->kind == ANSWER_REFUSED)
        loop_bell(app->loop, BELL_ERROR);
    else if (answer->kind == ANSWER_IGNORED)
        refuse_bell(app);
    else if (answer->kind == ANSWER_OK)
        app->flash_ms = loop_now() + FLASH_MS;
}

static void take_desk(struct app *app, struct act *act)
{
    enum step before = app->desk ? app->desk->view.step : STEP_LOGIN;
    desk_free(app->desk);
    app->desk = g_steal_pointer(&act->desk);
    follow_step(app, before);
}

/* A lost or busy database: the outcome is unknown and is asked for again under the same key, until it is known. */
static gboolean ask_again(struct app *app, struct act *act)
{
    enum err code = err_code(act->request.error);
    if (code != ERR_DB_LOST && code != ERR_DB_BUSY && code != ERR_DB_OPEN)
        return FALSE;
    char *line = err_line(act->request.error);
    say(app, g_strdup_printf(_("%s - outcome unknown, asking again (%d)"), line, ++act->tries), INK_BAD);
    g_free(line);
    g_clear_error(&act->request.error);
    act->recover = TRUE;
    app->retrying = TRUE;
    app->retry_ms = loop_now() + RETRY_MS;
    return TRUE;
}

static void on_act(struct app *app, struct act *act)
{
    if (!act->request.ok && ask_again(app, act))
        return;
    app->pending = NULL;
    if (act->request.ok) {
        take_desk(app, act);
        ring_answer(app, &act->answer);
        if (act->answer.kind == ANSWER_REFUSED)
            skip_held(app);
        say(app, NULL, INK_NORMAL);
        frames_make_stale(&app->frames);
    } else {
        say_error(app, act->request.error);
    }
    act->request.free(&act->request);
}

static void on_task(struct app *app, struct task *task)
{
    app->pending = NULL;
    struct place place = place_of(app);
    struct request next = request_of(REQUEST_LOAD);
    if (!task->request.ok)
        say_error(app, task->request.error);
    else if (task->done)
        next = task->done(task, &place);
    fulfil(app, next);
    task->request.free(&task->request);
}

static void on_load(struct app *app, struct store_request *request)
{
    GError *error = NULL;
    if (!frames_loaded(&app->frames, request, place_of(app), &error))
        say(app, err_line(error), INK_BAD);
    g_clear_error(&error);
}

static void look(struct app *app)
{
    struct act *again = act_look();
    again->request.tag = TAG_DESK;
    store_submit(app->store, &again->request);
}

/* Another station's change, or the first look: quiet, it holds nothing up. */
static void on_desk(struct app *app, struct act *act)
{
    if (act->request.ok)
        take_desk(app, act);
    act->request.free(&act->request);
}

static void on_answer(struct app *app, struct store_request *request)
{
    if (request->tag == TAG_LOAD)
        on_load(app, request);
    else if (request->tag == TAG_TASK)
        on_task(app, (struct task *)request);
    else if (request->tag == TAG_STATION)
        on_act(app, (struct act *)request);
    else
        on_desk(app, (struct act *)request);
}

static void on_store(void *data)
{
    struct app *app = data;
    store_acknowledge(app->store);
    if (store_state(app->store, &app->failure) < 0) {
        loop_stop(app->loop, LOOP_QUIT);
        return;
    }
    for (struct store_request *request; (request = store_take(app->store));)
        on_answer(app, request);
    if (store_changed(app->store)) {
        frames_make_stale(&app->frames);
        look(app);
    }
    release_held(app);
    load_top(app);
    loop_draw_soon(app->loop);
}

/* --- time ---------------------------------------------------------------------------------------------------------------- */

static int64_t sooner(int64_t a, int64_t b)
{
    return a < 0 ? b : b < 0 ? a : MIN(a, b);
}

static int64_t deadline(void *data)
{
    const struct app *app = data;
    int64_t due = app->clock_ms;
    if (app->pending && !app->said_saving)
        due = sooner(due, app->pending_ms + SAVING_MS);
    if (app->flash_ms)
        due = sooner(due, app->flash_ms);
    return app->retrying ? sooner(due, app->retry_ms) : due;
}

static void on_time(void *data, int64_t now_ms)
{
    struct app *app = data;
    if (app->retrying && now_ms >= app->retry_ms) {
        app->retrying = FALSE;
        store_submit(app->store, app->pending);
    }
    if (app->pending && now_ms >= app->pending_ms + SAVING_MS)
        app->said_saving = TRUE;
    if (app->flash_ms && now_ms >= app->flash_ms)
        app->flash_ms = 0;
    if (now_ms >= app->clock_ms)
        app->clock_ms = now_ms + MINUTE_MS - now_utc_ms() % MINUTE_MS;
    loop_draw_soon(app->loop);
}

static void draw(void *data, struct canvas *canvas)
{
    struct app *app = data;
    app->too_small = chrome_too_small(canvas);
    if (app->too_small) {
        chrome_draw_too_small(canvas);
        return;
    }
    const struct screen *screen = frames_top(&app->frames)->screen;
    gboolean asked = app->desk && app->desk->view.last.kind == ANSWER_ASK;
    struct chrome chrome = {.screen = screen,
                            .place = place_of(app),
                            .message = app->message,
                            .message_ink = app->message_ink,
                            .saving = app->pending && app->said_saving && !app->message,
                            .flash = app->flash_ms != 0,
                            .masked = (screen->flags & SCREEN_SECRET) && asked};
    chrome_draw(&chrome, canvas);
}

/* --- life ------------------------------------------------------------------------------------------------------------------ */

static void start_app(struct app *app, const struct app_options *options)
{
    field_init(&app->field);
    g_queue_init(&app->held);
    frames_push(&app->frames, screen_find("login"), NULL);
    app->clock_ms = loop_now() + MINUTE_MS - now_utc_ms() % MINUTE_MS;
    if (options->locale_fallback)
        say(app, g_strdup(_("The locale has no UTF-8; C.UTF-8 is used.")), INK_WARN);
}

static void stop_app(struct app *app)
{
    store_close(app->store);
    if (app->retrying)
        app->pending->free(app->pending);
    for (struct input_event *event; (event = g_queue_pop_head(&app->held));)
        free_event(event);
    frames_clear(&app->frames);
    desk_free(app->desk);
    field_release(&app->field);
    g_free(app->message);
}

static gboolean run_in_terminal(struct app *app, struct terminal *term, struct input *input)
{
    struct loop_client client = {.on_event = on_event,
                                 .on_store = on_store,
                                 .on_time = on_time,
                                 .deadline = deadline,
                                 .draw = draw,
                                 .data = app};
    app->loop = loop_new(term, input, store_fd(app->store), &client);
    look(app);
    loop_run(app->loop);
    loop_free(app->loop);
    return app->failure == NULL;
}

gboolean app_run(const struct app_options *options, GError **error)
{
    loop_block_signals();
    struct term_options look_of = {.theme = theme_choose(options->theme, NULL), .glyphs = options->glyphs};
    struct terminal *term = term_open(&look_of);
    if (!term) {
        err_set(error, ERR_TERMINAL);
        return FALSE;
    }
    struct session_setup setup = {g_strdup(options->url), g_strdup(options->station)};
    struct store_work work = session_work(&setup);
    struct app app = {.store = store_open(&work)};
    struct input *input = input_new(options->escape_ms ? options->escape_ms : term_is_remote() ? 80 : 25);
    start_app(&app, options);
    gboolean ok = run_in_terminal(&app, term, input);
    stop_app(&app);
    input_free(input);
    term_close(term);
    g_free(setup.url);
    g_free(setup.station);
    if (!ok)
        g_propagate_error(error, app.failure);
    return ok;
}

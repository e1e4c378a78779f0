/* SPDX-License-Identifier: MIT */
#include "tui/app/app.h"

#include <string.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/translate.h"
#include "tui/app/chrome.h"
#include "tui/app/inner.h"

enum {
    SAVING_MS = 150, /* from when the screen says "saving" */
    FLASH_MS = 350,
    RETRY_MS = 700,
    MINUTE_MS = 60000
};

/* --- the store's answers -------------------------------------------------------------------------------- */

/* The station's step has its screen: a scan may open work from anywhere. */
static void follow_step(struct app *app, enum step before)
{
    enum step step = app->view->step;
    const char *wanted = screen_of_step(step);
    const char *here = app->frames.stack[0].screen->id;
    gboolean at_work = strcmp(here, screen_of_step(before)) == 0 || strcmp(here, "login") == 0;
    if (step == STEP_IDLE && !at_work)
        return;
    if (step == before && step != STEP_LOGIN && strcmp(here, "login") != 0)
        return;
    if (strcmp(here, wanted) != 0)
        app_go(app, wanted, NULL, FALSE);
}

/* A locked station's screen lies over those that were open, and goes away from them again; not for somebody else. */
static void follow_lock(struct app *app, enum step before, int64_t person_before)
{
    enum step step = app->view->step;
    if (step == STEP_LOCKED && before != STEP_LOCKED) {
        app_go(app, screen_of_step(step), NULL, TRUE);
        return;
    }
    if (step == STEP_LOCKED || before != STEP_LOCKED)
        return;
    gboolean found = FALSE;
    while (app->frames.depth > 1 && !found) {
        found = strcmp(frames_top(&app->frames)->screen->id, screen_of_step(STEP_LOCKED)) == 0;
        frames_pop(&app->frames);
    }
    if (app->view->person_id != person_before)
        app_go(app, screen_of_step(step), NULL, FALSE);
}

/* Work asked for, or that a scan was for, is shown, also when its screen was left by a key while it was open: where a
 * scan was refused one sees what was wanted. */
static void show_work(struct app *app, const struct act *act)
{
    enum command command = act->command;
    gboolean asked = act->scan || command == CMD_PICK || command == CMD_PACK || command == CMD_DOCK;
    enum step step = app->view->step;
    if (asked && act->answer.kind != ANSWER_IGNORED && step != STEP_IDLE && step != STEP_LOGIN && step != STEP_LOCKED &&
        strcmp(app->frames.stack[0].screen->id, screen_of_step(step)) != 0)
        app_go(app, screen_of_step(step), NULL, FALSE);
}

static void ring_answer(struct app *app, const struct answer *answer)
{
    if (answer->kind == ANSWER_REFUSED)
        loop_bell(app->loop, BELL_ERROR);
    else if (answer->kind == ANSWER_IGNORED || (answer->kind == ANSWER_OK && answer->code != ERR_NONE))
        app_refuse_bell(app);
    else if (answer->kind == ANSWER_OK)
        app->flash_ms = loop_now() + FLASH_MS;
}

static void take_view(struct app *app, struct act *act)
{
    enum step before = app->view ? app->view->step : STEP_LOGIN;
    int64_t person_before = app->view ? app->view->person_id : 0;
    station_view_free(app->view);
    app->view = g_steal_pointer(&act->view);
    if (before == STEP_LOCKED || app->view->step == STEP_LOCKED)
        follow_lock(app, before, person_before);
    else
        follow_step(app, before);
}

/* A lost or busy database: the outcome is unknown and is asked for again under the same key, until it is known. */
static gboolean ask_again(struct app *app, struct act *act)
{
    enum err code = err_code(act->request.error);
    if (code != ERR_DB_LOST && code != ERR_DB_BUSY && code != ERR_DB_OPEN)
        return FALSE;
    g_autofree char *line = err_line(act->request.error);
    gboolean looks = !act->scan && act->command == CMD_NONE;
    act->tries++;
    app_say(app,
            looks ? g_strdup_printf(_("Trying again (%d): %s"), act->tries, line)
                  : g_strdup_printf(_("Outcome unknown, asking again (%d): %s"), act->tries, line),
            INK_BAD);
    g_clear_error(&act->request.error);
    act->recover = TRUE;
    app->retrying = TRUE;
    app->retry_ms = loop_now() + RETRY_MS;
    return TRUE;
}

static void on_act(struct store_request *request, void *client)
{
    struct app *app = client;
    struct act *act = (struct act *)request;
    if (!request->ok && ask_again(app, act))
        return;
    app->pending = NULL;
    if (request->ok) {
        take_view(app, act);
        show_work(app, act);
        ring_answer(app, &act->answer);
        app->answered = TRUE;
        if (act->answer.kind == ANSWER_REFUSED)
            app_skip_held(app);
        app_say(app, NULL, INK_NORMAL);
        frames_make_stale(&app->frames);
    } else {
        app_say_error(app, request->error);
    }
    request->free(request);
}

static void on_task(struct store_request *request, void *client)
{
    struct app *app = client;
    struct task *task = (struct task *)request;
    app->pending = NULL;
    if (!request->ok)
        app_say_error(app, request->error);
    app_fulfil(app, request->ok ? task->ops->done(task) : request_of(REQUEST_LOAD));
    request->free(request);
}

static void submit(struct app *app, struct store_request *request, void (*done)(struct store_request *, void *))
{
    request->done = done;
    app->pending = request;
    app->pending_ms = loop_now();
    app->said_saving = FALSE;
    store_submit(app->store, request);
}

void app_act(struct app *app, struct act *act)
{
    field_clear(&app->field);
    app_say(app, NULL, INK_NORMAL);
    submit(app, &act->request, on_act);
}

void app_run_task(struct app *app, struct task *task)
{
    submit(app, &task->request, on_task);
}

/* A connection that is lost while nobody does anything is opened again all the same, and said to be lost until then. */
static void recover(struct app *app, const GError *error)
{
    if (err_code(error) != ERR_DB_LOST || app->pending)
        return;
    struct act *again = act_command(CMD_NONE, NULL);
    again->recover = TRUE;
    submit(app, &again->request, on_act);
}

static void on_load(struct store_request *request, void *client)
{
    struct app *app = client;
    g_autoptr(GError) error = NULL;
    if (frames_loaded(&app->frames, request, app_place(app), &error))
        return;
    app_say(app, err_line(error), INK_BAD);
    recover(app, error);
}

void app_load(struct app *app)
{
    if (store_state(app->store, NULL) != 1)
        return;
    struct store_request *request = frames_load(&app->frames, app_place(app));
    if (!request)
        return;
    request->done = on_load;
    store_submit(app->store, request);
}

/* Another station's change, the first look, a scan that came too late: quiet, it holds nothing up. */
static void on_aside(struct store_request *request, void *client)
{
    struct app *app = client;
    struct act *act = (struct act *)request;
    if (request->ok)
        take_view(app, act);
    else if (act->skip)
        app_say_error(app, request->error);
    else
        recover(app, request->error);
    request->free(request);
}

void app_act_aside(struct app *app, struct act *act)
{
    act->request.done = on_aside;
    store_submit(app->store, &act->request);
}

static void on_store(void *data)
{
    struct app *app = data;
    store_acknowledge(app->store);
    if (store_state(app->store, &app->failure) < 0) {
        loop_stop(app->loop);
        return;
    }
    for (struct store_request *request; (request = store_take(app->store));)
        request->done(request, app);
    if (store_changed(app->store)) {
        frames_make_stale(&app->frames);
        app_act_aside(app, act_command(CMD_NONE, NULL));
    }
    app_release_held(app);
    app_load(app);
    loop_draw_soon(app->loop);
}

/* --- time ----------------------------------------------------------------------------------------------- */

/* When the station is to be locked, unless somebody does something; 0: not. */
static int64_t lock_due(const struct app *app)
{
    gboolean open = app->view && !app->pending && app->view->step != STEP_LOGIN && app->view->step != STEP_LOCKED;
    return open && app->view->lock_minutes > 0 ? app->touched_ms + app->view->lock_minutes * MINUTE_MS : 0;
}

static int64_t deadline(void *data)
{
    const struct app *app = data;
    int64_t due = app->clock_ms;
    if (app->pending && !app->said_saving)
        due = loop_sooner(due, app->pending_ms + SAVING_MS);
    if (app->flash_ms)
        due = loop_sooner(due, app->flash_ms);
    if (lock_due(app))
        due = loop_sooner(due, lock_due(app));
    return app->retrying ? loop_sooner(due, app->retry_ms) : due;
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
    if (lock_due(app) && now_ms >= lock_due(app))
        app_act(app, act_command(CMD_LOCK, NULL));
    if (now_ms >= app->clock_ms)
        app->clock_ms = now_ms + MINUTE_MS - app_now_utc() % MINUTE_MS;
    loop_draw_soon(app->loop);
}

/* A PIN is typed: the screen's, or a lead's under the red bar. */
static gboolean is_secret(const struct screen *screen, const struct place *place)
{
    return (place->view && place->view->approver[0]) || (screen->masked && screen->masked(place));
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
    struct place place = app_place(app);
    gboolean asked = app->view && app->view->asked;
    struct chrome chrome = {.screen = screen, .place = place, .message = app->message, .message_ink = app->message_ink,
                            .saving = app->pending && app->said_saving && !app->message, .flash = app->flash_ms != 0,
                            .over = (screen->flags & SCREEN_SEARCH) && !app->answered && !asked,
                            .masked = is_secret(screen, &place)};
    chrome_draw(&chrome, canvas);
}

/* --- life ----------------------------------------------------------------------------------------------- */

static void start_app(struct app *app, const struct app_options *options)
{
    app->screens = options->screens;
    app->field.text = g_string_new(NULL);
    g_queue_init(&app->held);
    frames_push(&app->frames, screen_find(app->screens, "login"), NULL);
    app->touched_ms = loop_now();
    app->clock_ms = loop_now() + MINUTE_MS - app_now_utc() % MINUTE_MS;
    if (options->locale_fallback)
        app_say(app, g_strdup(_("The locale has no UTF-8; C.UTF-8 is used.")), INK_WARN);
}

static void stop_app(struct app *app)
{
    store_close(app->store);
    if (app->retrying)
        app->pending->free(app->pending);
    for (struct input_event *event; (event = g_queue_pop_head(&app->held));)
        app_free_event(event);
    frames_clear(&app->frames);
    station_view_free(app->view);
    g_string_free(app->field.text, TRUE);
    g_free(app->message);
}

static gboolean run_in_terminal(struct app *app, struct terminal *term, struct input *input)
{
    struct loop_client client = {.on_event = app_on_event, .on_store = on_store, .on_time = on_time,
                                 .deadline = deadline, .draw = draw, .data = app};
    app->loop = loop_new(term, input, store_fd(app->store), &client);
    app_act_aside(app, act_command(CMD_NONE, NULL));
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
        const char *type = g_getenv("TERM");
        if (isatty(STDIN_FILENO) && isatty(STDOUT_FILENO))
            err_set(error, ERR_TERMINAL_TYPE, type && type[0] ? type : "?");
        else
            err_set(error, ERR_TERMINAL);
        return FALSE;
    }
    struct session_setup setup = {options->url, options->station};
    struct store_work work = session_work(&setup);
    struct app app = {.store = store_open(&work)};
    struct input *input = input_new(options->escape_ms ? options->escape_ms : term_is_remote() ? 80 : 25);
    start_app(&app, options);
    gboolean ok = run_in_terminal(&app, term, input);
    term_close(term); /* first: the last save may take its time */
    stop_app(&app);
    input_free(input);
    if (!ok)
        g_propagate_error(error, app.failure);
    return ok;
}

/* SPDX-License-Identifier: MIT
 *
 * Inside of the app: what its files share. input.c turns events into requests, deeds.c requests into deeds;
 * app.c answers to the store, to time, and owns the life of it all.
 */
#pragma once

#include "tui/app/act.h"
#include "tui/app/field.h"
#include "tui/app/frames.h"
#include "tui/app/loop.h"
#include "tui/app/store.h"

struct app {
    const struct screen *const *screens;
    struct loop *loop;
    struct store *store;
    struct field field;
    struct frames frames;
    struct station_view *view;
    struct store_request *pending; /* an act or task on its way; input waits for it */
    int64_t touched_ms; /* when a person last did something */
    int64_t pending_ms, flash_ms, retry_ms, clock_ms;
    int64_t bar_ms; /* when the bar went up, or the last scan that was on its way came */
    gboolean retrying, said_saving;
    gboolean answered; /* by the station, and no key was pressed since */
    GQueue held; /* of struct input_event: read while something was pending */
    char *message;
    enum ink message_ink;
    GError *failure; /* why the store could not be opened */
    gboolean too_small;
};

int64_t app_now_utc(void);
struct place app_place(struct app *app);
void app_say(struct app *app, char *message, enum ink ink); /* takes message; NULL: nothing */
void app_say_error(struct app *app, const GError *error);

/* To the store thread. Input waits until an act or a task is done; nothing waits for the others. */
void app_act(struct app *app, struct act *act);
void app_act_aside(struct app *app, struct act *act);
void app_run_task(struct app *app, struct task *task);
void app_load(struct app *app); /* the top screen, when it is stale */

void app_fulfil(struct app *app, struct request request);
void app_press(struct app *app, int action, const char *argument); /* a row of the key table */
void app_go(struct app *app, const char *id, const char *argument, gboolean keep);
void app_on_event(void *app, const struct input_event *event);
void app_release_held(struct app *app);
void app_handle_barred(struct app *app, const struct input_event *event);
void app_skip_held(struct app *app); /* the bar goes up: what waits in held was on its way */
void app_free_event(struct input_event *event);
void app_refuse_bell(struct app *app);

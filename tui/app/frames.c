/* SPDX-License-Identifier: MIT */
#include "tui/app/frames.h"

#include "core/db/db.h"
#include "tui/app/lists.h"

struct load {
    struct store_request request; /* first */
    const struct screen *screen;
    struct session *session;
    void *question;
    void *snapshot;
    unsigned serial;
};

struct frame *frames_top(struct frames *frames)
{
    return &frames->stack[frames->depth - 1];
}

static struct frame *frame_of(struct frames *frames, unsigned serial)
{
    for (int i = 0; i < frames->depth; i++)
        if (frames->stack[i].serial == serial)
            return &frames->stack[i];
    return NULL;
}

static void drop(const struct screen *screen, void *snapshot)
{
    if (snapshot)
        screen->snapshot_free(snapshot);
}

void frames_pop(struct frames *frames)
{
    struct frame *top = frames_top(frames);
    drop(top->screen, top->snapshot);
    lists_leave(top->screen, top->state);
    frames->depth--;
}

void frames_push(struct frames *frames, const struct screen *screen, const char *argument)
{
    if (frames->depth == FRAMES_MAX)
        frames_pop(frames);
    struct frame *frame = &frames->stack[frames->depth++];
    *frame = (struct frame){.screen = screen, .state = screen_enter(screen, argument), .serial = ++frames->serials,
                            .stale = screen->load != NULL};
}

void frames_clear(struct frames *frames)
{
    while (frames->depth > 0)
        frames_pop(frames);
}

void frames_make_stale(struct frames *frames)
{
    for (int i = 0; i < frames->depth; i++)
        frames->stack[i].stale = frames->stack[i].screen->load != NULL;
}

static gboolean load_screen(struct db *db, void *data, GError **error)
{
    struct load *load = data;
    (void)db;
    drop(load->screen, load->snapshot); /* it runs again */
    load->snapshot = load->screen->load(load->session, load->question, error);
    return load->snapshot != NULL;
}

static gboolean run_load(struct store_request *request, void *context, GError **error)
{
    struct load *load = (struct load *)request;
    load->session = context;
    return db_snapshot(load->session->site->db, load_screen, load, error);
}

static void free_load(struct store_request *request)
{
    struct load *load = (struct load *)request;
    g_free(load->question);
    drop(load->screen, load->snapshot);
    g_clear_error(&request->error);
    g_free(load);
}

struct store_request *frames_load(struct frames *frames, struct place place)
{
    struct frame *top = frames_top(frames);
    if (!top->stale || top->loading)
        return NULL;
    top->stale = FALSE;
    top->loading = TRUE;
    place.state = top->state;
    place.snapshot = top->snapshot;
    struct load load = {.request = {.run = run_load, .free = free_load}, .screen = top->screen, .serial = top->serial,
                        .question = screen_ask(top->screen, &place)};
    return g_memdup2(&load, sizeof load);
}

gboolean frames_loaded(struct frames *frames, struct store_request *request, struct place place, GError **error)
{
    struct load *load = (struct load *)request;
    struct frame *frame = frame_of(frames, load->serial);
    gboolean ok = request->ok;
    if (frame)
        frame->loading = FALSE;
    if (frame && ok) {
        drop(frame->screen, frame->snapshot);
        frame->snapshot = g_steal_pointer(&load->snapshot);
        place.state = frame->state;
        place.snapshot = frame->snapshot;
        lists_arrived(frame->screen, &place);
    }
    *error = g_steal_pointer(&request->error);
    free_load(request);
    return ok;
}

/* SPDX-License-Identifier: MIT */
#include "tui/app/frames.h"

#include "tui/app/lists.h"

struct load {
    struct store_request request; /* first */
    const struct screen *screen;
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

static void drop_snapshot(struct frame *frame)
{
    if (frame->snapshot && frame->screen->snapshot_free)
        frame->screen->snapshot_free(frame->snapshot);
    frame->snapshot = NULL;
}

void frames_pop(struct frames *frames)
{
    struct frame *top = frames_top(frames);
    drop_snapshot(top);
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

static gboolean run_load(struct store_request *request, void *context, GError **error)
{
    struct load *load = (struct load *)request;
    load->snapshot = load->screen->load(context, load->question, error);
    return load->snapshot != NULL;
}

static void free_load(struct store_request *request)
{
    struct load *load = (struct load *)request;
    g_free(load->question);
    if (load->snapshot && load->screen->snapshot_free)
        load->screen->snapshot_free(load->snapshot);
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
    struct load *load = g_new0(struct load, 1);
    load->request.run = run_load;
    load->request.free = free_load;
    load->screen = top->screen;
    load->serial = top->serial;
    place.state = top->state;
    place.snapshot = top->snapshot;
    load->question = screen_ask(top->screen, &place);
    return &load->request;
}

gboolean frames_loaded(struct frames *frames, struct store_request *request, struct place place, GError **error)
{
    struct load *load = (struct load *)request;
    struct frame *frame = frame_of(frames, load->serial);
    gboolean ok = request->ok;
    if (frame)
        frame->loading = FALSE;
    if (frame && ok) {
        drop_snapshot(frame);
        frame->snapshot = g_steal_pointer(&load->snapshot);
        place.state = frame->state;
        place.snapshot = frame->snapshot;
        lists_arrived(frame->screen, &place);
    }
    if (!ok) {
        *error = request->error;
        request->error = NULL;
    }
    free_load(request);
    return ok;
}

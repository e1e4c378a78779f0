/* SPDX-License-Identifier: MIT
 *
 * The stack of screens that are open, and their loading. The top one is seen; those below keep their state.
 */
#pragma once

#include "tui/app/screen.h"

enum { FRAMES_MAX = 8 };

struct frame {
    const struct screen *screen;
    void *state;
    void *snapshot;
    unsigned serial; /* tells a late answer from one for this frame */
    gboolean loading, stale;
};

struct frames {
    struct frame stack[FRAMES_MAX];
    int depth;
    unsigned serials;
};

struct frame *frames_top(struct frames *frames);

/* Opens a screen on top; at the most of depth the top is replaced. */
void frames_push(struct frames *frames, const struct screen *screen, const char *argument);
void frames_pop(struct frames *frames);
void frames_clear(struct frames *frames);
void frames_make_stale(struct frames *frames);

/* The request that loads the top frame when it is stale and not loading yet; NULL when nothing is to be done. */
struct store_request *frames_load(struct frames *frames, struct place place);

/* Takes the answer to such a request and frees it. FALSE when it failed: *error (owned by the caller) says why. */
gboolean frames_loaded(struct frames *frames, struct store_request *request, struct place place, GError **error);

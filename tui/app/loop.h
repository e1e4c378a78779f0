/* SPDX-License-Identifier: MIT
 *
 * The one event loop: terminal, signals, the store's answers, time. It reads all input that is there before
 * it draws, draws at most one frame a turn and only when something has changed, and sleeps otherwise: idle
 * means no bytes and no wake-ups but the client's own deadlines.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "tui/terminal/input.h"
#include "tui/terminal/term.h"

/* What the loop calls. Each may ask for a frame by loop_draw_soon() and for the end by loop_stop(). Times are
 * steady ms. */
struct loop_client {
    void (*on_event)(void *data, const struct input_event *event); /* its text is gone afterwards */
    void (*on_store)(void *data);
    void (*on_time)(void *data, int64_t now_ms);
    int64_t (*deadline)(void *data); /* when on_time() is next wanted, -1 never */
    void (*draw)(void *data, struct canvas *canvas);
    void *data;
};

enum bell { BELL_NONE, BELL_REFUSED, BELL_ERROR };

struct loop;

/* Blocks the signals the loop takes itself. Before any thread starts. */
void loop_block_signals(void);

struct loop *loop_new(struct terminal *term, struct input *input, int store_fd, const struct loop_client *client);
void loop_free(struct loop *loop);

/* Runs until loop_stop(), a signal or the loss of the terminal. */
void loop_run(struct loop *loop);

void loop_draw_soon(struct loop *loop);
void loop_redraw(struct loop *loop); /* from nothing: Ctrl-L */
void loop_stop(struct loop *loop);
void loop_bell(struct loop *loop, enum bell bell);

/* The size of the frame. */
void loop_size(const struct loop *loop, int *rows, int *cols);

/* Steady milliseconds; the sooner of two such times, -1 being never. */
int64_t loop_now(void);
int64_t loop_sooner(int64_t a, int64_t b);

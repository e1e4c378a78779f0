/* SPDX-License-Identifier: MIT
 *
 * The store thread: the only one that calls core. The loop hands it requests through a queue and gets them back, done,
 * through an eventfd. So a held lock or a lost link never freezes the screen. Requests run one at a time in their
 * order. Between requests the thread asks a few times a second whether another connection has changed anything.
 *
 * Block all signals before store_open(): the thread inherits the mask.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

enum { STORE_POLL_MS = 250 }; /* so at most 4 reloads a second */

/* A piece of work. The caller embeds it as first member of its own struct; it is the thread's from
 * store_submit() until store_take() gives it back. */
struct store_request {
    gboolean (*run)(struct store_request *request, void *context, GError **error); /* on the store thread */
    void (*done)(struct store_request *request, void *client); /* it has run; who takes it calls this */
    void (*free)(struct store_request *request); /* when the store ends before it was taken, or by its owner */
    gboolean ok;
    GError *error; /* when not ok; owned, g_clear_error() in free() */
};

/* What the thread works on. open() and close() run on the thread. */
struct store_work {
    void *(*open)(void *setup, GError **error);
    void (*close)(void *context);
    gboolean (*version)(void *context, int64_t *version, GError **error);
    void (*rest)(void *context); /* nothing was asked for since the last poll; may be NULL */
    void *setup;                 /* borrowed until open() has run */
};

struct store;

struct store *store_open(const struct store_work *work);

/* Finishes the request that is running, drops those that wait, ends the thread. */
void store_close(struct store *store);

/* Readable when store_take() or store_changed() has something. */
int store_fd(const struct store *store);
void store_acknowledge(struct store *store);

void store_submit(struct store *store, struct store_request *request);

/* A request that is done, NULL when there is none. */
struct store_request *store_take(struct store *store);

/* Whether another connection has committed since the last call. */
gboolean store_changed(struct store *store);

/* 0 while open() runs, 1 when it is open, -1 when it failed: *error (may be NULL) gets a copy of why. */
int store_state(struct store *store, GError **error);

/* SPDX-License-Identifier: MIT */
#include "tui/app/store.h"

#include <sys/eventfd.h>
#include <unistd.h>

struct store {
    struct store_work work;
    GThread *thread;
    GAsyncQueue *requests; /* to the thread; END closes */
    GAsyncQueue *done;     /* back */
    int fd;
    int changed; /* atomic */
    GMutex mutex;
    int state;     /* under mutex */
    GError *error; /* under mutex */
};

/* Its address ends the thread. */
static struct store_request END;

static void wake(struct store *store)
{
    uint64_t one = 1;
    ssize_t ignored = write(store->fd, &one, sizeof one);
    (void)ignored;
}

static void set_state(struct store *store, int state, GError *error)
{
    g_mutex_lock(&store->mutex);
    store->state = state;
    store->error = error;
    g_mutex_unlock(&store->mutex);
    wake(store);
}

/* When the look fails for the first time it counts as a change: what is loaded then meets the trouble and tells it. */
static void look_for_changes(struct store *store, void *context, int64_t *seen)
{
    int64_t version = -1;
    if (!store->work.version(context, &version, NULL))
        version = -1;
    if (version == *seen)
        return;
    *seen = version;
    g_atomic_int_set(&store->changed, 1);
    wake(store);
}

static void serve(struct store *store, void *context)
{
    int64_t seen = 0, looked_us = g_get_monotonic_time();
    gboolean busy = FALSE;
    store->work.version(context, &seen, NULL);
    for (;;) {
        int64_t wait_us = looked_us + STORE_POLL_MS * 1000 - g_get_monotonic_time();
        struct store_request *request = wait_us > 0 ? g_async_queue_timeout_pop(store->requests, (guint64)wait_us)
                                                    : g_async_queue_try_pop(store->requests);
        if (request == &END)
            return;
        if (request) {
            request->ok = request->run(request, context, &request->error);
            g_async_queue_push(store->done, request);
            wake(store);
            busy = TRUE;
        }
        if (g_get_monotonic_time() - looked_us >= STORE_POLL_MS * 1000) {
            if (!busy && store->work.rest)
                store->work.rest(context);
            busy = FALSE;
            look_for_changes(store, context, &seen);
            looked_us = g_get_monotonic_time();
        }
    }
}

static void *run_thread(void *data)
{
    struct store *store = data;
    GError *error = NULL;
    void *context = store->work.open(store->work.setup, &error);
    set_state(store, context ? 1 : -1, error);
    if (!context)
        return NULL;
    serve(store, context);
    store->work.close(context);
    return NULL;
}

struct store *store_open(const struct store_work *work)
{
    struct store *store = g_new0(struct store, 1);
    store->work = *work;
    store->requests = g_async_queue_new();
    store->done = g_async_queue_new();
    store->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    g_mutex_init(&store->mutex);
    store->thread = g_thread_new("store", run_thread, store);
    return store;
}

static void drop_all(GAsyncQueue *queue)
{
    for (struct store_request *request; (request = g_async_queue_try_pop(queue));)
        if (request != &END)
            request->free(request);
    g_async_queue_unref(queue);
}

void store_close(struct store *store)
{
    g_async_queue_push_front(store->requests, &END);
    g_thread_join(store->thread);
    drop_all(store->requests);
    drop_all(store->done);
    close(store->fd);
    g_clear_error(&store->error);
    g_mutex_clear(&store->mutex);
    g_free(store);
}

int store_fd(const struct store *store)
{
    return store->fd;
}

void store_acknowledge(struct store *store)
{
    uint64_t count = 0;
    ssize_t ignored = read(store->fd, &count, sizeof count);
    (void)ignored;
}

void store_submit(struct store *store, struct store_request *request)
{
    g_async_queue_push(store->requests, request);
}

struct store_request *store_take(struct store *store)
{
    return g_async_queue_try_pop(store->done);
}

gboolean store_changed(struct store *store)
{
    return g_atomic_int_compare_and_exchange(&store->changed, 1, 0);
}

int store_state(struct store *store, GError **error)
{
    g_mutex_lock(&store->mutex);
    int state = store->state;
    if (state < 0 && error && store->error)
        *error = g_error_copy(store->error);
    g_mutex_unlock(&store->mutex);
    return state;
}

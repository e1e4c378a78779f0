/* SPDX-License-Identifier: MIT
 *
 * The store thread: requests come back in their order, what is not taken is freed, changes are told, a failed opening too.
 */
#include <poll.h>

#include "core/base/error.h"
#include "tui/app/store.h"

enum { PATIENCE_MS = 60000, REQUESTS = 50 };

struct probe {
    int version;  /* atomic */
    int runs;     /* atomic */
    gboolean fails;
    GThread *thread; /* of the last run */
};

struct request {
    struct store_request request; /* first */
    int number;
    int *freed;
};

static void *open_probe(void *setup, GError **error)
{
    struct probe *probe = setup;
    if (!probe->fails)
        return probe;
    err_set(error, ERR_DB_MISSING, "here");
    return NULL;
}

static void close_probe(void *context)
{
    (void)context;
}

static gboolean version_of(void *context, int64_t *version, GError **error)
{
    (void)error;
    *version = g_atomic_int_get(&((struct probe *)context)->version);
    return TRUE;
}

static gboolean run(struct store_request *request, void *context, GError **error)
{
    struct probe *probe = context;
    int number = ((struct request *)request)->number;
    g_atomic_int_inc(&probe->runs);
    probe->thread = g_thread_self();
    if (number % 7 != 3)
        return TRUE;
    err_set(error, ERR_DB_BUSY, NULL);
    return FALSE;
}

static void release(struct store_request *request)
{
    struct request *own = (struct request *)request;
    g_atomic_int_inc(own->freed);
    g_clear_error(&request->error);
    g_free(own);
}

static struct store_request *request_of(int number, int *freed)
{
    struct request *request = g_new0(struct request, 1);
    request->request.run = run;
    request->request.free = release;
    request->number = number;
    request->freed = freed;
    return &request->request;
}

static struct store *start(struct probe *probe)
{
    struct store_work work = {.open = open_probe, .close = close_probe, .version = version_of, .setup = probe};
    return store_open(&work);
}

static void wait_for(struct store *store)
{
    struct pollfd one = {.fd = store_fd(store), .events = POLLIN};
    g_assert_cmpint(poll(&one, 1, PATIENCE_MS), ==, 1);
    store_acknowledge(store);
}

static void test_order(void)
{
    struct probe probe = {.version = 1};
    int freed = 0, next = 0;
    struct store *store = start(&probe);
    for (int i = 0; i < REQUESTS; i++)
        store_submit(store, request_of(i, &freed));
    while (next < REQUESTS) {
        wait_for(store);
        for (struct store_request *request; (request = store_take(store)); next++) {
            g_assert_cmpint(((struct request *)request)->number, ==, next);
            g_assert_true(request->ok == (next % 7 != 3));
            g_assert_true((request->error != NULL) == !request->ok);
            request->free(request);
        }
    }
    g_assert_cmpint(freed, ==, REQUESTS);
    g_assert_true(probe.thread != g_thread_self());
    g_assert_cmpint(store_state(store, NULL), ==, 1);
    store_close(store);
}

/* Closing drops what waits and loses no memory. */
static void test_close(void)
{
    struct probe probe = {.version = 1};
    int freed = 0;
    struct store *store = start(&probe);
    for (int i = 0; i < REQUESTS; i++)
        store_submit(store, request_of(i, &freed));
    store_close(store);
    g_assert_cmpint(freed, ==, REQUESTS);
}

static void test_change(void)
{
    struct probe probe = {.version = 1};
    int freed = 0;
    struct store *store = start(&probe);
    store_submit(store, request_of(0, &freed));
    struct store_request *request = NULL;
    while (!request) { /* it serves: it has seen version 1 */
        wait_for(store);
        request = store_take(store);
    }
    request->free(request);
    g_assert_false(store_changed(store));
    g_atomic_int_set(&probe.version, 2);
    wait_for(store);
    g_assert_true(store_changed(store));
    g_assert_false(store_changed(store));
    store_close(store);
}

static void test_failed_opening(void)
{
    struct probe probe = {.fails = TRUE};
    int freed = 0;
    GError *error = NULL;
    struct store *store = start(&probe);
    store_submit(store, request_of(0, &freed));
    wait_for(store);
    g_assert_cmpint(store_state(store, &error), ==, -1);
    g_assert_cmpint(err_code(error), ==, ERR_DB_MISSING);
    g_clear_error(&error);
    store_close(store);
    g_assert_cmpint(freed, ==, 1);
    g_assert_cmpint(probe.runs, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/store/order", test_order);
    g_test_add_func("/store/close", test_close);
    g_test_add_func("/store/change", test_change);
    g_test_add_func("/store/failed-opening", test_failed_opening);
    return g_test_run();
}

/* SPDX-License-Identifier: MIT */
#include "tests/support/relay.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { PAIRS_MAX = 32, CHUNK = 64 * 1024 };

#define SOCKET "/.s.PGSQL.5432"

/* What is on its way: a stretch of bytes, and when it is there. */
struct stretch {
    int64_t due_us;
    size_t length, written;
    char bytes[];
};

struct way {
    int from, to; /* -1: ended */
    GQueue stretches;
};

struct relay {
    GThread *thread;
    char *server, *here; /* paths of the sockets */
    int listener, stop[2];
    unsigned delay_us;
    gint tid;
    struct way ways[2 * PAIRS_MAX]; /* there, and back */
    guint count;
};

static struct sockaddr_un address_of(const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    g_assert(strlen(path) < sizeof address.sun_path);
    strcpy(address.sun_path, path);
    return address;
}

static int dial(const char *path)
{
    const struct sockaddr_un address = address_of(path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert_cmpint(connect(fd, (const struct sockaddr *)&address, sizeof address), ==, 0);
    return fd;
}

static int listen_at(const char *path)
{
    const struct sockaddr_un address = address_of(path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    g_assert_cmpint(bind(fd, (const struct sockaddr *)&address, sizeof address), ==, 0);
    g_assert_cmpint(listen(fd, 8), ==, 0);
    return fd;
}

static void take_up(struct relay *relay)
{
    int near = accept4(relay->listener, NULL, NULL, SOCK_CLOEXEC), far = dial(relay->server);
    g_assert_cmpuint(relay->count + 2, <=, G_N_ELEMENTS(relay->ways));
    fcntl(near, F_SETFL, O_NONBLOCK);
    fcntl(far, F_SETFL, O_NONBLOCK);
    relay->ways[relay->count++] = (struct way){near, far, G_QUEUE_INIT};
    relay->ways[relay->count++] = (struct way){far, near, G_QUEUE_INIT};
}

/* Nothing more comes this way; what is on it arrives first. */
static void end_of(struct way *way)
{
    if (way->from >= 0 && way->stretches.length == 0) {
        shutdown(way->to, SHUT_WR);
        way->from = -1;
    }
}

static void receive(struct relay *relay, struct way *way, int64_t now_us)
{
    struct stretch *stretch = g_malloc(sizeof *stretch + CHUNK);
    ssize_t length = read(way->from, stretch->bytes, CHUNK);
    if (length > 0) {
        *stretch = (struct stretch){.due_us = now_us + relay->delay_us, .length = (size_t)length};
        g_queue_push_tail(&way->stretches, stretch);
        return;
    }
    g_free(stretch);
    if (length == 0 || errno != EAGAIN)
        end_of(way);
}

static void deliver(struct way *way, int64_t now_us)
{
    struct stretch *first;
    while ((first = g_queue_peek_head(&way->stretches)) && first->due_us <= now_us) {
        ssize_t sent = send(way->to, first->bytes + first->written, first->length - first->written, MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN)
            return;
        first->written += sent > 0 ? (size_t)sent : first->length;
        if (first->written >= first->length)
            g_free(g_queue_pop_head(&way->stretches));
    }
}

/* Until something comes, or is due. */
static void wait(struct relay *relay, struct pollfd *fds, nfds_t count, int64_t now_us)
{
    int64_t due_us = now_us + G_USEC_PER_SEC;
    for (guint i = 0; i < relay->count; i++) {
        const struct stretch *first = g_queue_peek_head(&relay->ways[i].stretches);
        due_us = first ? MIN(due_us, first->due_us) : due_us;
    }
    int64_t left_us = MAX(due_us - now_us, 0);
    const struct timespec left = {.tv_sec = left_us / G_USEC_PER_SEC, .tv_nsec = left_us % G_USEC_PER_SEC * 1000};
    ppoll(fds, count, &left, NULL);
}

static gpointer run(gpointer data)
{
    struct relay *relay = data;
    g_atomic_int_set(&relay->tid, (gint)gettid());
    for (;;) {
        struct pollfd fds[2 + G_N_ELEMENTS(relay->ways)] = {{relay->stop[0], POLLIN, 0}, {relay->listener, POLLIN, 0}};
        for (guint i = 0; i < relay->count; i++)
            fds[2 + i] = (struct pollfd){.fd = relay->ways[i].from, .events = POLLIN};
        guint count = relay->count;
        wait(relay, fds, 2 + count, g_get_monotonic_time());
        int64_t now_us = g_get_monotonic_time();
        if (fds[0].revents)
            return NULL;
        for (guint i = 0; i < count; i++) {
            if (fds[2 + i].revents)
                receive(relay, &relay->ways[i], now_us);
            deliver(&relay->ways[i], now_us);
        }
        if (fds[1].revents)
            take_up(relay);
    }
}

/* "...host=DIR&..." with another directory; *was gets the one it had. */
static char *move_host(const char *url, const char *dir, char **was)
{
    const char *host = strstr(url, "host=");
    g_assert_nonnull(host);
    host += strlen("host=");
    *was = g_strndup(host, strcspn(host, "&"));
    return g_strdup_printf("%.*s%s%s", (int)(host - url), url, dir, host + strcspn(host, "&"));
}

struct relay *relay_start(const char *server_url, const char *dir, unsigned delay_us, char **url)
{
    struct relay *relay = g_new0(struct relay, 1);
    g_autofree char *server = NULL;
    *url = move_host(server_url, dir, &server);
    relay->server = g_strconcat(server, SOCKET, NULL);
    relay->here = g_strconcat(dir, SOCKET, NULL);
    relay->delay_us = delay_us;
    relay->listener = listen_at(relay->here);
    g_assert_cmpint(pipe2(relay->stop, O_CLOEXEC), ==, 0);
    relay->thread = g_thread_new("relay", run, relay);
    return relay;
}

void relay_stop(struct relay *relay)
{
    g_assert_cmpint(write(relay->stop[1], "", 1), ==, 1);
    g_thread_join(relay->thread);
    for (guint i = 0; i < relay->count; i++) {
        g_queue_clear_full(&relay->ways[i].stretches, g_free);
        close(relay->ways[i].to);
    }
    close(relay->listener);
    close(relay->stop[0]);
    close(relay->stop[1]);
    unlink(relay->here);
    g_free(relay->server);
    g_free(relay->here);
    g_free(relay);
}

int relay_thread(struct relay *relay)
{
    return g_atomic_int_get(&relay->tid);
}

/* SPDX-License-Identifier: MIT */
#include "tui/app/loop.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <unistd.h>

enum {
    READ_SIZE = 4096,
    GLYPH_FIRST_MS = 15, /* the first frame waits this long for the answer about the glyph's width */
    GLYPH_LAST_MS = 200, /* later answers are not believed: nothing is to jump under somebody's eyes */
    BELL_GAP_MS = 140
};

struct loop {
    struct terminal *term;
    struct input *input;
    struct loop_client client;
    struct canvas *canvas;
    int signal_fd, store_fd;
    gboolean dirty, ended;
    int64_t started_ms;
    int bells_left;
    int64_t bell_ms;
};

static const int SIGNALS[] = {SIGWINCH, SIGHUP, SIGTERM, SIGINT, SIGQUIT, SIGTSTP};

/* How many strokes each kind has: told apart by ear from across the room. */
static const int BELL_STROKES[] = {[BELL_NONE] = 0, [BELL_REFUSED] = 1, [BELL_ERROR] = 3};

int64_t loop_now(void)
{
    return g_get_monotonic_time() / 1000;
}

static void signal_set(sigset_t *set)
{
    sigemptyset(set);
    for (size_t i = 0; i < G_N_ELEMENTS(SIGNALS); i++)
        sigaddset(set, SIGNALS[i]);
}

void loop_block_signals(void)
{
    sigset_t set;
    signal_set(&set);
    sigprocmask(SIG_BLOCK, &set, NULL);
    signal(SIGPIPE, SIG_IGN);
}

static void fit_canvas(struct loop *loop)
{
    int rows = 0, cols = 0;
    term_size(&rows, &cols);
    if (loop->canvas && loop->canvas->rows == rows && loop->canvas->cols == cols &&
        loop->canvas->glyphs == term_glyphs(loop->term))
        return;
    canvas_free(loop->canvas);
    loop->canvas = canvas_new(rows, cols, term_glyphs(loop->term));
    loop->dirty = TRUE;
}

struct loop *loop_new(struct terminal *term, struct input *input, int store_fd, const struct loop_client *client)
{
    struct loop *loop = g_new(struct loop, 1);
    *loop = (struct loop){.term = term, .input = input, .client = *client, .store_fd = store_fd, .dirty = TRUE,
                          .started_ms = loop_now()};
    sigset_t set;
    signal_set(&set);
    loop->signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    fit_canvas(loop);
    return loop;
}

void loop_free(struct loop *loop)
{
    close(loop->signal_fd);
    canvas_free(loop->canvas);
    g_free(loop);
}

void loop_size(const struct loop *loop, int *rows, int *cols)
{
    *rows = loop->canvas->rows;
    *cols = loop->canvas->cols;
}

void loop_draw_soon(struct loop *loop)
{
    loop->dirty = TRUE;
}

void loop_redraw(struct loop *loop)
{
    term_redraw(loop->term);
    loop->dirty = TRUE;
}

void loop_stop(struct loop *loop)
{
    loop->ended = TRUE;
}

void loop_bell(struct loop *loop, enum bell bell)
{
    loop->bells_left = BELL_STROKES[bell];
    loop->bell_ms = loop_now();
}

/* --- the sources ---------------------------------------------------------------------------------------- */

static void give_events(struct loop *loop)
{
    struct input_event event;
    while (input_next(loop->input, &event)) {
        if (event.type == INPUT_REPORT) {
            if (term_report(loop->term, event.col))
                fit_canvas(loop);
        } else {
            loop->client.on_event(loop->client.data, &event);
        }
        input_event_clear(&event);
    }
}

static gboolean has_input(void)
{
    struct pollfd one = {.fd = TERM_FD, .events = POLLIN};
    return poll(&one, 1, 0) > 0;
}

/* All that is there, so that a burst of scans is drawn once. */
static void read_terminal(struct loop *loop)
{
    char bytes[READ_SIZE];
    do {
        ssize_t n = term_read(bytes, sizeof bytes);
        if (n == 0) {
            loop_stop(loop);
            return;
        }
        if (n > 0)
            input_feed(loop->input, bytes, (size_t)n, loop_now());
    } while (has_input());
    give_events(loop);
}

static void on_resize(struct loop *loop)
{
    fit_canvas(loop);
    struct input_event event = {.type = INPUT_RESIZE, .row = loop->canvas->rows, .col = loop->canvas->cols};
    loop->client.on_event(loop->client.data, &event);
}

/* Keys in raw mode never make these; somebody sent them. Ctrl-Z's is ignored: there is no shell to go to. */
static void read_signals(struct loop *loop)
{
    struct signalfd_siginfo info;
    while (read(loop->signal_fd, &info, sizeof info) == (ssize_t)sizeof info) {
        if (info.ssi_signo == SIGWINCH)
            on_resize(loop);
        else if (info.ssi_signo != SIGTSTP)
            loop_stop(loop);
    }
}

/* --- time ----------------------------------------------------------------------------------------------- */

int64_t loop_sooner(int64_t a, int64_t b)
{
    return a < 0 ? b : b < 0 ? a : MIN(a, b);
}

static int64_t glyph_deadline(const struct loop *loop, int64_t now_ms)
{
    if (!term_asking(loop->term))
        return -1;
    int64_t first = loop->started_ms + GLYPH_FIRST_MS;
    return now_ms < first ? first : loop->started_ms + GLYPH_LAST_MS;
}

static int timeout_of(const struct loop *loop, int64_t now_ms)
{
    int64_t due = loop_sooner(input_deadline(loop->input), loop->client.deadline(loop->client.data));
    due = loop_sooner(due, loop->bells_left > 0 ? loop->bell_ms : -1);
    due = loop_sooner(due, glyph_deadline(loop, now_ms));
    return due < 0 ? -1 : (int)CLAMP(due - now_ms, 0, 3600000);
}

static void ring(struct loop *loop, int64_t now_ms)
{
    if (loop->bells_left == 0 || now_ms < loop->bell_ms)
        return;
    term_bell();
    loop->bells_left--;
    loop->bell_ms = now_ms + BELL_GAP_MS;
}

static void on_time(struct loop *loop)
{
    int64_t now_ms = loop_now();
    input_tick(loop->input, now_ms);
    give_events(loop);
    ring(loop, now_ms);
    if (term_asking(loop->term) && now_ms >= loop->started_ms + GLYPH_LAST_MS)
        term_stop_asking(loop->term);
    int64_t due = loop->client.deadline(loop->client.data);
    if (due >= 0 && due <= now_ms)
        loop->client.on_time(loop->client.data, now_ms);
}

static void draw(struct loop *loop)
{
    gboolean early = term_asking(loop->term) && loop_now() < loop->started_ms + GLYPH_FIRST_MS;
    if (!loop->dirty || early)
        return;
    loop->dirty = FALSE;
    canvas_clear(loop->canvas);
    loop->client.draw(loop->client.data, loop->canvas);
    term_draw(loop->term, loop->canvas);
}

static void turn(struct loop *loop)
{
    struct pollfd fds[] = {
        {.fd = TERM_FD, .events = POLLIN},
        {.fd = loop->signal_fd, .events = POLLIN},
        {.fd = loop->store_fd, .events = POLLIN},
    };
    if (poll(fds, G_N_ELEMENTS(fds), timeout_of(loop, loop_now())) < 0 && errno != EINTR)
        loop_stop(loop);
    if (fds[1].revents)
        read_signals(loop);
    if (fds[0].revents)
        read_terminal(loop);
    if (fds[2].revents)
        loop->client.on_store(loop->client.data);
    on_time(loop);
    draw(loop);
}

void loop_run(struct loop *loop)
{
    draw(loop);
    while (!loop->ended)
        turn(loop);
}

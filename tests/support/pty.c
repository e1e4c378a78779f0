/* SPDX-License-Identifier: MIT */
#include "tests/support/pty.h"

#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#include <vterm.h>

struct pty {
    int fd;
    pid_t pid;
    int status;
    gboolean ended, alternate, cursor;
    gboolean in_frame; /* the program has begun to paint and not ended */
    VTerm *vterm;
    VTermScreen *screen;
    GString *output;
    size_t told;
    int rows, cols;
};

/* --- the terminal's side -------------------------------------------------------------------------------- */

static int on_property(VTermProp property, VTermValue *value, void *user)
{
    struct pty *pty = user;
    if (property == VTERM_PROP_ALTSCREEN)
        pty->alternate = value->boolean;
    if (property == VTERM_PROP_CURSORVISIBLE)
        pty->cursor = value->boolean;
    return 1;
}

static const VTermScreenCallbacks CALLBACKS = {.settermprop = on_property};

static void send_all(int fd, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t n = write(fd, bytes, length);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return;
        bytes += n;
        length -= (size_t)n;
    }
}

/* What the terminal answers (where the cursor is) goes back to the program. */
static void answer(struct pty *pty)
{
    char bytes[256];
    size_t n = vterm_output_read(pty->vterm, bytes, sizeof bytes);
    if (n > 0)
        send_all(pty->fd, bytes, n);
}

/* Whether the last of the marks around a frame (synchronized output, DEC mode 2026) began or ended one. */
static void follow_frames(struct pty *pty, size_t added)
{
    static const char MARK[] = "\033[?2026";
    size_t overlap = MIN(pty->output->len, added + sizeof MARK - 1);
    const char *at = pty->output->str + pty->output->len - overlap;
    while ((at = g_strstr_len(at, -1, MARK)) != NULL) {
        at += sizeof MARK - 1;
        if (*at == 'h' || *at == 'l')
            pty->in_frame = *at == 'h';
    }
}

gboolean pty_read(struct pty *pty, int wait_ms)
{
    struct pollfd one = {.fd = pty->fd, .events = POLLIN};
    if (pty->fd < 0 || poll(&one, 1, wait_ms) <= 0)
        return FALSE;
    char bytes[8192];
    ssize_t n = read(pty->fd, bytes, sizeof bytes);
    if (n <= 0)
        return FALSE;
    g_string_append_len(pty->output, bytes, n);
    follow_frames(pty, (size_t)n);
    vterm_input_write(pty->vterm, bytes, (size_t)n);
    answer(pty);
    return TRUE;
}

/* --- the program's side --------------------------------------------------------------------------------- */

static void become(const char *const argv[], const char *const environment[])
{
    g_setenv("TERM", "xterm-256color", TRUE);
    g_setenv("LC_ALL", "C.UTF-8", TRUE);
    g_unsetenv("NO_COLOR");
    for (size_t i = 0; environment && environment[i]; i++) {
        char **pair = g_strsplit(environment[i], "=", 2);
        g_setenv(pair[0], pair[1], TRUE);
    }
    char **copy = g_strdupv((char **)(uintptr_t)argv);
    execv(copy[0], copy);
    _exit(127);
}

struct pty *pty_start(const char *const argv[], const char *const environment[], int rows, int cols)
{
    struct pty *pty = g_new0(struct pty, 1);
    pty->rows = rows;
    pty->cols = cols;
    pty->cursor = TRUE;
    pty->output = g_string_new(NULL);
    pty->vterm = vterm_new(rows, cols);
    vterm_set_utf8(pty->vterm, 1);
    pty->screen = vterm_obtain_screen(pty->vterm);
    vterm_screen_enable_altscreen(pty->screen, 1);
    vterm_screen_set_callbacks(pty->screen, &CALLBACKS, pty);
    vterm_screen_reset(pty->screen, 1);
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
    pty->pid = forkpty(&pty->fd, NULL, NULL, &size);
    g_assert_cmpint(pty->pid, >=, 0);
    if (pty->pid == 0)
        become(argv, environment);
    return pty;
}

static gboolean reap(struct pty *pty)
{
    if (!pty->ended && waitpid(pty->pid, &pty->status, WNOHANG) == pty->pid)
        pty->ended = TRUE;
    return pty->ended;
}

void pty_free(struct pty *pty)
{
    if (!reap(pty)) {
        kill(pty->pid, SIGKILL);
        waitpid(pty->pid, &pty->status, 0);
    }
    if (pty->fd >= 0)
        close(pty->fd);
    vterm_free(pty->vterm);
    g_string_free(pty->output, TRUE);
    g_free(pty);
}

void pty_send(struct pty *pty, const char *bytes, size_t length)
{
    send_all(pty->fd, bytes, length);
}

void pty_type(struct pty *pty, const char *text)
{
    pty_send(pty, text, strlen(text));
}

void pty_resize(struct pty *pty, int rows, int cols)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)cols};
    pty->rows = rows;
    pty->cols = cols;
    vterm_set_size(pty->vterm, rows, cols);
    ioctl(pty->fd, TIOCSWINSZ, &size);
}

void pty_signal(struct pty *pty, int number)
{
    kill(pty->pid, number);
}

void pty_hang_up(struct pty *pty)
{
    close(pty->fd);
    pty->fd = -1;
}

/* --- reading back --------------------------------------------------------------------------------------- */

static void append_cell(GString *out, const VTermScreenCell *cell)
{
    if (cell->chars[0] == 0)
        g_string_append_c(out, ' ');
    for (int i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i]; i++)
        if (cell->chars[i] != (uint32_t)-1)
            g_string_append_unichar(out, cell->chars[i]);
}

/* What a program that died in the middle of a frame has painted is all there will be. */
static void wait_for_whole_frame(struct pty *pty)
{
    int64_t deadline_us = g_get_monotonic_time() + PTY_WAIT_MS * 1000;
    while (pty->in_frame && g_get_monotonic_time() < deadline_us)
        if (!pty_read(pty, 20) && reap(pty))
            return;
}

char *pty_screen(struct pty *pty)
{
    wait_for_whole_frame(pty);
    GString *out = g_string_new(NULL);
    for (int row = 0; row < pty->rows; row++) {
        for (int col = 0; col < pty->cols;) {
            VTermScreenCell cell = {0};
            vterm_screen_get_cell(pty->screen, (VTermPos){row, col}, &cell);
            append_cell(out, &cell);
            col += MAX(cell.width, 1);
        }
        while (out->len > 0 && out->str[out->len - 1] == ' ')
            g_string_truncate(out, out->len - 1);
        g_string_append_c(out, '\n');
    }
    return g_string_free(out, FALSE);
}

static gboolean shows(struct pty *pty, const char *text)
{
    char *screen = pty_screen(pty);
    gboolean found = strstr(screen, text) != NULL;
    g_free(screen);
    return found;
}

static gboolean wait_until(struct pty *pty, const char *text, gboolean wanted)
{
    int64_t deadline_us = g_get_monotonic_time() + PTY_WAIT_MS * 1000;
    while (shows(pty, text) != wanted) {
        if (g_get_monotonic_time() > deadline_us)
            return FALSE;
        if (!pty_read(pty, 20) && reap(pty))
            return shows(pty, text) == wanted;
    }
    return TRUE;
}

gboolean pty_wait(struct pty *pty, const char *text)
{
    return wait_until(pty, text, TRUE);
}

gboolean pty_wait_gone(struct pty *pty, const char *text)
{
    return wait_until(pty, text, FALSE);
}

int pty_wait_end(struct pty *pty)
{
    int64_t deadline_us = g_get_monotonic_time() + PTY_WAIT_MS * 1000;
    while (!reap(pty) && g_get_monotonic_time() < deadline_us)
        if (!pty_read(pty, 10) && pty->fd < 0)
            g_thread_yield();
    while (pty_read(pty, 0))
        continue;
    return pty->ended ? pty->status : -1;
}

/* A thread of the program runs, or would if it were let. */
static gboolean is_busy(const struct pty *pty)
{
    char *path = g_strdup_printf("/proc/%d/task", (int)pty->pid);
    GDir *tasks = g_dir_open(path, 0, NULL);
    gboolean busy = FALSE;
    for (const char *name; tasks && !busy && (name = g_dir_read_name(tasks));) {
        char *file = g_build_filename(path, name, "stat", NULL), *text = NULL;
        if (g_file_get_contents(file, &text, NULL, NULL)) {
            const char *state = strrchr(text, ')'); /* the name before it may hold anything */
            busy = state && (state[2] == 'R' || state[2] == 'D');
        }
        g_free(text);
        g_free(file);
    }
    if (tasks)
        g_dir_close(tasks);
    g_free(path);
    return busy;
}

size_t pty_settle(struct pty *pty, int quiet_ms)
{
    size_t before = pty->output->len;
    while (pty_read(pty, quiet_ms) || is_busy(pty))
        continue;
    return pty->output->len - before;
}

const char *pty_output(struct pty *pty, size_t *length)
{
    const char *start = pty->output->str + pty->told;
    *length = pty->output->len - pty->told;
    pty->told = pty->output->len;
    return start;
}

gboolean pty_cursor_visible(struct pty *pty)
{
    return pty->cursor;
}

gboolean pty_alternate(struct pty *pty)
{
    return pty->alternate;
}

/* The master end shows the modes of the terminal, also when nobody has it open any more. */
gboolean pty_line_mode(struct pty *pty)
{
    struct termios modes;
    g_assert_cmpint(tcgetattr(pty->fd, &modes), ==, 0);
    return (modes.c_lflag & ICANON) && (modes.c_lflag & ECHO) && (modes.c_iflag & ICRNL);
}

gboolean pty_group_alive(struct pty *pty)
{
    return kill(-pty->pid, 0) == 0 || errno != ESRCH;
}

pid_t pty_pid(const struct pty *pty)
{
    return pty->pid;
}

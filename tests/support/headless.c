/* SPDX-License-Identifier: MIT */
#include "tests/support/headless.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/people/people.h"
#include "core/people/pin.h"

enum { PATIENCE_MS = 60000 };

struct headless {
    GPid pid;
    int input, output;
    GString *pending; /* read and not yet a whole line */
};

/* build/VARIANT/tests/DIR/x_test: two directories up are the programs. */
char *headless_program(const char *name)
{
    const char *build = g_getenv("PACKLINE_BUILD");
    char *self = g_file_read_link("/proc/self/exe", NULL), *dir = g_path_get_dirname(self), *path = NULL;
    g_free(self);
    while (!path && strlen(dir) > 1) {
        path = g_build_filename(build ? build : dir, name, NULL);
        if (!build && access(path, X_OK) != 0) {
            char *up = g_path_get_dirname(dir);
            g_free(dir);
            dir = up;
            g_clear_pointer(&path, g_free);
        }
    }
    g_free(dir);
    g_assert_nonnull(path);
    return path;
}

void headless_hire(struct floor *floor, const char *badge, enum role role, const char *pin)
{
    g_autofree char *name = g_strconcat(program_invocation_short_name, "-pepper", NULL);
    g_autofree char *pepper = g_build_filename(g_get_tmp_dir(), name, NULL);
    GError *error = NULL;
    g_setenv("PACKLINE_PEPPER", pepper, TRUE);
    pepper_create(NULL, &error);
    g_assert_no_error(error);
    person_add(floor->site, &floor->system, badge, "林小美", role, pin, NULL, &error);
    g_assert_no_error(error);
}

struct headless *headless_start_under(const char *const *wrapper, const char *url, const char *station)
{
    struct headless *headless = g_new0(struct headless, 1);
    g_autofree char *program = headless_program("packline");
    const char *const own[] = {program, "station", "--headless", "--db", url, "--station", station};
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    GError *error = NULL;
    for (; wrapper && *wrapper; wrapper++)
        g_ptr_array_add(argv, (gpointer)(uintptr_t)*wrapper);
    for (size_t i = 0; i < G_N_ELEMENTS(own); i++)
        g_ptr_array_add(argv, (gpointer)(uintptr_t)own[i]);
    g_ptr_array_add(argv, NULL);
    signal(SIGPIPE, SIG_IGN);
    g_spawn_async_with_pipes(NULL, (char **)argv->pdata, NULL, G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_SEARCH_PATH, NULL,
                             NULL, &headless->pid, &headless->input, &headless->output, NULL, &error);
    g_assert_no_error(error);
    headless->pending = g_string_new(NULL);
    return headless;
}

struct headless *headless_start(const char *url, const char *station)
{
    return headless_start_under(NULL, url, station);
}

int headless_pid(const struct headless *headless)
{
    return headless->pid;
}

gboolean headless_send(struct headless *headless, const char *line)
{
    char *text = g_strconcat(line, "\n", NULL);
    size_t length = strlen(text), sent = 0;
    while (sent < length) {
        ssize_t n = write(headless->input, text + sent, length - sent);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            break;
        sent += (size_t)n;
    }
    g_free(text);
    return sent == length;
}

/* Reads until a whole line is there. FALSE at the end of the output. */
static gboolean fill(struct headless *headless)
{
    char buffer[4096];
    while (!strchr(headless->pending->str, '\n')) {
        struct pollfd ready = {.fd = headless->output, .events = POLLIN};
        int n = poll(&ready, 1, PATIENCE_MS);
        if (n == 0)
            g_error("the station gave no answer within %d s", PATIENCE_MS / 1000);
        ssize_t got = n < 0 ? -1 : read(headless->output, buffer, sizeof buffer);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return FALSE;
        g_string_append_len(headless->pending, buffer, got);
    }
    return TRUE;
}

gboolean headless_wait(struct headless *headless, int wait_ms)
{
    struct pollfd ready = {.fd = headless->output, .events = POLLIN};
    return strchr(headless->pending->str, '\n') || poll(&ready, 1, wait_ms) > 0;
}

json_t *headless_read(struct headless *headless)
{
    json_error_t wrong;
    if (!fill(headless))
        return NULL;
    gsize length = strcspn(headless->pending->str, "\n");
    json_t *answer = json_loadb(headless->pending->str, length, 0, &wrong);
    if (!answer)
        g_error("not an answer: %.*s: %s", (int)length, headless->pending->str, wrong.text);
    g_string_erase(headless->pending, 0, (gssize)length + 1);
    return answer;
}

json_t *headless_ask(struct headless *headless, const char *line)
{
    g_assert_true(headless_send(headless, line));
    json_t *answer = headless_read(headless);
    g_assert_nonnull(answer);
    return answer;
}

void headless_expect(struct headless *headless, const char *line, const char *outcome, const char *code)
{
    json_t *answer = headless_ask(headless, line);
    const char *was = json_string_value(json_object_get(answer, "outcome"));
    const char *number = json_string_value(json_object_get(answer, "code"));
    if (g_strcmp0(was, outcome) != 0 || (code && g_strcmp0(number, code) != 0)) {
        char *text = json_dumps(answer, JSON_COMPACT);
        g_error("'%s' was answered %s, not %s %s", line, text, outcome, code ? code : "");
    }
    json_decref(answer);
}

int headless_bury(struct headless *headless)
{
    int status = 0;
    while (waitpid(headless->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    close(headless->output);
    g_string_free(headless->pending, TRUE);
    g_free(headless);
    return status;
}

void headless_close(struct headless *headless)
{
    close(headless->input);
}

int headless_end(struct headless *headless)
{
    headless_close(headless);
    int status = headless_bury(headless);
    g_assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

void headless_shoot(struct headless *headless)
{
    kill(headless->pid, SIGKILL);
    close(headless->input);
}

int headless_kill(struct headless *headless)
{
    int answers = 0;
    headless_shoot(headless);
    for (json_t *answer; (answer = headless_read(headless)) != NULL; answers++)
        json_decref(answer);
    headless_bury(headless);
    return answers;
}

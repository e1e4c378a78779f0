/* SPDX-License-Identifier: MIT */
#include "core/backup/program.h"

#include <errno.h>
#include <signal.h>
#include <stdint.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/db/pg_program.h"

enum { SAID_MAX = 300 };

/* As our own connection: of several hosts the one that may be written. What is given otherwise counts. */
static char **environment(void)
{
    char **all = g_get_environ();
    all = g_environ_setenv(all, "PGTARGETSESSIONATTRS", "read-write", FALSE);
    all = g_environ_setenv(all, "PGCONNECT_TIMEOUT", "5", FALSE);
    return g_environ_setenv(all, "LC_MESSAGES", "C", TRUE);
}

gboolean program_start(struct program *program, const char *name, const char *const arguments[], int in, int out, GError **error)
{
    g_autofree char *path = pg_program(name);
    if (!path)
        return err_set(error, ERR_PROGRAM_MISSING, name);
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    g_ptr_array_add(argv, path);
    for (size_t i = 0; arguments[i]; i++)
        g_ptr_array_add(argv, (gpointer)(uintptr_t)arguments[i]);
    g_ptr_array_add(argv, NULL);
    g_auto(GStrv) set = environment();
    g_autoptr(GError) cause = NULL;
    *program = (struct program){.name = g_strdup(name), .said = memfd_create(name, MFD_CLOEXEC)};
    GSpawnFlags flags = G_SPAWN_DO_NOT_REAP_CHILD | (out < 0 ? G_SPAWN_STDOUT_TO_DEV_NULL : 0);
    if (g_spawn_async_with_fds("/", (char **)argv->pdata, set, flags, NULL, NULL, &program->pid, in, out, program->said, &cause))
        return TRUE;
    close(program->said);
    g_free(program->name);
    return err_set(error, ERR_PROGRAM_FAILED, name, cause->message);
}

gboolean program_has_ended(struct program *program)
{
    siginfo_t info = {.si_pid = 0};
    return waitid(P_PID, (id_t)program->pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid != 0;
}

static int wait_for(struct program *program)
{
    int status = -1;
    while (waitpid(program->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    g_spawn_close_pid(program->pid);
    return status;
}

/* Its first line, without its name, as it stands in our text. */
static char *first_words(const struct program *program)
{
    char text[SAID_MAX + 1] = "";
    ssize_t length = pread(program->said, text, SAID_MAX, 0);
    text[MAX(length, 0)] = '\0';
    text[strcspn(text, "\n")] = '\0';
    g_autofree char *valid = g_utf8_make_valid(text, -1);
    const char *colon = g_str_has_prefix(valid, program->name) ? strstr(valid, ": ") : NULL;
    return g_strdup(colon ? colon + 2 : valid);
}

static void forget(struct program *program)
{
    close(program->said);
    g_clear_pointer(&program->name, g_free);
}

gboolean program_end(struct program *program, GError **error)
{
    int status = wait_for(program);
    gboolean good = WIFEXITED(status) && WEXITSTATUS(status) == 0;
    if (!good) {
        g_autofree char *said = first_words(program);
        err_set(error, ERR_PROGRAM_FAILED, program->name, said[0] ? said : WIFSIGNALED(status) ? "killed" : "?");
    }
    forget(program);
    return good;
}

void program_kill(struct program *program)
{
    kill(program->pid, SIGTERM);
    wait_for(program);
    forget(program);
}

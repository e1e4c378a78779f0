/* SPDX-License-Identifier: MIT
 *
 * One of PostgreSQL's own programs at work beside this one. What it complains of is kept, for the error.
 */
#pragma once

#include <glib.h>

struct program {
    char *name;
    GPid pid;
    int said; /* a file of what it wrote to standard error */
};

/* Starts name with arguments (NULL at the end) on the given standard input and output, -1: none. They stay the caller's.
 * ERR_PROGRAM_MISSING when it is not on this machine. */
gboolean program_start(struct program *program, const char *name, const char *const arguments[], int in, int out, GError **error);

/* Whether it has ended; program_end() says how. */
gboolean program_has_ended(struct program *program);

/* Waits for its end and frees. FALSE with ERR_PROGRAM_FAILED and its first words when it failed. */
gboolean program_end(struct program *program, GError **error);

/* Ends it at once and frees. */
void program_kill(struct program *program);

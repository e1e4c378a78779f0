/* SPDX-License-Identifier: MIT
 *
 * The subcommands of packline-print, a row each; run() gets argv[0] = the name and returns an exit code of
 * core/base/error.h.
 */
#pragma once

#include <glib.h>

struct print_command {
    const char *name;
    const char *summary; /* N_(), one line */
    int (*run)(int argc, char **argv);
};

/* NULL past the end. */
const struct print_command *print_command_at(size_t n);

int print_doctor(int argc, char **argv);
int print_preview(int argc, char **argv);
int print_work(int argc, char **argv);

/* Parses and removes the options, --db and own; FALSE with ERR_USAGE. usage is what follows "packline-print". *db_url is
 * never NULL then: what --db says, else PACKLINE_DB, the configuration file, the user's data directory. Caller frees. */
gboolean print_options(const GOptionEntry *own, const char *usage, char **db_url, int *argc, char ***argv,
                       GError **error);

/* Prints "packline-print: PL-0700 text" and the hint to standard error, frees error, returns its exit code. */
int print_failed(GError *error);

/* SPDX-License-Identifier: MIT
 *
 * The table of subcommands, sorted by name. A subcommand is one file, tui/commands/NAME.c, and one row in
 * commands.c; help and the manual are made from the rows. run() gets argv[0] = the name, does its own option parsing
 * (options.h), writes results to standard output, messages to standard error, and returns an exit code of
 * core/base/error.h.
 */
#ifndef TUI_COMMANDS_COMMANDS_H
#define TUI_COMMANDS_COMMANDS_H

#include <glib.h>
#include <stddef.h>

struct subcommand {
    const char *name;
    const char *summary; /* N_(), one line */
    int (*run)(int argc, char **argv);
};

/* The row of a name, NULL when there is none. */
const struct subcommand *command_find(const char *name);

/* ERR_USAGE: there is no command of that name. */
void command_unknown(const char *name, GError **error);

/* The rows in order; NULL past the end. */
const struct subcommand *command_at(size_t n);

int cmd_alerts(int argc, char **argv);
int cmd_batch(int argc, char **argv);
int cmd_check(int argc, char **argv);
int cmd_couriers(int argc, char **argv);
int cmd_demo(int argc, char **argv);
int cmd_doctor(int argc, char **argv);
int cmd_export(int argc, char **argv);
int cmd_help(int argc, char **argv);
int cmd_import(int argc, char **argv);
int cmd_init(int argc, char **argv);
int cmd_jobs(int argc, char **argv);
int cmd_map(int argc, char **argv);
int cmd_order(int argc, char **argv);
int cmd_people(int argc, char **argv);
int cmd_place(int argc, char **argv);
int cmd_printers(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_settings(int argc, char **argv);
int cmd_station(int argc, char **argv);
int cmd_station_slots(int argc, char **argv); /* station list, station free */
int cmd_stock(int argc, char **argv);
int cmd_version(int argc, char **argv);

#endif

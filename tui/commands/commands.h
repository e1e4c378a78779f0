/* SPDX-License-Identifier: MIT
 *
 * tui/commands: a file a subcommand.
 *
 * The table of subcommands, sorted by name. A subcommand is one file, tui/commands/NAME.c, and the row it makes
 * (verbs.h); main, help and the manual go by the rows. Results go to standard output, messages to standard error, and
 * the exit code is one of core/base/error.h.
 */
#pragma once

#include "tui/commands/verbs.h"

/* The row of a name, NULL when there is none. */
const struct subcommand *command_find(const char *name);

/* ERR_USAGE: there is no command of that name. */
void command_unknown(const char *name, GError **error);

/* The rows in order; NULL past the end. */
const struct subcommand *command_at(size_t n);

extern const struct subcommand command_alerts, command_backup, command_batch, command_check, command_clock, command_couriers, command_demo,
    command_doctor, command_export, command_forget, command_help, command_import, command_init, command_jobs, command_map,
    command_order, command_people, command_place, command_printers, command_replay, command_restore, command_run, command_settings,
    command_station, command_stock, command_version;

/* SPDX-License-Identifier: MIT */
#include "tui/commands/commands.h"

#include <string.h>

#include "core/base/translate.h"

static const struct subcommand *const COMMANDS[] = {
    &command_alerts, &command_backup, &command_batch, &command_check, &command_clock, &command_couriers, &command_demo, &command_doctor, &command_export,
    &command_forget, &command_help, &command_import, &command_init, &command_jobs, &command_map, &command_order, &command_people,
    &command_place, &command_printers, &command_replay, &command_restore, &command_run, &command_settings, &command_station, &command_stock,
    &command_version,
};

const struct subcommand *command_find(const char *name)
{
    for (size_t i = 0; i < G_N_ELEMENTS(COMMANDS); i++)
        if (strcmp(COMMANDS[i]->name, name) == 0)
            return COMMANDS[i];
    return NULL;
}

void command_unknown(const char *name, GError **error)
{
    g_autofree char *text = g_strdup_printf(_("There is no command %s."), name);
    usage_error(error, text);
}

const struct subcommand *command_at(size_t n)
{
    return n < G_N_ELEMENTS(COMMANDS) ? COMMANDS[n] : NULL;
}

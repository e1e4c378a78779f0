/* SPDX-License-Identifier: MIT */
#include "tui/commands/commands.h"

#include <string.h>

#include "core/base/translate.h"

static const struct subcommand COMMANDS[] = {
    {"help", N_("list the commands"), cmd_help},
    {"version", N_("print the version"), cmd_version},
};

enum { COMMAND_COUNT = sizeof COMMANDS / sizeof COMMANDS[0] };

const struct subcommand *command_find(const char *name)
{
    for (size_t i = 0; i < COMMAND_COUNT; i++)
        if (strcmp(COMMANDS[i].name, name) == 0)
            return &COMMANDS[i];
    return NULL;
}

const struct subcommand *command_at(size_t n)
{
    return n < COMMAND_COUNT ? &COMMANDS[n] : NULL;
}

/* SPDX-License-Identifier: MIT */
#include "tui/commands/commands.h"

#include "core/base/words.h"
#include "core/base/error.h"
#include "core/base/translate.h"

static const struct subcommand COMMANDS[] = {
    {"alerts", N_("what somebody should look at"), cmd_alerts},
    {"batch", N_("make batches and hand them out"), cmd_batch},
    {"check", N_("look whether the invariants hold"), cmd_check},
    {"couriers", N_("list the couriers, or those a number may be of"), cmd_couriers},
    {"demo", N_("make a demo floor of invented goods and people"), cmd_demo},
    {"doctor", N_("what is wrong here, and how to mend it"), cmd_doctor},
    {"export", N_("tell the shops what has left"), cmd_export},
    {"help", N_("list the commands"), cmd_help},
    {"import", N_("bring in products, stock, orders or number ranges"), cmd_import},
    {"init", N_("make the database, or bring it up to date"), cmd_init},
    {"jobs", N_("labels nobody is sure of: answer, retry, reprint"), cmd_jobs},
    {"map", N_("which products a shop's listings stand for"), cmd_map},
    {"order", N_("show, release, hold and cancel orders"), cmd_order},
    {"people", N_("who works here: badges, roles, PINs"), cmd_people},
    {"place", N_("bins, totes and benches"), cmd_place},
    {"printers", N_("which printers there are, and how they are"), cmd_printers},
    {"run", N_("print the waybills of a batch or a filter in one go"), cmd_run},
    {"settings", N_("show and change settings"), cmd_settings},
    {"station", N_("a station without screens; who writes, and freeing a slot"), cmd_station},
    {"stock", N_("what lies where; receive, adjust, move, count"), cmd_stock},
    {"version", N_("print the version"), cmd_version},
};

const struct subcommand *command_find(const char *name)
{
    int n = WORDS_FIND(COMMANDS, name);
    return n < 0 ? NULL : &COMMANDS[n];
}

void command_unknown(const char *name, GError **error)
{
    char *text = g_strdup_printf(_("There is no command %s."), name);
    err_set(error, ERR_USAGE, text);
    g_free(text);
}

const struct subcommand *command_at(size_t n)
{
    return n < G_N_ELEMENTS(COMMANDS) ? &COMMANDS[n] : NULL;
}

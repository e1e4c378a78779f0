/* SPDX-License-Identifier: MIT */
#include "printing/commands.h"

#include "core/base/error.h"
#include "core/base/program.h"
#include "core/base/translate.h"

static const struct print_command COMMANDS[] = {
    {"work", N_("print what is queued for this host's printers"), print_work},
    {"doctor", N_("what is wrong with fonts, templates, printers and CUPS"), print_doctor},
    {"preview", N_("draw a label into a PNG or PDF file"), print_preview},
};

const struct print_command *print_command_at(size_t n)
{
    return n < G_N_ELEMENTS(COMMANDS) ? &COMMANDS[n] : NULL;
}

gboolean print_options(const GOptionEntry *own, const char *usage, char **db_url, int *argc, char ***argv,
                       GError **error)
{
    const GOptionEntry common[] = {
        {"db", 0, 0, G_OPTION_ARG_STRING, db_url, N_("the database: sqlite:PATH or postgresql://..."), "URL"},
        {0},
    };
    g_autofree char *name = g_strconcat("packline-print ", _(usage), NULL);
    if (!program_options(name, own, common, argc, argv, error))
        return FALSE;
    program_setting(db_url, "PACKLINE_DB", "db", NULL);
    program_default_db(db_url);
    return TRUE;
}

int print_failed(GError *error)
{
    int code = err_exit(error);
    program_say("packline-print", error);
    g_error_free(error);
    return code;
}

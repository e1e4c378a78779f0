/* SPDX-License-Identifier: MIT */
#include "printing/commands.h"

#include <stdio.h>

#include "core/base/error.h"
#include "core/base/paths.h"
#include "core/base/settings.h"
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

gboolean print_options(const GOptionEntry *entries, const char *usage, int *argc, char ***argv,
                       GError **error)
{
    GOptionContext *context = g_option_context_new(NULL);
    g_option_context_set_translation_domain(context, "packline");
    g_option_context_add_main_entries(context, entries, "packline");
    char *name = g_strconcat("packline-print ", _(usage), NULL);
    g_set_prgname(name);
    GError *cause = NULL;
    gboolean parsed = g_option_context_parse(context, argc, argv, &cause);
    if (!parsed)
        err_set(error, ERR_USAGE, cause->message);
    g_clear_error(&cause);
    g_option_context_free(context);
    g_free(name);
    return parsed;
}

char *print_default_db(void)
{
    const char *named = g_getenv("PACKLINE_DB");
    if (named && *named)
        return g_strdup(named);
    char *configured = setting_host("db", NULL, NULL);
    if (configured && *configured)
        return configured;
    g_free(configured);
    char *path = paths_data("packline.db"), *url = g_strconcat("sqlite:", path, NULL);
    g_free(path);
    return url;
}

int print_failed(GError *error)
{
    char *line = err_line(error), *hint = err_hint(err_code(error), NULL);
    fprintf(stderr, "packline-print: %s\n", line);
    if (*hint)
        fprintf(stderr, "  %s\n", hint);
    int code = err_exit(error);
    g_free(hint);
    g_free(line);
    g_error_free(error);
    return code;
}

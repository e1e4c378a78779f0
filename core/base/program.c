/* SPDX-License-Identifier: MIT */
#include "core/base/program.h"

#include <stdlib.h>

#include "core/base/error.h"
#include "core/base/paths.h"
#include "core/base/settings.h"

gboolean program_options(const char *usage, const GOptionEntry *own, const GOptionEntry *common, int *argc,
                         char ***argv, GError **error)
{
    g_autoptr(GOptionContext) context = g_option_context_new(NULL);
    g_option_context_set_translation_domain(context, "packline");
    g_option_context_add_main_entries(context, common, "packline");
    if (own)
        g_option_context_add_main_entries(context, own, "packline");
    g_set_prgname(usage);
    g_autoptr(GError) cause = NULL;
    if (!g_option_context_parse(context, argc, argv, &cause))
        err_set(error, ERR_USAGE, cause->message);
    return cause == NULL;
}

gboolean program_setting(char **value, const char *variable, const char *key, GError **error)
{
    if (!*value)
        *value = g_strdup(g_getenv(variable));
    if (*value)
        return TRUE;
    g_autofree char *said = setting_host(key, NULL, error);
    if (said && said[0])
        *value = g_steal_pointer(&said);
    return !error || !*error;
}

void program_default_db(char **url)
{
    if (*url)
        return;
    g_autofree char *path = paths_data("packline.db");
    *url = g_strconcat("sqlite:", path, NULL);
}

void program_say(const char *program, const GError *error)
{
    g_autofree char *line = err_line(error), *hint = err_hint(err_code(error), NULL);
    g_printerr("%s: %s\n%s%s", program, line, hint, hint[0] ? "\n" : "");
}

void program_print(json_t *root, size_t flags)
{
    char *text = json_dumps(root, flags);
    g_print("%s\n", text ? text : "null");
    free(text);
    json_decref(root);
}

/* SPDX-License-Identifier: MIT */
#include "tui/commands/options.h"

#include <string.h>

#include <jansson.h>

#include "core/base/error.h"
#include "core/base/paths.h"
#include "core/base/translate.h"

static char *configured(const char *key)
{
    char *path = paths_config("packline.conf");
    GKeyFile *file = g_key_file_new();
    char *value = NULL;
    if (g_key_file_load_from_file(file, path, G_KEY_FILE_NONE, NULL))
        value = g_key_file_get_string(file, "packline", key, NULL);
    g_key_file_free(file);
    g_free(path);
    return value;
}

static void settle(char **value, const char *variable, const char *key)
{
    if (!*value && g_getenv(variable))
        *value = g_strdup(g_getenv(variable));
    if (!*value)
        *value = configured(key);
}

static void settle_all(struct options *options)
{
    settle(&options->db_url, "PACKLINE_DB", "db");
    settle(&options->station, "PACKLINE_STATION", "station");
    if (!options->db_url) {
        char *path = paths_data("packline.db");
        options->db_url = g_strconcat("sqlite:", path, NULL);
        g_free(path);
    }
    if (!options->station)
        options->station = g_strdup(g_get_host_name());
}

gboolean options_parse(struct options *options, const GOptionEntry *own, const char *usage, int *argc, char ***argv,
                       GError **error)
{
    GOptionEntry common[] = {
        {"db", 0, 0, G_OPTION_ARG_STRING, &options->db_url, N_("the database: sqlite:PATH or postgresql://..."), "URL"},
        {"station", 0, 0, G_OPTION_ARG_STRING, &options->station, N_("this station's name"), N_("NAME")},
        {"lang", 0, 0, G_OPTION_ARG_STRING, &options->language, N_("zh_TW or en"), N_("LANGUAGE")},
        {"json", 0, 0, G_OPTION_ARG_NONE, &options->json, N_("write JSON"), NULL},
        {0},
    };
    GOptionContext *context = g_option_context_new(NULL);
    g_option_context_set_translation_domain(context, "packline");
    g_option_context_add_main_entries(context, common, "packline");
    if (own)
        g_option_context_add_main_entries(context, own, "packline");
    char *name = g_strconcat("packline ", _(usage), NULL);
    g_set_prgname(name);
    GError *cause = NULL;
    gboolean parsed = g_option_context_parse(context, argc, argv, &cause);
    g_option_context_free(context);
    g_free(name);
    if (!parsed) {
        err_set(error, ERR_USAGE, cause->message);
        g_error_free(cause);
        return FALSE;
    }
    settle_all(options);
    return TRUE;
}

void options_clear(struct options *options)
{
    g_free(options->db_url);
    g_free(options->station);
    g_free(options->language);
    *options = (struct options){0};
}

static void print_json(const GError *error, const char *number, const char *hint)
{
    json_t *object = json_pack("{s:s, s:s, s:s}", "error", number, "text", error->message, "hint", hint);
    char *text = json_dumps(object, JSON_COMPACT);
    g_print("%s\n", text);
    free(text);
    json_decref(object);
}

int options_failed_json(GError *error, gboolean json)
{
    int status = err_exit(error);
    char number[8];
    err_number(err_code(error), number);
    char *hint = err_hint(err_code(error), NULL);
    if (json)
        print_json(error, number, hint);
    else
        g_printerr("packline: %s %s\n%s%s", number, error->message, hint, hint[0] ? "\n" : "");
    g_free(hint);
    g_error_free(error);
    return status;
}

int options_failed(GError *error)
{
    return options_failed_json(error, FALSE);
}

const char *options_language(int argc, char **argv)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
        if (g_str_has_prefix(argv[i], "--lang="))
            return argv[i] + strlen("--lang=");
        if (strcmp(argv[i], "--lang") == 0 && i + 1 < argc)
            return argv[i + 1];
    }
    return NULL;
}

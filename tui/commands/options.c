/* SPDX-License-Identifier: MIT */
#include "tui/commands/options.h"

#include <string.h>

#include "core/base/clean.h"
#include "core/base/error.h"
#include "core/base/program.h"
#include "core/base/settings.h"
#include "core/base/translate.h"

static gboolean settle_all(struct options *options, GError **error)
{
    GError **strict = options->lenient ? NULL : error;
    if ((strict && !settings_check_file(NULL, strict)) || !program_setting(&options->db_url, "PACKLINE_DB", "db", strict) ||
        !program_setting(&options->station, "PACKLINE_STATION", "station", strict))
        return FALSE;
    program_default_db(&options->db_url);
    if (!options->station)
        options->station = g_strdup(g_get_host_name());
    return TRUE;
}

static gboolean station_fits(const struct options *options, GError **error)
{
    enum { LONGEST = 60 };
    const char *name = options->station;
    g_autofree char *bare = g_strstrip(g_strdup(name));
    gboolean fits = bare[0] && strlen(name) <= LONGEST && clean_is(name);
    if (!fits)
        err_set(error, ERR_SETTING_VALUE, "station", bare, _("a name of up to 60 bytes"));
    return fits;
}

gboolean options_refuse(const char *word, GError **error)
{
    g_autofree char *text = g_strdup_printf(_("Nothing can be done with %s here."), word);
    return err_set(error, ERR_USAGE, text);
}

static gboolean few_enough(const struct options *options, int argc, char **argv, GError **error)
{
    return argc - 1 <= options->most || options_refuse(argv[options->most + 1], error);
}

static void clear_texts(struct options *options)
{
    g_clear_pointer(&options->db_url, g_free);
    g_clear_pointer(&options->station, g_free);
    g_clear_pointer(&options->language, g_free);
}

gboolean options_parse(struct options *options, const GOptionEntry *own, const char *usage, int *argc, char ***argv,
                       GError **error)
{
    gboolean json = options_has(*argc, *argv, "--json");
    GOptionEntry common[] = {
        {"db", 0, 0, G_OPTION_ARG_STRING, &options->db_url, N_("the database: sqlite:PATH or postgresql://..."), "URL"},
        {"station", 0, 0, G_OPTION_ARG_STRING, &options->station, N_("this station's name"), N_("NAME")},
        {"lang", 0, 0, G_OPTION_ARG_STRING, &options->language, N_("zh_TW or en"), N_("LANGUAGE")},
        {"json", 0, 0, G_OPTION_ARG_NONE, &options->json, N_("write JSON"), NULL},
        {0},
    };
    g_autofree char *name = g_strconcat("packline ", usage, NULL);
    if (program_options(name, own, common, argc, argv, error) && few_enough(options, *argc, *argv, error) &&
        settle_all(options, error) && station_fits(options, error) &&
        (!options->language || setting_accepts(setting_find("lang"), options->language, error)))
        return TRUE;
    clear_texts(options);
    options->json = json; /* GLib takes it back when a later word is wrong */
    return FALSE;
}

void options_clear(struct options *options)
{
    clear_texts(options);
    *options = (struct options){0};
}

json_t *options_error(const GError *error)
{
    char number[8];
    g_autofree char *hint = err_hint(err_code(error), NULL);
    g_autofree char *text = g_utf8_make_valid(error->message, -1); /* it may name a file whose name is no UTF-8 */
    return json_pack("{s:s, s:s, s:s}", "error", err_number(err_code(error), number), "text", text, "hint", hint);
}

void options_print(json_t *root)
{
    program_print(root, JSON_INDENT(1));
}

void options_print_line(json_t *root)
{
    program_print(root, JSON_COMPACT);
}

void options_say(const GError *error)
{
    program_say("packline", error);
}

int options_failed(GError *error, gboolean json)
{
    int status = err_exit(error);
    if (json)
        options_print(options_error(error));
    else
        options_say(error);
    g_error_free(error);
    return status;
}

gboolean options_has(int argc, char **argv, const char *word)
{
    for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++)
        if (strcmp(argv[i], word) == 0)
            return TRUE;
    return FALSE;
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

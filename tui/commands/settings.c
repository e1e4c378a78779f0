/* SPDX-License-Identifier: MIT
 *
 * packline settings [NAME [VALUE]]: lists, shows, sets. The table tells which stand in this machine's file
 * and which in the database.
 */
#include <glib.h>
#include <jansson.h>

#include "core/base/error.h"
#include "core/base/settings.h"
#include "core/base/translate.h"
#include "core/floor/site.h"
#include "core/floor/site_setting.h"
#include "core/people/actor.h"
#include "tui/commands/commands.h"
#include "tui/commands/options.h"

/* Caller frees. NULL with *error. */
static char *value_of(const struct site *site, const struct setting *setting, GError **error)
{
    if (setting->scope == SETTING_HOST)
        return setting_host(setting->name, NULL, error);
    return g_strdup(site_setting_text(site, setting->name));
}

static gboolean list_all(const struct site *site, gboolean json, GError **error)
{
    json_t *object = json_object();
    for (guint i = 0; setting_at(i); i++) {
        const struct setting *setting = setting_at(i);
        char *value = value_of(site, setting, error);
        if (!value) {
            json_decref(object);
            return FALSE;
        }
        char *takes = setting_takes(setting);
        if (json)
            json_object_set_new(object, setting->name, json_string(value));
        else
            g_print("%-24s %-10s %-7s %s (%s)\n", setting->name, value[0] ? value : "-",
                    setting->scope == SETTING_HOST ? _("here") : _("site"), _(setting->text), takes);
        g_free(takes);
        g_free(value);
    }
    char *text = json ? json_dumps(object, JSON_INDENT(1)) : NULL;
    if (text)
        g_print("%s\n", text);
    free(text);
    json_decref(object);
    return TRUE;
}

static gboolean show_one(const struct site *site, const struct setting *setting, GError **error)
{
    char *value = value_of(site, setting, error);
    if (value)
        g_print("%s\n", value);
    g_free(value);
    return value != NULL;
}

static gboolean set_one(struct site *site, const struct setting *setting, const char *value, GError **error)
{
    if (setting->scope == SETTING_HOST)
        return setting_host_set(setting->name, value, NULL, error);
    const struct actor by = {.person_id = site->system_person_id};
    return site_setting_set(site, &by, setting->name, value, error);
}

static gboolean run(struct site *site, const struct setting *setting, const char *value, gboolean json, GError **error)
{
    if (!setting)
        return list_all(site, json, error);
    return value ? set_one(site, setting, value, error) : show_one(site, setting, error);
}

/* A setting of this machine needs no database. */
static gboolean run_with_site(const struct options *options, int argc, char **argv, GError **error)
{
    const struct setting *setting = argc > 1 ? setting_find(argv[1]) : NULL;
    const char *value = argc > 2 ? argv[2] : NULL;
    if (argc > 1 && !setting) {
        err_set(error, ERR_SETTING_UNKNOWN, argv[1]);
        return FALSE;
    }
    if (setting && setting->scope == SETTING_HOST)
        return run(NULL, setting, value, options->json, error);
    struct site *site = site_open(options->db_url, "settings", NULL, error);
    gboolean good = site && run(site, setting, value, options->json, error);
    site_close(site);
    return good;
}

int cmd_settings(int argc, char **argv)
{
    struct options options = {0};
    GError *error = NULL;
    if (!options_parse(&options, NULL, N_("settings [NAME [VALUE]]"), &argc, &argv, &error))
        return options_failed(error);
    gboolean good = run_with_site(&options, argc, argv, &error);
    gboolean json = options.json;
    options_clear(&options);
    return good ? EXIT_OK : options_failed_json(error, json);
}

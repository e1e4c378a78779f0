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
#include "core/site/site.h"
#include "core/site/site_setting.h"
#include "tui/commands/acting.h"
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
    if (json)
        options_print(json_incref(object));
    json_decref(object);
    return TRUE;
}

static gboolean show_one(const struct site *site, const struct setting *setting, gboolean json, GError **error)
{
    char *value = value_of(site, setting, error);
    if (value && json)
        options_print(json_pack("{s:s}", setting->name, value));
    else if (value)
        g_print("%s\n", value);
    g_free(value);
    return value != NULL;
}

static gboolean set_one(struct site *site, const struct setting *setting, const char *value,
                        const char *acting, GError **error)
{
    struct actor by;
    if (setting->scope == SETTING_HOST)
        return setting_host_set(setting->name, value, NULL, error);
    return acting_as(site, acting, MAY_ADMIN, &by, error) &&
           site_setting_set(site, &by, setting->name, value, error);
}

/* A setting of this machine needs no database. */
static gboolean run(const struct options *options, int argc, char **argv, const char *acting, GError **error)
{
    const struct setting *setting = argc > 1 ? setting_find(argv[1]) : NULL;
    const char *value = argc > 2 ? argv[2] : NULL;
    if (argc > 1 && !setting) {
        err_set(error, ERR_SETTING_UNKNOWN, argv[1]);
        return FALSE;
    }
    gboolean here = setting && setting->scope == SETTING_HOST;
    struct site *site = here ? NULL : site_open(options->db_url, "settings", NULL, error);
    gboolean good = here || site;
    if (good && !setting)
        good = list_all(site, options->json, error);
    else if (good)
        good = (!value || set_one(site, setting, value, acting, error)) &&
               ((value && !options->json) || show_one(site, setting, options->json, error));
    site_close(site);
    return good;
}

int cmd_settings(int argc, char **argv)
{
    struct options options = {.most = 2, .lenient = TRUE};
    char *acting = NULL;
    const GOptionEntry own[] = {ACTING_OPTION(acting), {0}};
    GError *error = NULL;
    if (!options_parse(&options, own, N_("settings [NAME [VALUE]]"), &argc, &argv, &error))
        return options_failed(error, options.json);
    gboolean good = run(&options, argc, argv, acting, &error);
    gboolean json = options.json;
    options_clear(&options);
    g_free(acting);
    return good ? EXIT_OK : options_failed(error, json);
}

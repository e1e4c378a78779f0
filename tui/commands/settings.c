/* SPDX-License-Identifier: MIT
 *
 * packline settings [NAME [VALUE]]: lists, shows, sets. The table tells which stand in this machine's file
 * and which in the database.
 */
#include "core/base/error.h"
#include "core/base/settings.h"
#include "core/base/translate.h"
#include "core/site/site.h"
#include "core/site/site_setting.h"
#include "tui/commands/acting.h"
#include "tui/commands/commands.h"

/* Caller frees. NULL with *error. */
static char *value_of(const struct site *site, const struct setting *setting, GError **error)
{
    if (setting->scope == SETTING_HOST)
        return setting_host(setting->name, NULL, error);
    return g_strdup(site_setting_text(site, setting->name));
}

static void print_one(const struct setting *setting, const char *value)
{
    g_autofree char *takes = setting_takes(setting);
    g_print("%-24s %-10s %-7s %s (%s)\n", setting->name, value[0] ? value : "-",
            setting->scope == SETTING_HOST ? _("here") : _("site"), _(setting->text), takes);
}

static gboolean list_all(struct call *call, GError **error)
{
    json_auto_t *object = json_object();
    for (guint i = 0; setting_at(i); i++) {
        g_autofree char *value = value_of(call->site, setting_at(i), error);
        if (!value)
            return FALSE;
        if (call->json)
            json_object_set_new(object, setting_at(i)->name, json_string(value));
        else
            print_one(setting_at(i), value);
    }
    call->answer = call->json ? json_incref(object) : NULL;
    return TRUE;
}

static gboolean show_one(struct call *call, const struct setting *setting, GError **error)
{
    g_autofree char *value = value_of(call->site, setting, error);
    if (value && call->json)
        call->answer = json_pack("{s:s}", setting->name, value);
    else if (value)
        g_print("%s\n", value);
    return value != NULL;
}

static gboolean set_one(struct call *call, const struct setting *setting, const char *value, GError **error)
{
    if (setting->scope == SETTING_HOST)
        return setting_host_set(setting->name, value, NULL, error);
    return (call->badge || acting_alone("settings", error)) && acting_as(call->site, call->badge, MAY_ADMIN, &call->actor, error) &&
           site_setting_set(call->site, &call->actor, setting->name, value, error);
}

/* A setting of this machine needs no database. */
static gboolean do_settings(struct call *call, GError **error)
{
    const struct setting *setting = call->count ? setting_find(call->args[0]) : NULL;
    const char *value = call->count > 1 ? call->args[1] : NULL;
    if (call->count && !setting)
        return err_set(error, ERR_SETTING_UNKNOWN, call->args[0]);
    if ((!setting || setting->scope != SETTING_HOST) &&
        !(call->site = site_open(call->options->db_url, "settings", NULL, error)))
        return FALSE;
    if (!setting)
        return list_all(call, error);
    if (value && !set_one(call, setting, value, error))
        return FALSE;
    return (value && !call->json) || show_one(call, setting, error);
}

static const struct verb VERBS[] = {{NULL, 0, 2, N_("[NAME [VALUE]]"), do_settings, OWN_ACTOR, BY_ANYBODY}};

const struct subcommand command_settings = {
    "settings", N_("show and change settings"), VERBS_OF(VERBS), .lenient = TRUE,
};

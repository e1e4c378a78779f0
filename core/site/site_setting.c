/* SPDX-License-Identifier: MIT */
#include "core/site/site_setting.h"

#include <string.h>

#include "core/base/settings.h"
#include "core/code/courier.h"
#include "core/site/record.h"
#include "core/site/site.h"

static const struct sql SET = {"setting_set", "INSERT INTO setting (warehouse_id, name, value) VALUES ($1, $2, $3) "
                                              "ON CONFLICT (warehouse_id, name) DO UPDATE SET value = $3"};

const char *site_setting_text(const struct site *site, const char *name)
{
    const struct setting *setting = setting_find(name);
    const char *value = g_hash_table_lookup(site->settings, name);
    if (!setting || setting->scope != SETTING_SITE)
        return NULL;
    return value ? value : setting->fallback;
}

static gboolean courier_exists(const struct site *site, const char *name, const char *value, GError **error)
{
    if (strcmp(name, "default_courier") != 0 || !value[0] || couriers_get(site->couriers, value))
        return TRUE;
    return err_set(error, ERR_COURIER_UNKNOWN, value);
}

gboolean site_setting_set(struct site *site, const struct actor *by, const char *name, const char *value,
                          GError **error)
{
    const struct setting *setting = setting_find(name);
    if (!setting || setting->scope != SETTING_SITE)
        return err_set(error, ERR_SETTING_UNKNOWN, name);
    if (!setting_accepts(setting, value, error) || !courier_exists(site, name, value, error))
        return FALSE;
    g_autofree char *detail = g_strdup_printf("%s=%s", name, value);
    const struct record record = {.event = "setting", .detail = detail, .said = SAID_SETTING, .said_named = name};
    const struct record_statement set = {&SET, DB_ARGS(site->warehouse_id, name, value), .none = ERR_NONE};
    if (!site_record_statements(site, by, &record, &set, 1, error))
        return FALSE;
    g_hash_table_insert(site->settings, g_strdup(name), g_strdup(value));
    return TRUE;
}

/* SPDX-License-Identifier: MIT */
#include "core/site/site_setting.h"

#include <string.h>

#include "core/base/error.h"
#include "core/base/settings.h"
#include "core/code/courier.h"
#include "core/db/db.h"
#include "core/site/journal.h"
#include "core/site/site.h"

static const struct sql SET = {"setting_set",
                               "INSERT INTO setting (warehouse_id, name, value) VALUES ($1, $2, $3) "
                               "ON CONFLICT (warehouse_id, name) DO UPDATE SET value = $3"};

struct change {
    struct site *site;
    const char *name, *value;
    struct journal_row row;
    struct journal journal;
};

const char *site_setting_text(const struct site *site, const char *name)
{
    const struct setting *setting = setting_find(name);
    const char *value = g_hash_table_lookup(site->settings, name);
    if (!setting || setting->scope != SETTING_SITE)
        return NULL;
    return value ? value : setting->fallback;
}

static gboolean set_work(struct db *db, void *data, GError **error)
{
    struct change *change = data;
    journal_begin(&change->journal, change->site);
    return db_exec(db, &SET,
                   DB_ARGS(db_int(change->site->warehouse_id), db_text(change->name), db_text(change->value)),
                   NULL, error) &&
           journal_append(&change->journal, &change->row, error) && journal_commit(&change->journal, error);
}

static gboolean courier_exists(const struct site *site, const char *name, const char *value, GError **error)
{
    if (strcmp(name, "default_courier") != 0 || !value[0] || couriers_get(site->couriers, value))
        return TRUE;
    err_set(error, ERR_COURIER_UNKNOWN, value);
    return FALSE;
}

gboolean site_setting_set(struct site *site, const struct actor *by, const char *name, const char *value,
                          GError **error)
{
    const struct setting *setting = setting_find(name);
    if (!setting || setting->scope != SETTING_SITE) {
        err_set(error, ERR_SETTING_UNKNOWN, name);
        return FALSE;
    }
    if (!setting_accepts(setting, value, error) || !courier_exists(site, name, value, error))
        return FALSE;
    char *detail = g_strdup_printf("%s=%s", name, value);
    struct change change = {.site = site, .name = name, .value = value};
    change.row = (struct journal_row){.at = site_now(site),
                                      .event_key = site_id(site),
                                      .event = "setting",
                                      .machine = "",
                                      .from_state = "",
                                      .to_state = "",
                                      .actor = *by,
                                      .detail = detail};
    gboolean good = db_transaction(site->db, set_work, &change, error);
    if (good) {
        journal_done(&change.journal);
        g_hash_table_insert(site->settings, g_strdup(name), g_strdup(value));
    }
    g_free(detail);
    return good;
}

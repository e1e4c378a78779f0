/* SPDX-License-Identifier: MIT
 *
 * packline init: the database, its first warehouse, owner and administrator, and the key file of the PINs.
 * Run again it brings the schema up to date and adds what is missing.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/paths.h"
#include "core/base/translate.h"
#include "core/people/people.h"
#include "core/people/pin.h"
#include "core/site/first_rows.h"
#include "core/site/site.h"
#include "tui/commands/commands.h"
#include "tui/commands/options.h"
#include "tui/commands/secret.h"

struct wishes {
    char *warehouse, *name, *zone, *owner, *admin, *admin_name;
    const char *made_admin; /* the badge, once that person is made; borrowed */
};

static const char *or_default(const char *value, const char *fallback)
{
    return value ? value : fallback;
}

/* The machine's own zone, where it says so. */
static char *local_zone(void)
{
    GTimeZone *zone = g_time_zone_new_local();
    char *name = g_strdup(g_time_zone_get_identifier(zone));
    g_time_zone_unref(zone);
    if (strchr(name, '/') && name[0] != '/')
        return name;
    g_free(name);
    return g_strdup("Asia/Taipei");
}

static gboolean zone_exists(const char *name, GError **error)
{
    GTimeZone *zone = g_time_zone_new_identifier(name);
    if (zone)
        g_time_zone_unref(zone);
    else
        err_set(error, ERR_SETTING_VALUE, "--zone", name, "Asia/Taipei");
    return zone != NULL;
}

static gboolean has_admin(struct site *site, gboolean *has, GError **error)
{
    GArray *people = people_list(site, error);
    if (!people)
        return FALSE;
    *has = FALSE;
    for (guint i = 0; i < people->len; i++) {
        const struct person *person = &g_array_index(people, struct person, i);
        *has = *has || (person->role == ROLE_ADMIN && person->active);
    }
    g_array_unref(people);
    return TRUE;
}

static gboolean first_admin(struct site *site, struct wishes *wishes, GError **error)
{
    gboolean has = FALSE;
    const char *badge = or_default(wishes->admin, "admin");
    if (!has_admin(site, &has, error))
        return FALSE;
    if (has)
        return TRUE;
    const struct actor by = {.person_id = site->system_person_id};
    char *prompt = g_strdup_printf(_("PIN for %s, 6 digits or more"), badge);
    char *pin = secret_read(prompt, TRUE, error);
    gboolean good = pin && person_add(site, &by, badge, or_default(wishes->admin_name, badge), ROLE_ADMIN,
                                      pin, NULL, error);
    if (good)
        wishes->made_admin = badge;
    g_free(prompt);
    g_free(pin);
    return good;
}

static gboolean create(const char *url, struct wishes *wishes, GError **error)
{
    char *zone = wishes->zone ? g_strdup(wishes->zone) : local_zone();
    const struct site_names names = {.warehouse_code = or_default(wishes->warehouse, "MAIN"),
                                     .warehouse_name = or_default(wishes->name, _("Main warehouse")),
                                     .time_zone = zone,
                                     .owner_code = "OWN",
                                     .owner_name = or_default(wishes->owner, _("Own goods"))};
    gboolean good =
        zone_exists(zone, error) && pepper_create(NULL, error) && site_create(url, &names, NULL, error);
    struct site *site = good ? site_open(url, "init", NULL, error) : NULL;
    good = site && first_admin(site, wishes, error);
    site_close(site);
    g_free(zone);
    return good;
}

static void say(const char *url, const struct wishes *wishes, gboolean json)
{
    if (json) {
        options_print(json_pack("{s:s, s:s}", "database", url, "administrator", wishes->made_admin ? wishes->made_admin : ""));
        return;
    }
    g_print(_("Database: %s\n"), url);
    if (wishes->made_admin)
        g_print(_("Administrator: badge %s\n"), wishes->made_admin);
}

int cmd_init(int argc, char **argv)
{
    struct options options = {0};
    struct wishes wishes = {0};
    const GOptionEntry own[] = {
        {"warehouse", 0, 0, G_OPTION_ARG_STRING, &wishes.warehouse, N_("short code of the warehouse"),
         N_("CODE")},
        {"name", 0, 0, G_OPTION_ARG_STRING, &wishes.name, N_("name of the warehouse"), N_("NAME")},
        {"zone", 0, 0, G_OPTION_ARG_STRING, &wishes.zone, N_("its time zone, Asia/Taipei"), N_("ZONE")},
        {"owner", 0, 0, G_OPTION_ARG_STRING, &wishes.owner, N_("whose goods they are"), N_("NAME")},
        {"admin", 0, 0, G_OPTION_ARG_STRING, &wishes.admin, N_("badge of the first administrator"),
         N_("BADGE")},
        {"admin-name", 0, 0, G_OPTION_ARG_STRING, &wishes.admin_name, N_("the administrator's name"),
         N_("NAME")},
        {0},
    };
    GError *error = NULL;
    if (!options_parse(&options, own, N_("init"), &argc, &argv, &error))
        return options_failed(error, options.json);
    gboolean good = create(options.db_url, &wishes, &error), json = options.json;
    if (good)
        say(options.db_url, &wishes, json);
    char *const texts[] = {wishes.warehouse, wishes.name,  wishes.zone,
                           wishes.owner,     wishes.admin, wishes.admin_name};
    for (guint i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
    options_clear(&options);
    return good ? EXIT_OK : options_failed(error, json);
}

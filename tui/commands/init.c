/* SPDX-License-Identifier: MIT
 *
 * packline init: the database, its first warehouse, owner and administrator, and the key file of the PINs.
 * Run again it brings the schema up to date and adds what is missing.
 */
#include <glib/gstdio.h>
#include <string.h>

#include "core/apply/begin.h"
#include "core/base/error.h"
#include "core/base/paths.h"
#include "core/base/translate.h"
#include "core/people/people.h"
#include "core/people/pin.h"
#include "core/site/first_rows.h"
#include "core/site/site.h"
#include "tui/commands/commands.h"
#include "tui/commands/progress.h"
#include "tui/commands/secret.h"

struct given {
    char *warehouse, *name, *zone, *owner, *admin, *admin_name;
};

static const char *or_default(const char *value, const char *fallback)
{
    return value ? value : fallback;
}

/* The machine's own zone, where it says so. */
static char *local_zone(void)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_local();
    const char *name = g_time_zone_get_identifier(zone);
    return g_strdup(strchr(name, '/') && name[0] != '/' ? name : "Asia/Taipei");
}

static gboolean zone_exists(const char *name, GError **error)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(name);
    if (!zone)
        err_set(error, ERR_SETTING_VALUE, "--zone", name, "Asia/Taipei");
    return zone != NULL;
}

static gboolean has_admin(struct site *site, gboolean *has, GError **error)
{
    g_autoptr(GArray) people = people_list(site, error);
    if (!people)
        return FALSE;
    *has = FALSE;
    for (guint i = 0; i < people->len; i++) {
        const struct person *person = &g_array_index(people, struct person, i);
        *has = *has || (person->role == ROLE_ADMIN && person->active);
    }
    return TRUE;
}

/* *made is the badge when that person was made; borrowed. */
static gboolean first_admin(struct site *site, const struct given *given, const char **made, GError **error)
{
    gboolean has = FALSE;
    const char *badge = or_default(given->admin, "admin");
    if (!has_admin(site, &has, error))
        return FALSE;
    if (has)
        return TRUE;
    const struct actor by = {.person_id = site->system_person_id};
    g_autofree char *prompt = g_strdup_printf(_("PIN for %s, 6 digits or more"), badge);
    g_autofree char *pin = secret_read(prompt, TRUE, error);
    if (!pin || !person_add(site, &by, badge, or_default(given->admin_name, badge), ROLE_ADMIN, pin, NULL, error))
        return FALSE;
    *made = badge;
    return TRUE;
}

/* Of a floor that is older than its history, so that nobody waits for it at a bench. */
static gboolean begin_history(struct site *site, const struct call *call, GError **error)
{
    struct progress progress = progress_begin(call);
    gboolean begun = history_begin_by(site, &(struct history_way){.on_page = progress_show, .data = &progress}, error);
    progress_clear(&progress);
    return begun;
}

static gboolean create(const struct call *call, const char **made_admin, GError **error)
{
    const char *url = call->options->db_url;
    const struct given *given = call->given;
    g_autofree char *zone = given->zone ? g_strdup(given->zone) : local_zone();
    const struct site_names names = {.warehouse_code = or_default(given->warehouse, "MAIN"),
                                     .warehouse_name = or_default(given->name, _("Main warehouse")),
                                     .time_zone = zone,
                                     .owner_code = "OWN",
                                     .owner_name = or_default(given->owner, _("Own goods"))};
    if (!zone_exists(zone, error) || !pepper_create(NULL, error) || !site_create(url, &names, NULL, error))
        return FALSE;
    struct site *site = site_open(url, "init", NULL, error);
    gboolean good = site && first_admin(site, given, made_admin, error) && begin_history(site, call, error);
    site_close(site);
    return good;
}

static gboolean do_init(struct call *call, GError **error)
{
    const char *url = call->options->db_url, *admin = "";
    if (!create(call, &admin, error))
        return FALSE;
    if (call->json)
        call->answer = json_pack("{s:s, s:s}", "database", url, "administrator", admin);
    else
        g_print(_("Database: %s\n"), url);
    if (!call->json && admin[0])
        g_print(_("Administrator: badge %s\n"), admin);
    return TRUE;
}

static const struct option OPTIONS[] = {
    OPTION_TEXT("warehouse", warehouse, N_("short code of the warehouse"), N_("CODE")),
    OPTION_TEXT("name", name, N_("name of the warehouse"), N_("NAME")),
    OPTION_TEXT("zone", zone, N_("its time zone, Asia/Taipei"), N_("ZONE")),
    OPTION_TEXT("owner", owner, N_("whose goods they are"), N_("NAME")),
    OPTION_TEXT("admin", admin, N_("badge of the first administrator"), N_("BADGE")),
    OPTION_TEXT("admin-name", admin_name, N_("the administrator's name"), N_("NAME")),
};
static const struct verb VERBS[] = {{NULL, 0, 0, NULL, do_init, NO_SITE, BY_ANYBODY}};

const struct subcommand command_init = {
    "init", N_("make the database, or bring it up to date"), VERBS_OF(VERBS), OPTIONS_OF(OPTIONS, struct given),
};

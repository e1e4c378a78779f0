/* SPDX-License-Identifier: MIT
 *
 * packline alerts: what somebody should look at, one a line. Exit 1 when there is anything.
 */
#include <glib.h>
#include <jansson.h>

#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/check/check.h"
#include "core/site/site.h"
#include "core/view/alerts.h"
#include "tui/commands/commands.h"
#include "tui/commands/options.h"

enum { EACH = 50 };

static void print(const GArray *alerts, gboolean json)
{
    json_t *list = json ? json_array() : NULL;
    for (guint i = 0; i < alerts->len; i++) {
        const struct alert *alert = &g_array_index(alerts, struct alert, i);
        if (list)
            json_array_append_new(list, json_pack("{s:s, s:s, s:s}", "kind", alert_kind_name(alert->kind),
                                                  "text", alert->text, "about", alert->argument));
        else
            g_print("%s\n", alert->text);
    }
    if (list)
        options_print(list);
}

int cmd_alerts(int argc, char **argv)
{
    struct options options = {0};
    GError *error = NULL;
    if (!options_parse(&options, NULL, N_("alerts"), &argc, &argv, &error))
        return options_failed(error, options.json);
    struct site *site = site_open(options.db_url, "alerts", NULL, &error);
    gboolean looked = site && check_quick(site->db, site_now(site), &site->violations, &error);
    GArray *alerts = looked ? alerts_load(site, EACH, &error) : NULL;
    gboolean json = options.json, any = alerts && alerts->len > 0;
    if (alerts) {
        print(alerts, json);
        g_array_unref(alerts);
    }
    site_close(site);
    options_clear(&options);
    if (error)
        return options_failed(error, json);
    return any ? EXIT_REFUSED : EXIT_OK;
}

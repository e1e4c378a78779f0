/* SPDX-License-Identifier: MIT
 *
 * packline restore FILE: a backup becomes the floor again, while nobody works.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/backup/restore.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/site/site.h"
#include "tui/commands/acting.h"
#include "tui/commands/commands.h"
#include "tui/commands/progress.h"

struct given {
    gboolean yes;
};

/* Badge and PIN are looked up on the floor that is there. */
static gboolean find_person(struct call *call, int64_t *person_id, GError **error)
{
    if (!call->badge)
        return TRUE;
    struct actor actor;
    struct site *site = site_open_as(SITE_RESCUE, call->options->db_url, "restore", NULL, error);
    gboolean good = site && acting_as(site, call->badge, MAY_ADMIN, &actor, error);
    site_close(site);
    *person_id = good ? actor.person_id : 0;
    return good;
}

static char *time_of(const struct restore_look *look, int64_t at)
{
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(look->zone);
    g_autoptr(GTimeZone) utc = g_time_zone_new_utc();
    return at ? clock_format(zone ? zone : utc, at, "%Y-%m-%d %H:%M:%S") : g_strdup("-");
}

static void tell(const struct call *call, const struct restore_look *look)
{
    g_autofree char *until = time_of(look, look->until), *here = time_of(look, look->here_until);
    if (call->json)
        return;
    g_print(_("Backup of %s; the last that is in it is of %s.\n"), look->warehouse, until);
    if (look->here_until)
        g_print(_("The last that is in what is here is of %s. What was done in between will be gone.\n"), here);
    if (look->violations > 0)
        g_print(_("The invariants do not hold in the backup: %u violations.\n"), look->violations);
}

static gboolean is_meant(const struct given *given, GError **error)
{
    char line[16] = "";
    if (given->yes)
        return TRUE;
    if (!isatty(STDIN_FILENO))
        return usage_error(error, _("restore asks a person; in a script say --yes"));
    g_print(_("Put it in place? yes or no: "));
    fflush(stdout);
    gboolean read = fgets(line, sizeof line, stdin) != NULL;
    line[strcspn(line, "\r\n")] = '\0';
    return (read && g_ascii_strcasecmp(line, "yes") == 0) || usage_error(error, _("Nothing was replaced."));
}

static void say(struct call *call, const struct restore_look *look, const struct restored *restored)
{
    const char *kept = restored->kept ? restored->kept : "";
    if (call->json) {
        call->answer = json_pack("{s:s, s:I, s:I, s:s, s:i, s:b, s:s}", "warehouse", look->warehouse, "until_ms",
                                 (json_int_t)look->until, "replaced_until_ms", (json_int_t)look->here_until, "kept", kept,
                                 "violations", (int)restored->violations, "recorded", restored->is_noted, "trouble",
                                 restored->trouble ? restored->trouble : "");
        return;
    }
    g_autofree char *until = time_of(look, look->until);
    g_print(_("In place: the floor as it was at %s.\n"), until);
    if (kept[0])
        g_print(_("What was here is kept as %s\n"), kept);
    if (!restored->is_noted)
        g_print("%s\n", _("That it was restored could not be written into its journal."));
    if (restored->trouble)
        g_print("%s\n", restored->trouble);
}

static gboolean do_restore(struct call *call, GError **error)
{
    struct progress progress = progress_begin(call);
    const struct restore_call restoring = {.url = call->options->db_url, .file = call->args[0], .on_progress = progress_show,
                                           .data = &progress};
    struct restored restored = {.kept = NULL};
    int64_t person_id = 0;
    if (!find_person(call, &person_id, error))
        return FALSE;
    g_autoptr(restore) restore = restore_open(&restoring, error);
    progress_clear(&progress);
    if (!restore)
        return FALSE;
    tell(call, restore_looked(restore));
    if (!is_meant(call->given, error) || !restore_do(restore, person_id, &restored, error))
        return FALSE;
    say(call, restore_looked(restore), &restored);
    call->status = restored.violations > 0 || restored.trouble ? EXIT_REFUSED : EXIT_OK;
    g_free(restored.kept);
    g_free(restored.trouble);
    return TRUE;
}

static const struct option OPTIONS[] = {OPTION_FLAG("yes", yes, N_("don't ask"))};
static const struct verb VERBS[] = {{NULL, 1, 1, N_("FILE"), do_restore, OWN_ACTOR, BY_ANYBODY}};

const struct subcommand command_restore = {
    "restore", N_("put a backup in place of the floor"), VERBS_OF(VERBS), OPTIONS_OF(OPTIONS, struct given),
};

/* SPDX-License-Identifier: MIT
 *
 * packline backup [--to DIR] [--keep N]: a backup of the floor while it works. A timer runs it. Exit 0 good, 1 the floor itself
 * does not hold, 3 or 4 there is none.
 */
#include "core/backup/backup.h"
#include "core/base/error.h"
#include "core/base/translate.h"
#include "tui/commands/commands.h"
#include "tui/commands/progress.h"

struct given {
    char *to;
    int keep;
};

static void say(struct call *call, const struct backup_made *made)
{
    if (call->json) {
        call->answer = json_pack("{s:s, s:I, s:I, s:i, s:i, s:b}", "file", made->path, "bytes", (json_int_t)made->bytes, "at_ms",
                                 (json_int_t)made->at_utc_ms, "violations", (int)made->violations, "removed", (int)made->removed,
                                 "recorded", made->is_noted);
        return;
    }
    g_autofree char *size = g_format_size((guint64)made->bytes);
    g_print(_("Backup: %s (%s), looked at: %u violations\n"), made->path, size, made->violations);
    if (made->violations > 0)
        g_print("%s\n", _("The floor's invariants do not hold: packline check says which. No older backup was taken away."));
    if (made->removed > 0)
        g_print(_("Older ones taken away: %u\n"), made->removed);
    if (!made->is_noted)
        g_print("%s\n", _("It could not be recorded in the database: doctor and the alerts don't know of it."));
}

static gboolean do_backup(struct call *call, GError **error)
{
    const struct given *given = call->given;
    if (given->keep < 0)
        return usage_error(error, _("backup --keep takes how many stay: 1 or more"));
    struct progress progress = progress_begin(call);
    const struct backup_call backup = {.url = call->options->db_url, .dir = given->to, .keep = (guint)given->keep,
                                       .on_progress = progress_show, .data = &progress};
    struct backup_made made;
    gboolean done = backup_make(&backup, &made, error);
    progress_clear(&progress);
    call->status = done && made.violations > 0 ? EXIT_REFUSED : EXIT_OK;
    if (done)
        say(call, &made);
    g_free(made.path);
    return done;
}

static const struct option OPTIONS[] = {
    OPTION_FILE("to", to, N_("the directory; else the setting backup_dir, else beside the database"), N_("DIR")),
    OPTION_NUMBER("keep", keep, N_("so many of this floor's backups stay there, the new one among them"), N_("N")),
};
static const struct verb VERBS[] = {{NULL, 0, 0, NULL, do_backup, NO_SITE, BY_ANYBODY}};

const struct subcommand command_backup = {
    "backup", N_("make a backup of the floor while it works"), VERBS_OF(VERBS), OPTIONS_OF(OPTIONS, struct given),
};

/* SPDX-License-Identifier: MIT
 *
 * packline printers: which there are, how they are, whose labels they print.
 */
#include <string.h>

#include "core/act/act.h"
#include "core/base/translate.h"
#include "core/print/printer.h"
#include "core/print/submission.h"
#include "core/print/worker.h"
#include "core/site/site.h"
#include "tui/commands/acting.h"
#include "tui/commands/commands.h"
#include "tui/commands/output.h"

enum { ROLL_MAX = 1000000 };

struct given {
    char *uri, *host, *backup;
};

static char *left_of(const struct call *call, const void *data)
{
    const struct printer_row *row = data;
    (void)call;
    return row->labels_left < 0 ? g_strdup("") : g_strdup_printf(_("%d left"), (int)row->labels_left);
}

static const struct member MEMBERS[] = {
    MEMBER("name", struct printer_row, name),
    MEMBER("uri", struct printer_row, uri),
    MEMBER("host", struct printer_row, host),
    MEMBER("backup", struct printer_row, backup),
    MEMBER_WORD("state", struct printer_row, health, printer_health_name, printer_health_label),
    MEMBER_AS(SAID, "text", struct printer_row, text),
    MEMBER_AS(TIME, "since_at", struct printer_row, since_at),
    MEMBER_AS(TIME, "checked_at", struct printer_row, checked_at),
    MEMBER("waiting", struct printer_row, waiting),
    MEMBER("labels_left", struct printer_row, labels_left),
    MEMBER_SHOWN("left", left_of),
};
static const struct output PRINTERS =
    OUTPUT("{name:<12} {state:<16} {since_at:<6} {waiting:>4}  {left:<10} {uri:<28} {text}", MEMBERS);

VERB_OF_LIST(do_list, &PRINTERS, printers_load(call->site, NULL, error))

static gboolean do_add(struct call *call, GError **error)
{
    const struct given *given = call->given;
    if (given->uri)
        return printer_put(call->site, &call->actor, call->args[0], given->uri, given->host, given->backup, error);
    return usage_error(error, _("add needs --uri cups:QUEUE or --uri file:/DIRECTORY."));
}

VERB_OF_NAME(do_remove, printer_remove)

static gboolean do_assign(struct call *call, GError **error)
{
    return printer_assign(call->site, &call->actor, call->args[0], call->args[1], error);
}

/* A roll was changed. */
static gboolean do_roll(struct call *call, GError **error)
{
    guint64 labels = 0;
    if (strcmp(call->args[1], "-") == 0)
        return printer_roll(call->site, &call->actor, call->args[0], -1, error);
    if (g_ascii_string_to_unsigned(call->args[1], 10, 0, ROLL_MAX, &labels, NULL))
        return printer_roll(call->site, &call->actor, call->args[0], (int64_t)labels, error);
    return usage_error(error, _("roll needs the number of labels on the new roll, or - to count no more."));
}

/* What waits there comes out elsewhere. */
static gboolean do_move(struct call *call, GError **error)
{
    struct printer_row from, to;
    int moved = 1;
    if (printer_find(call->site, call->args[0], &from, error) <= 0 ||
        printer_find(call->site, call->args[1], &to, error) <= 0)
        return FALSE;
    while (moved > 0 && from.id != to.id)
        if (!jobs_move(call->site, from.id, to.id, &moved, error))
            return FALSE;
    return worker_ensure(call->site, error);
}

/* A test sheet or a bench card. */
static gboolean do_sheet(struct call *call, GError **error)
{
    const char *sheet = strcmp(call->verb->name, "test") == 0 ? "test" : "bench_card";
    return acting_print(call, call->args[0], (struct event){.kind = EV_PRINT, .text = sheet}, error);
}

static const struct option OPTIONS[] = {
    OPTION_TEXT("uri", uri, N_("add: cups:QUEUE or file:/DIRECTORY, ?paper=100x150&dpi=203"), N_("ADDRESS")),
    OPTION_TEXT("host", host, N_("add: the host that reaches it; else this one"), N_("NAME")),
    OPTION_TEXT("backup", backup, N_("add: the printer that stands in for it"), N_("NAME")),
};
static const struct verb VERBS[] = {
    {"list", 0, 0, NULL, do_list, MAY_SCAN, BY_ANYBODY},
    {"add", 1, 1, N_("NAME --uri ADDRESS"), do_add, MAY_ADMIN, BY_BADGE},
    {"remove", 1, 1, N_("NAME"), do_remove, MAY_ADMIN, BY_BADGE},
    {"assign", 2, 2, N_("STATION NAME"), do_assign, MAY_ADMIN, BY_BADGE},
    {"roll", 2, 2, N_("NAME LABELS"), do_roll, MAY_SCAN, BY_BADGE},
    {"move", 2, 2, N_("NAME OTHER"), do_move, MAY_LEAD, BY_BADGE},
    {"test", 1, 1, N_("NAME"), do_sheet, MAY_SCAN, BY_BADGE},
    {"bench-card", 1, 1, N_("NAME"), do_sheet, MAY_SCAN, BY_BADGE},
};

const struct subcommand command_printers = {
    "printers", N_("which printers there are, and how they are"), .bare = "list", VERBS_OF(VERBS),
    OPTIONS_OF(OPTIONS, struct given),
};

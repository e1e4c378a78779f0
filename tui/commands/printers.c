/* SPDX-License-Identifier: MIT
 *
 * packline printers: which there are, how they are, whose labels they print.
 */
#include <glib.h>
#include <jansson.h>
#include <string.h>

#include "core/act/act.h"
#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/print/printer.h"
#include "core/print/submission.h"
#include "core/print/worker.h"
#include "core/site/site.h"
#include "tui/commands/acting.h"
#include "tui/commands/commands.h"
#include "tui/commands/verbs.h"

enum { ROLL_MAX = 1000000 };

/* The options. */
struct given {
    char *uri, *host, *backup;
};

static void print_row(const struct call *call, const struct printer_row *row)
{
    char *since = acting_time(call->site, row->since_at);
    char *left = row->labels_left < 0 ? g_strdup("") : g_strdup_printf(_("%d left"), (int)row->labels_left);
    g_print("%-12s %-16s %-6s %4d  %-10s %-28s %s\n", row->name, printer_health_label(row->health), since,
            (int)row->waiting, left, row->uri, row->text[0] ? _(row->text) : "");
    g_free(left);
    g_free(since);
}

static json_t *row_json(const struct printer_row *row)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:I}", "name", row->name, "uri", row->uri,
                     "host", row->host, "backup", row->backup, "state", printer_health_name(row->health),
                     "text", row->text, "since_at", (json_int_t)row->since_at, "checked_at",
                     (json_int_t)row->checked_at, "waiting", (json_int_t)row->waiting, "labels_left",
                     (json_int_t)row->labels_left);
}

static gboolean do_list(struct call *call, GError **error)
{
    GArray *printers = printers_load(call->site, NULL, error);
    if (!printers)
        return FALSE;
    json_t *list = json_array();
    for (guint i = 0; i < printers->len; i++) {
        const struct printer_row *row = &g_array_index(printers, struct printer_row, i);
        json_array_append_new(list, row_json(row));
        if (!call->json)
            print_row(call, row);
    }
    if (call->json)
        call->answer = json_incref(list);
    json_decref(list);
    g_array_unref(printers);
    return TRUE;
}

static gboolean do_add(struct call *call, GError **error)
{
    const struct given *given = call->own;
    if (given->uri)
        return printer_put(call->site, &call->actor, call->args[0], given->uri, given->host, given->backup, error);
    err_set(error, ERR_USAGE, _("add needs --uri cups:QUEUE or --uri file:/DIRECTORY."));
    return FALSE;
}

static gboolean do_remove(struct call *call, GError **error)
{
    return printer_remove(call->site, &call->actor, call->args[0], error);
}

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
    err_set(error, ERR_USAGE, _("roll needs the number of labels on the new roll, or - to count no more."));
    return FALSE;
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
    return worker_ensure(call->site->url, error);
}

static gboolean print_sheet(struct call *call, const char *kind, GError **error)
{
    struct printer_row row;
    if (printer_find(call->site, call->args[0], &row, error) <= 0)
        return FALSE;
    struct event event = {.kind = EV_PRINT, .actor = call->actor, .printer_id = row.id, .text = kind};
    return flow_do(call->site, event, NULL, error) && worker_ensure(call->site->url, error);
}

static gboolean do_test(struct call *call, GError **error)
{
    return print_sheet(call, "test", error);
}

static gboolean do_card(struct call *call, GError **error)
{
    return print_sheet(call, "bench_card", error);
}

static const struct verb VERBS[] = {
    {"list", 0, 0, NULL, do_list, MAY_SCAN},
    {"add", 1, 1, N_("NAME --uri ADDRESS"), do_add, MAY_ADMIN},
    {"remove", 1, 1, N_("NAME"), do_remove, MAY_ADMIN},
    {"assign", 2, 2, N_("STATION NAME"), do_assign, MAY_ADMIN},
    {"roll", 2, 2, N_("NAME LABELS"), do_roll, MAY_SCAN},
    {"move", 2, 2, N_("NAME OTHER"), do_move, MAY_LEAD},
    {"test", 1, 1, N_("NAME"), do_test, MAY_SCAN},
    {"bench-card", 1, 1, N_("NAME"), do_card, MAY_SCAN},
};
static const struct verb_table TABLE = {"printers", "list", VERBS, G_N_ELEMENTS(VERBS)};

int cmd_printers(int argc, char **argv)
{
    struct given given = {0};
    const GOptionEntry own[] = {
        {"uri", 0, 0, G_OPTION_ARG_STRING, &given.uri, N_("add: cups:QUEUE or file:/DIRECTORY, ?paper=100x150&dpi=203"),
         N_("ADDRESS")},
        {"host", 0, 0, G_OPTION_ARG_STRING, &given.host, N_("add: the host that reaches it; else this one"), N_("NAME")},
        {"backup", 0, 0, G_OPTION_ARG_STRING, &given.backup, N_("add: the printer that stands in for it"), N_("NAME")},
        {0},
    };
    return verbs_main(&TABLE, own, &given, argc, argv);
}

/* SPDX-License-Identifier: MIT
 *
 * packline export shipped: what has left, back to its shop.
 */
#include <errno.h>
#include <glib/gstdio.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/new_file.h"
#include "core/base/translate.h"
#include "core/outside/shipped.h"
#include "core/site/site.h"
#include "tui/commands/commands.h"
#include "tui/commands/output.h"

struct given {
    char *shop, *date, *path;
};

static const struct member MEMBERS[] = {
    MEMBER("shop", struct export_row, shop),       MEMBER("order", struct export_row, order),
    MEMBER("courier", struct export_row, courier), MEMBER("service", struct export_row, service),
    MEMBER("number", struct export_row, number),   MEMBER("shipped_at", struct export_row, shipped_at),
};
static const struct output SHIPPED = OUTPUT(NULL, MEMBERS);

/* The list stands in the call's answer, which is made when it is whole. */
struct listed {
    const struct call *call;
    json_t *rows;
};

static void on_row(const struct export_row *row, void *data)
{
    struct listed *listed = data;
    json_array_append_new(listed->rows, output_object(listed->call, &SHIPPED, row));
}

/* The file is made before anything is marked, and does not stay when there is no list in it. */
static gboolean open_file(struct export_call *call, const char *path, GError **error)
{
    call->file = path ? new_file_open(path, FALSE) : stdout;
    if (!call->file)
        err_set(error, ERR_FILE_WRITE, path, g_strerror(errno));
    return call->file != NULL;
}

static void close_file(const struct export_call *call, const char *path, gboolean keep)
{
    if (!path || !call->file)
        return;
    fclose(call->file);
    if (!keep)
        g_unlink(path);
}

/* With json the rows stand in the answer, or in the file. */
static gboolean write_list(struct call *call, struct export_call *export, const char *path, GError **error)
{
    uint64_t rows = 0;
    struct listed listed = {call, call->json && !path ? json_array() : NULL};
    export->on_row = listed.rows ? on_row : NULL;
    export->data = &listed;
    gboolean done = (listed.rows || open_file(export, path, error)) && export_shipped(call->site, export, &rows, error);
    close_file(export, path, done);
    if (done && call->json)
        call->answer = listed.rows ? json_pack("{s:I, s:O}", "parcels", (json_int_t)rows, "rows", listed.rows)
                                   : json_pack("{s:I, s:s}", "parcels", (json_int_t)rows, "file", path);
    else if (done)
        g_printerr(_("%" PRIu64 " parcels\n"), rows);
    json_decref(listed.rows);
    return done;
}

static gboolean do_shipped(struct call *call, GError **error)
{
    const struct given *given = call->given;
    struct export_call export = {.shop = given->shop, .date = given->date ? clock_parse_date(given->date) : 0};
    signal(SIGPIPE, SIG_IGN); /* who reads the list has gone: that is said, with how to get it again */
    if (given->date && !export.date)
        return usage_error(error, _("--date takes a date such as 2026-11-22"));
    return write_list(call, &export, given->path, error);
}

static const struct option OPTIONS[] = {
    OPTION_TEXT("shop", shop, N_("only this shop's"), N_("NAME")),
    OPTION_TEXT("date", date, N_("what was exported on that day, again"), N_("YYYY-MM-DD")),
    OPTION_FILE("output", path, N_("a new file instead of standard output"), N_("FILE")),
};
static const struct verb VERBS[] = {{"shipped", 0, 0, NULL, do_shipped, MAY_IMPORT, BY_TIMER}};

const struct subcommand command_export = {
    "export", N_("tell the shops what has left"), VERBS_OF(VERBS), OPTIONS_OF(OPTIONS, struct given),
};

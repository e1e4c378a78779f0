/* SPDX-License-Identifier: MIT
 *
 * packline export shipped: what has left, back to its shop.
 */
#include <inttypes.h>
#include <errno.h>
#include <glib.h>
#include <glib/gstdio.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/outside/shipped.h"
#include "core/site/site.h"
#include "tui/commands/commands.h"
#include "tui/commands/options.h"

static void on_row(const struct export_row *row, void *data)
{
    json_array_append_new(data, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "shop", row->shop, "order", row->order,
                                          "courier", row->courier, "service", row->service, "number", row->number,
                                          "shipped_at", row->shipped_at));
}

/* The file is made before anything is marked, and does not stay when there is no list in it. */
static gboolean open_file(struct export_call *call, const char *path, GError **error)
{
    call->file = path ? fopen(path, "wxe") : stdout;
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
static gboolean run(struct site *site, struct export_call *call, const char *path, gboolean json, GError **error)
{
    uint64_t rows = 0;
    json_t *list = json && !path ? json_array() : NULL;
    call->on_row = list ? on_row : NULL;
    call->data = list;
    gboolean done = (list || open_file(call, path, error)) && export_shipped(site, call, &rows, error);
    close_file(call, path, done);
    if (done && json)
        options_print(list ? json_pack("{s:I, s:O}", "parcels", (json_int_t)rows, "rows", list)
                           : json_pack("{s:I, s:s}", "parcels", (json_int_t)rows, "file", path));
    else if (done)
        g_printerr(_("%" PRIu64 " parcels\n"), rows);
    json_decref(list);
    return done;
}

int cmd_export(int argc, char **argv)
{
    struct options options = {.most = 1};
    struct export_call call = {0};
    char *shop = NULL, *date = NULL, *path = NULL;
    GError *error = NULL;
    GOptionEntry own[] = {
        {"shop", 0, 0, G_OPTION_ARG_STRING, &shop, N_("only this shop's"), N_("NAME")},
        {"date", 0, 0, G_OPTION_ARG_STRING, &date, N_("what was exported on that day, again"), N_("YYYY-MM-DD")},
        {"output", 0, 0, G_OPTION_ARG_FILENAME, &path, N_("a new file instead of standard output"), N_("FILE")},
        {0},
    };
    if (!options_parse(&options, own, N_("export shipped"), &argc, &argv, &error))
        return options_failed(error, options.json);
    signal(SIGPIPE, SIG_IGN); /* who reads the list has gone: that is said, with how to get it again */
    call.shop = shop;
    call.date = date ? clock_parse_date(date) : 0;
    struct site *site = NULL;
    if (argc != 2 || strcmp(argv[1], "shipped") != 0)
        err_set(&error, ERR_USAGE, _("export takes: shipped"));
    else if (date && !call.date)
        err_set(&error, ERR_USAGE, _("--date takes a date such as 2026-11-22"));
    else
        site = site_open(options.db_url, "export", NULL, &error);
    if (site)
        run(site, &call, path, options.json, &error);
    site_close(site);
    gboolean json = options.json;
    options_clear(&options);
    g_free(shop);
    g_free(date);
    g_free(path);
    return error ? options_failed(error, json) : EXIT_OK;
}

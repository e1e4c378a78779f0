/* SPDX-License-Identifier: MIT
 *
 * packline import products|stock|orders|ranges FILE: files into the floor.
 */
#include <glib.h>
#include <inttypes.h>
#include <jansson.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/paths.h"
#include "core/base/translate.h"
#include "core/flow/flow.h"
#include "core/intake/goods_file.h"
#include "core/intake/import_orders.h"
#include "core/intake/report.h"
#include "core/site/site.h"
#include "tui/commands/commands.h"
#include "tui/commands/options.h"

enum { CHANGES_SHOWN = 50, CHANGES_JSON = 1000, BAR = 30 };

struct call {
    struct options options;
    char *shop, *format, *report_path;
    gboolean dry_run, create_products;
    const char *kind, *path;
    struct site *site;
    struct report *report;
    GError *unwritten; /* why the rejected rows are not all listed */
    json_t *changes; /* NULL: text */
    uint64_t change_count;
    gboolean bar; /* standard error is a terminal */
    int64_t bar_at_us;
};

/* --- progress ------------------------------------------------------------------------------------------- */

static void clear_bar(const struct call *call)
{
    if (call->bar && call->bar_at_us)
        fprintf(stderr, "\r%*s\r", BAR + 40, "");
}

static void on_progress(uint64_t rows, uint64_t total, void *data)
{
    struct call *call = data;
    int64_t now = g_get_monotonic_time();
    if (!call->bar || now - call->bar_at_us < 100000)
        return;
    call->bar_at_us = now;
    int done = total ? (int)(rows * BAR / total) : BAR;
    fprintf(stderr, "\r[%.*s%*s] %" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT " ", done,
            "##############################", BAR - done, "", rows, total);
    fflush(stderr);
}

/* --- changes -------------------------------------------------------------------------------------------- */

static json_t *part_list(unsigned parts)
{
    json_t *list = json_array();
    for (int part = 0; part < PART_COUNT; part++)
        if (parts & 1u << part)
            json_array_append_new(list, json_string(draft_part_name((enum draft_part)part)));
    return list;
}

static const char *part_label(enum draft_part part)
{
    static const char *const LABELS[PART_COUNT] = {
        [PART_DATES] = N_("dates"), [PART_MONEY] = N_("amounts"),   [PART_RECIPIENT] = N_("recipient"), [PART_NOTES] = N_("notes"),
        [PART_STATE] = N_("state"), [PART_COURIER] = N_("courier"), [PART_LINES] = N_("lines"),
    };
    return _(LABELS[part]);
}

static void on_change(const struct intake_change *change, void *data)
{
    struct call *call = data;
    call->change_count++;
    if (call->changes) {
        if (json_array_size(call->changes) < CHANGES_JSON)
            json_array_append_new(call->changes, json_pack("{s:s, s:o, s:s}", "order", change->external_id, "changed",
                                                           part_list(change->parts), "outcome", change->outcome));
        return;
    }
    if (call->change_count > CHANGES_SHOWN)
        return;
    clear_bar(call);
    g_print("%s %s:", _("changed"), change->external_id);
    for (int part = 0; part < PART_COUNT; part++)
        if (change->parts & 1u << part)
            g_print(" %s", part_label((enum draft_part)part));
    g_print("%s%s\n", change->outcome[0] ? " - " : "", change->outcome);
}

/* --- what is said at the end ---------------------------------------------------------------------------- */

static void print_rows(const struct intake_tally *t)
{
    g_print(_("rows    %10" PRIu64 " = %" PRIu64 " accepted + %" PRIu64
              " changed + %" PRIu64 " same + %" PRIu64 " rejected\n"),
            t->rows_read, t->rows[FATE_NEW], t->rows[FATE_CHANGED], t->rows[FATE_SAME], t->rows[FATE_REJECTED]);
}

static void print_documents(const struct intake_tally *t)
{
    GHashTableIter iter;
    void *kind, *count;
    g_hash_table_iter_init(&iter, t->document_orders);
    while (g_hash_table_iter_next(&iter, &kind, &count))
        g_print("          %10u %s\n", GPOINTER_TO_UINT(count), (const char *)kind);
}

static void print_rejects(const struct intake_tally *t)
{
    for (int i = REJECT_NONE + 1; i < REJECT_COUNT; i++)
        if (t->reject_orders[i])
            g_print(_("  rejected %9" PRIu64 " rows of %" PRIu64 " orders: %s\n"), t->reject_rows[i],
                    t->reject_orders[i], reject_text((enum reject)i));
    print_documents(t);
}

static void print_orders(const struct call *call, const struct import_result *result)
{
    const struct intake_tally *t = &result->tally;
    uint64_t all = t->orders[FATE_NEW] + t->orders[FATE_CHANGED] + t->orders[FATE_SAME] + t->orders[FATE_REJECTED];
    clear_bar(call);
    if (call->change_count > CHANGES_SHOWN)
        g_print(_("... and %" PRIu64 " more changed orders\n"), call->change_count - CHANGES_SHOWN);
    g_print(_("%s: format %s, %s\n"), call->path, result->format, result->encoding);
    print_rows(t);
    g_print(_("orders  %10" PRIu64 " = %" PRIu64 " new + %" PRIu64
              " changed + %" PRIu64 " same + %" PRIu64 " rejected\n"),
            all, t->orders[FATE_NEW], t->orders[FATE_CHANGED], t->orders[FATE_SAME], t->orders[FATE_REJECTED]);
    print_rejects(t);
    g_print(_("lines   %10" PRIu64 ", of them %" PRIu64 " services, %" PRIu64 " not mapped\n"),
            t->lines, t->service_lines, t->unmapped_lines);
    if (t->negative_rows)
        g_print(_("rows with negative quantity: %" PRIu64 "\n"), t->negative_rows);
    if (t->products_made)
        g_print(_("products made: %" PRIu64 "\n"), t->products_made);
    if (result->bad_bytes)
        g_print(_("bytes that are not %s: %" PRIu64 "\n"), result->encoding, result->bad_bytes);
    if (t->phones_lost)
        g_print(_("phone numbers a spreadsheet has rounded: %" PRIu64 "\n"), t->phones_lost);
    if (t->unreadable)
        g_print(_("orders whose name or address can't be read: %" PRIu64 "\n"), t->unreadable);
    if (t->rounded)
        g_print(_("orders with amounts that were rounded: %" PRIu64 "\n"), t->rounded);
    for (unsigned i = 0; i < BLOCK_COUNT; i++)
        if (t->blocks[i])
            g_print(_("stopped %10" PRIu64 ": %s\n"), t->blocks[i], flow_block_label((enum block)(1u << i)));
    if (!call->dry_run)
        g_print(_("released%10" PRIu64 "\n"), t->released);
    g_print(_("%.2f s, %.0f rows a second%s\n"), (double)result->took_ms / 1000,
            (double)t->rows_read * 1000 / (double)MAX(result->took_ms, 1),
            call->dry_run ? _(" - dry run, nothing was written") : "");
}

static json_t *fates(const uint64_t counts[FATE_COUNT], const char *first)
{
    return json_pack("{s:I, s:I, s:I, s:I}", first, (json_int_t)counts[FATE_NEW], "changed",
                     (json_int_t)counts[FATE_CHANGED], "same", (json_int_t)counts[FATE_SAME], "rejected",
                     (json_int_t)counts[FATE_REJECTED]);
}

static void set_count(json_t *object, const char *name, uint64_t count)
{
    json_object_set_new(object, name, json_integer((json_int_t)count));
}

static json_t *orders_json(struct call *call, const struct import_result *result)
{
    const struct intake_tally *t = &result->tally;
    char *path = g_utf8_make_valid(call->path, -1);
    json_t *root = json_pack("{s:s, s:s, s:s, s:s, s:b}", "file", path, "shop", call->shop, "format",
                             result->format, "encoding", result->encoding, "dry_run", call->dry_run);
    g_free(path);
    json_t *rejects = json_object(), *blocks = json_object(), *documents = json_object();
    for (int i = REJECT_NONE + 1; i < REJECT_COUNT; i++)
        if (t->reject_orders[i])
            json_object_set_new(rejects, reject_name((enum reject)i),
                                json_pack("{s:I, s:I}", "orders", (json_int_t)t->reject_orders[i], "rows",
                                          (json_int_t)t->reject_rows[i]));
    for (unsigned i = 0; i < BLOCK_COUNT; i++)
        if (t->blocks[i])
            set_count(blocks, flow_block_name((enum block)(1u << i)), t->blocks[i]);
    GHashTableIter iter;
    void *kind, *count;
    g_hash_table_iter_init(&iter, t->document_orders);
    while (g_hash_table_iter_next(&iter, &kind, &count))
        set_count(documents, kind, GPOINTER_TO_UINT(count));
    set_count(root, "rows_read", t->rows_read);
    json_object_set_new(root, "rows", fates(t->rows, "accepted"));
    json_object_set_new(root, "orders", fates(t->orders, "new"));
    json_object_set_new(root, "rejected", rejects);
    json_object_set_new(root, "documents", documents);
    json_object_set_new(root, "stopped", blocks);
    set_count(root, "negative_rows", t->negative_rows);
    set_count(root, "lines", t->lines);
    set_count(root, "service_lines", t->service_lines);
    set_count(root, "unmapped_lines", t->unmapped_lines);
    set_count(root, "products_made", t->products_made);
    set_count(root, "phones_lost", t->phones_lost);
    set_count(root, "unreadable", t->unreadable);
    set_count(root, "rounded", t->rounded);
    set_count(root, "released", t->released);
    set_count(root, "bad_bytes", result->bad_bytes);
    set_count(root, "changed_orders", call->change_count);
    json_object_set(root, "changes", call->changes);
    set_count(root, "took_ms", (uint64_t)result->took_ms);
    return root;
}

/* Ends the list of rejected rows; root NULL: says where it is. What could not be written waits in call->unwritten. */
static void name_report(struct call *call, json_t *root)
{
    gboolean listed = report_end(call->report, &call->unwritten);
    if (root && !listed)
        json_object_set_new(root, "report_error", options_error(call->unwritten));
    if (report_rows(call->report) == 0 || !listed)
        return;
    char *path = g_utf8_make_valid(report_path(call->report), -1);
    if (root)
        json_object_set_new(root, "report", json_string(path));
    else
        g_print(_("rejected rows are listed in %s\n"), report_path(call->report));
    g_free(path);
}

/* --- the work ------------------------------------------------------------------------------------------- */

static gboolean run_orders(struct call *call, GError **error)
{
    struct import_result result;
    struct import_orders import = {.path = call->path, .shop = call->shop, .format = call->format,
                                   .dry_run = call->dry_run, .create_products = call->create_products,
                                   .report = call->report, .on_change = on_change, .on_progress = on_progress,
                                   .data = call};
    gboolean done = import_orders(call->site, &import, &result, error);
    json_t *root = done && call->changes ? orders_json(call, &result) : NULL;
    if (!done)
        clear_bar(call);
    else if (!root)
        print_orders(call, &result);
    if (done)
        name_report(call, root);
    if (root)
        options_print(root);
    import_result_clear(&result);
    return done;
}

static gboolean run_goods(struct call *call, enum goods_kind kind, GError **error)
{
    struct intake_tally tally = {0};
    struct goods_import import = {.kind = kind, .path = call->path, .dry_run = call->dry_run, .report = call->report,
                                  .on_progress = on_progress, .data = call};
    gboolean done = goods_import(call->site, &import, &tally, error);
    clear_bar(call);
    if (!done)
        return FALSE;
    json_t *root = NULL;
    if (call->changes) {
        char *path = g_utf8_make_valid(call->path, -1);
        root = json_pack("{s:s, s:s, s:b, s:I, s:o, s:I}", "file", path, "kind", call->kind, "dry_run",
                         call->dry_run, "rows_read", (json_int_t)tally.rows_read, "rows", fates(tally.rows, "accepted"),
                         "released", (json_int_t)tally.released);
        g_free(path);
    } else {
        print_rows(&tally);
        if (tally.released)
            g_print(_("released%10" PRIu64 "\n"), tally.released);
        if (call->dry_run)
            g_print("%s\n", _("dry run, nothing was written"));
    }
    name_report(call, root);
    if (root)
        options_print(root);
    return TRUE;
}

/* Rejected rows lie in the user's state directory unless told otherwise: never beside somebody's files by itself. */
static char *default_report(void)
{
    GDateTime *now = g_date_time_new_now_local();
    char *stamp = g_date_time_format(now, "rejected-%Y%m%d-%H%M%S.csv");
    char *path = paths_state(stamp);
    g_free(stamp);
    g_date_time_unref(now);
    return path;
}

static gboolean run(struct call *call, GError **error)
{
    enum goods_kind kind = goods_kind_parse(call->kind);
    gboolean orders = strcmp(call->kind, "orders") == 0;
    if (!orders && kind == GOODS_KIND_COUNT) {
        err_set(error, ERR_USAGE, _("import takes products, stock, orders or ranges"));
        return FALSE;
    }
    if (orders && !call->shop) {
        err_set(error, ERR_USAGE, _("import orders needs --shop NAME"));
        return FALSE;
    }
    call->site = site_open(call->options.db_url, "import", NULL, error);
    if (!call->site)
        return FALSE;
    char *beside = call->report_path ? NULL : default_report();
    call->report = beside ? report_new_beside(beside) : report_new(call->report_path);
    gboolean done = orders ? run_orders(call, error) : run_goods(call, kind, error);
    report_close(call->report, NULL);
    g_free(beside);
    return done;
}

static int end(struct call *call, GError *error)
{
    gboolean json = call->options.json;
    int status = err_exit(call->unwritten);
    site_close(call->site);
    json_decref(call->changes);
    options_clear(&call->options);
    g_free(call->shop);
    g_free(call->format);
    g_free(call->report_path);
    if (error)
        status = options_failed(error, json);
    else if (call->unwritten && !json) /* with json it stands in the one answer */
        options_failed(g_steal_pointer(&call->unwritten), FALSE);
    g_clear_error(&call->unwritten);
    return status;
}

int cmd_import(int argc, char **argv)
{
    struct call call = {.options = {.most = 2}};
    GError *error = NULL;
    GOptionEntry own[] = {
        {"shop", 0, 0, G_OPTION_ARG_STRING, &call.shop, N_("the shop the orders are from; made when missing"), N_("NAME")},
        {"format", 0, 0, G_OPTION_ARG_STRING, &call.format, N_("a shop format; else the shop's own or recognised"), N_("NAME")},
        {"dry-run", 0, 0, G_OPTION_ARG_NONE, &call.dry_run, N_("read and count, write nothing"), NULL},
        {"create-products", 0, 0, G_OPTION_ARG_NONE, &call.create_products, N_("make a product of every new SKU"), NULL},
        {"report", 0, 0, G_OPTION_ARG_FILENAME, &call.report_path, N_("where rejected rows are listed"), N_("FILE")},
        {0},
    };
    if (!options_parse(&call.options, own, N_("import products|stock|orders|ranges FILE"), &argc, &argv, &error))
        return options_failed(error, call.options.json);
    signal(SIGPIPE, SIG_IGN); /* an import goes on to its end, whoever reads what it says */
    call.bar = isatty(STDERR_FILENO) && !call.options.json;
    call.changes = call.options.json ? json_array() : NULL;
    call.kind = argc > 1 ? argv[1] : "";
    call.path = argc > 2 ? argv[2] : "";
    if (argc == 3)
        run(&call, &error);
    else
        err_set(&error, ERR_USAGE, _("import takes what to import and a file"));
    return end(&call, error);
}

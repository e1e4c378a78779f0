/* SPDX-License-Identifier: MIT
 *
 * packline import products|stock|orders|ranges FILE: files into the floor.
 */
#include <inttypes.h>
#include <signal.h>

#include "core/base/error.h"
#include "core/base/paths.h"
#include "core/base/translate.h"
#include "core/flow/flow.h"
#include "core/intake/goods_file.h"
#include "core/intake/import_orders.h"
#include "core/intake/report.h"
#include "core/site/site.h"
#include "tui/commands/commands.h"
#include "tui/commands/progress.h"

enum { CHANGES_SHOWN = 50, CHANGES_JSON = 1000 };

struct given {
    char *shop, *format, *report_path;
    gboolean dry_run, create_products;
};

/* One file on its way in. */
struct incoming {
    struct call *call;
    const struct given *given;
    const char *path;
    struct report *report;
    json_t *changes; /* NULL: text */
    uint64_t change_count;
    struct progress progress;
};

static void on_progress(uint64_t rows, uint64_t total, void *data)
{
    progress_show(rows, total, &((struct incoming *)data)->progress);
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

static void on_change(const struct intake_change *change, void *data)
{
    struct incoming *incoming = data;
    incoming->change_count++;
    if (incoming->changes) {
        if (json_array_size(incoming->changes) < CHANGES_JSON)
            json_array_append_new(incoming->changes,
                                  json_pack("{s:s, s:o, s:s}", "order", change->external_id, "changed",
                                            part_list(change->parts), "outcome", change->outcome));
        return;
    }
    if (incoming->change_count > CHANGES_SHOWN)
        return;
    progress_clear(&incoming->progress);
    g_print("%s %s:", _("changed"), change->external_id);
    for (int part = 0; part < PART_COUNT; part++)
        if (change->parts & 1u << part)
            g_print(" %s", draft_part_label((enum draft_part)part));
    g_print("%s%s\n", change->outcome[0] ? " - " : "", change->outcome);
}

/* --- what is said at the end ---------------------------------------------------------------------------- */

static void print_rows(const struct intake_tally *t)
{
    g_print(_("rows    %10" PRIu64 " = %" PRIu64 " accepted + %" PRIu64
              " changed + %" PRIu64 " same + %" PRIu64 " rejected\n"),
            t->rows_read, t->rows[FATE_NEW], t->rows[FATE_CHANGED], t->rows[FATE_SAME], t->rows[FATE_REJECTED]);
}

static void print_document(void *kind, void *count, void *data)
{
    (void)data;
    g_print("          %10u %s\n", GPOINTER_TO_UINT(count), (const char *)kind);
}

static void print_rejects(const struct intake_tally *t)
{
    for (int i = REJECT_NONE + 1; i < REJECT_COUNT; i++)
        if (t->reject_orders[i])
            g_print(_("  rejected %9" PRIu64 " rows of %" PRIu64 " orders: %s\n"), t->reject_rows[i],
                    t->reject_orders[i], reject_text((enum reject)i));
    g_hash_table_foreach(t->document_orders, print_document, NULL);
}

static void print_orders(const struct incoming *incoming, const struct import_result *result)
{
    const struct intake_tally *t = &result->tally;
    uint64_t all = t->orders[FATE_NEW] + t->orders[FATE_CHANGED] + t->orders[FATE_SAME] + t->orders[FATE_REJECTED];
    if (incoming->change_count > CHANGES_SHOWN)
        g_print(_("... and %" PRIu64 " more changed orders\n"), incoming->change_count - CHANGES_SHOWN);
    g_print(_("%s: format %s, %s\n"), incoming->path, result->format, result->encoding);
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
    if (!incoming->given->dry_run)
        g_print(_("released%10" PRIu64 "\n"), t->released);
    g_print(_("%.2f s, %.0f rows a second%s\n"), (double)result->took_ms / 1000,
            (double)t->rows_read * 1000 / (double)MAX(result->took_ms, 1),
            incoming->given->dry_run ? _(" - dry run, nothing was written") : "");
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

static void set_document(void *kind, void *count, void *documents)
{
    set_count(documents, kind, GPOINTER_TO_UINT(count));
}

static json_t *orders_json(const struct incoming *incoming, const struct import_result *result)
{
    const struct intake_tally *t = &result->tally;
    g_autofree char *path = g_utf8_make_valid(incoming->path, -1);
    json_t *root = json_pack("{s:s, s:s, s:s, s:s, s:b}", "file", path, "shop", incoming->given->shop, "format",
                             result->format, "encoding", result->encoding, "dry_run", incoming->given->dry_run);
    json_t *rejects = json_object(), *blocks = json_object(), *documents = json_object();
    for (int i = REJECT_NONE + 1; i < REJECT_COUNT; i++)
        if (t->reject_orders[i])
            json_object_set_new(rejects, reject_name((enum reject)i),
                                json_pack("{s:I, s:I}", "orders", (json_int_t)t->reject_orders[i], "rows",
                                          (json_int_t)t->reject_rows[i]));
    for (unsigned i = 0; i < BLOCK_COUNT; i++)
        if (t->blocks[i])
            set_count(blocks, flow_block_name((enum block)(1u << i)), t->blocks[i]);
    g_hash_table_foreach(t->document_orders, set_document, documents);
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
    set_count(root, "changed_orders", incoming->change_count);
    json_object_set(root, "changes", incoming->changes);
    set_count(root, "took_ms", (uint64_t)result->took_ms);
    return root;
}

/* The answer, or NULL when words were said; with where the rejected rows are listed. */
static void finish(struct incoming *incoming, json_t *root)
{
    incoming->call->answer = root;
    g_autoptr(GError) unwritten = NULL; /* why they are not all listed */
    gboolean listed = report_end(incoming->report, &unwritten);
    incoming->call->status = err_exit(unwritten);
    if (!listed && root)
        json_object_set_new(root, "report_error", options_error(unwritten));
    else if (!listed)
        options_say(unwritten);
    if (report_rows(incoming->report) == 0 || !listed)
        return;
    g_autofree char *path = g_utf8_make_valid(report_path(incoming->report), -1);
    if (root)
        json_object_set_new(root, "report", json_string(path));
    else
        g_print(_("rejected rows are listed in %s\n"), report_path(incoming->report));
}

/* --- the work ------------------------------------------------------------------------------------------- */

static gboolean bring_orders(struct incoming *incoming, GError **error)
{
    struct import_result result;
    const struct given *given = incoming->given;
    struct import_orders import = {.path = incoming->path, .shop = given->shop, .format = given->format,
                                   .dry_run = given->dry_run, .create_products = given->create_products,
                                   .report = incoming->report, .on_change = on_change, .on_progress = on_progress,
                                   .data = incoming};
    gboolean done = import_orders(incoming->call->site, &import, &result, error);
    progress_clear(&incoming->progress);
    if (done && !incoming->changes)
        print_orders(incoming, &result);
    if (done)
        finish(incoming, incoming->changes ? orders_json(incoming, &result) : NULL);
    import_result_clear(&result);
    return done;
}

static json_t *goods_json(const struct incoming *incoming, const char *kind, const struct intake_tally *tally)
{
    g_autofree char *path = g_utf8_make_valid(incoming->path, -1);
    return json_pack("{s:s, s:s, s:b, s:I, s:o, s:I}", "file", path, "kind", kind, "dry_run", incoming->given->dry_run,
                     "rows_read", (json_int_t)tally->rows_read, "rows", fates(tally->rows, "accepted"), "released",
                     (json_int_t)tally->released);
}

static void print_goods(const struct incoming *incoming, const struct intake_tally *tally)
{
    print_rows(tally);
    if (tally->released)
        g_print(_("released%10" PRIu64 "\n"), tally->released);
    if (incoming->given->dry_run)
        g_print("%s\n", _("dry run, nothing was written"));
}

static gboolean bring_goods(struct incoming *incoming, GError **error)
{
    struct intake_tally tally = {0};
    const char *kind = incoming->call->verb->name;
    struct goods_import import = {.kind = goods_kind_parse(kind), .path = incoming->path,
                                  .dry_run = incoming->given->dry_run, .report = incoming->report,
                                  .on_progress = on_progress, .data = incoming};
    gboolean done = goods_import(incoming->call->site, &import, &tally, error);
    progress_clear(&incoming->progress);
    if (!done)
        return FALSE;
    if (!incoming->changes)
        print_goods(incoming, &tally);
    finish(incoming, incoming->changes ? goods_json(incoming, kind, &tally) : NULL);
    return TRUE;
}

/* Rejected rows lie in the user's state directory unless told otherwise: never beside somebody's files by itself. */
static struct report *open_report(const char *path)
{
    if (path)
        return report_new(path);
    g_autoptr(GDateTime) now = g_date_time_new_now_local();
    g_autofree char *stamp = g_date_time_format(now, "rejected-%Y%m%d-%H%M%S.csv"), *beside = paths_state(stamp);
    return report_new_beside(beside);
}

static gboolean bring(struct call *call, gboolean (*work)(struct incoming *incoming, GError **error), GError **error)
{
    const struct given *given = call->given;
    struct incoming incoming = {.call = call, .given = given, .path = call->args[0],
                            .report = open_report(given->report_path), .changes = call->json ? json_array() : NULL,
                            .progress = progress_begin(call)};
    signal(SIGPIPE, SIG_IGN); /* an import goes on to its end, whoever reads what it says */
    gboolean done = work(&incoming, error);
    report_close(incoming.report, NULL);
    json_decref(incoming.changes);
    return done;
}

static gboolean do_goods(struct call *call, GError **error)
{
    return bring(call, bring_goods, error);
}

static gboolean do_orders(struct call *call, GError **error)
{
    const struct given *given = call->given;
    return given->shop ? bring(call, bring_orders, error) : usage_error(error, _("import orders needs --shop NAME"));
}

static const struct option OPTIONS[] = {
    OPTION_TEXT("shop", shop, N_("the shop the orders are from; made when missing"), N_("NAME")),
    OPTION_TEXT("format", format, N_("a shop format; else the shop's own or recognised"), N_("NAME")),
    OPTION_FLAG("dry-run", dry_run, N_("read and count, write nothing")),
    OPTION_FLAG("create-products", create_products, N_("make a product of every new SKU")),
    OPTION_FILE("report", report_path, N_("where rejected rows are listed"), N_("FILE")),
};
static const struct verb VERBS[] = {
    {"products", 1, 1, N_("FILE"), do_goods, MAY_IMPORT, BY_TIMER},
    {"stock", 1, 1, N_("FILE"), do_goods, MAY_IMPORT, BY_TIMER},
    {"orders", 1, 1, N_("FILE --shop NAME"), do_orders, MAY_IMPORT, BY_TIMER},
    {"ranges", 1, 1, N_("FILE"), do_goods, MAY_IMPORT, BY_TIMER},
};

const struct subcommand command_import = {
    "import", N_("bring in products, stock, orders or number ranges"), VERBS_OF(VERBS),
    OPTIONS_OF(OPTIONS, struct given),
};

/* SPDX-License-Identifier: MIT
 *
 * packline order: shows one order, and does to orders what a lead does at the queue.
 */
#include <glib.h>
#include <jansson.h>
#include <string.h>

#include "core/act/act.h"
#include "core/act/allocate.h"
#include "core/act/orders.h"
#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/print/printer.h"
#include "core/print/worker.h"
#include "core/site/site.h"
#include "core/view/order.h"
#include "tui/commands/acting.h"
#include "tui/commands/commands.h"
#include "tui/commands/options.h"
#include "tui/commands/verbs.h"
#include "tui/terminal/text.h"

/* The options. */
struct given {
    gboolean all, person;
    char *shop, *reason, *block, *printer;
};

typedef gboolean order_act(struct call *call, const struct order_hit *hit, GError **error);

/* --- show ----------------------------------------------------------------------------------------------- */

static json_t *lines_json(const struct order_view *view)
{
    json_t *list = json_array();
    for (int i = 0; i < view->line_count; i++) {
        const struct order_line *line = &view->lines[i];
        json_array_append_new(list, json_pack("{s:s, s:s, s:I, s:I, s:I, s:s}", "sku", line->sku, "state",
                                              flow_state_name(line->state), "quantity", (json_int_t)line->quantity,
                                              "picked", (json_int_t)line->picked, "packed", (json_int_t)line->packed, "bin",
                                              line->bin));
    }
    return list;
}

static json_t *blocks_json(const struct order_view *view)
{
    json_t *list = json_array();
    for (int i = 0; i < view->block_count; i++)
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:I}", "block", flow_block_name(view->blocks[i].kind),
                                              "reason", view->blocks[i].reason, "by", view->blocks[i].person, "at",
                                              (json_int_t)view->blocks[i].at));
    return list;
}

static json_t *events_json(const struct order_view *view)
{
    json_t *list = json_array();
    for (int i = 0; i < view->event_count; i++) {
        const struct order_event *event = &view->events[i];
        char number[8] = "";
        if (event->code != ERR_NONE)
            err_number(event->code, number);
        json_array_append_new(list, json_pack("{s:I, s:s, s:s, s:s, s:s, s:s}", "at", (json_int_t)event->at, "event",
                                              flow_event_name(event->kind), "by", event->person, "station",
                                              event->station, "to", flow_state_name(event->to), "code", number));
    }
    return list;
}

static void show_json(struct call *call, const struct order_view *view)
{
    const struct given *given = call->own;
    const struct shipment_facts *ship = &view->ship;
    json_t *root = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:s, s:o, s:o, s:o}", "order", ship->order, "shop", ship->shop,
        "state", flow_state_name(ship->state), "courier", ship->courier, "service", ship->service, "batch", ship->batch,
        "person", view->person, "waybill", view->waybill, "waybill_state", view->waybill_state, "cut_off_at",
        (json_int_t)ship->cut_off_at, "cod_minor", (json_int_t)ship->cod_minor, "currency", ship->currency, "lines",
        lines_json(view), "blocks", blocks_json(view), "events", events_json(view));
    if (given->person) {
        json_object_set_new(root, "recipient", json_string(ship->recipient));
        json_object_set_new(root, "phone_tail", json_string(view->phone_tail));
        json_object_set_new(root, "district", json_string(ship->address));
        json_object_set_new(root, "store", json_string(ship->store));
    }
    call->answer = root;
}

static void show_events(const struct call *call, const struct order_view *view)
{
    for (int i = 0; i < view->event_count; i++) {
        const struct order_event *event = &view->events[i];
        char number[8] = "";
        char *at = acting_time(call->site, event->at);
        if (event->code != ERR_NONE)
            err_number(event->code, number);
        char *what = text_pad(flow_event_label(event->kind), 14, TEXT_LEFT, "");
        char *to = text_pad(flow_state_label(event->to), 10, TEXT_LEFT, "");
        g_print("  %-16s %s %s %s %s %s\n", at, what, to, event->person, event->station, number);
        g_free(to);
        g_free(what);
        g_free(at);
    }
}

static void show_text(const struct call *call, const struct order_view *view)
{
    const struct given *given = call->own;
    const struct shipment_facts *ship = &view->ship;
    char *cut_off = acting_time(call->site, ship->cut_off_at);
    g_print(_("Order %s of %s: %s\n"), ship->order, ship->shop, flow_state_label(ship->state));
    g_print(_("  courier %s %s  cut-off %s  batch %s  with %s\n"), ship->courier, ship->service,
            cut_off[0] ? cut_off : "-", ship->batch[0] ? ship->batch : "-", view->person[0] ? view->person : "-");
    if (view->waybill[0])
        g_print(_("  waybill %s, %s\n"), view->waybill, flow_state_label(flow_state_parse(view->waybill_state)));
    if (given->person)
        g_print("  %s …%s %s %s\n", ship->recipient, view->phone_tail, ship->address, ship->store);
    for (int i = 0; i < view->block_count; i++)
        g_print(_("  stopped: %s (%s, %s)\n"), flow_block_label(view->blocks[i].kind), view->blocks[i].reason,
                view->blocks[i].person);
    for (int i = 0; i < view->line_count; i++) {
        const struct order_line *line = &view->lines[i];
        g_print(_("  %-20s %4d wanted %4d picked %4d packed  %-9s %s\n"), line->sku, (int)line->quantity,
                (int)line->picked, (int)line->packed, flow_state_label(line->state), line->bin);
    }
    show_events(call, view);
    g_free(cut_off);
}

static gboolean show(struct call *call, const struct order_hit *hit, GError **error)
{
    struct order_view *view = g_new0(struct order_view, 1);
    int found = order_view_load(call->site, hit->shipment_id, view, error);
    if (found == 0)
        err_set(error, ERR_ORDER_UNKNOWN, hit->order);
    else if (found > 0 && call->json)
        show_json(call, view);
    else if (found > 0)
        show_text(call, view);
    g_free(view);
    return found > 0;
}

/* --- acts ----------------------------------------------------------------------------------------------- */

static gboolean release(struct call *call, const struct order_hit *hit, GError **error)
{
    return order_release(call->site, call->actor, hit->shipment_id, error);
}

static gboolean hold(struct call *call, const struct order_hit *hit, GError **error)
{
    const struct given *given = call->own;
    return flow_do(call->site,
                   (struct event){.kind = EV_BLOCK, .actor = call->actor, .shipment_id = hit->shipment_id,
                                  .block = BLOCK_HELD, .reason = given->reason},
                   NULL, error);
}

static gboolean unhold(struct call *call, const struct order_hit *hit, GError **error)
{
    const struct given *given = call->own;
    enum block block = given->block ? flow_block_parse(given->block) : BLOCK_HELD;
    if (!block) {
        err_set(error, ERR_USAGE, _("--block takes unpaid, presale, held, short, address, unmapped, missing, cancelled, "
                                    "changed."));
        return FALSE;
    }
    return order_unblock(call->site, call->actor, hit->shipment_id, block, NULL, error);
}

static gboolean cancel(struct call *call, const struct order_hit *hit, GError **error)
{
    const struct given *given = call->own;
    return flow_do(call->site,
                   (struct event){.kind = EV_CANCEL, .actor = call->actor, .shipment_id = hit->shipment_id,
                                  .reason = given->reason},
                   NULL, error);
}

static gboolean split(struct call *call, const struct order_hit *hit, GError **error)
{
    return flow_do(call->site, (struct event){.kind = EV_SPLIT, .actor = call->actor, .shipment_id = hit->shipment_id},
                   NULL, error);
}

/* The last word is the product. */
static gboolean cancel_line(struct call *call, const struct order_hit *hit, GError **error)
{
    const struct given *given = call->own;
    return order_cancel_line(call->site, call->actor, hit, call->args[1], given->reason, error);
}

static gboolean paper(struct call *call, const struct order_hit *hit, enum event_kind kind, GError **error)
{
    const struct given *given = call->own;
    struct printer_row printer = {.id = 0};
    if (given->printer && printer_find(call->site, given->printer, &printer, error) <= 0)
        return FALSE;
    return flow_do(call->site,
                   (struct event){.kind = kind, .actor = call->actor, .shipment_id = hit->shipment_id,
                                  .printer_id = printer.id, .reason = given->reason},
                   NULL, error) &&
           worker_ensure(call->site->url, error);
}

static gboolean renew(struct call *call, const struct order_hit *hit, GError **error)
{
    return paper(call, hit, EV_RENEW, error);
}

static gboolean reprint(struct call *call, const struct order_hit *hit, GError **error)
{
    return paper(call, hit, EV_REPRINT, error);
}

/* --- verbs ---------------------------------------------------------------------------------------------- */

/* What waits and nothing stops, in the order of the promises. */
static gboolean release_all(struct call *call, GError **error)
{
    struct allocation sums = {0};
    if (!allocate(call->site, call->actor, 0, &sums, error))
        return FALSE;
    if (call->json)
        call->answer = json_pack("{s:I, s:I, s:I}", "released", (json_int_t)sums.released, "short",
                               (json_int_t)sums.short_of_stock, "stopped", (json_int_t)sums.stopped);
    else
        g_print(_("%d released, %d short of stock, %d stopped\n"), (int)sums.released, (int)sums.short_of_stock,
                (int)sums.stopped);
    return TRUE;
}

/* With --json: what came of each order. */
static void answer_order(struct call *call, const char *order, const GError *failure)
{
    json_t *one = failure ? options_error(failure) : json_pack("{s:b}", "done", TRUE);
    json_object_set_new(one, "order", json_string(order));
    if (!call->answer)
        call->answer = json_array();
    json_array_append_new(call->answer, one);
}

static void say_earlier(const struct call *call, GError **error)
{
    char *line = err_line(*error);
    if (!call->json)
        g_printerr("%s\n", line);
    g_free(line);
    g_clear_error(error);
}

/* One refusal does not keep the other orders from being done; the last one is what the command ends with. */
static gboolean each_order(struct call *call, order_act *act, GError **error)
{
    const struct given *given = call->own;
    gboolean good = TRUE;
    if (given->all) {
        err_set(error, ERR_USAGE, _("Only release takes --all."));
        return FALSE;
    }
    int orders = act == cancel_line ? 1 : call->count;
    for (int i = 0; i < orders; i++) {
        struct order_hit hit;
        GError *failure = NULL;
        gboolean done = order_find(call->site, call->args[i], given->shop, &hit, &failure) && act(call, &hit, &failure);
        if (act != show && call->json)
            answer_order(call, call->args[i], failure);
        else if (done && act != show)
            g_print("%s: %s\n", hit.order, _("done"));
        if (done)
            continue;
        if (!good && error && *error)
            say_earlier(call, error);
        g_propagate_error(error, failure);
        good = FALSE;
    }
    return good;
}

/* What has to be said why. */
static gboolean each_why(struct call *call, order_act *act, GError **error)
{
    const struct given *given = call->own;
    if (given->reason && given->reason[0])
        return each_order(call, act, error);
    err_set(error, ERR_USAGE, _("Say why with --reason."));
    return FALSE;
}

static gboolean do_show(struct call *call, GError **error)
{
    return each_order(call, show, error);
}

static gboolean do_release(struct call *call, GError **error)
{
    const struct given *given = call->own;
    if (given->all != (call->count > 0))
        return given->all ? release_all(call, error) : each_order(call, release, error);
    err_set(error, ERR_USAGE, _("order release takes orders, or --all."));
    return FALSE;
}

static gboolean do_hold(struct call *call, GError **error)
{
    return each_why(call, hold, error);
}

static gboolean do_unhold(struct call *call, GError **error)
{
    return each_order(call, unhold, error);
}

static gboolean do_cancel(struct call *call, GError **error)
{
    return each_why(call, cancel, error);
}

static gboolean do_cancel_line(struct call *call, GError **error)
{
    return each_why(call, cancel_line, error);
}

static gboolean do_split(struct call *call, GError **error)
{
    return each_order(call, split, error);
}

static gboolean do_renew(struct call *call, GError **error)
{
    return each_why(call, renew, error);
}

static gboolean do_reprint(struct call *call, GError **error)
{
    return each_why(call, reprint, error);
}

static const struct verb VERBS[] = {
    {"show", 1, 1, N_("NUMBER"), do_show, MAY_SCAN},
    {"release", 0, VERB_ARGS_MAX, N_("NUMBER..., or --all"), do_release, MAY_SCAN},
    {"hold", 1, VERB_ARGS_MAX, N_("NUMBER... --reason TEXT"), do_hold, MAY_SCAN},
    {"unhold", 1, VERB_ARGS_MAX, N_("NUMBER..."), do_unhold, MAY_SCAN},
    {"cancel", 1, 1, N_("NUMBER --reason TEXT"), do_cancel, MAY_SCAN},
    {"cancel-line", 2, 2, N_("NUMBER SKU --reason TEXT"), do_cancel_line, MAY_SCAN},
    {"split", 1, VERB_ARGS_MAX, N_("NUMBER..."), do_split, MAY_SCAN},
    {"renew", 1, 1, N_("NUMBER --reason TEXT"), do_renew, MAY_SCAN},
    {"reprint", 1, 1, N_("NUMBER --reason TEXT"), do_reprint, MAY_SCAN},
};
static const struct verb_table TABLE = {"order", NULL, VERBS, G_N_ELEMENTS(VERBS)};

int cmd_order(int argc, char **argv)
{
    struct given given = {0};
    const GOptionEntry own[] = {
        {"shop", 0, 0, G_OPTION_ARG_STRING, &given.shop, N_("which shop's order is meant"), N_("CODE")},
        {"reason", 0, 0, G_OPTION_ARG_STRING, &given.reason, N_("why"), N_("TEXT")},
        {"all", 0, 0, G_OPTION_ARG_NONE, &given.all, N_("release: all that wait and nothing stops"), NULL},
        {"block", 0, 0, G_OPTION_ARG_STRING, &given.block, N_("unhold: another block than held"), N_("KIND")},
        {"printer", 0, 0, G_OPTION_ARG_STRING, &given.printer, N_("renew, reprint: on this printer"), N_("NAME")},
        {"recipient", 0, 0, G_OPTION_ARG_NONE, &given.person, N_("show: also who it goes to"), NULL},
        {0},
    };
    return verbs_main(&TABLE, own, &given, argc, argv);
}

/* SPDX-License-Identifier: MIT
 *
 * packline order: shows one order, and does to orders what a lead does at the queue.
 */
#include "core/act/act.h"
#include "core/act/allocate.h"
#include "core/act/orders.h"
#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/base/words.h"
#include "core/site/site.h"
#include "core/view/order.h"
#include "tui/commands/acting.h"
#include "tui/commands/commands.h"
#include "tui/commands/output.h"

struct given {
    gboolean all, person;
    char *shop, *reason, *block, *printer;
};

/* --- show ----------------------------------------------------------------------------------------------- */

static const struct member LINE_MEMBERS[] = {
    MEMBER("sku", struct order_line, sku),
    MEMBER_WORD("state", struct order_line, state, flow_state_name, flow_state_label),
    MEMBER("quantity", struct order_line, quantity),
    MEMBER("picked", struct order_line, picked),
    MEMBER("packed", struct order_line, packed),
    MEMBER("bin", struct order_line, bin),
};
static const struct output LINES = OUTPUT(
    N_("  {sku:<20} {quantity:>4} wanted {picked:>4} picked {packed:>4} packed  {state:<9} {bin}"), LINE_MEMBERS);

static const struct member BLOCK_MEMBERS[] = {
    MEMBER_WORD("block", struct order_block, kind, flow_block_name, flow_block_label),
    MEMBER("reason", struct order_block, reason),
    MEMBER("by", struct order_block, person),
    MEMBER_AS(TIME, "at", struct order_block, at),
};
static const struct output BLOCKS = OUTPUT(N_("  stopped: {block} ({reason}, {by})"), BLOCK_MEMBERS);

static const struct member EVENT_MEMBERS[] = {
    MEMBER_AS(TIME, "at", struct order_event, at),
    MEMBER_WORD("event", struct order_event, kind, flow_event_name, flow_event_label),
    MEMBER("by", struct order_event, person),
    MEMBER("station", struct order_event, station),
    MEMBER_WORD("to", struct order_event, to, flow_state_name, flow_state_label),
    MEMBER_AS(CODE, "code", struct order_event, code),
};
static const struct output EVENTS = OUTPUT("  {at:<16} {event:<14} {to:<10} {by} {station} {code}", EVENT_MEMBERS);

static const struct member ORDER_MEMBERS[] = {
    MEMBER("order", struct order_view, ship.order),
    MEMBER("shop", struct order_view, ship.shop),
    MEMBER_WORD("state", struct order_view, ship.state, flow_state_name, flow_state_label),
    MEMBER("courier", struct order_view, ship.courier),
    MEMBER("service", struct order_view, ship.service),
    MEMBER("batch", struct order_view, ship.batch),
    MEMBER("person", struct order_view, person),
    MEMBER("waybill", struct order_view, waybill),
    MEMBER("waybill_state", struct order_view, waybill_state),
    MEMBER_AS(TIME, "cut_off_at", struct order_view, ship.cut_off_at),
    MEMBER("cod_minor", struct order_view, ship.cod_minor),
    MEMBER("currency", struct order_view, ship.currency),
};
static const struct output ORDER = OUTPUT(
    N_("Order {order} of {shop}: {state}\n"
       "  courier {courier} {service}  cut-off {cut_off_at|-}  batch {batch|-}  with {person|-}"),
    ORDER_MEMBERS);

static const struct member RECIPIENT_MEMBERS[] = {
    MEMBER("recipient", struct order_view, ship.recipient),
    MEMBER("phone_tail", struct order_view, phone_tail),
    MEMBER("district", struct order_view, ship.address),
    MEMBER("store", struct order_view, ship.store),
};
static const struct output RECIPIENT = OUTPUT("  {recipient} …{phone_tail} {district} {store}", RECIPIENT_MEMBERS);

static json_t *order_json(const struct call *call, const struct order_view *view)
{
    const struct given *given = call->given;
    json_t *root = output_object(call, &ORDER, view);
    json_object_set_new(root, "lines",
                        output_array(call, &LINES, view->lines, (size_t)view->line_count, sizeof *view->lines));
    json_object_set_new(root, "blocks",
                        output_array(call, &BLOCKS, view->blocks, (size_t)view->block_count, sizeof *view->blocks));
    json_object_set_new(root, "events",
                        output_array(call, &EVENTS, view->events, (size_t)view->event_count, sizeof *view->events));
    if (given->person)
        json_object_update_new(root, output_object(call, &RECIPIENT, view));
    return root;
}

static void print_order(struct call *call, const struct order_view *view)
{
    const struct given *given = call->given;
    output_row(call, &ORDER, view);
    if (view->waybill[0])
        g_print(_("  waybill %s, %s\n"), view->waybill, flow_state_label(flow_state_parse(view->waybill_state)));
    if (given->person)
        output_row(call, &RECIPIENT, view);
    for (int i = 0; i < view->block_count; i++)
        output_row(call, &BLOCKS, &view->blocks[i]);
    for (int i = 0; i < view->line_count; i++)
        output_row(call, &LINES, &view->lines[i]);
    for (int i = 0; i < view->event_count; i++)
        output_row(call, &EVENTS, &view->events[i]);
}

static gboolean do_show(struct call *call, GError **error)
{
    const struct given *given = call->given;
    struct order_hit hit;
    g_autofree struct order_view *view = g_new0(struct order_view, 1);
    if (!order_find(call->site, call->args[0], given->shop, &hit, error))
        return FALSE;
    int found = order_view_load(call->site, hit.shipment_id, view, error);
    if (found == 0)
        err_set(error, ERR_ORDER_UNKNOWN, hit.order);
    else if (found > 0 && call->json)
        call->answer = order_json(call, view);
    else if (found > 0)
        print_order(call, view);
    return found > 0;
}

/* --- acts ----------------------------------------------------------------------------------------------- */

/* What a verb does to one order. */
struct act {
    const char *verb;
    gboolean (*run)(struct call *call, const struct act *act, const struct order_hit *hit, GError **error);
    enum event_kind event; /* of tell() and paper() */
    gboolean why;          /* has to be said */
};

static gboolean release(struct call *call, const struct act *act, const struct order_hit *hit, GError **error)
{
    (void)act;
    return order_release(call->site, call->actor, hit->shipment_id, error);
}

static gboolean tell(struct call *call, const struct act *act, const struct order_hit *hit, GError **error)
{
    const struct given *given = call->given;
    const struct event event = {.kind = act->event, .actor = call->actor, .shipment_id = hit->shipment_id,
                                .block = act->event == EV_BLOCK ? BLOCK_HELD : (enum block)0,
                                .reason = act->why ? given->reason : NULL};
    return flow_do(call->site, event, NULL, error);
}

static gboolean unhold(struct call *call, const struct act *act, const struct order_hit *hit, GError **error)
{
    const struct given *given = call->given;
    enum block block = given->block ? flow_block_parse(given->block) : BLOCK_HELD;
    (void)act;
    if (!block)
        return usage_error(error, _("--block takes unpaid, presale, held, short, address, unmapped, missing, "
                                    "cancelled, changed."));
    return order_unblock(call->site, call->actor, hit->shipment_id, block, NULL, error);
}

/* The last word is the product. */
static gboolean cancel_line(struct call *call, const struct act *act, const struct order_hit *hit, GError **error)
{
    const struct given *given = call->given;
    (void)act;
    return order_cancel_line(call->site, call->actor, hit, call->args[1], given->reason, error);
}

static gboolean paper(struct call *call, const struct act *act, const struct order_hit *hit, GError **error)
{
    const struct given *given = call->given;
    const struct event event = {.kind = act->event, .shipment_id = hit->shipment_id, .reason = given->reason};
    return acting_print(call, given->printer, event, error);
}

static const struct act ACTS[] = {
    {"release", release, EV_NONE, FALSE}, {"hold", tell, EV_BLOCK, TRUE},
    {"unhold", unhold, EV_NONE, FALSE},   {"cancel", tell, EV_CANCEL, TRUE},
    {"split", tell, EV_SPLIT, FALSE},     {"cancel-line", cancel_line, EV_NONE, TRUE},
    {"renew", paper, EV_RENEW, TRUE},     {"reprint", paper, EV_REPRINT, TRUE},
};

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

/* Of two refusals the earlier: in JSON it stands with its order. */
static void say_earlier(const struct call *call, GError **error)
{
    g_autofree char *line = err_line(*error);
    if (!call->json)
        g_printerr("%s\n", line);
    g_clear_error(error);
}

static gboolean one_order(struct call *call, const struct act *act, const char *number, GError **error)
{
    const struct given *given = call->given;
    struct order_hit hit;
    GError *failure = NULL;
    gboolean done = order_find(call->site, number, given->shop, &hit, &failure) && act->run(call, act, &hit, &failure);
    if (call->json)
        answer_order(call, number, failure);
    else if (done)
        g_print("%s: %s\n", hit.order, _("done"));
    if (!done && error && *error)
        say_earlier(call, error);
    if (!done)
        g_propagate_error(error, failure);
    return done;
}

/* One refusal does not keep the other orders from being done; the last one is what the command ends with. */
static gboolean do_each(struct call *call, GError **error)
{
    const struct given *given = call->given;
    const struct act *act = &ACTS[WORDS_FIND(ACTS, call->verb->name)];
    int orders = act->run == cancel_line ? 1 : call->count;
    gboolean good = TRUE;
    if (act->why && (!given->reason || !given->reason[0]))
        return usage_error(error, _("Say why with --reason."));
    if (given->all)
        return usage_error(error, _("Only release takes --all."));
    for (int i = 0; i < orders; i++)
        good &= one_order(call, act, call->args[i], error);
    return good;
}

static gboolean do_release(struct call *call, GError **error)
{
    const struct given *given = call->given;
    if (given->all != (call->count > 0))
        return given->all ? release_all(call, error) : do_each(call, error);
    return usage_error(error, _("order release takes orders, or --all."));
}

static const struct option OPTIONS[] = {
    OPTION_TEXT("shop", shop, N_("which shop's order is meant"), N_("CODE")),
    OPTION_TEXT("reason", reason, N_("why"), N_("TEXT")),
    OPTION_FLAG("all", all, N_("release: all that wait and nothing stops")),
    OPTION_TEXT("block", block, N_("unhold: another block than held"), N_("KIND")),
    OPTION_TEXT("printer", printer, N_("renew, reprint: on this printer"), N_("NAME")),
    OPTION_FLAG("recipient", person, N_("show: also who it goes to")),
};
static const struct verb VERBS[] = {
    {"show", 1, 1, N_("NUMBER"), do_show, MAY_SCAN, BY_ANYBODY},
    {"release", 0, VERB_ARGS_MAX, N_("NUMBER..., or --all"), do_release, MAY_SCAN, BY_BADGE},
    {"hold", 1, VERB_ARGS_MAX, N_("NUMBER... --reason TEXT"), do_each, MAY_SCAN, BY_BADGE},
    {"unhold", 1, VERB_ARGS_MAX, N_("NUMBER..."), do_each, MAY_SCAN, BY_BADGE},
    {"cancel", 1, 1, N_("NUMBER --reason TEXT"), do_each, MAY_SCAN, BY_BADGE},
    {"cancel-line", 2, 2, N_("NUMBER SKU --reason TEXT"), do_each, MAY_SCAN, BY_BADGE},
    {"split", 1, VERB_ARGS_MAX, N_("NUMBER..."), do_each, MAY_SCAN, BY_BADGE},
    {"renew", 1, 1, N_("NUMBER --reason TEXT"), do_each, MAY_SCAN, BY_BADGE},
    {"reprint", 1, 1, N_("NUMBER --reason TEXT"), do_each, MAY_SCAN, BY_BADGE},
};

const struct subcommand command_order = {
    "order", N_("show, release, hold and cancel orders"), VERBS_OF(VERBS), OPTIONS_OF(OPTIONS, struct given),
};

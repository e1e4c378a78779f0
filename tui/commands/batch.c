/* SPDX-License-Identifier: MIT
 *
 * packline batch: makes batches, hands them out, and shows how far they are.
 */
#include "core/act/batches.h"
#include "core/act/orders.h"
#include "core/base/translate.h"
#include "core/people/people.h"
#include "core/print/worker.h"
#include "core/site/site.h"
#include "tui/commands/acting.h"
#include "tui/commands/commands.h"
#include "tui/commands/output.h"

struct given {
    gint next;
    char *courier, *kind, *person, *shop, *printer;
};

/* --- list ----------------------------------------------------------------------------------------------- */

static const struct member BATCH_MEMBERS[] = {
    MEMBER("number", struct batch_row, number),
    MEMBER("kind", struct batch_row, kind),
    MEMBER_WORD("state", struct batch_row, state, flow_state_name, flow_state_label),
    MEMBER("courier", struct batch_row, courier),
    MEMBER("owner", struct batch_row, owner),
    MEMBER("shipments", struct batch_row, shipments),
    MEMBER("lines", struct batch_row, lines),
    MEMBER("lines_done", struct batch_row, lines_done),
    MEMBER_AS(TIME, "cut_off_at", struct batch_row, cut_off_at),
    MEMBER_AS(TIME, "started_at", struct batch_row, started_at),
    MEMBER("lines_per_hour", struct batch_row, lines_per_hour),
    MEMBER_AS(TIME, "expected_end_at", struct batch_row, expected_end_at),
};
static const struct output BATCHES = OUTPUT(
    N_("{number:<7} {kind:<8} {state:<9} {courier|-:<8} {shipments:>3} orders {lines_done:>4}/{lines:<4} lines  "
       "cut-off {cut_off_at|-:<6} {lines_per_hour:>4} lines/h  ends {expected_end_at|-:<6} {owner}"),
    BATCH_MEMBERS);

static gboolean do_list(struct call *call, GError **error)
{
    GArray *batches = batch_list(call->site, G_MAXINT32, error);
    gboolean none = batches && batches->len == 0;
    if (!output_all(call, &BATCHES, batches))
        return FALSE;
    if (!call->json && none)
        g_print("%s\n", _("No batch is in work."));
    return TRUE;
}

static const struct member PERSON_MEMBERS[] = {
    MEMBER("badge", struct batch_person, badge),     MEMBER("name", struct batch_person, name),
    MEMBER("role", struct batch_person, role),       MEMBER("batch", struct batch_person, batch),
    MEMBER("batches", struct batch_person, batches), MEMBER("picking", struct batch_person, picking),
    MEMBER("packing", struct batch_person, packing),
};
static const struct output PEOPLE = OUTPUT(
    N_("{badge:<12} {role:<8} batch {batch|-:<7} ({batches})  picking {picking}  packing {packing}  {name}"),
    PERSON_MEMBERS);

VERB_OF_LIST(do_people, &PEOPLE, batch_people(call->site, error))

/* --- make ----------------------------------------------------------------------------------------------- */

static const struct member SKIP_MEMBERS[] = {
    MEMBER("order", struct batch_skip, order),
    MEMBER_AS(CODE, "code", struct batch_skip, code),
    MEMBER("text", struct batch_skip, text),
};
static const struct output SKIPPED = OUTPUT(N_("left out {order}: {code} {text}"), SKIP_MEMBERS);

static void print_made(const struct call *call, const struct batch_made *made)
{
    for (guint i = 0; i < made->skipped->len; i++) {
        g_autofree char *line = output_text(call, &SKIPPED, &g_array_index(made->skipped, struct batch_skip, i));
        g_printerr("%s\n", line);
    }
    if (made->joined)
        g_print(_("Batch %s: %d orders\n"), made->number, (int)made->joined);
}

static void say_made(struct call *call, const struct batch_made *made)
{
    if (call->json)
        call->answer = json_pack("{s:s, s:I, s:o}", "number", made->number, "orders", (json_int_t)made->joined,
                                 "skipped", output_array(call, &SKIPPED, made->skipped->data, made->skipped->len,
                                                         sizeof(struct batch_skip)));
    else
        print_made(call, made);
}

static GArray *chosen(struct call *call, GError **error)
{
    const struct given *given = call->given;
    if (given->next > 0)
        return batch_next(call->site, given->courier, given->next, error);
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (int i = 0; i < call->count; i++) {
        struct order_hit hit;
        if (!order_find(call->site, call->args[i], given->shop, &hit, error))
            return NULL;
        g_array_append_val(ids, hit.shipment_id);
    }
    return g_steal_pointer(&ids);
}

static gboolean do_make(struct call *call, GError **error)
{
    const struct given *given = call->given;
    struct batch_wish wish = {.actor = call->actor, .kind = given->kind, .courier = given->courier};
    struct batch_made made = {0};
    if ((given->next > 0) == (call->count > 0))
        return usage_error(error, _("batch make takes orders, or --next N."));
    if (given->person && !(wish.person_id = person_known(call->site, given->person, error)))
        return FALSE;
    g_autoptr(GArray) ids = chosen(call, error);
    if (!ids)
        return FALSE;
    gboolean good = batch_make(call->site, &wish, (const int64_t *)(void *)ids->data, ids->len, &made, error);
    if (made.skipped)
        say_made(call, &made);
    batch_made_clear(&made);
    return good;
}

/* --- change --------------------------------------------------------------------------------------------- */

static void say(struct call *call, int64_t batch_id)
{
    struct batch_row row;
    if (batch_load(call->site, batch_id, &row, NULL) <= 0)
        return;
    if (call->json)
        call->answer = output_object(call, &BATCHES, &row);
    else
        output_row(call, &BATCHES, &row);
}

static gboolean do_show(struct call *call, GError **error)
{
    int64_t id = batch_find(call->site, call->args[0], error);
    if (id)
        say(call, id);
    return id != 0;
}

static gboolean give(struct call *call, const char *badge, GError **error)
{
    int64_t id = batch_find(call->site, call->args[0], error), person = 0;
    if (!id || (badge && !(person = person_known(call->site, badge, error))) ||
        !batch_assign(call->site, call->actor, id, person, error))
        return FALSE;
    say(call, id);
    return TRUE;
}

static gboolean do_assign(struct call *call, GError **error)
{
    return give(call, call->args[1], error);
}

static gboolean do_release_owner(struct call *call, GError **error)
{
    return give(call, NULL, error);
}

static gboolean do_cancel(struct call *call, GError **error)
{
    int64_t id = batch_find(call->site, call->args[0], error);
    if (!id || !batch_cancel(call->site, call->actor, id, error))
        return FALSE;
    say(call, id);
    return TRUE;
}

static gboolean do_remove(struct call *call, GError **error)
{
    const struct given *given = call->given;
    struct order_hit hit;
    int64_t id = batch_find(call->site, call->args[0], error);
    if (!id || !order_find(call->site, call->args[1], given->shop, &hit, error) ||
        !batch_remove(call->site, call->actor, id, hit.shipment_id, error))
        return FALSE;
    say(call, id);
    return TRUE;
}

static gboolean do_print(struct call *call, GError **error)
{
    const struct given *given = call->given;
    int64_t id = batch_find(call->site, call->args[0], error), printer_id = 0;
    if (!id || !acting_printer(call, given->printer, &printer_id, error) ||
        !batch_print(call->site, call->actor, id, printer_id, error) || !worker_ensure(call->site, error))
        return FALSE;
    if (!call->json)
        g_print("%s\n", _("The pick list is queued."));
    return TRUE;
}

/* --- verbs ---------------------------------------------------------------------------------------------- */

static const struct option OPTIONS[] = {
    OPTION_NUMBER("next", next, N_("make: the next N orders that can be"), N_("N")),
    OPTION_TEXT("courier", courier, N_("make: of this courier alone"), N_("CODE")),
    OPTION_TEXT("kind", kind, N_("make: single, cluster (default), bulk, lane"), N_("KIND")),
    OPTION_TEXT("person", person, N_("make: for this person"), N_("BADGE")),
    OPTION_TEXT("shop", shop, N_("which shop's order is meant"), N_("CODE")),
    OPTION_TEXT("printer", printer, N_("print: on this printer"), N_("NAME")),
};
static const struct verb VERBS[] = {
    {"list", 0, 0, NULL, do_list, MAY_SCAN, BY_ANYBODY},
    {"people", 0, 0, NULL, do_people, MAY_SCAN, BY_BADGE},
    {"show", 1, 1, N_("BATCH"), do_show, MAY_SCAN, BY_ANYBODY},
    {"make", 0, VERB_ARGS_MAX, N_("ORDER..., or --next N"), do_make, MAY_SCAN, BY_BADGE},
    {"assign", 2, 2, N_("BATCH BADGE"), do_assign, MAY_SCAN, BY_BADGE},
    {"release-owner", 1, 1, N_("BATCH"), do_release_owner, MAY_SCAN, BY_BADGE},
    {"cancel", 1, 1, N_("BATCH"), do_cancel, MAY_SCAN, BY_BADGE},
    {"remove", 2, 2, N_("BATCH ORDER"), do_remove, MAY_SCAN, BY_BADGE},
    {"print", 1, 1, N_("BATCH"), do_print, MAY_SCAN, BY_BADGE},
};

const struct subcommand command_batch = {
    "batch", N_("make batches and hand them out"), .bare = "list", VERBS_OF(VERBS), OPTIONS_OF(OPTIONS, struct given),
};

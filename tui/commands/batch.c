/* SPDX-License-Identifier: MIT
 *
 * packline batch: makes batches, hands them out, and shows how far they are.
 */
#include <glib.h>
#include <jansson.h>
#include <string.h>

#include "core/act/batches.h"
#include "core/act/orders.h"
#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/people/people.h"
#include "core/print/printer.h"
#include "core/print/worker.h"
#include "core/site/site.h"
#include "tui/commands/acting.h"
#include "tui/commands/commands.h"
#include "tui/commands/verbs.h"

/* The options. */
struct given {
    gint next;
    char *courier, *kind, *person, *shop, *printer;
};

enum { PAGE = 200 };

static int64_t person_id(struct call *call, const char *badge, GError **error)
{
    struct person person;
    int found = person_find(call->site, badge, &person, error);
    if (found == 0)
        err_set(error, ERR_PERSON_UNKNOWN, badge);
    return found > 0 ? person.id : 0;
}

/* --- list ----------------------------------------------------------------------------------------------- */

static json_t *row_json(const struct batch_row *row)
{
    return json_pack("{s:s, s:s, s:s, s:s, s:s, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "number", row->number, "kind",
                     row->kind, "state", flow_state_name(row->state), "courier", row->courier, "owner", row->owner,
                     "shipments", (json_int_t)row->shipments, "lines", (json_int_t)row->lines, "lines_done",
                     (json_int_t)row->lines_done, "cut_off_at", (json_int_t)row->cut_off_at, "started_at",
                     (json_int_t)row->started_at, "lines_per_hour", (json_int_t)row->lines_per_hour, "expected_end_at",
                     (json_int_t)row->expected_end_at);
}

static void print_row(const struct call *call, const struct batch_row *row)
{
    char *cut_off = acting_time(call->site, row->cut_off_at), *end = acting_time(call->site, row->expected_end_at);
    g_print(_("%-7s %-8s %-9s %-8s %3d orders %4d/%-4d lines  cut-off %-6s %4d lines/h  ends %-6s %s\n"), row->number,
            row->kind, flow_state_label(row->state), row->courier[0] ? row->courier : "-", (int)row->shipments,
            (int)row->lines_done, (int)row->lines, cut_off[0] ? cut_off : "-", (int)row->lines_per_hour,
            end[0] ? end : "-", row->owner);
    g_free(cut_off);
    g_free(end);
}

static gboolean do_list(struct call *call, GError **error)
{
    struct batch_mark mark = {0, 0};
    json_t *list = json_array();
    guint count = PAGE, all = 0;
    while (count == PAGE) {
        GArray *page = batch_list(call->site, mark, PAGE, error);
        if (!page) {
            json_decref(list);
            return FALSE;
        }
        count = page->len;
        all += count;
        for (guint i = 0; i < count; i++) {
            const struct batch_row *row = &g_array_index(page, struct batch_row, i);
            mark = batch_mark_of(row);
            if (call->json)
                json_array_append_new(list, row_json(row));
            else
                print_row(call, row);
        }
        g_array_unref(page);
    }
    if (call->json)
        call->answer = json_incref(list);
    else if (all == 0)
        g_print("%s\n", _("No batch is in work."));
    json_decref(list);
    return TRUE;
}

static gboolean do_people(struct call *call, GError **error)
{
    GArray *people = batch_people(call->site, error);
    json_t *list = json_array();
    for (guint i = 0; people && i < people->len; i++) {
        const struct batch_person *person = &g_array_index(people, struct batch_person, i);
        if (call->json)
            json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:I, s:I, s:I}", "badge", person->badge, "name",
                                                  person->name, "role", person->role, "batch", person->batch, "batches",
                                                  (json_int_t)person->batches, "picking", (json_int_t)person->picking,
                                                  "packing", (json_int_t)person->packing));
        else
            g_print(_("%-12s %-8s batch %-7s (%d)  picking %d  packing %d  %s\n"), person->badge, person->role,
                    person->batch[0] ? person->batch : "-", (int)person->batches, (int)person->picking,
                    (int)person->packing, person->name);
    }
    if (people && call->json)
        call->answer = json_incref(list);
    json_decref(list);
    if (people)
        g_array_unref(people);
    return people != NULL;
}

/* --- make ----------------------------------------------------------------------------------------------- */

static void print_made(struct call *call, const struct batch_made *made)
{
    json_t *skipped = json_array();
    for (guint i = 0; i < made->skipped->len; i++) {
        const struct batch_skip *skip = &g_array_index(made->skipped, struct batch_skip, i);
        char number[8];
        err_number(skip->code, number);
        json_array_append_new(skipped,
                              json_pack("{s:s, s:s, s:s}", "order", skip->order, "code", number, "text", skip->text));
        if (!call->json)
            g_printerr(_("left out %s: %s %s\n"), skip->order, number, skip->text);
    }
    if (call->json)
        call->answer = json_pack("{s:s, s:I, s:O}", "number", made->number, "orders", (json_int_t)made->joined, "skipped",
                               skipped);
    else if (made->joined)
        g_print(_("Batch %s: %d orders\n"), made->number, (int)made->joined);
    json_decref(skipped);
}

static GArray *chosen(struct call *call, GError **error)
{
    const struct given *given = call->own;
    if (given->next > 0)
        return batch_next(call->site, given->courier, given->next, error);
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (int i = 0; i < call->count; i++) {
        struct order_hit hit;
        if (!order_find(call->site, call->args[i], given->shop, &hit, error)) {
            g_array_unref(ids);
            return NULL;
        }
        g_array_append_val(ids, hit.shipment_id);
    }
    return ids;
}

static gboolean do_make(struct call *call, GError **error)
{
    const struct given *given = call->own;
    struct batch_wish wish = {.actor = call->actor, .kind = given->kind, .courier = given->courier};
    struct batch_made made = {0};
    if ((given->next > 0) == (call->count > 0)) {
        err_set(error, ERR_USAGE, _("batch make takes orders, or --next N."));
        return FALSE;
    }
    if (given->person && !(wish.person_id = person_id(call, given->person, error)))
        return FALSE;
    GArray *ids = chosen(call, error);
    if (!ids)
        return FALSE;
    gboolean good = batch_make(call->site, &wish, (const int64_t *)(void *)ids->data, ids->len, &made, error);
    if (made.skipped)
        print_made(call, &made);
    batch_made_clear(&made);
    g_array_unref(ids);
    return good;
}

/* --- change --------------------------------------------------------------------------------------------- */

static void say(struct call *call, int64_t batch_id)
{
    struct batch_row row;
    if (batch_load(call->site, batch_id, &row, NULL) <= 0)
        return;
    if (call->json)
        call->answer = row_json(&row);
    else
        print_row(call, &row);
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
    if (!id || (badge && !(person = person_id(call, badge, error))) ||
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
    const struct given *given = call->own;
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
    const struct given *given = call->own;
    struct printer_row printer = {.id = 0};
    int64_t id = batch_find(call->site, call->args[0], error);
    if (!id || (given->printer && printer_find(call->site, given->printer, &printer, error) <= 0) ||
        !batch_print(call->site, call->actor, id, printer.id, error) || !worker_ensure(call->site->url, error))
        return FALSE;
    if (!call->json)
        g_print("%s\n", _("The pick list is queued."));
    return TRUE;
}

/* --- verbs ---------------------------------------------------------------------------------------------- */

static const struct verb VERBS[] = {
    {"list", 0, 0, NULL, do_list, MAY_SCAN},
    {"people", 0, 0, NULL, do_people, MAY_SCAN},
    {"show", 1, 1, N_("BATCH"), do_show, MAY_SCAN},
    {"make", 0, VERB_ARGS_MAX, N_("ORDER..., or --next N"), do_make, MAY_SCAN},
    {"assign", 2, 2, N_("BATCH BADGE"), do_assign, MAY_SCAN},
    {"release-owner", 1, 1, N_("BATCH"), do_release_owner, MAY_SCAN},
    {"cancel", 1, 1, N_("BATCH"), do_cancel, MAY_SCAN},
    {"remove", 2, 2, N_("BATCH ORDER"), do_remove, MAY_SCAN},
    {"print", 1, 1, N_("BATCH"), do_print, MAY_SCAN},
};
static const struct verb_table TABLE = {"batch", "list", VERBS, G_N_ELEMENTS(VERBS)};

int cmd_batch(int argc, char **argv)
{
    struct given given = {0};
    const GOptionEntry own[] = {
        {"next", 0, 0, G_OPTION_ARG_INT, &given.next, N_("make: the next N orders that can be"), N_("N")},
        {"courier", 0, 0, G_OPTION_ARG_STRING, &given.courier, N_("make: of this courier alone"), N_("CODE")},
        {"kind", 0, 0, G_OPTION_ARG_STRING, &given.kind, N_("make: single, cluster (default), bulk, lane"), N_("KIND")},
        {"person", 0, 0, G_OPTION_ARG_STRING, &given.person, N_("make: for this person"), N_("BADGE")},
        {"shop", 0, 0, G_OPTION_ARG_STRING, &given.shop, N_("which shop's order is meant"), N_("CODE")},
        {"printer", 0, 0, G_OPTION_ARG_STRING, &given.printer, N_("print: on this printer"), N_("NAME")},
        {0},
    };
    return verbs_main(&TABLE, own, &given, argc, argv);
}

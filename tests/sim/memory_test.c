/* SPDX-License-Identifier: MIT
 *
 * A floor in memory: an order goes through it by the rules alone; and its history can be walked back.
 */
#include <glib.h>

#include "core/sim/invariants.h"

static void look(struct memory *memory, const struct decision *d, void *data)
{
    g_autoptr(GString) said = g_string_new(NULL);
    (void)memory;
    invariants_event(data, d, said);
    g_assert_cmpstr(said->str, ==, "");
}

static struct outcome done(struct memory *memory, struct event event)
{
    struct outcome outcome = memory_apply(memory, event);
    if (outcome.verdict != VERDICT_DONE)
        g_error("%s was refused: %s", flow_event_name(event.kind), outcome.text);
    return outcome;
}

static void refused(struct memory *memory, struct event event, enum err code)
{
    g_assert_cmpint(memory_apply(memory, event).code, ==, code);
}

struct shelf {
    struct memory *memory;
    struct invariants *invariants;
    int64_t mug, bin, shipment;
    struct event picker, packer, lead;
};

static void shelf_open(struct shelf *shelf)
{
    GError *error = NULL;
    struct memory *memory = shelf->memory = memory_new(&error);
    g_assert_no_error(error);
    shelf->mug = memory_product(memory, "MUG-RED", FALSE);
    shelf->bin = memory_place(memory, "bin", "A-01-1", 1);
    memory_printer(memory, 0);
    memory_range(memory, "hct", "", 0, 100000000, 100009999);
    const struct memory_item items[] = {{shelf->mug, 2, FALSE}};
    const struct memory_order order = {.order = "1042", .courier = "hct", .items = items, .count = 1,
                                       .recipient_id = memory_recipient(memory, "王", "407", "")};
    shelf->shipment = memory_order(memory, &order);
    shelf->picker = (struct event){.actor = memory->as[ROLE_PICKER], .shipment_id = shelf->shipment};
    shelf->packer = (struct event){.actor = memory->as[ROLE_PACKER], .shipment_id = shelf->shipment};
    shelf->lead = (struct event){.actor = memory->as[ROLE_LEAD], .shipment_id = shelf->shipment};
    shelf->invariants = invariants_new(memory);
    memory->look = look;
    memory->look_data = shelf->invariants;
}

static void is_whole(const struct memory *memory)
{
    g_autoptr(GString) said = g_string_new(NULL);
    invariants_whole(memory, said);
    g_assert_cmpstr(said->str, ==, "");
}

static void shelf_close(struct shelf *shelf)
{
    is_whole(shelf->memory);
    invariants_free(shelf->invariants);
    memory_free(shelf->memory);
}

static struct event as(struct event who, enum event_kind kind)
{
    who.kind = kind;
    return who;
}

static void receive(struct shelf *shelf, int64_t quantity)
{
    struct event receive = {.kind = EV_RECEIVE, .actor = shelf->lead.actor, .product_id = shelf->mug, .to_id = shelf->bin,
                            .quantity = quantity, .reason = "delivery"};
    done(shelf->memory, receive);
}

static void pick(struct shelf *shelf, int64_t quantity)
{
    struct event event = as(shelf->picker, EV_PICK);
    event.task_id = task_first(shelf->memory->dossier, shelf->shipment)->id;
    event.quantity = quantity;
    done(shelf->memory, event);
}

static void pack(struct shelf *shelf)
{
    struct event event = as(shelf->packer, EV_PACK);
    event.line_id = line_first(shelf->memory->dossier, shelf->shipment)->id;
    event.quantity = 2;
    done(shelf->memory, event);
    done(shelf->memory, as(shelf->packer, EV_CLOSE));
}

static void leave(struct shelf *shelf)
{
    struct dossier *dossier = shelf->memory->dossier;
    const struct parcel *parcel = parcel_first(dossier, shelf->shipment);
    struct event event = as(shelf->lead, EV_APPLY); /* no paper has come out here */
    event.waybill_id = waybill_first(dossier, parcel->id)->id;
    done(shelf->memory, event);
    struct event open = {.kind = EV_MANIFEST_OPEN, .actor = shelf->packer.actor, .courier = "hct"};
    event = as(shelf->packer, EV_OUT);
    event.manifest_id = done(shelf->memory, open).subject_id;
    event.parcel_id = parcel->id;
    g_assert_cmpint(done(shelf->memory, event).state, ==, ST_OUTBOUND);
}

static void an_order_goes_through(void)
{
    struct shelf shelf;
    shelf_open(&shelf);
    refused(shelf.memory, as(shelf.lead, EV_RELEASE), ERR_SHORT_STOCK);
    receive(&shelf, 5);
    refused(shelf.memory, as(shelf.picker, EV_RELEASE), ERR_FLOW_RIGHT);
    done(shelf.memory, as(shelf.lead, EV_RELEASE));
    pick(&shelf, 1);
    pick(&shelf, 1);
    pack(&shelf);
    leave(&shelf);
    g_assert_cmpint(memory_stock(shelf.memory, shelf.mug, shelf.bin, 0)->on_hand, ==, 3);
    memory_drop(shelf.memory, shelf.shipment);
    g_assert_null(shipment_find(shelf.memory->dossier, shelf.shipment));
    shelf_close(&shelf);
}

/* What was undone leaves nothing behind: the same events give the same ids again, and the same end. */
static void history_is_walked_back(void)
{
    struct shelf shelf;
    shelf_open(&shelf);
    receive(&shelf, 5);
    shelf.memory->look = NULL; /* it remembers what was undone */
    struct memory_mark first = memory_mark(shelf.memory);
    int64_t waybill[2];
    for (int i = 0; i < 2; i++) {
        done(shelf.memory, as(shelf.lead, EV_RELEASE));
        pick(&shelf, 1);
        struct memory_mark second = memory_mark(shelf.memory);
        pick(&shelf, 1);
        pack(&shelf);
        waybill[i] = waybill_first(shelf.memory->dossier, parcel_first(shelf.memory->dossier, shelf.shipment)->id)->id;
        is_whole(shelf.memory);
        memory_back(shelf.memory, &second);
        is_whole(shelf.memory);
        g_assert_cmpint(line_first(shelf.memory->dossier, shelf.shipment)->picked, ==, 1);
        done(shelf.memory, as(shelf.lead, EV_CANCEL));
        memory_back(shelf.memory, &first);
        g_assert_cmpint(shipment_find(shelf.memory->dossier, shelf.shipment)->state, ==, ST_NEW);
        g_assert_null(task_first(shelf.memory->dossier, shelf.shipment));
        g_assert_cmpint(memory_stock(shelf.memory, shelf.mug, shelf.bin, 0)->reserved, ==, 0);
    }
    g_assert_cmpint(waybill[0], ==, waybill[1]);
    shelf_close(&shelf);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/memory/an_order_goes_through", an_order_goes_through);
    g_test_add_func("/memory/history_is_walked_back", history_is_walked_back);
    return g_test_run();
}

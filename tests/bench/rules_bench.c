/* SPDX-License-Identifier: MIT
 *
 * The rules alone, in memory on one core: orders that are worked from their release to the dock, nothing else; and the seeded
 * world with all that goes wrong there, its choosing of what happens next included. Beside the first what the dossier alone
 * costs: as many events, each of which takes four rows into its hands and keeps them.
 */
#include "core/sim/world.h"
#include "tests/bench/measure.h"

enum { ORDERS = 30000, AT_ONCE = 200, LINES = 2, WORLD_ORDERS = 30000, ROWS = 4 };

struct line_up {
    struct memory *memory;
    int64_t products[LINES], bin, recipient, manifest;
    int64_t events;
};

static struct outcome done(struct line_up *up, struct event event)
{
    event.actor = up->memory->as[ROLE_SYSTEM];
    struct outcome outcome = memory_apply(up->memory, event);
    if (outcome.verdict != VERDICT_DONE)
        g_error("%s was refused: %s", flow_event_name(event.kind), outcome.text);
    up->events++;
    return outcome;
}

static void line_up_open(struct line_up *up)
{
    *up = (struct line_up){.memory = memory_new(NULL)};
    up->bin = memory_place(up->memory, "bin", "A-01", 1);
    up->recipient = memory_recipient(up->memory, "王", "407", "");
    memory_printer(up->memory, 0);
    memory_range(up->memory, "kerry", "", 0, 10000000000, 10999999999);
    up->manifest = done(up, (struct event){.kind = EV_MANIFEST_OPEN, .courier = "kerry"}).subject_id;
    for (int i = 0; i < LINES; i++) {
        up->products[i] = memory_product(up->memory, i ? "TEA" : "MUG", FALSE);
        done(up, (struct event){.kind = EV_RECEIVE, .product_id = up->products[i], .to_id = up->bin, .quantity = 3 * ORDERS,
                                .reason = "delivery"});
    }
}

static int64_t order(struct line_up *up)
{
    struct memory_item items[LINES];
    for (int i = 0; i < LINES; i++)
        items[i] = (struct memory_item){up->products[i], 2, FALSE};
    const struct memory_order order = {.order = "1042", .number = "", .courier = "kerry", .service = "", .items = items,
                                       .count = LINES, .recipient_id = up->recipient};
    return memory_order(up->memory, &order);
}

static void work(struct line_up *up, int64_t shipment)
{
    struct dossier *dossier = up->memory->dossier;
    struct event event = {.shipment_id = shipment, .quantity = 1};
    done(up, (struct event){.kind = EV_RELEASE, .shipment_id = shipment});
    event.kind = EV_PICK;
    for (EACH_ROW(task, task, dossier, shipment))
        for (event.task_id = task->id; task->open;)
            done(up, event);
    event.kind = EV_PACK;
    for (EACH_ROW(line, line, dossier, shipment))
        for (event.line_id = line->id; line->packed < line->picked;)
            done(up, event);
    event.parcel_id = done(up, (struct event){.kind = EV_CLOSE, .shipment_id = shipment}).subject_id;
    event.waybill_id = waybill_first(dossier, event.parcel_id)->id;
    event.manifest_id = up->manifest;
    event.kind = EV_APPLY;
    done(up, event);
    event.kind = EV_OUT;
    done(up, event);
}

/* So many are there at once; each that has left makes room for the next. */
static double worked(struct line_up *up)
{
    int64_t shipments[AT_ONCE];
    double took = 0;
    int64_t events = up->events;
    for (int i = 0; i < ORDERS; i += AT_ONCE) {
        for (int n = 0; n < AT_ONCE; n++)
            shipments[n] = order(up);
        int64_t begun = measure_now_ns();
        for (int n = 0; n < AT_ONCE; n++)
            work(up, shipments[n]);
        took += measure_seconds_since(begun);
        for (int n = 0; n < AT_ONCE; n++)
            memory_drop(up->memory, shipments[n]);
    }
    return (double)(up->events - events) / took;
}

static double bare(struct line_up *up)
{
    const struct line *lines[ROWS];
    int64_t shipments[ROWS], events = 10 * ORDERS;
    for (int i = 0; i < ROWS; i++) {
        shipments[i] = order(up);
        lines[i] = line_first(up->memory->dossier, shipments[i]);
    }
    int64_t begun = measure_now_ns();
    for (int64_t n = 0; n < events; n++) {
        for (int i = 0; i < ROWS; i++)
            line_edit(up->memory->dossier, lines[i])->picked++;
        dossier_keep(up->memory->dossier);
        dossier_stored(up->memory->dossier);
    }
    return (double)events / measure_seconds_since(begun);
}

static double seeded(void)
{
    const struct world_options options = {.seed = 1, .orders = WORLD_ORDERS, .unwatched = TRUE};
    g_autoptr(world) world = world_new(&options, NULL);
    g_autofree char *broken = NULL;
    int64_t begun = measure_now_ns();
    world_run(world, &broken);
    return (double)world_counts(world)->events / measure_seconds_since(begun);
}

int main(void)
{
    struct line_up up;
    line_up_open(&up);
    double rules = worked(&up), rows = bare(&up);
    measure_head("rules in memory, one core");
    measure_row("orders worked to the dock", rules, rows, "events/s", (struct mark){.least = 200000});
    measure_row("the seeded world", seeded(), 0, "events/s", NO_MARK);
    memory_free(up.memory);
    return 0;
}

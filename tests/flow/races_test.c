/* SPDX-License-Identifier: MIT
 *
 * Two people, two connections, one shipment, in the same instant: every pair of acts that can meet. What came second is
 * told so or follows, the floor is as if one had come after the other, and nobody waits for somebody who waits for him.
 */
#include <glib.h>

#include "core/apply/apply.h"
#include "core/db/db.h"
#include "tests/support/floor.h"

enum { ROUNDS = 6 };

/* What must be so afterwards. */
enum wins {
    ONE,  /* exactly one of the two is done */
    BOTH, /* both are, in whichever order */
    LAST, /* the second one always is; the first only when it came first */
    ANY
};

struct race {
    const char *name;
    enum state at; /* where the shipment stands before */
    enum event_kind first, second;
    enum wins wins;
    const char *holds; /* a statement about shipment $1 that must be 0 afterwards */
};

#define STALE                                                                                                          \
    "SELECT COUNT(*) FROM waybill w JOIN parcel p ON p.id = w.parcel_id JOIN shipment s ON s.id = p.shipment_id "      \
    "WHERE s.id = $1 AND w.state IN ('assigned', 'printed', 'applied') AND w.cod_minor <> s.cod_minor AND NOT EXISTS " \
    "(SELECT 1 FROM block b WHERE b.shipment_id = s.id AND b.kind = 'changed' AND b.cleared_at IS NULL)"
#define NOT_CANCELLED "SELECT COUNT(*) FROM shipment WHERE id = $1 AND state <> 'cancelled'"
#define PROMISED                                                                                                       \
    "SELECT COUNT(*) FROM shipment s JOIN pick_task t ON t.shipment_id = s.id WHERE s.id = $1 AND t.open = 1"
#define NOT_ONE_NUMBER                                                                                                 \
    "SELECT CASE WHEN COUNT(*) = 1 THEN 0 ELSE 1 END FROM waybill w JOIN parcel p ON p.id = w.parcel_id WHERE "        \
    "p.shipment_id = $1 AND w.state <> 'void'"
#define NOT_ONE_PAPER                                                                                                  \
    "SELECT CASE WHEN COUNT(*) = 1 THEN 0 ELSE 1 END FROM job WHERE shipment_id = $1 AND kind = 'waybill'"
#define LEFT_TWICE                                                                                                     \
    "SELECT CASE WHEN COALESCE(SUM(quantity), 0) <= 2 THEN 0 ELSE 1 END FROM stock_move WHERE shipment_id = $1 AND "   \
    "kind = 'outbound'"

static const struct race RACES[] = {
    {"two_leads_batch_it", ST_READY, EV_BATCH, EV_BATCH, ONE, NULL},
    {"released_and_cancelled", ST_NEW, EV_RELEASE, EV_CANCEL, LAST, PROMISED},
    {"picked_and_cancelled", ST_READY, EV_PICK, EV_CANCEL, LAST, PROMISED},
    {"picked_and_short", ST_READY, EV_PICK, EV_SHORT, ONE, NULL},
    {"picked_twice", ST_READY, EV_PICK, EV_PICK, ONE, NULL},
    {"counted_twice", ST_PICKED, EV_PACK, EV_PACK, ONE, NULL},
    {"counted_and_cancelled", ST_PICKED, EV_PACK, EV_CANCEL, LAST, NOT_CANCELLED},
    {"counted_and_line_cancelled", ST_PICKED, EV_PACK, EV_CANCEL_LINE, LAST, NOT_CANCELLED},
    {"closed_twice", ST_PACKING, EV_CLOSE, EV_CLOSE, ONE, NOT_ONE_NUMBER},
    {"closed_and_undone", ST_PACKING, EV_CLOSE, EV_UNPACK, ONE, NULL},
    {"closed_and_changed", ST_PACKING, EV_CLOSE, EV_CHANGE, BOTH, STALE},
    {"closed_and_cancelled", ST_PACKING, EV_CLOSE, EV_CANCEL, LAST, NOT_CANCELLED},
    {"made_ahead_twice", ST_PICKED, EV_PRINT_AHEAD, EV_PRINT_AHEAD, BOTH, NOT_ONE_PAPER},
    {"made_ahead_and_changed", ST_PICKED, EV_PRINT_AHEAD, EV_CHANGE, ANY, STALE},
    {"labelled_and_reopened", ST_PACKED, EV_APPLY, EV_REOPEN, ONE, NULL},
    {"labelled_and_renewed", ST_PACKED, EV_APPLY, EV_RENEW, LAST, NOT_ONE_NUMBER},
    {"labelled_and_changed", ST_PACKED, EV_APPLY, EV_CHANGE, LAST, STALE},
    {"labelled_twice", ST_PACKED, EV_APPLY, EV_APPLY, ONE, NULL},
    {"out_twice", ST_LABELLED, EV_OUT, EV_OUT, ONE, LEFT_TWICE},
    {"out_and_cancelled", ST_LABELLED, EV_OUT, EV_CANCEL, ONE, LEFT_TWICE},
    {"out_and_held", ST_LABELLED, EV_OUT, EV_BLOCK, ONE, NULL},
    {"out_and_changed", ST_LABELLED, EV_OUT, EV_CHANGE, ONE, NULL},
    {"out_and_renewed", ST_LABELLED, EV_OUT, EV_RENEW, ONE, NOT_ONE_NUMBER},
};

struct side {
    struct floor *floor;
    struct event event;
    struct outcome outcome;
};

static gpointer act(gpointer data)
{
    struct side *side = data;
    side->outcome = floor_apply(side->floor, side->event);
    return NULL;
}

static void at_once(struct side sides[static 2])
{
    GThread *threads[2];
    for (int i = 0; i < 2; i++)
        threads[i] = g_thread_new("side", act, &sides[i]);
    for (int i = 0; i < 2; i++)
        g_thread_join(threads[i]);
}

static int64_t shipment_at(struct floor *floor, const char *number, enum state at)
{
    int64_t shipment = floor_order(floor, number, "hct", FLOOR_ITEMS({"MUG", 2}));
    if (at != ST_NEW)
        floor_release(floor, shipment);
    if (at == ST_NEW || at == ST_READY)
        return shipment;
    floor_pick_all(floor, shipment);
    if (at == ST_PICKED)
        return shipment;
    int64_t line = floor_int(floor, "SELECT id FROM shipment_line WHERE shipment_id = $1", shipment);
    floor_do(floor, (struct event){.kind = EV_PACK, .actor = floor->packer, .shipment_id = shipment, .line_id = line,
                                   .quantity = 2});
    if (at == ST_PACKING)
        return shipment;
    floor_do(floor, (struct event){.kind = EV_CLOSE, .actor = floor->packer, .shipment_id = shipment});
    if (at == ST_LABELLED)
        floor_apply_label(floor, shipment);
    return shipment;
}

static struct event event_for(struct floor *floor, enum event_kind kind, int64_t shipment, int64_t manifest)
{
    struct event event = {.kind = kind, .key = flow_key(floor->site), .actor = floor->lead, .shipment_id = shipment,
                          .quantity = 2, .reason = "race", .block = BLOCK_HELD, .courier = "hct", .manifest_id = manifest};
    if (kind == EV_CHANGE) {
        event.actor = floor->system;
        event.cod_minor = 150000;
    }
    if (kind == EV_BATCH)
        event.batch_id = floor_do(floor, (struct event){.kind = EV_BATCH_MAKE, .actor = floor->lead}).subject_id;
    event.task_id = floor_int(floor, "SELECT MIN(id) FROM pick_task WHERE shipment_id = $1", shipment);
    event.line_id = floor_int(floor, "SELECT id FROM shipment_line WHERE shipment_id = $1", shipment);
    event.parcel_id = floor_int(floor, "SELECT MIN(id) FROM parcel WHERE shipment_id = $1", shipment);
    event.waybill_id = kind == EV_APPLY ? floor_int(floor, "SELECT id FROM waybill WHERE parcel_id = $1", event.parcel_id) : 0;
    return event;
}

static void one_round(const struct race *race, struct side sides[static 2], const char *number, int64_t manifest)
{
    int64_t shipment = shipment_at(sides[0].floor, number, race->at);
    for (int i = 0; i < 2; i++)
        sides[i].event = event_for(sides[i].floor, i ? race->second : race->first, shipment, manifest);
    at_once(sides);
    gboolean first = sides[0].outcome.verdict == VERDICT_DONE, second = sides[1].outcome.verdict == VERDICT_DONE;
    if ((race->wins == ONE && first == second) || (race->wins == BOTH && !(first && second)) ||
        (race->wins == LAST && !second))
        g_error("%s: first %d (%s), second %d (%s)", race->name, first, sides[0].outcome.text, second,
                sides[1].outcome.text);
    if (race->holds && floor_int(sides[0].floor, race->holds, shipment) != 0)
        g_error("%s: does not hold: %s", race->name, race->holds);
}

static void run_races(struct testdb *test)
{
    struct floor *floor = floor_open(test, "one");
    struct side sides[2] = {{.floor = floor}, {.floor = floor_open(test, "two")}};
    floor_receive(floor, floor_product(floor, "MUG", NULL), 0, floor_bin(floor, "A-01", 1), 1000);
    int64_t manifest =
        floor_do(floor, (struct event){.kind = EV_MANIFEST_OPEN, .actor = floor->dock, .courier = "hct"}).subject_id;
    for (size_t i = 0; i < G_N_ELEMENTS(RACES) * ROUNDS; i++) {
        char number[16];
        g_snprintf(number, sizeof number, "N%03u", (unsigned)i);
        one_round(&RACES[i / ROUNDS], sides, number, manifest);
        if (RACES[i / ROUNDS].first == EV_PICK && RACES[i / ROUNDS].second == EV_SHORT) /* the bin is counted */
            floor_do(floor, (struct event){.kind = EV_ADJUST, .actor = floor->lead, .reason = "count",
                                           .product_id = floor_int(floor, "SELECT id FROM product", 0),
                                           .from_id = floor_int(floor, "SELECT id FROM location WHERE code = 'A-01'", 0)});
    }
    floor_close(sides[1].floor);
    floor_close(floor);
    g_assert_cmpint(testdb_deadlocks(test), ==, 0);
}

/* --- what is not about one shipment --------------------------------------------------------------------- */

/* The last piece is wanted by two orders; one key is sent twice; a manifest is closed while a parcel goes out under it. */
static void last_piece_one_key_one_manifest(struct testdb *test)
{
    struct floor *floor = floor_open(test, "one");
    struct side sides[2] = {{.floor = floor}, {.floor = floor_open(test, "two")}};
    int64_t mug = floor_product(floor, "MUG", NULL), bin = floor_bin(floor, "A-01", 1);
    for (int i = 0; i < ROUNDS; i++) {
        char number[16];
        floor_receive(floor, mug, 0, bin, 2);
        for (int k = 0; k < 2; k++) {
            g_snprintf(number, sizeof number, "L%d-%d", i, k);
            sides[k].event = (struct event){.kind = EV_RELEASE, .actor = floor->lead,
                                            .shipment_id = shipment_at(floor, number, ST_NEW)};
        }
        at_once(sides);
        g_assert_true((sides[0].outcome.verdict == VERDICT_DONE) != (sides[1].outcome.verdict == VERDICT_DONE));
        int loser = sides[0].outcome.verdict == VERDICT_DONE;
        g_assert_cmpint(sides[loser].outcome.code, ==, ERR_SHORT_STOCK);

        floor_receive(floor, mug, 0, bin, 2);
        g_snprintf(number, sizeof number, "K%d", i);
        int64_t shipment = shipment_at(floor, number, ST_PACKING);
        sides[0].event = sides[1].event = event_for(floor, EV_CLOSE, shipment, 0);
        at_once(sides);
        g_assert_cmpint(sides[0].outcome.verdict, ==, VERDICT_DONE);
        g_assert_cmpint(sides[1].outcome.verdict, ==, VERDICT_DONE);
        g_assert_true(sides[0].outcome.repeated != sides[1].outcome.repeated);
        g_assert_cmpint(sides[0].outcome.subject_id, ==, sides[1].outcome.subject_id);
        g_assert_cmpint(floor_int(floor, NOT_ONE_NUMBER, shipment), ==, 0);

        floor_apply_label(floor, shipment);
        int64_t manifest = floor_do(floor, (struct event){.kind = EV_MANIFEST_OPEN, .actor = floor->dock,
                                                          .courier = "hct"}).subject_id;
        sides[0].event = event_for(floor, EV_OUT, shipment, manifest);
        sides[1].event = (struct event){.kind = EV_MANIFEST_CLOSE, .actor = floor->dock, .manifest_id = manifest};
        at_once(sides);
        g_assert_cmpint(sides[1].outcome.verdict, ==, VERDICT_DONE);
        g_assert_true(sides[0].outcome.verdict == VERDICT_DONE || sides[0].outcome.code == ERR_DOCK_CLOSED);
    }
    floor_close(sides[1].floor);
    floor_close(floor);
    g_assert_cmpint(testdb_deadlocks(test), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/races/of_two_acts", run_races);
    testdb_add("/races/last_piece_one_key_one_manifest", last_piece_one_key_one_manifest);
    return g_test_run();
}

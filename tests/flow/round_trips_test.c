/* SPDX-License-Identifier: MIT
 *
 * How often one scan waits for the server, from its bytes to the answer and the view that is drawn from it: what costs on
 * a network. Printed and held to a bound; on SQLite, where nobody waits, the statements are printed.
 */
#include <stdio.h>

#include "tests/bench/replay.h"
#include "tests/support/desk.h"
#include "tests/support/shelves.h"

/* A scan, what it is, and how often it may wait. */
struct scan_bound {
    const char *what;
    unsigned most;
};

enum { ANY_NUMBER = 99 };

static void paint(struct desk *desk)
{
    struct station_view view;
    GError *error = NULL;
    g_assert_true(station_view_after(desk->station, &view, &error));
    g_assert_no_error(error);
    station_view_clear(&view);
}

/* With PACKLINE_NAMES=1 each of its statements is named. */
static void list_name(const char *name, void *data)
{
    (void)data;
    printf("#     %s\n", name);
}

static void count(struct desk *desk, const char *code, struct scan_bound bound)
{
    struct db *db = desk->floor->site->db;
    struct recording *recording = recording_start(db);
    uint64_t before = db_round_trips(db);
    desk_scans(desk, code);
    uint64_t answered = db_round_trips(db);
    paint(desk);
    uint64_t painted = db_round_trips(db);
    recording_stop(recording);
    printf("# %-36s %2u to the answer, %2u to the view (at most %u); %u statements\n", bound.what,
           (unsigned)(answered - before), (unsigned)(painted - before), bound.most, recording_statements(recording));
    if (g_getenv("PACKLINE_NAMES"))
        recording_names(recording, list_name, NULL);
    recording_free(recording);
    g_assert_cmpuint(painted - before, <=, bound.most);
}

static void stock(struct floor *floor)
{
    floor_receive(floor, floor_product(floor, "MUG-RED", "4710000000017"), 0, floor_bin(floor, "A-01-1", 1), 100);
    floor_receive(floor, floor_product(floor, "TEA", "4710000000024"), 0, floor_bin(floor, "A-02-1", 2), 100);
    floor_receive(floor, floor_product(floor, "POT", "4710000000031"), 0, floor_bin(floor, "A-03-1", 3), 100);
}

static int64_t order(struct floor *floor, const char *number, int mugs)
{
    int64_t shipment = floor_order(floor, number, "hct", FLOOR_ITEMS({"MUG-RED", mugs}, {"TEA", 2}, {"POT", 1}));
    floor_release(floor, shipment);
    return shipment;
}

static char *waybill(struct floor *floor, int64_t shipment)
{
    floor_print_all(floor);
    return floor_text(floor, "SELECT w.number FROM waybill w JOIN parcel p ON p.id = w.parcel_id WHERE p.shipment_id = $1",
                      shipment);
}

/* What a screen does a few times a second, and a gateway between its scans. */
static void look(struct desk *desk, int64_t *seen)
{
    GError *error = NULL;
    g_assert_true(station_look(desk->station, seen, &error));
    g_assert_no_error(error);
}

/* One order from the bench to the dock; what the first one through it prepares is counted at none of the second's. */
static void pack_one(struct desk *desk, int64_t shipment, const char *number, const struct scan_bound bounds[5])
{
    count(desk, number, bounds[0]);
    count(desk, "4710000000017", bounds[1]);
    count(desk, "4710000000017", bounds[2]);
    count(desk, "4710000000024", bounds[2]);
    count(desk, "4710000000024", bounds[2]);
    count(desk, "4710000000031", bounds[3]);
    int64_t seen = 0;
    look(desk, &seen);
    g_autofree char *label = waybill(desk->floor, shipment);
    look(desk, &seen); /* the print worker has committed meanwhile */
    count(desk, label, bounds[4]);
}

static void packing(struct testdb *test)
{
    static const struct scan_bound ANY[] = {{"(first) opens an order", ANY_NUMBER}, {"(first) its first unit", ANY_NUMBER},
                                            {"(first) one more", ANY_NUMBER},       {"(first) the last, which closes", ANY_NUMBER},
                                            {"(first) the label", ANY_NUMBER}};
    static const struct scan_bound BOUNDS[] = {{"pack: opens an order", 2}, {"pack: its first unit", 1},
                                               {"pack: one more", 1},       {"pack: the last, which closes", 2},
                                               {"pack: the label", 1}};
    struct desk *desk = desk_open(test, "PACK-1", "P-7", ROLE_PACKER);
    stock(desk->floor);
    int64_t one = order(desk->floor, "SP-1", 2), two = order(desk->floor, "SP-2", 2);
    floor_pick_all(desk->floor, one);
    floor_pick_all(desk->floor, two);
    pack_one(desk, one, "SP-1", ANY);
    pack_one(desk, two, "SP-2", BOUNDS);
    desk_close(desk);
}

/* Somebody else has changed what a scan rests on: it is found by the write that would rest on it, loaded and stored anew. */
static void conflicts(struct testdb *test)
{
    static const struct scan_bound OPENS = {"(first) opens an order", ANY_NUMBER}, AGREES = {"pack: one more", 1},
                                   SEALED = {"pack: a seal has replaced the key", 7},
                                   LEAD = {"pack: another station has packed", 3}, WORKER = {"pack: a label was printed", 3};
    struct desk *desk = desk_open(test, "PACK-1", "P-7", ROLE_PACKER);
    stock(desk->floor);
    int64_t shipment = order(desk->floor, "SP-1", 6);
    floor_pick_all(desk->floor, shipment);
    struct floor *other = floor_open(test, "PACK-2");
    struct event pack = {.kind = EV_PACK, .actor = other->packer, .shipment_id = shipment, .quantity = 1};
    pack.line_id = floor_int(other, "SELECT MIN(l.id) FROM shipment_line l JOIN product p ON p.id = l.product_id "
                                    "WHERE l.shipment_id = $1 AND p.sku = 'TEA'", shipment);
    floor_do(other, (struct event){.kind = EV_PRINT_AHEAD, .actor = other->lead, .shipment_id = shipment});
    count(desk, "SP-1", OPENS);
    count(desk, "4710000000017", SEALED); /* who opened beside it was the day's first, with something to seal */
    count(desk, "4710000000017", AGREES);
    floor_do(other, pack);
    count(desk, "4710000000017", LEAD);
    count(desk, "4710000000017", AGREES);
    floor_print_all(other);
    count(desk, "4710000000017", WORKER);
    count(desk, "4710000000017", AGREES);
    floor_close(other);
    desk_close(desk);
}

/* An order of one shipment: where no tote is asked for. */
static void pick_one(struct desk *desk, const char *number, const struct scan_bound bounds[5])
{
    count(desk, number, bounds[0]);
    count(desk, "A-01-1", bounds[1]);
    count(desk, "4710000000017", bounds[2]);
    count(desk, "4710000000017", bounds[3]);
    count(desk, "A-02-1", bounds[1]);
    count(desk, "4710000000024", bounds[3]);
    count(desk, "4710000000024", bounds[3]);
    count(desk, "A-03-1", bounds[1]);
    count(desk, "4710000000031", bounds[4]);
}

static void picking(struct testdb *test)
{
    static const struct scan_bound ANY[] = {{"(first) opens an order", ANY_NUMBER}, {"(first) a bin", ANY_NUMBER},
                                            {"(first) the first unit", ANY_NUMBER}, {"(first) one more", ANY_NUMBER},
                                            {"(first) the last", ANY_NUMBER}};
    static const struct scan_bound BOUNDS[] = {{"pick: opens an order", 3}, {"pick: a bin", 1},
                                               {"pick: the first unit", 1}, {"pick: one more", 1},
                                               {"pick: the last", 1}};
    struct desk *desk = desk_open(test, "CART-1", "K-7", ROLE_PICKER);
    stock(desk->floor);
    order(desk->floor, "SP-1", 2);
    order(desk->floor, "SP-2", 2);
    pick_one(desk, "SP-1", ANY);
    pick_one(desk, "SP-2", BOUNDS);
    desk_close(desk);
}

/* A batch of two: each has a tote of its own, and the walk goes from one to the other. */
static char *open_batch(struct desk *desk, const char *one, const char *other)
{
    const int64_t members[] = {order(desk->floor, one, 2), order(desk->floor, other, 1)};
    int64_t batch = batch_of(desk->floor, members, G_N_ELEMENTS(members), 0);
    return floor_text(desk->floor, "SELECT number FROM batch WHERE id = $1", batch);
}

/* What is scanned on a walk, and as which of its kinds it counts; of a tote "1" or "2". */
enum walk_kind { B_OPENS, B_TOTE, B_BIN, B_FIRST, B_UNIT, B_OWED, B_LAST };
static const struct {
    enum walk_kind kind;
    const char *code;
} WALK[] = {
    {B_TOTE, "1"}, {B_BIN, "A-01-1"}, {B_FIRST, MUG}, {B_UNIT, MUG}, {B_OWED, "1"}, {B_TOTE, "2"}, {B_UNIT, MUG}, {B_OWED, "2"},
    {B_BIN, "A-02-1"}, {B_UNIT, TEA}, {B_UNIT, TEA}, {B_OWED, "1"}, {B_UNIT, TEA}, {B_UNIT, TEA}, {B_OWED, "2"},
    {B_BIN, "A-03-1"}, {B_UNIT, PEN}, {B_OWED, "1"}, {B_LAST, PEN}, {B_OWED, "2"},
};

/* The totes' codes begin with a letter of their own. */
static void walk_batch(struct desk *desk, const char *number, const char *totes, const struct scan_bound *bounds)
{
    count(desk, number, bounds[B_OPENS]);
    for (size_t i = 0; i < G_N_ELEMENTS(WALK); i++) {
        gboolean tote = WALK[i].kind == B_TOTE || WALK[i].kind == B_OWED;
        g_autofree char *code = g_strconcat(tote ? totes : "", WALK[i].code, NULL);
        count(desk, code, bounds[WALK[i].kind]);
    }
    g_assert_cmpint(station_step(desk->station), ==, STEP_IDLE);
}

static void batches(struct testdb *test)
{
    static const struct scan_bound ANY[] = {{"(first) opens a batch", ANY_NUMBER}, {"(first) takes a tote", ANY_NUMBER},
                                            {"(first) a bin", ANY_NUMBER}, {"(first) the batch's first unit", ANY_NUMBER},
                                            {"(first) one more", ANY_NUMBER}, {"(first) into which tote", ANY_NUMBER},
                                            {"(first) the batch's last unit", ANY_NUMBER}};
    static const struct scan_bound BOUNDS[] = {{"batch: opens", 3}, {"batch: takes a tote", 2},
                                               {"batch: a bin", 1}, {"batch: its first unit", 1},
                                               {"batch: one more", 1}, {"batch: into which tote", 1},
                                               {"batch: its last unit", 1}};
    static const char *const TOTES[] = {"S-1", "S-2", "T-1", "T-2"};
    struct desk *desk = desk_open(test, "CART-1", "K-7", ROLE_PICKER);
    for (size_t i = 0; i < G_N_ELEMENTS(TOTES); i++)
        floor_tote(desk->floor, TOTES[i]);
    stock(desk->floor);
    g_autofree char *first = open_batch(desk, "SP-1", "SP-2");
    walk_batch(desk, first, "S-", ANY);
    g_autofree char *second = open_batch(desk, "SP-3", "SP-4");
    walk_batch(desk, second, "T-", BOUNDS);
    desk_close(desk);
}

static void dock(struct testdb *test)
{
    static const char *const NUMBERS[] = {"SP-1", "SP-2", "SP-3"};
    static const struct scan_bound BOUNDS[] = {{"dock: the first parcel", 3}, {"dock: the second", 3}, {"dock: the next", 3}};
    struct desk *desk = desk_open(test, "DOCK-1", "D-7", ROLE_DOCK);
    struct floor *floor = desk->floor;
    stock(floor);
    for (size_t i = 0; i < G_N_ELEMENTS(NUMBERS); i++) {
        int64_t shipment = order(floor, NUMBERS[i], 1);
        floor_pick_all(floor, shipment);
        floor_pack_all(floor, shipment);
        floor_print_all(floor);
        floor_apply_label(floor, shipment);
    }
    desk_does(desk, CMD_DOCK, "");
    for (size_t i = 0; i < G_N_ELEMENTS(NUMBERS); i++) {
        g_autofree char *label = waybill(floor, floor_int(floor, "SELECT MIN(s.id) FROM shipment s WHERE s.state = 'labelled'", 0));
        count(desk, label, BOUNDS[i]);
    }
    desk_close(desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/round-trips/packing", packing);
    testdb_add("/round-trips/conflicts", conflicts);
    testdb_add("/round-trips/picking", picking);
    testdb_add("/round-trips/batches", batches);
    testdb_add("/round-trips/dock", dock);
    return g_test_run();
}

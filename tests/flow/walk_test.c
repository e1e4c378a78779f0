/* SPDX-License-Identifier: MIT
 *
 * Of a batch that is walked all members are kept, and its picks are judged by that. What others do to the batch or one of its
 * orders meanwhile makes it stale: each time the batch ends when all of it is picked, and never before.
 */
#include "core/apply/apply.h"
#include "core/db/db.h"
#include "core/flow/progress.h"
#include "tests/support/desk.h"
#include "tests/support/shelves.h"

/* Two orders of a mug and a tea each, picked by one person at two stations. */
struct walk {
    struct desk *desk;
    struct floor *other;
    struct actor picker; /* at the other */
    int64_t batch, ships[2];
};

static struct walk open_walk(struct testdb *test)
{
    struct walk walk = {.desk = desk_open(test, "CART-1", "K-1", ROLE_PICKER)};
    struct floor *floor = walk.desk->floor;
    stock_up(floor);
    floor_tote(floor, "T-1");
    floor_tote(floor, "T-2");
    walk.ships[0] = ready(floor, "1", 1, 1, 0);
    walk.ships[1] = ready(floor, "2", 1, 1, 0);
    walk.batch = batch_of(floor, walk.ships, 2, walk.desk->person_id);
    desk_does(walk.desk, CMD_PICK, "");
    walk.other = floor_open(test, "CART-2");
    walk.picker = walk.other->picker;
    walk.picker.person_id = walk.desk->person_id;
    return walk;
}

static void close_walk(struct walk *walk)
{
    floor_close(walk->other);
    desk_close(walk->desk);
}

static void scan_all(struct desk *desk, const char *const *codes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        desk_scans(desk, codes[i]);
}
#define SCANS(desk, ...)                                                                                               \
    scan_all(desk, (const char *const[]){__VA_ARGS__}, sizeof((const char *const[]){__VA_ARGS__}) / sizeof(char *))

/* The order's next line. */
static int64_t line_of(struct walk *walk, int i)
{
    return floor_int(walk->other, "SELECT MIN(id) FROM pick_task WHERE shipment_id = $1 AND open = 1", walk->ships[i]);
}

static int64_t tote_of(struct walk *walk, int i)
{
    return floor_int(walk->other, "SELECT tote_id FROM tote_use WHERE shipment_id = $1", walk->ships[i]);
}

static void pick_elsewhere(struct walk *walk, int i)
{
    floor_do(walk->other, (struct event){.kind = EV_PICK, .actor = walk->picker, .shipment_id = walk->ships[i],
                                         .task_id = line_of(walk, i), .quantity = 1, .tote_id = tote_of(walk, i)});
}

/* Both mugs are in their totes, and the picker stands at the tea's bin. */
static void walk_to_tea(struct walk *walk)
{
    SCANS(walk->desk, "T-1", "A-01", MUG, "T-1", "T-2", MUG, "T-2", "B-01");
}

/* The other order was finished elsewhere: the last pick of this one is the last of the batch. */
static void the_rest_is_picked(struct testdb *test)
{
    struct walk walk = open_walk(test);
    walk_to_tea(&walk);
    pick_elsewhere(&walk, 1);
    batch_is(walk.other, walk.batch, ST_RUNNING);
    SCANS(walk.desk, TEA);
    batch_is(walk.other, walk.batch, ST_DONE);
    floor_is(walk.other, walk.ships[0], ST_PICKED);
    close_walk(&walk);
}

/* A piece of the order that was done is put back elsewhere: the batch goes on. */
static void something_was_put_back(struct testdb *test)
{
    struct walk walk = open_walk(test);
    walk_to_tea(&walk);
    int64_t tea = line_of(&walk, 0), tote = tote_of(&walk, 0);
    SCANS(walk.desk, TEA, "T-1");
    floor_is(walk.other, walk.ships[0], ST_PICKED);
    floor_do(walk.other, (struct event){.kind = EV_UNPICK, .actor = walk.picker, .shipment_id = walk.ships[0], .task_id = tea,
                                        .quantity = 1, .tote_id = tote});
    SCANS(walk.desk, TEA, "T-2");
    batch_is(walk.other, walk.batch, ST_RUNNING);
    SCANS(walk.desk, TEA, "T-1");
    batch_is(walk.other, walk.batch, ST_DONE);
    close_walk(&walk);
}

/* A lead puts another order into it. */
static void another_comes(struct testdb *test)
{
    struct walk walk = open_walk(test);
    walk_to_tea(&walk);
    SCANS(walk.desk, TEA, "T-1");
    int64_t third = ready(walk.other, "3", 0, 1, 0);
    floor_tote(walk.other, "T-3");
    floor_do(walk.other, (struct event){.kind = EV_BATCH, .actor = walk.other->lead, .shipment_id = third, .batch_id = walk.batch});
    SCANS(walk.desk, TEA, "T-2");
    batch_is(walk.other, walk.batch, ST_RUNNING);
    SCANS(walk.desk, "T-3", TEA, "T-3");
    batch_is(walk.other, walk.batch, ST_DONE);
    close_walk(&walk);
}

/* It was begun elsewhere: nothing is begun twice. */
static void begun_elsewhere(struct testdb *test)
{
    struct walk walk = open_walk(test);
    SCANS(walk.desk, "T-1", "A-01");
    floor_do(walk.other, (struct event){.kind = EV_TOTE, .actor = walk.picker, .shipment_id = walk.ships[1],
                                        .tote_id = floor_int(walk.other, "SELECT id FROM location WHERE code = 'T-2'", 0)});
    pick_elsewhere(&walk, 1);
    SCANS(walk.desk, MUG);
    g_assert_cmpint(floor_int(walk.other, "SELECT COUNT(*) FROM journal WHERE event = 'batch-start' AND subject_id = $1",
                              walk.batch), ==, 1);
    batch_is(walk.other, walk.batch, ST_RUNNING);
    close_walk(&walk);
}

/* The tote was taken for another order since: that is told, and the picker takes another one. */
static void tote_taken_elsewhere(struct testdb *test)
{
    struct walk walk = open_walk(test);
    floor_do(walk.other, (struct event){.kind = EV_TOTE, .actor = walk.picker, .shipment_id = walk.ships[1],
                                        .tote_id = floor_int(walk.other, "SELECT id FROM location WHERE code = 'T-1'", 0)});
    desk_scan(walk.desk, "T-1");
    desk_refuses(walk.desk, ERR_PICK_TOTE);
    SCANS(walk.desk, "T-2", "A-01", MUG, "T-2", MUG, "T-1");
    close_walk(&walk);
}

/* A lead gives it to somebody else, or calls it off: what the picker scans next counts for nothing. */
static void taken_away(struct testdb *test)
{
    struct walk walk = open_walk(test);
    walk_to_tea(&walk);
    floor_do(walk.other, (struct event){.kind = EV_BATCH_ASSIGN, .actor = walk.other->lead, .batch_id = walk.batch,
                                        .person_id = walk.other->packer.person_id});
    desk_scan(walk.desk, TEA);
    desk_refuses(walk.desk, ERR_WORK_TAKEN);
    g_assert_cmpint(picked_of(walk.other, walk.ships[0]) + picked_of(walk.other, walk.ships[1]), ==, 2);
    close_walk(&walk);
}

static void held(struct testdb *test)
{
    struct walk walk = open_walk(test);
    walk_to_tea(&walk);
    floor_do(walk.other, (struct event){.kind = EV_BLOCK, .actor = walk.other->lead, .shipment_id = walk.ships[0],
                                        .block = BLOCK_HELD, .reason = "stop"});
    desk_scan(walk.desk, TEA);
    desk_refuses(walk.desk, ERR_FLOW_BLOCKED);
    SCANS(walk.desk, TEA, "T-2");
    batch_is(walk.other, walk.batch, ST_RUNNING);
    floor_is(walk.other, walk.ships[1], ST_PICKED);
    close_walk(&walk);
}

/* Who takes a batch has seen its members before: one that came since follows as well, one that left does not. */
static void seen_before(struct testdb *test)
{
    struct desk *desk = desk_open(test, "CART-1", "K-1", ROLE_PICKER);
    struct floor *floor = desk->floor;
    stock_up(floor);
    const int64_t ships[] = {ready(floor, "1", 1, 0, 0), ready(floor, "2", 1, 0, 0), ready(floor, "3", 1, 0, 0)};
    int64_t batch = batch_of(floor, ships, 3, 0);
    g_autoptr(GArray) members = g_array_new(FALSE, FALSE, sizeof(int64_t));
    g_array_append_vals(members, ships, 2);
    floor_do(floor, (struct event){.kind = EV_UNBATCH, .actor = floor->lead, .shipment_id = ships[0]});
    struct event take = {.kind = EV_BATCH_ASSIGN, .actor = station_actor(desk->station), .batch_id = batch,
                         .members = members, .person_id = desk->person_id};
    floor_do(floor, take);
    for (int i = 0; i < 3; i++)
        g_assert_cmpint(floor_int(floor, "SELECT COALESCE(person_id, 0) FROM shipment WHERE id = $1", ships[i]), ==,
                        i == 0 ? 0 : desk->person_id);
    int64_t line = floor_int(floor, "SELECT id FROM pick_task WHERE shipment_id = $1", ships[2]);
    g_assert_cmpint(progress_task_open(flow_opened(floor->site, ships[2]), line), ==, 1); /* and is walked with all that is its */
    desk_close(desk);
}

/* --- in the same instant ----------------------------------------------------------------------------------- */

struct side {
    struct floor *floor;
    struct event event;
    struct outcome outcome;
};

static gboolean open_batch(struct db *db, void *data, GError **error)
{
    struct side *side = data;
    const struct event next = {.kind = EV_PICK, .actor = side->event.actor, .batch_id = side->event.batch_id};
    (void)db;
    return flow_open(side->floor->site, &next, error);
}

static void pick_of(struct side *side)
{
    struct event pick = side->event;
    pick.batch_id = 0;
    pick.key = flow_key(side->floor->site);
    g_assert_true(flow_apply(side->floor->site, &pick, 1, &side->outcome, NULL));
    g_assert_cmpint(side->outcome.verdict, ==, VERDICT_DONE);
}

static gpointer pick_it(gpointer data)
{
    pick_of(data);
    return NULL;
}

/* Each picks the first of two pieces; then both have all of the batch in memory. */
static void begin(struct side *side, int64_t shipment, int64_t batch)
{
    side->event = (struct event){.kind = EV_PICK, .actor = side->floor->picker, .shipment_id = shipment, .batch_id = batch,
                                 .quantity = 1};
    side->event.task_id = floor_int(side->floor, "SELECT id FROM pick_task WHERE shipment_id = $1", shipment);
    pick_of(side);
}

/* The last pieces of a batch's two orders, by two stations: one of the two ends it. */
static void the_last_two_at_once(struct testdb *test)
{
    enum { ROUNDS = 10 };
    struct side sides[2] = {{.floor = floor_open(test, "CART-1")}, {.floor = floor_open(test, "CART-2")}};
    struct floor *floor = sides[0].floor;
    stock_up(floor);
    for (int round = 0; round < ROUNDS; round++) {
        g_autofree char *one = g_strdup_printf("%d-1", round), *other = g_strdup_printf("%d-2", round);
        const int64_t ships[2] = {ready(floor, one, 2, 0, 0), ready(floor, other, 0, 2, 0)};
        int64_t batch = batch_of(floor, ships, 2, floor->picker.person_id);
        GThread *threads[2];
        for (int i = 0; i < 2; i++)
            begin(&sides[i], ships[i], batch);
        for (int i = 0; i < 2; i++)
            g_assert_true(db_snapshot(sides[i].floor->site->db, open_batch, &sides[i], NULL));
        for (int i = 0; i < 2; i++)
            threads[i] = g_thread_new("pick", pick_it, &sides[i]);
        for (int i = 0; i < 2; i++)
            g_thread_join(threads[i]);
        batch_is(floor, batch, ST_DONE);
    }
    floor_close(sides[1].floor);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/walk/the-rest-is-picked", the_rest_is_picked);
    testdb_add("/walk/something-was-put-back", something_was_put_back);
    testdb_add("/walk/another-comes", another_comes);
    testdb_add("/walk/begun-elsewhere", begun_elsewhere);
    testdb_add("/walk/tote-taken-elsewhere", tote_taken_elsewhere);
    testdb_add("/walk/taken-away", taken_away);
    testdb_add("/walk/held", held);
    testdb_add("/walk/seen-before", seen_before);
    testdb_add("/walk/the-last-two-at-once", the_last_two_at_once);
    return g_test_run();
}

/* SPDX-License-Identifier: MIT
 *
 * Two people at one piece of work, one after the other and in the same instant, on both engines. Numbers are those
 * of the list of scenarios.
 */
#include <glib.h>
#include <string.h>

#include "core/apply/apply.h"
#include "core/check/check.h"
#include "core/goods/product.h"
#include "core/site/journal.h"
#include "core/site/record.h"
#include "tests/support/desk.h"
#include "tests/support/shelves.h"

/* 22, one after the other: the second is told who was first, not that the product is wrong. */
static void s22_the_second_is_told(struct testdb *test)
{
    struct desk *one = desk_open(test, "handheld-1", "P1", ROLE_PICKER);
    struct desk *two = desk_open(test, "handheld-2", "P1", ROLE_PICKER);
    struct floor *floor = one->floor;
    stock_up(floor);
    int64_t shipment = ready(floor, "1", 1, 1, 0);
    desk_does(one, CMD_PICK, "1");
    desk_does(two, CMD_PICK, "1");
    desk_scans(one, "A-01");
    desk_scans(two, "A-01");
    desk_scans(one, MUG);
    int64_t moves = floor_int(floor, "SELECT COUNT(*) FROM stock_move", 0);
    desk_scan(two, MUG);
    desk_refuses(two, ERR_PICK_DONE);
    g_assert_nonnull(strstr(two->refusal, "P1"));
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM stock_move", 0), ==, moves);
    desk_scans(two, "B-01");
    desk_scans(two, TEA);
    desk_scan(one, TEA);
    g_assert_cmpint(one->last.kind, ==, ANSWER_REFUSED);
    floor_is(floor, shipment, ST_PICKED);
    desk_close(two);
    desk_close(one);
}

static gpointer scan_mug(gpointer data)
{
    desk_scan(data, MUG);
    return NULL;
}

static void at_once(GThreadFunc what, struct desk *one, struct desk *two)
{
    GThread *a = g_thread_new("one", what, one), *b = g_thread_new("two", what, two);
    g_thread_join(a);
    g_thread_join(b);
}

/* 22: the last unit at two stations in the same instant, at the bin and at the bench. */
static void s22_the_last_unit_at_once(struct testdb *test)
{
    enum { ROUNDS = 12 };
    struct desk *one = desk_open(test, "bench-1", "K1", ROLE_PACKER);
    struct desk *two = desk_open(test, "bench-2", "K1", ROLE_PACKER);
    struct floor *floor = one->floor;
    stock_up(floor);
    for (int i = 0; i < ROUNDS; i++) {
        char number[16];
        g_snprintf(number, sizeof number, "N%d", i);
        int64_t shipment = ready(floor, number, 1, 0, 0);
        desk_does(one, CMD_PICK, number);
        desk_does(two, CMD_PICK, number);
        desk_scans(one, "A-01");
        desk_scans(two, "A-01");
        at_once(scan_mug, one, two);
        g_assert_true((one->last.kind == ANSWER_OK) != (two->last.kind == ANSWER_OK));
        g_assert_cmpint(picked_of(floor, shipment), ==, 1);
        floor_is(floor, shipment, ST_PICKED);
        desk_say(one, CMD_BACK, ""), desk_say(two, CMD_BACK, "");
        desk_does(one, CMD_PACK, number);
        desk_does(two, CMD_PACK, number);
        at_once(scan_mug, one, two);
        g_assert_true((one->last.kind == ANSWER_OK) != (two->last.kind == ANSWER_OK));
        floor_is(floor, shipment, ST_PACKED);
        g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM waybill w JOIN parcel p ON p.id = w.parcel_id "
                                         "WHERE p.shipment_id = $1",
                                  shipment),
                        ==, 1);
        desk_say(one, CMD_BACK, ""), desk_say(two, CMD_BACK, "");
    }
    desk_close(two);
    desk_close(one);
}

static gpointer get_work(gpointer data)
{
    desk_does(data, CMD_PICK, "");
    return NULL;
}

static gpointer pick_all(gpointer data)
{
    desk_picks_all(data);
    return NULL;
}

/* Two who ask for work at the same time never get the same. */
static void work_is_handed_out_once(struct testdb *test)
{
    enum { ROUNDS = 8 };
    struct desk *one = desk_open(test, "handheld-1", "P1", ROLE_PICKER);
    struct desk *two = desk_open(test, "handheld-2", "P2", ROLE_PICKER);
    struct floor *floor = one->floor;
    stock_up(floor);
    for (int i = 0; i < ROUNDS; i++) {
        for (int k = 0; k < 2; k++) {
            char number[16];
            g_snprintf(number, sizeof number, "N%d-%d", i, k);
            int64_t id = ready(floor, number, 1, 0, 0);
            if (i % 2)
                batch_of(floor, &id, 1, 0);
        }
        at_once(get_work, one, two);
        g_assert_cmpstr(one->last.text, !=, two->last.text);
        desk_say(one, CMD_BACK, ""), desk_say(two, CMD_BACK, "");
        at_once(pick_all, one, two);
        g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM shipment WHERE state <> 'picked'", 0), ==, 0);
    }
    desk_close(two);
    desk_close(one);
}

struct side {
    struct site *site;
    struct event event;
    struct outcome outcome;
};

static gpointer apply_side(gpointer data)
{
    struct side *side = data;
    GError *error = NULL;
    gboolean done = flow_apply(side->site, &side->event, 1, &side->outcome, &error);
    g_assert_no_error(error);
    g_assert_true(done);
    return NULL;
}

/* The last two orders of a batch are finished in the same instant by two stations: the batch is done, once. */
static void a_batch_is_finished_by_two(struct testdb *test)
{
    enum { ROUNDS = 12 };
    struct floor *floor = floor_open(test, "one"), *second = floor_open(test, "two");
    struct side sides[] = {{.site = floor->site}, {.site = second->site}};
    stock_up(floor);
    for (int i = 0; i < ROUNDS; i++) {
        char a[16], b[16];
        g_snprintf(a, sizeof a, "A%d", i);
        g_snprintf(b, sizeof b, "B%d", i);
        int64_t ids[] = {ready(floor, a, 1, 0, 0), ready(floor, b, 0, 1, 0)}, batch = batch_of(floor, ids, 2, 0);
        GThread *threads[2];
        for (int k = 0; k < 2; k++) {
            int64_t task = floor_int(floor, "SELECT id FROM pick_task WHERE shipment_id = $1", ids[k]);
            sides[k].event = (struct event){.kind = EV_PICK, .key = flow_key(floor->site), .actor = floor->picker,
                                            .shipment_id = ids[k], .task_id = task, .quantity = 1};
        }
        for (int k = 0; k < 2; k++)
            threads[k] = g_thread_new("pick", apply_side, &sides[k]);
        for (int k = 0; k < 2; k++)
            g_thread_join(threads[k]);
        batch_is(floor, batch, ST_DONE);
    }
    floor_close(second);
    floor_close(floor);
}

/* A lead gives a batch to and fro and takes it back while it is picked, undone, cancelled and goods are moved: nobody is
 * made to wait for somebody who waits for him. */
struct crowd {
    struct floor *floor;
    const int64_t *shipments, *batches;
    int turn;
};

enum { CROWD_ROUNDS = 60, CROWD_BATCHES = 2, CROWD_SHIPMENTS = 8 };

static void crowd_does(struct crowd *crowd, struct event event)
{
    GError *error = NULL;
    struct outcome outcome;
    event.key = flow_key(crowd->floor->site);
    event.actor = crowd->floor->lead;
    gboolean done = flow_apply(crowd->floor->site, &event, 1, &outcome, &error);
    g_assert_no_error(error);
    g_assert_true(done);
}

static gpointer crowd_leads(gpointer data)
{
    struct crowd *crowd = data;
    for (int i = 0; i < CROWD_ROUNDS; i++)
        crowd_does(crowd, (struct event){.kind = EV_BATCH_ASSIGN, .batch_id = crowd->batches[i % CROWD_BATCHES],
                                         .person_id = i % 3 ? crowd->floor->picker.person_id : 0});
    return NULL;
}

static gpointer crowd_picks(gpointer data)
{
    struct crowd *crowd = data;
    struct floor *floor = crowd->floor;
    for (int i = 0; i < CROWD_ROUNDS; i++) {
        int64_t shipment = crowd->shipments[(i * 5 + crowd->turn) % CROWD_SHIPMENTS];
        int64_t task = floor_int(floor, "SELECT id FROM pick_task WHERE shipment_id = $1 AND open = 1 ORDER BY id LIMIT 1",
                                 shipment);
        int64_t done = floor_int(floor, "SELECT id FROM pick_task WHERE shipment_id = $1 AND picked > 0 ORDER BY id LIMIT 1",
                                 shipment);
        crowd_does(crowd, (struct event){.kind = task ? EV_PICK : EV_UNPICK, .shipment_id = shipment,
                                         .task_id = task ? task : done, .quantity = 1});
        if (done && i % 3 == 0)
            crowd_does(crowd, (struct event){.kind = EV_UNPICK, .shipment_id = shipment, .task_id = done, .quantity = 1});
        if (i == CROWD_ROUNDS - 4)
            crowd_does(crowd, (struct event){.kind = EV_CANCEL, .shipment_id = shipment, .reason = "test"});
    }
    return NULL;
}

static void nobody_waits_in_a_ring(struct testdb *test)
{
    GThreadFunc roles[] = {crowd_leads, crowd_picks, crowd_picks};
    struct crowd crowd[G_N_ELEMENTS(roles)];
    GThread *threads[G_N_ELEMENTS(roles)];
    int64_t ids[CROWD_SHIPMENTS], batches[CROWD_BATCHES];
    struct floor *floor = floor_open(test, "main");
    stock_up(floor);
    for (int i = 0; i < CROWD_SHIPMENTS; i++) {
        char number[8];
        g_snprintf(number, sizeof number, "%d", i);
        ids[i] = ready(floor, number, 1 + i % 2, 1, 1);
    }
    for (int i = 0; i < CROWD_BATCHES; i++)
        batches[i] = batch_of(floor, ids + i * CROWD_SHIPMENTS / CROWD_BATCHES, CROWD_SHIPMENTS / CROWD_BATCHES, 0);
    for (guint i = 0; i < G_N_ELEMENTS(roles); i++) {
        char name[16];
        g_snprintf(name, sizeof name, "crowd-%u", i);
        crowd[i] = (struct crowd){floor_open(test, name), ids, batches, (int)i};
    }
    for (guint i = 0; i < G_N_ELEMENTS(roles); i++)
        threads[i] = g_thread_new("crowd", roles[i], &crowd[i]);
    for (guint i = 0; i < G_N_ELEMENTS(roles); i++)
        g_thread_join(threads[i]);
    for (guint i = 0; i < G_N_ELEMENTS(roles); i++)
        floor_close(crowd[i].floor);
    floor_close(floor);
    g_assert_cmpint(testdb_deadlocks(test), ==, 0);
}

/* --- what is said ------------------------------------------------------------------------------------------- */

struct saying {
    struct floor *floor;
    const char *code;
    int64_t product_id;
};

static gboolean give_code(struct site *site, void *data, GError **error)
{
    const struct saying *saying = data;
    return product_code_set(site, saying->product_id, saying->code, 1, error);
}

static gpointer say_code(gpointer data)
{
    const struct record record = {.event = "code", .is_of_said = TRUE};
    struct saying *saying = data;
    GError *error = NULL;
    gboolean done = site_record(saying->floor->site, &saying->floor->lead, &record, give_code, saying, &error);
    g_assert_no_error(error);
    g_assert_true(done);
    return NULL;
}

struct meeting {
    struct saying *first, *second;
    struct db *beside;
    struct journal journal;
    GThread *thread;
};

/* The second comes when the first has sealed what it says, and has to wait for it. */
static gboolean meet(struct db *db, void *data, GError **error)
{
    struct meeting *meeting = data;
    struct floor *floor = meeting->first->floor;
    g_autoptr(GByteArray) seals = g_byte_array_new();
    (void)db;
    journal_begin(&meeting->journal, floor->site);
    if (!give_code(floor->site, meeting->first, error) ||
        !record_said(&meeting->journal, &floor->lead, "code", seals, error) || !journal_commit(&meeting->journal, error))
        return FALSE;
    meeting->thread = g_thread_new("second", say_code, meeting->second);
    while (testdb_int(meeting->beside, "SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND "
                                       "datname = current_database()") == 0)
        g_thread_yield();
    return TRUE;
}

/* Two give a product a code each in the same instant: both codes are sealed (floor_close() would seal them anew). */
static void what_two_say_is_sealed(struct testdb *test)
{
    GError *error = NULL;
    guint violations = 0;
    if (test->engine == DB_SQLITE) {
        g_test_skip("there one writes at a time");
        return;
    }
    struct floor *floor = floor_open(test, "one"), *other = floor_open(test, "two");
    struct db *beside = testdb_open(test);
    stock_up(floor);
    floor_say(floor);
    int64_t mug = floor_int(floor, "SELECT MIN(id) FROM product", 0);
    struct saying first = {floor, "CODE-1", mug}, second = {other, "CODE-2", mug};
    struct meeting meeting = {.first = &first, .second = &second, .beside = beside};
    g_assert_true(db_transaction(floor->site->db, meet, &meeting, &error));
    journal_done(&meeting.journal);
    g_thread_join(meeting.thread);
    g_assert_true(check_run(floor->site->db, &(struct check_way){.depth = CHECK_FULL, .now_utc_ms = site_now(floor->site),
                                                                 },
                            &violations, &error));
    g_assert_cmpint(violations, ==, 0);
    db_close(beside);
    floor_close(other);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/two_at_once/22_the_second_is_told", s22_the_second_is_told);
    testdb_add("/two_at_once/22_last_unit_at_once", s22_the_last_unit_at_once);
    testdb_add("/two_at_once/work_handed_out_once", work_is_handed_out_once);
    testdb_add("/two_at_once/finished_by_two", a_batch_is_finished_by_two);
    testdb_add("/two_at_once/nobody_waits_in_a_ring", nobody_waits_in_a_ring);
    testdb_add("/two_at_once/what_two_say", what_two_say_is_sealed);
    return g_test_run();
}

/* SPDX-License-Identifier: MIT
 *
 * Batches as leads make them and people at stations work them, on both engines. Numbers are those of the list of
 * scenarios.
 */
#include <glib.h>
#include <string.h>

#include "core/act/batches.h"
#include "core/act/orders.h"
#include "tests/support/desk.h"
#include "tests/support/shelves.h"

/* --- making --------------------------------------------------------------------------------------------- */

static void a_lead_makes_batches(struct testdb *test)
{
    struct floor *floor = floor_open(test, "lead");
    GError *error = NULL;
    stock_up(floor);
    int64_t one = ready(floor, "1", 1, 0, 0), two = ready(floor, "2", 1, 0, 0), three = ready(floor, "3", 1, 0, 0);
    int64_t fresh = floor_order(floor, "4", "hct", FLOOR_ITEMS({"MUG-RED", 1}));
    floor_do(floor, (struct event){.kind = EV_BLOCK, .actor = floor->lead, .shipment_id = three, .block = BLOCK_HELD});
    GArray *next = batch_next(floor->site, "hct", 10, &error);
    g_assert_cmpuint(next->len, ==, 2);
    g_assert_cmpint(g_array_index(next, int64_t, 0), ==, one);
    g_array_unref(next);
    int64_t first = batch_of(floor, &one, 1, 0);

    struct batch_made made;
    const int64_t some[] = {one, two, three, fresh};
    struct batch_wish wish = {.actor = floor->lead};
    g_assert_true(batch_make(floor->site, &wish, some, 4, &made, &error));
    g_assert_cmpuint(made.joined, ==, 1);
    static const enum err WHY[] = {ERR_BATCH_TAKEN, ERR_FLOW_BLOCKED, ERR_FLOW_STATE};
    g_assert_cmpuint(made.skipped->len, ==, 3);
    for (guint i = 0; i < 3; i++)
        g_assert_cmpint(g_array_index(made.skipped, struct batch_skip, i).code, ==, WHY[i]);
    g_assert_cmpstr(g_array_index(made.skipped, struct batch_skip, 0).order, ==, "1");
    g_assert_nonnull(strstr(g_array_index(made.skipped, struct batch_skip, 0).text, row_of(floor, first).number));
    batch_made_clear(&made);

    g_assert_false(batch_make(floor->site, &wish, &fresh, 1, &made, &error));
    g_assert_error(error, ERR, ERR_BATCH_EMPTY);
    g_clear_error(&error);
    g_assert_cmpuint(made.skipped->len, ==, 1);
    batch_made_clear(&made);
    wish.actor = floor->picker;
    g_assert_false(batch_make(floor->site, &wish, &two, 1, &made, &error));
    g_assert_error(error, ERR, ERR_FLOW_RIGHT);
    g_clear_error(&error);
    batch_made_clear(&made);
    GArray *list = batch_list(floor->site, 100, &error);
    g_assert_cmpuint(list->len, ==, 2); /* the one nothing could join is cancelled */
    GArray *rest = batch_list(floor->site, 1, &error);
    g_assert_cmpuint(rest->len, ==, 1);
    g_array_unref(rest);
    g_array_unref(list);
    floor_close(floor);
}

static void a_batch_ends_with_its_orders(struct testdb *test)
{
    struct floor *floor = floor_open(test, "lead");
    GError *error = NULL;
    stock_up(floor);
    int64_t ids[] = {ready(floor, "1", 1, 0, 0), ready(floor, "2", 2, 0, 0)};
    int64_t batch = batch_of(floor, ids, 2, 0);
    for (int i = 0; i < 2; i++)
        floor_do(floor, (struct event){.kind = EV_CANCEL, .actor = floor->lead, .shipment_id = ids[i], .reason = "test"});
    batch_is(floor, batch, ST_DONE);
    /* taken out one by one */
    int64_t more[] = {ready(floor, "3", 1, 0, 0), ready(floor, "4", 2, 0, 0)};
    batch = batch_of(floor, more, 2, 0);
    g_assert_true(batch_remove(floor->site, floor->lead, batch, more[0], &error));
    floor_is(floor, more[0], ST_READY);
    g_assert_false(batch_remove(floor->site, floor->lead, batch, more[0], &error));
    g_assert_error(error, ERR, ERR_BATCH_NOT_IN);
    g_clear_error(&error);
    batch_is(floor, batch, ST_READY);
    g_assert_true(batch_remove(floor->site, floor->lead, batch, more[1], &error));
    batch_is(floor, batch, ST_DONE);
    floor_close(floor);
}

/* Cancelled in the middle: what was not begun is ready again and its tote free, what was begun goes on by itself. */
static void a_running_batch_is_cancelled(struct testdb *test)
{
    struct desk *desk = desk_open(test, "handheld-1", "P1", ROLE_PICKER);
    struct floor *floor = desk->floor;
    GError *error = NULL;
    stock_up(floor);
    int64_t ids[] = {ready(floor, "1", 1, 1, 0), ready(floor, "2", 0, 0, 2)};
    int64_t batch = batch_of(floor, ids, 2, desk->person_id), tote = floor_tote(floor, "T-1");
    floor_tote(floor, "T-2");
    desk_does(desk, CMD_PICK, "");
    desk_scans(desk, "T-1");
    desk_scans(desk, "A-01");
    desk_scans(desk, MUG);
    batch_is(floor, batch, ST_RUNNING);
    floor_do(floor, (struct event){.kind = EV_TOTE, .actor = floor->lead, .shipment_id = ids[1],
                                   .tote_id = floor_int(floor, "SELECT id FROM location WHERE code = 'T-2'", 0)});
    g_assert_true(batch_cancel(floor->site, floor->lead, batch, &error));
    batch_is(floor, batch, ST_CANCELLED);
    floor_is(floor, ids[0], ST_PICKING);
    floor_is(floor, ids[1], ST_READY);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM journal WHERE shipment_id = $1 AND event = 'follow'", ids[1]), ==, 1);
    struct outcome early = floor_apply(floor, (struct event){.kind = EV_CLOSE, .actor = floor->lead, .shipment_id = ids[1]});
    g_assert_nonnull(strstr(early.text, "ready ")); /* what was done to it last, at what time, by whom */
    g_assert_null(strstr(early.text, "batched"));
    floor_refused(floor, (struct event){.kind = EV_UNBATCH, .actor = floor->lead, .shipment_id = ids[0]}, ERR_BATCH_NOT_IN);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM tote_use WHERE shipment_id = $1", ids[1]), ==, 0);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM tote_use WHERE tote_id = $1", tote), ==, 1);
    desk_scans(desk, "T-1"); /* what is in hand is confirmed; then that walk is over */
    g_assert_cmpint(station_step(desk->station), ==, STEP_IDLE);
    desk_picks_all(desk); /* handed out again, the begun one among them */
    desk_picks_all(desk);
    floor_is(floor, ids[0], ST_PICKED);
    floor_is(floor, ids[1], ST_PICKED);
    desk_close(desk);
}

/* --- who works what ------------------------------------------------------------------------------------- */

static void s14_get_work(struct testdb *test)
{
    struct desk *desk = desk_open(test, "handheld-1", "P1", ROLE_PICKER);
    struct floor *floor = desk->floor;
    stock_up(floor);
    int64_t ids[6];
    char number[8];
    for (int i = 0; i < 6; i++) {
        g_snprintf(number, sizeof number, "%d", i);
        ids[i] = ready(floor, number, 1, 1, 0);
    }
    int64_t free_one = batch_of(floor, ids, 1, 0), assigned = batch_of(floor, ids + 1, 1, desk->person_id);
    int64_t begun = batch_of(floor, ids + 2, 1, desk->person_id);
    desk_does(desk, CMD_PICK, row_of(floor, begun).number);
    desk_scans(desk, "A-01");
    desk_scans(desk, MUG);
    batch_is(floor, begun, ST_RUNNING);
    desk_does(desk, CMD_BACK, "");
    const int64_t order[] = {begun, assigned, free_one};
    for (int i = 0; i < 3; i++) {
        desk_does(desk, CMD_PICK, "");
        desk_says(desk, row_of(floor, order[i]).number);
        desk_does(desk, CMD_BACK, "");
        desk_picks_all(desk);
        batch_is(floor, order[i], ST_DONE);
    }
    desk_does(desk, CMD_PICK, ""); /* then single orders */
    desk_says(desk, "3");
    desk_does(desk, CMD_BACK, "");
    desk_does(desk, CMD_PICK, "5"); /* an own one comes before the free ones */
    desk_scans(desk, "A-01");
    desk_scans(desk, MUG);
    desk_does(desk, CMD_BACK, "");
    desk_does(desk, CMD_PICK, "");
    desk_says(desk, "5");
    desk_does(desk, CMD_BACK, "");
    for (int i = 0; i < 3; i++)
        desk_picks_all(desk);
    desk_say(desk, CMD_PICK, "");
    desk_refuses(desk, ERR_NO_WORK);
    desk_close(desk);
}

/* 25: urgent first, then by cut-off; one that can't be worked holds nothing up. */
static void s25_urgent_first(struct testdb *test)
{
    static const struct {
        const char *number, *change;
    } ORDERS[] = {{"late", "cut_off_at = 3000"}, {"soon", "cut_off_at = 1000"}, {"none", "cut_off_at = 0"},
                  {"urgent", "cut_off_at = 9000, priority = 5"}, {"held", "cut_off_at = 10, priority = 9"}};
    static const char *const WANTED[] = {"urgent", "soon", "late", "none"};
    struct desk *desk = desk_open(test, "handheld-1", "P1", ROLE_PICKER);
    struct floor *floor = desk->floor;
    GError *error = NULL;
    stock_up(floor);
    for (size_t i = 0; i < G_N_ELEMENTS(ORDERS); i++) {
        int64_t id = ready(floor, ORDERS[i].number, 1, 0, 0);
        char *sql = g_strdup_printf("UPDATE shipment SET %s WHERE id = $1", ORDERS[i].change);
        floor->by_hand = TRUE;
        g_assert_true(db_exec(floor->site->db, floor_sql(sql), DB_ARGS(id), NULL, &error));
        g_free(sql);
        if (strcmp(ORDERS[i].number, "held") == 0)
            floor_do(floor, (struct event){.kind = EV_BLOCK, .actor = floor->lead, .shipment_id = id, .block = BLOCK_HELD});
    }
    for (size_t i = 0; i < G_N_ELEMENTS(WANTED); i++) {
        desk_does(desk, CMD_PICK, "");
        desk_says(desk, WANTED[i]);
        desk_does(desk, CMD_BACK, "");
        desk_picks_all(desk);
    }
    desk_say(desk, CMD_PICK, "");
    desk_refuses(desk, ERR_NO_WORK);
    desk_close(desk);
}

static void s15_somebody_elses_batch(struct testdb *test)
{
    struct desk *owner = desk_open(test, "handheld-1", "P1", ROLE_PICKER);
    struct desk *other = desk_open(test, "handheld-2", "P2", ROLE_PICKER);
    struct desk *lead = desk_open(test, "desk-1", "L1", ROLE_LEAD);
    struct floor *floor = owner->floor;
    GError *error = NULL;
    stock_up(floor);
    int64_t ids[] = {ready(floor, "1", 1, 1, 0), ready(floor, "2", 1, 0, 0)};
    int64_t batch = batch_of(floor, ids, 2, 0);
    struct batch_row row = row_of(floor, batch);
    desk_does(owner, CMD_PICK, row.number);
    g_assert_cmpint(row_of(floor, batch).owner_id, ==, owner->person_id);
    desk_say(other, CMD_PICK, row.number);
    desk_refuses(other, ERR_BATCH_OWNED);
    g_assert_false(batch_assign(floor->site, (struct actor){.person_id = other->person_id}, batch, other->person_id, &error));
    g_assert_error(error, ERR, ERR_BATCH_OWNED);
    g_clear_error(&error);
    desk_say(lead, CMD_PICK, row.number);
    desk_asks(lead);
    desk_does(lead, CMD_CANCEL, "");
    g_assert_cmpint(row_of(floor, batch).owner_id, ==, owner->person_id);
    desk_say(lead, CMD_PICK, row.number);
    desk_asks(lead);
    desk_does(lead, CMD_CONFIRM, "");
    g_assert_cmpint(row_of(floor, batch).owner_id, ==, lead->person_id);
    g_assert_cmpstr(row_of(floor, batch).owner, ==, "L1");
    desk_close(other);
    desk_close(lead);
    desk_close(owner);
}

static void s26_open_shipments_follow(struct testdb *test)
{
    struct desk *one = desk_open(test, "handheld-1", "P1", ROLE_PICKER);
    struct desk *two = desk_open(test, "handheld-2", "P2", ROLE_PICKER);
    struct floor *floor = one->floor;
    GError *error = NULL;
    stock_up(floor);
    int64_t ids[] = {ready(floor, "1", 1, 0, 0), ready(floor, "2", 1, 1, 0), ready(floor, "3", 0, 0, 1)};
    int64_t batch = batch_of(floor, ids, 3, one->person_id);
    floor_tote(floor, "T-1"), floor_tote(floor, "T-2");
    desk_does(one, CMD_PICK, "");
    const char *const scans[] = {"T-1", "A-01", MUG, "T-1", "T-2", MUG};
    for (size_t i = 0; i < G_N_ELEMENTS(scans); i++)
        desk_scans(one, scans[i]);
    floor_is(floor, ids[0], ST_PICKED);
    floor_is(floor, ids[1], ST_PICKING);
    g_assert_true(batch_assign(floor->site, floor->lead, batch, two->person_id, &error));
    for (int i = 0; i < 3; i++)
        g_assert_cmpint(floor_int(floor, "SELECT person_id FROM shipment WHERE id = $1", ids[i]), ==, two->person_id);
    desk_scan(one, "T-2"); /* who had it is told, and can't go on */
    desk_refuses(one, ERR_WORK_TAKEN);
    g_assert_cmpint(station_step(one->station), ==, STEP_IDLE);
    g_assert_true(batch_assign(floor->site, floor->lead, batch, 0, &error));
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM shipment WHERE person_id IS NOT NULL", 0), ==, 0);
    GArray *people = batch_people(floor->site, &error);
    for (guint i = 0; i < people->len; i++)
        g_assert_cmpint(g_array_index(people, struct batch_person, i).batches, ==, 0);
    g_array_unref(people);
    desk_picks_all(two); /* free: handed to the next who asks, who goes on in the same totes */
    batch_is(floor, batch, ST_DONE);
    for (int i = 0; i < 3; i++)
        floor_is(floor, ids[i], ST_PICKED);
    desk_close(two);
    desk_close(one);
}

/* A shipment that is held in a running batch stays in it; the picker is not sent round in circles. */
static void a_held_order_keeps_its_batch(struct testdb *test)
{
    struct desk *desk = desk_open(test, "handheld-1", "P1", ROLE_PICKER);
    struct floor *floor = desk->floor;
    GError *error = NULL;
    stock_up(floor);
    int64_t ids[] = {ready(floor, "1", 1, 0, 0), ready(floor, "2", 1, 0, 0)};
    int64_t batch = batch_of(floor, ids, 2, desk->person_id);
    floor_do(floor, (struct event){.kind = EV_BLOCK, .actor = floor->lead, .shipment_id = ids[1], .block = BLOCK_HELD});
    desk_picks_all(desk);
    batch_is(floor, batch, ST_RUNNING);
    desk_say(desk, CMD_PICK, "");
    desk_refuses(desk, ERR_NO_WORK);
    desk_say(desk, CMD_PICK, row_of(floor, batch).number);
    desk_refuses(desk, ERR_BATCH_WAITS);
    g_assert_true(order_unblock(floor->site, floor->lead, ids[1], BLOCK_HELD, NULL, &error));
    desk_picks_all(desk);
    batch_is(floor, batch, ST_DONE);
    desk_close(desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/batches/made", a_lead_makes_batches);
    testdb_add("/batches/ends_with_its_orders", a_batch_ends_with_its_orders);
    testdb_add("/batches/cancelled_while_running", a_running_batch_is_cancelled);
    testdb_add("/batches/14_get_work", s14_get_work);
    testdb_add("/batches/15_somebody_elses", s15_somebody_elses_batch);
    testdb_add("/batches/25_urgent_first", s25_urgent_first);
    testdb_add("/batches/held_keeps_its_batch", a_held_order_keeps_its_batch);
    testdb_add("/batches/26_open_shipments_follow", s26_open_shipments_follow);
    return g_test_run();
}

/* SPDX-License-Identifier: MIT
 *
 * Picking and batches as people do them at stations, on both engines. Numbers are those of the floor's list of scenarios.
 */
#include <glib.h>
#include <string.h>

#include "core/act/batches.h"
#include "core/act/goods.h"
#include "core/act/orders.h"
#include "core/goods/place.h"
#include "core/site/site_setting.h"
#include "tests/support/desk.h"

#define MUG "4710000000017"
#define TEA "4710000000024"
#define PEN "4710000000031"

/* Three products, each in a bin of its own in walking order, 20 of each. */
static void stock_up(struct floor *floor)
{
    static const char *const GOODS[][3] = {{"MUG-RED", MUG, "A-01"}, {"TEA-OOL", TEA, "B-01"}, {"PEN-BLU", PEN, "C-01"}};
    for (int i = 0; i < 3; i++)
        floor_receive(floor, floor_product(floor, GOODS[i][0], GOODS[i][1]), 0, floor_bin(floor, GOODS[i][2], 10 * i + 10),
                      20);
}

static int64_t ready(struct floor *floor, const char *number, int mugs, int teas, int pens)
{
    const struct floor_item all[] = {{"MUG-RED", mugs}, {"TEA-OOL", teas}, {"PEN-BLU", pens}};
    struct floor_item items[3];
    size_t n = 0;
    for (size_t i = 0; i < 3; i++)
        if (all[i].quantity > 0)
            items[n++] = all[i];
    int64_t shipment = floor_order(floor, number, "hct", items, n);
    floor_release(floor, shipment);
    return shipment;
}

static int64_t batch_of(struct floor *floor, const int64_t *shipments, size_t n, int64_t person_id)
{
    GError *error = NULL;
    struct batch_made made;
    struct batch_wish wish = {.actor = floor->lead, .courier = "hct", .person_id = person_id};
    gboolean good = batch_make(floor->site, &wish, shipments, n, &made, &error);
    g_assert_no_error(error);
    g_assert_true(good);
    g_assert_cmpuint(made.joined, ==, n);
    g_assert_cmpuint(made.skipped->len, ==, 0);
    int64_t id = made.batch_id;
    batch_made_clear(&made);
    return id;
}

static struct batch_row row_of(struct floor *floor, int64_t batch_id)
{
    GError *error = NULL;
    struct batch_row row;
    g_assert_cmpint(batch_load(floor->site, batch_id, &row, &error), ==, 1);
    g_assert_no_error(error);
    return row;
}

static void batch_is(struct floor *floor, int64_t batch_id, enum state state)
{
    g_assert_cmpstr(flow_state_name(row_of(floor, batch_id).state), ==, flow_state_name(state));
}

static int64_t picked_of(struct floor *floor, int64_t shipment)
{
    return floor_int(floor, "SELECT CAST(COALESCE(SUM(picked), 0) AS BIGINT) FROM shipment_line WHERE shipment_id = $1",
                     shipment);
}

static void says(const struct desk *desk, const char *word)
{
    if (!strstr(desk->last.text, word))
        g_error("\"%s\" does not say \"%s\"", desk->last.text, word);
}

static void expects(const struct desk *desk, const char *what)
{
    g_assert_cmpstr(desk->last.expect, ==, what);
}

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
    GArray *list = batch_list(floor->site, (struct batch_mark){0, 0}, 100, &error);
    g_assert_cmpuint(list->len, ==, 2); /* the one nothing could join is cancelled */
    GArray *rest = batch_list(floor->site, batch_mark_of(&g_array_index(list, struct batch_row, 0)), 100, &error);
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
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM journal WHERE shipment_id = $1 AND event = 'unbatch'", ids[1]), ==, 1);
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
        says(desk, row_of(floor, order[i]).number);
        desk_does(desk, CMD_BACK, "");
        desk_picks_all(desk);
        batch_is(floor, order[i], ST_DONE);
    }
    desk_does(desk, CMD_PICK, ""); /* then single orders */
    says(desk, "3");
    desk_does(desk, CMD_BACK, "");
    desk_does(desk, CMD_PICK, "5"); /* an own one comes before the free ones */
    desk_scans(desk, "A-01");
    desk_scans(desk, MUG);
    desk_does(desk, CMD_BACK, "");
    desk_does(desk, CMD_PICK, "");
    says(desk, "5");
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
        g_assert_true(db_exec(floor->site->db, floor_sql(sql), DB_ARGS(id), NULL, &error));
        g_free(sql);
        if (strcmp(ORDERS[i].number, "held") == 0)
            floor_do(floor, (struct event){.kind = EV_BLOCK, .actor = floor->lead, .shipment_id = id, .block = BLOCK_HELD});
    }
    for (size_t i = 0; i < G_N_ELEMENTS(WANTED); i++) {
        desk_does(desk, CMD_PICK, "");
        says(desk, WANTED[i]);
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

/* --- the walk ------------------------------------------------------------------------------------------- */

static void s16_walk_order(struct testdb *test)
{
    struct desk *desk = desk_open(test, "handheld-1", "P1", ROLE_PICKER);
    stock_up(desk->floor);
    ready(desk->floor, "1", 1, 1, 1);
    desk_does(desk, CMD_PICK, "1");
    expects(desk, "bin A-01");
    desk_does(desk, CMD_SKIP, "");
    expects(desk, "bin B-01");
    const char *const scans[] = {"B-01", TEA, "C-01", PEN};
    for (size_t i = 0; i < G_N_ELEMENTS(scans); i++)
        desk_scans(desk, scans[i]);
    expects(desk, "bin A-01");
    desk_scans(desk, "A-01");
    desk_scans(desk, MUG);
    g_assert_cmpint(station_step(desk->station), ==, STEP_IDLE);
    desk_close(desk);
}

static void s17_s19_wrong_things_and_counts(struct testdb *test)
{
    struct desk *desk = desk_open(test, "handheld-1", "P1", ROLE_PICKER);
    struct floor *floor = desk->floor;
    stock_up(floor);
    int64_t milk = floor_product_with_lots(floor, "MILK", "4710000000042");
    int64_t bin = floor_bin(floor, "D-01", 90), early = floor_lot(floor, milk, "L-EARLY", 20990101);
    floor_lot(floor, milk, "L-LATE", 20990601);
    floor_receive(floor, milk, early, bin, 3);
    int64_t shipment =
        floor_order(floor, "1", "hct", FLOOR_ITEMS({"MUG-RED", 5}, {"TEA-OOL", 1}, {"MILK", 1}));
    floor_release(floor, shipment);
    desk_does(desk, CMD_PICK, "1");
    desk_scan(desk, MUG);
    desk_refuses(desk, ERR_PICK_BIN);
    desk_scan(desk, "B-01");
    desk_refuses(desk, ERR_PICK_BIN);
    desk_scans(desk, "A-01");
    desk_scan(desk, TEA);
    desk_refuses(desk, ERR_PICK_PRODUCT);
    desk_say(desk, CMD_QUANTITY, "6");
    desk_refuses(desk, ERR_FLOW_QUANTITY);
    g_assert_nonnull(strstr(desk->refusal, "1 to 5"));
    desk_does(desk, CMD_QUANTITY, "3");
    g_assert_cmpint(picked_of(floor, shipment), ==, 3);
    expects(desk, "product MUG-RED"); /* the line of 2 that remains is next */
    desk_say(desk, CMD_QUANTITY, "2");
    desk_refuses(desk, ERR_FLOW_QUANTITY);
    desk_does(desk, CMD_QUANTITY, "5");
    expects(desk, "bin B-01");
    desk_scans(desk, "B-01");
    desk_scans(desk, TEA);
    desk_scans(desk, "D-01");
    desk_scan(desk, "]C10104710000000042" "10L-LATE");
    desk_refuses(desk, ERR_PICK_LOT);
    desk_scan(desk, "L-LATE");
    desk_refuses(desk, ERR_PICK_LOT);
    desk_scans(desk, "]C10104710000000042" "10L-EARLY");
    floor_is(floor, shipment, ST_PICKED);
    desk_close(desk);
}

static void s18_one_tote_one_order(struct testdb *test)
{
    struct desk *desk = desk_open(test, "handheld-1", "P1", ROLE_PICKER);
    struct floor *floor = desk->floor;
    stock_up(floor);
    int64_t ids[] = {ready(floor, "1", 1, 0, 0), ready(floor, "2", 1, 0, 0)};
    batch_of(floor, ids, 2, desk->person_id);
    floor_tote(floor, "T-1"), floor_tote(floor, "T-2");
    desk_does(desk, CMD_PICK, "");
    expects(desk, "an empty tote for slot 1");
    desk_scans(desk, "A-01");
    desk_scan(desk, MUG);
    desk_refuses(desk, ERR_TOTE_FIRST);
    desk_say(desk, CMD_QUANTITY, "1");
    desk_refuses(desk, ERR_TOTE_FIRST);
    desk_scans(desk, "T-1");
    desk_scans(desk, MUG);
    expects(desk, "tote T-1"); /* where it was put is confirmed */
    desk_scan(desk, "T-2");
    desk_refuses(desk, ERR_PICK_TOTE);
    desk_scans(desk, "T-1");
    expects(desk, "an empty tote for slot 2");
    desk_scan(desk, "T-1");
    desk_refuses(desk, ERR_PICK_TOTE);
    desk_scans(desk, "T-2");
    desk_scans(desk, MUG);
    desk_scans(desk, "T-2");
    g_assert_cmpint(station_step(desk->station), ==, STEP_IDLE);
    desk_close(desk);
}

/* --- short ---------------------------------------------------------------------------------------------- */

static int64_t open_counts(struct floor *floor)
{
    return floor_int(floor, "SELECT COUNT(*) FROM count_task WHERE done_at IS NULL", 0);
}

static void s20_s21_short_moves_elsewhere(struct testdb *test)
{
    struct desk *desk = desk_open(test, "handheld-1", "P1", ROLE_PICKER);
    struct floor *floor = desk->floor;
    GError *error = NULL;
    stock_up(floor);
    int64_t mug = floor_int(floor, "SELECT id FROM product WHERE sku = 'MUG-RED'", 0);
    floor_receive(floor, mug, 0, floor_bin(floor, "Z-09", 99), 4);
    int64_t shipment = ready(floor, "1", 5, 0, 0);
    desk_does(desk, CMD_PICK, "1");
    desk_scans(desk, "A-01");
    desk_does(desk, CMD_QUANTITY, "2");
    desk_does(desk, CMD_SHORT, "shelf is empty");
    expects(desk, "bin Z-09");
    g_assert_cmpint(open_counts(floor), ==, 1);
    desk_scans(desk, "Z-09");
    desk_does(desk, CMD_QUANTITY, "3");
    floor_is(floor, shipment, ST_PICKED);
    /* nobody is sent to that bin until it is counted */
    int64_t next = floor_order(floor, "2", "hct", FLOOR_ITEMS({"MUG-RED", 5}));
    g_assert_false(order_release(floor->site, floor->lead, next, &error));
    g_assert_error(error, ERR, ERR_SHORT_STOCK);
    g_clear_error(&error);
    struct goods_done done;
    struct goods_act count = {.kind = GOODS_COUNT, .sku = "MUG-RED", .from = "A-01", .quantity = 6};
    g_assert_true(goods_act(floor->site, floor->lead, &count, &done, &error));
    g_assert_no_error(error);
    g_assert_cmpint(done.change, ==, 6 - 18);
    g_assert_cmpuint(done.waiting.released, ==, 1);
    g_assert_cmpint(open_counts(floor), ==, 0);
    floor_is(floor, next, ST_READY);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM block WHERE cleared_at IS NULL", 0), ==, 0);
    desk_close(desk);
}

/* Counted lower than what was promised from there: the least urgent go elsewhere or wait, the urgent keep theirs. */
static void a_count_below_what_is_promised(struct testdb *test)
{
    struct floor *floor = floor_open(test, "lead");
    GError *error = NULL;
    stock_up(floor);
    int64_t mug = floor_int(floor, "SELECT id FROM product WHERE sku = 'MUG-RED'", 0), ids[4];
    for (int i = 0; i < 4; i++) {
        char number[8];
        g_snprintf(number, sizeof number, "%d", i);
        ids[i] = ready(floor, number, 5, 0, 0);
    }
    int64_t far = floor_bin(floor, "Z-09", 99);
    floor_receive(floor, mug, 0, far, 6);
    struct goods_done done;
    struct goods_act count = {.kind = GOODS_COUNT, .sku = "MUG-RED", .from = "A-01", .quantity = 7};
    gboolean good = goods_act(floor->site, floor->lead, &count, &done, &error);
    g_assert_no_error(error);
    g_assert_true(good);
    g_assert_cmpint(done.change, ==, -13);
    g_assert_cmpuint(done.moved, ==, 3);
    g_assert_cmpint(open_counts(floor), ==, 0);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM pick_task t JOIN location l ON l.id = t.location_id "
                                     "WHERE t.shipment_id = $1 AND t.open = 1 AND l.code = 'A-01'",
                              ids[0]),
                    ==, 1);
    g_assert_cmpint(floor_int(floor, "SELECT reserved FROM stock WHERE location_id = $1", far), >=, 5);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(DISTINCT shipment_id) FROM pick_task WHERE open = 1", 0), ==, 2);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM block WHERE kind = 'short' AND cleared_at IS NULL", 0), ==, 2);
    floor_close(floor);
}

/* Nowhere else to be had: the batch ends without it, and it is handed out again when goods have come. */
static void what_is_short_waits_outside_its_batch(struct testdb *test)
{
    struct desk *desk = desk_open(test, "handheld-1", "P1", ROLE_PICKER);
    struct floor *floor = desk->floor;
    GError *error = NULL;
    stock_up(floor);
    int64_t ids[] = {ready(floor, "1", 0, 20, 0), ready(floor, "2", 1, 0, 0)};
    int64_t batch = batch_of(floor, ids, 2, desk->person_id);
    floor_tote(floor, "T-1"), floor_tote(floor, "T-2");
    desk_does(desk, CMD_PICK, "");
    const char *const scans[] = {"T-2", "A-01", MUG, "T-2", "T-1", "B-01"};
    for (size_t i = 0; i < G_N_ELEMENTS(scans); i++)
        desk_scans(desk, scans[i]);
    desk_does(desk, CMD_QUANTITY, "12");
    desk_does(desk, CMD_SHORT, "empty");
    says(desk, "waits");
    g_assert_cmpint(station_step(desk->station), ==, STEP_IDLE);
    batch_is(floor, batch, ST_DONE);
    floor_is(floor, ids[0], ST_PICKING);
    desk_say(desk, CMD_PICK, "");
    desk_refuses(desk, ERR_NO_WORK);
    floor_bin(floor, "B-02", 21);
    struct goods_done done;
    struct goods_act come = {.kind = GOODS_RECEIVE, .sku = "TEA-OOL", .to = "B-02", .quantity = 50, .reason = "came"};
    g_assert_true(goods_act(floor->site, floor->lead, &come, &done, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(done.waiting.released, ==, 1);
    desk_does(desk, CMD_PICK, "");
    expects(desk, "bin B-02");
    desk_scans(desk, "B-02");
    desk_does(desk, CMD_QUANTITY, "8");
    floor_is(floor, ids[0], ST_PICKED);
    desk_close(desk);
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

/* --- paper ---------------------------------------------------------------------------------------------- */

static void a_paper_list(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench-1", "P1", ROLE_PICKER);
    struct floor *floor = desk->floor;
    stock_up(floor);
    int64_t ids[] = {ready(floor, "1", 4, 1, 0), ready(floor, "2", 0, 0, 4)};
    int64_t batch = batch_of(floor, ids, 2, desk->person_id);
    desk_scan(desk, row_of(floor, batch).number);
    desk_does(desk, CMD_PAPER, "");
    desk_scan(desk, PEN);
    desk_asks(desk);
    expects(desk, "the count");
    desk_say(desk, CMD_QUANTITY, "5");
    desk_refuses(desk, ERR_FLOW_QUANTITY);
    desk_does(desk, CMD_QUANTITY, "4");
    floor_is(floor, ids[1], ST_PICKED);
    desk_scans(desk, TEA); /* one wanted: the scan is the count */
    desk_scan(desk, TEA);
    desk_refuses(desk, ERR_PICK_PRODUCT);
    desk_scan(desk, MUG);
    desk_asks(desk);
    desk_does(desk, CMD_QUANTITY, "2");
    desk_scan(desk, MUG);
    desk_does(desk, CMD_SHORT, "only two"); /* the bin is to be counted, no other has any */
    floor_is(floor, ids[0], ST_PICKING);
    g_assert_cmpint(picked_of(floor, ids[0]), ==, 3);
    g_assert_cmpint(open_counts(floor), ==, 1);
    batch_is(floor, batch, ST_DONE);
    desk_close(desk);
}

static void the_whole_list_at_once(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench-1", "P1", ROLE_PICKER);
    struct floor *floor = desk->floor;
    GError *error = NULL;
    stock_up(floor);
    int64_t ids[] = {ready(floor, "1", 3, 1, 0), ready(floor, "2", 0, 0, 4)};
    int64_t batch = batch_of(floor, ids, 2, desk->person_id);
    desk_does(desk, CMD_PICK, "");
    desk_does(desk, CMD_PAPER, "");
    desk_say(desk, CMD_WHOLE, "");
    desk_refuses(desk, ERR_SCAN_NOT_NOW);
    g_assert_true(site_setting_set(floor->site, &floor->system, "pick_list_whole", "1", &error));
    desk_does(desk, CMD_WHOLE, "");
    batch_is(floor, batch, ST_DONE);
    floor_is(floor, ids[0], ST_PICKED);
    floor_is(floor, ids[1], ST_PICKED);
    desk_close(desk);
}

/* --- undo ----------------------------------------------------------------------------------------------- */

static void undo_while_picking(struct testdb *test)
{
    struct desk *desk = desk_open(test, "handheld-1", "P1", ROLE_PICKER);
    struct floor *floor = desk->floor;
    stock_up(floor);
    int64_t shipment = ready(floor, "1", 2, 0, 0), batch = batch_of(floor, &shipment, 1, desk->person_id);
    int64_t bin = floor_int(floor, "SELECT id FROM location WHERE code = 'A-01'", 0);
    desk_does(desk, CMD_PICK, "");
    desk_say(desk, CMD_UNDO, "");
    desk_refuses(desk, ERR_UNDO_NOTHING);
    desk_scans(desk, "A-01");
    desk_scans(desk, MUG);
    desk_does(desk, CMD_UNDO, "");
    g_assert_cmpint(picked_of(floor, shipment), ==, 0);
    g_assert_cmpint(floor_int(floor, "SELECT on_hand FROM stock WHERE location_id = $1", bin), ==, 20);
    g_assert_cmpint(floor_int(floor, "SELECT reserved FROM stock WHERE location_id = $1", bin), ==, 2);
    desk_say(desk, CMD_UNDO, "");
    desk_refuses(desk, ERR_UNDO_NOTHING);
    desk_does(desk, CMD_QUANTITY, "2");
    batch_is(floor, batch, ST_DONE);
    floor_is(floor, shipment, ST_PICKED);
    desk_does(desk, CMD_UNDO, ""); /* the last pick too: the batch runs again and the station is back at it */
    batch_is(floor, batch, ST_RUNNING);
    floor_is(floor, shipment, ST_PICKING);
    g_assert_cmpint(station_step(desk->station), ==, STEP_PICK);
    expects(desk, "bin A-01");
    desk_scans(desk, "A-01");
    desk_does(desk, CMD_QUANTITY, "2");
    batch_is(floor, batch, ST_DONE);
    desk_close(desk);
}

/* --- split, cancelled lines ----------------------------------------------------------------------------- */

static int64_t line_of(struct floor *floor, int64_t shipment, const char *sku)
{
    char *sql = g_strdup_printf("SELECT l.id FROM shipment_line l JOIN product p ON p.id = l.product_id "
                                "WHERE l.shipment_id = $1 AND p.sku = '%s'",
                                sku);
    int64_t id = floor_int(floor, sql, shipment);
    g_free(sql);
    return id;
}

static int64_t parcels_in(struct floor *floor, int64_t shipment, enum state state)
{
    char *sql = g_strdup_printf("SELECT COUNT(*) FROM parcel WHERE shipment_id = $1 AND state = '%s'", flow_state_name(state));
    int64_t count = floor_int(floor, sql, shipment);
    g_free(sql);
    return count;
}

static void s10_s11_s13_a_lead_closes_as_a_split(struct testdb *test)
{
    struct desk *packer = desk_open(test, "bench-1", "K1", ROLE_PACKER);
    struct desk *lead = desk_open(test, "desk-1", "L1", ROLE_LEAD);
    struct floor *floor = packer->floor;
    stock_up(floor);
    int64_t shipment = ready(floor, "1", 3, 1, 0);
    floor_pick_all(floor, shipment);
    desk_does(packer, CMD_PACK, "1");
    desk_scans(packer, MUG);
    desk_scans(packer, MUG);
    desk_say(packer, CMD_CLOSE, "");
    desk_refuses(packer, ERR_PACK_INCOMPLETE);
    desk_say(packer, CMD_SPLIT, "");
    desk_refuses(packer, ERR_FLOW_RIGHT);
    desk_say(packer, CMD_SPLIT, "K1 " DESK_PIN);
    g_assert_cmpint(packer->last.kind, ==, ANSWER_REFUSED);
    desk_say(packer, CMD_DISMISS, "");
    desk_does(packer, CMD_SPLIT, "L1 " DESK_PIN);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM journal WHERE event = 'close-split' AND approver_id IS NOT NULL "
                                     "AND code = 0 AND shipment_id = $1",
                              shipment),
                    >=, 1);
    floor_is(floor, shipment, ST_PACKING);
    g_assert_cmpint(parcels_in(floor, shipment, ST_PACKED), ==, 1);
    char *waybill = floor_text(floor, "SELECT w.number FROM waybill w JOIN parcel p ON p.id = w.parcel_id "
                                      "WHERE p.shipment_id = $1 AND p.number = 1",
                               shipment);
    desk_scans(packer, waybill);
    g_free(waybill);
    desk_scans(packer, MUG); /* 11: the rest of the line, then the line that was at zero */
    desk_scans(packer, TEA);
    floor_is(floor, shipment, ST_PACKED);
    g_assert_cmpint(parcels_in(floor, shipment, ST_LABELLED), ==, 1);
    g_assert_cmpint(parcels_in(floor, shipment, ST_PACKED), ==, 1);
    g_assert_cmpint(floor_int(floor, "SELECT CAST(SUM(pl.quantity) AS BIGINT) FROM parcel_line pl JOIN parcel p ON "
                                     "p.id = pl.parcel_id WHERE p.shipment_id = $1 AND p.number = 1",
                              shipment),
                    ==, 2);
    desk_close(lead);
    desk_close(packer);
}

static void s12_a_packed_line_is_cancelled(struct testdb *test)
{
    struct floor *floor = floor_open(test, "lead");
    stock_up(floor);
    int64_t shipment = ready(floor, "1", 2, 1, 0);
    floor_pick_all(floor, shipment);
    int64_t mug = line_of(floor, shipment, "MUG-RED"), tea = line_of(floor, shipment, "TEA-OOL");
    floor_do(floor, (struct event){.kind = EV_PACK, .actor = floor->packer, .shipment_id = shipment, .line_id = mug,
                                   .quantity = 2});
    struct event cancel = {.kind = EV_CANCEL_LINE, .actor = floor->lead, .shipment_id = shipment, .line_id = mug,
                           .reason = "out of print"};
    floor_do(floor, cancel);
    floor_is(floor, shipment, ST_PICKED);
    g_assert_cmpint(floor_int(floor, "SELECT packed + picked FROM shipment_line WHERE id = $1", mug), ==, 0);
    g_assert_cmpint(floor_int(floor, "SELECT CAST(COALESCE(SUM(quantity), 0) AS BIGINT) FROM parcel_line WHERE line_id = $1",
                              mug),
                    ==, 0);
    g_assert_cmpint(floor_int(floor, "SELECT CAST(SUM(on_hand) AS BIGINT) FROM stock WHERE location_id = $1",
                              floor->site->bench_id),
                    ==, 3);
    floor_refused(floor, cancel, ERR_FLOW_STATE);
    cancel.line_id = tea; /* the last one: nothing is left to send */
    floor_do(floor, cancel);
    floor_is(floor, shipment, ST_CANCELLED);
    g_assert_cmpint(parcels_in(floor, shipment, ST_OPEN), ==, 0);
    floor_close(floor);
}

/* In a split, the rest is cancelled: what is boxed goes on alone; what left stays what it was. */
static void the_rest_of_a_split_is_cancelled(struct testdb *test)
{
    struct floor *floor = floor_open(test, "lead");
    stock_up(floor);
    int64_t shipment = ready(floor, "1", 1, 1, 0);
    floor_pick_all(floor, shipment);
    int64_t mug = line_of(floor, shipment, "MUG-RED"), tea = line_of(floor, shipment, "TEA-OOL");
    floor_do(floor, (struct event){.kind = EV_PACK, .actor = floor->packer, .shipment_id = shipment, .line_id = mug,
                                   .quantity = 1});
    floor_do(floor, (struct event){.kind = EV_CLOSE_SPLIT, .actor = floor->lead, .shipment_id = shipment});
    floor_apply_label(floor, shipment);
    floor_is(floor, shipment, ST_PACKING);
    struct event cancel = {.kind = EV_CANCEL_LINE, .actor = floor->lead, .shipment_id = shipment, .line_id = mug,
                           .reason = "test"};
    floor_refused(floor, cancel, ERR_FLOW_STATE);
    cancel.line_id = tea;
    floor_do(floor, cancel);
    floor_is(floor, shipment, ST_LABELLED);
    floor_close(floor);
}

/* --- two people at once --------------------------------------------------------------------------------- */

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

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/batches/made", a_lead_makes_batches);
    testdb_add("/batches/ends_with_its_orders", a_batch_ends_with_its_orders);
    testdb_add("/batches/cancelled_while_running", a_running_batch_is_cancelled);
    testdb_add("/batches/14_get_work", s14_get_work);
    testdb_add("/batches/15_somebody_elses", s15_somebody_elses_batch);
    testdb_add("/batches/25_urgent_first", s25_urgent_first);
    testdb_add("/batches/16_walk_order", s16_walk_order);
    testdb_add("/batches/17_19_wrong_things_and_counts", s17_s19_wrong_things_and_counts);
    testdb_add("/batches/18_one_tote_one_order", s18_one_tote_one_order);
    testdb_add("/batches/20_21_short_moves_elsewhere", s20_s21_short_moves_elsewhere);
    testdb_add("/batches/20_count_below_promises", a_count_below_what_is_promised);
    testdb_add("/batches/short_waits_outside", what_is_short_waits_outside_its_batch);
    testdb_add("/batches/held_keeps_its_batch", a_held_order_keeps_its_batch);
    testdb_add("/batches/26_open_shipments_follow", s26_open_shipments_follow);
    testdb_add("/batches/paper_list", a_paper_list);
    testdb_add("/batches/whole_list", the_whole_list_at_once);
    testdb_add("/batches/undo", undo_while_picking);
    testdb_add("/batches/10_11_13_split", s10_s11_s13_a_lead_closes_as_a_split);
    testdb_add("/batches/12_line_cancelled", s12_a_packed_line_is_cancelled);
    testdb_add("/batches/rest_of_a_split_cancelled", the_rest_of_a_split_is_cancelled);
    testdb_add("/batches/22_the_second_is_told", s22_the_second_is_told);
    testdb_add("/batches/22_last_unit_at_once", s22_the_last_unit_at_once);
    testdb_add("/batches/work_handed_out_once", work_is_handed_out_once);
    testdb_add("/batches/finished_by_two", a_batch_is_finished_by_two);
    testdb_add("/batches/nobody_waits_in_a_ring", nobody_waits_in_a_ring);
    return g_test_run();
}

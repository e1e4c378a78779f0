/* SPDX-License-Identifier: MIT
 *
 * What events see of each other: of those that are applied together, of one that was refused before, and of what
 * changed beside a dossier that is kept. On both engines.
 */
#include <glib.h>
#include <string.h>

#include "core/apply/apply.h"
#include "core/code/courier.h"
#include "core/db/db.h"
#include "core/apply/load.h"
#include "core/site/site_setting.h"
#include "core/waybill/range.h"
#include "tests/support/boxes.h"

/* Applies events together; a failure ends the test. */
static void together(struct floor *floor, struct event *events, size_t n, struct outcome *outcomes)
{
    GError *error = NULL;
    for (size_t i = 0; i < n; i++)
        events[i].key = flow_key(floor->site);
    flow_apply(floor->site, events, n, outcomes, &error);
    g_assert_no_error(error);
}

static int64_t goods(struct floor *floor, const char *sku, const char *bin, int quantity)
{
    int64_t product = floor_product(floor, sku, NULL), place = floor_bin(floor, bin, 1);
    if (quantity > 0)
        floor_receive(floor, product, 0, place, quantity);
    return product;
}

/* --- events that are applied together ------------------------------------------------------------------- */

/* A new address is looked at by the release that follows its change. */
static void a_change_is_seen_by_the_next(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    goods(floor, "MUG", "A-01", 5);
    int64_t shipment = floor_order(floor, "1", "hct", FLOOR_ITEMS({"MUG", 2}));
    testdb_script(floor->site->db, "INSERT INTO recipient (id, name, phone, postcode, county, district, address) "
                                   "VALUES (77, '林', '0900000124', '407', '臺中市', '西屯區', '市政路1號')");
    struct event events[] = {
        {.kind = EV_CHANGE, .actor = floor->system, .shipment_id = shipment, .recipient_id = 77},
        by_lead(floor, EV_RELEASE, shipment),
    };
    struct outcome outcomes[2];
    together(floor, events, 2, outcomes);
    g_assert_cmpstr(outcomes[1].text, ==, "");
    floor_is(floor, shipment, ST_READY);
    floor_close(floor);
}

/* What a receipt brings lies there once. */
static void a_receipt_is_seen_once(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t mug = goods(floor, "MUG", "A-01", 1);
    int64_t many = floor_order(floor, "1", "hct", FLOOR_ITEMS({"MUG", 6}));
    int64_t one = floor_order(floor, "2", "hct", FLOOR_ITEMS({"MUG", 1}));
    struct event events[] = {
        {.kind = EV_RECEIVE, .actor = floor->lead, .product_id = mug, .quantity = 5, .reason = "test",
         .to_id = floor_int(floor, "SELECT id FROM location WHERE code = 'A-01'", 0)},
        by_lead(floor, EV_RELEASE, many),
        by_lead(floor, EV_RELEASE, one),
    };
    struct outcome outcomes[3];
    together(floor, events, 3, outcomes);
    g_assert_cmpint(outcomes[1].verdict, ==, VERDICT_DONE);
    g_assert_cmpint(outcomes[2].code, ==, ERR_SHORT_STOCK);
    floor_close(floor);
}

/* What was picked can be packed, by its lot. */
static void a_pick_is_seen_by_who_packs(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t milk = floor_product_with_lots(floor, "MILK", NULL), lot = floor_lot(floor, milk, "L1", 20990101);
    floor_receive(floor, milk, lot, floor_bin(floor, "A-01", 1), 1);
    int64_t shipment = floor_order(floor, "1", "hct", FLOOR_ITEMS({"MILK", 1}));
    floor_release(floor, shipment);
    struct event events[] = {
        {.kind = EV_PICK, .actor = floor->picker, .shipment_id = shipment, .quantity = 1,
         .task_id = floor_int(floor, "SELECT id FROM pick_task", 0)},
        pack(floor, shipment, line_at(floor, shipment, 0), 1),
    };
    struct outcome outcomes[2];
    events[1].lot_id = lot;
    together(floor, events, 2, outcomes);
    g_assert_cmpstr(outcomes[1].text, ==, "");
    floor_is(floor, shipment, ST_PACKING);
    floor_close(floor);
}

/* The range comes to a number that another order of the same run had brought: that order's paper is not touched, and
 * neither is its history (which floor_close() looks at). */
static void a_brought_number_is_stepped_over(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t first = picked(floor, "1"), second = picked(floor, "2");
    GError *error = NULL;
    g_autofree char *next = courier_make_number(couriers_get(floor->site->couriers, "hct"), "",
                                                (int)floor_int(floor, "SELECT width FROM waybill_range", 0),
                                                floor_int(floor, "SELECT next FROM waybill_range", 0), &error);
    g_assert_no_error(error);
    g_autofree char *brought =
        g_strdup_printf("UPDATE sales_order SET waybill_number = '%s' WHERE external_id = '1'", next);
    testdb_script(floor->site->db, brought);
    struct event events[] = {by_lead(floor, EV_PRINT_AHEAD, first), by_lead(floor, EV_PRINT_AHEAD, second)};
    struct outcome outcomes[2];
    together(floor, events, 2, outcomes);
    g_assert_cmpint(outcomes[1].verdict, ==, VERDICT_DONE);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM waybill WHERE range_id IS NOT NULL", 0), ==, 2);
    floor_close(floor);
}

static gboolean looks_again_and_again(struct db *db, void *data, GError **error)
{
    struct floor *floor = data;
    const struct event ahead = by_lead(floor, EV_PRINT_AHEAD, floor_int(floor, "SELECT id FROM shipment", 0));
    g_autoptr(dossier) dossier = dossier_new();
    int64_t looked = 0;
    (void)db;
    for (int i = 0; i < 6; i++) {
        if (!dossier_load(dossier, floor->site, &ahead, 1, i ? NEED_NUMBERS : flow_needs(EV_PRINT_AHEAD), error))
            return FALSE;
        const struct number_range *range = number_range_first(dossier, 0);
        g_assert_cmpint(range->looked_to - range->next, >=, 2 * looked);
        looked = range->looked_to - range->next;
    }
    return TRUE;
}

/* Many numbers of a range may have been brought by orders: it is not looked through in small steps. */
static void a_range_is_looked_through_in_growing_steps(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    GError *error = NULL;
    picked(floor, "1");
    db_transaction(floor->site->db, looks_again_and_again, floor, &error);
    g_assert_no_error(error);
    floor_close(floor);
}

static gboolean add_list(struct db *db, void *data, GError **error)
{
    static const char *const NUMBERS[] = {"905112345678", "905112345689", "905112345690"};
    struct floor *floor = data;
    gboolean added;
    (void)db;
    int64_t list_id = range_list(floor->site, "tcat", "ordinary", error);
    for (size_t i = 0; list_id && i < G_N_ELEMENTS(NUMBERS); i++)
        if (!range_list_add(floor->site, list_id, NUMBERS[i], &added, error))
            return FALSE;
    return list_id != 0;
}

/* A number that a refused event had in its hand goes to a box whose old label is void before the new one is on it. */
static void a_refused_number_goes_to_the_next(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    GError *error = NULL;
    db_transaction(floor->site->db, add_list, floor, &error);
    g_assert_no_error(error);
    int64_t refused = picked(floor, "1"), renewed = picked(floor, "2");
    floor->by_hand = TRUE;
    testdb_script(floor->site->db, "UPDATE shipment SET courier = 'tcat'");
    floor_do(floor, by_lead(floor, EV_PRINT_AHEAD, renewed));
    struct event events[] = {by_lead(floor, EV_PRINT_AHEAD, refused), by_lead(floor, EV_RENEW, renewed)};
    events[0].run_id = 99; /* there is none */
    events[0].printer_id = floor->printer_id;
    struct outcome outcomes[2];
    together(floor, events, 2, outcomes);
    g_assert_cmpint(outcomes[0].code, ==, ERR_FLOW_UNKNOWN);
    g_assert_cmpint(outcomes[1].verdict, ==, VERDICT_DONE);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM waybill WHERE state = 'free'", 0), ==, 1);
    floor_close(floor);
}

/* A range whose numbers can't be made any more refuses whom they come to, and nobody else. */
static void a_broken_range_refuses_its_own(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t first = picked(floor, "1"), second = picked(floor, "2");
    testdb_script(floor->site->db, "UPDATE waybill_range SET prefix = '123456789012'");
    struct event events[] = {by_lead(floor, EV_PRINT_AHEAD, first), by_lead(floor, EV_BLOCK, second)};
    events[1].block = BLOCK_HELD;
    struct outcome outcomes[2];
    together(floor, events, 2, outcomes);
    g_assert_cmpint(outcomes[0].code, ==, ERR_NUMBER_MAKE);
    g_assert_cmpint(outcomes[1].verdict, ==, VERDICT_DONE);
    floor_close(floor);
}

/* What managers set while a dossier is loaded bit by bit: who acts was read before, so the event is to be judged anew. */
static void the_first_facts_count(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    const struct event print = {.kind = EV_PRINT, .actor = floor->lead};
    GError *error = NULL;
    g_autoptr(dossier) dossier = dossier_new();
    dossier_load(dossier, floor->site, &print, 1, flow_needs(EV_PRINT), &error);
    int64_t before = dossier_facts(dossier);
    site_setting_set(floor->site, &floor->lead, "slip_with_waybill", "1", &error);
    dossier_load(dossier, floor->site, &print, 1, NEED_PRINTERS, &error);
    g_assert_no_error(error);
    g_assert_cmpint(dossier_facts(dossier), ==, before);
    floor_close(floor);
}

/* --- what is not in a dossier --------------------------------------------------------------------------- */

/* The refusal names the place, although the product never lay there. */
static void an_empty_place_is_named(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t mug = goods(floor, "MUG", "A-01", 5), tote = floor_tote(floor, "T-7");
    struct event move = {.kind = EV_MOVE, .actor = floor->lead, .product_id = mug, .quantity = 1,
                         .from_id = floor_bin(floor, "B-09", 9),
                         .to_id = floor_int(floor, "SELECT id FROM location WHERE code = 'A-01'", 0)};
    struct outcome outcome = floor_apply(floor, move);
    g_assert_cmpint(outcome.code, ==, ERR_STOCK_NEGATIVE);
    g_assert_nonnull(strstr(outcome.text, "B-09"));
    int64_t shipment = floor_order(floor, "1", "hct", FLOOR_ITEMS({"MUG", 2}));
    floor_release(floor, shipment);
    floor_pick_all(floor, shipment);
    outcome = floor_apply(floor, (struct event){.kind = EV_UNPICK, .actor = floor->picker, .shipment_id = shipment,
                                                .quantity = 1, .tote_id = tote,
                                                .task_id = floor_int(floor, "SELECT id FROM pick_task", 0)});
    g_assert_cmpint(outcome.code, ==, ERR_STOCK_NEGATIVE);
    g_assert_nonnull(strstr(outcome.text, "T-7"));
    floor_close(floor);
}

/* Goods of a second lot, picked into a tote that the kept dossier had not heard of, count as what the shipment has. */
static void a_fresh_tote_holds_goods(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t milk = floor_product_with_lots(floor, "MILK", NULL), bin = floor_bin(floor, "A-01", 1);
    int64_t early = floor_lot(floor, milk, "L1", 20990101), late = floor_lot(floor, milk, "L2", 20990201);
    floor_receive(floor, milk, early, bin, 1), floor_receive(floor, milk, late, bin, 1);
    goods(floor, "TEA", "A-02", 5);
    int64_t tote = floor_tote(floor, "T-7");
    int64_t shipment = floor_order(floor, "1", "hct", FLOOR_ITEMS({"MILK", 2}, {"TEA", 1}));
    int64_t line = line_at(floor, shipment, 0);
    floor_release(floor, shipment);
    struct event pick = {.kind = EV_PICK, .actor = floor->lead, .shipment_id = shipment, .quantity = 1};
    pick.task_id = floor_int(floor, "SELECT id FROM pick_task WHERE lot_id = $1", early);
    floor_do(floor, pick);
    struct event cancel = by_lead(floor, EV_CANCEL_LINE, shipment);
    cancel.line_id = line_at(floor, shipment, 1);
    floor_do(floor, cancel);
    pick.key = 0;
    pick.task_id = floor_int(floor, "SELECT id FROM pick_task WHERE lot_id = $1", late);
    pick.tote_id = tote;
    floor_do(floor, pick);
    struct event count = pack(floor, shipment, line, 1);
    count.actor = floor->lead; /* one person at one station: the dossier is kept */
    floor_refused(floor, count, ERR_PACK_LOT);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/dossier/a_change_is_seen_by_the_next", a_change_is_seen_by_the_next);
    testdb_add("/dossier/a_receipt_is_seen_once", a_receipt_is_seen_once);
    testdb_add("/dossier/a_pick_is_seen_by_who_packs", a_pick_is_seen_by_who_packs);
    testdb_add("/dossier/a_brought_number_is_stepped_over", a_brought_number_is_stepped_over);
    testdb_add("/dossier/a_range_is_looked_through_in_growing_steps", a_range_is_looked_through_in_growing_steps);
    testdb_add("/dossier/a_refused_number_goes_to_the_next", a_refused_number_goes_to_the_next);
    testdb_add("/dossier/a_broken_range_refuses_its_own", a_broken_range_refuses_its_own);
    testdb_add("/dossier/the_first_facts_count", the_first_facts_count);
    testdb_add("/dossier/an_empty_place_is_named", an_empty_place_is_named);
    testdb_add("/dossier/a_fresh_tote_holds_goods", a_fresh_tote_holds_goods);
    return g_test_run();
}

/* SPDX-License-Identifier: MIT
 *
 * A lead's badge and PIN at a packer's station: what it approves, which bars it closes, by scans alone and typed, and
 * what it leaves alone. On both engines.
 */
#include <glib.h>
#include <string.h>

#include "core/code/code.h"
#include "tests/support/desk.h"

#define MUG "4710000000017"
#define TEA "4710000000024"
#define LEAD_PIN DESK_PIN

static struct desk *bench(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench 1", "9001", ROLE_PACKER);
    struct desk *lead = desk_open(test, "office", "8001", ROLE_LEAD);
    floor_receive(desk->floor, floor_product(desk->floor, "MUG", MUG), 0, floor_bin(desk->floor, "A-01", 1), 50);
    floor_receive(desk->floor, floor_product(desk->floor, "TEA", TEA), 0, floor_bin(desk->floor, "A-02", 2), 50);
    desk_close(lead);
    return desk;
}

static int64_t order(struct desk *desk, const char *number, int mugs, gboolean picked)
{
    int64_t shipment = floor_order(desk->floor, number, "hct", FLOOR_ITEMS({"MUG", mugs}));
    floor_release(desk->floor, shipment);
    if (picked)
        floor_pick_all(desk->floor, shipment);
    return shipment;
}

/* Badge, the digits of the PIN, and "yes": nothing is typed. */
static void lead_scans(struct desk *desk, const char *badge, const char *pin)
{
    desk_scan(desk, badge);
    desk_asks(desk);
    g_assert_cmpstr(desk->last.expect, ==, "the lead's PIN");
    for (; *pin; pin++) {
        desk_card(desk, (enum card)(CARD_0 + (*pin - '0')));
        desk_asks(desk);
    }
    desk_card(desk, CARD_CONFIRM);
}

static gboolean is_barred(struct desk *desk)
{
    struct station_view view;
    g_assert_true(station_view_load(desk->station, &view, NULL));
    gboolean barred = view.barred;
    station_view_clear(&view);
    return barred;
}

static void a_wrong_scan(struct desk *desk)
{
    desk_scan(desk, "4719999999999");
    g_assert_cmpint(desk->last.kind, ==, ANSWER_REFUSED);
    g_assert_true(is_barred(desk));
}

static int64_t closings(struct desk *desk)
{
    return floor_int(desk->floor, "SELECT COUNT(*) FROM journal j JOIN person p ON p.id = j.person_id JOIN person l ON "
                                  "l.id = j.approver_id WHERE j.event = 'note' AND j.code = 0 AND p.badge = '9001' AND "
                                  "l.badge = '8001' AND j.detail LIKE 'bar PL-%'", 0);
}

/* Where the packer stands does not matter, and the packer goes on there as the same person. */
static void closes_the_bar_at_every_step(struct testdb *test)
{
    struct desk *desk = bench(test);
    int64_t shipment = order(desk, "1042", 2, FALSE);
    struct actor packer = station_actor(desk->station);
    const enum step STEPS[] = {STEP_IDLE, STEP_PICK, STEP_PACK, STEP_LABEL, STEP_DOCK};
    for (size_t i = 0; i < G_N_ELEMENTS(STEPS); i++) {
        g_assert_cmpint(station_step(desk->station), ==, STEPS[i]);
        a_wrong_scan(desk);
        lead_scans(desk, "8001", LEAD_PIN);
        g_assert_cmpint(desk->last.kind, ==, ANSWER_OK);
        g_assert_false(is_barred(desk));
        g_assert_cmpint(station_step(desk->station), ==, STEPS[i]);
        g_assert_cmpint(closings(desk), ==, (int64_t)i + 1);
        if (STEPS[i] == STEP_IDLE) {
            desk_scans(desk, "1042");
        } else if (STEPS[i] == STEP_PICK) {
            desk->floor->picker = packer; /* nobody else may: it is the desk's work */
            floor_pick_all(desk->floor, shipment);
            desk_does(desk, CMD_PACK, "1042");
            desk_scans(desk, MUG);
        } else if (STEPS[i] == STEP_PACK) {
            desk_scans(desk, MUG);
        } else if (STEPS[i] == STEP_LABEL) {
            desk_does(desk, CMD_DOCK, "hct");
        }
    }
    g_assert_cmpint(station_actor(desk->station).person_id, ==, packer.person_id);
    g_assert_cmpint(station_actor(desk->station).approver_id, ==, 0);
    desk_close(desk);
}

/* The last scan can still be undone, and what was not counted is forgotten with the bar. */
static void the_work_goes_on_as_it_was(struct testdb *test)
{
    struct desk *desk = bench(test);
    int64_t shipment = order(desk, "1042", 3, TRUE);
    desk_scans(desk, "1042");
    desk_scans(desk, MUG);
    a_wrong_scan(desk);
    g_assert_cmpint(desk_scan(desk, TEA)->not_counted, ==, 1);
    lead_scans(desk, "8001", LEAD_PIN);
    a_wrong_scan(desk);
    g_assert_cmpint(desk->last.not_counted, ==, 0);
    desk_say(desk, CMD_APPROVE, "8001 " LEAD_PIN);
    g_assert_cmpint(desk->last.kind, ==, ANSWER_OK);
    desk_does(desk, CMD_UNDO, "");
    g_assert_cmpint(floor_packed(desk->floor, shipment), ==, 0);
    desk_close(desk);
}

/* A wrong PIN, somebody else's badge, yes without figures: the bar stands. The right thing still closes it. */
static void others_do_not(struct testdb *test)
{
    struct desk *desk = bench(test);
    order(desk, "1042", 3, TRUE);
    desk_scans(desk, "1042");
    a_wrong_scan(desk);
    g_assert_cmpint(desk_scan(desk, TEA)->kind, ==, ANSWER_IGNORED);
    g_assert_cmpint(desk_scan(desk, "9001")->kind, ==, ANSWER_IGNORED); /* a packer's */
    g_assert_cmpint(desk_card(desk, CARD_CONFIRM)->kind, ==, ANSWER_IGNORED);
    g_assert_cmpint(desk->last.not_counted, ==, 3);
    lead_scans(desk, "8001", "135791");
    g_assert_cmpint(desk->last.kind, ==, ANSWER_REFUSED);
    g_assert_cmpint(desk->last.code, ==, ERR_LOGIN);
    g_assert_cmpint(desk->last.not_counted, ==, 3); /* goes on counting */
    desk_scan(desk, "8001");
    desk_asks(desk);
    desk_card(desk, CARD_CANCEL);
    g_assert_cmpint(desk_card(desk, CARD_0 + 2)->kind, ==, ANSWER_IGNORED); /* no PIN is awaited any more */
    g_assert_true(is_barred(desk));
    g_assert_cmpint(closings(desk), ==, 0);
    desk_scan(desk, "8001");
    desk_asks(desk);
    desk_scans(desk, MUG); /* no PIN, though figures: it is the right thing */
    g_assert_false(is_barred(desk));
    desk_say(desk, CMD_APPROVE, "8001 " LEAD_PIN);
    desk_refuses(desk, ERR_SCAN_NOT_NOW); /* there is nothing to approve */
    desk_close(desk);
}

/* Typed after the badge, and nowhere written: not the right one, not a wrong one, not one that was on its way. */
static void a_pin_is_written_nowhere(struct testdb *test)
{
    struct desk *desk = bench(test);
    GError *error = NULL;
    order(desk, "1042", 3, TRUE);
    desk_scans(desk, "1042");
    a_wrong_scan(desk);
    desk_scan(desk, "8001");
    g_assert_true(station_skip(desk->station, "975319", 6, &desk->last, &error));
    g_assert_cmpint(desk_scan(desk, "975318")->code, ==, ERR_LOGIN);
    desk_scan(desk, "8001");
    desk_scans(desk, LEAD_PIN);
    g_assert_false(is_barred(desk));
    a_wrong_scan(desk);
    desk_scan(desk, "8001");
    desk_does(desk, CMD_APPROVE, LEAD_PIN);
    g_assert_cmpint(closings(desk), ==, 2);
    g_assert_cmpint(floor_int(desk->floor, "SELECT COUNT(*) FROM journal WHERE detail LIKE '%97531%' OR detail LIKE '%"
                                           LEAD_PIN "%'", 0), ==, 0);
    desk_close(desk);
}

/* What a packer may not do is done, by scans alone, once, under both names. */
static void approves_what_was_refused(struct testdb *test)
{
    struct desk *desk = bench(test);
    int64_t shipment = order(desk, "1042", 3, TRUE);
    desk_scans(desk, "1042");
    desk_scans(desk, MUG);
    desk_say(desk, CMD_SPLIT, "");
    g_assert_cmpint(desk->last.code, ==, ERR_FLOW_RIGHT);
    lead_scans(desk, "8001", "135791");
    g_assert_cmpint(desk->last.code, ==, ERR_LOGIN);
    lead_scans(desk, "8001", LEAD_PIN);
    g_assert_cmpint(desk->last.kind, ==, ANSWER_OK);
    g_assert_cmpint(desk->last.step, ==, STEP_LABEL);
    floor_is(desk->floor, shipment, ST_PACKING);
    g_assert_cmpint(floor_int(desk->floor, "SELECT COUNT(*) FROM journal j JOIN person p ON p.id = j.person_id JOIN person l "
                                           "ON l.id = j.approver_id WHERE j.event = 'close-split' AND j.machine = 'shipment' "
                                           "AND j.code = 0 AND p.badge = '9001' AND l.badge = '8001' AND j.shipment_id = $1",
                              shipment), ==, 1);
    /* the next bar has nothing to do with it */
    a_wrong_scan(desk);
    lead_scans(desk, "8001", LEAD_PIN);
    g_assert_cmpint(closings(desk), ==, 1);
    g_assert_cmpint(floor_int(desk->floor, "SELECT COUNT(*) FROM parcel WHERE state = 'packed'", 0), ==, 1);
    desk_close(desk);
}

/* A lead's own split is asked first; anything else than yes leaves the box open. */
static void a_lead_is_asked(struct testdb *test)
{
    struct desk *desk = bench(test);
    struct desk *lead = desk_open(test, "office", "8001", ROLE_LEAD);
    int64_t shipment = order(desk, "1042", 3, TRUE);
    desk_scans(lead, "1042");
    desk_say(lead, CMD_SPLIT, "");
    desk_refuses(lead, ERR_PACK_NOTHING);
    desk_scans(lead, MUG);
    desk_say(lead, CMD_SPLIT, "");
    desk_asks(lead);
    g_assert_nonnull(strstr(lead->last.text, "1 of 3"));
    desk_card(lead, CARD_CANCEL);
    desk_card(lead, CARD_CONFIRM);
    floor_is(lead->floor, shipment, ST_PACKING);
    desk_say(lead, CMD_SPLIT, "");
    desk_scans(lead, MUG); /* the question was about another box */
    desk_card(lead, CARD_CONFIRM);
    g_assert_cmpint(station_step(lead->station), ==, STEP_PACK);
    desk_say(lead, CMD_SPLIT, "");
    desk_asks(lead);
    desk_card(lead, CARD_CONFIRM);
    g_assert_cmpint(lead->last.kind, ==, ANSWER_OK);
    g_assert_cmpint(station_step(lead->station), ==, STEP_LABEL);
    desk_close(lead);
    desk_close(desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/approval/closes_the_bar_at_every_step", closes_the_bar_at_every_step);
    testdb_add("/approval/the_work_goes_on_as_it_was", the_work_goes_on_as_it_was);
    testdb_add("/approval/others_do_not", others_do_not);
    testdb_add("/approval/a_pin_is_written_nowhere", a_pin_is_written_nowhere);
    testdb_add("/approval/approves_what_was_refused", approves_what_was_refused);
    testdb_add("/approval/a_lead_is_asked", a_lead_is_asked);
    return g_test_run();
}

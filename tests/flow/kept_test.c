/* SPDX-License-Identifier: MIT
 *
 * A station keeps the dossier of its open work between scans. What others do meanwhile makes it stale: another station, a lead,
 * an import, the print worker, a manager, or a hand in the database. Each time the next scan is judged by what is, and nothing of
 * a stale judgement is kept.
 */
#include <glib.h>

#include "core/apply/apply.h"
#include "core/base/error.h"
#include "core/people/people.h"
#include "core/site/site.h"
#include "tests/support/floor.h"

/* A floor with an order that is being packed at the first station, and a second site that somebody else works at. */
struct pair {
    struct floor *floor;
    struct site *other;
    int64_t shipment, line;
};

static struct pair open_pair(struct testdb *test)
{
    struct pair pair = {.floor = floor_open(test, "station 1")};
    struct floor *floor = pair.floor;
    GError *error = NULL;
    floor_receive(floor, floor_product(floor, "MUG-RED", NULL), 0, floor_bin(floor, "A-01-1", 1), 50);
    pair.shipment = floor_order(floor, "1", "hct", FLOOR_ITEMS({"MUG-RED", 5}));
    floor_release(floor, pair.shipment);
    floor_pick_all(floor, pair.shipment);
    pair.line = floor_int(floor, "SELECT id FROM shipment_line WHERE shipment_id = $1", pair.shipment);
    pair.other = site_open(test->url, "station 2", NULL, &error);
    g_assert_no_error(error);
    return pair;
}

static void close_pair(struct pair *pair)
{
    site_close(pair->other);
    floor_close(pair->floor);
}

static struct outcome pack_one(struct pair *pair)
{
    return floor_apply(pair->floor, (struct event){.kind = EV_PACK, .actor = pair->floor->packer, .quantity = 1,
                                                   .shipment_id = pair->shipment, .line_id = pair->line});
}

static void elsewhere(struct pair *pair, struct event event)
{
    struct outcome outcome;
    GError *error = NULL;
    event.key = flow_key(pair->other);
    event.shipment_id = event.shipment_id ? event.shipment_id : pair->shipment;
    g_assert_true(flow_apply(pair->other, &event, 1, &outcome, &error));
    g_assert_no_error(error);
    if (outcome.verdict != VERDICT_DONE)
        g_error("%s", outcome.text);
}

static void is_packed(struct pair *pair, int64_t packed)
{
    g_assert_cmpint(floor_packed(pair->floor, pair->shipment), ==, packed);
}

/* Another station counts a unit too: both are there. */
static void another_station(struct testdb *test)
{
    struct pair pair = open_pair(test);
    g_assert_cmpint(pack_one(&pair).verdict, ==, VERDICT_DONE);
    elsewhere(&pair, (struct event){.kind = EV_PACK, .actor = pair.floor->packer, .line_id = pair.line, .quantity = 3});
    g_assert_cmpint(pack_one(&pair).verdict, ==, VERDICT_DONE);
    is_packed(&pair, 5);
    g_assert_cmpint(pack_one(&pair).code, ==, ERR_PACK_OVER);
    close_pair(&pair);
}

static void a_lead(struct testdb *test)
{
    struct pair pair = open_pair(test);
    g_assert_cmpint(pack_one(&pair).verdict, ==, VERDICT_DONE);
    elsewhere(&pair, (struct event){.kind = EV_BLOCK, .actor = pair.floor->lead, .block = BLOCK_HELD, .reason = "stop"});
    g_assert_cmpint(pack_one(&pair).code, ==, ERR_FLOW_BLOCKED);
    is_packed(&pair, 1);
    elsewhere(&pair, (struct event){.kind = EV_UNBLOCK, .actor = pair.floor->lead, .block = BLOCK_HELD});
    g_assert_cmpint(pack_one(&pair).verdict, ==, VERDICT_DONE);
    close_pair(&pair);
}

static void an_import(struct testdb *test)
{
    struct pair pair = open_pair(test);
    g_assert_cmpint(pack_one(&pair).verdict, ==, VERDICT_DONE);
    elsewhere(&pair, (struct event){.kind = EV_CHANGE, .actor = pair.floor->system, .cod_minor = 100});
    g_assert_cmpint(pack_one(&pair).verdict, ==, VERDICT_DONE);
    g_assert_cmpint(floor_int(pair.floor, "SELECT cod_minor FROM shipment WHERE id = $1", pair.shipment), ==, 100);
    close_pair(&pair);
}

/* That a label came out is the program's own doing: who had looked before is in no conflict. A person's act is one. */
static void the_print_worker(struct testdb *test)
{
    struct pair pair = open_pair(test);
    struct floor *floor = pair.floor;
    floor_do(floor, (struct event){.kind = EV_RUN_MAKE, .actor = floor->lead, .text = "courier=hct", .quantity = 50,
                                   .printer_id = floor->printer_id});
    int64_t run = floor_int(floor, "SELECT id FROM print_run", 0);
    floor_do(floor, (struct event){.kind = EV_PRINT_AHEAD, .actor = floor->lead, .shipment_id = pair.shipment, .run_id = run,
                                   .printer_id = floor->printer_id});
    int64_t seen = floor_int(floor, "SELECT version FROM shipment WHERE id = $1", pair.shipment);
    g_assert_cmpint(pack_one(&pair).verdict, ==, VERDICT_DONE);
    floor_print_all(floor);
    int64_t now = floor_int(floor, "SELECT version FROM shipment WHERE id = $1", pair.shipment);
    g_assert_cmpint(now, >, seen + 1);
    struct event pack = {.kind = EV_PACK, .actor = floor->packer, .quantity = 1, .shipment_id = pair.shipment,
                         .line_id = pair.line, .version = seen + 1};
    g_assert_cmpint(floor_apply(floor, pack).verdict, ==, VERDICT_DONE);
    elsewhere(&pair, (struct event){.kind = EV_ASSIGN, .actor = floor->lead, .person_id = floor->packer.person_id});
    g_assert_cmpint(floor_apply(floor, pack).verdict, ==, VERDICT_CONFLICT);
    is_packed(&pair, 2);
    close_pair(&pair);
}

/* A packer who was taken the right from packs no more. */
static void a_manager(struct testdb *test)
{
    struct pair pair = open_pair(test);
    GError *error = NULL;
    g_assert_cmpint(pack_one(&pair).verdict, ==, VERDICT_DONE);
    char *badge = floor_text(pair.floor, "SELECT badge FROM person WHERE id = $1", pair.floor->packer.person_id);
    g_assert_true(person_set_active(pair.other, &pair.floor->lead, badge, FALSE, &error));
    g_assert_no_error(error);
    g_assert_cmpint(pack_one(&pair).code, ==, ERR_FLOW_RIGHT);
    is_packed(&pair, 1);
    g_free(badge);
    close_pair(&pair);
}

/* A version that nobody moved by an event breaks the write itself, not what an answer says of it. */
static void a_hand(struct testdb *test)
{
    struct pair pair = open_pair(test);
    g_assert_cmpint(pack_one(&pair).verdict, ==, VERDICT_DONE);
    testdb_script(pair.other->db, "UPDATE shipment SET version = version + 7");
    g_assert_cmpint(pack_one(&pair).verdict, ==, VERDICT_DONE);
    is_packed(&pair, 2);
    int64_t version = floor_int(pair.floor, "SELECT version FROM shipment WHERE id = $1", pair.shipment);
    g_assert_cmpint(floor_int(pair.floor, "SELECT COUNT(*) FROM difference WHERE version = $1", version), ==, 1);
    pair.floor->tampered = TRUE;
    close_pair(&pair);
}

/* Work that a lead gave to somebody else is not picked any more by who has it open. */
static void given_away(struct testdb *test)
{
    struct pair pair = open_pair(test);
    struct floor *floor = pair.floor;
    int64_t shipment = floor_order(floor, "2", "hct", FLOOR_ITEMS({"MUG-RED", 3}));
    floor_release(floor, shipment);
    struct event pick = {.kind = EV_PICK, .actor = floor->picker, .shipment_id = shipment, .quantity = 1};
    pick.task_id = floor_int(floor, "SELECT id FROM pick_task WHERE shipment_id = $1", shipment);
    struct event give = {.kind = EV_ASSIGN, .actor = floor->lead, .shipment_id = shipment};
    g_assert_cmpint(floor_apply(floor, pick).verdict, ==, VERDICT_DONE);
    give.person_id = floor->packer.person_id;
    elsewhere(&pair, give);
    g_assert_cmpint(floor_apply(floor, pick).code, ==, ERR_WORK_TAKEN);
    give.person_id = floor->picker.person_id;
    elsewhere(&pair, give);
    g_assert_cmpint(floor_apply(floor, pick).verdict, ==, VERDICT_DONE);
    g_assert_cmpint(floor_int(floor, "SELECT picked FROM pick_task WHERE shipment_id = $1", shipment), ==, 2);
    close_pair(&pair);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/kept/another-station", another_station);
    testdb_add("/kept/a-lead", a_lead);
    testdb_add("/kept/an-import", an_import);
    testdb_add("/kept/the-print-worker", the_print_worker);
    testdb_add("/kept/a-manager", a_manager);
    testdb_add("/kept/a-hand", a_hand);
    testdb_add("/kept/given-away", given_away);
    return g_test_run();
}

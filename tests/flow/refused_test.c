/* SPDX-License-Identifier: MIT
 *
 * "Refused" means that nothing was applied: after each refused answer all that events change stands as it stood. What is done
 * though something did not come of it is answered as done, with the reason beside. And what was sent to no printer is on no
 * box: only a lead says otherwise. On both engines.
 */
#include <glib.h>
#include <string.h>

#include "core/db/db.h"
#include "core/site/site_setting.h"
#include "tests/support/copies.h"
#include "tests/support/desk.h"
#include "tests/support/shelves.h"

#define NUMBER_OF                                                                                                      \
    "SELECT w.number FROM waybill w JOIN parcel p ON p.id = w.parcel_id WHERE p.shipment_id = $1 AND w.state <> 'void'"

static struct desk *bench(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench-1", "K1", ROLE_PACKER);
    stock_up(desk->floor);
    return desk;
}

static int64_t packable(struct floor *floor, const char *number, int mugs)
{
    int64_t shipment = ready(floor, number, mugs, 0, 0);
    floor_pick_all(floor, shipment);
    return shipment;
}

/* Nothing may be different when the answer is "refused"; the bar is closed, and the answer kept. */
static void look(struct desk *desk, const char *before, const char *what)
{
    g_autofree char *after = derived_rows(desk->floor->site->db);
    if (desk->last.kind == ANSWER_REFUSED && strcmp(before, after) != 0)
        g_error("%s was refused (PL-%04d %s) and changed:\n%s\n---\n%s", what, (int)desk->last.code, desk->last.text, before, after);
    const struct answer answer = desk->last;
    if (answer.kind == ANSWER_REFUSED)
        desk_say(desk, CMD_DISMISS, "");
    desk->last = answer;
}

static void scan(struct desk *desk, const char *text)
{
    g_autofree char *before = derived_rows(desk->floor->site->db);
    desk_scan(desk, text);
    look(desk, before, text);
}

static void say(struct desk *desk, enum command command, const char *argument)
{
    g_autofree char *before = derived_rows(desk->floor->site->db);
    desk_say(desk, command, argument);
    look(desk, before, station_command_name(command));
}

/* --- done, and something did not come of it ------------------------------------------------------------------- */

static void but(const struct desk *desk, enum err code, const char *word)
{
    g_assert_cmpint(desk->last.kind, ==, ANSWER_OK);
    g_assert_cmpint(desk->last.code, ==, code);
    g_assert_cmpstr(desk->last.hint, !=, "");
    desk_says(desk, word);
}

static void printers(struct floor *floor, gboolean active)
{
    testdb_script(floor->site->db, active ? "UPDATE printer SET active = 1" : "UPDATE printer SET active = 0");
}

/* The box is packed, and its paper comes out as soon as there is a printer: the first copy, not a second one. */
static void no_printer(struct testdb *test)
{
    struct desk *desk = bench(test);
    int64_t shipment = packable(desk->floor, "1042", 2);
    printers(desk->floor, FALSE);
    scan(desk, "1042");
    scan(desk, MUG);
    scan(desk, MUG);
    but(desk, ERR_PRINTER_NONE, "no printer");
    g_assert_cmpint(desk->last.step, ==, STEP_LABEL);
    g_assert_false(desk->last.job_queued);
    floor_is(desk->floor, shipment, ST_PACKED);
    say(desk, CMD_REPRINT, "");
    g_assert_cmpint(desk->last.code, ==, ERR_PRINTER_NONE);
    printers(desk->floor, TRUE);
    g_autofree char *number = floor_text(desk->floor, NUMBER_OF, shipment);
    scan(desk, number);
    g_assert_cmpint(desk->last.code, ==, ERR_LABEL_UNSENT);
    desk_does(desk, CMD_REPRINT, "");
    g_assert_cmpint(floor_int(desk->floor, "SELECT copy FROM job WHERE shipment_id = $1 AND reason = ''", shipment), ==, 0);
    floor_print(desk->floor, shipment);
    desk_scans(desk, number);
    floor_is(desk->floor, shipment, ST_LABELLED);
    desk_close(desk);
}

/* Numbers that have run out keep the box open, and the unit counts: so it is not refused. */
static void no_number(struct testdb *test)
{
    struct desk *desk = bench(test);
    int64_t shipment = packable(desk->floor, "1042", 1);
    testdb_script(desk->floor->site->db, "UPDATE waybill_range SET next = last + 1");
    desk->floor->tampered = TRUE;
    scan(desk, "1042");
    scan(desk, MUG);
    but(desk, ERR_WAYBILL_NONE, "1/1");
    g_assert_cmpint(floor_packed(desk->floor, shipment), ==, 1);
    floor_is(desk->floor, shipment, ST_PACKING);
    say(desk, CMD_CLOSE, "");
    g_assert_cmpint(desk->last.code, ==, ERR_WAYBILL_NONE);
    desk_close(desk);
}

/* A batch that is taken is taken, also where nothing of it can be picked. */
static void nothing_to_pick(struct testdb *test)
{
    struct desk *desk = desk_open(test, "handheld-1", "P1", ROLE_PICKER);
    struct floor *floor = desk->floor;
    stock_up(floor);
    int64_t ids[] = {ready(floor, "1", 1, 0, 0), ready(floor, "2", 1, 0, 0)}, alone = ready(floor, "3", 1, 0, 0);
    int64_t batch = batch_of(floor, ids, 2, 0);
    for (size_t i = 0; i < 2; i++)
        floor_do(floor, (struct event){.kind = EV_BLOCK, .actor = floor->lead, .shipment_id = ids[i], .block = BLOCK_HELD});
    floor_do(floor, (struct event){.kind = EV_BLOCK, .actor = floor->lead, .shipment_id = alone, .block = BLOCK_HELD});
    scan(desk, row_of(floor, batch).number);
    but(desk, ERR_BATCH_WAITS, "yours");
    g_assert_cmpint(floor_int(floor, "SELECT person_id FROM batch WHERE id = $1", batch), ==, desk->person_id);
    say(desk, CMD_BACK, "");
    scan(desk, "3"); /* an order that is held is not taken for it */
    g_assert_cmpint(desk->last.code, ==, ERR_FLOW_BLOCKED);
    say(desk, CMD_PICK, "3");
    g_assert_cmpint(desk->last.code, ==, ERR_FLOW_BLOCKED);
    g_assert_cmpint(floor_int(floor, "SELECT COALESCE(person_id, 0) FROM shipment WHERE id = $1", alone), ==, 0);
    say(desk, CMD_PICK, "");
    g_assert_cmpint(desk->last.code, ==, ERR_NO_WORK);
    desk_close(desk);
}

/* --- refused, whole ----------------------------------------------------------------------------------------- */

/* No manifest is opened for a parcel that may not go. */
static void the_first_parcel(struct testdb *test)
{
    struct desk *desk = bench(test);
    struct floor *floor = desk->floor;
    int64_t shipment = packable(floor, "1042", 1), held = packable(floor, "1043", 1);
    floor_pack_all(floor, shipment), floor_pack_all(floor, held);
    floor_apply_label(floor, held);
    g_autofree char *number = floor_text(floor, NUMBER_OF, shipment), *other = floor_text(floor, NUMBER_OF, held);
    floor_do(floor, (struct event){.kind = EV_BLOCK, .actor = floor->lead, .shipment_id = held, .block = BLOCK_HELD});
    desk_does(desk, CMD_DOCK, "");
    int64_t key = flow_key(floor->site);
    desk_scan_keyed(desk, number, key);
    desk_refuses(desk, ERR_FLOW_STATE);
    scan(desk, other);
    g_assert_cmpint(desk->last.code, ==, ERR_FLOW_BLOCKED);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM manifest", 0), ==, 0);
    /* asked again by who has forgotten it */
    station_close(desk->station);
    desk->station = station_open(floor->site, "bench-1", NULL);
    desk_does(desk, CMD_LOGIN, "K1 " DESK_PIN);
    desk_does(desk, CMD_DOCK, "");
    desk_scan_keyed(desk, number, key);
    g_assert_true(desk->last.repeated);
    g_assert_cmpint(desk->last.code, ==, ERR_FLOW_STATE);
    floor_apply_label(floor, shipment);
    scan(desk, number);
    g_assert_cmpint(desk->last.kind, ==, ANSWER_OK);
    floor_is(floor, shipment, ST_OUTBOUND);
    desk_close(desk);
}

/* What is wrong at a step, one after another. */
static void at_every_step(struct testdb *test)
{
    struct desk *desk = bench(test);
    struct floor *floor = desk->floor;
    int64_t open = packable(floor, "1042", 2), fresh = ready(floor, "1043", 1, 0, 0);
    static const char *const CODES[] = {TEA, "4719999999999", "A-01", "1043", "nobody", MUG, MUG, MUG, "1042"};
    static const enum command SAID[] = {CMD_CLOSE, CMD_SPLIT, CMD_SHORT, CMD_WEIGHT, CMD_REOPEN, CMD_REPRINT, CMD_UNDO,
                                        CMD_MANIFEST_CLOSE, CMD_WHOLE, CMD_QUANTITY, CMD_SKIP, CMD_HOLD};
    scan(desk, "1042");
    for (size_t i = 0; i < G_N_ELEMENTS(CODES); i++) {
        scan(desk, CODES[i]);
        for (size_t n = 0; i < 3 && n < G_N_ELEMENTS(SAID) - 1; n++)
            say(desk, SAID[n], "");
    }
    say(desk, CMD_PICK, "1042");
    say(desk, CMD_PACK, "1043");
    say(desk, CMD_DOCK, "nowhere");
    say(desk, CMD_DOCK, "");
    scan(desk, "1042");
    floor_is(floor, fresh, ST_READY);
    g_assert_cmpint(open, !=, 0);
    desk_close(desk);
}

/* --- on no paper, on no box --------------------------------------------------------------------------------- */

static void only_a_lead(struct testdb *test)
{
    struct desk *lead = desk_open(test, "office", "L1", ROLE_LEAD);
    struct desk *desk = bench(test);
    struct floor *floor = desk->floor;
    int64_t one = packable(floor, "1042", 1), two = packable(floor, "1043", 1), three = packable(floor, "1044", 1);
    scan(desk, "1042");
    scan(desk, MUG);
    g_autofree char *number = floor_text(floor, NUMBER_OF, one);
    desk_scan(desk, number);
    desk_is_barred(desk, ERR_LABEL_UNSENT);
    desk_does(desk, CMD_APPROVE, "L1 " DESK_PIN); /* both are named */
    floor_is(floor, one, ST_LABELLED);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM journal WHERE event = 'apply' AND code = 0 AND approver_id IS NOT NULL "
                                     "AND shipment_id = $1", one), >, 0);
    scan(desk, "1043");
    scan(desk, MUG);
    g_autofree char *second = floor_text(floor, NUMBER_OF, two);
    desk_does(lead, CMD_PACK, "1043");
    desk_scans(lead, second); /* of their own */
    say(desk, CMD_BACK, "");
    scan(desk, "1044");
    scan(desk, MUG);
    g_autofree char *third = floor_text(floor, NUMBER_OF, three);
    scan(desk, third);
    g_assert_cmpint(desk->last.code, ==, ERR_LABEL_UNSENT);
    floor_claim(floor, floor_int(floor, "SELECT id FROM job WHERE shipment_id = $1", three)); /* it may be in the printer's tray */
    desk_scans(desk, third);
    floor_is(floor, three, ST_LABELLED);
    floor->tampered = lead->floor->tampered = TRUE; /* a submission stays open */
    desk_close(desk);
    desk_close(lead);
}

/* The slip was drawn elsewhere: there is no job, and its number's scan is the proof. */
static void drawn_elsewhere(struct testdb *test)
{
    struct desk *desk = bench(test);
    struct floor *floor = desk->floor;
    int64_t shipment = packable(floor, "1042", 1);
    scan(desk, "1042");
    scan(desk, MUG);
    testdb_script(floor->site->db, "UPDATE waybill SET source = 'external'; DELETE FROM job");
    floor->tampered = TRUE;
    station_close(desk->station);
    desk->station = station_open(floor->site, "bench-1", NULL);
    site_keep(floor->site, NULL, NULL);
    desk_does(desk, CMD_LOGIN, "K1 " DESK_PIN);
    scan(desk, "1042");
    g_autofree char *number = floor_text(floor, NUMBER_OF, shipment);
    desk_scans(desk, number);
    floor_is(floor, shipment, ST_LABELLED);
    desk_close(desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/refused/no_printer", no_printer);
    testdb_add("/refused/no_number", no_number);
    testdb_add("/refused/nothing_to_pick", nothing_to_pick);
    testdb_add("/refused/the_first_parcel", the_first_parcel);
    testdb_add("/refused/at_every_step", at_every_step);
    testdb_add("/refused/only_a_lead", only_a_lead);
    testdb_add("/refused/drawn_elsewhere", drawn_elsewhere);
    return g_test_run();
}

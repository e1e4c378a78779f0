/* SPDX-License-Identifier: MIT
 *
 * An act of several transactions that dies between two of them is found and finished: by who asks again, and by the next
 * program that looks. The rest is judged by what is so then; what is refused is told. On both engines.
 */
#include <glib.h>
#include <string.h>

#include "core/act/act.h"
#include "core/apply/agenda.h"
#include "core/print/run.h"
#include "core/view/alerts.h"
#include "tests/support/boxes.h"
#include "tests/support/dying.h"

enum { MANY = 230 }; /* three transactions */

struct act_room {
    struct floor *floor;
    struct site *other; /* who begins the act, and dies */
    int64_t ids[MANY];
    struct event events[MANY];
    struct outcome outcomes[MANY];
    size_t dies_after;
};

static void open_room(struct act_room *room, struct testdb *test)
{
    GError *error = NULL;
    struct floor *floor = room->floor = floor_open(test, "lead");
    floor_receive(floor, floor_product(floor, "MUG", NULL), 0, floor_bin(floor, "A-01", 1), MANY);
    room->other = site_open(test->url, "import", NULL, &error);
    g_assert_no_error(error);
    for (int i = 0; i < MANY; i++) {
        g_autofree char *number = g_strdup_printf("N%03d", i);
        room->ids[i] = floor_order(floor, number, "hct", FLOOR_ITEMS({"MUG", 1}));
        room->events[i] = by_lead(floor, EV_BLOCK, room->ids[i]);
        room->events[i].key = flow_key(room->other);
        room->events[i].block = BLOCK_HELD;
        room->events[i].reason = "recall of 12-01";
    }
}

/* The connection is gone in the middle of the act: nothing that the dying does afterwards reaches the database. */
static void die(size_t done, size_t of, void *data)
{
    struct act_room *room = data;
    (void)of;
    g_autoptr(GError) why = g_error_new_literal(ERR, ERR_DB_LOST, "killed");
    if (done >= room->dies_after)
        db_retire(room->other->db, why);
}

static gboolean begin(struct act_room *room, size_t dies_after, GError **error)
{
    const struct flow_list list = {.events = room->events, .n = MANY, .outcomes = room->outcomes, .progress = die, .data = room};
    room->dies_after = dies_after;
    return flow_apply_list(room->other, &list, error);
}

static void begin_and_die(struct act_room *room, size_t dies_after)
{
    GError *error = NULL;
    g_assert_false(begin(room, dies_after, &error));
    g_assert_error(error, ERR, ERR_DB_LOST);
    g_clear_error(&error);
}

/* As the next start does it, once the server has found out too. */
static void is_found_dead(struct act_room *room)
{
    site_close(room->other);
    testdb_script(room->floor->site->db, "UPDATE writer SET holder = '' WHERE name = 'import'");
}

static void told(struct floor *floor, enum alert_kind kind, const char *words)
{
    GError *error = NULL;
    g_autoptr(GArray) alerts = alerts_load(floor->site, 5, &error);
    const char *text = NULL;
    g_assert_no_error(error);
    for (guint i = 0; i < alerts->len; i++)
        if (g_array_index(alerts, struct alert, i).kind == kind)
            text = g_array_index(alerts, struct alert, i).text;
    if (words ? !text || !strstr(text, words) : text != NULL)
        g_error("alert %s: %s", alert_kind_name(kind), text ? text : "none");
}

static void nothing_is_left(struct floor *floor, int64_t told_of)
{
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM agenda_part", 0), ==, 0);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM agenda", 0), ==, told_of);
    g_assert_cmpint(flow_finish(floor->site, NULL), ==, 0);
}

/* --- by whom -------------------------------------------------------------------------------------------- */

static void one_that_lives_leaves_nothing(struct testdb *test)
{
    struct act_room room;
    GError *error = NULL;
    open_room(&room, test);
    g_assert_true(begin(&room, MANY + 1, &error));
    g_assert_cmpint(floor_held(room.floor), ==, MANY);
    nothing_is_left(room.floor, 0);
    site_close(room.other);
    floor_close(room.floor);
}

/* While who does it lives nobody else takes it; then the next who looks does the rest, each once. */
static void the_next_program_finishes_it(struct testdb *test)
{
    struct act_room room;
    GError *error = NULL;
    open_room(&room, test);
    begin_and_die(&room, 100);
    g_assert_cmpint(floor_held(room.floor), ==, 100);
    g_assert_cmpint(flow_finish(room.floor->site, &error), ==, 0);
    is_found_dead(&room);
    told(room.floor, ALERT_STOPPED, "stopped at 100 of 230");
    floor_do(room.floor, (struct event){.kind = EV_CANCEL, .actor = room.floor->lead, .shipment_id = room.ids[150],
                                        .reason = "meanwhile"});
    g_assert_true(flow_finish_all(room.floor->site, &error));
    g_assert_no_error(error);
    g_assert_cmpint(floor_held(room.floor), ==, MANY - 1);
    g_assert_cmpint(floor_int(room.floor, "SELECT COUNT(*) FROM event WHERE kind = 'block'", 0), ==, MANY);
    told(room.floor, ALERT_STOPPED, NULL);
    told(room.floor, ALERT_FINISHED, "stopped at 100 of 230 and was finished. Refused of the rest: 1");
    g_assert_cmpint(floor_int(room.floor, "SELECT COUNT(*) FROM block WHERE reason = 'recall of 12-01'", 0), ==, MANY - 1);
    nothing_is_left(room.floor, 1);
    floor_close(room.floor);
}

/* Who asks again, with the same keys, gets what was done and does the rest. */
static void who_asks_again_finishes_it(struct testdb *test)
{
    struct act_room room;
    GError *error = NULL;
    open_room(&room, test);
    begin_and_die(&room, 200);
    site_close(room.other);
    room.other = site_open(test->url, "import", NULL, &error);
    g_assert_no_error(error);
    g_assert_true(begin(&room, MANY + 1, &error));
    for (int i = 0; i < MANY; i++)
        g_assert_true(room.outcomes[i].verdict == VERDICT_DONE && room.outcomes[i].repeated == (i < 200));
    g_assert_cmpint(floor_held(room.floor), ==, MANY);
    nothing_is_left(room.floor, 0);
    site_close(room.other);
    floor_close(room.floor);
}

/* The last transaction was committed and nobody heard: there is nothing to finish. */
static void one_that_died_behind_its_end_is_done(struct testdb *test)
{
    struct act_room room;
    GError *error = NULL;
    open_room(&room, test);
    g_assert_true(begin(&room, MANY, &error));
    site_close(room.other);
    nothing_is_left(room.floor, 0);
    floor_close(room.floor);
}

/* --- kill -9 -------------------------------------------------------------------------------------------- */

static void a_killed_program_is_finished(struct testdb *test)
{
    struct act_room room;
    GError *error = NULL;
    open_room(&room, test);
    site_close(room.other);
    dying_holds(room.floor, 200);
    g_assert_cmpint(floor_held(room.floor), ==, 200);
    g_assert_true(flow_finish_all(room.floor->site, &error));
    g_assert_no_error(error);
    g_assert_cmpint(floor_held(room.floor), ==, MANY);
    g_assert_cmpint(floor_int(room.floor, "SELECT COUNT(*) FROM event WHERE kind = 'block'", 0), ==, MANY);
    nothing_is_left(room.floor, 1);
    floor_close(room.floor);
}

/* --- one that is led ------------------------------------------------------------------------------------ */

/* What the first event's refusal says is said of all, and nothing is written of them, the next day neither. */
static void nobody_is_asked_behind_a_refusal(struct testdb *test)
{
    struct act_room room;
    GError *error = NULL;
    open_room(&room, test);
    int64_t before = floor_int(room.floor, "SELECT COUNT(*) FROM event", 0);
    room.events[0].block = 0;
    room.events[0].kind = EV_UNBATCH;
    const struct flow_list list = {.events = room.events, .n = MANY, .outcomes = room.outcomes, .led = TRUE, .progress = die,
                                   .data = &room};
    room.dies_after = 100;
    g_assert_false(flow_apply_list(room.other, &list, &error));
    g_clear_error(&error);
    for (int i = 0; i < 100; i++)
        g_assert_cmpint(room.outcomes[i].verdict, ==, VERDICT_REFUSED);
    is_found_dead(&room);
    g_assert_true(flow_finish_all(room.floor->site, &error));
    g_assert_no_error(error);
    g_assert_cmpint(floor_int(room.floor, "SELECT COUNT(*) FROM event", 0), ==, before + 1);
    g_assert_cmpint(floor_held(room.floor), ==, 0);
    nothing_is_left(room.floor, 1);
    floor_close(room.floor);
}

static void die_in_run(int64_t done, int64_t of, void *data)
{
    die((size_t)done, (size_t)of, data);
}

/* A print run that died while it was put together is put together and started. */
static void a_run_is_put_together(struct testdb *test)
{
    struct act_room room;
    struct run_made made;
    GError *error = NULL;
    open_room(&room, test);
    for (int i = 0; i < MANY; i++)
        floor_release(room.floor, room.ids[i]);
    room.dies_after = 90;
    g_assert_false(run_start(room.other, &room.floor->lead, &(struct run_wish){.filter = "courier=hct"}, &made, die_in_run,
                             &room, &error));
    g_clear_error(&error);
    is_found_dead(&room);
    int64_t queued = floor_int(room.floor, "SELECT COUNT(*) FROM job WHERE run_id IS NOT NULL AND state = 'queued'", 0);
    g_assert_true(queued > 0 && queued < MANY);
    g_assert_cmpint(floor_int(room.floor, "SELECT COUNT(*) FROM print_run WHERE state = 'paused'", 0), ==, 1);
    g_assert_true(flow_finish_all(room.floor->site, &error));
    g_assert_no_error(error);
    g_assert_cmpint(floor_int(room.floor, "SELECT COUNT(*) FROM print_run WHERE state = 'running' AND labels = $1", MANY), ==, 1);
    g_assert_cmpint(floor_int(room.floor, "SELECT COUNT(DISTINCT run_sequence) FROM job WHERE run_id IS NOT NULL", 0), ==, MANY);
    nothing_is_left(room.floor, 1);
    floor_close(room.floor);
}

int main(int argc, char **argv)
{
    dying_main(argc, argv);
    g_test_init(&argc, &argv, NULL);
    testdb_add("/agenda/one_that_lives_leaves_nothing", one_that_lives_leaves_nothing);
    testdb_add("/agenda/the_next_program_finishes_it", the_next_program_finishes_it);
    testdb_add("/agenda/who_asks_again_finishes_it", who_asks_again_finishes_it);
    testdb_add("/agenda/one_that_died_behind_its_end_is_done", one_that_died_behind_its_end_is_done);
    testdb_add("/agenda/a_killed_program_is_finished", a_killed_program_is_finished);
    testdb_add("/agenda/nobody_is_asked_behind_a_refusal", nobody_is_asked_behind_a_refusal);
    testdb_add("/agenda/a_run_is_put_together", a_run_is_put_together);
    return g_test_run();
}

/* SPDX-License-Identifier: MIT
 *
 * Many events of one call: each changes one subject and sees what those before it took, one that fails stops no other, and
 * numbers that were refused are nobody's. On both engines.
 */
#include <glib.h>
#include <string.h>

#include "core/act/batches.h"
#include "core/apply/agenda.h"
#include "core/apply/apply.h"
#include "core/db/db.h"
#include "tests/support/boxes.h"

enum { MANY = 12 };

static void together(struct floor *floor, struct event *events, size_t n, struct outcome *outcomes)
{
    GError *error = NULL;
    for (size_t i = 0; i < n; i++)
        events[i].key = events[i].key ? events[i].key : flow_key(floor->site);
    flow_apply(floor->site, events, n, outcomes, &error);
    g_assert_no_error(error);
}

static void orders(struct floor *floor, int64_t *ids, int n)
{
    for (int i = 0; i < n; i++) {
        g_autofree char *number = g_strdup_printf("N%02d", i);
        ids[i] = floor_order(floor, number, "hct", FLOOR_ITEMS({"MUG", 1}));
    }
}

static struct floor *stocked(struct testdb *test, int quantity)
{
    struct floor *floor = floor_open(test, "station 1");
    floor_receive(floor, floor_product(floor, "MUG", NULL), 0, floor_bin(floor, "A-01", 1), quantity);
    return floor;
}

/* --- one that fails ------------------------------------------------------------------------------------- */

static void hold_many(struct floor *floor, const int64_t *ids, int bad, enum err code, const char *bad_reason)
{
    struct event events[MANY];
    struct outcome outcomes[MANY];
    for (int i = 0; i < MANY; i++) {
        events[i] = by_lead(floor, EV_BLOCK, ids[i]);
        events[i].block = BLOCK_HELD;
        events[i].reason = i == bad ? bad_reason : "later";
    }
    together(floor, events, MANY, outcomes);
    for (int i = 0; i < MANY; i++) {
        g_assert_cmpint(outcomes[i].verdict, ==, i == bad ? VERDICT_FAILED : VERDICT_DONE);
        g_assert_cmpint(outcomes[i].code, ==, i == bad ? code : ERR_NONE);
    }
    g_assert_cmpstr(outcomes[bad].text, !=, "");
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM block WHERE kind = 'held' AND reason = 'later'", 0), ==, MANY - 1);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM block WHERE shipment_id = $1", ids[bad]), ==, 0);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM event WHERE key = $1", events[bad].key), ==, 0);
    struct outcome first = outcomes[0];
    together(floor, events, MANY, outcomes); /* who asks again hears the same, and the bad one may be well by now */
    g_assert_true(outcomes[0].repeated);
    g_assert_cmpint(outcomes[0].shipment_id, ==, first.shipment_id);
}

/* A row that breaks a constraint. */
static void a_bad_row_stops_no_other(struct testdb *test)
{
    struct floor *floor = stocked(test, MANY);
    int64_t ids[MANY + 1];
    orders(floor, ids, MANY + 1);
    struct event taken = by_lead(floor, EV_BLOCK, ids[MANY]);
    taken.block = BLOCK_HELD;
    taken.reason = "only once";
    floor_do(floor, taken);
    testdb_script(floor->site->db, "CREATE UNIQUE INDEX planted ON block (reason) WHERE reason = 'only once'");
    hold_many(floor, ids, 7, ERR_DB_CONSTRAINT, "only once");
    testdb_script(floor->site->db, "DROP INDEX planted");
    floor_close(floor);
}

static void leave_alone(struct floor *floor, int64_t shipment)
{
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, shipment);
    g_autofree char *plant =
        db_engine_of(floor->site->db) == DB_SQLITE
            ? g_strconcat("CREATE TRIGGER planted BEFORE UPDATE ON shipment WHEN OLD.id = ", id,
                          " BEGIN SELECT RAISE(IGNORE); END", NULL)
            : g_strconcat("CREATE TRIGGER planted BEFORE UPDATE ON shipment FOR EACH ROW WHEN (OLD.id = ", id,
                          ") EXECUTE FUNCTION planted()", NULL);
    GError *error = NULL;
    if (db_engine_of(floor->site->db) == DB_POSTGRES)
        db_exec(floor->site->db, floor_sql("CREATE FUNCTION planted() RETURNS trigger LANGUAGE plpgsql AS "
                                           "$f$ BEGIN RETURN NULL; END $f$"), NULL, 0, NULL, &error);
    db_exec(floor->site->db, floor_sql(plant), NULL, 0, NULL, &error);
    g_assert_no_error(error);
}

/* A shipment that has another version whenever its write comes. */
static void a_stale_version_stops_no_other(struct testdb *test)
{
    struct floor *floor = stocked(test, MANY);
    int64_t ids[MANY];
    orders(floor, ids, MANY);
    leave_alone(floor, ids[3]);
    hold_many(floor, ids, 3, ERR_DB_SERIALIZE, "stale");
    testdb_script(floor->site->db, db_engine_of(floor->site->db) == DB_SQLITE ? "DROP TRIGGER planted"
                                                                              : "DROP FUNCTION planted CASCADE");
    floor_close(floor);
}

/* Lost when it was to be stored, and sent again by another program: all that an event makes has the ids of its key. */
static void who_sends_again_makes_the_same_ids(struct testdb *test)
{
    struct floor *floor = stocked(test, MANY), *other = floor_open(test, "station 2");
    int64_t ids[MANY];
    struct event events[MANY];
    struct outcome outcomes[MANY];
    orders(floor, ids, MANY);
    for (int i = 0; i < MANY; i++)
        events[i] = by_lead(floor, EV_RELEASE, ids[i]);
    testdb_script(floor->site->db, "CREATE UNIQUE INDEX planted ON pick_task (open)");
    together(floor, events, MANY, outcomes);
    g_assert_cmpint(outcomes[0].verdict, ==, VERDICT_DONE);
    g_assert_cmpint(outcomes[1].verdict, ==, VERDICT_FAILED);
    testdb_script(floor->site->db, "DROP INDEX planted");
    together(other, events, MANY, outcomes);
    for (int i = 0; i < MANY; i++)
        g_assert_true(outcomes[i].verdict == VERDICT_DONE && outcomes[i].repeated == (i == 0));
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM pick_task t JOIN event e ON e.shipment_id = t.shipment_id "
                                     "AND e.kind = 'release' WHERE t.id = e.key + 1", 0), ==, MANY);
    floor_close(other);
    floor_close(floor);
}

/* --- what those before it took --------------------------------------------------------------------------- */

/* What became of all, without ids. */
static char *rows_of(struct floor *floor)
{
    static const char *const ASKED[] = {
        "SELECT o.external_id || ' ' || s.state || ' ' || s.version || ' ' || s.units FROM shipment s JOIN sales_order o "
        "ON o.id = s.order_id ORDER BY o.external_id",
        "SELECT o.external_id || ' ' || l.state || ' ' || l.quantity FROM shipment_line l JOIN shipment s "
        "ON s.id = l.shipment_id JOIN sales_order o ON o.id = s.order_id ORDER BY o.external_id",
        "SELECT o.external_id || ' ' || t.quantity || ' ' || t.open FROM pick_task t JOIN shipment s "
        "ON s.id = t.shipment_id JOIN sales_order o ON o.id = s.order_id ORDER BY o.external_id",
        "SELECT l.code || ' ' || k.on_hand || ' ' || k.reserved FROM stock k JOIN location l ON l.id = k.location_id "
        "WHERE l.kind = 'bin' ORDER BY l.code",
    };
    GString *all = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(ASKED); i++) {
        GError *error = NULL;
        struct rows *rows = db_query(floor->site->db, floor_sql(ASKED[i]), NULL, 0, &error);
        while (rows_next(rows, &error) > 0)
            g_string_append_printf(all, "%s\n", rows_text(rows, 0));
        g_assert_no_error(error);
    }
    return g_string_free(all, FALSE);
}

/* Two orders and one piece: the second is told it is short, whether they are asked together or one by one. */
static char *two_for_one(struct testdb *test, gboolean one_by_one)
{
    struct floor *floor = stocked(test, 1);
    int64_t ids[2];
    struct outcome outcomes[2];
    orders(floor, ids, 2);
    struct event events[2] = {by_lead(floor, EV_RELEASE, ids[0]), by_lead(floor, EV_RELEASE, ids[1])};
    for (int i = 0; i < 2 && one_by_one; i++)
        outcomes[i] = floor_apply(floor, events[i]);
    if (!one_by_one)
        together(floor, events, 2, outcomes);
    g_assert_cmpint(outcomes[0].verdict, ==, VERDICT_DONE);
    g_assert_cmpint(outcomes[1].code, ==, ERR_SHORT_STOCK);
    char *rows = rows_of(floor);
    floor_close(floor);
    return rows;
}

static void the_last_piece_is_taken_once(struct testdb *test)
{
    struct testdb *other = testdb_new(test->engine);
    g_autofree char *chunk = two_for_one(test, FALSE), *singly = two_for_one(other, TRUE);
    g_assert_cmpstr(chunk, ==, singly);
    testdb_free(other);
}

/* Changed orders of an import go together; what looks at more of one than was loaded waits for the next transaction. */
static void changed_orders_go_together(void)
{
    static const struct {
        enum event_kind kind;
        int64_t shipment_id;
    } LIST[] = {{EV_CHANGE, 1}, {EV_BLOCK, 1}, {EV_FILL, 1}, {EV_CANCEL_LINE, 1}, {EV_CHANGE, 2}, {EV_FILL, 2},
                {EV_RELEASE, 3}, {EV_RELEASE, 2}, {EV_RECEIVE, 0}, {EV_MOVE, 0}};
    struct event events[G_N_ELEMENTS(LIST)];
    for (size_t i = 0; i < G_N_ELEMENTS(LIST); i++)
        events[i] = (struct event){.kind = LIST[i].kind, .shipment_id = LIST[i].shipment_id};
    g_assert_cmpuint(agenda_chunk(events, G_N_ELEMENTS(LIST)), ==, 7);
    g_assert_cmpuint(agenda_chunk(events + 7, G_N_ELEMENTS(LIST) - 7), ==, 1);
    g_assert_cmpuint(agenda_chunk(events + 8, G_N_ELEMENTS(LIST) - 8), ==, 2);
}

/* --- numbers -------------------------------------------------------------------------------------------- */

/* Every serial below the cursor has one row. */
static void numbers_are_dense(struct floor *floor, int64_t taken)
{
    g_assert_cmpint(floor_int(floor, "SELECT next - first FROM waybill_range", 0), ==, taken);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(DISTINCT serial) FROM waybill", 0), ==, taken);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM waybill w JOIN waybill_range r ON r.id = w.range_id "
                                     "WHERE w.serial >= r.first AND w.serial < r.next", 0), ==, taken);
}

/* Refused when the number was in its hand already: it goes back, and the next event has it. */
static void refusals_leave_no_gap(struct testdb *test)
{
    struct floor *floor = stocked(test, MANY);
    int64_t ids[MANY], done = 0;
    struct event events[MANY];
    struct outcome outcomes[MANY];
    orders(floor, ids, MANY);
    for (int i = 0; i < MANY; i++) {
        floor_release(floor, ids[i]);
        events[i] = by_lead(floor, EV_PRINT_AHEAD, ids[i]);
        events[i].printer_id = floor->printer_id;
        events[i].run_id = i % 3 == 1 || i == MANY - 1 ? 99 : 0; /* there is none */
    }
    together(floor, events, MANY, outcomes);
    for (int i = 0; i < MANY; i++) {
        g_assert_cmpint(outcomes[i].code, ==, events[i].run_id ? ERR_FLOW_UNKNOWN : ERR_NONE);
        done += outcomes[i].verdict == VERDICT_DONE;
    }
    g_assert_cmpint(done, ==, MANY - 5);
    numbers_are_dense(floor, done);
    floor_close(floor);
}

struct taker {
    struct floor *floor;
    int64_t ids[4 * MANY];
};

static gpointer take_all(gpointer data)
{
    struct taker *taker = data;
    for (int chunk = 0; chunk < 4; chunk++) {
        struct event events[MANY];
        struct outcome outcomes[MANY];
        for (int i = 0; i < MANY; i++)
            events[i] = by_lead(taker->floor, EV_PRINT_AHEAD, taker->ids[chunk * MANY + i]);
        together(taker->floor, events, MANY, outcomes);
        for (int i = 0; i < MANY; i++)
            g_assert_cmpint(outcomes[i].verdict, ==, VERDICT_DONE);
    }
    return NULL;
}

/* Two programs that take numbers at once never meet. */
static void two_takers_never_meet(struct testdb *test)
{
    struct floor *floor = stocked(test, 8 * MANY);
    struct taker takers[2] = {{.floor = floor}, {.floor = floor_open(test, "station 2")}};
    GThread *threads[2];
    int64_t ids[8 * MANY];
    orders(floor, ids, 8 * MANY);
    for (int i = 0; i < 8 * MANY; i++) {
        floor_release(floor, ids[i]);
        takers[i % 2].ids[i / 2] = ids[i];
    }
    for (int i = 0; i < 2; i++)
        threads[i] = g_thread_new("taker", take_all, &takers[i]);
    for (int i = 0; i < 2; i++)
        g_thread_join(threads[i]);
    numbers_are_dense(floor, 8 * MANY);
    floor_close(takers[1].floor);
    floor_close(floor);
    g_assert_cmpint(testdb_deadlocks(test), ==, 0);
}

/* --- one event, one subject ------------------------------------------------------------------------------ */

static void one_subject_each(struct floor *floor, int64_t since, int64_t events)
{
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM event WHERE key > $1", since), ==, events);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM difference WHERE event_key > $1", since), ==, events);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(DISTINCT event_key) FROM difference WHERE event_key > $1", since), ==,
                    events);
}

/* What is done to a batch is done to its members by an event each, in one transaction. */
static void members_follow_by_themselves(struct testdb *test)
{
    struct floor *floor = stocked(test, MANY);
    int64_t ids[MANY];
    GError *error = NULL;
    orders(floor, ids, MANY);
    for (int i = 0; i < MANY; i++)
        floor_release(floor, ids[i]);
    struct batch_made made;
    g_assert_true(batch_make(floor->site, &(struct batch_wish){.actor = floor->lead}, ids, MANY, &made, &error));
    int64_t since = flow_key(floor->site);
    g_assert_true(batch_assign(floor->site, floor->lead, made.batch_id, floor->picker.person_id, &error));
    one_subject_each(floor, since, MANY + 1);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM shipment WHERE person_id = $1", floor->picker.person_id), ==, MANY);
    since = flow_key(floor->site);
    g_assert_true(batch_cancel(floor->site, floor->lead, made.batch_id, &error));
    one_subject_each(floor, since, MANY + 1);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM shipment WHERE batch_id IS NULL AND state = 'ready'", 0), ==, MANY);
    since = flow_key(floor->site);
    g_assert_false(batch_cancel(floor->site, floor->lead, made.batch_id, &error)); /* refused: nobody follows */
    g_clear_error(&error);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM event WHERE key > $1", since), ==, 1);
    floor_refused(floor, by_lead(floor, EV_FOLLOW, ids[0]), ERR_FLOW_STATE);
    batch_made_clear(&made);
    floor_close(floor);
}

/* Refused because it is not there, or not made: the subject that was asked for. */
static void a_refusal_has_its_subject(struct testdb *test)
{
    struct floor *floor = stocked(test, 1);
    floor_refused(floor, (struct event){.kind = EV_BATCH_DONE, .actor = floor->lead, .batch_id = 4711}, ERR_FLOW_UNKNOWN);
    g_assert_cmpint(floor_int(floor, "SELECT subject_id FROM event WHERE kind = 'batch-done'", 0), ==, 4711);
    g_assert_cmpint(floor_int(floor, "SELECT subject_id FROM journal WHERE event = 'batch-done'", 0), ==, 4711);
    floor_refused(floor, (struct event){.kind = EV_BATCH_MAKE, .actor = floor->dock}, ERR_FLOW_RIGHT);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM event WHERE kind = 'batch-make' AND subject_id = key", 0), ==, 1);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/chunk/a_bad_row_stops_no_other", a_bad_row_stops_no_other);
    testdb_add("/chunk/a_stale_version_stops_no_other", a_stale_version_stops_no_other);
    testdb_add("/chunk/who_sends_again_makes_the_same_ids", who_sends_again_makes_the_same_ids);
    g_test_add_func("/chunk/changed_orders_go_together", changed_orders_go_together);
    testdb_add("/chunk/a_refusal_has_its_subject", a_refusal_has_its_subject);
    testdb_add("/chunk/the_last_piece_is_taken_once", the_last_piece_is_taken_once);
    testdb_add("/chunk/refusals_leave_no_gap", refusals_leave_no_gap);
    testdb_add("/chunk/two_takers_never_meet", two_takers_never_meet);
    testdb_add("/chunk/members_follow_by_themselves", members_follow_by_themselves);
    return g_test_run();
}

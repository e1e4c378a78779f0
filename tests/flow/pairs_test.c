/* SPDX-License-Identifier: MIT
 *
 * Walks every (state, event) pair of every machine: what the table does not list is refused, in words, and changes
 * nothing; what it lists names states of its own machine.
 */
#include <glib.h>

#include "core/db/db.h"
#include "tests/support/floor.h"

/* A test may write a state; nothing else may. */
static void force(struct floor *floor, const char *table, int64_t id, enum state state)
{
    GError *error = NULL;
    char *text = g_strdup_printf("UPDATE %s SET state = $2 WHERE id = $1", table);
    floor->tampered = TRUE;
    g_assert_true(db_exec(floor->site->db, floor_sql(text), DB_ARGS(id, flow_state_name(state)), NULL,
                          &error));
    g_assert_no_error(error);
    g_free(text);
}

static char *state_text(struct floor *floor, const char *table, int64_t id)
{
    char *text = g_strdup_printf("SELECT state FROM %s WHERE id = $1", table);
    char *state = floor_text(floor, text, id);
    g_free(text);
    return state;
}

static int walk(struct floor *floor, enum machine machine, const char *table, int64_t id, struct event event)
{
    size_t count = 0;
    int refused = 0;
    const enum state *states = flow_states(machine, &count);
    for (size_t i = 0; i < count; i++) {
        force(floor, table, id, states[i]);
        for (enum event_kind kind = EV_RELEASE; kind < EV_COUNT; kind++) {
            if (flow_event_machine(kind) != machine || flow_makes(kind) || flow_allows(machine, states[i], kind))
                continue;
            event.kind = kind;
            event.key = 0;
            struct outcome outcome = floor_apply(floor, event);
            char *after = state_text(floor, table, id);
            g_assert_cmpint(outcome.verdict, ==, VERDICT_REFUSED);
            g_assert_true(outcome.code == ERR_FLOW_STATE || outcome.code == ERR_FLOW_OUTBOUND ||
                          outcome.code == ERR_DOCK_CLOSED || outcome.code == ERR_RUN_STATE);
            g_assert_cmpstr(outcome.text, !=, "");
            g_assert_false(g_str_has_suffix(outcome.text, ": ")); /* it says who was last, or what was wanted */
            g_assert_cmpstr(after, ==, flow_state_name(states[i]));
            g_free(after);
            refused++;
        }
    }
    return refused;
}

static void shipments(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    floor_product(floor, "MUG-RED", NULL);
    int64_t id = floor_order(floor, "1042", "hct", FLOOR_ITEMS({"MUG-RED", 1}));
    int refused = walk(floor, MACHINE_SHIPMENT, "shipment", id, (struct event){.actor = floor->lead, .shipment_id = id});
    g_assert_cmpint(refused, >, 100);
    g_assert_cmpint(floor_int(floor, "SELECT version FROM shipment WHERE id = $1", id), ==, 1);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM journal WHERE code <> 0", 0), ==, refused);
    floor_close(floor);
}

static void batches(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    struct outcome made = floor_do(floor, (struct event){.kind = EV_BATCH_MAKE, .actor = floor->lead});
    int refused = walk(floor, MACHINE_BATCH, "batch", made.subject_id,
                       (struct event){.actor = floor->lead, .batch_id = made.subject_id});
    g_assert_cmpint(refused, >, 5);
    floor_close(floor);
}

static void jobs(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    struct outcome made = floor_do(floor, (struct event){.kind = EV_PRINT, .actor = floor->lead, .text = "test"});
    int refused = walk(floor, MACHINE_JOB, "job", made.subject_id,
                       (struct event){.actor = floor->system, .job_id = made.subject_id});
    g_assert_cmpint(refused, >, 30);
    floor_close(floor);
}

static void manifests(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    struct outcome made = floor_do(floor, (struct event){.kind = EV_MANIFEST_OPEN, .actor = floor->dock, .courier = "hct"});
    int refused = walk(floor, MACHINE_MANIFEST, "manifest", made.subject_id,
                       (struct event){.actor = floor->dock, .manifest_id = made.subject_id});
    g_assert_cmpint(refused, ==, 1);
    floor_close(floor);
}

static void runs(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t printer = floor_int(floor, "SELECT MIN(id) FROM printer", 0);
    struct outcome made = floor_do(floor, (struct event){.kind = EV_RUN_MAKE, .actor = floor->lead, .quantity = 50,
                                                         .text = "courier=hct", .printer_id = printer});
    int refused = walk(floor, MACHINE_RUN, "print_run", made.subject_id,
                       (struct event){.actor = floor->system, .run_id = made.subject_id});
    g_assert_cmpint(refused, ==, 11);
    floor_refused(floor, (struct event){.kind = EV_RUN_START, .actor = floor->packer, .run_id = made.subject_id},
                  ERR_FLOW_RIGHT);
    floor_close(floor);
}

static void submissions(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    struct outcome made = floor_do(floor, (struct event){.kind = EV_PRINT, .actor = floor->lead, .text = "test"});
    int64_t id = floor_submission(floor, made.subject_id);
    int refused = walk(floor, MACHINE_SUBMISSION, "submission", id,
                       (struct event){.actor = floor->system, .submission_id = id});
    g_assert_cmpint(refused, ==, 20);
    floor_close(floor);
}

static gboolean is_of(enum machine machine, enum state state)
{
    size_t count = 0;
    const enum state *states = flow_states(machine, &count);
    for (size_t i = 0; i < count; i++)
        if (states[i] == state)
            return TRUE;
    return FALSE;
}

/* No row leads out of a machine, and no state but the first can't be reached. */
static void tables_are_closed(void)
{
    for (enum machine machine = MACHINE_SHIPMENT; machine < MACHINE_COUNT; machine++) {
        size_t count = 0;
        const enum state *states = flow_states(machine, &count);
        for (enum state from = ST_NONE; from < ST_COUNT; from++)
            for (enum state to = ST_NEW; to < ST_COUNT; to++)
                if (flow_leads(machine, from, EV_NONE, to) && from != to)
                    g_assert_true(is_of(machine, to) && (from == ST_NONE || is_of(machine, from)));
        for (size_t i = 1; i < count; i++) {
            gboolean reached = FALSE;
            for (enum state from = ST_NONE; from < ST_COUNT; from++)
                reached = reached || (from != states[i] && flow_leads(machine, from, EV_NONE, states[i]));
            g_assert_true(reached);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/pairs/tables_are_closed", tables_are_closed);
    testdb_add("/pairs/shipments", shipments);
    testdb_add("/pairs/batches", batches);
    testdb_add("/pairs/jobs", jobs);
    testdb_add("/pairs/manifests", manifests);
    testdb_add("/pairs/runs", runs);
    testdb_add("/pairs/submissions", submissions);
    return g_test_run();
}

/* SPDX-License-Identifier: MIT
 *
 * Walks every (state, event) pair of every machine in memory, as tests/flow/pairs_test.c does on both engines: what the table
 * does not list is refused, in words, and changes nothing.
 */
#include <glib.h>
#include <string.h>

#include "core/sim/memory.h"

struct pairs {
    struct memory *memory;
    int refused;
};

static void pairs_open(struct pairs *pairs)
{
    GError *error = NULL;
    *pairs = (struct pairs){.memory = memory_new(&error)};
    g_assert_no_error(error);
    memory_printer(pairs->memory, 0);
}

/* A test may write a state; nothing else may. */
static enum state *state_of(struct memory *memory, enum table_id table, int64_t id)
{
    const struct row *row = row_find(memory->dossier, table, id);
    const struct table *of = table_of(table);
    for (size_t i = 0; i < of->count; i++)
        if (of->columns[i].kind == COLUMN_STATE)
            return column_at(&of->columns[i], row);
    g_assert_not_reached();
}

static void is_refused(struct pairs *pairs, enum state *state, struct event event)
{
    enum state before = *state;
    struct outcome outcome = memory_apply(pairs->memory, event);
    g_assert_cmpint(outcome.verdict, ==, VERDICT_REFUSED);
    g_assert_true(outcome.code == ERR_FLOW_STATE || outcome.code == ERR_FLOW_OUTBOUND || outcome.code == ERR_DOCK_CLOSED ||
                  outcome.code == ERR_RUN_STATE);
    g_assert_cmpstr(outcome.text, !=, "");
    g_assert_false(g_str_has_suffix(outcome.text, ": "));
    g_assert_cmpint(*state, ==, before);
    pairs->refused++;
}

static void walk(struct pairs *pairs, enum machine machine, enum table_id table, int64_t id, struct event event)
{
    size_t count = 0;
    const enum state *states = flow_states(machine, &count);
    enum state *state = state_of(pairs->memory, table, id);
    for (size_t i = 0; i < count; i++)
        for (enum event_kind kind = EV_RELEASE; kind < EV_COUNT; kind++) {
            *state = states[i];
            event.kind = kind;
            if (flow_event_machine(kind) == machine && !flow_makes(kind) && !flow_allows(machine, states[i], kind))
                is_refused(pairs, state, event);
        }
    memory_free(pairs->memory);
}

static void shipments(void)
{
    struct pairs pairs;
    pairs_open(&pairs);
    const struct memory_item item = {memory_product(pairs.memory, "MUG-RED", FALSE), 1, FALSE};
    const struct memory_order order = {.order = "1042", .courier = "hct", .items = &item, .count = 1};
    int64_t id = memory_order(pairs.memory, &order);
    walk(&pairs, MACHINE_SHIPMENT, TABLE_SHIPMENT, id,
         (struct event){.actor = pairs.memory->as[ROLE_LEAD], .shipment_id = id});
    g_assert_cmpint(pairs.refused, >, 100);
}

static int64_t made(struct pairs *pairs, enum role role, struct event event)
{
    event.actor = pairs->memory->as[role];
    struct outcome outcome = memory_apply(pairs->memory, event);
    g_assert_cmpint(outcome.verdict, ==, VERDICT_DONE);
    return outcome.subject_id;
}

static void batches(void)
{
    struct pairs pairs;
    pairs_open(&pairs);
    int64_t id = made(&pairs, ROLE_LEAD, (struct event){.kind = EV_BATCH_MAKE});
    walk(&pairs, MACHINE_BATCH, TABLE_BATCH, id, (struct event){.actor = pairs.memory->as[ROLE_LEAD], .batch_id = id});
    g_assert_cmpint(pairs.refused, >, 5);
}

static void jobs(void)
{
    struct pairs pairs;
    pairs_open(&pairs);
    int64_t id = made(&pairs, ROLE_LEAD, (struct event){.kind = EV_PRINT, .text = "test"});
    walk(&pairs, MACHINE_JOB, TABLE_JOB, id, (struct event){.actor = pairs.memory->as[ROLE_SYSTEM], .job_id = id});
    g_assert_cmpint(pairs.refused, >, 30);
}

static void manifests(void)
{
    struct pairs pairs;
    pairs_open(&pairs);
    int64_t id = made(&pairs, ROLE_DOCK, (struct event){.kind = EV_MANIFEST_OPEN, .courier = "hct"});
    walk(&pairs, MACHINE_MANIFEST, TABLE_MANIFEST, id,
         (struct event){.actor = pairs.memory->as[ROLE_DOCK], .manifest_id = id});
    g_assert_cmpint(pairs.refused, ==, 1);
}

static void runs(void)
{
    struct pairs pairs;
    pairs_open(&pairs);
    int64_t id = made(&pairs, ROLE_LEAD, (struct event){.kind = EV_RUN_MAKE, .text = "courier=hct", .quantity = 50});
    walk(&pairs, MACHINE_RUN, TABLE_RUN, id, (struct event){.actor = pairs.memory->as[ROLE_SYSTEM], .run_id = id});
    g_assert_cmpint(pairs.refused, ==, 11);
}

static void submissions(void)
{
    struct pairs pairs;
    pairs_open(&pairs);
    const struct printer *printer = printer_first(pairs.memory->dossier, 0);
    int64_t id = made(&pairs, ROLE_SYSTEM, (struct event){.kind = EV_SUBMISSION_MAKE, .printer_id = printer->id, .text = "u",
                                                          .quantity = printer_address(printer->host, printer->uri)});
    walk(&pairs, MACHINE_SUBMISSION, TABLE_SUBMISSION, id,
         (struct event){.actor = pairs.memory->as[ROLE_SYSTEM], .submission_id = id});
    g_assert_cmpint(pairs.refused, ==, 20);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/memory_pairs/shipments", shipments);
    g_test_add_func("/memory_pairs/batches", batches);
    g_test_add_func("/memory_pairs/jobs", jobs);
    g_test_add_func("/memory_pairs/manifests", manifests);
    g_test_add_func("/memory_pairs/runs", runs);
    g_test_add_func("/memory_pairs/submissions", submissions);
    return g_test_run();
}

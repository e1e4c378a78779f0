/* SPDX-License-Identifier: MIT
 *
 * What a lead does at the desk, at the real program: marks orders and makes a batch, gives it to somebody, prints ahead,
 * answers for a label nobody is sure of.
 */
#include <string.h>

#include "core/people/people.h"
#include "tests/support/seat.h"

struct desk_of_lead {
    struct testdb *test;
    struct floor *floor;
    struct pty *pty;
    int64_t shipment;
};

static void lead_opens(struct desk_of_lead *lead)
{
    GError *error = NULL;
    lead->test = testdb_new(DB_SQLITE);
    lead->floor = seat_floor(lead->test, 2, &lead->shipment);
    person_add(lead->floor->site, &lead->floor->system, "4002", "阿明", ROLE_PICKER, "4829", NULL, &error);
    g_assert_no_error(error);
    floor_release(lead->floor, floor_order(lead->floor, "SP-2000", "hct", FLOOR_ITEMS({"MUG-RED", 1})));
    floor_release(lead->floor, floor_order(lead->floor, "SP-2001", "hct", FLOOR_ITEMS({"MUG-RED", 1})));
    lead->pty = seat_open(lead->test, "bench-1");
    seat_sees(lead->pty, "SP-2001");
}

static void lead_closes(struct desk_of_lead *lead)
{
    seat_close(lead->pty);
    floor_close(lead->floor);
    testdb_free(lead->test);
}

/* Two marked orders in a batch, on the batches' screen. */
static void makes_a_batch(struct desk_of_lead *lead)
{
    pty_type(lead->pty, " ");
    pty_settle(lead->pty, 100);
    pty_type(lead->pty, " ");
    pty_settle(lead->pty, 100);
    seat_types(lead->pty, ":batch");
    seat_sees(lead->pty, "B0001");
    seat_comes_true(lead->floor, "SELECT COUNT(*) FROM shipment WHERE batch_id IS NOT NULL", 0, 2);
    pty_type(lead->pty, "\033OR");
    seat_sees(lead->pty, "Batches  ");
    seat_sees(lead->pty, "B0001");
}

static void marks_and_assigns(void)
{
    struct desk_of_lead lead;
    lead_opens(&lead);
    makes_a_batch(&lead);
    seat_types(lead.pty, ":assign");
    seat_sees(lead.pty, "scan the badge of the new owner");
    seat_scan(lead.pty, "4002");
    seat_sees(lead.pty, "阿明");
    seat_comes_true(lead.floor, "SELECT COUNT(*) FROM batch b JOIN person p ON p.id = b.person_id WHERE p.badge = '4002'", 0, 1);
    seat_types(lead.pty, ":free");
    seat_comes_true(lead.floor, "SELECT COUNT(*) FROM batch WHERE person_id IS NOT NULL", 0, 0);
    pty_type(lead.pty, "\r"); /* and works it */
    seat_sees(lead.pty, "Pick  ");
    seat_sees(lead.pty, SEAT_BIN);
    lead_closes(&lead);
}

static void prints_ahead(void)
{
    struct desk_of_lead lead;
    lead_opens(&lead);
    makes_a_batch(&lead);
    seat_types(lead.pty, ":run");
    seat_comes_true(lead.floor, "SELECT COUNT(*) FROM job WHERE run_id IS NOT NULL AND kind = 'waybill'", 0, 2);
    pty_type(lead.pty, "\033OQ");
    seat_sees(lead.pty, "Queue  ");
    pty_type(lead.pty, "\033[18~");
    seat_sees(lead.pty, "R0001");
    seat_types(lead.pty, ":pause");
    seat_sees(lead.pty, "paused");
    seat_types(lead.pty, ":cont");
    seat_sees_gone(lead.pty, "paused");
    lead_closes(&lead);
}

/* The shipment's label, packed and lost on its way. */
static int64_t lost_label(struct floor *floor, int64_t shipment)
{
    floor_pick_all(floor, shipment);
    floor_pack_all(floor, shipment);
    int64_t job = floor_int(floor, "SELECT id FROM job WHERE kind = 'waybill' AND shipment_id = $1", shipment);
    floor_of_job(floor, EV_JOB_LOST, job, floor_claim(floor, job));
    return job;
}

/* An answer is for the label that was looked at, also when somebody else answers for one above it meanwhile. */
static void answers_for_the_one_looked_at(void)
{
    struct desk_of_lead lead;
    lead_opens(&lead);
    struct floor *floor = lead.floor;
    int64_t first = lost_label(floor, lead.shipment);
    int64_t second = lost_label(floor, floor_int(floor, "SELECT id FROM shipment WHERE state = 'ready' ORDER BY id LIMIT 1", 0));
    lost_label(floor, floor_int(floor, "SELECT id FROM shipment WHERE state = 'ready' ORDER BY id LIMIT 1", 0));
    pty_type(lead.pty, "\033[18~");
    seat_sees(lead.pty, "did these come out? (3)");
    pty_type(lead.pty, "\033[B:y");
    seat_sees(lead.pty, "❯ :y"); /* what was pressed before is done, too */
    floor_do(floor, (struct event){.kind = EV_JOB_ANSWER, .actor = floor->lead, .job_id = first, .reason = "printed"});
    seat_sees(lead.pty, "did these come out? (2)");
    pty_type(lead.pty, "\r");
    seat_sees(lead.pty, "did these come out? (1)");
    seat_comes_true(floor, "SELECT COUNT(*) FROM job WHERE id = $1 AND state = 'answered'", second, 1);
    lead_closes(&lead);
}

/* The printer's answer is unknown: the person's is taken, once. */
static void answers_for_a_label(void)
{
    struct desk_of_lead lead;
    lead_opens(&lead);
    struct floor *floor = lead.floor;
    lost_label(floor, lead.shipment);
    pty_type(lead.pty, "\033[18~");
    seat_sees(lead.pty, "did these come out? (1)");
    seat_types(lead.pty, ":yes");
    seat_sees(lead.pty, "did these come out? (0)");
    seat_comes_true(floor, "SELECT COUNT(*) FROM job WHERE state IN ('printed', 'answered')", 0, 1);
    lead_closes(&lead);
}

/* A command is for the row the cursor is on, with what was typed behind it; the list under it stays where it is. */
static void holds_the_selected(void)
{
    struct desk_of_lead lead;
    lead_opens(&lead);
    pty_type(lead.pty, "\033[B\033[B");
    seat_types(lead.pty, ":h box is torn");
    seat_sees(lead.pty, "1 done");
    seat_comes_true(lead.floor,
                    "SELECT COUNT(*) FROM block b JOIN shipment s ON s.id = b.shipment_id JOIN sales_order o ON o.id = s.order_id "
                    "WHERE o.external_id = 'SP-2001' AND b.kind = 'held' AND b.reason = 'box is torn'",
                    0, 1);
    seat_types(lead.pty, ":only held");
    seat_sees(lead.pty, "only: held");
    seat_sees(lead.pty, "1-1 of 1");
    seat_types(lead.pty, ":unhold");
    seat_sees(lead.pty, "Nothing is like that");
    pty_type(lead.pty, "\033");
    seat_sees(lead.pty, "1-3 of 3");
    seat_types(lead.pty, ":hol"); /* hold: unhold begins otherwise */
    seat_comes_true(lead.floor, "SELECT COUNT(*) FROM block WHERE cleared_at IS NULL", 0, 1);
    seat_types(lead.pty, ":nonsense");
    seat_sees(lead.pty, "No such command here");
    lead_closes(&lead);
}

/* At the order: what is short is cancelled, or what is there goes without it. */
static void an_order_goes_without(void)
{
    struct desk_of_lead lead;
    lead_opens(&lead);
    struct floor *floor = lead.floor;
    floor_receive(floor, floor_int(floor, "SELECT id FROM product WHERE sku = 'TEA-OOL'", 0), 0,
                  floor_bin(floor, "C-01", 90), 5);
    int64_t shipment = floor_order(floor, "SP-3000", "hct", FLOOR_ITEMS({"MUG-RED", 1}, {"TEA-OOL", 2}));
    floor_release(floor, shipment);
    floor_do(floor, (struct event){.kind = EV_SHORT, .actor = floor->picker, .shipment_id = shipment, .reason = "gone",
                                   .task_id = floor_int(floor, "SELECT MAX(id) FROM pick_task WHERE shipment_id = $1", shipment)});
    floor_pick_all(floor, shipment);
    seat_types(lead.pty, "/SP-3000");
    seat_sees(lead.pty, "1-1 of 1");
    pty_type(lead.pty, "\r");
    seat_sees(lead.pty, "Order  ");
    seat_sees(lead.pty, "TEA-OOL");
    seat_types(lead.pty, ":split");
    seat_sees(lead.pty, "1 done");
    seat_comes_true(floor, "SELECT COUNT(*) FROM shipment WHERE id = $1 AND state = 'picked'", shipment, 1);
    seat_types(lead.pty, ":cancel-line NOPE");
    seat_sees(lead.pty, "There is no such line");
    seat_types(lead.pty, ":cancel-line TEA-OOL never comes");
    seat_comes_true(floor, "SELECT COUNT(*) FROM shipment_line WHERE shipment_id = $1 AND state = 'cancelled'", shipment, 1);
    lead_closes(&lead);
}

/* A filter stays when its line is done, and all that it lists go into a batch. */
static void batches_what_is_filtered(void)
{
    struct desk_of_lead lead;
    lead_opens(&lead);
    seat_types(lead.pty, "/sp-20");
    seat_sees(lead.pty, "only: sp-20");
    seat_types(lead.pty, ":all");
    seat_sees(lead.pty, "2 marked");
    pty_type(lead.pty, "\033OQ"); /* its own key once more loses nothing */
    pty_type(lead.pty, "\033OQ");
    seat_lets_settle(lead.pty);
    seat_sees(lead.pty, "2 marked");
    seat_types(lead.pty, ":batch");
    seat_sees(lead.pty, "Batch B0001: 2 orders");
    seat_comes_true(lead.floor,
                    "SELECT COUNT(*) FROM shipment s JOIN sales_order o ON o.id = s.order_id "
                    "WHERE s.batch_id IS NOT NULL AND o.external_id LIKE 'SP-20%'",
                    0, 2);
    lead_closes(&lead);
}

static void batches_the_next_ones(void)
{
    struct desk_of_lead lead;
    lead_opens(&lead);
    pty_type(lead.pty, "\033OR");
    seat_sees(lead.pty, "No batch is open");
    seat_types(lead.pty, ":next");
    seat_sees(lead.pty, "How many");
    seat_types(lead.pty, ":next 1 HCT");
    seat_sees(lead.pty, "Batch B0001: 1 orders");
    seat_types(lead.pty, ":next 1 HCT");
    seat_sees(lead.pty, "Batch B0002: 1 orders");
    seat_types(lead.pty, ":next 5 post");
    seat_sees(lead.pty, "PL-");
    seat_types(lead.pty, ":orders");
    seat_sees(lead.pty, "only: B0002"); /* the new one is selected */
    seat_sees(lead.pty, "1-1 of 1");
    pty_type(lead.pty, "\033OR");
    seat_sees(lead.pty, "Batches  ");
    pty_type(lead.pty, "\033[19~"); /* F8 is the stock on every list */
    seat_sees(lead.pty, "Stock and alerts  ");
    lead_closes(&lead);
}

/* Somebody else's running work is asked for first; Esc leaves it with him. */
static void takes_over_when_sure(void)
{
    struct desk_of_lead lead;
    lead_opens(&lead);
    makes_a_batch(&lead);
    seat_types(lead.pty, ":assign 4002");
    seat_sees(lead.pty, "阿明");
    floor_do(lead.floor, (struct event){.kind = EV_BATCH_START, .actor = lead.floor->lead,
                                        .batch_id = floor_int(lead.floor, "SELECT MIN(id) FROM batch", 0)});
    seat_sees(lead.pty, "running");
    seat_types(lead.pty, ":take");
    seat_sees(lead.pty, "阿明 is at work on B0001");
    pty_type(lead.pty, "\033");
    seat_sees_gone(lead.pty, "is at work");
    pty_type(lead.pty, "\033[21~"); /* F10 answers nothing now */
    seat_types(lead.pty, ":take");
    seat_sees(lead.pty, "阿明 is at work on B0001");
    g_assert_cmpint(floor_int(lead.floor, "SELECT COUNT(*) FROM batch b JOIN person p ON p.id = b.person_id WHERE p.badge = '4002'", 0),
                    ==, 1);
    pty_type(lead.pty, "\033[21~");
    seat_comes_true(lead.floor, "SELECT COUNT(*) FROM batch b JOIN person p ON p.id = b.person_id WHERE p.badge = '4001'", 0, 1);
    lead_closes(&lead);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lead/marks_and_assigns", marks_and_assigns);
    g_test_add_func("/lead/prints_ahead", prints_ahead);
    g_test_add_func("/lead/answers_for_a_label", answers_for_a_label);
    g_test_add_func("/lead/answers_for_the_one_looked_at", answers_for_the_one_looked_at);
    g_test_add_func("/lead/holds_the_selected", holds_the_selected);
    g_test_add_func("/lead/batches_what_is_filtered", batches_what_is_filtered);
    g_test_add_func("/lead/an_order_goes_without", an_order_goes_without);
    g_test_add_func("/lead/batches_the_next_ones", batches_the_next_ones);
    g_test_add_func("/lead/takes_over_when_sure", takes_over_when_sure);
    return g_test_run();
}

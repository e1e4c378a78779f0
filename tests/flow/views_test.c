/* SPDX-License-Identifier: MIT
 *
 * What the screens read, on both engines: the queue and its search, one order, batches, stock, the dock's
 * lists.
 */
#include <string.h>

#include "core/base/clock.h"
#include "core/print/run.h"
#include "core/view/batch.h"
#include "core/view/dock.h"
#include "core/view/order.h"
#include "core/view/queue.h"
#include "core/view/stock.h"
#include "tests/support/clock_manual.h"
#include "tests/support/floor.h"

enum { ORDERS = 450, MINUTE_MS = 60000 };
static const int64_t NOW_MS = 1763791380000;

/* Orders SP-0000 ...: every 10th held, every 7th short of stock. */
static void fill(struct floor *floor)
{
    int64_t mug = floor_product(floor, "MUG-RED", "4710000000017"), bin = floor_bin(floor, "A-01-1", 1);
    floor_product(floor, "TEA_100%", "4710000000024");
    floor_receive(floor, mug, 0, bin, 100000);
    for (int i = 0; i < ORDERS; i++) {
        char number[16];
        g_snprintf(number, sizeof number, "SP-%04d", i);
        int64_t id = floor_order(floor, number, i % 2 ? "hct" : "post",
                                 FLOOR_ITEMS({i % 7 ? "MUG-RED" : "TEA_100%", 2}));
        if (i % 10 == 0)
            floor_do(floor, (struct event){.kind = EV_BLOCK,
                                           .actor = floor->lead,
                                           .shipment_id = id,
                                           .block = BLOCK_HELD,
                                           .reason = "test"});
        else if (i % 7)
            floor_release(floor, id);
    }
}

static struct queue_view *ask(struct floor *floor, struct queue_question question)
{
    GError *error = NULL;
    struct queue_view *view = queue_view_load(floor->site, &question, &error);
    g_assert_no_error(error);
    return view;
}

static struct queue_question after(const struct queue_row *row, enum queue_from from)
{
    return (struct queue_question){
        .from = from, .cut_off_at = row->cut_off_at, .shipment_id = row->shipment_id};
}

/* Every row is met once, forwards and backwards, and the positions are right. */
static void pages(struct testdb *test)
{
    struct floor *floor = floor_open(test, "setup");
    fill(floor);
    GHashTable *seen = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    struct queue_question question = {.from = QUEUE_START};
    int64_t before = 0;
    for (;;) {
        struct queue_view *view = ask(floor, question);
        g_assert_cmpint(view->total, ==, ORDERS);
        g_assert_cmpint(view->before, ==, before);
        for (int i = 0; i < view->count; i++)
            g_hash_table_add(seen, g_memdup2(&view->rows[i].shipment_id, sizeof(int64_t)));
        gboolean end = view->before + view->count == view->total;
        before += view->count - 1;
        question = after(&view->rows[view->count - 1], QUEUE_AT);
        queue_view_free(view);
        if (end)
            break;
    }
    g_assert_cmpuint(g_hash_table_size(seen), ==, ORDERS);
    struct queue_view *last = ask(floor, (struct queue_question){.from = QUEUE_END});
    g_assert_cmpint(last->before + last->count, ==, ORDERS);
    struct queue_view *earlier = ask(floor, after(&last->rows[0], QUEUE_BEFORE));
    g_assert_cmpint(earlier->before + earlier->count, ==, last->before);
    queue_view_free(earlier);
    queue_view_free(last);
    g_hash_table_unref(seen);
    floor_close(floor);
}

static int64_t total(struct floor *floor, struct queue_question question)
{
    struct queue_view *view = ask(floor, question);
    int64_t rows = view->total;
    queue_view_free(view);
    return rows;
}

static int64_t found(struct floor *floor, const char *search)
{
    struct queue_question question = {.from = QUEUE_START};
    g_strlcpy(question.search, search, sizeof question.search);
    return total(floor, question);
}

static void searches(struct testdb *test)
{
    struct floor *floor = floor_open(test, "setup");
    fill(floor);
    g_assert_cmpint(found(floor, ""), ==, ORDERS);
    g_assert_cmpint(found(floor, "sp-0042"), ==, 1);
    g_assert_cmpint(found(floor, "SP-004"), ==, 10);
    g_assert_cmpint(found(floor, "nothing"), ==, 0);
    g_assert_cmpint(found(floor, "%"), ==, 0);
    g_assert_cmpint(found(floor, "_"), ==, 0);
    g_assert_cmpint(found(floor, "'; DROP TABLE shipment; --"), ==, 0);
    g_assert_cmpint(found(floor, "hct"), ==, ORDERS / 2);
    g_assert_cmpint(found(floor, "TEA_100%"), ==, (ORDERS + 6) / 7);
    g_assert_cmpint(found(floor, "tea_100%"), ==, (ORDERS + 6) / 7);
    g_assert_cmpint(total(floor, (struct queue_question){.only = QUEUE_BLOCKED, .block = BLOCK_HELD}), ==, ORDERS / 10);
    g_assert_cmpint(total(floor, (struct queue_question){.only = QUEUE_LATE}), >=, 0);
    struct queue_view *view = ask(floor, (struct queue_question){.from = QUEUE_START});
    g_assert_cmpint(view->counts.held, ==, ORDERS / 10);
    g_assert_cmpint(view->counts.total, ==, ORDERS);
    g_assert_cmpint(view->counts.by_state[ST_READY] + view->counts.by_state[ST_NEW], ==, ORDERS);
    queue_view_free(view);
    floor_close(floor);
}

static void one_order(struct testdb *test)
{
    GError *error = NULL;
    struct floor *floor = floor_open(test, "setup");
    int64_t mug = floor_product(floor, "MUG-RED", "4710000000017");
    floor_receive(floor, mug, 0, floor_bin(floor, "A-01-1", 1), 10);
    int64_t id = floor_order(floor, "SP-1", "hct", FLOOR_ITEMS({"MUG-RED", 2}));
    floor_release(floor, id);
    floor_do(floor, (struct event){.kind = EV_BLOCK,
                                   .actor = floor->lead,
                                   .shipment_id = id,
                                   .block = BLOCK_HELD,
                                   .reason = "look"});
    struct order_view *view = g_new(struct order_view, 1);
    g_assert_cmpint(order_view_load(floor->site, id, view, &error), ==, 1);
    g_assert_no_error(error);
    g_assert_cmpstr(view->ship.order, ==, "SP-1");
    g_assert_cmpint(view->line_count, ==, 1);
    g_assert_cmpstr(view->lines[0].bin, ==, "A-01-1");
    g_assert_cmpint(view->block_count, ==, 1);
    g_assert_cmpint(view->blocks[0].kind, ==, BLOCK_HELD);
    g_assert_cmpint(view->event_count, ==, 2); /* the release of its line is not told again */
    g_assert_cmpint(view->events[0].kind, ==, EV_BLOCK);
    g_assert_cmpint(view->events[1].kind, ==, EV_RELEASE);
    g_assert_cmpint(order_view_load(floor->site, 12345, view, &error), ==, 0);
    g_free(view);
    floor_close(floor);
}

static void batches_and_dock(struct testdb *test)
{
    GError *error = NULL;
    struct floor *floor = floor_open(test, "setup");
    int64_t mug = floor_product(floor, "MUG-RED", "4710000000017");
    floor_receive(floor, mug, 0, floor_bin(floor, "A-01-1", 1), 10);
    int64_t id = floor_order(floor, "SP-1", "hct", FLOOR_ITEMS({"MUG-RED", 2}));
    floor_release(floor, id);
    struct outcome made = floor_do(floor, (struct event){.kind = EV_BATCH_MAKE, .actor = floor->lead});
    floor_do(floor,
             (struct event){
                 .kind = EV_BATCH, .actor = floor->lead, .shipment_id = id, .batch_id = made.subject_id});
    struct batch_view *batches = batch_view_load(floor->site, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(batches->rows->len, ==, 1);
    const struct batch_row *row = &g_array_index(batches->rows, struct batch_row, 0);
    g_assert_cmpint(row->lines, ==, 1);
    g_assert_cmpint(row->shipments, ==, 1);
    g_assert_cmpint(row->expected_end_at, ==, 0);
    batch_view_free(batches);
    struct dock_view *dock = dock_view_load(floor->site, "hct", &error);
    g_assert_no_error(error);
    g_assert_cmpint(dock->count[DOCK_MISSING], ==, 0);
    g_free(dock);
    struct stock_view *stock = stock_view_load(floor->site, "", "mug", &error);
    g_assert_no_error(error);
    g_assert_cmpint(stock->count, ==, 1);
    g_assert_cmpint(stock->rows[0].on_hand, ==, 10);
    g_assert_cmpint(stock->rows[0].reserved, ==, 2);
    g_assert_cmpint(stock->rows[0].days_left, ==, -1);
    g_free(stock);
    floor_close(floor);
}

static struct run newest(struct floor *floor)
{
    GError *error = NULL;
    GArray *runs = runs_load(floor->site, 10, &error);
    g_assert_no_error(error);
    struct run run = g_array_index(runs, struct run, 0);
    g_array_unref(runs);
    return run;
}

/* How fast a run is, and when it ends at this rate: not known before the first label, nor while it rests. */
static void pace_of_runs(struct testdb *test)
{
    struct floor *floor = floor_open(test, "setup");
    struct clock_manual clock;
    struct run_made made;
    GError *error = NULL;
    clock_manual_init(&clock, NOW_MS);
    floor->tampered = TRUE; /* labels are said to be printed that no worker printed */
    floor->site->clock = &clock.clock;
    fill(floor);
    run_start(floor->site, &floor->lead, &(struct run_wish){.filter = "courier=hct"}, &made, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(newest(floor).labels_per_hour, ==, 0);
    g_assert_cmpint(newest(floor).ends_at, ==, 0);
    clock_manual_init(&clock, NOW_MS + 2 * MINUTE_MS);
    g_assert_true(db_exec(floor->site->db,
                          floor_sql("UPDATE job SET state = 'printed', changed_at = $1 WHERE kind = 'waybill' AND "
                                    "run_sequence <= 10"),
                          DB_ARGS(NOW_MS + MINUTE_MS), NULL, &error));
    struct run run = newest(floor);
    g_assert_cmpint(run.labels_per_hour, ==, 300); /* ten in two minutes */
    g_assert_cmpint(run.ends_at, ==, NOW_MS + 2 * MINUTE_MS + (run.labels - 10) * 12000);
    g_assert_true(run_pause(floor->site, &floor->lead, made.number, &error));
    g_assert_cmpint(newest(floor).ends_at, ==, 0);
    floor_close(floor);
}

/* Ten lines in the first ten minutes: the other ten take as long, not the hour that ten of the last hour would mean. */
static void pace_of_batches(void)
{
    struct batch_row row = {.state = ST_RUNNING, .started_at = NOW_MS - 10 * MINUTE_MS, .lines = 20, .lines_done = 10};
    batch_estimate(&row, NOW_MS);
    g_assert_cmpint(row.lines_per_hour, ==, 60);
    g_assert_cmpint(row.expected_end_at, ==, NOW_MS + 10 * MINUTE_MS);
    row.state = ST_READY;
    batch_estimate(&row, NOW_MS);
    g_assert_cmpint(row.expected_end_at, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/views/queue-pages", pages);
    testdb_add("/views/queue-search", searches);
    testdb_add("/views/order", one_order);
    testdb_add("/views/batches-dock-stock", batches_and_dock);
    testdb_add("/views/pace_of_runs", pace_of_runs);
    g_test_add_func("/views/pace_of_batches", pace_of_batches);
    return g_test_run();
}

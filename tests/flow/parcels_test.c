/* SPDX-License-Identifier: MIT
 *
 * Boxes, lots and papers where they are several: split shipments, their COD and their renewed waybills, lots that were
 * scanned by mistake, manifests that two docks open at once. On both engines.
 */
#include <glib.h>
#include <string.h>

#include "core/db/db.h"
#include "core/print/label_load.h"
#include "core/print/run.h"
#include "core/print/submission.h"
#include "core/site/journal.h"
#include "core/site/site_setting.h"
#include "tests/support/floor.h"

static int64_t line_of(struct floor *floor, int64_t shipment, int n)
{
    return floor_int(floor,
                     n == 0 ? "SELECT id FROM shipment_line WHERE shipment_id = $1 ORDER BY id LIMIT 1"
                            : "SELECT id FROM shipment_line WHERE shipment_id = $1 ORDER BY id DESC LIMIT 1",
                     shipment);
}

static struct event pack(struct floor *floor, int64_t shipment, int64_t line, int quantity)
{
    return (struct event){.kind = EV_PACK, .actor = floor->packer, .shipment_id = shipment, .line_id = line,
                          .quantity = quantity};
}

static struct event by_lead(struct floor *floor, enum event_kind kind, int64_t shipment)
{
    return (struct event){.kind = kind, .actor = floor->lead, .shipment_id = shipment, .reason = "test"};
}

/* Two lines of two, picked. */
static int64_t picked(struct floor *floor, const char *number)
{
    if (floor_int(floor, "SELECT COUNT(*) FROM product", 0) == 0) {
        floor_receive(floor, floor_product(floor, "MUG", NULL), 0, floor_bin(floor, "A-01", 1), 50);
        floor_receive(floor, floor_product(floor, "TEA", NULL), 0, floor_bin(floor, "A-02", 2), 50);
    }
    int64_t shipment = floor_order(floor, number, "hct", FLOOR_ITEMS({"MUG", 2}, {"TEA", 2}));
    floor_release(floor, shipment);
    floor_pick_all(floor, shipment);
    return shipment;
}

/* The first line is in a closed box of its own, the second is still to be packed. */
static int64_t split(struct floor *floor, const char *number)
{
    int64_t shipment = picked(floor, number);
    floor_do(floor, pack(floor, shipment, line_of(floor, shipment, 0), 2));
    floor_do(floor, by_lead(floor, EV_CLOSE_SPLIT, shipment));
    floor_is(floor, shipment, ST_PACKING);
    return shipment;
}

static void pack_rest(struct floor *floor, int64_t shipment)
{
    floor_do(floor, pack(floor, shipment, line_of(floor, shipment, 1), 2));
    floor_do(floor, (struct event){.kind = EV_CLOSE, .actor = floor->packer, .shipment_id = shipment});
}

static void apply_all(struct floor *floor, int64_t shipment)
{
    while (floor_int(floor, "SELECT COUNT(*) FROM parcel WHERE shipment_id = $1 AND state = 'packed'", shipment) > 0)
        floor_apply_label(floor, shipment);
}

/* A lead who presses twice: no second box, no second number. */
static void an_empty_box_is_not_closed(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t shipment = split(floor, "1042");
    floor_refused(floor, by_lead(floor, EV_CLOSE_SPLIT, shipment), ERR_PACK_NOTHING);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM parcel WHERE shipment_id = $1", shipment), ==, 1);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM waybill", 0), ==, 1);
    floor_close(floor);
}

/* What is in a closed box is not taken out by counting in another one. */
static void a_closed_box_keeps_its_goods(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t shipment = split(floor, "1042");
    struct event unpack = pack(floor, shipment, line_of(floor, shipment, 0), 1);
    unpack.kind = EV_UNPACK;
    floor_refused(floor, unpack, ERR_UNDO_NOTHING);
    g_assert_cmpint(floor_int(floor, "SELECT SUM(packed) FROM shipment_line WHERE shipment_id = $1", shipment), ==, 2);
    floor_close(floor);
}

/* The rest of a split order is cancelled when its first box stands labelled, or is gone. */
static void the_rest_is_cancelled(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t shipment = split(floor, "1042");
    apply_all(floor, shipment);
    struct event cancel = by_lead(floor, EV_CANCEL_LINE, shipment);
    cancel.line_id = line_of(floor, shipment, 1);
    floor_do(floor, cancel);
    floor_is(floor, shipment, ST_LABELLED);

    int64_t gone = split(floor, "1043");
    apply_all(floor, gone);
    floor_do(floor, floor_out(floor, gone));
    floor_is(floor, gone, ST_PACKING);
    cancel.shipment_id = gone;
    cancel.line_id = line_of(floor, gone, 1);
    cancel.key = 0;
    floor_do(floor, cancel);
    floor_is(floor, gone, ST_OUTBOUND);
    floor_close(floor);
}

/* --- short, and on as a split --------------------------------------------------------------------------- */

static int64_t task_of(struct floor *floor, int64_t shipment)
{
    return floor_int(floor, "SELECT id FROM pick_task WHERE shipment_id = $1 AND open = 1 ORDER BY id LIMIT 1", shipment);
}

/* Two mugs and five teas are wanted, and three teas were there: the rest waits. */
static int64_t short_of_tea(struct floor *floor, int64_t teas)
{
    floor_receive(floor, floor_product(floor, "TEA", NULL), 0, floor_bin(floor, "A-02", 2), 50);
    floor_receive(floor, floor_product(floor, "MUG", NULL), 0, floor_bin(floor, "A-01", 1), 50);
    int64_t shipment = floor_order(floor, "1042", "hct", FLOOR_ITEMS({"TEA", 5}, {"MUG", 2}));
    floor_release(floor, shipment);
    struct event pick = {.kind = EV_PICK, .actor = floor->picker, .shipment_id = shipment,
                         .task_id = task_of(floor, shipment), .quantity = teas};
    if (teas)
        floor_do(floor, pick);
    floor_do(floor, (struct event){.kind = EV_SHORT, .actor = floor->picker, .shipment_id = shipment,
                                   .task_id = pick.task_id, .reason = "gone"});
    floor_refused(floor, by_lead(floor, EV_SPLIT, shipment), ERR_SPLIT_TO_PICK);
    pick.task_id = task_of(floor, shipment);
    pick.quantity = 2;
    pick.key = 0;
    floor_do(floor, pick);
    floor_is(floor, shipment, ST_PICKING);
    return shipment;
}

static void tea_comes(struct floor *floor, int64_t shipment)
{
    int64_t tea = floor_int(floor, "SELECT id FROM product WHERE sku = 'TEA'", 0);
    floor_receive(floor, tea, 0, floor_bin(floor, "B-09", 9), 10);
    floor_release(floor, shipment);
}

static void send_all(struct floor *floor, int64_t shipment)
{
    int64_t box;
    struct event open = {.kind = EV_MANIFEST_OPEN, .actor = floor->dock, .courier = "hct"};
    int64_t manifest = floor_do(floor, open).subject_id;
    apply_all(floor, shipment);
    while ((box = floor_int(floor, "SELECT id FROM parcel WHERE shipment_id = $1 AND state = 'labelled' LIMIT 1", shipment)))
        floor_do(floor, (struct event){.kind = EV_OUT, .actor = floor->dock, .shipment_id = shipment, .parcel_id = box,
                                       .manifest_id = manifest});
}

/* A lead lets it go: what is there is packed and leaves by a packer's hand, what comes later follows in its own box. */
static void what_is_short_follows(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t shipment = short_of_tea(floor, 3), tea = line_of(floor, shipment, 0), mug = line_of(floor, shipment, 1);
    struct event split = by_lead(floor, EV_SPLIT, shipment);
    split.actor = floor->packer;
    floor_refused(floor, split, ERR_FLOW_RIGHT);
    floor_refused(floor, pack(floor, shipment, mug, 2), ERR_FLOW_STATE);
    floor_do(floor, by_lead(floor, EV_SPLIT, shipment));
    floor_is(floor, shipment, ST_PICKED);
    struct event close = {.kind = EV_CLOSE, .actor = floor->packer, .shipment_id = shipment};
    floor_do(floor, pack(floor, shipment, mug, 2));
    floor_refused(floor, close, ERR_PACK_INCOMPLETE); /* three teas are there */
    floor_do(floor, pack(floor, shipment, tea, 3));
    close.key = 0;
    floor_do(floor, close);
    floor_is(floor, shipment, ST_PACKING);
    send_all(floor, shipment);
    floor_is(floor, shipment, ST_PACKING);
    tea_comes(floor, shipment);
    floor_is(floor, shipment, ST_PACKING);
    floor_pick_all(floor, shipment);
    floor_is(floor, shipment, ST_PACKING);
    floor_do(floor, pack(floor, shipment, tea, 2));
    close.key = 0;
    floor_do(floor, close);
    floor_is(floor, shipment, ST_PACKED);
    send_all(floor, shipment);
    floor_is(floor, shipment, ST_OUTBOUND);
    g_assert_cmpint(floor_int(floor, "SELECT CAST(SUM(quantity) AS BIGINT) FROM stock_move WHERE kind = 'outbound'", 0), ==,
                    7);
    floor_close(floor);
}

/* It never comes: the rest of the line is cut off, what left stays what it was. */
static void the_rest_is_cut_off(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t shipment = short_of_tea(floor, 3), tea = line_of(floor, shipment, 0);
    floor_do(floor, by_lead(floor, EV_SPLIT, shipment));
    floor_do(floor, pack(floor, shipment, line_of(floor, shipment, 1), 2));
    floor_do(floor, pack(floor, shipment, tea, 3));
    floor_do(floor, (struct event){.kind = EV_CLOSE, .actor = floor->packer, .shipment_id = shipment});
    send_all(floor, shipment);
    tea_comes(floor, shipment);
    struct event cancel = by_lead(floor, EV_CANCEL_LINE, shipment);
    cancel.line_id = tea;
    floor_do(floor, cancel);
    floor_is(floor, shipment, ST_OUTBOUND);
    g_assert_cmpint(floor_int(floor, "SELECT quantity FROM shipment_line WHERE id = $1", tea), ==, 3);
    g_assert_cmpint(floor_int(floor, "SELECT CAST(SUM(reserved) AS BIGINT) FROM stock", 0), ==, 0);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM block WHERE cleared_at IS NULL", 0), ==, 0);
    floor_close(floor);
}

/* It comes before anything is packed: the order goes whole after all. Undone counts do not lose the way. */
static void goods_come_before_the_box(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t shipment = short_of_tea(floor, 0), mug = line_of(floor, shipment, 1);
    floor_do(floor, by_lead(floor, EV_SPLIT, shipment));
    floor_do(floor, pack(floor, shipment, mug, 1));
    struct event undo = pack(floor, shipment, mug, 1);
    undo.kind = EV_UNPACK;
    floor_do(floor, undo);
    tea_comes(floor, shipment);
    floor_pick_all(floor, shipment);
    floor_is(floor, shipment, ST_PICKED);
    floor_pack_all(floor, shipment);
    floor_is(floor, shipment, ST_PACKED);
    floor_close(floor);
}

static void goods_come_after_the_split(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t shipment = short_of_tea(floor, 3);
    floor_do(floor, by_lead(floor, EV_SPLIT, shipment));
    tea_comes(floor, shipment);
    floor_is(floor, shipment, ST_PICKING);
    floor_pick_all(floor, shipment);
    floor_pack_all(floor, shipment);
    send_all(floor, shipment);
    floor_is(floor, shipment, ST_OUTBOUND);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM parcel", 0), ==, 1);
    floor_close(floor);
}

static void nothing_picked_goes_nowhere(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    floor_receive(floor, floor_product(floor, "TEA", NULL), 0, floor_bin(floor, "A-02", 2), 5);
    int64_t shipment = floor_order(floor, "1", "hct", FLOOR_ITEMS({"TEA", 5}));
    floor_release(floor, shipment);
    floor_do(floor, (struct event){.kind = EV_SHORT, .actor = floor->picker, .shipment_id = shipment,
                                   .task_id = task_of(floor, shipment), .reason = "gone"});
    floor_refused(floor, by_lead(floor, EV_SPLIT, shipment), ERR_SPLIT_NOTHING);
    floor_is(floor, shipment, ST_PICKING);
    floor_close(floor);
}

/* --- paper of a box that is opened again ---------------------------------------------------------------- */

static int64_t jobs(struct floor *floor, const char *where)
{
    char *text = g_strdup_printf("SELECT COUNT(*) FROM job WHERE %s", where);
    int64_t n = floor_int(floor, text, 0);
    g_free(text);
    return n;
}

/* Closed, opened again, one taken out and put back, closed. */
static void repack(struct floor *floor, int64_t shipment)
{
    struct event take = pack(floor, shipment, line_of(floor, shipment, 1), 1), put = take;
    take.kind = EV_UNPACK;
    floor_do(floor, (struct event){.kind = EV_REOPEN, .actor = floor->packer, .shipment_id = shipment});
    floor_do(floor, take);
    floor_do(floor, put);
    floor_do(floor, (struct event){.kind = EV_CLOSE, .actor = floor->packer, .shipment_id = shipment});
}

/* The number stays, it is the same parcel for the same buyer; the paper that is out may list something else by now, so a
 * copy comes out that says it is one. What still waits for the printer will list what is in the box. */
static void a_reopened_box_gets_new_paper(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t shipment = picked(floor, "1042");
    floor_pack_all(floor, shipment);
    repack(floor, shipment);
    g_assert_cmpint(jobs(floor, "kind = 'waybill'"), ==, 1);
    floor_print_all(floor);
    repack(floor, shipment);
    g_assert_cmpint(jobs(floor, "kind = 'waybill' AND copy = 1 AND reason <> '' AND state = 'queued'"), ==, 1);
    repack(floor, shipment);
    g_assert_cmpint(jobs(floor, "kind = 'waybill'"), ==, 2);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM waybill", 0), ==, 1);
    floor_apply_label(floor, shipment);
    floor_is(floor, shipment, ST_LABELLED);
    floor_close(floor);
}

/* A box that was closed too early is opened again and takes the rest as well. */
static void a_split_is_put_together_again(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t shipment = split(floor, "1042"), line = line_of(floor, shipment, 1);
    struct event reopen = {.kind = EV_REOPEN, .actor = floor->packer, .shipment_id = shipment}, take;
    floor_do(floor, pack(floor, shipment, line, 1));
    floor_refused(floor, reopen, ERR_PACK_OPEN);
    take = pack(floor, shipment, line, 1);
    take.kind = EV_UNPACK;
    floor_do(floor, take);
    floor_do(floor, reopen);
    pack_rest(floor, shipment);
    floor_is(floor, shipment, ST_PACKED);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM waybill", 0), ==, 1);
    apply_all(floor, shipment);
    floor_is(floor, shipment, ST_LABELLED);
    floor_refused(floor, reopen, ERR_FLOW_STATE);
    floor_close(floor);
}

static int64_t ahead(struct floor *floor, const char *number)
{
    int64_t shipment = picked(floor, number);
    floor_do(floor, by_lead(floor, EV_PRINT_AHEAD, shipment));
    return shipment;
}

/* Paper that was made ahead lists the whole order: a box with a part of it needs its own. */
static void a_split_box_gets_its_own_list(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t whole = ahead(floor, "1"), part = ahead(floor, "2");
    floor_print_all(floor);
    floor_pack_all(floor, whole);
    g_assert_cmpint(jobs(floor, "state = 'queued'"), ==, 0);
    floor_do(floor, pack(floor, part, line_of(floor, part, 0), 2));
    floor_do(floor, by_lead(floor, EV_CLOSE_SPLIT, part));
    g_assert_cmpint(jobs(floor, "state = 'queued' AND copy = 1"), ==, 1);
    floor_close(floor);
}

static int pieces_on_paper(struct floor *floor, int64_t job_id)
{
    struct job job;
    GError *error = NULL;
    int pieces = 0;
    g_assert_cmpint(job_load(floor->site, job_id, &job, &error), ==, 1);
    struct label *label = label_load(floor->site, &job, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < label->rows->len; i++)
        pieces += ((const struct label_row *)g_ptr_array_index(label->rows, i))->quantity;
    label_free(label);
    return pieces;
}

/* Paper that comes out while its box is being packed lists what will be in it, not what was counted so far. */
static void paper_lists_what_will_be_there(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t shipment = ahead(floor, "1"), job = floor_int(floor, "SELECT id FROM job", 0);
    floor_do(floor, pack(floor, shipment, line_of(floor, shipment, 0), 1));
    g_assert_cmpint(pieces_on_paper(floor, job), ==, 4);
    floor_do(floor, by_lead(floor, EV_CLOSE_SPLIT, shipment));
    g_assert_cmpint(pieces_on_paper(floor, job), ==, 1);
    floor_close(floor);
}

/* A run that was cancelled took its labels with it: they come out when their boxes are closed, unflagged, at the bench. */
static void a_dropped_label_comes_out_at_the_bench(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t shipment = ahead(floor, "1"), job = floor_int(floor, "SELECT id FROM job", 0);
    floor_do(floor, (struct event){.kind = EV_JOB_DROP, .actor = floor->lead, .job_id = job});
    floor_pack_all(floor, shipment);
    g_assert_cmpint(jobs(floor, "state = 'queued' AND copy = 0 AND run_id IS NULL AND priority = 0"), ==, 1);
    g_assert_cmpint(jobs(floor, "1 = 1"), ==, 1);
    floor_close(floor);
}

/* A slip that is drawn elsewhere has a packing slip of ours all the same, once, and again when the box was repacked. */
static void a_foreign_slip_is_repacked(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    GError *error = NULL;
    g_assert_true(site_setting_set(floor->site, &floor->system, "slip_with_waybill", "1", &error));
    floor_receive(floor, floor_product(floor, "MUG", NULL), 0, floor_bin(floor, "A-01", 1), 50);
    int64_t shipment = floor_order(floor, "1042", "711", FLOOR_ITEMS({"MUG", 2}));
    testdb_script(floor->site->db, "UPDATE recipient SET store_code = '123456', store_name = 'X';"
                                   "UPDATE sales_order SET waybill_number = 'F00203257137'");
    floor_release(floor, shipment);
    floor_pick_all(floor, shipment);
    floor_pack_all(floor, shipment);
    floor_print_all(floor);
    repack(floor, shipment);
    g_assert_cmpint(jobs(floor, "kind = 'slip'"), ==, 2);
    g_assert_cmpint(jobs(floor, "kind <> 'slip'"), ==, 0);
    floor_close(floor);
}

/* The number an order brought is used up by its first paper; the next is one of ours. */
static void a_brought_number_is_used_once(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t shipment = picked(floor, "1042"), other = picked(floor, "1043");
    testdb_script(floor->site->db, "UPDATE sales_order SET waybill_number = '2250446752'");
    floor_pack_all(floor, shipment);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM waybill WHERE number = '2250446752'", 0), ==, 1);
    floor_do(floor, by_lead(floor, EV_RENEW, shipment));
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM waybill WHERE range_id IS NOT NULL AND state = 'assigned'", 0), ==,
                    1);
    floor_do(floor, pack(floor, other, line_of(floor, other, 0), 2));
    floor_refused(floor, by_lead(floor, EV_CLOSE_SPLIT, other), ERR_WAYBILL_TWICE); /* another order's stays refused */
    floor_close(floor);
}

/* A list that did not come out is printed once more as the list of its batch, not as a list of nothing. */
static void a_lost_list_is_the_same_list(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t batch = floor_do(floor, by_lead(floor, EV_BATCH_MAKE, 0)).subject_id, submission = site_id(floor->site);
    int64_t job = floor_do(floor, (struct event){.kind = EV_PRINT, .actor = floor->lead, .batch_id = batch,
                                                 .text = "pick_list"}).subject_id;
    char *sql = g_strdup_printf("INSERT INTO submission (id, uuid, printer_id, state, pages, at, changed_at) VALUES "
                                "(%" G_GINT64_FORMAT ", 'u', %" G_GINT64_FORMAT ", 'unknown', 1, 1, 1)",
                                submission, floor->printer_id);
    testdb_script(floor->site->db, sql);
    g_free(sql);
    floor_do(floor, (struct event){.kind = EV_JOB_CLAIM, .actor = floor->system, .job_id = job, .page = 1,
                                   .submission_id = submission});
    floor_do(floor, (struct event){.kind = EV_JOB_LOST, .actor = floor->system, .job_id = job});
    floor_do(floor, (struct event){.kind = EV_JOB_ANSWER, .actor = floor->lead, .job_id = job, .reason = "not-printed"});
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM job WHERE batch_id = $1 AND state = 'queued'", batch), ==, 1);
    floor_close(floor);
}

/* A run whose making was cut short goes on with what it has, numbered without holes. */
static void a_run_cut_short_is_numbered(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    GError *error = NULL;
    struct run_made made;
    picked(floor, "1"), picked(floor, "2");
    struct run_wish wish = {.filter = "courier=hct"};
    g_assert_true(run_start(floor->site, &floor->lead, &wish, &made, NULL, NULL, &error));
    testdb_script(floor->site->db, "UPDATE print_run SET labels = 0, state = 'paused';"
                                   "UPDATE job SET run_sequence = run_sequence * 3 WHERE run_sequence > 0");
    g_assert_true(run_resume(floor->site, &floor->lead, made.number, &error));
    g_assert_no_error(error);
    g_assert_cmpint(floor_int(floor, "SELECT labels FROM print_run", 0), ==, 2);
    g_assert_cmpint(floor_int(floor, "SELECT MAX(run_sequence) FROM job", 0), ==, 2);
    floor_close(floor);
}

/* The label of a box that is not closed: printed ahead, or opened again. Of one that has its label on. */
static void a_label_waits_for_its_box(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t shipment = ahead(floor, "1042");
    struct event apply = {.kind = EV_APPLY, .actor = floor->packer, .shipment_id = shipment,
                          .waybill_id = floor_int(floor, "SELECT id FROM waybill", 0)};
    floor_refused(floor, apply, ERR_FLOW_STATE); /* it is not even packed */
    floor_do(floor, pack(floor, shipment, line_of(floor, shipment, 0), 2));
    floor_refused(floor, apply, ERR_LABEL_OPEN);
    floor_do(floor, by_lead(floor, EV_CLOSE_SPLIT, shipment));
    floor_do(floor, apply);
    struct outcome again = floor_apply(floor, apply);
    g_assert_cmpint(again.code, ==, ERR_FLOW_STATE);
    char *number = floor_text(floor, "SELECT number FROM waybill WHERE id = $1", apply.waybill_id);
    g_assert_nonnull(strstr(again.text, number)); /* things are called what they are called on paper */
    /* a print job by its waybill */
    floor_print_all(floor);
    again = floor_apply(floor, (struct event){.kind = EV_JOB_RETRY, .actor = floor->lead,
                                              .job_id = floor_int(floor, "SELECT MIN(id) FROM job", 0)});
    g_assert_cmpint(again.code, ==, ERR_FLOW_STATE);
    g_assert_nonnull(strstr(again.text, number));
    g_free(number);
    pack_rest(floor, shipment);
    floor_close(floor);
}

static void set_cod(struct floor *floor, int64_t shipment, int64_t minor)
{
    struct event change = {.kind = EV_CHANGE, .actor = floor->system, .shipment_id = shipment, .cod_minor = minor};
    floor_do(floor, change);
}

/* The buyer pays once, however many boxes there are. */
static void cod_is_on_one_box(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t shipment = picked(floor, "1042");
    set_cod(floor, shipment, 150000);
    floor_do(floor, pack(floor, shipment, line_of(floor, shipment, 0), 2));
    floor_do(floor, by_lead(floor, EV_CLOSE_SPLIT, shipment));
    pack_rest(floor, shipment);
    g_assert_cmpint(floor_int(floor, "SELECT SUM(cod_minor) FROM waybill WHERE state = 'assigned'", 0), ==, 150000);
    apply_all(floor, shipment);
    floor_is(floor, shipment, ST_LABELLED);
    /* a new paper takes over what the old one had to collect */
    floor_do(floor, by_lead(floor, EV_RENEW, shipment));
    g_assert_cmpint(floor_int(floor, "SELECT SUM(cod_minor) FROM waybill WHERE state IN ('assigned', 'applied')", 0), ==,
                    150000);
    floor_close(floor);
}

/* A changed order goes on when every paper of it is new, not before. */
static void every_paper_of_a_changed_order_is_renewed(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t shipment = split(floor, "1042");
    pack_rest(floor, shipment);
    apply_all(floor, shipment);
    floor_is(floor, shipment, ST_LABELLED);
    struct event change = {.kind = EV_CHANGE, .actor = floor->system, .shipment_id = shipment, .cod_minor = 90000};
    change.recipient_id = floor_int(floor, "SELECT recipient_id FROM shipment WHERE id = $1", picked(floor, "1043"));
    floor_do(floor, change);
    floor_do(floor, by_lead(floor, EV_RENEW, shipment));
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM block WHERE shipment_id = $1 AND cleared_at IS NULL", shipment),
                    ==, 1);
    floor_do(floor, by_lead(floor, EV_RENEW, shipment));
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM block WHERE shipment_id = $1 AND cleared_at IS NULL", shipment),
                    ==, 0);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM waybill WHERE state = 'void'", 0), ==, 2);
    g_assert_cmpint(floor_int(floor, "SELECT SUM(cod_minor) FROM waybill WHERE state = 'assigned'", 0), ==, 90000);
    apply_all(floor, shipment);
    floor_is(floor, shipment, ST_LABELLED);
    floor_close(floor);
}

/* Taking the block off by hand does not let a label with the old amount leave. */
static void old_paper_does_not_leave(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t shipment = picked(floor, "1042");
    floor_pack_all(floor, shipment);
    apply_all(floor, shipment);
    set_cod(floor, shipment, 90000);
    struct event unblock = by_lead(floor, EV_UNBLOCK, shipment);
    unblock.block = BLOCK_CHANGED;
    floor_do(floor, unblock);
    floor_refused(floor, floor_out(floor, shipment), ERR_LABEL_CHANGED);
    floor_is(floor, shipment, ST_LABELLED);
    floor_close(floor);
}

/* --- lots ----------------------------------------------------------------------------------------------- */

static void a_lot_that_was_not_picked(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t milk = floor_product_with_lots(floor, "MILK", NULL);
    int64_t first = floor_lot(floor, milk, "L1", 20990101), second = floor_lot(floor, milk, "L2", 20990601);
    int64_t other = floor_lot(floor, milk, "L3", 20990901), bin = floor_bin(floor, "A-01", 1);
    floor_receive(floor, milk, first, bin, 2);
    floor_receive(floor, milk, second, bin, 9);
    int64_t shipment = floor_order(floor, "1042", "hct", FLOOR_ITEMS({"MILK", 3}));
    floor_release(floor, shipment);
    floor_pick_all(floor, shipment);
    struct event scan = pack(floor, shipment, line_of(floor, shipment, 0), 1);
    scan.lot_id = other;
    floor_refused(floor, scan, ERR_PACK_LOT_NOT_PICKED);
    scan.lot_id = second; /* one of it was picked, not two */
    floor_do(floor, scan);
    floor_refused(floor, scan, ERR_PACK_LOT_NOT_PICKED);
    scan.lot_id = first;
    scan.quantity = 2;
    floor_do(floor, scan);
    floor_do(floor, (struct event){.kind = EV_CLOSE, .actor = floor->packer, .shipment_id = shipment});
    floor_close(floor);
}

/* A code with a lot in it, on goods that are not kept by lots: the lot is not asked for and not written. */
static void a_lot_nobody_keeps(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t shipment = picked(floor, "1042");
    struct event scan = pack(floor, shipment, line_of(floor, shipment, 0), 2);
    scan.lot_id = floor_lot(floor, floor_int(floor, "SELECT id FROM product WHERE sku = 'MUG'", 0), "L1", 0);
    floor_do(floor, scan);
    g_assert_cmpint(floor_int(floor, "SELECT MAX(lot_id) FROM parcel_line", 0), ==, 0);
    floor_close(floor);
}

static void a_lot_that_expired_since(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t milk = floor_product_with_lots(floor, "MILK", NULL), lot = floor_lot(floor, milk, "L1", 20990101);
    floor_receive(floor, milk, lot, floor_bin(floor, "A-01", 1), 2);
    int64_t shipment = floor_order(floor, "1042", "hct", FLOOR_ITEMS({"MILK", 1}));
    floor_release(floor, shipment);
    GError *error = NULL;
    g_assert_true(db_exec(floor->site->db, floor_sql("UPDATE lot SET expires_on = 20200101 WHERE id = $1"),
                          DB_ARGS(lot), NULL, &error));
    struct event pick = {.kind = EV_PICK, .actor = floor->picker, .shipment_id = shipment, .quantity = 1};
    pick.task_id = floor_int(floor, "SELECT id FROM pick_task WHERE shipment_id = $1", shipment);
    floor_refused(floor, pick, ERR_PICK_EXPIRED);
    floor_close(floor);
}

/* --- undo after a short pick ---------------------------------------------------------------------------- */

/* What was picked before the rest was missing stays picked: the task is closed, its reservation is given back. */
static void a_short_pick_is_not_undone(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t mug = floor_product(floor, "MUG", NULL);
    floor_receive(floor, mug, 0, floor_bin(floor, "A-01", 1), 5);
    int64_t shipment = floor_order(floor, "1042", "hct", FLOOR_ITEMS({"MUG", 5}));
    floor_release(floor, shipment);
    int64_t task = floor_int(floor, "SELECT id FROM pick_task WHERE shipment_id = $1", shipment);
    struct event pick = {.kind = EV_PICK, .actor = floor->picker, .shipment_id = shipment, .task_id = task, .quantity = 2};
    floor_do(floor, pick);
    pick.kind = EV_SHORT;
    pick.reason = "empty";
    floor_do(floor, pick);
    pick.kind = EV_UNPICK;
    floor_refused(floor, pick, ERR_UNDO_NOTHING);
    g_assert_cmpint(floor_int(floor, "SELECT SUM(reserved) FROM stock", 0), ==, 0);
    g_assert_cmpint(floor_int(floor, "SELECT SUM(picked) FROM shipment_line WHERE shipment_id = $1", shipment), ==, 2);
    floor_close(floor);
}

/* --- manifests ------------------------------------------------------------------------------------------ */

static void two_docks_open_one_manifest(struct testdb *test)
{
    struct floor *one = floor_open(test, "dock 1"), *two = floor_open(test, "dock 2");
    struct event open = {.kind = EV_MANIFEST_OPEN, .actor = one->dock, .courier = "hct"};
    int64_t first = floor_do(one, open).subject_id;
    open.key = 0;
    g_assert_cmpint(floor_do(two, open).subject_id, ==, first);
    g_assert_cmpint(floor_int(one, "SELECT COUNT(*) FROM manifest", 0), ==, 1);
    floor_close(one);
    floor_close(two);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/parcels/an_empty_box_is_not_closed", an_empty_box_is_not_closed);
    testdb_add("/parcels/a_closed_box_keeps_its_goods", a_closed_box_keeps_its_goods);
    testdb_add("/parcels/the_rest_is_cancelled", the_rest_is_cancelled);
    testdb_add("/parcels/cod_is_on_one_box", cod_is_on_one_box);
    testdb_add("/parcels/every_paper_is_renewed", every_paper_of_a_changed_order_is_renewed);
    testdb_add("/parcels/old_paper_does_not_leave", old_paper_does_not_leave);
    testdb_add("/parcels/a_lot_that_was_not_picked", a_lot_that_was_not_picked);
    testdb_add("/parcels/a_lot_nobody_keeps", a_lot_nobody_keeps);
    testdb_add("/parcels/a_lot_that_expired_since", a_lot_that_expired_since);
    testdb_add("/parcels/a_short_pick_is_not_undone", a_short_pick_is_not_undone);
    testdb_add("/parcels/two_docks_open_one_manifest", two_docks_open_one_manifest);
    testdb_add("/parcels/what_is_short_follows", what_is_short_follows);
    testdb_add("/parcels/the_rest_is_cut_off", the_rest_is_cut_off);
    testdb_add("/parcels/goods_come_before_the_box", goods_come_before_the_box);
    testdb_add("/parcels/goods_come_after_the_split", goods_come_after_the_split);
    testdb_add("/parcels/nothing_picked_goes_nowhere", nothing_picked_goes_nowhere);
    testdb_add("/parcels/a_reopened_box_gets_new_paper", a_reopened_box_gets_new_paper);
    testdb_add("/parcels/a_split_is_put_together_again", a_split_is_put_together_again);
    testdb_add("/parcels/a_split_box_gets_its_own_list", a_split_box_gets_its_own_list);
    testdb_add("/parcels/paper_lists_what_will_be_there", paper_lists_what_will_be_there);
    testdb_add("/parcels/a_dropped_label_comes_out_at_the_bench", a_dropped_label_comes_out_at_the_bench);
    testdb_add("/parcels/a_foreign_slip_is_repacked", a_foreign_slip_is_repacked);
    testdb_add("/parcels/a_brought_number_is_used_once", a_brought_number_is_used_once);
    testdb_add("/parcels/a_lost_list_is_the_same_list", a_lost_list_is_the_same_list);
    testdb_add("/parcels/a_run_cut_short_is_numbered", a_run_cut_short_is_numbered);
    testdb_add("/parcels/a_label_waits_for_its_box", a_label_waits_for_its_box);
    return g_test_run();
}

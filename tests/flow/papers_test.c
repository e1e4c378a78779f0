/* SPDX-License-Identifier: MIT
 *
 * Papers of boxes: of one that is opened again, of one that has a part of its order, renewed ones, their numbers and
 * their COD. On both engines.
 */
#include <glib.h>
#include <string.h>

#include "core/db/rows.h"
#include "core/print/label_load.h"
#include "core/print/run.h"
#include "core/site/site_setting.h"
#include "tests/support/boxes.h"

/* --- of a box that is opened again ---------------------------------------------------------------------- */

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
    struct event take = pack(floor, shipment, line_at(floor, shipment, 1), 1), put = take;
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

/* --- what is on it -------------------------------------------------------------------------------------- */

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
    floor_do(floor, pack(floor, part, line_at(floor, part, 0), 2));
    floor_do(floor, by_lead(floor, EV_CLOSE_SPLIT, part));
    g_assert_cmpint(jobs(floor, "state = 'queued' AND copy = 1"), ==, 1);
    floor_close(floor);
}

static int pieces_of(const struct label *label)
{
    int pieces = 0;
    for (guint i = 0; i < label->rows->len; i++)
        pieces += ((const struct label_row *)g_ptr_array_index(label->rows, i))->quantity;
    return pieces;
}

static int pieces_on_paper(struct floor *floor, int64_t job_id)
{
    struct job job;
    GError *error = NULL;
    g_assert_cmpint(job_load(floor->site, job_id, &job, &error), ==, 1);
    struct label *label = label_load(floor->site, &job, &error);
    g_assert_no_error(error);
    int pieces = pieces_of(label);
    label_free(label);
    return pieces;
}

/* Paper that comes out while its box is being packed lists what will be in it, not what was counted so far. */
static void paper_lists_what_will_be_there(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t shipment = ahead(floor, "1"), job = floor_int(floor, "SELECT id FROM job", 0);
    floor_do(floor, pack(floor, shipment, line_at(floor, shipment, 0), 1));
    g_assert_cmpint(pieces_on_paper(floor, job), ==, 4);
    floor_do(floor, by_lead(floor, EV_CLOSE_SPLIT, shipment));
    g_assert_cmpint(pieces_on_paper(floor, job), ==, 1);
    floor_close(floor);
}

static GArray *all_jobs(struct floor *floor)
{
    g_autoptr(GArray) ids =
        rows_ints(db_query(floor->site->db, floor_sql("SELECT id FROM job ORDER BY id"), DB_NO_ARGS, NULL), NULL);
    GArray *jobs = g_array_new(FALSE, FALSE, sizeof(struct job));
    for (guint i = 0; i < ids->len; i++) {
        struct job job;
        g_assert_cmpint(job_load(floor->site, g_array_index(ids, int64_t, i), &job, NULL), ==, 1);
        g_array_append_val(jobs, job);
    }
    return jobs;
}

/* A submission's labels are asked for together: those that lack their goods once more. One that is void spoils no other. */
static void a_submission_is_loaded_at_once(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    GError *error = NULL;
    for (int i = 0; i < 6; i++) {
        g_autofree char *number = g_strdup_printf("%d", i);
        int64_t shipment = ahead(floor, number);
        if (i == 0)
            floor_pack_all(floor, shipment);
    }
    g_autoptr(GArray) list = all_jobs(floor);
    g_assert_cmpuint(list->len, ==, 6);
    g_assert_true(db_exec(floor->site->db,
                          floor_sql("UPDATE waybill SET state = 'void' WHERE id = (SELECT MAX(id) FROM waybill)"),
                          DB_NO_ARGS, NULL, &error));
    uint64_t before = db_round_trips(floor->site->db);
    g_autoptr(labels) labels = labels_load(floor->site, list, &error);
    g_assert_no_error(error);
    if (test->engine == DB_POSTGRES)
        g_assert_cmpuint(db_round_trips(floor->site->db) - before, <=, 2);
    for (guint i = 0; i < list->len; i++) {
        g_autoptr(label) label = labels_take(labels, i, &error);
        g_assert_true((label != NULL) == (i < 5));
        g_assert_cmpint(label ? pieces_of(label) : 4, ==, 4);
    }
    g_assert_cmpint(err_code(error), ==, ERR_LABEL_VOID);
    g_clear_error(&error);
    floor->tampered = TRUE;
    floor_close(floor);
}

/* A link that is lost while they are asked for is made anew, and nothing of what was asked stays open on it. */
static void a_lost_link_loses_no_label(struct testdb *test)
{
    GError *error = NULL;
    if (test->engine == DB_SQLITE)
        return; /* no link */
    struct floor *floor = floor_open(test, "station 1");
    int64_t shipment = ahead(floor, "1");
    g_autoptr(GArray) list = all_jobs(floor);
    struct db *other = testdb_open(test);
    testdb_int(other, "SELECT COUNT(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity "
                      "WHERE datname = current_database() AND pid <> pg_backend_pid()");
    db_close(other);
    g_autoptr(labels) labels = labels_load(floor->site, list, &error);
    g_assert_no_error(error);
    g_autoptr(label) label = labels_take(labels, 0, &error);
    g_assert_no_error(error);
    g_assert_cmpint(pieces_of(label), ==, 4);
    floor_pack_all(floor, shipment);
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

/* The label of a box that is not closed: printed ahead, or opened again. Of one that has its label on. */
static void a_label_waits_for_its_box(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t shipment = ahead(floor, "1042");
    struct event apply = {.kind = EV_APPLY, .actor = floor->packer, .shipment_id = shipment,
                          .waybill_id = floor_int(floor, "SELECT id FROM waybill", 0)};
    floor_refused(floor, apply, ERR_FLOW_STATE); /* it is not even packed */
    floor_do(floor, pack(floor, shipment, line_at(floor, shipment, 0), 2));
    floor_refused(floor, apply, ERR_LABEL_OPEN);
    floor_do(floor, by_lead(floor, EV_CLOSE_SPLIT, shipment));
    floor_refused(floor, apply, ERR_LABEL_UNSENT); /* a number without a paper */
    floor_print(floor, shipment);
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

/* --- numbers, lists, runs ------------------------------------------------------------------------------- */

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
    floor_do(floor, pack(floor, other, line_at(floor, other, 0), 2));
    floor_refused(floor, by_lead(floor, EV_CLOSE_SPLIT, other), ERR_WAYBILL_TWICE); /* another order's stays refused */
    floor_close(floor);
}

/* A list that did not come out is printed once more as the list of its batch, not as a list of nothing. */
static void a_lost_list_is_the_same_list(struct testdb *test)
{
    struct floor *floor = floor_open(test, "station 1");
    int64_t batch = floor_do(floor, by_lead(floor, EV_BATCH_MAKE, 0)).subject_id;
    int64_t job = floor_do(floor, (struct event){.kind = EV_PRINT, .actor = floor->lead, .batch_id = batch,
                                                 .text = "pick_list"}).subject_id;
    floor_of_job(floor, EV_JOB_LOST, job, floor_claim(floor, job));
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
    testdb_script(floor->site->db, "UPDATE print_run SET state = 'paused'");
    floor->by_hand = TRUE; /* nobody paused it */
    g_assert_true(run_resume(floor->site, &floor->lead, made.number, &error));
    g_assert_no_error(error);
    g_assert_cmpint(floor_int(floor, "SELECT labels FROM print_run", 0), ==, 2);
    g_assert_cmpint(floor_int(floor, "SELECT MAX(run_sequence) FROM job", 0), ==, 2);
    floor_close(floor);
}

/* --- COD and changed orders ----------------------------------------------------------------------------- */

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
    floor_do(floor, pack(floor, shipment, line_at(floor, shipment, 0), 2));
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

/* Paper of a waybill that is void by now is not queued again: neither what was lost nor what was dropped. And a copy says why
 * there is one, whoever asks for it. */
static void void_paper_stays_away(struct testdb *test)
{
    struct floor *floor = floor_open(test, "paper");
    floor_receive(floor, floor_product(floor, "MUG-RED", NULL), 0, floor_bin(floor, "A-01-1", 1), 10);
    int64_t shipment = floor_order(floor, "1042", "hct", FLOOR_ITEMS({"MUG-RED", 1}));
    floor_release(floor, shipment);
    floor_do(floor, by_lead(floor, EV_PRINT_AHEAD, shipment));
    int64_t lost = floor_int(floor, "SELECT id FROM job", 0);
    floor_do(floor, by_lead(floor, EV_RENEW, shipment));
    floor_refused(floor, (struct event){.kind = EV_JOB_RETRY, .actor = floor->lead, .job_id = lost}, ERR_LABEL_VOID);
    int64_t second = floor_int(floor, "SELECT id FROM job WHERE state = 'queued'", 0);
    floor_of_job(floor, EV_JOB_LOST, second, floor_claim(floor, second));
    floor_do(floor, by_lead(floor, EV_RENEW, shipment));
    int64_t jobs = floor_int(floor, "SELECT COUNT(*) FROM job", 0);
    floor_do(floor, (struct event){.kind = EV_JOB_ANSWER, .actor = floor->lead, .job_id = second, .reason = "not-printed"});
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM job", 0), ==, jobs);
    floor_do(floor, (struct event){.kind = EV_REPRINT, .actor = floor->lead, .shipment_id = shipment});
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM job WHERE copy > 0 AND reason = 'reprint'", 0), ==, 1);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/papers/cod_is_on_one_box", cod_is_on_one_box);
    testdb_add("/papers/every_paper_is_renewed", every_paper_of_a_changed_order_is_renewed);
    testdb_add("/papers/old_paper_does_not_leave", old_paper_does_not_leave);
    testdb_add("/papers/a_reopened_box_gets_new_paper", a_reopened_box_gets_new_paper);
    testdb_add("/papers/a_split_box_gets_its_own_list", a_split_box_gets_its_own_list);
    testdb_add("/papers/paper_lists_what_will_be_there", paper_lists_what_will_be_there);
    testdb_add("/papers/a_submission_is_loaded_at_once", a_submission_is_loaded_at_once);
    testdb_add("/papers/a_lost_link_loses_no_label", a_lost_link_loses_no_label);
    testdb_add("/papers/a_dropped_label_comes_out_at_the_bench", a_dropped_label_comes_out_at_the_bench);
    testdb_add("/papers/a_foreign_slip_is_repacked", a_foreign_slip_is_repacked);
    testdb_add("/papers/a_brought_number_is_used_once", a_brought_number_is_used_once);
    testdb_add("/papers/a_lost_list_is_the_same_list", a_lost_list_is_the_same_list);
    testdb_add("/papers/a_run_cut_short_is_numbered", a_run_cut_short_is_numbered);
    testdb_add("/papers/a_label_waits_for_its_box", a_label_waits_for_its_box);
    testdb_add("/papers/void_paper_stays_away", void_paper_stays_away);
    return g_test_run();
}

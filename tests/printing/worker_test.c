/* SPDX-License-Identifier: MIT
 *
 * The worker against a folder, on both engines: what is packed comes out, once.
 */
#include <glib/gstdio.h>
#include <string.h>

#include "core/print/submission.h"
#include "core/site/site_setting.h"
#include "tests/support/paper_room.h"

static void a_label_comes_out(struct testdb *test)
{
    struct paper_room room;
    paper_room_open(&room, test);
    int64_t shipment = paper_packed(room.floor, 1);
    paper_room_work(&room);
    char *number = paper_room_number(&room, shipment);
    GHashTable *read = paper_read(room.paper);
    g_assert_cmpuint(paper_count(read, number), ==, 1);
    g_assert_cmpint(paper_jobs(room.floor, "printed"), ==, 1);
    g_assert_cmpint(floor_int(room.floor, "SELECT COUNT(*) FROM waybill WHERE state = 'printed'", 0), ==, 1);
    GPtrArray *files = paper_files(room.paper);
    g_assert_cmpuint(files->len, ==, 1);
    g_assert_nonnull(strstr(g_ptr_array_index(files, 0), number));
    g_ptr_array_unref(files);
    floor_apply_label(room.floor, shipment);
    /* A copy says so, and is one paper more. */
    floor_do(room.floor,
             (struct event){
                 .kind = EV_REPRINT, .actor = room.floor->packer, .shipment_id = shipment, .reason = "torn"});
    paper_room_work(&room);
    g_hash_table_unref(read);
    read = paper_read(room.paper);
    g_assert_cmpuint(paper_count(read, number), ==, 2);
    g_hash_table_unref(read);
    g_free(number);
    paper_room_close(&room);
}

/* Between the commit that it may be sent and the one that it was: looked up by name, never sent again. */
static void unknown_is_asked(struct testdb *test)
{
    struct paper_room room;
    paper_room_open(&room, test);
    struct site *site = room.floor->site;
    int64_t shipment = paper_packed(room.floor, 1), job_id = floor_int(room.floor, "SELECT id FROM job", 0);
    GError *error = NULL;
    char *uuid = paper_sealed(room.floor), *half = g_strdup_printf("%s/1-%s.pdf.part", room.paper, uuid);
    g_assert_true(g_mkdir_with_parents(room.paper, 0700) == 0 && g_file_set_contents(half, "%PDF", -1, NULL));
    paper_room_work(&room);
    g_assert_false(g_file_test(half, G_FILE_TEST_EXISTS)); /* half a label, with a name on it */
    g_free(half);
    g_free(uuid);
    GPtrArray *files = paper_files(room.paper);
    g_assert_cmpuint(files->len, ==, 0);
    g_ptr_array_unref(files);
    g_assert_cmpint(paper_jobs(room.floor, "unknown"), ==, 1);
    GArray *unsure = jobs_unsure(site, 10, &error);
    g_assert_cmpuint(unsure->len, ==, 1);
    g_array_unref(unsure);
    /* A person looks: it is not there. The copy says that it is one. */
    g_assert_true(job_answer(site, &room.floor->lead, job_id, "not-printed", &error));
    paper_room_work(&room);
    char *number = paper_room_number(&room, shipment);
    GHashTable *read = paper_read(room.paper);
    g_assert_cmpuint(paper_count(read, number), ==, 1);
    g_assert_cmpint(floor_int(room.floor, "SELECT MAX(copy) FROM job", 0), ==, 1);
    g_hash_table_unref(read);
    g_free(number);
    paper_room_close(&room);
}

/* Killed while it put a submission together: nothing was sent, so it simply comes out. */
static void unsent_goes_on(struct testdb *test)
{
    struct paper_room room;
    paper_room_open(&room, test);
    paper_packed(room.floor, 1);
    struct submission submission;
    paper_claimed(room.floor, &submission);
    paper_room_work(&room);
    paper_room_each_once(&room, 1);
    g_assert_cmpint(paper_jobs(room.floor, "printed"), ==, 1);
    paper_room_close(&room);
}

/* What can't be drawn fails by itself and holds nobody up. */
static void one_bad_label(struct testdb *test)
{
    struct paper_room room;
    paper_room_open(&room, test);
    int64_t bad = paper_packed(room.floor, 1);
    room.floor->by_hand = TRUE;
    char *sql = g_strdup_printf("UPDATE shipment SET cod_minor = 100 WHERE id = %" G_GINT64_FORMAT, bad);
    testdb_script(room.floor->site->db, sql);
    paper_packed(room.floor, 2);
    paper_room_work(&room);
    g_assert_cmpint(paper_jobs(room.floor, "failed"), ==, 1);
    g_assert_cmpint(paper_jobs(room.floor, "printed"), ==, 1);
    paper_room_each_once(&room, 1);
    g_free(sql);
    paper_room_close(&room);
}

static void sheets_come_out(struct testdb *test)
{
    struct paper_room room;
    paper_room_open(&room, test);
    struct event sheet = {.kind = EV_PRINT, .actor = room.floor->lead, .printer_id = room.floor->printer_id};
    sheet.text = "bench_card";
    floor_do(room.floor, sheet);
    sheet.text = "badge";
    sheet.person_id = room.floor->packer.person_id;
    floor_do(room.floor, sheet);
    sheet.text = "test";
    floor_do(room.floor, sheet);
    int64_t shipment = paper_released(room.floor, 1);
    struct outcome batch =
        floor_do(room.floor, (struct event){.kind = EV_BATCH_MAKE, .actor = room.floor->lead});
    floor_do(room.floor, (struct event){.kind = EV_BATCH,
                                        .actor = room.floor->lead,
                                        .shipment_id = shipment,
                                        .batch_id = batch.subject_id});
    char *number = floor_text(room.floor, "SELECT number FROM batch WHERE id = $1", batch.subject_id);
    char *filter = g_strdup_printf("batch=%s", number);
    struct run_made made;
    paper_room_run(&room, filter, 0, &made);
    paper_room_work(&room);
    g_assert_cmpint(paper_jobs(room.floor, "printed"), ==, 5);
    GHashTable *read = paper_read(room.paper);
    g_assert_cmpuint(paper_count(read, "4710000000017"), ==, 1); /* the pick list's row */
    g_hash_table_unref(read);
    g_free(filter);
    g_free(number);
    paper_room_close(&room);
}

/* The slip comes out with its waybill, behind it; nobody's name is in what the folder or the log calls it. */
static void a_slip_comes_along(struct testdb *test)
{
    struct paper_room room;
    paper_room_open(&room, test);
    GError *error = NULL;
    g_assert_true(site_setting_set(room.floor->site, &room.floor->lead, "slip_with_waybill", "1", &error));
    paper_packed(room.floor, 1);
    g_assert_cmpint(paper_jobs(room.floor, "queued"), ==, 2);
    paper_room_work(&room);
    g_assert_cmpint(paper_jobs(room.floor, "printed"), ==, 2);
    g_assert_cmpint(floor_int(room.floor, "SELECT MAX(pages) FROM submission", 0), ==, 2);
    GPtrArray *files = paper_files(room.paper);
    g_assert_cmpuint(files->len, ==, 1);
    g_assert_null(strstr(g_ptr_array_index(files, 0), "王"));
    g_ptr_array_unref(files);
    paper_room_each_once(&room, 1);
    paper_room_close(&room);
}

/* The order changed after the waybill was queued: what is on paper would be wrong, so it does not come out. */
static void a_void_waybill_stays_in(struct testdb *test)
{
    struct paper_room room;
    paper_room_open(&room, test);
    int64_t shipment = paper_packed(room.floor, 1);
    floor_do(room.floor,
             (struct event){
                 .kind = EV_RENEW, .actor = room.floor->lead, .shipment_id = shipment, .reason = "address"});
    paper_room_work(&room);
    char *number = paper_room_number(&room, shipment);
    GHashTable *read = paper_read(room.paper);
    g_assert_cmpuint(paper_count(read, number), ==, 1);
    paper_room_each_once(&room, 1);
    g_hash_table_unref(read);
    g_free(number);
    paper_room_close(&room);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/printing/worker/a label comes out", a_label_comes_out);
    testdb_add("/printing/worker/unknown is asked", unknown_is_asked);
    testdb_add("/printing/worker/unsent goes on", unsent_goes_on);
    testdb_add("/printing/worker/one bad label", one_bad_label);
    testdb_add("/printing/worker/sheets come out", sheets_come_out);
    testdb_add("/printing/worker/a slip comes along", a_slip_comes_along);
    testdb_add("/printing/worker/a void waybill stays in", a_void_waybill_stays_in);
    return g_test_run();
}

/* SPDX-License-Identifier: MIT
 *
 * Printers that come, go, move to another host and stand in for each other, under a worker; and what an address of theirs
 * may be.
 */
#include <glib/gstdio.h>
#include <signal.h>

#include "core/base/error.h"
#include "core/print/printer.h"
#include "core/print/submission.h"
#include "tests/support/paper_room.h"

static void the_backup_takes_over(struct testdb *test)
{
    struct paper_room room;
    paper_room_open(&room, test);
    char *uri = g_strconcat("file:", room.paper, NULL);
    char *blocked = g_build_filename(test->dir, "a-file", NULL),
         *blocked_uri = g_strdup_printf("file:%s/x", blocked);
    g_assert_true(g_file_set_contents(blocked, "", 0, NULL));
    paper_printer(room.floor, "label-2", uri, NULL);
    paper_printer(room.floor, "label-1", blocked_uri, "label-2");
    paper_packed(room.floor, 1);
    paper_room_work(&room);
    paper_room_each_once(&room, 1);
    struct printer_row row;
    GError *error = NULL;
    g_assert_cmpint(printer_find(room.floor->site, "label-1", &row, &error), ==, 1);
    g_assert_cmpint(row.health, ==, PRINTER_OFFLINE);
    g_free(blocked_uri);
    g_free(blocked);
    g_free(uri);
    paper_room_close(&room);
}

static gboolean label_1_is_away(void *data)
{
    struct printer_row row;
    printer_find(((struct paper_room *)data)->floor->site, "label-1", &row, NULL);
    return row.health == PRINTER_OFFLINE;
}

static gboolean one_is_out(void *data)
{
    return paper_jobs(((struct paper_room *)data)->floor, "printed") == 1;
}

/* The directory is not there when the worker begins, as one that is mounted late. */
static void the_folder_comes_later(struct testdb *test)
{
    struct paper_room room;
    paper_room_open(&room, test);
    char *blocked = g_build_filename(test->dir, "disk", NULL), *uri = g_strdup_printf("file:%s/labels", blocked);
    g_assert_true(g_file_set_contents(blocked, "", 0, NULL));
    paper_printer(room.floor, "label-1", uri, NULL);
    paper_packed(room.floor, 1);
    GPid pid = paper_worker(test->url, NULL);
    g_assert_true(paper_wait(label_1_is_away, &room));
    g_unlink(blocked);
    g_assert_true(paper_wait(one_is_out, &room));
    kill(pid, SIGTERM);
    g_assert_cmpint(paper_worker_wait(pid), ==, 0);
    g_free(uri);
    g_free(blocked);
    paper_room_close(&room);
}

/* A printer that has something to print stays; one that went away leaves its stations another. */
static void a_printer_goes(struct testdb *test)
{
    struct paper_room room;
    GError *error = NULL;
    int moved = 0;
    paper_room_open(&room, test);
    struct site *site = room.floor->site;
    char *uri = g_strconcat("file:", room.paper, NULL);
    paper_printer(room.floor, "label-2", uri, NULL);
    struct printer_row old, other;
    printer_find(site, "label-1", &old, &error);
    printer_find(site, "label-2", &other, &error);
    paper_packed(room.floor, 1);
    g_assert_false(printer_remove(site, &room.floor->lead, "label-1", &error));
    g_assert_error(error, ERR, ERR_PRINTER_WAITING);
    g_clear_error(&error);
    g_assert_true(jobs_move(site, old.id, other.id, &moved, &error));
    g_assert_cmpint(moved, ==, 1);
    paper_packed(room.floor, 2);
    g_free(paper_sealed(room.floor));
    g_assert_false(printer_remove(site, &room.floor->lead, "label-1", &error)); /* on its way */
    g_assert_error(error, ERR, ERR_PRINTER_WAITING);
    g_clear_error(&error);
    paper_room_work(&room);
    g_assert_true(printer_remove(site, &room.floor->lead, "label-1", &error));
    g_assert_no_error(error);
    paper_packed(room.floor, 3);
    /* the label nobody knows of was printer 1's: its copy comes out at the other */
    int64_t unknown = floor_int(room.floor, "SELECT id FROM job WHERE state = 'unknown'", 0);
    g_assert_true(job_answer(site, &room.floor->lead, unknown, "not-printed", &error));
    paper_room_work(&room);
    g_assert_cmpint(paper_jobs(room.floor, "queued submitting submitted"), ==, 0);
    paper_room_each_once(&room, 3);
    g_free(uri);
    paper_room_close(&room);
}

static void addresses(struct testdb *test)
{
    static const char *const WRONG[] = {"cups:", "cups:../admin", "cups:a b", "cups:-o", "file:relative", "file:",
                                        "ipp://x", "cups:x?paper=5", "cups:x?dpi=foo", "cups:x?colour=1", ""};
    static const char *const RIGHT[] = {"cups:label", "cups:標籤?paper=100x150", "file:/tmp/a b?paper=A4&dpi=300"};
    struct paper_room room;
    paper_room_open(&room, test);
    for (size_t i = 0; i < G_N_ELEMENTS(WRONG); i++) {
        GError *error = NULL;
        g_assert_false(printer_put(room.floor->site, &room.floor->lead, "x", WRONG[i], "", NULL, &error));
        g_assert_error(error, ERR, ERR_PRINTER_URI);
        g_error_free(error);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(RIGHT); i++)
        paper_printer(room.floor, "x", RIGHT[i], NULL);
    GError *error = NULL;
    g_assert_false(printer_put(room.floor->site, &room.floor->lead, "x", RIGHT[0], NULL, "x", &error));
    g_assert_error(error, ERR, ERR_PRINTER_BACKUP);
    g_clear_error(&error);
    /* Another address leaves the rest as it was. */
    struct printer_row row;
    g_assert_true(printer_put(room.floor->site, &room.floor->lead, "x", RIGHT[0], "elsewhere", "label-1", &error));
    g_assert_true(printer_put(room.floor->site, &room.floor->lead, "x", RIGHT[1], NULL, NULL, &error));
    g_assert_cmpint(printer_find(room.floor->site, "x", &row, &error), ==, 1);
    g_assert_cmpstr(row.host, ==, "elsewhere");
    g_assert_cmpstr(row.backup, ==, "label-1");
    paper_room_close(&room);
}

static void test_page_on(struct floor *floor, const char *printer)
{
    struct printer_row row;
    GError *error = NULL;
    g_assert_cmpint(printer_find(floor->site, printer, &row, &error), ==, 1);
    floor_do(floor, (struct event){.kind = EV_PRINT, .actor = floor->lead, .printer_id = row.id, .text = "test"});
}

static gboolean two_are_out(void *data)
{
    return paper_jobs(((struct paper_room *)data)->floor, "printed") == 2;
}

/* A printer is given to another host: the worker here has done with it, at once. */
static void a_printer_moves_house(struct testdb *test)
{
    struct paper_room room;
    GError *error = NULL;
    paper_room_open(&room, test);
    char *uri = g_strconcat("file:", room.paper, NULL);
    paper_printer(room.floor, "label-2", uri, NULL);
    GPid pid = paper_worker(test->url, NULL);
    test_page_on(room.floor, "label-1");
    g_assert_true(paper_wait(one_is_out, &room));
    g_assert_true(printer_put(room.floor->site, &room.floor->lead, "label-1", uri, "elsewhere", NULL, &error));
    test_page_on(room.floor, "label-1");
    test_page_on(room.floor, "label-2"); /* is served after label-1 */
    g_assert_true(paper_wait(two_are_out, &room));
    g_assert_cmpint(paper_jobs(room.floor, "queued"), ==, 1);
    kill(pid, SIGTERM);
    g_assert_cmpint(paper_worker_wait(pid), ==, 0);
    paper_printer(room.floor, "label-1", uri, NULL);
    paper_room_work(&room);
    g_free(uri);
    paper_room_close(&room);
}

/* Of no labels. */
static gboolean made(struct site *site, const struct printer_row *printer, struct submission *submission)
{
    gboolean made = FALSE, all = FALSE;
    GError *error = NULL;
    g_autoptr(GArray) none = g_array_new(FALSE, TRUE, sizeof(struct job));
    g_assert_true(submission_make(site, printer, none, submission, &made, &all, &error));
    g_assert_no_error(error);
    return made;
}

/* It is given away, or removed, between a worker's look at the printers and the labels it is about to send: they are the
 * other's. */
static void what_was_given_away_is_not_sent(struct testdb *test)
{
    struct paper_room room;
    paper_room_open(&room, test);
    struct site *site = room.floor->site;
    GError *error = NULL;
    struct printer_row before, now;
    struct submission submission;
    char *uri = g_strconcat("file:", room.paper, NULL);
    g_assert_cmpint(printer_find(site, "label-1", &before, &error), ==, 1);
    g_assert_true(made(site, &before, &submission));
    g_assert_true(submission_take_back(site, &submission, 0, "", &error));
    g_assert_true(printer_put(site, &room.floor->lead, "label-1", uri, "elsewhere", NULL, &error));
    g_assert_false(made(site, &before, &submission));
    g_assert_cmpint(printer_find(site, "label-1", &now, &error), ==, 1);
    g_assert_true(made(site, &now, &submission));
    g_assert_true(submission_take_back(site, &submission, 0, "", &error));
    g_assert_true(printer_remove(site, &room.floor->lead, "label-1", &error));
    g_assert_false(made(site, &now, &submission));
    g_assert_cmpint(floor_int(room.floor, "SELECT COUNT(*) FROM submission", 0), ==, 2);
    g_free(uri);
    paper_room_close(&room);
}

/* It is given away while a worker puts its labels together: either that one sends them, or the other takes them back. */
static void either_sends_it(struct testdb *test)
{
    struct paper_room room;
    paper_room_open(&room, test);
    struct site *site = room.floor->site;
    GError *error = NULL;
    struct submission submission, seen;
    gboolean sealed = TRUE;
    paper_packed(room.floor, 1);
    paper_claimed(room.floor, &submission);
    seen = submission; /* by the other, as it begins */
    g_assert_true(submission_take_back(site, &seen, 0, "", &error));
    g_assert_cmpint(paper_jobs(room.floor, "queued"), ==, 1);
    g_assert_true(submission_seal(site, &submission, 1, &sealed, &error) && !sealed);
    paper_claimed(room.floor, &submission);
    seen = submission;
    g_assert_true(submission_seal(site, &submission, 1, &sealed, &error) && sealed);
    g_assert_true(submission_take_back(site, &seen, 0, "", &error));
    g_assert_cmpint(paper_jobs(room.floor, "submitting"), ==, 1);
    g_assert_no_error(error);
    paper_room_close(&room);
}

/* Two workers would take each other's labels for left behind: where there may be several hosts, a printer is of one. */
static void a_printer_is_of_one_host(struct testdb *test)
{
    struct paper_room room;
    paper_room_open(&room, test);
    GError *error = NULL;
    struct printer_row row;
    g_assert_true(printer_put(room.floor->site, &room.floor->lead, "label-9", "file:/tmp/x", NULL, NULL, &error));
    g_assert_cmpint(printer_find(room.floor->site, "label-9", &row, &error), ==, 1);
    g_assert_cmpstr(row.host, ==, test->engine == DB_POSTGRES ? g_get_host_name() : "");
    paper_room_close(&room);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/printing/worker/the backup takes over", the_backup_takes_over);
    testdb_add("/printing/worker/the folder comes later", the_folder_comes_later);
    testdb_add("/printing/worker/a printer goes", a_printer_goes);
    testdb_add("/printing/worker/addresses", addresses);
    testdb_add("/printing/worker/a printer moves house", a_printer_moves_house);
    testdb_add("/printing/worker/what was given away is not sent", what_was_given_away_is_not_sent);
    testdb_add("/printing/worker/either sends it", either_sends_it);
    testdb_add("/printing/worker/a printer is of one host", a_printer_is_of_one_host);
    return g_test_run();
}

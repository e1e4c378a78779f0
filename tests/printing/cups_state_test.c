/* SPDX-License-Identifier: MIT
 *
 * What a CUPS of one's own does with labels that the worker has handed over, and that stations keep looking at it. How
 * soon trouble shows is among the timed tests.
 */
#include <glib.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "core/print/worker.h"
#include "printing/queue/printer_work.h"
#include "tests/support/cups_room.h"
#include "tests/support/floor.h"
#include "tests/support/paper.h"
#include "tests/support/seat.h"

/* What waits comes out, all of it and once. */
static void one_label_out(struct cups_room *room)
{
    cups_room_finish(room);
    g_assert_cmpint(paper_jobs(room->floor, "printed"), ==, 1);
    g_assert_cmpint(cups_room_sent_once(room), ==, 1);
    cups_room_close(room);
}

/* The printer says it is idle, and the label does not come. */
static void held_back(struct testdb *test)
{
    struct cups_room room;
    if (!cups_room_once(test))
        return;
    cups_room_open(&room, test);
    cups_room_program(
        (const char *[]){"lpadmin", "-p", "label", "-o", "job-hold-until-default=indefinite", NULL});
    paper_packed(room.floor, 1);
    cups_room_worker(&room);
    cups_room_expect(&room, PRINTER_ATTENTION, "The queue holds a label back.");
    cups_room_program((const char *[]){"lp", "-i", "label-1", "-H", "resume", NULL});
    one_label_out(&room);
}

/* Somebody takes the label out of the queue by hand: a person is told, and it does not come again by itself. */
static void cancelled_by_hand(struct testdb *test)
{
    struct cups_room room;
    if (!cups_room_once(test))
        return;
    cups_room_open(&room, test);
    cups_room_program(
        (const char *[]){"lpadmin", "-p", "label", "-o", "job-hold-until-default=indefinite", NULL});
    paper_packed(room.floor, 1);
    cups_room_worker(&room);
    cups_room_expect(&room, PRINTER_ATTENTION, "The queue holds a label back.");
    cups_room_program((const char *[]){"cancel", "label-1", NULL});
    cups_room_finish(&room);
    g_assert_cmpint(paper_jobs(room.floor, "failed"), ==, 1);
    char *text = floor_text(room.floor, "SELECT state_text FROM job WHERE id <> $1", 0);
    g_assert_cmpstr(text, ==, "CUPS says it was cancelled.");
    g_assert_cmpint(cups_room_sent_once(&room), ==, 0);
    g_free(text);
    cups_room_close(&room);
}

static void raw_takes_no_pdf(struct testdb *test)
{
    struct cups_room room;
    if (!cups_room_once(test))
        return;
    cups_room_open(&room, test);
    paper_printer(room.floor, "label-1", "cups:raw", NULL);
    paper_packed(room.floor, 1);
    cups_room_worker(&room);
    cups_room_expect(&room, PRINTER_STOPPED, "Queue raw is raw: it takes no PDF.");
    g_assert_cmpint(paper_jobs(room.floor, "queued submitting failed"), ==, 1);
    paper_printer(room.floor, "label-1", "cups:label?paper=76x130", NULL);
    cups_room_expect(&room, PRINTER_STOPPED, "Queue label has no paper of 76 x 130 mm.");
    paper_printer(room.floor, "label-1", "cups:label", NULL);
    one_label_out(&room);
}

/* Minutes in front of a queue that takes nothing: it was tried once, its row says so once, and then it is only asked. */
static void a_refusal_leaves_no_trail(struct testdb *test)
{
    struct cups_room room;
    struct studio studio;
    struct printer_work work = {.open = 0};
    gboolean changed = FALSE, good = TRUE;
    GError *error = NULL;
    if (!cups_room_once(test))
        return;
    cups_room_open(&room, test);
    paper_printer(room.floor, "label-1", "cups:raw", NULL);
    paper_packed(room.floor, 1);
    g_assert_true(studio_open(&studio, &error));
    for (int64_t now_ms = 1; good && now_ms < 120000; now_ms += 500) {
        struct printer_row row;
        good = printer_find(room.floor->site, "label-1", &row, &error) > 0;
        printer_work_set(&work, &row);
        good = good && printer_work_look(&work, room.floor->site, now_ms, &error) &&
               printer_work_follow(&work, room.floor->site, now_ms, &changed, &error) &&
               printer_work_send(&work, room.floor->site, &studio, now_ms, &changed, &error);
    }
    g_assert_no_error(error);
    g_assert_cmpint(floor_int(room.floor, "SELECT COUNT(*) FROM submission", 0), ==, 1);
    g_assert_cmpint(floor_int(room.floor, "SELECT COUNT(*) FROM journal WHERE event = 'printer-state'", 0), <=, 2);
    g_assert_cmpint(work.row.health, ==, PRINTER_STOPPED);
    printer_work_clear(&work);
    studio_close(&studio);
    cups_room_close(&room);
}

/* The worker that serves this database, 0 when none does. */
static GPid worker_of(const struct testdb *test)
{
    char *path = g_strconcat(test->url + strlen("sqlite:"), "-print.lock", NULL), *text = NULL;
    int fd = -1;
    gboolean alive = worker_lock_take(test->url, &fd, NULL) == WORKER_LOCK_HELD;
    if (fd >= 0)
        close(fd);
    GPid pid = alive && g_file_get_contents(path, &text, NULL, NULL) ? (GPid)atoi(text) : 0;
    g_free(text);
    g_free(path);
    return pid;
}

struct successor {
    const struct testdb *test;
    GPid before;
};

static gboolean another_works(void *data)
{
    const struct successor *successor = data;
    GPid pid = worker_of(successor->test);
    return pid && pid != successor->before;
}

static void end_worker_of(const struct testdb *test)
{
    GPid pid = worker_of(test);
    g_assert_cmpint(pid, >, 0);
    g_assert_cmpint(kill(pid, SIGTERM), ==, 0);
}

static gboolean none_works(void *data)
{
    return worker_of(data) == 0;
}

/* Nothing is to be printed, and the worker has ended as it does when it was idle for long: an open station starts
 * another, and says when the printer is not well. */
static void an_open_station_keeps_looking(struct testdb *test)
{
    static const char *const ENVIRONMENT[] = {"PACKLINE_WORKER=", NULL};
    struct cups_room room;
    if (!cups_room_once(test))
        return;
    cups_room_open(&room, test);
    seat_lead(room.floor);
    struct pty *pty = seat_start(test, &(struct seat_how){.environment = ENVIRONMENT});
    seat_log_in(pty);
    struct successor successor = {test, 0};
    g_assert_true(paper_wait(another_works, &successor));
    successor.before = worker_of(test);
    end_worker_of(test);
    g_assert_true(paper_wait(another_works, &successor));
    cups_room_program((const char *[]){"cupsdisable", "label", NULL});
    seat_sees(pty, "Printer label-1: The queue is stopped");
    cups_room_program((const char *[]){"cupsenable", "label", NULL});
    seat_sees_gone(pty, "Printer label-1: The queue is stopped");
    seat_close(pty);
    end_worker_of(test);
    g_assert_true(paper_wait(none_works, test));
    cups_room_close(&room);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cups_room_add("/printing/cups/held back", held_back);
    cups_room_add("/printing/cups/cancelled by hand", cancelled_by_hand);
    cups_room_add("/printing/cups/raw takes no PDF", raw_takes_no_pdf);
    cups_room_add("/printing/cups/a refusal leaves no trail", a_refusal_leaves_no_trail);
    cups_room_add("/printing/cups/an open station keeps looking", an_open_station_keeps_looking);
    return g_test_run();
}

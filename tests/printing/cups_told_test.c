/* SPDX-License-Identifier: MIT
 *
 * A printer that is not well, on a CUPS of one's own: within 15 seconds its row says so in words; the label comes when it
 * is well again, and comes once.
 */
#include "tests/support/cups_room.h"
#include "tests/support/floor.h"
#include "tests/support/pace.h"
#include "tests/support/paper.h"

enum { SHOWN_MS = 15000, TIMES_BARE = 500 };

static void shows_soon(struct cups_room *room, enum printer_health health, const char *text)
{
    int took_ms = cups_room_expect(room, health, text);
    g_assert_cmpint(took_ms, <, pace_allowed_ms(SHOWN_MS, TIMES_BARE));
}

static void comes_out_once(struct cups_room *room)
{
    cups_room_finish(room);
    g_assert_cmpint(paper_jobs(room->floor, "printed"), ==, 1);
    g_assert_cmpint(cups_room_sent_once(room), ==, 1);
    cups_room_close(room);
}

static void paper_out(struct testdb *test)
{
    struct cups_room room;
    if (!cups_room_once(test))
        return;
    cups_room_open(&room, test);
    cups_room_set(&room, "no-paper", "");
    paper_packed(room.floor, 1);
    cups_room_worker(&room);
    shows_soon(&room, PRINTER_ATTENTION, "Out of paper.");
    cups_room_set(&room, "no-paper", NULL);
    comes_out_once(&room);
}

static void queue_stopped(struct testdb *test)
{
    struct cups_room room;
    if (!cups_room_once(test))
        return;
    cups_room_open(&room, test);
    cups_room_program((const char *[]){"cupsdisable", "label", NULL});
    paper_packed(room.floor, 1);
    cups_room_worker(&room);
    shows_soon(&room, PRINTER_STOPPED, "The queue is stopped (cupsenable).");
    g_assert_cmpint(paper_jobs(room.floor, "queued"), ==, 1); /* and not in a queue that does not move */
    cups_room_program((const char *[]){"cupsreject", "label", NULL});
    cups_room_program((const char *[]){"cupsenable", "label", NULL});
    shows_soon(&room, PRINTER_STOPPED, "The queue takes no jobs (cupsaccept).");
    cups_room_program((const char *[]){"cupsaccept", "label", NULL});
    comes_out_once(&room);
}

static void dead_printer(struct testdb *test)
{
    struct cups_room room;
    if (!cups_room_once(test))
        return;
    cups_room_open(&room, test);
    paper_printer(room.floor, "label-1", "cups:dead", NULL);
    paper_packed(room.floor, 1);
    cups_room_worker(&room);
    shows_soon(&room, PRINTER_OFFLINE, "The printer does not answer.");
    paper_printer(room.floor, "label-1", "cups:no-such", NULL);
    shows_soon(&room, PRINTER_OFFLINE, "CUPS has no such queue.");
    cups_room_close(&room);
}

int main(int argc, char **argv)
{
    int status;
    if (pace_is_bare(argc, argv, &status))
        return status;
    g_test_init(&argc, &argv, NULL);
    cups_room_add("/printing/told/paper out", paper_out);
    cups_room_add("/printing/told/queue stopped", queue_stopped);
    cups_room_add("/printing/told/dead printer", dead_printer);
    return g_test_run();
}

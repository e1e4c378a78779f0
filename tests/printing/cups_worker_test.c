/* SPDX-License-Identifier: MIT
 *
 * The worker against a CUPS of its own with a label printer behind it: what came out is read from the paper;
 * whatever is killed, no label is sent twice and none is left lying.
 */
#include <glib.h>
#include <signal.h>
#include <string.h>

#include "core/print/submission.h"
#include "tests/support/cups_room.h"
#include "tests/support/floor.h"
#include "tests/support/paper.h"

static const char *const ONCE[] = {"--once", NULL};

static gboolean some_printed(void *data)
{
    return paper_jobs(((struct cups_room *)data)->floor, "printed") > 0;
}

static void a_label_comes_out(struct testdb *test)
{
    struct cups_room room;
    cups_room_open(&room, test);
    paper_packed(room.floor, 1);
    g_assert_cmpint(paper_worker_wait(paper_worker(test->url, ONCE)), ==, 0);
    g_assert_cmpint(paper_jobs(room.floor, "printed"), ==, 1);
    char *number =
        floor_text(room.floor, "SELECT number FROM waybill WHERE parcel_id IS NOT NULL AND id <> $1", 0);
    GHashTable *read = paper_read(room.paper);
    g_assert_cmpuint(paper_count(read, number), ==, 1);
    g_hash_table_unref(read);
    g_free(number);
    cups_room_close(&room);
}

struct kill {
    struct cups_room *room;
    int submissions;
};

static gboolean that_many_begun_or_all_over(void *data)
{
    const struct kill *kill = data;
    return paper_jobs(kill->room->floor, "queued submitting submitted") == 0 ||
           floor_int(kill->room->floor, "SELECT COUNT(*) FROM submission", 0) >= kill->submissions;
}

/* What is known of each label in the end: it is out, or a person is asked. One fails when cupsd took the rest of it in
 * from a worker that was gone, after the next one had called its job off. */
static void all_accounted_for(struct cups_room *room, int labels)
{
    int64_t printed = paper_jobs(room->floor, "printed"),
            unknown = paper_jobs(room->floor, "unknown failed");
    g_test_message("%d printed, %d put to a person", (int)printed, (int)unknown);
    g_assert_cmpint(paper_jobs(room->floor, "queued submitting submitted"), ==, 0);
    g_assert_cmpint(printed + unknown, ==, labels);
    g_assert_cmpint(cups_room_sent_once(room), >=, printed);
}

static void worker_killed(struct testdb *test)
{
    enum { LABELS = 12, KILLS = 3 };
    struct cups_room room;
    cups_room_open(&room, test);
    cups_room_run(&room, LABELS, 2);
    for (int kills = 0; kills < KILLS; kills++) {
        struct kill next = {&room, (int)floor_int(room.floor, "SELECT COUNT(*) FROM submission", 0) + 1};
        GPid pid = paper_worker(test->url, ONCE);
        g_assert_true(paper_wait(that_many_begun_or_all_over, &next));
        kill(pid, SIGKILL);
        paper_worker_wait(pid);
    }
    g_assert_cmpint(paper_worker_wait(paper_worker(test->url, ONCE)), ==, 0);
    all_accounted_for(&room, LABELS);
    cups_room_close(&room);
}

/* Killed between the two requests that hand a label over: CUPS has its name and waits for the content. The
 * next worker takes the name back, which had no paper, and sends the label. */
static void the_content_never_came(struct testdb *test)
{
    static const char REQUEST[] =
        "{ OPERATION Create-Job GROUP operation-attributes-tag ATTR charset attributes-charset utf-8\n"
        "ATTR naturalLanguage attributes-natural-language en ATTR uri printer-uri $uri\n"
        "ATTR name requesting-user-name $user ATTR name job-name \"$name\" }\n";
    struct cups_room room;
    cups_room_open(&room, test);
    paper_packed(room.floor, 1);
    char *name = paper_sealed(room.floor), *define = g_strconcat("name=", name, NULL);
    char *request = g_build_filename(test->dir, "create.test", NULL);
    char *uri = g_strdup_printf("ipp://%s/printers/label", g_getenv("CUPS_SERVER"));
    g_assert_true(g_file_set_contents(request, REQUEST, -1, NULL));
    cups_room_program((const char *[]){"ipptool", "-q", "-d", define, uri, request, NULL});
    g_assert_cmpint(paper_worker_wait(paper_worker(test->url, ONCE)), ==, 0);
    g_assert_cmpint(paper_jobs(room.floor, "printed"), ==, 1);
    g_assert_cmpint(cups_room_sent_once(&room), ==, 1);
    char *waiting = paper_program((const char *[]){"lpstat", "-o", NULL}, TRUE);
    g_assert_cmpstr(waiting, ==, "");
    g_free(waiting);
    g_free(uri);
    g_free(request);
    g_free(define);
    g_free(name);
    cups_room_close(&room);
}

static void cupsd_killed(struct testdb *test)
{
    enum { LABELS = 8 };
    struct cups_room room;
    cups_room_open(&room, test);
    cups_room_set(&room, "seconds", "0.3");
    cups_room_run(&room, LABELS, 2);
    cups_room_worker(&room);
    g_assert_true(paper_wait(some_printed, &room));
    cups_room_kill_cupsd(&room);
    cups_room_expect(&room, PRINTER_OFFLINE, "CUPS does not answer.");
    cups_room_start_cupsd(&room);
    cups_room_set(&room, "seconds", NULL);
    cups_room_finish(&room);
    int64_t printed = paper_jobs(room.floor, "printed"), unknown = paper_jobs(room.floor, "unknown failed");
    g_test_message("%d printed, %d put to a person", (int)printed, (int)unknown);
    g_assert_cmpint(printed + unknown, ==, LABELS);
    cups_room_sent_once(&room);
    cups_room_close(&room);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    cups_room_add("/printing/cups/a label comes out", a_label_comes_out);
    cups_room_add("/printing/cups/worker killed", worker_killed);
    cups_room_add("/printing/cups/the content never came", the_content_never_came);
    cups_room_add("/printing/cups/cupsd killed", cupsd_killed);
    return g_test_run();
}

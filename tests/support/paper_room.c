/* SPDX-License-Identifier: MIT */
#include "tests/support/paper_room.h"

#include <string.h>

static const char *const ONCE[] = {"--once", NULL};

void paper_room_open(struct paper_room *room, struct testdb *test)
{
    *room = (struct paper_room){.test = test, .floor = floor_open(test, "station 1")};
    room->paper = g_build_filename(test->dir, "paper", NULL);
    char *uri = g_strconcat("file:", room->paper, NULL);
    paper_printer(room->floor, "label-1", uri, NULL);
    g_free(uri);
    paper_stock(room->floor);
}

void paper_room_close(struct paper_room *room)
{
    floor_close(room->floor);
    g_free(room->paper);
}

char *paper_room_number(struct paper_room *room, int64_t shipment)
{
    return floor_text(room->floor,
                      "SELECT w.number FROM waybill w JOIN parcel p ON p.id = w.parcel_id "
                      "WHERE p.shipment_id = $1 AND w.state <> 'void'",
                      shipment);
}

void paper_room_work(struct paper_room *room)
{
    g_assert_cmpint(paper_worker_wait(paper_worker(room->test->url, ONCE)), ==, 0);
}

void paper_room_run(struct paper_room *room, const char *filter, int64_t per_submission, struct run_made *made)
{
    GError *error = NULL;
    struct run_wish wish = {.filter = filter, .per_submission = per_submission};
    gboolean started = run_start(room->floor->site, &room->floor->lead, &wish, made, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(started);
}

void paper_room_each_once(struct paper_room *room, int64_t labels)
{
    GHashTable *read = paper_read(room->paper);
    int64_t found = 0;
    GHashTableIter iter;
    gpointer text, count;
    g_hash_table_iter_init(&iter, read);
    while (g_hash_table_iter_next(&iter, &text, &count))
        if (strlen(text) == 10 && g_ascii_isdigit(*(char *)text)) {
            g_assert_cmpuint(GPOINTER_TO_UINT(count), ==, 1);
            found++;
        }
    g_assert_cmpint(found, ==, labels);
    g_hash_table_unref(read);
}

/* SPDX-License-Identifier: MIT
 *
 * Lines to the headless station: in blocks, none too long, and what comes behind one that is.
 */
#include <glib.h>
#include <string.h>
#include <unistd.h>

#include "tests/support/floor.h"
#include "tests/support/headless.h"
#include "tui/commands/lines.h"

/* --- what is made of blocks ----------------------------------------------------------------------------------- */

struct feed {
    int pipe[2];
    struct lines *lines;
};

static void feed_open(struct feed *feed)
{
    g_assert_cmpint(pipe(feed->pipe), ==, 0);
    feed->lines = g_new(struct lines, 1);
    lines_init(feed->lines, feed->pipe[0]);
}

static void feed_close(struct feed *feed)
{
    close(feed->pipe[0]);
    g_free(feed->lines);
}

static void give(const struct feed *feed, const char *bytes, size_t length)
{
    g_assert_cmpint(write(feed->pipe[1], bytes, length), ==, (gssize)length);
    lines_read(feed->lines);
}

static void is(const struct feed *feed, enum line_kind kind, const char *text)
{
    char *line = NULL;
    size_t length = 0;
    g_assert_cmpint(lines_next(feed->lines, &line, &length), ==, kind);
    if (!text)
        return;
    g_assert_cmpstr(line, ==, text);
    g_assert_cmpuint(length, ==, strlen(text));
}

static void pieces(void)
{
    struct feed feed;
    feed_open(&feed);
    give(&feed, "one\r\n\ntw", 8);
    is(&feed, LINE_WHOLE, "one");
    is(&feed, LINE_WHOLE, "");
    is(&feed, LINE_NONE, NULL);
    give(&feed, "o\nthree\nlast", 12);
    is(&feed, LINE_WHOLE, "two");
    is(&feed, LINE_WHOLE, "three");
    is(&feed, LINE_NONE, NULL);
    close(feed.pipe[1]);
    lines_read(feed.lines);
    is(&feed, LINE_WHOLE, "last");
    is(&feed, LINE_END, NULL);
    feed_close(&feed);
}

/* A line of so many bytes is next, perhaps of what is still in the pipe. */
static void comes(const struct feed *feed, size_t length)
{
    char *line = NULL;
    size_t found = 0;
    enum line_kind kind;
    while ((kind = lines_next(feed->lines, &line, &found)) == LINE_NONE)
        lines_read(feed->lines);
    g_assert_cmpint(kind, ==, LINE_WHOLE);
    g_assert_cmpuint(found, ==, length);
}

/* Every place where a block may end between a long line, its end, and the next. */
static void the_longest(void)
{
    g_autofree char *text = g_strnfill(2 * LINE_BYTES_MAX, 'x');
    for (int over = -2; over <= 2; over++) {
        struct feed feed;
        size_t length = (size_t)(LINE_BYTES_MAX + over);
        feed_open(&feed);
        for (size_t sent = 0; sent < length; sent += 4096)
            give(&feed, text, MIN(4096, length - sent)), lines_next(feed.lines, &(char *){NULL}, &(size_t){0});
        give(&feed, "\nnext\n", 6);
        if (over < 0)
            comes(&feed, length);
        comes(&feed, strlen("next"));
        is(&feed, LINE_NONE, NULL);
        close(feed.pipe[1]);
        feed_close(&feed);
    }
}

/* --- as a gateway sees it ------------------------------------------------------------------------------------- */

enum { MEGABYTES = 3, SAMPLE = 1 << 16 };

/* As it was read before: a system call a byte. Of a sample; the figure is for all of it. */
static gint64 byte_by_byte_us(void)
{
    g_autofree char *bytes = g_strnfill(SAMPLE, 'x');
    int ends[2];
    char byte;
    g_assert_cmpint(pipe(ends), ==, 0);
    g_assert_cmpint(write(ends[1], bytes, SAMPLE - 1), ==, SAMPLE - 1);
    close(ends[1]);
    gint64 begin = g_get_monotonic_time();
    while (read(ends[0], &byte, 1) == 1)
        continue;
    close(ends[0]);
    return (g_get_monotonic_time() - begin) * (MEGABYTES << 20) / SAMPLE;
}

static void three_megabytes(struct testdb *test)
{
    struct floor *floor = floor_open(test, "setup");
    struct headless *headless = headless_start(test->url, "bench-1");
    g_autofree char *line = g_strnfill(MEGABYTES << 20, 'x');
    headless_expect(headless, ":status", "ok", "");
    gint64 bytewise = byte_by_byte_us(), begin = g_get_monotonic_time();
    headless_expect(headless, line, "error", "PL-0106");
    headless_expect(headless, ":status", "ok", ""); /* the rest of it is no scan, and the next line is one */
    gint64 taken = g_get_monotonic_time() - begin;
    g_test_message("3 MB in %.1f ms; byte by byte %.1f ms", (double)taken / 1e3, (double)bytewise / 1e3);
    g_assert_cmpint(taken * 4, <, bytewise);
    line[0] = '{'; /* and what begins like an object */
    headless_expect(headless, line, "error", "PL-0106");
    headless_expect(headless, "{\"view\": true}", NULL, NULL);
    g_assert_cmpint(headless_end(headless), ==, 0);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/lines/pieces", pieces);
    g_test_add_func("/lines/the_longest", the_longest);
    testdb_add("/lines/three_megabytes", three_megabytes);
    return g_test_run();
}

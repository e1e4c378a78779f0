/* SPDX-License-Identifier: MIT
 *
 * The headless station as a gateway sees it: the program, its standard input and output, on both engines.
 */
#include <glib/gstdio.h>
#include <string.h>

#include "core/apply/apply.h"
#include "core/people/people.h"
#include "tests/support/floor.h"
#include "tests/support/headless.h"
#include "tests/support/naughty.h"

static const char BADGE[] = "4001", PIN[] = "482915";

/* A floor with one person, one product in one bin and one order of two, released. */
static int64_t prepare(struct floor *floor)
{
    headless_hire(floor, BADGE, ROLE_LEAD, PIN);
    int64_t mug = floor_product(floor, "MUG-RED", "4710000000017"), bin = floor_bin(floor, "A-01-1", 1);
    floor_product(floor, "TEA-OOL", "4710000000024");
    floor_receive(floor, mug, 0, bin, 50);
    int64_t shipment = floor_order(floor, "SP-1042", "hct", FLOOR_ITEMS({"MUG-RED", 2}));
    floor_release(floor, shipment);
    return shipment;
}

static void log_in(struct headless *headless)
{
    char line[64];
    g_snprintf(line, sizeof line, ":login %s %s", BADGE, PIN);
    headless_expect(headless, line, "ok", "");
}

static void has(json_t *answer, const char *field, const char *value)
{
    g_assert_cmpstr(json_string_value(json_object_get(answer, field)), ==, value);
}

/* From log-in to the dock by lines alone; a wrong scan on the way raises the bar, the right one closes it. */
static void goes_all_the_way(struct testdb *test)
{
    struct floor *floor = floor_open(test, "setup");
    int64_t shipment = prepare(floor);
    struct headless *headless = headless_start(test->url, "bench-1");
    headless_expect(headless, ":pack SP-1042", "refused", "PL-0309");
    headless_expect(headless, ":dismiss", "ok", NULL);
    headless_expect(headless, ":login 4001 000000", "refused", "PL-0800");
    headless_expect(headless, ":dismiss", "ok", NULL);
    log_in(headless);
    headless_expect(headless, "SP-1042", "ok", "");
    headless_expect(headless, "4710000000017", "refused", "PL-0340"); /* the bin comes first */
    headless_expect(headless, "A-01-1", "ok", "");
    headless_expect(headless, "4710000000017", "ok", "");
    headless_expect(headless, "4710000000017", "ok", "");
    floor_is(floor, shipment, ST_PICKED);
    headless_expect(headless, ":pack SP-1042", "ok", "");
    headless_expect(headless, "4710000000017", "ok", "");
    headless_expect(headless, "4710000000024", "refused", NULL);
    headless_expect(headless, "4710000000024", "ignored", NULL);
    headless_expect(headless, "4710000000017", "ok", "");
    floor_is(floor, shipment, ST_PACKED);
    char *waybill = floor_text(floor, "SELECT number FROM waybill WHERE state = 'assigned' AND id > $1", 0);
    headless_expect(headless, waybill, "ok", "");
    floor_is(floor, shipment, ST_LABELLED);
    headless_expect(headless, ":dock hct", "ok", "");
    headless_expect(headless, waybill, "ok", "");
    floor_is(floor, shipment, ST_OUTBOUND);
    headless_expect(headless, waybill, "refused", "PL-0326"); /* out already: when, by whom, where */
    g_assert_cmpint(headless_end(headless), ==, 0);
    g_free(waybill);
    floor_close(floor);
}

/* A gateway that got no answer sends the line again under the same key. */
static void a_key_counts_once(struct testdb *test)
{
    struct floor *floor = floor_open(test, "setup");
    int64_t shipment = prepare(floor);
    struct headless *headless = headless_start(test->url, "bench-1");
    log_in(headless);
    floor_pick_all(floor, shipment);
    headless_expect(headless, ":pack SP-1042", "ok", "");
    char *line = g_strdup_printf("{\"scan\": \"4710000000017\", \"key\": \"%" G_GINT64_FORMAT "\"}",
                                 flow_key(floor->site));
    json_t *first = headless_ask(headless, line), *second = headless_ask(headless, line);
    has(first, "outcome", "ok");
    g_assert_true(json_is_false(json_object_get(first, "repeated")));
    g_assert_true(json_is_true(json_object_get(second, "repeated")));
    g_assert_cmpint(floor_packed(floor, shipment), ==,
                    1);
    json_decref(first);
    json_decref(second);
    g_free(line);
    g_assert_cmpint(headless_end(headless), ==, 0);
    floor_close(floor);
}

/* A lead closes a packer's bar and allows what the packer may not, line by line. */
static void a_lead_approves(struct testdb *test)
{
    struct floor *floor = floor_open(test, "setup");
    GError *error = NULL;
    int64_t shipment = prepare(floor);
    person_add(floor->site, &floor->system, "5001", "阿明", ROLE_PACKER, "7531", NULL, &error);
    g_assert_no_error(error);
    floor_pick_all(floor, shipment);
    struct headless *headless = headless_start(test->url, "bench-1");
    headless_expect(headless, ":login 5001 7531", "ok", "");
    headless_expect(headless, ":pack SP-1042", "ok", "");
    headless_expect(headless, "4710000000017", "ok", "");
    headless_expect(headless, "4710000000024", "refused", "PL-0360");
    headless_expect(headless, BADGE, "ask", "");
    headless_expect(headless, PIN, "ok", "");
    headless_expect(headless, ":split", "refused", "PL-0324");
    headless_expect(headless, ":approve 5001 7531", "refused", "PL-0807");
    headless_expect(headless, ":approve 4001 482915", "ok", "");
    floor_is(floor, shipment, ST_PACKING);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM parcel WHERE state = 'packed'", 0), ==, 1);
    g_assert_cmpint(headless_end(headless), ==, 0);
    floor_close(floor);
}

/* The line is answered by one object with a known outcome, and is no fault of the program's. */
static void is_answered(struct headless *headless, const char *line)
{
    static const char *const OUTCOMES[] = {"ok", "ask", "refused", "ignored", "error", NULL};
    json_t *answer = headless_ask(headless, line);
    const char *outcome = json_string_value(json_object_get(answer, "outcome"));
    const char *code = json_string_value(json_object_get(answer, "code"));
    if (!outcome || !g_strv_contains(OUTCOMES, outcome) || g_strcmp0(code, "PL-0199") == 0) {
        char *text = json_dumps(answer, JSON_COMPACT);
        g_error("'%s' was answered %s", line, text);
    }
    json_decref(answer);
}

/* Whatever comes in: one answer a line, and nothing moves. */
/* A request that is not understood whole is not half obeyed: a key sent as a number would be no key at all. */
static void malformed_requests(struct testdb *test)
{
    static const char *const LINES[] = {
        "{\"scan\": \"4710000000017\", \"key\": 5}", "{\"scan\": \"4710000000017\", \"key\": \"x\"}",
        "{\"scan\": \"4710000000017\"", "{\"scan\": 4710000000017}", "{\"command\": \"undo\", \"argument\": 7}",
        "{\"scan\": \"4710000000017\", \"command\": \"undo\"}", "{\"view\": \"yes\"}", "{}", ":dance",
        "{\"command\": \"dance\"}", "{\"scan\": \"47\\u0000\"}",
    };
    struct floor *floor = floor_open(test, "setup");
    prepare(floor);
    struct headless *headless = headless_start(test->url, "bench-1");
    log_in(headless);
    int64_t events = floor_int(floor, "SELECT COUNT(*) FROM journal", 0);
    for (guint i = 0; i < G_N_ELEMENTS(LINES); i++)
        headless_expect(headless, LINES[i], "error", "PL-0100");
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM journal", 0), ==, events);
    g_assert_cmpint(headless_end(headless), ==, 0);
    floor_close(floor);
}

static void nonsense_moves_nothing(struct testdb *test)
{
    static const char *const LINES[] = {"",
                                        " ",
                                        ":",
                                        ":nothing",
                                        ":login",
                                        ":quantity -5",
                                        ":quantity 99999999999999999999",
                                        ":undo",
                                        ":close",
                                        ":weight x",
                                        "{",
                                        "{}",
                                        "{\"scan\": 5}",
                                        "{\"scan\": \"x\", \"key\": \"-1\"}",
                                        "{\"command\": \"fly\"}",
                                        "\xff\xfe\x80",
                                        "\x1b[31mred\x1b[0m",
                                        "//OZZZZ",
                                        "//C",
                                        "]C100",
                                        "ㄅㄆㄇ",
                                        "'; DROP TABLE shipment; --",
                                        "%s%n%n%n",
                                        /* longer than any answer: cut between characters, never within one */
                                        "臺中市西屯區臺灣大道三段一號臺中市西屯區臺灣大道三段一號臺中市西屯區臺灣大道三段一號",
                                        "x臺中市西屯區臺灣大道三段一號臺中市西屯區臺灣大道三段一號臺中市西屯區臺灣大道三段一號"};
    struct floor *floor = floor_open(test, "setup");
    int64_t shipment = prepare(floor);
    char *longest = g_strnfill(100000, '7');
    struct headless *headless = headless_start(test->url, "bench-1");
    for (int logged_in = 0; logged_in < 2; logged_in++) {
        for (size_t i = 0; i < G_N_ELEMENTS(LINES); i++) {
            is_answered(headless, LINES[i]);
            is_answered(headless, ":dismiss");
        }
        is_answered(headless, longest);
        is_answered(headless, ":dismiss");
        log_in(headless);
    }
    g_assert_cmpint(headless_end(headless), ==, 0);
    floor_is(floor, shipment, ST_READY);
    g_assert_cmpint(floor_int(floor, "SELECT version FROM shipment WHERE id = $1", shipment), ==, 2);
    g_free(longest);
    floor_close(floor);
}

/* The big list of naughty strings, each as a scan. */
static void naughty_strings_move_nothing(struct testdb *test)
{
    char **lines = naughty_lines();
    if (!lines)
        return;
    struct floor *floor = floor_open(test, "setup");
    int64_t shipment = prepare(floor);
    struct headless *headless = headless_start(test->url, "bench-1");
    log_in(headless);
    for (char **line = lines; *line; line++) {
        is_answered(headless, *line);
        is_answered(headless, ":dismiss");
    }
    g_assert_cmpint(headless_end(headless), ==, 0);
    floor_is(floor, shipment, ST_READY);
    g_strfreev(lines);
    floor_close(floor);
}

static void a_wrong_database_is_said(void)
{
    struct headless *headless = headless_start("sqlite:/nonexistent/floor.db", "bench-1");
    json_t *answer = headless_read(headless);
    g_assert_nonnull(answer);
    has(answer, "error", "PL-0203");
    json_decref(answer);
    g_assert_cmpint(headless_end(headless), ==, 4);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/headless/goes_all_the_way", goes_all_the_way);
    testdb_add("/headless/a_key_counts_once", a_key_counts_once);
    testdb_add("/headless/a_lead_approves", a_lead_approves);
    testdb_add("/headless/malformed_requests", malformed_requests);
    testdb_add("/headless/nonsense_moves_nothing", nonsense_moves_nothing);
    testdb_add("/headless/naughty_strings_move_nothing", naughty_strings_move_nothing);
    g_test_add_func("/headless/a_wrong_database_is_said", a_wrong_database_is_said);
    return g_test_run();
}

/* SPDX-License-Identifier: MIT
 *
 * A whole server that stops at once and comes back: between two scans, under one, and in the middle of a bulk whose last
 * transactions it had not written to its disk. Each floor is checked as a whole when it is closed. Of SQLite there is no
 * server.
 */
#include "core/act/act.h"
#include "core/apply/apply.h"
#include "tests/support/floor.h"
#include "tests/support/headless.h"
#include "tests/support/server.h"

enum { MANY = 330, CRASH_AFTER = 300 };

static const char BADGE[] = "4001", PIN[] = "482915";

/* --- a station -------------------------------------------------------------------------------------------- */

/* A lead, a mug in a bin, and orders of two each, released. */
static void prepare(struct floor *floor, int orders)
{
    headless_hire(floor, BADGE, ROLE_LEAD, PIN);
    floor_receive(floor, floor_product(floor, "MUG-RED", "4710000000017"), 0, floor_bin(floor, "A-01-1", 1), MANY);
    for (int i = 0; i < orders; i++) {
        g_autofree char *number = g_strdup_printf("SP-%d", i);
        floor_release(floor, floor_order(floor, number, "hct", FLOOR_ITEMS({"MUG-RED", 2})));
    }
}

/* As a gateway does that was told "error": the line again, with the key of the answer. */
static void give_again(struct headless *headless, const char *line, const json_t *answer)
{
    g_autofree char *again = g_strdup_printf("{\"scan\": \"%s\", \"key\": \"%s\"}", line,
                                             json_string_value(json_object_get(answer, "key")));
    headless_expect(headless, again, "ok", NULL);
}

static const char *outcome_of(const json_t *answer)
{
    return json_string_value(json_object_get(answer, "outcome"));
}

/* A link that died while nobody asked anything is found dead before the scan is sent, or under it. */
static void scan_after_stop(struct testdb *test, struct headless *headless, const char *line)
{
    server_crash(test);
    server_wake(test);
    json_t *answer = headless_ask(headless, line);
    if (g_strcmp0(outcome_of(answer), "error") == 0)
        give_again(headless, line, answer);
    else
        g_assert_cmpstr(outcome_of(answer), ==, "ok");
    json_decref(answer);
}

static void scan_under_stop(struct testdb *test, struct headless *headless, const char *line)
{
    server_crash(test);
    json_t *answer = headless_ask(headless, line);
    g_test_message("without a server: %s", json_string_value(json_object_get(answer, "code")));
    g_assert_cmpstr(outcome_of(answer), ==, "error");
    server_wake(test);
    give_again(headless, line, answer);
    json_decref(answer);
}

/* Every second line finds a server that was there a moment ago, every third is given to none. */
static void scans_go_on(void)
{
    static const char *const LINES[] = {"SP-0", "A-01-1", "4710000000017", "4710000000017",
                                        ":pack SP-0", "4710000000017", "4710000000017"};
    struct testdb *test = server_start();
    char login[64];
    if (!test) {
        g_test_skip("no PostgreSQL");
        return;
    }
    struct floor *floor = floor_open(test, "setup");
    prepare(floor, 1);
    floor_close(floor);
    struct headless *headless = headless_start(test->url, "bench-1");
    g_snprintf(login, sizeof login, ":login %s %s", BADGE, PIN);
    headless_expect(headless, login, "ok", "");
    for (size_t i = 0; i < G_N_ELEMENTS(LINES); i++) {
        if (i % 3 == 2)
            scan_under_stop(test, headless, LINES[i]);
        else if (i % 2 == 1)
            scan_after_stop(test, headless, LINES[i]);
        else
            headless_expect(headless, LINES[i], "ok", NULL);
    }
    g_assert_cmpint(headless_end(headless), ==, 0);
    floor = floor_open(test, "after");
    int64_t shipment = floor_int(floor, "SELECT MAX(id) FROM shipment WHERE id > $1", 0);
    floor_is(floor, shipment, ST_PACKED);
    g_assert_cmpint(floor_int(floor, "SELECT SUM(picked) FROM shipment_line WHERE shipment_id = $1", shipment), ==, 2);
    floor_close(floor);
    server_free(test);
}

/* --- a bulk ----------------------------------------------------------------------------------------------- */

static void crash_in_the_middle(size_t done, size_t of, void *data)
{
    (void)of;
    if (done == CRASH_AFTER) {
        server_crash(data);
        server_wake(data);
    }
}

/* What was committed without the disk is gone, nobody was told that it is there, and what was begun is found and finished. */
static void a_bulk_is_finished(void)
{
    static struct event events[MANY];
    static struct outcome outcomes[MANY];
    struct testdb *test = server_start();
    GError *error = NULL;
    if (!test) {
        g_test_skip("no PostgreSQL");
        return;
    }
    struct floor *floor = floor_open(test, "lead");
    prepare(floor, MANY / 2);
    for (int i = 0; i < MANY; i++) {
        int64_t shipment = floor_int(floor, "SELECT id FROM shipment ORDER BY id OFFSET $1 LIMIT 1", i % (MANY / 2));
        events[i] = (struct event){.kind = i < MANY / 2 ? EV_BLOCK : EV_UNBLOCK, .shipment_id = shipment, .actor = floor->lead,
                                   .key = flow_key(floor->site), .block = BLOCK_HELD, .reason = "recall"};
    }
    const struct flow_list list = {.events = events, .n = MANY, .outcomes = outcomes, .progress = crash_in_the_middle, .data = test};
    g_assert_false(flow_apply_list(floor->site, &list, &error));
    g_assert_error(error, ERR, ERR_DB_LOST);
    g_clear_error(&error);
    floor_close(floor);
    floor = floor_open(test, "next");
    int64_t kept = floor_int(floor, "SELECT COUNT(*) FROM event WHERE kind IN ('block', 'unblock') AND key > $1", 0);
    g_test_message("of %d committed %" G_GINT64_FORMAT " were on the disk", CRASH_AFTER, kept);
    g_assert_cmpint(kept, <, CRASH_AFTER);
    g_assert_true(flow_finish_all(floor->site, &error));
    g_assert_no_error(error);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM event WHERE kind IN ('block', 'unblock') AND key > $1", 0), ==, MANY);
    g_assert_cmpint(floor_held(floor), ==, 0);
    floor_close(floor);
    server_free(test);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/server_stop/scans_go_on", scans_go_on);
    g_test_add_func("/server_stop/a_bulk_is_finished", a_bulk_is_finished);
    return g_test_run();
}

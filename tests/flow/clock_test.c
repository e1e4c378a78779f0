/* SPDX-License-Identifier: MIT
 *
 * A clock that is far ahead is asked about before anything is written, one that is behind is refused; whoever says that it is
 * right is journalled; and what a wrong clock has left stops neither the seals nor a log-in.
 */
#include <string.h>
#include <sys/wait.h>

#include "core/base/error.h"
#include "core/check/check.h"
#include "core/people/login.h"
#include "core/people/pin.h"
#include "core/site/first_rows.h"
#include "core/site/site_clock.h"
#include "core/site/site_setting.h"
#include "tests/support/clock_manual.h"
#include "tests/support/headless.h"
#include "tests/support/seat.h"

#define DAY_MS INT64_C(86400000)
#define MINUTE_MS INT64_C(60000)
#define NOW_MS INT64_C(1800000000000)
#define YEARS_20 (7305 * DAY_MS)

struct room {
    struct testdb *test;
    struct clock_manual clock;
    struct db *db;
};

static void room_open(struct room *room, struct testdb *test)
{
    static const struct site_names NAMES = {"TY", "Taoyuan", "Asia/Taipei", "OWN", "Own", FALSE};
    GError *error = NULL;
    room->test = test;
    clock_manual_init(&room->clock, NOW_MS);
    g_assert_true(site_create(test->url, &NAMES, &room->clock.clock, &error));
    room->db = testdb_open(test);
}

/* Opens, does something, and ends. The error of the opening. */
static enum err works(struct room *room)
{
    GError *error = NULL;
    struct site *site = site_open(room->test->url, "test", &room->clock.clock, &error);
    enum err code = err_code(error);
    g_clear_error(&error);
    if (site) {
        const struct actor by = {.person_id = site->system_person_id};
        g_assert_true(site_setting_set(site, &by, "labels_per_cups_job", "20", &error));
    }
    site_close(site);
    return code;
}

static void accept(struct room *room)
{
    GError *error = NULL;
    struct site *site = site_open_as(SITE_CLOCK, room->test->url, "clock", &room->clock.clock, &error);
    g_assert_no_error(error);
    const struct actor by = {.person_id = site->system_person_id};
    g_assert_true(site_clock_accept(site, &by, &error));
    site_close(site);
}

static int64_t written(struct room *room)
{
    return testdb_int(room->db, "SELECT (SELECT COUNT(*) FROM journal) + (SELECT COUNT(*) FROM seal) * 1000 + "
                                "(SELECT CAST(SUM(ids_until_at) AS BIGINT) FROM writer)");
}

static void ahead_is_asked(struct testdb *test)
{
    struct room room;
    room_open(&room, test);
    g_assert_cmpint(works(&room), ==, ERR_NONE);
    room.clock.now_utc_ms += 30 * DAY_MS;
    g_assert_cmpint(works(&room), ==, ERR_NONE);
    room.clock.now_utc_ms += 30 * DAY_MS + 1;
    int64_t before = written(&room);
    g_assert_cmpint(works(&room), ==, ERR_CLOCK_AHEAD);
    g_assert_cmpint(written(&room), ==, before);
    accept(&room);
    g_assert_cmpint(works(&room), ==, ERR_NONE);
    g_assert_cmpint(testdb_int(room.db, "SELECT COUNT(*) FROM journal WHERE event = 'clock-accepted'"), ==, 1);
    testdb_script(room.db, "INSERT INTO setting (warehouse_id, name, value) SELECT id, 'clock_ahead_days', '60' FROM warehouse");
    room.clock.now_utc_ms += 60 * DAY_MS;
    g_assert_cmpint(works(&room), ==, ERR_NONE);
    db_close(room.db);
}

static void behind_is_refused(struct testdb *test)
{
    struct room room;
    room_open(&room, test);
    g_assert_cmpint(works(&room), ==, ERR_NONE);
    room.clock.now_utc_ms -= 5 * MINUTE_MS;
    g_assert_cmpint(works(&room), ==, ERR_NONE);
    room.clock.now_utc_ms -= 1;
    int64_t before = written(&room);
    g_assert_cmpint(works(&room), ==, ERR_CLOCK_BEHIND);
    g_assert_cmpint(written(&room), ==, before);
    db_close(room.db);
}

static int64_t seals(struct room *room)
{
    return testdb_int(room->db, "SELECT COUNT(*) FROM seal");
}

/* Twenty years ahead, believed, and back: every day is sealed again, nobody is locked out, no id is made ahead, and the next
 * wrong clock is noticed as the first was. */
static void back_from_far_ahead(struct testdb *test)
{
    struct room room;
    guint violations = 0;
    room_open(&room, test);
    g_assert_cmpint(works(&room), ==, ERR_NONE);
    room.clock.now_utc_ms += YEARS_20;
    accept(&room);
    for (int i = 0; i < 3; i++, room.clock.now_utc_ms += DAY_MS)
        g_assert_cmpint(works(&room), ==, ERR_NONE);
    room.clock.now_utc_ms -= YEARS_20;
    g_assert_cmpint(works(&room), ==, ERR_CLOCK_BEHIND);
    accept(&room);
    int64_t before = seals(&room), highest = testdb_int(room.db, "SELECT MAX(sequence) FROM writer WHERE slot > 0");
    for (int i = 0; i < 5; i++, room.clock.now_utc_ms += DAY_MS) {
        g_assert_cmpint(works(&room), ==, ERR_NONE);
        g_assert_cmpint(works(&room), ==, ERR_NONE);
    }
    g_assert_cmpint(seals(&room), >=, before + 4);
    g_assert_cmpint(seals(&room), <=, before + 5);
    g_assert_cmpint(testdb_int(room.db, "SELECT MAX(sequence) FROM writer WHERE slot > 0"), >, highest);
    g_autofree char *rows = g_strdup_printf("SELECT COUNT(*) FROM journal WHERE event = 'setting' AND event_key > %" G_GINT64_FORMAT
                                            " AND at < %" G_GINT64_FORMAT, id_floor(NOW_MS + 100 * DAY_MS), NOW_MS + 100 * DAY_MS);
    g_assert_cmpint(testdb_int(room.db, rows), ==, 0);
    g_assert_true(check_quick(room.db, room.clock.now_utc_ms, &violations, NULL));
    g_assert_cmpuint(violations, ==, 0);
    room.clock.now_utc_ms -= 2 * DAY_MS;
    g_assert_cmpint(works(&room), ==, ERR_CLOCK_BEHIND);
    room.clock.now_utc_ms += 42 * DAY_MS;
    g_assert_cmpint(works(&room), ==, ERR_CLOCK_AHEAD);
    db_close(room.db);
}

/* --- the real programs ------------------------------------------------------------------------------------ */

static char *run(struct testdb *test, int status, const char *arguments)
{
    g_autofree char *program = headless_program("packline"), *out = NULL, *err = NULL;
    g_autofree char *line = g_strdup_printf("%s %s --db %s --lang en", program, arguments, test->url);
    g_auto(GStrv) argv = g_strsplit(line, " ", -1);
    int ended = 0;
    g_assert_true(g_spawn_sync(NULL, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, &err, &ended, NULL));
    if (!WIFEXITED(ended) || WEXITSTATUS(ended) != status)
        g_error("%s: %d %s%s", arguments, ended, out, err);
    return g_strconcat(out, err, NULL);
}

static void last_was(struct floor *floor, int64_t ago_ms)
{
    g_autofree char *sql = g_strdup_printf("UPDATE writer SET ids_until_at = %" G_GINT64_FORMAT, g_get_real_time() / 1000 - ago_ms);
    floor->tampered = TRUE;
    testdb_script(floor->site->db, sql);
}

static void programs(struct testdb *test)
{
    int64_t shipment;
    struct floor *floor = seat_floor(test, 1, &shipment);
    last_was(floor, 60 * DAY_MS);
    g_autofree char *refused = run(test, EXIT_REFUSED, "people list"), *headless = run(test, EXIT_REFUSED, "station --headless"),
                    *unsaid = run(test, EXIT_REFUSED, "clock accept");
    g_assert_nonnull(strstr(refused, "PL-0226"));
    g_assert_nonnull(strstr(headless, "PL-0226"));
    g_assert_nonnull(strstr(unsaid, "packline clock accept"));
    struct pty *pty = seat_start(test, &(struct seat_how){0});
    seat_sees(pty, "Is this clock right?");
    pty_type(pty, "no\r");
    int status = pty_wait_end(pty);
    g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_REFUSED);
    pty_free(pty);
    pty = seat_start(test, &(struct seat_how){0});
    seat_sees(pty, "Is this clock right?");
    pty_type(pty, "yes\r");
    seat_log_in(pty);
    seat_close(pty);
    g_free(run(test, EXIT_OK, "people list"));
    last_was(floor, -DAY_MS);
    g_setenv("PACKLINE_PIN", SEAT_PIN, TRUE);
    g_autofree char *behind = run(test, EXIT_REFUSED, "people list"), *lead = run(test, EXIT_REFUSED, "clock accept --yes --as " SEAT_BADGE);
    g_assert_nonnull(strstr(behind, "PL-0227"));
    g_assert_nonnull(strstr(lead, "PL-0807"));
    g_assert_true(person_add(floor->site, &floor->system, "A001", "Anna", ROLE_ADMIN, SEAT_PIN, NULL, NULL));
    last_was(floor, -DAY_MS);
    g_free(run(test, EXIT_OK, "clock accept --yes --as A001"));
    g_free(run(test, EXIT_OK, "people list"));
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM journal WHERE event = 'clock-accepted'", 0), ==, 2);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/clock/ahead-is-asked", ahead_is_asked);
    testdb_add("/clock/behind-is-refused", behind_is_refused);
    testdb_add("/clock/back-from-far-ahead", back_from_far_ahead);
    testdb_add("/clock/programs", programs);
    return g_test_run();
}

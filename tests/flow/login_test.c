/* SPDX-License-Identifier: MIT
 *
 * Badge and PIN: right, wrong, locked, unknown, inactive; people added and changed; settings kept.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/code/code.h"
#include "core/people/login.h"
#include "core/people/pin.h"
#include "core/site/first_rows.h"
#include "core/site/site.h"
#include "core/site/site_setting.h"
#include "core/station/station.h"
#include "tests/support/clock_manual.h"
#include "tests/support/testdb.h"

enum { NOW = 1800000000 };

struct floor {
    struct clock_manual clock;
    struct site *site;
    struct actor by;
    char *pepper;
};

static void floor_open(struct floor *floor, struct testdb *test)
{
    static const struct site_names NAMES = {"TY", "Taoyuan", "Asia/Taipei", "OWN", "Own", FALSE};
    GError *error = NULL;
    clock_manual_init(&floor->clock, NOW * INT64_C(1000));
    floor->pepper = g_build_filename(test->dir, "pepper", NULL);
    g_setenv("PACKLINE_PEPPER", floor->pepper, TRUE);
    g_assert_true(pepper_create(NULL, &error));
    g_assert_true(site_create(test->url, &NAMES, &floor->clock.clock, &error));
    floor->site = site_open(test->url, "test", &floor->clock.clock, &error);
    g_assert_no_error(error);
    floor->by = (struct actor){.person_id = floor->site->system_person_id};
}

static void floor_close(struct floor *floor)
{
    site_close(floor->site);
    g_remove(floor->pepper);
    g_free(floor->pepper);
}

static void add(struct floor *floor, const char *badge, enum role role, const char *pin)
{
    GError *error = NULL;
    person_add(floor->site, &floor->by, badge, "林小美", role, pin, NULL, &error);
    g_assert_no_error(error);
}

static enum err try_login(struct floor *floor, const char *badge, const char *pin)
{
    GError *error = NULL;
    struct person person = {0};
    gboolean good = login_check(floor->site, &floor->by, badge, pin, &person, &error);
    enum err code = err_code(error);
    g_assert_cmpint(good, ==, code == ERR_NONE);
    g_assert_cmpint(good, ==, person.id != 0);
    g_clear_error(&error);
    return code;
}

static void right_and_wrong(struct testdb *test)
{
    struct floor floor;
    struct person person;
    char text[CODE_SIZE];
    floor_open(&floor, test);
    add(&floor, "P001", ROLE_PACKER, "2580");
    add(&floor, "P002", ROLE_PACKER, NULL);
    g_assert_cmpint(try_login(&floor, "P001", "2580"), ==, ERR_NONE);
    g_assert_cmpint(try_login(&floor, "P001", "2581"), ==, ERR_LOGIN);
    g_assert_cmpint(try_login(&floor, "P001", ""), ==, ERR_LOGIN);
    g_assert_cmpint(try_login(&floor, "P002", ""), ==, ERR_LOGIN);
    g_assert_cmpint(try_login(&floor, "nobody", "2580"), ==, ERR_LOGIN);
    g_assert_cmpint(try_login(&floor, "system", ""), ==, ERR_LOGIN);
    g_assert_cmpint(person_find(floor.site, "P001", &person, NULL), ==, 1);
    g_assert_cmpint(try_login(&floor, code_make(CODE_PERSON, person.id, text), "2580"), ==, ERR_NONE);
    g_assert_true(person_set_active(floor.site, &floor.by, "P001", FALSE, NULL));
    g_assert_cmpint(try_login(&floor, "P001", "2580"), ==, ERR_LOGIN);
    floor_close(&floor);
}

static void locked(struct testdb *test)
{
    struct floor floor;
    floor_open(&floor, test);
    add(&floor, "P001", ROLE_PACKER, "2580");
    for (int i = 0; i < LOGIN_TRIES; i++)
        g_assert_cmpint(try_login(&floor, "P001", "0000"), ==, ERR_LOGIN);
    g_assert_cmpint(try_login(&floor, "P001", "2580"), ==, ERR_LOGIN_LOCKED);
    floor.clock.now_utc_ms += LOGIN_LOCK_MS - 1;
    g_assert_cmpint(try_login(&floor, "P001", "2580"), ==, ERR_LOGIN_LOCKED);
    floor.clock.now_utc_ms += 1;
    g_assert_cmpint(try_login(&floor, "P001", "0000"), ==, ERR_LOGIN);
    floor.clock.now_utc_ms += LOGIN_LOCK_MS;
    g_assert_cmpint(try_login(&floor, "P001", "2580"), ==, ERR_LOGIN_LOCKED);
    floor.clock.now_utc_ms += LOGIN_LOCK_MS;
    g_assert_cmpint(try_login(&floor, "P001", "2580"), ==, ERR_NONE);
    g_assert_cmpint(testdb_int(floor.site->db, "SELECT MAX(failed_count + locked_until_at) FROM person"), ==,
                    0);
    floor_close(&floor);
}

static void counted_before_hashing(struct testdb *test)
{
    struct floor floor;
    floor_open(&floor, test);
    add(&floor, "P001", ROLE_PACKER, "2580");
    g_assert_cmpint(try_login(&floor, "P001", "0000"), ==, ERR_LOGIN);
    g_assert_cmpint(testdb_int(floor.site->db, "SELECT MAX(failed_count) FROM person"), ==, 1);
    g_remove(floor.pepper);
    g_assert_cmpint(try_login(&floor, "P001", "2580"), ==, ERR_PEPPER);
    floor_close(&floor);
}

static enum step scan(struct station *station, const char *text)
{
    struct answer answer;
    GError *error = NULL;
    station_scan(station, text, strlen(text), 0, &answer, &error);
    g_assert_no_error(error);
    return station_step(station);
}

static void log_out(struct station *station)
{
    struct answer answer;
    GError *error = NULL;
    station_command(station, CMD_LOGOUT, "", 0, &answer, &error);
    g_assert_no_error(error);
    g_assert_cmpint(station_step(station), ==, STEP_LOGIN);
}

/* A log-out ends the session: whoever gave the last PIN, a packer or a lead, comes in by badge alone nowhere any more. */
static void session(struct testdb *test)
{
    static const char *const BADGES[] = {"P001", "L001"}, *const PINS[] = {"2580", "258013"};
    struct floor floor;
    floor_open(&floor, test);
    add(&floor, "P001", ROLE_PACKER, "2580");
    add(&floor, "L001", ROLE_LEAD, "258013");
    struct station *here = station_open(floor.site, "bench 1", NULL);
    struct station *there = station_open(floor.site, "bench 2", NULL);
    for (guint i = 0; i < 2 * G_N_ELEMENTS(BADGES); i++) {
        const char *badge = BADGES[i % 2];
        g_assert_cmpint(scan(here, badge), ==, STEP_LOGIN);
        g_assert_cmpint(scan(here, PINS[i % 2]), ==, STEP_IDLE);
        g_assert_cmpint(scan(there, badge), ==, STEP_LOGIN);
        log_out(there);
        log_out(here);
    }
    g_assert_cmpint(scan(here, "P001"), ==, STEP_LOGIN);
    g_assert_cmpint(scan(here, "2580"), ==, STEP_IDLE);
    g_assert_cmpint(scan(here, "L001"), ==, STEP_LOGIN); /* another's badge is a log-out, too */
    log_out(here);
    g_assert_cmpint(scan(here, "P001"), ==, STEP_LOGIN);
    station_close(here);
    station_close(there);
    floor_close(&floor);
}

/* --- locked out ------------------------------------------------------------------------------------------- */

static int64_t rows_of(struct floor *floor, const char *where)
{
    g_autofree char *sql = g_strdup_printf("SELECT COUNT(*) FROM journal WHERE %s", where);
    return testdb_int(floor->site->db, sql);
}

static void guess(struct floor *floor, const char *badge, int times)
{
    for (int i = 0; i < times; i++) {
        g_assert_cmpint(try_login(floor, badge, "0000"), ==, ERR_LOGIN);
        floor->clock.now_utc_ms += LOGIN_LOCK_MAX_MS;
    }
}

/* Somebody else's guesses keep a packer out for an hour at most, who leads for five minutes; it is told. */
static void lead_is_back_soon(struct testdb *test)
{
    static const char *const BADGES[] = {"P001", "L001", "A001"};
    static const int LONGEST_MS[] = {LOGIN_LOCK_MAX_MS, LOGIN_LEAD_LOCK_MAX_MS, LOGIN_LEAD_LOCK_MAX_MS};
    struct floor floor;
    struct person person;
    struct answer answer;
    floor_open(&floor, test);
    add(&floor, "P001", ROLE_PACKER, "2580");
    add(&floor, "L001", ROLE_LEAD, "258013");
    add(&floor, "A001", ROLE_ADMIN, "258014");
    for (guint i = 0; i < G_N_ELEMENTS(BADGES); i++) {
        guess(&floor, BADGES[i], 20);
        floor.clock.now_utc_ms -= LOGIN_LOCK_MAX_MS;
        g_assert_cmpint(person_find(floor.site, BADGES[i], &person, NULL), ==, 1);
        g_assert_cmpint(person.locked_until_at - floor.clock.now_utc_ms, ==, LONGEST_MS[i]);
        floor.clock.now_utc_ms += LOGIN_LOCK_MAX_MS;
    }
    struct station *station = station_open(floor.site, "bench 1", NULL);
    g_assert_cmpint(scan(station, "L001"), ==, STEP_LOGIN);
    g_assert_true(station_scan(station, "258013", 6, 0, &answer, NULL));
    g_assert_nonnull(strstr(answer.text, "20"));
    g_assert_cmpint(rows_of(&floor, "event = 'login-failed' AND to_state = ''"), ==, 3 * (LOGIN_TRIES - 1));
    g_assert_cmpint(rows_of(&floor, "event = 'login-failed' AND to_state = 'locked' AND detail = 'L001'"), ==, 20 - LOGIN_TRIES + 1);
    g_assert_cmpint(rows_of(&floor, "event = 'login-unlocked' AND subject_id = person_id AND from_state = 'locked'"), ==, 1);
    station_close(station);
    floor_close(&floor);
}

/* An administrator lifts it; the only one is let in at the console, and only the only one. A lock that a clock in the far
 * future has set holds nobody. */
static void lifted(struct testdb *test)
{
    struct floor floor;
    GError *error = NULL;
    floor_open(&floor, test);
    add(&floor, "L001", ROLE_LEAD, "258013");
    add(&floor, "A001", ROLE_ADMIN, "258014");
    guess(&floor, "L001", LOGIN_TRIES);
    floor.clock.now_utc_ms -= LOGIN_LOCK_MAX_MS;
    g_assert_cmpint(try_login(&floor, "L001", "258013"), ==, ERR_LOGIN_LOCKED);
    g_assert_false(person_unlock_at_console(floor.site, "L001", "console", &error));
    g_assert_error(error, ERR, (int)ERR_UNLOCK_OTHER);
    g_clear_error(&error);
    g_assert_true(person_unlock(floor.site, &floor.by, "L001", NULL, NULL));
    g_assert_cmpint(try_login(&floor, "L001", "258013"), ==, ERR_NONE);
    add(&floor, "A002", ROLE_ADMIN, "258015");
    guess(&floor, "A001", LOGIN_TRIES);
    g_assert_false(person_unlock_at_console(floor.site, "A001", "console", &error));
    g_assert_error(error, ERR, (int)ERR_UNLOCK_OTHER);
    g_clear_error(&error);
    g_assert_true(person_set_active(floor.site, &floor.by, "A002", FALSE, NULL));
    g_assert_true(person_unlock_at_console(floor.site, "A001", "console /dev/tty1", &error));
    g_assert_cmpint(rows_of(&floor, "event = 'login-unlocked' AND detail = 'A001 console /dev/tty1'"), ==, 1);
    testdb_script(floor.site->db, "UPDATE person SET failed_count = 9, locked_until_at = 2431152000000 WHERE badge = 'L001'");
    g_assert_cmpint(try_login(&floor, "L001", "258013"), ==, ERR_NONE);
    floor_close(&floor);
}

/* The journal names the badge that was tried, and no PIN: not where that was typed for the badge, or right behind it. */
static void tried(struct testdb *test)
{
    static const char *const TRIED[][2] = {
        {"P777", "P777"}, {"p0012580", "p*"}, {"2580", "*"}, {"258013", "*"}, {"P01 2580", "P01**"}, {"林小美", "*********"},
    };
    struct floor floor;
    char text[LOGIN_TRIED];
    floor_open(&floor, test);
    add(&floor, "1001", ROLE_PACKER, "2580");
    for (guint i = 0; i < G_N_ELEMENTS(TRIED); i++) {
        login_tried(TRIED[i][0], text);
        g_assert_cmpstr(text, ==, TRIED[i][1]);
        g_assert_cmpint(try_login(&floor, TRIED[i][0], "0000"), ==, ERR_LOGIN);
        g_autofree char *where = g_strdup_printf("event = 'login-failed' AND subject_id IS NULL AND detail = '%s'", text);
        g_assert_cmpint(rows_of(&floor, where), >, 0);
    }
    g_assert_cmpint(try_login(&floor, "1001", "2581"), ==, ERR_LOGIN);
    g_assert_cmpint(rows_of(&floor, "event = 'login-failed' AND subject_id > 0 AND detail = '1001'"), ==, 1);
    g_assert_cmpint(rows_of(&floor, "detail LIKE '%2580%' OR detail LIKE '%2581%'"), ==, 0);
    floor_close(&floor);
}

static void approve(struct testdb *test)
{
    struct floor floor;
    struct person person;
    GError *error = NULL;
    floor_open(&floor, test);
    add(&floor, "P001", ROLE_PACKER, "2580");
    add(&floor, "L001", ROLE_LEAD, "258013");
    g_assert_true(login_approve(floor.site, &floor.by, "L001", "258013", MAY_LEAD, &person, &error));
    g_assert_false(login_approve(floor.site, &floor.by, "P001", "2580", MAY_LEAD, &person, &error));
    g_assert_error(error, ERR, (int)ERR_PERMISSION);
    g_clear_error(&error);
    floor_close(&floor);
}

static void people(struct testdb *test)
{
    static const struct {
        const char *badge, *pin;
        enum role role;
        enum err code;
    } WRONG[] = {
        {"P001", "2580", ROLE_PACKER, ERR_PERSON_EXISTS}, {"", "2580", ROLE_PACKER, ERR_PERSON_BADGE},
        {"A B", "2580", ROLE_PACKER, ERR_PERSON_BADGE},   {"//U1", "2580", ROLE_PACKER, ERR_PERSON_BADGE},
        {"P009", "12", ROLE_PACKER, ERR_PIN_RULE},        {"P009", "2580", ROLE_LEAD, ERR_PIN_RULE},
        {"P009", "2580", ROLE_NONE, ERR_ROLE_UNKNOWN},    {"P009", "258013", ROLE_SYSTEM, ERR_ROLE_UNKNOWN},
    };
    struct floor floor;
    GError *error = NULL;
    floor_open(&floor, test);
    add(&floor, "P001", ROLE_PACKER, "2580");
    for (guint i = 0; i < G_N_ELEMENTS(WRONG); i++) {
        g_assert_false(person_add(floor.site, &floor.by, WRONG[i].badge, "X", WRONG[i].role, WRONG[i].pin,
                                  NULL, &error));
        g_assert_cmpint(err_code(error), ==, WRONG[i].code);
        g_clear_error(&error);
    }
    char *long_name = g_strnfill(61, 'n');
    const char *const NAMES[] = {"", "\x01\n", long_name};
    for (guint i = 0; i < G_N_ELEMENTS(NAMES); i++) {
        g_assert_false(person_add(floor.site, &floor.by, "N1", NAMES[i], ROLE_PACKER, NULL, NULL, &error));
        g_assert_error(error, ERR, (int)ERR_PERSON_NAME);
        g_clear_error(&error);
    }
    g_free(long_name);
    g_assert_true(person_set_pin(floor.site, &floor.by, "P001", "1379", &error));
    g_assert_cmpint(try_login(&floor, "P001", "2580"), ==, ERR_LOGIN);
    g_assert_cmpint(try_login(&floor, "P001", "1379"), ==, ERR_NONE);
    g_assert_false(person_set_pin(floor.site, &floor.by, "P404", "1379", &error));
    g_assert_error(error, ERR, (int)ERR_PERSON_UNKNOWN);
    g_clear_error(&error);
    GArray *list = people_list(floor.site, &error);
    g_assert_cmpint(list->len, ==, 1);
    g_assert_cmpstr(g_array_index(list, struct person, 0).name, ==, "林小美");
    g_array_unref(list);
    g_assert_cmpint(testdb_int(floor.site->db, "SELECT COUNT(*) FROM journal WHERE event LIKE 'person-%'"), ==, 2);
    floor_close(&floor);
}

static void settings(struct testdb *test)
{
    struct floor floor;
    GError *error = NULL;
    floor_open(&floor, test);
    g_assert_cmpstr(site_setting_text(floor.site, "labels_per_cups_job"), ==, "50");
    g_assert_true(site_setting_set(floor.site, &floor.by, "labels_per_cups_job", "20", &error));
    g_assert_true(site_setting_set(floor.site, &floor.by, "labels_per_cups_job", "25", &error));
    g_assert_cmpint(site_setting_int(floor.site, "labels_per_cups_job", 50), ==, 25);
    g_assert_false(site_setting_set(floor.site, &floor.by, "labels_per_cups_job", "many", &error));
    g_assert_error(error, ERR, (int)ERR_SETTING_VALUE);
    g_clear_error(&error);
    g_assert_false(site_setting_set(floor.site, &floor.by, "glyphs", "ascii", &error));
    g_assert_error(error, ERR, (int)ERR_SETTING_UNKNOWN);
    g_clear_error(&error);
    site_close(floor.site);
    floor.site = site_open(test->url, "again", &floor.clock.clock, &error);
    g_assert_cmpint(site_setting_int(floor.site, "labels_per_cups_job", 50), ==, 25);
    floor_close(&floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/login/right-and-wrong", right_and_wrong);
    testdb_add("/login/locked", locked);
    testdb_add("/login/counted-before-hashing", counted_before_hashing);
    testdb_add("/login/session", session);
    testdb_add("/login/lead-is-back-soon", lead_is_back_soon);
    testdb_add("/login/lifted", lifted);
    testdb_add("/login/tried", tried);
    testdb_add("/login/approve", approve);
    testdb_add("/login/people", people);
    testdb_add("/login/settings", settings);
    return g_test_run();
}

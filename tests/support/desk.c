/* SPDX-License-Identifier: MIT */
#include "tests/support/desk.h"

#include <string.h>

#include "core/db/db.h"
#include "core/people/people.h"

static struct answer *heard(struct desk *desk)
{
    if (desk->heard)
        desk->heard(desk, desk->data);
    return &desk->last;
}

struct answer *desk_say(struct desk *desk, enum command command, const char *argument)
{
    GError *error = NULL;
    gboolean done = station_command(desk->station, command, argument, 0, &desk->last, &error);
    g_assert_no_error(error);
    g_assert_true(done);
    return heard(desk);
}

struct answer *desk_scan_keyed(struct desk *desk, const char *text, int64_t key)
{
    GError *error = NULL;
    gboolean done = station_scan(desk->station, text, strlen(text), key, &desk->last, &error);
    g_assert_no_error(error);
    g_assert_true(done);
    return heard(desk);
}

struct answer *desk_scan(struct desk *desk, const char *text)
{
    return desk_scan_keyed(desk, text, 0);
}

struct answer *desk_card(struct desk *desk, enum card card)
{
    char code[CODE_SIZE];
    return desk_scan(desk, code_make_card(card, code));
}

static void must_be_done(const struct desk *desk, const char *what)
{
    if (desk->last.kind != ANSWER_OK)
        g_error("%s: kind %d PL-%04d %s", what, (int)desk->last.kind, (int)desk->last.code, desk->last.text);
}

void desk_does(struct desk *desk, enum command command, const char *argument)
{
    desk_say(desk, command, argument);
    must_be_done(desk, station_command_name(command));
}

void desk_scans(struct desk *desk, const char *text)
{
    desk_scan(desk, text);
    must_be_done(desk, text);
}

void desk_asks(const struct desk *desk)
{
    if (desk->last.kind != ANSWER_ASK)
        g_error("not asked: kind %d PL-%04d %s", (int)desk->last.kind, (int)desk->last.code, desk->last.text);
}

void desk_is_barred(struct desk *desk, enum err code)
{
    if (desk->last.kind != ANSWER_REFUSED || desk->last.code != code)
        g_error("kind %d PL-%04d %s, wanted PL-%04d", (int)desk->last.kind, (int)desk->last.code, desk->last.text, (int)code);
    g_assert_cmpstr(desk->last.hint, !=, "");
    g_strlcpy(desk->refusal, desk->last.text, sizeof desk->refusal);
}

void desk_refuses(struct desk *desk, enum err code)
{
    desk_is_barred(desk, code);
    desk_say(desk, CMD_DISMISS, "");
}

void desk_says(const struct desk *desk, const char *word)
{
    if (!strstr(desk->last.text, word))
        g_error("\"%s\" does not say \"%s\"", desk->last.text, word);
}

void desk_expects(const struct desk *desk, const char *what)
{
    g_assert_cmpstr(desk->last.expect, ==, what);
}

struct desk *desk_open(struct testdb *test, const char *name, const char *badge, enum role role)
{
    struct desk *desk = g_new0(struct desk, 1);
    GError *error = NULL;
    struct person person;
    desk->floor = floor_open(test, name);
    int found = person_find(desk->floor->site, badge, &person, &error);
    g_assert_no_error(error);
    if (found)
        desk->person_id = person.id;
    else
        person_add(desk->floor->site, &desk->floor->system, badge, badge, role, DESK_PIN, &desk->person_id, &error);
    g_assert_no_error(error);
    desk->station = station_open(desk->floor->site, name, &error);
    g_assert_no_error(error);
    char *login = g_strdup_printf("%s %s", badge, DESK_PIN);
    desk_does(desk, CMD_LOGIN, login);
    g_free(login);
    return desk;
}

void desk_close(struct desk *desk)
{
    station_close(desk->station);
    floor_close(desk->floor);
    g_free(desk);
}

/* The code a person reads off the bin, the product or a fresh tote that is asked for. */
static void give_what_is_expected(struct desk *desk)
{
    const char *expect = desk->last.expect;
    struct floor *floor = desk->floor;
    char *code = NULL;
    if (g_str_has_prefix(expect, "an empty tote for slot "))
        code = g_strdup_printf("X-%s", expect + strlen("an empty tote for slot "));
    else
        code = g_strdup(strchr(expect, ' ') + 1);
    if (g_str_has_prefix(expect, "an empty tote") &&
        db_get_ints(floor->site->db, floor_sql("SELECT id FROM location WHERE code = $1"), DB_ARGS(code),
                    (int64_t[]){0}, 1, NULL) == 0)
        floor_tote(floor, code);
    desk_scans(desk, code);
    g_free(code);
}

void desk_picks_all(struct desk *desk)
{
    desk_does(desk, CMD_PICK, "");
    for (int scans = 0; station_step(desk->station) == STEP_PICK; scans++) {
        g_assert_cmpint(scans, <, 1000);
        give_what_is_expected(desk);
    }
}

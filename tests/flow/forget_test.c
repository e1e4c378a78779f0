/* SPDX-License-Identifier: MIT
 *
 * Forgetting, as an administrator asks for it: of one order, by days, by the setting; what is erased is gone from the files of a
 * database in use, its log too; backups that still have it are named; and the books hold.
 */
#include <string.h>

#include "core/act/forget.h"
#include "core/backup/backup.h"
#include "core/base/error.h"
#include "core/site/site_setting.h"
#include "core/view/alerts.h"
#include "tests/support/clock_manual.h"
#include "tests/support/floor.h"
#include "tests/support/headless.h"
#include "tests/support/seat.h"

#define DAY_MS INT64_C(86400000)
#define NAME "Forgettable Zebedee"

static struct floor *open_floor(struct testdb *test)
{
    struct floor *floor = floor_open(test, "import");
    floor_receive(floor, floor_product(floor, "MUG", NULL), 0, floor_bin(floor, "A-01-1", 1), 50);
    return floor;
}

/* An order of somebody's with a long address, which takes pages of its own. */
static int64_t order(struct floor *floor, const char *number, gboolean over)
{
    g_autofree char *lane = g_strnfill(9000, 'L');
    g_autofree char *address = g_strconcat(NAME " Lane ", lane, NULL);
    int64_t id = floor_order(floor, number, "hct", FLOOR_ITEMS({"MUG", 1}));
    GError *error = NULL;
    db_exec(floor->site->db, floor_sql("UPDATE recipient SET name = $1, address = $2 WHERE id = (SELECT recipient_id FROM shipment "
                                       "WHERE id = $3)"), DB_ARGS(NAME, address, id), NULL, &error);
    g_assert_no_error(error);
    floor_release(floor, id);
    if (over)
        floor_do(floor, (struct event){.kind = EV_CANCEL, .actor = floor->lead, .shipment_id = id, .reason = NAME " rang"});
    floor_say(floor);
    return id;
}

static int64_t kept(struct floor *floor)
{
    return floor_int(floor, "SELECT (SELECT COUNT(*) FROM recipient WHERE name = '" NAME "') * 100 + (SELECT COUNT(*) FROM remark "
                            "WHERE text = '" NAME " rang')", 0);
}

static struct forgotten forget(struct floor *floor, const struct forget_of *of)
{
    struct forgotten forgotten;
    GError *error = NULL;
    orders_forget(floor->site, &floor->lead, of, &forgotten, &error);
    g_assert_no_error(error);
    return forgotten;
}

static guint found_in(const char *path)
{
    g_autofree char *bytes = NULL;
    gsize length = 0;
    guint found = 0;
    if (g_file_get_contents(path, &bytes, &length, NULL))
        for (gsize i = 0; i + strlen(NAME) <= length; i++)
            found += memcmp(bytes + i, NAME, strlen(NAME)) == 0;
    return found;
}

static guint found_in_files(const struct testdb *test)
{
    const char *path = test->url + strlen("sqlite:");
    g_autofree char *log = g_strconcat(path, "-wal", NULL);
    g_test_message("%u in the file, %u in the log", found_in(path), found_in(log));
    return found_in(path) + found_in(log);
}

/* --- whose ------------------------------------------------------------------------------------------------ */

static void one_order(struct testdb *test)
{
    struct floor *floor = open_floor(test);
    GError *error = NULL;
    order(floor, "1", TRUE), order(floor, "2", TRUE), order(floor, "3", FALSE);
    g_assert_cmpint(kept(floor), ==, 302);
    g_assert_cmpint(order_to_forget(floor->site, "3", NULL, &error), ==, 0);
    g_assert_error(error, ERR, (int)ERR_FORGET_OPEN);
    g_clear_error(&error);
    g_assert_cmpint(order_to_forget(floor->site, "nothing", NULL, &error), ==, 0);
    g_assert_error(error, ERR, (int)ERR_ORDER_UNKNOWN);
    g_clear_error(&error);
    struct forget_of of = {.order_id = order_to_forget(floor->site, "1", NULL, &error)};
    struct forgotten forgotten = forget(floor, &of);
    g_assert_cmpuint(forgotten.recipients, ==, 1);
    g_assert_cmpuint(forgotten.remarks, ==, 1);
    g_assert_cmpint(kept(floor), ==, 201);
    g_assert_cmpuint(forget(floor, &of).recipients, ==, 0); /* once more is nothing more */
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM journal WHERE event = 'forget'", 0), ==, 2);
    floor_close(floor); /* check --full: the seals hold */
}

static gboolean is_alerted(struct floor *floor)
{
    g_autoptr(GArray) alerts = alerts_load(floor->site, 20, NULL);
    for (guint i = 0; i < alerts->len; i++)
        if (g_array_index(alerts, struct alert, i).kind == ALERT_FORGET)
            return TRUE;
    return FALSE;
}

static void by_days(struct testdb *test)
{
    struct floor *floor = open_floor(test);
    struct clock_manual later;
    order(floor, "1", TRUE), order(floor, "2", FALSE);
    clock_manual_init(&later, site_now(floor->site) + 31 * DAY_MS);
    floor->site->clock = &later.clock;
    g_assert_false(is_alerted(floor));
    GError *error = NULL;
    g_assert_true(site_setting_set(floor->site, &floor->lead, "forget_after_days", "30", &error));
    g_assert_true(is_alerted(floor));
    g_assert_cmpuint(forget(floor, &(struct forget_of){.before_at = site_now(floor->site) - 32 * DAY_MS}).recipients, ==, 0);
    g_assert_cmpuint(forget(floor, &(struct forget_of){.before_at = site_now(floor->site) - 30 * DAY_MS}).recipients, ==, 1);
    g_assert_false(is_alerted(floor)); /* the open one's address is needed */
    floor->site->clock = NULL;
    floor_close(floor);
}

/* --- where it was ----------------------------------------------------------------------------------------- */

/* Under another station that has the database open and goes on; and not under one that reads what was there before. */
static void gone_from_files(struct testdb *test)
{
    struct floor *floor = open_floor(test), *other = floor_open(test, "bench");
    for (int i = 0; i < 20; i++) {
        g_autofree char *number = g_strdup_printf("%d", i);
        order(floor, number, TRUE);
    }
    if (test->engine == DB_SQLITE)
        g_assert_cmpuint(found_in_files(test), >, 20);
    struct forgotten forgotten = forget(floor, &(struct forget_of){.before_at = site_now(floor->site) + 60000});
    g_assert_cmpuint(forgotten.recipients, ==, 20);
    g_assert_true(forgotten.is_gone);
    if (test->engine == DB_SQLITE)
        g_assert_cmpuint(found_in_files(test), ==, 0);
    floor_receive(other, floor_product(other, "TEA", NULL), 0, floor_bin(other, "A-02-1", 2), 5);
    floor_receive(floor, floor_product(floor, "POT", NULL), 0, floor_bin(floor, "A-03-1", 3), 5);
    g_assert_cmpint(floor_int(other, "SELECT COUNT(*) FROM recipient WHERE erased_at IS NOT NULL", 0), ==, 20);
    floor_close(other);
    floor_close(floor);
}

static gboolean forget_under(struct db *db, void *data, GError **error)
{
    struct floor *floor = data;
    (void)error;
    g_assert_cmpint(testdb_int(db, "SELECT COUNT(*) FROM recipient"), >, 0);
    struct forgotten forgotten = forget(floor, &(struct forget_of){.before_at = site_now(floor->site) + 60000});
    g_assert_cmpuint(forgotten.recipients, ==, 1);
    g_assert_cmpint(forgotten.is_gone, ==, floor->test->engine == DB_POSTGRES);
    return TRUE;
}

static void a_reader_is_told_of(struct testdb *test)
{
    struct floor *floor = open_floor(test);
    struct db *reader = testdb_open(test);
    order(floor, "1", TRUE);
    g_assert_true(db_snapshot(reader, forget_under, floor, NULL));
    g_assert_true(forget(floor, &(struct forget_of){.before_at = site_now(floor->site) + 60000}).is_gone);
    db_close(reader);
    floor_close(floor);
}

/* --- the command ------------------------------------------------------------------------------------------ */

static char *run(const struct testdb *test, int exits, const char *words)
{
    g_autofree char *program = headless_program("packline"), *out = NULL, *err = NULL;
    g_autofree char *line = g_strdup_printf("'%s' forget %s --as " SEAT_BADGE " --db '%s' --lang en", program, words, test->url);
    char *argv[] = {(char[]){"/bin/sh"}, (char[]){"-c"}, line, NULL};
    int status = 0;
    g_assert_true(g_spawn_sync(test->dir, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, &err, &status, NULL));
    if (WEXITSTATUS(status) != exits)
        g_error("forget %s: exit %d\n%s%s", words, WEXITSTATUS(status), out, err);
    return g_strconcat(out, err, NULL);
}

static void by_command(struct testdb *test)
{
    struct floor *floor = open_floor(test);
    g_autofree char *dir = g_build_filename(test->dir, "backups", NULL);
    struct backup_made backup;
    GError *error = NULL;
    headless_hire(floor, SEAT_BADGE, ROLE_ADMIN, SEAT_PIN);
    g_setenv("PACKLINE_PIN", SEAT_PIN, TRUE);
    order(floor, "1", TRUE), order(floor, "2", FALSE);
    backup_make(&(struct backup_call){.url = test->url, .dir = test->engine == DB_SQLITE ? dir : NULL}, &backup, &error);
    g_assert_no_error(error);
    g_free(run(test, EXIT_USAGE, ""));
    g_free(run(test, EXIT_USAGE, "2026-01-01 --order 1"));
    g_free(run(test, EXIT_USAGE, "--older-than -1"));
    g_free(run(test, EXIT_REFUSED, "--order 2"));
    g_autofree char *said = run(test, EXIT_OK, "--order 1"), *json = run(test, EXIT_OK, "--older-than 1 --json");
    g_assert_nonnull(strstr(said, "Forgotten: 1 recipients, 1 reasons"));
    g_assert_nonnull(strstr(said, "These copies have them still"));
    g_assert_nonnull(strstr(said, backup.path));
    g_assert_nonnull(strstr(json, "\"gone\": true"));
    g_free(backup.path);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/forget/one-order", one_order);
    testdb_add("/forget/by-days", by_days);
    testdb_add("/forget/gone-from-files", gone_from_files);
    testdb_add("/forget/a-reader-is-told-of", a_reader_is_told_of);
    testdb_add("/forget/by-command", by_command);
    return g_test_run();
}

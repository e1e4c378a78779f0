/* SPDX-License-Identifier: MIT
 *
 * What is written from the command line names who does it, but for the commands that the configuration file names for timers.
 */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/wait.h>

#include "core/base/error.h"
#include "core/people/people.h"
#include "tests/support/headless.h"
#include "tests/support/seat.h"

static char *run(struct testdb *test, int status, const char *arguments)
{
    g_autofree char *program = headless_program("packline"), *out = NULL, *err = NULL;
    g_autofree char *line = g_strdup_printf("%s %s --db %s --lang en", program, arguments, test->url);
    g_auto(GStrv) argv = g_strsplit(line, " ", -1), environment = g_environ_setenv(g_get_environ(), "XDG_CONFIG_HOME", test->dir, TRUE);
    int ended = 0;
    g_assert_true(g_spawn_sync(NULL, argv, environment, G_SPAWN_DEFAULT, NULL, NULL, &out, &err, &ended, NULL));
    if (!WIFEXITED(ended) || WEXITSTATUS(ended) != status)
        g_error("%s: %d %s%s", arguments, ended, out, err);
    return g_strconcat(out, err, NULL);
}

/* Every verb of every command writes by a badge alone, but those that only read: a new one that is in neither list fails. */
static void every_command(struct testdb *test)
{
    static const char *const WRITES[] = {
        "batch make --next 5", "batch cancel B1", "order release --all", "order cancel 1 --reason x", "stock adjust A B 1 --reason x",
        "stock move A B C 1", "place add bin Z-1", "place remove Z-1", "people add P9 Pan picker", "people passwd P9",
        "people deactivate 4001", "people activate 4001", "printers add p1 --uri file:/tmp", "printers remove p1", "jobs retry 1",
        "run start --filter courier=hct", "settings labels_per_cups_job 20", "station free gone", "forget 2026-01-01",
        "import orders a.csv --shop web", "import stock a.csv", "export shipped", "map web A B",
    };
    static const char *const READS[] = {"batch list", "stock list", "place list", "people list", "printers list", "jobs list",
                                        "run status", "station list", "alerts", "map list", "settings", "order show SP-1042"};
    int64_t shipment;
    struct floor *floor = seat_floor(test, 1, &shipment);
    int64_t before = floor_int(floor, "SELECT COUNT(*) FROM journal", 0);
    for (guint i = 0; i < G_N_ELEMENTS(WRITES); i++) {
        g_autofree char *said = run(test, EXIT_REFUSED, WRITES[i]);
        if (!strstr(said, "PL-0812"))
            g_error("%s: %s", WRITES[i], said);
    }
    for (guint i = 0; i < G_N_ELEMENTS(READS); i++)
        g_free(run(test, EXIT_OK, READS[i]));
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM journal", 0), ==, before);
    floor_close(floor);
}

static void what_timers_run(struct testdb *test)
{
    int64_t shipment;
    struct floor *floor = seat_floor(test, 1, &shipment);
    g_autofree char *dir = g_build_filename(test->dir, "packline", NULL), *path = g_build_filename(dir, "packline.conf", NULL);
    g_assert_cmpint(g_mkdir(dir, 0700), ==, 0);
    g_assert_true(g_file_set_contents(path, "[packline]\ntimer=import, export\n", -1, NULL));
    g_free(run(test, EXIT_OK, "export shipped"));
    g_free(run(test, EXIT_REFUSED, "place add bin Z-1"));
    g_setenv("PACKLINE_PIN", SEAT_PIN, TRUE);
    g_free(run(test, EXIT_OK, "place add bin Z-1 --as " SEAT_BADGE));
    g_free(run(test, EXIT_OK, "export shipped --as " SEAT_BADGE));
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM journal j JOIN person p ON p.id = j.person_id WHERE "
                                     "j.event = 'asked-for' AND j.detail = 'export shipped' AND p.badge = '" SEAT_BADGE "'", 0), ==, 1);
    g_remove(path);
    g_rmdir(dir);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/timer/every-command", every_command);
    testdb_add("/timer/what-timers-run", what_timers_run);
    return g_test_run();
}

/* SPDX-License-Identifier: MIT
 *
 * The only administrator is locked out by somebody's guesses: the program's own user lets them in, at a terminal of the
 * host, and nowhere else.
 */
#include <string.h>
#include <sys/wait.h>

#include "core/base/error.h"
#include "core/people/people.h"
#include "tests/support/headless.h"
#include "tests/support/seat.h"

static void only_administrator(struct testdb *test)
{
    int64_t shipment;
    struct floor *floor = seat_floor(test, 1, &shipment);
    g_autofree char *program = headless_program("packline"), *out = NULL, *err = NULL;
    const char *const argv[] = {program, "people", "unlock", "A001", "--db", test->url, "--lang", "en", NULL};
    int status = 0;
    g_assert_true(person_add(floor->site, &floor->system, "A001", "Anna", ROLE_ADMIN, "258014", NULL, NULL));
    floor->tampered = TRUE;
    testdb_script(floor->site->db, "UPDATE person SET failed_count = 5, locked_until_at = 9000000000000 WHERE badge = 'A001'");
    g_assert_true(g_spawn_sync(NULL, (char **)(uintptr_t)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, &err, &status, NULL));
    g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == EXIT_REFUSED);
    g_assert_nonnull(strstr(err, "PL-0811"));
    g_assert_cmpint(floor_int(floor, "SELECT failed_count FROM person WHERE badge = 'A001'", 0), ==, 5);
    struct pty *pty = pty_start(argv, NULL, 24, 80);
    status = pty_wait_end(pty);
    g_assert_true(status != -1 && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    pty_free(pty);
    g_assert_cmpint(floor_int(floor, "SELECT failed_count FROM person WHERE badge = 'A001'", 0), ==, 0);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM journal WHERE event = 'login-unlocked' AND detail LIKE "
                                     "'A001 console /dev/%'", 0), ==, 1);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/console/only-administrator", only_administrator);
    return g_test_run();
}

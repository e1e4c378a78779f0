/* SPDX-License-Identifier: MIT
 *
 * Writer slots: held for as long as their holder lives and no longer, whatever ended it; given to the newest station of
 * a name; freed by an administrator when none is left.
 *
 * PACKLINE_TEST_KILLS=3000 sets the number of kills.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "core/apply/apply.h"
#include "core/check/doctor.h"
#include "core/db/life.h"
#include "core/people/people.h"
#include "core/site/seal.h"
#include "core/site/writer_slot.h"
#include "core/view/alerts.h"
#include "tests/support/floor.h"
#include "tests/support/headless.h"

enum { KILLS = 60, AT_ONCE = 3, PATIENCE_S = 30 };

static int held(struct floor *floor)
{
    GError *error = NULL;
    int count = writer_slots_held(floor->site->db, &error);
    g_assert_no_error(error);
    return count;
}

/* A server needs a moment to see that a program is gone. */
static void held_soon(struct floor *floor, int wanted)
{
    int64_t until = g_get_monotonic_time() + PATIENCE_S * G_USEC_PER_SEC;
    while (held(floor) != wanted && g_get_monotonic_time() < until)
        g_thread_yield();
    g_assert_cmpint(held(floor), ==, wanted);
}

static struct floor *open_floor(struct testdb *test)
{
    struct floor *floor = floor_open(test, "setup");
    headless_hire(floor, "4001", ROLE_PACKER, "4829");
    return floor;
}

static struct headless *open_bench(struct floor *floor, const char *name)
{
    struct headless *bench = headless_start(floor->test->url, name);
    headless_expect(bench, ":login 4001 4829", "ok", NULL);
    return bench;
}

/* A refused scan is written down. */
static void scan(struct headless *bench)
{
    headless_expect(bench, "nonsense", "refused", "PL-0300");
    headless_expect(bench, ":dismiss", "ok", NULL);
}

/* --- who dies ------------------------------------------------------------------------------------------- */

static void every_signal_gives_it_back(struct testdb *test)
{
    static const int SIGNALS[] = {SIGTERM, SIGINT, SIGHUP, SIGKILL, SIGSEGV};
    struct floor *floor = open_floor(test);
    g_setenv("ASAN_OPTIONS", "handle_segv=0", TRUE); /* the crash is made: a sanitizer need not report it */
    for (size_t i = 0; i < G_N_ELEMENTS(SIGNALS); i++) {
        struct headless *bench = open_bench(floor, "bench-1");
        g_assert_cmpint(held(floor), ==, 2);
        g_assert_cmpint(kill(headless_pid(bench), SIGNALS[i]), ==, 0);
        g_assert_null(headless_read(bench));
        headless_kill(bench); /* it is dead, or dies now */
        held_soon(floor, 1);
    }
    g_unsetenv("ASAN_OPTIONS");
    floor_close(floor);
}

static GPid start_worker(struct testdb *test)
{
    g_autofree char *program = headless_program("packline-print");
    const char *const argv[] = {program, "work", "--db", test->url, NULL};
    GError *error = NULL;
    GPid pid = 0;
    g_spawn_async(NULL, (char **)(void *)(uintptr_t)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, &error);
    g_assert_no_error(error);
    return pid;
}

static void a_worker_gives_it_back_too(struct testdb *test)
{
    static const int SIGNALS[] = {SIGTERM, SIGINT, SIGHUP, SIGKILL};
    struct floor *floor = open_floor(test);
    for (size_t i = 0; i < G_N_ELEMENTS(SIGNALS); i++) {
        GPid worker = start_worker(test);
        held_soon(floor, 2);
        g_assert_cmpint(kill(worker, SIGNALS[i]), ==, 0);
        g_assert_cmpint(waitpid(worker, NULL, 0), ==, worker);
        held_soon(floor, 1);
    }
    floor_close(floor);
}

/* The next program goes on with the slot, its chain and its ids at once. */
static void the_chain_goes_on(struct testdb *test)
{
    struct floor *floor = open_floor(test);
    GError *error = NULL;
    struct headless *bench = open_bench(floor, "bench-1");
    scan(bench);
    int64_t rows = floor_int(floor, "SELECT COUNT(*) FROM journal WHERE writer = 1", 0);
    headless_kill(bench);
    held_soon(floor, 1);
    struct site *next = site_open(test->url, "next", NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(next->writer.slot, ==, 1);
    g_assert_cmpint(next->writer.sequence, ==, rows);
    int64_t until = floor_int(floor, "SELECT ids_until_at FROM writer WHERE slot = 1", 0);
    g_assert_cmpint(site_id(next), >=, id_floor(until + 1));
    site_close(next);
    bench = open_bench(floor, "bench-2");
    scan(bench);
    g_assert_cmpint(headless_end(bench), ==, 0);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM writer", 0), ==, 2);
    held_soon(floor, 1);
    floor_close(floor);
}

static int kills_wanted(void)
{
    const char *text = g_getenv("PACKLINE_TEST_KILLS");
    return text ? atoi(text) : KILLS;
}

static void kills_leave_none(struct testdb *test)
{
    struct floor *floor = open_floor(test);
    struct headless *bench[AT_ONCE] = {NULL};
    int kills = kills_wanted(), most = 0;
    int64_t begun = g_get_monotonic_time();
    for (int i = 0; i < kills; i++) {
        g_autofree char *name = g_strdup_printf("bench-%d", i % 7);
        struct headless **one = &bench[i % AT_ONCE];
        if (*one)
            headless_kill(*one);
        *one = headless_start(test->url, name);
        headless_send(*one, ":login 4001 4829");
        if (g_test_rand_bit())
            json_decref(headless_read(*one));
        most = MAX(most, held(floor));
    }
    for (int i = 0; i < AT_ONCE; i++)
        if (bench[i])
            headless_kill(bench[i]);
    g_test_message("%d kills in %.1f s, at most %d slots held at once, %d rows", kills,
                   (double)(g_get_monotonic_time() - begun) / G_USEC_PER_SEC, most,
                   (int)floor_int(floor, "SELECT COUNT(*) FROM writer", 0));
    held_soon(floor, 1);
    if (test->engine == DB_SQLITE)
        g_assert_cmpint(most, <=, 1 + AT_ONCE);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM writer", 0), <, 30);
    floor_close(floor);
}

/* --- one of a name -------------------------------------------------------------------------------------- */

static void the_newer_station_wins(struct testdb *test)
{
    struct floor *floor = open_floor(test);
    struct headless *older = open_bench(floor, "bench-1"), *other = open_bench(floor, "bench-2");
    scan(older);
    struct headless *newer = open_bench(floor, "bench-1");
    held_soon(floor, 3);
    int64_t rows = floor_int(floor, "SELECT COUNT(*) FROM journal", 0);
    headless_expect(older, "nonsense", "error", "PL-0218");
    headless_expect(older, "nonsense", "error", "PL-0218");
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM journal", 0), ==, rows);
    scan(newer);
    scan(other);
    g_assert_cmpint(headless_end(newer), ==, 0);
    held_soon(floor, 2);
    scan(older);
    held_soon(floor, 3);
    headless_end(older);
    headless_end(other);
    floor_close(floor);
}

/* --- all held ------------------------------------------------------------------------------------------- */

struct crowd {
    int64_t first, last;
};

/* Slots up to the last, held by lives of one connection. */
static gboolean hold_slots(struct db *db, void *data, GError **error)
{
    static const struct sql HOLD = {"hold_slot", "INSERT INTO writer (slot, name, holder, ids_until_at, head) "
                                                 "VALUES ($1, $2, $3, 0, $4)"};
    static const unsigned char zero[SITE_HASH_BYTES];
    const struct crowd *crowd = data;
    for (int64_t slot = crowd->first; slot <= crowd->last; slot++) {
        int64_t life = db_life_begin(db, error);
        g_autofree char *holder = writer_holder(life), *name = g_strdup_printf("station crowd-%d", (int)slot);
        const struct db_value args[] = {db_int(slot), db_text(name), db_text(holder), db_blob(zero, sizeof zero)};
        if (!life || !db_exec(db, &HOLD, args, G_N_ELEMENTS(args), NULL, error))
            return FALSE;
    }
    return TRUE;
}

static void hold(struct db *db, int first, int last)
{
    GError *error = NULL;
    db_transaction(db, hold_slots, &(struct crowd){first, last}, &error);
    g_assert_no_error(error);
}

static char *run(struct testdb *test, int wanted, const char *first, ...)
{
    char *out = NULL;
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    g_autofree char *program = headless_program("packline");
    g_ptr_array_add(argv, program);
    va_list rest;
    va_start(rest, first);
    for (const char *word = first; word; word = va_arg(rest, const char *))
        g_ptr_array_add(argv, (gpointer)(uintptr_t)word);
    va_end(rest);
    g_ptr_array_add(argv, (gpointer)(uintptr_t) "--db");
    g_ptr_array_add(argv, test->url);
    g_ptr_array_add(argv, NULL);
    int status = 0;
    g_autofree char *said = NULL;
    g_spawn_sync(NULL, (char **)argv->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, &said, &status, NULL);
    if (!g_spawn_check_wait_status(status, NULL) != (wanted != 0))
        g_error("%s: %s%s", first, out, said);
    char *all = g_strconcat(out, said, NULL);
    g_free(out);
    return all;
}

static guint alerted(struct floor *floor)
{
    GError *error = NULL;
    g_autoptr(GArray) alerts = alerts_load(floor->site, 5, &error);
    guint found = 0;
    g_assert_no_error(error);
    for (guint i = 0; i < alerts->len; i++)
        found += g_array_index(alerts, struct alert, i).kind == ALERT_WRITERS;
    return found;
}

static enum finding_level doctor_says(struct testdb *test, const char *what)
{
    struct findings *findings = findings_new();
    doctor_database(findings, test->url);
    g_autofree char *text = findings_text(findings);
    enum finding_level worst = findings_worst(findings);
    findings_free(findings);
    if (!strstr(text, what))
        g_error("no %s in %s", what, text);
    return worst;
}

static void half_is_told(struct testdb *test)
{
    struct floor *floor = open_floor(test);
    struct db *crowd = testdb_open(test);
    hold(crowd, 1, WRITER_SLOTS_MANY - 2);
    g_assert_cmpuint(alerted(floor), ==, 0);
    doctor_says(test, "511 of 1024 writer slots are held");
    hold(crowd, WRITER_SLOTS_MANY - 1, WRITER_SLOTS_MANY - 1);
    g_assert_cmpuint(alerted(floor), ==, 1);
    g_assert_cmpint(doctor_says(test, "512 of 1024 writer slots are held"), >=, FINDING_WARN);
    db_close(crowd);
    held_soon(floor, 1);
    doctor_says(test, "1 of 1024 writer slots are held");
    struct site *next = site_open(test->url, "next", NULL, NULL); /* whoever comes sweeps */
    g_assert_nonnull(next);
    g_assert_cmpuint(alerted(floor), ==, 0);
    site_close(next);
    floor_close(floor);
}

static void one_can_always_be_freed(struct testdb *test)
{
    struct floor *floor = open_floor(test);
    struct db *crowd = testdb_open(test);
    GError *error = NULL;
    hold(crowd, 1, ID_WRITERS - 2);
    g_assert_null(site_open(test->url, "one more", NULL, &error));
    g_assert_error(error, ERR, ERR_WRITERS_FULL);
    g_clear_error(&error);
    g_autofree char *refused = run(test, 1, "batch", "list", NULL), *list = run(test, 0, "station", "list", NULL);
    g_assert_nonnull(strstr(refused, "PL-0217"));
    g_assert_nonnull(strstr(list, "station crowd-77"));
    g_autofree char *unknown = run(test, 1, "station", "free", "nobody", NULL);
    g_assert_nonnull(strstr(unknown, "PL-0219"));
    g_free(run(test, 0, "station", "free", "crowd-77", NULL));
    g_free(run(test, 0, "station", "free", "78", NULL));
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM journal WHERE event = 'slot-free' AND person_id > 0 "
                                     "AND detail = '77 station crowd-77'", 0), ==, 1);
    struct site *one = site_open(test->url, "one more", NULL, &error), *two = site_open(test->url, "two", NULL, &error);
    g_assert_no_error(error);
    g_assert_null(site_open(test->url, "three", NULL, NULL));
    site_close(one);
    site_close(two);
    db_close(crowd);
    floor_close(floor);
}

/* A living program whose slot is freed takes another and loses nothing. */
static void the_freed_goes_on(struct testdb *test)
{
    struct floor *floor = open_floor(test);
    struct headless *bench = open_bench(floor, "bench-1");
    g_free(run(test, 0, "station", "free", "bench-1", NULL));
    scan(bench);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM journal WHERE writer = 1 AND event NOT IN ('station-new', 'judges')", 0), ==, 0);
    held_soon(floor, 2);
    headless_end(bench);
    floor_close(floor);
}

static struct outcome do_hold(struct floor *floor, const struct event *hold)
{
    struct outcome outcome;
    GError *error = NULL;
    flow_apply(floor->site, hold, 1, &outcome, &error);
    g_assert_no_error(error);
    return outcome;
}

/* A commit whose answer was lost with its link, and a link that is renewed without a new claim: the program's own chain is
 * further than it knows. It finds that out, and what was done is not done again. */
static void a_lost_answer_is_caught_up(struct testdb *test)
{
    struct floor *floor = open_floor(test);
    floor_product(floor, "MUG", NULL);
    int64_t shipment = floor_order(floor, "SP-1", "hct", FLOOR_ITEMS({"MUG", 1}));
    struct event hold = {.kind = EV_BLOCK, .shipment_id = shipment, .actor = floor->lead, .key = flow_key(floor->site),
                         .block = BLOCK_HELD, .reason = "recall"};
    const struct event release = {.kind = EV_UNBLOCK, .shipment_id = shipment, .actor = floor->lead,
                                  .key = flow_key(floor->site), .block = BLOCK_HELD, .reason = "over"};
    struct writer before = floor->site->writer;
    g_assert_cmpint(do_hold(floor, &hold).verdict, ==, VERDICT_DONE);
    floor->site->writer = before;
    site_keep(floor->site, NULL, NULL);
    g_assert_true(do_hold(floor, &hold).repeated);
    g_assert_cmpint(do_hold(floor, &release).verdict, ==, VERDICT_DONE);
    g_assert_cmpint(floor_held(floor), ==, 0);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/writers/every_signal_gives_it_back", every_signal_gives_it_back);
    testdb_add("/writers/a_worker_gives_it_back_too", a_worker_gives_it_back_too);
    testdb_add("/writers/the_chain_goes_on", the_chain_goes_on);
    testdb_add("/writers/kills_leave_none", kills_leave_none);
    testdb_add("/writers/the_newer_station_wins", the_newer_station_wins);
    testdb_add("/writers/half_is_told", half_is_told);
    testdb_add("/writers/one_can_always_be_freed", one_can_always_be_freed);
    testdb_add("/writers/the_freed_goes_on", the_freed_goes_on);
    testdb_add("/writers/a_lost_answer_is_caught_up", a_lost_answer_is_caught_up);
    return g_test_run();
}

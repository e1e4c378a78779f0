/* SPDX-License-Identifier: MIT
 *
 * kill -9 at random instants: forked stations write and acknowledge through a pipe after each commit; after
 * the kill the database is opened again and everything acknowledged is there. What is there without an
 * acknowledgement is counted: it is why events carry keys.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/error.h"
#include "tests/support/testdb.h"

enum { STATIONS = 3, CYCLES = 120, CYCLES_PER_DATABASE = 30, ID_BASE = 1000 };

static const struct sql ADD = {"add", "INSERT INTO owner (id, code, name) VALUES ($1, $2, $3)"};
static const struct sql COUNT_UP = {"count_up", "UPDATE writer SET sequence = sequence + 1 WHERE slot = $1"};
static const struct sql WRITER = {
    "writer",
    "INSERT INTO writer (slot, name, holder, ids_until_at, head, sequence) VALUES ($1, '', '', 0, $2, 0)"};

struct event {
    int station;
    int64_t id;
    int early_acks; /* a pipe to acknowledge through before the commit: the planted fault; -1 for none */
};

static gboolean acknowledge(int fd, int64_t id)
{
    return write(fd, &id, sizeof id) == sizeof id;
}

/* Two rows that must agree: the count in the station's writer row, and as many owners. */
static gboolean apply(struct db *db, void *data, GError **error)
{
    const struct event *event = data;
    char code[32], name[600];
    memset(name, 'x', sizeof name);
    name[sizeof name - 1] = '\0';
    g_snprintf(code, sizeof code, "%d/%" G_GINT64_FORMAT, event->station, event->id);
    if (event->early_acks >= 0 && !acknowledge(event->early_acks, event->id))
        return FALSE;
    return db_exec(db, &ADD, DB_ARGS(event->id, code, name), NULL, error) &&
           db_exec(db, &COUNT_UP, DB_ARGS(event->station), NULL, error);
}

static void station(const char *url, struct event event, int acks)
{
    struct db *db = db_open(url, DB_USE, NULL);
    if (!db)
        _exit(1);
    for (;; event.id++)
        if (!db_transaction(db, apply, &event, NULL) ||
            (event.early_acks < 0 && !acknowledge(acks, event.id)))
            _exit(1);
}

struct campaign {
    struct testdb *test;
    GRand *random;
    GHashTable *acked; /* in this database */
    int64_t acks, lost, unacknowledged, next_id;
    gboolean acknowledge_early;
};

static void read_acks(struct campaign *campaign, int fd)
{
    int64_t id;
    while (read(fd, &id, sizeof id) == sizeof id) {
        g_hash_table_add(campaign->acked, g_memdup2(&id, sizeof id));
        campaign->acks++;
        campaign->next_id = MAX(campaign->next_id, id + ID_BASE);
    }
}

/* Lets them work until a random number of acknowledgements has come, then a random moment longer. */
static void wait_for_acks(int fd, int bytes)
{
    int ready = 0;
    struct pollfd pipe_end = {.fd = fd, .events = POLLIN};
    gint64 deadline = g_get_monotonic_time() + 60 * G_USEC_PER_SEC;
    while (ready < bytes && g_get_monotonic_time() < deadline) {
        char peek[4096];
        int duplicate[2];
        poll(&pipe_end, 1, 100);
        g_assert_cmpint(pipe(duplicate), ==, 0);
        ready = (int)tee(fd, duplicate[1], sizeof peek, SPLICE_F_NONBLOCK);
        close(duplicate[0]);
        close(duplicate[1]);
    }
    g_assert_cmpint(ready, >=, bytes);
}

static void check(struct campaign *campaign)
{
    static const struct sql THERE = {"there", "SELECT id FROM owner"};
    static const struct sql TORN = {"torn", "SELECT COUNT(*) FROM writer WHERE sequence <>"
                                            " (SELECT COUNT(*) FROM owner WHERE substr(code, 1, 1) = "
                                            "CASE slot WHEN 0 THEN '0' WHEN 1 THEN '1' ELSE '2' END)"};
    struct db *db = testdb_open(campaign->test);
    int64_t id, torn = -1;
    GHashTable *there = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    struct rows *rows = db_query(db, &THERE, DB_NO_ARGS, NULL);
    while (rows_next(rows, NULL) == 1) {
        id = rows_int(rows, 0);
        g_hash_table_add(there, g_memdup2(&id, sizeof id));
        campaign->unacknowledged += !g_hash_table_contains(campaign->acked, &id);
    }
    GHashTableIter each;
    gpointer key;
    g_hash_table_iter_init(&each, campaign->acked);
    while (g_hash_table_iter_next(&each, &key, NULL))
        campaign->lost += !g_hash_table_contains(there, key);
    g_hash_table_destroy(campaign->acked);
    campaign->acked = there; /* what has survived must go on to, and is counted once */
    g_assert_cmpint(db_get_ints(db, &TORN, DB_NO_ARGS, &torn, 1, NULL), ==, 1);
    g_assert_cmpint(torn, ==, 0);
    db_close(db);
}

static void cycle(struct campaign *campaign)
{
    int pipe_fds[2];
    pid_t children[STATIONS];
    g_assert_cmpint(pipe2(pipe_fds, O_CLOEXEC), ==, 0);
    for (int i = 0; i < STATIONS; i++)
        if ((children[i] = fork()) == 0)
            station(campaign->test->url,
                    (struct event){i, campaign->next_id + i * INT64_C(10000000),
                                   campaign->acknowledge_early ? pipe_fds[1] : -1},
                    pipe_fds[1]);
    close(pipe_fds[1]);
    wait_for_acks(pipe_fds[0], 8 * g_rand_int_range(campaign->random, 1, 60));
    for (int spin = g_rand_int_range(campaign->random, 0, 200000); spin > 0; spin--)
        __asm__ volatile("");
    for (int i = 0; i < STATIONS; i++)
        kill(children[i], SIGKILL);
    for (int i = 0; i < STATIONS; i++) {
        int status = 0;
        waitpid(children[i], &status, 0);
        g_assert_true(WIFSIGNALED(status)); /* none had ended by an error of its own */
    }
    read_acks(campaign, pipe_fds[0]);
    close(pipe_fds[0]);
    campaign->next_id += STATIONS * INT64_C(10000000);
    check(campaign);
}

static void new_database(struct campaign *campaign)
{
    if (campaign->test)
        testdb_free(campaign->test);
    campaign->test = testdb_new(DB_SQLITE);
    g_hash_table_remove_all(campaign->acked);
    struct db *db = testdb_open(campaign->test);
    for (int i = 0; i < STATIONS; i++)
        g_assert_true(db_exec(db, &WRITER, DB_ARGS(i, db_blob("", 0)), NULL, NULL));
    db_close(db);
}

static struct campaign run_campaign(int cycles, gboolean acknowledge_early)
{
    struct campaign campaign = {
        .random = g_rand_new_with_seed((guint32)g_test_rand_int()),
        .acked = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL),
        .next_id = 1,
        .acknowledge_early = acknowledge_early,
    };
    for (int i = 0; i < cycles && !(acknowledge_early && campaign.lost); i++) {
        if (i % CYCLES_PER_DATABASE == 0)
            new_database(&campaign);
        cycle(&campaign);
    }
    g_test_message("%d stations, %" G_GINT64_FORMAT " acknowledged, %" G_GINT64_FORMAT
                   " lost, %" G_GINT64_FORMAT " durable but not acknowledged",
                   STATIONS, campaign.acks, campaign.lost, campaign.unacknowledged);
    testdb_free(campaign.test);
    g_hash_table_destroy(campaign.acked);
    g_rand_free(campaign.random);
    return campaign;
}

static void nothing_acknowledged_is_lost(void)
{
    const char *cycles = g_getenv("PACKLINE_KILL_CYCLES");
    g_assert_cmpint(run_campaign(cycles ? atoi(cycles) : CYCLES, FALSE).lost, ==, 0);
}

/* The control: stations that acknowledge before the commit are found out. */
static void the_test_would_notice(void)
{
    g_assert_cmpint(run_campaign(CYCLES, TRUE).lost, >, 0);
}

/* Killed while the tables are made, it is made by the next one. */
static void killed_while_created(void)
{
    GRand *random = g_rand_new_with_seed((guint32)g_test_rand_int());
    for (int i = 0; i < 20; i++) {
        struct testdb *test = testdb_new_empty(DB_SQLITE);
        GError *error = NULL;
        pid_t child = fork();
        if (child == 0)
            _exit(db_open(test->url, DB_CREATE, NULL) ? 0 : 1);
        g_usleep((gulong)g_rand_int_range(random, 0,
                                          30000)); /* the instant of the kill, no waiting for anything */
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
        struct db *db = db_open(test->url, DB_CREATE, &error);
        g_assert_no_error(error);
        db_close(db);
        db_close(testdb_open(test));
        testdb_free(test);
    }
    g_rand_free(random);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/kill/nothing-acknowledged-is-lost", nothing_acknowledged_is_lost);
    g_test_add_func("/kill/the-test-would-notice", the_test_would_notice);
    g_test_add_func("/kill/while-created", killed_while_created);
    return g_test_run();
}

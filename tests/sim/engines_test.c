/* SPDX-License-Identifier: MIT
 *
 * 1,000 orders of a seeded world, played once more on each engine through real loads and stores: what came of every event in
 * memory comes of it there, and the same rows are there at the end. Programs die on the way between decide, store and commit,
 * links are lost in the middle of a commit, and servers hang up between two scans. PACKLINE_SIM_SEED names another seed.
 */
#include <dlfcn.h>
#include <errno.h>
#include <glib.h>
#include <libpq-fe.h>
#include <signal.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/apply/apply.h"
#include "core/site/site.h"
#include "tests/support/player.h"
#include "tests/support/worlds.h"

enum { ORDERS = 1000, DIED = 77, MISHAP_IN = 400, RESTART_IN = 200 };

/* Where it happens: to a program of its own, which dies there; or to a link, which is cut. */
enum place {
    NOWHERE,
    DIES_BEFORE_STORE,
    DIES_BEFORE_COMMIT,
    DIES_AFTER_COMMIT,
    LOST_BEFORE_COMMIT,
    LOST_AFTER_COMMIT,
    HUNG_UP_AT_COMMIT, /* the server ends it */
    PLACES,
    PLACES_SQLITE = LOST_BEFORE_COMMIT
};

static const char *const PLACE_NAMES[PLACES] = {
    [DIES_BEFORE_STORE] = "died before the store",        [DIES_BEFORE_COMMIT] = "died before the commit",
    [DIES_AFTER_COMMIT] = "died after the commit",        [LOST_BEFORE_COMMIT] = "link lost before the commit",
    [LOST_AFTER_COMMIT] = "link lost after the commit",   [HUNG_UP_AT_COMMIT] = "hung up at the commit",
};

static enum place place;
static struct db *witness; /* another connection, that sees what is committed */
static int64_t watched;    /* the key */

static gboolean is_committing;

/* By now, or soon. */
static gboolean is_committed(void)
{
    enum { TRIES = 500 };
    g_autofree char *text = g_strdup_printf("SELECT COUNT(*) FROM event WHERE key = %" G_GINT64_FORMAT, watched);
    for (int i = 0; i < TRIES; i++)
        if (testdb_int(witness, text) > 0)
            return TRUE;
    return FALSE;
}

static enum place take_place(void)
{
    enum place taken = place;
    place = NOWHERE;
    return taken;
}

/* --- PostgreSQL: between the program and libpq --------------------------------------------------------------- */

#define REAL(name) ((void *)(uintptr_t)dlsym(RTLD_NEXT, name))

static void send_all(PGconn *conn)
{
    while (PQflush(conn) > 0)
        continue;
}

/* Nothing comes in or goes out any more. */
static void cut(const PGconn *conn)
{
    int ends[2];
    g_assert_cmpint(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), ==, 0);
    close(ends[1]);
    dup2(ends[0], PQsocket(conn));
    close(ends[0]);
}

/* The server's process ends, and its side of the socket with it. */
static void hang_up(int pid)
{
    g_autofree char *end = g_strdup_printf("SELECT CASE WHEN pg_terminate_backend(%d) THEN 1 ELSE 0 END", pid);
    testdb_int(witness, end);
    while (kill(pid, 0) == 0 || errno != ESRCH)
        continue;
}

int PQsendPrepare(PGconn *conn, const char *name, const char *query, int count, const Oid *types)
{
    int (*real)(PGconn *, const char *, const char *, int, const Oid *) = NULL;
    *(void **)&real = REAL("PQsendPrepare");
    if (place == DIES_BEFORE_STORE && strstr(query, "INTO event "))
        _exit(DIED);
    return real(conn, name, query, count, types);
}

int PQsendQueryParams(PGconn *conn, const char *command, int count, const Oid *types, const char *const *values,
                      const int *lengths, const int *formats, int result)
{
    int (*real)(PGconn *, const char *, int, const Oid *, const char *const *, const int *, const int *, int) = NULL;
    *(void **)&real = REAL("PQsendQueryParams");
    if (strcmp(command, "COMMIT") == 0 && place == DIES_BEFORE_COMMIT) {
        send_all(conn);
        _exit(DIED);
    }
    if (strcmp(command, "COMMIT") == 0 && place == HUNG_UP_AT_COMMIT) {
        take_place();
        hang_up(PQbackendPID(conn));
    }
    is_committing = strcmp(command, "COMMIT") == 0 && (place == DIES_AFTER_COMMIT || place == LOST_AFTER_COMMIT);
    if (strcmp(command, "COMMIT") == 0 && place == LOST_BEFORE_COMMIT) { /* behind it a long round would be sent at once */
        take_place();
        cut(conn);
    }
    return real(conn, command, count, types, values, lengths, formats, result);
}

int PQpipelineSync(PGconn *conn)
{
    int (*real)(PGconn *) = NULL;
    *(void **)&real = REAL("PQpipelineSync");
    int done = real(conn);
    if (!is_committing)
        return done;
    enum place at = take_place();
    is_committing = FALSE;
    send_all(conn);
    if (!is_committed()) { /* what was judged had gone stale: the next one will be */
        place = at;
        return done;
    }
    if (at == DIES_AFTER_COMMIT)
        _exit(DIED);
    cut(conn);
    return done;
}

/* --- SQLite: told by the connection what it runs --------------------------------------------------------------- */

static int trace(unsigned what, void *context, void *statement, void *text)
{
    const char *sql = what == SQLITE_TRACE_STMT ? text : sqlite3_sql(statement);
    gboolean commits = g_strcmp0(sql, "COMMIT") == 0;
    (void)context;
    if ((what == SQLITE_TRACE_STMT && place == DIES_BEFORE_STORE && sql && strstr(sql, "INTO event ")) ||
        (what == SQLITE_TRACE_STMT && place == DIES_BEFORE_COMMIT && commits) ||
        (what == SQLITE_TRACE_PROFILE && place == DIES_AFTER_COMMIT && commits))
        _exit(DIED);
    return 0;
}

static int watch(sqlite3 *db, char **error, const struct sqlite3_api_routines *api)
{
    (void)error;
    (void)api;
    return sqlite3_trace_v2(db, SQLITE_TRACE_STMT | SQLITE_TRACE_PROFILE, trace, NULL);
}

/* --- what goes wrong ------------------------------------------------------------------------------------------- */

struct mishaps {
    int64_t n, told[PLACES], restarts;
    struct chance chance;
};

static void die(struct player *player, const struct event *event, enum place at)
{
    struct outcome outcome;
    sqlite3_auto_extension((void (*)(void))watch);
    struct site *site = player_site(player, event->actor.station_id);
    witness = player->test->engine == DB_POSTGRES ? testdb_open(player->test) : NULL;
    watched = event->key;
    place = at;
    flow_apply(site, event, 1, &outcome, NULL);
    _exit(0); /* it has outlived it */
}

/* A program starts at the station, does the event and dies of it. */
static void dies_of_it(struct player *player, const struct event *event, enum place at)
{
    int status = 0;
    player_leave(player, event->actor.station_id);
    pid_t pid = fork();
    if (pid == 0)
        die(player, event, at);
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    g_assert_true(WIFEXITED(status));
    g_assert_cmpint(WEXITSTATUS(status), ==, DIED);
}

static void link_is_lost(struct player *player, const struct event *event, enum place at)
{
    struct site *site = player_at(player, event->actor.station_id);
    struct outcome outcome;
    g_autoptr(GError) error = NULL;
    place = at;
    g_assert_false(flow_apply(site, event, 1, &outcome, &error));
    g_assert_cmpint(place, ==, NOWHERE);
    g_assert_cmpint(err_code(error), ==, ERR_DB_LOST);
    g_clear_error(&error);
    site_reconnect(site, &error); /* as every program does then */
    g_assert_no_error(error);
}

/* The answer never came. Asked by key: it is there, or it is not and is sent again with the same key. */
static void ask_by_key(struct player *player, const struct event *event, struct outcome *outcome, gboolean committed)
{
    struct site *site = player_at(player, event->actor.station_id);
    GError *error = NULL;
    struct outcome known;
    int found = flow_outcome(site, event->key, &known, &error);
    g_assert_no_error(error);
    g_assert_cmpint(found, ==, committed);
    flow_apply(site, event, 1, outcome, &error);
    g_assert_no_error(error);
    g_assert_cmpint(outcome->repeated, ==, committed);
    g_assert_true(!committed || known.verdict == outcome->verdict);
}

/* Between two scans of the work that is open. */
static void server_restarts(const struct site *site, struct mishaps *mishaps)
{
    hang_up((int)testdb_int(site->db, "SELECT pg_backend_pid()"));
    mishaps->restarts++;
}

static gboolean goes_wrong(struct player *player, struct site *site, const struct event *event, struct outcome *outcome,
                           void *data)
{
    struct mishaps *mishaps = data;
    gboolean postgres = player->test->engine == DB_POSTGRES;
    if (postgres && site->kept && chance_below(&mishaps->chance, RESTART_IN) == 0)
        server_restarts(site, mishaps);
    if (chance_below(&mishaps->chance, MISHAP_IN) != 0)
        return FALSE;
    enum place at = (enum place)(1 + mishaps->n++ % ((postgres ? PLACES : PLACES_SQLITE) - 1));
    watched = event->key;
    if (at < LOST_BEFORE_COMMIT)
        dies_of_it(player, event, at);
    else
        link_is_lost(player, event, at);
    mishaps->told[at]++;
    ask_by_key(player, event, outcome, at == DIES_AFTER_COMMIT || at == LOST_AFTER_COMMIT);
    return TRUE;
}

/* --- the world ---------------------------------------------------------------------------------------------- */

static struct tape *tape;
static struct world *world;
static uint64_t seed;

static void record(void)
{
    tape = tape_new();
    seed = (uint64_t)worlds_number("PACKLINE_SIM", "SEED", (guint32)g_test_rand_int());
    g_print("# seed %" G_GUINT64_FORMAT ": PACKLINE_SIM_SEED=%" G_GUINT64_FORMAT " has it again\n", seed, seed);
    const struct world_options options = {.seed = seed, .orders = worlds_number("PACKLINE_ENGINES", "ORDERS", ORDERS),
                                          .tape = tape};
    g_autofree char *broken = NULL;
    world = world_new(&options, NULL);
    if (!world_run(world, &broken))
        g_error("seed %" G_GUINT64_FORMAT ": the invariants do not hold:\n%s", seed, broken);
}

static void tell(const struct player *player, const struct mishaps *mishaps)
{
    g_print("# %" G_GINT64_FORMAT " events, %" G_GINT64_FORMAT " of them in %" G_GINT64_FORMAT " bulks, %" G_GINT64_FORMAT
            " keys sent again, %" G_GINT64_FORMAT " with other content\n", player->events, player->in_bulk, player->bulks,
            player->again, player->other);
    for (int i = 1; i < PLACES; i++)
        if (mishaps->told[i])
            g_print("# %-28s %4" G_GINT64_FORMAT "\n", PLACE_NAMES[i], mishaps->told[i]);
    if (mishaps->restarts)
        g_print("# %-28s %4" G_GINT64_FORMAT "\n", "hung up between two scans", mishaps->restarts);
}

static void same_rows(struct testdb *test)
{
    g_autoptr(player) player = player_new(test, tape, seed);
    struct mishaps mishaps = {.chance = chance_of(seed, 2000)};
    witness = testdb_open(test);
    player->apply = goes_wrong;
    player->data = &mishaps;
    player_play(player);
    db_close(g_steal_pointer(&witness));
    tell(player, &mishaps);
    player_compare(player, world_memory(world)->dossier);
    for (int i = 1; i < (test->engine == DB_POSTGRES ? PLACES : PLACES_SQLITE); i++)
        g_assert_true(mishaps.told[i] > 0 || mishaps.n < PLACES); /* of few orders some may come to nothing */
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    record();
    testdb_add("/engines/same_rows", same_rows);
    int status = g_test_run();
    world_free(world);
    tape_free(tape);
    return status;
}

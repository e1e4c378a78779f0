/* SPDX-License-Identifier: MIT */
#include "tests/support/server.h"

/* The log stays in the server's memory until somebody waits for it. */
static const char SETTINGS[] = "-c wal_writer_delay=10s -c wal_writer_flush_after=1GB -c checkpoint_timeout=1h";

static char *run(const char *command, const char *dir)
{
    const char *const argv[] = {"tests/support/run-postgres", command, dir, NULL};
    GError *error = NULL;
    char *out = NULL;
    int status = 0;
    g_spawn_sync(NULL, (char **)(uintptr_t)argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &out, NULL, &status, &error);
    g_assert_no_error(error);
    g_spawn_check_wait_status(status, &error);
    g_assert_no_error(error);
    return g_strchomp(out);
}

struct testdb *server_start(void)
{
    const char *shared = g_getenv("PACKLINE_TEST_PG");
    GError *error = NULL;
    if (shared && !shared[0])
        return NULL;
    g_setenv("PACKLINE_PG_DURABLE", "1", TRUE);
    g_setenv("PACKLINE_PG_SETTINGS", SETTINGS, TRUE);
    g_setenv("PACKLINE_WORKER", "off", FALSE);
    struct testdb *test = g_new0(struct testdb, 1);
    test->engine = DB_POSTGRES;
    test->dir = g_dir_make_tmp("packline-pg-XXXXXX", NULL);
    g_assert_nonnull(test->dir);
    test->url = run("start", test->dir);
    struct db *db = db_open(test->url, DB_CREATE, &error);
    g_assert_no_error(error);
    db_close(db);
    return test;
}

void server_free(struct testdb *test)
{
    g_free(run("stop", test->dir));
    g_free(test->dir);
    g_free(test->url);
    g_free(test);
}

void server_crash(struct testdb *test)
{
    g_free(run("crash", test->dir));
}

void server_wake(struct testdb *test)
{
    g_free(run("wake", test->dir));
}

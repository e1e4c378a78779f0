/* SPDX-License-Identifier: MIT */
#include "tests/support/testdb.h"

#include <glib/gstdio.h>
#include <libpq-fe.h>
#include <string.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/db/engine.h"
#include "core/db/schema.h"

static const char SERVER[] = "PACKLINE_TEST_PG";

/* --- the server ----------------------------------------------------------------------------------------- */

static char *find_up(const char *relative)
{
    char *dir = g_file_read_link("/proc/self/exe", NULL);
    char *found = NULL;
    while (dir && !found && strcmp(dir, "/") != 0) {
        char *up = g_path_get_dirname(dir);
        g_free(dir);
        dir = up;
        found = g_build_filename(dir, relative, NULL);
        if (access(found, X_OK) != 0)
            g_clear_pointer(&found, g_free);
    }
    g_free(dir);
    return found;
}

/* Runs this program again, under a server. Comes back only when that can't be done. */
static void run_again_with_server(void)
{
    char *wrapper = find_up("tests/support/run-postgres"), *line = NULL, *self = NULL;
    gsize length = 0;
    GPtrArray *args = g_ptr_array_new();
    if (!wrapper || !g_file_get_contents("/proc/self/cmdline", &line, &length, NULL))
        return;
    self = g_file_read_link("/proc/self/exe", NULL);
    g_ptr_array_add(args, wrapper);
    g_ptr_array_add(args, self);
    for (char *arg = line + strlen(line) + 1; arg < line + length; arg += strlen(arg) + 1)
        g_ptr_array_add(args, arg);
    g_ptr_array_add(args, NULL);
    execv(wrapper, (char **)args->pdata);
}

static const char *server_url(void)
{
    return g_getenv(SERVER);
}

static gboolean have_server(void)
{
    return server_url() && server_url()[0];
}

static void ignore_notice(void *data, const char *message)
{
    (void)data;
    (void)message;
}

static PGconn *connect_server(void)
{
    PGconn *conn = PQconnectdb(server_url());
    if (PQstatus(conn) != CONNECTION_OK)
        g_error("%s: %s", SERVER, PQerrorMessage(conn));
    PQsetNoticeProcessor(conn, ignore_notice, NULL);
    return conn;
}

G_GNUC_PRINTF(2, 3) static void run_on_server(PGconn *conn, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    char *text = g_strdup_vprintf(format, list);
    va_end(list);
    PGresult *result = PQexec(conn, text);
    if (PQresultStatus(result) != PGRES_COMMAND_OK && PQresultStatus(result) != PGRES_TUPLES_OK)
        g_error("%s: %s", text, PQerrorMessage(conn));
    PQclear(result);
    g_free(text);
}

/* The server's URL with another database: postgresql://HOST/NAME?PARAMETERS. */
static char *url_of(const char *name)
{
    const char *url = server_url(), *slash = strchr(strstr(url, "://") + 3, '/');
    const char *rest = slash ? strchr(slash, '?') : NULL;
    return g_strdup_printf("%.*s/%s%s", slash ? (int)(slash - url) : (int)strlen(url), url, name,
                           rest ? rest : "");
}

static void migrate(const char *url)
{
    GError *error = NULL;
    struct db *db = db_open(url, DB_CREATE, &error);
    g_assert_no_error(error);
    db_close(db);
}

static char *schema_sum(void)
{
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    for (unsigned i = 0; i < schema_file_count; i++)
        g_checksum_update(sum, (const guchar *)schema_files[i].text, -1);
    return g_strndup(g_checksum_get_string(sum), 16);
}

/* Made once a server for each content of the schema, whoever comes first; the name appears when it is
 * complete. */
static char *template_name(PGconn *conn)
{
    g_autofree char *sum = schema_sum();
    char *name = g_strconcat("packline_", sum, NULL);
    run_on_server(conn, "SELECT pg_advisory_lock(1)");
    const char *const values[] = {name};
    PGresult *found =
        PQexecParams(conn, "SELECT 1 FROM pg_database WHERE datname = $1", 1, NULL, values, NULL, NULL, 0);
    if (PQntuples(found) == 0) {
        char *url = url_of("packline_making");
        run_on_server(conn, "DROP DATABASE IF EXISTS packline_making");
        run_on_server(conn, "CREATE DATABASE packline_making");
        migrate(url);
        run_on_server(conn, "ALTER DATABASE packline_making RENAME TO %s", name);
        g_free(url);
    }
    PQclear(found);
    run_on_server(conn, "SELECT pg_advisory_unlock(1)");
    return name;
}

static char *database_name(const struct testdb *test)
{
    char *dir = g_path_get_basename(test->dir);
    char *name = g_ascii_strdown(dir, -1);
    g_free(dir);
    return g_strdelimit(name, "-.", '_');
}

static void make_postgres(struct testdb *test, gboolean empty)
{
    PGconn *conn = connect_server();
    char *name = database_name(test), *template = empty ? g_strdup("template1") : template_name(conn);
    run_on_server(conn, "DROP DATABASE IF EXISTS %s WITH (FORCE)", name);
    run_on_server(conn, "CREATE DATABASE %s TEMPLATE %s STRATEGY file_copy", name, template); /* half of what its log costs */
    test->url = url_of(name);
    PQfinish(conn);
    g_free(name);
    g_free(template);
}

static void drop_postgres(const struct testdb *test)
{
    PGconn *conn = connect_server();
    char *name = database_name(test);
    run_on_server(conn, "DROP DATABASE IF EXISTS %s WITH (FORCE)", name);
    PQfinish(conn);
    g_free(name);
}

/* --- databases ------------------------------------------------------------------------------------------ */

/* A migrated file, made once a run for each content of the schema. */
static char *template_file(void)
{
    g_autofree char *sum = schema_sum(), *name = g_strdup_printf("packline_%s.db", sum);
    char *path = g_build_filename(g_get_tmp_dir(), name, NULL);
    g_autofree char *making = g_strdup_printf("%s.%d", path, (int)getpid()), *url = g_strconcat("sqlite:", making, NULL);
    if (g_file_test(path, G_FILE_TEST_EXISTS))
        return path;
    migrate(url);
    g_assert_cmpint(g_rename(making, path), ==, 0);
    return path;
}

static void make_sqlite(const struct testdb *test)
{
    g_autofree char *template = template_file(), *bytes = NULL;
    gsize length = 0;
    const char *path = test->url + strlen("sqlite:");
    g_assert_true(g_file_get_contents(template, &bytes, &length, NULL));
    g_assert_true(g_file_set_contents_full(path, bytes, (gssize)length, G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static struct testdb *make(enum db_engine engine, gboolean empty)
{
    g_setenv("PACKLINE_WORKER", "off", FALSE); /* a test that wants the print worker starts it */
    struct testdb *test = g_new0(struct testdb, 1);
    test->engine = engine;
    test->dir = g_dir_make_tmp("packline-db-XXXXXX", NULL);
    g_assert_nonnull(test->dir);
    if (engine == DB_POSTGRES) {
        make_postgres(test, empty);
        return test;
    }
    test->url = g_strdup_printf("sqlite:%s/floor.db", test->dir);
    if (!empty)
        make_sqlite(test);
    return test;
}

struct testdb *testdb_new(enum db_engine engine)
{
    return make(engine, FALSE);
}

struct testdb *testdb_new_empty(enum db_engine engine)
{
    return make(engine, TRUE);
}

void testdb_remove(const char *path)
{
    GDir *dir = g_file_test(path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open(path, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        char *inner = g_build_filename(path, name, NULL);
        testdb_remove(inner);
        g_free(inner);
    }
    if (dir)
        g_dir_close(dir);
    g_remove(path);
}

void testdb_free(struct testdb *test)
{
    if (test->engine == DB_POSTGRES)
        drop_postgres(test);
    testdb_remove(test->dir);
    g_free(test->dir);
    g_free(test->url);
    g_free(test);
}

struct db *testdb_open(const struct testdb *test)
{
    GError *error = NULL;
    struct db *db = db_open(test->url, DB_USE, &error);
    g_assert_no_error(error);
    return db;
}

static gboolean script(struct db *db, void *data, GError **error)
{
    return db->engine->script(db, data, error);
}

void testdb_script(struct db *db, const char *text)
{
    GError *error = NULL;
    char *copy = g_strdup(text);
    db_transaction(db, script, copy, &error);
    g_assert_no_error(error);
    g_free(copy);
}

int64_t testdb_int(struct db *db, const char *text)
{
    GError *error = NULL;
    int64_t answer = 0;
    struct sql sql = {"testdb_int", text};
    int got = db_get_ints(db, &sql, DB_NO_ARGS, &answer, 1, &error);
    g_assert_no_error(error);
    g_assert_cmpint(got, ==, 1);
    return answer;
}

gboolean testdb_whole(void)
{
    return g_getenv("PACKLINE_TEST_WHOLE") != NULL;
}

void testdb_wait_alone(struct db *db)
{
    enum { DEADLINE_S = 20 };
    gint64 since = g_get_monotonic_time();
    if (db_engine_of(db) != DB_POSTGRES)
        return;
    while (testdb_int(db, "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> "
                          "pg_backend_pid()") > 0) {
        g_assert_cmpint(g_get_monotonic_time() - since, <, DEADLINE_S * G_USEC_PER_SEC);
        g_usleep(1000);
    }
}

int64_t testdb_deadlocks(const struct testdb *test)
{
    if (test->engine != DB_POSTGRES)
        return 0;
    struct db *db = testdb_open(test);
    testdb_wait_alone(db);
    int64_t deadlocks = testdb_int(db, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()");
    db_close(db);
    return deadlocks;
}

/* --- cases ---------------------------------------------------------------------------------------------- */

struct both {
    testdb_case fn;
    enum db_engine engine;
    gboolean empty;
};

static void run_case(gconstpointer data)
{
    const struct both *both = data;
    if (both->engine == DB_POSTGRES && !have_server()) {
        g_test_skip("PACKLINE_TEST_PG is empty");
        return;
    }
    struct testdb *test = make(both->engine, both->empty);
    both->fn(test);
    testdb_free(test);
}

static void add(const char *path, testdb_case fn, gboolean empty)
{
    static const char *const ENGINES[] = {[DB_SQLITE] = "/sqlite", [DB_POSTGRES] = "/postgres"};
    if (!server_url())
        run_again_with_server();
    for (size_t i = 0; i < G_N_ELEMENTS(ENGINES); i++) {
        struct both *both = g_new0(struct both, 1);
        *both = (struct both){fn, (enum db_engine)i, empty};
        char *full = g_strconcat(ENGINES[i], path, NULL);
        g_test_add_data_func_full(full, both, run_case, g_free);
        g_free(full);
    }
}

void testdb_add(const char *path, testdb_case fn)
{
    add(path, fn, FALSE);
}

void testdb_add_empty(const char *path, testdb_case fn)
{
    add(path, fn, TRUE);
}

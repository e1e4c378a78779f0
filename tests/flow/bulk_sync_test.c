/* SPDX-License-Identifier: MIT
 *
 * A bulk's transactions but the last commit without waiting for the disk, and nobody hears of any before all are
 * there. What a power cut leaves of SQLite's log is what was synced of it: this program counts that, and opens such an
 * image. PostgreSQL is asked inside of each transaction how it commits, and how far its log is on the disk. And kill -9
 * as ever. On both engines.
 */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "core/act/act.h"
#include "core/apply/apply.h"
#include "tests/support/boxes.h"
#include "tests/support/dying.h"

enum { MANY = 230, FIRST = 100, SECOND = 200 }; /* three transactions */

/* --- what is on the disk ---------------------------------------------------------------------------------- */

/* Of the log of SQLite's that was synced last: how long it was then, and how often. */
static struct {
    int64_t length;
    unsigned count;
} synced;

static int sync_and_note(int fd, long call)
{
    char link[32], path[4096];
    struct stat file;
    g_snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    ssize_t length = readlink(link, path, sizeof path - 1);
    path[MAX(length, 0)] = '\0';
    if (g_str_has_suffix(path, "-wal") && fstat(fd, &file) == 0) {
        synced.length = (int64_t)file.st_size;
        synced.count++;
    }
    return (int)syscall(call, fd);
}

/* In place of the library's, for SQLite too. */
int fdatasync(int fd)
{
    return sync_and_note(fd, SYS_fdatasync);
}

int fsync(int fd)
{
    return sync_and_note(fd, SYS_fsync);
}

static int64_t log_length(const struct testdb *test)
{
    g_autofree char *path = g_build_filename(test->dir, "floor.db-wal", NULL);
    struct stat file;
    g_assert_cmpint(stat(path, &file), ==, 0);
    return (int64_t)file.st_size;
}

static void copy_file(const char *from, const char *to, int64_t length)
{
    g_autofree char *bytes = NULL;
    gsize all = 0;
    g_assert_true(g_file_get_contents(from, &bytes, &all, NULL));
    g_assert_true(g_file_set_contents(to, bytes, length < 0 ? (gssize)all : (gssize)length, NULL));
}

/* What is left when the power fails now. */
static struct testdb *image_of(const struct testdb *test)
{
    struct testdb *image = testdb_new_empty(DB_SQLITE);
    static const char *const FILES[] = {"floor.db", "floor.db-wal"};
    for (size_t i = 0; i < G_N_ELEMENTS(FILES); i++) {
        g_autofree char *from = g_build_filename(test->dir, FILES[i], NULL);
        g_autofree char *to = g_build_filename(image->dir, FILES[i], NULL);
        copy_file(from, to, i == 0 ? -1 : synced.length);
    }
    return image;
}

/* How far the server's log has come, and how far it is on the disk. */
static int64_t log_place(struct floor *floor, const char *which)
{
    g_autofree char *text = g_strdup_printf("SELECT CAST(pg_current_wal_%s_lsn() - '0/0' AS BIGINT)", which);
    return floor_int(floor, text, 0);
}

/* --- a bulk ----------------------------------------------------------------------------------------------- */

struct bulk {
    struct testdb *test;
    struct floor *floor; /* who looks */
    struct site *site;   /* who does it */
    struct event events[MANY];
    struct outcome outcomes[MANY];
    int64_t written; /* how far the server's log had come behind the transactions that are not waited for */
    unsigned syncs;
    struct testdb *image; /* of a power cut behind the second */
    gboolean fails; /* the third */
};

/* Each transaction of a bulk strikes out its part of the agenda. */
static void ask_how_it_commits(struct floor *floor, gboolean fails)
{
    const char *const texts[] = {
        "CREATE TABLE asked (first BIGINT, setting TEXT)",
        fails ? "CREATE FUNCTION ask() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN IF OLD.first = 200 THEN "
                "RAISE EXCEPTION 'full' USING ERRCODE = '53100'; END IF; RETURN OLD; END $f$"
              : "CREATE FUNCTION ask() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN INSERT INTO asked "
                "VALUES (OLD.first, current_setting('synchronous_commit')); RETURN OLD; END $f$",
        "CREATE TRIGGER ask BEFORE DELETE ON agenda_part FOR EACH ROW EXECUTE FUNCTION ask()",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        g_assert_true(db_exec(floor->site->db, floor_sql(texts[i]), DB_NO_ARGS, NULL, NULL));
}

static void open_bulk(struct bulk *bulk, struct testdb *test, gboolean fails)
{
    GError *error = NULL;
    struct floor *floor = floor_open(test, "lead");
    *bulk = (struct bulk){.test = test, .floor = floor, .fails = fails,
                           .site = site_open(test->url, "import", NULL, &error)};
    g_assert_no_error(error);
    db_leave_upkeep(floor->site->db); /* the log only grows */
    db_leave_upkeep(bulk->site->db);
    floor_receive(floor, floor_product(floor, "MUG", NULL), 0, floor_bin(floor, "A-01", 1), MANY);
    for (int i = 0; i < MANY; i++) {
        g_autofree char *number = g_strdup_printf("N%03d", i);
        bulk->events[i] = by_lead(floor, EV_BLOCK, floor_order(floor, number, "hct", FLOOR_ITEMS({"MUG", 1})));
        bulk->events[i].key = flow_key(bulk->site);
        bulk->events[i].block = BLOCK_HELD;
        bulk->events[i].reason = "recall";
    }
    if (test->engine == DB_POSTGRES)
        ask_how_it_commits(floor, fails);
}

static void close_bulk(struct bulk *bulk)
{
    GError *error = NULL;
    site_close(bulk->site);
    if (bulk->test->engine == DB_POSTGRES)
        testdb_script(bulk->floor->site->db, "DROP FUNCTION ask CASCADE; DROP TABLE asked");
    g_assert_true(flow_finish_all(bulk->floor->site, &error));
    g_assert_no_error(error);
    floor_close(bulk->floor);
}

static void look(size_t done, size_t of, void *data)
{
    struct bulk *bulk = data;
    if (done == of)
        return;
    if (bulk->test->engine == DB_POSTGRES) {
        bulk->written = log_place(bulk->floor, "insert");
    } else {
        bulk->syncs = done == FIRST ? synced.count : bulk->syncs;
        g_assert_cmpuint(synced.count, ==, bulk->syncs);
        g_assert_cmpint(synced.length, <, log_length(bulk->test));
    }
    if (done == SECOND && bulk->test->engine == DB_SQLITE)
        bulk->image = image_of(bulk->test);
    if (done == SECOND && bulk->fails && bulk->test->engine == DB_SQLITE)
        testdb_int(bulk->site->db, "PRAGMA max_page_count = 1"); /* it is full as it is */
}

static gboolean run(struct bulk *bulk, GError **error)
{
    const struct flow_list list = {.events = bulk->events, .n = MANY, .outcomes = bulk->outcomes, .progress = look,
                                   .data = bulk};
    return flow_apply_list(bulk->site, &list, error);
}

/* Nothing is in the log that is not on the disk. */
static void all_is_synced(struct bulk *bulk)
{
    if (bulk->test->engine == DB_SQLITE)
        g_assert_cmpint(synced.length, ==, log_length(bulk->test));
    else
        g_assert_cmpint(log_place(bulk->floor, "flush"), >=, bulk->written);
    g_assert_true(db_is_synced(bulk->site->db));
}

/* After a power cut: so many are done, and the rest is found and done. */
static void image_has(struct testdb *image, int64_t done)
{
    GError *error = NULL;
    struct floor *floor = floor_open(image, "next");
    g_assert_cmpint(floor_held(floor), ==, done);
    g_assert_true(flow_finish_all(floor->site, &error));
    g_assert_no_error(error);
    g_assert_cmpint(floor_held(floor), ==, MANY);
    floor_close(floor);
    testdb_free(image);
}

/* --- how it ends ------------------------------------------------------------------------------------------ */

/* The image behind the second transaction is the control: there nothing is done yet, but what is to be is known. */
static void an_answer_waits_for_the_disk(struct testdb *test)
{
    struct bulk bulk;
    GError *error = NULL;
    open_bulk(&bulk, test, FALSE);
    g_assert_true(run(&bulk, &error));
    all_is_synced(&bulk);
    if (test->engine == DB_SQLITE) {
        struct testdb *image = image_of(test);
        g_assert_cmpuint(synced.count, ==, bulk.syncs + 1);
        image_has(bulk.image, 0);
        image_has(image, MANY);
        g_assert_cmpint(testdb_int(bulk.site->db, "PRAGMA synchronous"), ==, 2);
    } else {
        g_autofree char *asked = floor_text(
            bulk.floor, "SELECT string_agg(setting, ' ' ORDER BY first) FROM asked WHERE first >= $1", 0);
        g_assert_cmpstr(asked, ==, "off off on");
        g_autofree char *now = floor_text(bulk.floor, "SELECT current_setting('synchronous_commit') WHERE $1 = 0", 0);
        g_assert_cmpstr(now, ==, "on");
    }
    close_bulk(&bulk);
}

/* The third transaction fails: what was done before it is on the disk all the same before that is told. */
static void so_does_a_failure(struct testdb *test)
{
    struct bulk bulk;
    GError *error = NULL;
    open_bulk(&bulk, test, TRUE);
    g_assert_false(run(&bulk, &error));
    g_assert_error(error, ERR, ERR_DB_FULL);
    g_clear_error(&error);
    all_is_synced(&bulk);
    g_assert_cmpint(floor_held(bulk.floor), ==, SECOND);
    if (test->engine == DB_SQLITE) {
        struct testdb *image = image_of(test);
        image_has(bulk.image, 0);
        image_has(image, SECOND);
    }
    close_bulk(&bulk);
}

/* --- the database's own part ------------------------------------------------------------------------------ */

static gboolean add_owner(struct db *db, void *data, GError **error)
{
    static const struct sql ADD = {"add", "INSERT INTO owner (id, code, name) VALUES ($1, $2, '')"};
    const int64_t *id = data;
    g_autofree char *code = g_strdup_printf("%" G_GINT64_FORMAT, *id);
    return db_exec(db, &ADD, DB_ARGS(*id, code), NULL, error);
}

static gboolean read_only(struct db *db, void *data, GError **error)
{
    (void)error;
    if (data)
        db_rests_on_others(db);
    return testdb_int(db, "SELECT COUNT(*) FROM owner") > 0;
}

struct sync_case {
    const char *what;
    gboolean (*work)(struct db *db, void *data, GError **error); /* NULL: db_sync() */
    gboolean rests, by_other, syncs;
};

/* How a transaction that writes nothing ends behind one that was not waited for. */
static void what_syncs(struct testdb *test)
{
    static const struct sync_case CASES[] = {
        {"db_sync()", NULL, FALSE, FALSE, TRUE},
        {"one that reads", read_only, FALSE, FALSE, TRUE},
        {"one that reads, of another", read_only, FALSE, TRUE, FALSE},
        {"one that rests on it, of another", read_only, TRUE, TRUE, TRUE},
    };
    struct floor *floor = floor_open(test, "lead");
    struct db *db = testdb_open(test), *other = testdb_open(test);
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        const struct sync_case *one = &CASES[i];
        struct db *who = one->by_other ? other : db;
        int64_t id = 7000 + (int64_t)i;
        g_assert_true(db_transaction_unsynced(db, add_owner, &id, NULL));
        g_assert_false(db_is_synced(db));
        int64_t written = test->engine == DB_SQLITE ? log_length(test) : log_place(floor, "insert");
        g_assert_true(one->work ? db_transaction(who, one->work, one->rests ? &id : NULL, NULL) : db_sync(who, NULL));
        gboolean there = (test->engine == DB_SQLITE ? synced.length : log_place(floor, "flush")) >= written;
        g_test_message("%s: %s", one->what, there ? "synced" : "not synced");
        if (one->syncs || test->engine == DB_SQLITE) /* a server may be quicker than it was asked */
            g_assert_cmpint(there, ==, one->syncs);
        g_assert_true(db_sync(db, NULL));
    }
    db_close(db);
    db_close(other);
    testdb_script(floor->site->db, "DELETE FROM owner WHERE id BETWEEN 7000 AND 7009");
    floor_close(floor);
}

/* A link that is lost with what was not waited for is told once, not mended in silence. */
static void a_lost_link_is_told(struct testdb *test)
{
    GError *error = NULL;
    int64_t id = 7000;
    if (test->engine == DB_SQLITE) {
        g_test_skip("there is no link");
        return;
    }
    struct db *db = testdb_open(test), *other = testdb_open(test);
    g_assert_true(db_transaction_unsynced(db, add_owner, &id, NULL));
    testdb_int(other, "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() "
                      "AND pid <> pg_backend_pid()");
    testdb_wait_alone(other);
    g_assert_false(db_sync(db, &error));
    g_assert_error(error, ERR, ERR_DB_LOST);
    g_clear_error(&error);
    id++;
    g_assert_true(db_transaction(db, add_owner, &id, &error));
    g_assert_no_error(error);
    db_close(db);
    db_close(other);
}

/* --- kill -9 ---------------------------------------------------------------------------------------------- */

static void a_kill_loses_nothing(struct testdb *test)
{
    static const int AFTER[] = {SECOND, MANY + 1};
    for (size_t i = 0; i < G_N_ELEMENTS(AFTER); i++) {
        struct testdb *own = i == 0 ? test : testdb_new(test->engine);
        struct bulk bulk;
        open_bulk(&bulk, own, FALSE);
        site_close(bulk.site);
        dying_holds(bulk.floor, (size_t)AFTER[i]);
        g_assert_cmpint(floor_held(bulk.floor), ==, MIN(AFTER[i], MANY));
        bulk.site = site_open(own->url, "import", NULL, NULL);
        close_bulk(&bulk);
        if (own != test)
            testdb_free(own);
    }
}

int main(int argc, char **argv)
{
    dying_main(argc, argv);
    g_test_init(&argc, &argv, NULL);
    testdb_add("/bulk_sync/an_answer_waits_for_the_disk", an_answer_waits_for_the_disk);
    testdb_add("/bulk_sync/so_does_a_failure", so_does_a_failure);
    testdb_add("/bulk_sync/what_syncs", what_syncs);
    testdb_add("/bulk_sync/a_lost_link_is_told", a_lost_link_is_told);
    testdb_add("/bulk_sync/a_kill_loses_nothing", a_kill_loses_nothing);
    return g_test_run();
}

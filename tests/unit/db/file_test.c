/* SPDX-License-Identifier: MIT
 *
 * The files under an open SQLite database: moved, deleted, cut short, copied over. What was not written into the
 * floor's own file is not acknowledged, and that connection does nothing more until a person opens it again.
 */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/db/backup.h"
#include "core/db/file_watch.h"
#include "tests/support/testdb.h"

static const struct sql ADD = {"add", "INSERT INTO owner (id, code, name) VALUES ($1, $2, '')"};

static char *path_of(const struct testdb *test, const char *suffix)
{
    return g_strconcat(test->url + strlen("sqlite:"), suffix, NULL);
}

static gboolean add(struct db *db, int64_t id, GError **error)
{
    char code[24];
    g_snprintf(code, sizeof code, "%d", (int)id);
    return db_exec(db, &ADD, DB_ARGS(id, code), NULL, error);
}

static void added(struct db *db, int64_t id)
{
    GError *error = NULL;
    add(db, id, &error);
    g_assert_no_error(error);
}

static int64_t count(struct db *db)
{
    return testdb_int(db, "SELECT COUNT(*) FROM owner");
}

/* As cp does it: the file stays, its content is another. */
static void copy_over(const char *from, const char *to)
{
    char *bytes = NULL;
    gsize length = 0;
    g_assert_true(g_file_get_contents(from, &bytes, &length, NULL));
    int fd = open(to, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    g_assert_cmpint(write(fd, bytes, length), ==, (gssize)length);
    close(fd);
    g_free(bytes);
}

static void move_away(const char *path)
{
    g_autofree char *away = g_strconcat(path, ".away", NULL);
    g_assert_cmpint(g_rename(path, away), ==, 0);
}

/* --- what is done to the files: copy is a backup of when one row was there, of three ---------------------- */

static void moved(const char *path, const char *copy)
{
    (void)copy;
    move_away(path);
}

static void deleted(const char *path, const char *copy)
{
    (void)copy;
    g_assert_cmpint(g_unlink(path), ==, 0);
}

static void restored(const char *path, const char *copy)
{
    for (size_t i = 0; i < 3; i++) {
        g_autofree char *file = g_strconcat(path, (const char *[]){"", "-wal", "-shm"}[i], NULL);
        move_away(file);
    }
    copy_over(copy, path);
}

static void exchanged(const char *path, const char *copy)
{
    move_away(path);
    copy_over(copy, path);
}

static void copied_over(const char *path, const char *copy)
{
    copy_over(copy, path);
}

static void copied_over_without_log(const char *path, const char *copy)
{
    g_autofree char *log = g_strconcat(path, "-wal", NULL);
    copy_over(copy, path);
    g_assert_cmpint(g_unlink(log), ==, 0);
}

static void log_deleted(const char *path, const char *copy)
{
    g_autofree char *log = g_strconcat(path, "-wal", NULL);
    (void)copy;
    g_assert_cmpint(g_unlink(log), ==, 0);
}

static void log_replaced(const char *path, const char *copy)
{
    g_autofree char *log = g_strconcat(path, "-wal", NULL), *other = g_strconcat(path, "-wal.copy", NULL);
    (void)copy;
    copy_over(log, other);
    g_assert_cmpint(g_rename(other, log), ==, 0);
}

static void log_cut(const char *path, const char *copy)
{
    g_autofree char *log = g_strconcat(path, "-wal", NULL);
    (void)copy;
    g_assert_cmpint(truncate(log, 0), ==, 0);
}

static void index_deleted(const char *path, const char *copy)
{
    g_autofree char *index = g_strconcat(path, "-shm", NULL);
    (void)copy;
    g_assert_cmpint(g_unlink(index), ==, 0);
}

static void touched_by_another(const char *path, const char *copy)
{
    int fd = open(path, O_WRONLY | O_APPEND);
    (void)copy;
    g_assert_cmpint(write(fd, "x", 1), ==, 1);
    close(fd);
}

static const struct {
    const char *name;
    void (*act)(const char *path, const char *copy);
} ACTS[] = {
    {"moved away", moved},
    {"deleted", deleted},
    {"restored as it should be, but under an open station", restored},
    {"another file in its place, the log left", exchanged},
    {"copied over, the log left", copied_over},
    {"copied over, the log deleted", copied_over_without_log},
    {"the log deleted", log_deleted},
    {"the log replaced by a copy", log_replaced},
    {"the log cut", log_cut},
    {"the log's index deleted", index_deleted},
    {"written by another program", touched_by_another},
};

static void refused(gconstpointer number)
{
    size_t n = GPOINTER_TO_SIZE(number);
    struct testdb *test = testdb_new(DB_SQLITE);
    g_autofree char *path = path_of(test, ""), *copy = path_of(test, ".backup");
    GError *error = NULL;
    struct db *db = testdb_open(test);
    int64_t before = count(db);
    added(db, 1);
    g_assert_true(db_copy(db, copy, NULL, NULL, NULL));
    added(db, 2);
    added(db, 3);
    ACTS[n].act(path, copy);
    g_assert_false(add(db, 4, &error));
    if (err_code(error) != ERR_DB_REPLACED)
        g_error("%s: %s", ACTS[n].name, error->message);
    g_clear_error(&error);
    g_assert_false(add(db, 5, &error)); /* and for good */
    g_assert_error(error, ERR, (int)ERR_DB_REPLACED);
    g_clear_error(&error);
    g_assert_false(db_reconnect(db, &error));
    g_assert_error(error, ERR, (int)ERR_DB_REPLACED);
    g_clear_error(&error);
    g_assert_null(db_query(db, &(const struct sql){"any", "SELECT 1"}, DB_NO_ARGS, &error));
    g_assert_error(error, ERR, (int)ERR_DB_REPLACED);
    g_clear_error(&error);
    db_close(db);
    if (ACTS[n].act == restored) { /* who opens it now goes on from there */
        db = testdb_open(test);
        g_assert_cmpint(count(db), ==, before + 1);
        added(db, 6);
        db_close(db);
    }
    testdb_free(test);
}

/* --- what is right --------------------------------------------------------------------------------------- */

/* Several programs come and go, and bring the log into the database: no reason for alarm. A row is 100 pages of it. */
static void comes_and_goes(void)
{
    static const struct sql ADD_LONG = {"add_long", "INSERT INTO owner (id, code, name) VALUES ($1, $2, $3)"};
    struct testdb *test = testdb_new(DB_SQLITE);
    struct db *db = testdb_open(test), *idle = testdb_open(test);
    g_autofree char *name = g_strnfill(400000, 'x');
    GError *error = NULL;
    for (int64_t i = 1; i <= 60; i++) {
        struct db *other = testdb_open(test);
        char code[24];
        g_snprintf(code, sizeof code, "%d", (int)i);
        db_exec(i % 2 ? db : other, &ADD_LONG, DB_ARGS(i, code, name), NULL, &error);
        g_assert_no_error(error);
        added(i % 2 ? other : db, 1000 + i);
        db_close(other);
        if (i % 7 == 0) {
            db_close(db);
            db = testdb_open(test);
        }
        if (i % 20 == 0)
            added(idle, 2000 + i);
    }
    db_close(db);
    db_close(idle);
    testdb_free(test);
}

static struct file_watch *watch(const char *path)
{
    GError *error = NULL;
    struct file_watch *watch = file_watch_open(path, &error);
    g_assert_no_error(error);
    return watch;
}

static void touch(const char *path)
{
    const struct timespec now[2] = {{.tv_nsec = UTIME_NOW}, {.tv_nsec = UTIME_NOW}};
    g_usleep(5000); /* past the grain of the file system's clock */
    g_assert_cmpint(utimensat(AT_FDCWD, path, now, 0), ==, 0);
}

/* While another writes it that is no reason for alarm, nor when it dies at it; what comes after that is. */
static void dies_while_writing(void)
{
    struct testdb *test = testdb_new(DB_SQLITE);
    struct db *db = testdb_open(test);
    g_autofree char *path = path_of(test, "");
    struct file_watch *one = watch(path);
    int go[2], done[2];
    char byte = 0;
    g_assert_true(pipe(go) == 0 && pipe(done) == 0);
    pid_t child = fork();
    if (child == 0) {
        struct file_watch *other = file_watch_open(path, NULL);
        gboolean begun = other && file_watch_begin_writing(other, 0, NULL);
        touch(path);
        _exit(!begun || write(done[1], &byte, 1) != 1 || read(go[0], &byte, 1) != 1);
    }
    g_assert_cmpint(read(done[0], &byte, 1), ==, 1);
    g_assert_true(file_watch_after(one, NULL));
    g_assert_false(file_watch_begin_writing(one, 0, NULL));
    g_assert_cmpint(write(go[1], &byte, 1), ==, 1);
    g_assert_cmpint(waitpid(child, NULL, 0), ==, child);
    g_assert_true(file_watch_after(one, NULL));
    touch(path);
    g_assert_false(file_watch_after(one, NULL));
    file_watch_free(one);
    db_close(db);
    testdb_free(test);
}

static int by_size(const void *a, const void *b)
{
    int64_t one = *(const int64_t *)a, two = *(const int64_t *)b;
    return one < two ? -1 : one > two;
}

static void costs_little(void)
{
    enum { LOOKS = 10001 };
    static int64_t took_ns[LOOKS];
    struct testdb *test = testdb_new(DB_SQLITE);
    struct db *db = testdb_open(test);
    g_autofree char *path = path_of(test, "");
    struct file_watch *one = watch(path);
    for (int i = 0; i < LOOKS; i++) {
        struct timespec from, to;
        clock_gettime(CLOCK_MONOTONIC, &from);
        gboolean good = file_watch_before(one, NULL) && file_watch_after(one, NULL);
        clock_gettime(CLOCK_MONOTONIC, &to);
        g_assert_true(good);
        took_ns[i] = (to.tv_sec - from.tv_sec) * 1000000000 + to.tv_nsec - from.tv_nsec;
    }
    qsort(took_ns, LOOKS, sizeof *took_ns, by_size);
    g_test_message("both looks of a scan take %.1f us (median), %.1f us (99 of 100)",
                   (double)took_ns[LOOKS / 2] / 1000, (double)took_ns[LOOKS * 99 / 100] / 1000);
    file_watch_free(one);
    db_close(db);
    testdb_free(test);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(ACTS); i++) {
        g_autofree char *path = g_strdup_printf("/file/%s", ACTS[i].name);
        g_test_add_data_func(path, GSIZE_TO_POINTER(i), refused);
    }
    g_test_add_func("/file/comes-and-goes", comes_and_goes);
    g_test_add_func("/file/dies-while-writing", dies_while_writing);
    g_test_add_func("/file/costs-little", costs_little);
    return g_test_run();
}

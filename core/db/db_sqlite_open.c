/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "core/base/paths.h"
#include "core/db/backup.h"
#include "core/db/db_sqlite.h"
#include "core/db/network_fs.h"

enum {
    APPLICATION_ID = 0x504B4C4E, /* "PKLN" */
    BUSY_MS = 5000,              /* behind the fair lock it is hardly ever waited for */
    SYNCHRONOUS_FULL = 2,
    SYNCHRONOUS_EXTRA = 3
};

const char *sqlite_path(const struct db *db)
{
    return db->engine->id == DB_SQLITE ? ((const struct sqlite_db *)db)->path : NULL;
}

gboolean sqlite_url_check(const char *url, GError **error)
{
    const char *path = url + strlen("sqlite:");
    gboolean host = g_str_has_prefix(path, "//") && path[2] != '/';
    if (path[0] && path[0] != ':' && !host && g_utf8_validate(path, -1, NULL))
        return TRUE;
    return err_set(error, ERR_DB_URL, url);
}

/* The real path: through two symbolic links it must still be one lock file. */
static char *real_path(const char *given)
{
    g_autofree char *full = g_canonicalize_filename(given, NULL);
    char *real = realpath(full, NULL); /* from malloc(), as GLib's memory is */
    if (real)
        return real;
    g_autofree char *dir = g_path_get_dirname(full);
    g_autofree char *base = g_path_get_basename(full);
    g_autofree char *real_dir = realpath(dir, NULL);
    return g_build_filename(real_dir ? real_dir : dir, base, NULL);
}

char *db_file_of(const char *url)
{
    return real_path(url + strlen("sqlite:"));
}

/* SQLite itself says no more than "unable to open": its log lies beside the file, so the directory is written, too. */
static gboolean is_writable(const char *path, const char *dir, GError **error)
{
    const char *const places[] = {path, dir};
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
        if (access(places[i], R_OK | W_OK) == 0)
            continue;
        gboolean read_only = errno == EROFS;
        g_autofree char *text = g_strdup_printf("%s: %s", places[i], g_strerror(errno));
        return err_set(error, read_only ? ERR_DB_FULL : ERR_DB_OPEN, text);
    }
    return TRUE;
}

/* The database, and what SQLite and we keep beside it. */
static gboolean is_guarded(const char *path, GError **error)
{
    static const char *const BESIDE[] = {"", "-wal", "-shm", "-journal", "-lock"};
    for (size_t i = 0; i < G_N_ELEMENTS(BESIDE); i++) {
        g_autofree char *file = g_strconcat(path, BESIDE[i], NULL);
        if (!paths_guarded(file, error))
            return FALSE;
    }
    return TRUE;
}

/* Whether something that could be a database is there, or may be made. */
static gboolean check_place(const char *path, enum db_mode mode, GError **error)
{
    struct stat file;
    g_autofree char *dir = g_path_get_dirname(path);
    if (mode == DB_CREATE)
        g_mkdir_with_parents(dir, 0700);
    gboolean exists = stat(path, &file) == 0;
    int number = errno;
    const char *network = mode == DB_STILL ? NULL : db_network_fs_of(dir);
    gboolean good = FALSE;
    if (!exists && mode != DB_CREATE)
        err_set(error, number == ENOENT || number == ENOTDIR ? ERR_DB_MISSING : ERR_DB_OPEN,
                number == ENOENT || number == ENOTDIR ? path : g_strerror(number));
    else if (exists && !S_ISREG(file.st_mode))
        err_set(error, ERR_DB_NOT_A_FLOOR, path);
    else if (network)
        err_set(error, ERR_DB_NETWORK_FS, path, network);
    else
        good = is_guarded(path, error) && (!exists || mode == DB_STILL || is_writable(path, dir, error));
    return good;
}

/* Made by us so that only its owner may read it; SQLite gives its -wal and -shm the same mode. O_EXCL: what
 * is there already, perhaps open in this process, is not touched. */
static void make_private(const char *path)
{
    int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return;
    close(fd);
    g_autofree char *dir = g_path_get_dirname(path);
    paths_sync(dir); /* SQLite does this for its journals only */
}

static gboolean open_lock(struct sqlite_db *db, GError **error)
{
    struct stat file;
    g_autofree char *path = g_strconcat(db->path, "-lock", NULL);
    unsigned mode = stat(db->path, &file) == 0 ? file.st_mode & 0666 : 0600;
    db->db.lock = db_lock_open(path, mode, error);
    return db->db.lock != NULL;
}

/* The first integer of a statement; -1 when there is none. */
static int64_t ask(sqlite3 *handle, const char *text, int *rc)
{
    sqlite3_stmt *stmt = NULL;
    int64_t answer = -1;
    *rc = sqlite3_prepare_v2(handle, text, -1, &stmt, NULL);
    if (*rc == SQLITE_OK && (*rc = sqlite3_step(stmt)) == SQLITE_ROW)
        answer = sqlite3_column_int64(stmt, 0);
    sqlite3_finalize(stmt);
    if (*rc == SQLITE_ROW || *rc == SQLITE_DONE)
        *rc = SQLITE_OK;
    return answer;
}

/* A page further on may still have the mark of SQLite's pages, and the length is one of whole pages. */
static gboolean holds_our_tables(const char *path)
{
    enum { PAGE = 4096, PAGES = 16 };
    struct stat file;
    unsigned char page[PAGE];
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW), trees = 0;
    if (fd >= 0 && fstat(fd, &file) == 0 && file.st_size > PAGE && file.st_size % PAGE == 0)
        for (int i = 1; i < PAGES && pread(fd, page, PAGE, (off_t)i * PAGE) == PAGE; i++)
            trees += page[0] == 2 || page[0] == 5 || page[0] == 10 || page[0] == 13; /* the kinds of a page of a tree */
    if (fd >= 0)
        close(fd);
    return trees >= PAGES / 2;
}

/* What has lost its first page looks like any other file, but for what stands beside it. */
static gboolean was_ours(const char *path)
{
    static const char *const BESIDE[] = {"-wal", "-shm"};
    gboolean ours = FALSE;
    for (size_t i = 0; !ours && i < G_N_ELEMENTS(BESIDE); i++) {
        g_autofree char *beside = g_strconcat(path, BESIDE[i], NULL);
        ours = access(beside, F_OK) == 0;
    }
    return ours || holds_our_tables(path);
}

static gboolean check_identity(struct sqlite_db *db, GError **error)
{
    int rc, empty_rc;
    int64_t id = ask(db->handle, "PRAGMA application_id", &rc);
    int64_t tables = rc == SQLITE_OK ? ask(db->handle, "SELECT COUNT(*) FROM sqlite_schema", &empty_rc) : 0;
    if (rc == SQLITE_OK)
        rc = empty_rc;
    if ((rc & 0xFF) == SQLITE_NOTADB && !was_ours(db->path))
        return err_set(error, ERR_DB_NOT_A_FLOOR, db->path);
    if (rc != SQLITE_OK)
        return sqlite_fail(db->handle, rc, db->path, error);
    if (id == APPLICATION_ID || (id == 0 && tables == 0 && db->db.mode == DB_CREATE))
        return TRUE;
    return err_set(error, ERR_DB_NOT_A_FLOOR, db->path);
}

/* No ANALYZE and no PRAGMA optimize: without statistics a statement's plan is the same on every floor, the one that
 * plans_test looks at; with them nothing was faster at 40,000 orders. */
static gboolean pragmas(struct sqlite_db *db, GError **error)
{
    static const char TEXT[] =
        "PRAGMA foreign_keys = ON;"
        "PRAGMA recursive_triggers = ON;" /* or REPLACE would delete past the triggers */
        "PRAGMA synchronous = FULL;"
        "PRAGMA secure_delete = FAST;" /* an erased recipient is gone */
        "PRAGMA cell_size_check = ON;"
        "PRAGMA cache_size = -8192;"
        "PRAGMA temp_store = MEMORY;"
        "PRAGMA journal_size_limit = 67108864;";
    int rc = sqlite3_exec(db->handle, TEXT, NULL, NULL, NULL);
    if (rc != SQLITE_OK)
        return sqlite_fail(db->handle, rc, db->path, error);
    int64_t sync = ask(db->handle, "PRAGMA synchronous", &rc);
    if ((sync == SYNCHRONOUS_FULL || sync == SYNCHRONOUS_EXTRA) && ask(db->handle, "PRAGMA foreign_keys", &rc) == 1)
        return TRUE;
    return err_set(error, ERR_DB_NOT_FULL);
}

/* No more than a question where it is in WAL already. A copy (VACUUM INTO) put in place of a database is not. */
static gboolean switch_to_wal(struct sqlite_db *db, GError **error)
{
    int rc = sqlite3_exec(db->handle, "PRAGMA journal_mode = WAL", NULL, NULL, NULL);
    return rc == SQLITE_OK || sqlite_fail(db->handle, rc, db->path, error);
}

/* Only here is a database made. */
static gboolean create(struct sqlite_db *db, GError **error)
{
    int rc = SQLITE_OK;
    if (!db_lock_take(db->db.lock, DB_LOCK_MS, error))
        return FALSE;
    g_autofree char *mark = g_strdup_printf("PRAGMA application_id = %d", APPLICATION_ID);
    gboolean switched = switch_to_wal(db, error);
    if (switched && ask(db->handle, "PRAGMA application_id", &rc) == 0)
        rc = sqlite3_exec(db->handle, mark, NULL, NULL, NULL);
    db_lock_release(db->db.lock);
    return switched && (rc == SQLITE_OK || sqlite_fail(db->handle, rc, db->path, error));
}

/* To inspect it nothing is changed. */
static gboolean make_ready(struct sqlite_db *db, enum db_mode mode, GError **error)
{
    return mode == DB_INSPECT || (mode == DB_CREATE ? create(db, error) : switch_to_wal(db, error));
}

/* What nobody writes needs no locks, no log and no shared memory: so it may lie on a network, too. */
static char *still_uri(const char *path)
{
    g_autofree char *escaped = g_uri_escape_string(path, "/", FALSE);
    return g_strconcat("file:", escaped, "?immutable=1", NULL);
}

static gboolean open_handle(struct sqlite_db *db, GError **error)
{
    gboolean still = db->db.mode == DB_STILL;
    int flags = (still ? SQLITE_OPEN_READONLY | SQLITE_OPEN_URI : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX |
                SQLITE_OPEN_EXRESCODE;
    if (db->db.mode == DB_CREATE)
        make_private(db->path);
    g_autofree char *uri = still ? still_uri(db->path) : NULL;
    int rc = sqlite3_open_v2(uri ? uri : db->path, &db->handle, flags, NULL);
    if (rc != SQLITE_OK)
        return sqlite_fail(db->handle, rc, db->path, error);
    sqlite3_busy_timeout(db->handle, BUSY_MS);
    sqlite3_wal_hook(db->handle, sqlite_note_log, db);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL); /* "text" is no literal in PostgreSQL */
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
    return TRUE;
}

/* What SQLite has open must be what lies there. */
static gboolean watch_files(struct sqlite_db *db, GError **error)
{
    int moved = 0;
    db->watch = file_watch_open(db->path, error);
    if (!db->watch)
        return FALSE;
    sqlite3_file_control(db->handle, NULL, SQLITE_FCNTL_HAS_MOVED, &moved);
    if (moved)
        err_set(error, ERR_DB_REPLACED, db->path);
    return !moved;
}

gboolean sqlite_connect(struct db *base, GError **error)
{
    struct sqlite_db *db = sqlite_of(base);
    sqlite_watch_unlocks(db);
    db->path = db_file_of(base->url);
    if (!check_place(db->path, base->mode, error) || !open_handle(db, error) || !check_identity(db, error))
        return FALSE;
    if (base->mode == DB_STILL)
        return sqlite_prepare_controls(db, error);
    return open_lock(db, error) && make_ready(db, base->mode, error) && pragmas(db, error) &&
           sqlite_prepare_controls(db, error) && watch_files(db, error);
}

/* Between so many steps of its machine: some ten times a second, as long as it reads no more than it has to. */
enum { BUSY_STEPS = 100000 };

static int while_busy(void *base)
{
    struct sqlite_db *db = base;
    db->busy(db->busy_data);
    return 0;
}

void sqlite_while_busy(struct db *base, void (*fn)(void *data), void *data)
{
    struct sqlite_db *db = sqlite_of(base);
    db->busy = fn;
    db->busy_data = data;
    sqlite3_progress_handler(db->handle, fn ? BUSY_STEPS : 0, fn ? while_busy : NULL, db);
}

/* Who closes it last brings its log into the database, but not into one that somebody has put in its place. */
static void close_handle(struct sqlite_db *db)
{
    gboolean ours = db->watch && file_watch_begin_writing(db->watch, DB_LOCK_MS, NULL);
    if (db->watch && !ours)
        sqlite3_db_config(db->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
    sqlite3_close_v2(db->handle);
    db->handle = NULL;
    if (ours)
        file_watch_end_writing(db->watch);
}

void sqlite_disconnect(struct db *base)
{
    struct sqlite_db *db = sqlite_of(base);
    for (size_t i = 0; i < CONTROLS; i++) {
        sqlite3_finalize(db->control[i]);
        db->control[i] = NULL;
    }
    close_handle(db);
    g_clear_pointer(&db->watch, file_watch_free);
    g_clear_pointer(&db->db.lock, db_lock_free);
    g_clear_pointer(&db->path, g_free);
}

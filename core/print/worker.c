/* SPDX-License-Identifier: MIT */
#include "core/print/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/base/paths.h"
#include "core/db/db.h"
#include "core/site/site.h"

static const struct sql PRINTER_HERE = {
    "worker_printer_here", "SELECT 1 FROM printer WHERE warehouse_id = $1 AND active = 1 "
                           "AND (host = '' OR host = $2) LIMIT 1"};

/* A worker that can't begin is not tried at every look. */
enum { KEEP_MS = 3000, AGAIN_MS = 12000 };

/* Beside a SQLite file, whoever runs the stations; for a server in this user's state directory, by its URL. */
static char *lock_path(const char *db_url)
{
    if (g_str_has_prefix(db_url, "sqlite:"))
        return g_strconcat(db_url + strlen("sqlite:"), "-print.lock", NULL);
    g_autofree char *hash = g_compute_checksum_for_string(G_CHECKSUM_SHA256, db_url, -1);
    g_autofree char *name = g_strdup_printf("print-%.16s.lock", hash);
    char *path = paths_state(name);
    g_autofree char *dir = g_path_get_dirname(path);
    g_mkdir_with_parents(dir, 0700);
    return path;
}

enum worker_lock worker_lock_take(const char *db_url, int *fd, GError **error)
{
    g_autofree char *path = lock_path(db_url);
    *fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (*fd >= 0 && flock(*fd, LOCK_EX | LOCK_NB) == 0)
        return WORKER_LOCK_TAKEN;
    int cause = errno;
    gboolean held = *fd >= 0 && cause == EWOULDBLOCK;
    if (!held)
        err_set(error, ERR_WORKER_LOCK, path, g_strerror(cause));
    if (*fd >= 0)
        close(*fd);
    *fd = -1;
    return held ? WORKER_LOCK_HELD : WORKER_LOCK_FAILED;
}

/* It forks itself before it does anything and leaves no child behind; nobody waits for it. */
static gboolean start(const char *db_url, GError **error)
{
    g_autofree char *program = paths_program("packline-print"), *url = g_strdup(db_url);
    char *argv[] = {program, (char[]){"work"}, (char[]){"--detach"}, (char[]){"--db"}, url, NULL};
    g_autoptr(GError) cause = NULL;
    gboolean good = g_spawn_async("/", argv, NULL, G_SPAWN_STDOUT_TO_DEV_NULL | G_SPAWN_STDERR_TO_DEV_NULL,
                                  NULL, NULL, NULL, &cause);
    if (!good)
        err_set(error, ERR_PRINTER_OPEN, "packline-print", cause->message);
    return good;
}

/* *started: none was alive. */
static gboolean ensure(const struct site *site, gboolean *started, GError **error)
{
    *started = FALSE;
    if (g_strcmp0(g_getenv("PACKLINE_WORKER"), "off") == 0 || site->copy_of_at)
        return TRUE;
    int fd = -1;
    enum worker_lock lock = worker_lock_take(site->url, &fd, error);
    if (fd >= 0)
        close(fd);
    *started = lock == WORKER_LOCK_TAKEN;
    return *started ? start(site->url, error) : lock == WORKER_LOCK_HELD;
}

gboolean worker_ensure(const struct site *site, GError **error)
{
    gboolean started = FALSE;
    return ensure(site, &started, error);
}

void worker_keep(struct site *site, int64_t *next_ms)
{
    int64_t now = g_get_monotonic_time() / 1000, any = 0;
    gboolean started = FALSE;
    if (now < *next_ms)
        return;
    if (db_get_ints(site->db, &PRINTER_HERE, DB_ARGS(site->warehouse_id, g_get_host_name()), &any, 1, NULL) > 0)
        ensure(site, &started, NULL); /* a failure shows as an alert once labels wait */
    *next_ms = now + (started ? AGAIN_MS : KEEP_MS);
}

/* SPDX-License-Identifier: MIT */
#include "printing/queue/worker.h"

#include <poll.h>
#include <stdio.h>
#include <unistd.h>

#include "core/act/act.h"
#include "core/base/error.h"
#include "core/db/db.h"
#include "core/print/printer.h"
#include "core/print/submission.h"
#include "core/print/worker.h"
#include "core/site/seal.h"
#include "core/site/seal_outside.h"
#include "core/site/site.h"
#include "printing/queue/printer_work.h"

enum {
    TURN_MS = 250, /* the database is asked for news four times a second, for one number */
    BUSY_TURN_MS = 50,
    RELOAD_EVERY_MS = 10000, /* printers, should their news have been missed */
    RECONNECT_MS = 1000,
    MAX_FAILURES = 30
};

struct worker {
    const struct worker_options *options;
    struct site *site;
    struct studio studio;
    GArray *printers; /* struct printer_work */
    int64_t data_version, reload_at, busy_at;
    int failures;
};

static int64_t now_ms(void)
{
    return g_get_monotonic_time() / 1000;
}

/* Waits at most so long for the word to stop. */
static gboolean is_stopped(int stop_fd, int wait_ms)
{
    struct pollfd stop = {.fd = stop_fd, .events = POLLIN};
    return poll(&stop, 1, wait_ms) > 0;
}

/* --- printers ------------------------------------------------------------------------------------------- */

static void clear_work(gpointer data)
{
    printer_work_clear(data);
}

/* Takes over what was known of a printer; nothing is left behind to be released. */
static struct printer_work take_over(GArray *before, int64_t printer_id)
{
    struct printer_work taken = {0};
    for (guint i = 0; i < before->len; i++) {
        struct printer_work *work = &g_array_index(before, struct printer_work, i);
        if (work->row.id != printer_id)
            continue;
        taken = *work;
        *work = (struct printer_work){0};
    }
    return taken;
}

static GArray *works_new(void)
{
    GArray *works = g_array_new(FALSE, TRUE, sizeof(struct printer_work));
    g_array_set_clear_func(works, clear_work);
    return works;
}

/* To the printers of this host, each with what is known of its health. One that went away, or to another host, whose
 * worker looks after it from now on, is let go. */
static gboolean reload(struct worker *worker, GError **error)
{
    g_autoptr(GArray) rows = printers_load(worker->site, worker->options->host, error);
    if (!rows)
        return FALSE;
    g_autoptr(GArray) before = worker->printers;
    worker->printers = works_new();
    for (guint i = 0; i < rows->len; i++) {
        const struct printer_row *row = &g_array_index(rows, struct printer_row, i);
        struct printer_work work = take_over(before, row->id);
        printer_work_set(&work, row);
        g_array_append_val(worker->printers, work);
    }
    return TRUE;
}

/* What was never sent goes to the printer that stands in for one that does not print. */
static gboolean fail_over(struct worker *worker, const struct printer_work *work, gboolean *changed, GError **error)
{
    if (printer_health_prints(work->row.health) || work->row.backup_id == 0 || work->row.waiting == 0)
        return TRUE;
    g_autoptr(GArray) all = printers_load(worker->site, NULL, error);
    int64_t backup_id = all ? printer_backup(all, work->row.id) : 0;
    int moved = 0;
    gboolean good = all && (!backup_id || jobs_move(worker->site, work->row.id, backup_id, &moved, error));
    *changed |= moved > 0;
    return good;
}

/* --- a turn --------------------------------------------------------------------------------------------- */

static gboolean serve(struct worker *worker, struct printer_work *work, gboolean news, gboolean *changed,
                      GError **error)
{
    struct site *site = worker->site;
    return printer_work_look(work, site, now_ms(), error) &&
           printer_work_follow(work, site, now_ms(), changed, error) && fail_over(worker, work, changed, error) &&
           (!news || printer_work_send(work, site, &worker->studio, now_ms(), changed, error));
}

/* *changed: there is more to do at once. */
static gboolean turn(struct worker *worker, gboolean *changed, GError **error)
{
    int64_t version = 0;
    if (!db_data_version(worker->site->db, &version, error))
        return FALSE;
    gboolean news = version != worker->data_version || now_ms() >= worker->reload_at || *changed;
    if (news) {
        worker->data_version = version;
        worker->reload_at = now_ms() + RELOAD_EVERY_MS;
        if (!seal_today(worker->site, error) || !reload(worker, error))
            return FALSE;
        seal_send(worker->site, NULL); /* an alert tells when it does not get there */
    }
    *changed = FALSE;
    for (guint i = 0; i < worker->printers->len; i++) {
        struct printer_work *work = &g_array_index(worker->printers, struct printer_work, i);
        enum printer_health before = work->row.health;
        if (!serve(worker, work, news || work->row.waiting > 0, changed, error))
            return FALSE;
        *changed |= work->row.health != before;
    }
    return TRUE;
}

static int open_submissions(const struct worker *worker)
{
    int open = 0;
    for (guint i = 0; i < worker->printers->len; i++) {
        const struct printer_work *work = &g_array_index(worker->printers, struct printer_work, i);
        open += work->open + (work->fresh && work->printer);
    }
    return open;
}

/* Waits for the next turn. TRUE when it is time to end. */
static gboolean rest(const struct worker *worker, int stop_fd, gboolean changed)
{
    int timeout_ms = changed ? 0 : open_submissions(worker) > 0 ? BUSY_TURN_MS : TURN_MS;
    return is_stopped(stop_fd, timeout_ms);
}

/* A database that is away comes back: the worker waits for it, a while. */
static gboolean recover(struct worker *worker, int stop_fd, GError **error)
{
    enum err code = err_code(*error);
    gboolean away = code == ERR_DB_LOST || code == ERR_DB_BUSY || code == ERR_DB_OPEN ||
                    code == ERR_DB_SERIALIZE || code == ERR_WRITER_LOST;
    if (!away || ++worker->failures > MAX_FAILURES)
        return FALSE;
    if (is_stopped(stop_fd, RECONNECT_MS))
        return FALSE;
    g_clear_error(error);
    /* Who lost its slot may have lost it to a worker that is alive: that one is not shut out in return. */
    gboolean again = code != ERR_DB_BUSY && code != ERR_DB_SERIALIZE;
    if (again && !(site_reconnect(worker->site, error) &&
                   (code == ERR_WRITER_LOST || writer_fence(worker->site, error))))
        return recover(worker, stop_fd, error);
    for (guint i = 0; i < worker->printers->len; i++)
        g_array_index(worker->printers, struct printer_work, i).fresh = TRUE;
    return TRUE;
}

/* Whether to end for want of work. 1, 0, -1 failed. */
static int is_over(struct worker *worker, GError **error)
{
    int64_t idle_ms = (int64_t)worker->options->idle_seconds * 1000;
    if (!worker->options->once && (idle_ms == 0 || now_ms() - worker->busy_at < idle_ms))
        return 0;
    if (open_submissions(worker) > 0)
        return 0;
    int waiting = jobs_waiting(worker->site, worker->options->host, error);
    return waiting < 0 ? -1 : !waiting;
}

static gboolean loop(struct worker *worker, int stop_fd, GError **error)
{
    gboolean changed = TRUE;
    for (;;) {
        int over = 0;
        GError *failure = NULL;
        gboolean good = turn(worker, &changed, &failure);
        if (good && (changed || open_submissions(worker) > 0))
            worker->busy_at = now_ms();
        if (good && !changed)
            over = is_over(worker, &failure);
        if (good && over >= 0)
            worker->failures = 0;
        else if (!recover(worker, stop_fd, &failure)) {
            if (!failure)
                return TRUE;
            g_propagate_error(error, failure);
            return FALSE;
        }
        if (over > 0 || rest(worker, stop_fd, changed))
            return TRUE;
    }
}

static gboolean run_with_lock(struct worker *worker, int stop_fd, GError **error)
{
    worker->busy_at = now_ms();
    g_autofree char *name = g_strdup_printf("worker %s", worker->options->host);
    worker->site = site_open(worker->options->db_url, name, NULL, error);
    if (!worker->site || !site_is_floor(worker->site, error))
        return FALSE;
    worker->printers = works_new();
    gboolean good =
        studio_open(&worker->studio, error) && writer_fence(worker->site, error) && flow_finish_all(worker->site, error) &&
        loop(worker, stop_fd, error);
    g_array_unref(worker->printers);
    studio_close(&worker->studio);
    return good;
}

/* For people who look who it is; nothing depends on it. */
static void sign_lock(int fd)
{
    if (ftruncate(fd, 0) == 0)
        dprintf(fd, "%d\n", (int)getpid());
}

gboolean worker_run(const struct worker_options *options, int stop_fd, GError **error)
{
    gboolean good = TRUE;
    for (int again = 1; good && again > 0;) {
        int lock_fd = -1;
        enum worker_lock lock = worker_lock_take(options->db_url, &lock_fd, error);
        if (lock != WORKER_LOCK_TAKEN)
            return lock == WORKER_LOCK_HELD;
        sign_lock(lock_fd);
        struct worker worker = {.options = options};
        good = run_with_lock(&worker, stop_fd, error);
        close(lock_fd);
        /* A job that was queued while it was deciding to end found the lock held and started no other worker. */
        again = good && !is_stopped(stop_fd, 0) ? jobs_waiting(worker.site, options->host, error) : 0;
        good = good && again >= 0;
        site_close(worker.site);
    }
    return good;
}

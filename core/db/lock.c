/* SPDX-License-Identifier: MIT */
#include "core/db/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/db/byte_lock.h"

/* A queue of byte locks on one file. Whoever comes draws the next ticket, locks the byte of that number and
 * waits for the byte before it, which its predecessor lets go of when it is done: served in order of arrival,
 * and one process is woken, not all. flock() alone is not fair: who lets go takes it again before the woken
 * ones run (8 stations: the least served had 1 of 2,400 commits). Who dies or gives up while waiting lets its
 * successor go ahead too early; then two meet at BEGIN IMMEDIATE and SQLite decides. */
struct db_lock {
    int fd;
    unsigned depth;
    gboolean is_jammed;
    off_t own; /* the byte held while depth > 0; DOOR for none */
};

enum {
    DOOR = 0,
    FIRST_TICKET = 16
}; /* bytes 0 to 7 hold the next ticket, byte 0 is locked while it is drawn */

struct db_lock *db_lock_open(const char *path, unsigned mode, GError **error)
{
    int fd = byte_lock_open(path, mode, error);
    if (fd < 0)
        return NULL;
    struct db_lock *lock = g_new0(struct db_lock, 1);
    lock->fd = fd;
    return lock;
}

void db_lock_free(struct db_lock *lock)
{
    if (!lock)
        return;
    close(lock->fd);
    g_free(lock);
}

static void let_go(struct db_lock *lock, off_t byte)
{
    if (!byte_lock_drop(lock->fd, byte))
        lock->is_jammed = TRUE;
}

gboolean db_lock_is_jammed(const struct db_lock *lock)
{
    return lock->is_jammed;
}

gboolean db_lock_is_taken(const struct db_lock *lock)
{
    return lock->depth > 0;
}

/* Draws a ticket and locks its byte; own is DOOR, which is not held, when there is none to be had. FALSE
 * after the deadline. */
static gboolean draw(struct db_lock *lock, int64_t deadline_us)
{
    uint64_t ticket = 0;
    if (!byte_lock_wait(lock->fd, F_WRLCK, DOOR, deadline_us))
        return FALSE;
    if (pread(lock->fd, &ticket, sizeof ticket, 0) != sizeof ticket)
        ticket = 0; /* a new file */
    ticket = (ticket + 1) & (UINT64_MAX >> 8);
    lock->own = (off_t)(FIRST_TICKET + ticket);
    gboolean drawn = byte_lock_try(lock->fd, F_WRLCK, lock->own) &&
                     pwrite(lock->fd, &ticket, sizeof ticket, 0) == sizeof ticket;
    let_go(lock, DOOR);
    if (!drawn) { /* a full disk, a file somebody has cut: better unordered than not at all */
        let_go(lock, lock->own);
        lock->own = DOOR;
    }
    return TRUE;
}

static gboolean queue_up(struct db_lock *lock, int64_t deadline_us)
{
    if (!draw(lock, deadline_us))
        return FALSE;
    if (lock->own == DOOR)
        return TRUE;
    if (!byte_lock_wait(lock->fd, F_WRLCK, lock->own - 1, deadline_us)) {
        let_go(lock, lock->own);
        return FALSE;
    }
    let_go(lock, lock->own - 1);
    return TRUE;
}

gboolean db_lock_take(struct db_lock *lock, unsigned timeout_ms, GError **error)
{
    if (lock->depth == 0 && !queue_up(lock, g_get_monotonic_time() + (int64_t)timeout_ms * 1000)) {
        err_set(error, ERR_DB_BUSY);
        return FALSE;
    }
    lock->depth++;
    return TRUE;
}

void db_lock_release(struct db_lock *lock)
{
    g_assert(lock->depth > 0);
    if (--lock->depth == 0)
        let_go(lock, lock->own);
}

/* --- lives ---------------------------------------------------------------------------------------------- */

/* Far behind the tickets, which have 56 bits. */
#define LIVES (INT64_C(1) << 62)

gboolean db_lock_live(struct db_lock *lock, int64_t life, GError **error)
{
    gboolean locked = byte_lock_try(lock->fd, F_WRLCK, LIVES + life);
    if (!locked)
        err_set(error, ERR_DB_OPEN, g_strerror(errno));
    return locked;
}

gboolean db_lock_lived(const struct db_lock *lock, int64_t life)
{
    return byte_lock_is_held(lock->fd, LIVES + life);
}

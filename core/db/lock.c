/* SPDX-License-Identifier: MIT */
#include "core/db/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "core/base/error.h"

/* --- bytes ---------------------------------------------------------------------------------------------- */

int byte_lock_open(const char *path, unsigned mode, GError **error)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode);
    int number = errno;
    if (fd < 0)
        err_set(error, number == EROFS || number == ENOSPC ? ERR_DB_FULL : ERR_DB_OPEN, g_strerror(number));
    return fd;
}

static int lock_byte(int fd, int command, short type, off_t byte)
{
    struct flock range = {.l_type = type, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
    return fcntl(fd, command, &range) == 0 ? 0 : errno;
}

gboolean byte_lock_try(int fd, short type, off_t byte)
{
    return lock_byte(fd, F_OFD_SETLK, type, byte) == 0;
}

gboolean byte_lock_is_held(int fd, off_t byte)
{
    struct flock range = {.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = byte, .l_len = 1};
    return fcntl(fd, F_OFD_GETLK, &range) == 0 && range.l_type != F_UNLCK;
}

gboolean byte_lock_drop(int fd, off_t byte)
{
    return lock_byte(fd, F_OFD_SETLK, F_UNLCK, byte) == 0;
}

static void wake(int number)
{
    (void)number;
}

static int wake_signal(void)
{
    return SIGRTMAX - 3;
}

/* A file lock knows no deadline: a timer aimed at this thread ends the wait with EINTR. It fires again and again, so
 * that a first shot before the wait is not the last. */
static gboolean start_timer(int64_t left_us, timer_t *timer)
{
    struct sigaction action = {.sa_handler = wake};
    sigaction(wake_signal(), &action, NULL);
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = wake_signal()};
    event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
    if (timer_create(CLOCK_MONOTONIC, &event, timer) != 0)
        return FALSE;
    struct itimerspec when = {
        .it_value = {(time_t)(left_us / G_USEC_PER_SEC), (long)(left_us % G_USEC_PER_SEC) * 1000},
        .it_interval = {0, 50 * 1000000},
    };
    timer_settime(*timer, 0, &when, NULL);
    return TRUE;
}

static gboolean wait_for(int fd, short type, off_t byte, int64_t deadline_us)
{
    timer_t timer;
    sigset_t set, before;
    sigemptyset(&set);
    sigaddset(&set, wake_signal());
    int64_t left_us = deadline_us - g_get_monotonic_time();
    if (left_us <= 0 || !start_timer(left_us, &timer))
        return FALSE;
    pthread_sigmask(SIG_UNBLOCK, &set, &before);
    int failed;
    do
        failed = lock_byte(fd, F_OFD_SETLKW, type, byte);
    while (failed == EINTR && g_get_monotonic_time() < deadline_us);
    timer_delete(timer);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed == 0;
}

gboolean byte_lock_wait(int fd, short type, off_t byte, int64_t deadline_us)
{
    return byte_lock_try(fd, type, byte) || wait_for(fd, type, byte, deadline_us);
}

/* --- the fair lock -------------------------------------------------------------------------------------- */

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

enum { DOOR = 0, FIRST_TICKET = 16 }; /* bytes 0 to 7 hold the next ticket, byte 0 is locked while it is drawn */

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
    if (!lock)
        return TRUE;
    if (lock->depth == 0 && !queue_up(lock, g_get_monotonic_time() + (int64_t)timeout_ms * 1000))
        return err_set(error, ERR_DB_BUSY);
    lock->depth++;
    return TRUE;
}

void db_lock_release(struct db_lock *lock)
{
    if (!lock)
        return;
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

/* SPDX-License-Identifier: MIT */
#include "core/db/byte_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "core/base/error.h"

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

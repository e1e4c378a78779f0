/* SPDX-License-Identifier: MIT */
#include "core/db/lock.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include "core/base/error.h"

struct db_lock {
    int fd;
    unsigned depth;
};

struct db_lock *db_lock_open(const char *path, unsigned mode, GError **error)
{
    int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, mode);
    if (fd < 0) {
        int number = errno;
        err_set(error, number == EROFS || number == ENOSPC ? ERR_DB_FULL : ERR_DB_OPEN, g_strerror(number));
        return NULL;
    }
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

static void wake(int number)
{
    (void)number;
}

static int wake_signal(void)
{
    return SIGRTMAX - 3;
}

/* flock() knows no deadline: a timer aimed at this thread ends it with EINTR. It fires again and again, so
 * that a first shot before flock() sleeps is not the last. */
static gboolean start_timer(unsigned timeout_ms, timer_t *timer)
{
    struct sigaction action = {.sa_handler = wake};
    sigaction(wake_signal(), &action, NULL);
    struct sigevent event = {.sigev_notify = SIGEV_THREAD_ID, .sigev_signo = wake_signal()};
    event._sigev_un._tid = (pid_t)syscall(SYS_gettid);
    if (timer_create(CLOCK_MONOTONIC, &event, timer) != 0)
        return FALSE;
    struct itimerspec when = {
        .it_value = {(time_t)(timeout_ms / 1000), (long)(timeout_ms % 1000) * 1000000},
        .it_interval = {0, 50 * 1000000},
    };
    timer_settime(*timer, 0, &when, NULL);
    return TRUE;
}

static gboolean wait_for(int fd, unsigned timeout_ms)
{
    timer_t timer;
    sigset_t set, before;
    sigemptyset(&set);
    sigaddset(&set, wake_signal());
    if (!start_timer(timeout_ms, &timer))
        return FALSE;
    pthread_sigmask(SIG_UNBLOCK, &set, &before);
    int64_t deadline = g_get_monotonic_time() + (int64_t)timeout_ms * 1000;
    int failed;
    do
        failed = flock(fd, LOCK_EX) != 0 ? errno : 0;
    while (failed == EINTR && g_get_monotonic_time() < deadline);
    timer_delete(timer);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failed == 0;
}

gboolean db_lock_take(struct db_lock *lock, unsigned timeout_ms, GError **error)
{
    if (lock->depth == 0 && flock(lock->fd, LOCK_EX | LOCK_NB) != 0 && !wait_for(lock->fd, timeout_ms)) {
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
        flock(lock->fd, LOCK_UN);
}

/* --- network file systems ------------------------------------------------------------------------ */

#define FUSE_MAGIC UINT64_C(0x65735546)

static const struct {
    uint64_t magic;
    const char *name;
} NETWORK[] = {
    {0x6969, "NFS"},        {0x517B, "SMB"},      {0xFF534D42, "CIFS"},     {0xFE534D42, "SMB2"},
    {0x01021997, "9p"},     {0x5346414F, "AFS"},  {0x6B414653, "AFS"},      {0x73757245, "Coda"},
    {0x564C, "NCP"},        {0x00C36400, "Ceph"}, {0x0BD00BD0, "Lustre"},   {0x786F4256, "vboxsf"},
    {0xBACBACBC, "vmhgfs"}, {0x47504653, "GPFS"}, {0x20030528, "OrangeFS"},
};

/* FUSE has one magic for all; these go over a network. Others (ntfs-3g, fuse-overlayfs) are local. */
static const char *const FUSE_NETWORK[] = {"sshfs",    "s3fs",  "rclone",    "glusterfs",
                                           "ceph",     "davfs", "curlftpfs", "gvfsd-fuse",
                                           "smbnetfs", "mfs",   "juicefs"};

const char *db_network_fs(uint64_t magic, const char *type)
{
    for (size_t i = 0; i < G_N_ELEMENTS(NETWORK); i++)
        if (NETWORK[i].magic == (magic & 0xFFFFFFFF))
            return NETWORK[i].name;
    if ((magic & 0xFFFFFFFF) != FUSE_MAGIC || !type)
        return NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(FUSE_NETWORK); i++)
        if (strstr(type, FUSE_NETWORK[i]))
            return FUSE_NETWORK[i];
    return NULL;
}

/* "36 35 98:0 /mnt1 /mnt2 rw,noatime master:1 - ext3 /dev/root rw": the third field is the device, the type
 * follows the lone dash. Caller frees. */
static char *mount_type(dev_t device)
{
    char *mounts = NULL, *type = NULL;
    if (!g_file_get_contents("/proc/self/mountinfo", &mounts, NULL, NULL))
        return NULL;
    char *wanted = g_strdup_printf("%u:%u", major(device), minor(device));
    char **lines = g_strsplit(mounts, "\n", 0);
    for (char **line = lines; *line && !type; line++) {
        char **fields = g_strsplit(*line, " ", 0);
        const char *dash = strstr(*line, " - ");
        if (g_strv_length(fields) > 6 && dash && strcmp(fields[2], wanted) == 0)
            type = g_strndup(dash + 3, strcspn(dash + 3, " "));
        g_strfreev(fields);
    }
    g_strfreev(lines);
    g_free(wanted);
    g_free(mounts);
    return type;
}

const char *db_network_fs_of(const char *path)
{
    struct statfs fs;
    struct stat file;
    if (statfs(path, &fs) != 0)
        return NULL;
    char *type = (uint64_t)fs.f_type == FUSE_MAGIC && stat(path, &file) == 0 ? mount_type(file.st_dev) : NULL;
    const char *name = db_network_fs((uint64_t)fs.f_type, type);
    g_free(type);
    return name;
}

/* SPDX-License-Identifier: MIT */
#include "core/db/unlock.h"

#include <fcntl.h>
#include <glib.h>
#include <sqlite3.h>
#include <stdarg.h>

/* One for the program, as SQLite's table of system calls is: it hands no context to them. */
static gint failures;

static int watched_fcntl(int fd, int command, ...)
{
    va_list list;
    va_start(list, command);
    void *argument = va_arg(list, void *);
    va_end(list);
    int result = fcntl(fd, command, argument);
    if (result != 0 && command == F_SETLK && ((const struct flock *)argument)->l_type == F_UNLCK)
        g_atomic_int_inc(&failures);
    return result;
}

void unlock_watch(void)
{
    sqlite3_vfs *vfs = sqlite3_vfs_find("unix");
    if (vfs && vfs->iVersion >= 3)
        vfs->xSetSystemCall(vfs, "fcntl", (sqlite3_syscall_ptr)watched_fcntl);
}

int unlock_failures(void)
{
    return g_atomic_int_get(&failures);
}

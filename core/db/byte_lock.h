/* SPDX-License-Identifier: MIT
 *
 * Locks of single bytes of a file that belong to the open file, not to the process (OFD locks): the kernel drops them
 * when it is closed or its holder dies, and two openings in one process keep each other out, too.
 */
#pragma once

#include <glib.h>
#include <sys/types.h>

/* Opens a file for its locks, and makes it with the given mode when missing. -1 with *error on failure. */
int byte_lock_open(const char *path, unsigned mode, GError **error);

/* Takes or changes a lock: type is F_RDLCK or F_WRLCK. FALSE when another has it: at once, or after the deadline (of
 * g_get_monotonic_time()). */
gboolean byte_lock_try(int fd, short type, off_t byte);
gboolean byte_lock_wait(int fd, short type, off_t byte, int64_t deadline_us);

/* Whether another opening has locked it. */
gboolean byte_lock_is_held(int fd, off_t byte);

/* FALSE when it failed (ENOLCK): then only closing the file lets go of it. */
gboolean byte_lock_drop(int fd, off_t byte);

/* SPDX-License-Identifier: MIT
 *
 * The fair lock: a queue on a file beside the database, taken in front of BEGIN IMMEDIATE, so that stations
 * are served in order of arrival instead of polling (with busy_timeout alone some of 32 stations get one
 * commit in two seconds). It only orders writers; correctness stays with SQLite's own locks. The kernel drops
 * it when its holder dies, and so it does the lives (life.h), which are locks on the same file.
 */
#pragma once

#include <glib.h>
#include <stdint.h>
#include <sys/types.h>

#include "core/base/autoptr.h"

struct db_lock;

/* Opens, and makes with the given mode when missing, the lock file. NULL with *error on failure. */
struct db_lock *db_lock_open(const char *path, unsigned mode, GError **error);
void db_lock_free(struct db_lock *lock);
DEFINE_AUTOPTR(db_lock, db_lock_free)

/* Waits up to timeout_ms; ERR_DB_BUSY when it was not to be had. Nests within one holder. NULL, of a server that queues
 * writers by itself, is had at once. */
enum { DB_LOCK_MS = 5000 };
gboolean db_lock_take(struct db_lock *lock, unsigned timeout_ms, GError **error);
void db_lock_release(struct db_lock *lock);
gboolean db_lock_is_taken(const struct db_lock *lock);

/* The kernel has refused to let go of it (ENOLCK): everybody is shut out until it is freed. */
gboolean db_lock_is_jammed(const struct db_lock *lock);

/* A lock on the file under a number, until the lock is freed or its process ends; and whether another has one. */
gboolean db_lock_live(struct db_lock *lock, int64_t life, GError **error);
gboolean db_lock_lived(const struct db_lock *lock, int64_t life);

/* --- bytes ---------------------------------------------------------------------------------------------- */

/* Locks of single bytes of a file that belong to the open file, not to the process (OFD locks): the kernel drops them
 * when it is closed or its holder dies, and two openings in one process keep each other out, too. */

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

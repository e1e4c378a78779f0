/* SPDX-License-Identifier: MIT
 *
 * The fair lock: a queue on a file beside the database, taken in front of BEGIN IMMEDIATE, so that stations
 * are served in order of arrival instead of polling (with busy_timeout alone some of 32 stations get one
 * commit in two seconds). It only orders writers; correctness stays with SQLite's own locks. The kernel drops
 * it when its holder dies.
 */
#ifndef CORE_DB_LOCK_H
#define CORE_DB_LOCK_H

#include <glib.h>
#include <stdint.h>

struct db_lock;

/* Opens, and makes with the given mode when missing, the lock file. NULL with *error on failure. */
struct db_lock *db_lock_open(const char *path, unsigned mode, GError **error);
void db_lock_free(struct db_lock *lock);

/* Waits up to timeout_ms; ERR_DB_BUSY when it was not to be had. Nests within one holder. */
gboolean db_lock_take(struct db_lock *lock, unsigned timeout_ms, GError **error);
void db_lock_release(struct db_lock *lock);

/* The name of a network file system by its statfs() magic and its type in /proc/self/mountinfo (may be NULL;
 * it tells sshfs from a local FUSE file system). NULL for a local one. Pure. */
const char *db_network_fs(uint64_t magic, const char *type);

/* The same for the file system a path lies on. The name is static. */
const char *db_network_fs_of(const char *path);

#endif

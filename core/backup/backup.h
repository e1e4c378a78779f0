/* SPDX-License-Identifier: MIT
 *
 * core/backup: backups of a floor in use, and their return.
 *
 * A backup is the floor as it was at one moment, in a file that only its owner may read: of SQLite a database that can be opened
 * as it is, of PostgreSQL what pg_dump makes. It gets its name when it is on the disk and packline check has looked at it: at
 * the copy itself, or on a server at the very moment that was dumped, and the dump was read to its end. When the last good one
 * was made stands in the database (counter "backup"), for doctor and an alert.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

struct clock;

/* How far it is; of may be an estimate. */
typedef void (*backup_progress)(uint64_t done, uint64_t of, void *data);

struct backup_call {
    const char *url;
    const char *dir; /* NULL: backup_dir() */
    guint keep;      /* of this floor there, the new one among them; 0: all */
    const struct clock *clock;
    backup_progress on_progress; /* may be NULL */
    void *data;
};

struct backup_made {
    char *path; /* owned; NULL: there is none */
    int64_t at_utc_ms, bytes;
    guint violations; /* of the invariants, on the floor itself: then none of the older ones is taken away, and it is not a good one */
    guint removed;
    gboolean is_noted; /* in the database */
};

/* Others go on working meanwhile. FALSE with *error: nothing new is there, and nothing was taken away. */
gboolean backup_make(const struct backup_call *call, struct backup_made *made, GError **error);

/* Files that hold the floor as it was before: backups in that directory, and beside a SQLite file what a migration and a restore
 * have kept. Paths, oldest first; of char *, to be freed with g_ptr_array_unref(). */
GPtrArray *backups_there(const char *url, int64_t warehouse_id);

/* Where backups of a database lie if nothing else is said: the setting backup_dir, else the directory "backups" beside a SQLite
 * file, or among the user's data. Caller frees. NULL with *error when the configuration file is broken. */
char *backup_dir(const char *url, GError **error);

/* SPDX-License-Identifier: MIT
 *
 * Copies of a SQLite database in use. On PostgreSQL copying is the server's business (pg_dump, a standby):
 * nothing is done there.
 */
#pragma once

#include "core/db/db.h"

/* Called now and then while bytes are copied; how many there will be is an estimate. */
typedef void (*db_copied)(uint64_t bytes, uint64_t of, void *data);

/* Writes one consistent copy to a path that does not exist yet, and returns when it is on the disk. Others go on writing
 * meanwhile. Outside a transaction. on_copied may be NULL. ERR_FILE_WRITE when the path can't be written; ERR_DB_URL on
 * PostgreSQL. */
gboolean db_copy(struct db *db, const char *path, db_copied on_copied, void *data, GError **error);

/* The path of the file of a SQLite database's URL, links resolved. Caller frees. */
char *db_file_of(const char *url);

/* The copy before a migration from version: PATH.vN-TIME beside the database. Does nothing on PostgreSQL. */
gboolean db_copy_before(struct db *db, int64_t version, GError **error);

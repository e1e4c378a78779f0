/* SPDX-License-Identifier: MIT
 *
 * Copies of a SQLite database in use. On PostgreSQL copying is the server's business (pg_dump, a standby):
 * nothing is done there.
 */
#pragma once

#include "core/db/db.h"

/* Writes one consistent copy to a path that does not exist yet, and returns when it is on the disk. Outside a
 * transaction. ERR_FILE_WRITE when the path can't be written; ERR_DB_URL on PostgreSQL. */
gboolean db_copy(struct db *db, const char *path, GError **error);

/* The copy before a migration from version: PATH.vN-TIME beside the database. Does nothing on PostgreSQL. */
gboolean db_copy_before(struct db *db, int64_t version, GError **error);

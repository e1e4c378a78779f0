/* SPDX-License-Identifier: MIT
 *
 * A floor on a server, in a file: pg_dump's own format, of the schema that the floor lies in.
 */
#pragma once

#include "core/db/db.h"

struct dump {
    const char *url;
    const char *path;  /* where nothing is yet */
    db_work meanwhile; /* reads the very moment that is dumped; FALSE ends it */
    void (*on_progress)(uint64_t done, uint64_t of, void *data);
    void *data; /* of both */
};

/* Dumps what the database shows at one moment. FALSE with *error: there is no file. */
gboolean dump_write(struct db *db, const struct dump *dump, GError **error);

/* Reads one to its end: ERR_BACKUP_BAD when it is not whole. */
gboolean dump_read(const char *path, GError **error);

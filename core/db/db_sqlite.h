/* SPDX-License-Identifier: MIT
 *
 * Private to the SQLite engine: db_sqlite.c (statements and transactions), db_sqlite_open.c (opening and closing) and
 * db_sqlite_scrub.c, the only files that know sqlite3.h. The database file itself is never opened by anything but
 * SQLite: closing any other descriptor of it would drop SQLite's POSIX locks in this process.
 */
#pragma once

#include <sqlite3.h>

#include "core/db/engine.h"
#include "core/db/file_watch.h"
#include "core/db/lock.h"

enum control { BEGIN_WRITE, BEGIN_READ, COMMIT, ROLLBACK, CONTROLS };

struct sqlite_db {
    struct db db;
    char *path;
    sqlite3 *handle;
    struct file_watch *watch;
    int unlocks_failed; /* when it was opened */
    sqlite3_stmt *control[CONTROLS];
    void (*busy)(void *data); /* of sqlite_while_busy() */
    void *busy_data;
    int log_pages;   /* after the last commit here, those included that are in the database already: while others write
                      * it is never begun anew */
    int log_brought; /* of them: in the database, when a checkpoint here last looked */
};

static inline struct sqlite_db *sqlite_of(struct db *db)
{
    return (struct sqlite_db *)db;
}

/* Fills *error by a result code; FALSE. */
gboolean sqlite_fail(sqlite3 *handle, int rc, const char *what, GError **error);

gboolean sqlite_prepare_controls(struct sqlite_db *db, GError **error);

/* The hook of sqlite3_wal_hook(), in place of SQLite's own checkpoint inside of COMMIT; data is the sqlite_db. */
int sqlite_note_log(void *data, sqlite3 *handle, const char *schema, int pages);

/* From the next opening on: counts what the kernel refuses to unlock. */
void sqlite_watch_unlocks(struct sqlite_db *db);

gboolean sqlite_scrub(struct db *base, const char *tables, gboolean *gone, GError **error);

gboolean sqlite_connect(struct db *base, GError **error);
void sqlite_disconnect(struct db *base);

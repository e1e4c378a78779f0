/* SPDX-License-Identifier: MIT
 *
 * Proof of life: a lock that dies with its connection, however its program ends, and that every other connection sees.
 * On SQLite one byte of the lock file beside the database, let go of by the kernel. On PostgreSQL an advisory lock of
 * the session, let go of by the server when the program's socket closes, or two minutes after its host has gone silent.
 */
#pragma once

#include "core/db/db.h"

/* Begins a life of the connection, under a number that is nobody else's; it is lived on when the connection is opened
 * anew. 0 with *error on failure. */
int64_t db_life_begin(struct db *db, GError **error);

/* Which of n lives are lived now. 0 is nobody's. */
gboolean db_lives(struct db *db, const int64_t *lives, gboolean *lived, size_t n, GError **error);

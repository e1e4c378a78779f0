/* SPDX-License-Identifier: MIT
 *
 * A SQLite database that is being made beside its place: PATH.part, which nobody takes for PATH. It gets its name when it is
 * whole and on the disk; of one that was not finished nothing but the part is left, and the next try takes that away.
 */
#pragma once

#include "core/db/db.h"

/* Makes it, empty and with all tables. Rows may come in any order: references are looked at in the end. NULL with *error when
 * something is at PATH already (ERR_COPY_THERE), or its directory is missing or can't be written. */
struct db *db_part_open(const char *path, GError **error);

/* Closes it and gives it its name; FALSE with *error: a reference leads nowhere (ERR_DB_CONSTRAINT), or it can't be written;
 * it is dropped. */
gboolean db_part_keep(struct db *part, const char *path, GError **error);

/* Closes it (NULL: there is none) and takes it away. */
void db_part_drop(struct db *part, const char *path);

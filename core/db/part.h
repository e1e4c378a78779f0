/* SPDX-License-Identifier: MIT
 *
 * A SQLite database that is being made beside its place: PATH.part, which nobody takes for PATH. It gets its name when it is
 * whole and on the disk; of one that was not finished nothing but the part is left, and the next try takes that away.
 */
#pragma once

#include "core/db/db.h"

/* Makes it, empty and with all tables. NULL with *error when something is at PATH already (ERR_COPY_THERE), or its
 * directory is missing or can't be written. */
struct db *db_part_open(const char *path, GError **error);

/* Inside a transaction: references are looked at when it ends, so that rows may come in any order. */
gboolean db_part_any_order(struct db *part, GError **error);

/* Closes it and gives it its name; FALSE with *error: it is dropped. */
gboolean db_part_keep(struct db *part, const char *path, GError **error);

/* Closes it (NULL: there is none) and takes it away. */
void db_part_drop(struct db *part, const char *path);

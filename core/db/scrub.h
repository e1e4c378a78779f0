/* SPDX-License-Identifier: MIT
 *
 * What was erased leaves the database's own files. A row that is overwritten stands in SQLite's log until that is written over,
 * and on PostgreSQL as a dead row until the table is vacuumed.
 */
#pragma once

#include "core/db/db.h"

/* Before the erasing: what this connection deletes or replaces is overwritten, pages that are given up as well. */
gboolean db_scrub_begin(struct db *db, GError **error);

/* After it. tables are those that held it, "recipient, remark". *gone FALSE: somebody still reads what was there before, so that it
 * stays in the log; asked again later it goes. What a server keeps of its own (its log, its archives) is not reached. Outside a
 * transaction. */
gboolean db_scrub(struct db *db, const char *tables, gboolean *gone, GError **error);

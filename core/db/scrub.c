/* SPDX-License-Identifier: MIT */
#include "core/db/scrub.h"

#include "core/db/engine.h"

gboolean db_scrub_begin(struct db *db, GError **error)
{
    return db_engine_of(db) == DB_POSTGRES || db->engine->script(db, "PRAGMA secure_delete = ON", error);
}

gboolean db_scrub(struct db *db, const char *tables, gboolean *gone, GError **error)
{
    g_assert(db->state == DB_IDLE);
    *gone = FALSE;
    return db_ready(db, error) && db->engine->scrub(db, tables, gone, error);
}

/* SPDX-License-Identifier: MIT */
#include "core/db/life.h"

#include <sodium.h>

#include "core/db/engine.h"
#include "core/db/lock.h"
#include "core/db/rows.h"

enum { LIFE_BITS = 61 }; /* a positive number, and a place in a lock file */

static int64_t draw(void)
{
    uint64_t number;
    randombytes_buf(&number, sizeof number);
    return (int64_t)(number >> (64 - LIFE_BITS)) | 1;
}

/* Below zero, where no id is that is locked for a transaction. */
static gboolean live(struct db *db, int64_t life, GError **error)
{
    if (db->lock)
        return db_lock_live(db->lock, life, error);
    int64_t locked = 0;
    if (db_get_ints(db, &db->engine->live, DB_ARGS(-life), &locked, 1, error) < 0)
        return FALSE;
    if (!locked)
        err_set(error, ERR_DB_SERIALIZE);
    return locked != 0;
}

int64_t db_life_begin(struct db *db, GError **error)
{
    int64_t life = draw();
    if (!db_ready(db, error) || !live(db, life, error))
        return 0;
    return db->life = life;
}

void db_life_again(struct db *db)
{
    if (db->life)
        live(db, db->life, NULL);
}

static void note_life(struct rows *rows, void *lives)
{
    int64_t life = -rows_int(rows, 0);
    g_hash_table_add(lives, g_memdup2(&life, sizeof life));
}

gboolean db_lives(struct db *db, const int64_t *lives, gboolean *lived, size_t n, GError **error)
{
    for (size_t i = 0; db->lock && i < n; i++)
        lived[i] = lives[i] && (lives[i] == db->life || db_lock_lived(db->lock, lives[i]));
    if (db->lock)
        return TRUE;
    g_autoptr(GHashTable) all = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    if (!rows_each(db_query(db, &db->engine->lives, DB_NO_ARGS, error), note_life, all, error))
        return FALSE;
    for (size_t i = 0; i < n; i++)
        lived[i] = g_hash_table_contains(all, &lives[i]);
    return TRUE;
}

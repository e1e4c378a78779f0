/* SPDX-License-Identifier: MIT
 *
 * Private to core/backup: a restore on its way, and what is different on the two engines.
 */
#pragma once

#include "core/backup/restore.h"
#include "core/db/db.h"

struct restore {
    const struct restore_call *call;
    const struct restore_way *way;
    char *file;   /* the backup's full path */
    char *place;  /* of the database: its path, or the schema */
    char *staged; /* a copy of the backup beside the database, which will take its place; NULL on a server */
    char *kept_as; /* what what is in place will be called */
    struct restore_look look;
    int64_t version; /* of the backup's schema, where it is read */
    int64_t warehouse_id, here_warehouse_id; /* here: 0 when it can't be told */
    char *heads, *here_heads;                /* of the chains: "rows=N heads=DIGEST" */
};

struct restore_way {
    gboolean (*look)(struct restore *restore, GError **error); /* fills all of look but violations, and the ids and heads */
    gboolean (*put)(struct restore *restore, int64_t person_id, struct restored *restored, GError **error);
};

extern const struct restore_way RESTORE_FILE, RESTORE_SERVER;

/* What a database says of itself: its warehouse, when the last was recorded, its heads. */
struct restore_floor {
    int64_t warehouse_id, until;
    char *name, *zone, *heads; /* owned */
};
gboolean restore_floor_read(struct db *db, struct restore_floor *floor, GError **error);
void restore_floor_clear(struct restore_floor *floor);

/* FALSE with ERR_RESTORE_BUSY when a writer of the database lives. */
gboolean restore_nobody_works(GArray *writer_slots, GError **error);

/* An error in words about the backup: it is damaged, or of another version. Takes over the failure. FALSE. */
gboolean restore_refuse(const struct restore *restore, GError *failure, GError **error);

/* What is in place will be called this: NAME.before-restore-20261122T143000.123Z. */
void restore_name_old(struct restore *restore, int name_length);

/* Writes the restore into the journal of a database. */
gboolean restore_note(struct restore *restore, const char *url, int64_t person_id, GError **error);

/* Takes what is staged away. */
void restore_unstage(struct restore *restore);

/* Looks at a database by check: ERR_BACKUP_BAD when it is not whole. */
gboolean restore_check(struct restore *restore, struct db *db, guint *violations, GError **error);

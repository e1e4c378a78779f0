/* SPDX-License-Identifier: MIT
 *
 * A backup becomes the floor again. First it is looked at, and a person told from when it is; then, while nobody works, it takes
 * the place of what is there, which is kept beside it. What was acknowledged after it was made is not in it. The journal of what
 * is in place then says so, with the heads of the chains before and after.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/backup/backup.h"
#include "core/base/autoptr.h"

struct restore_call {
    const char *url;  /* of the floor, which need not be there, or whole */
    const char *file; /* what packline backup has made */
    const struct clock *clock;
    backup_progress on_progress; /* may be NULL */
    void *data;
};

/* What a person decides by. */
struct restore_look {
    char *warehouse;    /* its name */
    char *zone;         /* its time zone */
    int64_t until;      /* the last that is recorded in the backup, UTC ms */
    int64_t here_until; /* and in what is in place; 0: nothing, or it can't be read */
    guint violations;   /* of the floor's invariants, in the backup */
};

struct restored {
    char *kept; /* where what was in place is now: a file, or a schema of the server's; owned, NULL: nothing was */
    guint violations;
    gboolean is_noted; /* in the journal */
    char *trouble;     /* what is wrong with what is in place now, in words; owned, NULL: nothing */
};

struct restore;

/* Looks at the backup and makes it ready. NULL with *error: ERR_BACKUP_BAD, ERR_RESTORE_KIND, ERR_RESTORE_SCHEMA,
 * ERR_RESTORE_OTHER, ERR_RESTORE_BUSY when somebody works, ... The call must last as long as it. */
struct restore *restore_open(const struct restore_call *call, GError **error);
void restore_free(struct restore *restore);
DEFINE_AUTOPTR(restore, restore_free)

const struct restore_look *restore_looked(const struct restore *restore);

/* Puts it in place: by whom, 0 is whoever may write the database. FALSE with *error: what was there is there still. */
gboolean restore_do(struct restore *restore, int64_t person_id, struct restored *restored, GError **error);

/* SPDX-License-Identifier: MIT */
#include "core/site/writer.h"

#include <string.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/db/db.h"
#include "core/site/site.h"

/* A slot is a lease: a program that was killed leaves it held until then. Taking it from a program that still lives is
 * safe: the loser's next event finds another holder in the row and claims anew. */
enum { LEASE_HOURS = 12, CLAIM_TRIES = 50, FENCED_MS = 60000 /* no id of its last holder is younger */ };

enum { SLOT_EXPIRED, SLOT_HIGHEST, SLOT_INSERT, SLOT_TAKE, SLOT_RELEASE, SLOT_FENCE };

static const struct sql SQL[] = {
    [SLOT_EXPIRED] = {"writer_slot_expired",
                      "SELECT slot FROM writer WHERE lease_until_at < $1 ORDER BY slot LIMIT 1 {skip_locked}"},
    [SLOT_HIGHEST] = {"writer_slot_highest", "SELECT COALESCE(MAX(slot), -1) FROM writer"},
    [SLOT_INSERT] = {"writer_insert",
                     "INSERT INTO writer (slot, name, holder, lease_until_at, sequence, head) "
                     "VALUES ($1, '', '', 0, 0, $2) ON CONFLICT (slot) DO NOTHING"},
    [SLOT_TAKE] = {"writer_take",
                   "UPDATE writer SET name = $2, holder = $3, lease_until_at = $4 "
                   "WHERE slot = $1 AND lease_until_at < $5 RETURNING sequence, head"},
    [SLOT_RELEASE] = {"writer_release", "UPDATE writer SET lease_until_at = $3 WHERE slot = $1 AND holder = $2"},
    [SLOT_FENCE] = {"writer_fence",
                    "UPDATE writer SET holder = '', lease_until_at = CASE WHEN lease_until_at > $3 THEN $3 "
                    "ELSE lease_until_at END WHERE name = $1 AND slot <> $2 AND holder <> ''"},
};

static gboolean slot_take(struct site *site, int slot, gboolean *taken, GError **error)
{
    int64_t now = site_now(site);
    struct rows *rows =
        db_query(site->db, &SQL[SLOT_TAKE],
                 DB_ARGS(db_int(slot), db_text(site->writer_name), db_text(site->writer.holder),
                         db_int(now + LEASE_HOURS * INT64_C(3600000)), db_int(now)),
                 error);
    if (!rows)
        return FALSE;
    int found = rows_next(rows, error);
    if (found > 0) {
        size_t length = 0;
        const void *head = rows_blob(rows, 1, &length);
        site->writer.slot = slot;
        site->writer.sequence = rows_int(rows, 0);
        memset(site->writer.head, 0, SITE_HASH_BYTES);
        if (head)
            memcpy(site->writer.head, head, MIN(length, SITE_HASH_BYTES));
        *taken = TRUE;
        rows_close(rows);
    }
    return found >= 0;
}

static gboolean slot_claim(struct db *db, void *data, GError **error)
{
    struct site *site = data;
    static const unsigned char zero[SITE_HASH_BYTES];
    int64_t slot = -1;
    gboolean taken = FALSE;
    struct rows *rows = db_claim(db, &SQL[SLOT_EXPIRED], DB_ARGS(db_int(site_now(site))), error);
    if (!rows)
        return FALSE;
    int found = rows_next(rows, error);
    if (found < 0)
        return FALSE;
    if (found) {
        slot = rows_int(rows, 0);
        rows_close(rows);
    } else {
        if (db_get_ints(db, &SQL[SLOT_HIGHEST], DB_NO_ARGS, &slot, 1, error) < 0)
            return FALSE;
        slot++;
        if (slot >= ID_WRITERS) {
            err_set(error, ERR_INTERNAL, "all 1024 writer slots are held");
            return FALSE;
        }
        if (!db_exec(db, &SQL[SLOT_INSERT], DB_ARGS(db_int(slot), db_blob(zero, sizeof zero)), NULL, error))
            return FALSE;
    }
    if (!slot_take(site, (int)slot, &taken, error))
        return FALSE;
    if (!taken)
        err_set(error, ERR_DB_SERIALIZE);
    return taken;
}

/* The slot is free for others from the millisecond after the last id made with it: the next holder's ids begin there. */
void writer_release(struct site *site)
{
    int64_t free_from = MAX(site_now(site), id_time(site_id(site)));
    db_exec(site->db, &SQL[SLOT_RELEASE],
            DB_ARGS(db_int(site->writer.slot), db_text(site->writer.holder), db_int(free_from)), NULL, NULL);
}

gboolean writer_claim(struct site *site, GError **error)
{
    g_free(site->writer.holder);
    site->writer.holder = g_strdup_printf("%s:%d:%08x", g_get_host_name(), (int)getpid(), g_random_int());
    GError *cause = NULL;
    for (int tries = 0; !db_transaction(site->db, slot_claim, site, &cause); tries++) {
        if (tries == CLAIM_TRIES || err_code(cause) != ERR_DB_SERIALIZE) {
            g_propagate_error(error, cause);
            return FALSE;
        }
        g_clear_error(&cause); /* another program took the same slot in the same moment */
    }
    id_source_init(&site->ids, site->clock, (unsigned)site->writer.slot);
    return TRUE;
}

/* The row of a writer that is committing is locked until it has; one that comes later finds itself shut out. Its slot
 * is free again soon: a worker that dies over and over does not use them up. */
static gboolean fence_work(struct db *db, void *data, GError **error)
{
    const struct site *site = data;
    return db_exec(db, &SQL[SLOT_FENCE],
                   DB_ARGS(db_text(site->writer_name), db_int(site->writer.slot), db_int(site_now(site) + FENCED_MS)), NULL,
                   error);
}

gboolean writer_fence(struct site *site, GError **error)
{
    return db_transaction(site->db, fence_work, site, error);
}

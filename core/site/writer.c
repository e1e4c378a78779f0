/* SPDX-License-Identifier: MIT */
#include "core/site/writer.h"

#include <stdlib.h>
#include <string.h>

#include "core/base/error.h"
#include "core/db/life.h"
#include "core/db/rows.h"
#include "core/site/journal.h"
#include "core/site/journal_key.h"
#include "core/site/record.h"
#include "core/site/site.h"
#include "core/site/writer_slot.h"

enum {
    LAST = ID_WRITERS - 1, /* kept for the administrator who frees one */
    IDS_FAR_MS = 86400000,
    SHUT_OUT_MS = 60000    /* who is shut out alive makes ids of the slot for a while that are not in the table yet */
};

static const struct sql TAKE = {
    "writer_take", "INSERT INTO writer (slot, name, holder, ids_until_at, sequence, head, epoch, mac) "
                   "VALUES ($1, $2, $3, 0, 0, $4, $5, $6) ON CONFLICT (slot) DO UPDATE SET name = excluded.name, holder = excluded.holder "
                   "RETURNING sequence, head, ids_until_at, judges, epoch, mac"};

static const struct sql HOLDS = {"writer_holds", "SELECT epoch FROM writer WHERE slot = $1 AND holder = $2 AND "
                                                  "sequence = $3"};

static struct writer_slot *slot_at(const GArray *slots, guint i)
{
    return &g_array_index(slots, struct writer_slot, i);
}

/* --- shutting out --------------------------------------------------------------------------------------- */

static gboolean shut_out(struct site *site, struct writer_slot *slot, GError **error)
{
    return writer_slot_empty(site->db, slot, slot->held ? site_now(site) + SHUT_OUT_MS : 0, error);
}

/* The row of a writer that is committing is locked until it has; one that comes later finds itself shut out. */
static gboolean fence_work(struct db *db, void *data, GError **error)
{
    struct site *site = data;
    g_autoptr(GArray) slots = writer_slots_lock(db, error);
    gboolean good = slots != NULL;
    for (guint i = 0; good && i < slots->len; i++) {
        struct writer_slot *slot = slot_at(slots, i);
        if (slot->slot != site->writer.slot && slot->holder[0] && strcmp(slot->name, site->writer_name) == 0)
            good = shut_out(site, slot, error);
    }
    return good;
}

gboolean writer_fence(struct site *site, GError **error)
{
    return db_transaction(site->db, fence_work, site, error);
}

/* --- claiming ------------------------------------------------------------------------------------------- */

static gboolean refuse_newer(const struct writer_slot *newer, GError **error)
{
    g_autofree char *place = writer_slot_place(newer);
    return err_set(error, ERR_WRITER_FENCED, newer->name + strlen(SITE_STATION_PREFIX), place);
}

/* Empties what the dead have left, what the site itself held before, and for a station what others of its name hold. */
static gboolean sweep(struct site *site, const GArray *slots, GError **error)
{
    gboolean good = TRUE;
    for (guint i = 0; good && i < slots->len; i++) {
        struct writer_slot *slot = slot_at(slots, i);
        if (!slot->holder[0])
            continue;
        if (!slot->held || g_strcmp0(slot->holder, site->writer.holder) == 0)
            good = writer_slot_empty(site->db, slot, 0, error);
        else if (site->as == SITE_STATION && strcmp(slot->name, site->writer_name) == 0)
            good = site->writer.holder ? refuse_newer(slot, error) : shut_out(site, slot, error);
    }
    return good;
}

/* The lowest that has rested, so that no id is made ahead of the clock; else one that was never held; else the one
 * whose rest is over first. -1: all are held. */
static int choose(const GArray *slots, int64_t now)
{
    const struct writer_slot *row[ID_WRITERS] = {NULL};
    int new = -1, soonest = -1;
    for (guint i = 0; i < slots->len; i++)
        row[slot_at(slots, i)->slot] = slot_at(slots, i);
    for (int slot = 0; slot < LAST; slot++) {
        if (!row[slot])
            new = new < 0 ? slot : new;
        else if (row[slot]->held)
            continue;
        else if (row[slot]->ids_until_at < now)
            return slot;
        else if (soonest < 0 || row[slot]->ids_until_at < row[soonest]->ids_until_at)
            soonest = slot;
    }
    return new >= 0 ? new : soonest;
}

struct claim {
    struct site *site;
    const char *holder;
    struct writer writer;
    int64_t ids_until_at;
};

static void read_taken(struct rows *rows, void *data)
{
    struct claim *claim = data;
    claim->writer.sequence = rows_int(rows, 0);
    claim->ids_until_at = rows_int(rows, 2);
    journal_read_hash(rows, 1, claim->writer.head);
    claim->writer.synced = claim->writer.sequence;
    memcpy(claim->writer.synced_head, claim->writer.head, SITE_HASH_BYTES);
    g_strlcpy(claim->writer.judges, rows_text(rows, 3), sizeof claim->writer.judges);
    claim->writer.epoch = rows_int(rows, 4);
    journal_read_hash(rows, 5, claim->writer.mac);
}

/* Of writers, a new one among them or not. */
static gboolean is_new(const GArray *slots, int slot)
{
    for (guint i = 0; i < slots->len; i++)
        if (slot_at(slots, i)->slot == slot)
            return FALSE;
    return TRUE;
}

static gboolean claim_work(struct db *db, void *data, GError **error)
{
    static const unsigned char zero[SITE_HASH_BYTES];
    struct claim *claim = data;
    struct site *site = claim->site;
    g_autoptr(GArray) slots = writer_slots_lock(db, error);
    if (!slots || !sweep(site, slots, error))
        return FALSE;
    int slot = choose(slots, site_now(site));
    if (slot < 0 && site->as != SITE_RESCUE)
        return err_set(error, ERR_WRITERS_FULL, "1024");
    struct journal_key key;
    claim->writer = (struct writer){.slot = slot < 0 ? LAST : slot};
    if (!journal_key_load(db, &key, error))
        return FALSE;
    unsigned char begin[JOURNAL_KEY_BYTES];
    journal_key_of_writer(key.key, claim->writer.slot, claim->writer.key);
    journal_key_begin(claim->writer.key, begin);
    struct rows *rows = db_query(db, &TAKE,
                                 DB_ARGS(claim->writer.slot, site->writer_name, claim->holder, db_blob(zero, sizeof zero),
                                         key.epoch, key.epoch ? db_blob(begin, sizeof begin) : db_null()),
                                 error);
    if (rows_first(rows, read_taken, claim, error) <= 0)
        return FALSE;
    return !is_new(slots, claim->writer.slot) || journal_key_count(db, &key, (int64_t)slots->len + 1, error);
}

gboolean writer_claim(struct site *site, GError **error)
{
    int64_t life = db_life_begin(site->db, error), last = site->writer.holder ? id_source_last(&site->ids) : 0;
    if (!life)
        return FALSE;
    g_autofree char *holder = writer_holder(life);
    struct claim claim = {.site = site, .holder = holder};
    if (!db_transaction(site->db, claim_work, &claim, error))
        return FALSE;
    g_free(site->writer.holder);
    site->writer = claim.writer;
    site->writer.holder = g_steal_pointer(&holder);
    id_source_init(&site->ids, site->clock, (unsigned)site->writer.slot);
    /* What a clock that was far ahead has left binds nobody until then: its ids are of then. */
    gboolean is_far = claim.ids_until_at > site_now(site) + IDS_FAR_MS;
    id_source_after(&site->ids, MAX(last, is_far ? 0 : claim.ids_until_at));
    return TRUE;
}

/* --- recovering ----------------------------------------------------------------------------------------- */

void writer_take_key(struct site *site, const struct journal_key *key)
{
    struct writer *writer = &site->writer;
    writer->epoch = key->epoch;
    journal_key_of_writer(key->key, writer->slot, writer->key);
    journal_key_begin(writer->key, writer->mac);
}

static int take_new_key(struct site *site, GError **error)
{
    struct journal_key key;
    if (!journal_key_load(site->db, &key, error))
        return WRITER_NONE;
    writer_take_key(site, &key);
    return WRITER_NEW_KEY;
}

/* A broken constraint, or a head that was not there: the new holder has written the rows of the chain that this one meant to
 * write, or this one itself has, and the answer was lost with its link; or its row is of a later key. */
int writer_recover(struct site *site, const GError *failure, GError **error)
{
    int64_t epoch = 0;
    enum err code = err_code(failure);
    if (code != ERR_DB_CONSTRAINT && code != ERR_DB_SERIALIZE && code != ERR_WRITER_LOST)
        return WRITER_SAME;
    int found = db_get_ints(site->db, &HOLDS, DB_ARGS(site->writer.slot, site->writer.holder, site->writer.sequence), &epoch, 1,
                            error);
    if (found < 0)
        return WRITER_NONE;
    if (found > 0 && epoch != site->writer.epoch)
        return take_new_key(site, error);
    if (found > 0 && code != ERR_WRITER_LOST)
        return WRITER_SAME;
    return journal_head_is_there(site, error) && writer_claim(site, error) ? WRITER_NEW : WRITER_NONE;
}

gboolean writer_transaction(struct site *site, db_work work, void *data, GError **error)
{
    for (gboolean again = TRUE;; again = FALSE) {
        GError *failure = NULL;
        if (db_transaction(site->db, work, data, &failure))
            return TRUE;
        int recovered = writer_recover(site, failure, error);
        if (recovered == WRITER_NEW || (recovered == WRITER_NEW_KEY && !again))
            err_set(error, ERR_WRITER_LOST);
        else if (recovered == WRITER_SAME && failure)
            g_propagate_error(error, g_steal_pointer(&failure));
        g_clear_error(&failure);
        if (recovered != WRITER_NEW_KEY || !again)
            return FALSE;
    }
}

void writer_release(struct site *site)
{
    struct writer_slot own = {.slot = site->writer.slot};
    g_strlcpy(own.holder, site->writer.holder, sizeof own.holder);
    writer_slot_empty(site->db, &own, MAX(site_now(site), id_source_last(&site->ids)), NULL);
}

/* --- freeing -------------------------------------------------------------------------------------------- */

struct freeing {
    const char *which;
    char what[256]; /* its slots and their names, for the journal */
};

static gboolean is_meant(const struct writer_slot *slot, const char *which)
{
    char number[16];
    gboolean station = g_str_has_prefix(slot->name, SITE_STATION_PREFIX);
    g_snprintf(number, sizeof number, "%d", slot->slot);
    return slot->held && (strcmp(which, number) == 0 || strcmp(which, slot->name) == 0 ||
                          (station && strcmp(which, slot->name + strlen(SITE_STATION_PREFIX)) == 0));
}

static gboolean free_work(struct site *site, void *data, GError **error)
{
    struct freeing *freeing = data;
    g_autoptr(GArray) slots = writer_slots_lock(site->db, error);
    gboolean good = slots != NULL;
    size_t length = 0;
    freeing->what[0] = '\0';
    for (guint i = 0; good && i < slots->len; i++) {
        struct writer_slot *slot = slot_at(slots, i);
        if (slot->slot == site->writer.slot || !is_meant(slot, freeing->which))
            continue;
        length += (size_t)g_snprintf(freeing->what + length, sizeof freeing->what - length, "%s%d %s",
                                     length ? ", " : "", slot->slot, slot->name);
        length = MIN(length, sizeof freeing->what - 1);
        good = shut_out(site, slot, error);
    }
    if (good && length == 0)
        err_set(error, ERR_WRITER_UNKNOWN, freeing->which);
    return good && length > 0;
}

gboolean writer_free(struct site *site, const struct actor *by, const char *which, GError **error)
{
    struct freeing freeing = {which, ""};
    const struct record record = {.event = "slot-free", .detail = freeing.what};
    return site_record(site, by, &record, free_work, &freeing, error);
}

/* SPDX-License-Identifier: MIT */
#include "core/site/seal.h"

#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "core/base/clock.h"
#include "core/db/rows.h"
#include "core/site/journal.h"
#include "core/site/journal_key.h"
#include "core/site/writer_slot.h"

/* A seal has the day it was made on, unless one is there of a later day, which a clock that was ahead has made: then that follows
 * by one day more, so that they stand in their order, and every day has its seal all the same. */
enum { SEAL_LAST, EPOCH_MOVE, HAS_ROWS, HEADS, SEAL_INSERT };

static const struct sql SQL[] = {
    [SEAL_LAST] = {"seal_last", "SELECT hash, sealed_on, at FROM seal ORDER BY sealed_on DESC LIMIT 1"},
    [EPOCH_MOVE] = {"seal_epoch", "UPDATE writer SET epoch = $2, mac = $3 WHERE slot = $1"},
    [HAS_ROWS] = {"seal_has_rows", "SELECT 1 FROM writer WHERE sequence > 0 LIMIT 1"},
    [HEADS] = {"seal_heads", "SELECT slot, sequence, head FROM writer WHERE sequence > 0 ORDER BY slot"},
    [SEAL_INSERT] = {"seal_insert", "INSERT INTO seal (sealed_on, heads, hash, at, mac) VALUES ($1, $2, $3, $4, $5)"},
};

void seal_hash(const unsigned char before[static SITE_HASH_BYTES], const char *heads,
               unsigned char hash[static SITE_HASH_BYTES])
{
    crypto_generichash_state state;
    crypto_generichash_init(&state, NULL, 0, SITE_HASH_BYTES);
    crypto_generichash_update(&state, before, SITE_HASH_BYTES);
    crypto_generichash_update(&state, (const unsigned char *)heads, strlen(heads));
    crypto_generichash_final(&state, hash, SITE_HASH_BYTES);
}

static void read_head(struct rows *rows, void *heads)
{
    unsigned char head[SITE_HASH_BYTES];
    char hex[2 * SITE_HASH_BYTES + 1];
    journal_read_hash(rows, 2, head);
    sodium_bin2hex(hex, sizeof hex, head, sizeof head);
    g_string_append_printf(heads, "%s:%s:%s;", rows_text(rows, 0), rows_text(rows, 1), hex);
}

struct last {
    unsigned char hash[SITE_HASH_BYTES];
    int64_t sealed_on, at; /* 0: there is none */
};

static void read_last(struct rows *rows, void *data)
{
    struct last *last = data;
    journal_read_hash(rows, 0, last->hash);
    last->sealed_on = rows_int(rows, 1);
    last->at = rows_int(rows, 2);
}

static int64_t day_of(const struct site *site, int64_t last_on)
{
    int64_t today = clock_civil_date(site->zone, site_now(site));
    if (last_on < today)
        return today;
    g_autoptr(GDateTime) last = g_date_time_new_utc((int)(last_on / 10000), (int)(last_on / 100 % 100), (int)(last_on % 100), 0, 0, 0);
    g_autoptr(GDateTime) next = last ? g_date_time_add_days(last, 1) : NULL;
    return next ? g_date_time_get_year(next) * 10000 + g_date_time_get_month(next) * 100 + g_date_time_get_day_of_month(next)
                : last_on + 1;
}

static gboolean load_last(const struct site *site, struct last *last, GError **error)
{
    return rows_first(db_query(site->db, &SQL[SEAL_LAST], DB_NO_ARGS, error), read_last, last, error) >= 0;
}

static gboolean is_of_today(const struct site *site, const struct last *last)
{
    return last->sealed_on && clock_civil_date(site->zone, last->at) == clock_civil_date(site->zone, site_now(site));
}

struct sealing {
    struct site *site;
    struct journal_key drawn, key; /* no mark: there is none */
    gboolean sealed;
};

/* The floor's key; before there is one it is drawn, under the lock that keeps others from drawing theirs, and once, however often
 * this is tried. A copy is no floor: it has the seals of what is in it, and makes none with a key. No mark: none is to be had. */
static gboolean take_key(struct sealing *sealing, GError **error)
{
    struct site *site = sealing->site;
    if (!journal_key_load(site->db, &sealing->key, error))
        return FALSE;
    if (sealing->key.mark[0] || site->copy_of_at)
        return TRUE;
    if (!sealing->drawn.mark[0] && !journal_key_draw(site, &sealing->drawn, NULL))
        sealing->drawn.mark[0] = '\0';
    sealing->key = sealing->drawn;
    return TRUE;
}

static gboolean has_key(const struct sealing *sealing)
{
    return sealing->key.mark[0] != '\0';
}

static gboolean is_due(const struct sealing *sealing, const struct last *last)
{
    return !is_of_today(sealing->site, last) || (has_key(sealing) && sealing->key.epoch == 0);
}

static gboolean store_seal(struct sealing *sealing, const struct last *last, const char *heads, GError **error)
{
    const struct site *site = sealing->site;
    unsigned char hash[SITE_HASH_BYTES], mac[JOURNAL_KEY_BYTES];
    int64_t on = day_of(site, last->sealed_on), at = site_now(site);
    seal_hash(last->hash, heads, hash);
    journal_key_seal(sealing->key.key, on, at, hash, mac);
    sealing->sealed = TRUE;
    return db_exec(site->db, &SQL[SEAL_INSERT],
                   DB_ARGS(on, heads, db_blob(hash, sizeof hash), at, has_key(sealing) ? db_blob(mac, sizeof mac) : db_null()), NULL, error);
}

/* From here on every writer needs the next key. Who was committing has by now: its row was waited for, and its head is read after. */
static gboolean move_epoch(const struct sealing *sealing, const GArray *slots, GError **error)
{
    unsigned char next[JOURNAL_KEY_BYTES], own[JOURNAL_KEY_BYTES], begin[JOURNAL_KEY_BYTES];
    gboolean good = TRUE;
    memcpy(next, sealing->key.key, sizeof next);
    journal_key_next(next);
    for (guint i = 0; good && has_key(sealing) && i < slots->len; i++) {
        int slot = g_array_index(slots, struct writer_slot, i).slot;
        journal_key_of_writer(next, slot, own);
        journal_key_begin(own, begin);
        good = db_put(sealing->site->db, &SQL[EPOCH_MOVE], DB_ARGS(slot, sealing->key.epoch + 1, db_blob(begin, sizeof begin)), TRUE,
                      error);
    }
    return good;
}

static gboolean move_key(struct sealing *sealing, int64_t writers, GError **error)
{
    struct db *db = sealing->site->db;
    return !has_key(sealing) ||
           (journal_key_move(db, &sealing->key, error) && journal_key_count(db, &sealing->key, writers, error));
}

/* Nobody claims a slot, and nobody else seals, while the writers are held. */
static gboolean seal_work(struct db *db, void *data, GError **error)
{
    struct sealing *sealing = data;
    struct last last = {.sealed_on = 0};
    sealing->sealed = FALSE;
    g_autoptr(GArray) slots = writer_slots_lock(db, error);
    if (!slots || !load_last(sealing->site, &last, error) || !take_key(sealing, error))
        return FALSE;
    if (!is_due(sealing, &last))
        return TRUE;
    g_autoptr(GString) heads = g_string_new(NULL);
    if (!move_epoch(sealing, slots, error) || !rows_each(db_query(db, &SQL[HEADS], DB_NO_ARGS, error), read_head, heads, error))
        return FALSE;
    return store_seal(sealing, &last, heads->str, error) && move_key(sealing, (int64_t)slots->len, error);
}

/* A floor on which nothing was done yet has nothing to seal. */
static int has_rows(const struct site *site, GError **error)
{
    int64_t one = 0;
    return db_get_ints(site->db, &SQL[HAS_ROWS], DB_NO_ARGS, &one, 1, error);
}

/* What was drawn and did not become the floor's key goes; but a commit whose answer was lost may have made it that. */
static void drop_drawn(const struct sealing *sealing)
{
    struct journal_key kept;
    g_autofree char *path = journal_key_path(sealing->drawn.mark);
    if (sealing->drawn.mark[0] && journal_key_load(sealing->site->db, &kept, NULL) && strcmp(kept.mark, sealing->drawn.mark) != 0)
        unlink(path);
}

static gboolean seal_now(struct site *site, GError **error)
{
    struct sealing sealing = {.site = site};
    gboolean good = db_transaction(site->db, seal_work, &sealing, error);
    drop_drawn(&sealing);
    if (good && sealing.sealed && sealing.key.epoch)
        writer_take_key(site, &sealing.key);
    sodium_memzero(&sealing, sizeof sealing);
    return good;
}

/* Whether the seal of today is there, with a key where there is to be one. */
static gboolean look(const struct site *site, gboolean *sealed, GError **error)
{
    struct last last = {.sealed_on = 0};
    struct journal_key key = {.epoch = 0};
    if (!load_last(site, &last, error) || !journal_key_load(site->db, &key, error))
        return FALSE;
    *sealed = is_of_today(site, &last) && (key.epoch > 0 || site->copy_of_at);
    sodium_memzero(&key, sizeof key);
    return TRUE;
}

gboolean seal_today(struct site *site, GError **error)
{
    int64_t today = clock_civil_date(site->zone, site_now(site));
    gboolean sealed = FALSE;
    if (site->sealed_on == today)
        return TRUE;
    if (!look(site, &sealed, error))
        return FALSE;
    int found = sealed ? 1 : has_rows(site, error);
    if (found < 0 || (found > 0 && !sealed && !seal_now(site, error)))
        return FALSE;
    site->sealed_on = found ? today : 0;
    return TRUE;
}

/* SPDX-License-Identifier: MIT
 *
 * The journal's key (core/site/journal_key.h) against what was made with it: since the last seal with the key of the database,
 * before it with the keys that follow from the first one, where that is to be had.
 */
#include <inttypes.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/base/translate.h"
#include "core/check/check_table.h"
#include "core/db/rows.h"
#include "core/site/journal_key.h"
#include "core/site/site.h"

enum { STATE, WRITERS, SINCE, SEALS, LAST_HEADS };

static const struct sql SQL[] = {
    [STATE] = {"check_key_state",
               "SELECT (SELECT COUNT(*) FROM writer), (SELECT COUNT(*) FROM seal WHERE mac IS NOT NULL), (SELECT COUNT(*) FROM writer "
               "WHERE epoch <> 0), COALESCE((SELECT slots FROM journal_key WHERE id = 1), 0), (SELECT slots_mac FROM journal_key "
               "WHERE id = 1), w.time_zone, " COPY_OF("w.id") " FROM warehouse w ORDER BY w.id LIMIT 1"},
    [WRITERS] = {"check_key_writers", "SELECT slot, epoch, mac FROM writer ORDER BY slot"},
    [SINCE] = {"check_key_since", "SELECT hash FROM journal WHERE writer = $1 AND sequence > $2 ORDER BY sequence"},
    [SEALS] = {"check_key_seals", "SELECT sealed_on, at, hash, mac FROM seal ORDER BY sealed_on"},
    [LAST_HEADS] = {"check_key_heads", "SELECT heads, at FROM seal ORDER BY sealed_on DESC LIMIT 1"},
};

struct keys {
    struct checker *checker;
    struct journal_key key;
    int64_t writers, seals, keyed_writers, slots;
    unsigned char slots_mac[JOURNAL_KEY_BYTES];
    GTimeZone *zone;
    gboolean is_copy;
    int64_t sealed[ID_WRITERS]; /* up to which of a slot's rows the last seal reaches */
    int64_t sealed_at, since;   /* when that was, UTC ms; rows since */
};

static void read_state(struct rows *rows, void *data)
{
    struct keys *keys = data;
    keys->writers = rows_int(rows, 0);
    keys->seals = rows_int(rows, 1);
    keys->keyed_writers = rows_int(rows, 2);
    keys->slots = rows_int(rows, 3);
    journal_read_hash(rows, 4, keys->slots_mac);
    keys->zone = g_time_zone_new_identifier(rows_text(rows, 5));
    keys->is_copy = rows_int(rows, 6) != 0;
}

static void read_sealed(struct rows *rows, void *data)
{
    struct keys *keys = data;
    g_auto(GStrv) heads = g_strsplit(rows_text(rows, 0), ";", -1);
    for (guint i = 0; heads[i] && heads[i][0]; i++) {
        char *at = NULL;
        guint64 slot = g_ascii_strtoull(heads[i], &at, 10);
        if (slot < ID_WRITERS && *at == ':')
            keys->sealed[slot] = g_ascii_strtoll(at + 1, NULL, 10);
    }
    keys->sealed_at = rows_int(rows, 1);
}

/* --- since the last seal ---------------------------------------------------------------------------------- */

struct tail {
    struct keys *keys;
    unsigned char own[JOURNAL_KEY_BYTES], mac[JOURNAL_KEY_BYTES];
};

static void add_row(struct rows *rows, void *data)
{
    struct tail *tail = data;
    unsigned char hash[SITE_HASH_BYTES];
    journal_read_hash(rows, 0, hash);
    journal_key_row(tail->own, hash, tail->mac);
    tail->keys->since++;
}

struct writer_code {
    int slot;
    int64_t epoch;
    unsigned char mac[JOURNAL_KEY_BYTES];
};

static void read_writer(struct rows *rows, void *data)
{
    struct writer_code *writer = data;
    writer->slot = (int)rows_int(rows, 0);
    writer->epoch = rows_int(rows, 1);
    journal_read_hash(rows, 2, writer->mac);
}

static gboolean check_writer(struct keys *keys, const struct writer_code *writer, GError **error)
{
    struct tail tail = {.keys = keys};
    struct db *db = keys->checker->db;
    journal_key_of_writer(keys->key.key, writer->slot, tail.own);
    journal_key_begin(tail.own, tail.mac);
    if (!rows_each(db_query(db, &SQL[SINCE], DB_ARGS(writer->slot, keys->sealed[writer->slot]), error), add_row, &tail, error))
        return FALSE;
    if (writer->epoch != keys->key.epoch || memcmp(tail.mac, writer->mac, sizeof tail.mac) != 0)
        checker_report(keys->checker, "writer=%d rows since the seal", writer->slot);
    return TRUE;
}

static gboolean check_since(struct keys *keys, GError **error)
{
    struct db *db = keys->checker->db;
    unsigned char mac[JOURNAL_KEY_BYTES];
    if (rows_first(db_query(db, &SQL[LAST_HEADS], DB_NO_ARGS, error), read_sealed, keys, error) < 0)
        return FALSE;
    g_autoptr(GArray) writers = rows_list(db_query(db, &SQL[WRITERS], DB_NO_ARGS, error), sizeof(struct writer_code), read_writer,
                                          error);
    gboolean good = writers != NULL;
    for (guint i = 0; good && i < writers->len; i++)
        good = check_writer(keys, &g_array_index(writers, struct writer_code, i), error);
    journal_key_slots(keys->key.key, keys->slots, mac);
    if (good && (keys->slots != keys->writers || memcmp(mac, keys->slots_mac, sizeof mac) != 0))
        checker_report(keys->checker, "writers=%" PRId64 " counted=%" PRId64, keys->writers, keys->slots);
    return good;
}

/* --- the seals -------------------------------------------------------------------------------------------- */

struct walk {
    struct keys *keys;
    unsigned char key[JOURNAL_KEY_BYTES]; /* of the next seal that has one */
    int64_t seals;
};

static void check_seal(struct rows *rows, void *data)
{
    struct walk *walk = data;
    unsigned char hash[SITE_HASH_BYTES], mac[JOURNAL_KEY_BYTES], stored[JOURNAL_KEY_BYTES];
    gboolean keyed = !rows_is_null(rows, 3);
    if (!keyed && walk->seals == 0)
        return; /* of before the key: the first seal that has one closes them */
    journal_read_hash(rows, 2, hash);
    journal_read_hash(rows, 3, stored);
    journal_key_seal(walk->key, rows_int(rows, 0), rows_int(rows, 1), hash, mac);
    if (!keyed || memcmp(mac, stored, sizeof mac) != 0)
        checker_report(walk->keys->checker, "day=%s code", rows_text(rows, 0));
    journal_key_next(walk->key);
    walk->seals++;
}

static gboolean walk_seals(struct keys *keys, const unsigned char *first, GError **error)
{
    struct walk walk = {.keys = keys};
    memcpy(walk.key, first, sizeof walk.key);
    if (!rows_each(db_query(keys->checker->db, &SQL[SEALS], DB_NO_ARGS, error), check_seal, &walk, error))
        return FALSE;
    if (walk.seals != keys->key.epoch || memcmp(walk.key, keys->key.key, sizeof walk.key) != 0)
        checker_report(keys->checker, "seals=%" PRId64 " keys=%" PRId64 ": the key of now does not follow from the first", walk.seals,
                       keys->key.epoch);
    return TRUE;
}

/* --- all of it -------------------------------------------------------------------------------------------- */

/* The first key: of the file that was named, or of the usual one where that is. 1, 0: it is not to be had; -1. What lies in the
 * usual place and is no key rings, and stops nothing else: backups are looked at by this check as well. */
static int first_key(const struct keys *keys, unsigned char *first, GError **error)
{
    const char *named = keys->checker->way->journal_key;
    g_autofree char *usual = journal_key_path(keys->key.mark);
    if (named)
        return journal_key_read(named, keys->key.mark, first, error) ? 1 : -1;
    if (!g_file_test(usual, G_FILE_TEST_EXISTS))
        return 0;
    gboolean good = journal_key_read(usual, keys->key.mark, first, NULL);
    if (!good)
        checker_report(keys->checker, "file=%s can't be used", usual);
    return good;
}

static void tell(const struct keys *keys, gboolean proven)
{
    g_autofree char *at = keys->zone ? clock_format(keys->zone, keys->sealed_at, "%Y-%m-%d %H:%M") : g_strdup("?");
    checker_tell(keys->checker,
                 proven ? _("sealed up to %s; the %lld rows since then can be proven only after the next seal")
                        : _("sealed up to %s, which only the first key proves (--journal-key); it is not here. Rows since then: %lld"),
                 at, (long long)keys->since);
}

static gboolean check_keyed(struct keys *keys, GError **error)
{
    unsigned char first[JOURNAL_KEY_BYTES];
    if (keys->seals != keys->key.epoch)
        checker_report(keys->checker, "seals=%" PRId64 " keys=%" PRId64, keys->seals, keys->key.epoch);
    int have = check_since(keys, error) ? first_key(keys, first, error) : -1;
    if (have < 0 || (have > 0 && !walk_seals(keys, first, error)))
        return FALSE;
    tell(keys, have > 0);
    return TRUE;
}

/* A floor that has no key: a new one, one that is older than keys, a copy; or one whose key was taken away. */
static void check_keyless(const struct keys *keys)
{
    if (keys->seals || keys->keyed_writers || keys->checker->way->journal_key)
        checker_report(keys->checker, "key=gone seals=%" PRId64 " writers=%" PRId64, keys->seals, keys->keyed_writers);
    else if (!keys->is_copy)
        checker_tell(keys->checker, "%s", _("the journal has no key yet: who may write the database could rewrite it"));
}

gboolean check_keys(struct checker *checker, GError **error)
{
    g_autofree struct keys *keys = g_new0(struct keys, 1);
    keys->checker = checker;
    gboolean good = rows_first(db_query(checker->db, &SQL[STATE], DB_NO_ARGS, error), read_state, keys, error) >= 0 &&
                    journal_key_load(checker->db, &keys->key, error);
    if (good && keys->key.epoch > 0)
        good = check_keyed(keys, error);
    else if (good)
        check_keyless(keys);
    g_clear_pointer(&keys->zone, g_time_zone_unref);
    return good;
}

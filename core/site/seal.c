/* SPDX-License-Identifier: MIT */
#include "core/site/seal.h"

#include <sodium.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/db/rows.h"
#include "core/site/journal.h"

enum { SEAL_FIND, SEAL_LAST, HEADS, SEAL_INSERT };

static const struct sql SQL[] = {
    [SEAL_FIND] = {"seal_find", "SELECT sealed_on FROM seal WHERE sealed_on >= $1 ORDER BY sealed_on DESC LIMIT 1"},
    [SEAL_LAST] = {"seal_last", "SELECT hash FROM seal ORDER BY sealed_on DESC LIMIT 1"},
    [HEADS] = {"seal_heads", "SELECT slot, sequence, head FROM writer WHERE sequence > 0 ORDER BY slot"},
    [SEAL_INSERT] = {"seal_insert", "INSERT INTO seal (sealed_on, heads, hash, at) VALUES ($1, $2, $3, $4) "
                                    "ON CONFLICT (sealed_on) DO NOTHING"},
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

static void read_last(struct rows *rows, void *hash)
{
    journal_read_hash(rows, 0, hash);
}

static gboolean seal_work(struct db *db, void *data, GError **error)
{
    const struct site *site = data;
    int64_t now = site_now(site);
    unsigned char before[SITE_HASH_BYTES] = {0}, hash[SITE_HASH_BYTES];
    g_autoptr(GString) heads = g_string_new(NULL);
    gboolean good = rows_first(db_query(db, &SQL[SEAL_LAST], DB_NO_ARGS, error), read_last, before, error) >= 0 &&
                    rows_each(db_query(db, &SQL[HEADS], DB_NO_ARGS, error), read_head, heads, error);
    if (good && heads->len > 0) {
        seal_hash(before, heads->str, hash);
        good = db_exec(db, &SQL[SEAL_INSERT],
                       DB_ARGS(clock_civil_date(site->zone, now), heads->str, db_blob(hash, sizeof hash), now), NULL,
                       error);
    }
    return good;
}

gboolean seal_today(struct site *site, GError **error)
{
    int64_t sealed_on = 0;
    int found = db_get_ints(site->db, &SQL[SEAL_FIND], DB_ARGS(clock_civil_date(site->zone, site_now(site))),
                            &sealed_on, 1, error);
    return found != 0 ? found > 0 : db_transaction(site->db, seal_work, site, error);
}

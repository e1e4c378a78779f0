/* SPDX-License-Identifier: MIT */
#include "core/site/seal.h"

#include <sodium.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/db/db.h"

enum { SEAL_FIND, SEAL_LAST, HEADS, SEAL_INSERT };

static const struct sql SQL[] = {
    [SEAL_FIND] = {"seal_find",
                   "SELECT sealed_on FROM seal WHERE sealed_on >= $1 ORDER BY sealed_on DESC LIMIT 1"},
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

static gboolean read_heads(struct db *db, GString *heads, GError **error)
{
    struct rows *rows = db_query(db, &SQL[HEADS], DB_NO_ARGS, error);
    int more;
    while ((more = rows_next(rows, error)) > 0) {
        size_t length = 0;
        const unsigned char *head = rows_blob(rows, 2, &length);
        g_string_append_printf(heads, "%s:%s:", rows_text(rows, 0), rows_text(rows, 1));
        for (size_t i = 0; i < length; i++)
            g_string_append_printf(heads, "%02x", head[i]);
        g_string_append_c(heads, ';');
    }
    return more == 0;
}

static gboolean read_last(struct db *db, unsigned char hash[static SITE_HASH_BYTES], GError **error)
{
    struct rows *rows = db_query(db, &SQL[SEAL_LAST], DB_NO_ARGS, error);
    int found = rows_next(rows, error);
    memset(hash, 0, SITE_HASH_BYTES);
    if (found > 0) {
        size_t length = 0;
        const void *stored = rows_blob(rows, 0, &length);
        if (stored)
            memcpy(hash, stored, MIN(length, SITE_HASH_BYTES));
        rows_close(rows);
    }
    return found >= 0;
}

static gboolean seal_work(struct db *db, void *data, GError **error)
{
    const struct site *site = data;
    int64_t now = site_now(site);
    unsigned char before[SITE_HASH_BYTES], hash[SITE_HASH_BYTES];
    GString *heads = g_string_new(NULL);
    gboolean good = read_last(db, before, error) && read_heads(db, heads, error);
    if (good && heads->len > 0) {
        seal_hash(before, heads->str, hash);
        good = db_exec(db, &SQL[SEAL_INSERT],
                       DB_ARGS(db_int(clock_civil_date(site->zone, now)), db_text(heads->str),
                               db_blob(hash, sizeof hash), db_int(now)),
                       NULL, error);
    }
    g_string_free(heads, TRUE);
    return good;
}

gboolean seal_today(struct site *site, GError **error)
{
    int64_t sealed_on = 0;
    int found =
        db_get_ints(site->db, &SQL[SEAL_FIND], DB_ARGS(db_int(clock_civil_date(site->zone, site_now(site)))),
                    &sealed_on, 1, error);
    return found != 0 ? found > 0 : db_transaction(site->db, seal_work, site, error);
}

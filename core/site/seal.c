/* SPDX-License-Identifier: MIT */
#include "core/site/seal.h"

#include <sodium.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/db/rows.h"
#include "core/site/journal.h"

/* A seal has the day it was made on, unless one is there of a later day, which a clock that was ahead has made: then that follows
 * by one day more, so that they stand in their order, and every day has its seal all the same. */
enum { SEAL_LAST, HEADS, SEAL_INSERT };

static const struct sql SQL[] = {
    [SEAL_LAST] = {"seal_last", "SELECT hash, sealed_on, at FROM seal ORDER BY sealed_on DESC LIMIT 1"},
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

static gboolean seal_work(struct db *db, void *data, GError **error)
{
    const struct site *site = data;
    struct last last = {.sealed_on = 0};
    unsigned char hash[SITE_HASH_BYTES];
    g_autoptr(GString) heads = g_string_new(NULL);
    gboolean good = load_last(site, &last, error) &&
                    rows_each(db_query(db, &SQL[HEADS], DB_NO_ARGS, error), read_head, heads, error);
    if (good && heads->len > 0 && !is_of_today(site, &last)) {
        seal_hash(last.hash, heads->str, hash);
        good = db_exec(db, &SQL[SEAL_INSERT],
                       DB_ARGS(day_of(site, last.sealed_on), heads->str, db_blob(hash, sizeof hash), site_now(site)), NULL, error);
    }
    return good;
}

gboolean seal_today(struct site *site, GError **error)
{
    struct last last = {.sealed_on = 0};
    return load_last(site, &last, error) && (is_of_today(site, &last) || db_transaction(site->db, seal_work, site, error));
}

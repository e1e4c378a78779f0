/* SPDX-License-Identifier: MIT */
#include "core/intake/shop.h"

#include <string.h>

#include "core/base/error.h"
#include "core/db/rows.h"
#include "core/intake/intake.h"
#include "core/site/record.h"
#include "core/site/site.h"
#include "core/table/source.h"

enum { SHOP_FIND, SHOP_INSERT, IMPORT_INSERT, IMPORT_END };

static const struct sql SQL[] = {
    [SHOP_FIND] = {"shop_find", "SELECT id, format FROM shop WHERE warehouse_id = $1 AND owner_id = $2 AND code = $3"},
    [SHOP_INSERT] = {"shop_insert", "INSERT INTO shop (id, warehouse_id, owner_id, code, name, format) VALUES ($1, $2, "
                                    "$3, $4, $4, $5) ON CONFLICT (warehouse_id, owner_id, code) DO NOTHING"},
    [IMPORT_INSERT] = {"import_insert",
                       "INSERT INTO import_file (id, warehouse_id, shop_id, kind, content_hash, started_at) "
                       "VALUES ($1, $2, $3, $4, $5, $6)"},
    [IMPORT_END] = {"import_end",
                    "UPDATE import_file SET ended_at = $2, rows_read = $3, rows_accepted = $4, rows_changed = $5, "
                    "rows_same = $6, rows_rejected = $7, orders_new = $8, orders_changed = $9, orders_same = $10, "
                    "orders_rejected = $11 WHERE id = $1"},
};

static void read_shop(struct rows *rows, void *data)
{
    struct shop *shop = data;
    shop->id = rows_int(rows, 0);
    ROWS_COPY(shop->format, rows, 1);
}

gboolean shop_find(struct site *site, const char *code, struct shop *shop, GError **error)
{
    *shop = (struct shop){0};
    return rows_first(db_query(site->db, &SQL[SHOP_FIND], DB_ARGS(site->warehouse_id, site->owner_id, code), error),
                      read_shop, shop, error) >= 0;
}

gboolean shop_known(struct site *site, const char *code, struct shop *shop, GError **error)
{
    if (!shop_find(site, code, shop, error))
        return FALSE;
    if (shop->id == 0)
        err_set(error, ERR_SHOP_UNKNOWN, code);
    return shop->id != 0;
}

static gboolean is_code(const char *code)
{
    size_t length = strlen(code);
    for (size_t i = 0; i < length; i++)
        if (!g_ascii_isalnum(code[i]) && code[i] != '-' && code[i] != '_' && code[i] != '.')
            return FALSE;
    return length > 0 && length <= 40;
}

gboolean shop_make(struct site *site, const char *code, const char *format, struct shop *shop, GError **error)
{
    if (!is_code(code)) {
        g_autofree char *valid = g_utf8_make_valid(code, -1);
        return err_set(error, ERR_SHOP_NAME, valid);
    }
    const struct actor by = {.person_id = site->system_person_id};
    const struct record record = {.event = "shop-new", .detail = code, .is_heard = TRUE, .said = SAID_SHOP, .said_named = code};
    const struct record_statement insert = {
        &SQL[SHOP_INSERT], DB_ARGS(site_id(site), site->warehouse_id, site->owner_id, code, format), .none = ERR_NONE};
    return site_record_statements(site, &by, &record, &insert, 1, error) && shop_find(site, code, shop, error);
}

struct source *import_open(const struct site *site, const char *path, char *const *encodings, int max_mb, GError **error)
{
    static const char *const ANY[] = {"UTF-8", "CP950", "GB18030", NULL};
    uint64_t max_bytes = (uint64_t)site_setting_int(site, "import_max_mb", max_mb) << 20;
    return source_open(path, encodings ? (const char *const *)encodings : ANY, max_bytes, error);
}

int64_t import_begin(struct site *site, int64_t shop_id, const char *kind, const char *digest, GError **error)
{
    int64_t id = site_id(site);
    gboolean done =
        db_exec(site->db, &SQL[IMPORT_INSERT],
                DB_ARGS(id, site->warehouse_id, db_ref(shop_id), kind, digest, site_now(site)), NULL, error);
    return done ? id : 0;
}

static struct db_value count(uint64_t number)
{
    return db_int((int64_t)number);
}

gboolean import_end(struct site *site, int64_t import_id, const struct intake_tally *t, GError **error)
{
    return db_exec(site->db, &SQL[IMPORT_END],
                   DB_ARGS(import_id, site_now(site), count(t->rows_read), count(t->rows[FATE_NEW]),
                           count(t->rows[FATE_CHANGED]), count(t->rows[FATE_SAME]), count(t->rows[FATE_REJECTED]),
                           count(t->orders[FATE_NEW]), count(t->orders[FATE_CHANGED]), count(t->orders[FATE_SAME]),
                           count(t->orders[FATE_REJECTED])), NULL, error);
}

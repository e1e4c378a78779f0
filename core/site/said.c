/* SPDX-License-Identifier: MIT */
#include "core/site/said.h"

#include <sodium.h>
#include <string.h>

#include "core/base/error.h"
#include "core/base/id.h"
#include "core/site/site.h"

/* Columns that only tell how a thing is doing (a printer's state, failed log-ins, a range's cursor) are left out. */
static const struct table {
    const char *name, *key;
    struct {
        const char *says, *columns;
    } groups[SAID_GROUPS];
    const char *order; /* of rows that share a key */
    const char *named; /* the column people call it by */
    gboolean salted, is_text /* the key */;
    const char *where;
} TABLES[SAID_COUNT] = {
    [SAID_NOTHING] = {"", "", .groups = {{NULL, NULL}}},
    [SAID_WAREHOUSE] = {"warehouse", "id", .groups = {{"name and zone", "code, name, time_zone, is_demo, active"}}},
    [SAID_OWNER] = {"owner", "id",
                    .groups = {{"name", "code, name, active"},
                               {"sender", "sender_name, sender_phone, sender_address"}}},
    [SAID_SETTING] = {"setting", "name", .groups = {{"value", "warehouse_id, value"}}, .is_text = TRUE},
    [SAID_PRINTER] = {"printer", "id",
                      .groups = {{"address and stand-in", "warehouse_id, name, uri, host, backup_id, active"}},
                      .named = "name"},
    [SAID_STATION] = {"station", "id",
                      .groups = {{"printers", "warehouse_id, owner_id, name, printer_id, backup_printer_id, active"}},
                      .named = "name"},
    [SAID_PERSON] = {"person", "id",
                     .groups = {{"badge and role", "warehouse_id, badge, role, active"},
                                {"name", "name"},
                                {"PIN", "pin_hash"}},
                     .salted = TRUE},
    [SAID_LOCATION] = {"location", "id", .groups = {{"place", "warehouse_id, kind, code, walk_order, active"}},
                       .named = "code"},
    [SAID_RANGE] = {"waybill_range", "id",
                    .groups = {{"numbers", "warehouse_id, owner_id, courier, kind, source, prefix, width, first, last, "
                                           "low_mark, active"}}},
    [SAID_SHOP] = {"shop", "id", .groups = {{"name and format", "warehouse_id, owner_id, code, name, format, active"}},
                   .named = "code"},
    [SAID_PRODUCT] = {"product", "id",
                      .groups = {{"product", "warehouse_id, owner_id, sku, name, weight_g, has_lots, safety_stock, "
                                             "expected_sales, active"}}},
    [SAID_CODES] = {"product_code", "product_id", .groups = {{"codes", "warehouse_id, owner_id, code, quantity"}},
                    .order = "code"},
    [SAID_LOT] = {"lot", "id", .groups = {{"lot", "product_id, code, expires_on"}}},
    [SAID_LISTING] = {"listing", "id", .groups = {{"listing", "shop_id, ident, shop_sku, title, variant, mapped_at"}}},
    [SAID_PARTS] = {"listing_part", "listing_id", .groups = {{"products", "product_id, quantity"}},
                    .order = "product_id"},
    [SAID_RECIPIENT] = {"recipient", "id",
                        .groups = {{"name and phone", "version, name, phone, phone_tail"},
                                   {"address", "postcode, county, district, address, country, store_code, store_name"},
                                   {"notes", "buyer_note, seller_remark, erased_at"}},
                        .salted = TRUE},
    [SAID_ORDER] = {"sales_order", "id",
                    .groups = {{"order",
                                "warehouse_id, owner_id, shop_id, external_id, recipient_id, shop_state, "
                                "ordered_at, paid_at, promise_on, currency, total_minor, cod_minor, courier, "
                                "service, waybill_number, invoice_number, content_hash, imported_at, changed_at"}}},
    [SAID_LINES] = {"order_line", "order_id",
                    .groups = {{"lines",
                                "id, line_no, listing_id, kind, shop_sku, title, variant, quantity, price_minor, "
                                "cancelled_at"}},
                    .order = "id"},
    [SAID_FORGOTTEN] = {"remark", "event_key", .groups = {{"words", "text, erased_at"}},
                        .where = "erased_at IS NOT NULL"},
    [SAID_BEGINNING] = {"difference", "subject_id", .groups = {{"beginning", "version, event_key, content"}},
                        .where = "NOT EXISTS (SELECT 1 FROM event e WHERE e.key = event_key)"},
};

const char *said_table(enum said said)
{
    return TABLES[said].name;
}

const char *said_group(enum said said, guint n)
{
    return n < SAID_GROUPS ? TABLES[said].groups[n].says : NULL;
}

static size_t columns_in(enum said said, guint group)
{
    const char *columns = TABLES[said].groups[group].columns;
    size_t n = columns ? 1 : 0;
    for (const char *p = columns; p && *p; p++)
        n += *p == ',';
    return n;
}

/* --- statements ------------------------------------------------------------------------------------------ */

enum which { ALL, BY_IDS, BETWEEN, NAMED, PAGE_END };

/* A page ends with all rows of its last key. */
#define PAGE_ROWS "4999"

static void append_columns(GString *text, enum said said)
{
    const struct table *table = &TABLES[said];
    g_string_append_printf(text, "SELECT %s, %s", table->key, table->salted ? "salt" : "NULL");
    for (guint i = 0; said_group(said, i); i++)
        g_string_append_printf(text, ", %s", table->groups[i].columns);
    g_string_append_printf(text, " FROM %s", table->name);
}

static void append_where(GString *text, enum said said, enum which which)
{
    static const char *const KEYS[] = {[ALL] = "", [BY_IDS] = "%s {in:$1}", [BETWEEN] = "%s > $1 AND %s <= $2"};
    const struct table *table = &TABLES[said];
    const char *where = table->where ? table->where : "", *join = " WHERE ";
    g_auto(GStrv) keys = g_strsplit(table->is_text ? "" : KEYS[which], "%s", -1);
    g_autofree char *by_keys = g_strjoinv(table->key, keys);
    if (by_keys[0])
        g_string_append_printf(text, "%s%s", join, by_keys), join = " AND ";
    if (where[0])
        g_string_append_printf(text, "%s%s", join, where);
}

static char *make_text(enum said said, enum which which)
{
    const struct table *table = &TABLES[said];
    GString *text = g_string_new(NULL);
    if (which == NAMED || which == PAGE_END) {
        g_string_printf(text, which == NAMED ? "SELECT %s FROM %s WHERE %s = $1" : "SELECT %s FROM %s WHERE %s > $1",
                        table->key, table->name, which == NAMED ? table->named : table->key);
        if (which == PAGE_END)
            g_string_append_printf(text, " ORDER BY %s LIMIT 1 OFFSET " PAGE_ROWS, table->key);
        return g_string_free(text, FALSE);
    }
    append_columns(text, said);
    append_where(text, said, which);
    if (table->order)
        g_string_append_printf(text, " ORDER BY %s, %s", table->key, table->order);
    return g_string_free(text, FALSE);
}

/* Made once a program. */
static const struct sql *statement(enum said said, enum which which)
{
    static GMutex mutex;
    static struct sql *made[SAID_COUNT][PAGE_END + 1];
    g_mutex_lock(&mutex);
    if (!made[said][which]) {
        struct sql *sql = g_new0(struct sql, 1);
        sql->name = g_strdup_printf("said_%s_%d", TABLES[said].name, which);
        sql->text = make_text(said, which);
        made[said][which] = sql;
    }
    g_mutex_unlock(&mutex);
    return made[said][which];
}

/* --- digests --------------------------------------------------------------------------------------------- */

struct digesting {
    enum said said;
    struct said_row row;
    crypto_generichash_state states[SAID_GROUPS];
};

static void update(crypto_generichash_state *state, const void *bytes, size_t length)
{
    crypto_generichash_update(state, bytes, length);
}

static void begin(struct digesting *digesting, enum said said, int64_t key, const void *salt, size_t length)
{
    digesting->said = said;
    digesting->row = (struct said_row){.key = key};
    for (guint i = 0; said_group(said, i); i++) {
        crypto_generichash_state *state = &digesting->states[i];
        char head[48];
        int n = g_snprintf(head, sizeof head, "%d\x1f%u\x1f%" G_GINT64_FORMAT "\x1f", said, i, key);
        crypto_generichash_init(state, NULL, 0, crypto_generichash_BYTES_MIN);
        if (length > 0)
            update(state, salt, length);
        update(state, head, (size_t)n);
    }
}

static void add(crypto_generichash_state *state, const void *bytes, size_t length, gboolean is_null)
{
    if (length > 0)
        update(state, bytes, length);
    update(state, is_null ? "\x1e" : "\x1f", 1);
}

static void end(struct digesting *digesting)
{
    unsigned char hash[crypto_generichash_BYTES_MIN];
    for (guint i = 0; said_group(digesting->said, i); i++) {
        crypto_generichash_final(&digesting->states[i], hash, sizeof hash);
        memcpy(digesting->row.digests[i], hash, SAID_DIGEST);
    }
}

static void add_value(crypto_generichash_state *state, const struct db_value *value)
{
    char number[24];
    if (value->type == DB_INT)
        add(state, number, (size_t)g_snprintf(number, sizeof number, "%" G_GINT64_FORMAT, value->number), FALSE);
    else if (value->type == DB_TEXT)
        add(state, value->bytes, strlen(value->bytes), FALSE);
    else
        add(state, NULL, 0, TRUE);
}

void said_values(GByteArray *seals, enum said said, const struct db_value *values, size_t rows, size_t width)
{
    const struct db_value none = db_null();
    struct digesting digesting;
    size_t first = TABLES[said].salted ? 2 : 1;
    const struct db_value *salt = TABLES[said].salted ? &values[1] : &none;
    begin(&digesting, said, values[0].number, salt->bytes, salt->type == DB_BLOB ? (size_t)salt->number : 0);
    for (size_t r = 0; r < rows; r++) {
        size_t column = first;
        for (guint i = 0; said_group(said, i); i++)
            for (size_t n = columns_in(said, i); n > 0; n--, column++)
                add_value(&digesting.states[i], column < width ? &values[r * width + column] : &none);
    }
    end(&digesting);
    said_append(seals, said, &digesting.row);
}

/* --- reading --------------------------------------------------------------------------------------------- */

static void add_columns(struct digesting *digesting, struct rows *rows)
{
    int column = 2;
    for (guint i = 0; said_group(digesting->said, i); i++)
        for (size_t n = columns_in(digesting->said, i); n > 0; n--, column++) {
            gboolean is_blob = digesting->said == SAID_BEGINNING && n == 1, is_null = rows_is_null(rows, column);
            size_t length = 0;
            const void *bytes = is_null ? NULL : is_blob ? rows_blob(rows, column, &length) : rows_text(rows, column);
            add(&digesting->states[i], bytes, is_blob || is_null ? length : strlen(bytes), is_null);
        }
    gboolean erasable = digesting->said == SAID_RECIPIENT || digesting->said == SAID_FORGOTTEN;
    digesting->row.erased = erasable && !rows_is_null(rows, column - 1);
}

struct reading {
    struct digesting digesting;
    gboolean open;
    char *name;
    said_fn fn;
    void *data;
};

static gboolean hand_over(struct reading *reading, GError **error)
{
    gboolean done = TRUE;
    if (reading->open) {
        end(&reading->digesting);
        reading->digesting.row.name = reading->name;
        done = reading->fn(reading->digesting.said, &reading->digesting.row, reading->data, error);
    }
    g_clear_pointer(&reading->name, g_free);
    reading->open = FALSE;
    return done;
}

static gboolean read_all(enum said said, struct rows *rows, said_fn fn, void *data, GError **error)
{
    struct reading reading = {.fn = fn, .data = data};
    gboolean is_text = TABLES[said].is_text, done = TRUE;
    int more = -1;
    while (done && (more = rows_next(rows, error)) > 0) {
        int64_t key = is_text ? id_of_text(rows_text(rows, 0)) : rows_int(rows, 0);
        if (!reading.open || reading.digesting.row.key != key) {
            size_t length = 0;
            const void *salt = rows_is_null(rows, 1) ? NULL : rows_blob(rows, 1, &length);
            done = hand_over(&reading, error);
            begin(&reading.digesting, said, key, salt, length);
            reading.open = TRUE;
            reading.name = is_text ? g_strdup(rows_text(rows, 0)) : NULL;
        }
        add_columns(&reading.digesting, rows);
    }
    if (!done)
        rows_close(rows);
    return hand_over(&reading, error) && done && more == 0;
}

gboolean said_each(struct db *db, enum said said, said_fn fn, void *data, GError **error)
{
    return read_all(said, db_query(db, statement(said, ALL), DB_NO_ARGS, error), fn, data, error);
}

gboolean said_page(struct db *db, enum said said, int64_t after, int64_t *last, said_fn fn, void *data, GError **error)
{
    *last = INT64_MAX;
    if (TABLES[said].is_text)
        return said_each(db, said, fn, data, error);
    if (db_get_ints(db, statement(said, PAGE_END), DB_ARGS(after), last, 1, error) < 0)
        return FALSE;
    return read_all(said, db_query(db, statement(said, BETWEEN), DB_ARGS(after, *last), error), fn, data, error);
}

/* --- noting ---------------------------------------------------------------------------------------------- */

struct noted {
    int64_t said, key;
};

void said_note(struct site *site, enum said said, int64_t key)
{
    const struct noted noted = {said, key};
    if (!site->said)
        site->said = g_array_new(FALSE, FALSE, sizeof noted);
    g_array_append_val(site->said, noted);
}

gboolean said_note_named(struct site *site, enum said said, const char *name, GError **error)
{
    if (TABLES[said].is_text) {
        said_note(site, said, id_of_text(name));
        return TRUE;
    }
    struct rows *rows = db_query(site->db, statement(said, NAMED), DB_ARGS(name), error);
    int more;
    while ((more = rows_next(rows, error)) > 0)
        said_note(site, said, rows_int(rows, 0));
    return more == 0;
}

struct taking {
    GByteArray *seals;
    GHashTable *keys;
};

static gboolean take_row(enum said said, const struct said_row *row, void *data, GError **error)
{
    const struct taking *taking = data;
    (void)error;
    if (g_hash_table_remove(taking->keys, &row->key))
        said_append(taking->seals, said, row);
    return TRUE;
}

static gboolean take_table(struct site *site, enum said said, GByteArray *seals, GError **error)
{
    g_autoptr(GHashTable) keys = g_hash_table_new(g_int64_hash, g_int64_equal);
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (guint i = 0; i < site->said->len; i++) {
        struct noted *noted = &g_array_index(site->said, struct noted, i);
        if (noted->said == said && g_hash_table_add(keys, &noted->key))
            g_array_append_val(ids, noted->key);
    }
    if (ids->len == 0)
        return TRUE;
    struct taking taking = {seals, keys};
    g_autofree char *list = db_id_list((const int64_t *)(const void *)ids->data, ids->len);
    const struct db_value by_ids[] = {db_text(list)};
    struct rows *rows = db_query(site->db, statement(said, BY_IDS), by_ids, TABLES[said].is_text ? 0 : 1, error);
    gboolean done = read_all(said, rows, take_row, &taking, error);
    GHashTableIter each;
    gpointer key;
    g_hash_table_iter_init(&each, keys);
    while (done && g_hash_table_iter_next(&each, &key, NULL))
        said_append(seals, said, &(struct said_row){.key = *(const int64_t *)key});
    return done;
}

gboolean said_is_noted(const struct site *site)
{
    return site->said && site->said->len > 0;
}

gboolean said_take(struct site *site, GByteArray *seals, GError **error)
{
    if (!said_is_noted(site))
        return TRUE;
    for (int said = SAID_WAREHOUSE; said < SAID_COUNT; said++)
        if (!take_table(site, (enum said)said, seals, error))
            return FALSE;
    g_array_set_size(site->said, 0);
    return TRUE;
}

/* --- seals ----------------------------------------------------------------------------------------------- */

void said_append(GByteArray *seals, enum said said, const struct said_row *row)
{
    guint8 head[1 + sizeof row->key] = {(guint8)said};
    for (size_t i = 0; i < sizeof row->key; i++)
        head[1 + i] = (guint8)((uint64_t)row->key >> 8 * i);
    g_byte_array_append(seals, head, sizeof head);
    for (guint i = 0; said_group(said, i); i++)
        g_byte_array_append(seals, row->digests[i], SAID_DIGEST);
}

static const guint8 *take_digests(enum said said, const guint8 *at, struct said_row *row)
{
    for (guint i = 0; said_group(said, i); i++, at += SAID_DIGEST)
        memcpy(row->digests[i], at, SAID_DIGEST);
    return at;
}

static size_t seal_length(enum said said)
{
    size_t length = 1 + sizeof(int64_t);
    for (guint i = 0; said_group(said, i); i++)
        length += SAID_DIGEST;
    return length;
}

gboolean seals_each(const void *seals, size_t length, said_fn fn, void *data, GError **error)
{
    const guint8 *at = seals, *past = at + length;
    while (at < past) {
        enum said said = *at < SAID_COUNT ? (enum said) * at : SAID_NOTHING;
        uint64_t key = 0;
        if (said == SAID_NOTHING || (size_t)(past - at) < seal_length(said))
            return err_set(error, ERR_INTERNAL, "seals can't be read");
        for (size_t i = 0; i < sizeof key; i++)
            key |= (uint64_t)at[1 + i] << 8 * i;
        struct said_row row = {.key = (int64_t)key};
        at = take_digests(said, at + 1 + sizeof key, &row);
        if (!fn(said, &row, data, error))
            return FALSE;
    }
    return TRUE;
}

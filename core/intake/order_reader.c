/* SPDX-License-Identifier: MIT */
#include "core/intake/order_reader.h"

#include <sodium.h>
#include <string.h>

#include "core/base/error.h"
#include "core/intake/header.h"
#include "core/table/source.h"
#include "core/table/table_reader.h"

/* Which order numbers were seen: two bits of 2^26 each. At a million orders one in a thousand is taken for seen that
 * was not: it is held for nothing, which costs a little memory and changes no result. */
enum { FILTER_BITS = 26, FILTER_BYTES = 1 << (FILTER_BITS - 3), HELD_ORDERS_MAX = 50000 };

static const unsigned char KEY[crypto_shorthash_KEYBYTES] = "packline orders";

struct order_reader {
    struct source *source;
    const struct shop_format *format;
    const char *path;
    struct table_reader *table;
    struct column_map map;
    GHashTable *apart; /* uint64_t hashes of order numbers whose rows stand apart */
    GHashTable *held;  /* hash -> struct order_draft, while the second pass runs */
    GQueue held_order; /* hashes in order of first row; borrowed from apart */
    uint64_t held_rows;
    struct order_draft *current;
    GString *key; /* order number cell of the current draft */
    gboolean has_row, ended;
    uint64_t total, rows;
};

static uint64_t hash_bytes(const char *bytes, size_t length)
{
    uint64_t hash;
    unsigned char out[crypto_shorthash_BYTES];
    crypto_shorthash(out, (const unsigned char *)bytes, length, KEY);
    memcpy(&hash, out, sizeof hash);
    return hash;
}

/* The cell with the order number, trimmed. */
static const char *key_cell(const struct order_reader *reader, size_t *length)
{
    const char *key = "";
    *length = 0;
    for (int i = 0; i < FIELD_COLUMNS && reader->map.columns[FIELD_ORDER_NO][i] >= 0 && *length == 0; i++) {
        key = table_cell(reader->table, (unsigned)reader->map.columns[FIELD_ORDER_NO][i], length);
        while (*length > 0 && *key == ' ')
            key++, (*length)--;
        while (*length > 0 && key[*length - 1] == ' ')
            (*length)--;
    }
    return key;
}

static gboolean open_table(struct order_reader *reader, const char *encoding, GError **error)
{
    g_clear_pointer(&reader->table, table_reader_free);
    if (!source_rewind(reader->source, encoding, error))
        return FALSE;
    reader->table = table_reader_new(&reader->format->table, source_fill, reader->source);
    int found = table_next(reader->table, error);
    if (found == 0)
        err_set(error, ERR_IMPORT_EMPTY, reader->path);
    return found > 0 && shop_format_match(reader->format, reader->table, reader->path, &reader->map, error);
}

/* Big5 and GB18030 text often fits both encodings: the one whose header is understood is right. */
static gboolean open_with_best_encoding(struct order_reader *reader, GError **error)
{
    GError *first = NULL;
    if (open_table(reader, NULL, &first))
        return TRUE;
    char *const *encodings = reader->format->encodings;
    gboolean found = FALSE;
    for (size_t i = 0; encodings[i] && !found && g_error_matches(first, ERR, ERR_IMPORT_FORMAT); i++)
        found = open_table(reader, encodings[i], NULL);
    if (found)
        g_clear_error(&first);
    else
        g_propagate_error(error, first);
    return found;
}

static gboolean seen_before(unsigned char *filter, uint64_t hash)
{
    const uint64_t mask = (UINT64_C(1) << FILTER_BITS) - 1;
    uint64_t bits[2] = {hash & mask, (hash >> FILTER_BITS) & mask};
    gboolean seen = TRUE;
    for (size_t i = 0; i < 2; i++) {
        unsigned char bit = (unsigned char)(1u << (bits[i] & 7));
        seen = seen && (filter[bits[i] >> 3] & bit);
        filter[bits[i] >> 3] |= bit;
    }
    return seen;
}

static void note_apart(struct order_reader *reader, uint64_t hash)
{
    if (!g_hash_table_contains(reader->apart, &hash))
        g_hash_table_add(reader->apart, g_memdup2(&hash, sizeof hash));
}

/* The first pass. */
static gboolean survey(struct order_reader *reader, GError **error)
{
    g_autofree unsigned char *filter = g_malloc0(FILTER_BYTES);
    uint64_t last = 0;
    int more;
    while ((more = table_next(reader->table, error)) > 0) {
        size_t length;
        const char *key = key_cell(reader, &length);
        uint64_t hash = hash_bytes(key, length);
        if (length > 0 && (reader->total == 0 || hash != last)) {
            if (seen_before(filter, hash))
                note_apart(reader, hash);
            last = hash;
        }
        reader->total++;
        if (g_hash_table_size(reader->apart) > HELD_ORDERS_MAX)
            return err_set(error, ERR_IMPORT_SCATTERED);
    }
    return more == 0;
}

struct order_reader *order_reader_new(struct source *source, const struct shop_format *format, const char *path,
                                      GError **error)
{
    g_autoptr(order_reader) reader = g_new0(struct order_reader, 1);
    reader->source = source;
    reader->format = format;
    reader->path = path;
    reader->key = g_string_new(NULL);
    reader->apart = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    reader->held = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, draft_free);
    g_queue_init(&reader->held_order);
    gboolean good = open_with_best_encoding(reader, error) && survey(reader, error) &&
                    open_table(reader, source_encoding(source), error);
    return good ? g_steal_pointer(&reader) : NULL;
}

void order_reader_free(struct order_reader *reader)
{
    if (!reader)
        return;
    g_clear_pointer(&reader->table, table_reader_free);
    g_queue_clear(&reader->held_order);
    g_hash_table_unref(reader->held);
    g_hash_table_unref(reader->apart);
    g_clear_pointer(&reader->current, draft_free);
    g_string_free(reader->key, TRUE);
    g_free(reader);
}

static struct order_draft *take_current(struct order_reader *reader)
{
    struct order_draft *draft = g_steal_pointer(&reader->current);
    if (draft)
        draft_finish(draft, reader->format);
    return draft;
}

static void add_row(struct order_reader *reader, struct order_draft *draft)
{
    draft_add_row(draft, reader->format, &reader->map, reader->table);
    reader->has_row = FALSE;
}

/* The row belongs to an order whose rows stand apart: it goes to that order's draft, which waits for the end. */
static gboolean hold_row(struct order_reader *reader, uint64_t hash, GError **error)
{
    uint64_t *key;
    if (++reader->held_rows > HELD_ROWS_MAX)
        return err_set(error, ERR_IMPORT_SCATTERED);
    struct order_draft *draft = g_hash_table_lookup(reader->held, &hash);
    if (!draft) {
        draft = draft_new();
        g_hash_table_lookup_extended(reader->apart, &hash, (void **)&key, NULL);
        g_hash_table_insert(reader->held, key, draft);
        g_queue_push_tail(&reader->held_order, key);
    }
    add_row(reader, draft);
    return TRUE;
}

static struct order_draft *take_held(struct order_reader *reader)
{
    uint64_t *key = g_queue_pop_head(&reader->held_order);
    void *draft = NULL;
    if (!key || !g_hash_table_steal_extended(reader->held, key, NULL, &draft))
        return NULL;
    draft_finish(draft, reader->format);
    return draft;
}

/* Puts the current row where it belongs; returns a draft that is complete by it, or NULL. */
static struct order_draft *place_row(struct order_reader *reader, gboolean *failed, GError **error)
{
    size_t length;
    const char *key = key_cell(reader, &length);
    gboolean continues = length == 0 && reader->format->blank_continues && reader->key->len > 0;
    if (continues) {
        key = reader->key->str;
        length = reader->key->len;
    }
    gboolean same = length > 0 && length == reader->key->len && memcmp(key, reader->key->str, length) == 0;
    if (reader->current && !same)
        return take_current(reader); /* the row is looked at again by the next call */
    if (!same) {
        g_string_truncate(reader->key, 0);
        g_string_append_len(reader->key, key, (gssize)length);
    }
    uint64_t hash = hash_bytes(reader->key->str, reader->key->len);
    if (length > 0 && g_hash_table_contains(reader->apart, &hash)) {
        *failed = !hold_row(reader, hash, error);
        return NULL;
    }
    if (!reader->current)
        reader->current = draft_new();
    add_row(reader, reader->current);
    return NULL;
}

int order_reader_next(struct order_reader *reader, struct order_draft **draft, GError **error)
{
    gboolean failed = FALSE;
    while (!reader->ended) {
        if (!reader->has_row) {
            int more = table_next(reader->table, error);
            if (more < 0)
                return -1;
            reader->ended = more == 0;
            reader->has_row = more > 0;
            reader->rows += more > 0;
            continue;
        }
        *draft = place_row(reader, &failed, error);
        if (*draft || failed)
            return failed ? -1 : 1;
    }
    *draft = take_current(reader);
    if (!*draft)
        *draft = take_held(reader);
    return *draft != NULL;
}

uint64_t order_reader_total_rows(const struct order_reader *reader)
{
    return reader->total;
}

uint64_t order_reader_rows(const struct order_reader *reader)
{
    return reader->rows;
}

/* --- recognising ---------------------------------------------------------------------------------------- */

static unsigned score_as(const struct shop_format *format, struct source *source, const char *encoding)
{
    if (!source_rewind(source, encoding, NULL))
        return 0;
    g_autoptr(table_reader) table = table_reader_new(&format->table, source_fill, source);
    return table_next(table, NULL) > 0 ? shop_format_score(format, table) : 0;
}

const struct shop_format *shop_format_recognise(const GPtrArray *formats, struct source *source, const char *path,
                                                GError **error)
{
    const struct shop_format *best = NULL;
    const char *detected = source_encoding(source);
    unsigned best_score = 0;
    for (guint i = 0; i < formats->len; i++) {
        const struct shop_format *format = formats->pdata[i];
        unsigned score = score_as(format, source, detected);
        for (size_t n = 0; score == 0 && format->encodings[n]; n++)
            score = score_as(format, source, format->encodings[n]);
        if (score > best_score) {
            best_score = score;
            best = format;
        }
    }
    if (!source_rewind(source, detected, error))
        return NULL;
    if (!best)
        err_set(error, ERR_IMPORT_NO_MATCH, path);
    return best;
}

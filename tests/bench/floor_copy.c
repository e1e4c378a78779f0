/* SPDX-License-Identifier: MIT */
#include "tests/bench/floor_copy.h"

#include <string.h>

#include "core/code/courier.h"
#include "core/db/db.h"
#include "core/site/journal.h"
#include "core/site/site.h"

/* What is done to a text or number of a copy beyond moving its ids. */
enum rule { RULE_NONE, RULE_SUFFIX, RULE_RANGE, RULE_WAYBILL };

struct part {
    const char *table, *columns;
    struct sql read;
    enum rule rule;
    int column; /* of the text that must be unique */
};

#define PART(table_, columns_, rule_, column_)                                                                         \
    {                                                                                                                  \
        .table = table_, .columns = columns_, .rule = rule_, .column = column_, .read = {                              \
            "copy_" table_,                                                                                            \
            "SELECT " columns_ " FROM " table_ " ORDER BY 1, 2"                                                        \
        }                                                                                                              \
    }

static const struct part PARTS[] = {
    PART("recipient",
         "id, version, name, phone, phone_tail, postcode, county, district, address, country, store_code, "
         "store_name, "
         "buyer_note, seller_remark, erased_at",
         RULE_NONE, 0),
    PART("sales_order",
         "id, external_id, warehouse_id, owner_id, shop_id, version, recipient_id, shop_state, ordered_at, "
         "paid_at, "
         "promise_on, currency, total_minor, cod_minor, courier, service, waybill_number, invoice_number, "
         "content_hash, imported_at, changed_at",
         RULE_SUFFIX, 1),
    PART("order_line",
         "id, order_id, line_no, listing_id, kind, shop_sku, title, variant, quantity, price_minor, "
         "cancelled_at",
         RULE_NONE, 0),
    PART("shipment",
         "id, warehouse_id, owner_id, state, version, order_id, recipient_id, courier, service, cod_minor, "
         "currency, "
         "priority, cut_off_at, lines, units, batch_id, slot, person_id, weight_g, changed_at",
         RULE_NONE, 0),
    PART("shipment_line", "id, shipment_id, order_line_id, product_id, state, quantity, picked, packed", RULE_NONE, 0),
    PART("pick_task", "id, shipment_id, line_id, product_id, location_id, lot_id, quantity, picked, open, skipped",
         RULE_NONE, 0),
    PART("block", "id, shipment_id, kind, reason, person_id, at, cleared_at, cleared_by", RULE_NONE, 0),
    PART("manifest", "id, number, warehouse_id, courier, state, opened_by, opened_at, closed_by, closed_at",
         RULE_SUFFIX, 1),
    PART("parcel", "id, shipment_id, number, state, generation, weight_g, packed_by, packed_at, manifest_id, out_at",
         RULE_NONE, 0),
    PART("parcel_line", "parcel_id, line_id, lot_id, quantity", RULE_NONE, 0),
    PART("waybill_range",
         "id, prefix, warehouse_id, owner_id, courier, kind, source, width, first, last, next, low_mark, "
         "active",
         RULE_RANGE, 8),
    PART("waybill",
         "id, number, warehouse_id, owner_id, courier, service, kind, source, range_id, serial, state, "
         "parcel_id, "
         "generation, recipient_id, cod_minor, void_reason, changed_at",
         RULE_WAYBILL, 1),
    PART("submission", "id, uuid, printer_id, state, version, cups_id, cups_uuid, pages, state_text, at, changed_at",
         RULE_SUFFIX, 1),
    PART("job",
         "id, warehouse_id, kind, state, waybill_id, shipment_id, batch_id, manifest_id, person_id, run_id, "
         "run_sequence, copy, reason, printer_id, priority, submission_id, page, answer, state_text, made_at, "
         "changed_at",
         RULE_NONE, 0),
    PART("stock_move",
         "id, warehouse_id, owner_id, product_id, lot_id, quantity, from_id, to_id, kind, reason, "
         "shipment_id, "
         "person_id, event_key, at",
         RULE_NONE, 0),
    PART("event", "key, kind, digest, outcome, code, text, shipment_id, subject_id, state, at", RULE_NONE, 0),
    PART("remark", "event_key, text", RULE_NONE, 0),
};

/* Journal rows in the order they were written; a copy's rows are chained anew. */
static const struct sql JOURNAL_READ = {
    "copy_journal", "SELECT event_key, at, event, machine, subject_id, from_state, to_state, shipment_id, version, "
                    "person_id, approver_id, station_id, code, detail FROM journal ORDER BY at, writer, sequence"};
#define JOURNAL_COLUMNS                                                                                                \
    "writer, sequence, hash, event_key, at, event, machine, subject_id, from_state, to_state, shipment_id, "           \
    "version, person_id, approver_id, station_id, code, detail"
enum {
    JOURNAL_KEY,
    JOURNAL_AT,
    JOURNAL_EVENT,
    JOURNAL_MACHINE,
    JOURNAL_SUBJECT,
    JOURNAL_FROM,
    JOURNAL_TO,
    JOURNAL_SHIPMENT,
    JOURNAL_VERSION,
    JOURNAL_PERSON,
    JOURNAL_APPROVER,
    JOURNAL_STATION,
    JOURNAL_CODE,
    JOURNAL_DETAIL,
    JOURNAL_READ_COLUMNS,
    JOURNAL_LEAD = 3 /* writer, sequence and hash come before them */
};

/* A value as text, as both engines take it for any column; moving is the id it holds when that id is copied
 * too. */
struct cell {
    const char *text; /* NULL: SQL NULL */
    int64_t moving;
};

struct sheet {
    int columns;
    GArray *cells;
};

struct copier {
    struct site *site;
    GStringChunk *texts; /* of what was read */
    GStringChunk *made;  /* of the copy being written */
    GHashTable *moving;  /* ids of what is copied */
    struct sheet sheets[G_N_ELEMENTS(PARTS)], journal;
    int64_t id_step;     /* between the ids of two copies */
    int64_t serial_step; /* between their waybill serials */
    int copy;
    GArray *values; /* struct db_value of the table being written */
    struct journal chain;
};

static int count_columns(const char *columns)
{
    int count = 1;
    for (const char *p = columns; *p; p++)
        count += *p == ',';
    return count;
}

static gboolean read_sheet(struct copier *copier, const struct sql *sql, int columns, struct sheet *sheet,
                           GError **error)
{
    sheet->columns = columns;
    sheet->cells = g_array_new(FALSE, FALSE, sizeof(struct cell));
    struct rows *rows = db_query(copier->site->db, sql, DB_NO_ARGS, error);
    int got = -1;
    while (rows && (got = rows_next(rows, error)) > 0)
        for (int column = 0; column < columns; column++) {
            struct cell cell = {0};
            if (!rows_is_null(rows, column))
                cell.text = g_string_chunk_insert_const(copier->texts, rows_text(rows, column));
            if (column == 0) { /* the first column of every sheet is an id that moves */
                gint64 *id = g_new(gint64, 1);
                *id = rows_int(rows, 0);
                g_hash_table_add(copier->moving, id);
            }
            g_array_append_val(sheet->cells, cell);
        }
    return got == 0;
}

static void mark_moving(struct copier *copier, struct sheet *sheet)
{
    for (guint i = 0; i < sheet->cells->len; i++) {
        struct cell *cell = &g_array_index(sheet->cells, struct cell, i);
        gint64 id = cell->text ? g_ascii_strtoll(cell->text, NULL, 10) : 0;
        if (id > 0 && g_hash_table_contains(copier->moving, &id))
            cell->moving = id;
    }
}

static void find_span(gpointer key, gpointer value, gpointer data)
{
    const gint64 *id = key;
    int64_t *span = data;
    (void)value;
    span[0] = MIN(span[0], *id);
    span[1] = MAX(span[1], *id);
}

/* Copies lie before the originals: as history does. */
static gboolean read_all(struct copier *copier, GError **error)
{
    static const struct sql LAST = {"copy_last_serial", "SELECT COALESCE(MAX(last - first), 0) FROM waybill_range"};
    int64_t span[2] = {INT64_MAX, 0}, width = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(PARTS); i++)
        if (!read_sheet(copier, &PARTS[i].read, count_columns(PARTS[i].columns), &copier->sheets[i], error))
            return FALSE;
    if (!read_sheet(copier, &JOURNAL_READ, JOURNAL_READ_COLUMNS, &copier->journal, error) ||
        db_get_ints(copier->site->db, &LAST, DB_NO_ARGS, &width, 1, error) < 0)
        return FALSE;
    for (size_t i = 0; i < G_N_ELEMENTS(PARTS); i++)
        mark_moving(copier, &copier->sheets[i]);
    mark_moving(copier, &copier->journal);
    g_hash_table_foreach(copier->moving, find_span, span);
    copier->id_step = span[1] - span[0] + 1;
    copier->serial_step = width + 1;
    return TRUE;
}

static int64_t moved(const struct copier *copier, int64_t id)
{
    return id - copier->copy * copier->id_step;
}

static const char *column_text(const struct cell *row, int column)
{
    return row[column].text ? row[column].text : "";
}

static int64_t column_int(const struct cell *row, int column)
{
    return row[column].text ? g_ascii_strtoll(row[column].text, NULL, 10) : 0;
}

/* Ranges and the numbers from them go up by as many serials as the widest range has. */
static gboolean apply_rule(struct copier *copier, const struct part *part, const struct cell *row,
                           struct db_value *values, GError **error)
{
    enum { WAYBILL_COURIER = 4, WAYBILL_SERIAL = 9, RANGE_FIRST = 8, RANGE_LAST, RANGE_NEXT, RANGE_ACTIVE = 12 };
    const int64_t ahead = copier->copy * copier->serial_step;
    switch (part->rule) {
    case RULE_NONE:
        return TRUE;
    case RULE_RANGE:
        for (int column = RANGE_FIRST; column <= RANGE_NEXT; column++)
            values[column] = db_int(column_int(row, column) + ahead);
        values[RANGE_ACTIVE] = db_int(0);
        return TRUE;
    case RULE_SUFFIX: {
        char *text = g_strdup_printf("%s-%d", column_text(row, part->column), copier->copy);
        values[part->column] = db_text(g_string_chunk_insert(copier->made, text));
        g_free(text);
        return TRUE;
    }
    case RULE_WAYBILL: {
        const struct courier *courier = couriers_get(copier->site->couriers, column_text(row, WAYBILL_COURIER));
        int64_t serial = column_int(row, WAYBILL_SERIAL) + ahead;
        char *number = courier_make_number(courier, NULL, 0, serial, error);
        if (!number)
            return FALSE;
        values[part->column] = db_text(g_string_chunk_insert(copier->made, number));
        values[WAYBILL_SERIAL] = db_int(serial);
        g_free(number);
        return TRUE;
    }
    }
    return FALSE;
}

static void move_row(struct copier *copier, const struct cell *row, int columns, struct db_value *values)
{
    for (int column = 0; column < columns; column++)
        values[column] = row[column].moving ? db_int(moved(copier, row[column].moving)) : db_text(row[column].text);
}

static gboolean copy_part(struct copier *copier, const struct part *part, const struct sheet *sheet, GError **error)
{
    size_t columns = (size_t)sheet->columns, rows = sheet->cells->len / columns;
    g_array_set_size(copier->values, (guint)(rows * columns));
    struct db_value *values = (struct db_value *)(void *)copier->values->data;
    for (size_t i = 0; i < rows; i++) {
        const struct cell *row = &g_array_index(sheet->cells, struct cell, i * columns);
        move_row(copier, row, sheet->columns, values + i * columns);
        if (!apply_rule(copier, part, row, values + i * columns, error))
            return FALSE;
    }
    return rows == 0 || db_insert_many(copier->site->db, part->table, part->columns, values, rows, columns, error);
}

static int64_t moved_int(const struct copier *copier, const struct cell *row, int column)
{
    return row[column].moving ? moved(copier, row[column].moving) : column_int(row, column);
}

/* The next link of our own chain, for a journal row of the copy. */
static void chain_row(struct copier *copier, const struct cell *row, struct db_value *lead)
{
    struct journal *chain = &copier->chain;
    const struct journal_row entry = {
        .at = column_int(row, JOURNAL_AT),
        .event_key = moved_int(copier, row, JOURNAL_KEY),
        .event = column_text(row, JOURNAL_EVENT),
        .machine = column_text(row, JOURNAL_MACHINE),
        .subject_id = moved_int(copier, row, JOURNAL_SUBJECT),
        .from_state = column_text(row, JOURNAL_FROM),
        .to_state = column_text(row, JOURNAL_TO),
        .shipment_id = moved_int(copier, row, JOURNAL_SHIPMENT),
        .version = column_int(row, JOURNAL_VERSION),
        .actor = {.person_id = column_int(row, JOURNAL_PERSON),
                  .approver_id = column_int(row, JOURNAL_APPROVER),
                  .station_id = column_int(row, JOURNAL_STATION)},
        .code = (int)column_int(row, JOURNAL_CODE),
        .detail = column_text(row, JOURNAL_DETAIL),
    };
    unsigned char hash[SITE_HASH_BYTES];
    journal_hash(chain->head, copier->site->writer.slot, chain->sequence + 1, &entry, hash);
    memcpy(chain->head, hash, sizeof hash);
    chain->sequence++;
    lead[0] = db_int(copier->site->writer.slot);
    lead[1] = db_int(chain->sequence);
    lead[2] = db_blob(g_string_chunk_insert_len(copier->made, (const char *)hash, sizeof hash), sizeof hash);
}

static gboolean copy_journal(struct copier *copier, GError **error)
{
    const struct sheet *sheet = &copier->journal;
    size_t columns = JOURNAL_LEAD + JOURNAL_READ_COLUMNS, rows = sheet->cells->len / JOURNAL_READ_COLUMNS;
    g_array_set_size(copier->values, (guint)(rows * columns));
    struct db_value *values = (struct db_value *)(void *)copier->values->data;
    for (size_t i = 0; i < rows; i++) {
        const struct cell *row = &g_array_index(sheet->cells, struct cell, i * JOURNAL_READ_COLUMNS);
        chain_row(copier, row, values + i * columns);
        move_row(copier, row, JOURNAL_READ_COLUMNS, values + i * columns + JOURNAL_LEAD);
    }
    return db_insert_many(copier->site->db, "journal", JOURNAL_COLUMNS, values, rows, columns, error) &&
           journal_commit(&copier->chain, error);
}

static gboolean copy_once(struct db *db, void *data, GError **error)
{
    struct copier *copier = data;
    (void)db;
    g_string_chunk_clear(copier->made);
    journal_begin(&copier->chain, copier->site);
    for (size_t i = 0; i < G_N_ELEMENTS(PARTS); i++)
        if (!copy_part(copier, &PARTS[i], &copier->sheets[i], error))
            return FALSE;
    return copy_journal(copier, error);
}

static void copier_clear(struct copier *copier)
{
    for (size_t i = 0; i < G_N_ELEMENTS(PARTS); i++)
        if (copier->sheets[i].cells)
            g_array_free(copier->sheets[i].cells, TRUE);
    if (copier->journal.cells)
        g_array_free(copier->journal.cells, TRUE);
    g_array_free(copier->values, TRUE);
    g_hash_table_destroy(copier->moving);
    g_string_chunk_free(copier->made);
    g_string_chunk_free(copier->texts);
}

/* For this connection alone, and safe because what it writes is thrown away when the machine fails, and copies rows
 * that have passed every constraint and trigger once; packline check still looks at all of them. */
static gboolean load_in_bulk(struct db *db, GError **error)
{
    static const struct sql SQLITE[] = {{"bulk_sync", "PRAGMA synchronous = OFF"},
                                        {"bulk_keys", "PRAGMA foreign_keys = OFF"},
                                        {"bulk_cache", "PRAGMA cache_size = -524288"},
                                        {"bulk_checkpoint", "PRAGMA wal_autocheckpoint = 20000"}};
    static const struct sql POSTGRES[] = {{"bulk_sync", "SET synchronous_commit = off"},
                                          {"bulk_keys", "SET session_replication_role = replica"},
                                          {"bulk_sort", "SET maintenance_work_mem = '256MB'"}};
    const struct sql *settings = db_engine_of(db) == DB_SQLITE ? SQLITE : POSTGRES;
    size_t count = db_engine_of(db) == DB_SQLITE ? G_N_ELEMENTS(SQLITE) : G_N_ELEMENTS(POSTGRES);
    for (size_t i = 0; i < count; i++)
        if (!db_exec(db, &settings[i], DB_NO_ARGS, NULL, error))
            return FALSE;
    return TRUE;
}

/* Indexes that no constraint stands behind: built once at the end they cost a third. The name, and the statement that
 * makes it again. */
static GPtrArray *take_indexes(struct db *db, GError **error)
{
    static const struct sql SQLITE = {"bulk_indexes",
                                      "SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND sql <> ''"};
    static const struct sql POSTGRES = {
        "bulk_indexes", "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = current_schema() AND NOT EXISTS "
                        "(SELECT 1 FROM pg_constraint WHERE conname = indexname)"};
    GPtrArray *indexes = g_ptr_array_new_with_free_func(g_free);
    struct rows *rows = db_query(db, db_engine_of(db) == DB_SQLITE ? &SQLITE : &POSTGRES, DB_NO_ARGS, error);
    int got;
    while ((got = rows_next(rows, error)) > 0)
        for (int column = 0; column < 2; column++)
            g_ptr_array_add(indexes, g_strdup(rows_text(rows, column)));
    for (guint i = 0; got == 0 && i < indexes->len; i += 2) {
        char *text = g_strdup_printf("DROP INDEX %s", (const char *)indexes->pdata[i]);
        got = db_exec(db, &(struct sql){"bulk_drop", text}, DB_NO_ARGS, NULL, error) - 1;
        g_free(text);
    }
    if (got == 0)
        return indexes;
    g_ptr_array_free(indexes, TRUE);
    return NULL;
}

static gboolean give_indexes(struct db *db, const GPtrArray *indexes, GError **error)
{
    gboolean ok = TRUE;
    for (guint i = 1; ok && i < indexes->len; i += 2)
        ok = db_exec(db, &(struct sql){"bulk_index", indexes->pdata[i]}, DB_NO_ARGS, NULL, error);
    return ok;
}

gboolean floor_copy(struct site *site, int copies, GError **error)
{
    struct copier copier = {.site = site,
                            .texts = g_string_chunk_new(1 << 16),
                            .made = g_string_chunk_new(1 << 16),
                            .moving = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL),
                            .values = g_array_new(FALSE, FALSE, sizeof(struct db_value))};
    GPtrArray *indexes = load_in_bulk(site->db, error) ? take_indexes(site->db, error) : NULL;
    gboolean ok = indexes && read_all(&copier, error);
    for (copier.copy = 1; ok && copier.copy <= copies; copier.copy++) {
        ok = db_transaction(site->db, copy_once, &copier, error);
        if (ok)
            journal_done(&copier.chain);
    }
    ok = ok && give_indexes(site->db, indexes, error);
    if (indexes)
        g_ptr_array_free(indexes, TRUE);
    copier_clear(&copier);
    return ok;
}

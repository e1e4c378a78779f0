/* SPDX-License-Identifier: MIT */
#include "core/outside/copied.h"

#include <string.h>

#include "core/base/id.h"
#include "core/db/rows.h"

enum whose { ALWAYS, WITH_RECIPIENTS, WITHOUT };

/* Which of its rows are taken: all, those of a kept event, a kept part of the journal, a seal of what is kept. */
static gboolean all(const struct cut *cut, struct rows *rows)
{
    (void)cut, (void)rows;
    return TRUE;
}
static gboolean of_event(const struct cut *cut, struct rows *rows)
{
    return cut_keeps(cut, rows_int(rows, 0));
}
static gboolean of_second(const struct cut *cut, struct rows *rows)
{
    return cut_keeps(cut, rows_int(rows, 1));
}
static gboolean of_third(const struct cut *cut, struct rows *rows)
{
    return cut_keeps(cut, rows_int(rows, 2));
}
static gboolean of_journal(const struct cut *cut, struct rows *rows)
{
    return rows_int(rows, 1) <= cut_last(cut, rows_int(rows, 0));
}
/* "SLOT:SEQUENCE:HEX;" of every writer: once one is later than what is kept, so are those of the seals after it. */
static gboolean of_seal(const struct cut *cut, struct rows *rows)
{
    g_auto(GStrv) heads = g_strsplit(rows_text(rows, 1), ";", -1);
    gboolean kept = TRUE;
    for (guint i = 0; heads[i] && heads[i][0]; i++) {
        g_auto(GStrv) part = g_strsplit(heads[i], ":", 3);
        kept = kept && g_strv_length(part) == 3 &&
               g_ascii_strtoll(part[1], NULL, 10) <= cut_last(cut, g_ascii_strtoll(part[0], NULL, 10));
    }
    return kept;
}

struct table_copied {
    const char *table, *columns;
    struct sql sql;
    size_t keys; /* of a page; 0: it is small, and read at once */
    gboolean (*keeps)(const struct cut *cut, struct rows *rows);
    gboolean takes_time; /* behind the page: what is later is left out */
    enum whose whose;
};

/* A table whose columns are taken over as they are; of one that is read by pages, with what follows its key. */
#define WHOLE(name, columns) {name, columns, {"copied_" name, "SELECT " columns " FROM " name}, 0, all, FALSE, ALWAYS}
#define PAGE(key, from, more) " FROM " from " WHERE " key " > $1" more " ORDER BY " key " LIMIT $2"
#define BY_ID(name, columns) {name, columns, {"copied_" name, "SELECT " columns PAGE("id", name, "")}, 1, all, FALSE, ALWAYS}

#define NO_LATER(column) "CASE WHEN " column " <= $3 THEN " column " END"
#define LEFT_OUT(text) "CASE WHEN " text " = '' THEN '' ELSE '-' END"

#define ADDRESSEE "id, version, name, phone, phone_tail, postcode, county, district, address, country, store_code, store_name, " \
    "buyer_note, seller_remark, erased_at, salt"
#define ORDER_BEGINS "id, warehouse_id, owner_id, shop_id, external_id, version, recipient_id, shop_state, ordered_at, paid_at, " \
    "promise_on, currency, total_minor, cod_minor, courier, service, waybill_number, invoice_number, content_hash, imported_at, "
#define LINE_BEGINS "id, order_id, line_no, listing_id, kind, shop_sku, title, variant, quantity, price_minor, "
#define RANGE_BEGINS "id, warehouse_id, owner_id, courier, kind, source, prefix, width, first, last, "
#define MOVE_BEGINS "id, event_key, warehouse_id, owner_id, product_id, lot_id, quantity, from_id, to_id, kind, shipment_id, " \
    "person_id, at, "
#define IMPORT_ENDS "rows_read, rows_accepted, rows_changed, rows_same, rows_rejected, orders_new, orders_changed, orders_same, " \
    "orders_rejected, person_id"
#define EVENT_BEGINS "key, kind, digest, outcome, code, shipment_id, subject_id, state, request, at, asked, arguments, "
#define JOURNAL "writer, sequence, at, event_key, event, machine, subject_id, from_state, to_state, shipment_id, version, " \
    "person_id, approver_id, station_id, code, detail, hash, seals"

static const struct table_copied TABLES[] = {
    /* said */
    WHOLE("warehouse", "id, code, name, time_zone, is_demo, active"),
    WHOLE("owner", "id, code, name, sender_name, sender_phone, sender_address, active"),
    WHOLE("setting", "warehouse_id, name, value"),
    {"counter", "warehouse_id, name, value",
     {"copied_counter", "SELECT warehouse_id, name, value FROM counter WHERE name IN ('facts', 'history', 'said')"}, 0, all, FALSE, ALWAYS},
    /* what is heard of a printer is not */
    WHOLE("printer", "id, warehouse_id, name, uri, host, backup_id, active"),
    WHOLE("station", "id, warehouse_id, owner_id, name, printer_id, backup_printer_id, active"),
    WHOLE("person", "id, warehouse_id, badge, name, role, active, salt"), /* nobody's PIN */
    BY_ID("location", "id, warehouse_id, kind, code, walk_order, active"),
    BY_ID("product", "id, warehouse_id, owner_id, sku, name, weight_g, has_lots, safety_stock, expected_sales, active"),
    WHOLE("product_code", "warehouse_id, owner_id, code, product_id, quantity"),
    BY_ID("lot", "id, product_id, code, expires_on"),
    WHOLE("shop", "id, warehouse_id, owner_id, code, name, format, last_import_at, active"),
    BY_ID("listing", "id, shop_id, ident, shop_sku, title, variant, mapped_at"),
    {"listing_part", "listing_id, product_id, quantity",
     {"copied_listing_part", "SELECT listing_id, product_id, quantity FROM listing_part WHERE (listing_id, product_id) > ($1, $2) "
                             "ORDER BY listing_id, product_id LIMIT $3"}, 2, all, FALSE, ALWAYS},
    {"recipient", ADDRESSEE, {"copied_recipient", "SELECT " ADDRESSEE PAGE("id", "recipient", "")}, 1, all, FALSE, WITH_RECIPIENTS},
    /* a stand-in for the pickup store, without which no courier takes the parcel */
    {"recipient", "id, version, country, store_code, erased_at",
     {"copied_recipient_id", "SELECT id, version, country, CASE WHEN store_code = '' THEN '' ELSE '000000' END, "
                             "COALESCE(erased_at, $3)" PAGE("id", "recipient", "")},
     1, all, TRUE, WITHOUT},
    {"sales_order", ORDER_BEGINS "changed_at",
     {"copied_sales_order", "SELECT " ORDER_BEGINS NO_LATER("changed_at") PAGE("id", "sales_order", " AND imported_at <= $3")},
     1, all, TRUE, ALWAYS},
    {"order_line", LINE_BEGINS "cancelled_at",
     {"copied_order_line", "SELECT " LINE_BEGINS NO_LATER("cancelled_at")
      PAGE("id", "order_line", " AND EXISTS (SELECT 1 FROM sales_order o WHERE o.id = order_id AND o.imported_at <= $3)")},
     1, all, TRUE, ALWAYS},
    {"waybill_range", RANGE_BEGINS "next, low_mark, active",
     {"copied_waybill_range", "SELECT " RANGE_BEGINS "first, low_mark, active FROM waybill_range"}, 0, all, FALSE, ALWAYS},
    /* of a list all numbers are free to begin with; whom they were given to is in the history */
    {"waybill", "id, warehouse_id, owner_id, courier, kind, source, number, range_id, serial, state, changed_at",
     {"copied_waybill", "SELECT id, warehouse_id, owner_id, courier, kind, source, number, range_id, serial, 'free', "
                        "CASE WHEN state = 'free' THEN changed_at ELSE " ID_MADE_AT("id") " END"
                        PAGE("id", "waybill", " AND " ID_MADE_AT("id") " <= $3 AND source = 'list'")}, 1, all, TRUE, ALWAYS},
    /* done */
    {"import_file", "id, warehouse_id, shop_id, kind, content_hash, started_at, ended_at, " IMPORT_ENDS,
     {"copied_import_file", "SELECT id, warehouse_id, shop_id, kind, content_hash, started_at, " NO_LATER("ended_at") ", " IMPORT_ENDS
                            PAGE("id", "import_file", " AND started_at <= $3")}, 1, all, TRUE, ALWAYS},
    {"export_row", "parcel_id, shop_id, exported_on, at",
     {"copied_export_row", "SELECT parcel_id, shop_id, exported_on, at" PAGE("parcel_id", "export_row", " AND at <= $3")}, 1, all,
     TRUE, ALWAYS},
    WHOLE("writer", "slot, name, holder, ids_until_at, sequence, head, judges"), /* its end is set when its journal is there */
    {"journal", JOURNAL, {"copied_journal", "SELECT " JOURNAL " FROM journal WHERE (writer, sequence) > ($1, $2) "
                                            "ORDER BY writer, sequence LIMIT $3"}, 2, of_journal, FALSE, ALWAYS},
    {"seal", "sealed_on, heads, hash, at",
     {"copied_seal", "SELECT sealed_on, heads, hash, at" PAGE("sealed_on", "seal", "")}, 1, of_seal, FALSE, ALWAYS},
    {"event", EVENT_BEGINS "text", {"copied_event", "SELECT " EVENT_BEGINS "text" PAGE("key", "event", "")}, 1, of_event, FALSE,
     WITH_RECIPIENTS},
    /* why one was refused may quote what people have typed */
    {"event", EVENT_BEGINS "text", {"copied_event_bare", "SELECT " EVENT_BEGINS "''" PAGE("key", "event", "")}, 1, of_event,
     FALSE, WITHOUT},
    {"remark", "event_key, text, salt, erased_at",
     {"copied_remark", "SELECT event_key, text, salt, erased_at" PAGE("event_key", "remark", "")}, 1, of_event, FALSE,
     WITH_RECIPIENTS},
    {"remark", "event_key, text, erased_at",
     {"copied_remark_bare", "SELECT event_key, " LEFT_OUT("text") ", COALESCE(erased_at, $3)" PAGE("event_key", "remark", "")}, 1,
     of_event, TRUE, WITHOUT},
    {"difference", "subject_id, version, event_key, content",
     {"copied_difference", "SELECT subject_id, version, event_key, content FROM difference WHERE (subject_id, version) > ($1, $2) "
                           "ORDER BY subject_id, version LIMIT $3"}, 2, of_third, FALSE, ALWAYS},
    {"stock_move", MOVE_BEGINS "reason", {"copied_stock_move", "SELECT " MOVE_BEGINS "reason" PAGE("id", "stock_move", "")}, 1,
     of_second, FALSE, WITH_RECIPIENTS},
    {"stock_move", MOVE_BEGINS "reason",
     {"copied_stock_move_bare", "SELECT " MOVE_BEGINS LEFT_OUT("reason") PAGE("id", "stock_move", "")}, 1, of_second, FALSE, WITHOUT},
    /* now: print jobs name them */
    {"submission", "id, uuid, printer_id, state, version, cups_id, cups_uuid, pages, at, changed_at",
     {"copied_submission", "SELECT id, uuid, printer_id, CASE WHEN changed_at <= $3 THEN state ELSE 'submitted' END, version, cups_id, "
                           "cups_uuid, pages, at, CASE WHEN changed_at <= $3 THEN changed_at ELSE at END"
                           PAGE("id", "submission", " AND at <= $3")}, 1, all, TRUE, ALWAYS},
};

static const struct sql HEADS = {
    "copied_heads", "UPDATE writer SET holder = '', sequence = COALESCE((SELECT MAX(sequence) FROM journal j "
                    "WHERE j.writer = slot), 0), head = COALESCE((SELECT hash FROM journal j WHERE j.writer = slot "
                    "ORDER BY sequence DESC LIMIT 1), zeroblob(32)), judges = COALESCE((SELECT detail FROM journal j "
                    "WHERE j.writer = slot AND event = 'judges' AND machine = '' ORDER BY sequence DESC LIMIT 1), '')"};

struct copying {
    const struct copied *copied;
    const struct table_copied *table;
    struct db *to;
    size_t columns;
    guint64 rows;
};

static size_t count_columns(const char *columns)
{
    size_t count = 1;
    for (const char *comma = columns; (comma = strchr(comma, ',')); comma++)
        count++;
    return count;
}

static void tell(struct copying *copying)
{
    copying->copied->on_rows(copying->rows, copying->copied->data);
    copying->rows = 0;
}

static gboolean copy_row(struct rows *rows, void *data, GError **error)
{
    enum { MOST = 24, OFTEN = 1000 };
    struct copying *copying = data;
    struct db_value values[MOST];
    g_assert(copying->columns <= MOST);
    if (++copying->rows == OFTEN)
        tell(copying);
    if (!copying->table->keeps(copying->copied->cut, rows))
        return TRUE;
    for (size_t i = 0; i < copying->columns; i++)
        values[i] = rows_value(rows, (int)i);
    return db_insert_many(copying->to, copying->table->table, copying->table->columns, values, 1, copying->columns, error);
}

static gboolean copy_table(struct db *from, struct copying *copying, GError **error)
{
    const struct table_copied *table = copying->table;
    const struct db_value more[] = {db_int(copying->copied->until_utc_ms)};
    const struct rows_pages pages = {&table->sql, table->keys, more, table->takes_time ? 1 : 0};
    copying->columns = count_columns(table->columns);
    gboolean done = rows_paged(from, &pages, copy_row, copying, error);
    tell(copying);
    return done;
}

gboolean copied_bring(struct db *from, struct db *to, const struct copied *copied, GError **error)
{
    struct copying copying = {.copied = copied, .to = to};
    for (size_t i = 0; i < G_N_ELEMENTS(TABLES); i++) {
        copying.table = &TABLES[i];
        gboolean other = TABLES[i].whose == (copied->with_recipients ? WITHOUT : WITH_RECIPIENTS);
        if (!other && !copy_table(from, &copying, error))
            return FALSE;
    }
    return db_exec(to, &HEADS, DB_NO_ARGS, NULL, error);
}

/* SPDX-License-Identifier: MIT
 *
 * Rows an import takes in a second, beside bare prepared inserts of the very same rows, those of its events and its journal
 * too, into a copy of the same database, in transactions of the same size; and the memory it needs.
 */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/intake/import_orders.h"
#include "tests/bench/bench_floor.h"
#include "tests/bench/measure.h"

enum { ORDERS = 40000, LINES = 3, SKUS = 5000, CHUNK_ROWS = 170 };

static const struct {
    const char *table, *columns;
    const char *types; /* a letter a column: i a number, r a reference, t a text, b bytes */
    struct sql read;   /* what the import has written: the rows whose key is more than $1 */
} TABLES[] = {
#define TABLE(table, columns, types, key)                                                                    \
    {                                                                                                        \
        table, columns, types,                                                                               \
        {                                                                                                    \
            "import_read_" table, "SELECT " columns " FROM " table " WHERE " key " > $1 ORDER BY " key       \
        }                                                                                                    \
    }
    TABLE("recipient",
          "id, name, phone, phone_tail, postcode, county, district, address, country, store_code, store_name, "
          "buyer_note, seller_remark",
          "itttttttttttt", "id"),
    TABLE("sales_order",
          "id, warehouse_id, owner_id, shop_id, external_id, recipient_id, shop_state, ordered_at, paid_at, promise_on, "
          "currency, total_minor, cod_minor, courier, service, waybill_number, invoice_number, content_hash, imported_at",
          "iiiititiiitiittttti", "id"),
    TABLE("order_line", "id, order_id, line_no, listing_id, kind, shop_sku, title, variant, quantity, price_minor",
          "iiirttttii", "id"),
    TABLE("shipment",
          "id, warehouse_id, owner_id, state, version, told, order_id, recipient_id, courier, service, cod_minor, currency, "
          "cut_off_at, lines, units, changed_at",
          "iiitiiiittitiiii", "id"),
    TABLE("shipment_line", "id, shipment_id, order_line_id, product_id, state, quantity", "iiiiti", "id"),
    TABLE("block", "id, shipment_id, kind, reason, person_id, at", "iittii", "id"),
    TABLE("event", "key, kind, digest, outcome, code, text, shipment_id, subject_id, state, request, at, asked",
          "itititrrtiib", "key"),
    TABLE("difference", "subject_id, version, event_key, content", "iiib", "event_key"),
    TABLE("journal",
          "writer, sequence, at, event_key, event, machine, subject_id, from_state, to_state, shipment_id, version, "
          "person_id, approver_id, station_id, code, detail, hash",
          "iiiittrttrirrritb", "event_key"),
};

enum { TABLE_COUNT = G_N_ELEMENTS(TABLES) };

/* Everything an import wrote, in memory. */
struct written {
    GArray *values[TABLE_COUNT]; /* struct db_value */
    size_t at[TABLE_COUNT];      /* rows inserted so far */
    GStringChunk *text;
};

static char *make_file(const char *name, int orders, int lines, int skus)
{
    char *path = g_build_filename(g_get_tmp_dir(), name, NULL);
    FILE *file = fopen(path, "w");
    g_assert_nonnull(file);
    fputs("order_no,ordered_at,name,phone,address,sku,title,quantity,price,courier\n", file);
    for (int i = 0; i < orders; i++)
        for (int n = 0; n < lines; n++)
            fprintf(file,
                    "%s%07d,2026-11-22 10:%02d:00,王小明,09%08d,臺中市西屯區示範路%d號,SKU-%05d,馬克杯 %d "
                    "號,%d,%d,hct\n",
                    name, i, i % 60, i, i % 500, (i * 7919 + n * 104729) % skus, i % 9, n + 1, 100 + n);
    g_assert_cmpint(fclose(file), ==, 0);
    return path;
}

static double import_file(struct bench_floor *bench, const char *path, gboolean create_products)
{
    struct import_orders import = {
        .path = path, .shop = "bench", .format = "generic", .create_products = create_products};
    struct import_result result;
    GError *error = NULL;
    import_orders(bench->floor->site, &import, &result, &error);
    g_assert_no_error(error);
    double seconds = (double)result.took_ms / 1000;
    import_result_clear(&result);
    return seconds;
}

static struct db_value read_value(struct written *written, struct rows *rows, int column, char type)
{
    size_t length;
    if (type == 't')
        return db_text(g_string_chunk_insert_const(written->text, rows_text(rows, column)));
    if (type != 'b')
        return type == 'r' ? db_ref(rows_int(rows, column)) : db_int(rows_int(rows, column));
    const void *bytes = rows_blob(rows, column, &length);
    return db_blob(g_string_chunk_insert_len(written->text, bytes ? bytes : "", (gssize)length), length);
}

static void read_table(struct written *written, struct db *db, size_t t, int64_t after)
{
    GError *error = NULL;
    struct rows *rows = db_query(db, &TABLES[t].read, DB_ARGS(after), &error);
    written->values[t] = g_array_new(FALSE, FALSE, sizeof(struct db_value));
    while (rows_next(rows, &error) > 0)
        for (int c = 0; TABLES[t].types[c]; c++) {
            struct db_value value = read_value(written, rows, c, TABLES[t].types[c]);
            g_array_append_val(written->values[t], value);
        }
    g_assert_no_error(error);
}

/* A transaction's share of every table, in the order the import writes them. */
static gboolean insert_chunk(struct db *db, void *data, GError **error)
{
    struct written *written = data;
    for (size_t t = 0; t < TABLE_COUNT; t++) {
        size_t width = strlen(TABLES[t].types), rows = written->values[t]->len / width;
        size_t share = rows * CHUNK_ROWS / ORDERS + 1;
        size_t take = MIN(share, rows - written->at[t]);
        const struct db_value *first =
            &g_array_index(written->values[t], struct db_value, written->at[t] * width);
        if (take > 0 && !db_insert_many(db, TABLES[t].table, TABLES[t].columns, first, take, width, error))
            return FALSE;
        written->at[t] += take;
    }
    return TRUE;
}

static gboolean rows_left(const struct written *written)
{
    for (size_t t = 0; t < TABLE_COUNT; t++)
        if (written->at[t] < written->values[t]->len / strlen(TABLES[t].types))
            return TRUE;
    return FALSE;
}

static double written_rows(const struct written *written)
{
    size_t rows = 0;
    for (size_t t = 0; t < TABLE_COUNT; t++)
        rows += written->values[t]->len / strlen(TABLES[t].types);
    return (double)rows;
}

static double insert_bare(struct written *written, const char *url)
{
    GError *error = NULL;
    struct db *db = db_open(url, DB_USE, &error);
    g_assert_no_error(error);
    int64_t start = measure_now_ns();
    while (rows_left(written)) {
        db_transaction(db, insert_chunk, written, &error);
        g_assert_no_error(error);
    }
    double seconds = measure_seconds_since(start);
    db_close(db);
    return seconds;
}

static void measure(enum db_engine engine, int64_t orders)
{
    struct bench_floor *bench = bench_floor_open(engine, orders);
    struct written written = {.text = g_string_chunk_new(1 << 16)};
    char title[120];
    char *known = make_file("known", SKUS, 1, SKUS), *file = make_file("fresh", ORDERS, LINES, SKUS);
    import_file(bench, known, TRUE); /* products and listings are there before the clock runs */
    char *copy = bench_copy(bench);
    int64_t before = site_id(bench->floor->site);
    int64_t resident_kb = measure_resident_kb(getpid());
    double seconds = import_file(bench, file, FALSE);
    resident_kb = measure_resident_kb(getpid()) - resident_kb;
    for (size_t t = 0; t < TABLE_COUNT; t++)
        read_table(&written, bench->floor->site->db, t, before);
    double bare = insert_bare(&written, copy);
    double again = import_file(bench, file, FALSE);
    g_snprintf(title, sizeof title, "%s, %" G_GINT64_FORMAT " orders: a file of %d orders, %d lines",
               engine == DB_SQLITE ? "SQLite" : "PostgreSQL", orders, ORDERS, ORDERS * LINES);
    measure_head(title);
    measure_row("rows imported a second", ORDERS * LINES / seconds, ORDERS * LINES / bare, "/s",
                (struct mark){.least_ratio = 0.6});
    measure_row("  rows of the database an order", written_rows(&written) / ORDERS, 0, "", NO_MARK);
    measure_row("the same file again", ORDERS * LINES / again, 0, "/s", NO_MARK);
    measure_row("memory it took", (double)resident_kb / 1024, 0, "MB", NO_MARK);
    for (size_t t = 0; t < TABLE_COUNT; t++)
        g_array_unref(written.values[t]);
    g_string_chunk_free(written.text);
    bench_drop(copy);
    bench_floor_free(bench);
    g_free(known);
    g_free(file);
}

int main(void)
{
    bench_each(measure);
    return 0;
}

/* SPDX-License-Identifier: MIT */
#include "tests/bench/bench_floor.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <libpq-fe.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "core/apply/apply.h"
#include "core/db/schema.h"
#include "core/waybill/range.h"
#include "tests/bench/floor_copy.h"
#include "tests/bench/measure.h"

/* The past: of so many orders one in ten went all the way, the others were cancelled before they were picked. */
enum { SAMPLE_ORDERS = 1000, SAMPLE_OUT = 100, PRODUCTS = 40 };

/* --- databases ------------------------------------------------------------------------------------------ */

static const char *server(void)
{
    const char *url = g_getenv("PACKLINE_TEST_PG");
    return url && *url ? url : NULL;
}

/* PACKLINE_BENCH_ENGINE=sqlite or postgresql: that one alone. */
static gboolean is_wanted(enum db_engine engine)
{
    const char *only = g_getenv("PACKLINE_BENCH_ENGINE");
    return !only || !*only || (strcmp(only, "sqlite") == 0) == (engine == DB_SQLITE);
}

gboolean bench_has(enum db_engine engine)
{
    if (!is_wanted(engine))
        return FALSE;
    if (engine == DB_SQLITE || server())
        return TRUE;
    printf("  PostgreSQL: skipped, there is no server (PACKLINE_TEST_PG)\n");
    return FALSE;
}

void bench_each(void (*fn)(enum db_engine engine, int64_t orders))
{
    const char *wanted = g_getenv("PACKLINE_BENCH_ORDERS");
    char **sizes = g_strsplit(wanted && *wanted ? wanted : "10000", " ", 0);
    for (char **size = sizes; *size; size++)
        for (enum db_engine engine = DB_SQLITE; **size && engine <= DB_POSTGRES; engine++)
            if (bench_has(engine))
                fn(engine, g_ascii_strtoll(*size, NULL, 10));
    g_strfreev(sizes);
}

static void ignore_notice(void *data, const char *message)
{
    (void)data, (void)message;
}

static void on_server(const char *format, ...) G_GNUC_PRINTF(1, 2);
static void on_server(const char *format, ...)
{
    va_list list;
    va_start(list, format);
    char *text = g_strdup_vprintf(format, list);
    va_end(list);
    PGconn *conn = PQconnectdb(server());
    PQsetNoticeProcessor(conn, ignore_notice, NULL);
    PGresult *result = PQexec(conn, text);
    if (PQresultStatus(result) != PGRES_COMMAND_OK)
        g_error("%s: %s", text, PQerrorMessage(conn));
    PQclear(result);
    PQfinish(conn);
    g_free(text);
}

static gboolean server_has(const char *name)
{
    PGconn *conn = PQconnectdb(server());
    const char *const values[] = {name};
    PGresult *result =
        PQexecParams(conn, "SELECT 1 FROM pg_database WHERE datname = $1", 1, NULL, values, NULL, NULL, 0);
    gboolean has = PQntuples(result) == 1;
    PQclear(result);
    PQfinish(conn);
    return has;
}

/* postgresql:///NAME?... of the server, or sqlite:DIR/NAME.db. */
static char *url_of(enum db_engine engine, const char *name)
{
    const char *dir = g_getenv("PACKLINE_BENCH_FLOORS");
    if (engine == DB_SQLITE)
        return g_strdup_printf("sqlite:%s/%s.db", dir && *dir ? dir : g_get_tmp_dir(), name);
    const char *host = strstr(server(), "://") + 3, *slash = strchr(host, '/'), *rest = strchr(server(), '?');
    return g_strdup_printf("%.*s/%s%s", (int)(slash - server()), server(), name, rest ? rest : "");
}

static const char *path_of(const char *url)
{
    return url + strlen("sqlite:");
}

static char *fresh_name(void)
{
    static int count;
    return g_strdup_printf("bench_%d_%d", (int)getpid(), ++count);
}

static void copy_file(const char *from, const char *to)
{
    sqlite3 *handle = NULL;
    if (sqlite3_open(from, &handle) != SQLITE_OK ||
        sqlite3_exec(handle, "PRAGMA wal_checkpoint(TRUNCATE)", NULL, NULL, NULL) != SQLITE_OK)
        g_error("%s: %s", from, sqlite3_errmsg(handle));
    sqlite3_close(handle);
    const char *const argv[] = {"cp", "--reflink=auto", "--sparse=never", from, to, NULL};
    int status = 0;
    if (!g_spawn_sync(NULL, (char **)(void *)(uintptr_t)argv, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL,
                      &status, NULL) ||
        status != 0)
        g_error("can't copy %s", from);
    /* or the disk is still busy with the copy while the bench waits for its own commits */
    int fd = open(to, O_RDONLY | O_CLOEXEC);
    if (fd < 0 || syncfs(fd) != 0)
        g_error("can't sync %s", to);
    close(fd);
}

static char *copy_database(enum db_engine engine, const char *from_url, const char *from_name)
{
    char *name = fresh_name(), *url = url_of(engine, name);
    if (engine == DB_SQLITE)
        copy_file(path_of(from_url), path_of(url));
    else
        on_server("CREATE DATABASE %s TEMPLATE %s", name, from_name);
    g_free(name);
    return url;
}

static char *name_of(const char *url)
{
    const char *slash = strrchr(url, '/'), *rest = strchr(url, '?');
    if (rest)
        for (slash = rest; *slash != '/'; slash--)
            continue;
    return g_strndup(slash + 1, rest ? (gsize)(rest - slash - 1) : strlen(slash + 1));
}

void bench_drop(char *url)
{
    static const char *const SUFFIX[] = {"", "-wal", "-shm", "-lock"};
    if (g_str_has_prefix(url, "sqlite:"))
        for (size_t i = 0; i < G_N_ELEMENTS(SUFFIX); i++) {
            char *path = g_strconcat(path_of(url), SUFFIX[i], NULL);
            g_unlink(path);
            g_free(path);
        }
    else {
        char *name = name_of(url);
        on_server("DROP DATABASE IF EXISTS %s WITH (FORCE)", name);
        g_free(name);
    }
    g_free(url);
}

static void rename_database(enum db_engine engine, const char *from, const char *to)
{
    char *from_url = url_of(engine, from), *to_url = url_of(engine, to);
    if (engine == DB_POSTGRES)
        on_server("ALTER DATABASE %s RENAME TO %s", from, to);
    else if (g_rename(path_of(from_url), path_of(to_url)) != 0)
        g_error("can't rename %s", path_of(from_url));
    if (engine == DB_SQLITE)
        bench_drop(g_steal_pointer(&from_url)); /* its lock file */
    g_free(from_url);
    g_free(to_url);
}

/* --- orders --------------------------------------------------------------------------------------------- */

struct sheet {
    const char *table, *columns;
    size_t width;
    GArray *values;
};

struct order_sheets {
    struct bench_floor *bench;
    struct sheet recipient, order, shipment, line, part;
};

static void row(struct sheet *sheet, const struct db_value *values, size_t count)
{
    g_assert(count == sheet->width);
    g_array_append_vals(sheet->values, values, (guint)count);
}

static gboolean write_sheet(struct db *db, struct sheet *sheet, GError **error)
{
    const struct db_value *values = (const struct db_value *)(const void *)sheet->values->data;
    size_t rows = sheet->values->len / sheet->width;
    return rows == 0 || db_insert_many(db, sheet->table, sheet->columns, values, rows, sheet->width, error);
}

static gboolean write_orders(struct db *db, void *data, GError **error)
{
    struct order_sheets *sheets = data;
    return write_sheet(db, &sheets->recipient, error) && write_sheet(db, &sheets->order, error) &&
           write_sheet(db, &sheets->line, error) && write_sheet(db, &sheets->shipment, error) &&
           write_sheet(db, &sheets->part, error);
}

static void order_rows(struct order_sheets *sheets, const char *number, int lines, int64_t *shipment_id)
{
    struct floor *floor = sheets->bench->floor;
    struct site *site = floor->site;
    const int64_t recipient = site_id(site), order = site_id(site), now = site_now(site);
    const char *courier = "hct";
    *shipment_id = site_id(site);
    row(&sheets->recipient,
        DB_ARGS(recipient, "林小美", "0900000123", "0123", "407", "臺中市", "西屯區", "臺灣大道三段1號"));
    row(&sheets->order,
        DB_ARGS(order, site->warehouse_id, site->owner_id, floor->shop_id, number, recipient, courier, "", now));
    row(&sheets->shipment, DB_ARGS(*shipment_id, site->warehouse_id, site->owner_id, "new", order, recipient, courier, lines,
                                   lines, now + 3600000, now));
    for (int n = 0; n < lines; n++) {
        int64_t line = site_id(site);
        guint product = (guint)((*shipment_id / 7 + n) % PRODUCTS);
        row(&sheets->line, DB_ARGS(line, order, n + 1, "sku", 1));
        int64_t product_id = g_array_index(sheets->bench->products, int64_t, product);
        row(&sheets->part, DB_ARGS(site_id(site), *shipment_id, line, product_id, "open", 1));
    }
}

static struct sheet sheet(const char *table, const char *columns)
{
    struct sheet made = {table, columns, 1, g_array_new(FALSE, FALSE, sizeof(struct db_value))};
    for (const char *p = columns; *p; p++)
        made.width += *p == ',';
    return made;
}

void bench_orders(struct bench_floor *bench, const char *prefix, int count, int lines, int64_t *ids)
{
    struct order_sheets sheets = {
        bench,
        sheet("recipient", "id, name, phone, phone_tail, postcode, county, district, address"),
        sheet("sales_order", "id, warehouse_id, owner_id, shop_id, external_id, recipient_id, courier, "
                             "content_hash, imported_at"),
        sheet("shipment",
              "id, warehouse_id, owner_id, state, order_id, recipient_id, courier, lines, units, cut_off_at, "
              "changed_at"),
        sheet("order_line", "id, order_id, line_no, shop_sku, quantity"),
        sheet("shipment_line", "id, shipment_id, order_line_id, product_id, state, quantity")};
    GStringChunk *numbers = g_string_chunk_new(4096);
    GError *error = NULL;
    for (int i = 0; i < count; i++) {
        char number[48];
        g_snprintf(number, sizeof number, "%s%d", prefix, i);
        order_rows(&sheets, g_string_chunk_insert(numbers, number), lines, &ids[i]);
    }
    db_transaction(bench->floor->site->db, write_orders, &sheets, &error);
    g_assert_no_error(error);
    g_array_free(sheets.recipient.values, TRUE);
    g_array_free(sheets.order.values, TRUE);
    g_array_free(sheets.shipment.values, TRUE);
    g_array_free(sheets.line.values, TRUE);
    g_array_free(sheets.part.values, TRUE);
    g_string_chunk_free(numbers);
}

void bench_release(struct bench_floor *bench, const int64_t *ids, int count)
{
    struct floor *floor = bench->floor;
    struct event *events = g_new0(struct event, (gsize)count);
    struct outcome *outcomes = g_new0(struct outcome, (gsize)count);
    GError *error = NULL;
    for (int i = 0; i < count; i++)
        events[i] = (struct event){
            .key = flow_key(floor->site), .kind = EV_RELEASE, .actor = floor->lead, .shipment_id = ids[i]};
    flow_apply(floor->site, events, (size_t)count, outcomes, &error);
    g_assert_no_error(error);
    for (int i = 0; i < count; i++)
        if (outcomes[i].verdict != VERDICT_DONE)
            g_error("release: PL-%04d %s", (int)outcomes[i].code, outcomes[i].text);
    g_free(outcomes);
    g_free(events);
}

/* --- the past ------------------------------------------------------------------------------------------- */

/* The worker's part: one CUPS job a label. */
static void print_job(struct floor *floor, int64_t job)
{
    int64_t submission = floor_claim(floor, job);
    floor_of_job(floor, EV_JOB_SENT, job, submission);
    floor_of_job(floor, EV_JOB_PRINTED, job, submission);
}

static void all_out(struct bench_floor *bench, const int64_t *ids)
{
    struct floor *floor = bench->floor;
    int64_t manifest =
        floor_do(floor, (struct event){.kind = EV_MANIFEST_OPEN, .actor = floor->dock, .courier = "hct"}).subject_id;
    for (int i = 0; i < SAMPLE_OUT; i++) {
        floor_pick_all(floor, ids[i]);
        floor_pack_all(floor, ids[i]);
        print_job(floor, floor_int(floor, "SELECT id FROM job WHERE shipment_id = $1", ids[i]));
        floor_apply_label(floor, ids[i]);
        int64_t parcel = floor_int(floor, "SELECT id FROM parcel WHERE shipment_id = $1", ids[i]);
        floor_do(floor, (struct event){.kind = EV_OUT,
                                       .actor = floor->dock,
                                       .shipment_id = ids[i],
                                       .parcel_id = parcel,
                                       .manifest_id = manifest});
    }
    floor_do(floor, (struct event){.kind = EV_MANIFEST_CLOSE, .actor = floor->dock, .manifest_id = manifest});
}

/* The sample is received for itself alone: what it needs and nothing over, so that copies of it net to zero. */
static void make_sample(struct bench_floor *bench)
{
    struct floor *floor = bench->floor;
    int64_t ids[SAMPLE_ORDERS];
    bench_orders(bench, "PAST", SAMPLE_ORDERS, 1, ids);
    for (int i = 0; i < SAMPLE_OUT; i++) {
        int64_t product = floor_int(floor, "SELECT product_id FROM shipment_line WHERE shipment_id = $1", ids[i]);
        int64_t bin = floor_int(floor, "SELECT l.id FROM location l JOIN product p ON p.sku = l.code WHERE p.id = $1 "
                                       "AND l.kind = 'bin'", product);
        floor_receive(floor, product, 0, bin, 1);
    }
    bench_release(bench, ids, SAMPLE_OUT);
    all_out(bench, ids);
    for (int i = SAMPLE_OUT; i < SAMPLE_ORDERS; i++)
        floor_do(floor,
                 (struct event){.kind = EV_CANCEL, .actor = floor->lead, .shipment_id = ids[i], .reason = "past"});
}

static void make_products(struct bench_floor *bench)
{
    for (int i = 0; i < PRODUCTS; i++) {
        char sku[24], code[24];
        g_snprintf(sku, sizeof sku, "SKU-%02d", i);
        g_snprintf(code, sizeof code, "47100000000%02d", i);
        floor_product(bench->floor, sku, code);
        floor_bin(bench->floor, sku, i + 1);
    }
}

static gboolean more_numbers(struct db *db, void *data, GError **error)
{
    struct floor *floor = data;
    struct range_new range = {.courier = "hct", .first = 900000000, .last = 900999999, .low_mark = -1};
    (void)db;
    return range_add(floor->site, &range, error) != 0;
}

/* Stock for what the benches will do, and numbers for its labels. */
static void make_present(struct bench_floor *bench)
{
    GError *error = NULL;
    for (int i = 0; i < PRODUCTS; i++) {
        char sku[24];
        g_snprintf(sku, sizeof sku, "SKU-%02d", i);
        const struct sql find = {"bench_find_sku", "SELECT p.id, l.id FROM product p JOIN location l ON l.code = p.sku "
                                                   "WHERE p.sku = $1 AND l.kind = 'bin'"};
        int64_t found[2];
        g_assert_cmpint(db_get_ints(bench->floor->site->db, &find, DB_ARGS(sku), found, 2, &error), ==, 1);
        floor_receive(bench->floor, found[0], 0, found[1], 1000000);
    }
    db_transaction(bench->floor->site->db, more_numbers, bench->floor, &error);
    g_assert_no_error(error);
}

static void load_products(struct bench_floor *bench)
{
    GError *error = NULL;
    const struct sql all = {"bench_products", "SELECT id FROM product ORDER BY sku"};
    bench->products = g_array_new(FALSE, FALSE, sizeof(int64_t));
    struct rows *rows = db_query(bench->floor->site->db, &all, DB_NO_ARGS, &error);
    while (rows && rows_next(rows, &error) > 0) {
        int64_t id = rows_int(rows, 0);
        g_array_append_val(bench->products, id);
    }
    g_assert_no_error(error);
}

/* Closing it looks at no invariants: with a million orders that takes longer than most benches. */
void bench_resume(struct bench_floor *bench)
{
    bench->floor = floor_open(&bench->test, "bench");
    bench->floor->tampered = TRUE;
    db_set_patience(bench->floor->site->db, 0);
}

void bench_pause(struct bench_floor *bench)
{
    floor_close(bench->floor);
    bench->floor = NULL;
}

static void attach(struct bench_floor *bench, enum db_engine engine, char *url)
{
    bench->test = (struct testdb){.engine = engine, .url = url, .dir = NULL};
    bench_resume(bench);
    if (floor_int(bench->floor, "SELECT COUNT(*) FROM product", 0) == 0)
        make_products(bench);
    load_products(bench);
}

static void detach(struct bench_floor *bench)
{
    floor_close(bench->floor);
    g_array_free(bench->products, TRUE);
}

/* Under another name until it is whole, for it may be kept from run to run. */
static void make_master(enum db_engine engine, const char *name, int64_t orders)
{
    struct bench_floor bench = {0};
    GError *error = NULL;
    int64_t start = measure_now_ns();
    char *making = g_strconcat("making_", name, NULL), *url = url_of(engine, making);
    bench_drop(g_strdup(url));
    if (engine == DB_POSTGRES)
        on_server("CREATE DATABASE %s", making);
    attach(&bench, engine, url);
    if (orders > 0) {
        make_sample(&bench);
        floor_copy(bench.floor->site, (int)(orders / SAMPLE_ORDERS) - 1, &error);
        g_assert_no_error(error);
    }
    detach(&bench);
    attach(&bench, engine, url);
    make_present(&bench);
    double made = measure_seconds_since(start);
    bench.floor->by_hand = TRUE; /* the copies have no history */
    bench.floor->tampered = FALSE; /* once: what is here now is as the program would have written it */
    detach(&bench);
    rename_database(engine, making, name);
    g_free(url);
    g_free(making);
    printf("  (made a floor of %" G_GINT64_FORMAT " orders in %.0f s, and checked it in %.0f s)\n", orders, made,
           measure_seconds_since(start) - made);
    fflush(stdout);
}

/* With the schema's checksum: a floor that was kept may be of another one. */
static char *master_name(int64_t orders)
{
    GChecksum *sum = g_checksum_new(G_CHECKSUM_SHA256);
    for (unsigned i = 0; i < schema_file_count; i++)
        g_checksum_update(sum, (const guchar *)schema_files[i].text, -1);
    char *name = g_strdup_printf("floor_%" G_GINT64_FORMAT "_%.8s", orders, g_checksum_get_string(sum));
    g_checksum_free(sum);
    return name;
}

struct bench_floor *bench_floor_open(enum db_engine engine, int64_t orders)
{
    struct bench_floor *bench = g_new0(struct bench_floor, 1);
    char *name = master_name(orders), *url = url_of(engine, name);
    if (engine == DB_SQLITE ? !g_file_test(path_of(url), G_FILE_TEST_EXISTS) : !server_has(name))
        make_master(engine, name, orders);
    bench->orders = orders;
    attach(bench, engine, copy_database(engine, url, name));
    g_free(url);
    g_free(name);
    return bench;
}

void bench_floor_free(struct bench_floor *bench)
{
    detach(bench);
    bench_drop(bench->test.url);
    g_free(bench);
}

char *bench_copy(struct bench_floor *bench)
{
    char *name = bench->test.engine == DB_POSTGRES ? name_of(bench->test.url) : NULL;
    bench_pause(bench); /* a template must have no connections */
    char *url = copy_database(bench->test.engine, bench->test.url, name);
    bench_resume(bench);
    g_free(name);
    return url;
}

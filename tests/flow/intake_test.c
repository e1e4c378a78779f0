/* SPDX-License-Identifier: MIT
 *
 * Order files into the floor: nothing comes twice, nothing is lost, changes find their order wherever it is.
 */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/clean.h"
#include "core/base/clock.h"
#include "core/intake/import_orders.h"
#include "core/intake/map.h"
#include "tests/support/clock_manual.h"
#include "tests/support/naughty.h"
#include "tests/support/order_file.h"

/* The same file again, and exported anew with rewritten dates. */
static void s29_comes_once(struct testdb *test)
{
    struct floor *floor = order_file_floor(test);
    static const char FIRST[] = HEAD ROW("A1", "2026-02-21 00:00:00", "0912345678", "市政路1號", "MUG", "2", "paid")
        ROW("A1", "2026-02-21 00:00:00", "0912345678", "市政路1號", "TEA", "1", "paid")
        ROW("A2", "2026-02-21 10:30:12", "0912345678", "市政路1號", "MUG", "1", "unpaid")
        ROW("A3", "2026-02-21 10:30:12", "0912345678", "市政路1號", "NEW", "1", "paid")
        ROW("A4", "2026-02-21 10:30:12", "0912345678", "市政路1號", "MUG", "-1", "paid")
        ROW("A5", "2026-02-21 10:30:12", "0912345678", "市政路1號", "MUG", "1", "shipped")
        ROW("A6", "2026-02-21 10:30:12", "0912345678", "市政路1號", "MUG", "100", "paid");
    order_file_check(floor, FIRST, 4, 0, 0, 2, "");
    floor_is(floor, order_file_shipment(floor, "A1"), ST_READY);
    floor_is(floor, order_file_shipment(floor, "A2"), ST_NEW);
    g_assert_true(order_file_is_blocked(floor, order_file_shipment(floor, "A2"), "unpaid"));
    g_assert_true(order_file_is_blocked(floor, order_file_shipment(floor, "A3"), "unmapped"));
    g_assert_true(order_file_is_blocked(floor, order_file_shipment(floor, "A6"), "short"));
    g_assert_cmpint(floor_int(floor, "SELECT CAST(SUM(reserved) AS BIGINT) FROM stock", 0), ==, 3);
    order_file_check(floor, FIRST, 0, 0, 4, 2, "");
    static const char REWRITTEN[] = HEAD ROW("A1", "2026/2/21 0:00", "912345678", "市政路1號", "MUG", "2", "paid")
        ROW("A1", "2026/2/21 0:00", "912345678", "市政路1號", "TEA", "1", "paid")
        ROW("A2", "2026/2/21 10:30", "912345678", "市政路1號", "MUG", "1", "paid")
        ROW("A7", "2026/2/21 10:30", "912345678", "市政路1號", "MUG", "1", "paid");
    order_file_check(floor, REWRITTEN, 1, 1, 1, 0, "A2:state,;");
    floor_is(floor, order_file_shipment(floor, "A2"), ST_READY);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM sales_order", 0), ==, 5);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM import_file WHERE ended_at IS NOT NULL", 0), ==, 3);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM import_file WHERE rows_read <> rows_accepted + rows_changed + rows_same + rows_rejected", 0), ==, 0);
    floor_close(floor);
}

/* 28: cancelled in the shop before, in and after work. */
static void cancelled_in_the_shop(struct testdb *test)
{
    struct floor *floor = order_file_floor(test);
#define C(number, status) ROW(number, "2026-02-21 00:00", "0912345678", "市政路1號", "MUG", "1", status)
    order_file_check(floor, HEAD C("READY", "paid") C("PACKED", "paid") C("LATE", "paid"), 3, 0, 0, 0, "");
    int64_t packed = order_file_shipment(floor, "PACKED"), late = order_file_shipment(floor, "LATE");
    floor_pick_all(floor, packed);
    floor_pack_all(floor, packed);
    floor_pick_all(floor, late);
    floor_is(floor, packed, ST_PACKED);
    order_file_check(floor, HEAD C("READY", "cancelled") C("PACKED", "cancelled") C("LATE", "cancelled") C("NEVER", "cancelled"), 0, 3, 0, 1,
                 "READY:state,;PACKED:state,;LATE:state,;");
    floor_is(floor, order_file_shipment(floor, "READY"), ST_CANCELLED);
    g_assert_cmpint(floor_int(floor, "SELECT CAST(SUM(reserved) AS BIGINT) FROM stock", 0), ==, 0);
    floor_is(floor, packed, ST_PACKED);
    g_assert_true(order_file_is_blocked(floor, packed, "cancelled"));
    g_assert_true(order_file_is_blocked(floor, late, "cancelled"));
    int64_t waybill = floor_int(floor, "SELECT w.id FROM waybill w JOIN parcel p ON p.id = w.parcel_id WHERE p.shipment_id = $1", packed);
    floor_refused(floor, (struct event){.kind = EV_APPLY, .actor = floor->packer, .shipment_id = packed, .waybill_id = waybill,
                                        .parcel_id = floor_int(floor, "SELECT id FROM parcel WHERE shipment_id = $1", packed)},
                  ERR_FLOW_BLOCKED);
    order_file_check(floor, HEAD C("READY", "cancelled") C("PACKED", "cancelled"), 0, 0, 2, 0, "");
    /* the buyer thinks again */
    order_file_check(floor, HEAD C("PACKED", "paid"), 0, 1, 0, 0, "PACKED:state,;");
    g_assert_false(order_file_is_blocked(floor, packed, "cancelled"));
#undef C
    floor_close(floor);
}

static void changed_in_the_shop(struct testdb *test)
{
    struct floor *floor = order_file_floor(test);
#define C(number, street, sku, quantity) ROW(number, "2026-02-21 00:00", "0912345678", street, sku, quantity, "paid")
    order_file_check(floor, HEAD C("B1", "市政路1號", "MUG", "1") C("B2", "市政路1號", "NEW", "1") C("B3", "市政路1號", "MUG", "1"), 3, 0, 0, 0, "");
    int64_t b1 = order_file_shipment(floor, "B1"), b2 = order_file_shipment(floor, "B2"), b3 = order_file_shipment(floor, "B3");
    floor_pick_all(floor, b3);
    floor_pack_all(floor, b3);
    order_file_check(floor, HEAD C("B1", "市政路9號", "MUG", "1") C("B2", "市政路1號", "TEA", "2") C("B3", "市政路9號", "MUG", "1"), 0, 3, 0, 0,
                 "B1:recipient,;B2:lines,;B3:recipient,;");
    g_assert_cmpint(floor_int(floor, "SELECT r.version FROM recipient r JOIN shipment s ON s.recipient_id = r.id WHERE s.id = $1", b1), ==, 2);
    char *address = floor_text(floor, "SELECT r.address FROM recipient r JOIN shipment s ON s.recipient_id = r.id WHERE s.id = $1", b1);
    g_assert_cmpstr(address, ==, "市政路9號");
    g_free(address);
    g_assert_true(order_file_is_blocked(floor, b3, "changed")); /* its label says the old address */
    g_assert_false(order_file_is_blocked(floor, b1, "changed"));
    /* B2's line was exchanged for one that is mapped: it goes on */
    g_assert_cmpint(floor_int(floor, "SELECT units FROM shipment WHERE id = $1", b2), ==, 2);
    floor_is(floor, b2, ST_READY);
    /* a line changed in work is held */
    order_file_check(floor, HEAD C("B1", "市政路9號", "MUG", "3"), 0, 1, 0, 0, "B1:lines,;");
    g_assert_true(order_file_is_blocked(floor, b1, "held"));
    order_file_check(floor, HEAD C("B1", "市政路9號", "MUG", "3"), 0, 0, 1, 0, "");
#undef C
    floor_close(floor);
}

/* The shop adds the number it was given and an invoice: nothing on the paper changes, so nothing is stopped. */
static void numbers_added_stop_nothing(struct testdb *test)
{
    struct floor *floor = order_file_floor(test);
#define T(number, waybill, invoice, courier)                                                                           \
    "order_no,name,phone,address,sku,quantity,courier,waybill,invoice\n" number                                        \
    ",王,0912345678,臺中市西屯區市政路1號,MUG,1," courier "," waybill "," invoice "\n"
    order_file_check(floor, T("T1", "", "", "hct"), 1, 0, 0, 0, "");
    int64_t shipment = order_file_shipment(floor, "T1");
    floor_pick_all(floor, shipment);
    floor_pack_all(floor, shipment);
    order_file_check(floor, T("T1", "1000000005", "AB12345678", "hct"), 0, 1, 0, 0, "T1:courier,;");
    g_assert_false(order_file_is_blocked(floor, shipment, "changed"));
    order_file_check(floor, T("T1", "1000000005", "AB12345678", "sscc"), 0, 1, 0, 0, "T1:courier,;");
    g_assert_true(order_file_is_blocked(floor, shipment, "changed"));
#undef T
    floor_close(floor);
}

static void addresses(struct testdb *test)
{
    struct floor *floor = order_file_floor(test);
    static const char TEXT[] = "order_no,name,phone,address,store_code,sku,quantity,courier\n"
                               "P1,王,0912345678,臺中市西屯區市政路1號,,MUG,1,hct\n"
                               "P2,王,0912345678,新北市新莊區中正路1號,,MUG,1,hct\n"
                               "P3,王,0912345678,,123456,MUG,1,7-11\n"
                               "P4,王,0912345678,,,MUG,1,hct\n"
                               "P5,,0912345678,臺中市西屯區市政路1號,,MUG,1,hct\n"
                               "P6,王,9.12E+08,臺中市西屯區市政路1號,,MUG,1,hct\n"
                               "P7,王,0912345678,臺中市西屯區市政路1號,,MUG,1,\n";
    order_file_check(floor, TEXT, 7, 0, 0, 0, "");
    static const char *const REASONS[] = {NULL, "postcode", NULL, "address", "name", "phone", "courier"};
    for (size_t i = 0; i < G_N_ELEMENTS(REASONS); i++) {
        char number[8];
        g_snprintf(number, sizeof number, "P%d", (int)i + 1);
        int64_t shipment = order_file_shipment(floor, number);
        g_assert_cmpint(order_file_is_blocked(floor, shipment, "address"), ==, REASONS[i] != NULL);
        if (REASONS[i]) {
            char *reason = floor_text(floor, "SELECT reason FROM block WHERE shipment_id = $1", shipment);
            g_assert_cmpstr(reason, ==, REASONS[i]);
            g_free(reason);
        }
    }
    char *zip = floor_text(floor, "SELECT r.postcode FROM recipient r JOIN shipment s ON s.recipient_id = r.id WHERE s.id = $1", order_file_shipment(floor, "P1"));
    g_assert_cmpstr(zip, ==, "407");
    g_free(zip);
    floor_close(floor);
}

/* A presale waits for its day, then goes on with the next import. */
static void presale_waits(struct testdb *test)
{
    struct floor *floor = order_file_floor(test);
    static const char TEXT[] = "order_no,name,phone,address,sku,quantity,courier,presale_on,country\n"
                               "R1,王,0912345678,臺中市西屯區市政路1號,MUG,1,hct,2999-01-01,\n"
                               "R2,Ann,0912345678,1 Queen's Road,MUG,1,hct,,HK\n";
    order_file_check(floor, TEXT, 2, 0, 0, 0, "");
    int64_t shipment = order_file_shipment(floor, "R1");
    g_assert_true(order_file_is_blocked(floor, shipment, "presale"));
    floor_is(floor, order_file_shipment(floor, "R2"), ST_READY); /* no postcodes there */
    order_file_check(floor, TEXT, 0, 0, 2, 0, "");
    floor_is(floor, shipment, ST_NEW);
    struct clock_manual clock;
    clock_manual_init(&clock, INT64_C(32503680000000)); /* the year 3000 */
    const struct clock *before = floor->site->clock;
    floor->site->clock = &clock.clock;
    order_file_check(floor, TEXT, 0, 0, 2, 0, "");
    floor_is(floor, shipment, ST_READY);
    floor->site->clock = before;
    floor_close(floor);
}

static void dry_run_writes_nothing(struct testdb *test)
{
    struct floor *floor = order_file_floor(test);
    char *path = g_build_filename(test->dir, "orders.csv", NULL);
    g_assert_true(g_file_set_contents(path, HEAD ROW("A1", "2026-02-21", "0912345678", "x", "MUG", "1", "paid")
                                                ROW("A2", "2026-02-21", "0912345678", "x", "??", "1", "paid"), -1, NULL));
    struct import_orders import = {.path = path, .shop = "web", .dry_run = TRUE};
    struct import_result result;
    GError *error = NULL;
    g_assert_true(import_orders(floor->site, &import, &result, &error));
    g_assert_cmpuint(result.tally.orders[FATE_NEW], ==, 2);
    g_assert_cmpuint(result.tally.unmapped_lines, ==, 1);
    g_assert_cmpstr(result.format, ==, "generic");
    import_result_clear(&result);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM sales_order", 0), ==, 0);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM listing", 0), ==, 0);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM import_file", 0), ==, 0);
    g_free(path);
    floor_close(floor);
}

static void mapping_frees_all(struct testdb *test)
{
    struct floor *floor = order_file_floor(test);
#define C(number, sku) ROW(number, "2026-02-21", "0912345678", "市政路1號", sku, "1", "paid")
    order_file_check(floor, HEAD C("M1", "KIT") C("M2", "KIT") C("M3", "OTHER") C("M3", "KIT"), 3, 0, 0, 0, "");
#undef C
    GError *error = NULL;
    GPtrArray *list = map_list(floor->site, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(list->len, ==, 2);
    const struct unmapped *kit = list->pdata[0];
    g_assert_cmpstr(kit->sku, ==, "KIT");
    g_assert_cmpint(kit->orders, ==, 3);
    struct listing_part parts[2];
    g_assert_true(map_parse_part(floor->site, "MUG*2", &parts[0], &error));
    g_assert_true(map_parse_part(floor->site, "TEA", &parts[1], &error));
    int64_t listing = map_find(floor->site, "web", "KIT", &error);
    g_assert_cmpint(listing, ==, kit->listing_id);
    struct map_result result;
    g_assert_true(map_set(floor->site, floor->system, listing, parts, 2, &result, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(result.filled, ==, 3);
    g_assert_cmpuint(result.released, ==, 2);
    floor_is(floor, order_file_shipment(floor, "M1"), ST_READY);
    g_assert_cmpint(floor_int(floor, "SELECT units FROM shipment WHERE id = $1", order_file_shipment(floor, "M2")), ==, 3);
    floor_is(floor, order_file_shipment(floor, "M3"), ST_NEW);
    g_assert_true(order_file_is_blocked(floor, order_file_shipment(floor, "M3"), "unmapped"));
    g_assert_false(map_parse_part(floor->site, "NOTHING*2", &parts[0], &error));
    g_assert_error(error, ERR, ERR_PRODUCT_UNKNOWN);
    g_clear_error(&error);
    static const char *const QUANTITIES[] = {"MUG*0", "MUG*-1", "MUG*10001", "MUG*99999999999999"};
    for (guint i = 0; i < G_N_ELEMENTS(QUANTITIES); i++) {
        g_assert_false(map_parse_part(floor->site, QUANTITIES[i], &parts[0], &error));
        g_assert_error(error, ERR, ERR_FLOW_QUANTITY);
        g_clear_error(&error);
    }
    g_assert_cmpint(map_find(floor->site, "web", "NOPE", &error), ==, 0);
    g_assert_error(error, ERR, ERR_LISTING_UNKNOWN);
    g_clear_error(&error);
    g_assert_cmpint(map_find(floor->site, "nowhere", "KIT", &error), ==, 0);
    g_assert_error(error, ERR, ERR_SHOP_UNKNOWN);
    g_clear_error(&error);
    g_ptr_array_unref(list);
    floor_close(floor);
}

enum { MANY = 900 };

static char *many_orders(struct testdb *test)
{
    GString *text = g_string_new(HEAD);
    for (int i = 0; i < MANY; i++) {
        char number[16];
        g_snprintf(number, sizeof number, "K%04d", i);
        g_string_append_printf(text, "%s,2026-02-21,王小明,0912345678,407,臺中市,西屯區,市政路1號,%s,杯,1,150,paid,hct,,150\n", number,
                               i % 3 ? "BULK" : "FRESH");
    }
    char *path = g_build_filename(test->dir, "many.csv", NULL);
    g_assert_true(g_file_set_contents(path, text->str, -1, NULL));
    g_string_free(text, TRUE);
    return path;
}

static void die_at_third(uint64_t rows, uint64_t total, void *data)
{
    int *chunks = data;
    (void)rows;
    (void)total;
    if (++*chunks == 3)
        raise(SIGKILL);
}

/* The import in a process of its own. */
static int child_import(struct testdb *test, const char *path, gboolean dies)
{
    int chunks = 0;
    struct import_result result;
    struct site *site = site_open(test->url, "import", NULL, NULL);
    struct import_orders import = {.path = path, .shop = "web", .format = "generic",
                                   .on_progress = dies ? die_at_third : NULL, .data = &chunks};
    gboolean done = site && import_orders(site, &import, &result, NULL);
    if (site) {
        import_result_clear(&result);
        site_close(site);
    }
    return done ? 0 : 1;
}

static void check_many(struct floor *floor)
{
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM sales_order", 0), ==, MANY);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM shipment", 0), ==, MANY);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM listing", 0), ==, 2);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM shipment WHERE state = 'ready'", 0), ==, MANY - MANY / 3);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM block WHERE kind = 'unmapped' AND cleared_at IS NULL", 0), ==, MANY / 3);
    g_assert_cmpint(floor_int(floor, "SELECT CAST(SUM(reserved) AS BIGINT) FROM stock", 0), ==, MANY - MANY / 3);
}

static void bulk_floor(struct testdb *test)
{
    struct floor *floor = order_file_floor(test);
    floor_receive(floor, floor_product(floor, "BULK", NULL), 0, floor_bin(floor, "B-01-1", 2), MANY);
    floor_close(floor);
}

static void killed_and_repeated(struct testdb *test)
{
    char *path = many_orders(test);
    int status = 0;
    bulk_floor(test);
    pid_t child = fork();
    if (child == 0)
        _exit(child_import(test, path, TRUE));
    g_assert_cmpint(waitpid(child, &status, 0), ==, child);
    g_assert_true(WIFSIGNALED(status));
    struct floor *floor = floor_open(test, "again");
    int64_t before = floor_int(floor, "SELECT COUNT(*) FROM sales_order", 0);
    g_assert_cmpint(before, >, 0);
    g_assert_cmpint(before, <, MANY);
    /* as if it had died before it released what it had stored */
    int64_t shipment = floor_order(floor, "LEFT", "hct", FLOOR_ITEMS({"TEA", 1}));
    g_assert_cmpint(child_import(test, path, FALSE), ==, 0);
    floor_is(floor, shipment, ST_READY);
    floor_do(floor, (struct event){.kind = EV_CANCEL, .actor = floor->lead, .shipment_id = shipment, .reason = "test"});
    g_assert_cmpint(floor_int(floor, "SELECT orders_new FROM import_file WHERE ended_at IS NOT NULL", 0), ==, MANY - before);
    g_assert_cmpint(floor_int(floor, "SELECT orders_same FROM import_file WHERE ended_at IS NOT NULL", 0), ==, before);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM sales_order WHERE external_id <> 'LEFT'", 0), ==, MANY);
    floor_close(floor);
    g_free(path);
}

static void two_at_once(struct testdb *test)
{
    char *path = many_orders(test);
    pid_t children[2];
    int status = 0;
    bulk_floor(test);
    for (int i = 0; i < 2; i++) {
        children[i] = fork();
        if (children[i] == 0)
            _exit(child_import(test, path, FALSE));
    }
    for (int i = 0; i < 2; i++) {
        g_assert_cmpint(waitpid(children[i], &status, 0), ==, children[i]);
        g_assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    }
    struct floor *floor = floor_open(test, "look");
    check_many(floor);
    g_assert_cmpint(floor_int(floor, "SELECT CAST(SUM(orders_new) AS BIGINT) FROM import_file", 0), ==, MANY);
    g_assert_cmpint(floor_int(floor, "SELECT CAST(SUM(orders_same) AS BIGINT) FROM import_file", 0), ==, MANY);
    floor_close(floor);
    g_free(path);
}

static void append_quoted(GString *text, const char *value)
{
    g_string_append_c(text, '"');
    for (const char *p = value; *p; p++)
        g_string_append_printf(text, *p == '"' ? "\"\"" : "%c", *p);
    g_string_append(text, "\",");
}

/* Hostile strings as title, variant, name, address and note: stored clean, the same again the second time. */
static void naughty_strings(struct testdb *test)
{
    char **lines = naughty_lines();
    if (!lines)
        return;
    GString *text = g_string_new("order_no,sku,quantity,title,variant,name,address,note,courier\n");
    uint64_t orders = 0;
    for (size_t i = 0; lines[i]; i++) {
        if (!lines[i][0] || lines[i][0] == '#')
            continue;
        g_string_append_printf(text, "N%d,SKU,1,", (int)i);
        for (int n = 0; n < 5; n++)
            append_quoted(text, lines[i]);
        g_string_append(text, "hct\n");
        orders++;
    }
    struct floor *floor = order_file_floor(test);
    struct import_result result = order_file_import(floor, text->str, NULL);
    g_assert_cmpuint(result.tally.orders[FATE_NEW] + result.tally.orders[FATE_REJECTED], ==, orders);
    uint64_t fresh = result.tally.orders[FATE_NEW];
    g_assert_cmpuint(fresh, >, 480);
    import_result_clear(&result);
    result = order_file_import(floor, text->str, "");
    g_assert_cmpuint(result.tally.orders[FATE_SAME], ==, fresh);
    import_result_clear(&result);
    GError *error = NULL;
    static const struct sql ALL = {"naughty_all", "SELECT r.name, r.address, l.title, l.variant FROM recipient r "
                                                  "JOIN sales_order o ON o.recipient_id = r.id "
                                                  "JOIN order_line l ON l.order_id = o.id"};
    struct rows *rows = db_query(floor->site->db, &ALL, DB_NO_ARGS, &error);
    uint64_t seen = 0;
    for (; rows_next(rows, &error) > 0; seen++)
        for (int i = 0; i < 4; i++)
            g_assert_true(clean_is(rows_text(rows, i)));
    g_assert_no_error(error);
    g_assert_cmpuint(seen, ==, fresh);
    g_strfreev(lines);
    g_string_free(text, TRUE);
    floor_close(floor);
}

/* What becomes of the real file: all of it (its numbers are the donor's), or its head to the end of an invoice. */
static const struct retail {
    uint64_t rows, negative, cancellations, rejected_as_negative;
    int64_t lines;
    uint64_t orders[2][FATE_COUNT], fates[2][FATE_COUNT]; /* the first time, and again */
} RETAIL[] = {
    {30018, 562, 208, 68, 29451, {{1125, 0, 0, 281}, {0, 0, 1125, 281}}, {{29451, 0, 0, 567}, {0, 0, 29451, 567}}},
    {370931, 7675, 2887, 1023, 363119, {{14747, 0, 0, 4039}, {0, 0, 14747, 4039}}, {{363119, 0, 0, 7812}, {0, 0, 363119, 7812}}},
};

/* Every row has one fate, and the second time nothing is new. */
static void online_retail(struct testdb *test)
{
    static const char GZ[] = "../shared/data/online_retail/online_retail_open_to_2011-09.csv.gz";
    if (!g_file_test(GZ, G_FILE_TEST_EXISTS)) {
        g_test_skip("../shared/data/online_retail is absent");
        return;
    }
    struct floor *floor = floor_open(test, "import");
    char *path = g_build_filename(test->dir, "retail.csv", NULL);
    const struct retail *retail = &RETAIL[testdb_whole()];
    char *unpack = g_strdup_printf("gzip -dc %s | head -n %d > '%s'", GZ, (int)retail->rows + 1, path);
    g_assert_cmpint(system(unpack), ==, 0);
    g_free(unpack);
    for (int pass = 0; pass < 2; pass++) {
        struct import_orders import = {.path = path, .shop = "retail", .create_products = pass == 0};
        struct import_result result;
        GError *error = NULL;
        import_orders(floor->site, &import, &result, &error);
        g_assert_no_error(error);
        const struct intake_tally *tally = &result.tally;
        g_assert_cmpuint(tally->rows_read, ==, retail->rows);
        g_assert_cmpuint(tally->negative_rows, ==, retail->negative);
        g_assert_cmpuint(GPOINTER_TO_UINT(g_hash_table_lookup(tally->document_orders, "cancellation")), ==, retail->cancellations);
        g_assert_cmpuint(tally->reject_rows[REJECT_NEGATIVE], ==, retail->rejected_as_negative);
        for (int i = 0; i < FATE_COUNT; i++) {
            g_assert_cmpuint(tally->orders[i], ==, retail->orders[pass][i]);
            g_assert_cmpuint(tally->rows[i], ==, retail->fates[pass][i]);
        }
        g_test_message("%s: %.1f s, %.0f rows a second", pass ? "again" : "first", (double)result.took_ms / 1000,
                       (double)retail->rows * 1000 / (double)MAX(result.took_ms, 1));
        import_result_clear(&result);
    }
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM order_line", 0), ==, retail->lines);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM product WHERE sku IN ('85123A', '85123a')", 0), ==, 2);
    g_free(path);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/intake/29_comes_once", s29_comes_once);
    testdb_add("/intake/cancelled_in_the_shop", cancelled_in_the_shop);
    testdb_add("/intake/changed_in_the_shop", changed_in_the_shop);
    testdb_add("/intake/numbers_added_stop_nothing", numbers_added_stop_nothing);
    testdb_add("/intake/addresses", addresses);
    testdb_add("/intake/presale_waits", presale_waits);
    testdb_add("/intake/dry_run_writes_nothing", dry_run_writes_nothing);
    testdb_add("/intake/mapping_frees_all", mapping_frees_all);
    testdb_add("/intake/killed_and_repeated", killed_and_repeated);
    testdb_add("/intake/two_at_once", two_at_once);
    testdb_add("/intake/naughty_strings", naughty_strings);
    testdb_add("/intake/online_retail", online_retail);
    return g_test_run();
}

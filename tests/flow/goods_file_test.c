/* SPDX-License-Identifier: MIT
 *
 * Files of products, stock and number ranges: every row has one fate, and the same file adds nothing.
 */
#include <string.h>

#include "core/intake/goods_file.h"
#include "core/intake/report.h"
#include "tests/support/order_file.h"

static void import_goods_as(struct floor *floor, enum goods_kind kind, gboolean dry_run, const char *text,
                            const uint64_t fates[FATE_COUNT])
{
    char *path = g_build_filename(floor->test->dir, "goods.csv", NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    struct goods_import import = {.kind = kind, .path = path, .dry_run = dry_run};
    struct intake_tally tally = {0};
    GError *error = NULL;
    goods_import(floor->site, &import, &tally, &error);
    g_assert_no_error(error);
    for (int i = 0; i < FATE_COUNT; i++)
        g_assert_cmpuint(tally.rows[i], ==, fates[i]);
    g_free(path);
}

static void import_goods(struct floor *floor, enum goods_kind kind, const char *text, const uint64_t fates[FATE_COUNT])
{
    import_goods_as(floor, kind, FALSE, text, fates);
}
#define FATES(...) ((const uint64_t[FATE_COUNT]){__VA_ARGS__})

static void goods_come_by_file(struct testdb *test)
{
    struct floor *floor = order_file_floor(test);
    static const char PRODUCTS[] = "貨號,品名,條碼,箱碼,箱入數,重量,批號管理,安全庫存\n"
                                   "P1,一,4710000000017,4710000000024,12,350,,5\n"
                                   "P2,二,,,,,是,\n"
                                   "P3,三,//X,,,,,\n"
                                   "P4,四,,4710000000031,,,,\n"
                                   ",五,,,,,,\n";
    import_goods(floor, GOODS_PRODUCTS, PRODUCTS, FATES(2, 0, 0, 3));
    import_goods(floor, GOODS_PRODUCTS, PRODUCTS, FATES(0, 0, 2, 3));
    import_goods(floor, GOODS_PRODUCTS, "sku,name\nP1,uno\n", FATES(0, 1, 0, 0));
    g_assert_cmpint(floor_int(floor, "SELECT weight_g FROM product WHERE sku = 'P1' AND name = 'uno'", 0), ==, 350);
    g_assert_cmpint(floor_int(floor, "SELECT quantity FROM product_code WHERE code = '4710000000024'", 0), ==, 12);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM product WHERE sku = 'P3'", 0), ==, 0);
    /* an order waits for stock; the file that brings it lets it go */
    order_file_check(floor, HEAD ROW("S1", "2026-02-21", "0912345678", "市政路1號", "P1", "7", "paid"), 1, 0, 0, 0, "");
    g_assert_true(order_file_is_blocked(floor, order_file_shipment(floor, "S1"), "short"));
    static const char STOCK[] = "sku,bin,quantity,walk_order,lot,expires_on\n"
                                "P1,B-01,10,20,,\nP2,B-02,4,30,L1,2027-01-31\nNONE,B-03,1,,,\nP1,B-04,x,,,\n";
    import_goods(floor, GOODS_STOCK, STOCK, FATES(2, 0, 0, 2));
    floor_is(floor, order_file_shipment(floor, "S1"), ST_READY);
    import_goods(floor, GOODS_STOCK, STOCK, FATES(0, 0, 2, 2));
    import_goods(floor, GOODS_STOCK, "sku,bin,quantity\nP1,B-01,8\n", FATES(0, 1, 0, 0));
    g_assert_cmpint(floor_int(floor, "SELECT on_hand FROM stock s JOIN location l ON l.id = s.location_id WHERE l.code = 'B-01'", 0), ==, 8);
    g_assert_cmpint(floor_int(floor, "SELECT expires_on FROM lot WHERE code = 'L1'", 0), ==, 20270131);
    static const char RANGES[] = "courier,prefix,first,last,number\nhct,,200000000,200000019,\nnobody,,1,2,\nhct,,200000010,200000030,\ntcat,,,,905112345678\n";
    import_goods(floor, GOODS_RANGES, RANGES, FATES(2, 0, 0, 2));
    import_goods(floor, GOODS_RANGES, RANGES, FATES(0, 0, 2, 2));
    floor_close(floor);
}

/* More rows than a chunk holds, with rows in the midst of them that a rule refuses after they have written something. */
static void goods_come_in_chunks(struct testdb *test)
{
    enum { ROWS = 130 };
    struct floor *floor = order_file_floor(test);
    GString *products = g_string_new("sku,name,code\n"), *stock = g_string_new("sku,bin,quantity\n");
    for (int i = 0; i < ROWS; i++) {
        gboolean taken = i % 40 == 20; /* its code is the first one's */
        g_string_append_printf(products, "C%d,name,99%d\n", i, taken ? 0 : i);
        if (!taken)
            g_string_append_printf(stock, "C%d,CH-%d,%d\n", i, i / 10, 1 + i);
    }
    import_goods_as(floor, GOODS_PRODUCTS, TRUE, "sku,name\nC1,name\nC2,name\n", FATES(2, 0, 0, 0));
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM product WHERE sku LIKE 'C%'", 0), ==, 0);
    import_goods(floor, GOODS_PRODUCTS, products->str, FATES(ROWS - 3, 0, 0, 3));
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM product WHERE sku LIKE 'C%'", 0), ==, ROWS - 3);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM product WHERE sku IN ('C20', 'C60', 'C100')", 0), ==, 0);
    import_goods(floor, GOODS_PRODUCTS, products->str, FATES(0, 0, ROWS - 3, 3));
    import_goods_as(floor, GOODS_STOCK, TRUE, stock->str, FATES(ROWS - 3, 0, 0, 0));
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM location WHERE code LIKE 'CH-%'", 0), ==, 0);
    import_goods(floor, GOODS_STOCK, stock->str, FATES(ROWS - 3, 0, 0, 0));
    import_goods_as(floor, GOODS_STOCK, TRUE, stock->str, FATES(0, 0, ROWS - 3, 0));
    /* the same place twice: the last row is what lies there */
    import_goods(floor, GOODS_STOCK, "sku,bin,quantity\nC1,CH-0,7\nC2,CH-0,3\nC1,CH-0,9\nC1,CH-0,9\n", FATES(0, 2, 2, 0));
    g_assert_cmpint(floor_int(floor, "SELECT on_hand FROM stock s JOIN product p ON p.id = s.product_id "
                                     "WHERE p.sku = 'C1'", 0), ==, 9);
    g_string_free(products, TRUE);
    g_string_free(stock, TRUE);
    floor_close(floor);
}

static void wrong_goods_are_refused(struct testdb *test)
{
    struct floor *floor = order_file_floor(test);
    import_goods(floor, GOODS_PRODUCTS, "sku,name,lots\nPLAIN,one,\nLOTS,two,1\n", FATES(2, 0, 0, 0));
    import_goods(floor, GOODS_STOCK,
                 "sku,bin,quantity,lot,expires_on\n"
                 "LOTS,A-1,5,,\nPLAIN,A-1,5,L1,\nPLAIN,//BA-1,5,,\nPLAIN,A 1,5,,\nPLAIN,A-1,-5,,\n"
                 "PLAIN,A-1,99999999999999999999,,\nLOTS,A-1,5,L1,20261340\nLOTS,A-1,5,L1,tomorrow\n"
                 "LOTS,A-1,5,L\xff,\nLOTS,A-1,5,L1,20270228\n",
                 FATES(1, 0, 0, 9));
    import_goods(floor, GOODS_STOCK, "sku,bin,quantity,lot,expires_on\nLOTS,A-1,5,L1,2027-03-01\n", FATES(0, 1, 0, 0));
    g_assert_cmpint(floor_int(floor, "SELECT expires_on FROM lot WHERE code = 'L1'", 0), ==, 20270301);
    /* a file that breaks off brings nothing in */
    char *path = g_build_filename(test->dir, "broken.csv", NULL);
    g_assert_true(g_file_set_contents(path, "sku,name\nNEVER,one\nX,\"two\n", -1, NULL));
    struct goods_import import = {.kind = GOODS_PRODUCTS, .path = path};
    struct intake_tally tally = {0};
    GError *error = NULL;
    g_assert_false(goods_import(floor->site, &import, &tally, &error));
    g_assert_error(error, ERR, ERR_IMPORT_ROW_LONG);
    g_clear_error(&error);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM product WHERE sku = 'NEVER'", 0), ==, 0);
    g_free(path);
    floor_close(floor);
}

/* Who picks keeps what was read of the shipment: a lot whose expiry a file brings forward meanwhile is not picked. */
static void an_expiry_reaches_who_is_picking(struct testdb *test)
{
    struct floor *floor = order_file_floor(test);
    import_goods(floor, GOODS_PRODUCTS, "sku,name,lots\nMILK,one,1\n", FATES(1, 0, 0, 0));
    import_goods(floor, GOODS_STOCK, "sku,bin,quantity,lot,expires_on\nMILK,A-1,5,L1,2099-02-28\n", FATES(1, 0, 0, 0));
    int64_t shipment = floor_order(floor, "1", "hct", FLOOR_ITEMS({"MILK", 3}));
    floor_release(floor, shipment);
    struct event pick = {.kind = EV_PICK, .actor = floor->picker, .shipment_id = shipment, .quantity = 1,
                         .task_id = floor_int(floor, "SELECT id FROM pick_task", 0)};
    floor_do(floor, pick);
    floor_do(floor, pick);
    import_goods(floor, GOODS_STOCK, "sku,bin,quantity,lot,expires_on\nMILK,A-1,3,L1,2020-02-28\n", FATES(0, 1, 0, 0));
    floor_refused(floor, pick, ERR_PICK_EXPIRED);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/goods_file/goods_come_by_file", goods_come_by_file);
    testdb_add("/goods_file/goods_come_in_chunks", goods_come_in_chunks);
    testdb_add("/goods_file/an_expiry_reaches_who_is_picking", an_expiry_reaches_who_is_picking);
    testdb_add("/goods_file/wrong_goods_are_refused", wrong_goods_are_refused);
    return g_test_run();
}

/* SPDX-License-Identifier: MIT
 *
 * Who gets stock that is not enough for all: the earliest promise, then who ordered first, wherever the goods or the orders
 * come from.
 */
#include "core/act/goods.h"
#include "core/intake/goods_file.h"
#include "core/intake/map.h"
#include "tests/support/order_file.h"

#define ORDER(number, date, sku, quantity, status) ROW(number, date, "0912345678", "市政路1號", sku, quantity, status)
#define PIECES "10"

/* The newest stands first, as exports have it: LATE is promised a day later, NEW and OLD for the same cut-off. */
#define THREE(sku)                                                                                                     \
    ORDER("LATE", "2026-02-22 11:00", sku, PIECES, "paid")                                                               \
    ORDER("NEW", "2026-02-21 11:00", sku, PIECES, "paid")                                                                \
    ORDER("OLD", "2026-02-21 09:00", sku, PIECES, "paid")

static void import(struct floor *floor, const char *text)
{
    struct import_result result = order_file_import(floor, text, NULL);
    import_result_clear(&result);
}

/* Whether the order is ready, or waits for stock and for nothing else. */
static void gets(struct floor *floor, const char *number, gboolean ready)
{
    int64_t shipment = order_file_shipment(floor, number);
    floor_is(floor, shipment, ready ? ST_READY : ST_NEW);
    g_assert_true(order_file_is_blocked(floor, shipment, "short") == !ready);
}

static void only_the_oldest_gets(struct floor *floor)
{
    gets(floor, "OLD", TRUE);
    gets(floor, "NEW", FALSE);
    gets(floor, "LATE", FALSE);
}

static void put_mugs(struct floor *floor, int64_t bin_id, int64_t pieces)
{
    floor_receive(floor, floor_int(floor, "SELECT id FROM product WHERE sku = 'MUG'", 0), 0, bin_id, pieces);
}

static struct floor *open_floor(struct testdb *test, int64_t pieces)
{
    struct floor *floor = floor_open(test, "allocate");
    int64_t bin = floor_bin(floor, "A-01-1", 1);
    floor_receive(floor, floor_product(floor, "TEA", NULL), 0, bin, 1000);
    floor_product(floor, "MUG", NULL);
    if (pieces > 0)
        put_mugs(floor, bin, pieces);
    return floor;
}

static void within_a_file(struct testdb *test)
{
    struct floor *floor = open_floor(test, 10);
    import(floor, HEAD THREE("MUG"));
    only_the_oldest_gets(floor);
    floor_close(floor);
}

/* More orders than are stored at once stand between them. */
static void within_a_long_file(struct testdb *test)
{
    struct floor *floor = open_floor(test, 10);
    GString *text = g_string_new(HEAD ORDER("LATE", "2026-02-22 11:00", "MUG", PIECES, "paid")
                                     ORDER("NEW", "2026-02-21 11:00", "MUG", PIECES, "paid"));
    for (int i = 0; i < 450; i++)
        g_string_append_printf(text, ORDER("T%d", "2026-02-21 10:00", "TEA", "1", "paid"), i);
    g_string_append(text, ORDER("OLD", "2026-02-21 09:00", "MUG", PIECES, "paid"));
    import(floor, text->str);
    only_the_oldest_gets(floor);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM shipment WHERE state = 'ready'", 0), ==, 451);
    g_string_free(text, TRUE);
    floor_close(floor);
}

/* The urgent one waits since an earlier file, for what the later file could have taken. */
static void beside_what_waits(struct testdb *test)
{
    struct floor *floor = open_floor(test, 0);
    import(floor, HEAD ORDER("OLD", "2026-02-21 09:00", "MUG", PIECES, "paid"));
    gets(floor, "OLD", FALSE);
    put_mugs(floor, floor_bin(floor, "B-01-1", 2), 10);
    import(floor, HEAD THREE("MUG"));
    only_the_oldest_gets(floor);
    floor_close(floor);
}

static void paid_in_a_later_file(struct testdb *test)
{
    struct floor *floor = open_floor(test, 10);
    import(floor, HEAD ORDER("NEW", "2026-02-21 11:00", "MUG", PIECES, "unpaid")
                      ORDER("OLD", "2026-02-21 09:00", "MUG", PIECES, "unpaid"));
    import(floor, HEAD THREE("MUG"));
    only_the_oldest_gets(floor);
    floor_close(floor);
}

static void freed_by_a_mapping(struct testdb *test)
{
    struct floor *floor = open_floor(test, 10);
    struct listing_part part;
    struct map_result result;
    GError *error = NULL;
    import(floor, HEAD THREE("CUP"));
    int64_t listing = map_find(floor->site, "web", "CUP", &error);
    g_assert_true(map_parse_part(floor->site, "MUG", &part, &error));
    g_assert_true(map_set(floor->site, floor->system, listing, &part, 1, &result, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(result.filled, ==, 3);
    g_assert_cmpuint(result.released, ==, 1);
    only_the_oldest_gets(floor);
    floor_close(floor);
}

static void received_by_hand(struct testdb *test)
{
    struct floor *floor = open_floor(test, 0);
    const struct goods_act act = {.kind = GOODS_RECEIVE, .sku = "MUG", .to = "A-01-1", .quantity = 10, .reason = "test"};
    struct goods_done done;
    GError *error = NULL;
    import(floor, HEAD THREE("MUG"));
    g_assert_true(goods_act(floor->site, floor->lead, &act, &done, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(done.waiting.released, ==, 1);
    only_the_oldest_gets(floor);
    floor_close(floor);
}

/* What is not paid yet keeps nothing from the others, however early it was promised. */
static void received_by_file(struct testdb *test)
{
    struct floor *floor = open_floor(test, 0);
    char *path = g_build_filename(test->dir, "stock.csv", NULL);
    struct goods_import call = {.kind = GOODS_STOCK, .path = path};
    struct intake_tally tally = {0};
    GError *error = NULL;
    import(floor, HEAD ORDER("UNPAID", "2026-02-20 09:00", "MUG", PIECES, "paid") THREE("MUG"));
    floor_do(floor, (struct event){.kind = EV_BLOCK, .actor = floor->lead, .shipment_id = order_file_shipment(floor, "UNPAID"),
                                   .block = BLOCK_HELD});
    g_assert_true(g_file_set_contents(path, "sku,bin,quantity\nMUG,A-01-1,10\n", -1, NULL));
    g_assert_true(goods_import(floor->site, &call, &tally, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(tally.released, ==, 1);
    only_the_oldest_gets(floor);
    gets(floor, "UNPAID", FALSE);
    g_free(path);
    floor_close(floor);
}

/* Pieces that may not be picked are nobody's: the one they seem to suffice for takes nothing from the next. */
static void beside_expired_goods(struct testdb *test)
{
    struct floor *floor = open_floor(test, 0);
    int64_t jam = floor_product_with_lots(floor, "JAM", NULL), bin = floor_bin(floor, "B-01-1", 2);
    floor_receive(floor, jam, floor_lot(floor, jam, "OLD", 20200101), bin, 10);
    floor_receive(floor, jam, floor_lot(floor, jam, "GOOD", 20991231), bin, 4);
    import(floor, HEAD ORDER("BIG", "2026-02-21 09:00", "JAM", "10", "paid")
                      ORDER("SMALL", "2026-02-21 11:00", "JAM", "4", "paid"));
    gets(floor, "BIG", FALSE);
    gets(floor, "SMALL", TRUE);
    floor_close(floor);
}

/* On a server that was never told how its tables are filled, as on a floor's first day: an order costs what it costs,
 * however many wait already. */
static void costs_the_same_each(struct testdb *test)
{
    enum { ORDERS = 1500, READS_EACH = 50 };
    static const char READS[] = "SELECT CAST(SUM(idx_tup_read) AS BIGINT) FROM pg_stat_user_indexes";
    if (test->engine != DB_POSTGRES) {
        g_test_skip("SQLite plans without statistics: tests/flow/plans_test");
        return;
    }
    struct floor *floor = open_floor(test, 10);
    GString *text = g_string_new(HEAD);
    for (int i = 0; i < ORDERS; i++)
        g_string_append_printf(text, ORDER("T%d", "2026-02-21 10:00", "MUG", "1", "paid"), i);
    for (int times = 0; times < 2; times++) {
        int64_t before = floor_int(floor, READS, 0);
        import(floor, text->str);
        testdb_script(floor->site->db, "SELECT pg_stat_force_next_flush()");
        g_assert_cmpint(floor_int(floor, READS, 0) - before, <, ORDERS * READS_EACH);
    }
    g_string_free(text, TRUE);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/allocate/within_a_file", within_a_file);
    testdb_add("/allocate/within_a_long_file", within_a_long_file);
    testdb_add("/allocate/beside_what_waits", beside_what_waits);
    testdb_add("/allocate/paid_in_a_later_file", paid_in_a_later_file);
    testdb_add("/allocate/freed_by_a_mapping", freed_by_a_mapping);
    testdb_add("/allocate/received_by_hand", received_by_hand);
    testdb_add("/allocate/received_by_file", received_by_file);
    testdb_add("/allocate/beside_expired_goods", beside_expired_goods);
    testdb_add("/allocate/costs the same each", costs_the_same_each);
    return g_test_run();
}

/* SPDX-License-Identifier: MIT
 *
 * Each alert comes when its cause is there, goes when it is gone, and is found through an index.
 */
#include <glib.h>
#include <string.h>

#include "core/base/clock.h"
#include "core/view/alerts.h"
#include "tests/support/floor.h"

static guint count(struct floor *floor, enum alert_kind kind, char **text)
{
    GError *error = NULL;
    GArray *alerts = alerts_load(floor->site, 20, &error);
    guint found = 0;
    g_assert_no_error(error);
    for (guint i = 0; i < alerts->len; i++) {
        const struct alert *alert = &g_array_index(alerts, struct alert, i);
        if (alert->kind != kind)
            continue;
        found++;
        g_assert_null(strchr(alert->text, '{'));
        if (text && !*text)
            *text = g_strdup(alert->text);
    }
    g_array_unref(alerts);
    return found;
}

static void expect(struct floor *floor, enum alert_kind kind, guint wanted, const char *says)
{
    char *text = NULL;
    guint found = count(floor, kind, &text);
    if (found != wanted || (says && (!text || !strstr(text, says))))
        g_error("%s: %u alerts, %s", alert_kind_name(kind), found, text ? text : "-");
    g_free(text);
}

static void run(struct floor *floor, const char *format, ...) G_GNUC_PRINTF(2, 3);
static void run(struct floor *floor, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    char *sql = g_strdup_vprintf(format, list);
    va_end(list);
    floor->tampered = TRUE;
    testdb_script(floor->site->db, sql);
    g_free(sql);
}

static void stock(struct testdb *test)
{
    struct floor *floor = floor_open(test, "a");
    int64_t mug = floor_product(floor, "MUG-RED", NULL), tea = floor_product_with_lots(floor, "TEA", NULL);
    int64_t bin = floor_bin(floor, "A-1", 1), lot = floor_lot(floor, tea, "L7", 20200131);
    expect(floor, ALERT_SAFETY, 0, NULL);
    floor_receive(floor, mug, 0, bin, 10);
    run(floor, "UPDATE product SET safety_stock = 11, expected_sales = 51 WHERE sku = 'MUG-RED'");
    expect(floor, ALERT_SAFETY, 1, "MUG-RED: 10 left, 0 wanted, safety stock 11");
    expect(floor, ALERT_SALES, 1, "MUG-RED: 10 left of 51");
    floor_order(floor, "1", "hct", FLOOR_ITEMS({"MUG-RED", 3}));
    expect(floor, ALERT_SAFETY, 1, "3 wanted");
    floor_receive(floor, mug, 0, bin, 1);
    expect(floor, ALERT_SAFETY, 0, NULL);
    expect(floor, ALERT_SALES, 0, NULL);
    expect(floor, ALERT_EXPIRY, 0, NULL);
    floor_receive(floor, tea, lot, bin, 4);
    expect(floor, ALERT_EXPIRY, 1, "TEA lot L7 expires 2020-01-31: 4 pieces");
    run(floor, "UPDATE lot SET expires_on = 20990101");
    expect(floor, ALERT_EXPIRY, 0, NULL);
    floor_close(floor);
}

/* Who was locked out by wrong PINs, until an administrator lets them in, or for a day. */
static void logins(struct testdb *test)
{
    struct floor *floor = floor_open(test, "a");
    expect(floor, ALERT_LOGIN, 0, NULL);
    run(floor, "UPDATE person SET failed_count = 7, locked_until_at = %" G_GINT64_FORMAT " WHERE role = 'lead'",
        site_now(floor->site) - 60000);
    expect(floor, ALERT_LOGIN, 1, ": 7. packline people unlock");
    run(floor, "UPDATE person SET failed_count = 0, locked_until_at = 0 WHERE role = 'lead'");
    expect(floor, ALERT_LOGIN, 0, NULL);
    floor_close(floor);
}

static void orders(struct testdb *test)
{
    struct floor *floor = floor_open(test, "a");
    floor_product(floor, "MUG-RED", NULL);
    floor_order(floor, "1", "hct", FLOOR_ITEMS({"MUG-RED", 3}));
    expect(floor, ALERT_LATE, 0, NULL);
    run(floor, "UPDATE shipment SET cut_off_at = 1000");
    expect(floor, ALERT_LATE, 1, "cut-off: 1");
    run(floor, "UPDATE shop SET last_import_at = %" G_GINT64_FORMAT, site_now(floor->site) - 59 * 60000);
    expect(floor, ALERT_SILENCE, 0, NULL);
    run(floor, "UPDATE shop SET last_import_at = %" G_GINT64_FORMAT, site_now(floor->site) - 61 * 60000);
    expect(floor, ALERT_SILENCE, 1, "小店");
    run(floor, "INSERT INTO listing (id, shop_id, ident) SELECT 1, id, 'X' FROM shop");
    expect(floor, ALERT_UNMAPPED, 1, "no product: 1");
    run(floor,
        "INSERT INTO count_task (id, warehouse_id, location_id, product_id, reason, event_key, at) SELECT 1, "
        "p.warehouse_id, l.id, p.id, 'x', 1, 1 FROM product p, location l WHERE l.kind = 'bench'");
    expect(floor, ALERT_COUNT_BIN, 1, "counted: 1");
    floor_close(floor);
}

static void printing(struct testdb *test)
{
    struct floor *floor = floor_open(test, "a");
    int64_t mug = floor_product(floor, "MUG-RED", NULL), bin = floor_bin(floor, "A-1", 1);
    floor_receive(floor, mug, 0, bin, 10);
    int64_t shipment = floor_order(floor, "1", "hct", FLOOR_ITEMS({"MUG-RED", 3}));
    floor_release(floor, shipment);
    floor_pick_all(floor, shipment);
    floor_pack_all(floor, shipment);
    expect(floor, ALERT_PRINTER, 0, NULL);
    expect(floor, ALERT_WORKER, 0, NULL);
    run(floor, "UPDATE printer SET state = 'attention', state_text = 'no paper'");
    expect(floor, ALERT_PRINTER, 1, "label-1: no paper");
    run(floor, "UPDATE job SET made_at = 1");
    expect(floor, ALERT_WORKER, 1, "label-1");
    run(floor, "UPDATE job SET state = 'unknown'");
    expect(floor, ALERT_UNSURE, 1, "sure of: 1");
    run(floor, "UPDATE job SET state = 'failed'");
    expect(floor, ALERT_FAILED, 1, "printed: 1");
    expect(floor, ALERT_UNSURE, 0, NULL);
    expect(floor, ALERT_RANGE, 0, NULL);
    run(floor, "UPDATE waybill_range SET last = next + 19");
    expect(floor, ALERT_RANGE, 1, "20 waybill numbers left");
    floor_close(floor);
}

static void books(struct testdb *test)
{
    struct floor *floor = floor_open(test, "a");
    expect(floor, ALERT_BOOKS, 0, NULL);
    floor->site->violations = 2;
    expect(floor, ALERT_BOOKS, 1, "(violations: 2): run packline check");
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/alerts/logins", logins);
    testdb_add("/alerts/stock", stock);
    testdb_add("/alerts/orders", orders);
    testdb_add("/alerts/printing", printing);
    testdb_add("/alerts/books", books);
    return g_test_run();
}

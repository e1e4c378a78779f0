/* SPDX-License-Identifier: MIT */
#include "tests/support/order_file.h"

#include "core/intake/report.h"

struct told {
    GString *changes; /* "number:parts;" */
    char *outcome;
};

static void on_change(const struct intake_change *change, void *data)
{
    struct told *told = data;
    g_string_append_printf(told->changes, "%s:", change->external_id);
    for (int part = 0; part < PART_COUNT; part++)
        if (change->parts & 1u << part)
            g_string_append_printf(told->changes, "%s,", draft_part_name((enum draft_part)part));
    g_string_append_c(told->changes, ';');
    g_free(told->outcome);
    told->outcome = g_strdup(change->outcome);
}

struct import_result order_file_import(struct floor *floor, const char *text, const char *changes)
{
    char *path = g_build_filename(floor->test->dir, "orders.csv", NULL);
    char *report_path_text = g_build_filename(floor->test->dir, "rejected.csv", NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    struct told told = {g_string_new(NULL), NULL};
    struct report *report = report_new(report_path_text);
    struct import_orders import = {.path = path, .shop = "web", .format = "generic", .report = report, .on_change = on_change, .data = &told};
    struct import_result result;
    GError *error = NULL;
    import_orders(floor->site, &import, &result, &error);
    g_assert_no_error(error);
    const struct intake_tally *tally = &result.tally;
    g_assert_cmpuint(tally->rows_read, ==, tally->rows[FATE_NEW] + tally->rows[FATE_CHANGED] + tally->rows[FATE_SAME] + tally->rows[FATE_REJECTED]);
    g_assert_cmpuint(report_rows(report), ==, tally->rows[FATE_REJECTED]);
    g_assert_true(report_close(report, &error));
    if (changes)
        g_assert_cmpstr(told.changes->str, ==, changes);
    g_string_free(told.changes, TRUE);
    g_free(told.outcome);
    g_free(path);
    g_free(report_path_text);
    return result;
}

void order_file_check(struct floor *floor, const char *text, uint64_t fresh, uint64_t changed, uint64_t same,
                         uint64_t rejected, const char *changes)
{
    struct import_result result = order_file_import(floor, text, changes);
    g_assert_cmpuint(result.tally.orders[FATE_NEW], ==, fresh);
    g_assert_cmpuint(result.tally.orders[FATE_CHANGED], ==, changed);
    g_assert_cmpuint(result.tally.orders[FATE_SAME], ==, same);
    g_assert_cmpuint(result.tally.orders[FATE_REJECTED], ==, rejected);
    import_result_clear(&result);
}

struct floor *order_file_floor(struct testdb *test)
{
    struct floor *floor = floor_open(test, "import");
    int64_t mug = floor_product(floor, "MUG", NULL), tea = floor_product(floor, "TEA", NULL);
    int64_t bin = floor_bin(floor, "A-01-1", 1);
    floor_receive(floor, mug, 0, bin, 10);
    floor_receive(floor, tea, 0, bin, 10);
    return floor;
}

int64_t order_file_shipment(struct floor *floor, const char *number)
{
    char *sql = g_strdup_printf("SELECT s.id FROM shipment s JOIN sales_order o ON o.id = s.order_id WHERE o.external_id = '%s'", number);
    int64_t id = floor_int(floor, sql, 0);
    g_free(sql);
    return id;
}

gboolean order_file_is_blocked(struct floor *floor, int64_t shipment, const char *kind)
{
    char *sql = g_strdup_printf("SELECT COUNT(*) FROM block WHERE shipment_id = $1 AND cleared_at IS NULL AND kind = '%s'", kind);
    int64_t n = floor_int(floor, sql, shipment);
    g_free(sql);
    return n > 0;
}

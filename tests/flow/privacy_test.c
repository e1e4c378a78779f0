/* SPDX-License-Identifier: MIT
 *
 * Names, phones, addresses and notes stand in table recipient and nowhere else: they are planted in an order
 * file, the order goes its whole way with refusals, a hold, a change of address, a reprint, a cancel; then
 * every column of every other table and every file that was written is searched for them.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <libpq-fe.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "core/act/forget.h"
#include "core/check/check.h"
#include "core/intake/import_orders.h"
#include "core/intake/report.h"
#include "core/outside/shipped.h"
#include "core/view/alerts.h"
#include "printing/queue/worker.h"
#include "tests/support/floor.h"

/* Planted: any of these outside recipient is a leak. */
static const char *const PLANTED[] = {"林機密", "0987654321", "654321",    "秘密路",
                                      "藏起來", "MOVED LANE", "0911222333"};

#define HEAD                                                                                                 \
    "order_no,ordered_at,name,phone,postcode,county,district,address,buyer_note,seller_remark,sku,title,"    \
    "quantity,price,"                                                                                        \
    "status,courier,total\n"
#define ORDER(number, quantity, phone, street, status)                                                       \
    number ",2026-11-20 10:00,林機密," phone ",407,臺中市,西屯區," street                                    \
           ",藏起來 note,藏起來 remark,MUG,杯," quantity ",150," status ",hct,300\n"

static gboolean leaks(const char *text)
{
    for (guint i = 0; text && i < G_N_ELEMENTS(PLANTED); i++)
        if (strstr(text, PLANTED[i]))
            return TRUE;
    return FALSE;
}

/* --- every table, by the engine's own library ----------------------------------------------------------- */

static int sqlite_row(void *data, int columns, char **values, char **names)
{
    for (int i = 0; i < columns; i++)
        if (leaks(values[i]))
            g_error("%s.%s holds personal data: %s", (const char *)data, names[i], values[i]);
    return 0;
}

static void sqlite_tables(const char *url)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *tables = NULL;
    guint seen = 0;
    g_assert_cmpint(sqlite3_open(url + strlen("sqlite:"), &db), ==, SQLITE_OK);
    g_assert_cmpint(
        sqlite3_prepare_v2(db, "SELECT name FROM sqlite_master WHERE type = 'table' AND name <> 'recipient'",
                           -1, &tables, NULL),
        ==, SQLITE_OK);
    for (; sqlite3_step(tables) == SQLITE_ROW; seen++) {
        char *name = g_strdup((const char *)sqlite3_column_text(tables, 0));
        char *sql = g_strdup_printf("SELECT * FROM %s", name);
        g_assert_cmpint(sqlite3_exec(db, sql, sqlite_row, name, NULL), ==, SQLITE_OK);
        g_free(sql);
        g_free(name);
    }
    sqlite3_finalize(tables);
    sqlite3_close(db);
    g_assert_cmpint(seen, >, 30);
}

static void postgres_table(PGconn *db, const char *name)
{
    char *sql = g_strdup_printf("SELECT * FROM %s", name);
    PGresult *rows = PQexec(db, sql);
    g_assert_cmpint(PQresultStatus(rows), ==, PGRES_TUPLES_OK);
    for (int row = 0; row < PQntuples(rows); row++)
        for (int column = 0; column < PQnfields(rows); column++)
            if (leaks(PQgetvalue(rows, row, column)))
                g_error("%s.%s holds personal data: %s", name, PQfname(rows, column),
                        PQgetvalue(rows, row, column));
    PQclear(rows);
    g_free(sql);
}

static void postgres_tables(const char *url)
{
    PGconn *db = PQconnectdb(url);
    PGresult *tables = PQexec(db, "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() "
                                  "AND tablename <> 'recipient'");
    g_assert_cmpint(PQntuples(tables), >, 30);
    for (int i = 0; i < PQntuples(tables); i++)
        postgres_table(db, PQgetvalue(tables, i, 0));
    PQclear(tables);
    PQfinish(db);
}

/* --- every file below the test's directory, but what came in and the database --------------------------- */

static void files(const char *dir)
{
    GDir *entries = g_dir_open(dir, 0, NULL);
    const char *name;
    while ((name = g_dir_read_name(entries))) {
        char *path = g_build_filename(dir, name, NULL), *bytes = NULL;
        gsize length = 0;
        if (leaks(name))
            g_error("a file's name holds personal data: %s", name);
        if (g_file_test(path, G_FILE_TEST_IS_DIR))
            files(path);
        else if (!strstr(name, ".db") && strcmp(name, "orders.csv") != 0 &&
                 g_file_get_contents(path, &bytes, &length, NULL))
            for (guint i = 0; i < G_N_ELEMENTS(PLANTED); i++)
                if (memmem(bytes, length, PLANTED[i], strlen(PLANTED[i])))
                    g_error("%s holds personal data", name);
        g_free(bytes);
        g_free(path);
    }
    g_dir_close(entries);
}

/* --- printing: to a folder, by the real worker ---------------------------------------------------------- */

static void print(struct floor *floor)
{
    int stop = eventfd(0, EFD_CLOEXEC);
    const struct worker_options options = {
        .db_url = floor->test->url, .host = g_get_host_name(), .once = TRUE};
    GError *error = NULL;
    worker_run(&options, stop, &error);
    g_assert_no_error(error);
    close(stop);
}

/* --- the order's way ------------------------------------------------------------------------------------ */

static void import(struct floor *floor, const char *text)
{
    char *path = g_build_filename(floor->test->dir, "orders.csv", NULL);
    char *rejected = g_build_filename(floor->test->dir, "rejected.csv", NULL);
    GError *error = NULL;
    struct import_result result;
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    struct report *report = report_new(rejected);
    const struct import_orders call = {.path = path, .shop = "web", .format = "generic", .report = report};
    import_orders(floor->site, &call, &result, &error);
    g_assert_no_error(error);
    import_result_clear(&result);
    g_assert_true(report_close(report, &error));
    g_free(path);
    g_free(rejected);
}

static int64_t shipment_of(struct floor *floor, const char *sql)
{
    int64_t id = floor_int(floor, sql, 0);
    g_assert_cmpint(id, !=, 0);
    return id;
}

static void all_the_way(struct floor *floor, int64_t shipment)
{
    floor_refused(floor, (struct event){.kind = EV_PACK, .actor = floor->packer, .shipment_id = shipment},
                  ERR_FLOW_STATE);
    floor_do(floor, (struct event){.kind = EV_BLOCK,
                                   .actor = floor->lead,
                                   .shipment_id = shipment,
                                   .block = BLOCK_HELD,
                                   .reason = "call back"});
    floor_do(floor,
             (struct event){
                 .kind = EV_UNBLOCK, .actor = floor->lead, .shipment_id = shipment, .block = BLOCK_HELD});
    floor_pick_all(floor, shipment);
    floor_pack_all(floor, shipment);
    floor_do(floor,
             (struct event){
                 .kind = EV_REPRINT, .actor = floor->packer, .shipment_id = shipment, .reason = "torn"});
    print(floor);
    floor_apply_label(floor, shipment);
    floor_do(floor, floor_out(floor, shipment));
}

static void export(struct floor *floor)
{
    char *path = g_build_filename(floor->test->dir, "shipped.csv", NULL);
    FILE *file = fopen(path, "w");
    uint64_t rows = 0;
    GError *error = NULL;
    const struct export_call call = {.file = file};
    export_shipped(floor->site, &call, &rows, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(rows, ==, 1);
    fclose(file);
    g_free(path);
}

static void alerts(struct floor *floor)
{
    GArray *list = alerts_load(floor->site, 20, NULL);
    for (guint i = 0; i < list->len; i++)
        g_assert_false(leaks(g_array_index(list, struct alert, i).text));
    g_array_unref(list);
}

static void only_in_recipient(struct testdb *test)
{
    struct floor *floor = floor_open(test, "import");
    int64_t mug = floor_product(floor, "MUG", NULL), bin = floor_bin(floor, "A-01-1", 1);
    char *paper = g_strdup_printf("UPDATE printer SET uri = 'file:%s/paper'", test->dir);
    testdb_script(floor->site->db, paper);
    g_free(paper);
    floor_receive(floor, mug, 0, bin, 50);
    import(floor, HEAD ORDER("1", "2", "0987654321", "秘密路1號", "paid")
                      ORDER("2", "1", "0987654321", "秘密路1號", "paid")
                          ORDER("3", "many", "0987654321", "秘密路1號", "paid")
                              ORDER("4", "1", "0987654321", "秘密路1號", "paid"));
    int64_t first =
        shipment_of(floor, "SELECT s.id FROM shipment s JOIN sales_order o ON o.id = s.order_id WHERE "
                           "o.external_id = '1'");
    all_the_way(floor, first);
    int64_t second =
        shipment_of(floor, "SELECT s.id FROM shipment s JOIN sales_order o ON o.id = s.order_id WHERE "
                           "o.external_id = '2'");
    floor_pick_all(floor, second);
    floor_pack_all(floor, second);
    print(floor);
    import(floor, HEAD ORDER("2", "1", "0911222333", "MOVED LANE 9", "paid")
                      ORDER("4", "1", "0987654321", "秘密路1號", "cancelled"));
    export(floor);
    alerts(floor);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM job WHERE state = 'printed'", 0), >=, 3);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM recipient WHERE name = '林機密'", 0), >=, 3);
    (test->engine == DB_SQLITE ? sqlite_tables : postgres_tables)(test->url);
    files(test->dir);
    files(g_get_user_state_dir());
    floor_close(floor);
}

/* --- forgetting ----------------------------------------------------------------------------------------- */

static void told(const struct check_info *info, guint violations, const char *text, void *data)
{
    (void)violations;
    if (text)
        g_string_append_printf(data, "%s: %s\n", info->name, text);
}

/* A picker says of a bin that it has less than the books; the order is cancelled. */
static void run_short(struct floor *floor, const char *reason)
{
    int64_t id = floor_order(floor, "3", "hct", FLOOR_ITEMS({"MUG", 1}));
    floor_release(floor, id);
    floor_do(floor, (struct event){.kind = EV_SHORT, .actor = floor->picker, .shipment_id = id, .reason = reason,
                                   .task_id = floor_int(floor, "SELECT id FROM pick_task WHERE shipment_id = $1", id)});
    floor_do(floor, (struct event){.kind = EV_CANCEL, .actor = floor->lead, .shipment_id = id, .reason = reason});
}

/* What is over is forgotten, with its salt; the rest stays, and check tells of it and finds nothing. */
static void forgets(struct testdb *test)
{
    struct floor *floor = floor_open(test, "import");
    int64_t mug = floor_product(floor, "MUG", NULL), bin = floor_bin(floor, "A-01-1", 1);
    GError *error = NULL;
    guint violations = 0;
    struct forgotten forgotten;
    GString *said = g_string_new(NULL);
    floor_receive(floor, mug, 0, bin, 50);
    int64_t over = floor_order(floor, "1", "hct", FLOOR_ITEMS({"MUG", 2})), open = floor_order(floor, "2", "hct", FLOOR_ITEMS({"MUG", 1}));
    floor_release(floor, over);
    for (int i = 0; i < 2; i++)
        floor_do(floor, (struct event){.kind = EV_BLOCK, .actor = floor->lead, .shipment_id = i ? open : over,
                                       .block = BLOCK_HELD, .reason = "call 王大衛 back"});
    floor_do(floor, (struct event){.kind = EV_CANCEL, .actor = floor->lead, .shipment_id = over, .reason = "王大衛 said so"});
    floor_do(floor, (struct event){.kind = EV_ADJUST, .actor = floor->lead, .product_id = mug, .from_id = bin, .quantity = -1,
                                   .reason = "王大衛 broke it"});
    run_short(floor, "王大衛 has it");
    floor_say(floor);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM count_task WHERE reason LIKE '%王大衛%'", 0), ==, 1);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM stock_move WHERE reason LIKE '%王大衛%'", 0), ==, 0);
    g_assert_true(orders_forget(floor->site, &floor->lead, &(struct forget_of){.before_at = site_now(floor->site) + 60000}, &forgotten, &error));
    g_assert_no_error(error);
    g_assert_cmpuint(forgotten.recipients, ==, 2);
    g_assert_cmpuint(forgotten.remarks, ==, 6); /* two cancels, a block, a short bin, goods that came and goods that broke */
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM recipient WHERE name = '' AND address = '' AND salt IS NULL", 0), ==, 2);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM count_task WHERE reason LIKE '%王大衛%'", 0), ==, 0);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM remark WHERE text LIKE '%王大衛%'", 0), ==, 1);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM block WHERE reason LIKE '%王大衛%'", 0), ==, 1);
    check_run(floor->site->db, &(struct check_way){.depth = CHECK_FULL, .now_utc_ms = site_now(floor->site),
                                                   .done = told, .data = said},
              &violations, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(violations, ==, 0);
    g_assert_nonnull(strstr(said->str, "said: 8 were forgotten\n"));
    g_assert_nonnull(strstr(said->str, "judged again: 4 changes wholly, 6 by their states;")); /* three births, one block of two */
    g_string_free(said, TRUE);
    floor_close(floor);
}

static void remove_tree(const char *path)
{
    GDir *entries = g_dir_open(path, 0, NULL);
    const char *name;
    while (entries && (name = g_dir_read_name(entries))) {
        char *below = g_build_filename(path, name, NULL);
        remove_tree(below);
        g_free(below);
    }
    if (entries)
        g_dir_close(entries);
    g_remove(path);
}

int main(int argc, char **argv)
{
    char *state = g_dir_make_tmp("packline-XXXXXX", NULL);
    g_setenv("XDG_STATE_HOME", state, TRUE);
    g_test_init(&argc, &argv, NULL);
    testdb_add("/privacy/only-in-recipient", only_in_recipient);
    testdb_add("/privacy/forgets", forgets);
    int result = g_test_run();
    remove_tree(state);
    g_free(state);
    return result;
}

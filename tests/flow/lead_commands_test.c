/* SPDX-License-Identifier: MIT
 *
 * What a lead does from the command line, with the real program on both engines.
 */
#include <glib.h>
#include <jansson.h>
#include <string.h>
#include <sys/wait.h>

#include "core/people/people.h"
#include "tests/support/desk.h"
#include "tests/support/headless.h"

/* Runs packline with the words, the last one NULL; returns its exit code, its output in *out (may be NULL). */
static int run(struct floor *floor, char **out, ...)
{
    GPtrArray *argv = g_ptr_array_new();
    GError *error = NULL;
    char *program = headless_program("packline"), *output = NULL, *errors = NULL, *word;
    int status = 0;
    va_list list;
    g_ptr_array_add(argv, program);
    va_start(list, out);
    while ((word = va_arg(list, char *)))
        g_ptr_array_add(argv, word);
    va_end(list);
    g_ptr_array_add(argv, (char *)(uintptr_t)"--db");
    g_ptr_array_add(argv, floor->test->url);
    g_ptr_array_add(argv, NULL);
    g_spawn_sync(NULL, (char **)argv->pdata, NULL, G_SPAWN_DEFAULT, NULL, NULL, &output, &errors, &status, &error);
    g_assert_no_error(error);
    g_assert_true(WIFEXITED(status));
    g_test_message("%s %s: %s%s", (char *)argv->pdata[1], (char *)argv->pdata[2], output, errors);
    if (out)
        *out = g_strconcat(output, errors, NULL);
    g_free(output);
    g_free(errors);
    g_free(program);
    g_ptr_array_unref(argv);
    return WEXITSTATUS(status);
}

static int64_t json_number(char *text, const char *name)
{
    json_error_t where;
    json_t *root = json_loads(text, 0, &where);
    if (!root)
        g_error("no JSON: %s", text);
    int64_t value = json_integer_value(json_object_get(root, name));
    json_decref(root);
    g_free(text);
    return value;
}

static void has(char *text, const char *word)
{
    if (!strstr(text, word))
        g_error("\"%s\" is not in: %s", word, text);
    g_free(text);
}

static void goods_and_places(struct testdb *test)
{
    struct floor *floor = floor_open(test, "test");
    char *out;
    floor_product(floor, "MUG-RED", NULL);
    int64_t waits = floor_order(floor, "7", "hct", FLOOR_ITEMS({"MUG-RED", 4}));
    g_assert_cmpint(run(floor, &out, "place", "add", "bin", "A-01", "A-02", "--walk", "10", NULL), ==, EXIT_OK);
    has(out, "A-02: added");
    g_assert_cmpint(floor_int(floor, "SELECT walk_order FROM location WHERE code = 'A-02'", 0), ==, 11);
    g_assert_cmpint(run(floor, NULL, "place", "add", "bin", "//L1", NULL), ==, EXIT_USAGE);
    g_assert_cmpint(run(floor, &out, "order", "release", "7", NULL), ==, EXIT_REFUSED);
    has(out, "PL-0349");
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM block WHERE kind = 'short' AND cleared_at IS NULL", 0), ==, 1);
    g_assert_cmpint(run(floor, &out, "stock", "receive", "MUG-RED", "A-01", "5", NULL), ==, EXIT_REFUSED);
    has(out, "PL-0402");
    g_assert_cmpint(run(floor, &out, "stock", "receive", "MUG-RED", "A-01", "5", "--reason", "came", "--json", NULL), ==,
                    EXIT_OK);
    g_assert_cmpint(json_number(out, "released"), ==, 1);
    floor_is(floor, waits, ST_READY);
    g_assert_cmpint(run(floor, &out, "stock", "adjust", "MUG-RED", "A-01", "-3", "--reason", "broken", NULL), ==,
                    EXIT_REFUSED);
    has(out, "PL-0401"); /* four of the five are promised */
    g_assert_cmpint(run(floor, NULL, "stock", "adjust", "MUG-RED", "A-01", "-1", "--reason", "broken", NULL), ==, EXIT_OK);
    g_assert_cmpint(run(floor, &out, "stock", "count", "MUG-RED", "A-01", "9", "--json", NULL), ==, EXIT_OK);
    g_assert_cmpint(json_number(out, "change"), ==, 5);
    g_assert_cmpint(run(floor, NULL, "stock", "move", "MUG-RED", "A-01", "A-02", "2", NULL), ==, EXIT_OK);
    g_assert_cmpint(run(floor, &out, "stock", "list", "MUG-RED", NULL), ==, EXIT_OK);
    has(out, "A-02");
    g_assert_cmpint(run(floor, &out, "stock", "move", "MUG-RED", "A-01", "A-99", "2", NULL), ==, EXIT_DATA);
    has(out, "PL-0410");
    g_assert_cmpint(run(floor, &out, "place", "remove", "A-02", NULL), ==, EXIT_REFUSED);
    has(out, "PL-0412");
    g_assert_cmpint(run(floor, &out, "stock", "adjust", "NOPE", "A-01", "1", "--reason", "x", NULL), ==, EXIT_DATA);
    has(out, "PL-0400");
    floor_close(floor);
}

static void orders_and_batches(struct testdb *test)
{
    struct floor *floor = floor_open(test, "test");
    GError *error = NULL;
    char *out;
    floor_receive(floor, floor_product(floor, "MUG-RED", NULL), 0, floor_bin(floor, "A-01", 1), 20);
    int64_t one = floor_order(floor, "1", "hct", FLOOR_ITEMS({"MUG-RED", 1}));
    int64_t two = floor_order(floor, "2", "hct", FLOOR_ITEMS({"MUG-RED", 1}));
    person_add(floor->site, &floor->system, "L1", "Lin", ROLE_LEAD, DESK_PIN, NULL, &error);
    person_add(floor->site, &floor->system, "P1", "Pan", ROLE_PICKER, DESK_PIN, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpint(run(floor, &out, "order", "hold", "2", NULL), ==, EXIT_USAGE);
    has(out, "--reason");
    g_assert_cmpint(run(floor, NULL, "order", "hold", "2", "--reason", "wait", NULL), ==, EXIT_OK);
    g_assert_cmpint(run(floor, &out, "order", "release", "--all", "--json", NULL), ==, EXIT_OK);
    g_assert_cmpint(json_number(out, "released"), ==, 1);
    g_assert_cmpint(run(floor, NULL, "order", "unhold", "2", NULL), ==, EXIT_OK);
    floor_is(floor, two, ST_READY); /* it waited for nothing else */
    g_assert_cmpint(run(floor, &out, "batch", "make", "--next", "5", "--courier", "hct", "--json", NULL), ==, EXIT_OK);
    g_assert_cmpint(json_number(out, "orders"), ==, 2);
    g_assert_cmpint(run(floor, &out, "batch", "make", "1", NULL), ==, EXIT_REFUSED);
    has(out, "PL-0330");
    g_setenv("PACKLINE_PIN", "111111", TRUE);
    g_assert_cmpint(run(floor, &out, "batch", "cancel", "B0001", "--as", "L1", NULL), ==, EXIT_REFUSED);
    has(out, "PL-0800");
    g_setenv("PACKLINE_PIN", DESK_PIN, TRUE);
    g_assert_cmpint(run(floor, &out, "batch", "cancel", "B0001", "--as", "P1", NULL), ==, EXIT_REFUSED);
    has(out, "PL-0324");
    g_assert_cmpint(run(floor, NULL, "batch", "assign", "b0001", "P1", "--as", "L1", NULL), ==, EXIT_OK);
    g_assert_cmpint(floor_int(floor,
                              "SELECT COUNT(*) FROM journal j JOIN person p ON p.id = j.person_id "
                              "WHERE j.event = 'batch-assign' AND p.badge = 'L1'",
                              0),
                    ==, 1);
    g_unsetenv("PACKLINE_PIN");
    g_assert_cmpint(run(floor, &out, "batch", "people", NULL), ==, EXIT_OK);
    has(out, "B0001");
    g_assert_cmpint(run(floor, NULL, "batch", "remove", "B0001", "2", NULL), ==, EXIT_OK);
    floor_is(floor, two, ST_READY);
    g_assert_cmpint(run(floor, NULL, "batch", "print", "B0001", NULL), ==, EXIT_OK);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM job WHERE kind = 'pick_list' AND batch_id IS NOT NULL", 0), ==, 1);
    g_assert_cmpint(run(floor, NULL, "batch", "release-owner", "B0001", NULL), ==, EXIT_OK);
    g_assert_cmpint(run(floor, &out, "batch", "list", NULL), ==, EXIT_OK);
    has(out, "B0001");
    g_assert_cmpint(run(floor, NULL, "order", "cancel", "1", "--reason", "buyer", NULL), ==, EXIT_OK);
    floor_is(floor, one, ST_CANCELLED);
    g_assert_cmpint(run(floor, &out, "order", "show", "1", NULL), ==, EXIT_OK);
    g_assert_null(strstr(out, "王大衛")); /* who it goes to is said only when asked for */
    has(out, "cancelled");
    g_assert_cmpint(run(floor, &out, "order", "show", "1", "--recipient", NULL), ==, EXIT_OK);
    has(out, "王大衛");
    g_assert_cmpint(run(floor, &out, "order", "cancel", "99", "--reason", "x", NULL), ==, EXIT_DATA);
    has(out, "PL-0338");
    floor_close(floor);
}

static void papers_of_an_order(struct testdb *test)
{
    struct floor *floor = floor_open(test, "test");
    floor_receive(floor, floor_product(floor, "MUG-RED", NULL), 0, floor_bin(floor, "A-01", 1), 20);
    int64_t shipment = floor_order(floor, "1", "hct", FLOOR_ITEMS({"MUG-RED", 1}));
    floor_release(floor, shipment);
    floor_pick_all(floor, shipment);
    g_assert_cmpint(run(floor, NULL, "order", "reprint", "1", "--reason", "torn", NULL), ==, EXIT_REFUSED);
    floor_pack_all(floor, shipment);
    g_assert_cmpint(run(floor, NULL, "order", "reprint", "1", "--reason", "torn", NULL), ==, EXIT_OK);
    g_assert_cmpint(floor_int(floor, "SELECT MAX(copy) FROM job WHERE shipment_id = $1", shipment), ==, 1);
    g_assert_cmpint(run(floor, NULL, "order", "renew", "1", "--reason", "moved", NULL), ==, EXIT_OK);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM waybill WHERE state = 'void'", 0), ==, 1);
    /* the same number in another shop: which one is meant must be said */
    int64_t first_shop = floor->shop_id, second_shop = site_id(floor->site);
    GError *error = NULL;
    char *out;
    g_assert_true(db_exec(floor->site->db,
                          floor_sql("INSERT INTO shop (id, warehouse_id, owner_id, code, name, format) "
                                    "VALUES ($1, $2, $3, 'second', 'second', 'generic')"),
                          DB_ARGS(second_shop, floor->site->warehouse_id, floor->site->owner_id),
                          NULL, &error));
    floor->shop_id = second_shop;
    floor_order(floor, "1", "hct", FLOOR_ITEMS({"MUG-RED", 2}));
    floor->shop_id = first_shop;
    g_assert_cmpint(run(floor, &out, "order", "release", "1", NULL), ==, EXIT_USAGE);
    has(out, "shop, second");
    g_assert_cmpint(run(floor, NULL, "order", "release", "1", "--shop", "second", NULL), ==, EXIT_OK);
    floor_close(floor);
}

/* Every one of these was taken, or answered with something else, once. */
static void wrong_words(struct testdb *test)
{
    static const struct {
        const char *number;
        int status;
        const char *words[8];
    } CASES[] = {
        {"PL-0100", EXIT_USAGE, {"stock", "receive", "MUG", "A-01", "5", "--reason=came", "--expires=2027-01-31", NULL}},
        {"PL-0100", EXIT_USAGE, {"stock", "receive", "TEA", "A-01", "5", "--reason=came", "--lot=L1", "--expires=99"}},
        {"PL-0408", EXIT_REFUSED, {"stock", "receive", "TEA", "A-01", "5", "--reason=came", "--lot=L1", "--expires=2027-01-31"}},
        {"PL-0409", EXIT_USAGE, {"stock", "move", "MUG", "A-01", "A-01", "1", NULL}},
        {"PL-0400", EXIT_DATA, {"stock", "list", "NOTHING", NULL}},
        {"PL-0100", EXIT_USAGE, {"place", "add", "bin", "Q-1", "--walk=-5", NULL}},
        {"PL-0411", EXIT_USAGE, {"place", "list", "shelf", NULL}},
        {"PL-0104", EXIT_USAGE, {"run", "start", "--filter=shop=web", "--per-job=-4", NULL}},
        {"PL-0104", EXIT_USAGE, {"run", "start", "--filter=shop=web", "--per-job=99999", NULL}},
        {"PL-0600", EXIT_DATA, {"settings", "default_courier", "nobody", NULL}},
        {"PL-0510", EXIT_USAGE, {"map", "list", "nowhere", NULL}},
    };
    struct floor *floor = floor_open(test, "test");
    floor_product(floor, "MUG", NULL);
    int64_t tea = floor_product_with_lots(floor, "TEA", NULL);
    floor_bin(floor, "A-01", 1);
    floor_lot(floor, tea, "L1", 20270228);
    floor_order(floor, "7", "hct", FLOOR_ITEMS({"MUG", 4}));
    for (guint i = 0; i < G_N_ELEMENTS(CASES); i++) {
        char *words[8], *out;
        for (guint n = 0; n < G_N_ELEMENTS(words); n++)
            words[n] = (char *)(uintptr_t)CASES[i].words[n];
        int status = run(floor, &out, words[0], words[1], words[2], words[3], words[4], words[5], words[6], words[7], NULL);
        has(out, CASES[i].number);
        g_assert_cmpint(status, ==, CASES[i].status);
    }
    floor_close(floor);
}

/* What does not come: a line is cancelled, the rest goes on without it, or follows. */
static void an_order_without_a_line(struct testdb *test)
{
    struct floor *floor = floor_open(test, "test");
    char *out;
    floor_receive(floor, floor_product(floor, "MUG-RED", NULL), 0, floor_bin(floor, "A-01", 1), 20);
    floor_receive(floor, floor_product(floor, "TEA-OOL", NULL), 0, floor_bin(floor, "B-01", 2), 20);
    int64_t shipment = floor_order(floor, "1", "hct", FLOOR_ITEMS({"MUG-RED", 1}, {"TEA-OOL", 2}));
    floor_release(floor, shipment);
    g_assert_cmpint(run(floor, &out, "order", "split", "1", NULL), ==, EXIT_REFUSED);
    has(out, "PL-0321"); /* nobody has begun */
    floor_do(floor, (struct event){.kind = EV_PICK, .actor = floor->picker, .shipment_id = shipment, .quantity = 1,
                                   .task_id = floor_int(floor, "SELECT MIN(id) FROM pick_task", 0)});
    floor_do(floor, (struct event){.kind = EV_SHORT, .actor = floor->picker, .shipment_id = shipment, .reason = "gone",
                                   .task_id = floor_int(floor, "SELECT MAX(id) FROM pick_task", 0)});
    g_assert_cmpint(run(floor, NULL, "order", "split", "1", NULL), ==, EXIT_OK);
    floor_is(floor, shipment, ST_PICKED);
    g_assert_cmpint(run(floor, &out, "order", "cancel-line", "1", "PEN", "--reason", "gone", NULL), ==, EXIT_DATA);
    has(out, "PL-0354");
    g_assert_cmpint(run(floor, &out, "order", "cancel-line", "1", "TEA-OOL", NULL), ==, EXIT_USAGE);
    has(out, "--reason");
    g_assert_cmpint(run(floor, NULL, "order", "cancel-line", "1", "TEA-OOL", "--reason", "gone", NULL), ==, EXIT_OK);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM shipment_line WHERE state = 'cancelled'", 0), ==, 1);
    floor_pack_all(floor, shipment);
    floor_is(floor, shipment, ST_PACKED);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_setenv("PACKLINE_WORKER", "off", TRUE);
    testdb_add("/lead/goods_and_places", goods_and_places);
    testdb_add("/lead/wrong_words", wrong_words);
    testdb_add("/lead/orders_and_batches", orders_and_batches);
    testdb_add("/lead/papers_of_an_order", papers_of_an_order);
    testdb_add("/lead/an_order_without_a_line", an_order_without_a_line);
    return g_test_run();
}

/* SPDX-License-Identifier: MIT
 *
 * packline import, map and export as they are typed: exit codes, numbers of errors, JSON.
 */
#include <glib/gstdio.h>
#include <jansson.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/error.h"
#include "tests/support/floor.h"
#include "tests/support/headless.h"

struct said {
    int status;
    char *out, *err;
};

static struct said call(const struct testdb *test, const char *arguments)
{
    struct said said = {0};
    char *program = headless_program("packline");
    char *line = g_strdup_printf("'%s' %s --db '%s' --lang en", program, arguments, test->url);
    char *argv[] = {(char[]){"/bin/sh"}, (char[]){"-c"}, line, NULL};
    GError *error = NULL;
    g_spawn_sync(test->dir, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, &said.out, &said.err, &said.status, &error);
    g_assert_no_error(error);
    g_assert_true(WIFEXITED(said.status));
    said.status = WEXITSTATUS(said.status);
    g_free(line);
    g_free(program);
    return said;
}

static void said_clear(struct said *said)
{
    g_free(said->out);
    g_free(said->err);
}

static void write_file(const struct testdb *test, const char *name, const char *text)
{
    char *path = g_build_filename(test->dir, name, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    g_free(path);
}

static void wrong_files_are_named(struct testdb *test)
{
    static const struct {
        const char *arguments, *number;
        int status;
    } CASES[] = {
        {"import orders nowhere.csv --shop web", "PL-0101", EXIT_DATA},
        {"import orders . --shop web", "PL-0502", EXIT_DATA},
        {"import orders link.csv --shop web", "PL-0502", EXIT_DATA},
        {"import orders pipe --shop web", "PL-0502", EXIT_DATA},
        {"import orders /dev/zero --shop web", "PL-0502", EXIT_DATA},
        {"import orders empty.csv --shop web --format generic", "PL-0505", EXIT_DATA},
        {"import orders quote.csv --shop web", "PL-0504", EXIT_DATA},
        {"import orders other.csv --shop web", "PL-0508", EXIT_DATA},
        {"import orders other.csv --shop web --format shopify", "PL-0500", EXIT_DATA},
        {"import orders good.csv --shop web --format nothing", "PL-0507", EXIT_USAGE},
        {"import orders good.csv --shop 'a b'", "PL-0511", EXIT_USAGE},
        {"import orders good.csv", "PL-0100", EXIT_USAGE},
        {"import dreams good.csv", "PL-0100", EXIT_USAGE},
        {"import products other.csv", "PL-0513", EXIT_DATA},
        {"map web NOTHING MUG", "PL-0510", EXIT_USAGE},
        {"export shipped --shop web", "PL-0510", EXIT_USAGE},
        {"export shipped --date tomorrow", "PL-0100", EXIT_USAGE},
    };
    struct floor *floor = floor_open(test, "test");
    char *link = g_build_filename(test->dir, "link.csv", NULL), *pipe = g_build_filename(test->dir, "pipe", NULL);
    write_file(test, "good.csv", "order_no,sku,quantity\nA,B,1\n");
    write_file(test, "other.csv", "colour,shape\nred,round\n");
    write_file(test, "quote.csv", "order_no,sku,quantity\nA,\"B,1\n");
    write_file(test, "empty.csv", "");
    g_assert_cmpint(symlink("good.csv", link), ==, 0);
    g_assert_cmpint(mkfifo(pipe, 0600), ==, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        struct said said = call(test, CASES[i].arguments);
        g_test_message("%s: %d %s", CASES[i].arguments, said.status, said.err);
        g_assert_cmpint(said.status, ==, CASES[i].status);
        g_assert_nonnull(strstr(said.err, CASES[i].number));
        g_assert_cmpstr(said.out, ==, "");
        said_clear(&said);
    }
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM sales_order", 0), ==, 0);
    floor_close(floor);
    g_free(link);
    g_free(pipe);
}

static int64_t json_at(json_t *root, const char *object, const char *key)
{
    json_t *value = json_object_get(object ? json_object_get(root, object) : root, key);
    g_assert_true(json_is_integer(value));
    return json_integer_value(value);
}

static void speaks_json(struct testdb *test)
{
    struct floor *floor = floor_open(test, "test");
    floor_product(floor, "MUG", NULL);
    write_file(test, "orders.csv", "order_no,sku,quantity,courier,name,phone,address\n"
                                   "A,MUG,1,hct,王,0912345678,臺中市西屯區1號\nB,MUG,x,hct,王,0912345678,臺中市西屯區1號\n"
                                   "C,NEW,1,hct,王,0912345678,臺中市西屯區1號\n");
    struct said said = call(test, "import orders orders.csv --shop web --json --report rejected.csv");
    g_assert_cmpint(said.status, ==, EXIT_OK);
    json_t *root = json_loads(said.out, 0, NULL);
    g_assert_nonnull(root);
    g_assert_cmpint(json_at(root, NULL, "rows_read"), ==, 3);
    g_assert_cmpint(json_at(root, "rows", "accepted"), ==, 2);
    g_assert_cmpint(json_at(root, "orders", "rejected"), ==, 1);
    g_assert_cmpint(json_at(root, "stopped", "unmapped"), ==, 1);
    g_assert_cmpstr(json_string_value(json_object_get(root, "report")), ==, "rejected.csv");
    json_decref(root);
    said_clear(&said);
    char *path = g_build_filename(test->dir, "rejected.csv", NULL), *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    g_assert_nonnull(strstr(text, "3,3,B,quantity,quantity,"));
    g_assert_null(strstr(text, "0912345678"));
    said = call(test, "map web NEW 'MUG*2' --json");
    root = json_loads(said.out, 0, NULL);
    g_assert_cmpint(json_at(root, NULL, "filled"), ==, 1);
    json_decref(root);
    said_clear(&said);
    said = call(test, "export shipped");
    g_assert_cmpstr(said.out, ==, "shop,order,courier,service,number,shipped_at\r\n");
    said_clear(&said);
    g_free(path);
    g_free(text);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/import_command/wrong_files_are_named", wrong_files_are_named);
    testdb_add("/import_command/speaks_json", speaks_json);
    return g_test_run();
}

/* SPDX-License-Identifier: MIT
 *
 * packline import, map and export as they are typed: exit codes, numbers of errors; every command's JSON.
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

/* settings: "NAME=VALUE ..." for the environment, before the words. */
static struct said call_with(const struct testdb *test, const char *settings, const char *arguments)
{
    struct said said = {0};
    char *program = headless_program("packline");
    char *line = g_strdup_printf("%s '%s' %s --db '%s' --lang en", settings, program, arguments, test->url);
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

static struct said call(const struct testdb *test, const char *arguments)
{
    return call_with(test, "", arguments);
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

/* What an import takes in although a person should look at it. */
static void tells_what_was_lost(struct testdb *test)
{
    static const char FILE_TEXT[] =
        "order_no,sku,quantity,price,courier,name,phone,address\n"
        "A,MUG,1,10.005,hct,王,9.12E+08,臺中市西屯區1號\nB,MUG,1,10,hct,\xFF\xFE大明,0912345678,臺中市西屯區1號\n"
        "C,MUG,1,10.501,hct,王,0912345678,臺中市西屯區1號\nD,MUG,1,10,hct,王,0912345678,臺中市西屯區1號\n";
    struct floor *floor = floor_open(test, "test");
    write_file(test, "orders.csv", FILE_TEXT);
    struct said said = call(test, "import orders orders.csv --shop web --dry-run");
    g_assert_nonnull(strstr(said.out, "\norders with amounts that were rounded: 2\n"));
    g_assert_nonnull(strstr(said.out, "\norders whose name or address can't be read: 1\n"));
    g_assert_nonnull(strstr(said.out, "\nphone numbers a spreadsheet has rounded: 1\n"));
    said_clear(&said);
    said = call(test, "import orders orders.csv --shop web --json");
    json_t *root = json_loads(said.out, 0, NULL);
    g_assert_cmpint(json_at(root, NULL, "rounded"), ==, 2);
    g_assert_cmpint(json_at(root, NULL, "unreadable"), ==, 1);
    g_assert_cmpint(json_at(root, NULL, "phones_lost"), ==, 1);
    json_decref(root);
    said_clear(&said);
    floor_close(floor);
}

/* One object or list on standard output whatever is typed, with the error's number in it. */
static void json_whatever_happens(struct testdb *test)
{
    static const char *const WRONG[] = {
        "alerts --bogus", "batch --bogus", "check --bogus", "couriers --bogus", "demo --bogus", "doctor --bogus",
        "export --bogus", "help --bogus", "import --bogus", "init --bogus", "jobs --bogus", "map --bogus",
        "order --bogus", "people --bogus", "place --bogus", "printers --bogus", "run --bogus", "settings --bogus",
        "stock --bogus", "version --bogus", "dreams", "alerts more", "check more", "couriers 1 more", "demo more",
        "doctor more", "export", "export shipped more", "help dreams", "import orders a.csv more", "init more",
        "settings lang en more", "stock --station ' '", "stock --station \"$(printf 'a\\001b')\"",
        "station", "station --headless more", "version more", "export shipped --shop nowhere",
        "import orders nowhere.csv --shop web", "order hold 1 2 --reason why",
    };
    static const char *const RIGHT[] = {
        "alerts", "batch", "check", "couriers", "doctor", "export shipped", "help", "jobs", "map", "people", "place",
        "place add bin Z-1", "printers", "run", "settings", "settings session_hours", "settings session_hours 11",
        "stock", "version",
    };
    struct floor *floor = floor_open(test, "test");
    for (size_t i = 0; i < G_N_ELEMENTS(WRONG) + G_N_ELEMENTS(RIGHT); i++) {
        gboolean wrong = i < G_N_ELEMENTS(WRONG);
        char *arguments = g_strconcat("", wrong ? WRONG[i] : RIGHT[i - G_N_ELEMENTS(WRONG)], " --json", NULL);
        struct said said = call(test, arguments);
        json_t *root = json_loads(said.out, 0, NULL);
        if (!root || (wrong && !json_string_value(json_object_get(root, "error"))))
            g_error("%s said %s%s", arguments, said.out, said.err);
        if (wrong)
            g_assert_cmpint(said.status, !=, EXIT_OK);
        json_decref(root);
        said_clear(&said);
        g_free(arguments);
    }
    floor_close(floor);
}

/* It must never be another database than was meant. */
static void broken_configuration_stops(struct testdb *test)
{
    static const char *const COMMANDS[] = {"stock", "import orders a.csv --shop web", "check", "init", "export shipped"};
    struct floor *floor = floor_open(test, "test");
    char *dir = g_build_filename(test->dir, "packline", NULL);
    char *settings = g_strdup_printf("XDG_CONFIG_HOME='%s'", test->dir);
    g_assert_cmpint(g_mkdir(dir, 0700), ==, 0);
    write_file(test, "packline/packline.conf", "[packline]\nbd=sqlite:/elsewhere\n");
    for (size_t i = 0; i < G_N_ELEMENTS(COMMANDS); i++) {
        struct said said = call_with(test, settings, COMMANDS[i]);
        g_assert_cmpint(said.status, ==, EXIT_USAGE);
        g_assert_nonnull(strstr(said.err, "PL-0105"));
        g_assert_nonnull(strstr(said.err, "packline.conf"));
        said_clear(&said);
    }
    struct said said = call_with(test, settings, "doctor");
    g_assert_cmpint(said.status, ==, EXIT_REFUSED);
    g_assert_nonnull(strstr(said.out, "PL-0105"));
    said_clear(&said);
    said = call_with(test, "LANG=C.UTF-8", "stock --lang=klingon --"); /* what comes after is no option any more */
    g_assert_cmpint(said.status, ==, EXIT_USAGE);
    g_assert_nonnull(strstr(said.err, "PL-0104"));
    said_clear(&said);
    said = call_with(test, settings, "version");
    g_assert_cmpint(said.status, ==, EXIT_OK);
    said_clear(&said);
    g_free(settings);
    g_free(dir);
    floor_close(floor);
}

static void no_list_is_lost(struct testdb *test)
{
    struct floor *floor = floor_open(test, "test");
    char *settings = g_strdup_printf("XDG_STATE_HOME='%s'", test->dir), *seen[3] = {NULL};
    write_file(test, "bad.csv", "order_no,sku,quantity\nB,MUG,x\nC,MUG,1\n");
    for (int i = 0; i < 3; i++) { /* within a second, mostly */
        struct said said = call_with(test, settings, "import orders bad.csv --shop web --format generic --json");
        json_t *root = json_loads(said.out, 0, NULL);
        seen[i] = g_strdup(json_string_value(json_object_get(root, "report")));
        g_assert_true(g_file_test(seen[i], G_FILE_TEST_IS_REGULAR));
        for (int j = 0; j < i; j++)
            g_assert_cmpstr(seen[i], !=, seen[j]);
        json_decref(root);
        said_clear(&said);
    }
    write_file(test, "more.csv", "order_no,sku,quantity\nD,MUG,x\nE,MUG,1\n");
    struct said said = call(test, "import orders more.csv --shop web --format generic --report /dev/full");
    g_assert_cmpint(said.status, ==, EXIT_DATA);
    g_assert_nonnull(strstr(said.err, "PL-0516"));
    g_assert_nonnull(strstr(said.out, "1 rejected"));
    said_clear(&said);
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM sales_order WHERE external_id = 'E'", 0), ==, 1);
    said = call(test, "import orders more.csv --shop web --format generic --report /dev/full --json");
    g_assert_cmpint(said.status, ==, EXIT_DATA);
    json_t *root = json_loads(said.out, 0, NULL);
    g_assert_cmpstr(json_string_value(json_object_get(json_object_get(root, "report_error"), "error")), ==, "PL-0516");
    g_assert_cmpint(json_at(root, "orders", "same"), ==, 1);
    json_decref(root);
    said_clear(&said);
    said = call(test, "export shipped >/dev/full");
    g_assert_cmpint(said.status, ==, EXIT_DATA);
    g_assert_nonnull(strstr(said.err, "PL-0515"));
    said_clear(&said);
    for (int i = 0; i < 3; i++)
        g_free(seen[i]);
    g_free(settings);
    floor_close(floor);
}

/* Whoever reads what an import says may go: it goes on to its end. */
static void nobody_listens(struct testdb *test)
{
    struct floor *floor = floor_open(test, "test");
    char *program = headless_program("packline"), *path = g_build_filename(test->dir, "many.csv", NULL);
    GString *text = g_string_new("order_no,sku,quantity,note\n");
    GError *error = NULL;
    int ends[2], status = 0;
    GPid pid;
    for (int i = 0; i < 400; i++)
        g_string_append_printf(text, "N%d,MUG,1,first\n", i);
    write_file(test, "many.csv", text->str);
    struct said said = call(test, "import orders many.csv --shop web --format generic");
    g_assert_cmpint(said.status, ==, EXIT_OK);
    said_clear(&said);
    g_string_replace(text, "MUG,1", "MUG,2", 0); /* every order is a line of output now */
    g_string_append(text, "LAST,MUG,1,new\n");
    write_file(test, "many.csv", text->str);
    g_assert_cmpint(pipe(ends), ==, 0);
    close(ends[0]);
    const char *const argv[] = {program, "import", "orders", path, "--shop", "web", "--db", test->url, NULL};
    g_spawn_async_with_fds(NULL, (char **)(void *)(uintptr_t)argv, NULL, G_SPAWN_DO_NOT_REAP_CHILD, NULL, NULL, &pid, -1,
                           ends[1], -1, &error);
    g_assert_no_error(error);
    close(ends[1]);
    g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
    g_assert_true(WIFEXITED(status));
    g_assert_cmpint(floor_int(floor, "SELECT COUNT(*) FROM sales_order WHERE external_id = 'LAST'", 0), ==, 1);
    g_string_free(text, TRUE);
    g_free(program);
    g_free(path);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/import_command/wrong_files_are_named", wrong_files_are_named);
    testdb_add("/import_command/speaks_json", speaks_json);
    testdb_add("/import_command/tells_what_was_lost", tells_what_was_lost);
    testdb_add("/import_command/json_whatever_happens", json_whatever_happens);
    testdb_add("/import_command/broken_configuration_stops", broken_configuration_stops);
    testdb_add("/import_command/no_list_is_lost", no_list_is_lost);
    testdb_add("/import_command/nobody_listens", nobody_listens);
    return g_test_run();
}

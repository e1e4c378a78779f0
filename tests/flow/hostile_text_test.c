/* SPDX-License-Identifier: MIT
 *
 * Escape sequences, controls and marks that turn text round: planted into the rows, no command gives one of them to a terminal,
 * a file or a log; typed into a command or a line, none of them comes into a row. On both engines.
 */
#include <glib.h>
#include <jansson.h>
#include <string.h>
#include <sys/wait.h>

#include "core/base/clean.h"
#include "core/db/db.h"
#include "core/people/people.h"
#include "core/site/site_setting.h"
#include "tests/support/desk.h"
#include "tests/support/floor.h"
#include "tests/support/headless.h"

/* ESC, BEL, DEL, CSI as one character, backspace; right-to-left override, zero width space, isolate. */
#define HOSTILE "\x1b[31m\x07\x7f\xc2\x9b" "2J\x08\xe2\x80\xae\xe2\x80\x8b\xe2\x81\xa6"
#define PIN "482915"

/* The rest of a call's words as one line of a shell. */
static int call(const struct testdb *test, const char *words, char **out, char **err)
{
    g_autofree char *program = headless_program("packline");
    g_autofree char *line = g_strdup_printf("PACKLINE_PIN=" PIN " '%s' %s --db '%s' --lang en", program, words, test->url);
    char *argv[] = {(char[]){"/bin/sh"}, (char[]){"-c"}, line, NULL};
    GError *error = NULL;
    int status = 0;
    g_spawn_sync(test->dir, argv, NULL, G_SPAWN_DEFAULT, NULL, NULL, out, err, &status, &error);
    g_assert_no_error(error);
    g_assert_true(WIFEXITED(status));
    return WEXITSTATUS(status);
}

static gboolean is_clean(const char *text)
{
    if (!g_utf8_validate(text, -1, NULL))
        return FALSE;
    for (const char *p = text; *p; p += g_utf8_skip[(guchar)*p])
        if (*p != '\n' && !g_str_has_prefix(p, "\r\n") && !clean_char(g_utf8_get_char(p)))
            return FALSE;
    return TRUE;
}

static void must_be_clean(const char *words, const char *said)
{
    g_autofree char *escaped = is_clean(said) ? NULL : g_strescape(said, NULL);
    if (escaped)
        g_error("%s says %s", words, escaped);
}

/* --- out of the rows ------------------------------------------------------------------------------------------ */

static const char *const PLANTS[] = {
    "UPDATE product SET name = name || $1, sku = sku || $1",
    "UPDATE location SET code = code || $1 WHERE kind IN ('bin', 'tote')",
    "UPDATE person SET name = name || $1 WHERE badge <> '4001'",
    "UPDATE printer SET name = name || $1, state_text = $1, state = 'attention'",
    "UPDATE shop SET name = name || $1",
    "UPDATE recipient SET name = name || $1, address = address || $1, buyer_note = $1, seller_remark = $1",
    "UPDATE sales_order SET external_id = external_id || $1 WHERE external_id <> 'SP-1042'",
    "UPDATE block SET reason = $1",
    "UPDATE batch SET number = number || $1",
    "UPDATE job SET state_text = $1, reason = $1, state = 'unknown'",
    "UPDATE station SET name = name || $1",
    "UPDATE warehouse SET name = name || $1",
    "UPDATE waybill SET number = number || $1, void_reason = $1",
    "INSERT INTO setting (warehouse_id, name, value) SELECT MIN(warehouse_id), 'demo_login', $1 FROM person",
};

static const char *const CALLS[] = {
    "order show SP-1042", "order show SP-1043 --shop nowhere", "batch list", "batch people", "people list", "printers list",
    "place list", "stock list", "settings", "settings demo_login", "jobs list", "run status", "map list", "alerts",
    "station list", "export shipped --as 4001", "check", "doctor", "couriers",
};

static void prepare(struct floor *floor)
{
    headless_hire(floor, "4001", ROLE_ADMIN, PIN);
    int64_t mug = floor_product(floor, "MUG-RED", "4710000000017"), bin = floor_bin(floor, "A-01-1", 1);
    floor_receive(floor, mug, 0, bin, 50);
    int64_t held = floor_order(floor, "SP-1042", "hct", FLOOR_ITEMS({"MUG-RED", 2}));
    floor_send(floor, floor_order(floor, "SP-1043", "hct", FLOOR_ITEMS({"MUG-RED", 1})));
    int64_t packed = floor_order(floor, "SP-1044", "hct", FLOOR_ITEMS({"MUG-RED", 1}));
    floor_release(floor, packed), floor_pick_all(floor, packed), floor_pack_all(floor, packed);
    floor_release(floor, floor_order(floor, "SP-1045", "hct", FLOOR_ITEMS({"MUG-RED", 1})));
    floor_do(floor, (struct event){.kind = EV_BLOCK, .actor = floor->lead, .shipment_id = held, .block = BLOCK_HELD,
                                   .reason = "wait"});
}

static void plant(struct floor *floor)
{
    for (size_t i = 0; i < G_N_ELEMENTS(PLANTS); i++) {
        GError *error = NULL;
        db_exec(floor->site->db, floor_sql(PLANTS[i]), DB_ARGS(HOSTILE), NULL, &error);
        if (error)
            g_error("%s: %s", PLANTS[i], error->message);
    }
    floor->tampered = TRUE;
}

static void nothing_leaves(struct testdb *test)
{
    struct floor *floor = floor_open(test, "setup");
    int planted = 0;
    prepare(floor);
    plant(floor);
    for (size_t i = 0; i < G_N_ELEMENTS(CALLS); i++) {
        g_autofree char *out = NULL, *err = NULL, *json = NULL, *jerr = NULL, *with = g_strconcat(CALLS[i], " --json", NULL);
        call(test, CALLS[i], &out, &err);
        must_be_clean(CALLS[i], out);
        must_be_clean(CALLS[i], err);
        planted += strstr(out, "[31m") != NULL;
        call(test, with, &json, &jerr);
        must_be_clean(with, json);
        must_be_clean(with, jerr);
        json_error_t wrong;
        json_auto_t *root = json_loads(json, JSON_DECODE_ANY, &wrong);
        if (!root)
            g_error("%s: %s in %s", with, wrong.text, json);
        planted += strstr(json, "\\u001b[31m\\u0007\\u007f\\u009b2J\\b\\u202e\\u200b\\u2066") != NULL;
    }
    g_assert_cmpint(planted, >=, 8); /* the control: what was planted did come that way */
    floor_close(floor);
}

/* --- into the rows -------------------------------------------------------------------------------------------- */

#define SHELL_HOSTILE "\"$(printf 'x\\033[31m\\007\\177\\302\\2332J\\342\\200\\256y')\""

static const char *const ENTERS[] = {
    "people add P9 " SHELL_HOSTILE " packer --as 4001",
    "place add bin " SHELL_HOSTILE " --as 4001",
    "printers add " SHELL_HOSTILE " --uri file:/nonexistent --as 4001",
    "settings demo_login " SHELL_HOSTILE " --as 4001",
    "order hold SP-1044 --reason " SHELL_HOSTILE " --as 4001",
    "order cancel SP-1045 --reason " SHELL_HOSTILE " --as 4001",
    "stock receive MUG-RED A-01-1 5 --reason " SHELL_HOSTILE " --as 4001",
};

/* Every text of every row of a table. */
static void rows_are_clean(struct floor *floor, const char *table, const char *columns, int count)
{
    GError *error = NULL;
    g_autofree char *sql = g_strdup_printf("SELECT %s FROM %s", columns, table);
    struct rows *rows = db_query(floor->site->db, floor_sql(sql), DB_NO_ARGS, &error);
    while (rows_next(rows, &error) > 0)
        for (int i = 0; i < count; i++)
            must_be_clean(table, rows_text(rows, i));
    g_assert_no_error(error);
    rows_close(rows);
}

static void nothing_enters(struct testdb *test)
{
    struct floor *floor = floor_open(test, "setup");
    prepare(floor);
    int done = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(ENTERS); i++) {
        g_autofree char *out = NULL, *err = NULL;
        done += call(test, ENTERS[i], &out, &err) == 0;
        g_test_message("%s: %s%s", ENTERS[i], out, err);
        must_be_clean(ENTERS[i], out);
        must_be_clean(ENTERS[i], err);
    }
    g_assert_cmpint(done, >=, 4);
    struct headless *headless = headless_start(test->url, "bench-1");
    headless_expect(headless, ":login 4001 " PIN, "ok", "");
    headless_expect(headless, "SP-1044", "refused", NULL);
    headless_expect(headless, ":dismiss", "ok", NULL);
    json_t *answer = headless_ask(headless, "{\"command\": \"hold\", \"argument\": \"a\\u001b[31mb\\u202e\\u007f\"}");
    json_decref(answer);
    g_assert_cmpint(headless_end(headless), ==, 0);
    rows_are_clean(floor, "person", "name, badge", 2);
    rows_are_clean(floor, "location", "code", 1);
    rows_are_clean(floor, "printer", "name, uri", 2);
    rows_are_clean(floor, "setting", "value", 1);
    rows_are_clean(floor, "block", "reason", 1);
    rows_are_clean(floor, "remark", "text", 1);
    rows_are_clean(floor, "journal", "detail", 1);
    floor_close(floor);
}

/* A reason that is said at a station. */
static void a_stations_reason(struct testdb *test)
{
    struct desk *desk = desk_open(test, "bench-1", "K1", ROLE_PACKER);
    prepare(desk->floor);
    desk_scans(desk, "SP-1044");
    desk_does(desk, CMD_HOLD, "torn" HOSTILE);
    rows_are_clean(desk->floor, "remark", "text", 1);
    rows_are_clean(desk->floor, "block", "reason", 1);
    desk_close(desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/hostile_text/nothing_leaves", nothing_leaves);
    testdb_add("/hostile_text/nothing_enters", nothing_enters);
    testdb_add("/hostile_text/a_stations_reason", a_stations_reason);
    return g_test_run();
}

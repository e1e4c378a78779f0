/* SPDX-License-Identifier: MIT
 *
 * What a station asks on an order's whole way, and how it is found: no statement may read a table that grows with the orders
 * from end to end, nor, on SQLite, all of an index because it begins with the warehouse. Plans are those of a floor of any
 * size: SQLite keeps no statistics here, and PostgreSQL has none yet, and planned when there were hardly any rows.
 */
#include <string.h>

#include "core/db/rows.h"
#include "core/people/people.h"
#include "core/print/label_load.h"
#include "core/print/run.h"
#include "core/print/submission.h"
#include "core/station/station.h"
#include "tests/bench/replay.h"
#include "tests/support/floor.h"

/* Tables that grow, by their names and by the aliases the statements use. */
static const char *const GROWING[] = {
    "sales_order", "o",          "shipment", "s",          "waybill",       "w",
    "parcel",      "job",        "j",        "stock_move", "recipient",     "event",
    "journal",     "order_line", "ol",       "pick_task",  "shipment_line", NULL};
/* Indexes of what is open alone: reading all of one is reading the work there is. */
static const char *const OPEN_ONLY[] = {"shipment_open", "shipment_state", "job_unsure", NULL};

static gboolean is_open_only(const char *detail)
{
    for (size_t i = 0; OPEN_ONLY[i]; i++)
        if (strstr(detail, OPEN_ONLY[i]))
            return TRUE;
    return FALSE;
}

static gboolean reads_all(const char *detail)
{
    char **words = g_strsplit(detail, " ", 3);
    gboolean growing = words[0] && words[1] && g_strv_contains(GROWING, words[1]);
    gboolean scan = g_strcmp0(words[0], "SCAN") == 0;
    gboolean warehouse = g_str_has_suffix(detail, "(warehouse_id=?)");
    g_strfreev(words);
    return growing && (scan || warehouse) && !is_open_only(detail);
}

/* The highest $n of a statement. */
static size_t parameters(const char *text)
{
    size_t highest = 0;
    for (const char *p = strchr(text, '$'); p; p = strchr(p + 1, '$'))
        highest = MAX((size_t)g_ascii_strtoull(p + 1, NULL, 10), highest);
    return highest;
}

static void explain(const char *text, void *data)
{
    struct db *db = data;
    GError *error = NULL;
    char *question = g_strconcat("EXPLAIN QUERY PLAN ", text, NULL);
    const struct sql sql = {question, question};
    struct db_value args[64];
    for (size_t i = 0; i < G_N_ELEMENTS(args); i++)
        args[i] = db_int(1);
    if (g_str_has_prefix(text, "SAVEPOINT") || g_str_has_prefix(text, "RELEASE") ||
        g_str_has_prefix(text, "ROLLBACK") || g_str_has_prefix(text, "PRAGMA")) {
        g_free(question);
        return;
    }
    struct rows *rows = db_query(db, &sql, args, parameters(text), &error);
    while (rows && rows_next(rows, &error) > 0)
        if (reads_all(rows_text(rows, 3)))
            g_error("%s:\n%s", rows_text(rows, 3), text);
    g_assert_no_error(error);
    g_free(question);
}

static gboolean explain_all(struct db *db, void *data, GError **error)
{
    (void)error;
    recording_texts(data, explain, db);
    return TRUE;
}

/* --- PostgreSQL: how a session would run what it has prepared -------------------------------------------------- */

static const struct sql PREPARED = {"prepared", "SELECT name, statement, COALESCE(array_length(parameter_types, 1), 0) FROM "
                                                "pg_prepared_statements WHERE name LIKE 'packline_%' ORDER BY name"};

struct prepared {
    char *name, *text;
    int64_t parameters;
};

static void read_prepared(struct rows *rows, void *data)
{
    struct prepared *prepared = data;
    prepared->name = g_strdup(rows_text(rows, 0));
    prepared->text = g_strdup(rows_text(rows, 1));
    prepared->parameters = rows_int(rows, 2);
}

static void prepared_clear(gpointer data)
{
    struct prepared *prepared = data;
    g_free(prepared->name);
    g_free(prepared->text);
}

static void look_for_seq_scans(const struct prepared *prepared, const char *line)
{
    for (size_t i = 0; GROWING[i]; i++) {
        g_autofree char *scan = g_strdup_printf("Seq Scan on %s ", GROWING[i]);
        if (strstr(line, scan))
            g_error("%s:\n%s", line, prepared->text);
    }
}

static void explain_prepared(struct db *db, const struct prepared *prepared)
{
    GError *error = NULL;
    g_autoptr(GString) question = g_string_new(NULL);
    g_string_printf(question, "EXPLAIN EXECUTE %s", prepared->name);
    for (int64_t i = 0; i < prepared->parameters; i++)
        g_string_append(question, i == 0 ? "(NULL" : ", NULL");
    g_string_append(question, prepared->parameters ? ")" : "");
    const struct sql sql = {question->str, question->str};
    struct rows *rows = db_query(db, &sql, DB_NO_ARGS, &error);
    while (rows && rows_next(rows, &error) > 0)
        look_for_seq_scans(prepared, rows_text(rows, 0));
    g_assert_no_error(error);
}

static gboolean explain_session(struct db *db, void *data, GError **error)
{
    g_autoptr(GArray) all = rows_list(db_query(db, &PREPARED, DB_NO_ARGS, error), sizeof(struct prepared), read_prepared, error);
    if (all)
        g_array_set_clear_func(all, prepared_clear);
    for (guint i = 0; all && i < all->len; i++)
        explain_prepared(db, &g_array_index(all, struct prepared, i));
    *(guint *)data = all ? all->len : 0;
    return all != NULL;
}

/* --- the way ------------------------------------------------------------------------------------------------- */

static void look(struct station *station)
{
    struct station_view view;
    g_assert_true(station_view_load(station, &view, NULL));
    station_view_clear(&view);
}

static void say(struct station *station, const char *line)
{
    struct answer answer;
    GError *error = NULL;
    const char *space = strchr(line, ' ');
    char *name =
        line[0] == ':' ? g_strndup(line + 1, space ? (gsize)(space - line - 1) : strlen(line + 1)) : NULL;
    if (name)
        station_command(station, station_command_parse(name), space ? space + 1 : "", 0, &answer, &error);
    else
        station_scan(station, line, strlen(line), 0, &answer, &error);
    g_assert_no_error(error);
    if (answer.kind == ANSWER_REFUSED)
        g_error("%s: %s", line, answer.text);
    look(station);
    g_free(name);
}

/* What the print room shows, and what a worker asks each turn. */
static void look_at_the_printers(struct floor *floor)
{
    GError *error = NULL;
    g_array_unref(runs_load(floor->site, 50, &error));
    g_array_unref(jobs_unsure(floor->site, 50, &error));
    g_autoptr(GArray) next = jobs_next(floor->site, floor->printer_id, &error);
    g_assert_cmpuint(next->len, >, 0);
    labels_free(labels_load(floor->site, next, &error));
    g_array_unref(submissions_open(floor->site, floor->printer_id, &error));
    g_assert_cmpint(jobs_waiting(floor->site, "", &error), >=, 0);
    g_assert_true(runs_settle(floor->site, &error));
    g_assert_no_error(error);
}

static void nothing_reads_all(struct testdb *test)
{
    guint explained = 0;
    GError *error = NULL;
    struct floor *floor = floor_open(test, "setup");
    person_add(floor->site, &floor->system, "4001", "林小美", ROLE_LEAD, "482915", NULL, &error);
    g_assert_no_error(error);
    int64_t mug = floor_product(floor, "MUG-RED", "4710000000017"), bin = floor_bin(floor, "A-01-1", 1);
    floor_receive(floor, mug, 0, bin, 5);
    floor_release(floor, floor_order(floor, "SP-1042", "hct", FLOOR_ITEMS({"MUG-RED", 1})));
    struct floor *bench = floor_open(test, "bench"); /* a session that has not made the floor */
    struct station *station = station_open(bench->site, "bench-1", &error);
    g_assert_no_error(error);
    struct recording *recording = recording_start(bench->site->db);
    static const char *const LINES[] = {":login 4001 482915", "SP-1042",       "A-01-1",
                                        "4710000000017",      ":pack SP-1042", "4710000000017"};
    for (size_t i = 0; i < G_N_ELEMENTS(LINES); i++)
        say(station, LINES[i]);
    char *waybill = floor_text(floor, "SELECT number FROM waybill WHERE state = 'assigned' AND id > $1", 0);
    say(station, waybill);
    say(station, ":dock hct");
    say(station, waybill);
    look_at_the_printers(bench);
    recording_stop(recording);
    g_assert_cmpuint(recording_transactions(recording), >, 5);
    struct db *db = test->engine == DB_SQLITE ? testdb_open(test) : NULL;
    if (db)
        db_transaction(db, explain_all, recording, &error);
    else
        db_transaction(bench->site->db, explain_session, &explained, &error);
    g_assert_no_error(error);
    g_assert_true(db || explained > 50);
    db_close(db);
    recording_free(recording);
    g_free(waybill);
    station_close(station);
    floor_close(bench);
    floor_close(floor);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/plans/nothing_reads_all", nothing_reads_all);
    return g_test_run();
}

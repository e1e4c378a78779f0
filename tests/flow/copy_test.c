/* SPDX-License-Identifier: MIT
 *
 * A copy of the floor as it was: row by row what stood in the derived tables at the moment, when all clocks agree; a floor
 * whose invariants hold, when they don't; without names; refused to printers and shops; and never half.
 */
#include <glib.h>
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "core/base/error.h"
#include "core/check/check.h"
#include "core/code/courier.h"
#include "core/flow/catalogue.h"
#include "core/outside/replay.h"
#include "core/waybill/range.h"
#include "tests/support/clock_manual.h"
#include "tests/support/floor.h"

enum { HOUR_MS = 3600000 };

/* --- a floor whose clock is ours -------------------------------------------------------------------------- */

struct moment {
    int64_t at;
    char *rows;
};

struct play {
    struct testdb *test;
    struct floor *floor;
    struct clock_manual clock;
    GArray *moments; /* struct moment */
};

static void moment_clear(gpointer data)
{
    g_free(((struct moment *)data)->rows);
}

static void play_begin(struct play *play, struct testdb *test, const char *station)
{
    *play = (struct play){.test = test, .floor = floor_open(test, station),
                          .moments = g_array_new(FALSE, FALSE, sizeof(struct moment))};
    g_array_set_clear_func(play->moments, moment_clear);
    clock_manual_init(&play->clock, g_get_real_time() / 1000 + HOUR_MS);
    play->floor->site->clock = play->floor->site->ids.clock = &play->clock.clock;
}

static void play_end(struct play *play)
{
    g_array_unref(play->moments);
    floor_close(play->floor);
}

/* --- what stands in the derived tables -------------------------------------------------------------------- */

static void append_row(struct rows *rows, const struct table *table, GPtrArray *lines)
{
    GString *line = g_string_new(table->name);
    for (size_t i = 0, n = 0; i < table->count; i++)
        if (table->columns[i].number)
            g_string_append_printf(line, " %s=%s", table->columns[i].name, rows_text(rows, (int)n++));
    g_ptr_array_add(lines, g_string_free(line, FALSE));
}

static gint by_text(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void dump_table(struct db *db, const struct table *table, GPtrArray *lines)
{
    g_autoptr(GString) sql = g_string_new("SELECT ");
    for (size_t i = 0; i < table->count; i++)
        if (table->columns[i].number)
            g_string_append_printf(sql, "%s%s", i ? ", " : "", table->columns[i].name);
    g_string_append_printf(sql, " FROM %s", table->name);
    if (strcmp(table->name, "counter") == 0)
        g_string_append(sql, " WHERE name NOT IN ('facts', 'history', 'copy')");
    if (strcmp(table->name, "stock") == 0)
        g_string_append(sql, " WHERE on_hand <> 0");
    GError *error = NULL;
    struct rows *rows = db_query(db, floor_sql(sql->str), DB_NO_ARGS, &error);
    while (rows_next(rows, &error) > 0)
        append_row(rows, table, lines);
    g_assert_no_error(error);
}

/* Sorted lines of all rows that rules compute. */
static char *dump(struct db *db)
{
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    for (int i = 0; i < TABLE_COUNT; i++)
        if (table_of((enum table_id)i)->is != IS_FACT)
            dump_table(db, table_of((enum table_id)i), lines);
    g_ptr_array_sort(lines, by_text);
    g_ptr_array_add(lines, NULL);
    return g_strjoinv("\n", (char **)lines->pdata);
}

static void note(struct play *play)
{
    const struct moment moment = {play->clock.now_utc_ms, dump(play->floor->site->db)};
    g_array_append_val(play->moments, moment);
    play->clock.now_utc_ms += 1000;
}

/* --- copies ----------------------------------------------------------------------------------------------- */

static char *time_text(int64_t at)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(at / 1000);
    g_autofree char *seconds = g_date_time_format(time, "%Y-%m-%dT%H:%M:%S");
    return g_strdup_printf("%s.%03dZ", seconds, (int)(at % 1000));
}

static gboolean try_copy(struct play *play, int64_t at, const char *path, gboolean with_recipients, struct replay_made *made,
                         GError **error)
{
    g_autofree char *until = time_text(at), *url = g_strconcat("sqlite:", path, NULL);
    const struct replay_call call = {.from_url = play->test->url, .to_url = url, .until = until,
                                     .with_recipients = with_recipients, .clock = &play->clock.clock};
    return replay_floor(&call, made, error);
}

static char *copy_path(struct play *play)
{
    static int copies;
    return g_strdup_printf("%s/copy-%d.db", play->test->dir, copies++);
}

static void complain(const struct check_info *info, const char *what, void *data)
{
    g_string_append_printf(data, "%d %s: %s\n", info->invariant, info->name, what);
}

/* A copy of the moment, looked through; open. */
static struct db *copy_of(struct play *play, int64_t at, gboolean with_recipients, char **path)
{
    struct replay_made made;
    GError *error = NULL;
    GString *said = g_string_new(NULL);
    guint violations = 0;
    *path = copy_path(play);
    gboolean copied = try_copy(play, at, *path, with_recipients, &made, &error);
    g_assert_no_error(error);
    g_assert_true(copied);
    g_autofree char *url = g_strconcat("sqlite:", *path, NULL);
    struct db *copy = db_open(url, DB_USE, &error);
    g_assert_no_error(error);
    check_run(copy, CHECK_FULL, at + 24 * HOUR_MS, complain, NULL, said, &violations, &error);
    g_assert_no_error(error);
    if (violations)
        g_error("the copy of %" G_GINT64_FORMAT " is not whole:\n%s", at, said->str);
    g_string_free(said, TRUE);
    return copy;
}

static void tell_difference(const char *is, const char *should)
{
    g_auto(GStrv) some = g_strsplit(is, "\n", -1), others = g_strsplit(should, "\n", -1);
    for (guint i = 0; some[i]; i++)
        if (!g_strv_contains((const char *const *)others, some[i]))
            g_test_message("too much: %s", some[i]);
    for (guint i = 0; others[i]; i++)
        if (!g_strv_contains((const char *const *)some, others[i]))
            g_test_message("missing: %s", others[i]);
}

static void compare_moments(struct play *play, guint every)
{
    for (guint i = 0; i < play->moments->len; i += every) {
        const struct moment *moment = &g_array_index(play->moments, struct moment, i);
        g_autofree char *path = NULL;
        struct db *copy = copy_of(play, moment->at, TRUE, &path);
        g_autofree char *rows = dump(copy);
        if (strcmp(rows, moment->rows) != 0) {
            tell_difference(rows, moment->rows);
            g_error("moment %u of %u is not as it was", i, play->moments->len);
        }
        db_close(copy);
    }
}

/* --- a day ------------------------------------------------------------------------------------------------ */

struct lists {
    struct site *site;
    const char *number;
};

static gboolean add_to_list(struct db *db, void *data, GError **error)
{
    const struct lists *lists = data;
    gboolean added = FALSE;
    (void)db;
    int64_t list = range_list(lists->site, "tcat", "any", error);
    return list && range_list_add(lists->site, list, lists->number, &added, error);
}

static int64_t released(struct play *play, const char *number, int quantity)
{
    int64_t ship = floor_order(play->floor, number, "hct", FLOOR_ITEMS({"MUG", quantity}));
    note(play);
    floor_release(play->floor, ship);
    note(play);
    return ship;
}

static int64_t packed(struct play *play, const char *number, int quantity)
{
    int64_t ship = released(play, number, quantity);
    floor_pick_all(play->floor, ship);
    note(play);
    floor_pack_all(play->floor, ship);
    note(play);
    return ship;
}

static void do_noted(struct play *play, struct event event)
{
    floor_do(play->floor, event);
    note(play);
}

/* The next number of the range comes with an order. */
static void bring_next_number(struct floor *floor, const char *order)
{
    GError *error = NULL;
    g_autofree char *next = courier_make_number(couriers_get(floor->site->couriers, "hct"), "",
                                                (int)floor_int(floor, "SELECT width FROM waybill_range WHERE courier = 'hct'", 0),
                                                floor_int(floor, "SELECT next FROM waybill_range WHERE courier = 'hct'", 0), &error);
    g_assert_no_error(error);
    g_autofree char *sql =
        g_strdup_printf("UPDATE sales_order SET waybill_number = '%s' WHERE external_id = '%s'", next, order);
    testdb_script(floor->site->db, sql);
}

static void work_a_day(struct play *play)
{
    struct floor *floor = play->floor;
    int64_t mug = floor_product(floor, "MUG", NULL), bin = floor_bin(floor, "A-01", 1), tote = floor_tote(floor, "T-1");
    floor_receive(floor, mug, 0, bin, 90);
    note(play);
    int64_t out = packed(play, "1", 2);
    floor_print_all(floor), note(play);
    floor_apply_label(floor, out), note(play);
    do_noted(play, floor_out(floor, out));
    int64_t changed = packed(play, "2", 3);
    floor_print_all(floor), note(play);
    do_noted(play, (struct event){.kind = EV_CHANGE, .actor = floor->lead, .shipment_id = changed, .cod_minor = 9900});
    int64_t batched = released(play, "3", 5), other = released(play, "4", 1);
    int64_t batch = floor_do(floor, (struct event){.kind = EV_BATCH_MAKE, .actor = floor->lead}).subject_id;
    note(play);
    do_noted(play, (struct event){.kind = EV_BATCH, .actor = floor->lead, .shipment_id = batched, .batch_id = batch});
    do_noted(play, (struct event){.kind = EV_BATCH, .actor = floor->lead, .shipment_id = other, .batch_id = batch});
    do_noted(play, (struct event){.kind = EV_BATCH_ASSIGN, .actor = floor->lead, .batch_id = batch,
                                  .person_id = floor->picker.person_id});
    do_noted(play, (struct event){.kind = EV_PICK, .actor = floor->picker, .shipment_id = batched, .quantity = 1, .tote_id = tote,
                                  .task_id = floor_int(floor, "SELECT id FROM pick_task WHERE shipment_id = $1", batched)});
    do_noted(play, (struct event){.kind = EV_PRINT, .actor = floor->lead, .batch_id = batch, .text = "pick_list"});
    do_noted(play, (struct event){.kind = EV_RUN_MAKE, .actor = floor->lead, .text = "courier=hct", .quantity = 50,
                                  .printer_id = floor->printer_id});
    do_noted(play, (struct event){.kind = EV_BLOCK, .actor = floor->lead, .shipment_id = other, .block = BLOCK_HELD,
                                  .reason = "call Mrs. Needle first"});
    do_noted(play, (struct event){.kind = EV_CANCEL, .actor = floor->lead, .shipment_id = changed, .reason = "Needle again"});
    packed(play, "5", 1);
}

static void numbers_of_all_kinds(struct play *play)
{
    struct floor *floor = play->floor;
    GError *error = NULL;
    static const char *const NUMBERS[] = {"123456789012", "123456789023"};
    for (size_t i = 0; i < G_N_ELEMENTS(NUMBERS); i++)
        g_assert_true(db_transaction(floor->site->db, add_to_list, &(struct lists){floor->site, NUMBERS[i]}, &error));
    note(play);
    int64_t brings = released(play, "6", 1), takes = released(play, "7", 1);
    bring_next_number(floor, "6");
    do_noted(play, (struct event){.kind = EV_PRINT_AHEAD, .actor = floor->lead, .shipment_id = brings});
    do_noted(play, (struct event){.kind = EV_PRINT_AHEAD, .actor = floor->lead, .shipment_id = takes});
}

static void every_moment(struct testdb *test)
{
    struct play play;
    play_begin(&play, test, "station 1");
    work_a_day(&play);
    numbers_of_all_kinds(&play);
    g_test_message("%u moments", play.moments->len);
    compare_moments(&play, 1);
    play_end(&play);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    testdb_add("/copy/every-moment", every_moment);
    return g_test_run();
}

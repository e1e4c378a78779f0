/* SPDX-License-Identifier: MIT */
#include "tests/support/copies.h"

#include <string.h>

#include "core/check/check.h"
#include "core/code/courier.h"
#include "core/flow/catalogue.h"
#include "core/outside/replay.h"

enum { HOUR_MS = 3600000 };

static void moment_clear(gpointer data)
{
    g_free(((struct moment *)data)->rows);
}

void play_begin(struct play *play, struct testdb *test, const char *station)
{
    *play = (struct play){.test = test, .floor = floor_open(test, station),
                          .moments = g_array_new(FALSE, FALSE, sizeof(struct moment))};
    g_array_set_clear_func(play->moments, moment_clear);
    clock_manual_init(&play->clock, g_get_real_time() / 1000 + HOUR_MS);
    play->floor->site->clock = play->floor->site->ids.clock = &play->clock.clock;
}

void play_end(struct play *play)
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
        g_string_append(sql, " WHERE name NOT IN ('facts', 'history', 'said', 'copy', 'backup')");
    if (strcmp(table->name, "stock") == 0)
        g_string_append(sql, " WHERE on_hand <> 0");
    GError *error = NULL;
    struct rows *rows = db_query(db, floor_sql(sql->str), DB_NO_ARGS, &error);
    while (rows_next(rows, &error) > 0)
        append_row(rows, table, lines);
    g_assert_no_error(error);
}

char *derived_rows(struct db *db)
{
    g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);
    for (int i = 0; i < TABLE_COUNT; i++)
        if (table_of((enum table_id)i)->is != IS_FACT)
            dump_table(db, table_of((enum table_id)i), lines);
    g_ptr_array_sort(lines, by_text);
    g_ptr_array_add(lines, NULL);
    return g_strjoinv("\n", (char **)lines->pdata);
}

void play_note(struct play *play)
{
    const struct moment moment = {play->clock.now_utc_ms, derived_rows(play->floor->site->db)};
    g_array_append_val(play->moments, moment);
    play->clock.now_utc_ms += 1000;
}

void play_do(struct play *play, struct event event)
{
    floor_do(play->floor, event);
    play_note(play);
}

/* --- copies ----------------------------------------------------------------------------------------------- */

static char *time_text(int64_t at)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(at / 1000);
    g_autofree char *seconds = g_date_time_format(time, "%Y-%m-%dT%H:%M:%S");
    return g_strdup_printf("%s.%03dZ", seconds, (int)(at % 1000));
}

gboolean copy_try(struct play *play, int64_t at, const char *path, gboolean with_recipients, struct replay_made *made,
                  GError **error)
{
    g_autofree char *until = time_text(at), *url = g_strconcat("sqlite:", path, NULL);
    const struct replay_call call = {.from_url = play->test->url, .to_url = url, .until = until,
                                     .with_recipients = with_recipients, .clock = &play->clock.clock};
    return replay_floor(&call, made, error);
}

void copy_refused(struct play *play, int64_t at, const char *path, enum err code)
{
    struct replay_made made;
    GError *error = NULL;
    g_assert_false(copy_try(play, at, path, FALSE, &made, &error));
    g_assert_error(error, ERR, (int)code);
    g_clear_error(&error);
}

char *copy_path(struct play *play)
{
    static int copies;
    return g_strdup_printf("%s/copy-%d.db", play->test->dir, copies++);
}

static void complain(const struct check_info *info, const char *what, void *data)
{
    g_string_append_printf(data, "%d %s: %s\n", info->invariant, info->name, what);
}

struct db *copy_made(struct play *play, int64_t at, gboolean with_recipients, char **path)
{
    struct replay_made made;
    GError *error = NULL;
    GString *said = g_string_new(NULL);
    guint violations = 0;
    *path = copy_path(play);
    gboolean copied = copy_try(play, at, *path, with_recipients, &made, &error);
    g_assert_no_error(error);
    g_assert_true(copied);
    g_autofree char *url = g_strconcat("sqlite:", *path, NULL);
    struct db *copy = db_open(url, DB_USE, &error);
    g_assert_no_error(error);
    check_run(copy, &(struct check_way){.depth = CHECK_FULL, .now_utc_ms = at + 24 * HOUR_MS,
                                        .report = complain, .data = said},
              &violations, &error);
    g_assert_no_error(error);
    if (violations)
        g_error("the copy of %" G_GINT64_FORMAT " is not whole:\n%s", at, said->str);
    g_string_free(said, TRUE);
    return copy;
}

void play_brings_next_number(struct play *play, const char *order)
{
    struct floor *floor = play->floor;
    GError *error = NULL;
    g_autofree char *next = courier_make_number(couriers_get(floor->site->couriers, "hct"), "",
                                                (int)floor_int(floor, "SELECT width FROM waybill_range WHERE courier = 'hct'", 0),
                                                floor_int(floor, "SELECT next FROM waybill_range WHERE courier = 'hct'", 0), &error);
    g_assert_no_error(error);
    g_autofree char *sql =
        g_strdup_printf("UPDATE sales_order SET waybill_number = '%s' WHERE external_id = '%s'", next, order);
    testdb_script(floor->site->db, sql);
}

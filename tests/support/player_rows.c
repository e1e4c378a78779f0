/* SPDX-License-Identifier: MIT
 *
 * The rows of derived tables as lines of text, of a dossier and of a database; what one has and the other has not is told.
 */
#include <string.h>

#include "core/apply/apply.h"
#include "core/check/check.h"
#include "core/db/db.h"
#include "core/site/site.h"
#include "tests/support/floor.h"
#include "tests/support/player.h"

static gboolean is_stored(const struct column *column)
{
    return column->number != 0;
}

/* What a load would not bring either. */
static gboolean is_nothing(const struct row *row)
{
    const struct stock *stock = (const void *)row;
    return row->table == TABLE_STOCK && stock->on_hand == 0 && stock->reserved == 0;
}

static void add_row(const struct row *row, void *data)
{
    const struct table *table = table_of(row->table);
    if (is_nothing(row))
        return;
    GString *line = g_string_new(table->name);
    for (size_t i = 0; i < table->count; i++) {
        const struct column *column = &table->columns[i];
        if (!is_stored(column))
            continue;
        g_string_append_printf(line, " %s=", column->name);
        if (column->kind == COLUMN_STATE)
            g_string_append(line, flow_state_name((enum state)column_int(column, row)));
        else if (column->kind == COLUMN_TEXT)
            g_string_append(line, column_text(column, row));
        else
            g_string_append_printf(line, "%" G_GINT64_FORMAT, column_int(column, row));
    }
    g_ptr_array_add(data, g_string_free(line, FALSE));
}

static int by_text(gconstpointer one, gconstpointer other)
{
    return strcmp(*(char *const *)one, *(char *const *)other);
}

static const char *where(enum table_id id)
{
    return id == TABLE_STOCK     ? " WHERE on_hand <> 0 OR reserved <> 0"
           : id == TABLE_COUNTER ? " WHERE name IN ('batch', 'manifest', 'run')"
                                 : "";
}

static void add_table(struct db *db, enum table_id id, GPtrArray *lines)
{
    const struct table *table = table_of(id);
    g_autoptr(GString) text = g_string_new("SELECT ");
    GError *error = NULL;
    for (size_t i = 0; i < table->count; i++)
        if (is_stored(&table->columns[i]))
            g_string_append_printf(text, "%s%s", i ? ", " : "", table->columns[i].name);
    g_string_append_printf(text, " FROM %s%s", table->name, where(id));
    struct rows *rows = db_query(db, floor_sql(text->str), DB_NO_ARGS, &error);
    while (rows_next(rows, &error) > 0) {
        GString *line = g_string_new(table->name);
        for (size_t i = 0, n = 0; i < table->count; i++) {
            const struct column *column = &table->columns[i];
            if (!is_stored(column))
                continue;
            g_string_append_printf(line, " %s=", column->name);
            if (column->kind == COLUMN_STATE || column->kind == COLUMN_TEXT)
                g_string_append(line, rows_text(rows, (int)n));
            else
                g_string_append_printf(line, "%" G_GINT64_FORMAT, rows_int(rows, (int)n));
            n++;
        }
        g_ptr_array_add(lines, g_string_free(line, FALSE));
    }
    g_assert_no_error(error);
}

/* --- the ledger --------------------------------------------------------------------------------------------- */

#define MOVE_NUMBERS(N)                                                                                                \
    N(id) N(product_id) N(lot_id) N(quantity) N(from_id) N(to_id) N(shipment_id) N(event_key) N(person_id) N(at)

static void add_moves(const GArray *moves, GPtrArray *lines)
{
    for (guint i = 0; i < moves->len; i++) {
        const struct goods_move *move = &g_array_index(moves, struct goods_move, i);
        GString *line = g_string_new("stock_move");
#define N(name) g_string_append_printf(line, " %" G_GINT64_FORMAT, move->name);
        MOVE_NUMBERS(N)
#undef N
        g_string_append_printf(line, " %s %s", move->kind, move->reason ? move->reason : "");
        g_ptr_array_add(lines, g_string_free(line, FALSE));
    }
}

static void read_moves(struct db *db, GPtrArray *lines)
{
    GError *error = NULL;
#define N(name) #name ", "
    struct rows *rows = db_query(db, floor_sql("SELECT " MOVE_NUMBERS(N) "kind, reason FROM stock_move"), DB_NO_ARGS, &error);
#undef N
#define N(name) g_string_append_printf(line, " %" G_GINT64_FORMAT, rows_int(rows, n++));
    while (rows_next(rows, &error) > 0) {
        GString *line = g_string_new("stock_move");
        int n = 0;
        MOVE_NUMBERS(N)
        g_string_append_printf(line, " %s", rows_text(rows, n));
        g_string_append_printf(line, " %s", rows_text(rows, n + 1));
        g_ptr_array_add(lines, g_string_free(line, FALSE));
    }
#undef N
    g_assert_no_error(error);
}

/* --- what is different --------------------------------------------------------------------------------------- */

static guint missing(const GPtrArray *lines, const GPtrArray *from, const char *told, GString *said)
{
    enum { MOST = 12 };
    guint n = 0, at = 0;
    for (guint i = 0; i < lines->len; i++) {
        while (at < from->len && strcmp(from->pdata[at], lines->pdata[i]) < 0)
            at++;
        if (at < from->len && strcmp(from->pdata[at], lines->pdata[i]) == 0)
            at++;
        else if (++n <= MOST)
            g_string_append_printf(said, "%s: %s\n", told, (const char *)lines->pdata[i]);
    }
    return n;
}

/* Where a world ends, something may be under way to a printer, and no worker comes any more. */
static void complain(const struct check_info *info, const char *what, void *data)
{
    if (strcmp(info->name, "submitted-late") == 0)
        return;
    g_string_append_printf(data, "%d %s: %s\n", info->invariant, info->name, what);
}

static void check(struct player *player)
{
    struct floor floor = {.site = player->house, .system = {.person_id = player->house->system_person_id}};
    g_autoptr(GString) said = g_string_new(NULL);
    GError *error = NULL;
    guint violations = 0;
    floor_say(&floor);
    check_run(player->house->db, &(struct check_way){.depth = CHECK_FULL, .now_utc_ms = player->clock.now_utc_ms,
                                                     .report = complain, .data = said},
              &violations, &error);
    g_assert_no_error(error);
    if (said->len)
        g_error("the invariants do not hold:\n%s", said->str);
}

static int64_t count_events(const struct player *player)
{
    int64_t n = player->tape->followed;
    for (guint i = 0; i < player->tape->entries->len; i++)
        n += g_array_index(player->tape->entries, struct tape_entry, i).kind == TAPE_EVENT;
    return n;
}

void player_compare(struct player *player, const struct dossier *dossier)
{
    g_autoptr(GPtrArray) memory = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GPtrArray) here = g_ptr_array_new_with_free_func(g_free);
    g_autoptr(GString) said = g_string_new(NULL);
    struct db *db = player->house->db;
    for (int id = 0; id < TABLE_COUNT; id++)
        if (table_of((enum table_id)id)->number) {
            row_each(dossier, (enum table_id)id, add_row, memory);
            add_table(db, (enum table_id)id, here);
        }
    add_moves(player->tape->moves, memory);
    read_moves(db, here);
    g_ptr_array_sort(memory, by_text);
    g_ptr_array_sort(here, by_text);
    guint lacks = missing(memory, here, "in memory", said), more = missing(here, memory, "here", said);
    if (lacks + more)
        g_error("%u rows of %u are not here, %u of %u are not in memory:\n%s", lacks, memory->len, more, here->len, said->str);
    g_test_message("%u rows are the same", memory->len);
    g_assert_cmpint(testdb_int(db, "SELECT COUNT(*) FROM event"), ==, count_events(player));
    check(player);
}

/* SPDX-License-Identifier: MIT */
#include "core/intake/goods_file.h"

#include <string.h>

#include "core/act/allocate.h"
#include "core/base/clean.h"
#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/db/db.h"
#include "core/intake/goods_sheet.h"
#include "core/intake/promise.h"
#include "core/intake/report.h"
#include "core/intake/shop.h"
#include "core/site/record.h"
#include "core/site/site.h"
#include "core/table/heading.h"
#include "core/table/source.h"
#include "core/table/table_reader.h"
#include "core/table/value.h"

/* A chunk holds the lock a few milliseconds: floor scans in between wait no longer. */
enum { MAX_MB = 256, CHUNK_ROWS = 50 };

/* --- rows ----------------------------------------------------------------------------------------------- */

void sheet_reject(const struct sheet *sheet, struct sheet_row *row, int column, const char *why)
{
    row->bad_column = sheet->kind->columns[column].name;
    row->why = why;
    row->fate = FATE_REJECTED;
    g_free(row->detail);
    row->detail = g_strdup(row->cells[column]);
}

gboolean sheet_is_rejected(const struct sheet_row *row)
{
    return row->why != NULL;
}

static void forget_verdict(struct sheet_row *row)
{
    row->fate = FATE_SAME;
    row->undo = FALSE;
    row->bad_column = row->why = NULL;
    row->missing = 0;
}

static void row_free(void *data)
{
    struct sheet_row *row = data;
    for (int i = 0; i < SHEET_COLUMNS; i++)
        g_free(row->cells[i]);
    g_free(row->detail);
    g_free(row);
}

static struct sheet_row *take_row(const struct sheet *sheet, const struct table_reader *table)
{
    const struct sheet_column *columns = sheet->kind->columns;
    struct sheet_row *row = g_new0(struct sheet_row, 1);
    row->number = table_row(table);
    for (int i = 0; i < SHEET_COLUMNS; i++) {
        size_t length = 0;
        const char *cell = sheet->places[i] < 0 ? "" : table_cell(table, (unsigned)sheet->places[i], &length);
        g_autofree char *clean = clean_text(cell, length, CLEAN_LINE);
        row->cells[i] = value_unquote(clean);
    }
    for (int i = 0; i < SHEET_COLUMNS && columns[i].name && !sheet_is_rejected(row); i++) {
        if (columns[i].required && !row->cells[i][0])
            sheet_reject(sheet, row, i, _("missing"));
        else if (strstr(row->cells[i], CLEAN_BAD))
            sheet_reject(sheet, row, i, _("bytes of another encoding"));
    }
    row->misread = sheet_is_rejected(row);
    return row;
}

/* --- chunks --------------------------------------------------------------------------------------------- */

struct chunk_call {
    struct sheet *sheet;
    struct sheet_row *row; /* the one that is being stored */
    gboolean careful;      /* each row under a savepoint of its own */
    gboolean undo;         /* a rejected row had written something: it has to be done again with care */
};

/* FALSE without an error undoes what a rejected row has written. */
static gboolean row_work(struct db *db, void *data, GError **error)
{
    struct chunk_call *call = data;
    (void)db;
    gboolean done = call->sheet->kind->store(call->sheet, call->row, error);
    call->undo = call->undo || call->row->undo;
    return done && !call->row->undo;
}

static gboolean store_one(struct db *db, struct chunk_call *call, GError **error)
{
    GError *inner = NULL;
    if (!call->careful)
        return row_work(db, call, error);
    if (!db_savepoint(db, row_work, call, &inner) && inner)
        g_propagate_error(error, inner);
    return inner == NULL;
}

/* Lots that expire, products that get lots: stations that have read the old ones read them anew. */
static gboolean any_differs(const GPtrArray *rows)
{
    for (guint i = 0; i < rows->len; i++) {
        const struct sheet_row *row = rows->pdata[i];
        if (!sheet_is_rejected(row) && row->fate != FATE_SAME)
            return TRUE;
    }
    return FALSE;
}

/* A dry run is rolled back by saying FALSE without an error. */
static gboolean chunk_work(struct site *site, void *data, GError **error)
{
    struct chunk_call *call = data;
    const GPtrArray *rows = call->sheet->rows;
    call->undo = FALSE;
    for (guint i = 0; i < rows->len; i++) {
        call->row = rows->pdata[i];
        if (call->row->misread)
            continue;
        forget_verdict(call->row);
        if (!store_one(site->db, call, error))
            return FALSE;
    }
    return !call->sheet->import->dry_run && (!any_differs(rows) || record_facts_move(site, error));
}

/* Rules refuse hardly ever, so savepoints are taken only for a chunk in which one did. */
static gboolean store_chunk(struct sheet *sheet, GError **error)
{
    const struct record record = {.event = "goods-file", .detail = sheet->kind->name, .is_of_said = TRUE};
    struct chunk_call call = {.sheet = sheet};
    GError *inner = NULL;
    gboolean done = site_record(sheet->site, &sheet->actor, &record, chunk_work, &call, &inner);
    if (!done && !inner && call.undo) {
        call.careful = TRUE;
        done = site_record(sheet->site, &sheet->actor, &record, chunk_work, &call, &inner);
    }
    if (inner)
        g_propagate_error(error, inner);
    return done || !inner;
}

static void count_chunk(struct sheet *sheet, struct intake_tally *tally)
{
    for (guint i = 0; i < sheet->rows->len; i++) {
        const struct sheet_row *row = sheet->rows->pdata[i];
        tally->rows_read++;
        tally->rows[row->fate]++;
        if (sheet_is_rejected(row) && sheet->import->report)
            report_row(sheet->import->report, row->number, row->bad_column, "rejected", row->why,
                       row->detail ? row->detail : "");
    }
    g_hash_table_remove_all(sheet->keys);
    g_ptr_array_set_size(sheet->rows, 0);
}

static gboolean flush(struct sheet *sheet, struct intake_tally *tally, uint64_t total, GError **error)
{
    const struct goods_import *import = sheet->import;
    if (!store_chunk(sheet, error) || (sheet->kind->after && !import->dry_run && !sheet->kind->after(sheet, error)))
        return FALSE;
    count_chunk(sheet, tally);
    if (import->on_progress)
        import->on_progress(tally->rows_read, total, import->data);
    return TRUE;
}

/* FALSE: the chunk has to go first. */
static gboolean add_row(struct sheet *sheet, struct sheet_row *row)
{
    if (sheet->rows->len >= CHUNK_ROWS)
        return FALSE;
    g_autofree char *key = sheet->kind->key ? sheet->kind->key(row) : NULL;
    if (key && g_hash_table_contains(sheet->keys, key))
        return FALSE;
    if (key)
        g_hash_table_add(sheet->keys, g_steal_pointer(&key));
    g_ptr_array_add(sheet->rows, row);
    return TRUE;
}

/* --- the file ------------------------------------------------------------------------------------------- */

/* The column of one of its names, -1: none. */
static int place_of(const struct sheet_column *column, GHashTable *columns)
{
    g_auto(GStrv) names = g_strsplit(column->aliases, ";", -1);
    int place = 0;
    for (size_t i = 0; names[i] && !place; i++)
        place = (int)GPOINTER_TO_UINT(g_hash_table_lookup(columns, names[i]));
    return place - 1;
}

static gboolean match_header(struct sheet *sheet, const struct table_reader *table, GError **error)
{
    const struct sheet_column *columns = sheet->kind->columns;
    g_autoptr(GHashTable) found = heading_columns(table, NULL);
    g_autoptr(GString) needed = g_string_new(NULL);
    const char *missing = NULL;
    for (int i = 0; i < SHEET_COLUMNS; i++) {
        sheet->places[i] = columns[i].name ? place_of(&columns[i], found) : -1;
        if (!columns[i].name || !columns[i].required)
            continue;
        g_string_append_printf(needed, "%s%s", needed->len ? ", " : "", columns[i].name);
        if (sheet->places[i] < 0 && !missing)
            missing = columns[i].name;
    }
    if (missing)
        err_set(error, ERR_IMPORT_COLUMNS, sheet->import->path, missing, needed->str);
    return missing == NULL;
}

static int read_header(struct sheet *sheet, struct table_reader *table, GError **error)
{
    int more = table_next(table, error);
    if (more == 0)
        err_set(error, ERR_IMPORT_EMPTY, sheet->import->path);
    return more > 0 && match_header(sheet, table, error);
}

static struct table_reader *open_table(struct source *source)
{
    return table_reader_new(&(struct table_options){0, '"'}, source_fill, source);
}

/* The first pass: a file that breaks off is refused before anything of it comes in. */
static gboolean survey(struct sheet *sheet, struct source *source, uint64_t *total, GError **error)
{
    g_autoptr(table_reader) table = open_table(source);
    int more = read_header(sheet, table, error) ? 1 : -1;
    while (more > 0 && (more = table_next(table, error)) > 0)
        (*total)++;
    return more == 0 && source_rewind(source, NULL, error);
}

static gboolean read_rows(struct sheet *sheet, struct table_reader *table, uint64_t total, struct intake_tally *tally,
                          GError **error)
{
    int more = read_header(sheet, table, error) ? 1 : -1;
    while (more > 0 && (more = table_next(table, error)) > 0) {
        struct sheet_row *row = take_row(sheet, table);
        if (add_row(sheet, row))
            continue;
        if (!flush(sheet, tally, total, error)) {
            row_free(row);
            return FALSE;
        }
        add_row(sheet, row);
    }
    return more == 0 && flush(sheet, tally, total, error);
}

static gboolean finish(struct sheet *sheet, struct source *source, struct intake_tally *tally, GError **error)
{
    if (sheet->import->dry_run)
        return TRUE;
    g_autofree char *digest = source_digest(source, error);
    int64_t id = digest ? import_begin(sheet->site, 0, sheet->kind->name, digest, error) : 0;
    if (!id || !import_end(sheet->site, id, tally, error))
        return FALSE;
    struct allocation allocation = {0};
    gboolean done = sheet->import->kind != GOODS_STOCK ||
                    intake_release_waiting(sheet->site, sheet->actor, &allocation, error);
    tally->released = allocation.released;
    return done;
}

static gboolean import_file(struct sheet *sheet, struct source *source, struct intake_tally *tally, GError **error)
{
    uint64_t total = 0;
    if (!survey(sheet, source, &total, error))
        return FALSE;
    g_autoptr(table_reader) table = open_table(source);
    return read_rows(sheet, table, total, tally, error) && finish(sheet, source, tally, error);
}

gboolean goods_import(struct site *site, const struct goods_import *import, struct intake_tally *tally, GError **error)
{
    g_autoptr(GPtrArray) rows = g_ptr_array_new_with_free_func(row_free);
    g_autoptr(GHashTable) keys = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    struct sheet sheet = {.site = site, .import = import, .actor = {.person_id = site->system_person_id},
                          .kind = sheet_kind(import->kind), .rows = rows, .keys = keys};
    g_autoptr(source) source = import_open(site, import->path, NULL, MAX_MB, error);
    return source && import_file(&sheet, source, tally, error);
}

/* SPDX-License-Identifier: MIT */
#include "core/intake/goods_file.h"

#include <string.h>

#include "core/base/clean.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/db/db.h"
#include "core/floor/flow.h"
#include "core/floor/site.h"
#include "core/goods/product.h"
#include "core/intake/header.h"
#include "core/intake/promise.h"
#include "core/intake/report.h"
#include "core/intake/shop.h"
#include "core/intake/source.h"
#include "core/intake/table_reader.h"
#include "core/waybill/range.h"

enum { COLUMNS = 10, MAX_MB = 256 };

struct column {
    const char *name;
    const char *aliases; /* normal header names, joined by ";" */
    gboolean required;
};

/* The current row, and why it is rejected. */
struct sheet {
    struct site *site;
    const struct goods_import *import;
    struct actor actor;
    const struct column *columns;
    int places[COLUMNS]; /* of the columns in the file; -1: not there */
    char *cells[COLUMNS];
    const char *bad_column, *why; /* why is translated */
    char *detail;
};

typedef gboolean (*sheet_work)(struct sheet *sheet, enum intake_fate *fate, GError **error);

enum { SKU = 0 };
enum { P_NAME = 1, P_CODE, P_CASE_CODE, P_CASE_QUANTITY, P_WEIGHT, P_LOTS, P_SAFETY, P_EXPECTED };
enum { S_BIN = 1, S_QUANTITY, S_WALK, S_LOT, S_EXPIRES };
enum { R_COURIER = 0, R_PREFIX, R_FIRST, R_LAST, R_KIND, R_LOW, R_NUMBER };

static const struct column PRODUCT_COLUMNS[COLUMNS] = {
    [SKU] = {"sku", "sku;貨號;商品編號", TRUE},
    [P_NAME] = {"name", "name;title;品名;商品名稱", TRUE},
    [P_CODE] = {"code", "code;barcode;ean;條碼", FALSE},
    [P_CASE_CODE] = {"case_code", "case_code;箱碼;外箱條碼", FALSE},
    [P_CASE_QUANTITY] = {"case_quantity", "case_quantity;箱入數", FALSE},
    [P_WEIGHT] = {"weight_g", "weight_g;重量;重量(g)", FALSE},
    [P_LOTS] = {"lots", "lots;has_lots;批號管理", FALSE},
    [P_SAFETY] = {"safety_stock", "safety_stock;安全庫存", FALSE},
    [P_EXPECTED] = {"expected_sales", "expected_sales;預計銷量", FALSE},
};

static const struct column STOCK_COLUMNS[COLUMNS] = {
    [SKU] = {"sku", "sku;貨號;商品編號", TRUE},     [S_BIN] = {"bin", "bin;儲位;櫃位", TRUE},
    [S_QUANTITY] = {"quantity", "quantity;qty;數量", TRUE}, [S_WALK] = {"walk_order", "walk_order;揀貨順序", FALSE},
    [S_LOT] = {"lot", "lot;批號", FALSE},           [S_EXPIRES] = {"expires_on", "expires_on;expiry;效期;有效期限", FALSE},
};

static const struct column RANGE_COLUMNS[COLUMNS] = {
    [R_COURIER] = {"courier", "courier;物流;物流商", TRUE}, [R_PREFIX] = {"prefix", "prefix;字首", FALSE},
    [R_FIRST] = {"first", "first;起號;起始號", FALSE},      [R_LAST] = {"last", "last;迄號;結束號", FALSE},
    [R_KIND] = {"kind", "kind;類別", FALSE},                [R_LOW] = {"low_mark", "low_mark;警示量", FALSE},
    [R_NUMBER] = {"number", "number;託運單號;號碼", FALSE},
};

enum { PRODUCT_ROW, CODE_ROW, STOCK_LEVEL, BIN_WALK, RANGE_SAME, LOT_FIND };

static const struct sql SQL[] = {
    [PRODUCT_ROW] = {"goods_product", "SELECT name, weight_g, has_lots, safety_stock, expected_sales FROM product "
                                      "WHERE id = $1"},
    [CODE_ROW] = {"goods_code", "SELECT quantity FROM product_code WHERE warehouse_id = $1 AND owner_id = $2 "
                                "AND code = $3 AND product_id = $4"},
    [STOCK_LEVEL] = {"goods_file_level", "SELECT on_hand FROM stock WHERE warehouse_id = $1 AND owner_id = $2 "
                                    "AND product_id = $3 AND location_id = $4 AND lot_id = $5"},
    [BIN_WALK] = {"goods_walk", "UPDATE location SET walk_order = $2 WHERE id = $1 AND walk_order <> $2"},
    [RANGE_SAME] = {"goods_range", "SELECT COUNT(*) FROM waybill_range WHERE warehouse_id = $1 AND owner_id = $2 "
                                   "AND courier = $3 AND prefix = $4 AND first = $5 AND last = $6"},
    [LOT_FIND] = {"goods_lot", "SELECT id FROM lot WHERE product_id = $1 AND code = $2"},
};

enum goods_kind goods_kind_parse(const char *name)
{
    static const char *const NAMES[] = {"products", "stock", "ranges"};
    for (unsigned i = 0; i < G_N_ELEMENTS(NAMES); i++)
        if (strcmp(NAMES[i], name) == 0)
            return (enum goods_kind)i;
    return GOODS_KIND_COUNT;
}

/* --- cells -------------------------------------------------------------------------------------------- */

static gboolean reject(struct sheet *sheet, int column, const char *why)
{
    sheet->bad_column = sheet->columns[column].name;
    sheet->why = why;
    g_free(sheet->detail);
    sheet->detail = g_strdup(sheet->cells[column]);
    return TRUE;
}

static gboolean is_rejected(const struct sheet *sheet)
{
    return sheet->why != NULL;
}

/* 0 where the cell is empty; anything else than a whole number from 0 up rejects the row. */
static int64_t cell_number(struct sheet *sheet, int column)
{
    int64_t number = 0;
    const char *text = sheet->cells[column];
    if (text[0] && (!value_integer(text, &number) || number < 0 || number > INT64_C(1000000000000)))
        reject(sheet, column, _("not a whole number"));
    return number;
}

static gboolean cell_yes(const struct sheet *sheet, int column)
{
    static const char *const WORDS[] = {"1", "y", "yes", "true", "是", "Y"};
    for (size_t i = 0; i < G_N_ELEMENTS(WORDS); i++)
        if (strcmp(WORDS[i], sheet->cells[column]) == 0)
            return TRUE;
    return FALSE;
}

static int cell_date(struct sheet *sheet, int column)
{
    int64_t at = 0;
    const char *text = sheet->cells[column];
    if (!text[0])
        return 0;
    if (strlen(text) == 8 && strspn(text, "0123456789") == 8)
        return (int)g_ascii_strtoll(text, NULL, 10);
    if (!value_instant(text, DATE_YMD, sheet->site->zone, &at)) {
        reject(sheet, column, _("not a date"));
        return 0;
    }
    return clock_civil_date(sheet->site->zone, at);
}

/* A refusal of the rules rejects the row, a failure of the world ends the import. */
static gboolean refused(struct sheet *sheet, int column, GError **inner, GError **error)
{
    int status = err_exit(*inner);
    if (status != EXIT_DATA && status != EXIT_REFUSED) {
        g_propagate_error(error, *inner);
        *inner = NULL;
        return FALSE;
    }
    reject(sheet, column, _("refused"));
    g_free(sheet->detail);
    sheet->detail = g_strdup((*inner)->message);
    g_clear_error(inner);
    return TRUE;
}

/* --- products ------------------------------------------------------------------------------------------- */

static int64_t stored_unless_named(const struct sheet *sheet, int column, int64_t named, int64_t stored)
{
    return sheet->places[column] < 0 ? stored : named;
}

/* Whether the stored product is what the row says. What the file has no column for stays as it is. -1 failed. */
static int product_is_same(struct sheet *sheet, struct product *product, GError **error)
{
    struct rows *rows = db_query(sheet->site->db, &SQL[PRODUCT_ROW], DB_ARGS(db_int(product->id)), error);
    int found = rows_next(rows, error);
    if (found <= 0)
        return found;
    product->weight_g = stored_unless_named(sheet, P_WEIGHT, product->weight_g, rows_int(rows, 1));
    product->has_lots = stored_unless_named(sheet, P_LOTS, product->has_lots, rows_int(rows, 2)) != 0;
    product->safety_stock = stored_unless_named(sheet, P_SAFETY, product->safety_stock, rows_int(rows, 3));
    product->expected_sales = stored_unless_named(sheet, P_EXPECTED, product->expected_sales, rows_int(rows, 4));
    int same = strcmp(rows_text(rows, 0), product->name) == 0 && rows_int(rows, 1) == product->weight_g &&
               (rows_int(rows, 2) != 0) == product->has_lots && rows_int(rows, 3) == product->safety_stock &&
               rows_int(rows, 4) == product->expected_sales;
    rows_close(rows);
    return same;
}

static gboolean set_code(struct sheet *sheet, int64_t product_id, int column, int64_t quantity, enum intake_fate *fate,
                         GError **error)
{
    struct site *site = sheet->site;
    const char *code = sheet->cells[column];
    int64_t known = 0;
    GError *inner = NULL;
    if (!code[0] || is_rejected(sheet))
        return TRUE;
    int found = db_get_ints(site->db, &SQL[CODE_ROW],
                            DB_ARGS(db_int(site->warehouse_id), db_int(site->owner_id), db_text(code),
                                    db_int(product_id)),
                            &known, 1, error);
    if (found < 0 || (found > 0 && known == quantity))
        return found >= 0;
    if (*fate == FATE_SAME)
        *fate = FATE_CHANGED;
    return product_code_set(site, product_id, code, quantity, &inner) || refused(sheet, column, &inner, error);
}

static gboolean product_row(struct sheet *sheet, enum intake_fate *fate, GError **error)
{
    char **cells = sheet->cells;
    struct product product = {.sku = cells[SKU], .name = cells[P_NAME],
                              .has_lots = cell_yes(sheet, P_LOTS)};
    GError *inner = NULL;
    product.weight_g = cell_number(sheet, P_WEIGHT);
    product.safety_stock = cell_number(sheet, P_SAFETY);
    product.expected_sales = cell_number(sheet, P_EXPECTED);
    int64_t case_quantity = cell_number(sheet, P_CASE_QUANTITY);
    if (cells[P_CASE_CODE][0] && case_quantity == 0)
        reject(sheet, P_CASE_QUANTITY, _("a case code needs the quantity in the case"));
    if (is_rejected(sheet))
        return TRUE;
    product.id = product_find(sheet->site, product.sku, error);
    if (product.id < 0)
        return FALSE;
    *fate = FATE_NEW;
    if (product.id) {
        int same = product_is_same(sheet, &product, error);
        if (same < 0 || (!same && !product_update(sheet->site, &product, error)))
            return FALSE;
        *fate = same ? FATE_SAME : FATE_CHANGED;
    } else if (!(product.id = product_add(sheet->site, &product, &inner))) {
        return refused(sheet, SKU, &inner, error);
    }
    return set_code(sheet, product.id, P_CODE, 1, fate, error) &&
           set_code(sheet, product.id, P_CASE_CODE, case_quantity, fate, error);
}

/* --- stock ------------------------------------------------------------------------------------------------- */

struct level {
    int64_t product_id, bin_id, lot_id, on_hand;
};

static gboolean find_level(struct sheet *sheet, struct level *level, GError **error)
{
    struct site *site = sheet->site;
    char **cells = sheet->cells;
    int expires_on = cell_date(sheet, S_EXPIRES);
    int64_t walk_order = cell_number(sheet, S_WALK);
    level->product_id = product_find(site, cells[SKU], error);
    if (level->product_id < 0)
        return FALSE;
    if (level->product_id == 0)
        reject(sheet, SKU, _("there is no such product"));
    if (is_rejected(sheet))
        return TRUE;
    level->bin_id = site_location(site, "bin", cells[S_BIN], TRUE, error);
    if (level->bin_id <= 0 ||
        (cells[S_WALK][0] && !db_exec(site->db, &SQL[BIN_WALK], DB_ARGS(db_int(level->bin_id), db_int(walk_order)), NULL,
                                      error)))
        return FALSE;
    if (cells[S_LOT][0] && !(level->lot_id = product_lot(site, level->product_id, cells[S_LOT], expires_on, error)))
        return FALSE;
    return db_get_ints(site->db, &SQL[STOCK_LEVEL],
                       DB_ARGS(db_int(site->warehouse_id), db_int(site->owner_id), db_int(level->product_id),
                               db_int(level->bin_id), db_int(level->lot_id)),
                       &level->on_hand, 1, error) >= 0;
}

struct stock_call {
    struct sheet *sheet;
    struct level level;
};

static gboolean find_level_work(struct db *db, void *data, GError **error)
{
    struct stock_call *call = data;
    (void)db;
    call->level = (struct level){0};
    return find_level(call->sheet, &call->level, error);
}

/* Its own transactions: places first, then the event, which is one by itself. */
static gboolean stock_row(struct sheet *sheet, enum intake_fate *fate, GError **error)
{
    struct stock_call call = {.sheet = sheet};
    int64_t wanted = cell_number(sheet, S_QUANTITY);
    if (!sheet->cells[S_QUANTITY][0])
        reject(sheet, S_QUANTITY, _("not a whole number"));
    if (is_rejected(sheet))
        return TRUE;
    if (!db_transaction(sheet->site->db, find_level_work, &call, error))
        return FALSE;
    struct level *level = &call.level;
    *fate = level->on_hand == wanted ? FATE_SAME : level->on_hand == 0 ? FATE_NEW : FATE_CHANGED;
    if (is_rejected(sheet) || *fate == FATE_SAME)
        return TRUE;
    struct event event = {.key = flow_key(sheet->site), .kind = *fate == FATE_NEW ? EV_RECEIVE : EV_ADJUST,
                          .actor = sheet->actor, .product_id = level->product_id, .lot_id = level->lot_id,
                          .quantity = wanted - level->on_hand, .reason = "import"};
    if (event.kind == EV_RECEIVE)
        event.to_id = level->bin_id;
    else
        event.from_id = level->bin_id;
    struct outcome outcome;
    if (!flow_apply(sheet->site, &event, 1, &outcome, error))
        return FALSE;
    if (outcome.verdict != VERDICT_DONE) {
        reject(sheet, S_QUANTITY, _("refused"));
        g_free(sheet->detail);
        sheet->detail = g_strdup(outcome.text);
    }
    return TRUE;
}

/* --- number ranges -------------------------------------------------------------------------------------------- */

static gboolean list_row(struct sheet *sheet, enum intake_fate *fate, GError **error)
{
    char **cells = sheet->cells;
    GError *inner = NULL;
    gboolean added = FALSE;
    int64_t list = range_list(sheet->site, cells[R_COURIER], cells[R_KIND][0] ? cells[R_KIND] : NULL, &inner);
    if (!list || !range_list_add(sheet->site, list, cells[R_NUMBER], &added, &inner))
        return refused(sheet, list ? R_NUMBER : R_COURIER, &inner, error);
    *fate = added ? FATE_NEW : FATE_SAME;
    return TRUE;
}

static gboolean range_row(struct sheet *sheet, enum intake_fate *fate, GError **error)
{
    struct site *site = sheet->site;
    char **cells = sheet->cells;
    GError *inner = NULL;
    if (cells[R_NUMBER][0])
        return list_row(sheet, fate, error);
    struct range_new range = {.courier = cells[R_COURIER], .prefix = cells[R_PREFIX], .first = cell_number(sheet, R_FIRST),
                              .last = cell_number(sheet, R_LAST), .kind = cells[R_KIND][0] ? cells[R_KIND] : NULL,
                              .low_mark = cells[R_LOW][0] ? cell_number(sheet, R_LOW) : -1};
    if (!cells[R_FIRST][0] || !cells[R_LAST][0])
        reject(sheet, R_FIRST, _("a range needs its first and last number"));
    if (is_rejected(sheet))
        return TRUE;
    int64_t same = 0;
    if (db_get_ints(site->db, &SQL[RANGE_SAME],
                    DB_ARGS(db_int(site->warehouse_id), db_int(site->owner_id), db_text(range.courier),
                            db_text(range.prefix), db_int(range.first), db_int(range.last)),
                    &same, 1, error) < 0)
        return FALSE;
    *fate = same ? FATE_SAME : FATE_NEW;
    return same || range_add(site, &range, &inner) || refused(sheet, R_FIRST, &inner, error);
}

/* --- the file --------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    const struct column *columns;
    sheet_work work;
    gboolean own_transactions;
} KINDS[GOODS_KIND_COUNT] = {
    [GOODS_PRODUCTS] = {"products", PRODUCT_COLUMNS, product_row, FALSE},
    [GOODS_STOCK] = {"stock", STOCK_COLUMNS, stock_row, TRUE},
    [GOODS_RANGES] = {"ranges", RANGE_COLUMNS, range_row, FALSE},
};

static gboolean is_alias(const struct column *column, const char *name)
{
    char **aliases = g_strsplit(column->aliases, ";", -1);
    gboolean found = g_strv_contains((const char *const *)aliases, name);
    g_strfreev(aliases);
    return found;
}

static gboolean match_header(struct sheet *sheet, const struct table_reader *table, GError **error)
{
    GString *needed = g_string_new(NULL);
    const char *missing = NULL;
    for (int i = 0; i < COLUMNS; i++)
        sheet->places[i] = -1;
    for (unsigned n = 0; n < table_cells(table); n++) {
        size_t length;
        const char *cell = table_cell(table, n, &length);
        char *name = header_normal(cell, length, NULL);
        for (int i = 0; i < COLUMNS && sheet->columns[i].name; i++)
            if (sheet->places[i] < 0 && is_alias(&sheet->columns[i], name))
                sheet->places[i] = (int)n;
        g_free(name);
    }
    for (int i = 0; i < COLUMNS && sheet->columns[i].name; i++) {
        if (!sheet->columns[i].required)
            continue;
        g_string_append_printf(needed, "%s%s", needed->len ? ", " : "", sheet->columns[i].name);
        if (sheet->places[i] < 0 && !missing)
            missing = sheet->columns[i].name;
    }
    if (missing)
        err_set(error, ERR_IMPORT_COLUMNS, sheet->import->path, missing, needed->str);
    g_string_free(needed, TRUE);
    return missing == NULL;
}

static void take_cells(struct sheet *sheet, const struct table_reader *table)
{
    for (int i = 0; i < COLUMNS; i++) {
        size_t length = 0;
        const char *cell = sheet->places[i] < 0 ? "" : table_cell(table, (unsigned)sheet->places[i], &length);
        char *clean = clean_text(cell, length, CLEAN_LINE);
        g_free(sheet->cells[i]);
        sheet->cells[i] = value_unquote(clean);
        g_free(clean);
    }
    sheet->bad_column = sheet->why = NULL;
    for (int i = 0; i < COLUMNS && sheet->columns[i].name; i++)
        if (sheet->columns[i].required && !sheet->cells[i][0] && !is_rejected(sheet))
            reject(sheet, i, _("missing"));
}

struct row_call {
    struct sheet *sheet;
    enum intake_fate fate;
};

/* A rejected or dry row is rolled back by saying FALSE without an error. */
static gboolean row_work(struct db *db, void *data, GError **error)
{
    struct row_call *call = data;
    (void)db;
    return KINDS[call->sheet->import->kind].work(call->sheet, &call->fate, error) && !is_rejected(call->sheet) &&
           !call->sheet->import->dry_run;
}

static gboolean do_row(struct sheet *sheet, enum intake_fate *fate, GError **error)
{
    struct row_call call = {sheet, FATE_SAME};
    GError *inner = NULL;
    gboolean ok = TRUE;
    if (is_rejected(sheet))
        ok = TRUE;
    else if (KINDS[sheet->import->kind].own_transactions)
        ok = sheet->import->dry_run || KINDS[sheet->import->kind].work(sheet, &call.fate, &inner);
    else
        ok = db_transaction(sheet->site->db, row_work, &call, &inner) || !inner;
    if (inner)
        g_propagate_error(error, inner);
    *fate = is_rejected(sheet) ? FATE_REJECTED : call.fate;
    return ok;
}

static gboolean read_rows(struct sheet *sheet, struct table_reader *table, struct intake_tally *tally, GError **error)
{
    int more = table_next(table, error);
    if (more == 0)
        err_set(error, ERR_IMPORT_EMPTY, sheet->import->path);
    if (more <= 0 || !match_header(sheet, table, error))
        return FALSE;
    while ((more = table_next(table, error)) > 0) {
        enum intake_fate fate;
        take_cells(sheet, table);
        if (!do_row(sheet, &fate, error))
            return FALSE;
        tally->rows_read++;
        tally->rows[fate]++;
        if (fate == FATE_REJECTED && sheet->import->report)
            report_row(sheet->import->report, table_row(table), sheet->bad_column, "rejected", sheet->why,
                       sheet->detail ? sheet->detail : "");
    }
    return more == 0;
}

static gboolean finish(struct sheet *sheet, struct source *source, struct intake_tally *tally, GError **error)
{
    if (sheet->import->dry_run)
        return TRUE;
    char *digest = source_digest(source, error);
    int64_t id = digest ? import_begin(sheet->site, 0, KINDS[sheet->import->kind].name, digest,
                                       sheet->import->person_id, error)
                        : 0;
    g_free(digest);
    return id != 0 && import_end(sheet->site, id, tally, error) &&
           (sheet->import->kind != GOODS_STOCK ||
            intake_release_waiting(sheet->site, sheet->actor, TRUE, &tally->released, error));
}

gboolean goods_import(struct site *site, const struct goods_import *import, struct intake_tally *tally, GError **error)
{
    static const char *const ENCODINGS[] = {"UTF-8", "CP950", "GB18030", NULL};
    int64_t person_id = import->person_id ? import->person_id : site->system_person_id;
    struct sheet sheet = {.site = site, .import = import, .actor = {.person_id = person_id},
                          .columns = KINDS[import->kind].columns};
    uint64_t max_bytes = (uint64_t)site_setting_int(site, "import_max_mb", MAX_MB) << 20;
    struct source *source = source_open(import->path, ENCODINGS, max_bytes, error);
    if (!source)
        return FALSE;
    struct table_reader *table = table_reader_new(&(struct table_options){0, '"'}, source_fill, source);
    gboolean done = read_rows(&sheet, table, tally, error) && finish(&sheet, source, tally, error);
    table_reader_free(table);
    source_free(source);
    for (int i = 0; i < COLUMNS; i++)
        g_free(sheet.cells[i]);
    g_free(sheet.detail);
    return done;
}

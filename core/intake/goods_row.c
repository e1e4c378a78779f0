/* SPDX-License-Identifier: MIT
 *
 * What a row of products, stock or number ranges does.
 */
#include <string.h>

#include "core/act/act.h"
#include "core/base/words.h"
#include "core/base/clock.h"
#include "core/base/error.h"
#include "core/base/translate.h"
#include "core/db/db.h"
#include "core/goods/place.h"
#include "core/goods/product.h"
#include "core/goods/stock.h"
#include "core/intake/goods_sheet.h"
#include "core/site/said.h"
#include "core/site/site.h"
#include "core/table/value.h"
#include "core/waybill/range.h"

enum { SKU = 0 };
enum { P_NAME = 1, P_CODE, P_CASE_CODE, P_CASE_QUANTITY, P_WEIGHT, P_LOTS, P_SAFETY, P_EXPECTED };
enum { S_BIN = 1, S_QUANTITY, S_WALK, S_LOT, S_EXPIRES };
enum { R_COURIER = 0, R_PREFIX, R_FIRST, R_LAST, R_KIND, R_LOW, R_NUMBER };

static const struct sheet_column PRODUCT_COLUMNS[SHEET_COLUMNS] = {
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

static const struct sheet_column STOCK_COLUMNS[SHEET_COLUMNS] = {
    [SKU] = {"sku", "sku;貨號;商品編號", TRUE},     [S_BIN] = {"bin", "bin;儲位;櫃位", TRUE},
    [S_QUANTITY] = {"quantity", "quantity;qty;數量", TRUE}, [S_WALK] = {"walk_order", "walk_order;揀貨順序", FALSE},
    [S_LOT] = {"lot", "lot;批號", FALSE},           [S_EXPIRES] = {"expires_on", "expires_on;expiry;效期;有效期限", FALSE},
};

static const struct sheet_column RANGE_COLUMNS[SHEET_COLUMNS] = {
    [R_COURIER] = {"courier", "courier;物流;物流商", TRUE}, [R_PREFIX] = {"prefix", "prefix;字首", FALSE},
    [R_FIRST] = {"first", "first;起號;起始號", FALSE},      [R_LAST] = {"last", "last;迄號;結束號", FALSE},
    [R_KIND] = {"kind", "kind;類別", FALSE},                [R_LOW] = {"low_mark", "low_mark;警示量", FALSE},
    [R_NUMBER] = {"number", "number;託運單號;號碼", FALSE},
};

enum { PRODUCT_ROW, PRODUCT_LOTS, CODE_ROW, BIN_WALK, RANGE_SAME, LOT_EXPIRY };

static const struct sql SQL[] = {
    [PRODUCT_ROW] = {"goods_product", "SELECT name, weight_g, has_lots, safety_stock, expected_sales FROM product "
                                      "WHERE id = $1"},
    [PRODUCT_LOTS] = {"goods_product_lots", "SELECT id, CASE WHEN has_lots = 1 THEN 1 ELSE 0 END FROM product "
                                            "WHERE warehouse_id = $1 AND owner_id = $2 AND sku = $3"},
    [CODE_ROW] = {"goods_code", "SELECT quantity FROM product_code WHERE warehouse_id = $1 AND owner_id = $2 "
                                "AND code = $3 AND product_id = $4"},
    [BIN_WALK] = {"goods_walk", "UPDATE location SET walk_order = $2 WHERE id = $1 AND walk_order <> $2"},
    [RANGE_SAME] = {"goods_range", "SELECT COUNT(*) FROM waybill_range WHERE warehouse_id = $1 AND owner_id = $2 "
                                   "AND courier = $3 AND prefix = $4 AND first = $5 AND last = $6"},
    [LOT_EXPIRY] = {"goods_lot_expiry", "UPDATE lot SET expires_on = $2 WHERE id = $1 AND expires_on <> $2"},
};

/* --- cells ---------------------------------------------------------------------------------------------- */

/* 0 where the cell is empty; anything else than a whole number from 0 up rejects the row. */
static int64_t cell_number(const struct sheet *sheet, struct sheet_row *row, int column)
{
    int64_t number = 0;
    const char *text = row->cells[column];
    if (text[0] && (!value_integer(text, &number) || number < 0 || number > INT64_C(1000000000000)))
        sheet_reject(sheet, row, column, _("not a whole number"));
    return number;
}

static gboolean cell_yes(const struct sheet_row *row, int column)
{
    static const char *const WORDS[] = {"1", "y", "yes", "true", "是", "Y"};
    return WORDS_FIND(WORDS, row->cells[column]) >= 0;
}

static int cell_date(const struct sheet *sheet, struct sheet_row *row, int column)
{
    int64_t at = 0;
    const char *text = row->cells[column];
    if (!text[0])
        return 0;
    gboolean plain = strspn(text, "0123456789") == 8;
    int date = clock_parse_date(text);
    if (!date && !plain && value_instant(text, DATE_YMD, sheet->site->zone, &at))
        date = clock_civil_date(sheet->site->zone, at);
    if (!date)
        sheet_reject(sheet, row, column, _("not a date"));
    return date;
}

static void reject_in_words(const struct sheet *sheet, struct sheet_row *row, int column, const char *words)
{
    sheet_reject(sheet, row, column, _("refused"));
    g_free(row->detail);
    row->detail = g_strdup(words);
}

/* A refusal of the rules rejects the row, a failure of the world ends the import. Takes what is in *inner. */
static gboolean refused(const struct sheet *sheet, struct sheet_row *row, int column, GError **inner, GError **error)
{
    g_autoptr(GError) why = g_steal_pointer(inner);
    int status = err_exit(why);
    if (status != EXIT_DATA && status != EXIT_REFUSED) {
        g_propagate_error(error, g_steal_pointer(&why));
        return FALSE;
    }
    reject_in_words(sheet, row, column, why->message);
    row->undo = TRUE;
    return TRUE;
}

/* --- products ------------------------------------------------------------------------------------------- */

static int64_t stored_unless_named(const struct sheet *sheet, int column, int64_t named, int64_t stored)
{
    return sheet->places[column] < 0 ? stored : named;
}

/* Whether the stored product is what the row says. What the file has no column for stays as it is. -1 failed. */
static int product_is_same(const struct sheet *sheet, struct product *product, GError **error)
{
    struct rows *rows = db_query(sheet->site->db, &SQL[PRODUCT_ROW], DB_ARGS(product->id), error);
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

static gboolean set_code(const struct sheet *sheet, struct sheet_row *row, int64_t product_id, int column,
                         int64_t quantity, GError **error)
{
    struct site *site = sheet->site;
    const char *code = row->cells[column];
    int64_t known = 0;
    GError *inner = NULL;
    if (!code[0] || sheet_is_rejected(row))
        return TRUE;
    int found = row->fate == FATE_NEW
                    ? 0 : db_get_ints(site->db, &SQL[CODE_ROW],
                                      DB_ARGS(site->warehouse_id, site->owner_id, code, product_id), &known, 1, error);
    if (found < 0 || (found > 0 && known == quantity))
        return found >= 0;
    if (row->fate == FATE_SAME)
        row->fate = FATE_CHANGED;
    return product_code_set(site, product_id, code, quantity, &inner) || refused(sheet, row, column, &inner, error);
}

static gboolean product_row(struct sheet *sheet, struct sheet_row *row, GError **error)
{
    char **cells = row->cells;
    struct product product = {.sku = cells[SKU], .name = cells[P_NAME], .has_lots = cell_yes(row, P_LOTS)};
    GError *inner = NULL;
    product.weight_g = cell_number(sheet, row, P_WEIGHT);
    product.safety_stock = cell_number(sheet, row, P_SAFETY);
    product.expected_sales = cell_number(sheet, row, P_EXPECTED);
    int64_t case_quantity = cell_number(sheet, row, P_CASE_QUANTITY);
    if (cells[P_CASE_CODE][0] && case_quantity == 0)
        sheet_reject(sheet, row, P_CASE_QUANTITY, _("a case code needs the quantity in the case"));
    if (sheet_is_rejected(row))
        return TRUE;
    product.id = product_find(sheet->site, product.sku, error);
    if (product.id < 0)
        return FALSE;
    row->fate = FATE_NEW;
    if (product.id) {
        int same = product_is_same(sheet, &product, error);
        if (same < 0 || (!same && !product_update(sheet->site, &product, error)))
            return FALSE;
        row->fate = same ? FATE_SAME : FATE_CHANGED;
    } else if (!(product.id = product_add(sheet->site, &product, &inner))) {
        return refused(sheet, row, SKU, &inner, error);
    }
    return set_code(sheet, row, product.id, P_CODE, 1, error) &&
           set_code(sheet, row, product.id, P_CASE_CODE, case_quantity, error);
}

/* --- stock ---------------------------------------------------------------------------------------------- */

static char *stock_key(const struct sheet_row *row)
{
    return g_strjoin("\x1f", row->cells[SKU], row->cells[S_BIN], row->cells[S_LOT], NULL);
}

/* The product of the row, or it is rejected. FALSE failed. */
static gboolean find_product(const struct sheet *sheet, struct sheet_row *row, int64_t *product_id, GError **error)
{
    const struct site *site = sheet->site;
    int64_t product[2] = {0, 0};
    int found = db_get_ints(site->db, &SQL[PRODUCT_LOTS], DB_ARGS(site->warehouse_id, site->owner_id, row->cells[SKU]),
                            product, 2, error);
    if (found < 0)
        return FALSE;
    if (found == 0)
        sheet_reject(sheet, row, SKU, _("there is no such product"));
    else if (product[1] && !row->cells[S_LOT][0])
        sheet_reject(sheet, row, S_LOT, _("it is kept by lots"));
    else if (!product[1] && row->cells[S_LOT][0])
        sheet_reject(sheet, row, S_LOT, _("it is not kept by lots"));
    *product_id = product[0];
    return TRUE;
}

/* Makes the bin and the lot where they are missing; what the file says of them counts as a change. */
static gboolean find_place(const struct sheet *sheet, struct sheet_row *row, int64_t expires_on, int64_t walk_order,
                           GError **error)
{
    struct site *site = sheet->site;
    char **cells = row->cells;
    int64_t walks = 0, expiries = 0;
    row->bin_id = site_location(site, "bin", cells[S_BIN], TRUE, error);
    if (row->bin_id <= 0 ||
        (cells[S_WALK][0] && !db_exec(site->db, &SQL[BIN_WALK], DB_ARGS(row->bin_id, walk_order), &walks, error)))
        return FALSE;
    if (walks > 0)
        said_note(site, SAID_LOCATION, row->bin_id);
    row->lot_id = 0;
    if (cells[S_LOT][0] &&
        (!(row->lot_id = product_lot(site, row->product_id, cells[S_LOT], (int)expires_on, error)) ||
         (expires_on && !db_exec(site->db, &SQL[LOT_EXPIRY], DB_ARGS(row->lot_id, expires_on), &expiries, error))))
        return FALSE;
    if (expiries > 0)
        said_note(site, SAID_LOT, row->lot_id);
    row->fate = walks + expiries > 0 ? FATE_CHANGED : FATE_SAME;
    return TRUE;
}

static gboolean stock_row(struct sheet *sheet, struct sheet_row *row, GError **error)
{
    struct stock_level level;
    int64_t wanted = cell_number(sheet, row, S_QUANTITY), walk_order = cell_number(sheet, row, S_WALK);
    int expires_on = cell_date(sheet, row, S_EXPIRES);
    if (!place_code_fits(row->cells[S_BIN]))
        sheet_reject(sheet, row, S_BIN, _("can't be a place"));
    if (sheet_is_rejected(row))
        return TRUE;
    if (!find_product(sheet, row, &row->product_id, error))
        return FALSE;
    if (sheet_is_rejected(row))
        return TRUE;
    if (!find_place(sheet, row, expires_on, walk_order, error) ||
        !stock_level(sheet->site, row->product_id, row->bin_id, row->lot_id, &level, error))
        return FALSE;
    row->missing = wanted - level.on_hand;
    if (row->missing)
        row->fate = level.on_hand == 0 ? FATE_NEW : FATE_CHANGED;
    return TRUE;
}

static struct event stock_event(const struct sheet_row *row)
{
    gboolean receipt = row->fate == FATE_NEW;
    return (struct event){.kind = receipt ? EV_RECEIVE : EV_ADJUST,
                          .product_id = row->product_id,
                          .lot_id = row->lot_id,
                          .quantity = row->missing,
                          .to_id = receipt ? row->bin_id : 0,
                          .from_id = receipt ? 0 : row->bin_id,
                          .reason = "import"};
}

struct stock_rows {
    struct sheet *sheet;
    GPtrArray *rows; /* by event */
    guint next;
};

static gboolean note_stock(const struct event *event, const struct outcome *outcome, void *data, GError **error)
{
    struct stock_rows *moved = data;
    struct sheet_row *row = moved->rows->pdata[moved->next++];
    (void)event, (void)error;
    if (outcome->verdict != VERDICT_DONE)
        reject_in_words(moved->sheet, row, S_QUANTITY, outcome->text);
    return TRUE;
}

/* The levels of a chunk become what the file says, through the floor like every other move. */
static gboolean stock_moves(struct sheet *sheet, GError **error)
{
    GArray *events = g_array_new(FALSE, TRUE, sizeof(struct event));
    g_autoptr(GPtrArray) rows = g_ptr_array_new();
    struct stock_rows moved = {sheet, rows, 0};
    for (guint i = 0; i < sheet->rows->len; i++) {
        struct sheet_row *row = sheet->rows->pdata[i];
        if (sheet_is_rejected(row) || row->missing == 0)
            continue;
        struct event event = stock_event(row);
        g_array_append_val(events, event);
        g_ptr_array_add(rows, row);
    }
    return flow_do_all(sheet->site, sheet->actor, events, note_stock, &moved, NULL, error);
}

/* --- number ranges -------------------------------------------------------------------------------------- */

static gboolean list_row(const struct sheet *sheet, struct sheet_row *row, GError **error)
{
    char **cells = row->cells;
    GError *inner = NULL;
    gboolean added = FALSE;
    int64_t list = range_list(sheet->site, cells[R_COURIER], cells[R_KIND][0] ? cells[R_KIND] : NULL, &inner);
    if (!list || !range_list_add(sheet->site, list, cells[R_NUMBER], &added, &inner))
        return refused(sheet, row, list ? R_NUMBER : R_COURIER, &inner, error);
    row->fate = added ? FATE_NEW : FATE_SAME;
    return TRUE;
}

static gboolean range_row(struct sheet *sheet, struct sheet_row *row, GError **error)
{
    struct site *site = sheet->site;
    char **cells = row->cells;
    GError *inner = NULL;
    if (cells[R_NUMBER][0])
        return list_row(sheet, row, error);
    struct range_new range = {.courier = cells[R_COURIER],
                              .prefix = cells[R_PREFIX],
                              .first = cell_number(sheet, row, R_FIRST),
                              .last = cell_number(sheet, row, R_LAST),
                              .kind = cells[R_KIND][0] ? cells[R_KIND] : NULL,
                              .low_mark = cells[R_LOW][0] ? cell_number(sheet, row, R_LOW) : -1};
    if (!cells[R_FIRST][0] || !cells[R_LAST][0])
        sheet_reject(sheet, row, R_FIRST, _("a range needs its first and last number"));
    if (sheet_is_rejected(row))
        return TRUE;
    int64_t same = 0;
    if (db_get_ints(site->db, &SQL[RANGE_SAME],
                    DB_ARGS(site->warehouse_id, site->owner_id, range.courier, range.prefix, range.first, range.last),
                    &same, 1, error) < 0)
        return FALSE;
    row->fate = same ? FATE_SAME : FATE_NEW;
    return same || range_add(site, &range, &inner) || refused(sheet, row, R_FIRST, &inner, error);
}

/* --- kinds ---------------------------------------------------------------------------------------------- */

static const struct sheet_kind KINDS[GOODS_KIND_COUNT] = {
    [GOODS_PRODUCTS] = {"products", PRODUCT_COLUMNS, product_row, NULL, NULL},
    [GOODS_STOCK] = {"stock", STOCK_COLUMNS, stock_row, stock_moves, stock_key},
    [GOODS_RANGES] = {"ranges", RANGE_COLUMNS, range_row, NULL, NULL},
};

const struct sheet_kind *sheet_kind(enum goods_kind kind)
{
    return &KINDS[kind];
}

enum goods_kind goods_kind_parse(const char *name)
{
    return (enum goods_kind)WORDS_PARSE(KINDS, name, GOODS_KIND_COUNT);
}

/* SPDX-License-Identifier: MIT
 *
 * Goods that come, are counted and moved: every receipt and adjustment has a reason and a person.
 */
#include "core/base/translate.h"
#include "core/flow/tx.h"
#include "core/goods/stock.h"

enum { PRODUCT_SKU, COUNT_DONE };

static const struct sql SQL[] = {
    [PRODUCT_SKU] = {"handling_sku", "SELECT sku FROM product WHERE id = $1"},
    [COUNT_DONE] = {"count_task_done", "UPDATE count_task SET done_at = $3 WHERE location_id = $1 AND product_id = $2 "
                                       "AND done_at IS NULL"},
};

static gboolean note_product(struct tx *tx, int64_t quantity, GError **error)
{
    struct rows *rows = db_query(tx->db, &SQL[PRODUCT_SKU], DB_ARGS(db_int(tx->ev->product_id)), error);
    int found = rows_next(rows, error);
    if (found == 0)
        err_set(error, ERR_FLOW_UNKNOWN, _("product"));
    if (found <= 0)
        return FALSE;
    tx_note(tx, "%s %+" G_GINT64_FORMAT, rows_text(rows, 0), quantity);
    rows_close(rows);
    return TRUE;
}

static gboolean move(struct tx *tx, const char *kind, int64_t from_id, int64_t to_id, int64_t quantity, GError **error)
{
    const struct event *ev = tx->ev;
    struct stock_move step = {
        .product_id = ev->product_id,
        .lot_id = ev->lot_id,
        .quantity = quantity,
        .from_id = from_id,
        .to_id = to_id,
        .kind = kind,
        .reason = ev->reason,
        .person_id = ev->actor.person_id,
        .event_key = ev->key,
    };
    return note_product(tx, quantity, error) && stock_move(tx->site, &step, error);
}

static gboolean has_reason(struct tx *tx, GError **error)
{
    gboolean given = tx->ev->reason && tx->ev->reason[0];
    if (!given)
        err_set(error, ERR_STOCK_REASON);
    return given;
}

static gboolean is_quantity(struct tx *tx, gboolean right, GError **error)
{
    if (right)
        return TRUE;
    char given[24];
    g_snprintf(given, sizeof given, "%" G_GINT64_FORMAT, tx->ev->quantity);
    err_set(error, ERR_FLOW_QUANTITY, given, _("stock"), "1000000000");
    return FALSE;
}

gboolean receive_effect(struct tx *tx, GError **error)
{
    return has_reason(tx, error) && is_quantity(tx, tx->ev->quantity > 0, error) &&
           move(tx, "receipt", tx->site->supplier_id, tx->ev->to_id, tx->ev->quantity, error);
}

/* A count ends the bin's open count task for the product. */
gboolean adjust_effect(struct tx *tx, GError **error)
{
    int64_t quantity = tx->ev->quantity, bin = tx->ev->from_id, loss = tx->site->loss_id;
    return has_reason(tx, error) &&
           (quantity == 0 || (quantity > 0 ? move(tx, "adjustment", loss, bin, quantity, error)
                                           : move(tx, "adjustment", bin, loss, -quantity, error))) &&
           db_exec(tx->db, &SQL[COUNT_DONE], DB_ARGS(db_int(bin), db_int(tx->ev->product_id), db_int(tx->now)), NULL,
                   error);
}

gboolean move_effect(struct tx *tx, GError **error)
{
    return is_quantity(tx, tx->ev->quantity > 0 && tx->ev->from_id != tx->ev->to_id, error) &&
           move(tx, "transfer", tx->ev->from_id, tx->ev->to_id, tx->ev->quantity, error);
}

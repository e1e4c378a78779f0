/* SPDX-License-Identifier: MIT
 *
 * Goods that come, are counted and moved: every receipt and adjustment has a reason and a person.
 */
#include "core/base/translate.h"
#include "core/flow/decision.h"

static gboolean move(struct decision *d, const char *kind, int64_t from_id, int64_t to_id, int64_t quantity,
                     GError **error)
{
    const struct event *ev = d->ev;
    const struct product *product = decision_named(product_find(d->dossier, ev->product_id), _("product"), error);
    const struct moving step = {.product_id = ev->product_id, .lot_id = ev->lot_id, .quantity = quantity,
                                .from_id = from_id, .to_id = to_id, .kind = kind};
    if (!product)
        return FALSE;
    decision_note(d, "%s %+" G_GINT64_FORMAT, product->sku, quantity);
    return goods_move(d, &step, error);
}

static gboolean has_reason(struct decision *d, GError **error)
{
    gboolean given = d->ev->reason && d->ev->reason[0];
    return given || err_set(error, ERR_STOCK_REASON);
}

static gboolean is_quantity(struct decision *d, gboolean right, GError **error)
{
    if (right)
        return TRUE;
    char given[24];
    g_snprintf(given, sizeof given, "%" G_GINT64_FORMAT, d->ev->quantity);
    return err_set(error, ERR_FLOW_QUANTITY, given, err_word(N_("stock")), "1000000000");
}

gboolean receive_effect(struct decision *d, GError **error)
{
    return has_reason(d, error) && is_quantity(d, d->ev->quantity > 0, error) &&
           move(d, "receipt", d->house->supplier_id, d->ev->to_id, d->ev->quantity, error);
}

/* A count ends the bin's open count task for the product. */
gboolean adjust_effect(struct decision *d, GError **error)
{
    int64_t quantity = d->ev->quantity, bin = d->ev->from_id, loss = d->house->loss_id;
    if (!has_reason(d, error) ||
        (quantity != 0 && !(quantity > 0 ? move(d, "adjustment", loss, bin, quantity, error)
                                         : move(d, "adjustment", bin, loss, -quantity, error))))
        return FALSE;
    for (EACH_ROW(count_task, count, d->dossier, d->ev->product_id))
        if (count->location_id == bin && count->done_at == 0)
            count_task_edit(d->dossier, count)->done_at = d->now;
    return TRUE;
}

gboolean move_effect(struct decision *d, GError **error)
{
    return is_quantity(d, d->ev->quantity > 0 && d->ev->from_id != d->ev->to_id, error) &&
           move(d, "transfer", d->ev->from_id, d->ev->to_id, d->ev->quantity, error);
}

/* SPDX-License-Identifier: MIT
 *
 * Forgetting people: names, phones, addresses and notes of orders that were over before a day, and the reasons that were typed
 * at them, and when goods were received, counted or moved before it. The rows stay, without words and without the salt that
 * their seals were made with; that they were forgotten is sealed. What the ledger and the journal say of an order stays.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

struct actor;
struct site;

struct forgotten {
    uint64_t recipients, remarks;
    gboolean is_gone;
};

/* Whose: of all that was over before an instant, or of one order, which has to be over. */
struct forget_of {
    int64_t before_at; /* UTC ms */
    int64_t order_id;  /* 0: of all */
};

/* Several transactions; one that was interrupted is gone on with when asked again. forgotten->is_gone FALSE: somebody reads what
 * was there before, and it stays in the database's log until this is asked again. */
gboolean orders_forget(struct site *site, const struct actor *by, const struct forget_of *of, struct forgotten *forgotten,
                       GError **error);

/* The order that a number and a shop (NULL: any) mean, when it is over: ERR_FORGET_OPEN. 0 with *error. */
int64_t order_to_forget(struct site *site, const char *number, const char *shop, GError **error);

/* SQL: recipients that are to be forgotten, of what was over before $1; no id of which is of $2 or later. */
#define FORGET_STILL_ON "(s.state NOT IN ('outbound', 'cancelled') OR s.changed_at >= $1)"
#define FORGET_RECIPIENTS                                                                                              \
    "SELECT r.id FROM recipient r WHERE r.erased_at IS NULL AND r.id < $2 AND NOT EXISTS ("                             \
    "SELECT 1 FROM shipment s WHERE s.recipient_id = r.id AND " FORGET_STILL_ON ") AND NOT EXISTS (SELECT 1 FROM "      \
    "sales_order o WHERE o.recipient_id = r.id AND (o.imported_at >= $1 OR EXISTS (SELECT 1 FROM shipment s "           \
    "WHERE s.order_id = o.id AND " FORGET_STILL_ON "))) ORDER BY r.id "

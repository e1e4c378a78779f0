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
};

/* Of all that was over before the instant. Several transactions; one that was interrupted is gone on with when asked again. */
gboolean orders_forget(struct site *site, const struct actor *by, int64_t before_at, struct forgotten *forgotten, GError **error);

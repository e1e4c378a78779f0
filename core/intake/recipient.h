/* SPDX-License-Identifier: MIT
 *
 * What an order's draft says, as it is written when it is new and when it was changed: the recipient's row, the only place
 * of names, phones and addresses, and the order's own columns.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/db/db.h"

struct order_draft;

enum { PHONE_TAIL = 4 };

/* The last four digits of a phone number, by which people search. */
void recipient_phone_tail(const char *phone, char tail[static PHONE_TAIL + 1]);

/* The columns of an order that the shop fills, and their values as arguments of DB_ARGS(). */
#define ORDER_COLUMNS                                                                                                  \
    "recipient_id, shop_state, ordered_at, paid_at, promise_on, currency, total_minor, cod_minor, courier, service, "  \
    "waybill_number, invoice_number, content_hash"
#define ORDER_VALUES(draft, recipient_id)                                                                              \
    (recipient_id), shop_state_name((draft)->state), (draft)->ordered_at, (draft)->paid_at, (draft)->promise_on,       \
        (draft)->currency, (draft)->total_minor, (draft)->cod_minor, (draft)->courier, (draft)->service,               \
        (draft)->waybill, (draft)->invoice, (draft)->hash

/* A version of the recipient an order names, as a row for db_insert_many(), with a salt of its own. Its texts and the salt live
 * as long as the draft. */
#define RECIPIENT_COLUMNS                                                                                              \
    "id, salt, version, name, phone, phone_tail, postcode, county, district, address, country, store_code, store_name, "     \
    "buyer_note, seller_remark"
enum { RECIPIENT_WIDTH = 15 };
void recipient_row(const struct order_draft *draft, int64_t id, int64_t version,
                   struct db_value row[static RECIPIENT_WIDTH]);

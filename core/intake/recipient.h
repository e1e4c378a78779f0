/* SPDX-License-Identifier: MIT
 *
 * Recipient rows: the only place of names, phones and addresses.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/db/db.h"

struct order_draft;

enum { PHONE_TAIL = 4 };

/* The last four digits of a phone number, by which people search. */
void recipient_phone_tail(const char *phone, char tail[static PHONE_TAIL + 1]);

/* A version of the recipient an order names, as a row for db_insert_many(). Its texts live as long as the draft. */
#define RECIPIENT_COLUMNS                                                                                              \
    "id, version, name, phone, phone_tail, postcode, county, district, address, country, store_code, store_name, "     \
    "buyer_note, seller_remark"
enum { RECIPIENT_WIDTH = 14 };
void recipient_row(const struct order_draft *draft, int64_t id, int64_t version,
                   struct db_value row[static RECIPIENT_WIDTH]);

/* SPDX-License-Identifier: MIT */
#include "core/intake/recipient.h"

#include <string.h>

#include "core/db/db.h"
#include "core/intake/draft.h"

static const struct sql INSERT = {
    "recipient_insert",
    "INSERT INTO recipient (id, version, name, phone, phone_tail, postcode, county, district, address, country, "
    "store_code, store_name, buyer_note, seller_remark) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, "
    "$14)"};

void recipient_phone_tail(const char *phone, char tail[static PHONE_TAIL + 1])
{
    char digits[PHONE_TAIL];
    size_t n = PHONE_TAIL;
    for (const char *p = phone + strlen(phone); p > phone && n > 0;)
        if (g_ascii_isdigit(*--p))
            digits[--n] = *p;
    memcpy(tail, digits + n, PHONE_TAIL - n);
    tail[PHONE_TAIL - n] = '\0';
}

gboolean recipient_insert(struct db *db, int64_t id, int64_t version, const struct draft_recipient *r, GError **error)
{
    char tail[PHONE_TAIL + 1];
    recipient_phone_tail(r->phone, tail);
    return db_exec(db, &INSERT,
                   DB_ARGS(db_int(id), db_int(version), db_text(r->name), db_text(r->phone), db_text(tail),
                           db_text(r->postcode), db_text(r->county), db_text(r->district), db_text(r->address),
                           db_text(r->country), db_text(r->store_code), db_text(r->store_name), db_text(r->buyer_note),
                           db_text(r->seller_remark)),
                   NULL, error);
}

/* SPDX-License-Identifier: MIT */
#include "core/intake/recipient.h"

#include <sodium.h>
#include <string.h>

#include "core/intake/draft.h"
#include "core/site/said.h"

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

void recipient_row(const struct order_draft *draft, int64_t id, int64_t version,
                   struct db_value row[static RECIPIENT_WIDTH])
{
    const struct draft_recipient *r = &draft->recipient;
    char tail[PHONE_TAIL + 1], salt[SAID_SALT];
    randombytes_buf(salt, sizeof salt);
    recipient_phone_tail(r->phone, tail);
    const struct db_value values[] = {
        db_int(id), db_blob(g_string_chunk_insert_len(draft->text, salt, sizeof salt), sizeof salt), db_int(version), db_text(r->name), db_text(r->phone),
        db_text(g_string_chunk_insert_const(draft->text, tail)), db_text(r->postcode), db_text(r->county),
        db_text(r->district), db_text(r->address), db_text(r->country), db_text(r->store_code), db_text(r->store_name),
        db_text(r->buyer_note), db_text(r->seller_remark),
    };
    G_STATIC_ASSERT(G_N_ELEMENTS(values) == RECIPIENT_WIDTH);
    memcpy(row, values, sizeof values);
}

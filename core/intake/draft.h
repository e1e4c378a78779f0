/* SPDX-License-Identifier: MIT
 *
 * An order as a shop's file tells it, before anything is stored. A draft is whole or rejected: one bad row rejects its
 * order, and every row of it is accounted for. Text is clean (clean.h); "" means absent. A draft owns everything in it.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/base/autoptr.h"
#include "core/intake/format.h"

struct column_map;
struct table_reader;

/* Why an order does not come in: id, its name in reports, what people read. The detail of a document says which kind. */
#define REJECT_LIST(R)                                                                                                 \
    R(NO_ORDER_NO, "no_order_no", N_("no order number"))                                                               \
    R(DAMAGED, "damaged", N_("a spreadsheet has rounded this number; export the file again"))                          \
    R(BAD_BYTES, "bad_bytes", N_("bytes of another encoding"))                                                         \
    R(TOO_LONG, "too_long", N_("too long"))                                                                            \
    R(DOCUMENT, "document", N_("not an order"))                                                                        \
    R(NO_ITEM, "no_item", N_("neither SKU nor title"))                                                                 \
    R(QUANTITY, "quantity", N_("quantity is missing or not a whole number"))                                           \
    R(NEGATIVE, "negative", N_("negative quantity"))                                                                   \
    R(ZERO, "zero", N_("quantity is zero"))                                                                            \
    R(MONEY, "money", N_("not an amount of money"))                                                                    \
    R(DATE, "date", N_("not a date"))                                                                                  \
    R(STATE, "state", N_("a state the shop's format does not know"))                                                   \
    R(CONFLICT, "conflict", N_("rows of one order name different recipients"))                                         \
    R(ITEMS, "items", N_("the list of items can't be read"))                                                           \
    R(NO_GOODS, "no_goods", N_("nothing to ship, only services"))                                                      \
    R(CANCELLED, "cancelled", N_("cancelled in the shop before it came here"))                                         \
    R(SHIPPED, "shipped", N_("shipped before it came here"))                                                           \
    R(OTHER_ROW, "other_row", N_("another row of the order was rejected"))

enum reject {
    REJECT_NONE,
#define R(id, name, text) REJECT_##id,
    REJECT_LIST(R)
#undef R
    REJECT_COUNT
};

const char *reject_name(enum reject reject); /* "quantity": stable, for reports */
const char *reject_text(enum reject reject); /* translated */

struct draft_reject {
    uint64_t row, line; /* row 0: the order as a whole */
    enum field column;   /* FIELD_COUNT: none */
    enum reject reason;
    const char *detail; /* the value when it is not personal, else "" */
};

struct draft_line {
    uint64_t row;
    unsigned line_no; /* the position in the order, from 1 */
    gboolean service;
    const char *sku, *title, *variant;
    int64_t quantity, price_minor;
};

struct draft_recipient {
    const char *name, *phone, *postcode, *county, *district, *address, *country;
    const char *store_code, *store_name, *buyer_note, *seller_remark;
};

/* What a person should look at although the order is accepted. */
enum draft_flag {
    DRAFT_PHONE_LOST = 1 << 0,   /* a spreadsheet has rounded the phone number */
    DRAFT_UNREADABLE = 1 << 1,   /* bad bytes in the name or the address */
    DRAFT_PRICE_ROUNDED = 1 << 2 /* more decimals than the currency has */
};

/* Parts of the content whose change is told apart. */
enum draft_part { PART_DATES, PART_MONEY, PART_RECIPIENT, PART_NOTES, PART_STATE, PART_COURIER, PART_LINES, PART_COUNT };
enum { DRAFT_HASH = PART_COUNT * 17 };

struct order_draft {
    const char *external_id;
    enum shop_state state; /* SHOP_PAID where the file has no state */
    gboolean is_cod;
    int64_t ordered_at, paid_at; /* UTC ms, 0: absent */
    int promise_on, presale_on;  /* civil dates, 0: absent */
    const char *currency;
    int64_t total_minor, cod_minor;
    const char *courier, *service, *waybill, *invoice;
    struct draft_recipient recipient;
    GArray *lines;   /* struct draft_line */
    GArray *rejects; /* struct draft_reject; empty: accepted */
    GArray *rows;    /* uint64_t: the numbers of its rows, as a spreadsheet shows them */
    unsigned flags;
    unsigned negative_rows; /* rows with a negative quantity, also of documents */
    char hash[DRAFT_HASH]; /* one 64-bit hash a part, hex, joined by "."; dates count by the minute */

    /* private: while it is built */
    GStringChunk *text;
    const char *values[FIELD_COUNT]; /* the order's cells as they stood */
};

struct order_draft *draft_new(void);
void draft_free(void *draft); /* for a GDestroyNotify, too */
DEFINE_AUTOPTR(order_draft, draft_free)

/* Takes the reader's current row in. */
void draft_add_row(struct order_draft *draft, const struct shop_format *format, const struct column_map *map,
                   const struct table_reader *reader);
/* When all rows are in: reads the order's values, checks it as a whole, computes the hash. */
void draft_finish(struct order_draft *draft, const struct shop_format *format);

/* row 0: the order as a whole. */
void draft_reject(struct order_draft *draft, uint64_t row, enum field column, enum reject reason, const char *detail);
gboolean draft_is_rejected(const struct order_draft *draft);

/* Which parts differ between two hashes, as bits 1 << enum draft_part; 0 when they are the same. */
unsigned draft_hash_differs(const char *a, const char *b);
const char *draft_part_name(enum draft_part part);  /* "recipient" */
const char *draft_part_label(enum draft_part part); /* translated */

/* What a line is called in its shop: the SKU, or title and variant where there is none. Caller frees. */
char *draft_line_ident(const struct draft_line *line);

/* Computes the hash: part of draft_finish(). */
void draft_hash(struct order_draft *draft);

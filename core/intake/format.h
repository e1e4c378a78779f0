/* SPDX-License-Identifier: MIT
 *
 * Shop formats are data: one assets/shops/CODE.ini each says which columns an export has and what its words mean, so
 * that adding a shop needs no code. assets/shops/README describes the keys. Read once, constant afterwards.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/base/autoptr.h"
#include "core/table/table_reader.h"
#include "core/table/value.h"

/* How a cell is cleaned. Codes lose the quoting spreadsheets put around them; order numbers and SKUs are otherwise left
 * as they are: they are compared byte for byte. */
enum care { CARE_TEXT, CARE_NARROW, CARE_CODE, CARE_NARROW_CODE, CARE_NOTE };

/* What a column means. The order of rows is the order in reports; P marks personal data, whose values are never
 * repeated in messages; L marks what belongs to a line and not to its order; then its care, and how long a cell may be,
 * in characters. */
#define FIELD_LIST(R)                                                                                                  \
    R(ORDER_NO, "order_no", 0, CODE, 64) R(ORDERED_AT, "ordered_at", 0, NARROW, 64)                                    \
    R(PAID_AT, "paid_at", 0, NARROW, 64) R(SHIP_BY, "ship_by", 0, NARROW, 64)                                          \
    R(PRESALE_ON, "presale_on", 0, NARROW, 64) R(CANCELLED_AT, "cancelled_at", 0, NARROW, 64)                          \
    R(STATE, "state", 0, TEXT, 100) R(PAY_STATE, "pay_state", 0, TEXT, 100) R(SHIP_STATE, "ship_state", 0, TEXT, 100)  \
    R(PAYMENT, "payment", 0, TEXT, 200) R(CURRENCY, "currency", 0, NARROW, 3) R(TOTAL, "total", 0, NARROW, 40)         \
    R(COD, "cod", 0, NARROW, 40) R(INVOICE, "invoice", 0, NARROW_CODE, 40) R(COURIER, "courier", 0, TEXT, 200)         \
    R(WAYBILL, "waybill", 0, NARROW_CODE, 40) R(NAME, "name", 'P', TEXT, 200) R(PHONE, "phone", 'P', NARROW_CODE, 64)  \
    R(POSTCODE, "postcode", 'P', NARROW_CODE, 20) R(COUNTY, "county", 'P', NARROW, 100)                                \
    R(COUNTY2, "county2", 'P', NARROW, 100) R(DISTRICT, "district", 'P', NARROW, 100)                                  \
    R(ADDRESS, "address", 'P', NARROW, 400) R(ADDRESS2, "address2", 'P', NARROW, 400)                                  \
    R(ADDRESS3, "address3", 'P', NARROW, 400) R(COUNTRY, "country", 'P', TEXT, 60)                                     \
    R(STORE_CODE, "store_code", 'P', NARROW_CODE, 40) R(STORE_NAME, "store_name", 'P', TEXT, 100)                      \
    R(BUYER_NOTE, "buyer_note", 'P', NOTE, 2000) R(SELLER_REMARK, "seller_remark", 'P', NOTE, 2000)                    \
    R(ITEMS, "items", 'L', NOTE, 100000) R(SKU, "sku", 'L', CODE, 100) R(TITLE, "title", 'L', TEXT, 300)               \
    R(VARIANT, "variant", 'L', TEXT, 200) R(QUANTITY, "quantity", 'L', NARROW, 40) R(PRICE, "price", 'L', NARROW, 40)

enum field {
#define R(id, name, of, care, max) FIELD_##id,
    FIELD_LIST(R)
#undef R
    FIELD_COUNT
};

extern const struct field_facts {
    const char *name;
    char of; /* 'P', 'L' or 0 */
    enum care care;
    unsigned max;
} SHOP_FIELDS[FIELD_COUNT];

enum field field_parse(const char *name); /* FIELD_COUNT when there is none */

/* What a shop's word for an order's state means here. */
enum shop_state { SHOP_STATE_NONE, SHOP_PAID, SHOP_UNPAID, SHOP_CANCELLED, SHOP_SHIPPED, SHOP_STATE_COUNT };
const char *shop_state_name(enum shop_state state); /* "paid": as stored and as in shop files */

/* What a cell says when it fits one of the patterns: a courier, or the kind of a document (cancellation, adjustment) whose
 * number is no order's. */
struct shop_word {
    const char *code, *service; /* "hct", "morning" or "" */
    char **patterns;
};

struct shop_format {
    const char *code; /* the file's name: "shopify" */
    const char *name;
    char **encodings; /* canonical, most likely first */
    struct table_options table;
    const char *currency;
    int exponent;
    const char *country;
    GTimeZone *zone;
    enum date_order dates;
    gboolean blank_continues; /* a row without order number belongs to the order above it */
    gboolean phone_tw;
    char **columns[FIELD_COUNT];  /* normal header names, first choice first */
    char **suffixes;             /* of header names, which mean nothing */
    GPtrArray *required;         /* char **: of each set of field names one must be there */
    char **signature;            /* normal header names by which the format is recognised */
    char **states[SHOP_STATE_COUNT];
    char **cod;
    GPtrArray *couriers;         /* struct shop_word: normal words */
    const char *courier;         /* when no word says; "" for none */
    GHashTable *services;        /* SKUs that are no goods */
    GPtrArray *documents;        /* struct shop_word: as written */
    GRegex *item;                /* splits a cell that holds all items of an order; NULL */

    /* private: what all of it stands in */
    GStringChunk *texts;
    GPtrArray *lists;
};

/* One format from a file's text. NULL with ERR_SHOP_FORMAT naming the key. */
struct shop_format *shop_format_parse(const char *code, const char *text, size_t length, GError **error);
void shop_format_free(void *format); /* for a GDestroyNotify, too */
DEFINE_AUTOPTR(shop_format, shop_format_free)

/* All formats of a directory (NULL: the assets' shops), sorted by code. Caller frees with g_ptr_array_unref. */
GPtrArray *shop_formats_load(const char *dir, GError **error);
/* Borrowed; NULL with ERR_SHOP_FORMAT_UNKNOWN. */
const struct shop_format *shop_formats_get(const GPtrArray *formats, const char *code, GError **error);

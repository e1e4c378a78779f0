/* SPDX-License-Identifier: MIT
 *
 * Shop formats are data: one assets/shops/CODE.ini each says which columns an export has and what its words mean, so
 * that adding a shop needs no code. assets/shops/README describes the keys. Read once, constant afterwards.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/base/autoptr.h"
#include "core/table/value.h"

/* What a column means. The order of rows is the order in reports; P marks personal data, whose values are never
 * repeated in messages; L marks what belongs to a line and not to its order. */
#define FIELD_LIST(R)                                                                                                   \
    R(ORDER_NO, "order_no", 0) R(ORDERED_AT, "ordered_at", 0) R(PAID_AT, "paid_at", 0) R(SHIP_BY, "ship_by", 0)        \
    R(PRESALE_ON, "presale_on", 0) R(CANCELLED_AT, "cancelled_at", 0) R(STATE, "state", 0) R(PAY_STATE, "pay_state", 0) \
    R(SHIP_STATE, "ship_state", 0) R(PAYMENT, "payment", 0) R(CURRENCY, "currency", 0) R(TOTAL, "total", 0)            \
    R(COD, "cod", 0) R(INVOICE, "invoice", 0) R(COURIER, "courier", 0) R(WAYBILL, "waybill", 0)                        \
    R(NAME, "name", 'P') R(PHONE, "phone", 'P') R(POSTCODE, "postcode", 'P') R(COUNTY, "county", 'P')                  \
    R(COUNTY2, "county2", 'P') R(DISTRICT, "district", 'P') R(ADDRESS, "address", 'P') R(ADDRESS2, "address2", 'P') \
    R(ADDRESS3, "address3", 'P')                                                                                       \
    R(COUNTRY, "country", 'P') R(STORE_CODE, "store_code", 'P') R(STORE_NAME, "store_name", 'P')                       \
    R(BUYER_NOTE, "buyer_note", 'P') R(SELLER_REMARK, "seller_remark", 'P') R(ITEMS, "items", 'L') R(SKU, "sku", 'L')  \
    R(TITLE, "title", 'L') R(VARIANT, "variant", 'L') R(QUANTITY, "quantity", 'L') R(PRICE, "price", 'L')

enum field {
#define R(id, name, flag) FIELD_##id,
    FIELD_LIST(R)
#undef R
    FIELD_COUNT
};

const char *field_name(enum field field);
enum field field_parse(const char *name); /* FIELD_COUNT when there is none */
gboolean field_is_personal(enum field field);
gboolean field_is_of_line(enum field field);

/* What a shop's word for an order's state means here. */
enum shop_state { SHOP_STATE_NONE, SHOP_PAID, SHOP_UNPAID, SHOP_CANCELLED, SHOP_SHIPPED, SHOP_STATE_COUNT };
const char *shop_state_name(enum shop_state state); /* "paid": as stored and as in shop files */

struct courier_word {
    char *courier, *service; /* "hct", "morning" or "" */
    char **patterns;
};

/* Order numbers that are no orders: cancellation and adjustment documents. */
struct document_word {
    char *kind;
    char **patterns;
};

struct shop_format {
    char *code; /* the file's name: "shopify" */
    char *name;
    char **encodings; /* canonical, most likely first */
    char delimiter;   /* 0: found from the first row */
    char quote;       /* 0: none */
    char *currency;
    int exponent;
    char *country;
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
    GPtrArray *couriers;         /* struct courier_word */
    char *courier;               /* when no word says; "" for none */
    GHashTable *services;        /* SKUs that are no goods */
    GPtrArray *documents;        /* struct document_word */
    GRegex *item;                /* splits a cell that holds all items of an order; NULL */
};

/* One format from a file's text. NULL with ERR_SHOP_FORMAT naming the key. */
struct shop_format *shop_format_parse(const char *code, const char *text, size_t length, GError **error);
void shop_format_free(void *format); /* for a GDestroyNotify, too */
DEFINE_AUTOPTR(shop_format, shop_format_free)

/* All formats of a directory (NULL: the assets' shops), sorted by code. Caller frees with g_ptr_array_unref. */
GPtrArray *shop_formats_load(const char *dir, GError **error);
/* Borrowed; NULL with ERR_SHOP_FORMAT_UNKNOWN. */
const struct shop_format *shop_formats_get(const GPtrArray *formats, const char *code, GError **error);

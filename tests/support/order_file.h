/* SPDX-License-Identifier: MIT
 *
 * Order files of a shop "web", as texts of a test, imported into a floor that has ten mugs and ten teas.
 */
#pragma once

#include "core/intake/import_orders.h"
#include "tests/support/floor.h"

#define HEAD "order_no,ordered_at,name,phone,postcode,county,district,address,sku,title,quantity,price,status,courier,payment,total\n"
#define ROW(number, date, phone, street, sku, quantity, status)                                                        \
    number "," date ",王小明," phone ",407,臺中市,西屯區," street "," sku ",杯," quantity ",150," status ",hct,,150\n"

/* Imports the text; its rows add up and every rejected one is reported. changes: what is told of changed orders, as
 * "number:part,part,;" each; NULL: anything. Clear the result. */
struct import_result order_file_import(struct floor *floor, const char *text, const char *changes);

/* The same, and so many orders must have each fate. */
void order_file_check(struct floor *floor, const char *text, uint64_t fresh, uint64_t changed, uint64_t same,
                      uint64_t rejected, const char *changes);

/* A floor with ten MUG and ten TEA in bin A-01-1. */
struct floor *order_file_floor(struct testdb *test);

/* The shipment of an order, and whether it is stopped by a kind of block. */
int64_t order_file_shipment(struct floor *floor, const char *number);
gboolean order_file_is_blocked(struct floor *floor, int64_t shipment, const char *kind);

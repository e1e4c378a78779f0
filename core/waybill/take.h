/* SPDX-License-Identifier: MIT
 *
 * core/waybill: where numbers come from.
 *
 * The number of a parcel's waybill, taken in the transaction of the event that wants it: the order's own, or the next
 * of the courier's source. A source is a row of a table; a courier's own service would be one more.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

struct site;

struct waybill_want {
    const char *courier; /* code */
    const char *service;
    gboolean cod;
    const char *number; /* what the order brought; NULL or "": nothing */
    int64_t shipment_id; /* whose it will be */
    const char *order;  /* the shop's number, for messages */
};

/* Finds the waybill a parcel gets: the next number of a range or a list, or the order's own number. *id is its row, in
 * state free, locked until the transaction ends. Inside a transaction, after the locks on shipment and stock. Refusals:
 * ERR_COURIER_UNKNOWN, ERR_WAYBILL_NONE, ERR_WAYBILL_PENDING, ERR_WAYBILL_TWICE, and a number of the wrong form. */
gboolean waybill_take(struct site *site, const struct waybill_want *want, int64_t *id, GError **error);

/* SPDX-License-Identifier: MIT
 *
 * Where waybill numbers come from: our own ranges, imported lists, the order itself. Every number below a
 * range's cursor is a waybill row and so has exactly one fate; a range ends and never starts again. Rows are
 * made in state free; the flow moves them on from there.
 */
#ifndef CORE_WAYBILL_RANGE_H
#define CORE_WAYBILL_RANGE_H

#include <glib.h>
#include <stdint.h>

#include "core/code/courier.h"

struct site;

struct waybill_want {
    const char *courier; /* code */
    const char *service;
    gboolean cod;
    const char *number; /* what the order brought; NULL or "": nothing */
    int64_t shipment_id; /* whose it will be */
    const char *order;  /* the shop's number, for messages */
};

/* Finds the waybill a parcel gets: the next number of a range or a list, or the order's own number. *id is
 * its row, in state free, locked until the transaction ends. Inside a transaction, after the locks on
 * shipment and stock. Refusals: ERR_COURIER_UNKNOWN, ERR_WAYBILL_NONE, ERR_WAYBILL_PENDING,
 * ERR_WAYBILL_TWICE, and a number of the wrong form. */
gboolean waybill_take(struct site *site, const struct waybill_want *want, int64_t *id, GError **error);

/* The kind of number a parcel needs of a courier: "cod" where the courier keeps them apart. */
const char *courier_kind(const struct courier *courier, gboolean cod);

struct range_new {
    const char *courier;
    const char *kind;   /* NULL: the courier's first */
    const char *prefix; /* NULL: none */
    int width;          /* digits of a serial; 0: as many as the courier's numbers leave */
    int64_t first, last;
    int64_t low_mark; /* negative: the courier's */
};

/* Adds a range; its first and last number are made to prove the form. ERR_RANGE_OVERLAP when one of its
 * numbers stands in another range. Inside a transaction. 0 with *error on failure. */
int64_t range_add(struct site *site, const struct range_new *range, GError **error);

/* The list of a courier and kind, made when missing. Inside a transaction. 0 with *error on failure. */
int64_t range_list(struct site *site, const char *courier, const char *kind, GError **error);

/* Adds one number to a list. *added is FALSE when it was there before. A number of the wrong form is refused.
 * Inside a transaction. */
gboolean range_list_add(struct site *site, int64_t list_id, const char *number, gboolean *added,
                        GError **error);

struct range_state {
    int64_t id;
    char courier[32], kind[16];
    gboolean is_list;
    int64_t left, low_mark;
};

/* Active ranges and lists with what is left of them; a list's left is counted up to 10,000 only, so that the
 * cost has a bound. fn is called for each; it must not use the database. */
typedef void (*range_visit)(const struct range_state *state, void *data);
gboolean range_each(struct site *site, range_visit fn, void *data, GError **error);

#endif

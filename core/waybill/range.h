/* SPDX-License-Identifier: MIT
 *
 * Waybill numbers that are ours to give: ranges, and lists that were imported. Every number below a range's cursor is a
 * waybill row and so has exactly one fate; a range ends and never starts again. Taking one is take.h's.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

struct site;

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
gboolean range_list_add(struct site *site, int64_t list_id, const char *number, gboolean *added, GError **error);

struct range_state {
    char courier[32], kind[16];
    int64_t left, low_mark; /* fewer left than the mark is an alert */
};

/* What is left of the active ranges and lists, by courier and kind; a list is counted up to 10,000 only, so that the
 * cost has a bound. Of struct range_state; NULL with *error. */
GArray *ranges_load(struct site *site, GError **error);

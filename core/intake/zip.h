/* SPDX-License-Identifier: MIT
 *
 * Taiwan's postal codes by county and district (assets/zip), and addresses taken apart by them. 臺 and 台 are the same.
 * Districts of two_codes.csv are served under two codes: they get none by guess.
 */
#pragma once

#include <glib.h>

#include "core/base/autoptr.h"

struct order_draft;
struct zip_table;

/* From the files of a directory; NULL: the asset's. NULL with *error. */
struct zip_table *zip_load(const char *dir, GError **error);
void zip_free(struct zip_table *table);
DEFINE_AUTOPTR(zip_table, zip_free)

/* The place an address begins with. */
struct zip_place {
    const char *county, *district; /* as officially written; borrowed from the table; NULL: not found */
    const char *zip;               /* "" where the district has several */
    const char *rest;              /* the text behind them, within the address given */
};

/* Reads "407臺中市西屯區市政路1號" or parts of it. FALSE when no county with its district is at the beginning. */
gboolean zip_find(const struct zip_table *table, const char *address, struct zip_place *place);

/* Puts the recipient of a draft in order: county, district and street apart, the postcode filled in where the district
 * has one. Only for recipients in Taiwan; others stay as they are. */
void zip_complete(const struct zip_table *table, struct order_draft *draft);

/* Whether a country, as shops write it, is Taiwan; "" is. */
gboolean zip_in_taiwan(const char *country);

/* SPDX-License-Identifier: MIT
 *
 * Bins, totes and benches: made, put in walking order, looked at, taken out of use. Every change is journalled.
 */
#pragma once

#include <glib.h>
#include <stdint.h>

#include "core/site/actor.h"

struct site;

struct place_row {
    int64_t id, walk_order;
    char kind[16], code[72];
    gboolean active;
    int64_t products, units; /* what lies there */
    char order[72];          /* a tote's: the order whose goods it holds, or "" */
};

/* "bin", "tote" or "bench". */
gboolean place_is_kind(const char *kind);

/* Whether it can be the code of one: up to 40 characters without blanks, none of packline's own barcodes. */
gboolean place_code_fits(const char *code);

/* Makes a place ("bin", "tote", "bench"), or gives an existing one its walk order and takes it into use again.
 * walk_order < 0: as it is, 0 for a new one. */
gboolean place_put(struct site *site, const struct actor *by, const char *kind, const char *code, int64_t walk_order,
                   gboolean *added, GError **error);

/* Takes an empty place out of use: ERR_PLACE_IN_USE while goods, pick tasks or a shipment are there. */
gboolean place_remove(struct site *site, const struct actor *by, const char *code, GError **error);

/* A place of any of the three kinds by its code. 1 found, 0 none (*error is ERR_PLACE_UNKNOWN), -1 failed. */
int place_find(struct site *site, const char *code, struct place_row *row, GError **error);

/* Active places of a kind (NULL: all three) by walk order and code, of struct place_row. NULL with *error. */
GArray *place_list(struct site *site, const char *kind, GError **error);

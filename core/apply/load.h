/* SPDX-License-Identifier: MIT
 *
 * From the database into a dossier, in a fixed small set of statements for any number of events: one a table, by lists of
 * ids. Inside the transaction that has locked what the events may touch (hold.h).
 */
#pragma once

#include "core/flow/decision.h"

struct site;

/* What rules know of a site's house. Borrows from it. */
struct house house_of(struct site *site);

/* Loads parts for the events, and always the people who act. */
gboolean dossier_load(struct dossier *dossier, struct site *site, const struct event *events, size_t n, unsigned parts,
                      GError **error);

/* Takes over the current row, whose columns from the first on are those of the table that are stored, in their order, and
 * besides: those that rules want to know as well. A row that is here already stays as it is. */
struct rows;
void dossier_read_from(struct dossier *dossier, struct rows *rows, enum table_id id, int first, gboolean besides);

/* "packed 14:03 by Lin, station 3": the last act that brought the shipment where it is; "" when none has. Caller frees. */
char *dossier_last_act(struct site *site, const struct shipment *ship);

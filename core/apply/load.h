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

/* Loads parts for the events, and always the people who act. Members that nobody has seen are looked for first, in a round of
 * their own. */
gboolean dossier_load(struct dossier *dossier, struct site *site, const struct event *events, size_t n, unsigned parts,
                      GError **error);

/* SQL: a SELECT of the columns of a table's list that are stored, in their order, and of what rules want to know besides, or
 * "0". */
#define STORED_INT(name) "r." #name ", "
#define STORED_REF(name) "r." #name ", "
#define STORED_SUM(name) "r." #name ", "
#define STORED_STATE(name) "r." #name ", "
#define STORED_TEXT(name) "r." #name ", "
#define STORED_NOTE(name) ""
#define STORED_WORDS(name) ""
#define STORED(number, kind, name) STORED_##kind(name)
#define ROWS(COLUMNS, besides, from) "SELECT " COLUMNS(STORED) besides " FROM " from

/* SQL: shipment s of a batch has something to be walked for. */
#define LEFT_TO_PICK(s)                                                                                                \
    s ".state IN ('batched', 'picking') AND EXISTS (SELECT 1 FROM pick_task t WHERE t.shipment_id = " s ".id AND t.open = 1)"

/* Takes over the current row of such a SELECT, and besides: what rules want to know as well. A row that is here already stays
 * as it is. */
struct rows;
void dossier_read(struct dossier *dossier, struct rows *rows, enum table_id id, gboolean besides);

/* "packed 14:03 by Lin, station 3": the last act that brought the shipment where it is; "" when none has. Caller frees. */
char *dossier_last_act(struct site *site, const struct shipment *ship);

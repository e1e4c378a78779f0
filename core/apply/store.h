/* SPDX-License-Identifier: MIT
 *
 * What became different in a dossier, into the database: deletions, changes and new rows table by table, in the order in
 * which references allow it, and the ledger's moves. A row with a version is changed only while it has the version it was
 * loaded with; else the transaction itself is broken (ERR_DB_SERIALIZE), and all is loaded and judged anew.
 */
#pragma once

#include "core/flow/dossier.h"

struct site;

gboolean dossier_store(struct dossier *dossier, struct site *site, GError **error);

/* All rows of it but ranges, as new ones of a database that has none of them. */
gboolean dossier_store_all(const struct dossier *dossier, struct site *site, GError **error);

/* SPDX-License-Identifier: MIT
 *
 * All rows of subjects as they stand in the database: for who compares them with their history, or begins one.
 */
#pragma once

#include "core/db/db.h"
#include "core/flow/difference.h"
#include "core/flow/subject_rows.h"

/* The ids after $1 of those of a kind that have no difference, at most $2 of them, in order: what nothing made, or a floor from
 * before. */
enum { SUBJECT_KINDS = 5 };
extern const struct sql SUBJECTS_WITHOUT[SUBJECT_KINDS];

/* The rows of shipments, batches, manifests, runs and print jobs by their ids, all that is stored of each. */
gboolean subjects_read(struct dossier *dossier, struct db *db, const int64_t *ids, size_t n, GError **error);

/* What is nobody's, all of it: stock, count tasks, counters, and how far each range has gone. */
gboolean shared_read(struct dossier *dossier, struct db *db, GError **error);

/* All rows of one that was over when its history began, by its own id, and what is kept of them. Caller frees. */
GByteArray *subject_whole(const GPtrArray *rows);
void subject_digest(const void *whole, size_t length, guint8 digest[static DIFFERENCE_DIGEST]);
/* The digest of each subject of a dossier, by its id (int64_t). Caller frees. */
GHashTable *subjects_digests(const struct dossier *dossier);

/* Before an event changes it: a subject of which up to the version only a digest is kept, as it stands in the database. NULL: it
 * has a history, or *error. */
GByteArray *subject_before(struct db *db, int64_t id, int64_t version, GError **error);

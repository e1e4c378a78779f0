/* SPDX-License-Identifier: MIT
 *
 * What an event was asked and what it changed, as bytes: written beside the event, read by who folds the floor out of its
 * history (core/check). Both are pure.
 *
 * A difference is that of one subject (a shipment, batch, manifest, run or print job with all that is its own) from one
 * version to the next, or what an event changed that is nobody's. It is a list of rows:
 *
 *     table's number, 0 added | 1 changed | 2 gone, the columns of the key,
 *     and unless it is gone: columns by number and value (of an added one those that are not 0 or ""), ended by 0
 *
 * Numbers are varints, seven bits a byte, the lowest first. A value is signed by zigzag; an id counts from the id before it,
 * the first from the event's key; an hour counts from the hour that the key was made; both are one more than that, and 0 for
 * none. A state is its number in enum state. A sum is by how much it changed. A text is its length and one, and its bytes;
 * or 0: it is the event's reason, which stands in an erasable row alone.
 *
 * What begins with 0, which is no table's number, is of a subject that was over when its history began:
 *
 *     0, 1, a digest      its first: of all its rows, as they stood (difference_whole() by its own id), which are not kept
 *     0, 2, n, n bytes    that of the first event after: all its rows before it, and then what it changed
 */
#pragma once

#include "core/flow/dossier.h"

/* What the event under way has changed of a subject (NULL: of none), and, when shared, of what is nobody's. Caller frees;
 * NULL: nothing. */
GByteArray *difference_of(const struct dossier *dossier, const struct row *subject, gboolean shared, const struct event *ev);

/* Rows as if the event of the key had made them: of the same rows always the same. Caller frees. */
GByteArray *difference_whole(const GPtrArray *rows, int64_t key);

/* The two kinds of a subject that was over. Caller frees. */
enum { DIFFERENCE_DIGEST = 16 };
#define LENGTH_OF_DIGEST "18" /* of a difference that is one, in SQL */
GByteArray *difference_digest(const guint8 digest[static DIFFERENCE_DIGEST]);
GByteArray *difference_after(const GByteArray *whole, const GByteArray *changes);

/* What of them a difference is: a digest alone (NULL: none), all rows before it (NULL: they are not told), what changed. They
 * point into the bytes. FALSE: it is nothing of that kind. */
struct difference_parts {
    const guint8 *digest, *before, *changes;
    size_t before_length, changes_length;
};
gboolean difference_parts(const void *bytes, size_t length, struct difference_parts *parts);

/* What it was asked: each member that is not 0 by its number and value, then each text, an empty one told from none; but who acts,
 * and a reason that says something. */
GByteArray *event_asked(const struct event *ev);

/* Reads that into an event that has its key already. Texts are kept in the chunk. FALSE: it is nothing of that kind. */
gboolean event_read_asked(const void *bytes, size_t length, GStringChunk *texts, struct event *ev);
/* How many of the bytes are of event_asked(): behind them stands the digest of a reason. 0: the bytes are no such thing. */
size_t event_asked_length(const void *bytes, size_t length);

/* Does again what changed: rows of subjects in one dossier, those that are nobody's in another (it may be the same). A row that is
 * to be changed and is not there counts as all zero. FALSE: the bytes are no difference. */
struct fold {
    struct dossier *own, *shared;
};
gboolean difference_fold(const struct fold *fold, const void *bytes, size_t length, int64_t key, const char *reason);

/* A row of a difference by itself: its key, the columns that stand there, of a sum by how much it changed; the others are 0 or
 * "". */
struct told {
    gboolean added, gone;
    guint n;      /* from 0 */
    uint64_t has; /* columns that stand there: the n-th is 1 << n */
    struct row *row;
};

/* Of struct told, up to where the bytes are no difference any more. Texts are the dossier's. Caller frees. */
GPtrArray *difference_rows(struct dossier *texts, const void *bytes, size_t length, int64_t key, const char *reason);

/* Whether a table's rows are nobody's. */
gboolean table_is_shared(enum table_id table);

/* SPDX-License-Identifier: MIT
 *
 * An event's row: that it happened under its key, and what came of it.
 */
#pragma once

#include "core/flow/dossier.h"

struct db;
struct site;
struct rows;

/* What makes two events the same: a hash of every member that says what was to happen, and whose act it was. */
int64_t event_digest(const struct event *ev);

/* An event that was applied before. */
struct found {
    int64_t key, digest;
    struct outcome outcome;
};

/* Those of the keys that have been: asked like db_ask(), and read: of struct found. NULL with *error on failure. */
struct rows *events_ask(struct db *db, const int64_t *keys, size_t n, GError **error);
GArray *events_read(struct rows *rows, GError **error);

/* The events were judged by facts of that version (dossier_facts()): the transaction is broken (ERR_DB_SERIALIZE) when
 * somebody has changed them since. */
gboolean facts_stand(struct site *site, int64_t facts, GError **error);

/* Writes the row of an event with what it was asked, and what fills the words of its outcome (err_joined()). */
gboolean event_insert(struct site *site, const struct event *ev, const GByteArray *asked, const struct outcome *out,
                      const char *arguments, int64_t now, GError **error);

/* What the journal seals of the event's row and of the goods it moved. */
enum { MOVES_DIGEST = 16 };
struct event_sealed {
    int64_t digest, code, shipment_id, subject_id, at, request;
    const char *outcome, *state, *arguments;
    const unsigned char *moves; /* NULL: none */
};
void event_seal(GByteArray *to, const struct event_sealed *row);
void event_seal_own(GByteArray *to, const struct event *ev, const struct outcome *out, const char *arguments, int64_t now,
                    const unsigned char *moves);

/* The digest of an event's moves, by id: from zeros on, a move at a time. remark: the event's reason, which has a digest of its
 * own, and is left out here where the move has it, too; NULL: it was forgotten. */
void moves_digest(unsigned char digest[static MOVES_DIGEST], const struct goods_move *move, const char *remark);

/* Writes a subject's difference. */
gboolean difference_insert(struct site *site, int64_t subject_id, int64_t version, int64_t key, const GByteArray *content,
                           GError **error);

/* The digest of a reason by its row's salt: what the event was asked ends with it. */
enum { REMARK_SALT = 16, REMARK_DIGEST = 16 };
gboolean remark_insert(struct site *site, const struct event *ev, const unsigned char salt[static REMARK_SALT],
                       GError **error);
void remark_digest(const char *text, const unsigned char salt[static REMARK_SALT],
                   unsigned char digest[static REMARK_DIGEST]);
